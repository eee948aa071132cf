//! What the gate and a message have to know of one person: the same for what is claimed and for what is tried out.

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;
use chrono_tz::Tz;
use commonweal_domain::delivery::{Fault, Skip};
use commonweal_domain::gate::{Ask, Decision, Earlier, Facts, decide, reached_by};
use commonweal_domain::standing::HandleStanding;
use commonweal_domain::{
    ContactBudget, Instant, Mark, PersonId, PersonRecord, RecordId, Standing, SuppressionReason, standing,
};
use commonweal_messages::Values;
use commonweal_store::{Decided, Due, PersonFacts, Suppression, Work};

use super::letter::{self, Content};
use crate::Result;
use crate::people::hashes::Hasher;

/// A person to whom something is due.
pub(super) struct Recipient {
    pub(super) standing: Standing,
    records: Vec<PersonRecord>,
    deceased: bool,
    erased: Option<Instant>,
    /// What they had before, and what was decided for them just now.
    pub(super) earlier: Vec<Earlier>,
}

/// By what somebody is reached, with what is left of it when they are erased.
pub(super) struct Reached {
    pub(super) handle: HandleStanding,
    pub(super) hash: [u8; 32],
}

/// All that the gate asks of the people to whom something is due.
pub(super) struct Asked {
    pub(super) people: HashMap<PersonId, Recipient>,
    /// By what each is reached, in the order of what is due.
    pub(super) reached: Vec<Option<Reached>>,
    pub(super) suppressed: HashMap<[u8; 32], Suppression>,
}

impl Asked {
    /// Looks it up, and says of each that is due whose it is. Nobody else decides of them until the work ends.
    pub(super) async fn of(
        w: &Work<'_>,
        due: &mut [Due],
        hasher: &Hasher,
        budget: ContactBudget,
        now: Instant,
    ) -> Result<Self> {
        let since = now - TimeDelta::days(i64::from(budget.days.max(1)));
        let facts = w.deliveries().facts(due, since).await?;
        let people: HashMap<PersonId, Recipient> =
            facts.into_iter().map(|(person, facts)| (person, Recipient::of(facts, now))).collect();
        let reached: Vec<Option<Reached>> = due
            .iter()
            .map(|d| d.person.and_then(|person| people.get(&person)).and_then(|who| who.reached(d, hasher)))
            .collect();
        let hashes: Vec<[u8; 32]> = reached.iter().flatten().map(|r| r.hash).collect();
        let suppressed = w.deliveries().suppressed(&hashes, now).await?;
        Ok(Self { people, reached, suppressed })
    }
}

impl Recipient {
    fn of(facts: PersonFacts, now: Instant) -> Self {
        let marked = |mark: Mark| facts.marks.iter().filter(move |m| m.mark == mark).map(|m| m.at).max();
        Self {
            standing: standing(&facts.known, now),
            deceased: marked(Mark::Deceased).is_some(),
            erased: marked(Mark::ErasedBefore),
            records: facts.known.records,
            earlier: facts.earlier,
        }
    }

    /// By what they are reached for a delivery.
    pub(super) fn reached(&self, due: &Due, hasher: &Hasher) -> Option<Reached> {
        let handle = reached_by(&self.standing, due.channel)?.clone();
        let hash = hasher.hash(handle.handle.kind.key(), &handle.handle.normal);
        Some(Reached { handle, hash })
    }

    /// What the gate says.
    pub(super) fn decide(
        &self,
        due: &Due,
        reached: Option<&Reached>,
        suppressed: &HashMap<[u8; 32], Suppression>,
        (zone, budget): (Tz, ContactBudget),
        now: Instant,
    ) -> Decision {
        let suppressed: Option<SuppressionReason> =
            reached.and_then(|r| suppressed.get(&r.hash)).map(|found| found.reason);
        let ask = Ask {
            lane: due.lane,
            channel: due.channel,
            topic: due.topic.as_deref(),
            // A single message may say the same again: a code, a receipt.
            content: due.dispatch.is_some().then_some(due.content),
            requested: due.requested,
        };
        let facts = Facts {
            standing: &self.standing,
            handle: reached.map(|r| &r.handle),
            suppressed,
            deceased: self.deceased,
            erased: self.erased,
            earlier: &self.earlier,
            zone,
            budget,
        };
        decide(&ask, &facts, now)
    }

    /// What the message says of them, where they can have it: the sender is not only being tried out, and nothing is lacking.
    pub(super) fn fits(
        &self,
        due: &Due,
        reached: &Reached,
        content: &Content,
        testers: Option<&[String]>,
    ) -> std::result::Result<Values, Decided> {
        if testers.is_some_and(|to| !to.contains(&reached.handle.handle.normal)) {
            return Err(Decided::Skip(Skip::TestMode));
        }
        let Ok(values) = self.values(due) else { return Err(Decided::Fail(Fault::NotMade)) };
        if !content.lacks_nothing(self.language(), &values) {
            return Err(Decided::Skip(Skip::MissingValue));
        }
        Ok(values)
    }

    /// The records that are theirs.
    pub(super) fn record_ids(&self) -> impl Iterator<Item = RecordId> + '_ {
        self.records.iter().map(|r| r.id)
    }

    /// The language in which they are written to, as its code.
    pub(super) fn language(&self) -> &str {
        self.standing.language.as_ref().map_or("en", |said| said.value.as_str())
    }

    /// Their name, if it is known.
    pub(super) fn name(&self) -> Option<String> {
        self.newest(|r| r.details.name())
    }

    /// What a message can say of them: what was told with it, and what sources say, the newest first.
    pub(super) fn values(&self, due: &Due) -> std::result::Result<Values, String> {
        let mut values = known_values(&self.records)?;
        if let Some(serde_json::Value::Object(told)) = &due.values {
            letter::put(&mut values, told)?;
        }
        Ok(values)
    }

    fn newest<T>(&self, of: impl Fn(&PersonRecord) -> Option<T>) -> Option<T> {
        newest(&self.records, of)
    }
}

fn newest<T>(records: &[PersonRecord], of: impl Fn(&PersonRecord) -> Option<T>) -> Option<T> {
    records.iter().max_by_key(|r| (of(r).is_some(), r.at, r.id)).and_then(of)
}

/// What sources say of somebody, the newest first, by the names that messages use.
pub(super) fn known_values(records: &[PersonRecord]) -> Result<Values, String> {
    let mut known: BTreeMap<&str, String> = BTreeMap::new();
    let mut fact = |name: &'static str, value: Option<String>| {
        known.extend(value.map(|value| (name, value)));
    };
    fact("name", newest(records, |r| r.details.name()));
    fact("first name", newest(records, |r| r.details.given_names.clone()));
    fact("given names", newest(records, |r| r.details.given_names.clone()));
    fact("last name", newest(records, |r| r.details.surname.clone()));
    fact("surname", newest(records, |r| r.details.surname.clone()));
    fact("town", newest(records, |r| r.details.town.clone()));
    fact("postcode", newest(records, |r| r.details.postcode.clone()));
    let mut values = Values::new();
    let mut set = |name: &str, value: String| values.set(name, value).map_err(|problem| problem.to_string());
    for record in records {
        for (name, value) in &record.details.attributes {
            // One that a message could not name, or has too many of, is none.
            let _ = set(name, value.clone());
        }
    }
    for (name, value) in known {
        set(name, value)?;
    }
    Ok(values)
}
