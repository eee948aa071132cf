//! A source tells us of people.

use commonweal_domain::{
    Actor, AuditAction, Details, Event, FieldError, FieldErrors, Handle, Instant, LinkChange, LinkReason,
    NewPersonRecord, Permission, PersonId, RecordId, Subject, sentence,
};
use commonweal_store::{Kept, Work};
use serde_json::json;

use super::compare::lookup;
use super::handles::{HandleTold, country_of, read};
use super::resolve::Comparing;
use crate::app::authorise;
use crate::change::audited;
use crate::error::CONFLICT;
use crate::{App, Error, Result};

/// How often it is tried to keep what is told when others tell of the same.
pub(super) const TRIES: usize = 4;

/// Most people that are told of at a time.
pub const MAX_TOLD: usize = 500;

/// What a source says of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonTold {
    /// What the source calls them.
    pub key: String,
    /// Who they are.
    pub details: Details,
    /// How they can be reached.
    pub handles: Vec<HandleTold>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldOf {
    /// The record.
    pub record: RecordId,
    /// The person to whom it belongs.
    pub person: PersonId,
    /// Whether anything was new.
    pub outcome: Outcome,
}

/// Whether a source told anything new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Somebody of whom it had not told.
    New,
    /// Something else of the same somebody.
    Updated,
    /// The same as before.
    Unchanged,
}

impl App {
    /// What is wrong with a way to reach somebody, if anything: whoever reads a file leaves it out and says so.
    pub fn check_handle(&self, told: &HandleTold) -> Result<(), FieldErrors> {
        read(told, country_of(self.settings().time_zone)).map(drop)
    }

    /// Keeps what a source tells of people, all of it or nothing, and finds out who they are.
    pub async fn tell_of_people(&self, actor: &Actor, source: &str, people: &[PersonTold]) -> Result<Vec<ToldOf>> {
        authorise(actor, Permission::ManagePeople)?;
        if people.len() > MAX_TOLD {
            let sentence = sentence!(
                "These are {found} people; at most {most} are taken at a time. Send them in parts.",
                found = people.len(),
                most = MAX_TOLD
            );
            return Err(FieldErrors::one("people", "too_many", sentence).into());
        }
        self.keep_told(actor, source, people).await
    }

    /// The same for whoever may.
    pub(super) async fn keep_told(&self, actor: &Actor, source: &str, people: &[PersonTold]) -> Result<Vec<ToldOf>> {
        let records = self.records_told(source, people, self.now())?;
        let mut tries = 1;
        loop {
            match self.keep_all(actor, &records).await {
                // Somebody else told of the same just now: what they said is there when it is tried again.
                Err(Error::Conflict { code: CONFLICT, .. }) if tries < TRIES => tries += 1,
                done => return done,
            }
        }
    }

    async fn keep_all(&self, actor: &Actor, records: &[NewPersonRecord]) -> Result<Vec<ToldOf>> {
        let (version, model) = self.comparing().await?;
        let hasher = self.handle_hasher().await?;
        let comparing = Comparing { app: self, model: &model, version, actor: actor.audit_name(), hasher };
        let comparing = &comparing;
        self.change(actor, move |w| {
            Box::pin(async move {
                let mut told = Vec::with_capacity(records.len());
                for record in records {
                    told.push(keep(comparing, w, record).await?);
                }
                let new = told.iter().filter(|t| t.outcome == Outcome::New).count();
                let updated = told.iter().filter(|t| t.outcome == Outcome::Updated).count();
                let line = audited(AuditAction::PeopleTold, Subject::all("people"));
                let line =
                    (new + updated > 0).then(|| line.with(json!({"told": told.len(), "new": new, "updated": updated})));
                Ok((told, line))
            })
        })
        .await
    }

    /// The records as they are kept, or what is wrong with any of them, with its place.
    fn records_told(&self, source: &str, people: &[PersonTold], now: Instant) -> Result<Vec<NewPersonRecord>> {
        let mut errors = FieldErrors::default();
        let mut records = Vec::with_capacity(people.len());
        for (n, person) in people.iter().enumerate() {
            match self.record_told(source, person, now) {
                Ok(record) => records.push(record),
                Err(found) => {
                    let placed = |e: FieldError| FieldError { field: format!("/{n}/{}", e.field), ..e };
                    errors.0.extend(found.0.into_iter().map(placed));
                }
            }
        }
        errors.into_result(records).map_err(Error::from)
    }

    /// What a source tells of somebody as it is kept, or what is wrong with it.
    pub(super) fn record_told(
        &self,
        source: &str,
        person: &PersonTold,
        now: Instant,
    ) -> Result<NewPersonRecord, FieldErrors> {
        let country = country_of(self.settings().time_zone);
        let mut errors = FieldErrors::default();
        let mut handles: Vec<Handle> = Vec::with_capacity(person.handles.len());
        for told in &person.handles {
            match read(told, country) {
                Ok(handle) if handles.iter().any(|h| h.kind == handle.kind && h.normal == handle.normal) => {}
                Ok(handle) => handles.push(handle),
                Err(found) => errors.0.extend(found.0),
            }
        }
        let details = tidied(person.details.clone());
        let record = NewPersonRecord {
            id: self.inner.ids.new_id().into(),
            source: source.trim().to_owned(),
            source_key: person.key.trim().to_owned(),
            lookup: lookup(&details, &handles),
            details,
            handles,
            at: now,
        };
        if let Err(found) = record.check() {
            errors.0.extend(found.0);
        }
        errors.into_result(record)
    }
}

/// Keeps a record within a change, and finds out whose it is.
pub(super) async fn keep(comparing: &Comparing<'_>, w: &Work<'_>, record: &NewPersonRecord) -> Result<ToldOf> {
    let app = comparing.app;
    let alone = app.inner.ids.new_id().into();
    let change = LinkChange {
        id: app.inner.ids.new_id().into(),
        at: record.at,
        actor: comparing.actor.clone(),
        reason: LinkReason::New,
        note: None,
        evidence: None,
        moves: Vec::new(),
        decided: Vec::new(),
    };
    let told = |record, person, outcome| ToldOf { record, person, outcome };
    match w.people().keep_record(record, alone, &change).await? {
        Kept::Same(record, person) => Ok(told(record, person, Outcome::Unchanged)),
        // Whether it fits others too is not asked again.
        Kept::Updated(_, person) => {
            comparing.hasher.mark_if_erased(w, record, &comparing.actor).await?;
            w.people().resolved(&[record.id], record.at).await?;
            let person = comparing.still_fits(w, record, person).await?;
            w.events().emit(record.at, &[Event::PersonChanged { person }]).await?;
            Ok(told(record.id, person, Outcome::Updated))
        }
        Kept::New => {
            comparing.hasher.mark_if_erased(w, record, &comparing.actor).await?;
            let person = comparing.resolve(w, record, alone).await?;
            Ok(told(record.id, person, Outcome::New))
        }
    }
}

/// Without spaces at the ends; what is empty is absent.
fn tidied(mut details: Details) -> Details {
    for text in [
        &mut details.given_names,
        &mut details.surname,
        &mut details.town,
        &mut details.postcode,
        &mut details.language,
    ] {
        *text = text.take().map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    }
    details.address = details.address.into_iter().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect();
    details.attributes.retain(|_, value| !value.trim().is_empty());
    details.external_ids.retain(|id| !id.value.trim().is_empty());
    details
}
