//! What a service sends is believed only with a proof, and a service that is away or changes its keys is got along with.

mod proofs;
mod service;

use std::sync::Arc;

use commonweal_oidc::Oidc;
use commonweal_ports::{Identity, IdentityError, IdentityProvider};
use commonweal_testkit::app::TestClock;
use commonweal_testkit::identity::Service;
use serde_json::{Value, json};

/// Where browsers come back to.
const BACK: &str = "https://voice.example.org/sign-in/back";

async fn started() -> (Service, Oidc, Arc<TestClock>) {
    let clock = Arc::new(TestClock::new());
    let service = Service::start(Arc::clone(&clock) as _).await;
    let oidc = service.oidc();
    (service, oidc, clock)
}

fn ann() -> Value {
    json!({"sub": "ann-1", "email": "ann@example.org", "email_verified": true, "name": "Ann", "groups": ["cx"]})
}

/// Somebody about whom the service says this signs in.
async fn sign_in(service: &Service, oidc: &Oidc, claims: Value) -> Result<Identity, IdentityError> {
    let begun = oidc.begin(BACK).await?;
    let (state, code) = service.agree(&begun.address, claims);
    assert_eq!(state, begun.state);
    oidc.end(BACK, &code, &begun).await
}
