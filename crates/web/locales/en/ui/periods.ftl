### Periods that can be chosen.

period-days = Last 30 days
period-months = Last 12 months
period-data-days = Last 30 days of the data
period-data-months = Last 12 months of the data
period-all = All time
