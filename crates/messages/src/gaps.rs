//! Finds the gaps of a text, `((name))` and `((name??optional text))`, before it is read as Markdown.
//!
//! Each gap becomes one character of a range for private use, which Markdown takes for a letter. So no value can ever be read
//! as Markdown: values come in when the tree is made and nothing is parsed any more.

use crate::Problem;
use crate::problem::Findings;
use crate::template::MAX_NAME_CHARS;
use crate::values::{is_unseen, key};

/// The first of the characters that stand for gaps.
const FIRST_MARK: u32 = 0xF_0000;
/// The last.
const LAST_MARK: u32 = 0xF_FFFD;

/// One gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    /// As it was written.
    pub(crate) name: String,
    /// As it is compared.
    pub(crate) key: String,
    /// What is shown if the value is yes, with its offset in the source.
    pub(crate) optional: Option<(String, usize)>,
    /// Its offset in the source.
    pub(crate) at: usize,
}

/// A text with marks in place of gaps.
#[derive(Debug, Default)]
pub(crate) struct Scanned {
    pub(crate) text: String,
    pub(crate) gaps: Vec<Gap>,
    /// From which offset of the text on the source lies at which.
    shifts: Vec<(usize, usize)>,
}

impl Scanned {
    /// Where in the source an offset of the text is.
    pub(crate) fn origin(&self, at: usize) -> usize {
        let next = self.shifts.partition_point(|(from, _)| *from <= at);
        let (from, source) = next.checked_sub(1).and_then(|last| self.shifts.get(last)).copied().unwrap_or_default();
        source + (at - from)
    }

    /// From here on the text is that of the source at an offset.
    fn shift(&mut self, source: usize) {
        self.shifts.push((self.text.len(), source));
    }
}

/// Whether a character stands for a gap.
pub(crate) fn is_mark(c: char) -> bool {
    (FIRST_MARK..=LAST_MARK).contains(&u32::from(c))
}

/// The number of the gap that a character stands for.
pub(crate) fn marked(c: char) -> Option<usize> {
    if is_mark(c) { usize::try_from(u32::from(c) - FIRST_MARK).ok() } else { None }
}

/// The character that stands for a gap.
fn mark(number: usize) -> char {
    let code = u32::try_from(number).ok().and_then(|number| number.checked_add(FIRST_MARK));
    code.filter(|code| *code <= LAST_MARK).and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Finds the gaps. In Markdown, `^ ` at the beginning of a line is turned into the `>` of quotes and `•` into `*`.
pub(crate) fn scan(source: &str, markdown: bool, findings: &mut Findings) -> Scanned {
    let mut scanned = Scanned { text: String::with_capacity(source.len()), ..Scanned::default() };
    let mut at = 0;
    let mut begins_line = true;
    while let Some((rest, first)) = source.get(at..).and_then(|rest| Some((rest, rest.chars().next()?))) {
        let begun = begins_line;
        begins_line = first == '\n' || (begun && first == ' ');
        let length = match first {
            '(' if rest.starts_with("((") && !rest.starts_with("(((") => {
                if is_escaped(source, at) {
                    scanned.text.push_str("((");
                    2
                } else {
                    gap(rest, at, &mut scanned, findings)
                }
            }
            '^' if markdown && begun => {
                scanned.text.push('>');
                1
            }
            '•' if markdown && begun => {
                scanned.text.push('*');
                scanned.shift(at + first.len_utf8());
                first.len_utf8()
            }
            // A file from Windows: one line break is one character.
            '\r' => {
                if !rest.starts_with("\r\n") {
                    scanned.text.push('\n');
                    begins_line = true;
                }
                scanned.shift(at + 1);
                1
            }
            c if is_unseen(c) => {
                scanned.shift(at + c.len_utf8());
                c.len_utf8()
            }
            c if is_mark(c) => {
                scanned.text.push(char::REPLACEMENT_CHARACTER);
                scanned.shift(at + c.len_utf8());
                c.len_utf8()
            }
            c => {
                scanned.text.push(c);
                c.len_utf8()
            }
        };
        at += length;
    }
    scanned
}

/// Whether an odd number of backslashes stands before an offset.
fn is_escaped(source: &str, at: usize) -> bool {
    source.get(..at).is_some_and(|before| before.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1)
}

/// Takes the gap that a text begins with; gives how many bytes were taken.
fn gap(rest: &str, at: usize, scanned: &mut Scanned, findings: &mut Findings) -> usize {
    let inner = rest.get(2..).unwrap_or_default();
    let end = match end(inner) {
        End::At(end) => end,
        End::Nested(nested) => {
            findings.fault(at + 2 + nested, Problem::GapInOptional);
            scanned.text.push_str("((");
            return 2;
        }
        End::Never => {
            findings.fault(at, Problem::GapUnclosed);
            scanned.text.push_str("((");
            return 2;
        }
    };
    let inner = inner.get(..end).unwrap_or_default();
    let (name, optional) = match inner.split_once("??") {
        Some((name, text)) => (name, Some((text.to_owned(), at + 2 + name.len() + 2))),
        None => (inner, None),
    };
    let (name, key) = (name.trim(), key(name));
    if key.is_empty() {
        findings.fault(at, Problem::GapNameEmpty);
    } else if name.chars().count() > MAX_NAME_CHARS {
        findings.fault(at, Problem::GapNameTooLong);
    }
    if optional.as_ref().is_some_and(|(text, _)| text.trim().is_empty()) {
        findings.fault(at, Problem::OptionalEmpty);
    }
    scanned.text.push(mark(scanned.gaps.len()));
    let length = end + 4;
    scanned.gaps.push(Gap { name: name.to_owned(), key, optional, at });
    scanned.shift(at + length);
    length
}

/// Where a gap ends.
enum End {
    At(usize),
    /// Another begins in its optional text.
    Nested(usize),
    Never,
}

/// Brackets within the text may be paired, so that optional text can hold links.
fn end(inner: &str) -> End {
    let bytes = inner.as_bytes();
    let mut depth = 0_usize;
    let mut is_optional = false;
    for (i, byte) in bytes.iter().enumerate() {
        let next = bytes.get(i + 1);
        match byte {
            b'?' if next == Some(&b'?') => is_optional = true,
            b'\n' if !is_optional => return End::Never,
            b'(' if next == Some(&b'(') => return if is_optional { End::Nested(i) } else { End::Never },
            b'(' => depth += 1,
            b')' if depth > 0 => depth -= 1,
            b')' if next == Some(&b')') => return End::At(i),
            _ => {}
        }
    }
    End::Never
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Part;

    fn names(source: &str) -> Vec<(String, Option<String>)> {
        let mut findings = Findings::default();
        let scanned = scan(source, true, &mut findings);
        assert!(!findings.is_faulty(), "{source}: {findings:?}");
        scanned.gaps.into_iter().map(|gap| (gap.name, gap.optional.map(|(text, _)| text))).collect()
    }

    #[test]
    fn gaps_are_found_as_users_of_notify_write_them() {
        let plain = |name: &str| vec![(name.to_owned(), None)];
        assert_eq!(names("Dear ((first name)),"), plain("first name"));
        assert_eq!(names("(((name)))"), plain("name"));
        assert_eq!(names("\\((name)) and (one) or (two)"), []);
        assert_eq!(names("\\\\((name))"), plain("name"));
        assert_eq!(names("((a??b ??c))"), [("a".to_owned(), Some("b ??c".to_owned()))]);
        let link = "see [page](https://example.org/a)";
        assert_eq!(names(&format!("((a??{link}))")), [("a".to_owned(), Some(link.to_owned()))]);
        assert_eq!(names("((a??\n\ntwo\n\nparagraphs))").len(), 1);
    }

    #[test]
    fn what_is_no_gap_is_said_with_its_place() {
        for (source, code, line, column) in [
            ("a\nb ((name", "gap-unclosed", 2, 3),
            ("((name)", "gap-unclosed", 1, 1),
            ("((na\nme))", "gap-unclosed", 1, 1),
            ("((a ((b))", "gap-unclosed", 1, 1),
            ("x (())", "gap-name-empty", 1, 3),
            ("(( - ))", "gap-name-empty", 1, 1),
            ("((??text))", "gap-name-empty", 1, 1),
            ("((a??))", "optional-empty", 1, 1),
            ("((a??hello ((name))))", "gap-in-optional", 1, 12),
        ] {
            let mut findings = Findings::default();
            scan(source, true, &mut findings);
            let (faults, _) = findings.told(Part::Body, source);
            let fault = faults.first().expect(source);
            let place = fault.place.expect("a place");
            assert_eq!((fault.problem.code(), place.line, place.column), (code, line, column), "{source}");
        }
    }

    #[test]
    fn offsets_lead_back_to_the_source() {
        let source = "a ((bc)) d\r\n• e\n^ f";
        let scanned = scan(source, true, &mut Findings::default());
        assert_eq!(scanned.text, "a \u{f0000} d\n* e\n> f");
        for letter in ['d', 'e', 'f'] {
            let at = scanned.text.find(letter).expect("a letter");
            assert_eq!(Some(scanned.origin(at)), source.find(letter), "{letter}");
        }
    }

    #[test]
    fn marks_in_the_source_stand_for_nothing() {
        assert_eq!(scan("\u{f0000}((a))", true, &mut Findings::default()).text, "\u{fffd}\u{f0000}");
    }
}
