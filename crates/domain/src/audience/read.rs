//! Rules as JSON, read so that each thing wrong is told with its place.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{MAX_DEPTH, Rule};
use crate::invalid::FieldErrors;
use crate::sentence;

impl Rule {
    /// The rule that this JSON says.
    ///
    /// # Errors
    /// What is wrong, each with its place as a JSON pointer (`/all/1/contact`).
    pub fn read(json: &Value) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let rule = rule(json, "", 1, &mut errors);
        match rule {
            Some(rule) if errors.is_empty() => Ok(rule),
            _ => Err(errors),
        }
    }

    /// The same of a text.
    ///
    /// # Errors
    /// What is wrong, each with its place; a text that is no JSON is told with its line.
    pub fn read_text(text: &str) -> Result<Self, FieldErrors> {
        let json: Value = serde_json::from_str(text).map_err(|e| {
            let place = format!("line {}, column {}", e.line(), e.column());
            let sentence = sentence!("The rule is not JSON: it can't be read on from {place}.", place);
            FieldErrors::one("rule", "not_json", sentence)
        })?;
        Self::read(&json)
    }
}

fn rule(json: &Value, at: &str, depth: usize, errors: &mut FieldErrors) -> Option<Rule> {
    // Said once, by the check of the whole rule; here it only keeps the reading from going on for ever.
    if depth > MAX_DEPTH + 4 {
        errors.add(at, "too_deep", "The rule has too many levels. Put the same into fewer.");
        return None;
    }
    let one = json.as_object().filter(|fields| fields.len() == 1).and_then(|fields| fields.iter().next());
    let Some((kind, value)) = one else {
        errors.add(
            place(at),
            "not_a_rule",
            "A rule is an object with one field: `all`, `any`, `not`, `attribute`, `district`, `language`, `need`, `reach` or \
             `contact`.",
        );
        return None;
    };
    let at = format!("{at}/{kind}");
    match kind.as_str() {
        "all" => Some(Rule::All(rules(value, &at, depth, errors)?)),
        "any" => Some(Rule::Any(rules(value, &at, depth, errors)?)),
        "not" => Some(Rule::Not(Box::new(rule(value, &at, depth + 1, errors)?))),
        "attribute" => Some(Rule::Attribute(field(value, &at, errors)?)),
        "district" => Some(Rule::District(field(value, &at, errors)?)),
        "language" => Some(Rule::Language(field(value, &at, errors)?)),
        "need" => Some(Rule::Need(field(value, &at, errors)?)),
        "reach" => Some(Rule::Reach(field(value, &at, errors)?)),
        "contact" => Some(Rule::Contact(field(value, &at, errors)?)),
        other => {
            let sentence = sentence!(
                "There is no condition `{name}`. There are `all`, `any`, `not`, `attribute`, `district`, `language`, `need`, \
                 `reach` and `contact`.",
                name = other
            );
            errors.add(at.as_str(), "no_such_condition", sentence);
            None
        }
    }
}

fn rules(json: &Value, at: &str, depth: usize, errors: &mut FieldErrors) -> Option<Vec<Rule>> {
    let Some(all) = json.as_array() else {
        errors.add(at, "not_a_rule", "This is a list of rules.");
        return None;
    };
    let read: Vec<Option<Rule>> =
        all.iter().enumerate().map(|(n, one)| rule(one, &format!("{at}/{n}"), depth + 1, errors)).collect();
    read.into_iter().collect()
}

fn field<T: DeserializeOwned>(json: &Value, at: &str, errors: &mut FieldErrors) -> Option<T> {
    match serde_json::from_value(json.clone()) {
        Ok(value) => Some(value),
        Err(e) => {
            let problem = e.to_string();
            errors.add(at, "not_a_rule", sentence!("This can't be read: {problem}.", problem));
            None
        }
    }
}

/// The place of a whole rule has no letters: it is called `rule` then.
pub(super) fn place(at: &str) -> &str {
    if at.is_empty() { "rule" } else { at }
}
