//! Proofs that are good, and those that are not.

use chrono::TimeDelta;
use commonweal_ports::{Identity, IdentityError, IdentityProvider, Unproven};
use commonweal_testkit::identity::{Forged, SECRET};
use serde_json::json;

use super::{BACK, ann, sign_in, started};

#[tokio::test]
async fn an_honest_proof_says_who_somebody_is() {
    let (service, oidc, _) = started().await;
    let whole = Identity {
        issuer: service.issuer.clone(),
        subject: "ann-1".into(),
        email: Some("ann@example.org".into()),
        name: Some("Ann".into()),
        groups: vec!["cx".into()],
    };
    assert_eq!(sign_in(&service, &oidc, ann()).await, Ok(whole.clone()));
    assert_eq!(service.asked(), ["/.well-known/openid-configuration", "/keys", "/token"], "it said enough by itself");
    service.say_only_when_asked();
    assert_eq!(sign_in(&service, &oidc, ann()).await, Ok(whole));
    assert_eq!(service.asked(), ["/token", "/me"]);
}

#[tokio::test]
async fn an_address_counts_only_when_the_service_vouches_for_it() {
    let (service, oidc, _) = started().await;
    for asked_for in [false, true] {
        if asked_for {
            service.say_only_when_asked();
        }
        for (verified, counts) in [
            (json!(true), true),
            (json!("true"), true),
            (json!(false), false),
            (json!("false"), false),
            (json!(null), false),
        ] {
            let mut claims = ann();
            claims["email_verified"] = verified.clone();
            let identity = sign_in(&service, &oidc, claims).await.expect("a good proof");
            assert_eq!(identity.email.is_some(), counts, "{verified} asked for: {asked_for}");
        }
    }
}

#[tokio::test]
async fn a_forged_proof_signs_nobody_in() {
    let (service, oidc, _) = started().await;
    for (forged, why) in [
        (Forged::Missing, Unproven::Missing),
        (Forged::Issuer, Unproven::Issuer),
        (Forged::Audience, Unproven::Audience),
        (Forged::TwoAudiences, Unproven::Audience),
        (Forged::Party, Unproven::Audience),
        (Forged::Expired, Unproven::Expired),
        (Forged::Nonce, Unproven::Nonce),
        (Forged::NoNonce, Unproven::Nonce),
        (Forged::AlgNone, Unproven::Signature),
        (Forged::OwnSecret, Unproven::Signature),
        (Forged::PublicKeyAsSecret, Unproven::Signature),
        (Forged::AnotherKey, Unproven::Signature),
        (Forged::Changed, Unproven::Signature),
        (Forged::Nonsense, Unproven::Unreadable),
    ] {
        service.forge(forged);
        match sign_in(&service, &oidc, ann()).await {
            Err(IdentityError::Unproven { why: said, told }) => {
                assert_eq!(said, why, "{forged:?}: {told}");
                for secret in [SECRET, "eyJ", "token.atall"] {
                    assert!(!told.contains(secret), "{forged:?}: {told}");
                }
            }
            other => panic!("{forged:?}: {other:?}"),
        }
    }
    service.forge(Forged::Honest);
    assert!(sign_in(&service, &oidc, ann()).await.is_ok(), "and nothing of it stays behind");
}

#[tokio::test]
async fn a_proof_is_good_until_its_time_is_over() {
    let (service, oidc, clock) = started().await;
    for (after, good) in [(299, true), (300, false)] {
        let begun = oidc.begin(BACK).await.expect("begun");
        let (_, code) = service.agree(&begun.address, ann());
        clock.advance(TimeDelta::seconds(after));
        assert_eq!(oidc.end(BACK, &code, &begun).await.is_ok(), good, "{after} s later");
    }
}

#[tokio::test]
async fn a_code_is_worth_nothing_without_what_it_was_begun_with() {
    let (service, oidc, _) = started().await;
    let refused = |outcome: Result<Identity, IdentityError>| match outcome {
        Err(IdentityError::Refused(told)) => {
            assert!(!told.contains("somebody"), "what the service quotes is kept back: {told}");
            true
        }
        _ => false,
    };
    let begun = oidc.begin(BACK).await.expect("begun");
    let (_, code) = service.agree(&begun.address, ann());
    let another = oidc.begin(BACK).await.expect("begun");
    assert!(refused(oidc.end(BACK, &code, &another).await), "another browser has another verifier");
    let (_, code) = service.agree(&begun.address, ann());
    assert!(refused(oidc.end("https://evil.example/back", &code, &begun).await));
    let (_, code) = service.agree(&begun.address, ann());
    assert!(oidc.end(BACK, &code, &begun).await.is_ok());
    assert!(refused(oidc.end(BACK, &code, &begun).await), "once");
    assert!(refused(oidc.end(BACK, "made-up", &begun).await));
}
