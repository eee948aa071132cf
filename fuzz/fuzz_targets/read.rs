//! The whole reader: it never panics, and what it says of a comment holds together.
#![no_main]

use std::sync::LazyLock;

use commonweal_text::codeframe::{coder, public_services};
use commonweal_text::{Input, Reader};
use libfuzzer_sys::fuzz_target;

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::default().with_themes(coder(&public_services())));

fuzz_target!(|data: (&str, Option<&str>, Option<f64>)| {
    let (text, question, score) = data;
    let score = score.filter(|s| s.is_finite());
    let reading = READER.read(Input { text, question, score, language: None });
    assert!(reading.sentiment_score.is_none_or(|s| (-1.0..=1.0).contains(&s)));
    assert!(reading.confidence.is_none_or(|c| (0.0..=1.0).contains(&c)));
    assert!(reading.words.iter().all(|w| reading.redacted.contains(w.as_str())));
    assert!(reading.spans.is_sorted_by_key(|s| s.start));
    let again = READER.read(Input { text, question, score, language: None });
    assert_eq!(reading, again);
});
