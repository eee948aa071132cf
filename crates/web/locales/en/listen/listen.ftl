# The links of the navigation.
listen-nav-entry = Entry
listen-nav-imports = Imports
listen-nav-forms = Forms
listen-nav-services = Services

# What waits, at the beginning of the Overview.
listen-waits-replies = { $count ->
    [one] 1 person waits to hear back
   *[other] { $count } people wait to hear back
}
listen-waits-imports = { $count ->
    [one] 1 import waits to be begun
   *[other] { $count } imports wait to be begun
}
listen-waits-imports-failed = { $count ->
    [one] 1 import failed
   *[other] { $count } imports failed
}

# After something was done; the last part is the code that the address carries.
done-import-stopping = The import stops within a few seconds. What came in by then stays; you can go on with it or undo it.
done-service-added = The service is saved.
done-touchpoint-moved = The order is changed.
done-form-added = The form is made and takes answers. Its address stands below.
done-form-saved = The form is changed.
done-form-opened = The form is open again.
done-form-token-replaced = The token of the form is replaced.
done-form-closed = The form is closed.
done-reply-marked = The wish is marked.
done-reply-removed = The address is removed. The feedback stays.
done-service-renamed = The new name is saved.
done-service-removed = The service is removed.
done-touchpoint-renamed = The new name is saved.
done-touchpoint-removed = The touchpoint is removed.
done-entry-taken-back = The entry is taken back: its words are deleted, and counts follow within seconds.
