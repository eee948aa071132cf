//! Holds: put, changed, ended, listed. And what holds of a handle.

use std::collections::BTreeMap;

use commonweal_domain::{
    Actor, AuditAction, Event, FieldErrors, Handle, HandleEntry, HandleState, Hold, HoldId, HoldTerms, Permission,
    PersonId, PersonRecord, RecordId, Subject, ToldBy, UserId,
};
use commonweal_store::{Proof, StoreError};
use serde_json::json;

use super::see::Seeing;
use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

/// Holds that a list shows at most.
pub const MAX_HOLDS: usize = 500;

/// A hold in the list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldListed {
    /// The hold.
    pub hold: Hold,
    /// Whose it is.
    pub person: PersonId,
    /// What the sources say of them, oldest first.
    pub records: Vec<PersonRecord>,
}

impl App {
    /// Who may look after a hold: users who see people, by their ids.
    pub async fn hold_owners(&self, actor: &Actor) -> Result<BTreeMap<UserId, String>> {
        authorise(actor, Permission::ReadPeople)?;
        self.who_sees_people().await
    }

    /// Puts a hold on what is sent to a person.
    pub async fn put_hold(&self, actor: &Actor, person: PersonId, terms: HoldTerms) -> Result<HoldId> {
        authorise(actor, Permission::ManagePeople)?;
        let terms = self.checked_terms(terms).await?;
        let records = self.inner.store.records_of(person).await?;
        let record = records.last().ok_or(Error::NotFound("person"))?.id;
        let (id, now) = (self.inner.ids.new_id().into(), self.now());
        let hold = Hold { id, record, terms, made_by: actor.audit_name(), made_at: now, ended: None };
        let new = &hold;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people().put_hold(new).await?;
                w.events().emit(now, &[Event::HoldChanged { hold: new.id, person }]).await?;
                Ok((new.id, audited(AuditAction::HoldPut, new.id).with(json!({"person": person, "record": record}))))
            })
        })
        .await
    }

    /// Changes what a hold says.
    pub async fn change_hold(&self, actor: &Actor, id: HoldId, terms: HoldTerms) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        let person = self.person_of_hold(id).await?.1;
        let (terms, now) = (&self.checked_terms(terms).await?, self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people().change_hold(id, terms).await.map_err(ended_before)?;
                w.events().emit(now, &[Event::HoldChanged { hold: id, person }]).await?;
                Ok(((), audited(AuditAction::HoldChanged, id).with(json!({"person": person}))))
            })
        })
        .await
    }

    /// Ends a hold before its time.
    pub async fn end_hold(&self, actor: &Actor, id: HoldId) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        let person = self.person_of_hold(id).await?.1;
        let (now, by) = (self.now(), &actor.audit_name());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people().end_hold(id, by, now).await.map_err(ended_before)?;
                w.events().emit(now, &[Event::HoldChanged { hold: id, person }]).await?;
                Ok(((), audited(AuditAction::HoldEnded, id).with(json!({"person": person}))))
            })
        })
        .await
    }

    /// A hold, with the person whose it is for whoever has a reason to see them.
    pub async fn hold(&self, actor: &Actor, id: HoldId) -> Result<(Hold, PersonId, Seeing)> {
        authorise(actor, Permission::ReadPeople)?;
        let (hold, person) = self.person_of_hold(id).await?;
        let seeing = self.person(actor, person).await?;
        Ok((hold, person, seeing))
    }

    /// Holds that are not over, those that end first before the others. That they were looked at is written down.
    pub async fn holds(&self, actor: &Actor) -> Result<Vec<HoldListed>> {
        authorise(actor, Permission::ReadPeople)?;
        let holds = self.inner.store.running_holds(self.now(), MAX_HOLDS as u64).await?;
        let persons: Vec<PersonId> = holds.iter().map(|(_, person)| *person).collect();
        let named = self.named(&persons).await?;
        let line = audited(AuditAction::PeopleSearched, Subject::all("people"));
        self.note(actor, line.with(json!({"list": "holds", "found": holds.len()}))).await?;
        let listed = |(hold, person): (Hold, PersonId)| HoldListed {
            hold,
            person,
            records: named.get(&person).cloned().unwrap_or_default(),
        };
        Ok(holds.into_iter().map(listed).collect())
    }

    /// The records of persons in a list, by person.
    pub(super) async fn named(&self, persons: &[PersonId]) -> Result<BTreeMap<PersonId, Vec<PersonRecord>>> {
        let mut of: BTreeMap<PersonId, Vec<PersonRecord>> = BTreeMap::new();
        for record in self.inner.store.records_of_all(persons).await? {
            of.entry(record.person).or_default().push(record);
        }
        Ok(of)
    }

    async fn person_of_hold(&self, id: HoldId) -> Result<(Hold, PersonId)> {
        let hold = self.inner.store.hold(id).await?;
        let of = self.inner.store.persons_of(&[hold.record]).await?;
        let person = *of.get(&hold.record).ok_or(Error::NotFound("person"))?;
        Ok((hold, person))
    }

    async fn checked_terms(&self, terms: HoldTerms) -> Result<HoldTerms> {
        let owner = terms.owner;
        let mut errors = FieldErrors::default();
        if !self.who_sees_people().await?.contains_key(&owner) {
            let why = "Choose somebody who sees people: whoever looks after a hold has to see whose it is.";
            errors.add("owner", "not_a_caseworker", why);
        }
        match (terms.checked(), errors.is_empty()) {
            (Ok(terms), true) => Ok(terms),
            (Ok(_), false) => Err(errors.into()),
            (Err(found), _) => Err(FieldErrors(found.0.into_iter().chain(errors.0).collect()).into()),
        }
    }

    /// Writes down what holds of a handle, as a user says it. One that is not theirs any more is not proved either, and
    /// its link leads nowhere.
    pub async fn tell_handle_state(
        &self,
        actor: &Actor,
        person: PersonId,
        handle: (RecordId, u32),
        state: HandleState,
    ) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        let Actor::User { id, .. } = actor else { return Err(Error::Denied(Permission::ManagePeople)) };
        let records = self.inner.store.records_of(person).await?;
        let found = found(&records, handle)?;
        self.keep_handle_state(actor, &records, (handle, found), state, ToldBy::User(*id)).await
    }

    pub(super) async fn keep_handle_state(
        &self,
        actor: &Actor,
        records: &[PersonRecord],
        ((record, position), handle): ((RecordId, u32), &Handle),
        state: HandleState,
        told_by: ToldBy,
    ) -> Result<()> {
        let (id, now) = (self.inner.ids.new_id().into(), self.now());
        let entry = &HandleEntry { id, record, position, state, at: now, told_by };
        let all: &Vec<RecordId> = &records.iter().map(|r| r.id).collect();
        let same = &same_handles(records, handle);
        let proof = Proof { kind: handle.kind, normal: &handle.normal, at: None };
        let person = records.first().ok_or(Error::NotFound("person"))?.person;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people().add_handle_state(entry).await?;
                if state == HandleState::NotTheirs {
                    w.people().set_proved(all, &proof).await?;
                    w.people().forget_preference_links(same).await?;
                }
                w.events().emit(now, &[Event::PreferencesChanged { person }]).await?;
                let line = audited(AuditAction::HandleStateTold, person);
                Ok(((), line.with(json!({"record": record, "handle": position, "state": state.key()}))))
            })
        })
        .await
    }
}

/// A handle of a person by its record and its place there.
pub(super) fn found(records: &[PersonRecord], (record, position): (RecordId, u32)) -> Result<&Handle> {
    let of = records.iter().find(|r| r.id == record);
    let place = usize::try_from(position).unwrap_or(usize::MAX);
    of.and_then(|r| r.handles.get(place)).ok_or(Error::NotFound("handle"))
}

/// Wherever these records tell of the same handle.
pub(super) fn same_handles(records: &[PersonRecord], handle: &Handle) -> Vec<(RecordId, u32)> {
    let is_same = |other: &Handle| other.kind == handle.kind && other.normal == handle.normal;
    let of = |r: &PersonRecord| {
        let id = r.id;
        (0_u32..).zip(r.handles.clone()).filter(|(_, h)| is_same(h)).map(move |(n, _)| (id, n)).collect::<Vec<_>>()
    };
    records.iter().flat_map(of).collect()
}

fn ended_before(e: StoreError) -> Error {
    match e {
        StoreError::Conflict { what: "hold" } => Error::Conflict {
            code: "hold_ended",
            message: "Somebody has ended this hold meanwhile. Put another one if it is still needed.".into(),
        },
        other => other.into(),
    }
}
