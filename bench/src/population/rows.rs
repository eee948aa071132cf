//! Persons, records and contacts as rows.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::London;
use commonweal_linkage::made::Population;
use commonweal_linkage::{Record, blocking_keys, normal};
use commonweal_random::Random;
use serde_json::json;
use uuid::Uuid;

use super::sink::{Rows, Val};
use super::{CONTACTS_EACH, FEEDBACK_OF};
use crate::data::{AGE_BANDS, AREAS, CHANNELS, DAYS, FIRST_DAY, SERVICES, TOUCHPOINTS, area};
use crate::questions::key_of;
use crate::random::Weighted;

/// Records and contacts in one batch.
const TOGETHER: u64 = 50_000;
/// Sources of records with their shares.
const SOURCES: [(&str, f64); 4] = [("council-tax", 40.0), ("housing", 25.0), ("email", 20.0), ("form", 15.0)];
/// How people live.
const TENURES: [(&str, f64); 4] =
    [("Owner", 55.0), ("Private tenant", 20.0), ("Council tenant", 15.0), ("Housing association tenant", 10.0)];
/// Needs, of one in sixteen.
const NEEDS: [&str; 7] = ["large_print", "easy_read", "braille", "audio", "bsl", "interpreter", "text_relay"];
/// Directions and functions with their shares: most contacts are people who come to be served.
const TURNS: [(&str, &str, f64); 4] =
    [("in", "serve", 72.0), ("out", "inform", 16.0), ("out", "serve", 8.0), ("in", "engage", 4.0)];
/// Ratings from 1 to 5 with their shares.
const RATINGS: [f64; 5] = [14.0, 9.0, 12.0, 25.0, 40.0];
/// What is said, by rating.
const WORDS: [&str; 5] = [
    "I rang three times and nobody could tell me when it would be mended.",
    "It took far too long to get an answer.",
    "It was fine in the end, after a second letter.",
    "Helpful on the phone, and done within the week.",
    "Quick, kind and clear. Thank you.",
];
/// How many times as often the busiest record has a contact as the quietest, as a power of e.
const SKEW: f64 = 5.0;
/// The body's first record came in before its first contact.
const KNOWN_SINCE: i64 = 1_640_000_000_000_000;

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Service = 1,
    Touchpoint,
    Person,
    Record,
    LinkChange,
    Contact,
    Feedback,
    Comment,
}

/// Ids that grow as those of version 7 do.
pub(super) fn id(kind: Kind, n: u64) -> Uuid {
    Uuid::from_u64_pair(0x0195_0000_0000_7000 | ((kind as u64) << 16), 0x8000_0000_0000_0000 | n)
}

fn shares<const N: usize>(all: [f64; N]) -> Weighted {
    Weighted::new(&all)
}

/// Service (0 for none), touchpoint (0 for none), channel, turn of a day.
type Day = (i64, usize, usize, usize, usize);

pub(super) struct Maker {
    random: Random,
    population: Population,
    /// The record that was taken when the last batch was full.
    waiting: Option<(Record, u32)>,
    persons: u64,
    seen: u64,
    records: u64,
    contacts: u64,
    themes: Vec<Uuid>,
    /// Numbers by which records are found, each with its record.
    keys: Vec<(i64, u64)>,
    daily: BTreeMap<Day, i64>,
    sources: Weighted,
    tenures: Weighted,
    ages: Weighted,
    services: Weighted,
    channels: Weighted,
    turns: Weighted,
    ratings: Weighted,
}

impl Maker {
    pub(super) fn new(seed: u64, persons: u64, themes: Vec<Uuid>) -> Self {
        Self {
            random: Random::new(seed ^ 0x7065_6f70_6c65),
            population: Population::new(seed),
            waiting: None,
            persons,
            seen: 0,
            records: 0,
            contacts: 0,
            themes,
            keys: Vec::new(),
            daily: BTreeMap::new(),
            sources: shares(SOURCES.map(|s| s.1)),
            tenures: shares(TENURES.map(|t| t.1)),
            ages: shares(AGE_BANDS.map(|a| a.1)),
            services: Weighted::new(&Weighted::zipf(SERVICES.len(), 0.8)),
            channels: shares(CHANNELS.map(|c| c.1)),
            turns: shares(TURNS.map(|t| t.2)),
            ratings: shares(RATINGS),
        }
    }

    /// Services and touchpoints, which come first.
    pub(super) fn services(&self) -> Vec<Rows> {
        let mut services = Rows::of("services", &["id", "key", "name", "position"]);
        let mut touchpoints = Rows::of("touchpoints", &["id", "service_id", "key", "name", "position"]);
        for (s, service) in SERVICES.iter().enumerate() {
            let (of, key) = (id(Kind::Service, s as u64 + 1), key_of(service));
            services.push([Val::Id(of), Val::Text(key.clone()), Val::Word(service), Val::Int(s as i64)]);
            for (t, touchpoint) in TOUCHPOINTS.iter().enumerate() {
                touchpoints.push([
                    Val::Id(touchpoint_id(s + 1, t + 1)),
                    Val::Id(of),
                    Val::Text(format!("{key}/{}", key_of(touchpoint))),
                    Val::Word(touchpoint),
                    Val::Int(t as i64),
                ]);
            }
        }
        vec![services, touchpoints]
    }

    /// The next records with what hangs on them; nothing when all persons are there.
    pub(super) fn people(&mut self) -> Option<Vec<Rows>> {
        let mut persons = Rows::of("persons", &["id", "created_at"]);
        let mut records =
            Rows::of("records", &["id", "source", "source_key", "version", "at", "person_id", "resolved_at"]);
        let mut details =
            Rows::of("record_details", &["record_id", "details", "surname", "given_names", "born", "postcode"]);
        let mut handles = Rows::of("handles", &["record_id", "position", "kind", "shown", "normal", "verified_at"]);
        let mut changes = Rows::of("link_changes", &["id", "at", "actor", "reason"]);
        let mut links = Rows::of("links", &["record_id", "number", "change_id", "from_person", "to_person"]);
        let begun = self.records;
        while self.records < begun + TOGETHER {
            let (record, person) = match self.waiting.take() {
                Some(waiting) => waiting,
                None => self.population.next()?,
            };
            let person = u64::from(person);
            if person >= self.persons {
                // Nobody else follows, and this one is not taken twice.
                if self.records == begun {
                    return None;
                }
                self.waiting = Some((record, u32::try_from(person).unwrap_or(u32::MAX)));
                break;
            }
            let n = self.records;
            self.records += 1;
            let at = KNOWN_SINCE + (n as i64) * 1_000;
            let new = person >= self.seen;
            if new {
                self.seen = person + 1;
                persons.push([Val::Id(id(Kind::Person, person)), Val::Int(at)]);
            }
            let (record_id, person_id) = (id(Kind::Record, n), id(Kind::Person, person));
            let source = SOURCES[self.sources.draw(&mut self.random)].0;
            records.push([
                Val::Id(record_id),
                Val::Word(source),
                Val::Text(format!("{source}-{n}")),
                Val::Int(1),
                Val::Int(at),
                Val::Id(person_id),
                Val::Int(at),
            ]);
            let change = id(Kind::LinkChange, n);
            let reason = if new { "new" } else { "weight" };
            changes.push([Val::Id(change), Val::Int(at), Val::Word("operator"), Val::Word(reason)]);
            links.push([Val::Id(record_id), Val::Int(0), Val::Id(change), Val::Null, Val::Id(person_id)]);
            for (position, (kind, shown, normal)) in reached(&record).into_iter().enumerate() {
                handles.push([
                    Val::Id(record_id),
                    Val::Int(position as i64),
                    Val::Word(kind),
                    Val::Text(shown),
                    Val::Text(normal),
                    Val::Null,
                ]);
            }
            let mut keys: Vec<i64> = blocking_keys(&record).into_iter().map(|key| key.key.cast_signed()).collect();
            keys.sort_unstable();
            keys.dedup();
            self.keys.extend(keys.into_iter().map(|key| (key, n)));
            let postcode = record.postcode.as_deref().map(in_one_way).unwrap_or_default();
            let plain = |name: &Option<String>| name.as_deref().and_then(normal::name).unwrap_or_default();
            details.push([
                Val::Id(record_id),
                Val::Text(self.details(&record)),
                Val::Text(plain(&record.surname)),
                Val::Text(plain(&record.given_names)),
                record.birth_date.map_or(Val::Null, |born| Val::Int(i64::from(born.digits()))),
                Val::Text(postcode),
            ]);
        }
        Some(vec![persons, records, details, handles, changes, links])
    }

    /// What a record says, as the program keeps it.
    fn details(&mut self, record: &Record) -> String {
        let mut attributes = BTreeMap::new();
        if self.random.chance(0.85) {
            attributes.insert("age_band", AGE_BANDS[self.ages.draw(&mut self.random)].0.to_owned());
        }
        if self.random.chance(0.5) {
            attributes.insert("tenure", TENURES[self.tenures.draw(&mut self.random)].0.to_owned());
        }
        if self.random.chance(0.7) {
            attributes.insert("ward", area(self.random.below(AREAS)));
        }
        let mut all = json!({"attributes": attributes});
        let mut say = |field: &str, value: Option<serde_json::Value>| {
            if let Some(value) = value {
                all[field] = value;
            }
        };
        say("given_names", record.given_names.as_ref().map(|name| json!(name)));
        say("surname", record.surname.as_ref().map(|name| json!(name)));
        // A slip makes days that are none; what says so is left out, as the program would refuse it.
        let born = record.birth_date.map(|born| born.to_string());
        say("birth_date", born.filter(|day| day.parse::<chrono::NaiveDate>().is_ok()).map(|day| json!(day)));
        say("address", (!record.address.is_empty()).then(|| json!(record.address)));
        say("town", record.town.as_ref().map(|town| json!(town)));
        say("postcode", record.postcode.as_ref().map(|postcode| json!(postcode)));
        let language = match self.random.unit() {
            u if u < 0.08 => Some("cy"),
            u if u < 0.60 => Some("en"),
            u if u < 0.62 => Some("pl"),
            _ => None,
        };
        say("language", language.map(|language| json!(language)));
        let needs: Vec<&str> = if self.random.below(16) == 0 { vec![*self.random.one_of(&NEEDS)] } else { Vec::new() };
        say("needs", (!needs.is_empty()).then(|| json!(needs)));
        all.to_string()
    }

    /// By what records are found, in the order of the table, which is quicker; nothing when all are there.
    pub(super) fn keys(&mut self) -> Option<Vec<Rows>> {
        if !self.keys.is_sorted_by(|a, b| a >= b) {
            // From the end: what is taken leaves no hole.
            self.keys.sort_unstable_by(|a, b| b.cmp(a));
        }
        let mut rows = Rows::of("record_keys", &["key", "record_id"]);
        let from = self.keys.len().saturating_sub(usize::try_from(TOGETHER).unwrap_or(usize::MAX) * 4);
        for (key, n) in self.keys.drain(from..).rev() {
            rows.push([Val::Int(key), Val::Id(id(Kind::Record, n))]);
        }
        (!rows.values.is_empty()).then(|| vec![rows])
    }

    /// Which record has the next contact: frequent ones lie anywhere among all.
    fn whose(&mut self) -> u64 {
        let rank = ((SKEW * self.random.unit()).exp() - 1.0) / (SKEW.exp() - 1.0);
        let rank = ((rank * self.records as f64) as u64).min(self.records - 1);
        spread(rank, self.records)
    }

    /// The next contacts, in the order in which they happened; nothing when all are there.
    pub(super) fn contacts(&mut self) -> Option<Vec<Rows>> {
        let all = self.persons * CONTACTS_EACH;
        if self.contacts >= all {
            return None;
        }
        let mut contacts = Rows::of(
            "contacts",
            &[
                "id",
                "at",
                "channel",
                "direction",
                "function",
                "capacity",
                "service_id",
                "touchpoint_id",
                "record_id",
                "source",
            ],
        );
        let mut said = Said::new();
        for n in self.contacts..all.min(self.contacts + TOGETHER) {
            let day = FIRST_DAY + Days::new(n * DAYS / all);
            // Between eight and eight, when it is day at both clocks.
            let minute = 8 * 60 + self.random.below(12 * 60) as i64;
            let at = Utc.from_utc_datetime(&(day.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(minute)));
            let local = i64::from(at.with_timezone(&London).date_naive().num_days_from_ce() - 719_163);
            let service = if self.random.chance(0.9) { self.services.draw(&mut self.random) + 1 } else { 0 };
            let touchpoint =
                if service > 0 && self.random.chance(0.3) { self.random.below(TOUCHPOINTS.len()) + 1 } else { 0 };
            let (channel, turn) = (self.channels.draw(&mut self.random), self.turns.draw(&mut self.random));
            *self.daily.entry((local, service, touchpoint, channel, turn)).or_default() += 1;
            let whose = self.whose();
            let brought = n.is_multiple_of(FEEDBACK_OF);
            let place = |kind: Option<Uuid>| kind.map_or(Val::Null, Val::Id);
            contacts.push([
                Val::Id(id(Kind::Contact, n)),
                Val::Int(at.timestamp_micros()),
                Val::Word(CHANNELS[channel].0),
                Val::Word(TURNS[turn].0),
                Val::Word(TURNS[turn].1),
                Val::Word(if whose.is_multiple_of(3) { "citizen" } else { "customer" }),
                place((service > 0).then(|| id(Kind::Service, service as u64))),
                place((touchpoint > 0).then(|| touchpoint_id(service, touchpoint))),
                Val::Id(id(Kind::Record, whose)),
                if brought { Val::Null } else { Val::Word("benchmark") },
            ]);
            if brought {
                let (rating, ward) = (self.ratings.draw(&mut self.random), self.random.below(AREAS));
                let theme = (!self.themes.is_empty()).then(|| *self.random.one_of(&self.themes));
                said.add(n, at.timestamp_micros(), rating, ward, theme);
            }
        }
        self.contacts = all.min(self.contacts + TOGETHER);
        let mut tables = vec![contacts];
        tables.extend(said.tables());
        Some(tables)
    }

    /// Counts of contacts by day, as the program keeps them.
    pub(super) fn daily(&mut self) -> Option<Vec<Rows>> {
        let mut rows = Rows::of(
            "contacts_daily",
            &["day", "service_id", "touchpoint_id", "channel", "function", "direction", "n"],
        );
        for _ in 0..TOGETHER {
            let Some(((day, service, touchpoint, channel, turn), n)) = self.daily.pop_first() else { break };
            let place = |there: bool, id: Uuid| Val::Id(if there { id } else { Uuid::nil() });
            rows.push([
                Val::Int(day),
                place(service > 0, id(Kind::Service, service as u64)),
                place(touchpoint > 0, touchpoint_id(service, touchpoint)),
                Val::Word(CHANNELS[channel].0),
                Val::Word(TURNS[turn].1),
                Val::Word(TURNS[turn].0),
                Val::Int(n),
            ]);
        }
        (!rows.values.is_empty()).then(|| vec![rows])
    }
}

/// Where the record of this rank lies among so many: steps of a prime number that is larger than any number of records go
/// through all of them.
pub(super) fn spread(rank: u64, records: u64) -> u64 {
    (u128::from(rank) * 2_305_843_009_213_693_951 % u128::from(records)) as u64
}

/// The feedback of a batch of contacts.
struct Said {
    feedback: Rows,
    ratings: Rows,
    comments: Rows,
    readings: Rows,
    themes: Rows,
}

impl Said {
    fn new() -> Self {
        Self {
            feedback: Rows::of(
                "feedback",
                &["id", "contact_id", "received_at", "language", "language_stated", "area", "source"],
            ),
            ratings: Rows::of("ratings", &["feedback_id", "position", "name", "value", "worst", "best"]),
            comments: Rows::of("comments", &["feedback_id", "position", "id", "text"]),
            readings: Rows::of(
                "readings",
                &["comment_id", "reader", "language", "sentiment", "score", "engine", "themes_stated"],
            ),
            themes: Rows::of("theme_assignments", &["comment_id", "reader", "theme_id", "position"]),
        }
    }

    fn add(&mut self, n: u64, at: i64, rating: usize, ward: usize, theme: Option<Uuid>) {
        let (feedback, comment) = (id(Kind::Feedback, n), id(Kind::Comment, n));
        self.feedback.push([
            Val::Id(feedback),
            Val::Id(id(Kind::Contact, n)),
            Val::Int(at),
            Val::Word("en"),
            Val::Flag(false),
            Val::Text(area(ward)),
            Val::Word("benchmark"),
        ]);
        self.ratings.push([
            Val::Id(feedback),
            Val::Int(0),
            Val::Word("overall"),
            Val::Real(rating as f64 + 1.0),
            Val::Real(1.0),
            Val::Real(5.0),
        ]);
        self.comments.push([Val::Id(feedback), Val::Int(0), Val::Id(comment), Val::Word(WORDS[rating])]);
        let (sentiment, score) = match rating {
            0 | 1 => ("negative", -0.6),
            2 => ("neutral", 0.0),
            _ => ("positive", 0.6),
        };
        self.readings.push([
            Val::Id(comment),
            Val::Word("machine"),
            Val::Word("en"),
            Val::Word(sentiment),
            Val::Real(score),
            Val::Word("benchmark"),
            Val::Flag(true),
        ]);
        if let Some(theme) = theme {
            self.themes.push([Val::Id(comment), Val::Word("machine"), Val::Id(theme), Val::Int(0)]);
        }
    }

    fn tables(self) -> [Rows; 5] {
        [self.feedback, self.ratings, self.comments, self.readings, self.themes]
    }
}

fn touchpoint_id(service: usize, touchpoint: usize) -> Uuid {
    id(Kind::Touchpoint, (service * 10 + touchpoint) as u64)
}

/// Ways to reach somebody: kind, as it is shown, as it is compared.
fn reached(record: &Record) -> Vec<(&'static str, String, String)> {
    let emails = record.emails.iter().map(|email| ("email", email.clone(), email.to_lowercase()));
    let phones = record.phones.iter().map(|phone| {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        let normal = digits.strip_prefix('0').map(|rest| format!("+44{rest}")).unwrap_or_else(|| format!("+{digits}"));
        ("phone", phone.clone(), normal)
    });
    emails.chain(phones).collect()
}

/// A postcode as it is looked for.
fn in_one_way(postcode: &str) -> String {
    postcode.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn all(mut next: impl FnMut() -> Option<Vec<Rows>>) -> BTreeMap<&'static str, Vec<Vec<String>>> {
        let mut found: BTreeMap<_, Vec<Vec<String>>> = BTreeMap::new();
        while let Some(tables) = next() {
            for rows in tables {
                let lines = rows.values.chunks(rows.columns.len());
                let lines = lines.map(|row| row.iter().map(|value| format!("{value:?}")).collect());
                found.entry(rows.table).or_default().extend(lines);
            }
        }
        found
    }

    #[test]
    fn the_same_seed_makes_the_same_people_and_each_contact_is_of_a_record() {
        let make = || {
            let mut maker = Maker::new(7, 300, Vec::new());
            let people = all(|| maker.people());
            let contacts = all(|| maker.contacts());
            (people, contacts, all(|| maker.daily()))
        };
        let (people, contacts, daily) = make();
        assert_eq!((&people, &contacts), (&make().0, &make().1));
        // Somebody of a household may have no record.
        assert!((290..=300).contains(&people["persons"].len()), "{}", people["persons"].len());
        assert!((390..=600).contains(&people["records"].len()), "{}", people["records"].len());
        let records: BTreeSet<&String> = people["records"].iter().map(|row| &row[0]).collect();
        assert_eq!(contacts["contacts"].len(), 3_000);
        let of: BTreeSet<&String> = contacts["contacts"].iter().map(|row| &row[8]).collect();
        assert!(of.is_subset(&records) && of.len() > records.len() / 2, "{} of {}", of.len(), records.len());
        assert_eq!(contacts["feedback"].len(), 75);
        let counted = |row: &Vec<String>| row[6].trim_start_matches("Int(").trim_end_matches(')').parse::<i64>();
        let counted: i64 = daily["contacts_daily"].iter().map(|row| counted(row).expect("a number")).sum();
        assert_eq!(counted, 3_000);
    }
}
