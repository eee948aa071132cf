//! Troubles of the engine in the words of the ports.

use std::io;
use std::path::PathBuf;

use commonweal_ports::IndexError;
use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};

/// Why an index folder can't be opened or made.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Somebody else writes it.
    #[error("the index folder {0} is in use by another process")]
    Locked(PathBuf),
    /// The folder can't be read or written.
    #[error("the index folder {path} can't be used")]
    Io {
        /// Which folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The engine refuses.
    #[error("the index folder {path} can't be used")]
    Engine {
        /// Which folder.
        path: PathBuf,
        /// Why.
        source: TantivyError,
    },
    /// The threads that answer questions can't be started.
    #[error("threads for the index can't be started: {0}")]
    Threads(String),
}

/// What the engine says, as the port says it.
pub(crate) fn of_engine(e: TantivyError) -> IndexError {
    if disk_full(&e) { IndexError::DiskFull(e.to_string()) } else { IndexError::Broken(e.to_string()) }
}

/// What reading a file says, as the port says it.
pub(crate) fn of_io(e: io::Error) -> IndexError {
    of_engine(TantivyError::from(e))
}

/// Whether the reason is that there is no room on the disk.
fn disk_full(e: &TantivyError) -> bool {
    match e {
        TantivyError::IoError(e) => no_room(e),
        TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. })
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. })
        | TantivyError::LockFailure(LockError::IoError(io_error), _) => no_room(io_error),
        // A thread hands its reason over as text only.
        TantivyError::ErrorInThread(text) | TantivyError::SystemError(text) | TantivyError::InternalError(text) => {
            text.contains("StorageFull") || text.contains("No space left") || text.contains("QuotaExceeded")
        }
        _ => false,
    }
}

fn no_room(e: &io::Error) -> bool {
    matches!(e.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
        || e.get_ref().and_then(|inner| inner.downcast_ref::<io::Error>()).is_some_and(no_room)
}
