//! One row of cells as text, and where rows come from, whatever the format.

use commonweal_ports::FileError;

/// Stands in decoded text for bytes that the encoding does not allow. A noncharacter, so that it
/// cannot be confused with a replacement character that was in the file already.
pub(crate) const BAD: char = '\u{FDD0}';

/// The cells of one row in one allocation that is used again for the next row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    text: String,
    ends: Vec<usize>,
    /// Row in the file, counted from 1, blank rows too.
    pub(crate) row: u64,
    /// Whether a cell may hold a character that text cannot have; only then is it looked for.
    pub(crate) suspect: bool,
}

impl Record {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.suspect = false;
    }

    /// Adds to the cell being written.
    pub(crate) fn push(&mut self, part: &str) {
        self.text.push_str(part);
    }

    /// Ends the cell being written.
    pub(crate) fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }

    /// Adds a whole cell.
    pub(crate) fn cell(&mut self, text: &str) {
        self.push(text);
        self.end_cell();
    }

    /// Number of cells.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes of text in all cells.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Whether nothing has been written, not even an empty cell.
    pub(crate) fn untouched(&self) -> bool {
        self.text.is_empty() && self.ends.is_empty()
    }

    /// The cell, empty where the row is shorter.
    pub(crate) fn get(&self, column: usize) -> &str {
        let Some(&end) = self.ends.get(column) else { return "" };
        let start = if column == 0 { 0 } else { self.ends[column - 1] };
        &self.text[start..end]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// Whether no cell has anything but white space.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    pub(crate) fn cells(&self) -> Vec<String> {
        self.iter().map(str::to_owned).collect()
    }

    /// Number of cells without the empty ones at the end.
    pub(crate) fn width(&self) -> usize {
        (0..self.len()).rev().find(|&i| !self.get(i).trim().is_empty()).map_or(0, |i| i + 1)
    }
}

/// The rows of a table, one after another. Blank rows may be left out but are counted.
pub(crate) trait Records: Send {
    /// Reads the next row into `record`; `false` at the end.
    fn next(&mut self, record: &mut Record) -> Result<bool, FileError>;

    /// Bytes read so far and in all.
    fn progress(&self) -> (u64, u64);
}

/// An error about the file as a whole. The sentence must name the file.
pub(crate) fn unreadable(sentence: impl Into<String>) -> FileError {
    FileError::Unreadable(sentence.into())
}

/// An error of the operating system.
pub(crate) fn io_error(file: &str, source: std::io::Error) -> FileError {
    FileError::Io { file: file.to_owned(), source }
}

/// The name of a column as spreadsheet programs show it: A, B … Z, AA …
pub(crate) fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// At most `most` characters, with an ellipsis where something was left out.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let text = text.trim();
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

/// A number with thousands separated, as people read it.
pub(crate) fn counted(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Quoted names in a row: “a”, “b” and “c”; after `most` of them, how many more.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>, most: usize) -> String {
    let names: Vec<String> = names.into_iter().map(|n| format!("“{}”", shortened(n, 60))).collect();
    match names.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        many if many.len() > most => {
            format!("{} and {} more", many[..most].join(", "), counted(many.len() - most))
        }
        many => {
            let (last, first) = many.split_last().expect("there are at least two");
            format!("{} and {last}", first.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_in_a_spreadsheet() {
        let letters: Vec<String> = [0, 25, 26, 51, 52, 701, 702].into_iter().map(column_letters).collect();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_cell_beyond_the_end_of_a_short_row_is_empty() {
        let mut record = Record::default();
        record.cell("a");
        record.cell("");
        record.cell("c");
        record.cell(" ");
        assert_eq!((record.get(0), record.get(2), record.get(9)), ("a", "c", ""));
        assert_eq!(record.width(), 3);
    }

    #[test]
    fn long_lists_say_how_much_is_left_out() {
        assert_eq!(listed(["a"], 3), "“a”");
        assert_eq!(listed(["a", "b", "c"], 3), "“a”, “b” and “c”");
        assert_eq!(listed(["a", "b", "c", "d"], 2), "“a”, “b” and 2 more");
        assert_eq!(counted(1234567), "1,234,567");
    }
}
