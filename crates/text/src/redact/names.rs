//! Names of people: where the words say whose they are ("my name is", "Mr", "spoke to", "Regards"),
//! and where a given name of the gazetteer stands with a capital and nothing makes it a place.

use super::lexicon::{
    CALENDAR, CALLED, DOES, FLAT, GIVEN, GIVEN_TOO, GREETING, HALLOWED, KIN, NAME, NOT_NAME, OPAQUE, PARTICLE, PHONE,
    PLACE, POSSESSIVE, RANK, ROLE, SIGN_OFF, SOMEBODY, STOP, STREET, SURNAME, TITLE, TOWARDS,
};
use super::scan::{Found, Scan};
use super::tokens::Token;

/// Parts of one name, at most.
const PARTS: usize = 5;

/// What the first part of a name has to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    /// Any word with a capital, or a known name in small letters.
    Any,
    /// A given name, also one that is a word.
    Given,
}

/// A name that begins at this token.
pub(super) fn find(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let token = &scan.tokens[at];
    if let Some(end) = told(scan, at).or_else(|| shouted(scan, at)) {
        return Some(Found { kind: "name", start: token.start, end });
    }
    // Else only known names are taken in small letters; most words end here.
    if !token.word() || !(token.capital() || token.is(GIVEN | GIVEN_TOO | SURNAME)) {
        return None;
    }
    let plain = token.len() > 1;
    if let Some(want) = announced(scan, at)
        && let Some(end) = name(scan, at, want)
    {
        return Some(Found { kind: "name", start: token.start, end });
    }
    let of_firm = firm(scan, at) || at.checked_sub(1).is_some_and(|before| firm(scan, before));
    if !plain || !token.is(GIVEN | GIVEN_TOO) || of_firm || place(scan, at) {
        return None;
    }
    let end = alone(scan, at)?;
    Some(Found { kind: "name", start: token.start, end })
}

/// End of a name in small letters that the words before it tell: "my name is zebulon quackenbush". It need
/// not be known, but has to end where a part of a sentence ends, or it might go on: "my name is spelt …".
fn told(scan: &Scan<'_>, at: usize) -> Option<usize> {
    const NO_NAME: &[&str] = &[
        "mud",
        "private",
        "confidential",
        "irrelevant",
        "immaterial",
        "unimportant",
        "withheld",
        "hidden",
        "blank",
        "secret",
        "correct",
        "incorrect",
        "different",
        "similar",
        "identical",
        "common",
        "unusual",
        "foreign",
        "absent",
        "gone",
    ];
    let token = &scan.tokens[at];
    let near = |n: usize| at.checked_sub(n).is_some_and(|i| scan.tokens[i].is(NAME));
    if !(near(1) || near(2)) || token.capital() || !may_be_told(token) {
        return None;
    }
    let word = scan.word(at);
    let ending = ["ed", "ly", "ing", "elt", "ten", "wn"].iter().any(|e| word.ends_with(e));
    if (ending && !known(scan, at)) || NO_NAME.contains(&word) {
        return None;
    }
    let gap = scan.gap(at);
    let marked = near(1) && matches!(gap, ": " | ":" | ":  " | " = ");
    // "The name is ridiculous" is nobody's.
    let linked = near(2) && ["is", "was", "s", "es", "est"].iter().any(|w| scan.says(at - 1, w));
    let whose = linked && gap == " " && at > 2 && scan.tokens[at - 3].is(POSSESSIVE);
    if !(marked || whose) {
        return None;
    }
    after_name(scan, at - 1, gap)?;
    let mut last = at;
    while last < at + 3 && scan.spaced(last + 1) && scan.token(last + 1).is_some_and(may_be_told) {
        last += 1;
    }
    let after = scan.gap(last + 1);
    let goes_on = ["and", "i", "im", "but", "my", "from"];
    let ends = scan.token(last + 1).is_none()
        || after.contains(['.', ',', ';', '!', '?', '\n', ')', ':', '-'])
        || goes_on.iter().any(|w| scan.says(last + 1, w));
    ends.then(|| scan.tokens[last].end)
}

/// End of a name after a title where everything is in capitals: MRS JEAN HARGREAVES. It need not be known, but may be
/// nothing else that we know, nor look like what somebody did.
fn shouted(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let title = at.checked_sub(1).filter(|_| scan.shouting && (scan.spaced(at) || scan.gap(at) == ". "))?;
    if !scan.tokens[title].is(TITLE) || scan.says(title, "dr") || firm(scan, title) {
        return None;
    }
    let unknown = |at: usize| {
        let word = scan.word(at).to_ascii_uppercase();
        let verb = ["ED", "ING", "LY"].iter().any(|end| word.ends_with(end));
        scan.token(at).is_some_and(may_be_told) && word.len() > 3 && !verb
    };
    if !unknown(at) {
        return None;
    }
    let full =
        scan.tokens[at].is(GIVEN | GIVEN_TOO) && scan.spaced(at + 1) && scan.token(at + 1).is_some() && unknown(at + 1);
    Some(scan.tokens[if full { at + 1 } else { at }].end)
}

/// A word in small letters that is nothing else that we know of.
fn may_be_told(token: &Token) -> bool {
    token.word() && token.len() > 1 && token.flags & !(GIVEN | GIVEN_TOO | SURNAME) == 0
}

/// Whether a word may be the next part of a name.
fn part(scan: &Scan<'_>, at: usize) -> bool {
    scan.token(at).is_some_and(|t| {
        // "CPN Faye": a short word in capitals is an abbreviation unless it is a known name.
        let abbreviation =
            !t.lower() && (2..=4).contains(&t.len()) && !scan.shouting && !t.is(GIVEN | GIVEN_TOO | SURNAME);
        t.word() && t.capital() && !abbreviation && !t.is(STOP | NOT_NAME | OPAQUE) && t.end <= scan.ceiling
    })
}

/// A single capital before a point or a blank and more: `J. Smith`, `J Smith`.
fn initial(scan: &Scan<'_>, at: usize) -> bool {
    scan.token(at).is_some_and(|t| t.word() && t.capital() && t.len() == 1 && !scan.says(at, "I"))
}

fn known(scan: &Scan<'_>, at: usize) -> bool {
    scan.token(at).is_some_and(|t| t.is(GIVEN | GIVEN_TOO | SURNAME))
}

/// End of the name that begins here with a capital, or with a known name where capitals say nothing.
fn name(scan: &Scan<'_>, at: usize, want: Want) -> Option<usize> {
    let first = &scan.tokens[at];
    let cased = first.capital() && !scan.shouting;
    let given = first.is(GIVEN | GIVEN_TOO) && (cased || !first.is(STOP | CALENDAR));
    let fits = match want {
        Want::Any if cased => {
            part(scan, at)
                || initial(scan, at)
                || (first.is(GIVEN_TOO) && first.len() > 2)
                || (first.is(SURNAME) && !first.is(STOP))
        }
        Want::Any => (given || first.is(SURNAME)) && !first.is(STOP | NOT_NAME),
        Want::Given => {
            given && (cased || (first.is(GIVEN) && !first.is(STOP | NOT_NAME)) || scan.shouting && !first.is(STOP))
        }
    };
    fits.then(|| run(scan, at, cased))
}

/// End of the last part of a name that begins here.
fn run(scan: &Scan<'_>, at: usize, cased: bool) -> usize {
    let mut last = at;
    let mut next = at + 1;
    while next < at + PARTS {
        let gap = scan.gap(next);
        let apostrophe =
            matches!(gap, "'" | "’") && scan.tokens[next - 1].len() <= 2 && scan.tokens[next - 1].capital();
        let pointed = gap == ". " || gap == ".";
        let joins = matches!(gap, " " | "  " | "-") || apostrophe || (pointed && initial(scan, next - 1));
        if !joins {
            break;
        }
        let follows = if cased {
            (part(scan, next) && (known(scan, next - 1) || !scan.tokens[next].is(CALENDAR)))
                || initial(scan, next) && gap != "-"
        } else {
            known(scan, next) && !scan.tokens[next].is(STOP | NOT_NAME) && scan.tokens[next].len() > 1
        };
        let surname = cased && scan.token(next).is_some_and(|t| t.capital() && t.is(SURNAME) && !t.is(STOP));
        let particle =
            scan.token(next).is_some_and(|t| t.is(PARTICLE)) && cased && part(scan, next + 1) && scan.spaced(next + 1);
        // o'sullivan, however it is written.
        let irish = gap == " "
            && scan.says(next, "o")
            && matches!(scan.gap(next + 1), "'" | "’")
            && scan.token(next + 1).is_some_and(|t| t.is(SURNAME) || (cased && t.capital()));
        if irish {
            last = next + 1;
            next += 1;
        } else if follows || surname {
            last = next;
        } else if !particle {
            break;
        }
        next += 1;
    }
    scan.tokens[last].end
}

/// Whether a given name is part of a place's or a body's: `St Thomas Hospital`, `Charlotte Street`.
fn place(scan: &Scan<'_>, at: usize) -> bool {
    if at > 0 && scan.tokens[at - 1].is(HALLOWED) && matches!(scan.gap(at), " " | ". ") {
        return true;
    }
    let mut next = at + 1;
    while next < at + 5 && (scan.spaced(next) || matches!(scan.gap(next), "'" | "’" | "-" | " & ")) {
        let Some(token) = scan.token(next) else { return false };
        if token.is(PLACE | STREET | FLAT) && (token.capital() || !token.is(STOP)) && !scan.says(next, "st") {
            // "Karen Hill" is somebody, "Charlotte Street" is not, though some are called Street.
            let road =
                ["street", "road", "avenue", "crescent", "terrace", "gardens"].iter().any(|w| scan.says(next, w));
            return road
                || !(token.is(SURNAME) && scan.tokens[at].is(GIVEN) && !token.is(PLACE))
                || scan.token(next + 1).is_some_and(|t| t.is(PLACE | STREET) && t.capital());
        }
        if !(token.capital() || token.len() == 1) {
            return false;
        }
        next += 1;
    }
    false
}

/// Firms, charities and hospitals that are called after somebody.
fn firm(scan: &Scan<'_>, at: usize) -> bool {
    [
        ("john", "lewis"),
        ("thomas", "cook"),
        ("harry", "potter"),
        ("harvey", "nichols"),
        ("joe", "public"),
        ("james", "cook"),
        ("marie", "curie"),
        ("marie", "currie"),
        ("mr", "whippy"),
        ("mr", "kipling"),
        ("mr", "muscle"),
        ("mrs", "doubtfire"),
        ("dr", "martens"),
        ("dr", "pepper"),
    ]
    .iter()
    .any(|(a, b)| scan.says(at, a) && scan.says(at + 1, b))
}

/// A given name without words that announce it.
fn alone(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let token = &scan.tokens[at];
    let next = scan.token(at + 1);
    let spaced = scan.spaced(at + 1);
    let surname = spaced && next.is_some_and(|n| n.is(SURNAME) && !n.is(STOP));
    if !token.capital() || scan.shouting {
        // Without the help of capitals only a full name of two known parts counts.
        let full = token.is(GIVEN)
            && surname
            && !token.is(STOP | NOT_NAME)
            && next.is_some_and(|n| !n.is(NOT_NAME | GIVEN_TOO) && n.len() > 3);
        return full.then(|| run(scan, at, false));
    }
    if !token.lower() && token.len() <= 3 {
        return None; // an abbreviation
    }
    if token.is(GIVEN) && !token.is(STOP | NOT_NAME | CALENDAR) {
        return Some(run(scan, at, true));
    }
    let proper = next.is_some_and(|n| n.proper() && !n.is(STOP | NOT_NAME | PLACE | STREET | CALENDAR));
    let full = spaced && proper && (surname || (token.is(GIVEN_TOO) && next.is_some_and(|n| n.is(GIVEN))));
    (full && !token.is(NOT_NAME | CALENDAR)).then(|| run(scan, at, true))
}

/// What the words before this token say about it: that a name follows, and how sure that is.
fn announced(scan: &Scan<'_>, at: usize) -> Option<Want> {
    let before = at.checked_sub(1)?;
    let gap = scan.gap(at);
    if gap.len() > 8 {
        return None;
    }
    let last = &scan.tokens[before];
    let blank = scan.spaced(at);
    let back = |n: usize| before.checked_sub(n).filter(|_| (0..n).all(|k| scan.gap(before - k).len() <= 4));
    let flags = |n: usize| back(n).map_or(0, |i| scan.tokens[i].flags);
    let says = |n: usize, word: &str| back(n).is_some_and(|i| scan.says(i, word));
    let capital = scan.tokens[at].capital();

    // Mr Smith, Mr. Smith, Mr & Mrs Smith
    if firm(scan, before) {
        return None;
    }
    if last.is(TITLE) && (blank || gap == ". " || gap == ".") {
        return titled(scan, at);
    }
    if last.is(RANK) && blank && last.proper() && capital && !scan.shouting && !scan.tokens[at].is(NOT_NAME | STOP) {
        return Some(Want::Any);
    }
    if last.is(RANK | ROLE) && (blank || gap == ", ") {
        return Some(Want::Given);
    }
    // my son Tom; my husband, John,
    if last.is(KIN) && (blank || gap == ", ") {
        let many = ["daughters", "sons", "parents"].iter().any(|w| scan.says(before, w));
        let whose = flags(1) & POSSESSIVE != 0 && blank && capital && !scan.shouting && !many;
        return Some(if whose { Want::Any } else { Want::Given });
    }
    // a driver called Dave, a lady named Ann; her name is Ann
    if last.is(CALLED) && blank && flags(1) & (SOMEBODY | KIN | ROLE | RANK) != 0 {
        return Some(Want::Any);
    }
    if last.is(CALLED) && blank && (says(1, "is") || says(1, "was") || says(1, "m") || says(1, "s") || says(1, "am")) {
        return Some(Want::Given);
    }
    if let Some(want) = after_name(scan, before, gap) {
        return Some(want);
    }
    // I am Ann Lee; call me Ann; Welsh, Spanish, French, Polish
    if blank {
        let pair = |first: &str, second: &str| says(1, first) && says(0, second);
        if pair("call", "me") || pair("calls", "me") || pair("called", "me") {
            return (capital && !scan.shouting).then_some(Want::Any);
        }
        if says(0, "llamo") || says(0, "appelle") || pair("nazywam", "się") || pair("mam", "imię") || says(0, "soy") {
            return Some(if says(0, "soy") { Want::Given } else { Want::Any });
        }
        if pair("i", "am") || (says(0, "m") && says(1, "i")) || pair("this", "is") {
            return Some(Want::Given);
        }
    }
    // Dear Ann, Hi Ann
    if last.is(GREETING) && (blank || gap == ", ") {
        let comma = scan.gap(at + 1).starts_with(',') && scan.tokens[at].flags == 0;
        let letter = scan.says(before, "dear") || scan.says(before, "annwyl") || comma;
        return Some(if letter && capital && !scan.shouting { Want::Any } else { Want::Given });
    }
    if last.is(SIGN_OFF) && signed(scan, at, gap) {
        let formal = !["thanks", "cheers", "love", "xx", "thankyou"].iter().any(|w| scan.says(before, w));
        let any = capital && !scan.shouting && formal && scan.tokens[at].len() > 1;
        return Some(if any { Want::Any } else { Want::Given });
    }
    // Karen and Efimiya
    if scan.says(before, "and") && blank && flags(1) & OPAQUE != 0 && scan.last_is("name") {
        return (capital && !scan.shouting && scan.tokens[at].flags & !(GIVEN_TOO | SURNAME) == 0).then_some(Want::Any);
    }
    // spoke to Karen, thanks to Will, seen by Grace
    if last.is(TOWARDS) && blank && !scan.tokens[at].is(CALENDAR) {
        let verb = [
            "spoke", "speak", "spoken", "speaking", "talked", "talking", "thanks", "thank", "seen", "dealt", "ask",
            "asked", "big", "treated", "served", "helped", "met", "credit", "visited", "assessed", "looked",
            "answered", "shouted", "tribute",
        ];
        let spoke = (1..=3).any(|n| verb.iter().any(|v| says(n, v))) || scan.says(before, "thank");
        if spoke && !firm(scan, at) && !place(scan, at) {
            return Some(Want::Given);
        }
    }
    // call karen, over phone to dave
    if blank
        && (last.is(PHONE) || ["to", "with", "by"].iter().any(|w| says(0, w)))
        && scan.tokens[at].is(GIVEN)
        && !scan.tokens[at].is(CALENDAR)
        && !firm(scan, at)
        && !place(scan, at)
    {
        return Some(Want::Given);
    }
    // Mark was lovely: a word that is followed by what only people do
    let token = &scan.tokens[at];
    let starts = gap.contains(['.', '!', '\n', '-']);
    let does = scan.spaced(at + 1) && scan.token(at + 1).is_some_and(|t| t.is(DOES));
    (does && capital && !scan.shouting && token.is(GIVEN_TOO) && !starts && !token.is(CALENDAR | NOT_NAME))
        .then_some(Want::Given)
}

/// After `Mr`: a capital will do; in small letters any word that is not an ordinary one, and after
/// `dr`, which is also where one goes, only a known name.
fn titled(scan: &Scan<'_>, at: usize) -> Option<Want> {
    let token = &scan.tokens[at];
    if initial(scan, at) && (scan.gap(at + 1) == ". " || scan.spaced(at + 1)) {
        return Some(Want::Any);
    }
    if token.is(STOP | NOT_NAME) && !(token.capital() && token.is(SURNAME) && !token.is(STOP)) {
        return None;
    }
    Some(Want::Any)
}

/// After the word "name": `my name is Ann`, `name: Ann`, `fy enw i yw Ann`, `mi nombre es Ann`.
fn after_name(scan: &Scan<'_>, before: usize, gap: &str) -> Option<Want> {
    const LINKS: &[&str] = &["is", "s", "was", "yw", "ydy", "es", "i", "est"];
    let mut at = before;
    let mut links = 0;
    while links < 2 && LINKS.iter().any(|l| scan.says(at, l)) && scan.gap(at).len() <= 2 {
        at = at.checked_sub(1)?;
        links += 1;
    }
    let name = &scan.tokens[at];
    if !name.is(NAME) {
        return None;
    }
    let marked = matches!(gap, ": " | ":" | " - " | " = " | "? " | ":  " | "\n");
    let whose = at.checked_sub(1).is_some_and(|i| {
        scan.tokens[i].is(POSSESSIVE)
            || ["first", "last", "full", "the", "whose", "s", "whole"].iter().any(|w| scan.says(i, w))
    });
    ((links > 0 || marked || scan.says(at, "surname")) && (whose || marked)).then_some(Want::Any)
}

/// Whether the words from here to the end of the line are few enough for a signature.
fn signed(scan: &Scan<'_>, at: usize, gap: &str) -> bool {
    let apart = gap.contains([',', '\n', ':', '-', '.']) || scan.says(at - 1, "regards") || scan.says(at - 1, "signed");
    if !apart {
        return false;
    }
    (at..at + 4).any(|i| {
        i + 1 >= scan.tokens.len() || {
            let after = scan.gap(i + 1);
            after.len() < 12 && after.contains('\n')
        }
    })
}
