# What stands around every console page: the top, the menu, what was just done, the foot.

frame-skip = Skip to main content
frame-search-label = Search feedback
frame-search = Search
frame-sign-out = Sign out
frame-notice = Notice
frame-main = Main
frame-menu = Menu
frame-waiting = waiting

frame-nav-overview = Overview
frame-nav-explorer = Explorer
frame-nav-themes = Themes
frame-nav-alerts = Alerts
frame-nav-words = Words
frame-nav-who-is-hit = Who is hit
frame-nav-entry = Entry
frame-nav-imports = Imports
frame-nav-forms = Forms
frame-nav-the-body = The body
frame-nav-look = Look
frame-nav-services = Services
frame-nav-codeframe = Codeframe
frame-nav-users = Users
frame-nav-api-keys = API keys
frame-nav-retention = Retention
frame-nav-audit-trail = Audit trail
frame-nav-jobs = Jobs
frame-nav-all-saved-views = All saved views
frame-nav-saved-views = Saved views
frame-nav-settings = Settings

frame-as-of = Data up to { $at }.
frame-as-of-nothing = Nothing has been counted yet.
frame-limits = Times in { $zone }. Groups of fewer than { $group } people are not shown, nor what would give them away.

# After something was done; the last part is the code that the address carries.
done-view-saved = The view is saved. It stands in the menu.
done-view-forgotten = The view is gone.
done-corrected = The correction is saved. It stands when the machine reads again; counts follow within seconds.
done-look-saved = The look is saved. Every page has it from now on.
done-confirmed = It is kept that this is right. It stands when the machine reads again.
done-correction-undone = The machine’s reading stands again; counts follow within seconds.
done-themes-taken-back = The change of themes is taken back; counts follow within seconds.
done-themes-partly-taken-back = The change of themes is taken back, but not where somebody has corrected the themes since.
done-password-changed = Your password is changed. On every other device you are signed out.
done-preferences-saved = Your settings are saved.
done-settings-saved = The settings are saved.
done-user-added = The user is added and may sign in.
done-role-changed = The role is changed.
done-user-disabled = The user may not sign in any more; their sessions are ended.
done-user-enabled = The user may sign in again.
done-password-set = The new password is set; the user’s sessions are ended.
done-key-revoked = The key is revoked. Whoever uses it is refused from now on.
done-service-added = The service is saved.
done-touchpoint-moved = The order is changed.
done-form-added = The form is made and takes answers. Its address stands below.
done-form-saved = The form is changed.
done-form-opened = The form is open again.
done-form-closed = The form is closed.
done-reply-marked = The wish is marked.
done-reply-removed = The address is removed. The feedback stays.
done-retention-saved = How long things are kept is saved. What is older goes within the next hours.
done-service-renamed = The new name is saved.
done-service-removed = The service is removed.
done-touchpoint-renamed = The new name is saved.
done-touchpoint-removed = The touchpoint is removed.
done-entry-taken-back = The entry is taken back: its words are deleted, and counts follow within seconds.
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
done-alert-looked-at = Marked as looked at. It stands under “Looked at”, where that can be taken back.
done-alert-reopened = It waits for somebody to look again.
done-job-retried = The job will be tried again.

draft-note = What you changed here before is not saved yet.
draft-discard = Forget it

copy = Copy
copied = Copied
