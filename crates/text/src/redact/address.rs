//! Postal addresses: a house number with a street or a postcode, flats, post-office boxes, forces'
//! mail, streets whose number follows; and postcodes without a number.
//!
//! An address is read forwards from what can begin one, over at most [`REACH`] words. A word such as
//! "weeks" or "for" ends it, so that the 12 of "12 weeks on North Road" begins none.

use super::codes;
use super::lexicon::{DWELL, FLAT, HALLOWED, PARTICLE, STATE, STOP, STREET, STREET_FIRST};
use super::scan::{Found, Scan};

/// Words from a house number to the end of its address, at most.
const REACH: usize = 14;

/// Ends of words that are streets in Dutch, German, the Scandinavian languages, Finnish and Hungarian.
const ENDINGS: &[&str] = &[
    "straat", "strasse", "straße", "gatan", "gata", "vägen", "vagen", "vegen", "veien", "vej", "katu", "tie", "weg",
    "laan", "plein", "gasse", "allee", "platz", "dreef", "kade", "gracht", "singel", "stien", "bakken", "parken",
    "hof", "utca", "ulica", "gade", "stræde", "torget", "centret", "lunden", "haven", "kuja", "polku", "rinne", "vei",
    "toften", "marken", "damm", "steig", "ring", "zijde", "hove", "hoek",
];

/// What a walk along the words of an address came to.
struct Walk {
    /// Token after the last, and its end in the text.
    end: Option<(usize, usize)>,
    street: bool,
    flat: bool,
    postcode: bool,
    words: usize,
    /// Words up to the street all have capitals.
    capitals: bool,
    /// Token that is the kind of street.
    kind: usize,
}

/// An address that begins with the number here.
pub(super) fn from_number(scan: &Scan<'_>, at: usize) -> Option<Found> {
    if scan.joined(at) || scan.priced(at) { None } else { numbered(scan, at) }
}

/// As [`from_number`], also where a comma joins the number to that of a flat.
fn numbered(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let start = scan.token(at)?.start;
    if !house(scan, at) {
        return None;
    }
    let mut next = at + 1;
    // "12-14 High Street", "12/3 Canongate", and the American "0538 15 Millicent Drive".
    let range = matches!(scan.gap(next), "-" | "/" | " - " | "–");
    let doubled = scan.tokens[at].len() >= 3 && scan.spaced(next) && !year(scan, at);
    if (range || doubled) && house(scan, next) {
        next += 1;
    }
    if scan.token(next).is_none_or(|t| t.start - scan.tokens[next - 1].end > 3) {
        return None;
    }
    if scan.token(next).is_some_and(|t| t.is(STREET_FIRST))
        && let Some(after) = named_after(scan, next)
    {
        let on = walk(scan, after);
        let coded = on.end.filter(|_| on.postcode).map(|(_, end)| end);
        return Some(Found { kind: "address", start, end: coded.unwrap_or_else(|| tail(scan, after, false)) });
    }
    let walk = walk(scan, next);
    let (after, end) = walk.end?;
    if walk.postcode || walk.flat {
        let end = if walk.postcode { end } else { tail(scan, after, true) };
        return Some(Found { kind: "address", start, end });
    }
    let told = || scan.back(at).take(3).any(|b| scan.tokens[b].is(DWELL | FLAT));
    let plain = walk.capitals && !scan.shouting && !year(scan, at);
    let strong = |kind: usize| {
        const STRONG: &[&str] = &[
            "street", "road", "rd", "avenue", "ave", "lane", "drive", "close", "crescent", "gardens", "grove",
            "terrace", "cres", "mews", "st", "court", "walk", "place", "gdns",
        ];
        STRONG.iter().any(|w| scan.says(kind, w))
    };
    let nameless = (next..walk.kind).all(|i| ["the", "on", "of", "upon", "le"].iter().any(|w| scan.says(i, w)));
    let lower = walk.words <= 3 && !nameless && strong(walk.kind) && told();
    (plain || lower).then(|| Found { kind: "address", start, end: tail(scan, after, false) })
}

/// House numbers have up to five digits and perhaps a letter.
fn house(scan: &Scan<'_>, at: usize) -> bool {
    scan.token(at).is_some_and(|t| {
        let whole = &scan.bytes[t.start..t.end];
        let digits = whole.iter().take_while(|b| b.is_ascii_digit()).count();
        (1..=5).contains(&digits)
            && (digits == whole.len() || (digits + 1 == whole.len() && whole[digits].is_ascii_alphabetic()))
    })
}

fn year(scan: &Scan<'_>, at: usize) -> bool {
    let whole = scan.word(at);
    whole.len() == 4 && (whole.starts_with("19") || whole.starts_with("20"))
}

/// Whether an address may go on over the gap before this token.
fn passable(scan: &Scan<'_>, at: usize) -> bool {
    let gap = scan.gap(at);
    if gap.len() > 6 || at == 0 {
        return false;
    }
    let plain = gap.bytes().all(|b| matches!(b, b' ' | b',' | b'\n' | b'\r' | b'\t' | b'-' | b'\'' | b'.' | b'/'))
        || matches!(gap, "’" | "\u{a0}");
    let Some(before) = scan.token(at - 1) else { return false };
    let abbreviation = before.is(STREET | FLAT | HALLOWED) || before.len() <= 3 || before.is(STREET_FIRST);
    plain && !gap.contains("\n\n") && (!gap.contains(". ") || abbreviation)
}

fn walk(scan: &Scan<'_>, from: usize) -> Walk {
    let mut walk =
        Walk { end: None, street: false, flat: false, postcode: false, words: 0, capitals: true, kind: from };
    let mut at = from;
    while at < from + REACH {
        let Some(token) = scan.token(at) else { break };
        if !passable(scan, at) || token.end > scan.ceiling {
            break;
        }
        if let Some((next, end)) = codes::postcode(scan, at) {
            if end <= scan.ceiling && (walk.street || walk.words <= 6) {
                walk.end = Some((next, end));
                walk.postcode = true;
            }
            break;
        }
        let street = token.is(STREET) && walk.words >= 1;
        if token.is(FLAT) && scan.token(at + 1).is_some_and(|n| n.number() || n.len() <= 3) && walk.words >= 1 {
            let number = scan.token(at + 1).filter(|n| n.number() && passable(scan, at + 1));
            if let Some(number) = number {
                walk.flat = true;
                walk.end = Some((at + 2, number.end));
            }
            at += 2;
            walk.words += 2;
            continue;
        }
        if !token.word() {
            let ordinal =
                walk.words == 0 && token.mixed() && token.len() <= 5 && scan.word(at).ends_with(['h', 't', 'd']);
            let second = walk.words >= 1 && walk.words <= 5 && house(scan, at);
            if !(ordinal || second) {
                break;
            }
            // "5366 Pivovarská 276", the form in which number and foreign street are strung together.
            let long = scan.tokens[from - 1].len() >= 3 && !year(scan, from - 1) && scan.tokens[from - 1].number();
            if second
                && long
                && scan.spaced(from)
                && scan.spaced(at)
                && walk.words <= 3
                && walk.capitals
                && scan.tokens[at - 1].len() >= 5
            {
                walk.street = true;
                walk.kind = at;
                walk.end = Some((at + 1, token.end));
            }
            walk.words += 1;
            at += 1;
            continue;
        }
        let small = ["the", "of", "on", "upon", "le"].iter().any(|w| scan.says(at, w));
        let saint = walk.words == 0 && token.is(HALLOWED);
        // "Fourth Avenue"
        let counted =
            walk.words == 0 && token.proper() && scan.token(at + 1).is_some_and(|t| t.is(STREET) && t.capital());
        if token.is(STOP) && !street && !small && !saint && !counted {
            break;
        }
        if street {
            if !walk.street {
                walk.capitals &= token.capital();
            }
            walk.street = true;
            walk.kind = at;
            walk.end = Some((at + 1, token.end));
        } else if !(walk.street || small && walk.words > 0) {
            walk.capitals &= token.capital();
        }
        walk.words += 1;
        at += 1;
        if walk.words > 5 && !walk.street && !walk.flat {
            break;
        }
    }
    walk
}

/// Token after a street whose kind comes first: `rue Victor Hugo`, `Heol y Bont`.
fn named_after(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let mut next = at + 1;
    let mut last = None;
    while next < at + 6 && (scan.spaced(next) || (next == at + 1 && scan.gap(next) == ". ")) {
        let token = scan.token(next)?;
        if token.proper() && !token.is(STOP) {
            last = Some(next + 1);
        } else if !(token.is(PARTICLE) || scan.says(next, "la") || scan.says(next, "los")) {
            break;
        }
        next += 1;
    }
    last
}

/// End of the text of an address whose last token so far is before `after`: flat, town, state and ZIP
/// where they follow.
fn tail(scan: &Scan<'_>, after: usize, flat: bool) -> usize {
    let mut next = after;
    let mut flat = flat;
    while scan.token(next).is_some_and(|t| t.is(FLAT))
        && passable(scan, next)
        && passable(scan, next + 1)
        && scan.token(next + 1).is_some_and(|n| !n.word() && n.len() <= 5)
    {
        next += 2;
        flat = true;
    }
    let end = scan.tokens[next - 1].end;
    let mut lines = false;
    for at in next..(next + 8).min(scan.tokens.len()) {
        let token = &scan.tokens[at];
        if !passable(scan, at) || token.end > scan.ceiling {
            break;
        }
        lines |= scan.gap(at).contains('\n');
        if token.number() {
            let stated = at > next && scan.tokens[at - 1].is(STATE) && !scan.tokens[at - 1].lower();
            let zip = token.len() == 5 && stated || (4..=6).contains(&token.len()) && at > next && (flat || lines);
            let plus = scan.gap(at + 1) == "-" && scan.token(at + 2).is_some_and(|t| t.number() && t.len() == 4);
            if zip {
                return if plus { scan.tokens[at + 1].end } else { token.end };
            }
            break;
        }
        if !(token.capital() || scan.says(at, "nan") || token.is(PARTICLE)) {
            break;
        }
    }
    end
}

/// A full postcode that begins here, with a house number that follows it if one does.
pub(super) fn from_postcode(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let (next, end) = codes::postcode(scan, at)?;
    if end > scan.ceiling {
        return None;
    }
    let start = scan.tokens[at].start;
    let marked = ["number", "no", "house", "flat", "num", "nr"];
    let mut number = next;
    while number < next + 2 && marked.iter().any(|w| scan.says(number, w)) {
        number += 1;
    }
    let near = (next..=number).all(|i| i < scan.tokens.len() && passable_or_open(scan, i));
    if number > next && near && house(scan, number) && scan.tokens[number].len() <= 4 {
        return Some(Found { kind: "address", start, end: scan.tokens[number].end });
    }
    Some(Found { kind: "postcode", start, end })
}

fn passable_or_open(scan: &Scan<'_>, at: usize) -> bool {
    passable(scan, at) || matches!(scan.gap(at), " (" | ": " | " - ")
}

/// Addresses that begin with a word and have a digit right after it: `Flat 3, 12 High Street …`,
/// `PO Box 12`, `Asselsestraat 7`, forces' mail.
pub(super) fn from_word(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let token = &scan.tokens[at];
    let start = token.start;
    if token.is(FLAT) {
        let inner = numbered(scan, at + 2).filter(|_| passable(scan, at + 2));
        if let Some(inner) = inner {
            return Some(Found { start, ..inner });
        }
        let walk = walk(scan, at + 2);
        let (after, end) = walk.end?;
        let fits = walk.postcode || (walk.street && walk.capitals && !scan.shouting);
        let end = if walk.postcode { end } else { tail(scan, after, true) };
        return fits.then_some(Found { kind: "address", start, end });
    }
    if at > 0 && scan.says(at, "box") && (scan.spaced(at) || scan.gap(at) == ". ") {
        let boxed = scan.says(at - 1, "po") || scan.says(at - 1, "o");
        let number = scan.token(at + 1).filter(|n| n.number() && n.len() <= 6)?;
        let first = if scan.says(at - 1, "o") { at.checked_sub(2)? } else { at - 1 };
        let begins = scan.tokens[first].start;
        let end = tail(scan, at + 2, true).max(number.end);
        return (boxed && begins >= scan.floor).then_some(Found { kind: "address", start: begins, end });
    }
    let number = scan.token(at + 1).filter(|_| house(scan, at + 1) && scan.spaced(at + 1))?;
    if token.is(STATE) && at > 0 && ["apo", "fpo", "dpo"].iter().any(|w| scan.says(at - 1, w)) {
        return Some(Found { kind: "address", start: line(scan, at - 1), end: number.end });
    }
    let word = scan.word(at);
    let known = token.proper() && word.len() >= 7 && ENDINGS.iter().any(|e| word.ends_with(e));
    let ends = known || foreign(scan, at);
    let parted = at > 0 && ends && scan.tokens[at - 1].proper() && matches!(scan.gap(at), " " | "-");
    let own = word.len() <= 8 && known && token.is(STREET);
    let joined = parted && !scan.tokens[at - 1].is(STOP) && (scan.gap(at) == "-" || own);
    let first = if joined { at - 1 } else { at };
    (ends && number.len() <= 4).then(|| Found {
        kind: "address",
        start: scan.tokens[first].start.max(scan.floor),
        end: tail(scan, at + 2, false),
    })
}

/// A word that nobody knows, with a capital, between "address", "lives at" and the like and a number.
fn foreign(scan: &Scan<'_>, at: usize) -> bool {
    let token = &scan.tokens[at];
    token.proper()
        && token.flags == 0
        && token.len() >= 5
        && scan.back(at).take(4).any(|b| {
            ["address", "live", "lives", "living", "return", "meet", "taxi", "corner"].iter().any(|w| scan.says(b, w))
        })
}

/// Beginning of the line before the one with this token, if it is short: the unit or ship of forces'
/// mail.
fn line(scan: &Scan<'_>, at: usize) -> usize {
    let mut first = at;
    let mut lines = 0;
    while first > 0 && at - first < 6 {
        lines += usize::from(scan.gap(first).contains('\n'));
        let before = &scan.tokens[first - 1];
        if lines > 1 || before.start < scan.floor || !(before.capital() || before.number()) || !passable(scan, first) {
            break;
        }
        first -= 1;
    }
    scan.tokens[first].start
}

/// Streets whose kind comes first, from the kind on: `Calle Mayor 12`, `Heol y Bont 4`.
pub(super) fn from_first_word(scan: &Scan<'_>, at: usize) -> Option<Found> {
    if !scan.tokens[at].is(STREET_FIRST) {
        return None;
    }
    let after = named_after(scan, at)?;
    let number = scan.token(after).filter(|n| matches!(scan.gap(after), " " | ", ") && n.len() <= 4)?;
    (house(scan, after) && !year(scan, after)).then_some(Found {
        kind: "address",
        start: scan.tokens[at].start,
        end: number.end,
    })
}
