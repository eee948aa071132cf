//! Phone numbers: national ones of the United Kingdom (Ofcom's National Telephone Numbering Plan),
//! of North America (NANP), international ones (ITU-T E.164), and any others that a word such as
//! "call" or "phone" announces.

use super::digits::{Gap, Run};
use super::lexicon::{PHONE, STOP};
use super::scan::{Found, Scan};

/// A phone number that begins at this token. `cue` is the nearest word that says what it is.
pub(super) fn phone(scan: &Scan<'_>, at: usize, run: &Run, cue: u64) -> Option<Found> {
    let first = scan.tokens[at].start;
    let plus = scan.gap(at).ends_with('+');
    let announced = cue & PHONE != 0;
    let groups = if plus {
        international(run, 0, run.digits(run.len))
    } else if scan.referenced(at) && !announced {
        None
    } else {
        national(run)
            .or_else(|| north_american(run, announced))
            .or_else(|| announced.then(|| any(scan, at, run)).flatten())
    }?;
    let end = run.ends[groups - 1];
    if decimal(scan, end) {
        return None;
    }
    let end = extension(scan.bytes, end).unwrap_or(end);
    let letters = scan.bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
    (!letters && end <= scan.ceiling).then(|| Found { kind: "phone", start: opening(scan, first), end })
}

/// With the `+` and the bracket that belong to the number.
fn opening(scan: &Scan<'_>, first: usize) -> usize {
    let mut start = first;
    while start > scan.floor && first - start < 3 && matches!(scan.bytes[start - 1], b'+' | b'(') {
        start -= 1;
    }
    let opened = scan.bytes[start..first].contains(&b'(');
    let closed = scan.bytes[first..scan.bytes.len().min(first + 8)].contains(&b')');
    if opened && !closed { first - usize::from(scan.bytes[first - 1] == b'+') } else { start }
}

fn decimal(scan: &Scan<'_>, end: usize) -> bool {
    scan.bytes.get(end) == Some(&b'%')
        || (scan.bytes.get(end) == Some(&b'.') && scan.bytes.get(end + 1).is_some_and(u8::is_ascii_digit))
}

/// After the country code of `skip` digits before it (`00`): the length is known for the United
/// Kingdom and North America, elsewhere at most fifteen digits (E.164).
fn international(run: &Run, skip: usize, digits: &[u8]) -> Option<usize> {
    let digits = digits.get(skip..)?;
    if digits.first().is_none_or(|d| *d == 0) {
        return None;
    }
    let exact = |lengths: &[usize]| lengths.iter().find_map(|l| run.making(l + skip));
    let known = match digits {
        [4, 4, 0, ..] => exact(&[13, 12]),
        [4, 4, ..] => exact(&[12, 11]),
        [1, ..] => exact(&[11]),
        _ => None,
    };
    known.or_else(|| {
        (1..=run.len).rev().find(|&g| {
            let count = run.upto[g - 1].saturating_sub(skip);
            (8..=15).contains(&count) && g <= 7
        })
    })
}

/// Numbers that say by themselves that they are to be dialled: `0…` as in the United Kingdom and
/// much of Europe, `00…` abroad, `44 7…`, and mobiles that lost their zero.
fn national(run: &Run) -> Option<usize> {
    let digits = run.digits(run.len);
    let first = run.size(0);
    match digits {
        [0, 0, 1..=9, ..] => {
            let g = international(run, 2, digits)?;
            (run.upto[g - 1] >= 11).then_some(g)
        }
        [0, 1..=9, ..] => {
            let groups = run.making(11).or_else(|| run.making(10))?;
            let pairs = first == 2 && run.size(1.min(groups - 1)) == 2;
            let mobile = digits[1] == 7 && run.upto[groups - 1] == 11;
            let shaped = (first >= 3 || (first == 2 && groups > 1))
                && (0..groups).all(|g| run.size(g) >= 2 || mobile)
                && !date(run);
            let paired = !pairs || run.gapped(groups, &[Gap::Dot]) || mobile;
            (shaped && paired && run.gapped(groups, &[Gap::Space, Gap::Hyphen, Gap::Dot, Gap::Close])).then_some(groups)
        }
        [4, 4, 7 | 1 | 2, ..] if first == 2 || first >= 4 => {
            let groups = run.making(12)?;
            (run.size(groups - 1) >= 3).then_some(groups)
        }
        [7, ..] if first == 4 => {
            let groups = run.making(10)?;
            (run.sizes(groups, &[4, 6]) || run.sizes(groups, &[4, 3, 3])).then_some(groups)
        }
        _ => None,
    }
}

/// Area, exchange and line: 3-3-4, with or without the trunk's 1. Neither area nor exchange begins
/// with 0 or 1.
fn north_american(run: &Run, announced: bool) -> Option<usize> {
    let digits = run.digits(run.len);
    let trunk = usize::from(digits.first() == Some(&1));
    let groups = run.making(10 + trunk)?;
    let grouped = if trunk == 1 { run.sizes(groups, &[1, 3, 3, 4]) } else { run.sizes(groups, &[3, 3, 4]) };
    let grouped = grouped || run.sizes(groups, &[3, 7]) && run.gaps[1] == Gap::Close;
    let fits = digits.get(trunk).is_some_and(|d| *d > 1) && digits.get(trunk + 3).is_some_and(|d| *d > 1);
    (fits && (grouped || (announced && groups <= 2))).then_some(groups)
}

/// Any groups of digits that a word announces, unless they are a date, years or an amount.
fn any(scan: &Scan<'_>, at: usize, run: &Run) -> Option<usize> {
    let groups = (1..=run.len.min(6)).rev().find(|&g| {
        let count = run.upto[g - 1];
        (7..=15).contains(&count) || (g > 1 && count == 6)
    })?;
    let small = (0..groups).any(|g| run.size(g) < 2);
    let years = groups == 2 && run.sizes(2, &[4, 4]) && (0..2).all(|g| (1900..2100).contains(&run.value(g)));
    let thousands = groups > 1 && (1..groups).all(|g| run.size(g) == 3) && run.size(0) < 3;
    let counted = scan.token(at + groups).is_some_and(|t| t.is(STOP) && t.word() && unit(scan, at + groups));
    let clock = groups > 1 && (0..groups).all(|g| run.size(g) <= 2) && run.upto[groups - 1] < 8;
    (!small && !years && !thousands && !counted && !clock && !date(run)).then_some(groups)
}

/// Whether the word here counts what is before it.
fn unit(scan: &Scan<'_>, at: usize) -> bool {
    scan.spaced(at)
        && ["people", "times", "days", "hours", "minutes", "pounds", "miles", "patients", "homes", "quid", "euros"]
            .iter()
            .any(|w| scan.says(at, w))
}

/// Day, month and year in any order, in figures.
fn date(run: &Run) -> bool {
    if run.len < 3 {
        return false;
    }
    let (a, b, c) = (run.value(0), run.value(1), run.value(2));
    let short = |g: usize| run.size(g) <= 2;
    let year = |g: usize, v: u32| run.size(g) == 4 && (1900..2100).contains(&v);
    let day_month = |x: u32, y: u32| (1..=31).contains(&x) && (1..=31).contains(&y) && (x <= 12 || y <= 12);
    (short(0) && short(1) && year(2, c) && day_month(a, b)) || (year(0, a) && short(1) && short(2) && day_month(b, c))
}

/// End of an extension after a number: `x123`, `ext. 12`, `extension 4`, `#5`.
fn extension(bytes: &[u8], end: usize) -> Option<usize> {
    let rest = &bytes[end..bytes.len().min(end + 24)];
    let blank = rest.iter().take(2).take_while(|b| matches!(b, b' ' | b',')).count();
    let word = &rest[blank..];
    let marker = [&b"extension"[..], b"extn", b"ext", b"x", b"#"]
        .into_iter()
        .find(|m| word.len() > m.len() && word[..m.len()].eq_ignore_ascii_case(m))?;
    let after = &word[marker.len()..];
    let filler = after.iter().take(3).take_while(|b| matches!(b, b'.' | b':' | b' ')).count();
    let digits = after[filler..].iter().take(7).take_while(|b| b.is_ascii_digit()).count();
    let next = after.get(filler + digits);
    ((1..=6).contains(&digits) && !next.is_some_and(u8::is_ascii_alphanumeric))
        .then_some(end + blank + marker.len() + filler + digits)
}

/// A number that lost the blank before it: `on07700900123`.
pub(super) fn glued(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let token = &scan.tokens[at];
    let whole = &scan.bytes[token.start..token.end];
    if !(12..=24).contains(&whole.len()) {
        return None;
    }
    let letters = whole.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let digits = &whole[letters..];
    let dialled = digits.len() == 11 && digits[0] == b'0' && digits[1] != b'0';
    (letters >= 2 && dialled && digits.iter().all(u8::is_ascii_digit)).then_some(Found {
        kind: "phone",
        start: token.start + letters,
        end: token.end,
    })
}
