# Alerts: comments that a person should look at.

alerts-title = Alerts
alerts-title-error = Error: Alerts
alerts-what = Comments with words after which a person should look: danger to life, abuse, threats to staff, hate, damp and mould. The machine rather finds too many than too few, and never acts by itself.
alerts-what-contradiction = Comments whose words say the opposite of their rating. Often somebody took the scale the wrong way round.
alerts-state = Looked at or not
alerts-open = Not looked at
alerts-looked-at = Looked at
alerts-kind = Kind of alert
alerts-safeguarding = Safeguarding
alerts-note = Note (what you did; no personal details)
alerts-look = Mark as looked at
alerts-reopen = Not looked at after all
alerts-looked-by = Looked at by { $name }, { $when }
alerts-empty = No alerts
alerts-empty-open = Everything is looked at
alerts-empty-looked-at = Nothing is marked as looked at
alerts-empty-what = An alert stands here when a comment speaks of danger to life, abuse, threats to staff, hate, or damp and mould. Comments whose words say the opposite of their rating stand under their own heading. Each waits until somebody marks it as looked at.
