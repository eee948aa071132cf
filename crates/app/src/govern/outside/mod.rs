//! Signing in by a sign-in service of the body's own.
//!
//! Out to it with a signed ticket that the browser keeps, back with a code that only the same browser can use, once. Who
//! that is here, and with which duties, is decided in [`people`]; the session is one like any other.

mod people;
mod ticket;

use std::collections::BTreeMap;

use commonweal_domain::records::User;
use commonweal_domain::{Actor, Permission, UserId, sentence};
use commonweal_ports::{IdentityError, IdentityProvider, SignInBegun, Unproven};

pub use people::NamedDuty;

use super::devices::Devices;
use super::sign_in::{Origin, SignIn};
use super::throttle::Source;
use super::tickets::Used;
use crate::app::authorise;
use crate::{App, Error, Result};

/// What the body wants of its sign-in service.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// What groups there stand for here. Where it names any, duties are what the groups say.
    pub duties: BTreeMap<String, Vec<NamedDuty>>,
    /// Duties of whoever comes for the first time and is no user yet. Where there are none, and no group stands for any,
    /// nobody becomes a user by themselves.
    pub newcomers: Vec<NamedDuty>,
    /// Domains of the email addresses that may come in; all where it is empty.
    pub domains: Vec<String>,
    /// Whether nobody signs in with a password.
    pub only: bool,
}

/// The sign-in service of the body.
pub struct Outside {
    provider: Box<dyn IdentityProvider>,
    rules: Rules,
    used: Used,
}

impl Outside {
    /// A service with what the body wants of it.
    pub fn new(provider: Box<dyn IdentityProvider>, rules: Rules) -> Self {
        Self { provider, rules, used: Used::default() }
    }

    fn refusal(&self, e: IdentityError) -> Error {
        let name = self.provider.name();
        match e {
            IdentityError::Unreachable(_) => Error::Unavailable {
                code: "sign_in_service",
                message: sentence!(
                    "{name} can’t be asked just now. Try again in a minute; if it stays so, tell whoever runs Commonweal.",
                    name,
                ),
                retry_after_s: 30,
            },
            IdentityError::Refused(_) => Error::Conflict {
                code: "sign_in_refused",
                message: sentence!(
                    "{name} did not end the sign-in: it may have taken too long. Begin it again; if it happens again, tell whoever runs Commonweal.",
                    name,
                ),
            },
            IdentityError::Unproven { why, .. } => Error::Conflict {
                code: code(why),
                message: sentence!(
                    "What {name} sent does not prove who you are: {why}. Begin the sign-in again; if it happens again, tell whoever runs Commonweal.",
                    name,
                    why = why.to_string(),
                ),
            },
        }
    }
}

fn code(why: Unproven) -> &'static str {
    match why {
        Unproven::Missing => "proof_missing",
        Unproven::Issuer => "proof_of_another_service",
        Unproven::Audience => "proof_for_another",
        Unproven::Nonce => "proof_of_another_sign_in",
        Unproven::Expired => "proof_expired",
        Unproven::Signature => "proof_not_signed",
        Unproven::Unreadable => "proof_unreadable",
    }
}

/// A sign-in that was begun there.
pub struct OutsideBegun {
    /// Where the browser is sent.
    pub address: String,
    /// What the browser keeps meanwhile, signed.
    pub ticket: String,
}

/// With what a browser came back.
#[derive(Clone, Copy)]
pub struct CameBack<'a> {
    /// What it kept.
    pub ticket: &'a str,
    /// What it was sent with.
    pub state: &'a str,
    /// What it exchanges for a proof.
    pub code: &'a str,
    /// Who sent it back, if they say so (RFC 9207).
    pub issuer: &'a str,
}

impl App {
    /// What people call the sign-in service, if there is one.
    pub fn outside_name(&self) -> Option<&str> {
        self.inner.outside.as_ref().map(|outside| outside.provider.name())
    }

    /// Whether people sign in by the service alone, and passwords are worth nothing.
    pub fn only_outside(&self) -> bool {
        self.inner.outside.as_ref().is_some_and(|outside| outside.rules.only)
    }

    /// Whether the service has vouched for the user before.
    pub async fn is_known_outside(&self, actor: &Actor, user: UserId) -> Result<bool> {
        authorise(actor, Permission::Administer)?;
        Ok(self.inner.store.is_known_outside(user).await?)
    }

    /// Refuses whoever comes with a password where the service alone is good.
    pub(super) fn passwords_are_good(&self) -> Result<()> {
        match &self.inner.outside {
            Some(outside) if outside.rules.only => Err(Error::Conflict {
                code: "only_outside",
                message: sentence!(
                    "Nobody signs in with a password here. Sign in with {name}.",
                    name = outside.provider.name().to_owned(),
                ),
            }),
            _ => Ok(()),
        }
    }

    fn outside(&self) -> Result<&Outside> {
        self.inner.outside.as_ref().ok_or(Error::NotFound("sign-in service"))
    }

    /// Begins a sign-in there, from which the browser comes back to `back` and then goes on to `next`.
    pub async fn begin_outside(&self, back: &str, next: &str) -> Result<OutsideBegun> {
        let outside = self.outside()?;
        let begun = outside.provider.begin(back).await.map_err(|e| told(outside, e))?;
        let address = begun.address.clone();
        Ok(OutsideBegun { address, ticket: self.outside_ticket(begun, next).await? })
    }

    /// Ends it: a session or the code that comes first, and where to go on.
    pub async fn end_outside(&self, back: &str, came: CameBack<'_>, from: Origin) -> Result<(SignIn, String)> {
        let outside = self.outside()?;
        let (begun, next) = self.outside_begun(outside, came).await?;
        let devices = self.devices(&from.device).await?;
        // Every try asks the service for something. Where nobody knows yet whose it is, it counts for the device or the
        // address alone: under a name of its own, so that nobody else has to wait for it.
        let (account, source) = match devices.newest() {
            Some(device) => ("\0outside".to_owned(), Source::Device(device)),
            None => (format!("\0outside\0{}", begun.state), Source::Stranger(&from.address)),
        };
        let limited = self.begin_try(&account, source)?;
        match self.user_outside(outside, back, came.code, &begun).await {
            Ok(user) => {
                self.inner.sign_in_throttle.undo(&account, source);
                Ok((self.after_outside(user, &devices, from.browser).await?, next))
            }
            Err((user, e)) => {
                self.inner.sign_in_failures.count(user, limited, self.now());
                metrics::counter!("commonweal_sign_in_failures_total").increment(1);
                Err(e)
            }
        }
    }

    /// Who comes from the service, or why nobody, and whom that is about.
    async fn user_outside(
        &self,
        outside: &Outside,
        back: &str,
        code: &str,
        begun: &SignInBegun,
    ) -> Result<User, (Option<UserId>, Error)> {
        let identity = outside.provider.end(back, code, begun).await.map_err(|e| (None, told(outside, e)))?;
        self.user_of_identity(outside, &identity).await
    }

    /// Where somebody signs out there too.
    pub async fn sign_out_outside(&self, back: &str) -> Option<String> {
        self.outside().ok()?.provider.sign_out(back).await
    }

    /// Whoever has set up a second step here is asked for it, however they come.
    async fn after_outside(&self, user: User, devices: &Devices, browser: String) -> Result<SignIn> {
        let hash = self.inner.store.password_hash_of(user.id).await?.unwrap_or_default();
        self.after_password(user, &hash, devices, browser).await
    }
}

/// The sentence for people, and for the log what there is to it.
fn told(outside: &Outside, e: IdentityError) -> Error {
    tracing::warn!(error = %e, "nobody was signed in by the sign-in service");
    outside.refusal(e)
}
