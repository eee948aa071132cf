//! Search syntax for people, and what it means for a comment to contain words.
//!
//! `upload photo` both words, in their forms · `"bus stop"` the phrase, `"bus"` the word as it is · `-parking` not this
//! word · `upload*` words that begin so · `a OR b` either · `channel:phone` a value of a dimension. Case, accents and
//! hyphens do not matter. The index and the store both use [`placed`], so they agree.

mod forms;
mod tokens;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::filter::{Dimension, Filter};
use crate::invalid::FieldErrors;
use crate::sentence;

pub use tokens::{Placed, Token, fold_into, placed, tokens};

/// One thing that words can contain. Parts are folded tokens (see [`tokens`]).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Atom {
    /// A whole word as it is.
    Word(String),
    /// A word, or one of the forms that are found with it (see [`Self::forms`]).
    Forms(String),
    /// A word that begins so; at least two characters.
    Prefix(String),
    /// Words directly one after another, within one comment.
    Phrase(Vec<String>),
}

impl Atom {
    /// The forms in which a word is found: one and several of a thing, and whose it is. The word itself comes first.
    pub fn forms(word: &str) -> Vec<String> {
        forms::forms(word)
    }

    fn matches(&self, comment: &[Placed]) -> bool {
        !self.found(comment).is_empty()
    }

    /// Where it stands in a comment: byte ranges.
    fn found(&self, comment: &[Placed]) -> Vec<(usize, usize)> {
        let those = |is: &dyn Fn(&str) -> bool| {
            comment.iter().filter(|p| is(&p.token.text)).map(|p| (p.token.start, p.token.end)).collect()
        };
        match self {
            Self::Word(w) => those(&|t| t == w),
            Self::Forms(w) => {
                let forms = Self::forms(w);
                those(&|t| forms.iter().any(|form| form == t))
            }
            Self::Prefix(p) => those(&|t| t.starts_with(p.as_str())),
            Self::Phrase(words) => comment.iter().filter_map(|p| phrase_from(comment, p, words)).collect(),
        }
    }
}

/// From where to where a phrase reaches that begins with this word. Words one after another have places one after another.
fn phrase_from(comment: &[Placed], first: &Placed, words: &[String]) -> Option<(usize, usize)> {
    let (begins, rest) = words.split_first()?;
    if first.token.text != *begins {
        return None;
    }
    let mut end = first.token.end;
    for (n, word) in rest.iter().enumerate() {
        let place = first.place + n + 1;
        let from = comment.partition_point(|p| p.place < place);
        let next = comment[from..].iter().take_while(|p| p.place == place).find(|p| p.token.text == *word)?;
        end = next.token.end;
    }
    Some((first.token.start, end))
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
                Atom::Word(_) | Atom::Forms(_) | Atom::Prefix(_) => 1,
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
        let comments: Vec<Vec<Placed>> = comments.map(|c| placed(c).collect()).collect();
        let found = |atom: &Atom| comments.iter().any(|c| atom.matches(c));
        self.must.iter().all(|any| any.iter().any(found)) && !self.must_not.iter().any(found)
    }

    /// Byte ranges of `text` that show why it matched, in order and not overlapping.
    pub fn highlights(&self, text: &str) -> Vec<(usize, usize)> {
        let all: Vec<Placed> = placed(text).collect();
        let mut ranges: Vec<_> = self.must.iter().flatten().flat_map(|atom| atom.found(&all)).collect();
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
        match atoms(&piece) {
            Ok(any) if any.is_empty() => {}
            Ok(any) if piece.negated => filter.words.must_not.extend(any),
            Ok(any) => match filter.words.must.last_mut().filter(|_| joined) {
                Some(last) => last.extend(any),
                None => filter.words.must.push(any),
            },
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

/// What a piece asks for: any of these. Nothing where there is no word in it.
fn atoms(piece: &Piece) -> Result<Vec<Atom>, String> {
    let (text, star) = match &piece.quoted {
        Some(q) => (q.as_str(), false),
        None => match piece.text.strip_suffix('*') {
            Some(t) => (t, true),
            None => (piece.text.as_str(), false),
        },
    };
    let mut words: Vec<String> = tokens(text).map(|t| t.text).collect();
    let exact = piece.quoted.is_some();
    match (words.len(), star) {
        (0, true) => Err("A star needs the beginning of a word before it, for example `upload*`.".to_owned()),
        (1, true) if words[0].chars().count() < 2 => {
            Err(format!("`{text}*` would find nearly everything: give at least two letters before the star."))
        }
        (1, true) => Ok(words.pop().map(Atom::Prefix).into_iter().collect()),
        (1, false) if exact => Ok(words.pop().map(Atom::Word).into_iter().collect()),
        (0 | 1, false) => Ok(words.pop().map(Atom::Forms).into_iter().collect()),
        // `post-office` and `re-apply*` are phrases of their parts, and one word; the star counts for the one word.
        (parts, star) => {
            let whole = placed(text)
                .next()
                .filter(|p| !exact && tokens(text).nth(parts - 1).map(|t| t.end) == Some(p.token.end));
            let one = whole.map(|p| p.token.text).map(if star { Atom::Prefix } else { Atom::Forms });
            Ok([Atom::Phrase(words)].into_iter().chain(one).collect())
        }
    }
}

impl fmt::Display for Words {
    /// What somebody would type to ask for the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let write = |f: &mut fmt::Formatter<'_>, atom: &Atom| match atom {
            Atom::Word(w) => write!(f, "\"{w}\""),
            Atom::Forms(w) => f.write_str(w),
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
        assert_eq!(
            asked("\"bus\" wi-fi -re-apply*").words.to_string(),
            r#""bus" "wi fi" OR wifi -"re apply" -reapply*"#
        );
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

    #[test]
    fn words_are_found_in_their_forms_unless_they_are_quoted() {
        let found = |typed: &str, text: &str| asked(typed).words.matches([text].into_iter());
        for (typed, text) in [
            ("GP", "The GP's receptionist"),
            ("doctor", "Doctor’s surgery"),
            ("bus", "two buses"),
            ("wifi", "no wi-fi here"),
            ("wi-fi", "WiFi worked"),
            ("wi-fi", "no wi fi"),
            ("reopening", "the re-opening"),
            ("sign-up", "I signup again"),
            ("10-year-old", "the 10-year-old"),
            ("10yearold", "the 10-year-old"),
            ("24/7", "24/7 helpline"),
            ("A&E", "waited in A&E"),
        ] {
            assert!(found(typed, text), "{typed}: {text}");
        }
        for (typed, text) in [
            ("\"bus\"", "two buses"),
            ("\"wi-fi\"", "WiFi worked"),
            ("wifi", "wi fi"),
            ("\"no wifi\"", "no fi-wi"),
            ("new", "no news"),
            ("\"wi here\"", "wi-fi here"),
        ] {
            assert!(!found(typed, text), "{typed}: {text}");
        }
        // Parts and whole stand at one place, so that a phrase is found with either.
        assert!(found("\"no wifi\"", "no wi-fi here") && found("\"fi here\"", "no wi-fi here"));
        let text = "No wi-fi, nor buses";
        let shown: Vec<&str> = asked("wifi bus").words.highlights(text).into_iter().map(|(s, e)| &text[s..e]).collect();
        assert_eq!(shown, ["wi-fi", "buses"]);
    }

    proptest! {
        #[test]
        fn places_are_in_order_and_those_of_plain_words(text in odd_text()) {
            let all: Vec<Placed> = placed(&text).collect();
            prop_assert!(all.windows(2).all(|w| w[0].place <= w[1].place && w[0].token.start <= w[1].token.start));
            let mut left = all.iter();
            for (place, token) in tokens(&text).enumerate() {
                prop_assert!(left.any(|p| p.place == place && p.token == token), "{token:?}");
            }
        }
    }
}
