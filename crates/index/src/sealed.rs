//! The folder as the engine sees it. Files of segments end with a checksum of the engine's own; the two that say
//! which segments there are, and how far the index has followed, have none: a digit that is another would be
//! believed. Here they get a last line with their SHA-256, and are refused when it is another.

use std::io;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

/// A line end, the checksum in hexadecimal, a line end.
const SEAL: usize = 1 + 64 + 1;

/// A folder whose files without a checksum of their own are sealed.
#[derive(Clone, Debug)]
pub(crate) struct Sealed<D = MmapDirectory>(pub(crate) D);

fn seal(data: &[u8]) -> Vec<u8> {
    let hex: String = Sha256::digest(data).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\n{hex}\n").into_bytes()
}

fn sealed(data: &[u8]) -> Vec<u8> {
    [data, &seal(data)].concat()
}

/// The contents of a sealed file; nothing when they are not as they were written.
fn unsealed(mut file: Vec<u8>) -> Option<Vec<u8>> {
    let end = file.len().checked_sub(SEAL)?;
    if file[end..] != seal(&file[..end]) {
        return None;
    }
    file.truncate(end);
    Some(file)
}

impl<D: Directory + Clone> Directory for Sealed<D> {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.0.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.0.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.0.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        unsealed(self.0.atomic_read(path)?).ok_or_else(|| {
            let why = io::Error::new(io::ErrorKind::InvalidData, "it is not as it was written");
            OpenReadError::wrap_io_error(why, path.to_owned())
        })
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.0.atomic_write(path, &sealed(data))
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.0.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.0.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.0.watch(callback)
    }
}

#[cfg(test)]
mod tests {
    use super::{sealed, unsealed};

    #[test]
    fn every_bit_that_is_another_breaks_the_seal() {
        for data in [&b"{\"opstamp\":12}"[..], b""] {
            let whole = sealed(data);
            assert_eq!(unsealed(whole.clone()).as_deref(), Some(data));
            for bit in 0..whole.len() * 8 {
                let mut flipped = whole.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(unsealed(flipped), None, "bit {bit}");
            }
            for cut in 0..whole.len() {
                assert_eq!(unsealed(whole[..cut].to_vec()), None, "cut after {cut}");
            }
        }
    }
}
