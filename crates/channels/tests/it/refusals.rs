//! Files that cannot be read: each gets a sentence that says what it is and what to do, in bounded
//! memory.

use std::io::Write;

use commonweal_channels::files::{LimitedFiles, Limits};
use commonweal_domain::import::Mapping;
use commonweal_ports::FileReader;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::help::{context, file, look, refusal};

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part can be begun");
        zip.write_all(content).expect("it can be written");
    }
    zip.finish().expect("the archive can be ended").into_inner()
}

fn refused_with(limits: Limits, bytes: &[u8]) -> String {
    let file = file(bytes);
    let reader = LimitedFiles { limits };
    reader.preview(file.path(), "book.xlsx", &Mapping::default(), context()).expect_err("it is refused").to_string()
}

#[test]
fn other_kinds_of_files_are_called_by_their_names() {
    for (bytes, what) in [
        (&b"%PDF-1.7\n%\xE2\xE3\xCF\xD3"[..], "a PDF document"),
        (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "a picture"),
        (b"\xFF\xD8\xFF\xE0\0\x10JFIF", "a picture"),
        (b"\x1F\x8B\x08\0\0\0\0\0", "a compressed file (gzip)"),
        (b"{\\rtf1\\ansi Hello}", "a text document (RTF)"),
        (b"SQLite format 3\0", "a database"),
        (b"MZ\x90\0\x03\0\0\0", "a program"),
        (b"<!DOCTYPE html><html><table><tr><td>Comment</td></tr></table></html>", "a web page (HTML)"),
        (b"<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>", "a web page (HTML)"),
        (b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook>", "an Excel 2003 XML table"),
        (b"From: a@b.example\r\nTo: c@d.example\r\nSubject: hello\r\n\r\nhello", "Delimited"),
    ] {
        if what == "Delimited" {
            continue;
        }
        let sentence = refusal(bytes);
        assert!(sentence.starts_with(&format!("“feedback.csv” is {what}")), "{sentence}");
        assert!(sentence.contains("and in") || sentence.contains("hand") || sentence.contains("Ask for"), "{sentence}");
    }
    assert_eq!(refusal(b""), "“feedback.csv” is empty.");
    assert_eq!(refusal(b" \n \r\n"), "“feedback.csv” has nothing but white space.");
    assert!(refusal((0..=255).cycle().take(5_000).collect::<Vec<u8>>()).contains("neither text nor a workbook"));
}

#[test]
fn archives_that_are_no_workbooks_say_what_is_in_them() {
    let sentence = refusal(archive(&[("may.csv", b"a,b"), ("june.csv", b"a,b")]));
    assert_eq!(
        sentence,
        "“feedback.csv” is a zip archive with “may.csv” and “june.csv” inside. Unpack it and hand in the table itself, as XLSX, \
         ODS or CSV."
    );
    assert!(refusal(archive(&[("word/document.xml", b"<x/>")])).contains("is a text document, not a table"));
    let mut broken = archive(&[("xl/workbook.xml", b"<workbook/>")]);
    broken.truncate(broken.len() / 2);
    assert!(refusal(broken).contains("damaged or incomplete"));
    let hollow = refusal(archive(&[("xl/workbook.xml", b"<workbook/>")]));
    assert!(hollow.contains("cannot be read") || hollow.contains("are all empty"), "{hollow}");
}

#[test]
fn a_bomb_is_refused_by_the_size_it_declares() {
    let blank = vec![b' '; 3 << 20];
    let bytes = archive(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &blank)]);
    assert!(bytes.len() < 10_000);
    let limits = Limits { unpacked_floor: 1 << 20, ..Limits::default() };
    let sentence = refused_with(limits, &bytes);
    assert!(sentence.contains("unpacks to 3 MiB, more than the 1 MiB"), "{sentence}");
    assert!(sentence.contains("save the table as CSV"), "{sentence}");
    // The same file is no bomb where this is allowed: then it is the contents that make no sense.
    assert!(!refused_with(Limits::default(), &bytes).contains("unpacks to"));
}

#[test]
fn a_bomb_that_declares_less_than_it_unpacks_to_is_refused_too() {
    let blank = vec![b' '; 3 << 20];
    let mut bytes = archive(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &blank)]);
    let size = u32::to_le_bytes(3 << 20);
    let places: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, w)| *w == size).map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "the size is declared");
    for at in places {
        bytes[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
    }
    let sentence = refused_with(Limits { unpacked_floor: 1 << 20, ..Limits::default() }, &bytes);
    assert!(sentence.contains("unpacks to more than 1 MiB") || sentence.contains("damaged"), "{sentence}");
}

#[test]
fn entities_declared_in_a_workbook_are_refused() {
    let laughs = b"<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><sst>&b;</sst>";
    let sentence = refusal(archive(&[("xl/workbook.xml", b"<workbook/>"), ("xl/sharedStrings.xml", laughs)]));
    assert!(sentence.contains("its part “xl/sharedStrings.xml” declares entities of its own"), "{sentence}");
}

#[test]
fn a_text_without_end_in_a_workbook_is_refused() {
    let mut endless = b"<worksheet><sheetData><row><c><is><t>".to_vec();
    endless.resize(17 << 20, b'x');
    let sentence = refusal(archive(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &endless)]));
    assert!(sentence.contains("A cell of a workbook has at most 32,767 characters"), "{sentence}");
}

#[test]
fn a_quote_that_is_never_closed_is_refused_with_its_place() {
    let short = format!("Comment,Rating\nfine,4\n\"bad,3\n{}", "good,5\n".repeat(100));
    assert_eq!(
        refusal(&short),
        "A quote opened on line 3 of “feedback.csv” (row 3) is never closed, so everything after it would be one cell. Close \
         it, or write two quotes where the text itself has one."
    );
    let long = format!("Comment,Rating\nfine,4\n\"bad,3\n{}", "good,5\n".repeat(200_000));
    assert_eq!(
        refusal(&long),
        "Row 3 of “feedback.csv” is longer than 1 MiB, which is the most that a row may have. Perhaps a quote opened on line 3 \
         is never closed."
    );
}

#[test]
fn a_line_without_end_is_refused() {
    let sentence = refusal("Comment,Rating\n".to_owned() + &"x".repeat(3 << 20));
    assert!(sentence.starts_with("Row 2 of “feedback.csv” is longer than 1 MiB"), "{sentence}");
    assert!(sentence.contains("Perhaps the file is not a table"), "{sentence}");
}

#[test]
fn a_column_or_sheet_that_is_missing_is_said_with_those_there_are() {
    let text = "Date,Words\n2026-05-01,It was fine\n";
    let mut mapping = Mapping::default();
    mapping.columns.insert("Comment".into(), commonweal_domain::import::Target::Comment);
    let sentence = look(text, &mapping).expect_err("there is no such column").to_string();
    assert_eq!(
        sentence,
        "“feedback.csv” has no column “Comment”, which you said is the comment. Its headings are “Date” and “Words”."
    );
    let wrong = |mapping: Mapping| look(text, &mapping).expect_err("it makes no sense").to_string();
    assert!(
        wrong(Mapping { encoding: Some("klingon".into()), ..Mapping::default() })
            .contains("No encoding is called “klingon”")
    );
    assert!(wrong(Mapping { delimiter: Some('"'), ..Mapping::default() }).contains("cannot be a delimiter"));
    assert!(wrong(Mapping { header_row: Some(40), ..Mapping::default() }).contains("Row 40"));
    let defaults = [("channel".to_owned(), "pigeon".to_owned())].into();
    assert!(wrong(Mapping { defaults, ..Mapping::default() }).contains("There is no channel “pigeon”. There are web,"));
}

#[test]
fn a_file_that_is_not_there_says_so() {
    let error = commonweal_channels::files::Files
        .preview(std::path::Path::new("/nonexistent/f.csv"), "f.csv", &Mapping::default(), context())
        .expect_err("it is not there");
    assert!(error.to_string().starts_with("f.csv: "), "{error}");
}
