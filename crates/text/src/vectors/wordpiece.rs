//! Owns how text is cut into the tokens of the table: words in small letters without accents, as
//! BERT's uncased `BasicTokenizer`, then greedy longest match (`WordPiece`).

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Bytes beyond which a word is no word, but an address, a code or a slip of the keyboard.
const LONGEST_WORD: usize = 100;

/// FNV-1a (Fowler, Noll, Vo): the keys are our own tokens, so nobody can choose them to collide.
#[derive(Clone)]
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A map with the fast hash.
pub(crate) type FnvMap<K, V> = HashMap<K, V, BuildHasherDefault<Fnv>>;

/// Tokens by their letters: those that begin a word, and those that go on with one.
pub(super) struct Pieces {
    starts: FnvMap<Box<str>, u32>,
    follows: FnvMap<Box<str>, u32>,
    longest: usize,
}

impl Pieces {
    pub(super) fn new(tokens: &[String]) -> Self {
        let mut made = Self { starts: FnvMap::default(), follows: FnvMap::default(), longest: 0 };
        for (row, token) in (0u32..).zip(tokens) {
            let (map, body) = match token.strip_prefix("##") {
                Some(body) => (&mut made.follows, body),
                None => (&mut made.starts, token.as_str()),
            };
            map.insert(body.into(), row);
            made.longest = made.longest.max(body.len());
        }
        made
    }

    /// Row of a whole word, already folded.
    pub(super) fn whole(&self, word: &str) -> Option<u32> {
        self.starts.get(word).copied()
    }

    /// Gives the row of each piece of `word` (already folded) to `with`; a word of which some part is in
    /// no token gives none, like `[UNK]`.
    pub(super) fn of_word(&self, word: &str, rows: &mut Vec<u32>) {
        if let Some(row) = self.whole(word) {
            rows.push(row);
            return;
        }
        if word.len() > LONGEST_WORD {
            return;
        }
        let before = rows.len();
        let mut at = 0;
        while at < word.len() {
            let map = if at == 0 { &self.starts } else { &self.follows };
            // The longest piece that begins here, of one byte at least. All tokens are of ASCII letters and
            // digits, so a cut inside a character finds nothing.
            let longest = word.len().min(at + self.longest);
            let piece = (at + 1..=longest).rev().find_map(|end| Some((end, *map.get(word.get(at..end)?)?)));
            let Some((end, row)) = piece else {
                rows.truncate(before);
                return;
            };
            rows.push(row);
            at = end;
        }
    }

    /// Rows of all pieces of `text`, in order, put in `rows` (emptied first). `word` is room to work in.
    pub(super) fn of_text(&self, text: &str, word: &mut String, rows: &mut Vec<u32>) {
        rows.clear();
        word.clear();
        for c in text.chars() {
            if c.is_ascii_alphanumeric() {
                word.push(c.to_ascii_lowercase());
            } else if c.is_alphanumeric() {
                fold(c, word);
            } else if !is_mark(c) && !word.is_empty() {
                self.of_word(word, rows);
                word.clear();
            }
        }
        if !word.is_empty() {
            self.of_word(word, rows);
        }
    }
}

/// Combining accents, which decomposed text carries after the letter.
pub(crate) fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Adds `c` in small letters and without its accent (Unicode decompositions of Latin-1 and Latin Extended-A).
pub(crate) fn fold(c: char, out: &mut String) {
    for c in c.to_lowercase() {
        let plain = match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
            'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
            'ď' => 'd',
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
            'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
            'ĥ' => 'h',
            'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' => 'i',
            'ĵ' => 'j',
            'ķ' => 'k',
            'ĺ' | 'ļ' | 'ľ' => 'l',
            'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
            'ò'..='ö' | 'ō' | 'ŏ' | 'ő' => 'o',
            'ŕ' | 'ŗ' | 'ř' => 'r',
            'ś' | 'ŝ' | 'ş' | 'š' => 's',
            'ţ' | 'ť' => 't',
            'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => 'u',
            'ŵ' => 'w',
            'ý' | 'ÿ' | 'ŷ' => 'y',
            'ź' | 'ż' | 'ž' => 'z',
            c if is_mark(c) => continue,
            c => c,
        };
        out.push(plain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> Pieces {
        Pieces::new(&["un", "help", "##help", "##ful", "cafe", "i"].map(str::to_owned))
    }

    fn rows(text: &str) -> Vec<u32> {
        let mut rows = Vec::new();
        pieces().of_text(text, &mut String::new(), &mut rows);
        rows
    }

    #[test]
    fn the_longest_piece_is_taken_first() {
        assert_eq!(rows("Unhelpful help"), [0, 2, 3, 1]);
    }

    #[test]
    fn accents_whole_or_combining_make_no_difference() {
        assert_eq!(rows("CAFÉ cafe\u{301}"), [4, 4]);
    }

    #[test]
    fn a_word_with_a_part_that_no_token_has_gives_nothing() {
        assert_eq!(rows("unhelpzzz 日本語 ßß"), Vec::<u32>::new());
    }
}
