# Who is hit: which groups of people meet an issue more often than everyone else.

hit-title = Who is hit
hit-title-of = Who is hit: { $issue }
hit-form = What to compare
hit-issue = Issue
hit-issue-every = Every theme, one by one
hit-issue-feeling = How people feel
hit-issue-negative = Negative feedback
hit-issue-positive = Positive feedback
hit-issue-low = Rated 1 or 2 of 5
hit-issue-high = Rated 4 or 5 of 5
hit-issue-hint = What people may have met
hit-says = Or these words
hit-says-hint = For example: upload
hit-show = Compare groups
hit-issue-wrong = “{ $issue }” is no issue. Choose one from the list.
hit-not = not { $value }
hit-or = { " " }or{ " " }

hit-who-aged = People aged { $group }
hit-who-on = People on a { $group }
hit-who-channel = People who used the channel “{ $group }”
hit-who-language = People who write in { $group }
hit-who-area = People in { $group }
hit-who-other = People with { $attribute } “{ $group }”
hit-does-theme = mention “{ $theme }”
hit-does-negative = leave negative feedback
hit-does-positive = leave positive feedback
hit-does-rating = rate { $steps } of 5
hit-does-alert = raise “{ $alert }”
hit-does-words = write “{ $words }”
hit-does-value = meet “{ $value }”

hit-finding-more = { $who } { $does } { $times } times as often
hit-finding-less = { $who } { $does } less: { $times } times as often
hit-finding-none = No group stands out: differences in “{ $issue }” may all be chance
hit-finding-none-themes = No group stands out: differences in themes may all be chance
hit-lead-more = { $hit } of { $of } in this group, against { $resthit } of { $restof } of everyone else: { $excess } more than at everyone else’s rate. The true ratio is likely between { $low } and { $high }.
hit-lead-less = { $hit } of { $of } in this group, against { $resthit } of { $restof } of everyone else: { $excess } fewer than at everyone else’s rate. The true ratio is likely between { $low } and { $high }.
hit-lead-none =
    { $tested ->
        [one] One comparison was made; its difference can’t be told from chance.
       *[other] { $tested } comparisons were made; none of the differences can be told from chance.
    }
hit-meet = { $hit } of { $all } meet the issue
hit-chart-title = How many times as often as everyone else, with 95% intervals
hit-chart-less = Less often
hit-chart-more = More often
hit-chart-what = How many times as often as everyone else, with 95% intervals. A filled square: can be told from chance.
hit-drawn = The chart shows the first { $drawn } of { $all } comparisons.
hit-table-caption = Each group against everyone else, the clearest first
hit-column-group = Group
hit-column-issue = Theme
hit-column-hit = In this group
hit-column-rest = Everyone else
hit-column-ratio = Times as often
hit-column-excess = More than expected
hit-column-clear = Beyond chance
hit-ratio = { $ratio } ({ $low } to { $high })
hit-interval = { $low } to { $high }
hit-yes = Yes
hit-no = Not clear
hit-show-all = Show all { $count } comparisons
hit-note-tested =
    { $tested ->
        [one] One comparison was made, and { $clear } is beyond chance.
       *[other] { $tested } comparisons were made, of which { $clear } are beyond chance, after allowing for how many were made.
    }
hit-note-attributes = Groups by: { $attributes }. Everyone else are those of whom the same is known.
hit-note-small =
    { $groups ->
        [one] One group was not compared: it, or how many of it meet the issue, is too small ({ $minimum } are needed to compare).
       *[other] { $groups } groups were not compared: they, or how many of them meet the issue, are too small ({ $minimum } are needed to compare).
    }
hit-note-cause = Feedback is counted, not people. A difference is no cause: groups differ in what else they use and where they live.
hit-notes = How to read this
hit-none-title = Nothing here says who people are
hit-none-text = Groups are compared by what feedback says of people: area, device, language, channel, and columns of your own such as age band or disability. None of it is in this feedback, or all of it is the same. Import a file with such a column, or add the questions to your form.
hit-none-import = Import a file
hit-none-explorer = Read the feedback
hit-small-title = The groups are too small to compare
hit-small-text =
    { $groups ->
        [one] One group is smaller than { $minimum }, or too few of it meet the issue to be shown. Choose a longer period or take a filter away.
       *[other] { $groups } groups are smaller than { $minimum }, or too few of them meet the issue to be shown. Choose a longer period or take a filter away.
    }
