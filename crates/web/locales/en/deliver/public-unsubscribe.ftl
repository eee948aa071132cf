# What whoever unsubscribes by the link in a message reads. Every message is also in ../cy/deliver/public-unsubscribe.ftl.

unsubscribe-title = Unsubscribe
unsubscribe-words = If you unsubscribe, we send you no more emails about: { $topic }.
unsubscribe-button = Unsubscribe
unsubscribe-done = You are unsubscribed
unsubscribe-done-words = We send you no more emails about: { $topic }. You need do nothing else.
unsubscribe-gone = This link does not work
unsubscribe-gone-words = It may have been cut off. Open it from the email again, or answer the email and tell us.
unsubscribe-flood = We can’t take more from your network at the moment
unsubscribe-flood-words = Much was sent from there in a short time. Try again in 10 minutes; nothing was changed.
