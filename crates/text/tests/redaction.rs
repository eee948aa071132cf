//! Redaction on the British set of labelled texts, and what holds for any text.

use std::collections::BTreeMap;

use commonweal_text::{KINDS, redact};
use proptest::prelude::*;
use serde_json::Value;

/// Kinds of which at least this part has to be found.
const REQUIRED: &[&str] =
    &["email", "phone", "card", "iban", "nhs_number", "ni_number", "ssn", "address", "postcode", "plate", "ip", "url"];
const RECALL: f64 = 0.95;

struct Labelled {
    text: String,
    spans: Vec<(String, usize, usize)>,
}

fn set() -> Vec<Labelled> {
    include_str!("data/uk_redaction.jsonl")
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).expect("each line is JSON");
            let number = |v: &Value| v.as_u64().expect("an offset") as usize;
            let spans = value["spans"]
                .as_array()
                .expect("spans")
                .iter()
                .map(|s| (s["kind"].as_str().expect("a kind").to_owned(), number(&s["start"]), number(&s["end"])));
            Labelled { text: value["text"].as_str().expect("text").to_owned(), spans: spans.collect() }
        })
        .collect()
}

#[test]
fn the_set_has_enough_texts_and_only_known_kinds() {
    let set = set();
    assert!(set.iter().filter(|l| !l.spans.is_empty()).count() >= 400);
    assert!(set.iter().filter(|l| l.spans.is_empty()).count() >= 150);
    assert!(set.iter().flat_map(|l| &l.spans).all(|(kind, ..)| KINDS.contains(&kind.as_str())));
}

#[test]
fn every_required_kind_is_found_nineteen_times_in_twenty() {
    let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for labelled in set() {
        let (_, found) = redact(&labelled.text);
        for (kind, start, end) in labelled.spans {
            let count = counts.entry(kind.clone()).or_default();
            count.0 += 1;
            count.1 += u32::from(found.iter().any(|f| f.kind == kind && f.start < end && start < f.end));
        }
    }
    for kind in REQUIRED {
        let (all, found) = counts[*kind];
        assert!(f64::from(found) >= RECALL * f64::from(all), "{kind}: {found} of {all}");
    }
    let (all, found) = counts["name"];
    assert!(f64::from(found) >= 0.9 * f64::from(all), "name: {found} of {all}");
}

#[test]
fn what_only_looks_like_personal_data_is_left() {
    let wrong: Vec<String> = set()
        .into_iter()
        .filter(|l| l.spans.is_empty())
        .map(|l| (redact(&l.text).0, l.text))
        .filter(|(redacted, text)| redacted != text)
        .map(|(redacted, text)| format!("{text} -> {redacted}"))
        .collect();
    assert!(wrong.len() <= 2, "{wrong:#?}");
}

/// Pieces that the rules look out for, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,11}",
        "[A-Za-z]{1,6}",
        "[ ,.:;@/()+'-]{1,2}",
        Just("call ".to_owned()),
        Just("NHS number ".to_owned()),
        Just("ref ".to_owned()),
        Just("Mr ".to_owned()),
        Just("Karen ".to_owned()),
        Just("High Street ".to_owned()),
        Just("NE1 4XY".to_owned()),
        Just("07700 900123".to_owned()),
        Just("4111 1111 1111 1111".to_owned()),
        Just("999 000 0018".to_owned()),
        Just("[phone] ".to_owned()),
        Just("\n".to_owned()),
        Just("é".to_owned()),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|p| p.concat())
}

proptest! {
    #[test]
    fn text_outside_the_spans_is_unchanged(text in pieces()) {
        let (redacted, spans) = redact(&text);
        let mut out = String::new();
        let mut done = 0;
        for span in &spans {
            prop_assert!(span.start >= done && span.start < span.end);
            out += &text[done..span.start];
            out += &format!("[{}]", span.kind);
            done = span.end;
        }
        out += &text[done..];
        prop_assert_eq!(out, redacted);
    }

    #[test]
    fn any_text_can_be_redacted(text in any::<String>()) {
        redact(&text);
    }

    #[test]
    fn reading_twice_finds_no_number_that_reading_once_left(text in pieces()) {
        let (redacted, _) = redact(&text);
        let numeric = ["card", "iban", "nhs_number", "ni_number", "phone", "ssn"];
        for span in redact(&redacted).1 {
            prop_assert!(!numeric.contains(&span.kind.as_str()), "{:?} in {:?}", span, redacted);
        }
    }
}
