//! To whom a file is encrypted.

use age::Recipient;
use age::x25519;

/// What the secret half of a key begins with.
pub(crate) const SECRET: &str = "AGE-SECRET-KEY-";

/// What can't be a recipient, and why.
#[derive(Debug, thiserror::Error)]
pub enum UnusableRecipient {
    /// The secret half of a key. It is not repeated.
    #[error(
        "a secret identity (AGE-SECRET-KEY-…) was given where a recipient belongs. Give its public half, age1…, and keep the \
         secret one away from this machine"
    )]
    Secret,
    /// Something else.
    #[error(
        "`{0}` is no recipient. Give an age recipient as `age-keygen` or `commonweal backup new-key` prints it: age1 and 58 \
         more letters and digits"
    )]
    Other(String),
}

/// To whom a file is encrypted: each of them alone can open it.
#[derive(Clone)]
pub struct Recipients(Vec<x25519::Recipient>);

impl Recipients {
    /// Reads recipients as `age-keygen` prints them: `age1…`.
    pub fn read<'a>(all: impl IntoIterator<Item = &'a str>) -> Result<Self, UnusableRecipient> {
        all.into_iter().map(one).collect::<Result<_, _>>().map(Self)
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn each(&self) -> impl Iterator<Item = &dyn Recipient> {
        self.0.iter().map(|r| r as &dyn Recipient)
    }
}

fn one(text: &str) -> Result<x25519::Recipient, UnusableRecipient> {
    let text = text.trim();
    if text.to_ascii_uppercase().starts_with(SECRET) {
        return Err(UnusableRecipient::Secret);
    }
    text.parse().map_err(|_| UnusableRecipient::Other(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_among_recipients_is_refused_and_not_repeated() {
        let key = crate::new_key();
        assert_eq!(Recipients::read([key.recipient.as_str()]).map(|r| r.len()).ok(), Some(1));
        let secret = key.file.lines().last().expect("the identity").to_owned();
        for given in [secret.clone(), secret.to_lowercase(), format!(" {secret}")] {
            let said = Recipients::read([given.as_str()]).err().expect("refused").to_string();
            assert!(said.contains("public half") && !said.contains(&secret), "{said}");
        }
        let mistyped = format!("{}x", key.recipient);
        let said = Recipients::read([mistyped.as_str()]).err().expect("refused").to_string();
        assert!(said.contains(&mistyped), "{said}");
    }
}
