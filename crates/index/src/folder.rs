//! The folder: making, opening and locking it, and telling whether it can be used.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::{Index, IndexSettings};

use crate::damage;
use crate::error::OpenError;
use crate::options::Options;
use crate::read::{Reader, Shared};
use crate::schema::{self, FORMAT};
use crate::sealed::Sealed;
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

/// What opening a folder for reading only came to.
pub enum ReadOnly {
    /// There is no index.
    Nothing,
    /// The index that is there.
    Existing(Reader),
    /// There is one that can't be used.
    Unusable(Unusable),
}

/// Opens an index folder for reading only, while another process may be writing it.
///
/// # Errors
/// When the folder can't be read.
pub fn open_reader(path: &Path, options: Options) -> Result<ReadOnly, OpenError> {
    match found(path)? {
        Found::Nothing => Ok(ReadOnly::Nothing),
        Found::Unusable(why) => Ok(ReadOnly::Unusable(why)),
        Found::Index(index) => Ok(match contained(|| whole(&index, path, options))? {
            Ok(shared) => ReadOnly::Existing(Reader::new(shared)),
            Err(why) => ReadOnly::Unusable(why),
        }),
    }
}

/// Runs what opens files of an index: a damaged one may make the engine panic, and must not keep the
/// program from replacing it.
fn contained<T>(
    open: impl FnOnce() -> Result<Result<T, Unusable>, OpenError>,
) -> Result<Result<T, Unusable>, OpenError> {
    catch_unwind(AssertUnwindSafe(open))
        .unwrap_or_else(|_| Ok(Err(Unusable::Damaged("opening it stopped unexpectedly".to_owned()))))
}

/// Opens what is as it was written.
fn whole(index: &Index, path: &Path, options: Options) -> Result<Result<Arc<Shared>, Unusable>, OpenError> {
    // Before anything of it is believed.
    if let Some(damage) = damage::look(index) {
        return Ok(Err(Unusable::Damaged(damage)));
    }
    let (_, fields) = schema::schema();
    // A file that a commit names is missing or cut: better to hear it now than with each question.
    let shared = match Shared::open(index.clone(), fields, path, options) {
        Err(OpenError::Engine { source, .. }) => return Ok(Err(Unusable::Damaged(source.to_string()))),
        other => other?,
    };
    Ok(match shared.refresh() {
        Ok(()) => Ok(shared),
        Err(e) => Err(Unusable::Damaged(e.to_string())),
    })
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
        Ok(directory) => Sealed(directory),
        Err(e) => return damaged(e.to_string()),
    };
    let opened = contained(|| Ok(Index::open(directory).map_err(|e| Unusable::Damaged(e.to_string()))))?;
    let mut index = match opened {
        Ok(index) => index,
        Err(why) => return Ok(Found::Unusable(why)),
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
    let directory = Sealed(MmapDirectory::open(path).map_err(|e| engine(e.into()))?);
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
    contained(|| {
        let shared = match whole(&index, path, options.clone())? {
            Ok(shared) => shared,
            Err(why) => return Ok(Err(why)),
        };
        let (_, fields) = schema::schema();
        match Writer::new(index, fields, Arc::clone(&shared), &options, lock) {
            Ok(writer) => Ok(Ok((Reader::new(shared), writer))),
            Err(e) => Err(OpenError::Io { path: path.to_owned(), source: io::Error::other(e.to_string()) }),
        }
    })
}
