//! What a heading says about its column.

use std::collections::HashMap;
use std::sync::LazyLock;

use commonweal_domain::personal;

use super::phrases::PHRASES;
use super::phrases_welsh_spanish::PHRASES as WELSH_AND_SPANISH;
use super::values::plain_words;

/// What a heading is a name for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hint {
    Id,
    /// An id of a person or sitting, which is an id of the feedback only if no two rows share it.
    RespondentId,
    /// A number of the row in this file, which the next file uses again.
    Counter,
    At,
    /// A date, but not the one on which it was said.
    OtherDate,
    Comment,
    Question,
    Rating,
    Service,
    Touchpoint,
    Channel,
    Page,
    Device,
    Language,
    Area,
    /// What people are, under this name.
    Attribute(&'static str),
    /// Says who it was.
    Private,
    /// Somebody who may be there by name or by kind: a tenant, a caller, an officer.
    Person,
    /// Somebody's or some program's judgement of the words.
    Judgement,
    /// What the body answered, rather than what was said to it.
    Reply,
    /// Where exactly; too fine to group by, and it may say who it was.
    Place,
    /// A number of things.
    Count,
    /// Known to be of no use here.
    Nothing,
}

use Hint::{Area, Attribute, Channel, Comment, Count, Device, Judgement, Language, Person, Private, Rating, Service};

/// Words with which questions begin.
const INTERROGATIVES: &[&str] = &[
    "what",
    "how",
    "why",
    "which",
    "who",
    "where",
    "when",
    "please",
    "do",
    "did",
    "does",
    "are",
    "is",
    "was",
    "were",
    "have",
    "has",
    "would",
    "will",
    "can",
    "could",
    "should",
    "to",
    "thinking",
    "if",
    "overall",
    "tell",
    "describe",
    "anything",
    "based",
    "considering",
    // Welsh
    "pa",
    "beth",
    "sut",
    "pam",
    "ble",
    "pryd",
    "pwy",
    "oes",
    "ydych",
    "oedd",
    "oeddech",
    "fyddech",
    "faint",
    "rhowch",
    "dywedwch",
    // Spanish
    "que",
    "como",
    "cual",
    "cuales",
    "cuanto",
    "quien",
    "donde",
    "cuando",
    "por",
    "recomendaria",
    "esta",
    "indique",
];

/// Words with which those questions begin that leave the answer open.
const OPEN: &[&str] = &[
    "what",
    "why",
    "tell",
    "describe",
    "anything",
    "any",
    "beth",
    "pam",
    "unrhyw",
    "dywedwch",
    "disgrifiwch",
    "que",
    "describa",
    "explique",
    "algo",
    "cuentenos",
];

/// Hints that a question can carry within it: "What is your age group?" asks for an age band.
fn may_be_asked_for(hint: Hint) -> bool {
    matches!(hint, Attribute(_) | Area | Service | Channel | Device | Language | Rating | Private)
}

/// What a heading says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Named {
    /// What it names and how surely, 1 to 100.
    pub(crate) hint: Option<(Hint, u8)>,
    /// Whether it is a question put to people, so that its answers may be words, a rating or a choice.
    pub(crate) asks: bool,
    /// Whether that question can be answered in one's own words only: "Why?", "What could we do better?"
    pub(crate) open: bool,
    /// The heading in lower-case words.
    pub(crate) words: String,
    /// The heading as it stands in the file.
    pub(crate) heading: String,
}

/// Lower-case words of a heading; `createdAt` and `created_at` are both `created at`.
pub(crate) fn heading_words(heading: &str) -> String {
    let mut spaced = String::with_capacity(heading.len() + 8);
    let mut before = ' ';
    for c in heading.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            spaced.push(' ');
        }
        spaced.push(c);
        before = c;
    }
    plain_words(&spaced)
}

fn exact(words: &str) -> Option<(Hint, u8)> {
    static KNOWN: LazyLock<HashMap<&str, (Hint, u8)>> = LazyLock::new(|| {
        let mut known = HashMap::new();
        for (phrases, hint, sure) in PHRASES.iter().chain(WELSH_AND_SPANISH) {
            for phrase in phrases.split('|') {
                known.entry(phrase).or_insert((*hint, *sure));
            }
        }
        known
    });
    KNOWN.get(words).copied()
}

/// Whether a cell is, word for word, something that columns are called.
pub(crate) fn is_known(cell: &str) -> bool {
    let known = |part: &str| exact(&heading_words(part)).is_some_and(|(_, sure)| sure >= 40);
    cell.len() <= 80 && (known(cell) || known(&bare(cell)) || parts(cell).is_some_and(|(a, b)| known(a) || known(b)))
}

/// A heading without what stands in brackets and what it says of its scale: "Score out of 5 (required)".
fn bare(heading: &str) -> String {
    let mut out = String::with_capacity(heading.len());
    let mut depth = 0_u32;
    for c in heading.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '-' | '–' | '/' | ' ' | ':' | '*');
    let mut kept = out.trim_end_matches(plain);
    for scale in [" out of", " allan o", " sobre", " from", " scale of"] {
        // Only where a number followed.
        if kept.len() < out.trim_end().len() {
            kept = kept.strip_suffix(scale).unwrap_or(kept);
        }
    }
    // "Address 1" and "Q4" are not what is meant here.
    let cut = heading.contains(['(', '[']) || kept.len() + 2 < out.trim_end().len();
    if cut { kept.trim().to_owned() } else { out.trim().trim_end_matches('*').trim().to_owned() }
}

/// The two halves of a heading in two languages: "Dyddiad / Date". A dash is mostly followed by an option.
fn parts(heading: &str) -> Option<(&str, &str)> {
    let (first, second) = [" / ", " | ", "/", "|"].iter().find_map(|s| heading.split_once(s))?;
    let said = |t: &str| t.chars().any(char::is_alphabetic);
    (said(first) && said(second)).then_some((first, second))
}

/// Reads a heading.
pub(crate) fn read(heading: &str) -> Named {
    let words = heading_words(heading);
    let tokens: Vec<&str> = words.split(' ').filter(|t| !t.is_empty()).collect();
    let mut named = Named { words: words.clone(), heading: heading.to_owned(), ..Named::default() };
    if tokens.is_empty() {
        return named;
    }
    named.asks = heading.contains('?');
    named.open = named.asks && tokens.iter().take(2).any(|t| OPEN.contains(t));
    if let Some(found) = exact(&words) {
        named.hint = Some(found);
        return named;
    }
    let base = bare(heading);
    if let Some(found) = exact(&heading_words(&base)) {
        named.hint = Some(found);
        return named;
    }
    if let Some((first, second)) = parts(&base) {
        let halves = [exact(&heading_words(first)), exact(&heading_words(second))];
        if let Some(found) = halves.into_iter().flatten().max_by_key(|(_, sure)| *sure) {
            named.hint = Some(found);
            return named;
        }
    }
    const FIGURES: &[&str] = &["number", "total", "proportion", "percentage", "percent", "share", "average", "mean"];
    if tokens.len() > 3 && FIGURES.contains(&tokens[0]) {
        (named.hint, named.asks) = (Some((Count, 70)), false);
        return named;
    }
    named.asks = base.trim_end().ends_with('?')
        || heading.trim_end().ends_with('?')
        || heading.contains('¿')
        || tokens.len() > 3 && INTERROGATIVES.contains(&tokens[0])
        || tokens.len() > 3 && is_question_number(tokens[0]) && INTERROGATIVES.contains(&tokens[1])
        || tokens.len() > 7;
    named.open = named.asks && tokens.iter().take(2).any(|t| OPEN.contains(t));
    named.hint = if named.asks { within(&tokens) } else { either_end(&tokens) };
    if named.hint.is_none() && !named.asks && base.len() < heading.trim().len() {
        let words = heading_words(&base);
        let tokens: Vec<&str> = words.split(' ').filter(|t| !t.is_empty()).collect();
        named.hint = if tokens.is_empty() { None } else { either_end(&tokens) };
    }
    named
}

/// What a name is: at its end in English, at its beginning where small words of Welsh or Spanish stand in it.
fn either_end(tokens: &[&str]) -> Option<(Hint, u8)> {
    const SMALL: &[&str] =
        &["y", "yr", "o", "am", "ar", "i", "eich", "ein", "de", "del", "la", "el", "los", "las", "su", "sobre"];
    let other = tokens.iter().skip(1).any(|t| SMALL.contains(t));
    let first = if other { leading(tokens) } else { None };
    first.or_else(|| head_noun(tokens)).or_else(|| leading(tokens))
}

/// Welsh and Spanish names begin with what they are: the longest phrase at the beginning.
fn leading(tokens: &[&str]) -> Option<(Hint, u8)> {
    static KNOWN: LazyLock<HashMap<&str, (Hint, u8)>> = LazyLock::new(|| {
        let all =
            WELSH_AND_SPANISH.iter().flat_map(|(phrases, hint, sure)| phrases.split('|').map(|p| (p, (*hint, *sure))));
        all.collect()
    });
    let from = usize::from(tokens.len() > 1 && is_question_number(tokens[0]));
    let tokens = &tokens[from..];
    (1..tokens.len().min(5)).rev().find_map(|length| {
        let (hint, sure) = *KNOWN.get(tokens[..length].join(" ").as_str())?;
        // One word for a person or a part of the body says little of what is about it.
        (hint != Person && (length > 1 || sure >= 75)).then_some((hint, sure.saturating_sub(13)))
    })
}

fn is_question_number(token: &str) -> bool {
    let rest = token.strip_prefix('q').unwrap_or(token);
    !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())
}

/// The longest phrase within a question that a question may ask for.
fn within(tokens: &[&str]) -> Option<(Hint, u8)> {
    for length in (1..=4.min(tokens.len())).rev() {
        for window in tokens.windows(length) {
            match exact(&window.join(" ")) {
                // One word such as "name" or "mobile" occurs in questions about anything.
                Some((hint, sure))
                    if may_be_asked_for(hint) && (sure >= 85 || length > 1) && (length > 1 || hint != Private) =>
                {
                    return Some((hint, sure.min(60)));
                }
                _ => {}
            }
        }
    }
    None
}

/// English names end with what they are: "comment id" is an id, "date of comment" a date.
fn head_noun(tokens: &[&str]) -> Option<(Hint, u8)> {
    let mut tokens = tokens.to_vec();
    while tokens.len() > 1
        && (tokens[0] == "survey" || tokens[0] == "the" || tokens[0] == "your" || is_question_number(tokens[0]))
    {
        tokens.remove(0);
    }
    let all = tokens.len();
    while tokens.len() > 1 && tokens.last().is_some_and(|t| t.bytes().all(|b| b.is_ascii_digit())) {
        tokens.pop();
    }
    // "Question 4" is one of the questions, not a column that says what was asked.
    if tokens.len() < all && tokens.last().is_some_and(|t| matches!(*t, "question" | "answer" | "response")) {
        return None;
    }
    if let Some(of) =
        tokens.iter().position(|t| matches!(*t, "of" | "for" | "from" | "by" | "with" | "to" | "about" | "on"))
        && of > 0
    {
        tokens.truncate(of);
    }
    for from in 0..tokens.len() {
        let phrase = tokens[from..].join(" ");
        // The name of a park is no name of a person.
        if from > 0 && matches!(phrase.as_str(), "name" | "user" | "author" | "handle") {
            continue;
        }
        if let Some((hint, sure)) = exact(&phrase) {
            // The more words of the heading are known, the surer.
            return Some((hint, sure.saturating_sub(10 * from.min(3) as u8 + 3)));
        }
    }
    // Private things and judgements are recognised wherever they stand.
    tokens.iter().find_map(|t| match exact(t) {
        Some((hint @ (Private | Judgement), sure)) if !personal::is_weak(t) => Some((hint, sure.saturating_sub(30))),
        _ => None,
    })
}

/// Headings that say no more than that there are words; as a question they would say nothing.
pub(crate) fn is_generic_comment(words: &str) -> bool {
    matches!(exact(words), Some((Comment, _)))
        && !["reason", "improve", "suggest", "happened", "action", "background"].iter().any(|w| words.contains(w))
}

#[cfg(test)]
mod tests {
    use super::Hint::{At, Counter, Id, OtherDate, Page, Place, Question, Reply, RespondentId, Touchpoint};
    use super::*;

    fn hint(heading: &str) -> Option<Hint> {
        read(heading).hint.map(|(h, _)| h)
    }

    #[test]
    fn names_are_known_in_any_spelling() {
        for (heading, expected) in [
            ("Comment ID", Id),
            ("unique_key", Id),
            ("createdAt", At),
            ("Date of feedback", At),
            ("open_data_channel_type", Channel),
            ("FFT categorical answer", Rating),
            ("FFT answer", Comment),
            ("FFT question", Question),
            ("Service type 1", Service),
            ("Service type 2", Touchpoint),
            ("Respondent ID", RespondentId),
            ("row_index", Counter),
            ("Unnamed: 0", Counter),
            ("AGE_GROUP", Attribute("age")),
            ("Comment sentiment", Judgement),
            ("Person identifiable info?", Judgement),
            ("resolution_description", Reply),
            ("closed_date", OtherDate),
            ("Email Address", Private),
            ("Customer email address", Private),
            ("x_coordinate_state_plane", Place),
            ("Page URL", Page),
            ("signature_count", Count),
        ] {
            assert_eq!(hint(heading), Some(expected), "{heading}");
        }
        for heading in ["q1_01", "question_4", "Parking", "park_facility_name", ""] {
            assert_eq!(hint(heading), None, "{heading}");
        }
    }

    #[test]
    fn names_are_known_in_welsh_and_spanish_and_in_two_languages_at_once() {
        for (heading, expected) in [
            ("Dyddiad yr arolwg", At),
            ("Sgôr", Rating),
            ("Sgôr y gwasanaeth", Rating),
            ("Unrhyw sylwadau eraill", Comment),
            ("Grŵp oedran", Attribute("age")),
            ("Enw’r gwasanaeth", Service),
            ("Rhif y cyfeirnod", Id),
            ("Fecha de la encuesta", At),
            ("Puntuación", Rating),
            ("Comentarios del usuario", Comment),
            ("Nombre del servicio", Service),
            ("Canal de contacto", Channel),
            ("Cwestiwn / Question", Question),
            ("Sylwadau | Comments", Comment),
            ("Enw llawn", Private),
            ("Cod post", Private),
            ("Nombre y apellidos", Private),
            ("Correo electrónico", Private),
            ("Fecha de nacimiento", Private),
        ] {
            assert_eq!(hint(heading), Some(expected), "{heading}");
        }
        for heading in
            ["Pa mor hawdd oedd hi i ni?", "¿Cómo de fácil fue?", "Beth allen ni ei wella", "Qué podemos hacer mejor"]
        {
            assert!(read(heading).asks, "{heading}");
        }
    }

    #[test]
    fn brackets_and_scales_do_not_hide_a_name() {
        for (heading, expected) in [
            ("Completed at (UTC)", At),
            ("Full name (if you like)", Private),
            ("Marks out of 10", Rating),
            ("Score 1-5 (5 best)", Rating),
            ("Comments *", Comment),
        ] {
            assert_eq!(hint(heading), Some(expected), "{heading}");
        }
    }

    #[test]
    fn a_question_is_known_as_one() {
        let named = read("How satisfied are you with the service we gave you?");
        assert!(named.asks);
        let named = read("What is your age group?");
        assert_eq!((named.asks, named.hint), (true, Some((Attribute("age"), 60))));
        assert!(read("Q5. What could we have done better").asks);
        assert_eq!(read("What could we have done better?").hint, None);
        assert!(!read("Date submitted").asks);
    }

    #[test]
    fn no_phrase_is_listed_twice() {
        let mut all: Vec<&str> = PHRASES.iter().flat_map(|(p, ..)| p.split('|')).collect();
        all.sort_unstable();
        let doubles: Vec<&str> = all.windows(2).filter(|w| w[0] == w[1]).map(|w| w[0]).collect();
        assert_eq!(doubles, ["trust"], "trust is a thing to rate and a kind of organisation");
    }
}
