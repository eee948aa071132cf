//! Scores against those of Python's textstat, which looks syllables up in a dictionary (`readability.py` wrote the file).

use commonweal_messages::{Template, flesch_kincaid_grade, flesch_reading_ease};
use serde::Deserialize;

#[derive(Deserialize)]
struct Told {
    text: String,
    words: usize,
    sentences: usize,
    syllables: usize,
    ease: f64,
    grade: f64,
}

fn told() -> Vec<Told> {
    serde_json::from_str(include_str!("readability.json")).expect("what textstat says")
}

#[test]
fn the_same_counts_give_the_same_scores() {
    for Told { text, words, sentences, syllables, ease, grade } in told() {
        assert!((flesch_reading_ease(words, sentences, syllables) - ease).abs() < 1e-9, "{text}");
        assert!((flesch_kincaid_grade(words, sentences, syllables) - grade).abs() < 1e-9, "{text}");
    }
}

#[test]
fn texts_are_counted_nearly_as_with_a_dictionary() {
    for theirs in told() {
        let ours = Template::parse_body(&theirs.text).expect("a template").readability("en");
        let english = ours.english.expect("scores");
        assert_eq!(ours.words, theirs.words, "{}", theirs.text);
        // textstat passes over sentences of two words.
        let short =
            theirs.text.split_inclusive(". ").filter(|sentence| sentence.split_whitespace().count() < 3).count();
        assert_eq!(ours.sentences, theirs.sentences + short, "{}", theirs.text);
        assert!(
            english.syllables.abs_diff(theirs.syllables) <= 1 + theirs.syllables / 25,
            "{} {}",
            english.syllables,
            theirs.text
        );
        if short == 0 {
            assert!(
                (english.ease - theirs.ease).abs() < 12.0 && (english.grade - theirs.grade).abs() < 1.5,
                "{english:?} {}",
                theirs.text
            );
        }
    }
}
