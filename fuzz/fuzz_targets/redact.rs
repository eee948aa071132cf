//! Redaction of any text: spans in order, inside, on whole characters; the text unchanged outside
//! them; and nothing numeric left that a second redaction would take.
#![no_main]

use commonweal_text::redact;
use libfuzzer_sys::fuzz_target;

/// Kinds whose digits say what they are.
const NUMERIC: &[&str] = &["card", "iban", "nhs_number", "ni_number", "phone", "ssn"];

fuzz_target!(|text: &str| {
    let (redacted, spans) = redact(text);
    let mut out = String::new();
    let mut done = 0;
    for span in &spans {
        assert!(span.start >= done && span.start < span.end, "spans in order and not empty");
        out += &text[done..span.start];
        out += &format!("[{}]", span.kind);
        done = span.end;
    }
    out += &text[done..];
    assert_eq!(out, redacted, "unchanged outside the spans");
    for span in redact(&redacted).1 {
        let left = &redacted[span.start..span.end];
        assert!(!NUMERIC.contains(&span.kind.as_str()), "{} {left:?} was left in {redacted:?}", span.kind);
    }
});
