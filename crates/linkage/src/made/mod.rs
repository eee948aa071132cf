//! People who do not exist, with their records and the truth of whose each is: for tests, for measuring, for trying
//! out. The same seed makes the same people.
//!
//! [`Population`] is a town of households: couples who mostly share surname, home and sometimes an email address or a
//! telephone; children; sons named after their fathers; twins now and then. Each person has one to four records, made at
//! different times: people move, marry, get another address of email or another number, go by a short form, write an
//! initial; whoever keys it in mistypes, swaps names or day and month, or leaves something out. How often is said beside each
//! chance in the code. [`cases`] makes the hard cases alone, and [`febrl_like`] records as the FEBRL generator does: each
//! field corrupted by itself, with a number that is seldom wrong; [`febrl()`] reads what that generator itself made.

mod errors;
mod febrl;
mod names;
mod places;

use commonweal_random::Random;

use crate::record::{BirthDate, ExternalId, Record};
use errors::{date_slip, short_form, typo};
pub use febrl::febrl;
use names::{BEGINNINGS, ENDINGS, MEN, MIDDLES, SURNAMES, WOMEN};
use places::{KINDS, STREETS, TOWNS};

/// Records, and the number of the person of each.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// The records.
    pub records: Vec<Record>,
    /// Whose each is.
    pub truth: Vec<u32>,
}

/// Which hard case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Families of four who share surname, home, email and telephone. Half of the records have no date of birth.
    Families,
    /// Pairs of twins who share surname, home, telephone and date of birth, their names not alike.
    Twins,
    /// Homes of 40 residents with one address, one email, one telephone. Half of the records have no date of birth.
    CareHomes,
}

#[derive(Clone, Debug)]
struct Home {
    address: String,
    town: &'static str,
    postcode: String,
    phone: String,
}

#[derive(Clone, Debug)]
struct Person {
    number: u32,
    given: String,
    middle: Option<String>,
    surname: String,
    born: BirthDate,
    home: Home,
    email: Option<String>,
    phone: String,
}

/// A population that gives its records household by household, so that a million need not be held.
#[derive(Clone, Debug)]
pub struct Population {
    random: Random,
    persons: u32,
    records: u32,
    waiting: Vec<(Record, u32)>,
}

impl Population {
    /// People who begin with this seed.
    pub fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), persons: 0, records: 0, waiting: Vec::new() }
    }

    /// So many records.
    pub fn take_records(self, records: usize) -> Made {
        let (records, truth) = self.take(records).unzip();
        Made { records, truth }
    }

    /// A name of a list whose first ones are frequent (Zipf's law, nearly).
    fn frequent(&mut self, all: &'static [&'static str]) -> &'static str {
        let rank = (all.len() as f64 + 1.0).powf(self.random.unit()) - 1.0;
        all[(rank as usize).min(all.len() - 1)]
    }

    fn surname(&mut self) -> String {
        if self.random.chance(0.5) {
            return self.frequent(SURNAMES).to_owned();
        }
        let parts = [BEGINNINGS, MIDDLES, ENDINGS].map(|list| *self.random.one_of(list));
        parts.concat()
    }

    fn given(&mut self) -> String {
        let list = if self.random.chance(0.5) { WOMEN } else { MEN };
        // The most frequent name is that of one in twenty women or men.
        if self.random.chance(0.25) { self.frequent(list).to_owned() } else { (*self.random.one_of(list)).to_owned() }
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.random.below(10) as u8)).collect()
    }

    fn home(&mut self) -> Home {
        let (town, area) = *self.random.one_of(TOWNS);
        let letter = |random: &mut Random| char::from(*random.one_of(b"ABDEFGHJLNPQRSTUWXYZ"));
        let postcode = format!(
            "{area}{} {}{}{}",
            1 + self.random.below(20),
            self.random.below(10),
            letter(&mut self.random),
            letter(&mut self.random)
        );
        let kind = self.random.one_of(KINDS).0;
        let street = format!("{} {} {kind}", 1 + self.random.below(150), self.frequent(STREETS));
        let flat = self.random.chance(0.15).then(|| format!("Flat {}, ", 1 + self.random.below(30)));
        let phone = format!("0{}", self.digits(10));
        Home { address: flat.unwrap_or_default() + &street, town, postcode, phone }
    }

    fn born(&mut self, from: u32, to: u32) -> BirthDate {
        let year = from + u32::try_from(self.random.below((to - from) as usize)).unwrap_or(0);
        let month = 1 + u32::try_from(self.random.below(12)).unwrap_or(0);
        let day = 1 + u32::try_from(self.random.below(28)).unwrap_or(0);
        BirthDate::from_digits(year * 10_000 + month * 100 + day)
    }

    fn person(&mut self, surname: &str, home: &Home, born: BirthDate) -> Person {
        self.persons += 1;
        let given = self.given();
        let middle = self.random.chance(0.5).then(|| self.given());
        let email = self.random.chance(0.75).then(|| self.email(&given, surname));
        let phone = if self.random.chance(0.7) { format!("07{}", self.digits(9)) } else { home.phone.clone() };
        Person {
            number: self.persons,
            given,
            middle,
            surname: surname.to_owned(),
            born,
            home: home.clone(),
            email,
            phone,
        }
    }

    fn email(&mut self, given: &str, surname: &str) -> String {
        let surname: String = surname.chars().filter(char::is_ascii_alphabetic).collect();
        let provider = *self.random.one_of(&["example.org", "example.com", "example.net", "mail.example"]);
        let number = self.digits(3);
        match self.random.below(3) {
            0 => format!("{given}.{surname}{number}@{provider}").to_lowercase(),
            1 => format!("{}{surname}{number}@{provider}", &given[..1]).to_lowercase(),
            _ => {
                format!("{}{number}@{provider}", *self.random.one_of(&["sunny", "happy", "lucky", "biker", "gardener"]))
            }
        }
    }

    /// A household, its persons not yet on record.
    fn household(&mut self) -> Vec<Person> {
        let home = self.home();
        let surname = self.surname();
        let born = self.born(1935, 1998);
        let mut people = vec![self.person(&surname, &home, born)];
        // Two in three live with somebody, three in four of them of one surname.
        if self.random.chance(0.66) {
            let other = if self.random.chance(0.75) { surname.clone() } else { self.surname() };
            let born = self.born(born.year().saturating_sub(4).max(1930), born.year() + 5);
            let partner = self.person(&other, &home, born);
            people.push(partner);
            // A quarter of couples has one address of email for both.
            if self.random.chance(0.25) {
                people[1].email = people[0].email.clone();
            }
            let children = self.random.below(4).saturating_sub(1);
            for n in 0..children {
                let born = self.born(people[0].born.year() + 20, people[0].born.year() + 38);
                let mut child = self.person(&surname, &home, born);
                child.phone = home.phone.clone();
                if self.random.chance(0.05) {
                    child.given = people[0].given.clone();
                }
                // One birth in seventy is of twins.
                if n == 1 && self.random.chance(0.03) {
                    child.born = people[2].born;
                }
                people.push(child);
            }
        }
        people
    }

    /// What has changed in somebody's life since the record before.
    fn live(&mut self, person: &mut Person) {
        if self.random.chance(0.12) {
            person.home = self.home();
            person.phone = if self.random.chance(0.7) { person.phone.clone() } else { person.home.phone.clone() };
        }
        if self.random.chance(0.02) {
            person.surname = self.surname();
        }
        if self.random.chance(0.08) {
            person.email = Some(self.email(&person.given.clone(), &person.surname.clone()));
        }
        if self.random.chance(0.06) {
            person.phone = format!("07{}", self.digits(9));
        }
    }

    /// A record of somebody as somebody wrote it down.
    fn record(&mut self, person: &Person) -> Record {
        self.records += 1;
        let random = &mut self.random;
        let mut given = person.given.clone();
        let mut surname = person.surname.clone();
        if random.chance(0.06) {
            given = short_form(&given).map_or(given, str::to_owned);
        } else if random.chance(0.03) {
            given = given.chars().take(1).collect();
        } else if let Some(middle) = person.middle.as_ref().filter(|_| random.chance(0.15)) {
            given = format!("{given} {middle}");
        }
        if random.chance(0.03) {
            given = typo(random, &given);
        }
        if random.chance(0.04) {
            surname = typo(random, &surname);
        }
        if random.chance(0.01) {
            std::mem::swap(&mut given, &mut surname);
        }
        if random.chance(0.1) {
            given = given.to_uppercase();
            surname = surname.to_uppercase();
        }
        let mut born = person.born;
        if random.chance(0.02) {
            born = BirthDate::from_digits(date_slip(random, born.digits()));
        } else if random.chance(0.01) {
            born = BirthDate::from_digits(born.year() * 10_000 + born.day() * 100 + born.month());
        }
        let mut address = person.home.address.clone();
        if random.chance(0.3)
            && let Some((long, short)) = KINDS.iter().find(|(long, _)| address.ends_with(long))
        {
            address = address.replace(long, short);
        }
        if random.chance(0.06) {
            address = typo(random, &address);
        }
        let mut postcode = person.home.postcode.clone();
        if random.chance(0.03) {
            postcode = typo(random, &postcode);
        }
        let spaced = random.chance(0.5);
        let phone = if spaced { person.phone.clone() } else { format!("+44 {}", &person.phone[1..]) };
        let mut keep = |share: f64| random.chance(share);
        Record {
            id: format!("r{}", self.records),
            given_names: keep(0.98).then_some(given),
            surname: keep(0.99).then_some(surname),
            birth_date: keep(0.85).then_some(born),
            address: if keep(0.85) { vec![address] } else { Vec::new() },
            town: keep(0.8).then(|| person.home.town.to_owned()),
            postcode: keep(0.88).then_some(postcode),
            emails: person.email.iter().filter(|_| keep(0.6)).cloned().collect(),
            phones: if keep(0.55) { vec![phone] } else { Vec::new() },
            ..Record::default()
        }
    }

    /// The records of one person over time.
    fn records_of(&mut self, mut person: Person, records: usize) {
        for n in 0..records {
            if n > 0 {
                self.live(&mut person);
            }
            let record = self.record(&person);
            self.waiting.push((record, person.number));
        }
    }
}

impl Iterator for Population {
    type Item = (Record, u32);

    fn next(&mut self) -> Option<Self::Item> {
        while self.waiting.is_empty() {
            for person in self.household() {
                // Three in five have one record, the others two to four: three records for two persons.
                let records =
                    [1, 1, 1, 1, 1, 1, 2, 2, 2, 3][self.random.below(10)] + usize::from(self.random.chance(0.1));
                self.records_of(person, records);
            }
            self.waiting.reverse();
        }
        self.waiting.pop()
    }
}

/// Hard cases alone, so many groups of people; each person has two records.
pub fn cases(case: Case, groups: usize, seed: u64) -> Made {
    let mut people = Population::new(seed);
    for _ in 0..groups {
        let home = people.home();
        let surname = people.surname();
        let email = format!("{}{}@example.org", surname.to_lowercase().replace(' ', ""), people.digits(3));
        let twins = people.born(1940, 2015);
        let size = match case {
            Case::Families => 4,
            Case::Twins => 2,
            Case::CareHomes => 40,
        };
        let mut given: Vec<String> = Vec::new();
        for _ in 0..size {
            let surname = if case == Case::CareHomes { people.surname() } else { surname.clone() };
            let born = match case {
                Case::Twins => twins,
                Case::Families => people.born(1960, 2015),
                Case::CareHomes => people.born(1925, 1950),
            };
            let mut person = people.person(&surname, &home, born);
            // Parents don't give two children the same name; residents of a home may have it.
            while case != Case::CareHomes && given.contains(&person.given) {
                person.given = people.given();
            }
            given.push(person.given.clone());
            person.email = Some(email.clone());
            person.phone = home.phone.clone();
            for _ in 0..2 {
                let mut record = people.record(&person);
                if case != Case::Twins && people.random.chance(0.5) {
                    record.birth_date = None;
                }
                people.waiting.push((record, person.number));
            }
        }
    }
    let (records, truth) = people.waiting.into_iter().unzip();
    Made { records, truth }
}

/// Records as the FEBRL generator makes them: originals that have nothing in common, and duplicates of some with up to
/// four errors in any field, of any kind: slips, words torn apart, swapped names, another value in its place, nothing.
pub fn febrl_like(originals: usize, duplicates: usize, seed: u64) -> Made {
    let mut people = Population::new(seed);
    let mut made = Made::default();
    for n in 0..originals {
        let record = people.original(n);
        made.records.push(record);
        made.truth.push(u32::try_from(n).unwrap_or(u32::MAX));
    }
    for _ in 0..duplicates {
        let of = people.random.below(originals);
        let mut record = made.records[of].clone();
        for _ in 0..=people.random.below(4) {
            people.corrupt(&mut record);
        }
        record.id = format!("r{}", made.records.len());
        made.records.push(record);
        made.truth.push(u32::try_from(of).unwrap_or(u32::MAX));
    }
    made
}

impl Population {
    fn original(&mut self, n: usize) -> Record {
        let home = self.home();
        let mut keep = |share: f64| self.random.chance(share);
        let (named, dated, second) = (keep(0.97), keep(0.95), keep(0.7));
        let born = self.born(1900, 2000);
        let mut address = vec![home.address];
        if second {
            address.push(self.surname());
        }
        Record {
            id: format!("r{n}"),
            given_names: named.then(|| self.given()),
            surname: Some(self.surname()),
            birth_date: dated.then_some(born),
            address,
            town: Some(home.town.to_owned()),
            postcode: Some(format!("{}{}", 2 + self.random.below(5), self.digits(3))),
            external_ids: vec![ExternalId { scheme: "number".to_owned(), value: self.digits(7) }],
            ..Record::default()
        }
    }

    fn corrupt(&mut self, record: &mut Record) {
        let replaced = self.random.chance(0.25);
        match self.random.below(9) {
            0 | 1 => {
                let other = self.given();
                record.given_names = self.corrupted(record.given_names.take(), replaced, other);
            }
            2 | 3 => {
                let other = self.surname();
                record.surname = self.corrupted(record.surname.take(), replaced, other);
            }
            4 => std::mem::swap(&mut record.given_names, &mut record.surname),
            5 => {
                let other = self.home();
                let line = self.corrupted(record.address.pop(), replaced, other.address);
                record.address.extend(line);
                record.address.reverse();
            }
            6 => {
                let other = self.digits(4);
                record.postcode = self.corrupted(record.postcode.take(), replaced, other);
            }
            7 => {
                let other = self.born(1900, 2000);
                let slip = record.birth_date.map(|d| BirthDate::from_digits(date_slip(&mut self.random, d.digits())));
                record.birth_date = if replaced { Some(other) } else { slip };
            }
            _ => {
                let other = self.digits(7);
                if let Some(id) = record.external_ids.first_mut() {
                    id.value = self.corrupted(Some(std::mem::take(&mut id.value)), replaced, other).unwrap_or_default();
                }
            }
        }
    }

    fn corrupted(&mut self, value: Option<String>, replaced: bool, other: String) -> Option<String> {
        if self.random.chance(0.1) {
            None
        } else if replaced {
            Some(other)
        } else {
            value.map(|v| typo(&mut self.random, &v))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_people() {
        let (one, other) = (Population::new(3).take_records(500), Population::new(3).take_records(500));
        assert_eq!(one.records, other.records);
        assert_eq!(one.truth, other.truth);
        assert_ne!(one.records, Population::new(4).take_records(500).records);
        let persons = one.truth.iter().collect::<std::collections::BTreeSet<_>>().len();
        assert!((280..=400).contains(&persons), "{persons} persons");
    }

    #[test]
    fn hard_cases_are_as_they_are_described() {
        let twins = cases(Case::Twins, 10, 1);
        assert_eq!(twins.records.len(), 40);
        let homes = cases(Case::CareHomes, 2, 1);
        assert_eq!(homes.records.len(), 160);
        assert_eq!(homes.truth.iter().collect::<std::collections::BTreeSet<_>>().len(), 80);
    }
}
