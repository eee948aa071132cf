# What people see and change themselves of what is kept of them. Every message is also in ../cy/people/public-preferences.ftl.

own-title = Your preferences
own-start = Is this yours?
own-start-for = { $body } sent this link for { $handle }.
own-start-what = If it is yours, you can see what we hold about you, and change what we send you and how. You need no account.
own-start-mine = Yes, this is mine
own-start-visit =
    { $count ->
       *[other] The page then stays open for { $count } minutes.
    }
own-start-not-title = If it is not yours
own-start-not-what = Then it reached you by mistake. Tell us, and we will send nothing more here for the person we meant. You will not see anything about them.
own-start-not = No, this is not mine
own-over = Your visit is over, because some time has passed. Begin again here.
own-gone = This link does not work
own-gone-words = It may have ended, or we sent a newer one. Ask us for another link.
own-flood = We can’t take more from your network at the moment
own-flood-words = Much was sent from there in a short time. Try again in 10 minutes; nothing was changed.
own-disowned = Thank you for telling us
own-disowned-words = We will send nothing more there for this person, and the link no longer works.
own-left = You have left your preferences
own-left-words = To come back, follow the link again.
own-came-by = You came by { $handle }. Anybody who has your link can see these pages, so keep it to yourself.
own-back = Back to your preferences
own-save = Save
own-done = Done
own-done-topics = What we tell you about is saved. It holds from today, { $day }.
own-done-writing = How we write to you is saved. It holds from today, { $day }.
own-done-nothing = Nothing was changed: it stood like this already.
own-done-stopped = You have taken back everything you agreed to, and we send you nothing more, from today, { $day }.
own-done-asked = We have your request of { $day }. We look at it and write to you.

own-topics = What we tell you about
own-topics-what = You agree that we tell you about what you tick, in the way you tick. You can take it back here at any time.
own-topics-none = There is nothing to choose from at the moment.
own-topics-change = Change what we tell you about
own-agreed-none = You have not agreed to be told about anything.

own-writing = How we write to you
own-writing-change = Change how we write to you
own-wished-none = You have told us nothing of this yet.
own-language = Language
own-language-en = English
own-language-cy = Welsh
own-needs = Formats and support
own-channel = Best way to reach you
own-channel-any = No preference
own-channel-now = Best reached by: { $channel }
own-quiet = Quiet hours
own-quiet-what = In these hours we do not disturb you, unless somebody’s safety demands it. Leave both empty for none.
own-quiet-from = From
own-quiet-to = Until
own-quiet-now = No disturbance from { $from } until { $to }
own-pause = Pause
own-pause-hint = During a pause you are told nothing to which you agreed. What the law demands, and what concerns your own case, is still sent.
own-pause-no = No pause
own-pause-open = Until you say otherwise
own-pause-until = Until the end of a day
own-pause-day = Last day of the pause
own-paused = Paused until you say otherwise
own-paused-until = Paused until the end of { $day }

own-held = What we hold about you
own-held-see = See what we hold, get a copy, have something corrected or erased
own-held-what = These are the details beside the address or number by which you came, as they were told to us.
own-held-told = Told by { $source }, { $day }
own-held-others = More is held that came from: { $sources }. The link proves only that this address or number is yours. So we show the rest after we have made sure that it is you: ask for a copy of everything below.
own-fact-name = Name
own-fact-born = Date of birth
own-fact-address = Address
own-fact-email = Email address
own-fact-phone = Phone number
own-fact-account = Account
own-fact-numbers = Numbers
own-contacts =
    { $count ->
        [0] No contacts are kept with these details
        [one] 1 contact is kept with these details
       *[other] { $count } contacts are kept with these details
    }
own-contacts-newest =
    { $count ->
       *[other] The newest { $count } are shown.
    }
own-contact-in = from you to us
own-contact-out = from us to you
own-requests = What you asked for
own-copy = A copy
own-copy-do = Download what this page shows, as a file for programs (JSON)
own-download-what = You can also ask for everything that we hold. We make sure that it is you, and then send it.
own-download-do = Ask for a copy of everything
own-correct = Something is wrong
own-correct-what = What is wrong, and what is right?
own-correct-do = Ask for a correction
own-erase = Erase what you hold about me
own-erase-what = We look at each request. What a law makes us keep stays; we tell you what that is and why.
own-erase-do = Ask to be erased

own-stop = Stop everything
own-stop-what = You take back everything you agreed to, and we send nothing more until you say otherwise. We still write when the law or somebody’s safety demands it, and about what you asked for yourself.
own-stop-do = Stop everything but what the law says you must send
own-not-mine = No longer yours?
own-not-mine-what = If you give up the address or number by which you came, tell us. Nothing more is sent there, and this visit ends.
own-not-mine-do = This is not mine any more
own-leave = Leave these pages
