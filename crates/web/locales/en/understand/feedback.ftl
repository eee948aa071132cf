# One feedback: its page, and beside the list of the Explorer.

feedback-back = Back to the list
feedback-close = Close
feedback-way-back = Way back
feedback-title = Feedback of { $when }
feedback-neighbours = Neighbours in the list
feedback-previous = Previous
feedback-next = Next
feedback-own-page = Own page
feedback-gone = This feedback is no longer there. It was deleted, or taken back with the import that it came with.

feedback-no-words = No words
feedback-no-words-what = This feedback has ratings only.
feedback-words = In their words
feedback-answer-number = Answer { $count }
feedback-original = As it was handed in
feedback-original-audited = That you looked is written to the audit trail. Do not copy what identifies somebody.
feedback-original-there = Something that could identify somebody was taken out.
feedback-original-show = Show the original

feedback-sentiment = Sentiment
feedback-sentiment-unsaid = Not said
feedback-sentiment-wrong = Choose one of the sentiments in the list.
feedback-themes = Themes
feedback-themes-none = None
feedback-language = Language
feedback-emotion = Emotion
feedback-emotion-indicative = { $emotion } (indicative)
feedback-alerts = Alerts

feedback-by-machine = Suggested by the machine; nobody has looked yet.
feedback-who-you = You { $act } this.
feedback-who-you-and = You and { $others ->
    [one] one other
   *[other] { $others } others
  } { $act } this.
feedback-who-one = { $name } { $act } this.
feedback-who-others = { $others } people { $act } this.

feedback-correct = Correct sentiment and themes
feedback-confirm = It is right
feedback-undo = Back to the machine’s reading
feedback-of = of { $title }
feedback-save = Save correction
feedback-other-themes = { $count ->
    [one] One other theme
   *[other] { $count } other themes
  }
feedback-add-themes = Add themes by name
feedback-add-themes-hint = Several with commas between them.
feedback-themes-empty = There are no themes yet. A manager makes them.
feedback-theme-unknown = There is no theme “{ $typed }”. Choose one from the list; a manager can add a new one.
feedback-theme-near = There is no theme “{ $typed }”. Did you mean “{ $near }”?
feedback-nothing-changed = Nothing is changed. Choose another sentiment or other themes; if the reading is right, press “It is right”.
feedback-meanwhile = While you looked, somebody else was faster. { $what } What you filled in is still here: save again if it should stand instead.

feedback-history = { $count ->
    [one] History: one entry
   *[other] History: { $count } entries
  }
feedback-history-you = You
feedback-history-corrected = { $by } corrected this, { $at }: { $what }.
feedback-history-bulk = { $by } corrected this together with others, { $at }: { $what }.
feedback-history-confirmed = { $by } confirmed this, { $at }.
feedback-history-undone = { $by } went back to the machine’s reading, { $at }: { $what }.
feedback-history-taken-back = { $by } took back a change of many, { $at }: { $what }.
feedback-history-sentiment = sentiment from { $from } to { $to }
feedback-history-sentiment-to = sentiment { $to }
feedback-history-added = with the theme { $themes }
feedback-history-removed = without the theme { $themes }
feedback-history-themes-to = themes { $themes }
feedback-history-same = nothing else is shown by it

feedback-ratings = Ratings
feedback-rating-overall = Overall
feedback-rating-scale = given as { $value } on a scale from { $worst } (worst) to { $best } (best)
feedback-context = Context
feedback-about = About the { $person }
feedback-contact = Contact
feedback-direction = Direction
feedback-function = Function
feedback-capacity = Capacity
feedback-taken-in = Taken in
feedback-contact-id = Contact
feedback-id = Feedback
