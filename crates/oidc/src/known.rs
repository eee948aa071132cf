//! What the service says of itself (OpenID Connect Discovery 1.0) and its keys: read at the first sign-in and again after
//! an hour, or when a proof is signed with a key that is not among them.

use std::sync::Arc;

use chrono::TimeDelta;
use commonweal_domain::Instant;
use commonweal_ports::IdentityError;
use openidconnect::{IssuerUrl, ProviderMetadataWithLogout};
use tokio::sync::Mutex;

use crate::door::Door;
use crate::told;

/// How long what the service says of itself is believed, in minutes.
const MINUTES: i64 = 60;
/// So many seconds after it could not be asked it is not asked again: everybody else who waits is told at once.
const AWAY_SECONDS: i64 = 5;

type Metadata = Arc<ProviderMetadataWithLogout>;

/// What is known, and since when.
#[derive(Default)]
pub(crate) struct Known(Mutex<Option<(Instant, Result<Metadata, IdentityError>)>>);

impl Known {
    /// What the issuer says of itself. One asks, and whoever comes meanwhile waits for the same answer.
    pub(crate) async fn metadata(
        &self,
        issuer: &str,
        door: &Door,
        now: Instant,
        stale: Option<&Metadata>,
    ) -> Result<Metadata, IdentityError> {
        let mut known = self.0.lock().await;
        match &*known {
            Some((since, Ok(metadata)))
                if now < *since + TimeDelta::minutes(MINUTES)
                    && stale.is_none_or(|stale| !Arc::ptr_eq(stale, metadata)) =>
            {
                return Ok(Arc::clone(metadata));
            }
            Some((since, Err(e))) if now < *since + TimeDelta::seconds(AWAY_SECONDS) => return Err(e.clone()),
            _ => (),
        }
        let found = ask(issuer, door).await;
        *known = Some((now, found.clone()));
        found
    }
}

async fn ask(issuer: &str, door: &Door) -> Result<Metadata, IdentityError> {
    let issuer = IssuerUrl::new(issuer.to_owned()).map_err(|e| told::unreachable(&e))?;
    let found = ProviderMetadataWithLogout::discover_async(issuer, door).await;
    found.map(Arc::new).map_err(|e| told::unreachable(&e))
}
