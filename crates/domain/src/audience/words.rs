//! A rule in words, as whoever made it would say it.

use chrono::NaiveDate;

use super::{ContactRule, Rule};
use crate::contact::{Channel, Direction, Named};

/// What things are called that a rule names by their keys.
pub struct Names<'a> {
    /// A service.
    pub service: &'a dyn Fn(&str) -> String,
    /// A touchpoint.
    pub touchpoint: &'a dyn Fn(&str) -> String,
    /// A theme.
    pub theme: &'a dyn Fn(&str) -> String,
}

impl Rule {
    /// The rule as a sentence: “People who rang about Housing repairs between 1 June 2026 and 31 August 2026 and want letters in
    /// Welsh.”
    pub fn sentence(&self, names: &Names<'_>) -> String {
        match self {
            Self::All(rules) if rules.is_empty() => "Everybody.".to_owned(),
            Self::Any(rules) if rules.is_empty() => "Nobody.".to_owned(),
            _ => format!("People who {}.", self.says(names, false, true)),
        }
    }

    fn says(&self, names: &Names<'_>, not: bool, outermost: bool) -> String {
        let several = |rules: &[Self], and: bool| {
            let said: Vec<String> =
                rules.iter().map(|rule| rule.says(names, not, rules.len() == 1 && outermost)).collect();
            let joined = said.join(if and != not { " and " } else { " or " });
            if outermost || said.len() == 1 { joined } else { format!("({joined})") }
        };
        let choose = |yes: &str, no: &str| (if not { no } else { yes }).to_owned();
        match self {
            Self::All(rules) => several(rules, true),
            Self::Any(rules) => several(rules, false),
            Self::Not(rule) => rule.says(names, !not, outermost),
            Self::Attribute(rule) => {
                format!("{} “{}: {}”", choose("have", "do not have"), rule.name, either(rule.is.iter().cloned()))
            }
            Self::District(all) => {
                format!("{} {}", choose("live in", "do not live in"), either(all.iter().map(|d| d.to_uppercase())))
            }
            Self::Language(all) => {
                let languages = either(all.iter().map(|code| language(code)));
                format!("{} {languages}", choose("want letters in", "do not want letters in"))
            }
            Self::Need(all) => format!("{} {}", choose("need", "do not need"), either(labels(all))),
            Self::Reach(all) => {
                format!("{} {}", choose("can be reached by", "can’t be reached by"), either(labels(all)))
            }
            Self::Contact(contact) => contact.says(names, not),
        }
    }
}

impl ContactRule {
    fn says(&self, names: &Names<'_>, not: bool) -> String {
        let (verb, by) = self.verb(not);
        let mut said = verb.to_owned();
        let mut add = |how: &str, what: String| {
            if !what.is_empty() {
                said.push_str(how);
                said.push_str(&what);
            }
        };
        if by {
            add(" by ", either(labels(&self.channel)));
        }
        add(" in the function ", either(self.function.iter().map(|f| f.label().to_owned())));
        add(" about ", either(self.service.iter().map(|key| (names.service)(key))));
        add(" at ", either(self.touchpoint.iter().map(|key| (names.touchpoint)(key))));
        add(" ", self.period());
        if self.asks_for_feedback() {
            let mut feedback = Vec::new();
            let mut tell = |how: &str, what: String| {
                if !what.is_empty() {
                    feedback.push(format!("{how}{what}"));
                }
            };
            tell("about ", either(self.theme.iter().map(|key| (names.theme)(key))));
            tell("that was ", either(labels(&self.sentiment)));
            tell("rated ", either(self.rating.iter().map(u8::to_string)));
            tell("from ", either(self.area.iter().cloned()));
            add(" and gave feedback ", feedback.join(", "));
        }
        said
    }

    /// What somebody did, and whether the channel has to be named besides.
    fn verb(&self, not: bool) -> (&'static str, bool) {
        let choose = |yes, no| if not { no } else { yes };
        match (self.direction.as_slice(), self.channel.as_slice()) {
            ([Direction::In], [Channel::Phone]) => (choose("rang", "did not ring"), false),
            ([Direction::In], [Channel::Letter]) => (choose("wrote a letter", "did not write a letter"), false),
            ([Direction::In], [Channel::InPerson]) => (choose("came in person", "did not come in person"), false),
            ([Direction::In], _) => (choose("contacted us", "did not contact us"), true),
            ([Direction::Out], _) => (choose("were contacted", "were not contacted"), true),
            _ => (choose("had a contact", "had no contact"), true),
        }
    }

    fn period(&self) -> String {
        match (self.from, self.to) {
            (None, None) => String::new(),
            (Some(from), None) => format!("since {}", day(from)),
            (None, Some(to)) => format!("before {}", day(to)),
            (Some(from), Some(to)) => {
                let last = to.pred_opt().unwrap_or(to);
                if last <= from {
                    format!("on {}", day(from))
                } else {
                    format!("between {} and {}", day(from), day(last))
                }
            }
        }
    }
}

fn labels<T: Named>(all: &[T]) -> impl Iterator<Item = String> {
    all.iter().map(|one| match one.label() {
        // Not those that are names or abbreviations.
        label if label.chars().skip(1).any(char::is_uppercase) => label.to_owned(),
        label => label.to_lowercase(),
    })
}

fn either(all: impl Iterator<Item = String>) -> String {
    all.collect::<Vec<_>>().join(" or ")
}

fn day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

fn language(code: &str) -> String {
    let known = [
        ("ar", "Arabic"),
        ("bn", "Bengali"),
        ("cy", "Welsh"),
        ("en", "English"),
        ("es", "Spanish"),
        ("fr", "French"),
        ("ga", "Irish"),
        ("gd", "Scottish Gaelic"),
        ("pa", "Punjabi"),
        ("pl", "Polish"),
        ("pt", "Portuguese"),
        ("ro", "Romanian"),
        ("so", "Somali"),
        ("uk", "Ukrainian"),
        ("ur", "Urdu"),
        ("zh", "Chinese"),
    ];
    let code = code.to_lowercase();
    known.iter().find(|(known, _)| *known == code).map_or_else(|| format!("“{code}”"), |(_, name)| (*name).to_owned())
}
