//! Alerts on labelled texts in the style of British comments.

use std::collections::BTreeMap;

use commonweal_text::{AlertKind, alerts};
use serde_json::Value;

fn set() -> Vec<(String, Vec<String>)> {
    [include_str!("data/alerts.jsonl"), include_str!("data/alerts_plain_words.jsonl")]
        .iter()
        .flat_map(|file| file.lines())
        .map(|line| {
            let value: Value = serde_json::from_str(line).expect("each line is JSON");
            let kinds = value["kinds"].as_array().expect("kinds").iter();
            (
                value["text"].as_str().expect("text").to_owned(),
                kinds.map(|k| k.as_str().expect("a key").to_owned()).collect(),
            )
        })
        .collect()
}

#[test]
fn the_labelled_set_is_large_enough_to_say_something() {
    let set = set();
    assert!(set.iter().filter(|(_, kinds)| !kinds.is_empty()).count() >= 200);
    assert!(set.iter().filter(|(_, kinds)| kinds.is_empty()).count() >= 150);
}

#[test]
fn nine_in_ten_are_found_and_few_are_wrong() {
    // Right, missed, wrong.
    let mut counts: BTreeMap<String, [u32; 3]> = BTreeMap::new();
    let mut remarks = String::new();
    for (text, wanted) in set() {
        let found = alerts(&text);
        for kind in AlertKind::ALL.iter().map(|k| k.key()) {
            let (is, should) = (found.iter().any(|a| a.kind.key() == kind), wanted.iter().any(|w| w == kind));
            let count = counts.entry(kind.to_owned()).or_default();
            match (is, should) {
                (true, true) => count[0] += 1,
                (false, true) => count[1] += 1,
                (true, false) => count[2] += 1,
                (false, false) => continue,
            }
            if is != should {
                remarks += &format!("{} {kind}: {text}\n", if is { "wrong" } else { "missed" });
            }
        }
    }
    println!("{counts:?}\n{remarks}");
    let [right, missed, wrong] = counts.values().fold([0; 3], |sum, c| [sum[0] + c[0], sum[1] + c[1], sum[2] + c[2]]);
    let (recall, precision) =
        (f64::from(right) / f64::from(right + missed), f64::from(right) / f64::from(right + wrong));
    println!("recall {recall:.3}, precision {precision:.3}");
    assert!(recall >= 0.9, "recall {recall:.3}\n{remarks}");
    assert!(precision >= 0.85, "precision {precision:.3}\n{remarks}");
}

#[test]
fn alerts_are_in_order_and_on_whole_characters() {
    for (text, _) in set() {
        let found = alerts(&text);
        assert!(found.windows(2).all(|w| w[0].start <= w[1].start));
        assert!(found.iter().all(|a| text.get(a.start..a.end).is_some_and(|words| !words.is_empty())));
    }
}
