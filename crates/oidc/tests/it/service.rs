//! A service that is away, comes back, changes its keys; and what is asked of it.

use chrono::TimeDelta;
use commonweal_ports::{IdentityError, IdentityProvider};

use super::{BACK, ann, sign_in, started};

const KNOWN: &str = "/.well-known/openid-configuration";

#[tokio::test]
async fn a_service_that_changes_its_key_signs_people_in_all_the_same() {
    let (service, oidc, _) = started().await;
    assert!(sign_in(&service, &oidc, ann()).await.is_ok());
    service.change_key();
    service.asked();
    assert!(sign_in(&service, &oidc, ann()).await.is_ok());
    assert_eq!(service.asked(), ["/token", KNOWN, "/keys"], "its keys are asked for when one is not known");
    assert!(sign_in(&service, &oidc, ann()).await.is_ok());
    assert_eq!(service.asked(), ["/token"], "and then they are");
}

#[tokio::test]
async fn what_it_says_of_itself_is_believed_for_an_hour() {
    let (service, oidc, clock) = started().await;
    for (after, asked) in [(0, 1), (59, 0), (1, 1), (30, 0)] {
        clock.advance(TimeDelta::minutes(after));
        oidc.begin(BACK).await.expect("begun");
        let times = service.asked().iter().filter(|path| path.as_str() == KNOWN).count();
        assert_eq!(times, asked, "after {after} minutes");
    }
}

#[tokio::test]
async fn a_service_that_is_away_is_not_asked_by_everybody_and_comes_back() {
    let (service, oidc, clock) = started().await;
    service.fall_silent(true);
    for _ in 0..5 {
        assert!(matches!(oidc.begin(BACK).await, Err(IdentityError::Unreachable(_))));
    }
    assert_eq!(service.asked(), [KNOWN], "one asked, the others were told");
    assert_eq!(oidc.sign_out(BACK).await, None);
    service.fall_silent(false);
    assert!(oidc.begin(BACK).await.is_err(), "for a moment it is taken to be away still");
    clock.advance(TimeDelta::seconds(5));
    let begun = oidc.begin(BACK).await.expect("it is back");
    let (_, code) = service.agree(&begun.address, ann());
    service.fall_silent(true);
    assert!(matches!(oidc.end(BACK, &code, &begun).await, Err(IdentityError::Unreachable(_))));
    service.fall_silent(false);
    assert!(oidc.end(BACK, &code, &begun).await.is_ok(), "it is still known");
}

#[tokio::test]
async fn many_at_once_ask_once_what_it_says_of_itself() {
    let (service, oidc, _) = started().await;
    let (a, b, c) = tokio::join!(oidc.begin(BACK), oidc.begin(BACK), oidc.begin(BACK));
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    assert_eq!(service.asked(), [KNOWN, "/keys"]);
}

#[tokio::test]
async fn the_browser_is_sent_with_state_nonce_and_challenge_and_never_the_same() {
    let (service, oidc, _) = started().await;
    let (one, two) = (oidc.begin(BACK).await.expect("begun"), oidc.begin(BACK).await.expect("begun"));
    assert!(one.state != two.state && one.nonce != two.nonce && one.verifier != two.verifier);
    for begun in [&one, &two] {
        assert!(begun.state.len() >= 22 && begun.nonce.len() >= 22 && begun.verifier.len() >= 43);
        assert!(
            begun.address.starts_with(&format!("{}/authorize?response_type=code&client_id=commonweal", service.issuer))
        );
        assert!(begun.address.contains("redirect_uri=https%3A%2F%2Fvoice.example.org%2Fsign-in%2Fback"));
        assert!(begun.address.contains("scope=openid+email+profile"));
        assert!(!begun.address.contains(&begun.verifier), "the verifier stays here");
    }
}

#[tokio::test]
async fn signing_out_there_leads_back_here() {
    let (service, oidc, _) = started().await;
    let place = oidc.sign_out("https://voice.example.org/sign-in").await.expect("it has a place for that");
    assert!(place.starts_with(&format!("{}/out?", service.issuer)), "{place}");
    assert!(place.contains("post_logout_redirect_uri=https%3A%2F%2Fvoice.example.org%2Fsign-in"), "{place}");
}
