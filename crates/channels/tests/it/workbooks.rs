//! Workbooks: sheets, dates, formulas, merged headings, both formats.

use std::io::Write;

use commonweal_domain::import::{Mapping, Target};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::help::{feedback, file, look, preview, rows, rows_at, target, texts, warned};

/// A workbook of two sheets whose second has the feedback, below a title.
pub(crate) fn feedback_workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let notes = book.add_worksheet();
    notes.set_name("Read me").expect("a name");
    notes.write_string(0, 0, "This workbook was made by the survey team.").expect("a cell");
    let sheet = book.add_worksheet();
    sheet.set_name("Answers").expect("a name");
    let date = Format::new().set_num_format("dd/mm/yyyy hh:mm");
    sheet.write_string(0, 0, "Parking survey 2026").expect("a cell");
    for (column, heading) in ["Date", "Stars", "Comments", "Age group", "Doubled"].into_iter().enumerate() {
        sheet.write_string(2, column as u16, heading).expect("a cell");
    }
    let at = ExcelDateTime::parse_from_str("2026-05-01T10:30:00").expect("a date");
    sheet.write_datetime_with_format(3, 0, &at, &date).expect("a cell");
    sheet.write_number(3, 1, 4.0).expect("a cell");
    sheet.write_string(3, 2, "The machine took\nmy card").expect("a cell");
    sheet.write_string(3, 3, "25-34").expect("a cell");
    sheet.write_formula(3, 4, Formula::new("=B4*2").set_result("8")).expect("a cell");
    sheet.write_datetime_with_format(5, 0, &at, &date).expect("a cell");
    sheet.write_number(5, 1, 1.0).expect("a cell");
    sheet.write_string(5, 2, "[X]").expect("a cell");
    sheet.write_string(5, 3, "35-44").expect("a cell");
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn the_sheet_the_headings_and_the_dates_are_found() {
    let found = preview(feedback_workbook());
    assert_eq!(found.sheets, ["Read me", "Answers"]);
    assert_eq!(found.format, "Excel workbook (XLSX), sheet “Answers”, headings in row 3, 5 columns");
    warned(&found, "“Answers” looks most like a table of feedback");
    warned(&found, "“[X]” (blank; 1 times)");
    assert_eq!(target(&found, "Age group"), &Target::Attribute("age".into()));
    let all = rows(feedback_workbook());
    assert_eq!(all.iter().map(|r| r.row).collect::<Vec<_>>(), [4, 6]);
    let first = all[0].outcome.as_ref().expect("taken");
    assert_eq!(first.at.expect("dated").to_rfc3339(), "2026-05-01T09:30:00+00:00");
    assert_eq!((texts(first), first.ratings[0].value), (vec!["The machine took\nmy card"], 4.0));
    assert!(all[1].outcome.as_ref().expect("it has a rating").comments.is_empty());
}

#[test]
fn a_formula_counts_with_its_value() {
    let mapping =
        Mapping { columns: [("Doubled".into(), Target::Attribute("doubled".into()))].into(), ..Mapping::default() };
    let found = look(feedback_workbook(), &mapping).expect("it can be read");
    assert_eq!(found.rows[0].outcome.as_ref().expect("taken").attributes["doubled"], "8");
}

#[test]
fn a_sheet_can_be_said() {
    let mapping = Mapping { sheet: Some("Nowhere".into()), ..Mapping::default() };
    let error = look(feedback_workbook(), &mapping).expect_err("there is no such sheet").to_string();
    assert_eq!(error, "“feedback.csv” has no sheet “Nowhere”. Its sheets are “Read me” and “Answers”.");
    // What was found reads the same when it is said, and the other sheets can still be chosen.
    let found = preview(feedback_workbook());
    assert_eq!((found.mapping.sheet.as_deref(), found.mapping.header_row), (Some("Answers"), Some(3)));
    let again = look(feedback_workbook(), &found.mapping).expect("there is such a sheet");
    assert_eq!((&again.sheets, &again.rows, &again.mapping), (&found.sheets, &found.rows, &found.mapping));
}

#[test]
fn merged_headings_name_the_columns_below_them() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let format = Format::new();
    sheet.merge_range(0, 0, 1, 0, "Date", &format).expect("a merged cell");
    sheet.merge_range(0, 1, 0, 2, "Parking", &format).expect("a merged cell");
    sheet.merge_range(0, 3, 0, 4, "Libraries", &format).expect("a merged cell");
    for (column, heading) in ["Rating", "Comment", "Rating", "Comment"].into_iter().enumerate() {
        sheet.write_string(1, column as u16 + 1, heading).expect("a cell");
    }
    for row in 2..6_u32 {
        sheet.write_string(row, 0, format!("2026-05-0{row}")).expect("a cell");
        sheet.write_number(row, 1, f64::from(row - 1)).expect("a cell");
        sheet.write_string(row, 2, format!("Parking was not easy {row}")).expect("a cell");
        sheet.write_number(row, 3, 5.0).expect("a cell");
        sheet.write_string(row, 4, format!("The library is good {row}")).expect("a cell");
    }
    let all = feedback(book.save_to_buffer().expect("a workbook"));
    let questions: Vec<_> = all[0].comments.iter().map(|c| c.question.as_deref()).collect();
    assert_eq!(questions, [Some("Parking – Comment"), Some("Libraries – Comment")]);
    assert_eq!(
        all[0].ratings.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(),
        ["parking_rating", "libraries_rating"]
    );
    assert!(all[0].at.is_some());
}

#[test]
fn a_sheet_of_many_rows_is_read_to_its_end() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().expect("a sheet");
    sheet.write_row(0, 0, ["Comment", "Rating"]).expect("headings");
    for row in 1..=3_000_u32 {
        sheet.write_string(row, 0, format!("Comment number {row} is good")).expect("a cell");
        sheet.write_number(row, 1, f64::from(row % 5 + 1)).expect("a cell");
    }
    let all = feedback(book.save_to_buffer().expect("a workbook"));
    assert_eq!((all.len(), texts(&all[2_999])), (3_000, vec!["Comment number 3000 is good"]));
}

/// An OpenDocument spreadsheet with this table in it.
fn ods(table: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut part = |name: &str, content: &str| {
        zip.start_file(name, SimpleFileOptions::default()).expect("a part can be begun");
        zip.write_all(content.as_bytes()).expect("it can be written");
    };
    part("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
    part(
        "content.xml",
        &format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content><office:body><office:spreadsheet>{table}\
             </office:spreadsheet></office:body></office:document-content>"
        ),
    );
    zip.finish().expect("the archive can be ended").into_inner()
}

fn text_cell(text: &str) -> String {
    format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
}

#[test]
fn an_opendocument_spreadsheet_is_read() {
    let table = format!(
        "<table:table table:name=\"Answers\"><table:table-column/>\
         <table:table-row>{}{}{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>\
         <table:table-row><table:table-cell office:value-type=\"date\" office:date-value=\"2026-05-01T10:30:00\"><text:p>1.5.</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"float\" office:value=\"4\"><text:p>4,0</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"string\"><office:annotation><text:p>not this</text:p></office:annotation><text:p>A &amp; B<text:s text:c=\"2\"/>are</text:p><text:p>not &#x63;lean</text:p></table:table-cell>\
         </table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>\
         </table:table>",
        text_cell("Date"),
        text_cell("Rating"),
        text_cell("Comment"),
    );
    let all = rows(ods(&table));
    assert_eq!((all.len(), all[0].row), (1, 4));
    let row = all[0].outcome.as_ref().expect("taken");
    assert_eq!(texts(row), ["A & B  are\nnot clean"]);
    assert_eq!(
        (row.ratings[0].value, row.at.expect("dated").to_rfc3339().as_str()),
        (4.0, "2026-05-01T09:30:00+00:00")
    );
    assert!(preview(ods(&table)).format.starts_with("OpenDocument spreadsheet (ODS), sheet “Answers”"));
}

#[test]
fn a_cell_repeated_a_million_times_does_not_fill_the_memory() {
    let wide = format!(
        "<table:table table:name=\"A\"><table:table-row><table:table-cell table:number-columns-repeated=\"16000\" \
         office:value-type=\"string\"><text:p>{}</text:p></table:table-cell></table:table-row></table:table>",
        "x".repeat(1_000)
    );
    assert!(crate::help::refusal(ods(&wide)).contains("longer than a row may be"));
    let deep = format!(
        "<table:table table:name=\"A\"><table:table-row>{}</table:table-row><table:table-row \
         table:number-rows-repeated=\"2000000\">{}</table:table-row></table:table>",
        text_cell("Comment"),
        text_cell("It was so good")
    );
    let bytes = ods(&deep);
    assert!(bytes.len() < 2_000);
    let table = file(&bytes);
    let found = look(&bytes, &Mapping::default()).expect("its beginning can be read");
    let mut source = commonweal_ports::FileReader::open(
        &commonweal_channels::files::Files,
        table.path(),
        "f.ods",
        &found.mapping,
        crate::help::context(),
    )
    .expect("it can be opened");
    let mut count = 0_u64;
    let error = loop {
        match source.next_rows(5_000) {
            Ok(rows) if rows.is_empty() => panic!("it ended after {count} rows"),
            Ok(rows) => count += rows.len() as u64,
            Err(e) => break e.to_string(),
        }
    };
    assert!(error.contains("more than 1048576 rows"), "{error}");
}

#[test]
fn an_import_that_is_given_up_ends_the_reading() {
    let table = file(&feedback_workbook());
    let found = look(feedback_workbook(), &Mapping::default()).expect("it can be read");
    let source = commonweal_ports::FileReader::open(
        &commonweal_channels::files::Files,
        table.path(),
        "f.xlsx",
        &found.mapping,
        crate::help::context(),
    )
    .expect("it can be opened");
    drop(source);
    assert_eq!(rows_at(table.path(), &found.mapping).expect("it can be read again").len(), 2);
}
