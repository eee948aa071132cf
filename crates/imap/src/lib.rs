//! Reading mailboxes by IMAP (RFC 9051, RFC 3501): each message is asked for once and left as it is until whoever reads says that
//! it is put away; new ones are told of as they come (IDLE, RFC 2177), or looked for where a server does not tell.
//!
//! - Every answer is waited for so long and no longer, and asking stops at the first that is no good: the connection is given up,
//!   and the caller opens another.
//! - Of a message its size, its date and its bytes are asked for, and nothing that the server has to take apart: what a library
//!   can't read of such answers would end the session.
//!
//! The only crate that knows async-imap.

mod connect;
mod session;
mod tls;

pub use connect::ImapInboxes;
