//! The public's words against the body's.

use commonweal_domain::Budget;
use commonweal_insight::words::{Corpus, CorpusOptions, KeynessError, KeynessOptions, Prior, compare, score};

use crate::oracle::{Largest, number, table, whole};

fn corpora(phrases: bool) -> (Corpus, Corpus) {
    let options = CorpusOptions { phrases, ..CorpusOptions::default() };
    let (mut public, mut body) = (Corpus::new(options), Corpus::new(options));
    for row in table("words_input.csv") {
        let side = if row["side"] == "public" { &mut public } else { &mut body };
        side.add(whole(&row, "document"), &row["text"]);
    }
    (public, body)
}

#[test]
fn keyness_agrees_with_numpy_scipy_and_statsmodels() {
    let (public, body) = corpora(false);
    let rows = score(&public, &body, &KeynessOptions::default(), &Budget::unlimited()).expect("both sides have words");
    let totals = [public.total_words(), body.total_words(), rows.len() as u64];
    let expected: Vec<u64> = table("expected_words_totals.csv").iter().map(|row| number(row, "value") as u64).collect();
    assert_eq!(totals.to_vec(), expected);
    let mut largest = Largest::default();
    let mut compared = 0;
    for row in table("expected_words.csv") {
        let found = rows.iter().find(|found| found.term == row["word"]).expect("the word is known");
        for (what, value) in [
            ("public", found.public.count as f64),
            ("body", found.body.count as f64),
            ("public_documents", found.public.documents as f64),
            ("body_documents", found.body.documents as f64),
            ("log_odds", found.log_odds),
            ("z", found.z),
            ("g2", found.g2),
            ("p", found.p),
            ("q", found.q),
            ("log_ratio", found.log_ratio),
        ] {
            largest.see(&format!("{what} of {}", found.term), value, number(&row, what));
        }
        if number(&row, "p") > 0.0 {
            largest.relative(&format!("p of {}", found.term), found.p, number(&row, "p"));
        }
        compared += 1;
    }
    println!("{compared} words of {}", rows.len());
    largest.report("keyness", 1e-8);
}

#[test]
fn the_published_example_of_fightin_words_comes_out() {
    let (mut one, mut other) = (Corpus::new(CorpusOptions::default()), Corpus::new(CorpusOptions::default()));
    one.add(0, "the quick brown fox jumps over the lazy pig");
    other.add(0, "the lazy purple pig jumps over the lazier donkey");
    let options = KeynessOptions { prior: Prior::Uniform { alpha: 0.05 }, ..KeynessOptions::default() };
    let rows = score(&one, &other, &options, &Budget::unlimited()).expect("both have words");
    let z = |word: &str| rows.iter().find(|row| row.term == word).expect("the word is in one of them").z;
    for word in ["quick", "brown", "fox"] {
        assert!((z(word) - 0.68942).abs() < 5e-6, "{word}: {}", z(word));
    }
    for word in ["purple", "lazier", "donkey"] {
        assert!((z(word) + 0.68942).abs() < 5e-6, "{word}: {}", z(word));
    }
    for word in ["the", "lazy", "pig", "jumps", "over"] {
        assert_eq!(z(word), 0.0, "{word}");
    }
}

#[test]
fn petitioners_and_the_government_each_have_their_words() {
    let (public, body) = corpora(true);
    let found =
        compare(&public, &body, &KeynessOptions::default(), &Budget::unlimited()).expect("both sides have words");
    let terms = |rows: &[commonweal_insight::words::Keyness]| -> Vec<String> {
        rows.iter().take(25).map(|row| row.term.clone()).collect()
    };
    println!("public: {:?}\nbody: {:?}", terms(&found.by_public), terms(&found.by_body));
    assert!(found.by_public.iter().any(|row| row.term == "ban"));
    assert!(found.by_body.iter().any(|row| row.term == "we will" && row.phrase));
    assert!(found.by_public.iter().all(|row| row.z > 0.0 && row.q <= 0.05 && row.public.documents >= 5));
    assert!(found.by_body.windows(2).all(|two| two[0].z <= two[1].z));
    assert!(found.by_body.iter().all(|row| row.term != "https" && row.term != "www"));
}

#[test]
fn places_show_the_word_where_it_stands() {
    let rows = table("words_input.csv");
    let (public, _) = corpora(true);
    for term in ["wildlife", "climate change"] {
        let places = public.places(term);
        assert_eq!(places.len(), 3);
        for place in places {
            let row = rows
                .iter()
                .find(|row| row["side"] == "public" && whole(row, "document") == place.document)
                .expect("the document was added");
            assert_eq!(row["text"][place.bytes].to_lowercase(), term);
        }
    }
    assert!(public.places("no such").is_empty() && public.places("").is_empty());
}

#[test]
fn parts_of_one_document_count_as_one() {
    let mut corpus = Corpus::new(CorpusOptions { phrases: true, places: 1 });
    corpus.add(1, "bin day");
    corpus.add(1, "bin day");
    corpus.add(2, "bin day, or bin. day");
    assert_eq!((corpus.count("bin"), corpus.documents_with("bin"), corpus.documents()), (4, 2, 2));
    assert_eq!((corpus.count("bin day"), corpus.documents_with("bin day")), (3, 2));
    assert_eq!(corpus.places("bin day").len(), 1);
}

#[test]
fn nothing_to_compare_is_said() {
    let (empty, mut full) = (Corpus::default(), Corpus::default());
    full.add(1, "word");
    let options = KeynessOptions::default();
    assert_eq!(score(&empty, &full, &options, &Budget::unlimited()), Err(KeynessError::NoPublicWords));
    assert_eq!(score(&full, &empty, &options, &Budget::unlimited()), Err(KeynessError::NoBodyWords));
    let bad = KeynessOptions { prior: Prior::Pooled { alpha0: 0.0 }, ..options };
    assert_eq!(score(&full, &full, &bad, &Budget::unlimited()), Err(KeynessError::Prior));
    let same = score(&full, &full, &options, &Budget::unlimited()).expect("both have a word");
    assert_eq!((same[0].z, same[0].g2, same[0].p), (0.0, 0.0, 1.0));
}
