# How figures, periods and spans of time are written, on every page of the console.

figures-feedback = { $count ->
    [one] { $count } piece of feedback
   *[other] { $count } pieces of feedback
}
figures-of = { $part } of { $whole }
figures-under = under 1%
figures-over = over 99%
figures-no-change = no change
figures-points = { $count ->
    [one] { $sign }{ $count } point
   *[other] { $sign }{ $count } points
}
figures-times = { $count } times as many
figures-bytes = { $count ->
    [one] { $count } byte
   *[other] { $count } bytes
}

range-all = all time
range-since = since { $day }
range-until = up to { $day }
range-both = { $first } to { $last }

step-hour = hour
step-day = day
step-week = week
step-month = month
step-week-of = Week from { $day }

span-moment = less than a minute
span-minutes = { $count ->
    [one] about a minute
   *[other] about { $count } minutes
}
span-hours = { $count ->
    [one] about an hour
   *[other] about { $count } hours
}
