//! How a mail server is reached.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::Problem;
use crate::address::ascii_domain;
use crate::problem::no_control;

/// Settings of a mail server.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Name or address.
    pub host: String,
    /// 587 with STARTTLS, 465 with TLS from the start, 25 inside the own network.
    pub port: u16,
    /// How the connection is kept secret.
    pub security: Security,
    /// Said when the connection may be readable by others on the way; without it `Security::None` is for this machine alone.
    pub allow_plain: bool,
    /// Certificate authorities that are believed besides the public ones: PEM.
    pub extra_ca: Option<Vec<u8>>,
    /// By what we sign in.
    pub sign_in: SignIn,
    /// The name that we introduce ourselves by; without it the address that we connect from.
    pub hello: Option<String>,
    /// How long is waited for what.
    pub times: Times,
    /// Connections at a time.
    pub max_connections: usize,
    /// Mails over one connection.
    pub max_per_connection: u32,
    /// How long a connection that nobody uses stays open.
    pub idle: Duration,
    /// How long any connection stays open.
    pub max_age: Duration,
}

/// How a connection is kept secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Not at all.
    None,
    /// It begins in the clear and must become secret before anything is said.
    StartTls,
    /// From the start.
    Tls,
}

/// How long is waited. Long for the answer to a message: who gives up there knows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// For the connection and TLS, each.
    pub connect: Duration,
    /// For the greeting and the answer to a command.
    pub command: Duration,
    /// For sending the message, and again for the answer to it.
    pub data: Duration,
}

/// By what we sign in.
#[derive(Clone, Default)]
pub enum SignIn {
    /// The server knows us by where we come from.
    #[default]
    None,
    /// By PLAIN, or by LOGIN where that is all there is.
    Password {
        /// The name.
        user: String,
        /// The password.
        password: String,
    },
    /// By a token of the body's sign-in service (XOAUTH2), as Microsoft and Google want it.
    Token {
        /// The address of the box.
        user: String,
        /// Where tokens come from.
        source: Arc<dyn TokenSource>,
    },
}

/// Without secrets.
impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Password { .. } => "Password(…)",
            Self::Token { .. } => "Token(…)",
        })
    }
}

/// Where access tokens come from.
#[async_trait]
pub trait TokenSource: Send + Sync {
    /// A token that is valid now. `anew`: the one that was given last was refused, so it must not come from a cache. The error is
    /// a sentence for people.
    async fn token(&self, anew: bool) -> Result<String, String>;
}

impl Smtp {
    /// A server with the usual limits.
    pub fn new(host: impl Into<String>, port: u16, security: Security) -> Self {
        Self {
            host: host.into(),
            port,
            security,
            allow_plain: false,
            extra_ca: None,
            sign_in: SignIn::None,
            hello: None,
            times: Times {
                connect: Duration::from_secs(15),
                command: Duration::from_secs(60),
                data: Duration::from_secs(600),
            },
            max_connections: 10,
            max_per_connection: 100,
            idle: Duration::from_secs(30),
            max_age: Duration::from_secs(600),
        }
    }

    /// Says what is wrong with the settings, before anything is connected.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        let refuse = |why: &str| Err(Problem::Settings(why.to_owned()));
        let is_ip = self.host.parse::<IpAddr>().is_ok();
        if !is_ip && ascii_domain(&self.host).is_err() {
            return refuse(
                "The host of the mail server must be a name such as mail.example.org or an IP address, without a port.",
            );
        }
        if self.port == 0 {
            return refuse("The port of the mail server must be between 1 and 65535; usual are 587, 465 and 25.");
        }
        if self.security == Security::None && !self.allow_plain && !self.is_this_machine() {
            return refuse(
                "Mail would go over the network in the clear. Choose STARTTLS or TLS, or say that it may be so (allow_plain).",
            );
        }
        if let Some(hello) = &self.hello
            && ascii_domain(hello).is_err()
        {
            return refuse("The name to introduce ourselves by must be a domain such as voice.example.org.");
        }
        if let SignIn::Password { user, .. } | SignIn::Token { user, .. } = &self.sign_in {
            no_control("The name to sign in with", user)?;
            if user.is_empty() {
                return Err(Problem::Missing("The name to sign in with"));
            }
        }
        if self.max_connections == 0 || self.max_per_connection == 0 || self.max_connections > 1_000 {
            return refuse("There must be 1 to 1000 connections, and at least one mail over each.");
        }
        Ok(())
    }

    fn is_this_machine(&self) -> bool {
        self.host.parse::<IpAddr>().map_or(self.host.eq_ignore_ascii_case("localhost"), |ip| ip.is_loopback())
    }
}
