//! Rows that are no answers of anybody: totals and averages below a table, notes about it, and what the author of a
//! survey entered to try it out. They are sent back with the reason, and say nothing about the columns.

use super::names::heading_words;
use super::record::Record;
use super::values::{plain_words, trimmed};

/// What totals are called.
const TOTALS: &[&str] = &[
    "total",
    "totals",
    "grand total",
    "overall total",
    "sub total",
    "subtotal",
    "sum",
    "average",
    "averages",
    "mean",
    "median",
    "count",
    "average score",
    "overall average",
    "total responses",
    "minimum",
    "maximum",
    "cyfanswm",
    "cyfartaledd",
    "cymedr",
    "total general",
    "promedio",
    "media",
    "suma",
    "totales",
];

/// How notes below a table begin.
const NOTES: &[&str] = &[
    "source",
    "note",
    "notes",
    "prepared by",
    "printed",
    "generated",
    "exported",
    "report generated",
    "end of report",
    "figures",
    "ffynhonnell",
    "nodyn",
    "nodiadau",
    "fuente",
    "nota",
    "notas",
    "confidential",
    "copyright",
];

/// Columns in which survey tools say what kind of entry a row is.
const KINDS: &[&str] = &[
    "status",
    "response type",
    "distribution channel",
    "response status",
    "entry type",
    "record type",
    "mode",
    "test",
];
/// What they say of an entry that nobody answered.
const PREVIEWS: &[&str] = &[
    "survey preview",
    "preview",
    "survey test",
    "test",
    "test response",
    "test entry",
    "generated response",
    "preview response",
    "spam",
    "rhagolwg",
    "prawf",
    "vista previa",
    "prueba",
];

/// What is known of a file's headings to tell such rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct NoAnswers {
    columns: usize,
    kinds: Vec<usize>,
}

impl NoAnswers {
    pub(crate) fn new(headings: &[String]) -> Self {
        let kinds = (0..headings.len()).filter(|&c| KINDS.contains(&heading_words(&headings[c]).as_str())).collect();
        Self { columns: headings.len(), kinds }
    }

    /// Why a row is no answer, if it is none.
    pub(crate) fn why(&self, record: &Record) -> Option<&'static str> {
        if self.is_preview(record) {
            return Some(
                "The row was entered by the author of the survey to try it out, or marked as spam; it is no answer.",
            );
        }
        self.below_the_table(record)
    }

    fn is_preview(&self, record: &Record) -> bool {
        self.kinds.iter().any(|&c| {
            let cell = trimmed(record.get(c));
            (4..=20).contains(&cell.len()) && PREVIEWS.iter().any(|p| p.eq_ignore_ascii_case(cell))
        })
    }

    fn below_the_table(&self, record: &Record) -> Option<&'static str> {
        if self.columns < 3 {
            return None;
        }
        let mut filled = record.iter().map(trimmed).filter(|c| !c.is_empty());
        let first = filled.next()?;
        // Most rows begin with a date, a number or a long text and end here.
        if !first.starts_with(|c: char| c.is_alphabetic() || matches!(c, '*' | '†')) || first.len() > 300 {
            return None;
        }
        if first.len() <= 24 && TOTALS.contains(&plain_words(first).as_str()) {
            let figures = |cell: &str| cell.trim_end_matches('%').trim().replace(',', ".").parse::<f64>().is_ok();
            if filled.all(|c| figures(c) || TOTALS.contains(&plain_words(c).as_str())) {
                return Some("The row is a total or an average of the rows above, not an answer.");
            }
            return None;
        }
        if record.width() > 2 || filled.next().is_some() {
            return None;
        }
        let words = plain_words(first.get(..40).unwrap_or(first));
        let begins = NOTES.iter().any(|n| words.strip_prefix(n).is_some_and(|r| r.is_empty() || r.starts_with(' ')));
        (begins || first.starts_with(['*', '†'])).then_some("The row is a note about the table, not an answer.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(headings: &[&str], cells: &[&str]) -> Option<&'static str> {
        let headings: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
        let mut record = Record::default();
        cells.iter().for_each(|c| record.cell(c));
        NoAnswers::new(&headings).why(&record)
    }

    #[test]
    fn totals_and_notes_below_a_table_are_no_answers() {
        let table = ["Site", "Score", "Comment"];
        assert!(why(&table, &["Average", "3.4", ""]).is_some_and(|w| w.contains("average")));
        assert!(why(&table, &["Cyfanswm", "17"]).is_some());
        assert!(why(&table, &["Promedio", "3,4", "12"]).is_some());
        assert!(why(&table, &["Source: cards in the hall, May"]).is_some_and(|w| w.contains("note")));
        assert!(why(&table, &["* provisional"]).is_some());
        assert_eq!(why(&table, &["Average", "3", "It was so so"]), None);
        assert_eq!(why(&table, &["Total rubbish", "1", ""]), None);
        assert_eq!(why(&table, &["Note to the team: thank you", "5", "x y"]), None);
        assert_eq!(why(&["Comment"], &["Average"]), None);
    }

    #[test]
    fn what_an_author_tried_out_is_no_answer() {
        let table = ["Response Type", "Score", "Why?"];
        assert!(why(&table, &["Survey Preview", "5", "testing"]).is_some_and(|w| w.contains("author")));
        assert_eq!(why(&table, &["completed", "5", "preview"]), None);
        assert_eq!(why(&["Feature", "Score", "Why?"], &["Preview", "5", "nice"]), None);
    }
}
