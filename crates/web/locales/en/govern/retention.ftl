# Settings: how long things are kept.

retention-title = Retention
retention-what = What is older than you say here is deleted once a day: from the store, from the counts, and from searches. Back-ups are yours to delete.
retention-originals = Words before redaction, in months
retention-originals-hint = What was taken out of comments because it could identify somebody. Comments stay as everybody may read them. Empty: for ever.
retention-feedback = Feedback, in months
retention-feedback-hint = Ratings, words and everything that belongs to them. Counted from when it happened, whenever it was imported. Empty: for ever.
retention-people = Records of people, in months
retention-people-hint = Who people are. Counted from when a source last told of them or they last had a contact. Their feedback stays as everybody may read it, and nobody’s. Empty: for ever.
retention-preview = See what would go
retention-save = Save
retention-goes = What would go now
retention-confirm = This deletes for good
retention-save-anyway = Save, and delete these
retention-leave = Leave it as it is
retention-look = Look at the feedback that would go
retention-goes-nothing = Nothing: everything is kept for ever.
retention-goes-originals =
    { $count ->
        [0] No words before redaction are older than { $day }.
        [one] The words before redaction of one comment from before { $day }.
       *[other] The words before redaction of { $count } comments from before { $day }.
    }
retention-goes-feedback =
    { $count ->
        [0] No feedback is older than { $day }.
        [one] One piece of feedback from before { $day }.
       *[other] { $count } pieces of feedback from before { $day }.
    }
retention-goes-people =
    { $count ->
        [0] Of everybody something was heard since { $day }.
        [one] One person of whom nothing was heard since { $day }.
       *[other] { $count } people of whom nothing was heard since { $day }.
    }
retention-clock-title = Nothing is deleted: the clock is far ahead
retention-clock = The server’s clock shows { $now }; when it was looked at last it showed { $seen }. If it is wrong, everything would go at once, so nothing does.
retention-clock-next = Set the clock right, and this goes away by itself. If it is right, because the server was off for a while, confirm it.
retention-clock-confirm = The clock is right: go on deleting
retention-places = Where words lie
retention-places-what = Every place in which people’s words are kept, or are for a while, and what ends it. Nothing here is kept longer than words before redaction or feedback may be.
retention-place = Place
retention-kept = Kept for
retention-ends = How it goes
retention-for-ever = ever
retention-at-once = No longer than the work takes
retention-not-counted = See beside
retention-months =
    { $count ->
        [one] 1 month
       *[other] { $count } months
    }
retention-days =
    { $count ->
        [one] 1 day
       *[other] { $count } days
    }
retention-goes-from-comments = Deleted once a day when they are older; at once when an import is undone or an entry taken back.
retention-goes-from-originals = Deleted once a day when they are older; with their comment in any case.
retention-goes-from-reply-requests = With their feedback, or when somebody removes the request.
retention-goes-from-waiting-files = The import is given up by itself and its file removed; at once when somebody gives it up.
retention-goes-from-imported-files = Removed when the days are over, or when the import is undone.
retention-goes-from-failed-files = Removed when the days are over, or when the import is undone; it can’t be resumed any more then.
retention-goes-from-partial-files = Removed when the handing in breaks off, and after a day whatever happened.
retention-goes-from-rejected-rows = Deleted when the days are over, or when the import is undone. Each look at them is in the audit trail.
retention-goes-from-people = Erased once a day when nothing was heard of them for so long; at once when somebody erases a person.
retention-goes-from-index = Not found any more within seconds; out of the index’s files within a day, which are written anew for it.
retention-goes-from-discoveries = They hold words and phrases of two or three words that comments share, and no comments. They stay when comments go, until themes are discovered or models trained again.
retention-goes-from-jobs = They hold the numbers of things and no words.
retention-goes-from-events = They hold the numbers of things and no words; deleted when the days are over.
retention-goes-from-exports = Streamed to whoever asked. A workbook is put together in a file without a name, which is gone when it is done.
retention-goes-from-free-pages = Overwritten as things are deleted (SQLite), or cleared after each deletion by age (PostgreSQL).
retention-goes-from-log = No words are logged.
retention-goes-from-backups = Files outside the data folder are yours to delete.
