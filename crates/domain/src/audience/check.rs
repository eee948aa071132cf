//! What is wrong with a rule.

use std::collections::BTreeSet;

use super::{BEST_STEP, ContactRule, MAX_CONDITIONS, MAX_DEPTH, MAX_TEXT, MAX_VALUES, Rule};
use crate::invalid::FieldErrors;
use crate::sentence;

/// What a rule can name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Names of what sources say of people.
    pub attributes: BTreeSet<String>,
    /// Keys of services.
    pub services: BTreeSet<String>,
    /// Keys of touchpoints.
    pub touchpoints: BTreeSet<String>,
    /// Keys of themes.
    pub themes: BTreeSet<String>,
}

impl Rule {
    /// What is wrong with it, if anything, each with its place as a JSON pointer.
    ///
    /// # Errors
    /// See above.
    pub fn check(&self, known: &Known) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        let depth = self.depth();
        if depth > MAX_DEPTH {
            let sentence = sentence!(
                "The rule has {depth} levels of `all`, `any` and `not` within each other; {most} are allowed. Put the same into \
                 fewer levels.",
                depth,
                most = MAX_DEPTH
            );
            errors.add("rule", "too_deep", sentence);
        }
        let found = self.conditions();
        if found > MAX_CONDITIONS {
            let sentence = sentence!(
                "The rule has {found} conditions; {most} are allowed. Leave some out, or name several values in one.",
                found,
                most = MAX_CONDITIONS
            );
            errors.add("rule", "too_many_conditions", sentence);
        }
        self.check_at("", known, &mut errors);
        errors.into_result(())
    }

    /// How many levels of `all`, `any` and `not` there are.
    pub fn depth(&self) -> usize {
        match self {
            Self::All(rules) | Self::Any(rules) => 1 + rules.iter().map(Self::depth).max().unwrap_or(0),
            Self::Not(rule) => 1 + rule.depth(),
            _ => 0,
        }
    }

    /// How many conditions it has.
    pub fn conditions(&self) -> usize {
        match self {
            Self::All(rules) | Self::Any(rules) => rules.iter().map(Self::conditions).sum(),
            Self::Not(rule) => rule.conditions(),
            _ => 1,
        }
    }

    fn check_at(&self, at: &str, known: &Known, errors: &mut FieldErrors) {
        match self {
            Self::All(rules) | Self::Any(rules) => {
                let kind = if matches!(self, Self::All(_)) { "all" } else { "any" };
                if rules.is_empty() {
                    errors.add(
                        format!("{at}/{kind}"),
                        "nothing_asked",
                        "There is no condition here. Say at least one thing that has to hold.",
                    );
                }
                for (n, rule) in rules.iter().enumerate() {
                    rule.check_at(&format!("{at}/{kind}/{n}"), known, errors);
                }
            }
            Self::Not(rule) => rule.check_at(&format!("{at}/not"), known, errors),
            Self::Attribute(rule) => {
                if !known.attributes.contains(&rule.name) {
                    let sentence = sentence!(
                        "No source says “{name}” of anybody. Choose one of: {known}.",
                        name = rule.name.as_str(),
                        known = listed(&known.attributes)
                    );
                    errors.add(format!("{at}/attribute/name"), "no_such_attribute", sentence);
                }
                values(&rule.is, &format!("{at}/attribute/is"), errors);
                texts(&rule.is, &format!("{at}/attribute/is"), errors);
            }
            Self::District(all) => {
                values(all, &format!("{at}/district"), errors);
                texts(all, &format!("{at}/district"), errors);
            }
            Self::Language(all) => {
                values(all, &format!("{at}/language"), errors);
                texts(all, &format!("{at}/language"), errors);
            }
            Self::Need(all) => values(all, &format!("{at}/need"), errors),
            Self::Reach(all) => values(all, &format!("{at}/reach"), errors),
            Self::Contact(rule) => rule.check_at(&format!("{at}/contact"), known, errors),
        }
    }
}

impl ContactRule {
    fn check_at(&self, at: &str, known: &Known, errors: &mut FieldErrors) {
        let lengths = [
            ("direction", self.direction.len()),
            ("channel", self.channel.len()),
            ("function", self.function.len()),
            ("service", self.service.len()),
            ("touchpoint", self.touchpoint.len()),
            ("theme", self.theme.len()),
            ("sentiment", self.sentiment.len()),
            ("rating", self.rating.len()),
            ("area", self.area.len()),
        ];
        for (field, found) in lengths {
            too_many(found, &format!("{at}/{field}"), errors);
        }
        let named = [
            ("service", "no_such_service", &self.service, &known.services),
            ("touchpoint", "no_such_touchpoint", &self.touchpoint, &known.touchpoints),
            ("theme", "no_such_theme", &self.theme, &known.themes),
        ];
        for (field, code, keys, known) in named {
            for (n, key) in keys.iter().enumerate().filter(|(_, key)| !known.contains(*key)) {
                let sentence = sentence!(
                    "There is no {what} “{key}”. Choose one of: {known}.",
                    what = field,
                    key = key.as_str(),
                    known = listed(known)
                );
                errors.add(format!("{at}/{field}/{n}"), code, sentence);
            }
        }
        for (n, step) in self.rating.iter().enumerate().filter(|(_, step)| !(1..=BEST_STEP).contains(*step)) {
            let sentence =
                sentence!("{step} is no step of a rating: they are 1 (worst) to 5.", step = u32::from(*step));
            errors.add(format!("{at}/rating/{n}"), "out_of_range", sentence);
        }
        texts(&self.area, &format!("{at}/area"), errors);
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from >= to
        {
            errors.add(
                format!("{at}/to"),
                "ends_before_it_begins",
                "The period ends before it begins. `to` is the first day that is not meant any more.",
            );
        }
    }
}

fn values<T>(all: &[T], at: &str, errors: &mut FieldErrors) {
    if all.is_empty() {
        errors.add(at, "nothing_asked", "No value is named here. Name at least one.");
    }
    too_many(all.len(), at, errors);
}

fn too_many(found: usize, at: &str, errors: &mut FieldErrors) {
    if found > MAX_VALUES {
        let sentence = sentence!("{found} values are named here; {most} are allowed.", found, most = MAX_VALUES);
        errors.add(at, "too_many", sentence);
    }
}

fn texts(all: &[String], at: &str, errors: &mut FieldErrors) {
    for (n, text) in all.iter().enumerate() {
        let length = text.chars().count();
        if text.trim().is_empty() {
            errors.add(format!("{at}/{n}"), "nothing_asked", "This value is empty. Leave it out.");
        } else if length > MAX_TEXT {
            let sentence = sentence!("This has {length} characters; {most} are allowed.", length, most = MAX_TEXT);
            errors.add(format!("{at}/{n}"), "too_long", sentence);
        }
    }
}

/// Some of what there is, so that a slip of the pen is found.
fn listed(known: &BTreeSet<String>) -> String {
    const MOST: usize = 12;
    if known.is_empty() {
        return "there are none yet".to_owned();
    }
    let some: Vec<&str> = known.iter().take(MOST).map(String::as_str).collect();
    let more = if known.len() > MOST { " …" } else { "" };
    format!("{}{more}", some.join(", "))
}
