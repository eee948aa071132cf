//! OpenDocument spreadsheets, row by row.
//!
//! A few bytes of this format can say "this cell a million times, this row a million times", and
//! calamine holds whole sheets in memory; this reader repeats nothing in memory.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use super::record::Record;

/// Columns that a spreadsheet program can hold.
const MAX_COLUMNS: usize = 16_384;

/// Rows that a spreadsheet program can hold.
const MAX_ROWS: u64 = 1_048_576;

/// What to do with a row.
pub(crate) enum Next {
    /// Give me more of this sheet.
    Row,
    /// On to the next sheet.
    Sheet,
    /// Nothing more.
    Stop,
}

/// Reads the sheets of a spreadsheet in order. `sheet` hears each sheet's name and says whether its
/// rows are wanted; `row` gets the rows that are not blank.
pub(crate) fn read(
    path: &Path,
    row_bytes: usize,
    mut sheet: impl FnMut(&str) -> Next,
    mut row: impl FnMut(&mut Record) -> Next,
) -> Result<(), String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| e.to_string())?;
    let content = archive.by_name("content.xml").map_err(|e| e.to_string())?;
    let mut xml = Xml { reader: Reader::from_reader(BufReader::with_capacity(64 * 1024, content)), buffer: Vec::new() };
    xml.reader.config_mut().expand_empty_elements = true;
    loop {
        match xml.event()? {
            Event::Start(start) if start.name().as_ref() == "table:table" => {
                let name = attribute(&start, "table:name").unwrap_or_default();
                match sheet(&name) {
                    Next::Row => {}
                    Next::Sheet => {
                        skip(&mut xml, "table:table")?;
                        continue;
                    }
                    Next::Stop => return Ok(()),
                }
                match rows(&mut xml, row_bytes, &mut row)? {
                    Next::Stop => return Ok(()),
                    Next::Sheet | Next::Row => {}
                }
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
}

impl<R: BufRead> Xml<R> {
    fn event(&mut self) -> Result<Event<'_>, String> {
        self.buffer.clear();
        self.reader.read_event_into(&mut self.buffer).map_err(|e| e.to_string())
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.attributes().flatten().find(|a| a.key.as_ref() == name)?;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(|v| v.into_owned())
}

fn repeats(start: &BytesStart<'_>, name: &str) -> u64 {
    attribute(start, name).and_then(|v| v.parse().ok()).unwrap_or(1).max(1)
}

/// Reads on to the end of the element, whose start has been read.
fn skip<R: BufRead>(xml: &mut Xml<R>, name: &str) -> Result<(), String> {
    let mut depth = 1;
    loop {
        match xml.event()? {
            Event::Start(e) if e.name().as_ref() == name => depth += 1,
            Event::End(e) if e.name().as_ref() == name => {
                depth -= 1;
                if depth == 0 {
                    return Ok(());
                }
            }
            Event::Eof => return Err(format!("the element {name} is not closed")),
            _ => {}
        }
    }
}

fn rows<R: BufRead>(
    xml: &mut Xml<R>,
    row_bytes: usize,
    each: &mut impl FnMut(&mut Record) -> Next,
) -> Result<Next, String> {
    let mut record = Record::default();
    let mut at = 0_u64;
    loop {
        match xml.event()? {
            Event::Start(e) if e.name().as_ref() == "table:table-row" => {
                let times = repeats(&e, "table:number-rows-repeated");
                cells(xml, row_bytes, &mut record)?;
                if record.is_blank() {
                    at = at.saturating_add(times);
                    continue;
                }
                for _ in 0..times.min(MAX_ROWS) {
                    at += 1;
                    if at > MAX_ROWS {
                        return Err(format!("the sheet has more than {MAX_ROWS} rows"));
                    }
                    record.row = at;
                    match each(&mut record) {
                        Next::Row => {}
                        Next::Sheet => {
                            skip(xml, "table:table")?;
                            return Ok(Next::Sheet);
                        }
                        Next::Stop => return Ok(Next::Stop),
                    }
                }
            }
            // A table within a cell, or a picture anchored to the sheet.
            Event::Start(e) if e.name().as_ref() == "table:shapes" => skip(xml, "table:shapes")?,
            Event::End(e) if e.name().as_ref() == "table:table" => return Ok(Next::Row),
            Event::Eof => return Err("the sheet is not closed".to_owned()),
            _ => {}
        }
    }
}

fn cells<R: BufRead>(xml: &mut Xml<R>, row_bytes: usize, record: &mut Record) -> Result<(), String> {
    record.clear();
    // Empty cells are only written once something follows them: rows are padded to the last column.
    let mut pending = 0_u64;
    let mut text = String::new();
    loop {
        match xml.event()? {
            Event::Start(e) if matches!(e.name().as_ref(), "table:table-cell" | "table:covered-table-cell") => {
                let times = repeats(&e, "table:number-columns-repeated");
                let name = e.name().as_ref().to_owned();
                let value = value_of(&e);
                text.clear();
                content(xml, &name, row_bytes, &mut text)?;
                let shown = value.as_deref().unwrap_or(&text);
                if shown.trim().is_empty() {
                    pending = pending.saturating_add(times);
                    continue;
                }
                let room = (MAX_COLUMNS - record.len()) as u64;
                if pending.saturating_add(times) > room {
                    return Err(format!("a row has more than {MAX_COLUMNS} cells"));
                }
                for _ in 0..pending {
                    record.cell("");
                }
                pending = 0;
                for _ in 0..times {
                    record.cell(shown);
                    if record.bytes() > row_bytes {
                        return Err("a row is longer than a row may be".to_owned());
                    }
                }
            }
            Event::End(e) if e.name().as_ref() == "table:table-row" => return Ok(()),
            Event::Eof => return Err("a row is not closed".to_owned()),
            _ => {}
        }
    }
}

/// The value of a cell that is not text: as it is, not as it is shown.
fn value_of(cell: &BytesStart<'_>) -> Option<String> {
    match attribute(cell, "office:value-type")?.as_str() {
        "float" | "percentage" | "currency" => attribute(cell, "office:value"),
        "date" => attribute(cell, "office:date-value"),
        "boolean" => attribute(cell, "office:boolean-value").map(|v| v.to_uppercase()),
        "string" => attribute(cell, "office:string-value").filter(|v| !v.is_empty()),
        // Times are durations such as PT09H30M00S; what is shown is clearer.
        _ => None,
    }
}

fn content<R: BufRead>(xml: &mut Xml<R>, cell: &str, row_bytes: usize, text: &mut String) -> Result<(), String> {
    let mut paragraphs = 0;
    loop {
        if text.len() > row_bytes {
            return Err("a cell is longer than a row may be".to_owned());
        }
        match xml.event()? {
            Event::Text(t) => text.push_str(&t.xml10_content()),
            Event::CData(t) => text.push_str(&t.xml10_content()),
            Event::GeneralRef(e) => text.push_str(&entity(&e)),
            Event::Start(e) => match e.name().as_ref() {
                "text:p" | "text:h" => {
                    if paragraphs > 0 {
                        text.push('\n');
                    }
                    paragraphs += 1;
                }
                "text:s" => {
                    let times = repeats(&e, "text:c").min(row_bytes as u64) as usize;
                    text.push_str(&" ".repeat(times));
                }
                "text:tab" => text.push('\t'),
                "text:line-break" => text.push('\n'),
                "office:annotation" => skip(xml, "office:annotation")?,
                _ => {}
            },
            Event::End(e) if e.name().as_ref() == cell => return Ok(()),
            Event::Eof => return Err("a cell is not closed".to_owned()),
            _ => {}
        }
    }
}

/// The character that an entity stands for. Only the five of XML itself exist: others would have to
/// be declared, which is refused before.
fn entity(reference: &BytesRef<'_>) -> String {
    match reference.as_ref() {
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "amp" => "&".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        other => match reference.resolve_char_ref() {
            Ok(Some(c)) => c.to_string(),
            _ => format!("&{other};"),
        },
    }
}
