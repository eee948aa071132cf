# Public forms. Every message is also in ../cy/public.ftl.

public-skip = Skip to main content
public-languages = Change language
public-privacy = Privacy
public-accessibility = Accessibility statement

public-form-intro = It takes about 2 minutes. You do not have to answer every question.
public-rating-five = How satisfied are you with this service?
public-five-5 = Very satisfied
public-five-4 = Satisfied
public-five-3 = Neither satisfied nor dissatisfied
public-five-2 = Dissatisfied
public-five-1 = Very dissatisfied
public-rating-thumbs = Did this service work well for you?
public-thumbs-1 = Yes
public-thumbs-0 = No
public-rating-smileys = How was your experience?
public-smileys-5 = Very good
public-smileys-4 = Good
public-smileys-3 = Neither good nor poor
public-smileys-2 = Poor
public-smileys-1 = Very poor
public-good = What was good?
public-better = What could we do better?
public-words-hint = Do not include personal information, such as your name or phone number.
public-page-offer = Is something wrong with a page of our website?
public-page-wrong = What is wrong with the page?
public-page-address = Address of the page
public-page-hint = We leave out anything after a question mark.
public-consent = Would you like to hear back?
public-consent-words = Yes, you may write to me by email about this feedback
public-email = Email address
public-email-hint = We will write to you about this only.
public-use = What happens with what you write
public-use-words = We read it to make our services better. Before staff read it, names, phone numbers and other details that could point to a person are hidden where we find them. We do not keep your internet address.
public-use-page = We also note the page that you came from:
public-send = Send feedback
public-trap = Leave this empty

public-problem = There is a problem
public-error = Error
public-error-title = Error: { $title }

public-again = Please press “Send feedback” once more
public-again-words = We could not tell whether a person or a program sent this. Your answers are still below; nothing is lost.
public-flood = We can’t take more from your network at the moment
public-flood-words = { $minutes ->
    [one] Keep this page open and press “Send feedback” again in 1 minute. Your answers are still below.
    [two] Keep this page open and press “Send feedback” again in 2 minutes. Your answers are still below.
   *[other] Keep this page open and press “Send feedback” again in { $minutes } minutes. Your answers are still below.
}
public-full = This form takes no more answers at the moment
public-full-minute = Many people are answering it. Keep this page open and press “Send feedback” again in a minute. Your answers are still below.
public-full-today = It has taken as many answers today as it may. Keep this page open and press “Send feedback” again tomorrow. Your answers are still below.
public-failed = Your feedback was not saved
public-failed-words = Something went wrong on our side. Keep this page open and press “Send feedback” again in a few seconds. Your answers are still below.

public-thanks = Thank you for your feedback
public-thanks-words = We have received it and will read it.
public-thanks-redacted = We replaced what could say who somebody is, such as a name or a phone number, before anybody reads it.
public-thanks-reply = If you asked to hear back, we will write to the address that you gave.
public-thanks-again = Give more feedback

public-closed = This form is closed
public-closed-words = It takes no more answers.
public-closed-kept = What you wrote was not sent. You can copy it from here:
public-unknown = There is no such form
public-unknown-words = Check the address. If you copied it from a poster or a letter, look at each letter again.
