# The Explorer: filters, list, chart, what can be taken out, one theme for many.

explorer-title = Explorer
explorer-title-filtered = Explorer: { $filters }
explorer-title-more = Explorer: { $filters } and more
explorer-not-understood = What the address asks can’t be understood.
explorer-imported-file = An imported file
explorer-few = few
explorer-feedback = Feedback
explorer-no-feedback = No feedback

explorer-count = { $count ->
    [one] 1 piece of feedback
   *[other] { $count } pieces of feedback
  }, { $when }
explorer-count-of = { $count } of { $all } pieces of feedback, { $when }
explorer-protected = These are figures of groups of people: groups below { $minimum } are not shown, and counts are off by about { $off } at random and rounded to { $step }.
explorer-protected-months = They are of whole months: { $months }.
explorer-count-hidden = How many is not shown, because it would single out few people, { $when }
explorer-compared = , compared with { $when }
explorer-compared-count = , compared with { $when } ({ $count })

explorer-filters = Filters
explorer-filters-in-force = Filters in force
explorer-search-and-filter = Search and filter
explorer-search-and-filter-count = Search and filter ({ $count } in force)
explorer-words = Words
explorer-words-hint = For example: upload "bus stop" -parking
explorer-how-to = How to search
explorer-how-both = both words, in any order
explorer-how-phrase = these words, one after the other
explorer-how-exact = this word only, not buses or the bus’s
explorer-how-not = without this word
explorer-how-begin = words that begin so
explorer-how-or = either word
explorer-how-filter = a filter, typed
explorer-how-letters = Capital letters and accents make no difference.
explorer-period = Period
explorer-from = From
explorer-to = To
explorer-apply = Apply filters
explorer-clear = Clear all
explorer-clear-filters = Clear all filters
explorer-facet-more = { $count } more
explorer-facet-rest = And { $count } more. Write { $key }:VALUE among the words to filter by one.
explorer-facet-find = Find among these
explorer-facet-find-in = in { $name }
explorer-is-not = { $name } is not
explorer-not = not
explorer-not-this = { $value }: leave out
explorer-change-filter = Change the filter { $name }: { $value }
explorer-remove-filter = Remove the filter { $name }: { $value }

explorer-nothing-matches = Nothing matches these filters
explorer-nothing-with-filters = No feedback fits all filters at once. Take one away, or all of them.
explorer-nothing-with-words = No feedback holds these words and fits all filters at once. Try other words or the beginning of one with a star (upload*), or take a filter away.
explorer-without = Without { $name }: { $value } ({ $left })

explorer-show = Show
explorer-by = By
explorer-compare = Compare with
explorer-compare-nothing = Nothing
explorer-chart = What the chart shows
explorer-chart-show = Show
explorer-trend-count = Feedback by { $step }
explorer-trend-growth = Feedback by { $step }: { $growth } on { $before }
explorer-trend-is = { $measure } is { $value } ({ $base } { $of })
explorer-trend-by = { $measure } by { $step }

explorer-order = Order
explorer-order-of = Order of the list
explorer-sort = Sort
explorer-newest = Newest first
explorer-oldest = Oldest first
explorer-suggested = Sentiment and themes are suggested by the machine. Open one to correct them.
explorer-rating-only = A rating without words
explorer-more-answers = { $count ->
    [one] and 1 more answer
   *[other] and { $count } more answers
  }

explorer-bulk = Change a theme for several
explorer-bulk-which = Which
explorer-bulk-ticked = Those that I tick
explorer-bulk-page = { $count ->
    [one] The one on this page
   *[other] All { $count } on this page
  }
explorer-bulk-match = { $count ->
    [one] The one that matches
   *[other] All { $count } that match
  }
explorer-bulk-pick = Choose this one
explorer-bulk-theme = Theme
explorer-bulk-add = Add the theme …
explorer-bulk-remove = Remove the theme …
explorer-bulk-asked = You are asked once more before anything changes.
explorer-bulk-title-add = Add the theme “{ $theme }”?
explorer-bulk-title-remove = Remove the theme “{ $theme }”?
explorer-bulk-title = Change a theme for several
explorer-bulk-would-add = { $count ->
    [0] No comment would change.
    [one] One comment gets the theme.
   *[other] { $count } comments get the theme.
  }
explorer-bulk-would-remove = { $count ->
    [0] No comment would change.
    [one] One comment loses the theme.
   *[other] { $count } comments lose the theme.
  }
explorer-bulk-chosen = { $count ->
    [one] One piece of feedback is chosen.
   *[other] { $count } pieces of feedback are chosen.
  }
explorer-bulk-already-add = { $count ->
    [one] One has it already.
   *[other] { $count } have it already.
  }
explorer-bulk-already-remove = { $count ->
    [one] One does not have it.
   *[other] { $count } do not have it.
  }
explorer-bulk-without-words = { $count ->
    [one] One has no words, and so no themes.
   *[other] { $count } have no words, and so no themes.
  }
explorer-bulk-stands = It counts as your correction: it stands when the machine reads again. You can take it back afterwards.
explorer-bulk-do-add = { $count ->
    [one] Add to one comment
   *[other] Add to { $count } comments
  }
explorer-bulk-do-remove = { $count ->
    [one] Remove from one comment
   *[other] Remove from { $count } comments
  }
explorer-bulk-cancel = Cancel
explorer-bulk-back = Back to the list
explorer-bulk-no-theme = Say which theme.
explorer-bulk-again = Try again
explorer-bulk-added = { $count ->
    [one] One comment has got the theme “{ $theme }”.
   *[other] { $count } comments have got the theme “{ $theme }”.
  }
explorer-bulk-removed = { $count ->
    [one] One comment has lost the theme “{ $theme }”.
   *[other] { $count } comments have lost the theme “{ $theme }”.
  }
explorer-bulk-follow = Counts follow within seconds.
explorer-bulk-undo = Take it back

explorer-export = Take this out
explorer-export-what = { $count ->
    [one] One row: the one piece of feedback that you see.
   *[other] { $count } rows: exactly the feedback that is filtered.
  } Comments are as you see them here, with what could identify somebody taken out; no contact details are in the file. That you took it out is written to the audit trail.
explorer-export-some = Exactly the feedback that is filtered. Comments are as you see them here, with what could identify somebody taken out; no contact details are in the file. That you took it out is written to the audit trail.
explorer-export-csv = CSV
explorer-export-xlsx = Excel
explorer-export-ndjson = NDJSON

explorer-save = Save this view
explorer-save-name = Name
explorer-save-shared = Show it to everybody
explorer-save-button = Save view
explorer-not-a-place = This is not a place in the list. Begin again at the first page.
explorer-not-an-id = This is not the id of any feedback. Open one from the list.
