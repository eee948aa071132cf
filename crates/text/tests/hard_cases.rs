//! Hard cases: what a reader of public comments has to bear. The bar is what the shipped models reach,
//! less a little; `cargo test -p commonweal-text --test hard_cases -- --nocapture` prints the table.

use std::collections::BTreeMap;

use commonweal_domain::Sentiment;
use commonweal_text::{Input, Reader};

#[test]
fn most_hard_cases_are_read_on_the_right_side() {
    let reader = Reader::default();
    let mut kinds: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for line in include_str!("data/hard_cases.tsv").lines().filter(|l| !l.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [side, kind, question, text] = cells[..] else { panic!("{line}") };
        let question = Some(question).filter(|q| *q != "-");
        let reading = reader.read(Input { text, question, ..Input::default() });
        let found = match reading.sentiment {
            Some(Sentiment::VeryNegative | Sentiment::Negative) => "-",
            Some(Sentiment::Neutral) => "0",
            Some(_) => "+",
            None => "?",
        };
        let entry = kinds.entry(kind).or_default();
        entry.1 += 1;
        if found == side {
            entry.0 += 1;
        } else {
            println!("{kind}: {text:?} is {side}, read as {found}");
        }
    }
    println!("| kind | right | of |\n| --- | ---: | ---: |");
    kinds.iter().for_each(|(kind, (right, of))| println!("| {kind} | {right} | {of} |"));
    let (right, of) = kinds.values().fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    println!("| all | {right} | {of} |");
    assert!(f64::from(right) / f64::from(of) >= 0.6, "{right} of {of}");
}
