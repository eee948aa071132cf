//! Events: what happened in the body's own work, for whoever follows it.
//!
//! A capability writes an event in the transaction that made it happen; other parts of the
//! program follow the feed of events, each with a position of its own, at least once.
//! An event names things by their ids and keys. It never holds words that somebody wrote, a name, an
//! address, or anything else that is personal.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::audit::Subject;
use crate::clock::Instant;
use crate::ids::{
    CodeframeId, CommentId, DeliveryId, DispatchId, FeedbackId, FormId, HoldId, HookId, ImportId, JobId,
    PeopleImportId, PersonId, ServiceId, TeamId,
};
use crate::permission::Permission;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data")]
pub enum Event {
    /// A feedback came in, one by one: by a form, by entry, by the API. What a file brings is told
    /// once, by `import.finished`.
    #[serde(rename = "feedback.received")]
    FeedbackReceived {
        /// Which.
        feedback: FeedbackId,
        /// Key of the channel.
        channel: String,
        /// Key of the service, if it is known.
        service: Option<String>,
        /// Key of the touchpoint, if it is known.
        touchpoint: Option<String>,
    },
    /// Words in a feedback raised an alert.
    #[serde(rename = "alert.raised")]
    AlertRaised {
        /// Which feedback.
        feedback: FeedbackId,
        /// Keys of the alerts.
        alerts: Vec<String>,
        /// Key of the service, if it is known.
        service: Option<String>,
    },
    /// Somebody reviewed the alerts of a feedback.
    #[serde(rename = "alert.reviewed")]
    AlertReviewed {
        /// Which feedback.
        feedback: FeedbackId,
    },
    /// A review of alerts was undone: they wait again.
    #[serde(rename = "alert.reopened")]
    AlertReopened {
        /// Which feedback.
        feedback: FeedbackId,
    },
    /// A file is to be taken in, or an import that stopped goes on.
    #[serde(rename = "import.begun")]
    ImportBegun {
        /// Which import.
        import: ImportId,
    },
    /// A file was read to its end.
    #[serde(rename = "import.finished")]
    ImportFinished {
        /// Which import.
        import: ImportId,
        /// Data rows read.
        rows: u64,
        /// Of these, kept.
        imported: u64,
        /// Of these, there already.
        duplicates: u64,
        /// Of these, rejected with a reason.
        rejected: u64,
    },
    /// An import stopped before the end of its file.
    #[serde(rename = "import.failed")]
    ImportFailed {
        /// Which import.
        import: ImportId,
    },
    /// Everything that an import brought was removed.
    #[serde(rename = "import.undone")]
    ImportUndone {
        /// Which import.
        import: ImportId,
    },
    /// A form was added.
    #[serde(rename = "form.added")]
    FormAdded {
        /// Which.
        form: FormId,
    },
    /// A form was changed, opened or closed.
    #[serde(rename = "form.changed")]
    FormChanged {
        /// Which.
        form: FormId,
        /// Whether it takes answers.
        open: bool,
    },
    /// A person said of a comment what holds, confirmed what was read, or took that back.
    #[serde(rename = "reading.corrected")]
    ReadingCorrected {
        /// Which comment.
        comment: CommentId,
    },
    /// All comments were read again.
    #[serde(rename = "readings.renewed")]
    ReadingsRenewed {
        /// How many.
        comments: u64,
    },
    /// Themes were added to a codeframe, changed or retired.
    #[serde(rename = "codeframe.changed")]
    CodeframeChanged {
        /// Which codeframe.
        codeframe: CodeframeId,
    },
    /// A service or its touchpoints were added, renamed, put in order or removed.
    #[serde(rename = "service.changed")]
    ServiceChanged {
        /// Which service.
        service: ServiceId,
    },
    /// A team was added, changed or deleted, or somebody came into it or left.
    #[serde(rename = "team.changed")]
    TeamChanged {
        /// Which team.
        team: TeamId,
    },
    /// It changed which records are of a person, or a source told something else of them.
    #[serde(rename = "person.changed")]
    PersonChanged {
        /// Which person.
        person: PersonId,
    },
    /// A person was erased.
    #[serde(rename = "person.erased")]
    PersonErased {
        /// Which person.
        person: PersonId,
    },
    /// A person agreed to be told about topics, or took that back.
    #[serde(rename = "consent.changed")]
    ConsentChanged {
        /// Which person.
        person: PersonId,
    },
    /// A person wants to be written to otherwise than before, or can no longer be reached by a handle.
    #[serde(rename = "preferences.changed")]
    PreferencesChanged {
        /// Which person.
        person: PersonId,
    },
    /// A hold was put on what is sent to a person, changed or ended.
    #[serde(rename = "hold.changed")]
    HoldChanged {
        /// Which hold.
        hold: HoldId,
        /// Of which person.
        person: PersonId,
    },
    /// A file of people is to be taken in, or an import of people that stopped goes on.
    #[serde(rename = "people.import_begun")]
    PeopleImportBegun {
        /// Which import.
        import: PeopleImportId,
    },
    /// A file of people was read to its end.
    #[serde(rename = "people.import_done")]
    PeopleImportDone {
        /// Which import.
        import: PeopleImportId,
        /// Rows read.
        rows: u64,
        /// Records of people of whom the source had not told.
        new: u64,
        /// Records of people of whom it tells something else now.
        updated: u64,
        /// Rows that were not taken in.
        rejected: u64,
    },
    /// What an import of people brought was removed.
    #[serde(rename = "people.import_undone")]
    PeopleImportUndone {
        /// Which import.
        import: PeopleImportId,
        /// Records that stayed, because something stands on them.
        kept: u64,
    },
    /// The server of the sender took a single message.
    #[serde(rename = "delivery.handed_over")]
    DeliveryHandedOver(DeliveryTold),
    /// A single message is known to have arrived.
    #[serde(rename = "delivery.delivered")]
    DeliveryDelivered(DeliveryTold),
    /// A single message came back.
    #[serde(rename = "delivery.bounced")]
    DeliveryBounced(DeliveryTold),
    /// Whoever got a single message complained of it.
    #[serde(rename = "delivery.complained")]
    DeliveryComplained(DeliveryTold),
    /// A single message could not be sent.
    #[serde(rename = "delivery.failed")]
    DeliveryFailed(DeliveryTold),
    /// A single message was not sent, by a rule of the gate.
    #[serde(rename = "delivery.skipped")]
    DeliverySkipped(DeliveryTold),
    /// Everybody for whom a send is meant was written down, and it goes out.
    #[serde(rename = "dispatch.planned")]
    DispatchPlanned {
        /// Which.
        dispatch: DispatchId,
        /// For how many people.
        people: u64,
    },
    /// A send was paused.
    #[serde(rename = "dispatch.paused")]
    DispatchPaused {
        /// Which.
        dispatch: DispatchId,
    },
    /// A send goes on.
    #[serde(rename = "dispatch.resumed")]
    DispatchResumed {
        /// Which.
        dispatch: DispatchId,
    },
    /// Nobody is left to whom a send has to go.
    #[serde(rename = "dispatch.finished")]
    DispatchFinished {
        /// Which.
        dispatch: DispatchId,
    },
    /// A send was stopped for good.
    #[serde(rename = "dispatch.cancelled")]
    DispatchCancelled {
        /// Which.
        dispatch: DispatchId,
    },
    /// A piece of background work was done.
    #[serde(rename = "job.done")]
    JobDone {
        /// Which.
        job: JobId,
        /// What was done.
        kind: String,
    },
    /// A piece of background work has failed for good.
    #[serde(rename = "job.failed")]
    JobFailed {
        /// Which.
        job: JobId,
        /// What was to be done.
        kind: String,
    },
    /// Somebody wanted to see that a web hook arrives. It goes to that web hook only.
    #[serde(rename = "hook.tested")]
    HookTested {
        /// Which.
        hook: HookId,
    },
}

/// What became of a single message, for the system that handed it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryTold {
    /// Which delivery.
    pub delivery: DeliveryId,
    /// What the system that handed it in calls it, if it said so. By contract nothing personal.
    pub reference: Option<String>,
    /// Key of the state.
    pub state: String,
    /// Key of the reason, where there is one.
    pub reason: Option<String>,
    /// Key of the channel.
    pub channel: String,
}

/// The kind of an event, as followers ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventKind(&'static str);

macro_rules! kinds {
    ($($variant:ident = $key:literal, $subject:literal, $needs:ident, $what:literal;)+) => {
        impl EventKind {
            /// Every kind, with the kind of thing that it is about and what it says, for the reference.
            pub const ALL: &'static [(Self, &'static str, &'static str)] =
                &[$((Self($key), $subject, $what)),+];

            /// What somebody has to be allowed in order to be told that such a thing happened.
            pub fn needs(self) -> Permission {
                match self.0 {
                    $($key => Permission::$needs,)+
                    // There is no other; if there were, few would be told.
                    _ => Permission::Administer,
                }
            }
        }

        impl Event {
            /// What kind of event it is.
            pub fn kind(&self) -> EventKind {
                match self { $(Self::$variant { .. } => EventKind($key)),+ }
            }
        }
    };
}

kinds! {
    FeedbackReceived = "feedback.received", "feedback", ReadFeedback, "A feedback came in by a form, by entry or by the API.";
    AlertRaised = "alert.raised", "feedback", ReadFeedback, "Words in a feedback raised an alert.";
    AlertReviewed = "alert.reviewed", "feedback", ReadFeedback, "Somebody reviewed the alerts of a feedback.";
    AlertReopened = "alert.reopened", "feedback", ReadFeedback, "A review of alerts was undone.";
    ImportBegun = "import.begun", "import", ReadImports, "An import began, or one that had stopped goes on.";
    ImportFinished = "import.finished", "import", ReadImports, "A file was read to its end.";
    ImportFailed = "import.failed", "import", ReadImports, "An import stopped before the end of its file.";
    ImportUndone = "import.undone", "import", ReadImports, "Everything that an import brought was removed.";
    FormAdded = "form.added", "form", ManageForms, "A form was added.";
    FormChanged = "form.changed", "form", ManageForms, "A form was changed, opened or closed.";
    ReadingCorrected = "reading.corrected", "comment", ReadFeedback, "A person said what holds for a comment.";
    ReadingsRenewed = "readings.renewed", "readings", ReadFeedback, "All comments were read again.";
    CodeframeChanged = "codeframe.changed", "codeframe", ManageCodeframes, "Themes were added, changed or retired.";
    ServiceChanged = "service.changed", "service", ReadFeedback, "A service or its touchpoints changed.";
    TeamChanged = "team.changed", "team", ReadTeams, "A team, or who is in it, changed.";
    PersonChanged = "person.changed", "person", ReadPeople, "What is known of a person changed, or which records are theirs.";
    PersonErased = "person.erased", "person", ReadPeople, "A person was erased, for good.";
    ConsentChanged = "consent.changed", "person", ReadPeople, "A person agreed to be told about topics, or took that back.";
    PreferencesChanged = "preferences.changed", "person", ReadPeople, "How a person wants to be written to, or can be reached, changed.";
    HoldChanged = "hold.changed", "hold", ReadPeople, "A hold on what is sent to a person was put, changed or ended.";
    PeopleImportBegun = "people.import_begun", "people_import", ManagePeople, "An import of people began, or one that had stopped goes on.";
    PeopleImportDone = "people.import_done", "people_import", ManagePeople, "A file of people was read to its end.";
    PeopleImportUndone = "people.import_undone", "people_import", ManagePeople, "What an import of people brought was removed.";
    DeliveryHandedOver = "delivery.handed_over", "delivery", ReadDispatches, "The server of the sender took a single message.";
    DeliveryDelivered = "delivery.delivered", "delivery", ReadDispatches, "A single message is known to have arrived.";
    DeliveryBounced = "delivery.bounced", "delivery", ReadDispatches, "A single message came back.";
    DeliveryComplained = "delivery.complained", "delivery", ReadDispatches, "Whoever got a single message complained of it.";
    DeliveryFailed = "delivery.failed", "delivery", ReadDispatches, "A single message could not be sent.";
    DeliverySkipped = "delivery.skipped", "delivery", ReadDispatches, "A single message was not sent, by a rule of the gate.";
    DispatchPlanned = "dispatch.planned", "dispatch", ReadDispatches, "Everybody for whom a send is meant was written down, and it goes out.";
    DispatchPaused = "dispatch.paused", "dispatch", ReadDispatches, "A send was paused.";
    DispatchResumed = "dispatch.resumed", "dispatch", ReadDispatches, "A send goes on.";
    DispatchFinished = "dispatch.finished", "dispatch", ReadDispatches, "Nobody is left to whom a send has to go.";
    DispatchCancelled = "dispatch.cancelled", "dispatch", ReadDispatches, "A send was stopped for good.";
    JobDone = "job.done", "job", ManageJobs, "A piece of background work was done.";
    JobFailed = "job.failed", "job", ManageJobs, "A piece of background work has failed for good.";
    HookTested = "hook.tested", "hook", Administer, "Somebody tested a web hook; it goes to that one only.";
}

impl EventKind {
    /// The stable name.
    pub const fn key(self) -> &'static str {
        self.0
    }

    /// The kind with this stable name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().map(|(kind, ..)| *kind).find(|kind| kind.0 == key)
    }
}

impl Event {
    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::FeedbackReceived { feedback, .. }
            | Self::AlertRaised { feedback, .. }
            | Self::AlertReviewed { feedback }
            | Self::AlertReopened { feedback } => (*feedback).into(),
            Self::ImportBegun { import }
            | Self::ImportFinished { import, .. }
            | Self::ImportFailed { import }
            | Self::ImportUndone { import } => (*import).into(),
            Self::FormAdded { form } | Self::FormChanged { form, .. } => (*form).into(),
            Self::ReadingCorrected { comment } => (*comment).into(),
            Self::ReadingsRenewed { .. } => Subject::all("readings"),
            Self::CodeframeChanged { codeframe } => (*codeframe).into(),
            Self::ServiceChanged { service } => (*service).into(),
            Self::TeamChanged { team } => (*team).into(),
            Self::PersonChanged { person }
            | Self::PersonErased { person }
            | Self::ConsentChanged { person }
            | Self::PreferencesChanged { person } => (*person).into(),
            Self::HoldChanged { hold, .. } => (*hold).into(),
            Self::PeopleImportBegun { import }
            | Self::PeopleImportDone { import, .. }
            | Self::PeopleImportUndone { import, .. } => (*import).into(),
            Self::DeliveryHandedOver(told)
            | Self::DeliveryDelivered(told)
            | Self::DeliveryBounced(told)
            | Self::DeliveryComplained(told)
            | Self::DeliveryFailed(told)
            | Self::DeliverySkipped(told) => told.delivery.into(),
            Self::DispatchPlanned { dispatch, .. }
            | Self::DispatchPaused { dispatch }
            | Self::DispatchResumed { dispatch }
            | Self::DispatchFinished { dispatch }
            | Self::DispatchCancelled { dispatch } => (*dispatch).into(),
            Self::JobDone { job, .. } | Self::JobFailed { job, .. } => (*job).into(),
            Self::HookTested { hook } => (*hook).into(),
        }
    }

    /// The data beside the kind, as followers get them.
    pub fn data(&self) -> serde_json::Value {
        let mut whole = serde_json::to_value(self).unwrap_or_default();
        whole.get_mut("data").map_or_else(|| serde_json::json!({}), serde_json::Value::take)
    }

    /// The event of a kind with these data.
    pub fn from_parts(kind: &str, data: serde_json::Value) -> serde_json::Result<Self> {
        serde_json::from_value(serde_json::json!({"kind": kind, "data": data}))
    }
}

/// An event with its place in the feed.
#[derive(Clone, Debug, PartialEq)]
pub struct FollowedEvent {
    /// Its place.
    pub position: EventPosition,
    /// When it happened.
    pub at: Instant,
    /// What kind of event it is; perhaps one that only a newer program knows.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// What else it says.
    pub data: serde_json::Value,
}

impl FollowedEvent {
    /// What happened, if this program knows events of the kind.
    pub fn event(&self) -> Option<Event> {
        Event::from_parts(&self.kind, self.data.clone()).ok()
    }

    /// What somebody has to be allowed in order to be told of it. Of what only a newer program knows, only
    /// administrators are.
    pub fn needs(&self) -> Permission {
        EventKind::from_key(&self.kind).map_or(Permission::Administer, EventKind::needs)
    }
}

/// A place in the feed of events: its transaction (0 on SQLite) and its number. Written `TRANSACTION-NUMBER`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EventPosition {
    /// The transaction that wrote it.
    pub transaction: i64,
    /// Its number.
    pub number: i64,
}

impl fmt::Display for EventPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.transaction, self.number)
    }
}

/// A text that is no place in the feed of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place in the feed of events")]
pub struct NotAPosition;

impl FromStr for EventPosition {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, NotAPosition> {
        let (transaction, number) = text.split_once('-').ok_or(NotAPosition)?;
        let number_of = |text: &str| text.parse().ok().filter(|n: &i64| *n >= 0).ok_or(NotAPosition);
        Ok(Self { transaction: number_of(transaction)?, number: number_of(number)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_feed_survives_being_written() {
        let place = EventPosition { transaction: 812, number: 4 };
        assert_eq!(place.to_string().parse(), Ok(place));
        for wrong in ["", "1", "1-", "-1-2", "1--2", "a-b", "1-2-3"] {
            assert_eq!(wrong.parse::<EventPosition>(), Err(NotAPosition), "{wrong}");
        }
    }

    #[test]
    fn an_event_survives_being_taken_apart_and_put_together() {
        let feedback = FeedbackId(uuid::Uuid::nil());
        let events = [
            Event::AlertRaised { feedback, alerts: vec!["self_harm".into()], service: None },
            Event::ReadingsRenewed { comments: 7 },
        ];
        for event in events {
            let again = Event::from_parts(event.kind().key(), event.data()).expect("it can be read");
            assert_eq!(again, event);
            assert!(EventKind::from_key(event.kind().key()).is_some());
        }
    }

    #[test]
    fn the_reference_lists_every_kind_as_it_is() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/events.md");
        let page = std::fs::read_to_string(page).expect("the page of events");
        let rows: Vec<String> = page
            .lines()
            .filter(|line| line.starts_with("| `"))
            .map(|line| line.rsplitn(3, '|').nth(2).unwrap_or(line).trim_end().to_owned())
            .collect();
        let known: Vec<String> = EventKind::ALL
            .iter()
            .map(|(kind, about, what)| format!("| `{}` | `{about}` | {what}", kind.key()))
            .collect();
        assert_eq!(rows, known);
    }
}
