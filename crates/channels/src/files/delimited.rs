//! Delimited text to rows, in constant memory whatever the file holds, and which delimiter it has.
//!
//! Reads what RFC 4180 describes and what programs really write: line ends of all three kinds, quotes
//! within unquoted cells, text after a closing quote. The `csv` crate is not used for this because
//! it grows a row without limit and cannot say where a quote was opened.

use commonweal_ports::FileError;
use memchr::{memchr, memchr_iter, memchr3, memmem};

use super::record::{BAD, Record, Records, counted, io_error, unreadable};
use super::text::{InMemory, Pieces};

/// Most cells in one row; more than any spreadsheet program can hold.
const MAX_CELLS: usize = 16_384;

/// Delimiters that occur, in order of preference.
const DELIMITERS: &[u8] = b",;\t|^~\x1F";

#[derive(Clone, Copy, PartialEq)]
enum State {
    Start,
    Unquoted,
    Quoted,
    AfterQuote,
}

/// Splits pieces of text into rows.
pub(crate) struct Delimited<P> {
    pieces: P,
    piece: String,
    position: usize,
    delimiter: u8,
    file: String,
    row_bytes: usize,
    row: u64,
    line: u64,
    skip_line_feed: bool,
    suspect: bool,
}

impl<P: Pieces> Delimited<P> {
    /// Rows of at most `row_bytes` bytes.
    pub(crate) fn new(pieces: P, delimiter: u8, file: &str, row_bytes: usize) -> Self {
        Self {
            pieces,
            piece: String::new(),
            position: 0,
            delimiter,
            file: file.to_owned(),
            row_bytes,
            row: 0,
            line: 1,
            skip_line_feed: false,
            suspect: false,
        }
    }

    fn fill(&mut self) -> Result<bool, FileError> {
        self.position = 0;
        if !self.pieces.next_piece(&mut self.piece).map_err(|e| io_error(&self.file, e))? {
            self.piece.clear();
            return Ok(false);
        }
        // Once something odd has been seen, every row from there on is looked at more closely.
        let bytes = self.piece.as_bytes();
        let mut mark = [0; 4];
        self.suspect = self.suspect
            || memchr(0, bytes).is_some()
            || memmem::find(bytes, BAD.encode_utf8(&mut mark).as_bytes()).is_some();
        Ok(true)
    }

    fn too_long(&self, quote_line: Option<u64>) -> FileError {
        let limit = if self.row_bytes >= 1024 * 1024 {
            format!("{} MiB", self.row_bytes / (1024 * 1024))
        } else {
            format!("{} bytes", counted(self.row_bytes))
        };
        let why = match quote_line {
            Some(line) => format!("Perhaps a quote opened on line {line} is never closed."),
            None => "Perhaps the file is not a table, or its line ends are missing.".to_owned(),
        };
        unreadable(format!(
            "Row {} of “{}” is longer than {limit}, which is the most that a row may have. {why}",
            self.row, self.file
        ))
    }
}

impl<P: Pieces> Records for Delimited<P> {
    fn next(&mut self, record: &mut Record) -> Result<bool, FileError> {
        record.clear();
        self.row += 1;
        record.row = self.row;
        let mut state = State::Start;
        let mut quote_line = None;
        loop {
            if self.position == self.piece.len() && !self.fill()? {
                record.suspect = self.suspect;
                return match state {
                    State::Start if record.untouched() => {
                        self.row -= 1;
                        Ok(false)
                    }
                    State::Quoted => Err(unreadable(format!(
                        "A quote opened on line {} of “{}” (row {}) is never closed, so everything after it would \
                         be one cell. Close it, or write two quotes where the text itself has one.",
                        quote_line.unwrap_or(self.line),
                        self.file,
                        self.row
                    ))),
                    _ => {
                        record.end_cell();
                        Ok(true)
                    }
                };
            }
            let rest = &self.piece[self.position..];
            let bytes = rest.as_bytes();
            if self.skip_line_feed {
                self.skip_line_feed = false;
                if bytes[0] == b'\n' {
                    self.position += 1;
                    continue;
                }
            }
            match state {
                State::Start if bytes[0] == b'"' => {
                    quote_line = Some(self.line);
                    state = State::Quoted;
                    self.position += 1;
                }
                State::Start | State::Unquoted => match memchr3(self.delimiter, b'\n', b'\r', bytes) {
                    None => {
                        record.push(rest);
                        self.position = self.piece.len();
                        state = State::Unquoted;
                    }
                    Some(at) => {
                        record.push(&rest[..at]);
                        record.end_cell();
                        self.position += at + 1;
                        state = State::Start;
                        if bytes[at] != self.delimiter {
                            self.skip_line_feed = bytes[at] == b'\r';
                            self.line += 1;
                            record.suspect = self.suspect;
                            return Ok(true);
                        }
                    }
                },
                State::Quoted => {
                    let at = memchr(b'"', bytes);
                    let part = &rest[..at.unwrap_or(rest.len())];
                    self.line += memchr_iter(b'\n', part.as_bytes()).count() as u64;
                    record.push(part);
                    self.position += part.len() + usize::from(at.is_some());
                    if at.is_some() {
                        state = State::AfterQuote;
                    }
                }
                State::AfterQuote if bytes[0] == b'"' => {
                    record.push("\"");
                    self.position += 1;
                    state = State::Quoted;
                }
                // Whatever follows a closing quote up to the delimiter belongs to the cell.
                State::AfterQuote => state = State::Unquoted,
            }
            if record.bytes() > self.row_bytes || record.len() > MAX_CELLS {
                return Err(self.too_long(quote_line.filter(|_| state == State::Quoted)));
            }
        }
    }

    fn progress(&self) -> (u64, u64) {
        self.pieces.progress()
    }
}

/// The delimiter that a first line such as `sep=;` names.
pub(crate) fn said_in_first_line(head: &str) -> Option<u8> {
    let line = head.lines().next()?.trim_matches(['"', '\u{FEFF}']);
    let rest = line.strip_prefix("sep=").or_else(|| line.strip_prefix("SEP="))?;
    match rest.as_bytes() {
        [one] => Some(*one),
        // `sep=\t` is written out by some programs.
        b"\\t" => Some(b'\t'),
        _ => None,
    }
}

/// What stands for a delimiter in a table of one column, where every comma is part of a text.
pub(crate) const ONE_COLUMN: u8 = 0x1F;

/// The delimiter that splits the head of a file most evenly; [`ONE_COLUMN`] when nothing does.
pub(crate) fn find_delimiter(head: &str) -> u8 {
    let mut best = (0.5, ONE_COLUMN);
    for &delimiter in DELIMITERS {
        let widths = widths(head, delimiter);
        let rows = |width: usize| widths.iter().filter(|&&w| w == width).count();
        // The width of most rows; titles above and broken rows differ.
        let Some(width) = widths.iter().copied().filter(|&w| w > 1).max_by_key(|&w| (rows(w), w)) else { continue };
        // Rows may end early where the headings do not.
        let first = widths.first().copied().unwrap_or(0);
        let short = widths.iter().filter(|&&w| w > 1 && w < first && w != width).count();
        let even = rows(width) as f64 + if first >= width { 0.5 * short as f64 } else { 0.0 };
        let share = even / widths.len() as f64;
        // Evenness counts most; among equally even ones the one that finds more columns.
        let score = share * (1.0 + (width as f64).ln() / 8.0);
        if share >= 0.5 && score > best.0 * 1.02 {
            best = (score, delimiter);
        }
    }
    best.1
}

/// Cells in each of the first rows that are not blank. The last row of the head may be cut, so it is
/// left out when there are others.
fn widths(head: &str, delimiter: u8) -> Vec<usize> {
    let mut rows = Delimited::new(InMemory(Some(head.to_owned())), delimiter, "", usize::MAX);
    let (mut widths, mut record) = (Vec::new(), Record::default());
    while widths.len() < 500 && matches!(rows.next(&mut record), Ok(true)) {
        if !record.is_blank() {
            widths.push(record.len());
        }
    }
    if widths.len() > 2 && widths.len() < 500 && !head.ends_with(['\n', '\r']) {
        widths.pop();
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_of(text: &str, delimiter: u8) -> Result<Vec<Vec<String>>, FileError> {
        let mut rows = Delimited::new(InMemory(Some(text.to_owned())), delimiter, "t.csv", 1000);
        let (mut all, mut record) = (Vec::new(), Record::default());
        while rows.next(&mut record)? {
            all.push(record.cells());
        }
        Ok(all)
    }

    #[test]
    fn all_three_line_ends_end_a_row() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "1,2", "3,4"].join(end);
            let expected = vec![vec!["a", "b"], vec!["1", "2"], vec!["3", "4"]];
            assert_eq!(rows_of(&text, b',').expect("a table"), expected);
            assert_eq!(rows_of(&(text + end), b',').expect("a table"), expected);
        }
    }

    #[test]
    fn quotes_keep_delimiters_line_ends_and_quotes() {
        let rows = rows_of("\"a,b\",\"c\nd\",\"e \"\"f\"\"\"\n", b',').expect("a table");
        assert_eq!(rows, [["a,b", "c\nd", "e \"f\""]]);
    }

    #[test]
    fn sloppy_quotes_lose_nothing() {
        let rows = rows_of("a \"b\" c,\"d\"e,\"\"\n", b',').expect("a table");
        assert_eq!(rows, [["a \"b\" c", "de", ""]]);
    }

    #[test]
    fn blank_rows_are_counted() {
        let mut rows = Delimited::new(InMemory(Some("a\n\n\nb".into())), b',', "t.csv", 1000);
        let mut record = Record::default();
        let mut numbers = Vec::new();
        while rows.next(&mut record).expect("a table") {
            if !record.is_blank() {
                numbers.push(record.row);
            }
        }
        assert_eq!(numbers, [1, 4]);
    }

    #[test]
    fn an_unclosed_quote_is_said_with_its_line() {
        let error = rows_of("a,b\n1,2\n3,\"4\n5,6\n", b',').expect_err("the quote is open");
        assert!(error.to_string().contains("opened on line 3 of “t.csv” (row 3) is never closed"), "{error}");
        let error = rows_of(&format!("a\n\"{}", "x\n".repeat(2000)), b',').expect_err("the row is too long");
        assert!(error.to_string().contains("Row 2 of “t.csv” is longer than 1,000 bytes"), "{error}");
        assert!(error.to_string().contains("opened on line 2"), "{error}");
    }

    #[test]
    fn a_row_of_nothing_but_delimiters_is_refused_before_it_fills_the_memory() {
        let error = rows_of(&",".repeat(100_000), b',').expect_err("too many cells");
        assert!(error.to_string().contains("longer than"), "{error}");
    }

    #[test]
    fn the_delimiter_is_the_one_that_splits_evenly() {
        assert_eq!(find_delimiter("a;b;c\n1,5;2,5;3\n4,5;6,7;x\n"), b';');
        assert_eq!(find_delimiter("a\tb\nhello, you\tx\nhello, you, there\ty\n"), b'\t');
        assert_eq!(find_delimiter("a|b\n1|2\n"), b'|');
        assert_eq!(find_delimiter("Our report\n\ndate,comment\n2024-01-01,\"x; y; z\"\n2024-01-02,b\n"), b',');
        assert_eq!(find_delimiter("comment\nhello\nthank you; really\n"), ONE_COLUMN);
        assert_eq!(find_delimiter("comment\nhello, you\nwell, yes, no\nbye\n"), ONE_COLUMN);
        assert_eq!(find_delimiter("a,b,c\n1\n1,2\n1,2,3\n1,2\n"), b',');
    }

    #[test]
    fn the_first_line_may_name_the_delimiter() {
        assert_eq!(said_in_first_line("sep=;\na;b"), Some(b';'));
        assert_eq!(said_in_first_line("\"sep=|\"\r\na|b"), Some(b'|'));
        assert_eq!(said_in_first_line("sepal length,b"), None);
    }
}
