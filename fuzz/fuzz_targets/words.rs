//! Counting words of any text: it ends, every place lies on whole characters and holds the word it stands for,
//! and the figures of two bodies of text are numbers.
#![no_main]

use commonweal_domain::Budget;
use commonweal_insight::words::{Corpus, CorpusOptions, KeynessOptions, score};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (&str, &str)| {
    let corpora = [data.0, data.1].map(|text| {
        let mut corpus = Corpus::new(CorpusOptions { phrases: true, places: 2 });
        corpus.add(1, text);
        for term in corpus.terms(false) {
            assert!(!term.term.is_empty() && term.count > 0);
            for place in corpus.places(&term.term) {
                assert!(text.get(place.bytes).is_some_and(|word| !word.is_empty()));
            }
        }
        corpus
    });
    if let Ok(rows) = score(&corpora[0], &corpora[1], &KeynessOptions::default(), &Budget::unlimited()) {
        assert!(rows.iter().all(|row| row.z.is_finite() && row.g2.is_finite() && (0.0..=1.0).contains(&row.p)));
    }
});
