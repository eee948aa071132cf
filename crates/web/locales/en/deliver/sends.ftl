# Sends: one message to many people, planned, approved, watched and stopped.

section-inform = Inform
sends-nav = Sends
sends-nav-approvals = Approvals
sends-wait-approval = { $count ->
    [one] One send waits for your approval
   *[other] { $count } sends wait for your approval
}

sends-title = Sends
sends-head = Sends: what goes out
sends-what = One message to many people, and what became of each.
sends-new = New send
sends-way-back = Way back
sends-state = State
sends-any-state = Any state
sends-lane = Why it is written
sends-any-lane = Any
sends-team = Team
sends-any-team = Any team
sends-team-none = No team
sends-show = Show
sends-show-all = Show all
sends-none = Nothing has been sent to many people yet.
sends-none-like = No send is like this.
sends-name = Name
sends-people = People
sends-starts = Begins
sends-ends = Ends
sends-audience = Audience
sends-topic = Topic
sends-sender = Sender
sends-cost = Cost so far

sends-approvals-title = Approvals
sends-approvals-head = Approvals of sends
sends-approvals-what = Large sends that somebody else made. They go out when you approve them.
sends-approvals-none = No send waits for you.

# A new one.
sends-new-head = New send: what, to whom and when
sends-new-what = Nothing goes out before you have seen who would get it.
sends-step-write = Write and choose
sends-step-check = See who gets it
sends-step-send = Send
sends-lacks = Before you can send
sends-no-sender = There is no sender that is switched on. An administrator sets one up.
sends-no-audience = There is no audience yet. Add one under People, Audiences.
sends-message = Message
sends-name-hint = For you and your colleagues. The people who get it do not see it.
sends-kept = Your message: { $name }, version { $version }.
sends-subject = Subject
sends-body = Text
sends-body-hint = Markdown. Write ((first name)) or another field in double brackets for what differs from person to person.
sends-in-welsh = The same in Welsh
sends-subject-cy = Subject in Welsh
sends-body-cy = Text in Welsh
sends-whom = To whom
sends-choose = Choose
sends-audience-choose = Audience
sends-audience-missing = Choose an audience.
sends-lane-choose = Why you write
sends-lane-missing = Say why you write.
sends-lane-statutory = A law says that they must be told. Goes to everybody who can be reached, whatever they agreed to.
sends-lane-safety = It is about their safety, or somebody else’s. Goes to everybody who can be reached.
sends-lane-service = It is about their own case: an answer, an appointment, a bill.
sends-lane-engagement = You ask them for their view. Goes only to those who agreed to the topic.
sends-lane-news = You tell them what is new. Goes only to those who agreed to the topic.
sends-topic-choose = Topic
sends-topic-none = No topic
sends-topic-hint = Needed for news and having a say.
sends-held = People who had enough messages for now
sends-held-hint = News and requests to have a say are limited per person, over all teams.
sends-held-wait = Wait until they may have another
sends-held-drop = Leave them out
sends-how = How and when
sends-sender-choose = Sender
sends-sender-missing = Choose a sender.
sends-team-choose = Whose send it is
sends-team-hint = Other teams see it when their people had this message first.
sends-starts-day = Begins on
sends-starts-time = At
sends-ends-day = Last day
sends-day-hint = For example 2026-06-01. Leave it empty for now, or for two weeks.
sends-time-hint = For example 09:30.
sends-day-missing = Write the day, or take the time out.
sends-day-wrong = Write a day like this: 2026-06-01.
sends-time-wrong = Write a time like this: 09:30.
sends-time-skipped = This time does not exist on that day: the clocks go forward. Choose another.
sends-check = See who would get it

# What would become of everybody.
sends-check-head = { $name }: who would get it
sends-check-title = Who would get “{ $name }”?
sends-check-what = Nothing has gone out yet.
sends-who-gets-it = Who gets it
sends-sentence = Of { $audience } people, { $now } would get it now, { $later } later and { $never } never.
sends-sentence-then = Of { $audience } people, { $now } would get it when it begins, { $later } later and { $never } never.
sends-became = What becomes of it
sends-now = When it begins
sends-later = Later
sends-never = Never
sends-of-which = of these: { $why }
sends-audience-all = Everybody in the audience
sends-held-title = Held back by other messages
sends-held-other = messages that belong to no send
sends-held-had = { $people ->
    [one] One person has had enough messages in the last { $days } days; the last was “{ $name }”, of { $team }. They may have another from { $until }.
   *[other] { $count } people have had enough messages in the last { $days } days; the last was “{ $name }”, of { $team }. All of them may have another from { $until }.
}
sends-held-had-alone = { $people ->
    [one] One person has had enough messages in the last { $days } days; the last was “{ $name }”. They may have another from { $until }.
   *[other] { $count } people have had enough messages in the last { $days } days; the last was “{ $name }”. All of them may have another from { $until }.
}
sends-held-before = { $people ->
    [one] One person gets “{ $name }” first, of { $team }, which has not gone out yet. They may have another from { $until }.
   *[other] { $count } people get “{ $name }” first, of { $team }, which has not gone out yet. All of them may have another from { $until }.
}
sends-held-before-alone = { $people ->
    [one] One person gets “{ $name }” first, which has not gone out yet. They may have another from { $until }.
   *[other] { $count } people get “{ $name }” first, which has not gone out yet. All of them may have another from { $until }.
}
sends-ask = To have yours go first, ask { $team }: { $people }.
sends-ask-nobody = To have yours go first, ask { $team }.
sends-look-at = Look at “{ $name }”
sends-held-waits = They get your message as soon as they may have another, unless the send is over by then. To leave them out instead, change the send.
sends-held-dropped = They are left out, as you chose. To wait for them instead, change the send.
sends-overlaps = The same people in sends that wait
sends-overlap = { $people ->
    [one] One person is also in “{ $name }”, of { $team } ({ $state }).
   *[other] { $count } people are also in “{ $name }”, of { $team } ({ $state }).
}
sends-overlap-alone = { $people ->
    [one] One person is also in “{ $name }” ({ $state }).
   *[other] { $count } people are also in “{ $name }” ({ $state }).
}
sends-before = Before and while it goes out
sends-will-approval = Somebody else has to approve it: it goes to more people than one person decides alone.
sends-will-ramp = { $first } messages go first. Then it pauses for { $minutes } minutes, to see whether any come back or anybody complains.
sends-takes = By the limits of the sender it takes { $span } or longer.
sends-takes-unknown = The sender has no limit. How long it takes depends on the mail server.
sends-will-cost = It would cost { $cost }.
sends-do = Send
sends-change = Change the send
sends-nobody = Nobody would get it, so it can’t be sent. Change the send.

# One send.
sends-one-head = { $name }: send
sends-about = Of { $team }, made { $at }
sends-about-alone = Of no team, made { $at }
sends-state-is = State:
sends-problem = It does not go on by itself
sends-problem-plan = It could not be planned, and nobody was written to. { $why }
sends-problem-bounces = It paused by itself: { $n } of { $out } messages came back or had an address that does not exist. Find out why, for example an old list, before you let it go on.
sends-problem-complaints = It paused by itself: { $n } people complained of { $out } messages. Find out why before you let it go on.
sends-note-planning = The people it is for are being written down. Then it goes out.
sends-note-approval = A second person has to approve it before anybody gets it.
sends-note-begins = It begins { $at }.
sends-note-first = { $count ->
    [one] It begins with a few messages: one is left before it pauses.
   *[other] It begins with a few messages: { $count } are left before it pauses.
}
sends-note-rests = The first messages are out. It pauses until { $at }, to see whether any come back or anybody complains, and then goes on by itself.
sends-note-paused = Nothing more goes out until somebody lets it go on.
sends-note-drop = Whoever had enough messages for now is left out.
sends-progress = How far it is
sends-progress-is = Done for { $of }
sends-adds-up = What became of everybody it is for: the lines add up to the audience
sends-adds-not-up = These lines do not add up to the audience. Tell your administrator.
sends-handed-over = Handed over
sends-delivered = Delivered
sends-bounced = Came back
sends-complained = Complained of
sends-not-sent = Not sent
sends-failed = Failed
sends-pending = Still to go
sends-not-known = Not known whether it arrived
sends-reason-due = Next in line
sends-reason-attempting = Being sent now
sends-deliveries = Each message and what became of it
sends-pause = Pause
sends-resume = Go on
sends-retry = Send failures again
sends-repeat = Make it again
sends-stop = Stop for good
sends-newer = The message has been changed since. This send says what it said when it was planned.
sends-english = English
sends-welsh = Welsh
sends-approval = Approval
sends-approve-what = Read the message and look at whom it is for. Your approval is for this text and this send alone.
sends-verdict-note = Note
sends-verdict-note-hint = Whoever made the send reads it. If you decline, say why.
sends-approve = Approve
sends-decline = Decline

# Its deliveries.
sends-deliveries-title = Messages
sends-deliveries-head = { $name }: messages
sends-deliveries-what = One line for each person, newest first. Addresses are not shown.
sends-deliveries-none = There is none.
sends-why = Why
sends-attempts = Attempts
sends-since = Since
sends-id = Reference
sends-person = Person
sends-person-look = See person
sends-erased = Erased

# Stopping.
sends-stop-all = Stop all sends
sends-stop-all-head = Stop all sends
sends-stop-all-ask = Stop everything that goes out?
sends-stop-all-what = Every send is paused at once, whoever’s it is. Only what a law demands goes on. Messages about one person’s case that are sent one by one go on too. You can let each send go on again.
sends-stop-all-none = Nothing goes out now that could be stopped.
sends-stop-all-going = These are paused
sends-stop-all-planning = These begin later
sends-stop-all-planning-what = They are still being planned. Stop them on their own pages.
sends-stop-all-confirm = Yes, pause all sends
sends-stop-all-missing = To pause all sends, tick the box that says so.
sends-stop-all-do = Pause all sends
sends-stop-head = Stop { $name }
sends-stop-ask = Stop “{ $name }” for good?
sends-stop-what = { $waiting } people who have not got it yet will never get it. { $sent } messages have gone out and can’t be called back. It can’t be started again.
sends-stop-confirm = Yes, stop this send for good
sends-stop-missing = To stop the send, tick the box that says so.
sends-stop-do = Stop for good
sends-stop-not = Leave it as it is

# What other pages say: after something was done, permissions, duties, the audit trail.
done-send-planned = The send is planned.
done-send-paused = The send is paused.
done-send-resumed = The send goes on.
done-send-retried = What failed is sent again.
done-send-stopped = The send is stopped for good.
done-send-approved = You approved the send.
done-send-declined = You declined the send.
done-sends-stopped-all = All sends are paused that may be.
audit-about-approval = Approvals
users-may-approve-dispatches = Approve large sends that others made
duty-approver-what = Approves large sends that others made, never their own.
duty-approver-of-teams = Approves large sends of the team that others made. Nothing else of the body.
