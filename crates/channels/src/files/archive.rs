//! What may be inside a workbook that is a zip archive: found out before anything is unpacked.
//!
//! A few kilobytes can claim to be, or become, many gigabytes. The sizes that the archive declares
//! are checked first, then every part is unpacked once into nothing, counting, because declared
//! sizes may lie. What a reader would have to hold in memory at once is bounded here too.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use commonweal_ports::FileError;
use memchr::{memchr_iter, memmem};
use zip::ZipArchive;
use zip::result::ZipError;

use super::Limits;
use super::record::{io_error, listed, unreadable};

/// Which kind of document an archive holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Archive {
    Xlsx,
    Xlsb,
    Ods,
}

/// Longest run of text without a tag in any part. A cell has at most 32,767 characters.
const LONGEST_TEXT: u64 = 16 * 1024 * 1024;

/// Most memory that the texts a workbook shares between cells may take.
const SHARED_TEXT: u64 = 1024 * 1024 * 1024;

/// Most parts in one archive.
const MAX_PARTS: usize = 20_000;

fn size_words(bytes: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    match bytes {
        b if b >= 1024 * MIB => format!("{:.1} GiB", b as f64 / (1024 * MIB) as f64),
        b if b >= MIB => format!("{} MiB", b / MIB),
        b => format!("{} KiB", b / 1024),
    }
}

fn bomb(file: &str, packed: u64, unpacked: u64, at_least: bool, limit: u64) -> FileError {
    unreadable(format!(
        "“{file}” has {} but unpacks to {}{}, more than the {} that a workbook of this size may have. It may be made to \
         fill up a computer. If it is genuine, save the table as CSV and hand that in.",
        size_words(packed.max(1024)),
        if at_least { "more than " } else { "" },
        size_words(unpacked),
        size_words(limit),
    ))
}

fn damaged(file: &str, error: &ZipError) -> FileError {
    match error {
        ZipError::UnsupportedArchive(text) if text.to_ascii_lowercase().contains("password") => {
            protected_by_password(file)
        }
        _ => unreadable(format!(
            "“{file}” looks like a workbook but is damaged or incomplete ({error}). Open it in a spreadsheet program, \
             save it again, and hand that in."
        )),
    }
}

/// The sentence for a file that only a password opens.
pub(crate) fn protected_by_password(file: &str) -> FileError {
    unreadable(format!("“{file}” is protected with a password. Open it, save it without a password, and hand that in."))
}

/// Says what an archive holds, after making sure that unpacking it does no harm.
pub(crate) fn examine(path: &Path, file: &str, limits: &Limits) -> Result<Archive, FileError> {
    let handle = File::open(path).map_err(|e| io_error(file, e))?;
    let packed = handle.metadata().map_err(|e| io_error(file, e))?.len();
    let mut archive = ZipArchive::new(BufReader::new(handle)).map_err(|e| damaged(file, &e))?;
    let kind = kind_of(&mut archive, file)?;

    // Up to here only the directory has been read, which is as large as it is in the file.
    let limit = limits.unpacked_bytes.min(packed.saturating_mul(limits.unpacked_ratio).max(limits.unpacked_floor));
    if archive.len() > MAX_PARTS {
        return Err(unreadable(format!(
            "“{file}” has {} parts, more than the {MAX_PARTS} that a workbook may have.",
            archive.len()
        )));
    }
    let declared = archive.decompressed_size().unwrap_or(0);
    if declared > u128::from(limit) {
        return Err(bomb(file, packed, u64::try_from(declared).unwrap_or(u64::MAX), false, limit));
    }
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|e| damaged(file, &e))?;
        let name = part.name().map_or_else(|_| String::new(), |n| n.into_owned());
        unpacked += weigh(&mut part, &name, file, packed, limit - unpacked, limit)?;
    }
    Ok(kind)
}

/// Unpacks one part into nothing and gives its true size.
fn weigh(part: &mut impl Read, name: &str, file: &str, packed: u64, room: u64, limit: u64) -> Result<u64, FileError> {
    let xml = name.ends_with(".xml") || name.ends_with(".rels");
    let shared = name.ends_with("sharedStrings.xml") || name.ends_with("sharedStrings.bin");
    let mut buffer = vec![0; 128 * 1024];
    let (mut size, mut tags, mut since_tag) = (0_u64, 0_u64, 0_u64);
    loop {
        let read = match part.read(&mut buffer) {
            Ok(0) => return Ok(size),
            Ok(read) => read,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(damaged(file, &ZipError::Io(e))),
        };
        let piece = &buffer[..read];
        if xml
            && size == 0
            && (memmem::find(piece, b"<!DOCTYPE").is_some() || memmem::find(piece, b"<!ENTITY").is_some())
        {
            return Err(unreadable(format!(
                "“{file}” is not a workbook as spreadsheet programs write them: its part “{name}” declares entities of \
                 its own. Open it in a spreadsheet program, save it again, and hand that in."
            )));
        }
        size += read as u64;
        if size > room {
            return Err(bomb(file, packed, limit, true, limit));
        }
        if xml {
            let mut last = None;
            for at in memchr_iter(b'<', piece) {
                tags += 1;
                last = Some(at);
            }
            since_tag = match last {
                Some(at) => (read - at) as u64,
                None => since_tag + read as u64,
            };
            if since_tag > LONGEST_TEXT {
                return Err(unreadable(format!(
                    "“{file}” has a piece of text of more than {} in its part “{name}”. A cell of a workbook has at most \
                     32,767 characters, so the file is damaged.",
                    size_words(LONGEST_TEXT)
                )));
            }
        }
        // Each shared text costs its bytes and its place in a list.
        if shared && size + 24 * tags > SHARED_TEXT {
            return Err(unreadable(format!(
                "The texts of “{file}” would take more than {} of memory. Save the table as CSV, which can be of any \
                 size, and hand that in.",
                size_words(SHARED_TEXT)
            )));
        }
    }
}

fn kind_of(archive: &mut ZipArchive<BufReader<File>>, file: &str) -> Result<Archive, FileError> {
    let names: Vec<String> =
        archive.file_names_raw().map(|n| String::from_utf8_lossy(n).into_owned()).take(MAX_PARTS).collect();
    let has = |name: &str| names.iter().any(|n| n.eq_ignore_ascii_case(name));
    if has("xl/workbook.xml") {
        return Ok(Archive::Xlsx);
    }
    if has("xl/workbook.bin") {
        return Ok(Archive::Xlsb);
    }
    let mut media_type = String::new();
    if has("mimetype")
        && let Ok(part) = archive.by_name("mimetype")
    {
        // A media type is short; whatever else is there is not read.
        part.take(200).read_to_string(&mut media_type).map_err(|e| damaged(file, &ZipError::Io(e)))?;
    }
    if media_type.contains("opendocument.spreadsheet") {
        if has("META-INF/manifest.xml")
            && let Ok(part) = archive.by_name("META-INF/manifest.xml")
        {
            let mut manifest = Vec::new();
            part.take(1024 * 1024).read_to_end(&mut manifest).map_err(|e| damaged(file, &ZipError::Io(e)))?;
            if memmem::find(&manifest, b"encryption-data").is_some() {
                return Err(protected_by_password(file));
            }
        }
        return Ok(Archive::Ods);
    }
    let document = if has("word/document.xml") || media_type.contains("opendocument.text") {
        Some("a text document")
    } else if names.iter().any(|n| n.starts_with("ppt/")) || media_type.contains("opendocument.presentation") {
        Some("a presentation")
    } else if names.iter().any(|n| n.ends_with(".iwa")) {
        Some("an Apple iWork document")
    } else if media_type.contains("epub") {
        Some("an e-book")
    } else {
        None
    };
    Err(unreadable(match document {
        Some(what) => format!(
            "“{file}” is {what}, not a table. Put the feedback into a spreadsheet, one row each, and hand that in as \
             XLSX, ODS or CSV."
        ),
        None => format!(
            "“{file}” is a zip archive with {} inside. Unpack it and hand in the table itself, as XLSX, ODS or CSV.",
            listed(names.iter().map(String::as_str).filter(|n| !n.ends_with('/')), 3)
        ),
    }))
}
