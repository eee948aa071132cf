# The filter on pages of findings: Who is hit, Words, Themes.

scope-what =
    { $count ->
        [one] { $count } piece of feedback, { $period }
       *[other] { $count } pieces of feedback, { $period }
    }
scope-any = Any
scope-few = few
scope-filter = Filter
scope-filter-count = Filter ({ $count } in force)
scope-words = Words
scope-from = From
scope-to = To
scope-apply = Apply filters
scope-clear = Clear all filters
scope-more = All filters are in the Explorer
scope-chips = Filters in force
scope-no-match-title = Nothing matches these filters
scope-no-match-text = There is feedback, but none that fits all filters at once. Choose another period or take a filter away.
