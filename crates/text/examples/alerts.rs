//! Says which alerts labelled texts raise: `cargo run -p commonweal-text --example alerts -- FILE`, lines of JSON with `text` and
//! `kinds`. What is missed, what is wrong, and how much of what should be found is.

use std::collections::BTreeMap;

use commonweal_text::{AlertKind, alerts};
use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("name a file")?;
    // Right, missed, wrong.
    let mut counts: BTreeMap<&str, [u32; 3]> = BTreeMap::new();
    for line in std::fs::read_to_string(file)?.lines() {
        let value: Value = serde_json::from_str(line)?;
        let text = value["text"].as_str().ok_or("a line without a text")?;
        let found = alerts(text);
        for kind in AlertKind::ALL.iter().map(|k| k.key()) {
            let should = value["kinds"].as_array().is_some_and(|all| all.iter().any(|k| k == kind));
            let place = match (found.iter().any(|a| a.kind.key() == kind), should) {
                (true, true) => 0,
                (false, true) => 1,
                (true, false) => 2,
                (false, false) => continue,
            };
            counts.entry(kind).or_default()[place] += 1;
            if place > 0 {
                println!("{} {kind}: {text}", ["", "missed", "wrong"][place]);
            }
        }
    }
    let all = counts.values().fold([0; 3], |sum, c| [sum[0] + c[0], sum[1] + c[1], sum[2] + c[2]]);
    let share = |part: u32, of: u32| f64::from(part) / f64::from(of.max(1));
    for (kind, [right, missed, wrong]) in counts.into_iter().chain([("all", all)]) {
        let (recall, precision) = (share(right, right + missed), share(right, right + wrong));
        println!("{kind}: recall {recall:.2} of {}, precision {precision:.2} ({wrong} wrong)", right + missed);
    }
    Ok(())
}
