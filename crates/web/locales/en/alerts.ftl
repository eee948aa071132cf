# Alerts: comments that a person should look at.

alerts-title = Alerts
alerts-title-error = Error: Alerts
alerts-what = Comments with words after which a person should look, and those whose words say the opposite of their rating. The machine rather finds too many than too few, and never acts by itself.
alerts-state = Looked at or not
alerts-open = Not looked at
alerts-looked-at = Looked at
alerts-kind = Kind of alert
alerts-all-kinds = All kinds
alerts-note = Note (what you did; no personal details)
alerts-look = Mark as looked at
alerts-reopen = Not looked at after all
alerts-looked-by = Looked at by { $name }, { $when }
alerts-next = Older alerts
alerts-empty = No alerts
alerts-empty-open = Everything is looked at
alerts-empty-looked-at = Nothing is marked as looked at
alerts-empty-what = An alert stands here when a comment speaks of danger to life, abuse, threats to staff, hate, or damp and mould, or when words and rating say the opposite. Each waits until somebody marks it as looked at.
