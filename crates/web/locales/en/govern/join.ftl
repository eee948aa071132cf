# Choosing one's own password, by a one-time link or because another knows the one there is.

join-title = Choose your password
join-what = { $name }, you can sign in to { $body } from now on. This link works once.
join-forced = Somebody else knows the password with which you signed in. Choose one of your own; then you can go on.
join-email = You sign in with { $email }.
join-password = New password
join-do = Save and go on
join-sign-out = Sign out
join-gone-title = This link is not good any more
join-gone-what = It works once, for three days, and only until another one is made.
join-gone-next = If you have chosen a password, sign in. If not, ask an administrator for another link.
failure-must-change = Somebody else knows your password. Choose one of your own first.
