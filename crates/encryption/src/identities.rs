//! Who can open a file.

use std::io::{self, BufRead, BufReader, Read};

use age::Identity;
use age::secrecy::ExposeSecret as _;
use age::x25519;

use crate::recipients::SECRET;

/// Files of identities are some lines long.
const MAX_BYTES: u64 = 1 << 20;

/// Why a file of identities can't be used. What stands in it is not repeated.
#[derive(Debug, thiserror::Error)]
pub enum UnusableIdentities {
    /// It can't be read.
    #[error("it can't be read: {0}")]
    Read(#[source] io::Error),
    /// It is encrypted itself.
    #[error("it is encrypted itself. Decrypt it first with `age --decrypt` and name what comes out")]
    Encrypted,
    /// There is none in it.
    #[error("there is no identity in it. It needs a line AGE-SECRET-KEY-1…, as `age-keygen` writes it")]
    Empty,
    /// A line is none.
    #[error("its line {0} is no identity. Each line is AGE-SECRET-KEY-1…, as `age-keygen` writes it, or begins with #")]
    Line(usize),
}

/// Secret halves of keys: each opens what was encrypted to its public half.
pub struct Identities(Vec<x25519::Identity>);

impl Identities {
    /// Reads a file as `age-keygen` writes it: one identity a line, comments after `#`.
    pub fn read(from: impl Read) -> Result<Self, UnusableIdentities> {
        let mut all = Vec::new();
        for (n, line) in BufReader::new(from.take(MAX_BYTES)).lines().enumerate() {
            let line = match line {
                // Bytes that are no text, as an encrypted file has them.
                Err(e) if e.kind() == io::ErrorKind::InvalidData => return Err(UnusableIdentities::Line(n + 1)),
                line => line.map_err(UnusableIdentities::Read)?,
            };
            let line = line.trim();
            if n == 0 && crate::is_encrypted(line.as_bytes()).unwrap_or(false) {
                return Err(UnusableIdentities::Encrypted);
            }
            if !line.is_empty() && !line.starts_with('#') {
                all.push(line.parse().map_err(|_| UnusableIdentities::Line(n + 1))?);
            }
        }
        if all.is_empty() { Err(UnusableIdentities::Empty) } else { Ok(Self(all)) }
    }

    pub(crate) fn each(&self) -> impl Iterator<Item = &dyn Identity> {
        self.0.iter().map(|i| i as &dyn Identity)
    }
}

/// A key that was just made.
pub struct NewKey {
    /// What its file holds, as `age-keygen` writes it. Whoever has it opens everything that was encrypted to the recipient.
    pub file: String,
    /// Its public half.
    pub recipient: String,
}

/// Makes a key.
pub fn new_key() -> NewKey {
    let identity = x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    let secret = identity.to_string();
    let secret = secret.expose_secret();
    debug_assert!(secret.starts_with(SECRET), "as age-keygen writes it");
    NewKey { file: format!("# public key: {recipient}\n{secret}\n"), recipient }
}
