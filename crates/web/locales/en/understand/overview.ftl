# The Overview.

overview-title = Overview
overview-waits = What waits for you

overview-what = { $body }, { $period }
overview-what-compared = { $body }, { $period }, compared with { $before }
overview-what-partly = { $body }, { $period }, compared with { $before }, when the data begin
overview-what-begin = { $body }, { $period }. The data begin on { $begin }


# In short. Shares are written as 79%.
overview-short = In short
overview-short-rose = Satisfaction rose from { $before } to { $now } of { $base } who rated.
overview-short-fell = Satisfaction fell from { $before } to { $now } of { $base } who rated.
overview-short-steady = Satisfaction is steady: { $now } of { $base } who rated.
overview-short-unclear = { $now } of { $base } who rated are satisfied, with no clear change from { $before } before.
overview-short-satisfied = { $now } of { $base } who rated are satisfied.
overview-short-read-all = Read the comments
overview-short-weak = { $place } is the weak point: { $share } of { $base } who rated are satisfied there, { $rest } elsewhere.
overview-short-why = Read why: { $what }
overview-short-praise = Read what they like: { $what }
overview-short-read = Read the comments: { $what }
overview-short-theme-weak = “{ $theme }” weighs most on satisfaction: { $share } of { $base } who write about it are satisfied, { $others } of the others who write.
overview-short-theme-strong = “{ $theme }” is what people praise most: { $share } of { $base } who write about it are satisfied, { $others } of the others who write.
overview-short-theme-more = More people write about “{ $theme }”: { $now } of the comments, { $before } before.
overview-short-theme-less = Fewer people write about “{ $theme }”: { $now } of the comments, { $before } before.
overview-short-change-rose = { $what }: more than usual. { $observed } in { $when }, about { $expected } expected.
overview-short-change-fell = { $what }: less than usual. { $observed } in { $when }, about { $expected } expected.
overview-short-little =
    { $count ->
        [one] There is 1 piece of feedback, too little to tell what matters. Findings need about 30 ratings.
       *[other] There are { $count } pieces of feedback, with too few ratings to tell what matters. Findings need about 30.
    }

overview-kpi-feedback = Feedback
overview-kpi-satisfied = Satisfied
overview-kpi-rating = Mean rating
overview-kpi-negative = Negative
overview-kpi-before = on the period before
overview-kpi-before-unclear = on the period before, no clear change
overview-kpi-before-few = on the period before, too few to tell
overview-kpi-no-before = Nothing before to compare with
overview-kpi-partly = No whole period before to compare with
overview-kpi-with-words = { $count } with words
overview-kpi-hidden = Not shown: too few
overview-kpi-base-satisfied = { $count } rated; 4 or 5 of 5 is satisfied
overview-kpi-base-rating = { $count } rated, from 1 to 5
overview-kpi-base-negative = { $count } with a sentiment, read by machine

overview-trend-count = Feedback by { $step }

overview-changed-nothing = Nothing is out of the usual: { $step }
overview-changed-some =
    { $count ->
        [one] One thing is out of the usual: { $step }
       *[other] { $count } things are out of the usual: { $step }
    }
overview-changed-what = { $count } counts by { $by }, of everything, services, touchpoints, themes and pages, held against their own past.
overview-changed-by-hour = hour
overview-changed-by-day = day
overview-changed-by-week = week
overview-changed-by-month = month
overview-changed-short = Too little history to tell what is unusual
overview-changed-short-what = Counts are held against their own past: 14 days, 8 weeks or 12 months of it are needed, by how often feedback comes in.
overview-changed-row = in { $when }, about { $expected } expected
overview-changed-also = With it: { $names }
overview-changed-also-more = With it: { $names }, and { $count } more
overview-changed-rest =
    { $count ->
        [one] And 1 more.
       *[other] And { $count } more.
    }
overview-about-all = All feedback
overview-about-at = { $what } at { $place }
overview-about-negative = { $what }, negative only

overview-journey-title = The journey, step by step
overview-journey-weak = { $place } is the weak point: { $share } satisfied, { $rest } elsewhere
overview-journey-what = Satisfied (4 or 5 of 5) of those who rated, in the order in which people go through a service. The curve runs from { $floor } to 100%; the upright bar shows how far a figure may be off (95%), the dashed line the whole service.
overview-journey-rated = of { $count } rated
overview-journey-few = too few rated
overview-journey-none = nothing yet
overview-journey-feedback = { $count } feedback
overview-journey-elsewhere =
    { $count ->
        [one] 1 piece of feedback names no touchpoint.
       *[other] { $count } pieces of feedback name no touchpoint.
    }
overview-journey-rest =
    { $count ->
        [one] And 1 more service with less feedback.
       *[other] And { $count } more services with less feedback.
    }

overview-themes = Top themes
overview-themes-what =
    { $count ->
        [one] Of 1 piece of feedback with words. Themes are assigned by machine; a comment can have several.
       *[other] Of { $count } pieces of feedback with words. Themes are assigned by machine; a comment can have several.
    }
overview-themes-theme = Theme
overview-themes-bar = Bar
overview-themes-count = Feedback
overview-themes-share = Share
overview-themes-change = Change
overview-themes-negative = Negative
overview-themes-unclear = not clear
overview-themes-few = too few
overview-themes-rest =
    { $count ->
        [one] And 1 more theme.
       *[other] And { $count } more themes.
    }

overview-newest = Newest comments
overview-newest-all = Read all comments

overview-empty-period = No feedback in this period
overview-empty-period-what = There is feedback from other times. Choose another period.
