# One's own second step of signing in.

second-step-title = Your second step
second-step-demanded = { $body } asks for a second step from whoever has your duties. Set it up; then you can go on.
second-step-what = Beside your password you type a code from an app on your phone or computer: any app for one-time codes will do. Whoever learns your password can’t sign in with it alone.
second-step-passkey = Or add a passkey: a key on your phone or computer that is both steps at once.
second-step-begin = Set it up
second-step-scan = Scan this with your app, then type the six digits that it shows.
second-step-qr = QR code with the key below
second-step-key = Or type this key into it:
second-step-code-hint = The six digits that your app shows now
second-step-confirm = Turn on
second-step-again = Begin again with another key
second-step-codes = Your recovery codes
second-step-codes-what = Write them down or print them, and keep them where you don’t keep your phone. Each signs you in once in the place of your app. They are shown this once.
second-step-go-on = I have kept them: go on
second-step-on = Your second step is on.
second-step-left = { $count ->
    [0] You have no recovery code left.
    [one] You have 1 recovery code left.
   *[other] You have { $count } recovery codes left.
}
second-step-no-password = Leave it empty if you have none and sign in with { $name }.
second-step-new-codes = Make new recovery codes
second-step-turn-off = Turn off
failure-second-step = Your body asks for a second step of signing in. Set it up first, at /second-step.
