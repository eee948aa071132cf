//! What keeps a number or an address from being read, by habit or on purpose: characters that nobody
//! sees, digits of other widths and scripts, line breaks and odd separators within a number, digits
//! one by one or in words, `(at)` and `dot` in an email address.
//!
//! The rules know one plain way of writing. A text that may hold a disguise is put into that way
//! first, and what is found there is led back to its place in the text as it came. Only what then has
//! the shape of a phone, NHS or card number is put together: other digits stay as they stand, so
//! that the rules see dates, prices and times as before.

use super::checks::{self, Brand};
use super::lexicon::{DIGIT_WORD, EMAIL, GIVEN, GIVEN_TOO, NHS, NOT_NAME, OPAQUE, STOP, SURNAME};
use super::net;
use super::scan::Found;
use super::tokens::{Token, Tokens};

/// The bytes from the first to before the second, and what is written in their place.
type Change = (usize, usize, String);

/// Atoms of one number at most: a card's digits one by one.
const ATOMS: usize = 20;
/// Bytes between two parts of one number at most.
const GAP: usize = 6;
/// Labels of a domain, or parts of the name before it, at most.
const LABELS: usize = 5;

/// A text in the plain way of writing.
pub(super) struct Plain {
    pub(super) text: String,
    edits: Vec<Edit>,
}

/// Where something was written another way: its place in the plain text, and in the text as it came.
struct Edit {
    plain: (usize, usize),
    came: (usize, usize),
}

impl Plain {
    fn with(text: &str, edits: Vec<Change>) -> Option<Self> {
        if edits.is_empty() {
            return None;
        }
        let mut plain = Self { text: String::with_capacity(text.len()), edits: Vec::with_capacity(edits.len()) };
        let mut done = 0;
        for (start, end, instead) in edits {
            plain.text.push_str(&text[done..start]);
            let at = plain.text.len();
            plain.text.push_str(&instead);
            plain.edits.push(Edit { plain: (at, plain.text.len()), came: (start, end) });
            done = end;
        }
        plain.text.push_str(&text[done..]);
        Some(plain)
    }

    /// Findings in the plain text as places in the text as it came.
    pub(super) fn back(&self, found: Vec<Found>) -> Vec<Found> {
        let mut all = Vec::with_capacity(found.len());
        let mut floor = 0;
        for f in found {
            let (start, end) = (self.place(f.start).0.max(floor), self.place(f.end - 1).1);
            if start < end {
                floor = end;
                all.push(Found { kind: f.kind, start, end });
            }
        }
        all
    }

    /// Where the byte here begins and ends in the text as it came; what was written another way counts
    /// as a whole.
    fn place(&self, at: usize) -> (usize, usize) {
        let next = self.edits.partition_point(|e| e.plain.1 <= at);
        if let Some(edit) = self.edits.get(next).filter(|e| e.plain.0 <= at) {
            return edit.came;
        }
        let (plain, came) = next.checked_sub(1).map_or((0, 0), |n| (self.edits[n].plain.1, self.edits[n].came.1));
        (at - plain + came, at + 1 - plain + came)
    }
}

/// Whether a character is one that nobody sees, or another way of writing one of ASCII.
pub(super) fn is_odd(c: char) -> bool {
    plain_character(c).is_some()
}

/// What a character is in the plain way: nothing for those that nobody sees.
fn plain_character(c: char) -> Option<Option<char>> {
    Some(match c {
        // Soft hyphen, joiners, marks of direction, fillers, variation selectors, tags (Unicode,
        // Default_Ignorable_Code_Point).
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{e0000}'..='\u{e0fff}' => None,
        '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        // Full width: the same order as in ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xff01 + 0x21),
        '\u{fe52}' => Some('.'),
        '\u{fe63}' => Some('-'),
        '\u{fe6b}' => Some('@'),
        _ => Some(digit_of(c)?),
    })
}

/// Digits of other scripts and styles, each ten in a row (Unicode, Nd), and those above, below and in
/// circles.
fn digit_of(c: char) -> Option<char> {
    const ZEROS: &[u32] = &[
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20,
        0x1040, 0x2080, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1fbf0,
    ];
    let code = c as u32;
    if code < 0xb2 {
        return None;
    }
    let value = match c {
        '²' => 2,
        '³' => 3,
        '¹' => 1,
        '⁰' | '⓪' => 0,
        '\u{2074}'..='\u{2079}' => code - 0x2070,
        '①'..='⑨' => code - '①' as u32 + 1,
        _ => ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)).map(|zero| code - zero)?,
    };
    char::from_digit(value, 10)
}

/// The text without characters that nobody sees, and with those of other widths as in ASCII.
pub(super) fn characters(text: &str) -> Option<Plain> {
    let edits = text.char_indices().filter_map(|(at, c)| {
        let plain = plain_character(c)?;
        Some((at, at + c.len_utf8(), plain.map(String::from).unwrap_or_default()))
    });
    Plain::with(text, edits.collect())
}

/// The text with numbers and email addresses in one piece that were taken apart.
pub(super) fn pieces(text: &str, tokens: &Tokens) -> Option<Plain> {
    let mut edits = Vec::new();
    if tokens.digits >= 10 || tokens.digit_words >= 3 {
        numbers(text, &tokens.list, &mut edits);
    }
    if tokens.dots || !tokens.marks.is_empty() {
        emails(text, tokens, &mut edits);
    }
    edits.sort_by_key(|(start, ..)| *start);
    edits.dedup_by(|next, before| next.0 < before.1);
    Plain::with(text, edits)
}

/// A piece of a number: digits, or a word for some.
struct Atom {
    start: usize,
    end: usize,
    /// Digits of all atoms up to and with this one.
    upto: usize,
    word: bool,
    /// A gap that the rules for numbers don't know stands before it.
    odd: bool,
}

fn numbers(text: &str, tokens: &[Token], edits: &mut Vec<Change>) {
    let mut at = 0;
    while at < tokens.len() {
        if !is_atom(&tokens[at]) {
            at += 1;
            continue;
        }
        // All that stand together, so that each is looked at once from where a number may begin.
        let mut end = at + 1;
        while end < tokens.len() && is_atom(&tokens[end]) && separates(&text[tokens[end - 1].end..tokens[end].start]) {
            end += 1;
        }
        let mut first = at;
        while first < end {
            let begins = first == at || {
                let before = &text[tokens[first - 1].end..tokens[first].start];
                first + 1 < end && before != &text[tokens[first].end..tokens[first + 1].start]
            };
            let said = || tokens[first.saturating_sub(6)..first].iter().any(|t| t.is(NHS));
            match begins.then(|| number(text, &tokens[first..end.min(first + ATOMS)], end - first, said)).flatten() {
                Some((used, edit)) => {
                    edits.push(edit);
                    first += used;
                }
                None => first += 1,
            }
        }
        at = end;
    }
}

fn is_atom(token: &Token) -> bool {
    (token.number() && token.len() <= 16) || (token.is(DIGIT_WORD) && !token.is(OPAQUE))
}

fn separates(gap: &str) -> bool {
    gap.len() <= GAP
        && gap.matches('\n').count() < 2
        && gap.chars().all(|c| {
            matches!(
                c,
                ' ' | '\u{a0}' | '\t' | '\r' | '\n' | '-' | '.' | '/' | '\\' | '_' | '(' | ')' | '[' | ']' | '{' | '}'
            ) || matches!(c, '|' | '*' | '~' | ',' | '·' | '•' | '\u{2010}'..='\u{2015}' | '\u{2212}')
        })
}

/// Words for digits.
const WORDS: &[(&str, u8)] = &[
    ("zero", 0),
    ("oh", 0),
    ("o", 0),
    ("nought", 0),
    ("naught", 0),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
];

/// Digits that a word stands for, into what comes next: `double` doubles the digit after it.
fn digits_of(word: &str, times: usize, out: &mut Vec<u8>) -> usize {
    if word.as_bytes()[0].is_ascii_digit() {
        for (n, b) in word.bytes().enumerate() {
            out.extend(std::iter::repeat_n(b - b'0', if n == 0 { times } else { 1 }));
        }
        return 1;
    }
    if let Some((_, digit)) = WORDS.iter().find(|(w, _)| word.eq_ignore_ascii_case(w)) {
        out.extend(std::iter::repeat_n(*digit, times));
        return 1;
    }
    if word.eq_ignore_ascii_case("double") { 2 } else { 3 }
}

/// The number that begins with the first of these and is in disguise: how many of them it takes, and
/// what stands in its place. `all` is how many stand together here; `said` tells whether the words
/// before speak of the NHS.
fn number(text: &str, tokens: &[Token], all: usize, said: impl Fn() -> bool) -> Option<(usize, Change)> {
    let mut digits: Vec<u8> = Vec::with_capacity(20);
    let mut atoms: Vec<Atom> = Vec::with_capacity(tokens.len());
    let mut times = 1;
    for (n, token) in tokens.iter().enumerate() {
        let gap = if n == 0 { "" } else { &text[tokens[n - 1].end..token.start] };
        let word = token.word();
        times = digits_of(&text[token.start..token.end], times, &mut digits);
        let odd = n > 0 && super::digits::gap(gap).is_none();
        atoms.push(Atom { start: token.start, end: token.end, upto: digits.len(), word, odd });
        if digits.len() > 19 {
            break;
        }
    }
    for (n, atom) in atoms.iter().enumerate() {
        let count = if n > 0 && atoms[n - 1].upto == atom.upto { 0 } else { atom.upto };
        if !matches!(count, 10..=19) {
            continue;
        }
        let group = &atoms[..=n];
        let words = group.iter().filter(|a| a.word).count();
        let disguised = words > 2 || group.len() > super::digits::GROUPS || group.iter().any(|a| a.odd);
        if !disguised || (words > 0 && words < 3) {
            continue;
        }
        let next = tokens.get(n + 1).map(|t| &text[atom.end..t.start]);
        let last = n.checked_sub(1).map(|b| &text[atoms[b].end..atom.start]);
        let ends = n + 1 == all || next.is_some_and(|next| Some(next) != last);
        if let Some(instead) = shape(text, group, &digits[..count], ends, &said) {
            return Some((n + 1, (group[0].start, atom.end, instead)));
        }
    }
    None
}

/// The plain way to write a phone, NHS or card number, if these digits in these groups are one.
fn shape(text: &str, atoms: &[Atom], digits: &[u8], ends: bool, said: impl Fn() -> bool) -> Option<String> {
    let size = |n: usize| atoms[n].upto - if n == 0 { 0 } else { atoms[n - 1].upto };
    let country = usize::from(matches!((size(0), digits), (2, [4, 4, ..]) | (4, [0, 0, 4, 4, ..])));
    let singly = (country..atoms.len()).all(|n| atoms[n].word || size(n) == 1);
    let worded = atoms.iter().any(|a| a.word);
    let commas = text[atoms[0].start..atoms[atoms.len() - 1].end].contains(',');
    let grouped = atoms.len() <= 5 && size(0) >= 2 && (1..atoms.len()).all(|n| size(n) >= 2) && !commas;
    let varied = digits.iter().any(|d| *d > 5) && {
        let seen = digits.iter().fold(0u16, |seen, d| seen | 1u16 << d);
        seen.count_ones() >= 4
    };
    let written = || digits.iter().map(|d| char::from(b'0' + d)).collect::<String>();
    let phone = match digits {
        [0, 1..=9, ..] => digits.len() == 11 && (size(0) >= 3 || singly || worded),
        [4, 4, 1..=3 | 7, ..] => digits.len() == 12,
        [0, 0, 4, 4, 1..=3 | 7, ..] => digits.len() == 14,
        _ => false,
    };
    // One by one they may go on: "… one two three two times". In groups they have to end here.
    if phone && (digits[1] == 7 || !monotonous(digits)) && (singly || worded || (grouped && ends)) {
        return Some(written());
    }
    if !ends {
        return None;
    }
    if digits.len() == 10 && checks::nhs(digits) {
        let in_threes = atoms.len() == 3 && size(0) == 3 && size(1) == 3;
        if in_threes && !commas || ((singly || worded) && varied) {
            let all = written();
            return Some(format!("{} {} {}", &all[..3], &all[3..6], &all[6..]));
        }
        return (grouped && said()).then(written);
    }
    let card = checks::brand(digits) == Some(Brand::Usual) && checks::luhn(digits);
    (card && digits.len() >= 13 && (grouped || (singly || worded) && varied)).then(written)
}

/// Whether these are one or two digits over and over, as no number of a person is.
fn monotonous(digits: &[u8]) -> bool {
    digits.iter().fold(0u16, |seen, d| seen | 1u16 << d).count_ones() < 3
}

/// Ends of domains that are believed where an address is spelt out. None is an English word.
const TOP: &[&str] = &[
    "com", "org", "net", "uk", "gov", "edu", "ac", "nhs", "info", "io", "eu", "ie", "wales", "cymru", "scot", "london",
    "biz", "ca", "au", "nz", "pk", "de", "fr", "pl", "nl", "example",
];

/// How the sign of an address is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// `@`, and whether blanks stand around it.
    Written { loose: bool },
    /// `(at)`
    Bracketed,
    /// `at`
    Word,
}

fn emails(text: &str, tokens: &Tokens, edits: &mut Vec<Change>) {
    let list = &tokens.list;
    let bytes = text.as_bytes();
    let mut marks = tokens.marks.iter().copied().filter(|m| bytes[*m] == b'@').peekable();
    let mut floor = 0;
    for at in 1..list.len() {
        let (before, token) = (&list[at - 1], &list[at]);
        let mut mark = None;
        while let Some(next) = marks.next_if(|m| *m < token.start) {
            mark = Some(next);
        }
        if before.start < floor {
            continue;
        }
        // "jane@example dot com": the sign stands there already.
        let (domain, sign) = if let Some(mark) = mark.filter(|m| *m >= before.end) {
            if mark - before.end > 1 || token.start - mark > 2 {
                continue;
            }
            (at, Sign::Written { loose: token.start - before.end > 1 })
        } else if token.len() == 2 && text[token.start..token.end].eq_ignore_ascii_case("at") {
            let Some(next) = list.get(at + 1) else { break };
            let (open, close) = (&text[before.end..token.start], &text[token.end..next.start]);
            let blank = |gap: &str| matches!(gap, " " | "  ");
            match (open.trim_matches(' '), close.trim_matches(' ')) {
                ("(", ")") | ("[", "]") | ("{", "}") | ("<", ">") if open.len() <= 4 && close.len() <= 4 => {
                    (at + 1, Sign::Bracketed)
                }
                ("", "") if blank(open) && blank(close) => (at + 1, Sign::Word),
                _ => continue,
            }
        } else {
            continue;
        };
        if let Some((end, found)) = spelt_out(text, list, (at - 1, domain), sign, floor) {
            edits.extend(found);
            floor = end;
        }
    }
}

/// Where a point, or the word for it, stands before a word: that word, and whether it was spelt out.
fn point(text: &str, list: &[Token], at: usize) -> Option<(usize, bool)> {
    let next = list.get(at)?;
    let gap = &text[list[at - 1].end..next.start];
    if gap == "." {
        return Some((at, false));
    }
    if matches!(gap.trim_matches(' '), "[.]" | "(.)" | "{.}") {
        return Some((at, true));
    }
    let after = list.get(at + 1)?;
    let dot = next.len() == 3 && text[next.start..next.end].eq_ignore_ascii_case("dot");
    let apart = |gap: &str| {
        let bare = gap.trim_matches(' ');
        (1..=4).contains(&gap.len()) && matches!(bare, "" | "(" | "[" | "{" | "<" | ")" | "]" | "}" | ">")
    };
    (dot && apart(gap) && apart(&text[next.end..after.start])).then_some((at + 1, true))
}

/// Changes that write out an address with its last part before the sign at `local` and its domain from
/// `domain` on, and where it ends; none if it is no address, or is written out already.
fn spelt_out(
    text: &str,
    list: &[Token],
    (local, domain): (usize, usize),
    sign: Sign,
    floor: usize,
) -> Option<(usize, Vec<Change>)> {
    let word = |at: usize| &text[list[at].start..list[at].end];
    let mut edits = Vec::new();
    if sign != (Sign::Written { loose: false }) {
        edits.push((list[local].end, list[domain].start, "@".to_owned()));
    }
    let provider = net::is_provider(word(domain));
    if list[local].is(OPAQUE) || list[domain].is(OPAQUE) {
        return None;
    }
    // How far the domain goes: up to the last part that can be its end.
    let (mut last, mut spelt) = (domain, false);
    let mut best = (provider && sign != Sign::Word).then_some((domain, edits.len(), false));
    for _ in 0..LABELS {
        let Some((next, said)) = point(text, list, last + 1).filter(|(next, _)| !list[*next].is(OPAQUE)) else { break };
        if said {
            edits.push((list[last].end, list[next].start, ".".to_owned()));
        }
        spelt |= said;
        last = next;
        let known = TOP.iter().any(|top| word(last).eq_ignore_ascii_case(top));
        if known || (!spelt && sign != Sign::Word && list[last].word() && list[last].len() > 1) {
            best = Some((last, edits.len(), spelt));
        }
    }
    let (last, kept, spelt) = best?;
    edits.truncate(kept);
    if sign == (Sign::Written { loose: true }) && !spelt && !provider {
        return None;
    }
    // Points in what stands before it: "jane dot doe at …".
    let mut begin = local;
    while begin >= 2 && local - begin < 2 * LABELS {
        let spelt = point(text, list, begin - 1).is_some_and(|(next, said)| said && next == begin);
        if !spelt || list[begin - 2].start < floor || list[begin - 2].is(OPAQUE) {
            break;
        }
        edits.push((list[begin - 2].end, list[begin].start, ".".to_owned()));
        begin -= 2;
    }
    let sure = sign != Sign::Word || speaks_for_an_address(text, list, (begin, local), provider);
    (sure && !edits.is_empty()).then(|| (list[last].end, edits))
}

/// Whether the words before a plain "at" make an address of what is around it: "jane.doe at …", "email
/// me, jane at …", any name at a known provider. "Look at example dot com" is none.
fn speaks_for_an_address(text: &str, list: &[Token], (begin, local): (usize, usize), provider: bool) -> bool {
    let token = &list[local];
    let joined = begin > 0 && matches!(&text[list[begin - 1].end..list[begin].start], "." | "_" | "-" | "+");
    if begin < local || joined || !token.word() {
        return true;
    }
    if token.is(STOP) || token.len() < 2 {
        return false;
    }
    let asked = list[begin.saturating_sub(6)..begin].iter().any(|t| t.is(EMAIL));
    provider || token.is(GIVEN | GIVEN_TOO | SURNAME) || (asked && !token.is(NOT_NAME))
}
