# What somebody wants the console to be like; the sheet of shortcuts.

me-title = Your settings
me-what = For you alone, on every device on which you sign in.
me-who = { $name }, { $role }
me-keys = Keyboard
me-keys-on = Single keys do something
me-keys-hint = Switch this off if you speak to your computer, or if keys go off by accident.
me-keys-sheet = Which keys there are
me-rows = Rows on a page of the Explorer
me-rows-count = { $count } rows
me-save = Save your settings
me-shortcuts = Keyboard shortcuts
me-shortcuts-on = They work as long as you are not typing. You can switch them off in
me-shortcuts-off = You have switched them off. You can switch them on in
me-shortcuts-settings = your settings
me-shortcuts-close = Close
me-shortcuts-table = What each key does
me-key = Key
me-key-or = or
me-key-does = What it does
me-key-search = To the search box
me-key-next = Next in the list; next feedback, when one is open
me-key-previous = Previous in the list; previous feedback, when one is open
me-key-open = Open the one that is focused
me-key-close = Close the feedback and go back to the list; close a menu or this sheet
me-key-sheet = This sheet
