//! Which row has the headings, and what the headings are.

use super::dates::written;
use super::names;
use super::record::{Record, column_letters, listed};
use super::values::{no_value, trimmed};

/// How many rows from the top may be titles before the headings.
const DEEPEST: usize = 25;

/// The headings of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Header {
    /// Row of the headings counted from 1; 0 when there are none.
    pub(crate) row: u64,
    /// How many of the looked-at rows come before the first row of data.
    pub(crate) before_data: usize,
    pub(crate) headings: Vec<String>,
    /// Sentences that somebody should read.
    pub(crate) notes: Vec<String>,
}

fn number(cell: &str) -> bool {
    cell.trim_end_matches('%').replace(',', "").parse::<f64>().is_ok()
}

/// A value rather than a name.
fn value(cell: &str) -> bool {
    number(cell) || written(cell).is_ok()
}

fn filled(row: &Record) -> Vec<&str> {
    row.iter().map(trimmed).filter(|c| !c.is_empty()).collect()
}

/// How much a row looks like headings of the rows below it, and whether it could well be them.
fn score(rows: &[Record], at: usize) -> (f64, bool) {
    let cells = filled(&rows[at]);
    if cells.is_empty() {
        return (0.0, false);
    }
    let mut below: Vec<usize> = rows[at + 1..].iter().take(30).map(|r| filled(r).len()).collect();
    below.sort_unstable();
    let width = below.get(below.len() / 2).copied().unwrap_or(cells.len()).max(rows[at].width()).max(1);
    let n = cells.len() as f64;
    let names = cells.iter().filter(|c| !value(c) && !no_value(c) && c.chars().count() <= 300).count() as f64 / n;
    let known = cells.iter().filter(|c| names::is_known(c)).count() as f64 / n;
    let mut different = cells.clone();
    different.sort_unstable();
    different.dedup();
    let fill = (n / width as f64).min(1.0);
    let score = fill * names * (0.5 + 0.5 * different.len() as f64 / n) + 0.5 * known - 0.01 * at as f64;
    (score, fill >= 0.8 && names >= 0.7)
}

/// The row that looks most like headings. What comes before them is thin: a title, a date, a note.
fn likeliest(rows: &[Record]) -> usize {
    let (mut best, mut passed) = ((f64::NEG_INFINITY, 0), false);
    for at in 0..rows.len().min(DEEPEST) {
        let (score, could_be) = score(rows, at);
        let score = if passed { score - 0.4 } else { score };
        if score > best.0 {
            best = (score, at);
        }
        passed = passed || could_be;
    }
    best.1
}

/// Finds the headings among the first rows, or takes those of row `said`. In a sheet, which is `loose`,
/// cells right of the headings are columns without a name; in text they are mostly broken rows.
pub(crate) fn find(rows: &[Record], said: Option<usize>, loose: bool) -> Result<Header, String> {
    let at = match said {
        Some(0) => return Ok(without(rows)),
        Some(row) => match rows.iter().position(|r| r.row == row as u64) {
            Some(at) => at,
            None => {
                return Err(format!(
                    "Row {row}, which you said holds the headings, is empty or not among the first rows."
                ));
            }
        },
        None => {
            let best = likeliest(rows);
            // The row of options below the questions may look more like headings than the questions do.
            let below = best > 0 && second_line(&rows[best]) && filled(&rows[best - 1]).len() >= 2;
            let best = if below { best - 1 } else { best };
            if best == 0 && begins_with_data(rows) {
                return Ok(without(rows));
            }
            best
        }
    };
    let mut header = Header { row: rows[at].row, before_data: at + 1, ..Header::default() };
    let width = rows.iter().skip(at).map(Record::width).max().unwrap_or(0);
    let mut names: Vec<String> = (0..width).map(|c| tidy(rows[at].get(c))).collect();
    several_rows(rows, at, &mut names, &mut header);
    group_names(rows, at, &mut names);
    finish(rows, names, loose, &mut header);
    Ok(header)
}

/// White space of any kind and width as one space.
fn tidy(cell: &str) -> String {
    trimmed(cell).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The row of internal ids that Qualtrics writes below the headings.
fn import_ids(row: &Record) -> bool {
    row.iter().map(trimmed).any(|c| c.starts_with("{\"ImportId\""))
}

/// The second line of headings that SurveyMonkey writes.
fn second_line(row: &Record) -> bool {
    let cells = filled(row);
    cells.iter().any(|c| matches!(*c, "Open-Ended Response" | "Response" | "Other (please specify)"))
        && cells.iter().all(|c| !value(c))
}

/// Survey tools write headings in two or three rows.
fn several_rows(rows: &[Record], at: usize, names: &mut [String], header: &mut Header) {
    let below = |n: usize| rows.get(at + n);
    if below(1).is_some_and(import_ids) {
        header.before_data += 1;
    } else if below(2).is_some_and(import_ids) {
        // The second row has the questions as they were asked, which say more than Q1, Q2 …
        for (column, name) in names.iter_mut().enumerate() {
            let question = below(1).map(|r| tidy(r.get(column))).unwrap_or_default();
            if !question.is_empty() {
                *name = question;
            }
        }
        header.before_data += 2;
    } else if let Some(second) = below(1).filter(|r| second_line(r)) {
        let mut above = String::new();
        for (column, name) in names.iter_mut().enumerate() {
            if !name.is_empty() {
                above.clone_from(name);
            }
            let sub = tidy(second.get(column));
            match sub.as_str() {
                "" => {}
                "Response" | "Open-Ended Response" => name.clone_from(&above),
                _ => *name = format!("{above} – {sub}"),
            }
        }
        header.before_data += 1;
    }
}

/// Names above groups of columns, as merged cells hold them, for headings that say too little alone.
fn group_names(rows: &[Record], at: usize, names: &mut [String]) {
    let Some(above) = at.checked_sub(1).map(|a| &rows[a]).filter(|r| r.row + 1 == rows[at].row) else { return };
    let groups = filled(above).len();
    let mut group = String::new();
    let doubled: Vec<bool> =
        names.iter().map(|n| !n.is_empty() && names.iter().filter(|o| *o == n).count() > 1).collect();
    for (column, name) in names.iter_mut().enumerate() {
        let own = tidy(above.get(column));
        if !own.is_empty() {
            group = own.clone();
        }
        if name.is_empty() {
            // A heading merged over both rows stands in the upper one.
            *name = own;
        } else if doubled[column] && groups > 1 && !group.is_empty() {
            *name = format!("{group} – {name}");
        }
    }
}

/// Whether the first row is data already: values where the rows below have values too.
fn begins_with_data(rows: &[Record]) -> bool {
    let Some(first) = rows.first() else { return false };
    let cells = filled(first);
    if cells.is_empty() || cells.iter().any(|c| names::is_known(c)) {
        return false;
    }
    if cells.len() == 1 && rows.iter().all(|r| r.width() <= 1) {
        return rows.len() > 1
            && (value(cells[0]) || (cells[0].split_whitespace().count() > 8 && !cells[0].ends_with('?')));
    }
    let values = (0..first.width())
        .filter(|&c| {
            let below = || rows[1..].iter().map(|r| trimmed(r.get(c))).filter(|v| !v.is_empty());
            value(trimmed(first.get(c)))
                && below().count() > 0
                && below().filter(|v| value(v)).count() * 10 >= below().count() * 8
        })
        .count();
    values * 4 >= cells.len()
}

fn without(rows: &[Record]) -> Header {
    let width = rows.iter().map(Record::width).max().unwrap_or(0);
    Header {
        row: 0,
        before_data: 0,
        headings: (0..width).map(|c| format!("Column {}", column_letters(c))).collect(),
        notes: vec![
            "The file has no headings: its first row looks like data already. The columns are called “Column A”, “Column B” \
             and so on."
                .to_owned(),
        ],
    }
}

/// Names columns without a heading and tells equal headings apart.
fn finish(rows: &[Record], names: Vec<String>, loose: bool, header: &mut Header) {
    let data = rows.get(header.before_data..).unwrap_or_default();
    let mut names = names;
    while names.last().is_some_and(String::is_empty) {
        let column = names.len() - 1;
        let filled = data.iter().filter(|r| !trimmed(r.get(column)).is_empty()).count();
        if if loose { filled > 0 } else { filled * 2 > data.len() } {
            break;
        }
        names.pop();
    }
    let mut doubles: Vec<String> = Vec::new();
    for (column, name) in names.into_iter().enumerate() {
        let name = if name.is_empty() { format!("Column {}", column_letters(column)) } else { name };
        let mut unique = name.clone();
        let mut n = 1;
        while header.headings.contains(&unique) {
            n += 1;
            unique = format!("{name} ({n})");
        }
        if n > 1 && !doubles.contains(&name) {
            doubles.push(name);
        }
        header.headings.push(unique);
    }
    if !doubles.is_empty() {
        header.notes.push(format!(
            "The same heading stands over more than one column: {}. The second is called “{} (2)” here, and so on.",
            listed(doubles.iter().map(String::as_str), 5),
            doubles[0]
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Record> {
        let mut all = Vec::new();
        for (n, cells) in rows.iter().enumerate() {
            let mut record = Record::default();
            record.row = n as u64 + 1;
            cells.iter().for_each(|c| record.cell(c));
            if !record.is_blank() {
                all.push(record);
            }
        }
        all
    }

    fn found(table: &[&[&str]]) -> Header {
        find(&rows(table), None, true).expect("headings are found")
    }

    #[test]
    fn headings_below_a_title_are_found() {
        let header = found(&[
            &["Feedback report"],
            &["Printed on 3 May 2024"],
            &[""],
            &["Date", "Service", "Comment"],
            &["2024-05-01", "Parking", "Too dear"],
            &["2024-05-02", "Parking", "Fine"],
        ]);
        assert_eq!((header.row, header.before_data), (4, 3));
        assert_eq!(header.headings, ["Date", "Service", "Comment"]);
    }

    #[test]
    fn a_file_without_headings_is_known() {
        let header = found(&[&["2024-05-01", "4", "Too dear"], &["2024-05-02", "5", "Fine"]]);
        assert_eq!((header.row, header.headings[0].as_str()), (0, "Column A"));
        let header = found(&[&["I waited for an hour and then nobody came to help"], &["Good"]]);
        assert_eq!(header.row, 0);
        assert_eq!(found(&[&["Comment"], &["Good"]]).row, 1);
    }

    #[test]
    fn equal_and_missing_headings_get_names() {
        let header = found(&[&["Comment", "Comment", "", "", ""], &["a b", "c", "x", "", ""]]);
        assert_eq!(header.headings, ["Comment", "Comment (2)", "Column C"]);
        assert!(header.notes[0].contains("“Comment”"));
    }

    #[test]
    fn names_of_groups_tell_equal_headings_apart() {
        let header = found(&[
            &["Date", "Parking", "", "Libraries", ""],
            &["", "Rating", "Comment", "Rating", "Comment"],
            &["2024-05-01", "4", "ok", "5", "nice place"],
            &["2024-05-02", "3", "meh", "5", "quiet"],
        ]);
        assert_eq!(
            header.headings,
            ["Date", "Parking – Rating", "Parking – Comment", "Libraries – Rating", "Libraries – Comment"]
        );
    }

    #[test]
    fn the_extra_rows_of_survey_tools_are_no_data() {
        let header = found(&[
            &["StartDate", "Q1", "Q2"],
            &["Start Date", "How satisfied are you?", "What could we do better?"],
            &["{\"ImportId\":\"startDate\"}", "{\"ImportId\":\"QID1\"}", "{\"ImportId\":\"QID2\"}"],
            &["2024-05-01 10:00:00", "4", "More staff"],
        ]);
        assert_eq!((header.before_data, header.headings[2].as_str()), (3, "What could we do better?"));
        let header = found(&[
            &["Respondent ID", "Start Date", "What could we do better?", "How do you rate", ""],
            &["", "", "Open-Ended Response", "Staff", "Speed"],
            &["1001", "05/01/2024", "More staff", "4", "5"],
        ]);
        assert_eq!(header.before_data, 2);
        assert_eq!(
            header.headings[2..],
            ["What could we do better?", "How do you rate – Staff", "How do you rate – Speed"]
        );
    }

    #[test]
    fn the_row_that_was_said_is_taken() {
        let table = rows(&[&["a", "b"], &["c", "d"], &["1", "2"]]);
        assert_eq!(find(&table, Some(2), true).expect("it is there").headings, ["c", "d"]);
        assert!(find(&table, Some(99), true).expect_err("it is not there").contains("Row 99"));
    }
}
