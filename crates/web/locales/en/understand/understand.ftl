# The links of the navigation.
understand-nav-overview = Overview
understand-nav-explorer = Explorer
understand-nav-themes = Themes
understand-nav-alerts = Alerts
understand-nav-words = Words
understand-nav-impact = Who is hit
understand-nav-codeframe = Codeframe
understand-nav-all-saved-views = All saved views
understand-nav-saved-views = Saved views

# What waits, at the beginning of the Overview.
understand-waits-alerts = { $count ->
    [one] 1 alert waits for somebody to look at it
   *[other] { $count } alerts wait for somebody to look at them
}

# After something was done; the last part is the code that the address carries.
done-view-saved = The view is saved. It stands under Understand in the menu.
done-view-forgotten = The view is gone.
done-corrected = The correction is saved. It stands when the machine reads again; counts follow within seconds.
done-confirmed = It is kept that this is right. It stands when the machine reads again.
done-correction-undone = The machine’s reading stands again; counts follow within seconds.
done-themes-taken-back = The change of themes is taken back; counts follow within seconds.
done-themes-partly-taken-back = The change of themes is taken back, but not where somebody has corrected the themes since.
done-theme-saved = The theme is saved. Comments that come in are coded by it.
done-theme-retired = The theme is retired. Comments that come in are not given it any more.
done-theme-back = The theme is back in use.
done-reread-begun = All comments will be read again. You may leave this page.
done-themes-found = Themes were found. Look at them, and take those worth keeping into the codeframe.
done-found-renamed = The theme has its new name.
done-found-split = The theme is split where its comments ask for it.
done-found-dropped = The theme is dropped, and stays so when themes are found again.
done-found-merged = The themes are one now.
done-found-accepted = The theme is in the codeframe. Comments that come in are coded by it.
done-alert-reviewed = Marked as looked at. It stands under “Looked at”, where that can be taken back.
done-alert-reopened = It waits for somebody to look again.
