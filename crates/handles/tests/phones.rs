//! Compares telephone numbers with what Google's library says of them (`phones.json`, made by `phones.py`).
//!
//! Where the two differ, a rule below says why that is meant. A difference without a rule fails, and so does a rule
//! without a difference: it would hide what comes later.

use std::collections::BTreeMap;

use commonweal_handles::{Country, Phone, PhoneKind, Problem, phone};
use serde_json::Value;

/// What the library says.
struct Said<'a> {
    text: &'a str,
    valid: bool,
    normal: Option<&'a str>,
    shown: Option<&'a str>,
    kind: Option<&'a str>,
    extension: Option<&'a str>,
}

impl<'a> Said<'a> {
    fn of(one: &'a Value) -> Self {
        let text = |key: &str| one[key].as_str();
        Self {
            text: text("text").expect("a text"),
            valid: one["valid"] == true,
            normal: text("normal"),
            shown: text("shown"),
            kind: text("kind"),
            extension: text("extension"),
        }
    }
}

/// Why a difference is meant, if it is.
fn reason(said: &Said, ours: &Result<Phone, Problem>) -> Option<&'static str> {
    match ours {
        Ok(phone) if !said.valid => {
            let fiction =
                ["+447700900", "+441632960", "+3532091"].iter().any(|range| phone.normal().starts_with(range));
            fiction.then_some("numbers set aside for fiction serve in demonstrations and tests")
        }
        Err(Problem::PhonePlaceholder) if said.valid => Some("a run of digits is a stand-in, though its range exists"),
        Err(Problem::PhoneCharacter) if said.valid => {
            let (letters, all) = (|c: char| c.is_ascii_alphabetic(), said.text);
            Some(if all.chars().any(|c| !c.is_ascii() && c.is_numeric()) {
                "digits of other scripts are typed by nobody here, but are used to slip past checks"
            } else if all.contains(letters) {
                "words are no part of a number: letters would be read as digits, or passed over"
            } else {
                "signs that stand in no number are slips"
            })
        }
        _ => None,
    }
}

fn kind_name(kind: PhoneKind) -> &'static str {
    match kind {
        PhoneKind::Mobile => "mobile",
        PhoneKind::Fixed => "fixed",
        PhoneKind::MobileOrFixed => "mobile or fixed",
        PhoneKind::Other => "other",
    }
}

#[test]
fn numbers_are_read_as_googles_library_reads_them() {
    let all: Vec<Value> = serde_json::from_str(include_str!("phones.json")).expect("JSON");
    assert!(all.len() > 350, "{} numbers", all.len());
    let (mut unexplained, mut reasons) = (Vec::new(), BTreeMap::<&str, usize>::new());
    for one in &all {
        let said = Said::of(one);
        let country = Country::from_key(one["country"].as_str().expect("a country")).expect("a known country");
        let ours = phone(said.text, country);
        let extension = said.extension.map(|extension| format!(" ext. {extension}")).unwrap_or_default();
        let same = match &ours {
            Ok(phone) => {
                said.valid
                    && Some(phone.normal()) == said.normal
                    && said.shown.map(|shown| format!("{shown}{extension}")).as_deref() == Some(phone.shown())
                    && Some(kind_name(phone.kind())) == said.kind
                    && phone.extension() == said.extension
            }
            Err(_) => !said.valid,
        };
        if same {
            continue;
        }
        match reason(&said, &ours) {
            Some(reason) => *reasons.entry(reason).or_default() += 1,
            None => {
                let ours = ours.map(|phone| format!("{} | {} | {:?}", phone.normal(), phone.shown(), phone.kind()));
                unexplained.push(format!("{one}: {ours:?}"));
            }
        }
    }
    assert!(unexplained.is_empty(), "{} of {}:\n{}", unexplained.len(), all.len(), unexplained.join("\n"));
    assert_eq!(reasons.len(), 5, "a rule without a difference? {reasons:#?}");
}
