# Saved views.

views-title = Saved views
views-what = Questions that you or your colleagues keep. Each opens the Explorer with its filters.
views-save-title = Save the view
views-name = Name
views-shared = Show it to everybody
views-save = Save view
views-none = No saved views yet
views-none-may = Filter the Explorer until it answers your question, then save the view at its foot.
views-none-may-not = Analysts save views and share them with everybody; those appear here.
views-open-explorer = Open the Explorer
views-whose = Whose
views-saved = Saved
views-can = What can be done
views-yours-shared = Yours, shown to everybody
views-yours = Yours
views-colleague = A colleague’s
views-forget = Forget
views-forget-this = the view { $name }
