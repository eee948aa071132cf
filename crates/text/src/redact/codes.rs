//! Codes of letters and digits: IBAN, National Insurance number, postcode, number plate.

use super::checks;
use super::lexicon::{CUES, NEUTRAL, NI, PLATE, STOP};
use super::scan::{Found, Scan};

/// Longest IBAN.
const IBAN: usize = 34;

/// The next so many letters and digits from here in capitals, over single separators, and the end of
/// the last in the text. None if there are fewer, or if the code goes on.
fn compact<const N: usize>(scan: &Scan<'_>, start: usize, length: usize) -> Option<([u8; N], usize)> {
    let mut code = [0; N];
    let (mut count, mut gap) = (0, 0);
    for (at, &b) in scan.bytes.iter().enumerate().take(scan.ceiling).skip(start).take(length * 3) {
        match b {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                code[count] = b.to_ascii_uppercase();
                (count, gap) = (count + 1, 0);
                if count == length {
                    let goes_on = scan.text[at + 1..].chars().next().is_some_and(char::is_alphanumeric);
                    return (!goes_on).then_some((code, at + 1));
                }
            }
            b' ' | b'-' | b'.' | b'\t' if gap < 2 => gap += 1,
            _ => return None,
        }
    }
    None
}

/// An International Bank Account Number: a country of the registry, its length, MOD 97-10.
pub(super) fn iban(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let start = scan.tokens[at].start;
    if !scan.tokens[at].mixed() && scan.tokens[at].len() != 2 {
        return None;
    }
    let (head, _) = head::<4>(scan, start)?;
    if !(head[..2].iter().all(u8::is_ascii_alphabetic) && head[2..].iter().all(u8::is_ascii_digit)) {
        return None;
    }
    let length = checks::iban_length([head[0], head[1]])?;
    let (code, end) = compact::<IBAN>(scan, start, length)?;
    checks::iban(&code[..length]).then_some(Found { kind: "iban", start, end })
}

/// As [`compact`], but the code may go on.
fn head<const N: usize>(scan: &Scan<'_>, start: usize) -> Option<([u8; N], usize)> {
    let mut code = [0; N];
    let mut count = 0;
    for (at, &b) in scan.bytes.iter().enumerate().take(scan.ceiling).skip(start).take(N * 2) {
        if b.is_ascii_alphanumeric() {
            code[count] = b.to_ascii_uppercase();
            count += 1;
            if count == N {
                return Some((code, at + 1));
            }
        } else if !matches!(b, b' ' | b'-' | b'.') {
            return None;
        }
    }
    None
}

/// A National Insurance number: two letters as HMRC issues them, six digits, A to D. Where the words
/// say that it is one, any two letters will do, and the last letter may be missing.
pub(super) fn national_insurance(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let token = &scan.tokens[at];
    let letters = scan.bytes[token.start..token.end].iter().take(3).take_while(|b| b.is_ascii_alphabetic()).count();
    let upper = |i: usize| scan.bytes[token.start + i].to_ascii_uppercase();
    if letters != 2 || (token.is(STOP) && !checks::ni_prefix(upper(0), upper(1))) {
        return None;
    }
    let shaped = |code: &[u8]| code[2..8].iter().all(u8::is_ascii_digit);
    let said = scan.cues(at).1 & NI != 0;
    if let Some((code, end)) = compact::<9>(scan, token.start, 9) {
        let suffix = matches!(code[8], b'A'..=b'D');
        // "AB123456 a" is a reference and an article.
        let article = scan.bytes[end - 1] == b'a' && scan.bytes[end - 2] == b' ' && scan.bytes[token.start] != b'a';
        if shaped(&code) && suffix && (said || (checks::ni_prefix(code[0], code[1]) && !article)) {
            return Some(Found { kind: "ni_number", start: token.start, end });
        }
    }
    if !said {
        return None;
    }
    let (code, end) = head::<8>(scan, token.start)?;
    let ends = !scan.bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
    (shaped(&code) && ends).then_some(Found { kind: "ni_number", start: token.start, end })
}

/// Tokens and end of a full postcode that begins here. An outward code alone names a district, not a
/// handful of households, and is left.
pub(super) fn postcode(scan: &Scan<'_>, at: usize) -> Option<(usize, usize)> {
    let token = scan.token(at)?;
    let whole = &scan.bytes[token.start..token.end];
    if token.mixed() && (5..=7).contains(&whole.len()) {
        let (out, inward) = whole.split_at(whole.len() - 3);
        return (outward(out) && inner(inward, token.lower())).then_some((at + 1, token.end));
    }
    let next = scan.token(at + 1)?;
    let inward = |t: &super::tokens::Token| t.mixed() && t.len() == 3 && inner(&scan.bytes[t.start..t.end], t.lower());
    let blank = |i: usize| matches!(scan.gap(i), " " | "  " | "   " | "-" | " - " | "\n" | "\u{a0}" | ". " | "\t");
    if token.mixed() && whole.len() <= 4 && outward(whole) && blank(at + 1) && inward(next) {
        return Some((at + 2, next.end));
    }
    // "NE 1 4XY"
    let third = scan.token(at + 2)?;
    let parted = token.word() && whole.len() <= 2 && !token.lower() && next.number() && next.len() <= 2;
    (parted && checks::postcode_area(whole) && blank(at + 1) && blank(at + 2) && inward(third) && !third.lower())
        .then_some((at + 3, third.end))
}

/// Area and district: `N1`, `NE1`, `SW1A`.
fn outward(code: &[u8]) -> bool {
    let mut upper = [0u8; 4];
    if code.len() > 4 || code.len() < 2 {
        return false;
    }
    upper[..code.len()].copy_from_slice(code);
    upper.make_ascii_uppercase();
    let code = &upper[..code.len()];
    let letters = code.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let (area, district) = code.split_at(letters);
    let fits = match district {
        [d] => d.is_ascii_digit(),
        [d, e] => d.is_ascii_digit() && e.is_ascii_alphanumeric(),
        _ => false,
    };
    fits && checks::postcode_area(area)
}

/// Sector and unit: a digit and two letters, without C, I, K, M, O and V (Royal Mail). In lower case
/// some are ordinals and units instead.
fn inner(code: &[u8], lower: bool) -> bool {
    let [sector, a, b] = code else { return false };
    let letter = |l: &u8| l.is_ascii_alphabetic() && !b"CIKMOV".contains(&l.to_ascii_uppercase());
    let ordinal = match (a.to_ascii_lowercase(), b.to_ascii_lowercase()) {
        (b's', b't') => *sector == b'1',
        (b'n', b'd') => *sector == b'2',
        (b'r', b'd') => *sector == b'3',
        (b't', b'h') => matches!(sector, b'0' | b'4'..=b'9'),
        (b'h', b'r') | (b'f', b't') | (b'p', b't') | (b'l', b'b') | (b'y', b'r') => true,
        _ => false,
    };
    sector.is_ascii_digit() && letter(a) && letter(b) && !(lower && ordinal)
}

/// An Eircode, which names one address: a routing key and four letters and digits of those that An Post uses. In
/// small letters, or without a digit in its second half, only after the word for it; roads stand side by side too.
pub(super) fn eircode(scan: &Scan<'_>, at: usize) -> Option<Found> {
    const LETTERS: &[u8] = b"ACDEFHKNPRTVWXY";
    let token = &scan.tokens[at];
    let (code, end) = compact::<7>(scan, token.start, 7)?;
    let [a, b, c, rest @ ..] = code;
    let letter = |l: u8| LETTERS.contains(&l);
    let key = letter(a) && b.is_ascii_digit() && (c.is_ascii_digit() || c == b'W');
    let fits = rest.iter().all(|r| r.is_ascii_digit() || letter(*r));
    let written = &scan.bytes[token.start..end];
    let shape = written.len() == 7 || (written.len() == 8 && matches!(written[3], b' ' | b'-'));
    let road = matches!(rest[0], b'A' | b'B') && rest[1..].iter().all(u8::is_ascii_digit);
    let said = scan.back(at).take(3).any(|w| scan.says(w, "eircode"));
    let capitals = !written.iter().any(u8::is_ascii_lowercase);
    let telling = capitals && written.len() == 8 && letter(rest[0]) && rest.iter().any(u8::is_ascii_digit) && !road;
    let sure = said || (telling && !scan.referenced(at));
    (key && fits && shape && sure && end <= scan.ceiling).then_some(Found { kind: "postcode", start: token.start, end })
}

/// A vehicle's registration (DVLA, INF104). The style since 2001 is taken on sight in capitals, the
/// prefix style when written as one word; all others, and small letters, want a word such as "reg".
pub(super) fn plate(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let token = &scan.tokens[at];
    if token.len() > 7 {
        return None;
    }
    let mut code = [0u8; 8];
    let mut length = token.len();
    code[..length].copy_from_slice(&scan.bytes[token.start..token.end]);
    let ascii = code[..length].iter().all(u8::is_ascii_alphanumeric);
    let next = scan.token(at + 1).filter(|n| {
        matches!(scan.gap(at + 1), " " | "  " | "-") && n.len() <= 4 && n.len() + length <= 7 && n.end <= scan.ceiling
    });
    if !ascii {
        return None;
    }
    let said = scan.cues(at).0 & PLATE != 0;
    let tight = || {
        let words = ["reg", "registration", "plate", "plates", "numberplate", "registered", "vrm", "vrn"];
        scan.back(at).take(3).any(|b| words.iter().any(|w| scan.says(b, w)))
    };
    let upper = !code[..length].iter().any(u8::is_ascii_lowercase);
    if let Some(next) = next {
        let tail = &scan.bytes[next.start..next.end];
        let word = next.is(STOP | CUES | NEUTRAL) && next.word();
        let whole = length + tail.len();
        code[length..whole].copy_from_slice(tail);
        let capitals = upper && !tail.iter().any(u8::is_ascii_lowercase);
        let style = style(&code[..whole]);
        let fits = tail.iter().all(u8::is_ascii_alphanumeric)
            && match style {
                Some(Style::Current) => (capitals && !word && !(scan.shouting && next.flags != 0)) || (said && !word),
                Some(Style::Prefix | Style::Suffix) => said && capitals && !word,
                Some(Style::Dateless) => said && capitals && !word && tight(),
                None => false,
            };
        if fits && length >= 2 && !scan.referenced(at) {
            return Some(Found { kind: "plate", start: token.start, end: next.end });
        }
        length = token.len();
    }
    let fits = match style(&code[..length]) {
        Some(Style::Current) => upper || said || length == 7,
        Some(Style::Prefix) => (upper && length == 7) || said,
        Some(Style::Suffix) => said && upper,
        Some(Style::Dateless) => said && upper && tight(),
        None => false,
    };
    (token.mixed() && fits && !scan.referenced(at)).then_some(Found {
        kind: "plate",
        start: token.start,
        end: token.end,
    })
}

enum Style {
    Current,
    Prefix,
    Suffix,
    Dateless,
}

fn style(code: &[u8]) -> Option<Style> {
    let mut upper = [0u8; 8];
    upper.get_mut(..code.len())?.copy_from_slice(code);
    upper.make_ascii_uppercase();
    let code = &upper[..code.len()];
    let letter = |b: &u8| b.is_ascii_uppercase() && !matches!(b, b'I' | b'Q');
    let letters = code.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let digits = code[letters..].iter().take_while(|b| b.is_ascii_digit()).count();
    let tail = &code[letters + digits..];
    match (letters, digits, tail.len()) {
        (2, 2, 3) => {
            let age = (code[2] - b'0') * 10 + (code[3] - b'0');
            let issued = (2..=30).contains(&age) || (51..=80).contains(&age);
            let area = code[..2].iter().all(|b| letter(b) && *b != b'Z');
            (issued && area && tail.iter().all(letter)).then_some(Style::Current)
        }
        (1, 1..=3, 3) => {
            (letter(&code[0]) && !b"OUZ".contains(&code[0]) && tail.iter().all(letter)).then_some(Style::Prefix)
        }
        (3, 1..=3, 1) => tail.iter().all(letter).then_some(Style::Suffix),
        (1..=3, 1..=4, 0) if code.len() >= 5 => Some(Style::Dateless),
        (0, 1..=4, 1..=3) if code.len() >= 5 && tail.iter().all(u8::is_ascii_uppercase) => Some(Style::Dateless),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::redact;

    #[test]
    fn an_eircode_is_a_postcode_and_roads_are_none() {
        assert_eq!(redact("at T12 AF57 nobody calls").0, "at [postcode] nobody calls");
        assert_eq!(redact("our eircode is a65f4e2").0, "our eircode is [postcode]");
        for text in ["the A12 A127 junction", "order A12 X285 is late", "bus E10 A406", "Room D02 open"] {
            assert_eq!(redact(text).0, text);
        }
    }
}
