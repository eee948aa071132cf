//! What kind of file it is, by what is in it: names lie.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use commonweal_ports::FileError;

use super::Limits;
use super::archive::{Archive, examine, protected_by_password};
use super::record::{io_error, unreadable};

/// Kinds of files that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Delimited text.
    Text,
    /// Objects as JSON: an array of them, or one after another.
    Json,
    /// Excel workbook, also with macros, which are not run.
    Xlsx,
    /// Binary Excel workbook.
    Xlsb,
    /// OpenDocument spreadsheet.
    Ods,
    /// Excel workbook of before 2007.
    Xls,
}

impl Kind {
    /// For people.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Text => "Delimited text",
            Self::Json => "JSON",
            Self::Xlsx => "Excel workbook (XLSX)",
            Self::Xlsb => "Excel workbook (XLSB)",
            Self::Ods => "OpenDocument spreadsheet (ODS)",
            Self::Xls => "Excel workbook (XLS, before 2007)",
        }
    }
}

/// Beginnings of files that are no tables, what they are called, and what to do.
const OTHERS: &[(&[u8], &str, &str)] = &[
    (b"%PDF", "a PDF document", "Ask for the table it was made from, as XLSX, ODS or CSV."),
    (b"\x89PNG", "a picture", "Ask for the table it shows, as XLSX, ODS or CSV."),
    (b"\xFF\xD8\xFF", "a picture", "Ask for the table it shows, as XLSX, ODS or CSV."),
    (b"GIF8", "a picture", "Ask for the table it shows, as XLSX, ODS or CSV."),
    (b"BM", "a picture", "Ask for the table it shows, as XLSX, ODS or CSV."),
    (b"II*\0", "a picture", "Ask for the table it shows, as XLSX, ODS or CSV."),
    (b"MM\0*", "a picture", "Ask for the table it shows, as XLSX, ODS or CSV."),
    (b"{\\rtf", "a text document (RTF)", "Put the feedback into a spreadsheet and hand that in."),
    (b"\x1F\x8B", "a compressed file (gzip)", "Unpack it and hand in the table itself."),
    (b"BZh", "a compressed file (bzip2)", "Unpack it and hand in the table itself."),
    (b"\xFD7zXZ", "a compressed file (xz)", "Unpack it and hand in the table itself."),
    (b"\x28\xB5\x2F\xFD", "a compressed file (zstd)", "Unpack it and hand in the table itself."),
    (b"7z\xBC\xAF", "a 7-Zip archive", "Unpack it and hand in the table itself."),
    (b"Rar!", "a RAR archive", "Unpack it and hand in the table itself."),
    (b"PAR1", "a Parquet file", "Export the table as CSV and hand that in."),
    (b"SQLite format 3", "a database", "Export the table as CSV and hand that in."),
    (b"\0\x01\0\0Standard ACE DB", "a database (Access)", "Export the table as CSV and hand that in."),
    (b"\0\x01\0\0Standard Jet DB", "a database (Access)", "Export the table as CSV and hand that in."),
    (b"$FL2", "an SPSS file", "Export the table as CSV and hand that in."),
    (b"$FL3", "an SPSS file", "Export the table as CSV and hand that in."),
    (b"<stata_dta>", "a Stata file", "Export the table as CSV and hand that in."),
    (b"\x7FELF", "a program", "Hand in a table as XLSX, ODS or CSV."),
    (b"MZ", "a program", "Hand in a table as XLSX, ODS or CSV."),
    (b"ID3", "a sound recording", "Hand in a table as XLSX, ODS or CSV."),
    (b"OggS", "a sound recording", "Hand in a table as XLSX, ODS or CSV."),
];

/// Finds the kind of a file and refuses what is no table with a sentence that says what it is.
pub(crate) fn find_kind(path: &Path, file: &str, limits: &Limits) -> Result<Kind, FileError> {
    let mut handle = File::open(path).map_err(|e| io_error(file, e))?;
    let mut head = Vec::new();
    handle.by_ref().take(64 * 1024).read_to_end(&mut head).map_err(|e| io_error(file, e))?;
    if head.is_empty() {
        return Err(unreadable(format!("“{file}” is empty.")));
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return examine(path, file, limits).map(|archive| match archive {
            Archive::Xlsx => Kind::Xlsx,
            Archive::Xlsb => Kind::Xlsb,
            Archive::Ods => Kind::Ods,
        });
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return old_office(handle, file, limits);
    }
    for (start, what, remedy) in OTHERS {
        // Two letters can also begin a heading; programs and pictures go on with other bytes.
        let certain = start.len() > 2 || head.iter().take(64).any(|&b| b == 0);
        if head.starts_with(start) && certain {
            return Err(unreadable(format!("“{file}” is {what}, not a table. {remedy}")));
        }
    }
    if head.get(4..8) == Some(b"ftyp") {
        return Err(unreadable(format!(
            "“{file}” is a video or picture, not a table. Hand in a table as XLSX, ODS or CSV."
        )));
    }
    by_first_words(&head, file)
}

/// Text that is another kind of document.
fn by_first_words(head: &[u8], file: &str) -> Result<Kind, FileError> {
    let without_mark = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let start: String = String::from_utf8_lossy(&without_mark[..without_mark.len().min(4096)]).to_lowercase();
    let start = start.trim_start();
    let is = |beginnings: &[&str]| beginnings.iter().any(|b| start.starts_with(b));
    if start.starts_with("<?xml")
        && (start.contains("excel.sheet") || start.contains("schemas-microsoft-com:office:spreadsheet"))
    {
        return Err(unreadable(format!(
            "“{file}” is an Excel 2003 XML table. Open it in a spreadsheet program, save it as XLSX or CSV, and hand that in."
        )));
    }
    if is(&["<!doctype html", "<html", "<head", "<table", "<body", "<meta", "<style", "<div"])
        || start.contains("<html") && start.starts_with('<')
    {
        return Err(unreadable(format!(
            "“{file}” is a web page (HTML), whatever its name says. Some systems export these as “.xls”: open it in a \
             spreadsheet program, save it as XLSX or CSV, and hand that in."
        )));
    }
    if is(&["<?xml", "<feed", "<rss"]) {
        return Err(unreadable(format!(
            "“{file}” is an XML document. Export the table as CSV, XLSX or ODS and hand that in."
        )));
    }
    if is(&["from ", "return-path:", "received:", "delivered-to:", "mime-version:"]) && start.contains("\nsubject:") {
        return Err(unreadable(format!("“{file}” is an email. Hand in the table itself as XLSX, ODS or CSV.")));
    }
    if is(&["begin:vcard", "begin:vcalendar"]) {
        return Err(unreadable(format!("“{file}” is an address or calendar file, not a table of feedback.")));
    }
    let bytes = start.as_bytes();
    let object = |rest: &str| {
        let rest = rest.trim_start();
        rest.starts_with('"') || rest.starts_with('}')
    };
    match bytes.first() {
        Some(b'{') if object(&start[1..]) => Ok(Kind::Json),
        Some(b'[') if start[1..].trim_start().starts_with('{') || start[1..].trim_start().starts_with(']') => {
            Ok(Kind::Json)
        }
        _ => Ok(Kind::Text),
    }
}

/// Office files of before 2007 are little file systems; so are newer ones with a password.
fn old_office(mut handle: File, file: &str, limits: &Limits) -> Result<Kind, FileError> {
    let broken = |e: std::io::Error| {
        unreadable(format!(
            "“{file}” looks like an old Excel workbook but is damaged or incomplete ({e}). Open it in a spreadsheet \
             program, save it as XLSX, and hand that in."
        ))
    };
    handle.rewind().map_err(|e| io_error(file, e))?;
    let size = handle.metadata().map_err(|e| io_error(file, e))?.len();
    let mut compound = cfb::CompoundFile::open(handle).map_err(broken)?;
    if compound.exists("/EncryptedPackage") {
        return Err(protected_by_password(file));
    }
    let Some(stream) = ["/Workbook", "/Book"].into_iter().find(|s| compound.is_stream(s)) else {
        let what = if compound.exists("/WordDocument") {
            "a text document (Word)"
        } else if compound.exists("/PowerPoint Document") {
            "a presentation"
        } else if compound.exists("/__properties_version1.0") {
            "an email (Outlook)"
        } else {
            "an Office document"
        };
        return Err(unreadable(format!(
            "“{file}” is {what}, not a table. Put the feedback into a spreadsheet and hand that in as XLSX, ODS or CSV."
        )));
    };
    if size > limits.xls_bytes {
        return Err(too_large(file));
    }
    let workbook = compound.open_stream(stream).map_err(broken)?;
    let (cells, protected) = extents(workbook).map_err(broken)?;
    if protected {
        return Err(protected_by_password(file));
    }
    if cells > limits.xls_cells {
        return Err(too_large(file));
    }
    Ok(Kind::Xls)
}

fn too_large(file: &str) -> FileError {
    unreadable(format!(
        "“{file}” is an Excel workbook of before 2007 whose sheets are too large to be read in that form. Save it as XLSX \
         or CSV and hand that in."
    ))
}

/// Cells that the sheets of an old workbook span, and whether it is encrypted. Its reader holds every
/// sheet as a full rectangle, so two cells in opposite corners cost as much as a full sheet.
/// Records are `[MS-XLS]` 2.3: type, length, data; cell records begin with row and column.
fn extents(mut stream: impl Read) -> std::io::Result<(u64, bool)> {
    const BEGIN: u16 = 0x0809;
    const FILE_PASS: u16 = 0x002F;
    const CELLS: &[u16] = &[0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD, 0x00BE, 0x00D6, 0x00FD];
    let (mut total, mut rows, mut columns) = (0_u64, 0_u64, 0_u64);
    let mut header = [0; 4];
    let mut data = Vec::new();
    loop {
        match stream.read_exact(&mut header) {
            Ok(()) => {}
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => break,
            Err(e) => return Err(e),
        }
        let [kind, length] = [0, 2].map(|i| u16::from_le_bytes([header[i], header[i + 1]]));
        data.clear();
        stream.by_ref().take(u64::from(length)).read_to_end(&mut data)?;
        let number = |at: usize| data.get(at..at + 2).map_or(0, |b| u64::from(u16::from_le_bytes([b[0], b[1]])));
        match kind {
            FILE_PASS => return Ok((total, true)),
            BEGIN => {
                total += rows * columns;
                (rows, columns) = (0, 0);
            }
            _ if CELLS.contains(&kind) => {
                rows = rows.max(number(0) + 1);
                columns = columns.max(number(2) + 1);
                // A record for several cells of a row ends with the last column.
                if matches!(kind, 0x00BD | 0x00BE) && data.len() >= 2 {
                    columns = columns.max(number(data.len() - 2) + 1);
                }
            }
            _ => {}
        }
    }
    Ok((total + rows * columns, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_cells_in_opposite_corners_span_a_whole_sheet() {
        let mut stream = Vec::new();
        let mut record = |kind: u16, data: &[u8]| {
            stream.extend(kind.to_le_bytes());
            stream.extend((data.len() as u16).to_le_bytes());
            stream.extend(data);
        };
        record(0x0809, &[0; 8]);
        record(0x0203, &[0, 0, 0, 0, 0, 0]);
        record(0x0203, &[0xFF, 0xFF, 0xFF, 0, 0, 0]);
        record(0x0809, &[0; 8]);
        record(0x00BD, &[9, 0, 0, 0, 0, 0, 4, 0]);
        assert_eq!(extents(stream.as_slice()).expect("well formed"), (65_536 * 256 + 10 * 5, false));
    }
}
