//! Rules asked of the picture: many at once, because whether a count may be shown depends on what the rule without each of its
//! parts would count.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use commonweal_domain::audience::{ContactRule, Rule};
use commonweal_domain::{ServiceId, TouchpointId};
use commonweal_store::ContactKind;

use super::picture::{NOBODY, Of, Picture};
use super::rows::Bits;

/// Conditions looked at in one pass: one bit each.
const TOGETHER: usize = 64;

/// Ids of what rules name by keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    pub(super) services: HashMap<String, ServiceId>,
    pub(super) touchpoints: HashMap<String, TouchpointId>,
}

impl Picture {
    /// The persons that each of these rules means.
    pub(super) fn sets(&self, rules: &[Rule], places: &Places) -> Vec<Bits> {
        let mut conditions = Vec::new();
        rules.iter().for_each(|rule| gather(rule, &mut conditions));
        let mut seen: HashMap<&Rule, Bits> = HashMap::new();
        conditions.retain(|one| seen.insert(*one, Bits::default()).is_none());
        let (contacts, facts): (Vec<&Rule>, Vec<&Rule>) =
            conditions.into_iter().partition(|one| matches!(one, Rule::Contact(_)));
        for some in facts.chunks(TOGETHER) {
            let found = self.by_what_is_said(some);
            seen.extend(some.iter().copied().zip(found));
        }
        for some in contacts.chunks(TOGETHER) {
            let rules: Vec<&ContactRule> =
                some.iter().filter_map(|one| if let Rule::Contact(rule) = one { Some(rule) } else { None }).collect();
            let found = self.by_contacts(&rules, places);
            seen.extend(some.iter().copied().zip(found));
        }
        let everybody = self.everybody();
        rules.iter().map(|rule| put_together(rule, &everybody, &seen)).collect()
    }

    /// Who meets each of these conditions on what sources say, at most [`TOGETHER`].
    fn by_what_is_said(&self, conditions: &[&Rule]) -> Vec<Bits> {
        let mut met = vec![0_u64; self.values()];
        for (n, condition) in conditions.iter().enumerate() {
            let mut meets = |of: Of, name: &str, value: &str| {
                if let Some(code) = self.code(of, name, value) {
                    met[code as usize] |= 1 << n;
                }
            };
            match condition {
                Rule::Attribute(rule) => rule.is.iter().for_each(|value| meets(Of::Attribute, &rule.name, value)),
                Rule::District(all) => all.iter().for_each(|value| meets(Of::District, "", value)),
                Rule::Language(all) => all.iter().for_each(|value| meets(Of::Language, "", value)),
                Rule::Need(all) => all.iter().for_each(|need| meets(Of::Need, "", need.key())),
                Rule::Reach(all) => all.iter().for_each(|by| meets(Of::Reach, "", by.key())),
                Rule::All(_) | Rule::Any(_) | Rule::Not(_) | Rule::Contact(_) => {}
            }
        }
        let mut of_persons = vec![0_u64; self.persons.len()];
        for (slot, person) in (0_u32..).zip(&self.person_of) {
            if *person != NOBODY {
                of_persons[*person as usize] |=
                    self.facts.of(slot).iter().fold(0, |all, code| all | met[*code as usize]);
            }
        }
        by_bit(&of_persons, conditions.len())
    }

    /// Who has a contact as each of these asks for, at most [`TOGETHER`].
    fn by_contacts(&self, rules: &[&ContactRule], places: &Places) -> Vec<Bits> {
        let which = |asks: bool| {
            rules
                .iter()
                .enumerate()
                .filter(|(_, rule)| rule.asks_for_feedback() == asks)
                .fold(0, |all, (n, _)| all | 1 << n)
        };
        let (of_contacts, of_feedback): (u64, u64) = (which(false), which(true));
        let kinds: Vec<u64> = self.kinds.iter().map(|kind| bits(rules, |rule| fits(rule, kind, places))).collect();
        let (first, days) = self.by_day(rules);
        let last = days.len() as i32 - 1;
        let on = |day: i32| days[day.saturating_sub(first).clamp(0, last) as usize];
        let mut of_persons = vec![0_u64; self.persons.len()];
        if of_contacts != 0 {
            for (slot, person) in (0_u32..).zip(&self.person_of) {
                let mut met = 0;
                for contact in self.contacts.of(slot) {
                    met |= kinds[contact.kind as usize] & on(contact.day);
                }
                if *person != NOBODY {
                    of_persons[*person as usize] |= met & of_contacts;
                }
            }
        }
        if of_feedback != 0 {
            let sets = self.by_set(rules);
            for (slot, person) in (0_u32..).zip(&self.person_of) {
                let mut met = 0;
                for said in self.said.of(slot) {
                    met |= kinds[said.contact.kind as usize] & on(said.contact.day) & sets[said.set as usize];
                }
                if *person != NOBODY {
                    of_persons[*person as usize] |= met & of_feedback;
                }
            }
        }
        by_bit(&of_persons, rules.len())
    }

    /// The first of the days that make a difference, and for each of them whose period it lies in; what is before or after them
    /// is as the first or the last.
    fn by_day(&self, rules: &[&ContactRule]) -> (i32, Vec<u64>) {
        let day = |day: NaiveDate| day.num_days_from_ce() - NaiveDate::default().num_days_from_ce();
        let (first, last) = (self.days.0.saturating_sub(1), self.days.1.saturating_add(1));
        let periods: Vec<Range<i32>> =
            rules.iter().map(|rule| rule.from.map_or(i32::MIN, day)..rule.to.map_or(i32::MAX, day)).collect();
        let on = |day: i32| {
            periods.iter().enumerate().filter(|(_, period)| period.contains(&day)).fold(0, |all, (n, _)| all | 1 << n)
        };
        (first, (first..=last).map(on).collect())
    }

    /// For each set of what feedback says, who asks for it.
    fn by_set(&self, rules: &[&ContactRule]) -> Vec<u64> {
        let codes = |of: Of, values: Vec<String>| -> Vec<u32> {
            values.iter().map(|value| self.code(of, "", value).unwrap_or(u32::MAX)).collect()
        };
        let asked: Vec<Vec<Vec<u32>>> = rules
            .iter()
            .map(|rule| {
                let keys: Vec<String> = rule.sentiment.iter().map(|s| s.key().to_owned()).collect();
                let steps: Vec<String> = rule.rating.iter().map(u8::to_string).collect();
                [
                    codes(Of::Theme, rule.theme.clone()),
                    codes(Of::Sentiment, keys),
                    codes(Of::Rating, steps),
                    codes(Of::Area, rule.area.clone()),
                ]
                .into_iter()
                .filter(|codes| !codes.is_empty())
                .collect()
            })
            .collect();
        let fits = |set: &[u32], asked: &[Vec<u32>]| {
            asked.iter().all(|codes| codes.iter().any(|code| set.binary_search(code).is_ok()))
        };
        let of = |set: &[u32]| {
            asked.iter().enumerate().filter(|(_, asked)| fits(set, asked)).fold(0, |all, (n, _)| all | 1_u64 << n)
        };
        self.sets.iter().map(|set| of(set)).collect()
    }
}

fn gather<'r>(rule: &'r Rule, found: &mut Vec<&'r Rule>) {
    match rule {
        Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| gather(rule, found)),
        Rule::Not(rule) => gather(rule, found),
        condition => found.push(condition),
    }
}

fn put_together(rule: &Rule, everybody: &Bits, conditions: &HashMap<&Rule, Bits>) -> Bits {
    match rule {
        Rule::All(rules) => {
            let mut met = everybody.clone();
            rules.iter().for_each(|rule| met.and(&put_together(rule, everybody, conditions)));
            met
        }
        Rule::Any(rules) => {
            let mut met = Bits::default();
            rules.iter().for_each(|rule| met.or(&put_together(rule, everybody, conditions)));
            met
        }
        Rule::Not(rule) => {
            let mut met = everybody.clone();
            met.without(&put_together(rule, everybody, conditions));
            met
        }
        condition => conditions.get(condition).cloned().unwrap_or_default(),
    }
}

fn bits<T>(all: &[T], is: impl Fn(&T) -> bool) -> u64 {
    all.iter().enumerate().filter(|(_, one)| is(one)).fold(0, |all, (n, _)| all | 1 << n)
}

fn fits(rule: &ContactRule, kind: &ContactKind, places: &Places) -> bool {
    fn one_of<T: PartialEq>(all: &[T], value: T) -> bool {
        all.is_empty() || all.contains(&value)
    }
    let service = |key: &String| kind.service.is_some() && places.services.get(key).copied() == kind.service;
    let touchpoint =
        |key: &String| kind.touchpoint.is_some() && places.touchpoints.get(key).copied() == kind.touchpoint;
    one_of(&rule.direction, kind.direction)
        && one_of(&rule.channel, kind.channel)
        && one_of(&rule.function, kind.function)
        && (rule.service.is_empty() || rule.service.iter().any(service))
        && (rule.touchpoint.is_empty() || rule.touchpoint.iter().any(touchpoint))
}

/// From a word of bits for each person to a set of persons for each bit.
fn by_bit(of_persons: &[u64], bits: usize) -> Vec<Bits> {
    let mut sets = vec![Bits::none(of_persons.len()); bits];
    for (person, met) in (0_u32..).zip(of_persons) {
        let mut left = *met;
        while left != 0 {
            sets[left.trailing_zeros() as usize].add(person);
            left &= left - 1;
        }
    }
    sets
}
