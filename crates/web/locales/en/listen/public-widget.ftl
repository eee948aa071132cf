# The feedback widget on other people's pages. Every message is also in ../cy/public-widget.ftl. The
# questions are those of public.ftl.

widget-cancel = Cancel
widget-again = We could not tell whether a person or a program sent this. Press “Send feedback” once more; your answers are still here.
widget-flood = { $minutes ->
    [one] We can’t take more from your network at the moment. Press “Send feedback” again in 1 minute; your answers are still here.
   *[other] We can’t take more from your network at the moment. Press “Send feedback” again in { $minutes } minutes; your answers are still here.
}
widget-full-minute = Many people are answering, and this form takes no more at the moment. Press “Send feedback” again in a minute; your answers are still here.
widget-full-today = This form has taken as many answers today as it may. Press “Send feedback” again tomorrow; your answers are still here.
widget-failed = Your feedback was not saved. Press “Send feedback” again in a few seconds; your answers are still here.
