//! Takes data that identify somebody out of a comment: email addresses, phone numbers, payment
//! cards. Each is replaced by its kind in square brackets, and the place is kept as a typed span.

use commonweal_domain::reading::RedactedSpan;

/// The comment as everybody may read it, and what was replaced (offsets in the original).
pub fn redact(text: &str) -> (String, Vec<RedactedSpan>) {
    let spans = find(text);
    if spans.is_empty() {
        return (text.to_owned(), spans);
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for span in &spans {
        out.push_str(&text[done..span.start]);
        out.push('[');
        out.push_str(&span.kind);
        out.push(']');
        done = span.end;
    }
    out.push_str(&text[done..]);
    (out, spans)
}

fn find(text: &str) -> Vec<RedactedSpan> {
    let bytes = text.as_bytes();
    let mut spans: Vec<RedactedSpan> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let found = match bytes[at] {
            b'@' => email(bytes, at, spans.last().map_or(0, |s| s.end)),
            b'+' | b'(' | b'0'..=b'9' if at == 0 || !bytes[at - 1].is_ascii_alphanumeric() => number(bytes, at),
            _ => None,
        };
        match found {
            Some((kind, start, end)) => {
                spans.push(RedactedSpan { kind: kind.to_owned(), start, end });
                at = end;
            }
            None if bytes[at].is_ascii_digit() => {
                // The rest of these digits can't begin a number of their own.
                while at < bytes.len() && bytes[at].is_ascii_digit() {
                    at += 1;
                }
            }
            None => at += 1,
        }
    }
    spans
}

/// An address around the `@` at this place; nothing before `floor`, which is redacted already.
fn email(bytes: &[u8], at: usize, floor: usize) -> Option<(&'static str, usize, usize)> {
    let local = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+' | b'%' | b'\'');
    let domain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let start = (floor..at).rev().take(64).take_while(|&i| local(bytes[i])).last()?;
    let mut end = (at + 1..bytes.len()).take(253).take_while(|&i| domain(bytes[i])).last()? + 1;
    while end > at + 1 && matches!(bytes[end - 1], b'.' | b'-') {
        end -= 1;
    }
    let host = &bytes[at + 1..end];
    let dot = host.iter().rposition(|b| *b == b'.')?;
    let top = &host[dot + 1..];
    (dot > 0 && top.len() >= 2 && top.iter().all(u8::is_ascii_alphabetic)).then_some(("email", start, end))
}

/// A phone number or payment card that begins here: digits in groups with single separators.
fn number(bytes: &[u8], start: usize) -> Option<(&'static str, usize, usize)> {
    let mut digits = [0u8; 20];
    let mut count = 0;
    let mut end = start;
    let mut gap = 0;
    for (i, &b) in bytes.iter().enumerate().skip(start).take(40) {
        match b {
            b'0'..=b'9' => {
                if count == digits.len() {
                    return None;
                }
                digits[count] = b - b'0';
                count += 1;
                end = i + 1;
                gap = 0;
            }
            b'+' if i == start => {}
            b' ' | b'-' | b'.' | b'(' | b')' if gap < 2 => gap += 1,
            _ => break,
        }
    }
    if bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let digits = &digits[..count];
    let international = bytes[start] == b'+';
    if (13..=19).contains(&count) && !international && matches!(digits[0], 3..=6) && luhn(digits) {
        return Some(("card", start, end));
    }
    let phone =
        (international && (9..=15).contains(&count)) || (digits.first() == Some(&0) && (10..=11).contains(&count));
    phone.then_some(("phone", start, end))
}

/// ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(n, &d)| {
            let d = u32::from(d) * if n % 2 == 1 { 2 } else { 1 };
            if d > 9 { d - 9 } else { d }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn addresses_numbers_and_cards_are_replaced_by_their_kind() {
        for (from, to) in [
            ("Write to ann.lee@example.org.uk.", "Write to [email]."),
            ("Ring 020 7946 0958 or +44 7700 900123!", "Ring [phone] or [phone]!"),
            ("(01632) 960 001 any time", "[phone] any time"),
            ("card 4111 1111 1111 1111 was charged", "card [card] was charged"),
        ] {
            assert_eq!(redact(from).0, to);
        }
    }

    #[test]
    fn text_without_personal_data_is_left_untouched() {
        for text in
            ["I waited 45 minutes on 12/03/2024", "@ the desk", "a@b", "ref 4111 1111 1111 1112", "££ 1,000.00", "çé@"]
        {
            assert_eq!(redact(text).0, text);
        }
    }

    #[test]
    fn spans_are_places_in_the_original() {
        let text = "é me@example.org";
        let (_, spans) = redact(text);
        assert_eq!(&text[spans[0].start..spans[0].end], "me@example.org");
    }
}
