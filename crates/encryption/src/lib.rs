//! Files encrypted to recipients, in the format of [age](https://age-encryption.org/v1): whoever has an identity opens them with the
//! standard tool, without us.
//!
//! Knows the crate `age`, and nobody else does. Everything is read and written in pieces: memory does not grow with the file.

mod identities;
mod recipients;

use std::io::{self, BufRead, BufReader, Read, Write};

use age::armor::ArmoredReader;
use age::{DecryptError, Decryptor, Encryptor};

pub use identities::{Identities, NewKey, UnusableIdentities, new_key};
pub use recipients::{Recipients, UnusableRecipient};

/// What encrypted files begin with: as bytes, or as text (`age --armor`).
const BEGINNINGS: [&[u8]; 2] = [b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----"];
const PIECE: usize = 1 << 20;

/// Why a file was not decrypted.
#[derive(Debug, thiserror::Error)]
pub enum Undecrypted {
    /// No identity fits. A damaged beginning looks the same: what is encrypted there is a key.
    #[error("none of the identities opens it: it was encrypted to other recipients, or its beginning is damaged")]
    NoIdentity,
    /// It needs a passphrase, which is not asked for.
    #[error("it is encrypted with a passphrase; decrypt it first with `age --decrypt`")]
    Passphrase,
    /// It is not as it was written.
    #[error("it is damaged: it was cut off, or changed after it was written")]
    Damaged,
    /// It is of a kind that this version does not know.
    #[error("it is encrypted in a way that this version does not know")]
    Unknown,
    /// It can't be read.
    #[error("it can't be read: {0}")]
    Read(#[source] io::Error),
    /// What is in it can't be written.
    #[error("what is in it can't be written: {0}")]
    Write(#[source] io::Error),
}

/// Whether a file that begins like this is encrypted. A hundred bytes are enough.
pub fn is_encrypted(from: impl Read) -> io::Result<bool> {
    let mut head = Vec::new();
    from.take(BEGINNINGS.iter().map(|b| b.len() as u64).max().unwrap_or(0)).read_to_end(&mut head)?;
    Ok(BEGINNINGS.iter().any(|beginning| head.starts_with(beginning)))
}

/// Encrypts everything that comes. Each recipient alone can open it.
pub fn encrypt(mut from: impl Read, to: impl Write, recipients: &Recipients) -> io::Result<()> {
    let encryptor = Encryptor::with_recipients(recipients.each()).map_err(io::Error::other)?;
    let mut into = encryptor.wrap_output(to)?;
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => into.write_all(&piece[..read])?,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    // The last piece says that it is the last.
    into.finish()?.flush()
}

/// Decrypts everything that comes. What was written when this fails is not to be believed: that the end is missing is seen at the
/// end.
pub fn decrypt(from: impl Read, mut to: impl Write, identities: &Identities) -> Result<(), Undecrypted> {
    let decryptor = Decryptor::new_buffered(BufReader::with_capacity(PIECE, ArmoredReader::new(BufReader::new(from))))
        .map_err(undecrypted)?;
    if decryptor.is_scrypt() {
        return Err(Undecrypted::Passphrase);
    }
    let out = decryptor.decrypt(identities.each()).map_err(undecrypted)?;
    let mut out = BufReader::with_capacity(PIECE, out);
    loop {
        let piece = match out.fill_buf() {
            Ok([]) => break,
            Ok(piece) => piece,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(unread(e)),
        };
        to.write_all(piece).map_err(Undecrypted::Write)?;
        let read = piece.len();
        out.consume(read);
    }
    to.flush().map_err(Undecrypted::Write)
}

fn undecrypted(error: DecryptError) -> Undecrypted {
    match error {
        DecryptError::NoMatchingKeys => Undecrypted::NoIdentity,
        DecryptError::UnknownFormat => Undecrypted::Unknown,
        DecryptError::Io(e) => unread(e),
        _ => Undecrypted::Damaged,
    }
}

/// The format tells by these kinds of errors that something in the file is not as it should be.
fn unread(error: io::Error) -> Undecrypted {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Undecrypted::Damaged,
        _ => Undecrypted::Read(error),
    }
}
