//! API keys: with which other systems call.

use commonweal_domain::records::ApiKey;
use commonweal_domain::{ApiKeyId, Instant};

use crate::connect::{Store, unfinished};
use crate::error::Result;

impl Store {
    /// Adds a key; `secret_hash` is the SHA-256 of what the caller sends.
    pub async fn create_api_key(&self, key: &ApiKey, secret_hash: &[u8]) -> Result<()> {
        let _ = (key, secret_hash);
        unfinished()
    }

    /// The key whose secret has this hash, also when it was taken back.
    pub async fn api_key_by_hash(&self, secret_hash: &[u8]) -> Result<Option<ApiKey>> {
        let _ = secret_hash;
        unfinished()
    }

    /// All keys, newest first.
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>> {
        unfinished()
    }

    /// Takes a key back. A key taken back before stays so from then.
    pub async fn revoke_api_key(&self, id: ApiKeyId, at: Instant) -> Result<()> {
        let _ = (id, at);
        unfinished()
    }
}
