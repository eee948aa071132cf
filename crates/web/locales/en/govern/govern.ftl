# The links of the navigation.
govern-nav-the-body = The body
govern-nav-branding = Look
govern-nav-users = Users
govern-nav-api-keys = API keys
govern-nav-hooks = Web hooks
govern-nav-retention = Retention
govern-nav-audit-trail = Audit trail
govern-nav-jobs = Jobs

# What waits, at the beginning of the Overview.
govern-waits-jobs = { $count ->
    [one] 1 job failed
   *[other] { $count } jobs failed
}
govern-waits-hooks = { $count ->
    [one] 1 web hook was turned off because its receiver is gone
   *[other] { $count } web hooks were turned off because their receivers are gone
}

# After something was done; the last part is the code that the address carries.
done-branding-saved = The look is saved. Every page has it from now on.
done-password-changed = Your password is changed. On every other device you are signed out.
done-preferences-saved = Your settings are saved.
done-settings-saved = The settings are saved.
done-duties-changed = The duties are saved.
done-user-disabled = The user may not sign in any more; their sessions are ended.
done-user-enabled = The user may sign in again.
done-passkey-added = The passkey is added. From now on you can sign in with it.
done-passkey-renamed = The passkey has its new name.
done-passkey-removed = The passkey is removed: nobody signs in with it any more. Your device may still offer it; delete it there too.
done-second-step-off = Your second step is turned off.
done-second-step-reset = The second step is taken away. They sign in with their password alone until they set up another.
done-session-ended = The session is ended.
done-sessions-ended = You are signed out everywhere but here.
done-key-revoked = The key is revoked. Whoever uses it is refused from now on.
done-retention-saved = How long things are kept is saved. What is older goes within the next hours.
done-clock-confirmed = The clock is taken for right. What is too old is deleted within the next hours.
done-job-retried = The job will be tried again.
done-job-cancelled = The job is cancelled.
done-job-stopping = The job has been told to stop. It stops when it comes to a point from which it can go on later.
done-hook-changed = The web hook is changed.
done-hook-on = The web hook is on. It gets what happens from now on, and what had waited.
done-hook-off = The web hook is off. What happens now is not sent to it.
done-hook-tested = A test is on its way. Its answer stands below as soon as it comes.
done-hook-deleted = The web hook is deleted.
done-hook-retried = It is sent again now. The answer stands below as soon as it comes.
