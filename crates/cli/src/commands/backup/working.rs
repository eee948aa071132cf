//! Where a back-up lies unencrypted while it is encrypted or restored: below the data folder, for as long as that takes.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Below the data folder.
const FOLDER: &str = "backup.working";
/// Held by whoever works there.
const LOCK: &str = "lock";

/// A folder that goes when this is dropped, with all that is in it. What a killed process left there goes when the next one begins.
pub(super) struct Working {
    folder: PathBuf,
    _lock: File,
}

impl Working {
    /// Makes the folder, for one at a time.
    pub(super) fn begin(data: &Path) -> Result<Self> {
        let folder = data.join(FOLDER);
        let made = fs::create_dir_all(&folder).and_then(|()| File::create(folder.join(LOCK)));
        let lock = made.with_context(|| format!("{} can't be made.", folder.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                bail!(
                    "Another encrypted back-up is being written or restored on {}. Try again after it.",
                    data.display()
                )
            }
            Err(TryLockError::Error(e)) => {
                return Err(e).with_context(|| format!("{} can't be locked.", folder.display()));
            }
        }
        let working = Self { folder, _lock: lock };
        for entry in fs::read_dir(&working.folder)?.flatten().filter(|e| e.file_name() != LOCK) {
            fs::remove_file(entry.path()).with_context(|| format!("{} can't be removed.", entry.path().display()))?;
        }
        Ok(working)
    }

    /// The file in it for a back-up, which has the name of that, so that people know it when it is named.
    pub(super) fn file(&self, backup: &Path) -> PathBuf {
        let name = backup.file_name().map_or_else(|| "back-up".to_owned(), |n| n.to_string_lossy().into_owned());
        self.folder.join(if name == LOCK { "back-up".to_owned() } else { name })
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        if let Err(e) = fs::remove_dir_all(&self.folder) {
            tracing::error!(error = %e, folder = %self.folder.display(), "an unencrypted back-up may be left here: remove it");
        }
    }
}

/// Gives a finished file its name, for good.
pub(super) fn name(part: &Path, file: &Path) -> io::Result<()> {
    fs::rename(part, file)?;
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The name is in the folder, which has to be durable too. Not every system lets a folder be opened.
    File::open(folder).map_or(Ok(()), |folder| folder.sync_all())
}
