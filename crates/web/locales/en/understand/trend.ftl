# Charts over time with their tables, and the sentences that say what they show.

trend-noun-count = Feedback
trend-noun-comments = Feedback with words
trend-noun-contacts = Contacts, with and without feedback
trend-noun-rating = Mean rating from 1 to 5
trend-noun-satisfied = Satisfied (4 or 5 of 5), in per cent
trend-noun-sentiment = Mean sentiment from −1 to 1
trend-noun-negative = Negative, in per cent
trend-base-rated = Rated
trend-base-sentiment = With a sentiment
trend-base-feedback = Feedback
trend-base-contacts = Contacts
trend-by = { $measure }, by { $step }
trend-few = { $count ->
    [one] { $count } step with fewer than { $base } answers is not drawn
   *[other] { $count } steps with fewer than { $base } answers are not drawn
}
trend-now = Now
trend-before = Before
trend-year-before = Year before
trend-not-shown = not shown
trend-none = none
trend-nothing = There is nothing to draw.
trend-described = From { $first } to { $last }. Lowest { $lowest }, highest { $highest }.
trend-nobody-rated = Nobody gave a rating
trend-few-ratings = Too few ratings ({ $count }) to tell how satisfied people are
trend-satisfied = { $now } of those who rated are satisfied
trend-rose = Satisfaction rose from { $was } to { $now }
trend-fell = Satisfaction fell from { $was } to { $now }
trend-steady = Satisfaction is steady at { $now }
trend-not-clear = No clear change in satisfaction: { $now }, { $was } before
trend-few-before = { $now } are satisfied; too few ratings before to compare
