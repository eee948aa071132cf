# Settings: API keys of other systems.

keys-title = API keys
keys-lead = With a key another system hands feedback in or takes it out.
keys-how = How to use the API
keys-made-title = The key “{ $name }” is made
keys-secret = the key
keys-made-copy = Copy it now: it is shown this once and can’t be had again.
keys-all = All keys
keys-none = There is no key yet. Make one below for each system, so that one can be taken back without the others.
keys-for = For
keys-may = May
keys-made = Made
keys-state = State
keys-revoked = Revoked
keys-in-use = In use: revoke
keys-revoke = Revoke now
keys-revoke-what = Whoever uses it is refused at once. This can’t be undone.
keys-make = Make a key
keys-name = What it is for
keys-name-hint = For example: web form of parking permits
keys-scopes = What it may do
keys-make-button = Make key
keys-key = the key { $name }
keys-head = API keys: settings
keys-head-error = Error: API keys: settings
