//! Whatever is written as delimited text is read again as it was, and nothing makes reading panic.

use commonweal_channels::files::Files;
use commonweal_domain::import::{Mapping, Target};
use commonweal_ports::FileReader;
use encoding_rs::Encoding;
use proptest::prelude::*;

use crate::help::{context, file, rows_at};

/// A table as delimited text.
fn written(rows: &[Vec<String>], delimiter: char, end: &str, always_quoted: bool) -> String {
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| {
                let must = cell.contains([delimiter, '"', '\n', '\r']);
                if must || always_quoted { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
            })
            .collect();
        text.push_str(&cells.join(&delimiter.to_string()));
        text.push_str(end);
    }
    text
}

fn encoded(text: &str, encoding: &str, mark: bool) -> Vec<u8> {
    let marked = if mark { format!("\u{FEFF}{text}") } else { text.to_owned() };
    match encoding {
        "utf-16le" => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "utf-8" => marked.into_bytes(),
        other => Encoding::for_label(other.as_bytes()).expect("a known encoding").encode(text).0.into_owned(),
    }
}

/// Texts that every encoding here can write, with everything in them that has to be quoted.
fn cell() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[a-zA-Z0-9 ,;|\t\"'éèüñ£§.!?\n-]{0,40}").expect("a regular expression")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    #[test]
    fn rows_are_read_as_they_were_written(
        texts in prop::collection::vec((cell(), cell()), 1..12),
        delimiter in prop::sample::select(vec![',', ';', '\t', '|']),
        end in prop::sample::select(vec!["\n", "\r\n"]),
        encoding in prop::sample::select(vec!["utf-8", "windows-1252", "iso-8859-1", "utf-16le", "utf-16be"]),
        mark in any::<bool>(),
        quoted in any::<bool>(),
    ) {
        let mut table = vec![vec!["One".to_owned(), "Two".to_owned(), "Id".to_owned()]];
        for (n, (one, two)) in texts.iter().enumerate() {
            table.push(vec![one.clone(), two.clone(), format!("r{n}")]);
        }
        let marked = mark && encoding.starts_with("utf");
        let table_file = file(&encoded(&written(&table, delimiter, end, quoted), encoding, marked));
        let mapping = Mapping {
            columns: [("One".into(), Target::Comment), ("Two".into(), Target::Comment), ("Id".into(), Target::Id)].into(),
            header_row: Some(1),
            delimiter: Some(delimiter),
            encoding: Some(encoding.to_owned()),
            ..Mapping::default()
        };
        let read = rows_at(table_file.path(), &mapping).expect("it is a table");
        prop_assert_eq!(read.len(), texts.len());
        for (row, (one, two)) in read.iter().zip(&texts) {
            // A row of marks says nothing, and neither does an x in a box.
            let says = |t: &&str| !t.chars().all(|c| "-.? ".contains(c)) && !["x", "xx", "xxx"].contains(&t.to_lowercase().as_str());
            let words: Vec<&str> = [one.trim(), two.trim()].into_iter().filter(says).collect();
            match &row.outcome {
                Ok(new) => {
                    let found: Vec<&str> = new.comments.iter().map(|c| c.text.as_str()).collect();
                    prop_assert_eq!(found, words);
                }
                Err(problem) => prop_assert!(words.is_empty(), "{}", problem.message),
            }
        }
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..3_000)) {
        let table = file(&bytes);
        if let Ok(preview) = Files.preview(table.path(), "x", &Mapping::default(), context()) {
            let _ = rows_at(table.path(), &preview.mapping);
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in "([a-zA-Z0-9,;\"\n\r\t/:. €ʼ\u{345}\u{301}\u{200b}\u{202e}\u{fffd}א-]|Date|Comment|Rating|\\{|\\}|\\[|\\]){0,400}") {
        let table = file(text.as_bytes());
        if let Ok(preview) = Files.preview(table.path(), "x", &Mapping::default(), context()) {
            let _ = rows_at(table.path(), &preview.mapping);
        }
    }

    #[test]
    fn no_damaged_workbook_makes_reading_panic(at in 0..6_000_usize, byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = crate::workbooks::feedback_workbook();
        let at = at % bytes.len();
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        let table = file(&bytes);
        if let Ok(preview) = Files.preview(table.path(), "x", &Mapping::default(), context()) {
            let _ = rows_at(table.path(), &preview.mapping);
        }
    }
}
