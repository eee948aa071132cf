//! The picture of people, read from the store once and kept up to date from its change feed.
//!
//! Whatever happens to a record is one thing to do: read again what it says, whose it is and which contacts it has. That bears
//! repetition, and does not ask what exactly happened; so the picture is what the store is as soon as the feed has no more.

use std::collections::{BTreeSet, HashMap};

use chrono_tz::Tz;
use commonweal_domain::{ChangeSubject, Dimension, FeedbackDoc, FeedbackId, RecordId};
use commonweal_store::{ContactOfPerson, Store};

use super::picture::{Contact, NOBODY, Of, Picture, Said};
use super::rows::{Bits, Rows, Slots};
use crate::Result;
use crate::people::handles::country_of;

/// Records, counts and contacts read in one go.
const RECORDS: u64 = 10_000;
const COUNTS: u64 = 50_000;
const CONTACTS: u64 = 20_000;
/// Feedback read in one go, with all that it says.
const FEEDBACK: u64 = 2_000;
/// Changes of the feed followed in one go, and records read again in one go.
const CHANGES: u64 = 5_000;
const AGAIN: usize = 200;

impl Picture {
    /// Reads all people from the store, while others go on writing: what they write is followed afterwards.
    pub(super) async fn build(store: &Store, zone: Tz) -> Result<Self> {
        // Before anything is read.
        let (feed, position) = (store.feed_id().await?, store.feed_end().await?);
        let mut picture = Self::empty(feed, position, zone, country_of(zone));
        picture.read_records(store).await?;
        let mut late = picture.read_contacts(store).await?;
        picture.read_feedback(store, &mut late).await?;
        picture.contacts.shrink();
        picture.facts.shrink();
        picture.said.shrink();
        let late: Vec<RecordId> = late.iter().map(|slot| picture.records.id(*slot).into()).collect();
        picture.read_again(store, &late).await?;
        picture.follow(store).await?;
        Ok(picture)
    }

    async fn read_records(&mut self, store: &Store) -> Result<()> {
        let (mut records, mut whose) = (Vec::new(), Vec::new());
        let mut after = None;
        loop {
            let some = store.said_of_people_after(after, RECORDS).await?;
            let Some(last) = some.last() else { break };
            after = Some(last.record);
            for said in &some {
                records.push(said.record.0);
                whose.push(said.person.0);
                let facts = self.facts_of(said);
                self.facts.push(&facts);
            }
        }
        let mut persons = whose.clone();
        persons.sort_unstable();
        persons.dedup();
        persons.shrink_to_fit();
        records.shrink_to_fit();
        self.persons = Slots::of_sorted(persons);
        self.records = Slots::of_sorted(records);
        self.person_of = whose.iter().map(|id| self.persons.find(*id).unwrap_or(NOBODY)).collect();
        Ok(())
    }

    /// Contacts go straight to their places, which are known from how many each record has. The records of which that was
    /// not right any more are read again later.
    async fn read_contacts(&mut self, store: &Store) -> Result<BTreeSet<u32>> {
        let mut counts = vec![0_u32; self.records.len()];
        let mut after = None;
        loop {
            let some = store.contacts_per_record(after, COUNTS).await?;
            let Some((last, _)) = some.last() else { break };
            after = Some(*last);
            for (record, contacts) in some {
                // One that came meanwhile is told of by the feed.
                if let Some(slot) = self.records.find(record.0) {
                    counts[slot as usize] = u32::try_from(contacts).unwrap_or(u32::MAX);
                }
            }
        }
        self.contacts = Rows::with_room(&counts, Contact::default());
        let mut late = BTreeSet::new();
        let mut placed = vec![0_u32; counts.len()];
        let mut after = None;
        loop {
            let some = store.contacts_of_people_after(after, CONTACTS).await?;
            let Some(last) = some.last() else { break };
            after = Some(last.id);
            for contact in &some {
                let Some(slot) = self.records.find(contact.record.0) else { continue };
                let at = &mut placed[slot as usize];
                if *at < counts[slot as usize] {
                    let contact = self.contact_of(contact)?;
                    self.contacts.place(slot, *at, contact);
                    *at += 1;
                } else {
                    late.insert(slot);
                }
            }
        }
        let fewer = (0_u32..).zip(placed.iter().zip(&counts)).filter(|(_, (placed, counted))| placed < counted);
        late.extend(fewer.map(|(slot, _)| slot));
        Ok(late)
    }

    async fn read_feedback(&mut self, store: &Store, late: &mut BTreeSet<u32>) -> Result<()> {
        let mut all: Vec<(u32, Said)> = Vec::new();
        let mut after = None;
        loop {
            let some = store.feedback_of_people_after(after, FEEDBACK).await?;
            let Some(last) = some.last() else { break };
            after = Some(FeedbackId(last.id));
            let found = self.said_in(store, &some).await?;
            // What is gone since is told of by the feed.
            all.extend(found.into_iter().filter_map(|(record, said)| Some((self.records.find(record.0)?, said))));
        }
        all.sort_by_key(|(slot, _)| *slot);
        let mut all = all.into_iter().peekable();
        for slot in 0..u32::try_from(self.records.len()).unwrap_or(u32::MAX) {
            let mut rows = Vec::new();
            while let Some((_, said)) = all.next_if(|(of, _)| *of == slot) {
                rows.push(said);
            }
            self.said.push(&rows);
        }
        late.retain(|slot| (*slot as usize) < self.records.len());
        Ok(())
    }

    /// What feedback of these contacts says.
    async fn said_in(&mut self, store: &Store, contacts: &[ContactOfPerson]) -> Result<Vec<(RecordId, Said)>> {
        let ids: Vec<FeedbackId> = contacts.iter().map(|contact| FeedbackId(contact.id)).collect();
        let docs: HashMap<FeedbackId, FeedbackDoc> =
            store.docs(&ids).await?.into_iter().map(|doc| (doc.id, doc)).collect();
        let mut found = Vec::with_capacity(contacts.len());
        for (contact, id) in contacts.iter().zip(ids) {
            let Some(doc) = docs.get(&id) else { continue };
            let mut facts = Vec::new();
            let asked = [
                (Of::Theme, Dimension::Theme),
                (Of::Sentiment, Dimension::Sentiment),
                (Of::Rating, Dimension::Rating),
                (Of::Area, Dimension::Area),
            ];
            for (of, dimension) in asked {
                facts.extend(dimension.values(doc).iter().map(|value| self.code_or_new(of, "", value)));
            }
            let said = Said { contact: self.contact_of(contact)?, set: self.set_of(facts) };
            found.push((contact.record, said));
        }
        Ok(found)
    }

    /// Follows the feed to its end.
    pub(super) async fn follow(&mut self, store: &Store) -> Result<()> {
        loop {
            let changes = store.changes_after(self.position, CHANGES).await?;
            let Some(last) = changes.last() else { break };
            let (mut records, mut contacts, mut feedback) = (BTreeSet::new(), Vec::new(), Vec::new());
            for change in &changes {
                match change.subject {
                    ChangeSubject::Record(id) => drop(records.insert(id)),
                    ChangeSubject::Contact(id) => contacts.push(id.0),
                    ChangeSubject::Feedback(id) => feedback.push(id.0),
                }
            }
            records.extend(store.records_touched(&contacts, &feedback).await?);
            let records: Vec<RecordId> = records.into_iter().collect();
            self.read_again(store, &records).await?;
            self.position = last.position;
        }
        self.settle();
        Ok(())
    }

    /// Reads these records again, with all that hangs on them.
    async fn read_again(&mut self, store: &Store, records: &[RecordId]) -> Result<()> {
        for some in records.chunks(AGAIN) {
            let found = store.said_of_people(some).await?;
            let contacts = store.contacts_of_people(some).await?;
            let brought = store.feedback_of_people(some).await?;
            let brought = self.said_in(store, &brought).await?;
            let mut rows: HashMap<RecordId, (Vec<Contact>, Vec<Said>)> = HashMap::new();
            for contact in &contacts {
                let kept = self.contact_of(contact)?;
                rows.entry(contact.record).or_default().0.push(kept);
            }
            for (record, said) in brought {
                rows.entry(record).or_default().1.push(said);
            }
            let found: HashMap<RecordId, _> = found.into_iter().map(|said| (said.record, said)).collect();
            for record in some {
                let Some(said) = found.get(record) else {
                    if let Some(slot) = self.records.find(record.0) {
                        self.person_of[slot as usize] = NOBODY;
                        self.facts.set(slot, Vec::new());
                        self.contacts.set(slot, Vec::new());
                        self.said.set(slot, Vec::new());
                    }
                    continue;
                };
                let slot = self.records.find_or_add(record.0);
                let person = self.persons.find_or_add(said.person.0);
                if slot as usize >= self.person_of.len() {
                    self.person_of.resize(slot as usize + 1, NOBODY);
                }
                self.person_of[slot as usize] = person;
                let facts = self.facts_of(said);
                self.facts.set(slot, facts);
                let (contacts, said) = rows.remove(record).unwrap_or_default();
                self.contacts.set(slot, contacts);
                self.said.set(slot, said);
            }
        }
        Ok(())
    }

    /// Ids of the persons of a set.
    pub(super) fn ids(&self, set: &Bits) -> Vec<uuid::Uuid> {
        set.iter().map(|person| self.persons.id(person)).collect()
    }
}
