//! The pages of the second step of signing in.

use axum::http::StatusCode;
use chrono::TimeDelta;
use commonweal_domain::{Actor, BodySettings, Duty};
use commonweal_testkit::app::PASSWORD;
use commonweal_testkit::duties::ANALYST;
use commonweal_testkit::{on_both_engines, totp};

use crate::support::{Server, Visitor};

/// What stands between two pieces of a page.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    page.split(before)
        .nth(1)
        .and_then(|rest| rest.split(after).next())
        .unwrap_or_else(|| panic!("no {before} in {page}"))
}

/// Sets it up through the pages; gives the key and a recovery code.
async fn set_up(visitor: &Visitor<'_>) -> (String, String) {
    assert_eq!(visitor.post("/second-step/begin", "").await.location(), "/second-step");
    let page = visitor.get("/second-step").await.text();
    assert!(page.contains("<svg xmlns") && !page.contains("<?xml"), "{page}");
    let key = between(&page, "id=\"key\">", "<").to_owned();
    let wrong = visitor.post("/second-step/confirm", "code=no").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("id=\"code-error\"") && wrong.text().contains(&key), "it goes on with the same key");
    let code = totp::code(&key, visitor.server.test.app.now());
    let on = visitor.post("/second-step/confirm", &format!("code={code}")).await;
    assert_eq!(on.status, StatusCode::OK, "{}", on.text());
    assert_eq!(on.text().matches("<li><code").count(), 10);
    let recovery = between(&on.text(), "<li><code class=\"cw-code\">", "<").to_owned();
    visitor.server.test.clock.advance(TimeDelta::seconds(30));
    (key, recovery)
}

on_both_engines! {
    async fn who_has_a_second_step_types_a_code_and_goes_on_where_they_wanted_to(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(ANALYST).await;
        let mut visitor = server.nobody();
        visitor.sign_in(&user.email, PASSWORD, "").await;
        let (key, recovery) = set_up(&visitor).await;
        let mut again = server.nobody();
        let asked = again.sign_in(&user.email, PASSWORD, "/understand/explorer?q=bus").await;
        assert_eq!(asked.status, StatusCode::OK);
        assert_eq!(asked.header("set-cookie"), "", "there is no session yet");
        let page = asked.text();
        assert!(page.contains("Type your code"), "{page}");
        let ticket = between(&page, "name=\"ticket\" value=\"", "\"").to_owned();
        let form = |code: &str| {
            let fields = [("ticket", ticket.as_str()), ("code", code), ("next", "/understand/explorer?q=bus")];
            serde_urlencoded::to_string(fields).expect("texts")
        };
        let wrong = again.post("/sign-in/code", &form("no")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains(&ticket) && wrong.text().contains("value=\"/understand/explorer?q=bus\""));
        let right = again.post("/sign-in/code", &form(&totp::code(&key, server.test.app.now()))).await;
        assert_eq!((right.status, right.location()), (StatusCode::SEE_OTHER, "/understand/explorer?q=bus"));
        again.cookie = right.cookie();
        assert_eq!(again.get("/understand/explorer").await.status, StatusCode::OK);
        let late = again.post("/sign-in/code", "ticket=made-up&code=000000&next=%2Flisten%2Fimports").await;
        assert_eq!(late.status, StatusCode::SEE_OTHER);
        assert!(late.location().starts_with("/sign-in"), "{}", late.location());
        // A password that is changed goes on without a code: whoever changes it is signed in with one.
        let form = serde_urlencoded::to_string([("current_password", PASSWORD), ("new_password", "copper lantern drizzle")]).expect("texts");
        let changed = again.post("/me/password", &form).await;
        assert_eq!(changed.location(), "/me?done=password-changed", "{}", changed.text());
        again.cookie = changed.cookie();
        let off = again.post("/second-step/off", &format!("password=copper+lantern+drizzle&code={recovery}")).await;
        assert_eq!(off.location(), "/me?done=second-step-off", "{}", off.text());
        assert_eq!(server.nobody().sign_in(&user.email, "copper lantern drizzle", "").await.status, StatusCode::SEE_OTHER);
    }

    async fn whoever_must_have_one_is_led_to_set_it_up_first(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(&[Duty::Administrator]).await;
        let user = server.test.user(ANALYST).await;
        let mut analyst = server.nobody();
        analyst.sign_in(&user.email, PASSWORD, "").await;
        let demand = BodySettings { second_step: vec![Duty::Analyst], ..BodySettings::default() };
        server.test.app.save_settings(&Actor::Operator, 0, demand).await.expect("saved");
        let page = admin.get("/settings").await.text();
        assert!(page.contains("name=\"second_step\""), "it is a setting of the body");
        for path in ["/", "/understand/explorer", "/me"] {
            let led = analyst.get(path).await;
            assert_eq!((led.status, led.location()), (StatusCode::SEE_OTHER, "/second-step"), "{path}");
        }
        assert_eq!(analyst.get("/api/v1/services").await.problem(), "second_step_missing");
        assert!(analyst.get("/second-step").await.text().contains("asks for a second step"));
        set_up(&analyst).await;
        assert_eq!(analyst.get("/understand/explorer").await.status, StatusCode::OK);
        let page = admin.get(&format!("/settings/users/{}", user.id)).await.text();
        assert!(page.contains("Reset second step"));
        let reset = admin.post(&format!("/settings/users/{}/second-step/reset", user.id), "").await;
        assert_eq!(reset.location(), format!("/settings/users/{}?done=second-step-reset", user.id));
        assert_eq!(analyst.get("/").await.location(), "/second-step");
    }
}
