//! The words of a text: where they stand, and how they are written when they are compared.

use std::collections::VecDeque;

/// Characters of a word that are kept.
const CHARS: usize = 40;

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Folded: lower case, without accents.
    pub text: String,
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last in the text.
    pub end: usize,
}

/// The words of a text, folded: runs of letters and digits, with apostrophes inside words left
/// out (`don't` is `dont`), so that typed and printed apostrophes are the same. Longer than 40
/// characters is cut to 40, so that an unbroken megabyte is no burden to the index.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> + '_ {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = chars.find(|(_, c)| c.is_alphanumeric() && !is_mark(*c))?;
        let mut token = Token { text: String::new(), start, end: start + first.len_utf8() };
        let mut length = fold_into(&mut token.text, first);
        while let Some(&(at, c)) = chars.peek() {
            if c.is_alphanumeric() || is_mark(c) {
                if length < CHARS {
                    length += fold_into(&mut token.text, c);
                }
                token.end = at + c.len_utf8();
                chars.next();
            } else if matches!(c, '\'' | '’') {
                let mut ahead = chars.clone();
                ahead.next();
                if ahead.peek().is_some_and(|(_, n)| n.is_alphanumeric()) {
                    chars.next();
                } else {
                    break;
                }
            } else {
                break;
            }
        }
        Some(token)
    })
}

/// Whether this is a combining mark that follows its letter. Unicode calls one of them alphabetic.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Adds a character in lower case and without its accent, and tells how many characters that were. Marks that
/// stand on the letter before add nothing.
pub fn fold_into(out: &mut String, c: char) -> usize {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return 1;
    }
    if is_mark(c) {
        return 0;
    }
    let mut n = 0;
    for low in c.to_lowercase() {
        if is_mark(low) {
            continue;
        }
        match plain_letter(low) {
            Some(plain) => {
                out.push_str(plain);
                n += plain.len();
            }
            None => {
                out.push(low);
                n += 1;
            }
        }
    }
    n
}

/// The letter without its accent, for the Latin letters of European languages.
fn plain_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ' | 'ẽ' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ỉ' | 'ị' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ọ' | 'ỏ' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ụ' | 'ủ' => "u",
        'ŵ' | 'ẁ' | 'ẃ' | 'ẅ' => "w",
        'ý' | 'ÿ' | 'ŷ' | 'ỳ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

/// A word with its place among the words of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// How many words stand before it. Words put together have the place of their first part.
    pub place: usize,
    /// The word.
    pub token: Token,
}

/// Words that hyphens join, at most; longer ones are numbers of things.
const JOINED: usize = 4;

/// The words of a text with their places. Words with hyphens stand there a second time as one word, before their parts:
/// `wi-fi` is `wifi`, `wi` and `fi`, so that it is found however it is written.
pub fn placed(text: &str) -> impl Iterator<Item = Placed> + '_ {
    let mut words = tokens(text).peekable();
    let mut place = 0;
    let mut run: VecDeque<Placed> = VecDeque::new();
    std::iter::from_fn(move || {
        if let Some(next) = run.pop_front() {
            return Some(next);
        }
        let first = words.next()?;
        let (start, mut end) = (first.start, first.end);
        run.push_back(Placed { place, token: first });
        while let Some(next) = words.next_if(|next| is_hyphen(&text[end..next.start])) {
            end = next.end;
            run.push_back(Placed { place: place + run.len(), token: next });
        }
        let (at, parts) = (place, run.len());
        place += parts;
        if (2..=JOINED).contains(&parts) {
            let text = run.iter().flat_map(|p| p.token.text.chars()).take(CHARS).collect();
            return Some(Placed { place: at, token: Token { text, start, end } });
        }
        run.pop_front()
    })
}

fn is_hyphen(between: &str) -> bool {
    matches!(between, "-" | "\u{2010}" | "\u{2011}" | "\u{ad}")
}
