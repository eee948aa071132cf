//! Out to the body's own sign-in service and back, in a browser.

use axum::http::StatusCode;
use commonweal_app::govern::outside::Rules;
use commonweal_domain::Actor;
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::duties::{ADMINISTRATOR, VIEWER};
use commonweal_testkit::identity::{Forged, SECRET, Service};
use commonweal_testkit::on_both_engines;
use commonweal_web::WebConfig;
use serde_json::{Value, json};

use crate::support::{Answer, Server, Visitor};

fn config() -> WebConfig {
    WebConfig { public_url: "https://voice.example.org/".into(), secure_cookies: true, ..WebConfig::default() }
}

async fn body(db: TestDb, rules: Rules) -> (Server, Service) {
    Server::with_outside(db, config(), rules).await
}

fn claims(sub: &str, email: &str) -> Value {
    json!({"sub": sub, "email": email, "email_verified": true, "name": "Ann Example"})
}

/// Keeps the cookies that an answer sets beside those that were there, as a browser does.
pub(crate) fn keep(visitor: &mut Visitor<'_>, answer: &Answer) {
    let mut all: Vec<String> = visitor.cookie.iter().flat_map(|c| c.split("; ").map(str::to_owned)).collect();
    for set in answer.set_cookies() {
        let pair = set.split(';').next().unwrap_or_default();
        let name = format!("{}=", pair.split('=').next().unwrap_or_default());
        all.retain(|kept| !kept.starts_with(&name));
        if !set.contains("Max-Age=0") {
            all.push(pair.to_owned());
        }
    }
    visitor.cookie = (!all.is_empty()).then(|| all.join("; "));
}

/// Goes out, and comes back with the answer of the service.
async fn come(visitor: &mut Visitor<'_>, service: &Service, next: &str, claims: Value) -> Answer {
    let query = serde_urlencoded::to_string([("next", next)]).expect("a query");
    let out = visitor.get(&format!("/sign-in/out?{query}")).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER, "{}", out.text());
    keep(visitor, &out);
    let (state, code) = service.agree(out.location(), claims);
    let back = visitor.get(&format!("/sign-in/back?state={state}&code={code}")).await;
    keep(visitor, &back);
    back
}

on_both_engines! {
    async fn the_page_leads_out_to_the_service_and_back_to_where_somebody_wanted_to_go(db: TestDb) {
        let (server, service) = body(db, Rules::default()).await;
        let user = server.test.user(VIEWER).await;
        let mut visitor = server.nobody();
        let page = visitor.get("/sign-in?next=/understand/explorer").await.text();
        assert!(page.contains("href=\"/sign-in/out?next=%2Funderstand%2Fexplorer\""), "{page}");
        assert!(page.contains("Sign in with Town login") && page.contains("name=\"password\""));
        let back = come(&mut visitor, &service, "/understand/explorer", claims("ann", &user.email)).await;
        assert_eq!((back.status, back.location()), (StatusCode::SEE_OTHER, "/understand/explorer"));
        let cookies = back.set_cookies();
        for (name, set) in [("__Host-cw_out=", 0), ("__Host-cw=", 1), ("__Host-cw_device=", 1)] {
            let found: Vec<_> = cookies.iter().filter(|c| c.starts_with(name)).collect();
            assert_eq!(found.len(), 1, "{cookies:?}");
            assert!(found[0].contains("HttpOnly") && found[0].contains("SameSite=Lax") && found[0].contains("Secure"));
            assert_eq!(found[0].contains("Max-Age=0"), set == 0, "{found:?}");
        }
        assert_eq!(visitor.get("/understand/explorer").await.status, StatusCode::OK);
        let long = format!("/understand/explorer?q={}", "x".repeat(3_000));
        let back = come(&mut server.nobody(), &service, &long, claims("ann", &user.email)).await;
        assert_eq!(back.location(), "/", "no cookie is too long for a browser");
        assert!(visitor.get("/me").await.text().contains(&user.email));
        let out = visitor.post("/sign-out", "").await;
        assert_eq!(out.location(), "/sign-in?out=yes");
        keep(&mut visitor, &out);
        let page = visitor.get(out.location()).await.text();
        assert!(page.contains("Sign out of Town login too") && page.contains(&format!("{}/out?", service.issuer)), "{page}");
    }

    async fn nobody_is_led_to_another_server(db: TestDb) {
        let (server, service) = body(db, Rules::default()).await;
        let user = server.test.user(VIEWER).await;
        for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "/sign-in/out"] {
            let back = come(&mut server.nobody(), &service, next, claims("ann", &user.email)).await;
            assert_eq!(back.location(), "/", "{next:?}");
        }
    }

    async fn a_session_of_before_is_ended(db: TestDb) {
        let (server, service) = body(db, Rules::default()).await;
        let user = server.test.user(VIEWER).await;
        let mut visitor = server.nobody();
        come(&mut visitor, &service, "", claims("ann", &user.email)).await;
        let planted = visitor.clone();
        come(&mut visitor, &service, "", claims("ann", &user.email)).await;
        assert_eq!(visitor.get("/me").await.status, StatusCode::OK);
        assert_eq!(planted.get("/me").await.status, StatusCode::SEE_OTHER);
    }

    async fn whoever_does_not_get_in_is_told_why_and_what_to_do(db: TestDb) {
        let (server, service) = body(db, Rules::default()).await;
        let told = async |answer: Answer, words: &str| {
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            let text = answer.text();
            assert!(text.contains(words), "{words}: {text}");
            assert!(!text.contains(SECRET) && !text.contains("eyJ"));
            assert!(answer.set_cookies().iter().all(|c| !c.starts_with("__Host-cw=")), "no session");
        };
        let mut nobody = server.nobody();
        told(come(&mut nobody, &service, "", claims("ann", "ann@example.org")).await, "you may not sign in here").await;
        told(nobody.get("/sign-in/back?state=made-up&code=made-up").await, "begun in another browser").await;
        told(nobody.get("/sign-in/back").await, "begun in another browser").await;
        told(nobody.get("/sign-in/back?error=access_denied&error_description=%3Cb%3Ex").await, "You were not signed in at Town login").await;
        service.forge(Forged::Audience);
        told(come(&mut nobody, &service, "", claims("ann", "ann@example.org")).await, "meant for another application").await;
        server.test.clock.advance(chrono::TimeDelta::hours(2));
        service.fall_silent(true);
        let away = nobody.get("/sign-in/out").await;
        assert_eq!((away.status, away.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "30"));
        let text = away.text();
        assert!(text.contains("Town login can’t be asked just now") && text.contains("name=\"password\""), "{text}");
        let log = crate::logs::captured();
        assert!(log.contains("nobody was signed in by the sign-in service"), "whoever runs the server learns why");
        for secret in [SECRET, "eyJ", "ann@example.org", "code-1", "code-2"] {
            let lines: Vec<&str> = log.lines().filter(|l| l.contains(secret)).take(3).collect();
            assert!(lines.is_empty(), "{secret} is in the log: {lines:#?}");
        }
    }

    async fn what_came_back_is_worth_nothing_in_another_browser_or_a_second_time(db: TestDb) {
        let (server, service) = body(db, Rules::default()).await;
        let user = server.test.user(VIEWER).await;
        let (mut mine, mut other) = (server.nobody(), server.nobody());
        let out = mine.get("/sign-in/out").await;
        keep(&mut mine, &out);
        let (state, code) = service.agree(out.location(), claims("ann", &user.email));
        let address = format!("/sign-in/back?state={state}&code={code}");
        let begun = other.get("/sign-in/out").await;
        keep(&mut other, &begun);
        assert_eq!(other.get(&address).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let copied = mine.clone();
        let back = mine.get(&address).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER);
        keep(&mut mine, &back);
        assert_eq!(mine.get(&address).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(copied.get(&address).await.status, StatusCode::UNPROCESSABLE_ENTITY, "with the cookie of before neither");
    }

    async fn where_the_service_alone_is_good_no_page_asks_for_a_password(db: TestDb) {
        let (server, service) = body(db, Rules { only: true, ..Rules::default() }).await;
        let operator = Actor::Operator;
        let (user, link) = server.test.app.add_user(&operator, "ann@example.org", "Ann", Default::default()).await.expect("added");
        let mut visitor = server.nobody();
        let page = visitor.get("/sign-in").await.text();
        assert!(page.contains("Sign in with Town login") && !page.contains("name=\"password\""), "{page}");
        assert_eq!(visitor.get(&format!("/join/{link}")).await.location(), "/sign-in");
        let refused = visitor.sign_in(&user.email, "a password nobody guesses", "").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("Nobody signs in with a password here."));
        let joined = visitor.post(&format!("/join/{link}"), "password=a+password+nobody+guesses").await;
        assert_eq!(joined.status, StatusCode::UNPROCESSABLE_ENTITY);
        visitor.cookie = None;
        assert_eq!(come(&mut visitor, &service, "", claims("ann", "ann@example.org")).await.status, StatusCode::SEE_OTHER);
        let me = visitor.get("/me").await.text();
        assert!(!me.contains("name=\"new_password\""), "there is none to change");
        let mut administrator = server.nobody();
        let other = server.test.user(ADMINISTRATOR).await;
        come(&mut administrator, &service, "", claims("other", &other.email)).await;
        let users = administrator.get("/settings/users").await.text();
        assert!(users.contains("They sign in with Town login, by the email address"), "{users}");
        let added = administrator.post("/settings/users", "name=Bea&email=bea%40example.org").await.text();
        assert!(added.contains("Bea signs in with Town login") && !added.contains("/join/"), "{added}");
        let page = format!("/settings/users/{}", user.id);
        let known = administrator.get(&page).await.text();
        assert!(known.contains("They have signed in with Town login.") && known.contains("has to vouch for them anew"), "{known}");
        let reset = administrator.post(&format!("{page}/reset"), "").await.text();
        assert!(reset.contains("Ann signs in with Town login") && !reset.contains("/join/"), "{reset}");
        assert!(administrator.get(&page).await.text().contains("They have not signed in with Town login yet."));
    }

    async fn what_was_typed_before_the_session_ended_can_be_sent_after_the_service(db: TestDb) {
        let (server, service) = body(db, Rules::default()).await;
        let user = server.test.user(VIEWER).await;
        let mut visitor = server.nobody();
        let page = visitor.post("/me", "rows=50&shortcuts=yes").await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        let text = page.text();
        assert!(text.contains("Sign in with Town login in a new tab") && text.contains("target=\"_blank\""), "{text}");
        assert!(text.contains("<form method=\"post\" action=\"/me\"") && text.contains("name=\"rows\" value=\"50\""), "{text}");
        come(&mut visitor, &service, "", claims("ann", &user.email)).await;
        assert_eq!(visitor.post("/me", "rows=50&shortcuts=yes").await.status, StatusCode::SEE_OTHER);
    }

    async fn a_body_without_a_service_has_no_way_out(db: TestDb) {
        let server = Server::on(db).await;
        let nobody = server.nobody();
        for path in ["/sign-in/out", "/sign-in/back?state=a&code=b"] {
            let answer = nobody.get(path).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in"), "{path}");
        }
        assert!(!nobody.get("/sign-in").await.text().contains("/sign-in/out"));
    }
}
