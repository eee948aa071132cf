//! Owns how text becomes terms: words, told apart by their stem, and which of them can name a theme.

use crate::vectors::{FnvMap, fold, is_mark};

use super::stopwords::{self, ENGLISH, LIGHT, SPANISH, WELSH};

/// What part a word can take in a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Says what a comment is about.
    Content,
    /// Only beside a word of content: "more staff".
    Light,
    /// Nothing, though it may stand inside a phrase: "lack of staff".
    Stop,
}

/// One word of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// Number of its stem in [`Terms`].
    pub(super) term: u32,
    pub(super) role: Role,
    /// Where it stands, in bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether punctuation parts it from the word before.
    pub(super) parted: bool,
}

/// Numbers for stems, in the order they were first seen.
#[derive(Default)]
pub(super) struct Terms {
    numbers: FnvMap<Box<str>, u32>,
    stems: Vec<Box<str>>,
}

impl Terms {
    pub(super) fn number(&mut self, stem: &str) -> u32 {
        if let Some(n) = self.numbers.get(stem) {
            return *n;
        }
        let n = self.stems.len() as u32;
        self.numbers.insert(stem.into(), n);
        self.stems.push(stem.into());
        n
    }

    pub(super) fn find(&self, stem: &str) -> Option<u32> {
        self.numbers.get(stem).copied()
    }

    pub(super) fn stem(&self, number: u32) -> &str {
        self.stems.get(number as usize).map_or("", |s| s)
    }

    pub(super) fn len(&self) -> usize {
        self.stems.len()
    }

    /// All words of a text.
    pub(super) fn read(&mut self, text: &str) -> Vec<Word> {
        let mut out = Vec::new();
        let (mut masks, mut folded) = (Vec::new(), String::new());
        let mut spoken = [0usize; 3];
        for (start, end, parted) in spans(text) {
            let as_written = text[start..end].to_lowercase().replace('’', "'");
            let mask = stopwords::mask(&as_written);
            for (n, bit) in spoken.iter_mut().zip([ENGLISH, WELSH, SPANISH]) {
                *n += usize::from(mask & bit != 0);
            }
            folded.clear();
            for c in as_written.chars() {
                fold(c, &mut folded);
            }
            let digits = folded.bytes().all(|b| !b.is_ascii_alphabetic()) && folded.is_ascii();
            masks.push((mask, digits || folded.chars().count() < 2));
            let term = self.number(stem(&folded));
            out.push(Word { term, role: Role::Content, start, end, parted });
        }
        // The language whose small words are most; a tie is English, in which most comments come.
        let [en, cy, es] = spoken;
        let bit = if cy > en && cy >= es {
            WELSH
        } else if es > en {
            SPANISH
        } else {
            ENGLISH
        };
        for (word, (mask, bare)) in out.iter_mut().zip(masks) {
            word.role = match mask {
                m if m & bit != 0 || bare => Role::Stop,
                m if m & LIGHT != 0 && bit == ENGLISH => Role::Light,
                _ => Role::Content,
            };
        }
        out
    }
}

/// Where words stand: runs of letters, digits and inner apostrophes.
fn spans(text: &str) -> Vec<(usize, usize, bool)> {
    let mut out = Vec::new();
    let (mut start, mut parted) = (None, true);
    for (at, c) in text.char_indices() {
        let inner = c.is_alphanumeric() || is_mark(c);
        let apostrophe = matches!(c, '\'' | '’')
            && start.is_some()
            && text[at + c.len_utf8()..].chars().next().is_some_and(char::is_alphanumeric);
        if inner || apostrophe {
            start.get_or_insert(at);
            continue;
        }
        if let Some(from) = start.take() {
            out.push((from, at, parted));
            parted = false;
        }
        parted |= !c.is_whitespace() && c != '-';
    }
    if let Some(from) = start {
        out.push((from, text.len(), parted));
    }
    out
}

/// Takes off an English plural (the S stemmer of Harman 1991), so that "waiting time" and "waiting times" are one.
pub(super) fn stem(word: &str) -> &str {
    let word = word.strip_suffix("'s").unwrap_or(word);
    if word.len() <= 3 || !word.ends_with('s') || ["ss", "us", "is"].iter().any(|e| word.ends_with(e)) {
        return word;
    }
    let short = &word[..word.len() - 1];
    // "buses", "boxes", "queries": the letters that the singular hasn't go too, as far as a slice can.
    if ["sse", "xe", "che", "she"].iter().any(|e| short.ends_with(e)) { &short[..short.len() - 1] } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(String, Role)> {
        let mut terms = Terms::default();
        terms.read(text).iter().map(|w| (terms.stem(w.term).to_owned(), w.role)).collect()
    }

    #[test]
    fn singular_and_plural_are_one_term() {
        assert_eq!(stem("times"), "time");
        assert_eq!(stem("boxes"), "box");
        assert_eq!(["bus", "this", "gas", "access"].map(stem), ["bus", "this", "gas", "access"]);
    }

    #[test]
    fn small_words_are_told_by_the_language_of_the_text() {
        assert!(said("my son was kept waiting").contains(&("son".to_owned(), Role::Content)));
        assert!(said("los médicos son muy amables").contains(&("son".to_owned(), Role::Stop)));
        assert!(said("roedd yr amser aros yn hir").contains(&("amser".to_owned(), Role::Content)));
    }

    #[test]
    fn a_comma_parts_words() {
        let parted: Vec<_> = Terms::default().read("rude staff, long wait").iter().map(|w| w.parted).collect();
        assert_eq!(parted, [true, false, true, false]);
    }
}
