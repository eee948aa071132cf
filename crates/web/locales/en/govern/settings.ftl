# Settings: the body.

settings-title = The body
settings-lead = What your organisation has decided about itself. Every change is written to the audit trail.
settings-theirs = What they saved
settings-name = Name of the body
settings-name-hint = As people know it
settings-person-word = Word for a person
settings-person-word-hint = One person you deal with, in small letters: resident, citizen, customer, tenant, member of the public
settings-time-zone = Time zone
settings-time-zone-hint = Days and weeks are counted in it
settings-minimum-group = Smallest group shown
settings-minimum-group-hint = Figures of fewer people than this, by area or by what people are, are not shown
settings-notice = Notice on every page
settings-notice-hint = For example that the data are samples. Leave it empty for none.
settings-privacy = Privacy notice
settings-accessibility = Accessibility statement
settings-security = Contact for reports of weaknesses
settings-security-hint = A web address or an email address. It is published at /.well-known/security.txt, where people who find a weakness look. Leave it empty for none.
settings-address-hint = Web address, linked from public forms. Leave it empty for none.
settings-second-step = Second step of signing in
settings-second-step-hint = Whoever has one of these duties types a code of an app beside their password. Who has not set it up is led to do so before anything else; that may be you.
settings-save = Save settings
settings-head = The body: settings
settings-bad-time-zone = `{ $zone }` is not a time zone. Choose one of the list, for example Europe/London.
settings-bad-minimum-group = The smallest group is a whole number; 10 is usual.
settings-none = none
