//! What people decide of who is the same person. It wins over whatever a machine finds, and can be put back.

use commonweal_domain::{
    Actor, AuditAction, Decided, Event, FieldErrors, LinkChange, LinkChangeId, LinkReason, Move, Permission, PersonId,
    PersonRecord, RecordId, SamePerson, Suggestion, SuggestionId,
};
use commonweal_store::{StoreError, Work};
use serde_json::json;

use super::checked_reason;
use crate::app::authorise;
use crate::change::{Audited, audited};
use crate::{App, Error, Result};

impl App {
    /// Says that two persons are one: the records of the second belong to the first from then on. The change, by which
    /// it can be undone.
    pub async fn merge_persons(&self, actor: &Actor, a: PersonId, b: PersonId, note: &str) -> Result<LinkChangeId> {
        authorise(actor, Permission::ManagePeople)?;
        if a == b {
            return Err(
                FieldErrors::one("with", "itself", "This is the same person already. Choose another one.").into()
            );
        }
        let change = self.link_change(actor, LinkReason::Merged, checked_note(note)?);
        let change = &change;
        self.change(actor, move |w| {
            Box::pin(async move {
                let (one, other) = both(w, a, b).await?;
                let pair = Decided { a: one[0].id, b: other[0].id, same: true };
                let line = merge(w, change, a, &other, pair).await?;
                Ok((change.id, line))
            })
        })
        .await
    }

    /// Says that some records of a person are not theirs: they become a person of their own, and stay apart whatever a
    /// machine finds. The change, and the new person.
    pub async fn split_person(
        &self,
        actor: &Actor,
        person: PersonId,
        records: &[RecordId],
        note: &str,
    ) -> Result<(LinkChangeId, PersonId)> {
        authorise(actor, Permission::ManagePeople)?;
        let change = self.link_change(actor, LinkReason::Split, checked_note(note)?);
        let new: PersonId = self.inner.ids.new_id().into();
        let change = &change;
        self.change(actor, move |w| {
            Box::pin(async move {
                let all = w.people().records_of_all(&[person]).await?;
                if all.is_empty() {
                    return Err(Error::NotFound("person"));
                }
                let (going, staying): (Vec<_>, Vec<_>) = all.iter().partition(|r| records.contains(&r.id));
                if going.len() != records.len() {
                    return Err(moved(MOVED));
                }
                if going.is_empty() || staying.is_empty() {
                    let why = "Choose some of the records, and not all of them: one must stay.";
                    return Err(FieldErrors::one("records", "some", why).into());
                }
                let moves = going.iter().map(|r| Move { record: r.id, from: person, to: new }).collect();
                let apart = |r: &&PersonRecord| -> Vec<Decided> {
                    staying.iter().map(|s| Decided { a: r.id, b: s.id, same: false }).collect()
                };
                let decided = going.iter().flat_map(apart).collect();
                w.people().link(&LinkChange { moves, decided, ..change.clone() }).await.map_err(moved)?;
                let events = [person, new].map(|person| Event::PersonChanged { person });
                w.events().emit(change.at, &events).await?;
                let line = audited(AuditAction::PersonSplit, person);
                Ok(((change.id, new), line.with(json!({"change": change.id, "new": new, "records": records.len()}))))
            })
        })
        .await
    }

    /// Puts a merge or a split back, as long as nothing was changed of its records since.
    pub async fn undo_link(&self, actor: &Actor, undone: LinkChangeId) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        let change = self.link_change(actor, LinkReason::Undone, None);
        let change = &change;
        self.change(actor, move |w| {
            Box::pin(async move {
                let moves = w.people().undo_links(undone, change).await.map_err(moved)?;
                let mut persons: Vec<PersonId> = moves.iter().flat_map(|m| [m.from, m.to]).collect();
                persons.sort_unstable();
                persons.dedup();
                let events: Vec<Event> = persons.iter().map(|p| Event::PersonChanged { person: *p }).collect();
                w.events().emit(change.at, &events).await?;
                let line = audited(AuditAction::LinkUndone, moves[0].to);
                Ok(((), line.with(json!({"change": change.id, "undone": undone}))))
            })
        })
        .await
    }

    /// What waits for a decision, what weighs most first.
    pub async fn suggestions(&self, actor: &Actor, limit: u64) -> Result<Vec<Suggestion>> {
        authorise(actor, Permission::ManagePeople)?;
        Ok(self.inner.store.open_suggestions(limit).await?)
    }

    /// How much waits for a decision.
    pub async fn suggestions_count(&self, actor: &Actor) -> Result<u64> {
        authorise(actor, Permission::ManagePeople)?;
        Ok(self.inner.store.open_suggestions_count().await?)
    }

    /// A suggestion, with the two records. That they were seen is written down.
    pub async fn suggestion(
        &self,
        actor: &Actor,
        id: SuggestionId,
    ) -> Result<(Suggestion, PersonRecord, PersonRecord)> {
        authorise(actor, Permission::ManagePeople)?;
        let found = self.inner.store.suggestion(id).await?;
        let (a, b) =
            tokio::try_join!(self.inner.store.person_record(found.a), self.inner.store.person_record(found.b))?;
        let (one, other) = (a.person, b.person);
        self.change(actor, move |_| {
            let seen = |person: PersonId| audited(AuditAction::PersonOpened, person).with(json!({"suggestion": id}));
            let lines = vec![seen(one), seen(other)];
            Box::pin(async move { Ok(((), lines)) })
        })
        .await?;
        Ok((found, a, b))
    }

    /// Decides a suggestion. The change, where who is the same person was changed by it.
    pub async fn decide_suggestion(
        &self,
        actor: &Actor,
        id: SuggestionId,
        decided: SamePerson,
    ) -> Result<Option<LinkChangeId>> {
        authorise(actor, Permission::ManagePeople)?;
        let found = self.inner.store.suggestion(id).await?;
        let reason = if decided == SamePerson::Same { LinkReason::Merged } else { LinkReason::KeptApart };
        let change = LinkChange { evidence: Some(found.evidence.clone()), ..self.link_change(actor, reason, None) };
        let (change, found) = (&change, &found);
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people().decide(id, decided).await.map_err(decided_before)?;
                let line = audited(AuditAction::SuggestionDecided, id).with(json!({"decided": decided.key()}));
                let pair = Decided { a: found.a, b: found.b, same: decided == SamePerson::Same };
                match decided {
                    SamePerson::Unsure => Ok((None, vec![line])),
                    SamePerson::Different => {
                        let apart = LinkChange { decided: vec![pair], ..change.clone() };
                        match one_person(w, found).await? {
                            None => w.people().link(&apart).await?,
                            // Two records of one person, of which one came to contradict the other.
                            Some((person, going)) => {
                                let new: PersonId = self.inner.ids.new_id().into();
                                let moves = going.iter().map(|r| Move { record: *r, from: person, to: new }).collect();
                                let split = LinkChange { moves, reason: LinkReason::Split, ..apart };
                                w.people().link(&split).await.map_err(moved)?;
                                let events = [person, new].map(|person| Event::PersonChanged { person });
                                w.events().emit(change.at, &events).await?;
                            }
                        }
                        Ok((Some(change.id), vec![line]))
                    }
                    SamePerson::Same => {
                        let records = w.people().records(&[found.a, found.b]).await?;
                        let [a, b] = [found.a, found.b].map(|id| records.iter().find(|r| r.id == id));
                        let (Some(a), Some(b)) = (a, b) else { return Err(Error::NotFound("record")) };
                        if a.person == b.person {
                            return Ok((None, vec![line]));
                        }
                        // Who was known first stays.
                        let (stays, goes) = (a.person.min(b.person), a.person.max(b.person));
                        let going = w.people().records_of_all(&[goes]).await?;
                        let merged = merge(w, change, stays, &going, pair).await?;
                        Ok((Some(change.id), vec![line, merged]))
                    }
                }
            })
        })
        .await
    }

    fn link_change(&self, actor: &Actor, reason: LinkReason, note: Option<String>) -> LinkChange {
        LinkChange {
            id: self.inner.ids.new_id().into(),
            at: self.now(),
            actor: actor.audit_name(),
            reason,
            note,
            evidence: None,
            moves: Vec::new(),
            decided: Vec::new(),
        }
    }
}

/// Where both records of a suggestion belong to one person: who it is, and all that the source of the first one said of the
/// same somebody.
async fn one_person(w: &Work<'_>, found: &Suggestion) -> Result<Option<(PersonId, Vec<RecordId>)>> {
    let records = w.people().records(&[found.a, found.b]).await?;
    let [a, b] = [found.a, found.b].map(|id| records.iter().find(|r| r.id == id));
    let (Some(a), Some(b)) = (a, b) else { return Err(Error::NotFound("record")) };
    if a.person != b.person {
        return Ok(None);
    }
    // The one that came later said otherwise.
    let later = if a.at >= b.at { a } else { b };
    let all = w.people().records_of_all(&[a.person]).await?;
    let same = all.iter().filter(|r| r.source == later.source && r.source_key == later.source_key);
    Ok(Some((a.person, same.map(|r| r.id).collect())))
}

/// Moves all these records, of one person, to another.
async fn merge(
    w: &Work<'_>,
    change: &LinkChange,
    to: PersonId,
    going: &[PersonRecord],
    pair: Decided,
) -> Result<Audited> {
    let from = going.first().ok_or(Error::NotFound("person"))?.person;
    let moves = going.iter().map(|r| Move { record: r.id, from, to }).collect();
    w.people().link(&LinkChange { moves, decided: vec![pair], ..change.clone() }).await.map_err(moved)?;
    let events = [to, from].map(|person| Event::PersonChanged { person });
    w.events().emit(change.at, &events).await?;
    let line = audited(AuditAction::PersonsMerged, to);
    Ok(line.with(json!({"change": change.id, "merged": from, "records": going.len()})))
}

async fn both(w: &Work<'_>, a: PersonId, b: PersonId) -> Result<(Vec<PersonRecord>, Vec<PersonRecord>)> {
    let all = w.people().records_of_all(&[a, b]).await?;
    let (one, other): (Vec<_>, Vec<_>) = all.into_iter().partition(|r| r.person == a);
    if one.is_empty() || other.is_empty() { Err(Error::NotFound("person")) } else { Ok((one, other)) }
}

fn checked_note(note: &str) -> Result<Option<String>> {
    let note = checked_reason("note", note)?;
    Ok((!note.is_empty()).then(|| note.to_owned()))
}

/// Records that went elsewhere.
const MOVED: StoreError = StoreError::Conflict { what: "person" };

fn moved(e: StoreError) -> Error {
    match e {
        StoreError::Conflict { what: "person" } => Error::Conflict {
            code: "person_changed",
            message: "Meanwhile it was changed which records are of this person. Look at them again.".into(),
        },
        other => other.into(),
    }
}

fn decided_before(e: StoreError) -> Error {
    match e {
        StoreError::Conflict { what: "suggestion" } => Error::Conflict {
            code: "suggestion_decided",
            message: "Somebody has decided this meanwhile. Go on with the next one.".into(),
        },
        other => other.into(),
    }
}
