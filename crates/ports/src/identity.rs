//! A sign-in service of the body's own, which says who somebody is.

use async_trait::async_trait;

/// A sign-in that was begun there. What is needed to end it is kept by whoever began it.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInBegun {
    /// Where the browser is sent.
    pub address: String,
    /// Comes back with the browser.
    pub state: String,
    /// Comes back in what the service signs.
    pub nonce: String,
    /// Proves that whoever ends it is who began it (PKCE, RFC 7636).
    pub verifier: String,
}

/// Who somebody is, as the service says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The service.
    pub issuer: String,
    /// Who, there, for ever.
    pub subject: String,
    /// Their email address, if the service vouches for it.
    pub email: Option<String>,
    /// Their name.
    pub name: Option<String>,
    /// The groups that they are in.
    pub groups: Vec<String>,
}

/// Why nobody was signed in. What is told is for the log: it holds no code, token or secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// The service can't be reached, or does not answer as its documents say.
    #[error("the sign-in service can't be asked: {0}")]
    Unreachable(String),
    /// The service refuses to end the sign-in: too late, a second time, or we are not known there.
    #[error("the sign-in service refuses: {0}")]
    Refused(String),
    /// What the service sent does not prove who somebody is.
    #[error("the proof is not good: {why}: {told}")]
    Unproven {
        /// What is wrong with it.
        why: Unproven,
        /// The same in the words of who looked at it.
        told: String,
    },
}

/// What is wrong with a proof (OpenID Connect Core 1.0, 3.1.3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// There is none.
    #[error("it is missing")]
    Missing,
    /// Another service made it.
    #[error("it is of another service")]
    Issuer,
    /// It is meant for another application.
    #[error("it is meant for another application")]
    Audience,
    /// It belongs to another sign-in.
    #[error("it belongs to another sign-in")]
    Nonce,
    /// Its time is over.
    #[error("its time is over")]
    Expired,
    /// It is not signed, or not with a key of the service.
    #[error("its signature is not good")]
    Signature,
    /// Anything else.
    #[error("it can’t be read")]
    Unreadable,
}

/// The service.
#[async_trait]
pub trait IdentityProvider: Send + Sync {
    /// What people call it.
    fn name(&self) -> &str;

    /// As it names itself.
    fn issuer(&self) -> &str;

    /// Begins a sign-in, from which the browser comes back to this address.
    async fn begin(&self, back: &str) -> Result<SignInBegun, IdentityError>;

    /// Ends it with the code with which the browser came back.
    async fn end(&self, back: &str, code: &str, begun: &SignInBegun) -> Result<Identity, IdentityError>;

    /// Where somebody signs out there too and comes back to this address; nothing where the service has no such place.
    async fn sign_out(&self, back: &str) -> Option<String>;
}
