//! Alerts of any text: in order, inside, on whole characters, none of one kind overlapping.
#![no_main]

use commonweal_text::{AlertKind, alerts};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let found = alerts(text);
    assert!(found.windows(2).all(|w| w[0].start <= w[1].start));
    for alert in &found {
        assert!(!text[alert.start..alert.end].is_empty());
    }
    for kind in AlertKind::ALL {
        let of_kind: Vec<_> = found.iter().filter(|a| a.kind == *kind).collect();
        assert!(of_kind.windows(2).all(|w| w[0].end <= w[1].start));
    }
});
