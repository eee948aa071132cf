//! All people in memory, as rules ask about them: for each record whose it is and what it says, its contacts, and what feedback
//! these brought. Names, addresses and words are not in it; of a value there is a number made of it.
//!
//! Contacts of a record lie side by side (8 bytes each), so that a rule about them is one pass over memory, however many
//! conditions it has: each is a bit, and what a contact meets is a word of bits.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher;

use chrono_tz::Tz;
use commonweal_domain::FeedPosition;
use commonweal_domain::audience::Reach;
use commonweal_handles::Country;
use commonweal_store::{ContactKind, ContactOfPerson, SaidOfPerson};
use uuid::Uuid;

use super::rows::{Bits, Rows, Slots};
use crate::Result;

/// Whose a record is that is not there any more.
pub(super) const NOBODY: u32 = u32::MAX;

/// What is said of somebody, or by somebody in feedback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Of {
    Attribute,
    District,
    Language,
    Need,
    Reach,
    Theme,
    Sentiment,
    Rating,
    Area,
}

/// When and what a contact was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Contact {
    /// Local day, as days since 1970-01-01.
    pub(super) day: i32,
    /// Number of the kind.
    pub(super) kind: u32,
}

/// A contact that brought feedback.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) contact: Contact,
    /// Number of the set of what it says.
    pub(super) set: u32,
}

pub(super) struct Picture {
    /// Which feed it follows, and how far.
    pub(super) feed: Uuid,
    pub(super) position: FeedPosition,
    /// By whose days.
    pub(super) zone: Tz,
    pub(super) country: Country,
    pub(super) records: Slots,
    pub(super) persons: Slots,
    pub(super) person_of: Vec<u32>,
    pub(super) facts: Rows<u32>,
    pub(super) contacts: Rows<Contact>,
    pub(super) said: Rows<Said>,
    pub(super) kinds: Vec<ContactKind>,
    numbers: HashMap<(String, Option<Uuid>, Option<Uuid>), u32>,
    /// Numbers of values by what is made of them: two of 2^64 that are the same would be taken for one value.
    codes: HashMap<u64, u32>,
    hasher: RandomState,
    pub(super) sets: Vec<Box<[u32]>>,
    set_numbers: HashMap<Box<[u32]>, u32>,
    pub(super) attributes: BTreeSet<String>,
    /// First and last day of any contact.
    pub(super) days: (i32, i32),
}

impl Picture {
    pub(super) fn empty(feed: Uuid, position: FeedPosition, zone: Tz, country: Country) -> Self {
        Self {
            feed,
            position,
            zone,
            country,
            records: Slots::default(),
            persons: Slots::default(),
            person_of: Vec::new(),
            facts: Rows::default(),
            contacts: Rows::default(),
            said: Rows::default(),
            kinds: Vec::new(),
            numbers: HashMap::new(),
            codes: HashMap::new(),
            hasher: RandomState::new(),
            sets: Vec::new(),
            set_numbers: HashMap::new(),
            attributes: BTreeSet::new(),
            days: (0, 0),
        }
    }

    /// Persons who have a record.
    pub(super) fn everybody(&self) -> Bits {
        let mut all = Bits::none(self.persons.len());
        self.person_of.iter().filter(|person| **person != NOBODY).for_each(|person| all.add(*person));
        all
    }

    /// How many values there are.
    pub(super) fn values(&self) -> usize {
        self.codes.len()
    }

    fn made_of(&self, of: Of, name: &str, value: &str) -> u64 {
        self.hasher.hash_one((of, name, value.trim().to_lowercase()))
    }

    /// The number of a value, if anybody has it.
    pub(super) fn code(&self, of: Of, name: &str, value: &str) -> Option<u32> {
        self.codes.get(&self.made_of(of, name, value)).copied()
    }

    pub(super) fn code_or_new(&mut self, of: Of, name: &str, value: &str) -> u32 {
        let new = u32::try_from(self.codes.len()).unwrap_or(u32::MAX);
        *self.codes.entry(self.made_of(of, name, value)).or_insert(new)
    }

    /// What a record says, as numbers.
    pub(super) fn facts_of(&mut self, said: &SaidOfPerson) -> Vec<u32> {
        let mut facts = Vec::new();
        let Some(details) = &said.details else { return facts };
        for (name, value) in &details.attributes {
            facts.push(self.code_or_new(Of::Attribute, name, value));
            if !self.attributes.contains(name) {
                self.attributes.insert(name.clone());
            }
        }
        if let Some(postcode) = &details.postcode {
            facts.push(self.code_or_new(Of::District, "", &district(postcode, self.country)));
        }
        if let Some(language) = &details.language {
            facts.push(self.code_or_new(Of::Language, "", language));
        }
        facts.extend(details.needs.iter().map(|need| self.code_or_new(Of::Need, "", need.key())));
        let reached =
            [(said.email, Reach::Email), (said.phone, Reach::Phone), (!details.address.is_empty(), Reach::Post)];
        for (_, by) in reached.into_iter().filter(|(known, _)| *known) {
            facts.push(self.code_or_new(Of::Reach, "", by.key()));
        }
        facts.sort_unstable();
        facts.dedup();
        facts
    }

    /// A contact as it is kept here.
    pub(super) fn contact_of(&mut self, contact: &ContactOfPerson) -> Result<Contact> {
        let kind = self.kind_of(contact)?;
        let day = self.day_of(contact.at);
        self.days = if self.days == (0, 0) { (day, day) } else { (self.days.0.min(day), self.days.1.max(day)) };
        Ok(Contact { day, kind })
    }

    fn kind_of(&mut self, contact: &ContactOfPerson) -> Result<u32> {
        let key = (contact.what.clone(), contact.service, contact.touchpoint);
        if let Some(kind) = self.numbers.get(&key) {
            return Ok(*kind);
        }
        let kind = u32::try_from(self.kinds.len()).unwrap_or(u32::MAX);
        self.kinds.push(contact.kind()?);
        self.numbers.insert(key, kind);
        Ok(kind)
    }

    fn day_of(&self, micros: i64) -> i32 {
        let at = chrono::DateTime::from_timestamp_micros(micros).unwrap_or_default();
        i32::try_from(commonweal_domain::period::day_number(at, self.zone)).unwrap_or_default()
    }

    /// The number of a set of what feedback says.
    pub(super) fn set_of(&mut self, mut facts: Vec<u32>) -> u32 {
        facts.sort_unstable();
        facts.dedup();
        let facts: Box<[u32]> = facts.into();
        if let Some(set) = self.set_numbers.get(&facts) {
            return *set;
        }
        let set = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        self.sets.push(facts.clone());
        self.set_numbers.insert(facts, set);
        set
    }

    /// Puts what changed in its place, when that is much.
    pub(super) fn settle(&mut self) {
        let slots = self.records.len();
        self.facts.settle(slots);
        self.contacts.settle(slots);
        self.said.settle(slots);
    }

    /// Bytes that it takes, about.
    pub(super) fn bytes(&self) -> usize {
        let ids = (self.records.len() + self.persons.len()) * 16;
        let tables = self.codes.capacity() * 20 + self.sets.len() * 80;
        self.facts.bytes() + self.contacts.bytes() + self.said.bytes() + self.person_of.capacity() * 4 + ids + tables
    }
}

/// The district of a postcode: what stands before the space, of a ZIP code the five digits; all of it where it is none of the
/// country's.
pub(super) fn district(postcode: &str, country: Country) -> String {
    match commonweal_handles::postcode(postcode, country) {
        Ok(known) => known.outcode().to_lowercase(),
        Err(_) => postcode.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect(),
    }
}
