# Settings: background work.

jobs-title = Jobs
jobs-lead = Work that goes on in the background. What failed stays here until it is tried again.
jobs-failed = Failed
jobs-none-failed = Nothing has failed.
jobs-what = What
jobs-when = When
jobs-tries = Tries
jobs-why = Why
jobs-actions = What can be done
jobs-latest = Latest
jobs-state = State
jobs-retry-what = with “{ $what }”
jobs-retry = Try again
jobs-head = Jobs: settings
jobs-import-run = Take a file in
jobs-import-undo = Take an import back
jobs-retention = Delete what is older than it is kept
jobs-readings-renew = Read all comments again
jobs-housekeeping = Forget ended sessions
