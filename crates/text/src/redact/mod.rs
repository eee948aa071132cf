//! Takes data that identify somebody out of a comment. Each piece is replaced by its kind in square
//! brackets, and the place is kept as a typed span.
//!
//! The text is cut into words and numbers once (`tokens`); a rule is tried only where a word or a
//! number can begin what it looks for, and looks at a bounded number of neighbours. That keeps the
//! time linear in the length of the text, whatever it holds. `docs/redaction.md` lists the kinds,
//! the rules and their sources.

mod address;
mod checks;
mod codes;
mod digits;
mod disguise;
mod label;
pub(crate) mod lexicon;
mod names;
mod net;
mod phone;
mod scan;
mod stated;
pub(crate) mod tokens;
mod vocabulary;

use commonweal_domain::reading::RedactedSpan;

pub use label::label_kinds;

use scan::{Found, Scan};
use tokens::Tokens;

/// Every kind that [`redact`] finds, as it stands in brackets.
pub const KINDS: &[&str] = &[
    "address",
    "bank_account",
    "birth_date",
    "card",
    "email",
    "iban",
    "ip",
    "name",
    "nhs_number",
    "ni_number",
    "passport",
    "phone",
    "plate",
    "postcode",
    "ssn",
    "url",
];

/// Kinds whose digits say what they are, whatever the words around them.
const NUMERIC: &[&str] = &["card", "iban", "nhs_number", "ni_number", "phone", "ssn"];
/// Digits that can be one of those.
const SHORTEST: usize = 6;
/// How often the result is read again at most.
const ROUNDS: usize = 4;

/// The comment as everybody may read it, and what was replaced: typed spans in order, without
/// overlap, whose offsets are bytes of the original.
pub fn redact(text: &str) -> (String, Vec<RedactedSpan>) {
    let mut spans = find(text);
    if spans.is_empty() {
        return (text.to_owned(), Vec::new());
    }
    let mut out = replaced(text, &spans);
    // A number may have been hidden by the one beside it, and show once that is gone.
    for _ in 0..ROUNDS {
        if digits_outside(text, &spans) < SHORTEST {
            break;
        }
        let more: Vec<Found> = find(&out).into_iter().filter(|f| NUMERIC.contains(&f.kind)).collect();
        if more.is_empty() {
            break;
        }
        spans = merged(&spans, &more);
        out = replaced(text, &spans);
    }
    let spans =
        spans.into_iter().map(|s| RedactedSpan { kind: s.kind.to_owned(), start: s.start, end: s.end }).collect();
    (out, spans)
}

fn replaced(text: &str, spans: &[Found]) -> String {
    let mut out = String::with_capacity(text.len() + spans.len() * 8);
    let mut done = 0;
    for span in spans {
        out.push_str(&text[done..span.start]);
        out.push('[');
        out.push_str(span.kind);
        out.push(']');
        done = span.end;
    }
    out.push_str(&text[done..]);
    out
}

fn digits_outside(text: &str, spans: &[Found]) -> usize {
    let count = |from: usize, to: usize| text.as_bytes()[from..to].iter().filter(|b| b.is_ascii_digit()).count();
    let mut done = 0;
    let mut digits = 0;
    for span in spans {
        digits += count(done, span.start);
        done = span.end;
    }
    digits + count(done, text.len())
}

/// Spans of the text together with those found in what it was replaced by. A finding that reaches
/// over a replacement takes in the span behind it.
fn merged(spans: &[Found], more: &[Found]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::with_capacity(spans.len() + more.len());
    let mut old = spans.iter().peekable();
    // How much further an offset is in the original than in the replacement.
    let mut shift = 0isize;
    for found in more {
        let mut pass = |limit: usize, shift: &mut isize, all: &mut Vec<Found>| {
            while let Some(span) = old.next_if(|s| (s.start as isize - *shift) < limit as isize) {
                *shift += (span.end - span.start) as isize - (span.kind.len() as isize + 2);
                all.push(*span);
            }
        };
        pass(found.start, &mut shift, &mut all);
        let start = found.start.saturating_add_signed(shift);
        let kept = all.len();
        pass(found.end, &mut shift, &mut all);
        all.truncate(kept);
        all.push(Found { kind: found.kind, start, end: found.end.saturating_add_signed(shift) });
    }
    all.extend(old.copied());
    all
}

/// What is to be redacted, with disguises taken off.
fn find(text: &str) -> Vec<Found> {
    let tokens = tokens::tokenise(text);
    if tokens.odd
        && let Some(plain) = disguise::characters(text)
    {
        return plain.back(find_in_ascii_ways(&plain.text, tokens::tokenise(&plain.text)));
    }
    find_in_ascii_ways(text, tokens)
}

fn find_in_ascii_ways(text: &str, tokens: Tokens) -> Vec<Found> {
    match disguise::pieces(text, &tokens) {
        Some(plain) => plain.back(find_plain(&plain.text, tokens::tokenise(&plain.text))),
        None => find_plain(text, tokens),
    }
}

/// What is to be redacted in a text in the plain way of writing.
fn find_plain(text: &str, tokens: Tokens) -> Vec<Found> {
    if tokens.list.is_empty() {
        return Vec::new();
    }
    let mut net = net::find(text, &tokens.marks).into_iter().peekable();
    let mut scan = Scan::new(text, tokens);
    let mut at = 0;
    while at < scan.tokens.len() {
        let start = scan.tokens[at].start;
        if let Some(found) = net.next_if(|f| f.start <= start) {
            at = scan.take(at, found);
            continue;
        }
        scan.ceiling = net.peek().map_or(text.len(), |f| f.start);
        match rules(&scan, at) {
            Some(found) if found.start >= scan.floor && found.end <= scan.ceiling => {
                // Past this token at least, however short the finding is.
                at = scan.take(at, found).max(at + 1);
            }
            _ => at += 1,
        }
    }
    for found in net {
        scan.take(scan.tokens.len(), found);
    }
    scan.found
}

/// What begins at this token, if anything does. The surest kinds come first.
fn rules(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let token = &scan.tokens[at];
    let digit = scan.bytes[token.start].is_ascii_digit();
    if (digit || token.mixed())
        && let Some(found) = stated::find(scan, at)
    {
        return Some(found);
    }
    if digit {
        return digits::ipv6(scan, at)
            .or_else(|| address::from_number(scan, at))
            .or_else(|| digits::number(scan, at))
            .or_else(|| codes::plate(scan, at));
    }
    if token.mixed() || scan.digit_follows(at) {
        let code = digits::ipv6(scan, at)
            .or_else(|| codes::iban(scan, at))
            .or_else(|| codes::national_insurance(scan, at))
            .or_else(|| address::from_postcode(scan, at))
            .or_else(|| codes::eircode(scan, at))
            .or_else(|| codes::plate(scan, at))
            .or_else(|| phone::glued(scan, at))
            .or_else(|| address::from_word(scan, at));
        if code.is_some() {
            return code;
        }
    }
    names::find(scan, at).or_else(|| address::from_first_word(scan, at))
}

#[cfg(test)]
mod tests;
