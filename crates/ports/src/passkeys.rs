//! Passkeys: keys on people's own devices, by which they sign in (Web Authentication Level 3).

use commonweal_domain::UserId;

/// For whom a passkey is made, as their device shows it.
#[derive(Clone, Copy, Debug)]
pub struct PasskeyOwner<'a> {
    /// Who; the device keeps it and says it at each sign-in.
    pub id: UserId,
    /// By what they sign in otherwise.
    pub account: &'a str,
    /// Their name.
    pub name: &'a str,
}

/// What a browser is asked, and what has to be kept until it answers.
#[derive(Clone, PartialEq, Eq)]
pub struct Ceremony {
    /// For the browser, as JSON.
    pub options: String,
    /// Kept by whoever began it, as JSON. Whoever holds it can't answer with it.
    pub state: String,
}

/// A passkey that was just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPasskey {
    /// Its id, unique among all.
    pub credential: Vec<u8>,
    /// Its public key with what belongs to it, as JSON.
    pub key: String,
}

/// From whom an answer says it comes. Nobody has proved it yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The user.
    pub user: UserId,
    /// The id of the passkey.
    pub credential: Vec<u8>,
}

/// Why no passkey can be used here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPasskeys {
    /// The public address is not known.
    #[error("server.public_url is not set")]
    NoAddress,
    /// The public address is not encrypted.
    #[error("server.public_url does not begin with https://")]
    NotSecure,
    /// The public address is made of numbers; passkeys belong to a name.
    #[error("server.public_url names no host, but an address of numbers")]
    NoName,
}

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// It was made for another page.
    #[error("it was made for another address")]
    Origin,
    /// It belongs to another try.
    #[error("it belongs to another sign-in")]
    Challenge,
    /// The device did not ask who uses it (by PIN, finger or face).
    #[error("the device did not check that it is you")]
    NotVerified,
    /// It is not signed with the key that is known.
    #[error("its signature is not good")]
    Signature,
    /// The device's counter is not beyond where it was: the passkey may have been copied.
    #[error("its counter went back")]
    Counter,
    /// Anything else; told for the log.
    #[error("it can’t be read")]
    Unreadable(String),
}

/// We, as devices see us: to whom passkeys belong.
pub trait RelyingParty: Send + Sync {
    /// Begins making a passkey that a device can find by itself. `body` is what we are called; a device on which one of
    /// `have` lies is left out.
    fn begin_registration(
        &self,
        body: &str,
        owner: PasskeyOwner<'_>,
        have: &[Vec<u8>],
    ) -> Result<Ceremony, PasskeyError>;

    /// Ends it with what the browser answered.
    fn end_registration(&self, state: &str, answer: &str) -> Result<NewPasskey, PasskeyError>;

    /// Begins a sign-in with any passkey that belongs to us.
    fn begin_sign_in(&self) -> Result<Ceremony, PasskeyError>;

    /// Who claims to sign in.
    fn claimed(&self, answer: &str) -> Result<Claimed, PasskeyError>;

    /// Ends a sign-in with what is kept of the passkey; what is to be kept of it from now on.
    fn end_sign_in(&self, state: &str, answer: &str, key: &str) -> Result<String, PasskeyError>;
}
