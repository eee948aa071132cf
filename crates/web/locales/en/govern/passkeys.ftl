# Passkeys: one's own, under one's own settings.

passkeys = Passkeys
passkeys-what = A key on your phone, computer or security key, in the place of password and code: you unlock it as you unlock the device. No page that imitates ours can use it.
passkeys-name = Name
passkeys-added = Added
passkeys-used = Last used
passkeys-never = Never
passkeys-add = Add a passkey
passkeys-new-what = First show once more that it is you.
passkeys-new-name = Name of the passkey
passkeys-new-name-hint = By which you know it again, such as the device on which it is
passkeys-go-on = Go on
passkeys-create-what = Your browser asks you now where to keep the passkey “{ $name }”, and to unlock the device.
passkeys-create = Create the passkey
passkeys-create-script = Adding a passkey needs JavaScript, because only a script can ask your device for one. The other ways to sign in work without.
passkeys-unknown = This browser can’t deal with passkeys. The other ways to sign in remain.
passkeys-not-used = No passkey was used. Try again, or sign in in another way.
passkeys-not-made = No passkey was made. Try again; if this device has one for you already, use another device.
passkeys-head = { $name }: passkeys
passkeys-one-what = Added { $added }. Last used: { $used }.
passkeys-rename = Rename
passkeys-remove = Remove this passkey
passkeys-remove-what = Nobody signs in with it any more. Show once more that it is you.
passkeys-remove-do = Remove
