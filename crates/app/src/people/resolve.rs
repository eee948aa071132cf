//! To whom a record belongs: found within the change that keeps it, among those who share a key with it.

use std::collections::HashMap;

use commonweal_domain::{
    Decided, Event, Handle, LinkChange, LinkReason, Move, NewPersonRecord, PersonId, PersonRecord, RecordId, Suggestion,
};
use commonweal_linkage::{Because, Known, Match, Model, arrive, still_fits};
use commonweal_store::Work;

use super::compare::{THRESHOLDS, comparable, evidence};
use super::hashes::Hasher;
use crate::{App, Result};

/// Candidates that are compared at most; of so many none can be told by itself.
const MAX_COMPARED: usize = 2_000;

/// With what a record is compared.
pub(super) struct Comparing<'a> {
    pub(super) app: &'a App,
    pub(super) model: &'a Model,
    /// The number of the model.
    pub(super) version: u64,
    pub(super) actor: String,
    /// Knows the handles of those who were erased.
    pub(super) hasher: Hasher,
}

impl Comparing<'_> {
    /// Finds the person of a record that was just kept, of `alone`, and leaves to people what can't be told. To whom it
    /// belongs then.
    pub(super) async fn resolve(&self, w: &Work<'_>, new: &NewPersonRecord, alone: PersonId) -> Result<PersonId> {
        let now = self.app.now();
        let (ids, _) = w.people().candidates(&new.lookup.keys, new.id).await?;
        let found = w.people().persons_of(&ids[..ids.len().min(MAX_COMPARED)]).await?;
        let mut persons: Vec<PersonId> = found.into_values().filter(|person| *person != alone).collect();
        persons.sort_unstable();
        persons.dedup();
        if persons.is_empty() {
            w.people().resolved(&[new.id], now).await?;
            return Ok(alone);
        }
        // All that is known of them: a contradiction may stand in a record that shares nothing.
        let all = w.people().records_of_all(&persons).await?;
        let decided = decisions(w.people().decided(&[new.id]).await?, new.id);
        let record = comparable(&new.details, &new.handles);
        let comparables: Vec<_> = all.iter().map(|r| comparable(&r.details, &r.handles)).collect();
        let known: Vec<Known<'_>> = all
            .iter()
            .zip(&comparables)
            .map(|(r, record)| Known {
                record,
                person: number(&persons, r.person),
                proved: both_proved(&new.handles, &r.handles),
                decided: decided.get(&r.id).copied(),
            })
            .collect();
        let arrived = arrive(self.model, &record, &known, THRESHOLDS);
        let suggestions: Vec<Suggestion> =
            arrived.may_be.iter().map(|m| self.suggestion(new.id, &all[m.known], m)).collect();
        w.people().suggest(&suggestions).await?;
        w.people().resolved(&[new.id], now).await?;
        let Some((of, because)) = arrived.joins else { return Ok(alone) };
        let to = all[of.known].person;
        let change = LinkChange {
            id: self.app.inner.ids.new_id().into(),
            at: now,
            actor: self.actor.clone(),
            reason: match because {
                Because::Proved => LinkReason::Handle,
                Because::Decided | Because::Weight => LinkReason::Weight,
            },
            note: None,
            evidence: Some(evidence(&of.why, self.version)),
            moves: vec![Move { record: new.id, from: alone, to }],
            decided: Vec::new(),
        };
        w.people().link(&change).await?;
        w.events().emit(now, &[Event::PersonChanged { person: to }]).await?;
        Ok(to)
    }

    /// Looks whether what a source says anew still is of the person to whom its record belongs, and to whom it belongs then.
    /// What clearly is not breaks away, with all that the source said of the same before; what can't be told is asked.
    /// Saying less is no contradiction, and what somebody has decided stands.
    pub(super) async fn still_fits(&self, w: &Work<'_>, new: &NewPersonRecord, person: PersonId) -> Result<PersonId> {
        let all = w.people().records_of_all(&[person]).await?;
        let same = |r: &&PersonRecord| r.source == new.source && r.source_key == new.source_key;
        let (own, others): (Vec<&PersonRecord>, Vec<&PersonRecord>) = all.iter().partition(same);
        let own: Vec<RecordId> = own.iter().map(|r| r.id).collect();
        let decided = w.people().decided(&own).await?;
        if decided.iter().any(|d| d.same && others.iter().any(|r| r.id == d.a || r.id == d.b)) {
            return Ok(person);
        }
        let comparables: Vec<_> = others.iter().map(|r| comparable(&r.details, &r.handles)).collect();
        let fit = still_fits(self.model, &comparable(&new.details, &new.handles), &comparables);
        let Some(fit) = fit else { return Ok(person) };
        let somebody_else = fit.is_somebody_else();
        let Some(against) = fit.against else { return Ok(person) };
        // Of twins much speaks for one person, and the name that differs may be a slip.
        if !somebody_else {
            let asked = decided.iter().any(|d| [d.a, d.b].contains(&others[against.known].id));
            if !asked {
                let asked = self.suggestion(new.id, others[against.known], &against);
                // A doubt about records of one person weighs less than nothing: by that it is told from the others.
                let asked = Suggestion { weight: asked.weight.min(-0.01), ..asked };
                w.people().suggest(&[asked]).await?;
            }
            return Ok(person);
        }
        let alone: PersonId = self.app.inner.ids.new_id().into();
        let change = LinkChange {
            id: self.app.inner.ids.new_id().into(),
            at: self.app.now(),
            actor: self.actor.clone(),
            reason: LinkReason::Contradicted,
            note: None,
            evidence: Some(evidence(&against.why, self.version)),
            moves: own.iter().map(|record| Move { record: *record, from: person, to: alone }).collect(),
            decided: Vec::new(),
        };
        w.people().link(&change).await?;
        // Whoever tells of the record says the same of the one to whom it belongs now.
        w.events().emit(change.at, &[Event::PersonChanged { person }]).await?;
        Ok(alone)
    }

    fn suggestion(&self, new: RecordId, other: &PersonRecord, found: &Match) -> Suggestion {
        Suggestion {
            id: self.app.inner.ids.new_id().into(),
            at: self.app.now(),
            a: new,
            b: other.id,
            weight: found.why.weight,
            probability: found.why.probability,
            evidence: evidence(&found.why, self.version),
            decided: None,
        }
    }
}

/// What was decided of a record, by the other record.
fn decisions(all: Vec<Decided>, of: RecordId) -> HashMap<RecordId, bool> {
    all.into_iter().map(|d| (if d.a == of { d.b } else { d.a }, d.same)).collect()
}

fn number(persons: &[PersonId], of: PersonId) -> u64 {
    persons.binary_search(&of).map_or(0, |place| place as u64 + 1)
}

/// Whether both have proved that the same handle is theirs.
fn both_proved(a: &[Handle], b: &[Handle]) -> bool {
    let proved = |h: &&Handle| h.verified_at.is_some();
    a.iter().filter(proved).any(|x| b.iter().filter(proved).any(|y| x.kind == y.kind && x.normal == y.normal))
}
