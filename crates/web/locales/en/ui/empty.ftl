### Nothing to show.

empty-feedback = No feedback yet
empty-feedback-what = Hand in a spreadsheet of comments or ratings that you have already, or connect a web form by the API. The first counts appear within a second.
empty-feedback-what-others = Nobody has handed anything in yet. A manager of your body can import a spreadsheet or connect a web form.
empty-feedback-import = Import a file
empty-match = Nothing matches these filters
empty-match-what = There is feedback, but none that fits all filters at once. Take one away, or all of them.
empty-match-clear = Clear all filters
empty-feedback-set-up = Set up step by step
