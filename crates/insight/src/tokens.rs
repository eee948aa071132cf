//! Where the words of a text are: the one decision of what counts as a word when words are compared.

use std::ops::Range;

/// Calls `found` for each word of a text with its lowercased form, its byte range, and whether it follows
/// the word before it so closely that the two may be a phrase.
///
/// A word begins and ends with a letter of any script and holds letters, combining marks and apostrophes,
/// the curly ones folded to `'`. Addresses of the web and of e-mail, and placeholders in square brackets
/// such as `[email]`, are passed over. Scripts that put no space between words give one word a run.
pub(crate) fn words(text: &str, mut found: impl FnMut(&str, Range<usize>, bool)) {
    let may_hold_email = text.contains('@');
    let mut word = String::new();
    let mut last_end = None;
    // The end of what has been read. Only the iterator moves through the text, so that no character, however
    // it is taken, can be read for ever.
    let mut read_to = 0;
    for (at, first) in text.char_indices() {
        if at < read_to {
            continue;
        }
        let rest = &text[at..];
        if first == '[' {
            if let Some(length) = placeholder(rest) {
                read_to = at + length;
                last_end = None;
            }
            continue;
        }
        if Part::of(first) != Part::Letter {
            continue;
        }
        if let Some(length) = web_address(rest).or_else(|| if may_hold_email { email(rest) } else { None }) {
            read_to = at + length;
            last_end = None;
            continue;
        }
        read_to = at + read_word(rest, &mut word);
        let joined = last_end.is_some_and(|end| joins(&text[end..at]));
        found(&word, at..read_to, joined);
        last_end = Some(read_to);
    }
}

/// What a character can be in a word: decided here for its beginning and for what follows alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Begins words, goes on in them and ends them.
    Letter,
    /// Written onto a letter.
    Mark,
    /// Inside words only. Unicode counts the modifier apostrophe U+02BC among the letters.
    Apostrophe,
    /// Inside words only.
    Joiner,
    /// Never part of a word.
    Outside,
}

impl Part {
    fn of(c: char) -> Self {
        if c.is_ascii_alphabetic() {
            Self::Letter
        } else if matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{02bc}' | '\u{ff07}') {
            Self::Apostrophe
        } else if is_joiner(c) {
            Self::Joiner
        } else if c.is_alphabetic() {
            Self::Letter
        } else if is_mark(c) {
            Self::Mark
        } else {
            Self::Outside
        }
    }
}

/// Reads the word that `text` begins with into `word`, lowercased, and returns its length in bytes. The first
/// character is a letter.
fn read_word(text: &str, word: &mut String) -> usize {
    word.clear();
    // Most words are plain letters up to a space or a full stop: no need to look at characters one by one.
    let bytes = text.as_bytes();
    let plain = bytes.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(bytes.len());
    if bytes.get(plain).is_none_or(|byte| byte.is_ascii() && *byte != b'\'') {
        word.push_str(&text[..plain]);
        word.make_ascii_lowercase();
        return plain;
    }
    // Up to the last letter: apostrophes at the end close a quotation or mark a plural's genitive.
    let (mut length, mut kept) = (0, 0);
    for (at, c) in text.char_indices() {
        match Part::of(c) {
            Part::Letter if c.is_ascii() => word.push(c.to_ascii_lowercase()),
            Part::Letter | Part::Mark => word.extend(c.to_lowercase()),
            Part::Apostrophe => {
                word.push('\'');
                continue;
            }
            Part::Joiner => {
                word.push(c);
                continue;
            }
            Part::Outside => break,
        }
        length = at + c.len_utf8();
        kept = word.len();
    }
    word.truncate(kept);
    length
}

/// Zero-width joiners shape letters within a word of Persian or Hindi; at its end they are no part of it.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Marks written onto a letter that Unicode does not count as alphabetic: accents typed by themselves,
/// vowel points, viramas, tone marks. Without them a Hindi or Thai word would fall to pieces.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c),
        0x0300..=0x036F | 0x0483..=0x0487 | 0x0591..=0x05BD | 0x05BF | 0x05C1..=0x05C2 | 0x05C4..=0x05C5
        | 0x0610..=0x061A | 0x064B..=0x065F | 0x0670 | 0x06D6..=0x06DC | 0x093C | 0x094D | 0x09BC | 0x09CD
        | 0x0A3C | 0x0A4D | 0x0ABC | 0x0ACD | 0x0B3C | 0x0B4D | 0x0BCD | 0x0C4D | 0x0CBC | 0x0CCD | 0x0D4D
        | 0x0DCA | 0x0E47..=0x0E4E | 0x0EC8..=0x0ECD | 0x0F39 | 0x0F84 | 0x1039..=0x103A | 0x17C9..=0x17D3
        | 0x1DC0..=0x1DFF | 0x20D0..=0x20F0 | 0x3099..=0x309A | 0xFE20..=0xFE2F)
}

/// Whether what stands between two words leaves them neighbours: spaces, hyphens, at most one new line.
fn joins(between: &str) -> bool {
    let mut lines = 0;
    for c in between.chars() {
        if c == '\n' {
            lines += 1;
        }
        if lines > 1 || !(c.is_whitespace() || c == '-') {
            return false;
        }
    }
    !between.is_empty()
}

/// Length of a placeholder such as `[email]` or `[phone number]`: letters, digits, `_`, `-`, spaces.
fn placeholder(text: &str) -> Option<usize> {
    const LONGEST: usize = 40;
    for (at, c) in text.char_indices().skip(1).take(LONGEST) {
        if c == ']' {
            return (at > 1).then_some(at + 1);
        }
        if !(c.is_alphanumeric() || matches!(c, '_' | '-' | ' ')) {
            return None;
        }
    }
    None
}

/// Length of the address of the web that `text` begins with.
fn web_address(text: &str) -> Option<usize> {
    const BEGINNINGS: [&str; 4] = ["http://", "https://", "www.", "ftp://"];
    let bytes = text.as_bytes();
    if !matches!(bytes[0], b'h' | b'H' | b'w' | b'W' | b'f' | b'F') {
        return None;
    }
    let begins = |with: &str| bytes.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with.as_bytes()));
    BEGINNINGS.into_iter().find(|with| begins(with))?;
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '”' | '[' | ']'));
    Some(end.unwrap_or(text.len()))
}

/// Length of the e-mail address that `text` begins with.
fn email(text: &str) -> Option<usize> {
    // Looking no further keeps a long chain of dotted letters from being read again and again.
    const LONGEST: usize = 65;
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'');
    let (at, _) = text.char_indices().take(LONGEST).find(|&(_, c)| !inner(c))?;
    let domain = text[at..].strip_prefix('@')?;
    let end = domain.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(domain.len());
    (end > 0).then_some(at + 1 + end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut list = Vec::new();
        words(text, |word, range, _| {
            assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
            list.push(word.to_owned());
        });
        list
    }

    #[test]
    fn words_are_letters_with_apostrophes_inside() {
        assert_eq!(
            all("The bins' LIDS don’t 'shut' at no. 10a!"),
            ["the", "bins", "lids", "don't", "shut", "at", "no", "a"]
        );
    }

    #[test]
    fn words_of_other_scripts_stay_whole() {
        assert_eq!(
            all("Ÿvette Straße हिन्दी Ελλάδα cafe\u{301}"),
            ["ÿvette", "straße", "हिन्दी", "ελλάδα", "cafe\u{301}"]
        );
    }

    #[test]
    fn an_apostrophe_that_unicode_calls_a_letter_begins_no_word() {
        assert_eq!(all("Good ʼ service"), ["good", "service"]);
        assert_eq!(all("ʼtis the counciʼl ʼʼʼ ʼ"), ["tis", "the", "counci'l"]);
        assert_eq!(all("ʼ"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn any_characters_are_words_in_order_or_passed_over(text in odd_text()) {
            let mut end = 0;
            let mut sound = true;
            words(&text, |word, at, _| {
                sound &= !word.is_empty() && at.start >= end && !at.is_empty() && text.get(at.clone()).is_some();
                end = at.end;
            });
            prop_assert!(sound);
        }
    }

    /// Letters that are hardly any, marks without a letter, what is invisible, and what stands between them.
    fn odd_text() -> impl Strategy<Value = String> {
        let odd = prop::sample::select("ʼʻˈˮ\u{345}\u{301}\u{93f}\u{94d}\u{e47}\u{200b}\u{200c}\u{200d}\u{202e}\u{2060}\u{feff}\u{fffd}אب’'＇[]@.:/-w\n aZß中한".chars().collect::<Vec<_>>());
        prop::collection::vec(prop_oneof![4 => odd, 1 => any::<char>()], 0..40).prop_map(String::from_iter)
    }

    #[test]
    fn addresses_and_placeholders_are_no_words() {
        assert_eq!(all("see https://www.gov.uk/bins?x=y, or WWW.gov.uk now"), ["see", "or", "now"]);
        assert_eq!(all("write to jo.o'neil+x@city.gov.uk please"), ["write", "to", "please"]);
        assert_eq!(all("I am [name] of [phone number] [not a] [a.b]"), ["i", "am", "of", "a", "b"]);
    }

    #[test]
    fn only_neighbours_may_be_a_phrase() {
        let mut pairs = Vec::new();
        words("waiting-list is\nlong. Too\n\nlong [x] here", |word, _, joined| pairs.push((word.to_owned(), joined)));
        let joined: Vec<&str> = pairs.iter().filter(|pair| pair.1).map(|pair| pair.0.as_str()).collect();
        assert_eq!(joined, ["list", "is", "long"]);
    }
}
