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
pub(crate) mod lexicon;
mod names;
mod net;
mod phone;
mod scan;
pub(crate) mod tokens;
mod vocabulary;

use commonweal_domain::reading::RedactedSpan;

use scan::{Found, Scan};

/// Every kind that [`redact`] finds, as it stands in brackets.
pub const KINDS: &[&str] = &[
    "address",
    "card",
    "email",
    "iban",
    "ip",
    "name",
    "nhs_number",
    "ni_number",
    "phone",
    "plate",
    "postcode",
    "ssn",
    "url",
];

/// The comment as everybody may read it, and what was replaced: typed spans in order, without
/// overlap, whose offsets are bytes of the original.
pub fn redact(text: &str) -> (String, Vec<RedactedSpan>) {
    let spans = find(text);
    if spans.is_empty() {
        return (text.to_owned(), Vec::new());
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for span in &spans {
        out.push_str(&text[done..span.start]);
        out.push('[');
        out.push_str(span.kind);
        out.push(']');
        done = span.end;
    }
    out.push_str(&text[done..]);
    let spans =
        spans.into_iter().map(|s| RedactedSpan { kind: s.kind.to_owned(), start: s.start, end: s.end }).collect();
    (out, spans)
}

fn find(text: &str) -> Vec<Found> {
    let tokens = tokens::tokenise(text);
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
            Some(found) if found.start >= scan.floor && found.end <= scan.ceiling => at = scan.take(at, found),
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
