//! Secrets that have to be read again, sealed where they are kept (AES-256-GCM): a table that gets out alone, or a
//! row that is put in another's place, is worth nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::system::random;
use crate::{Error, Result};

/// What a secret begins with that is sealed in a column that may hold others.
pub(super) const SEALED: &str = "sealed:";

fn key(secret: &[u8; 32]) -> Result<LessSafeKey> {
    let unbound = UnboundKey::new(&AES_256_GCM, secret).map_err(|_| Error::internal("a key has another length"))?;
    Ok(LessSafeKey::new(unbound))
}

/// Seals a secret that belongs to a row, which is named by `row`.
pub(crate) fn seal(secret: &[u8; 32], row: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    // By chance each time, which is safe for far more seals than there are users (NIST SP 800-38D, 8.3).
    let nonce = random::<NONCE_LEN>()?;
    let mut sealed = plain.to_vec();
    key(secret)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(row), &mut sealed)
        .map_err(|_| Error::internal("a secret can't be sealed"))?;
    Ok([&nonce[..], &sealed].concat())
}

/// Opens what was sealed for this row.
pub(crate) fn open(secret: &[u8; 32], row: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    let broken = || Error::internal("a sealed secret can't be opened");
    let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(broken)?;
    let mut bytes = rest.to_vec();
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let plain = key(secret)?.open_in_place(nonce, Aad::from(row), &mut bytes).map_err(|_| broken())?;
    Ok(plain.to_vec())
}

/// [`seal`] as text.
pub(super) fn seal_text(secret: &[u8; 32], row: &[u8], plain: &str) -> Result<String> {
    Ok(STANDARD.encode(seal(secret, row, plain.as_bytes())?))
}

/// [`open`] from text.
pub(super) fn open_text(secret: &[u8; 32], row: &[u8], sealed: &str) -> Result<String> {
    let bytes = STANDARD.decode(sealed).map_err(|_| Error::internal("a sealed secret can't be read"))?;
    String::from_utf8(open(secret, row, &bytes)?).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_with_its_key_for_its_row_and_not_otherwise() {
        let sealed = seal(&[1; 32], b"ann", b"a secret").expect("sealed");
        assert_eq!(open(&[1; 32], b"ann", &sealed).expect("opened"), b"a secret");
        assert!(!sealed.windows(8).any(|part| part == b"a secret"));
        assert_ne!(sealed, seal(&[1; 32], b"ann", b"a secret").expect("sealed"));
        assert!(open(&[2; 32], b"ann", &sealed).is_err());
        assert!(open(&[1; 32], b"bob", &sealed).is_err());
        let mut broken = sealed.clone();
        broken[NONCE_LEN] ^= 1;
        assert!(open(&[1; 32], b"ann", &broken).is_err());
        assert!(open(&[1; 32], b"ann", &sealed[..5]).is_err());
    }
}
