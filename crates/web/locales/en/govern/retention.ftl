# Settings: how long things are kept.

retention-title = Retention
retention-what = What is older than you say here is deleted once a day: from the store, from the counts, and from searches. Back-ups are yours to delete.
retention-originals = Words before redaction, in months
retention-originals-hint = What was taken out of comments because it could identify somebody. Comments stay as everybody may read them. Empty: for ever.
retention-feedback = Feedback, in months
retention-feedback-hint = Ratings, words and everything that belongs to them. Counted from when it happened, whenever it was imported. Empty: for ever.
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
