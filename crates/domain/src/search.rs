//! Search syntax for people, and what it means for a comment to contain words.
//!
//! `upload photo` both words · `"bus stop"` the phrase · `-parking` not this word · `upload*`
//! words that begin so · `a OR b` either · `channel:phone` a value of a dimension. Case and
//! accents do not matter. The index and the store both use [`tokens`], so they agree.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::filter::{Dimension, Filter};
use crate::invalid::FieldErrors;
use crate::sentence;

/// One thing that words can contain. Parts are folded tokens (see [`tokens`]).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Atom {
    /// A whole word.
    Word(String),
    /// A word that begins so; at least two characters.
    Prefix(String),
    /// Words directly one after another, within one comment.
    Phrase(Vec<String>),
}

impl Atom {
    fn matches(&self, comment: &[String]) -> bool {
        match self {
            Self::Word(w) => comment.iter().any(|t| t == w),
            Self::Prefix(p) => comment.iter().any(|t| t.starts_with(p.as_str())),
            Self::Phrase(words) => comment.windows(words.len().max(1)).any(|w| w == words.as_slice()),
        }
    }
}

/// Words that a feedback must and must not contain. The default asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Words {
    /// For each of these, at least one alternative must be in some comment.
    pub must: Vec<Vec<Atom>>,
    /// None of these may be in any comment.
    pub must_not: Vec<Atom>,
}

/// Most words that one search may hold, those of phrases counted one by one. Each is looked up in every part of the index,
/// so thousands of them would hold everybody else up; nobody types as many as this.
pub const MAX_WORDS: usize = 60;

impl Words {
    /// How many words are looked for, those of phrases counted one by one.
    pub fn count(&self) -> usize {
        self.must
            .iter()
            .flatten()
            .chain(&self.must_not)
            .map(|atom| match atom {
                Atom::Word(_) | Atom::Prefix(_) => 1,
                Atom::Phrase(words) => words.len(),
            })
            .sum()
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.must.is_empty() && self.must_not.is_empty()
    }

    /// Whether these comments of one feedback contain what they must and nothing that they must not.
    pub fn matches<'a>(&self, comments: impl Iterator<Item = &'a str>) -> bool {
        if self.is_empty() {
            return true;
        }
        let comments: Vec<Vec<String>> = comments.map(|c| tokens(c).map(|t| t.text).collect()).collect();
        let found = |atom: &Atom| comments.iter().any(|c| atom.matches(c));
        self.must.iter().all(|any| any.iter().any(found)) && !self.must_not.iter().any(found)
    }

    /// Byte ranges of `text` that show why it matched, in order and not overlapping.
    pub fn highlights(&self, text: &str) -> Vec<(usize, usize)> {
        let all: Vec<Token> = tokens(text).collect();
        let mut ranges = Vec::new();
        for atom in self.must.iter().flatten() {
            match atom {
                Atom::Word(w) => ranges.extend(all.iter().filter(|t| t.text == *w).map(|t| (t.start, t.end))),
                Atom::Prefix(p) => {
                    ranges.extend(all.iter().filter(|t| t.text.starts_with(p.as_str())).map(|t| (t.start, t.end)));
                }
                Atom::Phrase(words) => {
                    for window in all.windows(words.len().max(1)) {
                        if window.iter().map(|t| &t.text).eq(words.iter()) {
                            ranges.push((window[0].start, window[window.len() - 1].end));
                        }
                    }
                }
            }
        }
        ranges.sort_unstable();
        let mut merged: Vec<(usize, usize)> = Vec::new();
        for (start, end) in ranges {
            match merged.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        merged
    }
}

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
                if length < 40 {
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

/// Reads what somebody typed into the search box and adds it to the filter. Nothing typed is ever
/// refused silently: a field that does not exist or a sign without a word is an error with a
/// sentence.
pub fn parse(input: &str, filter: &mut Filter) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut join_next = false;
    for piece in pieces(input) {
        if piece.quoted.is_none() && !piece.negated && piece.field.is_none() && piece.text == "OR" {
            join_next = !filter.words.must.is_empty();
            continue;
        }
        let joined = std::mem::take(&mut join_next);
        if let Some(field) = &piece.field {
            let value = piece.quoted.as_deref().unwrap_or(&piece.text);
            match Dimension::from_key(field) {
                Some(_) if value.is_empty() => {
                    errors.add(
                        "q",
                        "no_value",
                        sentence!("`{field}:` needs a value, for example `{field}:phone`.", field),
                    );
                }
                Some(d) if piece.negated => filter.add(d, &format!("!{value}")),
                Some(d) => filter.add(d, value),
                None => errors.add(
                    "q",
                    "unknown_field",
                    sentence!("There is no field `{field}`. Fields are {known}.", field, known = field_names()),
                ),
            }
            continue;
        }
        match atom(&piece) {
            Ok(Some(a)) if piece.negated => filter.words.must_not.push(a),
            Ok(Some(a)) if joined => {
                if let Some(last) = filter.words.must.last_mut() {
                    last.push(a);
                }
            }
            Ok(Some(a)) => filter.words.must.push(vec![a]),
            Ok(None) => {}
            Err(message) => errors.add("q", "not_a_word", message),
        }
    }
    let words = filter.words.count();
    if words > MAX_WORDS {
        errors.add(
            "q",
            "too_many_words",
            format!("This search holds {words} words; at most {MAX_WORDS} can be looked for at once. Leave some out, or ask in several searches."),
        );
    }
    errors.into_result(())
}

/// The fields of the search syntax, for sentences.
fn field_names() -> String {
    let mut names: Vec<_> = Dimension::FIXED.iter().map(|d| d.key().into_owned()).collect();
    names.push("attr.NAME".to_owned());
    names.join(", ")
}

/// One piece of what was typed, before it is understood.
#[derive(Debug, Default)]
struct Piece {
    negated: bool,
    field: Option<String>,
    quoted: Option<String>,
    text: String,
}

fn pieces(input: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = input.trim_start();
    while !rest.is_empty() {
        let mut piece = Piece::default();
        if let Some(after) = rest.strip_prefix('-').filter(|a| !a.is_empty() && !a.starts_with(char::is_whitespace)) {
            piece.negated = true;
            rest = after;
        }
        if let Some(colon) = rest.find(':') {
            let name = &rest[..colon];
            let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.');
            // `https://…` and `10:30` are words, not fields.
            if is_name && !rest[colon + 1..].starts_with("//") {
                piece.field = Some(name.to_owned());
                rest = &rest[colon + 1..];
            }
        }
        if let Some(after) = rest.strip_prefix('"') {
            let end = after.find('"').unwrap_or(after.len());
            piece.quoted = Some(after[..end].to_owned());
            rest = after.get(end + 1..).unwrap_or("");
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            piece.text = rest[..end].to_owned();
            rest = &rest[end..];
        }
        found.push(piece);
        rest = rest.trim_start();
    }
    found
}

fn atom(piece: &Piece) -> Result<Option<Atom>, String> {
    let (text, star) = match &piece.quoted {
        Some(q) => (q.as_str(), false),
        None => match piece.text.strip_suffix('*') {
            Some(t) => (t, true),
            None => (piece.text.as_str(), false),
        },
    };
    let mut words: Vec<String> = tokens(text).map(|t| t.text).collect();
    match (words.len(), star) {
        (0, true) => Err("A star needs the beginning of a word before it, for example `upload*`.".to_owned()),
        (0, false) => Ok(None),
        (1, true) if words[0].chars().count() < 2 => {
            Err(format!("`{text}*` would find nearly everything: give at least two letters before the star."))
        }
        (1, true) => Ok(words.pop().map(Atom::Prefix)),
        (1, false) => Ok(words.pop().map(Atom::Word)),
        // `post-office` and `re-apply*` are phrases of their parts; the star is then left out.
        _ => Ok(Some(Atom::Phrase(words))),
    }
}

impl fmt::Display for Words {
    /// What somebody would type to ask for the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let write = |f: &mut fmt::Formatter<'_>, atom: &Atom| match atom {
            Atom::Word(w) => f.write_str(w),
            Atom::Prefix(p) => write!(f, "{p}*"),
            Atom::Phrase(words) => write!(f, "\"{}\"", words.join(" ")),
        };
        let mut first = true;
        for any in &self.must {
            for (n, atom) in any.iter().enumerate() {
                if n > 0 {
                    f.write_str(" OR ")?;
                } else if !std::mem::take(&mut first) {
                    f.write_str(" ")?;
                }
                write(f, atom)?;
            }
        }
        for atom in &self.must_not {
            if !std::mem::take(&mut first) {
                f.write_str(" ")?;
            }
            f.write_str("-")?;
            write(f, atom)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Letters that are hardly any, marks without a letter, what is invisible, and the signs of the syntax.
    fn odd_text() -> impl Strategy<Value = String> {
        let odd = "ʼʻˈˮ\u{345}\u{301}\u{93f}\u{94d}\u{e47}\u{200b}\u{200d}\u{202e}\u{feff}\u{fffd}אע’'\"-:*.,_\u{3000}\n aZß9中"
            .chars()
            .collect::<Vec<_>>();
        let odd = prop_oneof![5 => prop::sample::select(odd), 1 => any::<char>()];
        prop::collection::vec(odd, 0..60).prop_map(String::from_iter)
    }

    #[test]
    fn a_search_of_very_many_words_is_refused_with_what_to_do() {
        let words = |n: usize| (0..n).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
        let mut filter = Filter::default();
        parse(&words(MAX_WORDS), &mut filter).expect("as many as may be");
        for typed in [
            words(MAX_WORDS + 1),
            format!("\"{}\"", words(MAX_WORDS + 1)),
            format!("-{}", words(MAX_WORDS + 1).replace(' ', " -")),
        ] {
            let refused = parse(&typed, &mut Filter::default()).expect_err("too many");
            assert_eq!(refused.0[0].code, "too_many_words");
            assert!(refused.0[0].message.contains("61 words"), "{refused}");
        }
    }

    proptest! {
        #[test]
        fn tokens_of_any_characters_are_in_order_and_not_empty(text in odd_text()) {
            let mut end = 0;
            for token in tokens(&text) {
                prop_assert!(token.start >= end && token.start < token.end && !token.text.is_empty(), "{token:?}");
                prop_assert!(text.get(token.start..token.end).is_some());
                end = token.end;
            }
        }

        #[test]
        fn any_characters_are_a_search_or_refused(text in odd_text(), name in "(service|channel|theme|attr\\.x|nothing)?") {
            for text in [text.clone(), format!("{name}:{text}"), format!("{text} -{name}:\"{text}")] {
                let _ = parse(&text, &mut Filter::default());
            }
        }
    }

    #[test]
    fn a_mark_that_unicode_calls_a_letter_is_no_word_of_its_own() {
        assert_eq!(folded("\u{345} a \u{345}\u{345}"), ["a"]);
        assert_eq!(folded("Good ʼ service"), ["good", "ʼ", "service"]);
    }

    fn folded(text: &str) -> Vec<String> {
        tokens(text).map(|t| t.text).collect()
    }

    fn asked(input: &str) -> Filter {
        let mut filter = Filter::default();
        parse(input, &mut filter).expect("valid search");
        filter
    }

    #[test]
    fn words_are_folded_alike_however_they_are_written() {
        assert_eq!(folded("Don’t DON'T dont"), ["dont", "dont", "dont"]);
        assert_eq!(folded("Tŷ TŶ ty y\u{302}"), ["ty", "ty", "ty", "y"]);
        assert_eq!(folded("'quoted' straße"), ["quoted", "strasse"]);
    }

    #[test]
    fn a_token_knows_where_it_stands() {
        let all: Vec<Token> = tokens("A café!").collect();
        assert_eq!((all[1].start, all[1].end), (2, 7));
    }

    #[test]
    fn an_unbroken_megabyte_is_one_short_token() {
        let all: Vec<Token> = tokens(&"x".repeat(1_000_000)).collect::<Vec<_>>();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].text.len(), 40);
    }

    #[test]
    fn words_phrases_exclusions_and_fields_are_understood() {
        let f = asked(r#"upload "bus stop" -parking pho* channel:phone -service:"Blue Badge""#);
        assert_eq!(f.words.to_string(), r#"upload "bus stop" pho* -parking"#);
        assert_eq!(f.clauses[&Dimension::Channel].is, ["phone"]);
        assert_eq!(f.clauses[&Dimension::Service].is_not, ["Blue Badge"]);
    }

    #[test]
    fn or_joins_its_neighbours() {
        let f = asked("late OR slow bus");
        assert!(f.words.matches(["the bus was slow"].into_iter()));
        assert!(!f.words.matches(["the bus was full"].into_iter()));
    }

    #[test]
    fn a_phrase_does_not_reach_across_comments() {
        let f = asked("\"bus stop\"");
        assert!(f.words.matches(["the bus stop"].into_iter()));
        assert!(!f.words.matches(["the bus", "stop it"].into_iter()));
    }

    #[test]
    fn an_unknown_field_is_named_with_the_fields_there_are() {
        let e = parse("colour:red", &mut Filter::default()).expect_err("no such field");
        assert!(e.0[0].message.contains("`colour`") && e.0[0].message.contains("channel"));
    }

    #[test]
    fn addresses_and_times_are_words() {
        let f = asked("https://example.org/a 10:30");
        assert!(f.clauses.is_empty());
        assert_eq!(f.words.must.len(), 2);
    }

    #[test]
    fn highlights_show_why_it_matched() {
        let f = asked("upload \"my photo\"");
        let text = "Upload of my photo: upload failed";
        let shown: Vec<&str> = f.words.highlights(text).into_iter().map(|(s, e)| &text[s..e]).collect();
        assert_eq!(shown, ["Upload", "my photo", "upload"]);
    }
}
