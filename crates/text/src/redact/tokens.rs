//! Cuts a text into words and numbers, each with what the lexicon says of it, and notes where an
//! email or web address may be. One pass; the rules then look at a few neighbours of a token only.

use super::disguise::is_odd;
use super::lexicon::{DIGIT_WORD, GIVEN, GIVEN_TOO, Hash, OPAQUE, SURNAME, TABLE};

/// A run of letters and digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// First byte.
    pub(crate) start: usize,
    /// Byte after the last.
    pub(crate) end: usize,
    /// What the lexicon says.
    pub(crate) flags: u64,
    shape: u8,
}

const DIGIT: u8 = 1;
const LETTER: u8 = 1 << 1;
const CAPITAL: u8 = 1 << 2;
const LOWER: u8 = 1 << 3;

/// Longer ones are in no list.
const LONGEST_WORD: usize = 24;

impl Token {
    /// Length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.end - self.start
    }

    /// Has one of these flags.
    pub(crate) fn is(&self, flags: u64) -> bool {
        self.flags & flags != 0
    }

    /// Digits only.
    pub(crate) fn number(&self) -> bool {
        self.shape & (DIGIT | LETTER) == DIGIT
    }

    /// Letters only.
    pub(crate) fn word(&self) -> bool {
        self.shape & (DIGIT | LETTER) == LETTER
    }

    /// Letters and digits.
    pub(crate) fn mixed(&self) -> bool {
        self.shape & (DIGIT | LETTER) == DIGIT | LETTER
    }

    /// Begins with a capital.
    pub(crate) fn capital(&self) -> bool {
        self.shape & CAPITAL != 0
    }

    /// Has a letter in lower case.
    pub(crate) fn lower(&self) -> bool {
        self.shape & LOWER != 0
    }

    /// A capital and then lower case.
    pub(crate) fn proper(&self) -> bool {
        self.word() && self.capital() && self.lower()
    }
}

/// The tokens of a text.
pub(crate) struct Tokens {
    /// In order.
    pub(crate) list: Vec<Token>,
    /// Places of `@`, of `://` and of `www.`, in order.
    pub(crate) marks: Vec<usize>,
    /// Most words are in capitals, so that a capital says nothing.
    pub(crate) shouting: bool,
    /// There are characters that nobody sees, or of another width than usual.
    pub(crate) odd: bool,
    /// Digits in numbers.
    pub(crate) digits: usize,
    /// Words that stand for a digit.
    pub(crate) digit_words: usize,
    /// There is a point within a word, or the word for it: an address may be spelt out.
    pub(crate) dots: bool,
}

/// Cuts the text.
pub(crate) fn tokenise(text: &str) -> Tokens {
    let bytes = text.as_bytes();
    let table = &*TABLE;
    let mut list: Vec<Token> = Vec::with_capacity(text.len() / 5 + 4);
    let mut marks = Vec::new();
    let (mut capitals, mut words) = (0usize, 0usize);
    let (mut odd, mut dots, mut digits, mut digit_words) = (false, false, 0usize, 0usize);
    // The end of what has been read: only the iterator moves through the text.
    let mut read_to = 0;
    for (start, first) in text.char_indices() {
        if start < read_to {
            continue;
        }
        let mut shape = 0;
        let mut hash = Hash::new();
        let mut plain = true;
        let mut end = start;
        for (at, c) in text[start..].char_indices().map(|(at, c)| (start + at, c)) {
            match c {
                'a'..='z' => {
                    shape |= LETTER | LOWER;
                    hash = hash.take(c as u8);
                }
                'A'..='Z' => {
                    shape |= LETTER | if at == start { CAPITAL } else { 0 };
                    hash = hash.take(c as u8 | 0x20);
                }
                '0'..='9' => shape |= DIGIT,
                '\0'..='\x7f' => break,
                _ => {
                    // A mark that combines with the letter before it belongs to the word.
                    let combining = ('\u{300}'..='\u{36f}').contains(&c) && at > start;
                    odd |= is_odd(c);
                    if !c.is_alphabetic() && !combining {
                        break;
                    }
                    plain = false;
                    shape |= LETTER;
                    shape |= if !c.is_uppercase() { LOWER } else { 0 };
                    shape |= if at == start && c.is_uppercase() { CAPITAL } else { 0 };
                }
            }
            end = at + c.len_utf8();
        }
        if end == start {
            if first == '@' || (first == ':' && bytes.get(start + 1..start + 3) == Some(b"//")) {
                marks.push(start);
            }
            dots |= first == '.' && bytes.get(start + 1).is_some_and(u8::is_ascii_alphabetic);
            continue;
        }
        read_to = end;
        let mut token = Token { start, end, flags: 0, shape };
        digits += if token.number() { token.len() } else { 0 };
        if token.word() && token.len() <= LONGEST_WORD {
            if !plain {
                hash = Hash::of(&text[start..end]);
            }
            token.flags = table.flags(hash);
            if !plain && token.flags == 0 {
                // A name is one with and without its accents; other words may be others then.
                token.flags = table.flags(Hash::folded(&text[start..end])) & (GIVEN | GIVEN_TOO | SURNAME);
            }
            digit_words += usize::from(token.is(DIGIT_WORD));
            dots |= token.len() == 3 && text[start..end].eq_ignore_ascii_case("dot");
            if token.len() > 1 {
                words += 1;
                capitals += usize::from(!token.lower());
            }
            if placeholder(text, &token) {
                if bytes[start - 1] == b'_' {
                    continue; // the second word of a kind
                }
                token.flags = OPAQUE;
            }
            if token.len() == 3 && bytes.get(end) == Some(&b'.') && text[start..end].eq_ignore_ascii_case("www") {
                let scheme = marks.last().is_some_and(|&m| m + 3 == start);
                if !scheme {
                    marks.push(start);
                }
            }
        }
        list.push(token);
    }
    Tokens { list, marks, shouting: capitals * 10 > words * 6, odd, digits, digit_words, dots }
}

/// Whether this word is a kind in brackets that an earlier redaction left: it then says nothing
/// about the words around it, or reading twice would find more than reading once.
fn placeholder(text: &str, token: &Token) -> bool {
    let bytes = text.as_bytes();
    let Some(before) = token.start.checked_sub(1).map(|at| bytes[at]) else { return false };
    match before {
        b'[' => matches!(bytes.get(token.end), Some(b']' | b'_')),
        b'_' => bytes.get(token.end) == Some(&b']') && &bytes[token.start..token.end] == b"number",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_mixtures_are_told_apart() {
        let t = tokenise("Ring 07700 x12a Siân");
        let kinds: Vec<_> = t.list.iter().map(|t| (t.word(), t.number(), t.mixed())).collect();
        assert_eq!(kinds, [(true, false, false), (false, true, false), (false, false, true), (true, false, false)]);
    }

    #[test]
    fn capitals_throughout_are_shouting() {
        assert!(tokenise("WHY IS THE BUS LATE").shouting);
        assert!(!tokenise("Why is the NHS late").shouting);
    }

    #[test]
    fn web_addresses_are_noted_once() {
        assert_eq!(tokenise("see http://www.example.org or www.example.org").marks.len(), 2);
    }
}
