# What stands around every console page: the top, the menu, what was just done, the foot.

frame-skip = Skip to main content
frame-search-label = Search feedback
frame-search = Search
frame-sign-out = Sign out
frame-notice = Notice
frame-sections = Sections
frame-pages = Pages of { $section }
frame-here = { $section }: { $page }
frame-menu = Menu
frame-waiting = waiting

frame-as-of = Data up to { $at }.
frame-as-of-nothing = Nothing has been counted yet.
frame-limits = Times in { $zone }. Groups of fewer than { $group } people are not shown, nor what would give them away.

draft-note = What you changed here before is not saved yet.
draft-discard = Forget it

copy = Copy
copied = Copied

section-overview = Overview
section-understand = Understand
section-listen = Listen
section-settings = Settings
