//! The folder: making, opening and locking it, and telling whether it can be used.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::{Index, IndexSettings};

use crate::error::OpenError;
use crate::options::Options;
use crate::read::{Reader, Shared};
use crate::schema::{self, FORMAT};
use crate::write::Writer;

/// Says which format the folder has. Written last when a folder is made, so that a folder that was
/// made only half is seen as such.
const FORMAT_FILE: &str = "commonweal-index.json";
/// Locked by whoever writes.
const LOCK_FILE: &str = "commonweal-index.lock";

#[derive(Debug, Serialize, Deserialize)]
struct FormatFile {
    format: u32,
}

/// What opening a folder for reading and writing came to.
pub enum Opened {
    /// There was no index; there is an empty one now.
    Fresh(Reader, Writer),
    /// The index that was there.
    Existing(Reader, Writer),
    /// There is one that can't be used: [`create`] makes a new one in its place, to be filled from
    /// the store.
    Unusable(Unusable),
}

/// Why an index has to be built anew.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It was made by another version.
    #[error("the index has format {found}, this version uses format {expected}; it has to be built anew")]
    OtherFormat {
        /// Format of the folder.
        found: u32,
        /// Format of this version.
        expected: u32,
    },
    /// Files are missing or damaged.
    #[error("the index is damaged and has to be built anew: {0}")]
    Damaged(String),
}

/// Opens an index folder for reading and writing, and makes it when there is none.
///
/// # Errors
/// [`OpenError::Locked`] when another process writes it; others when the folder can't be used.
pub fn open(path: &Path, options: Options) -> Result<Opened, OpenError> {
    let lock = lock(path)?;
    match found(path)? {
        Found::Nothing => {
            let (reader, writer) = make(path, options, lock)?;
            Ok(Opened::Fresh(reader, writer))
        }
        Found::Unusable(why) => Ok(Opened::Unusable(why)),
        Found::Index(index) => Ok(match halves(index, path, options, lock)? {
            Ok((reader, writer)) => Opened::Existing(reader, writer),
            Err(why) => Opened::Unusable(why),
        }),
    }
}

/// Makes an empty index, in place of one that may be there.
///
/// # Errors
/// As [`open`].
pub fn create(path: &Path, options: Options) -> Result<(Reader, Writer), OpenError> {
    let lock = lock(path)?;
    make(path, options, lock)
}

/// Opens an index folder for reading only, while another process may be writing it; nothing when
/// there is no usable index.
///
/// # Errors
/// When the folder can't be read.
pub fn open_reader(path: &Path, options: Options) -> Result<Option<Reader>, OpenError> {
    match found(path)? {
        Found::Nothing | Found::Unusable(_) => Ok(None),
        Found::Index(index) => {
            let (_, fields) = schema::schema();
            let shared = match Shared::open(index, fields, path, options) {
                Err(OpenError::Engine { .. }) => return Ok(None),
                other => other?,
            };
            Ok(shared.refresh().is_ok().then(|| Reader::new(shared)))
        }
    }
}

fn io_at(path: &Path) -> impl Fn(io::Error) -> OpenError + '_ {
    move |source| OpenError::Io { path: path.to_owned(), source }
}

fn lock(path: &Path) -> Result<File, OpenError> {
    fs::create_dir_all(path).map_err(io_at(path))?;
    let file =
        File::options().create(true).truncate(false).write(true).open(path.join(LOCK_FILE)).map_err(io_at(path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked(path.to_owned())),
        Err(TryLockError::Error(e)) => Err(io_at(path)(e)),
    }
}

enum Found {
    Nothing,
    Index(Index),
    Unusable(Unusable),
}

fn found(path: &Path) -> Result<Found, OpenError> {
    let format: FormatFile = match fs::read(path.join(FORMAT_FILE)) {
        Ok(bytes) => match serde_json::from_slice(&bytes) {
            Ok(format) => format,
            Err(e) => return Ok(Found::Unusable(Unusable::Damaged(format!("{FORMAT_FILE}: {e}")))),
        },
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(e) => return Err(io_at(path)(e)),
    };
    if format.format != FORMAT {
        return Ok(Found::Unusable(Unusable::OtherFormat { found: format.format, expected: FORMAT }));
    }
    let damaged = |e: String| Ok(Found::Unusable(Unusable::Damaged(e)));
    let directory = match MmapDirectory::open(path) {
        Ok(directory) => directory,
        Err(e) => return damaged(e.to_string()),
    };
    let mut index = match Index::open(directory) {
        Ok(index) => index,
        Err(e) => return damaged(e.to_string()),
    };
    if index.schema() != schema::schema().0 {
        return damaged("its fields are not those of its format".to_owned());
    }
    index.set_tokenizers(schema::tokenizers());
    Ok(Found::Index(index))
}

fn make(path: &Path, options: Options, lock: File) -> Result<(Reader, Writer), OpenError> {
    empty(path).map_err(io_at(path))?;
    let engine = |source| OpenError::Engine { path: path.to_owned(), source };
    let directory = MmapDirectory::open(path).map_err(|e| engine(e.into()))?;
    let index = Index::builder()
        .schema(schema::schema().0)
        .settings(IndexSettings::default())
        .tokenizers(schema::tokenizers())
        .open_or_create(directory)
        .map_err(engine)?;
    write_format(path).map_err(io_at(path))?;
    halves(index, path, options, lock)?
        .map_err(|why| OpenError::Io { path: path.to_owned(), source: io::Error::other(why.to_string()) })
}

/// Removes what an index left in the folder. The file with the format goes first: what is left after
/// a crash is then no index.
fn empty(path: &Path) -> io::Result<()> {
    let mut files: Vec<PathBuf> = fs::read_dir(path)?.map(|f| f.map(|f| f.path())).collect::<Result<_, _>>()?;
    files.sort_by_key(|f| !f.ends_with(FORMAT_FILE));
    for file in files.iter().filter(|f| f.is_file() && !f.ends_with(LOCK_FILE)) {
        fs::remove_file(file)?;
    }
    Ok(())
}

fn write_format(path: &Path) -> io::Result<()> {
    let half = path.join(format!("{FORMAT_FILE}.new"));
    let mut file = File::create(&half)?;
    file.write_all(&serde_json::to_vec(&FormatFile { format: FORMAT })?)?;
    file.sync_all()?;
    fs::rename(half, path.join(FORMAT_FILE))?;
    File::open(path)?.sync_all()
}

fn halves(
    index: Index,
    path: &Path,
    options: Options,
    lock: File,
) -> Result<Result<(Reader, Writer), Unusable>, OpenError> {
    let (_, fields) = schema::schema();
    // A file that a commit names is missing or cut: better to hear it now than with each question.
    let shared = match Shared::open(index.clone(), fields.clone(), path, options.clone()) {
        Err(OpenError::Engine { source, .. }) => return Ok(Err(Unusable::Damaged(source.to_string()))),
        other => other?,
    };
    if let Err(e) = shared.refresh() {
        return Ok(Err(Unusable::Damaged(e.to_string())));
    }
    match Writer::new(index, fields, std::sync::Arc::clone(&shared), &options, lock) {
        Ok(writer) => Ok(Ok((Reader::new(shared), writer))),
        Err(e) => Err(OpenError::Io { path: path.to_owned(), source: io::Error::other(e.to_string()) }),
    }
}
