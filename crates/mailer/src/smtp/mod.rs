//! Handing mails over to a server by SMTP (RFC 5321).

mod outcome;
mod pool;
mod session;
mod settings;
mod wire;

pub use outcome::{Outcome, Stage};
pub use pool::{Greeting, NotReached, Pool};
pub use settings::{Security, SignIn, Smtp, Times, TokenSource};
