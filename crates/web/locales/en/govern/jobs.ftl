# Settings: background work.

jobs-title = Jobs
jobs-lead = Work that goes on in the background. Each lane has a worker of its own, so that long work in one holds up no other. What failed stays here until it is tried again.
jobs-failed = Failed
jobs-failed-latest = Jobs that failed, newest first
jobs-failed-all = { $count ->
    [one] The one job that failed
   *[other] All { $count } jobs that failed
  }
jobs-none-failed = Nothing has failed.
jobs-what = What
jobs-lane = Lane
jobs-when = When
jobs-tries = Tries
jobs-actions = What can be done
jobs-latest = All jobs, newest first
jobs-state = State
jobs-stopping = Stopping
jobs-progress = How far it has come: { $what }
jobs-retry-what = with “{ $what }”
jobs-retry = Try again
jobs-cancel-what = “{ $what }”
jobs-cancel = Cancel
jobs-head = Jobs: settings
jobs-import-run = Import a file
jobs-import-undo = Undo an import
jobs-people-import-run = Import a file of people
jobs-people-import-undo = Undo an import of people
jobs-retention = Delete what is older than it is kept
jobs-readings-renew = Read all comments again
jobs-housekeeping = Forget ended sessions
jobs-dispatch-plan = Plan a send
jobs-person-clear = Clear what an erased person left in files
