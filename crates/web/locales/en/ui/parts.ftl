# Parts that several pages share.

parts-problem = There is a problem
parts-error = Error:
parts-clear = Clear all
parts-periods = Period
parts-pages = Pages
parts-previous-page = Previous page
parts-next-page = Next page
parts-no-more = There is nothing more on this side of the list.
parts-table = Show data as a table
parts-filters = Filters in force
parts-remove-filter = Remove the filter { $name }: { $value }
