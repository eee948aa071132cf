//! Delivery reports: RFC 3464, and RFC 6533 for addresses beyond ASCII.

use std::collections::HashSet;

use super::{MAX_DIAGNOSTIC_BYTES, MAX_RECIPIENTS, Recipient};
use crate::fields::{self, Field, value};
use crate::headers::cut;
use crate::status::{classify, find_status, of_field};

/// Fields of which a recipient has one: the second begins the next recipient, where somebody forgot the blank line between.
const OF_RECIPIENT: &[&str] = &["final-recipient", "original-recipient", "action", "status"];

/// The recipients of a part `message/delivery-status`.
pub(crate) fn recipients(text: &str) -> Vec<Recipient> {
    of_groups(fields::groups(text))
}

/// The recipients of fields that stand among words.
pub(crate) fn recipients_among_words(text: &str) -> Vec<Recipient> {
    of_groups(fields::among_words(text))
}

fn of_groups(groups: Vec<Vec<Field>>) -> Vec<Recipient> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for fields in groups.into_iter().flat_map(apart) {
        let Some(recipient) = recipient(&fields) else { continue };
        let key = (recipient.address.clone(), recipient.action.clone(), recipient.status.clone());
        if found.len() < MAX_RECIPIENTS && seen.insert(key) {
            found.push(recipient);
        }
    }
    found
}

/// One group for each recipient.
fn apart(group: Vec<Field>) -> Vec<Vec<Field>> {
    let mut apart: Vec<Vec<Field>> = Vec::new();
    let mut current: Vec<Field> = Vec::new();
    for field in group {
        let again = OF_RECIPIENT.contains(&field.0.as_str()) && current.iter().any(|(name, _)| *name == field.0);
        if again {
            apart.push(std::mem::take(&mut current));
        }
        current.push(field);
    }
    apart.push(current);
    apart
}

fn recipient(fields: &[Field]) -> Option<Recipient> {
    let last = value(fields, "final-recipient").map(address).filter(|a| !a.is_empty());
    let first = value(fields, "original-recipient").map(address).filter(|a| !a.is_empty());
    let address = last.clone().or_else(|| first.clone())?;
    let word = |text: &str| -> String { text.chars().take_while(|c| c.is_ascii_alphabetic() || *c == '-').collect() };
    let action = value(fields, "action").map(word).unwrap_or_default().to_ascii_lowercase();
    let diagnostic = value(fields, "diagnostic-code").map(without_type).unwrap_or_default();
    let status = value(fields, "status").and_then(of_field).unwrap_or_default();
    // “5.0.0” says no more than that it failed; the other system's own code may.
    let telling = if status.ends_with(".0.0") { find_status(diagnostic).unwrap_or(status) } else { status };
    Some(Recipient {
        class: classify(&action, telling, diagnostic),
        original_address: first.filter(|first| !first.eq_ignore_ascii_case(&address)).unwrap_or_default(),
        status: status.to_owned(),
        diagnostic: cut(diagnostic, MAX_DIAGNOSTIC_BYTES).to_owned(),
        address,
        action,
        within: false,
    })
}

/// `smtp; 550 …` without what kind of code it is.
fn without_type(value: &str) -> &str {
    match value.split_once(';') {
        Some((kind, rest)) if kind.len() < 20 && !kind.contains(' ') => rest.trim(),
        _ => value,
    }
}

/// The address of `rfc822; kit@x.example`, and of what programs make of it: brackets, a missing type, words behind.
fn address(value: &str) -> String {
    let (kind, rest) = match value.split_once(';') {
        Some((kind, rest)) if !kind.contains('@') => (kind.trim(), rest.trim()),
        _ => ("", value.trim()),
    };
    let inside =
        rest.split_once('<').and_then(|(_, inside)| inside.split_once('>')).map_or(rest, |(inside, _)| inside.trim());
    // Words behind an address are a remark; a quoted name may have spaces of its own.
    let bare = match inside.split_whitespace().next() {
        Some(first) if first.contains('@') && !first.starts_with('"') => first,
        _ => inside,
    };
    let bare = cut(bare.trim().trim_matches(['<', '>']), 512);
    if kind.eq_ignore_ascii_case("utf-8") { unescaped(bare) } else { bare.to_owned() }
}

/// Letters beyond ASCII in an address of type `utf-8`: `\x{263A}` (RFC 6533, §3).
fn unescaped(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    let mut rest = address;
    while let Some((before, after)) = rest.split_once("\\x{") {
        out.push_str(before);
        match after
            .split_once('}')
            .map(|(code, rest)| (u32::from_str_radix(code, 16).ok().and_then(char::from_u32), rest))
        {
            Some((Some(letter), behind)) => {
                out.push(letter);
                rest = behind;
            }
            _ => {
                out.push_str("\\x{");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{address, recipients};
    use crate::Class;

    #[test]
    fn addresses_are_read_however_they_are_written() {
        for (value, expected) in [
            ("rfc822; kit@x.example", "kit@x.example"),
            ("RFC822;<Kit@x.example>", "Kit@x.example"),
            ("rfc/822;kit@x.example", "kit@x.example"),
            ("<kit@x.example>", "kit@x.example"),
            ("rfc822; kit@x.example>", "kit@x.example"),
            ("kit@x.example (Kit)", "kit@x.example"),
            ("rfc822; \"k..t\"@x.example", "\"k..t\"@x.example"),
            ("RFC822; @mx.example.org", "@mx.example.org"),
            ("utf-8; k\\x{EF}t@x.example", "kït@x.example"),
            ("utf-8; k\\x{zz}t@x.example", "k\\x{zz}t@x.example"),
        ] {
            assert_eq!(address(value), expected, "{value}");
        }
    }

    #[test]
    fn recipients_without_a_blank_line_between_are_told_apart() {
        let found = recipients(
            "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a@x.example\nAction: Failed (gone)\nStatus: 5.1.1 (x)\n\
             Final-Recipient: rfc822; b@x.example\nOriginal-Recipient: rfc822;c@x.example\nAction: delayed\nStatus: 4.4.1\n\n\
             Final-Recipient: rfc822; d@x.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.2.2 full\n",
        );
        let short: Vec<_> =
            found.iter().map(|r| (r.address.as_str(), r.action.as_str(), r.status.as_str(), r.class)).collect();
        assert_eq!(
            short,
            [
                ("a@x.example", "failed", "5.1.1", Class::Hard),
                ("b@x.example", "delayed", "4.4.1", Class::Soft),
                ("d@x.example", "failed", "5.0.0", Class::Soft),
            ]
        );
        assert_eq!(found[1].original_address, "c@x.example");
        assert_eq!(found[2].diagnostic, "550 5.2.2 full");
    }
}
