//! The seal of a back-up: its last line holds the SHA-256 of all before it, so that a damaged file is refused and not
//! restored into wrong figures. SQLite does not look beyond the pages that its header counts, so the file stays a
//! database that other programs can open.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

/// What the last line begins with; the checksum follows in hexadecimal, and the end of the line.
const BEGINS: &[u8] = b"\ncommonweal back-up, SHA-256 ";
const LENGTH: usize = BEGINS.len() + 64 + 1;

/// What a file's seal says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Seal {
    /// All is as it was written.
    Whole,
    /// Something is not.
    Broken,
    /// There is none: the back-up is from a version that wrote none, or its end is missing.
    Missing,
}

/// Seals a finished file.
pub(crate) fn set(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).open(path)?;
    let sum = through(&mut file, u64::MAX, &mut io::sink())?;
    file.write_all(&line(&sum))
}

/// Copies what the seal of `from` vouches for, and tells what it says; without a seal everything.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<Seal> {
    let mut source = File::open(from)?;
    let all = source.metadata()?.len();
    let sealed = all.saturating_sub(LENGTH as u64);
    let mut last = Vec::with_capacity(LENGTH);
    source.seek(SeekFrom::Start(sealed))?;
    source.read_to_end(&mut last)?;
    source.seek(SeekFrom::Start(0))?;
    let mut target = File::create(to)?;
    if !last.starts_with(BEGINS) {
        through(&mut source, all, &mut target)?;
        return Ok(Seal::Missing);
    }
    let sum = through(&mut source, sealed, &mut target)?;
    Ok(if last == line(&sum) { Seal::Whole } else { Seal::Broken })
}

fn line(sum: &str) -> Vec<u8> {
    [BEGINS, sum.as_bytes(), b"\n"].concat()
}

/// Copies as many bytes and tells their checksum.
fn through(from: &mut impl Read, bytes: u64, to: &mut impl Write) -> io::Result<String> {
    let (mut hash, mut piece, mut left) = (Sha256::new(), vec![0; 1 << 20], bytes);
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
        let read = from.read(&mut piece[..most])?;
        if read == 0 {
            break;
        }
        hash.update(&piece[..read]);
        to.write_all(&piece[..read])?;
        left -= read as u64;
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
