# Parts that several pages share.

parts-problem = There is a problem
parts-error = Error:
parts-clear = Clear all
parts-table = Show data as a table
parts-filters = Filters in force
parts-remove-filter = Remove the filter { $name }: { $value }
