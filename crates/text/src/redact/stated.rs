//! Numbers that only the words before them tell: dates of birth, sort codes and bank accounts, passports. The same
//! figures without such words are dates, references and meter readings, and are left.

use super::lexicon::NEUTRAL;
use super::scan::{Found, Scan};

/// Longest number of a passport.
const PASSPORT: usize = 10;

/// A number that begins here and of which the words before it say what it is.
pub(super) fn find(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let token = &scan.tokens[at];
    if !scan.bytes[token.start..token.end].iter().any(u8::is_ascii_digit) {
        return None;
    }
    birth_date(scan, at).or_else(|| sort_code(scan, at)).or_else(|| account(scan, at)).or_else(|| passport(scan, at))
}

/// How many words before a token, over such as "is" and "on", one of these stands.
fn told(scan: &Scan<'_>, at: usize, words: &[&str]) -> Option<usize> {
    const BETWEEN: &[&str] =
        &["on", "in", "ar", "yn", "el", "en", "es", "yw", "ydy", "oedd", "date", "dd", "mm", "yyyy", "nr"];
    let mut after = at;
    for before in scan.back(at).take(4) {
        if scan.breaks(after) {
            return None;
        }
        if words.iter().any(|w| scan.says(before, w)) {
            return Some(before);
        }
        if !(scan.tokens[before].is(NEUTRAL) || BETWEEN.iter().any(|w| scan.says(before, w))) {
            return None;
        }
        after = before;
    }
    None
}

/// A day after "born", "dob", "date of birth" and their like in Welsh and Spanish.
fn birth_date(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let one =
        ["born", "dob", "birthdate", "birthday", "geni", "ganwyd", "anwyd", "nacimiento", "nacido", "nacida", "nací"];
    let of_birth =
        || told(scan, at, &["birth"]).is_some_and(|b| b > 0 && (scan.says(b - 1, "of") || scan.says(b + 1, "date")));
    // "d.o.b." is three tokens.
    let dotted = || told(scan, at, &["b"]).is_some_and(|b| b > 1 && scan.says(b - 1, "o") && scan.says(b - 2, "d"));
    if told(scan, at, &one).is_none() && !of_birth() && !dotted() {
        return None;
    }
    let end = date(scan, at)?;
    (end <= scan.ceiling).then(|| Found { kind: "birth_date", start: scan.tokens[at].start, end })
}

/// End of a date in figures or with the word for a month.
fn date(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let digits = |n: usize, long: std::ops::RangeInclusive<usize>| {
        scan.token(n).filter(|t| t.number() && long.contains(&t.len())).map(|t| t.end)
    };
    let mark = |n: usize| matches!(scan.gap(n), "/" | "-" | "." | " " | ". " | " / " | "–");
    if mark(at + 1) && mark(at + 2) {
        let day_first = digits(at, 1..=2).and(digits(at + 1, 1..=2)).and(digits(at + 2, 2..=4));
        let year_first = || digits(at, 4..=4).and(digits(at + 1, 1..=2)).and(digits(at + 2, 1..=2));
        if let Some(end) = day_first.or_else(year_first) {
            return Some(end);
        }
    }
    // 4 July 1961, 4th of July 1961, 4 de julio de 1961
    let day = scan.token(at).is_some_and(|t| t.len() <= 4 && scan.bytes[t.start].is_ascii_digit());
    let small = |n: usize| ["of", "de", "o", "del"].iter().any(|w| scan.says(n, w));
    let month = at + 1 + usize::from(small(at + 1));
    let year = month + 1 + usize::from(small(month + 1));
    let word = scan.token(month).is_some_and(|t| t.word() && t.len() >= 3);
    let near = (at + 1..=year).all(|n| scan.spaced(n) || scan.gap(n) == ", ");
    let number = digits(year, 4..=4)?;
    let likely = (1900..2100).contains(&scan.word(year).parse::<u32>().ok()?);
    (day && word && near && likely).then_some(number)
}

/// Three pairs of digits after "sort code".
fn sort_code(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let code = told(scan, at, &["code", "sortcode", "didoli"])?;
    let said = !scan.says(code, "code") || (code > 0 && scan.says(code - 1, "sort"));
    let pair = |n: usize| scan.token(n).is_some_and(|t| t.number() && t.len() == 2);
    let start = scan.tokens[at].start;
    let apart = pair(at)
        && pair(at + 1)
        && pair(at + 2)
        && matches!(scan.gap(at + 1), "-" | " " | "–" | ".")
        && scan.gap(at + 1) == scan.gap(at + 2);
    let end = if apart { scan.tokens[at + 2].end } else { scan.token(at).filter(|t| t.number() && t.len() == 6)?.end };
    (said && end <= scan.ceiling).then_some(Found { kind: "bank_account", start, end })
}

/// Six to ten digits after "account" where a sort code stands near, or a bank.
fn account(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let token = scan.token(at).filter(|t| t.number() && (6..=10).contains(&t.len()) && t.end <= scan.ceiling)?;
    let said = told(scan, at, &["account", "acct", "acc", "cyfrif", "cuenta"])?;
    let sort = |n: usize| scan.says(n, "sort") || scan.says(n, "sortcode") || scan.says(n, "didoli");
    let before = scan
        .back(said)
        .take(8)
        .any(|b| sort(b) || scan.says(b, "bank") || scan.says(b, "banc") || scan.says(b, "bancaria"));
    let after = (at + 1..at + 5).any(sort);
    (before || after).then_some(Found { kind: "bank_account", start: token.start, end: token.end })
}

/// Nine digits, or letters and digits, after "passport".
fn passport(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let token = scan.token(at).filter(|t| (8..=PASSPORT).contains(&t.len()) && t.end <= scan.ceiling)?;
    let whole = &scan.bytes[token.start..token.end];
    let digits = whole.iter().filter(|b| b.is_ascii_digit()).count();
    let fits = whole.iter().all(u8::is_ascii_alphanumeric) && digits >= 6;
    (fits && told(scan, at, &["passport", "pasbort", "pasaporte"]).is_some()).then_some(Found {
        kind: "passport",
        start: token.start,
        end: token.end,
    })
}

#[cfg(test)]
mod tests {
    use crate::redact;

    #[test]
    fn what_the_words_say_is_taken() {
        for (from, to) in [
            ("I was born on 3 March 1950 in Leith", "I was born on [birth_date] in Leith"),
            ("DOB: 12-11-1948, please correct it", "DOB: [birth_date], please correct it"),
            ("my date of birth is 1948-11-12", "my date of birth is [birth_date]"),
            ("her d.o.b is 1/2/50 not that", "her d.o.b is [birth_date] not that"),
            ("dyddiad geni 12/11/1948", "dyddiad geni [birth_date]"),
            ("fecha de nacimiento: 4 de julio de 1961", "fecha de nacimiento: [birth_date]"),
            ("sort code 08-99-99 account number 66374958", "sort code [bank_account] account number [bank_account]"),
            ("bank account 66374958 sort code 089999", "bank account [bank_account] sort code [bank_account]"),
            ("passport number 925076473 was lost", "passport number [passport] was lost"),
            ("pasaporte AAB123456 caducado", "pasaporte [passport] caducado"),
        ] {
            assert_eq!(redact(from).0, to);
        }
    }

    #[test]
    fn the_same_figures_without_such_words_stay() {
        for text in [
            "I waited from 3 March 2024 until 12-11-2024",
            "council tax account 66374958 is wrong",
            "ring binder code 08-99-99",
            "the birth certificate of 12/11/2024 never came",
            "reference 925076473, passport desk closed",
        ] {
            assert_eq!(redact(text).0, text);
        }
    }
}
