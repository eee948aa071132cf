//! How many people a rule means, as it may be shown. For whoever may not see exact figures:
//!
//! - periods are widened to whole months;
//! - a count is shown when it, everybody else, and the difference that each part of the rule makes reach the body's minimum, with
//!   noise and without; otherwise it is not told from nobody. So there are no two counts, of a rule and of the same rule with
//!   something added or left out, that differ by fewer people than that;
//! - it has the noise that its very set of people always has, however they were asked for, and is rounded.
//!
//! Figures of how many can be reached are protected likewise. Why: `docs/adr/015-audiences-are-counted-in-memory.md`.

use commonweal_domain::audience::{Audience, Part, Reach, Rule, protected};
use commonweal_domain::protect::{Cell, Noise, Protection, Sum, of_record};
use commonweal_domain::{FieldErrors, sentence};
use serde::Serialize;
use uuid::Uuid;

use super::count::Places;
use super::picture::Picture;
use super::rows::Bits;

/// Most parts of a rule that is counted protected: each costs a count.
const MAX_PARTS: usize = 240;

/// How many people a rule means.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AudienceCount {
    /// The rule in words, as it was counted.
    pub sentence: String,
    /// Whether periods were widened to whole months.
    pub widened: bool,
    /// How many people; nothing where that is not shown.
    pub count: Option<u64>,
    /// How many of them can be reached by each channel.
    pub reach: Vec<ReachCount>,
    /// Why the count is not shown, each with the place in the rule. Empty when it is.
    pub withheld: Vec<Withheld>,
    /// How it is protected; null for whoever sees exact figures.
    pub protection: Option<Protection>,
}

/// How many people can be reached by one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReachCount {
    /// Which channel.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub by: Reach,
    /// How many; nothing where that is not shown.
    pub count: Option<u64>,
}

/// Why a count is not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Withheld {
    /// The place in the rule, as a JSON pointer; `rule` for all of it.
    pub field: String,
    /// Stable code: `too_few`, `too_few_others`, `too_small_a_part`, `too_many_parts`.
    pub code: String,
    /// Full sentence with what to do.
    pub message: String,
}

/// An audience with its rule in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AudienceSeen {
    /// The audience.
    #[serde(flatten)]
    pub audience: Audience,
    /// Its rule in words.
    pub sentence: String,
}

/// What was counted: the count with its reaches, and why it is not shown.
pub(super) struct Counted {
    pub(super) count: Option<u64>,
    pub(super) reach: Vec<ReachCount>,
    pub(super) withheld: Vec<Withheld>,
}

impl Picture {
    /// Exact figures.
    pub(super) fn exact(&self, rule: &Rule, places: &Places) -> Counted {
        let mut rules = vec![rule.clone()];
        rules.extend(reached(rule));
        let mut sets = self.sets(&rules, places).into_iter();
        let count = sets.next().map(|set| set.count());
        let reach =
            Reach::ALL.iter().zip(sets).map(|(by, set)| ReachCount { by: *by, count: Some(set.count()) }).collect();
        Counted { count, reach, withheld: Vec::new() }
    }

    /// Protected figures of a rule whose periods are of whole months.
    pub(super) fn protected(&self, rule: &Rule, noise: &Noise, places: &Places) -> Counted {
        let parts = rule.parts();
        let hidden = |withheld| Counted {
            count: None,
            reach: Reach::ALL.iter().map(|by| ReachCount { by: *by, count: None }).collect(),
            withheld,
        };
        if parts.len() > MAX_PARTS {
            let message = sentence!(
                "The rule names {found} things together; {most} are looked at when people are counted. Name fewer values.",
                found = parts.len(),
                most = MAX_PARTS
            );
            let code = "too_many_parts".to_owned();
            return hidden(vec![Withheld { field: "rule".to_owned(), code, message: message.english }]);
        }
        let mut rules = vec![rule.clone(), Rule::All(Vec::new())];
        rules.extend(reached(rule));
        let reaches = rules.len();
        rules.extend(parts.iter().map(|part| part.without.clone()));
        let sets = self.sets(&rules, places);
        let (meant, everybody) = (&sets[0], &sets[1]);
        let beside = |all: &Bits, some: &Bits| {
            let mut left = all.clone();
            left.without(some);
            left
        };
        let few = |set: &Bits| self.shown(set, noise).is_none();
        if few(meant) {
            return hidden(vec![withheld("rule", "too_few", noise.minimum)]);
        }
        if few(&beside(everybody, meant)) {
            return hidden(vec![withheld("rule", "too_few_others", noise.minimum)]);
        }
        let mut why: Vec<Withheld> = Vec::new();
        for (Part { at, .. }, without) in parts.iter().zip(&sets[reaches..]) {
            // One of the two holds nobody: a part either adds people or takes them away.
            let (more, fewer) = (beside(meant, without), beside(without, meant));
            if few(&more) && few(&fewer) && why.iter().all(|w| w.field != *at) {
                why.push(withheld(at, "too_small_a_part", noise.minimum));
            }
        }
        if !why.is_empty() {
            return hidden(why);
        }
        let reach = Reach::ALL
            .iter()
            .zip(&sets[2..reaches])
            .map(|(by, set)| {
                let told = !few(&beside(meant, set));
                ReachCount { by: *by, count: self.shown(set, noise).filter(|_| told) }
            })
            .collect();
        Counted { count: self.shown(meant, noise), reach, withheld: Vec::new() }
    }

    /// A count as it may be shown by itself.
    fn shown(&self, set: &Bits, noise: &Noise) -> Option<u64> {
        let count = set.count();
        if count < noise.minimum {
            return None;
        }
        let key = set
            .iter()
            .fold(0_u64, |key, person| key.wrapping_add(of_record(number_of(self.persons.id(person)), noise.records)));
        noise.shown(Sum { count, noise: noise.of(Cell { count, key }) })
    }
}

/// The rule and a way to reach people, for each of them.
fn reached(rule: &Rule) -> impl Iterator<Item = Rule> + '_ {
    Reach::ALL.iter().map(|by| Rule::All(vec![rule.clone(), Rule::Reach(vec![*by])]))
}

fn number_of(id: Uuid) -> u64 {
    let (high, low) = id.as_u64_pair();
    high.rotate_left(32) ^ low
}

/// The rule as it is counted, and whether that is another one.
pub(super) fn as_counted(rule: &Rule, exact: bool) -> (Rule, bool) {
    if exact {
        return (rule.clone(), false);
    }
    let counted = protected(rule);
    let widened = counted != *rule;
    (counted, widened)
}

fn withheld(at: &str, code: &str, minimum: u64) -> Withheld {
    let message = match code {
        "too_few" => sentence!(
            "Fewer than {minimum} people are meant, or so near to that that they could be told. Ask for less, or for a longer \
             period.",
            minimum
        ),
        "too_few_others" => sentence!(
            "Everybody else beside those who are meant is fewer than {minimum} people, or so near to that that they could be \
             told. Ask for more.",
            minimum
        ),
        _ => sentence!(
            "This part of the rule makes a difference of fewer than {minimum} people, or so near to that that they could be \
             told: by the count with it and the count without it. Leave it out, or choose what more people share.",
            minimum
        ),
    };
    let told = FieldErrors::one(at, code, message).0.remove(0);
    Withheld { field: told.field, code: told.code, message: told.message }
}
