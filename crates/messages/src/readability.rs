//! How hard a message is to read. This advises and never keeps anybody from sending.
//!
//! The two scores are those of Rudolf Flesch and of Kincaid and others, with the constants by which they were published and
//! which Python's textstat uses for English. Syllables are counted by rules for spelling, so a score may be off by a little;
//! it says “too hard” or “fine”, not more.

use crate::Place;
use crate::gaps::{Gap, marked};
use crate::language::primary;
use crate::problem::{Lines, Part};
use crate::tree::{Element, Node};

/// Words of a sentence from which on it is long: the Government Digital Service advises against more.
pub const MAX_SENTENCE_WORDS: usize = 25;
/// Long sentences that are told.
const MAX_TOLD: usize = 50;
/// Words that are shown of a long sentence.
const SHOWN_WORDS: usize = 6;
/// After these, a dot ends no sentence.
const SHORT: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "no", "tel", "vs", "approx", "inc", "ltd", "e.g", "i.e", "etc", "eg", "ie",
];

/// How hard a message is to read.
#[derive(Clone, Debug, PartialEq)]
pub struct Readability {
    /// Words.
    pub words: usize,
    /// Sentences; a heading, a point of a list and a cell of a table are one each, at least.
    pub sentences: usize,
    /// Sentences of more than 25 words, in the order of the text.
    pub long: Vec<LongSentence>,
    /// For English with at least one word: how easily it is read and the years of school that it takes.
    pub english: Option<English>,
}

/// A sentence of more than 25 words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LongSentence {
    /// Where it begins.
    pub place: Place,
    /// Its words.
    pub words: usize,
    /// How it begins.
    pub begins: String,
}

/// Scores for English.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct English {
    /// Syllables.
    pub syllables: usize,
    /// Flesch reading ease: 60 and more is plain, below 30 is for scholars.
    pub ease: f64,
    /// Flesch–Kincaid grade: years of school in the United States.
    pub grade: f64,
}

/// Flesch reading ease (R. Flesch, 1948): 206.835 − 1.015 × words per sentence − 84.6 × syllables per word.
pub fn flesch_reading_ease(words: usize, sentences: usize, syllables: usize) -> f64 {
    206.835 - 1.015 * ratio(words, sentences) - 84.6 * ratio(syllables, words)
}

/// Flesch–Kincaid grade (J. P. Kincaid and others, 1975): 0.39 × words per sentence + 11.8 × syllables per word − 15.59.
pub fn flesch_kincaid_grade(words: usize, sentences: usize, syllables: usize) -> f64 {
    0.39 * ratio(words, sentences) + 11.8 * ratio(syllables, words) - 15.59
}

fn ratio(one: usize, other: usize) -> f64 {
    let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    number(one) / number(other.max(1))
}

/// A stretch of text that ends where its block ends, with the offset in the source of each of its pieces.
#[derive(Default)]
struct Unit {
    text: String,
    pieces: Vec<(usize, usize)>,
}

impl Unit {
    fn source(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|(start, _)| *start <= at);
        let piece = next.checked_sub(1).and_then(|last| self.pieces.get(last));
        piece.map_or(0, |(start, source)| source + (at - start))
    }
}

pub(crate) fn readability(elements: &[Element], gaps: &[Gap], source: &str, language: &str) -> Readability {
    let mut units = Vec::new();
    gather(elements, gaps, &mut units);
    let lines = Lines::new(source);
    let is_english = primary(language) == "en";
    let (mut words, mut sentences, mut syllable_count) = (0, 0, 0);
    let mut long = Vec::new();
    for unit in &units {
        for sentence in split(&unit.text) {
            sentences += 1;
            words += sentence.words.len();
            if is_english {
                syllable_count += sentence.words.iter().map(|word| syllables(word)).sum::<usize>();
            }
            if sentence.words.len() > MAX_SENTENCE_WORDS && long.len() < MAX_TOLD {
                long.push(LongSentence {
                    place: lines.place(Part::Body, unit.source(sentence.at)),
                    words: sentence.words.len(),
                    begins: begins(&sentence, gaps),
                });
            }
        }
    }
    let english = (is_english && words > 0).then(|| English {
        syllables: syllable_count,
        ease: flesch_reading_ease(words, sentences, syllable_count),
        grade: flesch_kincaid_grade(words, sentences, syllable_count),
    });
    Readability { words, sentences, long, english }
}

/// The first words, with names in place of gaps.
fn begins(sentence: &Sentence<'_>, gaps: &[Gap]) -> String {
    let mut text = String::new();
    for word in sentence.tokens.iter().take(SHOWN_WORDS) {
        if !text.is_empty() {
            text.push(' ');
        }
        for c in word.chars() {
            match marked(c).and_then(|number| gaps.get(number)) {
                Some(gap) => text.extend(["((", gap.name.as_str(), "))"]),
                None => text.push(c),
            }
        }
    }
    text.push('…');
    text
}

fn gather(elements: &[Element], gaps: &[Gap], units: &mut Vec<Unit>) {
    for element in elements {
        match element {
            Element::Paragraph(nodes) | Element::Heading { nodes, .. } => units.push(unit(nodes, gaps)),
            Element::List { items, .. } => {
                for item in items {
                    gather(item, gaps, units);
                }
            }
            Element::Table { head, rows } => {
                units.extend(head.iter().chain(rows.iter().flatten()).map(|cell| unit(cell, gaps)));
            }
            Element::Quote(elements) | Element::Optional { elements, .. } => gather(elements, gaps, units),
            Element::Rule => {}
        }
    }
}

fn unit(nodes: &[Node], gaps: &[Gap]) -> Unit {
    let mut unit = Unit::default();
    add(nodes, gaps, &mut unit);
    unit
}

fn add(nodes: &[Node], gaps: &[Gap], unit: &mut Unit) {
    for node in nodes {
        match node {
            Node::Text { text, at } => {
                unit.pieces.push((unit.text.len(), *at));
                unit.text.push_str(text);
            }
            Node::Gap(number) => {
                let at = gaps.get(*number).map_or(0, |gap| gap.at);
                unit.pieces.push((unit.text.len(), at));
                // A gap is a word, whatever comes in.
                let mark = u32::try_from(*number).ok().and_then(|number| char::from_u32(0xF_0000 + number));
                unit.text.push(mark.unwrap_or('\u{fffd}'));
            }
            Node::Optional { nodes, .. } | Node::Strong(nodes) | Node::Emphasis(nodes) | Node::Link { nodes, .. } => {
                add(nodes, gaps, unit);
            }
            Node::Image { .. } => {}
            Node::Break => unit.text.push('\n'),
        }
    }
}

struct Sentence<'a> {
    at: usize,
    /// Everything between spaces.
    tokens: Vec<&'a str>,
    /// What of it is words.
    words: Vec<&'a str>,
}

/// A sentence ends after a dot, an exclamation or a question mark before a space, and where its block ends.
fn split(text: &str) -> Vec<Sentence<'_>> {
    let mut sentences = Vec::new();
    let mut sentence = Sentence { at: 0, tokens: Vec::new(), words: Vec::new() };
    let mut at = 0;
    for token in text.split(char::is_whitespace) {
        let start = at;
        at += token.len() + text.get(at + token.len()..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        if token.is_empty() {
            continue;
        }
        if sentence.tokens.is_empty() {
            sentence.at = start;
        }
        sentence.tokens.push(token);
        let word = token.trim_matches(|c: char| !is_of_word(c));
        if !word.is_empty() {
            sentence.words.push(word);
        }
        let end = token.trim_end_matches(['"', '\'', '”', '’', ')', ']', '»']);
        let is_end = end.ends_with(['!', '?', '…']) || (end.ends_with('.') && !is_short(end));
        if is_end && !sentence.words.is_empty() {
            sentences.push(std::mem::replace(&mut sentence, Sentence { at: 0, tokens: Vec::new(), words: Vec::new() }));
        }
    }
    if !sentence.words.is_empty() {
        sentences.push(sentence);
    }
    sentences
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || marked(c).is_some()
}

/// Whether a dot belongs to what is written short: `Dr.`, `e.g.`, `J.`
fn is_short(token: &str) -> bool {
    let word = token.trim_end_matches('.').trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic) && word != "i" && word != "a";
    is_initial || SHORT.contains(&word.as_str())
}

/// Vowels that are spoken apart, and those of them that are not.
const APART: &[&str] = &["io", "ia", "eo", "ua", "iu", "uou", "being", "riet"];
const TOGETHER: &[&str] = &[
    "tion", "sion", "cion", "gion", "llion", "nion", "cial", "tial", "cian", "tian", "cious", "tious", "gious",
    "xious", "geon", "people", "qua", "gua",
];
/// After these, the e of `es` is spoken.
const HISSING: &[&str] = &["ces", "ses", "zes", "xes", "ges", "ches", "shes", "les"];

/// Syllables of an English word by its spelling: groups of vowels, without an e that is not spoken.
fn syllables(word: &str) -> usize {
    let mut letters: Vec<char> = word.to_lowercase().chars().filter(|c| c.is_alphabetic()).map(plain_vowel).collect();
    let mut count = 0;
    for i in 0..letters.len() {
        let at = |i: usize| letters.get(i).copied().unwrap_or(' ');
        if at(i) != 'y' || !is_vowel(at(i + 1)) {
            continue;
        }
        if i == 0 || is_vowel(at(i - 1)) {
            // As in “year” and “player”: no vowel.
            if let Some(letter) = letters.get_mut(i) {
                *letter = 'j';
            }
        } else {
            // As in “trying”: a syllable of its own.
            count += 1;
        }
    }
    let vowel = |i: usize| letters.get(i).copied().is_some_and(is_vowel);
    count += (0..letters.len()).filter(|i| vowel(*i) && !(*i > 0 && vowel(*i - 1))).count();
    let text: String = letters.iter().collect();
    let ends = |ending: &str| text.ends_with(ending);
    let before = |back: usize| letters.len().checked_sub(back).is_some_and(vowel);
    // As in “table”.
    let is_spoken_le = ends("le") && !before(3);
    let is_silent = (ends("e") && !before(2) && !is_spoken_le)
        || (ends("es") && !before(3) && !HISSING.iter().any(|ending| ends(ending)))
        || (ends("les") && before(4))
        || (ends("ed") && !before(3) && !ends("ted") && !ends("ded"));
    count -= usize::from(is_silent && count > 1);
    let matches = |parts: &[&str]| parts.iter().map(|part| text.matches(part).count()).sum::<usize>();
    count += matches(APART);
    count -= matches(TOGETHER).min(count.saturating_sub(1));
    count.max(1)
}

const fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

const fn plain_vowel(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ä' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Template;

    #[test]
    fn syllables_are_those_of_the_dictionary() {
        // As the CMU Pronouncing Dictionary has them.
        for (count, words) in [
            (1, "the bin tax rules changed used need year please school here rate through paid"),
            (
                2,
                "people service council payment nation tables being trying needed player beyond region million housing apply",
            ),
            (3, "employer quality previous radio video benefit important document another remember deposit"),
            (4, "information application material education accessible authority January"),
            (5, "accommodation opportunity"),
        ] {
            for word in words.split(' ') {
                assert_eq!(syllables(word), count, "{word}");
            }
        }
        assert_eq!((syllables("x"), syllables("2026"), syllables("\u{f0000}")), (1, 1, 1));
    }

    #[test]
    fn scores_are_as_published() {
        // “The cat sat on the mat.”: six words of one syllable.
        assert!((flesch_reading_ease(6, 1, 6) - 116.145).abs() < 1e-9);
        assert!((flesch_kincaid_grade(6, 1, 6) - -1.45).abs() < 1e-9);
        // Of nothing there is no ratio.
        assert!((flesch_reading_ease(0, 0, 0) - 206.835).abs() < 1e-9);
    }

    #[test]
    fn sentences_are_counted_and_long_ones_named() {
        let long = "word ".repeat(26);
        let body = format!(
            "# A heading\n\nDear ((first name)), write to Mr. Lee, e.g. today. Pay £1.50! (Now?)\n\n* one\n* two\n\nShort. Then **((name)) this** {long}ends."
        );
        let read = Template::parse_body(&body).expect("a template").readability("en-GB");
        assert_eq!((read.sentences, read.words), (8, 2 + 8 + 2 + 1 + 2 + 1 + 3 + 26 + 1));
        let [only] = read.long.as_slice() else { panic!("{:?}", read.long) };
        assert_eq!((only.place.line, only.place.column, only.words), (8, 8, 30));
        assert_eq!(only.begins, "Then ((name)) this word word word…");
        assert!(read.english.is_some_and(|scores| scores.ease < 116.0 && scores.syllables > read.words));
    }

    #[test]
    fn other_languages_have_no_scores() {
        let template = Template::parse_body("Annwyl ((enw)), mae hyn yn bwysig.").expect("a template");
        let read = template.readability("cy");
        assert_eq!((read.words, read.sentences, read.english), (6, 1, None));
    }
}
