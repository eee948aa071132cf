//! What is made belongs to its owner alone: files 0600, folders 0700.

use std::path::Path;

/// From now on nothing is made that others may read. Before the first file, and before there are threads.
pub(crate) fn begin() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// Closes what an earlier version left open in the data folder: the database, the index, files of imports. What the folder
/// holds besides is not ours, and the folder itself may be shared on purpose.
pub(crate) fn close(data: &Path) {
    #[cfg(unix)]
    {
        for name in ["commonweal.db", "commonweal.db-wal", "commonweal.db-shm", "imports", "index"] {
            if let Err(e) = unix::close(&data.join(name)) {
                tracing::warn!(error = %e, what = name, "others may read this, and that can't be changed");
            }
        }
    }
    #[cfg(not(unix))]
    let _ = data;
}

/// Whether others may look into a folder or a file.
pub(crate) fn is_open(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, Permissions};
    use std::io;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::path::Path;

    pub(super) fn close(path: &Path) -> io::Result<()> {
        let about = match fs::symlink_metadata(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            about => about?,
        };
        if about.is_dir() {
            narrow(path, &about, 0o700)?;
            for entry in fs::read_dir(path)? {
                close(&entry?.path())?;
            }
        } else if about.is_file() && about.nlink() == 1 {
            // One with another name is somebody's own file that was named at the command line.
            narrow(path, &about, 0o600)?;
        }
        Ok(())
    }

    fn narrow(path: &Path, about: &fs::Metadata, mode: u32) -> io::Result<()> {
        if about.permissions().mode() & 0o077 == 0 {
            return Ok(());
        }
        match fs::set_permissions(path, Permissions::from_mode(mode)) {
            // The index's files come and go.
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }
}
