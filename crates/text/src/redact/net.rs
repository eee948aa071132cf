//! Email addresses, and web addresses that carry somebody's data.

use super::scan::Found;

/// Longest local part and domain (RFC 5321, 4.5.3.1).
const LOCAL: usize = 64;
const DOMAIN: usize = 253;

/// Providers whose addresses are known without a top-level domain, or with a blank in the middle.
const PROVIDERS: &[&str] = &[
    "gmail",
    "googlemail",
    "hotmail",
    "outlook",
    "yahoo",
    "icloud",
    "btinternet",
    "live",
    "aol",
    "sky",
    "talktalk",
    "virginmedia",
    "ntlworld",
    "protonmail",
    "msn",
    "nhs",
    "example",
];

/// Whether this is the name of a provider of mail.
pub(super) fn is_provider(name: &str) -> bool {
    PROVIDERS.iter().any(|p| name.eq_ignore_ascii_case(p))
}

/// Emails and web addresses at these places, in order and without overlap.
pub(super) fn find(text: &str, marks: &[usize]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let (mut floor, mut passed) = (0, 0);
    for &mark in marks {
        if mark < floor.max(passed) {
            continue;
        }
        if text.as_bytes()[mark] == b'@' {
            if let Some(email) = email(text, mark, floor) {
                floor = email.end;
                found.push(email);
            }
        } else {
            let (url, identifies) = url(text, mark, floor);
            passed = url.end;
            if identifies {
                floor = url.end;
                found.push(url);
            }
        }
    }
    found
}

/// An address around the `@` at this place; nothing before `floor`.
fn email(text: &str, at: usize, floor: usize) -> Option<Found> {
    let bytes = text.as_bytes();
    let local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%' | '\'' | '&' | '/' | '=');
    let mut start = at;
    for (i, c) in text[floor..at].char_indices().rev().take(LOCAL) {
        if !local(c) {
            break;
        }
        start = floor + i;
    }
    while start < at && matches!(bytes[start], b'.' | b'-' | b'\'' | b'/' | b'=' | b'&' | b'%') {
        start += 1;
    }
    let blank = usize::from(start == at && bytes[..at].ends_with(b" "));
    if blank == 1 {
        start = at - 1;
        for (i, c) in text[floor..at - 1].char_indices().rev().take(LOCAL) {
            if !local(c) {
                break;
            }
            start = floor + i;
        }
        if start == at - 1 {
            return None;
        }
    }
    let after = at + 1 + usize::from(bytes.get(at + 1) == Some(&b' '));
    let stray = blank == 1 || after > at + 1;
    let mut end = after;
    let mut hosts = 0;
    for c in text[after..].chars().take(DOMAIN) {
        if !(c.is_alphanumeric() || matches!(c, '.' | '-')) {
            break;
        }
        end += c.len_utf8();
        hosts += 1;
    }
    while end > after && matches!(bytes[end - 1], b'.' | b'-') {
        end -= 1;
    }
    if start == at || hosts == 0 || end == after {
        return None;
    }
    let host = &text[after..end];
    let first = host.split('.').next().unwrap_or(host);
    let provider = is_provider(first);
    let dotted = host.rsplit_once('.').is_some_and(|(before, top)| {
        !before.is_empty() && top.chars().count() >= 2 && top.chars().all(char::is_alphabetic)
    });
    // "ann@gmail,com"
    if !dotted && provider && bytes[end..].len() > 3 && matches!(&bytes[end..end + 4], b",com" | b" com") {
        end += 4;
    }
    let fits = if stray { provider && dotted } else { dotted || provider };
    fits.then_some(Found { kind: "email", start, end })
}

/// The web address around `://` or from `www.`, and whether it identifies somebody.
fn url(text: &str, mark: usize, floor: usize) -> (Found, bool) {
    let bytes = text.as_bytes();
    let start = (floor..mark)
        .rev()
        .take(12)
        .take_while(|&i| bytes[i].is_ascii_alphanumeric() || matches!(bytes[i], b'+' | b'-'))
        .last()
        .unwrap_or(mark);
    let rest = &text[mark..];
    let length = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '|' | '[' | ']' | '{' | '}' | '`'))
        .unwrap_or(rest.len());
    let mut end = mark + length;
    while end > mark && matches!(bytes[end - 1], b'.' | b',' | b';' | b':' | b'!' | b'?' | b')' | b'\'' | b'*') {
        end -= 1;
    }
    let url = &text[mark..end];
    (Found { kind: "url", start, end }, identifies(url))
}

/// A value in the query, an `@`, a long number, a token or a UUID. Parameters that only say where a
/// page is do not count.
fn identifies(url: &str) -> bool {
    const PLAIN: &[&str] = &[
        "v",
        "page",
        "p",
        "lang",
        "hl",
        "q",
        "t",
        "tab",
        "sort",
        "order",
        "view",
        "format",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_content",
        "utm_term",
        "list",
        "feature",
        "ref_src",
        "amp",
        "s",
        "year",
        "fbclid",
        "gclid",
        ":~:text",
    ];
    let (path, query) = url.split_once(['?', '#']).unwrap_or((url, ""));
    let told = query.split(['&', '#', ';', '?']).any(|pair| {
        pair.split_once('=')
            .is_some_and(|(key, value)| !value.is_empty() && !PLAIN.iter().any(|p| key.eq_ignore_ascii_case(p)))
    });
    told || url.contains('@')
        || url.contains("%40")
        || path.split('/').skip(usize::from(url.contains("://")) * 2 + 1).any(secret)
}

/// A part of a path that is no word: nine digits or more in a row, a UUID, or a mixture such as a
/// sign-in token.
fn secret(part: &str) -> bool {
    let (mut run, mut longest, mut switches, mut last) = (0usize, 0usize, 0usize, b'-');
    if part.contains('%') {
        return part.bytes().filter(u8::is_ascii_digit).count() > 24; // a title, not a token
    }
    for b in part.bytes() {
        run = if b.is_ascii_digit() { run + 1 } else { 0 };
        longest = longest.max(run);
        switches += usize::from(b.is_ascii_alphanumeric() && b.is_ascii_digit() != last.is_ascii_digit());
        last = b;
    }
    longest >= 9 || (part.len() >= 16 && switches >= 5)
}

#[cfg(test)]
mod tests {
    use super::super::redact;

    #[test]
    fn a_plain_web_address_stays_and_one_with_somebodys_data_goes() {
        for (from, to) in [
            ("see https://www.gov.uk/blue-badge.", "see https://www.gov.uk/blue-badge."),
            ("https://example.org/r?email=a&id=77", "[url]"),
            ("(https://example.org/reset/9f3A7bC2d4E6f801) ok", "([url]) ok"),
            ("www.example.org/u/ann@example.org today", "[url] today"),
            ("https://youtu.be/watch?v=abc", "https://youtu.be/watch?v=abc"),
        ] {
            assert_eq!(redact(from).0, to);
        }
    }

    #[test]
    fn email_addresses_survive_stray_blanks_and_missing_ends() {
        for (from, to) in [
            ("mail jane.doe @gmail.com please", "mail [email] please"),
            ("jane@gmail", "[email]"),
            ("Jane_O'Neil+x@sub.example.co.uk, thanks", "[email], thanks"),
            ("zoë@example.org", "[email]"),
            ("@ the desk a@b", "@ the desk a@b"),
        ] {
            assert_eq!(redact(from).0, to);
        }
    }
}
