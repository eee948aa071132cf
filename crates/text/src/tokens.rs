//! Words of a comment as the models see them: folded to lower case without accents, with their
//! places in the text.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Letters, digits, and apostrophes between them.
    Word,
    /// A run of `!` and `?`.
    Marks,
    /// A picture character, or an emoticon such as `:-)`.
    Emoji,
    /// A placeholder that redaction left, such as `[email]`.
    Placeholder,
}

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Bytes in the text.
    pub(crate) place: Range<usize>,
    /// Bytes in [`Tokens::folded`].
    pub(crate) folded: Range<usize>,
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Written in capitals, with more than one letter.
    pub(crate) capitals: bool,
    /// Follows the end of a sentence or line, or is the first.
    pub(crate) opens: bool,
}

/// The tokens of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens {
    /// All tokens, folded, one after another.
    pub(crate) folded: String,
    /// The tokens in order.
    pub(crate) list: Vec<Token>,
}

impl Tokens {
    /// The folded form of a token.
    pub(crate) fn text(&self, token: &Token) -> &str {
        &self.folded[token.folded.clone()]
    }

    /// Splits a text. Linear in its length.
    pub(crate) fn new(text: &str) -> Self {
        let mut tokens =
            Self { folded: String::with_capacity(text.len() + 8), list: Vec::with_capacity(text.len() / 5) };
        let bytes = text.as_bytes();
        let mut opens = true;
        // The end of what has been read: only the iterator moves through the text.
        let mut read_to = 0;
        for (at, c) in text.char_indices() {
            if at < read_to {
                continue;
            }
            let b = bytes[at];
            if b.is_ascii_alphanumeric() || !c.is_ascii() {
                read_to = tokens.word(text, at, opens);
                opens = opens && read_to == at;
            } else if matches!(b, b'!' | b'?') {
                let end = at + bytes[at..].iter().take_while(|b| matches!(b, b'!' | b'?')).count();
                tokens.push(at..end, TokenKind::Marks, false, opens, &text[at..end.min(at + 4)]);
                (read_to, opens) = (end, true);
            } else if b == b'['
                && let Some(end) = placeholder(bytes, at)
            {
                tokens.push(at..end, TokenKind::Placeholder, false, opens, &text[at..end]);
                (read_to, opens) = (end, false);
            } else if b == b'&'
                && let Some(end) = entity(bytes, at)
            {
                read_to = end;
            } else if let Some(end) = emoticon(text, at) {
                tokens.push(at..end, TokenKind::Emoji, false, opens, &text[at..end].to_ascii_lowercase());
                (read_to, opens) = (end, false);
            } else {
                opens |= matches!(b, b'.' | b'\n' | b';' | b':');
            }
        }
        tokens
    }

    fn push(&mut self, place: Range<usize>, kind: TokenKind, capitals: bool, opens: bool, folded: &str) {
        let from = self.folded.len();
        self.folded.push_str(folded);
        self.list.push(Token { place, folded: from..self.folded.len(), kind, capitals, opens });
    }

    /// A word that begins here, or a picture; gives where it ends, or `start` when there is neither.
    fn word(&mut self, text: &str, start: usize, opens: bool) -> usize {
        let from = self.folded.len();
        let bytes = text.as_bytes();
        let (mut end, mut letters, mut small) = (start, 0u32, false);
        for (at, c) in text[start..].char_indices().map(|(at, c)| (start + at, c)) {
            let next = bytes.get(at + c.len_utf8());
            if c.is_ascii_alphanumeric() {
                letters += u32::from(c.is_ascii_alphabetic());
                small |= c.is_ascii_lowercase();
                self.folded.push(c.to_ascii_lowercase());
            } else if matches!(c, '\'' | '\u{2019}' | '\u{2018}') {
                if at == start || !next.is_some_and(u8::is_ascii_alphabetic) {
                    break;
                }
                self.folded.push('\'');
            } else if c.is_ascii() {
                break;
            } else if c.is_alphanumeric() {
                letters += 1;
                small |= c.is_lowercase();
                fold(c, &mut self.folded);
            } else if is_emoji(c) && at == start {
                self.folded.push(c);
                end += c.len_utf8();
                self.list.push(Token {
                    place: start..end,
                    folded: from..self.folded.len(),
                    kind: TokenKind::Emoji,
                    capitals: false,
                    opens,
                });
                return end;
            } else if !(('\u{300}'..='\u{36f}').contains(&c) && at > start) {
                // A combining accent is folded away; anything else ends the word.
                break;
            }
            end = at + c.len_utf8();
        }
        if self.folded.len() > from {
            self.list.push(Token {
                place: start..end,
                folded: from..self.folded.len(),
                kind: TokenKind::Word,
                capitals: letters > 1 && !small,
                opens,
            });
        }
        end
    }
}

/// Where the placeholder of a redaction that begins here ends.
fn placeholder(bytes: &[u8], at: usize) -> Option<usize> {
    let inside = bytes[at + 1..].iter().take(16).take_while(|b| b.is_ascii_lowercase() || **b == b'_').count();
    (inside > 1 && bytes.get(at + 1 + inside) == Some(&b']')).then_some(at + inside + 2)
}

/// Where a character reference such as `&amp;` ends: some senders leave them in.
fn entity(bytes: &[u8], at: usize) -> Option<usize> {
    let inside = bytes[at + 1..].iter().take(8).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
    (inside > 1 && bytes.get(at + 1 + inside) == Some(&b';')).then_some(at + inside + 2)
}

/// Where an emoticon of the lexicon ends that begins here, between spaces.
fn emoticon(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    if !matches!(bytes[at], b':' | b';' | b'=' | b'<' | b'(' | b'>' | b'^') {
        return None;
    }
    let end = at + bytes[at..].iter().take(7).take_while(|b| b.is_ascii_graphic()).count();
    let length = end - at;
    let open_end = bytes.get(end).is_none_or(|b| b.is_ascii_whitespace() || *b >= 0x80);
    ((2..=6).contains(&length) && open_end && crate::lexicon::is_emoticon(&text[at..end].to_ascii_lowercase()))
        .then_some(end)
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0x1f300..=0x1faff | 0x2600..=0x27bf | 0x2b50 | 0x2b55 | 0x203c | 0x2049)
}

/// Lower case without accents, for letters of European languages.
fn fold(c: char, out: &mut String) {
    for c in c.to_lowercase() {
        out.push(match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
            'ç' | 'ć' | 'č' => 'c',
            'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
            'ì'..='ï' | 'ī' | 'į' => 'i',
            'ñ' | 'ń' | 'ň' => 'n',
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
            'ý' | 'ÿ' | 'ŷ' => 'y',
            'ŵ' => 'w',
            'ł' => 'l',
            'ś' | 'š' => 's',
            'ź' | 'ż' | 'ž' => 'z',
            // What a combining accent would be after lower-casing.
            '\u{300}'..='\u{36f}' => continue,
            other => other,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let tokens = Tokens::new(text);
        tokens.list.iter().map(|t| tokens.text(t).to_owned()).collect()
    }

    #[test]
    fn words_are_folded_and_keep_inner_apostrophes() {
        assert_eq!(words("Didn’t WAIT, 'quoted' Sŵn café 3rd"), ["didn't", "wait", "quoted", "swn", "cafe", "3rd"]);
    }

    #[test]
    fn marks_pictures_and_placeholders_are_tokens_of_their_own() {
        assert_eq!(words("No!!!!!! 😡😡 ring [phone]?"), ["no", "!!!!", "😡", "😡", "ring", "[phone]", "?"]);
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "Dŵr — “BROWN” water";
        let tokens = Tokens::new(text);
        let places: Vec<&str> = tokens.list.iter().map(|t| &text[t.place.clone()]).collect();
        assert_eq!(places, ["Dŵr", "BROWN", "water"]);
        assert_eq!(tokens.list.iter().map(|t| t.capitals).collect::<Vec<_>>(), [false, true, false]);
    }

    #[test]
    fn odd_characters_neither_stop_nor_hang_the_split() {
        for text in ["", "\u{2019}\u{2019}", "\u{301}a", "……", "\u{200d}", "[", "[[[", "[email", "ﬁ Ω ы 中文"]
        {
            let _ = Tokens::new(text);
        }
    }
}
