# Entry: keying in what came by phone, letter, on paper or in person.

entry-title = Entry
entry-error-title = Error: { $title }
entry-what = Key in what came by phone, letter, on paper or in person. It is read and counted like everything else.
entry-way-back = Way back

entry-saved = Saved.
entry-saved-view = View it
entry-saved-next = Key in the next.
entry-draft = What you typed before and did not save is here again.
entry-draft-discard = Empty the form

entry-how = How it came
entry-channel = Channel
entry-choose = Choose
entry-day = Received on
entry-time = Time, if known
entry-place = Service and touchpoint
entry-place-none = Not about one service
entry-place-whole = { $service }: as a whole
entry-no-services = There are no services yet.
entry-add-services = Add the first one

entry-said = What they said
entry-rating = Rating
entry-rating-none = Not given
entry-rating-1 = 1 Very bad
entry-rating-2 = 2 Bad
entry-rating-3 = 3 Neither
entry-rating-4 = 4 Good
entry-rating-5 = 5 Very good
entry-words = Their words
entry-words-hint = As they said or wrote it. Email addresses, phone numbers and the like are taken out when you save.
entry-more = The question that was asked, and more answers
entry-question-first = Question
entry-question-of = Question { $number }
entry-words-of = Answer { $number }

entry-about = About the { $person }: language, area and more
entry-language = Language
entry-language-read = Found from the words
entry-area = Area
entry-capacity = Speaking as
entry-capacity-customer = Customer: about using a service
entry-capacity-citizen = Citizen: having a say

entry-save = Save and key in the next
entry-save-change = Save the change
entry-cancel = Leave it as it is
entry-keys = Ctrl+Enter saves. Outside text, 1 to 5 set the rating and 0 takes it away.

entry-today =
    { $count ->
        [0] What you keyed in today
        [one] What you keyed in today: one
       *[other] What you keyed in today: { $count }
    }
entry-today-none = Nothing yet. What you save stands here until the end of the day; until then you can change it or take it back.
entry-received-on = Received { $day }
entry-entered-at = Keyed in { $time }
entry-change = Change
entry-take-back = Take back
entry-of = what was keyed in at { $time }

entry-change-title = Change an entry
entry-change-what = What could identify somebody was taken out when you saved. Answers that you leave as they are stay as they were.
entry-take-back-title = Take an entry back
entry-take-back-what = It is deleted with its words, as if it had never been keyed in. That it was taken back is written to the audit trail.
entry-take-back-do = Take it back
entry-take-back-keep = Keep it

entry-by = Keyed in by { $name } on { $time }
entry-no-key = The form was not sent as a whole. Go back, load the page again and send it once more.
