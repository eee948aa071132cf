//! One line through everything that a person had to do with the body: over all functions and channels, with how they
//! felt along it and their words.

use std::collections::HashMap;

use commonweal_domain::{Actor, FeedbackDoc, FeedbackId, Function, Instant, Page, PageRequest, Permission, RecordId};
use commonweal_store::PersonContact;

use super::PersonSeen;
use crate::app::authorise;
use crate::{App, Result};

/// Contacts of the line of satisfaction at most: the newest.
const ON_THE_LINE: usize = 300;

/// A contact, with what was said if whoever looks may read that.
#[derive(Clone, Debug, PartialEq)]
pub struct Touch {
    /// The contact.
    pub contact: PersonContact,
    /// What was said.
    pub said: Option<FeedbackDoc>,
    /// Name of its service, if it has one.
    pub service: Option<String>,
    /// Name of its touchpoint, if it has one.
    pub touchpoint: Option<String>,
}

/// How a person felt at a contact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Felt {
    /// From 1 (very dissatisfied) to 5 (very satisfied).
    pub satisfaction: f64,
    /// Whether they said so by a rating; else it was read from their words.
    pub rated: bool,
}

/// What a person had to do with the body.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// One page of the contacts, newest first.
    pub contacts: Page<Touch>,
    /// How many there are, by function.
    pub counts: Vec<(Function, u64)>,
    /// The newest contacts in the order in which they happened, with how the person felt where that is known: what a
    /// line is drawn through. Whoever may not read what people said gets the contacts alone.
    pub line: Vec<(Touch, Option<Felt>)>,
    /// Whether there are older ones than the line begins with.
    pub older: bool,
}

/// How somebody felt who said this: their main rating, or else what is read from their words.
pub fn felt(said: &FeedbackDoc) -> Option<Felt> {
    if let Some(rating) = said.ratings.first() {
        return Some(Felt { satisfaction: 1.0 + 4.0 * rating.score(), rated: true });
    }
    let scores: Vec<f64> = said.comments.iter().filter_map(|c| c.reading.sentiment_score).collect();
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    (!scores.is_empty()).then(|| Felt { satisfaction: 3.0 + 2.0 * mean.clamp(-1.0, 1.0), rated: false })
}

impl App {
    /// What a person whom somebody has opened had to do with the body; of one function alone if one is named. What was
    /// said is for whoever may read feedback.
    pub async fn timeline(
        &self,
        actor: &Actor,
        seen: &PersonSeen,
        function: Option<Function>,
        page: &PageRequest,
    ) -> Result<Timeline> {
        authorise(actor, Permission::ReadPeople)?;
        let records: Vec<RecordId> = seen.records.iter().map(|r| r.id).collect();
        let store = &self.inner.store;
        let contacts = store.contacts_of_records(&records, function, page).await?;
        let counts = store.count_contacts_of_records(&records).await?;
        let newest = store.contacts_of_records(&records, None, &PageRequest::first(ON_THE_LINE)).await?;
        let docs = self.said_at(actor, contacts.items.iter().chain(&newest.items)).await?;
        let touched = |contact: PersonContact| self.touch(contact, &docs);
        let older = newest.next.is_some();
        let mut line: Vec<(Touch, Option<Felt>)> = newest
            .items
            .into_iter()
            .map(|contact| {
                let touch = touched(contact);
                let felt = touch.said.as_ref().and_then(felt);
                (touch, felt)
            })
            .collect();
        line.reverse();
        Ok(Timeline { contacts: self.touches(contacts, &docs), counts, line, older })
    }

    /// A page of the contacts alone.
    pub async fn contacts_of_person(
        &self,
        actor: &Actor,
        seen: &PersonSeen,
        page: &PageRequest,
    ) -> Result<Page<Touch>> {
        authorise(actor, Permission::ReadPeople)?;
        let records: Vec<RecordId> = seen.records.iter().map(|r| r.id).collect();
        let contacts = self.inner.store.contacts_of_records(&records, None, page).await?;
        let docs = self.said_at(actor, contacts.items.iter()).await?;
        Ok(self.touches(contacts, &docs))
    }

    /// What was said at these contacts, for whoever may read it.
    async fn said_at(
        &self,
        actor: &Actor,
        contacts: impl Iterator<Item = &PersonContact>,
    ) -> Result<HashMap<FeedbackId, FeedbackDoc>> {
        if !actor.may(Permission::ReadFeedback) {
            return Ok(HashMap::new());
        }
        let mut wanted: Vec<FeedbackId> = contacts.filter_map(|c| c.feedback).collect();
        wanted.sort_unstable();
        wanted.dedup();
        Ok(self.inner.store.docs(&wanted).await?.into_iter().map(|doc| (doc.id, doc)).collect())
    }

    fn touches(&self, page: Page<PersonContact>, docs: &HashMap<FeedbackId, FeedbackDoc>) -> Page<Touch> {
        let items = page.items.into_iter().map(|contact| self.touch(contact, docs)).collect();
        Page { items, next: page.next, previous: page.previous }
    }

    fn touch(&self, contact: PersonContact, docs: &HashMap<FeedbackId, FeedbackDoc>) -> Touch {
        let (service, touchpoint) = self.inner.journeys.called(contact.service, contact.touchpoint);
        Touch { said: contact.feedback.and_then(|id| docs.get(&id).cloned()), service, touchpoint, contact }
    }
}

/// When the line begins and ends; nothing without contacts.
pub fn span(line: &[(Touch, Option<Felt>)]) -> Option<(Instant, Instant)> {
    Some((line.first()?.0.contact.at, line.last()?.0.contact.at))
}
