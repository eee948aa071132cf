//! A rule as rows of a form and back: conditions that all hold, or of which one does, each of them or its contrary. What has more
//! levels, or several values where the form has one, is shown as JSON and changed over the API.

use chrono::NaiveDate;
use commonweal_domain::audience::{AttributeRule, ContactRule, Reach, Rule};
use commonweal_domain::{Channel, Direction, FieldErrors, Function, Need, Sentiment};

use crate::l10n;
use crate::ui::form::{Errors, Fields};

/// Most rows of the form.
pub(super) const MAX_ROWS: usize = 12;

/// The conditions that the form has, by the name that a rule has for each.
pub(super) const KINDS: [&str; 6] = ["contact", "attribute", "district", "language", "need", "reach"];

/// The name of a field of a row.
pub(super) fn field(name: &str, row: usize) -> String {
    format!("{name}-{row}")
}

/// The kinds of the rows that were sent.
pub(super) fn kinds(sent: &Fields) -> Vec<&'static str> {
    let kind = |row| KINDS.into_iter().find(|kind| *kind == sent.get(&field("kind", row)));
    (0..MAX_ROWS).map_while(kind).collect()
}

/// What a form says that was sent.
pub(super) fn rule(sent: &Fields) -> Result<Rule, FieldErrors> {
    let mut errors = FieldErrors::default();
    let rows = kinds(sent).into_iter().enumerate();
    let rules: Vec<Rule> = rows
        .map(|(row, kind)| {
            let rule = condition(kind, row, sent, &mut errors);
            if sent.get(&field("not", row)) == "yes" { Rule::Not(Box::new(rule)) } else { rule }
        })
        .collect();
    if rules.is_empty() {
        errors.add("add", "nothing_asked", l10n::console().t("audience-no-condition"));
    }
    errors.into_result(if sent.get("together") == "any" { Rule::Any(rules) } else { Rule::All(rules) })
}

fn condition(kind: &str, row: usize, sent: &Fields, errors: &mut FieldErrors) -> Rule {
    let get = |name: &str| sent.get(&field(name, row)).to_owned();
    let values = |name: &str| -> Vec<String> {
        get(name).split(',').map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
    };
    let chosen = |name: &str| -> Vec<String> { sent.all(&field(name, row)).map(str::to_owned).collect() };
    match kind {
        "attribute" => Rule::Attribute(AttributeRule { name: get("name"), is: values("values") }),
        "district" => Rule::District(values("values")),
        "language" => Rule::Language(values("values")),
        "need" => Rule::Need(chosen("need").iter().filter_map(|key| Need::from_key(key)).collect()),
        "reach" => Rule::Reach(chosen("reach").iter().filter_map(|key| Reach::from_key(key)).collect()),
        _ => {
            let one = |name: &str| Some(get(name)).filter(|value| !value.is_empty()).into_iter().collect::<Vec<_>>();
            let mut day = |name: &str| match get(name) {
                day if day.is_empty() => None,
                day => day.parse::<NaiveDate>().ok().or_else(|| {
                    errors.add(field(name, row), "not_a_date", l10n::console().t("audience-day-wrong"));
                    None
                }),
            };
            Rule::Contact(ContactRule {
                from: day("from"),
                // People name the last day that they mean.
                to: day("to").and_then(|last| last.succ_opt()),
                direction: one("direction").iter().filter_map(|key| Direction::from_key(key)).collect(),
                channel: one("channel").iter().filter_map(|key| Channel::from_key(key)).collect(),
                function: one("function").iter().filter_map(|key| Function::from_key(key)).collect(),
                service: one("service"),
                touchpoint: Vec::new(),
                theme: one("theme"),
                sentiment: one("sentiment").iter().filter_map(|key| Sentiment::from_key(key)).collect(),
                rating: one("rating").iter().filter_map(|step| step.parse().ok()).collect(),
                area: values("area"),
            })
        }
    }
}

/// A rule as the fields that would be sent for it; nothing where the form can't say it.
pub(super) fn fields(name: &str, rule: &Rule) -> Option<Fields> {
    let (together, rules) = match rule {
        Rule::All(rules) => ("all", rules.as_slice()),
        Rule::Any(rules) => ("any", rules.as_slice()),
        other => ("all", std::slice::from_ref(other)),
    };
    if rules.len() > MAX_ROWS {
        return None;
    }
    let mut sent = vec![("name".to_owned(), name.to_owned()), ("together".to_owned(), together.to_owned())];
    for (row, rule) in rules.iter().enumerate() {
        let (not, condition) = match rule {
            Rule::Not(rule) => (true, &**rule),
            other => (false, other),
        };
        let mut put = |name: &str, value: String| sent.push((field(name, row), value));
        if not {
            put("not", "yes".to_owned());
        }
        // A comma is what values are told apart by.
        let joined = |all: &[String]| all.iter().all(|value| !value.contains(',')).then(|| all.join(", "));
        match condition {
            Rule::Attribute(rule) => {
                put("kind", "attribute".to_owned());
                put("name", rule.name.clone());
                put("values", joined(&rule.is)?);
            }
            Rule::District(all) => {
                put("kind", "district".to_owned());
                put("values", joined(all)?);
            }
            Rule::Language(all) => {
                put("kind", "language".to_owned());
                put("values", joined(all)?);
            }
            Rule::Need(all) => {
                put("kind", "need".to_owned());
                all.iter().for_each(|need| put("need", need.key().to_owned()));
            }
            Rule::Reach(all) => {
                put("kind", "reach".to_owned());
                all.iter().for_each(|by| put("reach", by.key().to_owned()));
            }
            Rule::Contact(contact) => {
                put("kind", "contact".to_owned());
                let one = |all: Vec<String>| if all.len() > 1 { None } else { Some(all.into_iter().next()) };
                let keys = |all: &[&'static str]| all.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
                let several = [
                    ("direction", keys(&contact.direction.iter().map(|d| d.key()).collect::<Vec<_>>())),
                    ("channel", keys(&contact.channel.iter().map(|c| c.key()).collect::<Vec<_>>())),
                    ("function", keys(&contact.function.iter().map(|f| f.key()).collect::<Vec<_>>())),
                    ("service", contact.service.clone()),
                    ("theme", contact.theme.clone()),
                    ("sentiment", keys(&contact.sentiment.iter().map(|s| s.key()).collect::<Vec<_>>())),
                    ("rating", contact.rating.iter().map(u8::to_string).collect()),
                ];
                for (name, all) in several {
                    if let Some(value) = one(all)? {
                        put(name, value);
                    }
                }
                if !contact.touchpoint.is_empty() {
                    return None;
                }
                put("area", joined(&contact.area)?);
                let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
                put("from", day(contact.from));
                put("to", day(contact.to.and_then(|to| to.pred_opt())));
            }
            Rule::All(_) | Rule::Any(_) | Rule::Not(_) => return None,
        }
    }
    Some(Fields(sent))
}

/// Fields after a row was added or taken out.
pub(super) fn rearranged(sent: &Fields, act: &str) -> Fields {
    let rows = kinds(sent).len();
    if act == "add" {
        let mut more = sent.clone();
        if rows < MAX_ROWS && KINDS.contains(&sent.get("add")) {
            more.0.push((field("kind", rows), sent.get("add").to_owned()));
        }
        return more;
    }
    let Some(gone) = act.strip_prefix("remove-").and_then(|row| row.parse::<usize>().ok()) else { return sent.clone() };
    let moved = sent.0.iter().filter_map(|(name, value)| {
        let Some((of, row)) = name.rsplit_once('-').and_then(|(of, row)| Some((of, row.parse::<usize>().ok()?))) else {
            return Some((name.clone(), value.clone()));
        };
        match row.cmp(&gone) {
            std::cmp::Ordering::Less => Some((name.clone(), value.clone())),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some((field(of, row - 1), value.clone())),
        }
    });
    Fields(moved.collect())
}

/// What is wrong with a rule, at the fields of the rows: of `/all/2/not/contact/to` the field `to-2`.
pub(super) fn at_rows(mut errors: Errors) -> Errors {
    for item in &mut errors.items {
        let parts: Vec<&str> = item.field.split('/').filter(|part| *part != "not").collect();
        item.field = match parts.as_slice() {
            ["", "all" | "any", row, "attribute", "name", ..] => format!("name-{row}"),
            ["", "all" | "any", row, "contact", of, ..] => format!("{of}-{row}"),
            ["", "all" | "any", row, "attribute" | "district" | "language", ..] => format!("values-{row}"),
            ["", "all" | "any", row, of @ ("need" | "reach"), ..] => format!("{of}-{row}"),
            ["rule"] | ["", "all" | "any"] => "add".to_owned(),
            _ => item.field.clone(),
        };
    }
    errors
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> Fields {
        Fields(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_form_says_a_rule_and_a_rule_fills_the_form() {
        let form = sent(&[
            ("name", "Callers"),
            ("together", "any"),
            ("kind-0", "contact"),
            ("direction-0", "in"),
            ("channel-0", "phone"),
            ("service-0", "parking"),
            ("from-0", "2026-06-01"),
            ("to-0", "2026-06-30"),
            ("kind-1", "district"),
            ("not-1", "yes"),
            ("values-1", "ZX4, ZX5"),
            ("kind-2", "need"),
            ("need-2", "bsl"),
            ("need-2", "braille"),
        ]);
        let said = rule(&form).expect("a rule");
        let json = json!({"any": [
            {"contact": {"direction": ["in"], "channel": ["phone"], "service": ["parking"], "from": "2026-06-01", "to": "2026-07-01"}},
            {"not": {"district": ["ZX4", "ZX5"]}},
            {"need": ["bsl", "braille"]},
        ]});
        assert_eq!(serde_json::to_value(&said).expect("JSON"), json);
        let again = fields("Callers", &said).expect("the form can say it");
        assert_eq!(rule(&again).expect("a rule"), said);
        let nested = Rule::All(vec![Rule::Any(vec![said.clone()])]);
        assert!(fields("Nested", &nested).is_none());
        let several =
            Rule::Contact(ContactRule { channel: vec![Channel::Web, Channel::Phone], ..ContactRule::default() });
        assert!(fields("Several", &several).is_none());
    }

    #[test]
    fn rows_come_and_go_and_the_others_stay_as_they_are() {
        let form = sent(&[
            ("add", "reach"),
            ("kind-0", "need"),
            ("need-0", "bsl"),
            ("kind-1", "language"),
            ("values-1", "cy"),
        ]);
        let more = rearranged(&form, "add");
        assert_eq!(kinds(&more), ["need", "language", "reach"]);
        let fewer = rearranged(&more, "remove-0");
        assert_eq!((kinds(&fewer), fewer.get("values-0")), (vec!["language", "reach"], "cy"));
        assert_eq!(kinds(&rearranged(&fewer, "remove-9")), ["language", "reach"]);
    }

    #[test]
    fn what_is_wrong_stands_at_its_row() {
        let found = |pointer: &str| at_rows(FieldErrors::one(pointer, "x", "Wrong.").into()).items[0].field.clone();
        assert_eq!(found("/all/2/not/contact/to"), "to-2");
        assert_eq!(found("/any/0/attribute/is/1"), "values-0");
        assert_eq!(found("/all/1/contact/service/0"), "service-1");
        assert_eq!(found("name"), "name");
        assert_eq!(rule(&sent(&[])).expect_err("refused").0[0].field, "add");
        let wrong = sent(&[("kind-0", "contact"), ("from-0", "June")]);
        assert_eq!(rule(&wrong).expect_err("refused").0[0].field, "from-0");
    }
}
