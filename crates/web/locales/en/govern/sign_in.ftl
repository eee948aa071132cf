# Sign-in, and sending once more what was sent after a session had ended.

sign-in-title = Sign in
sign-in-who = For staff of { $body }
sign-in-email = Email address
sign-in-password = Password
sign-in-stay = Stay signed in on this computer
sign-in-do = Sign in
sign-in-forgotten = Forgotten your password? Ask an administrator of your body for a link with which you choose a new one.

sign-in-code-title = Type your code
sign-in-code = Code
sign-in-code-hint = The six digits that your app shows now, or one of your recovery codes
sign-in-code-lost = No app and no recovery codes at hand? An administrator of your body can reset your second step.

sign-in-ended = Your session has ended
sign-in-ended-kept = What you typed is not lost. Sign in, and you can send it.
sign-in-ended-again = What you sent was not saved. Sign in, then send it again.

sign-in-continue-title = Send what you typed?
sign-in-continue-who = You are signed in as { $name }. What was typed before the session ended has not been saved yet; it will be sent in your name.
sign-in-continue-password = A password is never kept, so you will be asked for it again.
sign-in-continue-what = What will be sent
sign-in-continue-do = Continue sending
sign-in-continue-not = Do not send it
sign-in-email-missing = Enter your email address.
sign-in-password-missing = Enter your password.

sign-in-outside = Sign in with { $name }
sign-in-outside-tab = Sign in with { $name } in a new tab
sign-in-outside-carried = Sign in there, close that tab and send from here what you had typed.
sign-in-outside-not = You were not signed in at { $name }. Try again, or ask an administrator of your body.
sign-in-out-here = You are signed out here
sign-in-out-there = Sign out of { $name } too

sign-in-passkey = Sign in with a passkey
sign-in-passkey-script = Signing in with a passkey needs JavaScript. The other ways to sign in work without.
