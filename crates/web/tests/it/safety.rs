//! Other websites, too many requests.

use std::num::NonZeroU32;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use commonweal_domain::Actor;
use commonweal_domain::permission::Scope;
use commonweal_testkit::duties::ADMINISTRATOR;
use commonweal_testkit::on_both_engines;
use commonweal_web::{RateLimits, WebConfig};

use crate::support::{Answer, Server, Visitor};

async fn from_elsewhere(
    visitor: &Visitor<'_>,
    address: &str,
    kind: &str,
    body: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let mut request = visitor.request(Method::POST, address).header(header::CONTENT_TYPE, kind);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    visitor.server.ask(request.body(Body::from(body.to_owned())).expect("a valid request")).await
}

const FORM: &str = "application/x-www-form-urlencoded";

on_both_engines! {
    async fn what_another_website_sends_is_refused(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(ADMINISTRATOR).await;
        let form = "name=Planted&scopes=feedback%3Aexport";
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "https://other.example.org")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
        ] {
            let answer = from_elsewhere(&admin, "/settings/keys", FORM, form, headers).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
            assert!(answer.text().contains("another website"), "{}", answer.text());
        }
        let json = from_elsewhere(&admin, "/api/v1/feedback", "application/json", r#"{"rating":1}"#, &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!(json.problem(), "cross_site");
        assert_eq!(server.test.app.keys(&Actor::Operator).await.expect("keys"), [], "nothing was done");
        let own = from_elsewhere(&admin, "/settings/keys", FORM, form, &[("origin", "https://voice.example.org")]).await;
        assert!(own.status.is_success() || own.status.is_redirection(), "{}", own.text());
        assert_eq!(server.test.app.keys(&Actor::Operator).await.expect("keys").len(), 1);
    }

    async fn a_caller_without_a_valid_key_is_slowed_down(db: TestDb) {
        let one = NonZeroU32::MIN;
        let rate = RateLimits { refused_per_address: one, refused_per_address_burst: NonZeroU32::new(3).expect("not zero"), ..RateLimits::default() };
        let server = Server::with(db, WebConfig { rate, ..WebConfig::default() }).await;
        let mut guess = server.nobody();
        guess.key = Some("cw_guessed".into());
        for _ in 0..3 {
            assert_eq!(guess.get("/api/v1/services").await.problem(), "unauthenticated");
        }
        let answer = guess.get("/api/v1/services").await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (429, "too_many"));
        assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|s| s >= 1));
        let known = server.program(&[Scope::FeedbackRead]).await;
        assert_eq!(known.get("/api/v1/services").await.status, StatusCode::OK, "others at the same address go on");
    }

    async fn one_key_can_not_take_everything(db: TestDb) {
        let burst = NonZeroU32::new(5).expect("not zero");
        let rate = RateLimits { per_caller: NonZeroU32::MIN, per_caller_burst: burst, ..RateLimits::default() };
        let server = Server::with(db, WebConfig { rate, ..WebConfig::default() }).await;
        let greedy = server.program(&[Scope::FeedbackRead]).await;
        let mut refused = 0;
        for _ in 0..50 {
            let answer = greedy.get("/api/v1/services").await;
            if answer.status == StatusCode::TOO_MANY_REQUESTS {
                refused += 1;
            }
        }
        assert!(refused > 0, "fifty at once are more than five and one each second");
        let other = server.program(&[Scope::FeedbackRead]).await;
        assert_eq!(other.get("/api/v1/services").await.status, StatusCode::OK);
    }
}
