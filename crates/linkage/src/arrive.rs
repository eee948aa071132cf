//! A record that arrives: to whom among those who are known does it belong?
//!
//! The many are not compared again. The caller brings the records that share a [blocking key](crate::blocking_keys) with
//! the new one, and all other records of the persons to whom those belong, so that a contradiction with any of them is
//! seen.

use crate::cluster::Thresholds;
use crate::model::Model;
use crate::record::Record;
use crate::score::{Scorer, Waterfall};
use crate::table::Table;

/// A record that is known, as the new one sees it.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What it says.
    pub record: &'a Record,
    /// To whom it belongs: any number, the same for records of one person.
    pub person: u64,
    /// Whether its holder and that of the new record both proved that the same handle is theirs.
    pub proved: bool,
    /// Whether somebody has decided that the new record and this one are of one person, or of two.
    pub decided: Option<bool>,
}

/// Why a record belongs to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// Somebody decided so.
    Decided,
    /// Both have proved that the same handle is theirs.
    Proved,
    /// What is known of both weighs enough.
    Weight,
}

/// A known record that is or may be of the same person.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Its place among those that were given.
    pub known: usize,
    /// What speaks for it and against it.
    pub why: Waterfall,
}

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrived {
    /// The record that shows to whom it belongs, and why. Nothing when it is of somebody new.
    pub joins: Option<(Match, Because)>,
    /// For a person to decide: at most one record of each other person, what weighs most first.
    pub may_be: Vec<Match>,
}

/// What is known of one person beside the new record.
struct Person {
    number: u64,
    /// Place and weight of the record that agrees most.
    best: (usize, f64),
    proved: bool,
    same: bool,
    different: bool,
    contradicted: bool,
}

/// Finds the person of a new record. Decisions of people come first; then what was proved; then what the details weigh.
/// A guard or a contradiction with any record of a person leaves it to somebody to decide, and what somebody has decided
/// is not asked again.
pub fn arrive(model: &Model, new: &Record, known: &[Known<'_>], thresholds: Thresholds) -> Arrived {
    let table = Table::new(std::iter::once(new).chain(known.iter().map(|k| k.record)));
    let scorer = Scorer::new(model, &table);
    let place = |known: usize| u32::try_from(known + 1).unwrap_or(u32::MAX);
    let mut persons: Vec<Person> = Vec::new();
    for (n, one) in known.iter().enumerate() {
        let scored = scorer.score(0, place(n));
        let weight = f64::from(scored.weight);
        let person = match persons.iter_mut().find(|p| p.number == one.person) {
            Some(person) => person,
            None => {
                persons.push(Person {
                    number: one.person,
                    best: (n, f64::NEG_INFINITY),
                    proved: false,
                    same: false,
                    different: false,
                    contradicted: false,
                });
                let last = persons.len() - 1;
                &mut persons[last]
            }
        };
        person.proved |= one.proved;
        person.same |= one.decided == Some(true);
        person.different |= one.decided == Some(false);
        // What somebody said is the same can't be contradicted by a machine.
        person.contradicted |= one.decided != Some(true) && scored.contradicts();
        if weight > person.best.1 {
            person.best = (n, weight);
        }
    }
    // The surest first, and equal ones in the order in which they were given.
    persons.sort_by(|a, b| b.best.1.total_cmp(&a.best.1).then(a.best.0.cmp(&b.best.0)));
    let told = |person: &Person| Match { known: person.best.0, why: scorer.waterfall(0, place(person.best.0)) };
    let free = |person: &&Person| !person.different;
    let joined = persons
        .iter()
        .filter(free)
        .find(|p| p.same)
        .map(|p| (p, Because::Decided))
        .or_else(|| {
            // A handle that two persons have proved is shared, and shows nobody.
            let mut proved = persons.iter().filter(|p| p.proved);
            let only = proved.next().filter(|_| proved.next().is_none());
            only.filter(|p| !p.different && !p.contradicted).map(|p| (p, Because::Proved))
        })
        .or_else(|| {
            let heavy = |p: &&Person| p.best.1 >= thresholds.join && !p.contradicted;
            persons.iter().filter(free).find(heavy).map(|p| (p, Because::Weight))
        });
    let number = joined.map(|(person, _)| person.number);
    let may_be = persons
        .iter()
        .filter(|p| Some(p.number) != number && !p.different)
        .filter(|p| p.best.1 >= thresholds.keep || (p.proved && !p.contradicted))
        .map(told)
        .collect();
    Arrived { joins: joined.map(|(person, because)| (told(person), because)), may_be }
}

/// How well a record fits others of its own person.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The one that agrees most.
    pub best: Match,
    /// The one that contradicts most, if any does: both can't be of one person, or what they say speaks against it.
    pub against: Option<Match>,
}

impl Fit {
    /// Whether all that is known speaks against it: each other record makes it less likely than it was before looking.
    pub fn is_somebody_else(&self) -> bool {
        self.against.is_some() && self.best.why.weight < self.best.why.prior
    }
}

/// Whether what a source says anew still fits the other records of the person; nothing without others.
pub fn still_fits(model: &Model, new: &Record, others: &[Record]) -> Option<Fit> {
    let table = Table::new(std::iter::once(new).chain(others));
    let scorer = Scorer::new(model, &table);
    let place = |known: usize| u32::try_from(known + 1).unwrap_or(u32::MAX);
    let scores: Vec<_> = (0..others.len()).map(|n| scorer.score(0, place(n))).collect();
    let by_weight = |a: &usize, b: &usize| scores[*a].weight.total_cmp(&scores[*b].weight).then(b.cmp(a));
    let told = |known: usize| Match { known, why: scorer.waterfall(0, place(known)) };
    let best = told((0..others.len()).max_by(by_weight)?);
    let contradicts = |n: &usize| scores[*n].contradicts() || f64::from(scores[*n].weight) < best.why.prior;
    let against = (0..others.len()).filter(contradicts).min_by(by_weight).map(told);
    Some(Fit { best, against })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::BirthDate;

    fn person(given: &str, born: u32) -> Record {
        Record {
            given_names: Some(given.into()),
            surname: Some("Beazley".into()),
            birth_date: Some(BirthDate::from_digits(born)),
            address: vec!["12 Birubi Place".into()],
            postcode: Some("M1 1AE".into()),
            ..Record::default()
        }
    }

    fn known(record: &Record, person: u64) -> Known<'_> {
        Known { record, person, proved: false, decided: None }
    }

    fn arrived(new: &Record, all: &[Known<'_>]) -> Arrived {
        arrive(&Model::usual(1_000_000), new, all, Thresholds { join: 8.0, keep: 0.0 })
    }

    fn joins(arrived: &Arrived) -> Option<(usize, Because)> {
        arrived.joins.as_ref().map(|(m, because)| (m.known, *because))
    }

    #[test]
    fn a_record_joins_the_person_it_fits_and_nobody_else() {
        let (ann, other) = (person("Ann", 19_730_924), person("Rhys", 19_500_302));
        let found = arrived(&person("Annie", 19_730_924), &[known(&other, 1), known(&ann, 2)]);
        assert_eq!(joins(&found), Some((1, Because::Weight)));
        assert!(found.may_be.is_empty(), "{found:?}");
        assert_eq!(arrived(&ann, &[]), Arrived::default());
    }

    #[test]
    fn between_two_weights_a_person_decides() {
        // The same names and the same area alone.
        let ann = Record { address: Vec::new(), birth_date: None, ..person("Ann", 0) };
        let found = arrived(&ann, &[known(&ann, 1)]);
        let weight = found.may_be.first().map(|m| m.why.weight);
        assert!(joins(&found).is_none() && weight.is_some_and(|w| (0.0..8.0).contains(&w)), "{found:?}");
    }

    #[test]
    fn a_twin_joins_nobody_by_itself() {
        let (ann, zoe) = (person("Ann", 19_730_924), person("Zoe", 19_730_924));
        assert!(joins(&arrived(&zoe, &[known(&ann, 1)])).is_none());
        // Nor a person in whom a record without a name was taken for hers.
        let nameless = Record { given_names: None, ..person("", 19_730_924) };
        let found = arrived(&zoe, &[known(&ann, 1), known(&nameless, 1)]);
        assert!(joins(&found).is_none(), "{found:?}");
    }

    #[test]
    fn what_was_proved_joins_unless_two_proved_it_or_something_contradicts() {
        let bare = Record { emails: vec!["ann@example.org".into()], ..Record::default() };
        let proved = |record, person| Known { proved: true, ..known(record, person) };
        let ann = Record { emails: bare.emails.clone(), ..person("Ann", 19_730_924) };
        let rhys = Record { emails: bare.emails.clone(), ..person("Rhys", 19_500_302) };
        assert_eq!(joins(&arrived(&bare, &[proved(&ann, 1)])), Some((0, Because::Proved)));
        let shared = arrived(&bare, &[proved(&ann, 1), proved(&rhys, 2)]);
        assert!(joins(&shared).is_none() && shared.may_be.len() == 2, "{shared:?}");
        assert!(joins(&arrived(&rhys, &[proved(&ann, 1)])).is_none());
    }

    #[test]
    fn what_says_less_still_fits_and_what_says_otherwise_does_not() {
        let model = Model::usual(1_000_000);
        let fit = |new: &Record, others: &[Record]| still_fits(&model, new, others);
        let ann = person("Ann", 19_730_924);
        assert_eq!(fit(&ann, &[]), None);
        let less = Record { address: Vec::new(), postcode: None, birth_date: None, ..ann.clone() };
        let fits = fit(&less, std::slice::from_ref(&ann)).expect("one other");
        assert!(fits.against.is_none(), "{fits:?}");
        let somebody =
            Record { given_names: Some("Rhys".into()), surname: Some("Other".into()), ..person("", 19_500_302) };
        let somebody = Record { address: vec!["1 High Street".into()], postcode: Some("ZX1 1AA".into()), ..somebody };
        let fits = fit(&somebody, &[ann.clone(), less]).expect("two others");
        assert!(fits.is_somebody_else(), "{fits:?}");
        // A twin fits by all but the name.
        let fits = fit(&person("Zoe", 19_730_924), &[ann]).expect("one other");
        assert!(!fits.is_somebody_else() && fits.against.is_some_and(|m| m.why.guard.is_some()));
    }

    #[test]
    fn what_people_decided_comes_first_and_is_not_asked_again() {
        let (ann, zoe) = (person("Ann", 19_730_924), person("Zoe", 19_730_924));
        let said = |record, person, same| Known { decided: Some(same), ..known(record, person) };
        assert_eq!(joins(&arrived(&zoe, &[said(&ann, 1, true)])), Some((0, Because::Decided)));
        let found = arrived(&ann, &[said(&ann, 1, false), known(&ann, 1)]);
        assert_eq!(found, Arrived::default());
        let found = arrived(&ann, &[said(&ann, 1, false), known(&ann, 2)]);
        assert_eq!(joins(&found), Some((1, Because::Weight)));
    }
}
