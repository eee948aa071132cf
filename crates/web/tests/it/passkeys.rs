//! Passkeys in a browser: one's own, and signing in with one.

use axum::http::StatusCode;
use chrono::TimeDelta;
use commonweal_app::govern::outside::Rules;
use commonweal_domain::{Actor, BodySettings, Duty};
use commonweal_testkit::app::{ADDRESS, PASSWORD, TestApp};
use commonweal_testkit::duties::ANALYST;
use commonweal_testkit::on_both_engines;
use commonweal_testkit::passkeys::Device;
use commonweal_web::WebConfig;

use crate::outside::keep;
use crate::support::{Answer, Server, Visitor};

fn form(fields: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(fields).expect("texts")
}

/// What the page asks the device.
fn options(page: &str) -> String {
    let told = page.split("data-options=\"").nth(1).and_then(|rest| rest.split('"').next());
    told.unwrap_or_else(|| panic!("no options in {page}"))
        .replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// Adds a passkey through the pages.
async fn add(visitor: &mut Visitor<'_>, device: &mut Device, name: &str) {
    let page = visitor.post("/me/passkeys/new", &form(&[("name", name), ("password", PASSWORD)])).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    keep(visitor, &page);
    let answer = device.create(&options(&page.text()));
    let added = visitor.post("/me/passkeys", &form(&[("name", name), ("passkey", &answer)])).await;
    assert_eq!(added.location(), "/me?done=passkey-added", "{}", added.text());
    keep(visitor, &added);
}

/// Signs in with it a moment later.
async fn come(visitor: &mut Visitor<'_>, device: &mut Device, next: &str) -> Answer {
    visitor.server.test.clock.advance(TimeDelta::seconds(1));
    let begun = visitor.post("/sign-in/passkey/begin", "").await;
    assert_eq!((begun.status, begun.header("content-type")), (StatusCode::OK, "application/json"));
    keep(visitor, &begun);
    let answer = device.get(&begun.text());
    let came = visitor.post("/sign-in/passkey", &form(&[("passkey", &answer), ("next", next)])).await;
    keep(visitor, &came);
    came
}

on_both_engines! {
    async fn somebody_adds_one_signs_in_with_it_renames_and_removes_it(db: TestDb) {
        let server = Server::with(db, WebConfig { secure_cookies: true, public_url: ADDRESS.into(), ..WebConfig::default() }).await;
        let user = server.test.user(ANALYST).await;
        let mut visitor = server.nobody();
        visitor.sign_in(&user.email, PASSWORD, "").await;
        let mut device = Device::at(ADDRESS);
        let wrong = visitor.post("/me/passkeys/new", "name=Laptop&password=wrong").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = wrong.text();
        assert!(page.contains("id=\"password-error\"") && page.contains("value=\"Laptop\"") && !page.contains("data-options"), "{page}");
        add(&mut visitor, &mut device, "Town <laptop>").await;
        let page = visitor.get("/me").await.text();
        assert!(page.contains("Town &#60;laptop&#62;") && page.contains("Never"), "{page}");

        let mut again = server.nobody();
        let begun = again.post("/sign-in/passkey/begin", "").await;
        let cookie = begun.set_cookies()[0].to_owned();
        for part in ["__Host-cw_passkey=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(cookie.contains(part), "{part}: {cookie}");
        }
        let came = come(&mut again, &mut device, "/understand/explorer?q=bus").await;
        assert_eq!((came.status, came.location()), (StatusCode::SEE_OTHER, "/understand/explorer?q=bus"), "{}", came.text());
        assert!(came.set_cookies().iter().any(|c| c.starts_with("__Host-cw_passkey=;") && c.contains("Max-Age=0")), "good for one try");
        let id = server.test.app.own_passkeys(&user.actor()).await.expect("read")[0].id;
        let address = format!("/me/passkeys/{id}");
        assert!(again.get(&address).await.text().contains("Town &#60;laptop&#62;"));
        assert_eq!(server.user(ANALYST).await.get(&address).await.status, StatusCode::NOT_FOUND, "nobody else’s");
        let renamed = again.post(&address, "name=").await;
        assert_eq!(renamed.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(again.post(&address, "name=Old").await.location(), "/me?done=passkey-renamed");
        let kept = again.post(&format!("{address}/remove"), "password=wrong").await;
        assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY);
        let admin = server.user(&[Duty::Administrator]).await;
        assert!(admin.get(&format!("/settings/users/{}", user.id)).await.text().contains("They have 1 passkey."));
        let removed = again.post(&format!("{address}/remove"), &form(&[("password", PASSWORD)])).await;
        assert_eq!(removed.location(), "/me?done=passkey-removed", "{}", removed.text());
        let gone = come(&mut server.nobody(), &mut device, "").await;
        assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(gone.text().contains("opens no account here"));
        assert!(gone.set_cookies().iter().all(|c| !c.starts_with("__Host-cw=")), "no session");
    }

    async fn an_answer_is_worth_nothing_in_another_browser_or_a_second_time(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(ANALYST).await;
        let mut visitor = server.nobody();
        visitor.sign_in(&user.email, PASSWORD, "").await;
        let mut device = Device::at(ADDRESS);
        add(&mut visitor, &mut device, "Laptop").await;
        server.test.clock.advance(TimeDelta::seconds(1));
        let (mut mine, mut other) = (server.nobody(), server.nobody());
        let begun = mine.post("/sign-in/passkey/begin", "").await;
        keep(&mut mine, &begun);
        let theirs = other.post("/sign-in/passkey/begin", "").await;
        keep(&mut other, &theirs);
        let answer = form(&[("passkey", &device.get(&begun.text())), ("next", "//evil.example")]);
        assert_eq!(other.post("/sign-in/passkey", &answer).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(server.nobody().post("/sign-in/passkey", &answer).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let copied = mine.clone();
        assert_eq!(mine.post("/sign-in/passkey", &answer).await.location(), "/");
        let twice = copied.post("/sign-in/passkey", &answer).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(twice.text().contains("ended already"));
        let log = crate::logs::captured();
        assert!(!log.contains("clientDataJSON") && !log.contains("authenticatorData"), "no answer is in the log");
    }

    async fn whoever_must_have_a_second_step_may_add_a_passkey_in_its_place(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(ANALYST).await;
        let mut visitor = server.nobody();
        visitor.sign_in(&user.email, PASSWORD, "").await;
        let demand = BodySettings { second_step: vec![Duty::Analyst], ..BodySettings::default() };
        server.test.app.save_settings(&Actor::Operator, 0, demand).await.expect("saved");
        assert_eq!(visitor.get("/me").await.location(), "/second-step");
        assert!(visitor.get("/second-step").await.text().contains("href=\"/me/passkeys/new\""));
        assert_eq!(visitor.get("/me/passkeys/new").await.status, StatusCode::OK);
        let mut device = Device::at(ADDRESS);
        add(&mut visitor, &mut device, "Laptop").await;
        assert_eq!(visitor.get("/me").await.status, StatusCode::OK);
        let refused = server.nobody().sign_in(&user.email, PASSWORD, "").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = refused.text();
        assert!(page.contains("yours is a passkey") && page.contains("Sign in with a passkey"), "{page}");
        assert_eq!(come(&mut server.nobody(), &mut device, "").await.location(), "/");
    }

    async fn what_was_typed_before_the_session_ended_can_be_sent_after_a_passkey(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(ANALYST).await;
        let mut visitor = server.nobody();
        visitor.sign_in(&user.email, PASSWORD, "").await;
        let mut device = Device::at(ADDRESS);
        add(&mut visitor, &mut device, "Laptop").await;
        let mut nobody = server.nobody();
        let page = nobody.post("/me", "rows=50&shortcuts=yes").await.text();
        let hidden = |name: &str| page.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|r| r.split('"').next()).expect("carried").to_owned();
        let (to, carried) = (hidden("carry_to"), hidden("carry"));
        server.test.clock.advance(TimeDelta::seconds(1));
        let begun = nobody.post("/sign-in/passkey/begin", "").await;
        keep(&mut nobody, &begun);
        let answer = device.get(&begun.text());
        let came = nobody.post("/sign-in/passkey", &form(&[("passkey", &answer), ("carry_to", &to), ("carry", &carried)])).await;
        assert_eq!(came.status, StatusCode::OK);
        assert!(came.text().contains("Send what you typed?") && came.text().contains("name=\"rows\" value=\"50\""));
    }

    async fn where_there_are_none_it_is_said_why_and_nobody_is_offered_one(db: TestDb) {
        let server = Server::at(TestApp::with_address(db, Some("http://voice.example.org")).await);
        let user = server.test.user(ANALYST).await;
        let mut visitor = server.nobody();
        assert!(!visitor.get("/sign-in").await.text().contains("data-passkey"));
        assert_eq!(visitor.post("/sign-in/passkey/begin", "").await.status, StatusCode::CONFLICT);
        visitor.sign_in(&user.email, PASSWORD, "").await;
        for path in ["/me", "/me/passkeys/new"] {
            let page = visitor.get(path).await.text();
            assert!(page.contains("server.public_url does not begin with https://"), "{page}");
        }
        assert_eq!(visitor.post("/me/passkeys/new", &form(&[("name", "x"), ("password", PASSWORD)])).await.status, StatusCode::CONFLICT);
    }

    async fn where_the_service_alone_is_good_there_are_none(db: TestDb) {
        let config = WebConfig { public_url: ADDRESS.into(), ..WebConfig::default() };
        let (server, _service) = Server::with_outside(db, config, Rules { only: true, ..Rules::default() }).await;
        let nobody = server.nobody();
        assert!(!nobody.get("/sign-in").await.text().contains("data-passkey"));
        let refused = nobody.post("/sign-in/passkey/begin", "").await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text().contains("Sign in with Town login."), "{}", refused.text());
    }
}
