//! Writing headers: folded, encoded where they are not ASCII, and never with a line that the value brought.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::address::Address;

/// Columns of a line that are aimed at (RFC 5322); the most that a server must take is 998.
pub(crate) const COLUMNS: usize = 76;
/// Longer words than this are encoded, because they can't be folded.
const MAX_PLAIN_WORD: usize = 60;
/// What stands around the letters of an encoded word: `=?utf-8?B?` and `?=`.
const AROUND: usize = 12;

/// Headers being written, one after the other.
pub(crate) struct Head<'a> {
    out: &'a mut Vec<u8>,
    column: usize,
}

impl<'a> Head<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, column: 0 }
    }

    /// A header of free text, such as Subject.
    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.begin(name);
        if is_plain(value) {
            self.words(value);
        } else {
            self.encoded(value);
        }
        self.end();
    }

    /// A header of ASCII that has its own grammar; folded at its spaces, and never within what has none.
    pub(crate) fn ascii(&mut self, name: &str, value: &str) {
        self.begin(name);
        self.words(value);
        self.end();
    }

    /// A header of one address with its name.
    pub(crate) fn mailbox(&mut self, name: &str, shown: &str, address: &Address) {
        self.phrase(name, shown, address.as_str());
    }

    /// A name, which may be empty, and what it names in angle brackets.
    pub(crate) fn phrase(&mut self, header: &str, name: &str, named: &str) {
        self.begin(header);
        if !name.is_empty() {
            if is_plain(name) {
                let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
                self.words(&format!("\"{quoted}\""));
            } else {
                self.encoded(name);
            }
        }
        self.words(&format!("<{named}>"));
        self.end();
    }

    fn begin(&mut self, name: &str) {
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b':');
        self.column = name.len() + 1;
    }

    fn end(&mut self) {
        self.out.extend_from_slice(b"\r\n");
    }

    /// One word with the space before it, on a new line if this one has no room.
    fn word(&mut self, word: &str, may_fold: bool) {
        if may_fold && self.column + 1 + word.len() > COLUMNS {
            self.out.extend_from_slice(b"\r\n");
            self.column = 0;
        }
        self.out.push(b' ');
        self.out.extend_from_slice(word.as_bytes());
        self.column += 1 + word.len();
    }

    /// The first word of a header stays beside its name: some readers take an empty first line for an empty header.
    fn words(&mut self, value: &str) {
        let begun = self.out.last() != Some(&b':');
        for (n, word) in value.split(' ').enumerate() {
            self.word(word, n > 0 || begun);
        }
    }

    /// Encoded words (RFC 2047): each of whole characters, each of at most 75.
    fn encoded(&mut self, value: &str) {
        let mut rest = value;
        while !rest.is_empty() {
            let room = COLUMNS.saturating_sub(self.column + 1 + AROUND) / 4 * 3;
            let room = if room < 9 { 45 } else { room.min(45) };
            let mut end = rest.len().min(room);
            while !rest.is_char_boundary(end) {
                end -= 1;
            }
            let (now, later) = rest.split_at(end);
            self.word(&format!("=?utf-8?B?{}?=", BASE64.encode(now)), true);
            rest = later;
        }
    }
}

/// Whether a text can stand in a header as it is: visible ASCII, single spaces between words that fit on a line, and nothing
/// that a reader would take for an encoded word.
fn is_plain(text: &str) -> bool {
    let visible = text.bytes().all(|b| (b' '..=b'~').contains(&b)) && !text.contains("=?");
    visible && text.split(' ').all(|word| !word.is_empty() && word.len() <= MAX_PLAIN_WORD)
}

/// A parameter such as `filename` (RFC 2231), on a line of its own behind what was written.
pub(crate) fn parameter(name: &str, value: &str) -> String {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    if value.len() <= 50 && value.bytes().all(|b| token(b) || b == b' ') {
        return format!(";\r\n {name}=\"{value}\"");
    }
    // In sections, since a long name in another script has no room on one line.
    let mut sections: Vec<String> = vec![String::new()];
    for b in value.bytes() {
        let next = if token(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
        if sections.last().is_some_and(|s| s.len() + next.len() > 50) {
            sections.push(String::new());
        }
        if let Some(last) = sections.last_mut() {
            last.push_str(&next);
        }
    }
    if let [only] = sections.as_slice() {
        return format!(";\r\n {name}*=utf-8''{only}");
    }
    let section = |(n, s): (usize, &String)| {
        let charset = if n == 0 { "utf-8''" } else { "" };
        format!(";\r\n {name}*{n}*={charset}{s}")
    };
    sections.iter().enumerate().map(section).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> String {
        let mut out = Vec::new();
        Head::new(&mut out).text("Subject", value);
        String::from_utf8(out).expect("ASCII")
    }

    #[test]
    fn plain_text_stays_readable_and_is_folded_at_spaces() {
        assert_eq!(text("Your bins"), "Subject: Your bins\r\n");
        let long = text("One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen");
        assert_eq!(
            long,
            "Subject: One two three four five six seven eight nine ten eleven twelve\r\n thirteen fourteen fifteen\r\n"
        );
    }

    #[test]
    fn what_would_be_read_as_something_else_is_encoded() {
        assert_eq!(text("=?utf-8?B?aGk=?="), "Subject: =?utf-8?B?PT91dGYtOD9CP2FHaz0/PQ==?=\r\n");
        assert_eq!(text("two  spaces"), "Subject: =?utf-8?B?dHdvICBzcGFjZXM=?=\r\n");
        assert!(text(&"x".repeat(2_000)).lines().all(|line| line.len() <= COLUMNS));
    }

    #[test]
    fn encoded_words_are_short_and_hold_whole_characters() {
        let subject = "Casgliadau sbwriel dros y Nadolig: pryd y bydd eich ŵyl a'ch biniau 🎄".repeat(3);
        let header = text(&subject);
        let mut read = String::new();
        for word in header.trim_end().trim_start_matches("Subject:").split_whitespace() {
            assert!(word.len() <= 75, "{word}");
            let inner = word.strip_prefix("=?utf-8?B?").and_then(|w| w.strip_suffix("?=")).expect("an encoded word");
            read += std::str::from_utf8(&BASE64.decode(inner).expect("base64")).expect("whole characters");
        }
        assert_eq!(read, subject);
        assert!(header.lines().all(|line| line.len() <= COLUMNS), "{header}");
    }

    #[test]
    fn names_of_files_are_cut_into_sections() {
        assert_eq!(parameter("filename", "Bins 2026.pdf"), ";\r\n filename=\"Bins 2026.pdf\"");
        assert_eq!(parameter("filename", "Bïns.pdf"), ";\r\n filename*=utf-8''B%C3%AFns.pdf");
        let long = parameter("filename", &"ŵ".repeat(20));
        assert!(long.contains("filename*0*=utf-8''%C5%B5") && long.contains(";\r\n filename*2*=%"), "{long}");
    }
}
