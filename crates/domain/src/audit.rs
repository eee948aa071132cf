//! The words of the audit trail: what can be done that leaves a line, and to what.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::contact::named;

/// What a line of the trail is about: the kind of a thing, with its id where there are several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject(String);

impl Subject {
    /// The thing of this kind with this id. The id is no personal data.
    pub fn of(kind: &str, id: impl fmt::Display) -> Self {
        Self(format!("{kind}:{id}"))
    }

    /// The only thing of its kind, or all of them.
    pub fn all(kind: &str) -> Self {
        Self(kind.to_owned())
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

named! {
    /// Everything that leaves a line in the audit trail. The part before the dot is the kind of
    /// thing, by which the trail can be filtered.
    AuditAction {
        /// The trail was taken out as a file.
        AuditExported = "audit.exported", "Audit trail exported";
        /// An alert was reviewed.
        AlertReviewed = "alert.looked_at", "Alert reviewed";
        /// A review of an alert was undone.
        AlertReopened = "alert.reopened", "Alert opened again";
        /// A codeframe was added.
        CodeframeAdded = "codeframe.added", "Codeframe added";
        /// Themes were put into a codeframe.
        ThemesSaved = "codeframe.themes_put", "Themes saved";
        /// A theme was taken out of use.
        ThemeRetired = "codeframe.theme_retired", "Theme retired";
        /// A theme was taken back into use.
        ThemeRestored = "codeframe.theme_taken_back", "Theme back in use";
        /// A hold was put on what is sent to a person.
        HoldPut = "hold.put", "Hold put";
        /// A hold was changed.
        HoldChanged = "hold.changed", "Hold changed";
        /// A hold was ended before its time.
        HoldEnded = "hold.ended", "Hold ended";
        /// Words before redaction were read.
        OriginalRead = "comment.original_read", "Original read";
        /// A contact without feedback was deleted.
        ContactDeleted = "contact.deleted", "Contact deleted";
        /// An entry was changed by who made it.
        EntryChanged = "entry.changed", "Entry changed";
        /// An entry was undone by who made it.
        EntryUndone = "entry.taken_back", "Entry undone";
        /// An export began.
        ExportBegun = "feedback.export_begun", "Export begun";
        /// An export ended.
        Exported = "feedback.exported", "Exported";
        /// A form was added.
        FormAdded = "form.added", "Form added";
        /// A form was changed.
        FormChanged = "form.changed", "Form changed";
        /// A form was opened.
        FormOpened = "form.opened", "Form opened";
        /// A form was closed.
        FormClosed = "form.closed", "Form closed";
        /// The token of a form was replaced.
        FormTokenRolled = "form.token_rolled", "Token of a form replaced";
        /// The addresses of people who asked for a reply were read.
        ReplyRequestsRead = "form.reply_requests_read", "Reply requests read";
        /// A reply request was marked as answered, or as waiting.
        ReplyMarked = "form.reply_marked", "Reply request marked";
        /// A reply request was removed with its address.
        ReplyRemoved = "form.reply_removed", "Reply request removed";
        /// A secret was sealed with another key of the configuration.
        SecretSealed = "secret.sealed", "Secret sealed with another key";
        /// A web hook was added.
        HookAdded = "hook.added", "Web hook added";
        /// A web hook was changed.
        HookChanged = "hook.changed", "Web hook changed";
        /// A web hook was turned on.
        HookEnabled = "hook.enabled", "Web hook turned on";
        /// A web hook was turned off.
        HookDisabled = "hook.disabled", "Web hook turned off";
        /// A web hook got another secret.
        HookSecretRolled = "hook.secret_rolled", "Secret of a web hook replaced";
        /// A test was sent to a web hook.
        HookTested = "hook.tested", "Web hook tested";
        /// A delivery to a web hook was tried again.
        HookRetried = "hook.retried", "Delivery to a web hook tried again";
        /// A web hook was deleted.
        HookDeleted = "hook.deleted", "Web hook deleted";
        /// A file was handed in.
        ImportStaged = "import.staged", "File handed in";
        /// An import began.
        ImportBegun = "import.begun", "Import begun";
        /// An import that failed goes on.
        ImportResumed = "import.resumed", "Import resumed";
        /// A file that nobody began to import was removed.
        ImportExpired = "import.expired", "Import never begun, and removed";
        /// Rows that were sent back were looked at, or taken out as a file.
        RejectedRowsRead = "import.rejected_rows_read", "Rows that were sent back read";
        /// An import was stopped.
        ImportStopped = "import.stopped", "Import stopped";
        /// An import is undone.
        ImportUndone = "import.undone", "Import undone";
        /// A job was tried again.
        JobRetried = "job.retried", "Job tried again";
        /// A job was cancelled.
        JobCancelled = "job.cancelled", "Job cancelled";
        /// An API key was added.
        KeyAdded = "key.added", "Key added";
        /// An API key got another secret.
        KeyRotated = "key.rotated", "Secret of a key replaced";
        /// An API key was revoked.
        KeyRevoked = "key.revoked", "Key revoked";
        /// A key was given a secret with which client libraries of GOV.UK Notify call.
        KeyForNotify = "key.for_notify", "API key opened for clients of GOV.UK Notify";
        /// A model was trained and is in use.
        ModelTrained = "model.trained", "Model trained";
        /// People were looked for.
        PeopleSearched = "people.searched", "People looked for";
        /// A source told of people.
        PeopleTold = "people.told", "People told of by a source";
        /// A file of people was handed in.
        PeopleImportStaged = "people.import_staged", "File of people handed in";
        /// An import of people began, or one that had stopped goes on.
        PeopleImportBegun = "people.import_begun", "Import of people begun";
        /// An import of people was stopped.
        PeopleImportStopped = "people.import_stopped", "Import of people stopped";
        /// A file of people was read to its end.
        PeopleImportDone = "people.import_done", "Import of people done";
        /// An import of people is undone.
        PeopleImportUndone = "people.import_undone", "Import of people undone";
        /// A file of people that nobody began to import was removed.
        PeopleImportExpired = "people.import_expired", "Import of people never begun, and removed";
        /// Rows of an import of people that were sent back were looked at, or taken out as a file.
        PeopleRejectedRead = "people.rejected_rows_read", "Rows of people that were sent back read";
        /// How records are compared was learnt anew.
        LinkageLearnt = "people.linkage_learnt", "Comparing records learnt anew";
        /// Somebody gave a reason to see a person.
        PersonOpened = "person.opened", "Person opened";
        /// Persons were found to be one.
        PersonsMerged = "person.merged", "Persons merged";
        /// Records were taken out of a person.
        PersonSplit = "person.split", "Person split";
        /// A change of who is the same person was undone.
        LinkUndone = "person.link_undone", "Merge or split undone";
        /// What is kept of a person was taken out.
        PersonExported = "person.exported", "What is kept of a person taken out";
        /// A person was erased.
        PersonErased = "person.erased", "Person erased";
        /// What was left of erased people in files was cleared.
        ErasureFinished = "person.erasure_finished", "Erasure finished";
        /// A person was marked as deceased.
        PersonDeceased = "person.deceased", "Marked as deceased";
        /// A person is not marked as deceased any more.
        PersonNotDeceased = "person.not_deceased", "Mark of a death taken back";
        /// An audience was added.
        AudienceAdded = "audience.added", "Audience added";
        /// An audience was changed.
        AudienceChanged = "audience.changed", "Audience changed";
        /// An audience was deleted.
        AudienceDeleted = "audience.deleted", "Audience deleted";
        /// A way out was added.
        SenderAdded = "sender.added", "Sender added";
        /// A way out was changed.
        SenderChanged = "sender.changed", "Sender changed";
        /// A way out was tried.
        SenderTested = "sender.tested", "Sender tested";
        /// A way out was deleted.
        SenderDeleted = "sender.deleted", "Sender deleted";
        /// A token was made with which a service tells what became of messages.
        SenderReceiptsMade = "sender.receipts_made", "Token for delivery receipts made";
        /// Somebody wrote STOP in a text message.
        SenderHeardStop = "sender.heard_stop", "STOP received";
        /// Somebody wrote START in a text message.
        SenderHeardStart = "sender.heard_start", "START received";
        /// A mailbox was added, to be read.
        MailboxAdded = "mailbox.added", "Mailbox added";
        /// A mailbox was changed.
        MailboxChanged = "mailbox.changed", "Mailbox changed";
        /// A mailbox was tried.
        MailboxTested = "mailbox.tested", "Mailbox tested";
        /// A mailbox is not read any more.
        MailboxRemoved = "mailbox.removed", "Mailbox removed";
        /// Files of mail that came back were read.
        ReturnsRead = "returned_mail.read", "Mail that came back read from files";
        /// A message was written.
        MessageAdded = "message.added", "Message added";
        /// A message got another version.
        MessageChanged = "message.changed", "Message changed";
        /// A send to many people was planned.
        DispatchPlanned = "dispatch.planned", "Send planned";
        /// Everybody for whom a send is meant was written down, and it goes out.
        DispatchStarted = "dispatch.started", "Send started";
        /// A send was paused.
        DispatchPaused = "dispatch.paused", "Send paused";
        /// A send goes on.
        DispatchResumed = "dispatch.resumed", "Send resumed";
        /// A send was stopped for good.
        DispatchCancelled = "dispatch.cancelled", "Send stopped";
        /// A send stopped by itself: too much came back, or too many complained.
        DispatchHalted = "dispatch.halted", "Send stopped by a limit";
        /// A second person approved a send.
        DispatchApproved = "dispatch.approved", "Send approved";
        /// A second person did not approve a send.
        DispatchDeclined = "dispatch.declined", "Send declined";
        /// A send could not be planned.
        DispatchFailed = "dispatch.failed", "Send could not be planned";
        /// What had failed of a send is sent again.
        DispatchRetried = "dispatch.retried", "Failures of a send tried again";
        /// A send came to its end.
        DispatchFinished = "dispatch.finished", "Send finished";
        /// A single message was handed in.
        MessageSent = "delivery.planned", "Message handed in";
        /// Somebody wrote down that nothing goes to a handle any more.
        SuppressionAdded = "suppression.added", "Suppression added";
        /// Messages go to a handle again.
        SuppressionLifted = "suppression.lifted", "Suppression lifted";
        /// Somebody asked, by a link in a message or by a mail, to get no more of it.
        Unsubscribed = "person.unsubscribed", "Unsubscribed by a link or a mail";
        /// Somebody decided whether two records are of one person.
        SuggestionDecided = "person.suggestion_decided", "Suggestion decided";
        /// What a person agreed to was written down.
        ConsentsTold = "person.consents_told", "Agreements written down";
        /// How a person wants to be written to was written down.
        WishesTold = "person.wishes_told", "Preferences written down";
        /// What holds of a handle was written down.
        HandleStateTold = "person.handle_state_told", "State of a handle written down";
        /// A link to their preferences was made for a person.
        PreferenceLinkMade = "person.link_made", "Link to preferences made";
        /// A link to preferences was made worthless.
        PreferenceLinkRevoked = "person.link_revoked", "Link to preferences revoked";
        /// A person proved by a link that a handle is theirs.
        HandleProved = "person.handle_proved", "Handle proved by a link";
        /// What a person asked for was done or refused.
        RequestDecided = "request.decided", "Request decided";
        /// A person asked for something of what is held about them.
        RequestMade = "request.made", "Request made";
        /// A reading was corrected.
        ReadingCorrected = "reading.corrected", "Reading corrected";
        /// A reading was confirmed.
        ReadingConfirmed = "reading.confirmed", "Reading confirmed";
        /// A correction was undone.
        CorrectionUndone = "reading.correction_undone", "Correction undone";
        /// All comments are to be read again.
        RenewalBegun = "readings.renewal_begun", "Reading again begun";
        /// All comments were read again.
        Renewed = "readings.renewed", "Comments read again";
        /// Many comments got or lost a theme.
        ThemeChanged = "readings.theme_changed", "Theme of many changed";
        /// A change of many comments was undone.
        ThemeChangeUndone = "readings.theme_change_undone", "Change of many undone";
        /// How long things are kept was saved.
        RetentionSaved = "retention.saved", "Retention saved";
        /// What was too old was deleted.
        RetentionApplied = "retention.applied", "Retention applied";
        /// A clock that was far ahead was confirmed to be right.
        ClockConfirmed = "retention.clock_confirmed", "Clock confirmed";
        /// A service was added, or got touchpoints.
        ServiceAdded = "service.added", "Service added";
        /// A service got another name.
        ServiceRenamed = "service.renamed", "Service renamed";
        /// A service was removed.
        ServiceRemoved = "service.removed", "Service removed";
        /// The touchpoints of a service got another order.
        TouchpointsOrdered = "service.touchpoints_ordered", "Touchpoints put in order";
        /// Somebody signed in.
        SessionBegun = "session.begun", "Signed in";
        /// Somebody ended a session of their own, or all but one.
        SessionEnded = "session.ended", "Session ended";
        /// Sign-ins failed at an account, or at accounts that don't exist.
        SignInFailed = "session.failed", "Sign-ins failed";
        /// The settings were saved.
        SettingsSaved = "settings.saved", "Settings saved";
        /// A team was added.
        TeamAdded = "team.added", "Team added";
        /// A team got another name or function.
        TeamChanged = "team.changed", "Team changed";
        /// A team was deleted.
        TeamDeleted = "team.deleted", "Team deleted";
        /// Somebody came into a team.
        MemberAdded = "team.member_added", "Member added to a team";
        /// Somebody left a team.
        MemberRemoved = "team.member_removed", "Member removed from a team";
        /// Themes were looked for.
        ThemesDiscovered = "themes.discovered", "Themes discovered";
        /// A topic was added.
        TopicAdded = "topic.added", "Topic added";
        /// The words of a topic were changed.
        TopicChanged = "topic.changed", "Topic changed";
        /// A topic was opened or closed.
        TopicOpenChanged = "topic.open_changed", "Topic opened or closed";
        /// A touchpoint got another name.
        TouchpointRenamed = "touchpoint.renamed", "Touchpoint renamed";
        /// A touchpoint was removed.
        TouchpointRemoved = "touchpoint.removed", "Touchpoint removed";
        /// A user was added.
        UserAdded = "user.added", "User added";
        /// A user was shut out or let in again.
        UserDisabledChanged = "user.disabled_changed", "User shut out or let in";
        /// A user signed in by the body's sign-in service for the first time.
        IdentityLinked = "user.identity_linked", "User known to the sign-in service";
        /// A one-time link was made with which the user chooses a password.
        LinkMade = "user.link_made", "One-time link made";
        /// A user chose their password by a one-time link.
        LinkUsed = "user.link_used", "Password chosen by one-time link";
        /// A user set up a second step of signing in.
        SecondStepOn = "user.second_step_on", "Second step set up";
        /// A user turned their second step off.
        SecondStepOff = "user.second_step_off", "Second step turned off";
        /// A user's second step was taken away by an administrator.
        SecondStepReset = "user.second_step_reset", "Second step reset";
        /// A user got other recovery codes.
        RecoveryCodesMade = "user.recovery_codes_made", "Recovery codes made";
        /// A user signed in with a recovery code, which is used up.
        RecoveryCodeUsed = "user.recovery_code_used", "Recovery code used";
        /// A user made a passkey.
        PasskeyAdded = "user.passkey_added", "Passkey added";
        /// A user gave a passkey another name.
        PasskeyRenamed = "user.passkey_renamed", "Passkey renamed";
        /// A user removed a passkey.
        PasskeyRemoved = "user.passkey_removed", "Passkey removed";
        /// A passkey whose counter went back was refused: it may have been copied.
        PasskeyRefused = "user.passkey_refused", "Passkey refused: it may have been copied";
        /// A user changed their own password.
        OwnPasswordChanged = "user.password_changed", "Own password changed";
        /// A user's password was set by the operator, before by an administrator.
        PasswordSet = "user.password_set", "Password set";
        /// A user got other duties.
        DutiesChanged = "user.duties_changed", "Duties changed";
        /// A user got another role, before there were duties.
        RoleChanged = "user.role_changed", "Role changed";
        /// A view was saved.
        ViewSaved = "view.saved", "View saved";
        /// A view was deleted.
        ViewDeleted = "view.forgotten", "View deleted";
    }
}

impl AuditAction {
    /// The kind of thing that it is done to.
    pub fn kind(self) -> &'static str {
        self.key().split_once('.').map_or(self.key(), |(kind, _)| kind)
    }

    /// All kinds, each once, in the order of the alphabet.
    pub fn kinds() -> Vec<&'static str> {
        let mut kinds: Vec<&str> = Self::ALL.iter().map(|action| action.kind()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_names_a_kind_and_what_was_done() {
        for action in AuditAction::ALL {
            assert!(action.key().split_once('.').is_some_and(|(kind, what)| !kind.is_empty() && !what.is_empty()));
        }
        assert!(AuditAction::kinds().contains(&"readings"));
    }
}
