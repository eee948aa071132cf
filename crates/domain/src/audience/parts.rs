//! Of which parts a rule is made, and what is left of it without each: a count is shown of a rule only where each of its parts
//! makes a difference of enough people. Otherwise the rule with the part and the rule without it, both counted, would tell of
//! those few.

use chrono::{Datelike, Months, NaiveDate};

use super::{ContactRule, Rule};

/// A part of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it stands, as a JSON pointer.
    pub at: String,
    /// The rule without it.
    pub without: Rule,
}

/// The rule as it is counted for whoever may not see exact figures: periods widened to whole months, because few people are
/// behind a day.
#[must_use]
pub fn protected(rule: &Rule) -> Rule {
    match rule {
        Rule::All(rules) => Rule::All(rules.iter().map(protected).collect()),
        Rule::Any(rules) => Rule::Any(rules.iter().map(protected).collect()),
        Rule::Not(rule) => Rule::Not(Box::new(protected(rule))),
        Rule::Contact(contact) => Rule::Contact(ContactRule {
            from: contact.from.map(first_of_month),
            to: contact.to.map(|to| if to.day() == 1 { to } else { later(first_of_month(to), 1) }),
            ..contact.clone()
        }),
        other => other.clone(),
    }
}

impl Rule {
    /// Its parts: each condition of a list, each thing that a condition asks for, each of several values, and the first and
    /// the last month of a period.
    pub fn parts(&self) -> Vec<Part> {
        let mut found = Vec::new();
        if !matches!(self, Self::All(_) | Self::Any(_)) {
            // Alone it is all that tells those who are meant from everybody.
            found.push(Part { at: "rule".to_owned(), without: Self::All(Vec::new()) });
        }
        self.parts_at("", &mut |at, without| found.push(Part { at, without }));
        found
    }

    fn parts_at(&self, at: &str, give: &mut dyn FnMut(String, Self)) {
        match self {
            Self::All(rules) | Self::Any(rules) => {
                let all = matches!(self, Self::All(_));
                let list = |rules: Vec<Self>| if all { Self::All(rules) } else { Self::Any(rules) };
                let kind = if all { "all" } else { "any" };
                for (n, rule) in rules.iter().enumerate() {
                    let place = format!("{at}/{kind}/{n}");
                    give(place.clone(), list(without(rules, n)));
                    rule.parts_at(&place, &mut |at, other| {
                        let mut rules = rules.clone();
                        rules[n] = other;
                        give(at, list(rules));
                    });
                }
            }
            Self::Not(rule) => {
                rule.parts_at(&format!("{at}/not"), &mut |at, other| give(at, Self::Not(Box::new(other))))
            }
            Self::Attribute(rule) => each(&rule.is, &format!("{at}/attribute/is"), |at, is| {
                give(at, Self::Attribute(super::AttributeRule { is, ..rule.clone() }));
            }),
            Self::District(all) => each(all, &format!("{at}/district"), |at, all| give(at, Self::District(all))),
            Self::Language(all) => each(all, &format!("{at}/language"), |at, all| give(at, Self::Language(all))),
            Self::Need(all) => each(all, &format!("{at}/need"), |at, all| give(at, Self::Need(all))),
            Self::Reach(all) => each(all, &format!("{at}/reach"), |at, all| give(at, Self::Reach(all))),
            Self::Contact(contact) => {
                contact.parts_at(&format!("{at}/contact"), |at, contact| give(at, Self::Contact(contact)));
            }
        }
    }
}

/// For each field: without it, and without each of its values where there are several.
macro_rules! fields {
    ($contact:expr, $at:expr, $give:expr, $($field:ident),+) => {$(
        if !$contact.$field.is_empty() {
            let at = format!("{}/{}", $at, stringify!($field));
            $give(at.clone(), ContactRule { $field: Vec::new(), ..$contact.clone() });
            each(&$contact.$field, &at, |at, $field| $give(at, ContactRule { $field, ..$contact.clone() }));
        }
    )+};
}

impl ContactRule {
    fn parts_at(&self, at: &str, mut give: impl FnMut(String, Self)) {
        fields!(self, at, give, direction, channel, function, service, touchpoint, theme, sentiment, rating, area);
        if self.from.is_some() || self.to.is_some() {
            give(format!("{at}/from"), Self { from: None, to: None, ..self.clone() });
        }
        if let Some(from) = self.from.map(|from| later(first_of_month(from), 1))
            && self.to.is_none_or(|to| from < to)
        {
            give(format!("{at}/from"), Self { from: Some(from), ..self.clone() });
        }
        if let Some(to) = self.to.map(|to| first_of_month(to.pred_opt().unwrap_or(to)))
            && self.from.is_none_or(|from| from < to)
        {
            give(format!("{at}/to"), Self { to: Some(to), ..self.clone() });
        }
    }
}

fn each<T: Clone>(all: &[T], at: &str, mut give: impl FnMut(String, Vec<T>)) {
    if all.len() > 1 {
        (0..all.len()).for_each(|n| give(format!("{at}/{n}"), without(all, n)));
    }
}

fn without<T: Clone>(all: &[T], n: usize) -> Vec<T> {
    all.iter().enumerate().filter(|(at, _)| *at != n).map(|(_, one)| one.clone()).collect()
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

fn later(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(day)
}
