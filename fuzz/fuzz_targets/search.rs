//! The search field takes any text: it is understood or refused, and words are found on whole characters.
#![no_main]

use commonweal_domain::Filter;
use commonweal_domain::search::{parse, tokens};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut end = 0;
    for token in tokens(text) {
        assert!(token.start >= end && token.start < token.end && !token.text.is_empty());
        assert!(text.get(token.start..token.end).is_some());
        end = token.end;
    }
    // What is refused is refused with a sentence for each fault.
    if let Err(errors) = parse(text, &mut Filter::default()) {
        assert!(!errors.0.is_empty());
    }
});
