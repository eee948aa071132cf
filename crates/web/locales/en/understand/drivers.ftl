# What drives satisfaction.

drivers-title = What drives satisfaction
drivers-what =
    { $count ->
        [one] { $count } piece of feedback with a rating, { $period }
       *[other] { $count } pieces of feedback with a rating, { $period }
    }
drivers-ask-title = How much each theme, or each further rating, explains of the main rating
drivers-ask = To find out, the newest { $count } rated pieces of feedback are read and reckoned through 500 times. That may take some seconds.
drivers-ask-go = Read them
drivers-none = Nothing explains the ratings
drivers-finding = “{ $driver }” matters most: { $share } of what is explained of the main rating
drivers-lead-themes = Together the themes that people speak of explain { $part } of the differences between ratings, in { $cases } pieces of feedback.
drivers-lead-ratings = Together the other ratings explain { $part } of the differences between main ratings, in { $cases } pieces of feedback.
drivers-chart = Share of what is explained of the main rating
drivers-column-theme = Theme
drivers-column-rating = Rating
drivers-column-share = Share of what is explained
drivers-column-goes = Goes with
drivers-column-mean-then = Mean rating then
drivers-column-mean = Mean
drivers-column-base = Feedback
drivers-worse = worse ratings
drivers-better = better ratings
drivers-note-share = Shares come with 95% intervals from 500 resamples. Improvement counts most where the share is large and the mean rating low.
drivers-note-cause = What goes together is no proof of a cause.
drivers-note-dropped =
    { $count ->
        [one] One piece of feedback was left out because an answer is missing.
       *[other] { $count } pieces of feedback were left out because an answer is missing.
    }
