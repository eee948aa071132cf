//! Keys from the configuration, with which the secrets are sealed that a body's other secrets are made of. With them
//! the database, or a back-up alone, opens nothing.
//!
//! What is sealed is `sealed:ID:` with the id of its key, and in base64 what [`sealed`] makes of it, bound to its name.
//! Without keys these secrets stand in the database as they are.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use commonweal_domain::sentence;

use super::sealed::{self, SEALED};
use crate::system::random;
use crate::{Error, Result};

/// Bytes of a key.
const KEY_LEN: usize = 32;
/// Longest id, in characters.
const ID: usize = 40;

/// The keys of the configuration: the first one seals, all open.
#[derive(Default)]
pub struct SecretKeys(Vec<(String, [u8; KEY_LEN])>);

impl SecretKeys {
    /// Reads keys as they are configured, each `ID:KEY` with 32 bytes in base64. Says which is wrong, never what it was.
    pub fn read<'k>(configured: impl IntoIterator<Item = &'k str>) -> Result<Self, String> {
        let mut keys: Vec<(String, [u8; KEY_LEN])> = Vec::new();
        for (n, text) in (1..).zip(configured) {
            let wrong =
                |why: &str| format!("Key {n} of secrets.keys {why}. Make one with `commonweal secrets new-key ID`.");
            let (id, key) = text.trim().split_once(':').ok_or_else(|| wrong("is not of the form ID:KEY"))?;
            let is_plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            if !is_plain || !(1..=ID).contains(&id.len()) {
                return Err(wrong("has an id that is not 1 to 40 letters, digits and hyphens"));
            }
            if keys.iter().any(|(other, _)| other == id) {
                return Err(wrong("has the id of another one"));
            }
            let bytes = STANDARD.decode(key).ok().and_then(|bytes| bytes.try_into().ok());
            keys.push((id.to_owned(), bytes.ok_or_else(|| wrong("is not 32 bytes in base64"))?));
        }
        Ok(Self(keys))
    }

    /// A new key as it is configured.
    pub fn new_key(id: &str) -> Result<String> {
        Ok(format!("{id}:{}", STANDARD.encode(random::<KEY_LEN>()?)))
    }

    /// The id of the key that seals, where there is one.
    pub fn first(&self) -> Option<&str> {
        self.0.first().map(|(id, _)| id.as_str())
    }

    /// Seals a secret of this name; it stays as it is where there is no key.
    pub(super) fn seal(&self, name: &str, secret: &str) -> Result<String> {
        let Some((id, key)) = self.0.first() else { return Ok(secret.to_owned()) };
        Ok(format!("{SEALED}{id}:{}", sealed::seal_text(key, name.as_bytes(), secret)?))
    }

    /// Opens a secret of this name; what was not sealed is as it is.
    pub(super) fn open(&self, name: &str, kept: &str) -> Result<String> {
        let Some(id) = key_of(kept) else { return Ok(kept.to_owned()) };
        let key = self.0.iter().find(|(known, _)| known == id).map(|(_, key)| key);
        let key = key.ok_or_else(|| Error::Unavailable {
            code: "secret_key_missing",
            message: sentence!(
                "The secrets of this database are sealed with the key `{id}`, which is not among secrets.keys of the configuration. Put it there, and start again.",
                id = id,
            ),
            retry_after_s: 300,
        })?;
        sealed::open_text(key, name.as_bytes(), kept.rsplit(':').next().unwrap_or_default())
    }

    /// Whether a secret is kept as it would be now.
    pub(super) fn is_current(&self, kept: &str) -> bool {
        key_of(kept) == self.first()
    }
}

/// The id of the key with which a secret is sealed.
pub(super) fn key_of(kept: &str) -> Option<&str> {
    kept.strip_prefix(SEALED).and_then(|rest| rest.split_once(':')).map(|(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(ids: &[(&str, u8)]) -> SecretKeys {
        let texts: Vec<String> = ids.iter().map(|(id, b)| format!("{id}:{}", STANDARD.encode([*b; 32]))).collect();
        SecretKeys::read(texts.iter().map(String::as_str)).expect("they are right")
    }

    #[test]
    fn what_is_sealed_is_opened_by_its_key_alone_and_by_its_name() {
        let (old, both, none) = (keys(&[("a", 1)]), keys(&[("b", 2), ("a", 1)]), SecretKeys::default());
        let sealed = old.seal("forms", "c2VjcmV0").expect("sealed");
        assert!(sealed.starts_with("sealed:a:") && !sealed.contains("c2VjcmV0"), "{sealed}");
        assert_ne!(old.seal("forms", "c2VjcmV0").expect("sealed"), sealed, "never the same twice");
        assert_eq!(both.open("forms", &sealed).expect("opened"), "c2VjcmV0");
        assert!(both.open("others", &sealed).is_err(), "another's");
        assert_eq!(none.open("forms", &sealed).expect_err("without its key").code(), "secret_key_missing");
        assert!(keys(&[("a", 9)]).open("forms", &sealed).is_err(), "another key of its name");
        assert!(both.open("forms", &sealed[..sealed.len() - 8]).is_err(), "cut");
        assert_eq!((both.is_current(&sealed), old.is_current(&sealed)), (false, true));
        assert_eq!(both.open("forms", "c2VjcmV0").expect("as it is"), "c2VjcmV0");
        assert_eq!(none.seal("forms", "c2VjcmV0").expect("as it is"), "c2VjcmV0");
        assert!(none.is_current("c2VjcmV0") && !old.is_current("c2VjcmV0"));
    }

    #[test]
    fn a_key_that_is_wrong_is_named_by_its_place() {
        let good = SecretKeys::new_key("a").expect("made");
        assert!(SecretKeys::read([good.as_str()]).is_ok());
        for wrong in ["nothing", "a b:AAAA", ":AAAA", "b:AAAA", &good] {
            let said = SecretKeys::read([good.as_str(), wrong]).err().expect("refused");
            assert!(said.starts_with("Key 2 of secrets.keys ") && !said.contains("AAAA"), "{said}");
        }
    }
}
