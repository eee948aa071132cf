//! Who has which API key, remembered for a few seconds, so that a system that hands in thousands of
//! feedback each second is not looked up thousands of times.

use std::collections::HashMap;

use chrono::TimeDelta;
use commonweal_domain::{Actor, ApiKeyId, Instant};
use parking_lot::RwLock;

/// A key that another server took back is refused here after so many seconds.
const SECONDS: i64 = 5;

/// Valid keys by the hash of their secret. Guesses are never kept, so it stays small.
#[derive(Default)]
pub(crate) struct KnownKeys(RwLock<HashMap<[u8; 32], (Instant, Actor)>>);

impl KnownKeys {
    /// Who has this secret, if that was looked up a moment ago.
    pub(crate) fn get(&self, hash: &[u8; 32], now: Instant) -> Option<Actor> {
        let known = self.0.read();
        let (since, actor) = known.get(hash)?;
        (now >= *since && now < *since + TimeDelta::seconds(SECONDS)).then(|| actor.clone())
    }

    /// Remembers who has it.
    pub(crate) fn put(&self, hash: [u8; 32], actor: Actor, now: Instant) {
        self.0.write().insert(hash, (now, actor));
    }

    /// Forgets a key that was taken back.
    pub(crate) fn forget(&self, key: ApiKeyId) {
        self.0.write().retain(|_, (_, actor)| !matches!(actor, Actor::Key { id, .. } if *id == key));
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_key_is_remembered_for_seconds_and_forgotten_when_taken_back() {
        let known = KnownKeys::default();
        let now: Instant = "2024-04-10T12:00:00Z".parse().expect("an instant");
        let id = ApiKeyId(Uuid::from_u128(1));
        let actor = Actor::Key { id, scopes: vec![] };
        known.put([1; 32], actor.clone(), now);
        assert_eq!(known.get(&[1; 32], now + TimeDelta::seconds(SECONDS - 1)), Some(actor));
        assert_eq!(known.get(&[1; 32], now + TimeDelta::seconds(SECONDS)), None);
        assert_eq!(known.get(&[2; 32], now), None);
        known.forget(id);
        assert_eq!(known.get(&[1; 32], now), None);
    }
}
