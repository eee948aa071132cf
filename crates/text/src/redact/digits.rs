//! Runs of digit groups: cards, NHS numbers, social security numbers and internet addresses.
//! Phone numbers, whose forms are many, have their own file.

use std::net::Ipv6Addr;

use super::checks::{self, Brand};
use super::lexicon::{CARD, IP, NHS, NUMBERED, PHONE, REF, SSN};
use super::phone;
use super::scan::{Found, Scan};

/// Groups of one run.
pub(super) const GROUPS: usize = 8;
/// Digits of one run.
pub(super) const DIGITS: usize = 32;

/// What separates two groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing: the first group.
    None,
    Space,
    Hyphen,
    Dot,
    Open,
    Close,
}

/// A run of digit groups.
pub(super) struct Run {
    digits: [u8; DIGITS],
    /// Digits up to and with the group.
    pub(super) upto: [usize; GROUPS],
    /// End of the group in the text.
    pub(super) ends: [usize; GROUPS],
    pub(super) gaps: [Gap; GROUPS],
    pub(super) len: usize,
}

impl Run {
    /// Digits of the first so many groups.
    pub(super) fn digits(&self, groups: usize) -> &[u8] {
        &self.digits[..self.upto[groups - 1]]
    }

    pub(super) fn size(&self, group: usize) -> usize {
        self.upto[group] - if group == 0 { 0 } else { self.upto[group - 1] }
    }

    pub(super) fn sizes(&self, groups: usize, sizes: &[usize]) -> bool {
        groups == sizes.len() && sizes.iter().enumerate().all(|(g, &s)| self.size(g) == s)
    }

    /// How many groups make exactly so many digits.
    pub(super) fn making(&self, digits: usize) -> Option<usize> {
        self.upto[..self.len].iter().position(|&n| n == digits).map(|g| g + 1)
    }

    /// Value of one group of at most nine digits.
    pub(super) fn value(&self, group: usize) -> u32 {
        let start = self.upto[group] - self.size(group);
        self.digits[start..self.upto[group]].iter().take(9).fold(0, |sum, &d| sum * 10 + u32::from(d))
    }

    /// Whether the gaps within so many groups are all of these kinds.
    pub(super) fn gapped(&self, groups: usize, kinds: &[Gap]) -> bool {
        self.gaps[1..groups].iter().all(|g| kinds.contains(g))
    }
}

pub(super) fn gap(text: &str) -> Option<Gap> {
    Some(match text {
        " " | "  " | "   " | "\t" | "\u{a0}" | "\u{2009}" | "\u{202f}" => Gap::Space,
        "-" | " - " | "- " | " -" | "–" | " – " | "—" | "\u{2010}" | "\u{2011}" => Gap::Hyphen,
        "." => Gap::Dot,
        "(" | " (" | "-(" => Gap::Open,
        ")" | ") " | ")-" | ") - " | " )" | " ) " => Gap::Close,
        _ => return None,
    })
}

/// The groups from this token on. A last group may carry an extension, as in `4567x89`.
pub(super) fn gather(scan: &Scan<'_>, at: usize) -> Option<Run> {
    let mut run = Run { digits: [0; DIGITS], upto: [0; GROUPS], ends: [0; GROUPS], gaps: [Gap::None; GROUPS], len: 0 };
    let mut count = 0;
    for next in at..(at + GROUPS).min(scan.tokens.len()) {
        let token = &scan.tokens[next];
        let kind = if next == at { Some(Gap::None) } else { gap(scan.gap(next)) };
        let Some(kind) = kind else { break };
        if token.len() > DIGITS || token.end > scan.ceiling {
            break;
        }
        let whole = &scan.bytes[token.start..token.end];
        let leading = whole.iter().take_while(|b| b.is_ascii_digit()).count();
        let extended = leading >= 3 && leading < whole.len() && matches!(whole[leading], b'x' | b'X' | b'e' | b'E');
        if leading == 0 || (leading < whole.len() && !extended) || count + leading > DIGITS {
            break;
        }
        for (to, from) in run.digits[count..].iter_mut().zip(&whole[..leading]) {
            *to = from - b'0';
        }
        count += leading;
        run.upto[run.len] = count;
        run.ends[run.len] = token.start + leading;
        run.gaps[run.len] = kind;
        run.len += 1;
        if extended {
            break;
        }
    }
    (run.len > 0).then_some(run)
}

/// A number that begins here and identifies somebody.
pub(super) fn number(scan: &Scan<'_>, at: usize) -> Option<Found> {
    if scan.joined(at) || scan.priced(at) {
        return None;
    }
    let run = gather(scan, at)?;
    if run.upto[run.len - 1] < 4 {
        return None;
    }
    if let Some(found) = ipv4(scan, at, &run) {
        return Some(found);
    }
    if run.upto[run.len - 1] < 6 {
        return None;
    }
    let start = scan.tokens[at].start;
    let plus = scan.gap(at).ends_with('+');
    let cues = scan.cues(at);
    if !plus {
        let groups = card(&run, cues.1).map(|g| ("card", g));
        let groups = groups.or_else(|| social(&run, cues.1).map(|g| ("ssn", g)));
        let groups = groups.or_else(|| nhs(scan, at, &run, cues).map(|g| ("nhs_number", g)));
        if let Some((kind, groups)) = groups {
            let end = run.ends[groups - 1];
            if !scan.bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) && !continues(scan, end) {
                return Some(Found { kind, start, end });
            }
        }
    }
    phone::phone(scan, at, &run, cues.0)
}

/// Whether a hyphen or point and more digits follow at once.
fn continues(scan: &Scan<'_>, end: usize) -> bool {
    matches!(scan.bytes.get(end), Some(b'-' | b'.')) && scan.bytes.get(end + 1).is_some_and(u8::is_ascii_digit)
}

fn card(run: &Run, cues: u64) -> Option<usize> {
    [16, 19, 15, 14, 13, 18, 17, 12].into_iter().find_map(|length| {
        let groups = run.making(length)?;
        let digits = run.digits(groups);
        let sure = match checks::brand(digits) {
            Some(Brand::Usual) => true,
            Some(Brand::Rare) => cues & CARD != 0,
            None => cues & CARD != 0 && length > 12,
        };
        let shape = (0..groups).all(|g| run.size(g) >= 2) && run.gapped(groups, &[Gap::Space, Gap::Hyphen, Gap::Dot]);
        (sure && shape && checks::luhn(digits)).then_some(groups)
    })
}

fn social(run: &Run, cues: u64) -> Option<usize> {
    let groups = run.making(9)?;
    let grouped = run.sizes(groups, &[3, 2, 4]);
    let hyphens = grouped && run.gapped(groups, &[Gap::Hyphen]);
    let said = cues & SSN != 0 && (groups == 1 || grouped);
    ((hyphens || said) && checks::ssn(run.digits(groups))).then_some(groups)
}

/// Ten digits are an NHS number when a word says so, or when they are set 3-3-4 with blanks, as NHS
/// numbers are, and their check digit fits. North American phone numbers have the same grouping, so
/// that a word for a phone decides for those, and so do hyphens.
fn nhs(scan: &Scan<'_>, at: usize, run: &Run, (nearest, all): (u64, u64)) -> Option<usize> {
    let groups = run.making(10)?;
    let digits = run.digits(groups);
    let fits = checks::nhs(digits);
    let said = all & NHS != 0 && nearest & (PHONE | CARD) == 0;
    let grouped = run.sizes(groups, &[3, 3, 4]);
    if said && (fits || (nearest & NHS != 0 && grouped && digits[0] != 0)) {
        return Some(groups);
    }
    if fits && grouped && run.gapped(groups, &[Gap::Space]) && nearest & (PHONE | REF) == 0 {
        return Some(groups);
    }
    (fits && said_after(scan, at + groups)).then_some(groups)
}

/// `… is my NHS number`.
fn said_after(scan: &Scan<'_>, at: usize) -> bool {
    let verb = scan.says(at, "is") || scan.says(at, "was") || scan.says(at, "are");
    let skip = usize::from(verb);
    let whose = ["my", "his", "her", "the", "their", "our", "your"].iter().any(|w| scan.says(at + skip, w));
    let skip = skip + usize::from(whose);
    skip > 0 && scan.says(at + skip, "nhs")
}

/// Four numbers up to 255 with points between them.
fn ipv4(scan: &Scan<'_>, at: usize, run: &Run) -> Option<Found> {
    let groups = 4;
    if run.len < groups || !run.gapped(groups, &[Gap::Dot]) || (run.len > 4 && run.gaps[4] == Gap::Dot) {
        return None;
    }
    let fits = (0..groups).all(|g| {
        let leading_zero = run.size(g) > 1 && run.value(g) < 10_u32.pow(run.size(g).min(9) as u32 - 1);
        run.size(g) <= 3 && run.value(g) <= 255 && !leading_zero
    });
    let single = (0..groups).all(|g| run.size(g) == 1);
    let (_, cues) = scan.cues(at);
    let numbered = scan.back(at).take(2).any(|b| scan.tokens[b].is(NUMBERED));
    if !fits || numbered || (single && cues & IP == 0) || continues(scan, run.ends[3]) {
        return None;
    }
    Some(Found { kind: "ip", start: scan.tokens[at].start, end: run.ends[3] })
}

/// Colon-separated groups that are an IPv6 address as a whole. Times are not: they have neither
/// eight groups nor a double colon.
pub(super) fn ipv6(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let token = &scan.tokens[at];
    let hex = |b: &u8| b.is_ascii_hexdigit();
    if token.len() > 4
        || scan.bytes.get(token.end) != Some(&b':')
        || !scan.bytes[token.start..token.end].iter().all(hex)
    {
        return None;
    }
    let before = token.start.checked_sub(1).map(|i| scan.bytes[i]);
    if matches!(before, Some(b':' | b'.' | b'-')) {
        return None;
    }
    let end = (token.start..scan.bytes.len().min(token.start + 45))
        .find(|&i| !(scan.bytes[i].is_ascii_hexdigit() || scan.bytes[i] == b':'))
        .unwrap_or(scan.bytes.len().min(token.start + 45));
    let trimmed = scan.bytes[..end].iter().rposition(|b| *b != b':')? + 1;
    if scan.bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let text = &scan.text[token.start..trimmed];
    let groups = text.split(':').filter(|g| !g.is_empty()).count();
    let letters = text.bytes().any(|b| b.is_ascii_alphabetic());
    (groups >= 3 && (letters || groups == 8) && text.parse::<Ipv6Addr>().is_ok()).then_some(Found {
        kind: "ip",
        start: token.start,
        end: trimmed,
    })
}
