# Settings: web hooks.

hooks-title = Web hooks
hooks-head = Web hooks: settings
hooks-lead = A web hook tells another system what happens here, by ids and keys only, at the moment it happens. What is not taken is sent again for three days.
hooks-add = Add a web hook
hooks-all = All web hooks
hooks-none = There is no web hook yet. Add one for each system that is to be told.
hooks-for = For
hooks-address = Address
hooks-address-hint = Where events are sent to. It begins with https://
hooks-gets = Gets
hooks-all-events = All events
hooks-events = { $count ->
    [one] { $count } kind of event
   *[other] { $count } kinds of events
}
hooks-waiting = Waiting to be sent
hooks-state = State
hooks-state-is = State:
hooks-on = On
hooks-off = Off
hooks-new-head = Add a web hook: settings
hooks-new-head-error = Error: add a web hook: settings
hooks-new-what = You get a secret on the next page. With it the other system finds out that what it gets is from here.
hooks-add-button = Add web hook
hooks-way-back = Way back
hooks-name = What it is for
hooks-name-hint = For example: case system of the parking team
hooks-kinds = What it gets
hooks-kinds-hint = Choose nothing to send all events, those that come with a later version too.
hooks-one-head = { $name }: web hooks
hooks-one-head-error = Error: { $name }: web hooks
hooks-secret = the secret
hooks-secret-title = The secret is made
hooks-secret-copy = Copy it now: it is shown this once and can’t be had again.
hooks-old-until = The secret before signs too until { $at }. Change over until then.
hooks-gone = The receiver answered at { $at } that it is gone for good, so nothing is sent any more. Turn the web hook on when it is back.
hooks-test = Send a test
hooks-turn-off = Turn off
hooks-turn-on = Turn on
hooks-roll = Replace the secret
hooks-delete = Delete
hooks-sent = What was sent
hooks-sent-nothing = Nothing was sent yet. Send a test to see whether it arrives.
hooks-event = Event
hooks-when = When
hooks-tries = Sent
hooks-times = { $count ->
    [0] not yet
    [one] once
   *[other] { $count } times
}
hooks-answer = Answer
hooks-status = Status { $status }.
hooks-no-answer = No answer.
hooks-again = Sent again at { $at }.
hooks-retry = Send now
hooks-change = Change
hooks-save = Save
hooks-delete-head = Delete { $name }: web hooks
hooks-delete-ask = Delete the web hook “{ $name }”?
hooks-delete-what = { $count ->
    [0] Nothing is sent to it any more, and what was sent is forgotten. This can’t be undone.
    [one] Nothing is sent to it any more, { $count } event that waits neither, and what was sent is forgotten. This can’t be undone.
   *[other] Nothing is sent to it any more, { $count } events that wait neither, and what was sent is forgotten. This can’t be undone.
}
hooks-delete-yes = Yes, delete it
hooks-delete-no = No, keep it

# Events, by their kind.
hooks-event-feedback-received = Feedback received
hooks-event-alert-raised = Alert raised
hooks-event-alert-reviewed = Alert reviewed
hooks-event-alert-reopened = Review of an alert undone
hooks-event-import-begun = Import begun
hooks-event-import-finished = Import finished
hooks-event-import-failed = Import failed
hooks-event-import-undone = Import undone
hooks-event-form-added = Form added
hooks-event-form-changed = Form changed
hooks-event-reading-corrected = Reading corrected
hooks-event-readings-renewed = All comments read again
hooks-event-codeframe-changed = Codeframe changed
hooks-event-service-changed = Service changed
hooks-event-job-done = Job done
hooks-event-job-failed = Job failed
hooks-event-hook-tested = Test
