//! Sessions: signed-in browsers.

use commonweal_domain::records::Session;
use commonweal_domain::{Instant, UserId};

use crate::connect::{Store, unfinished};
use crate::error::Result;

impl Store {
    /// Adds a session.
    pub async fn create_session(&self, session: &Session) -> Result<()> {
        let _ = session;
        unfinished()
    }

    /// The session with this token hash, whether or not it has ended.
    pub async fn session(&self, token_hash: &[u8]) -> Result<Option<Session>> {
        let _ = token_hash;
        unfinished()
    }

    /// Notes that a session was used.
    pub async fn touch_session(&self, token_hash: &[u8], seen_at: Instant) -> Result<()> {
        let _ = (token_hash, seen_at);
        unfinished()
    }

    /// Ends a session.
    pub async fn revoke_session(&self, token_hash: &[u8]) -> Result<()> {
        let _ = token_hash;
        unfinished()
    }

    /// Ends all sessions of a user; how many there were.
    pub async fn revoke_sessions_of(&self, user: UserId) -> Result<u64> {
        let _ = user;
        unfinished()
    }

    /// Sessions of a user, last used first.
    pub async fn sessions_of(&self, user: UserId) -> Result<Vec<Session>> {
        let _ = user;
        unfinished()
    }

    /// Removes the sessions that ended before an instant; how many there were.
    pub async fn purge_sessions(&self, before: Instant) -> Result<u64> {
        let _ = before;
        unfinished()
    }
}
