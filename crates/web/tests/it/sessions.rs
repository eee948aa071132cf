//! Signing in, staying in, getting out.

use axum::http::StatusCode;
use chrono::TimeDelta;
use commonweal_app::govern::sign_in::{ABSOLUTE_HOURS, IDLE_HOURS};
use commonweal_app::govern::users::ChosenBy;
use commonweal_domain::permission::Scope;
use commonweal_domain::{Actor, Grants};
use commonweal_testkit::app::PASSWORD;
use commonweal_testkit::duties::{ADMINISTRATOR, ANALYST, MANAGER, VIEWER};
use commonweal_testkit::on_both_engines;
use commonweal_web::WebConfig;

use crate::support::{Server, sign_in_form};

/// The path of the one-time link on a page.
fn link_in(page: &str) -> String {
    let token = page.split("https://voice.example.org/join/").nth(1).and_then(|rest| rest.split('<').next());
    format!("/join/{}", token.expect("a link"))
}

on_both_engines! {
    async fn a_page_sends_to_the_sign_in_and_back(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(VIEWER).await;
        let mut visitor = server.nobody();
        let answer = visitor.get("/understand/explorer?q=bus+stop&channel=%21web").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.location(), "/sign-in?next=%2Funderstand%2Fexplorer%3Fq%3Dbus%2Bstop%26channel%3D%2521web");
        let answer = visitor.sign_in(&user.email, PASSWORD, "/understand/explorer?q=bus+stop&channel=%21web").await;
        assert_eq!(answer.location(), "/understand/explorer?q=bus+stop&channel=%21web");
        assert_eq!(visitor.get(answer.location()).await.status, StatusCode::OK);
    }

    async fn nobody_is_sent_to_another_server(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(VIEWER).await;
        for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"] {
            let answer = server.nobody().sign_in(&user.email, PASSWORD, next).await;
            assert_eq!(answer.location(), "/", "{next:?}");
        }
    }

    async fn a_session_that_was_there_before_is_not_carried_over(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(VIEWER).await;
        let mut visitor = server.user(ANALYST).await;
        let planted = visitor.clone();
        visitor.sign_in(&user.email, PASSWORD, "").await;
        assert_ne!(visitor.cookie, planted.cookie, "the token is a new one");
        assert_eq!(visitor.get("/understand/explorer").await.status, StatusCode::OK);
        assert_eq!(planted.get("/understand/explorer").await.status, StatusCode::SEE_OTHER, "the old token is worth nothing");
        let mut made_up = server.nobody();
        made_up.cookie = Some("cw=made-up-by-somebody-else".into());
        made_up.sign_in(&user.email, PASSWORD, "").await;
        assert_ne!(made_up.cookie.as_deref(), Some("cw=made-up-by-somebody-else"));
    }

    async fn signing_out_ends_the_session_on_the_server_too(db: TestDb) {
        let server = Server::on(db).await;
        let visitor = server.user(VIEWER).await;
        let answer = visitor.post("/sign-out", "").await;
        assert_eq!(answer.location(), "/sign-in");
        assert!(answer.header("set-cookie").contains("Max-Age=0"), "{}", answer.header("set-cookie"));
        assert_eq!(visitor.get("/understand/explorer").await.status, StatusCode::SEE_OTHER);
    }

    async fn a_session_ends_when_it_is_not_used(db: TestDb) {
        let server = Server::on(db).await;
        let visitor = server.user(VIEWER).await;
        server.test.clock.advance(TimeDelta::hours(IDLE_HOURS) - TimeDelta::minutes(1));
        assert_eq!(visitor.get("/understand/explorer").await.status, StatusCode::OK);
        server.test.clock.advance(TimeDelta::hours(IDLE_HOURS));
        assert_eq!(visitor.get("/understand/explorer").await.status, StatusCode::SEE_OTHER);
    }

    async fn a_session_ends_after_a_week_however_much_it_is_used(db: TestDb) {
        let server = Server::on(db).await;
        let visitor = server.user(VIEWER).await;
        let mut hours = 0;
        while hours + 8 < ABSOLUTE_HOURS {
            server.test.clock.advance(TimeDelta::hours(8));
            hours += 8;
            assert_eq!(visitor.get("/understand/explorer").await.status, StatusCode::OK, "after {hours} hours");
        }
        server.test.clock.advance(TimeDelta::hours(8));
        assert_eq!(visitor.get("/understand/explorer").await.status, StatusCode::SEE_OTHER);
    }

    async fn another_role_holds_from_the_next_request_on(db: TestDb) {
        let server = Server::on(db).await;
        server.test.user(ADMINISTRATOR).await;
        let user = server.test.user(VIEWER).await;
        let mut visitor = server.nobody();
        visitor.sign_in(&user.email, PASSWORD, "").await;
        assert_eq!(visitor.get("/listen/imports").await.status, StatusCode::FORBIDDEN);
        server.test.app.set_duties(&Actor::Operator, user.id, &Grants::of(MANAGER)).await.expect("duties");
        assert_eq!(visitor.get("/listen/imports").await.status, StatusCode::OK);
    }

    async fn a_user_who_is_shut_out_is_out_at_once(db: TestDb) {
        let server = Server::on(db).await;
        server.test.user(ADMINISTRATOR).await;
        let user = server.test.user(ANALYST).await;
        let mut visitor = server.nobody();
        visitor.sign_in(&user.email, PASSWORD, "").await;
        server.test.app.set_disabled(&Actor::Operator, user.id, true).await.expect("shut out");
        assert_eq!(visitor.get("/understand/explorer").await.status, StatusCode::SEE_OTHER);
        let answer = server.nobody().sign_in(&user.email, PASSWORD, "").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn guessing_passwords_is_slowed_down(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(VIEWER).await;
        let mut visitor = server.nobody();
        for _ in 0..8 {
            let answer = visitor.sign_in(&user.email, "wrong password", "").await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(!answer.text().contains("wrong password"), "a password is never sent back");
        }
        let answer = visitor.sign_in(&user.email, PASSWORD, "").await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "not even the right one");
        server.test.clock.advance(TimeDelta::minutes(15));
        assert_eq!(visitor.sign_in(&user.email, PASSWORD, "").await.status, StatusCode::SEE_OTHER);
    }

    async fn a_stranger_who_guesses_keeps_nobody_out(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(VIEWER).await;
        let wrong = sign_in_form(&user.email, "wrong password", "");
        let right = sign_in_form(&user.email, PASSWORD, "");
        for _ in 0..20 {
            server.nobody().post_from([198, 51, 100, 7], "/sign-in", &wrong).await;
        }
        let stranger = server.nobody().post_from([198, 51, 100, 7], "/sign-in", &right).await;
        assert_eq!(stranger.status, StatusCode::TOO_MANY_REQUESTS);
        let owner = server.nobody().post_from([192, 0, 2, 10], "/sign-in", &right).await;
        assert_eq!(owner.status, StatusCode::SEE_OTHER, "{}", owner.text());
        // From many addresses at once it is slowed down everywhere but where the owner was before.
        for n in 0..60 {
            server.nobody().post_from([203, 0, 113, n], "/sign-in", &wrong).await;
        }
        let elsewhere = server.nobody().post_from([203, 0, 113, 200], "/sign-in", &right).await;
        assert_eq!(elsewhere.status, StatusCode::TOO_MANY_REQUESTS);
        let owner = server.nobody().post_from([192, 0, 2, 10], "/sign-in", &right).await;
        assert_eq!(owner.status, StatusCode::SEE_OTHER, "{}", owner.text());
    }

    async fn a_known_device_is_no_stranger_wherever_it_is(db: TestDb) {
        let server = Server::on(db).await;
        let (user, other) = (server.test.user(VIEWER).await, server.test.user(VIEWER).await);
        let (right, wrong) = (sign_in_form(&user.email, PASSWORD, ""), sign_in_form(&user.email, "wrong password", ""));
        let mut mine = server.nobody();
        let first = mine.post_from([192, 0, 2, 10], "/sign-in", &right).await;
        let set = first.set_cookies();
        assert_eq!(set.len(), 2);
        assert!(set[0].starts_with("cw=") && set[1].starts_with("cw_device="), "{set:?}");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=15552000"] {
            assert!(set[1].contains(part), "{part} in {}", set[1]);
        }
        mine.cookie = set[1].split(';').next().map(str::to_owned);
        for n in 0..80 {
            server.nobody().post_from([203, 0, 113, n], "/sign-in", &wrong).await;
        }
        let unknown = server.nobody().post_from([203, 0, 113, 200], "/sign-in", &right).await;
        assert_eq!(unknown.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(!unknown.header("retry-after").is_empty());
        let known = mine.post_from([203, 0, 113, 200], "/sign-in", &right).await;
        assert_eq!(known.status, StatusCode::SEE_OTHER, "{}", known.text());
        // Somebody else on the same device: both are remembered.
        let second = mine.post_from([192, 0, 2, 11], "/sign-in", &sign_in_form(&other.email, PASSWORD, "")).await;
        mine.cookie = second.set_cookies()[1].split(';').next().map(str::to_owned);
        assert_eq!(mine.post_from([203, 0, 113, 200], "/sign-in", &right).await.status, StatusCode::SEE_OTHER);
    }

    async fn a_new_password_ends_the_sessions_of_the_old_one(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(ADMINISTRATOR).await;
        let user = server.test.user(ANALYST).await;
        let mut visitor = server.nobody();
        visitor.sign_in(&user.email, PASSWORD, "").await;
        assert_eq!(visitor.get("/understand/explorer").await.status, StatusCode::OK);
        let reset = admin.post(&format!("/settings/users/{}/reset", user.id), "").await;
        assert_eq!(reset.status, StatusCode::OK, "{}", reset.text());
        let link = link_in(&reset.text());
        assert_eq!(visitor.get("/understand/explorer").await.status, StatusCode::SEE_OTHER, "whoever had the old one is out");
        assert_eq!(server.nobody().sign_in(&user.email, PASSWORD, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let weak = visitor.post(&link, "password=password1234").await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(weak.text().contains("would soon be guessed") && !weak.text().contains("password1234"));
        let chosen = visitor.post(&link, "password=another+correct+horse").await;
        assert_eq!((chosen.status, chosen.location()), (StatusCode::SEE_OTHER, "/"));
        visitor.cookie = chosen.cookie();
        assert_eq!(visitor.get("/understand/explorer").await.status, StatusCode::OK);
        assert_eq!(server.nobody().sign_in(&user.email, "another correct horse", "").await.status, StatusCode::SEE_OTHER);
        for gone in [server.nobody().get(&link).await, server.nobody().post(&link, "password=yet+another+horse").await] {
            assert_eq!(gone.status, StatusCode::NOT_FOUND);
            assert!(gone.text().contains("This link is not good any more"));
        }
        assert_eq!(admin.get("/understand/explorer").await.status, StatusCode::OK, "others stay in");
    }

    async fn whoever_is_added_comes_in_by_the_link_that_is_shown_once(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(ADMINISTRATOR).await;
        let added = admin.post("/settings/users", "email=new%40example.org&name=New").await;
        assert_eq!(added.status, StatusCode::OK, "{}", added.text());
        let link = link_in(&added.text());
        assert!(!admin.get("/settings/users").await.text().contains("/join/"), "it can't be had again");
        let mut visitor = server.nobody();
        assert!(visitor.get(&link).await.text().contains("You sign in with new@example.org."));
        visitor.cookie = visitor.post(&link, "password=another+correct+horse").await.cookie();
        assert_eq!(visitor.get("/").await.status, StatusCode::OK);
        let taken = admin.post("/settings/users", "email=NEW%40example.org&name=New").await;
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(taken.text().contains("id=\"email-error\""), "{}", taken.text());
    }

    async fn nothing_works_before_a_password_that_another_knows_is_changed(db: TestDb) {
        let server = Server::on(db).await;
        let chosen = ("copper lantern drizzle", ChosenBy::Another);
        let added = server.test.app.add_user_with_password(&Actor::Operator, "ada@example.org", "Ada", Grants::of(ADMINISTRATOR), chosen);
        added.await.expect("added");
        let mut visitor = server.nobody();
        assert_eq!(visitor.sign_in("ada@example.org", chosen.0, "").await.status, StatusCode::SEE_OTHER);
        for page in ["/", "/understand/explorer", "/me", "/settings/users", "/events"] {
            let led = visitor.get(page).await;
            assert_eq!((led.status, led.location()), (StatusCode::SEE_OTHER, "/new-password"), "{page}");
        }
        let led = visitor.post("/settings/users", "email=new%40example.org&name=New").await;
        assert_eq!((led.status, led.location()), (StatusCode::SEE_OTHER, "/new-password"));
        let api = visitor.get("/api/v1/services").await;
        assert_eq!((api.status, api.problem().as_str()), (StatusCode::FORBIDDEN, "password_must_change"));
        assert!(visitor.get("/new-password").await.text().contains("Choose your password"));
        let form = |new: &str| serde_urlencoded::to_string([("current_password", chosen.0), ("password", new)]).expect("texts");
        let same = visitor.post("/new-password", &form(chosen.0)).await;
        assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(same.text().contains("id=\"password-error\""), "{}", same.text());
        let changed = visitor.post("/new-password", &form("a new and long one")).await;
        assert_eq!((changed.status, changed.location()), (StatusCode::SEE_OTHER, "/"));
        visitor.cookie = changed.cookie();
        assert_eq!(visitor.get("/settings/users").await.status, StatusCode::OK);
        assert_eq!(visitor.get("/new-password").await.location(), "/me", "there is nothing to do any more");
        assert_eq!(server.nobody().get("/new-password").await.location(), "/sign-in");
    }

    async fn sessions_are_listed_and_ended(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(VIEWER).await;
        let (mut here, mut elsewhere) = (server.nobody(), server.nobody());
        here.sign_in(&user.email, PASSWORD, "").await;
        assert!(!here.get("/me").await.text().contains("/me/sessions/end-others"), "there is no other");
        elsewhere.sign_in(&user.email, PASSWORD, "").await;
        let page = here.get("/me").await.text();
        let id = page.split("name=\"session\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("the other one");
        let ended = here.post("/me/sessions/end", &format!("session={id}")).await;
        assert_eq!(ended.location(), "/me?done=session-ended");
        assert_eq!(elsewhere.get("/me").await.status, StatusCode::SEE_OTHER);
        elsewhere.sign_in(&user.email, PASSWORD, "").await;
        assert_eq!(here.post("/me/sessions/end-others", "").await.location(), "/me?done=sessions-ended");
        assert_eq!(elsewhere.get("/me").await.status, StatusCode::SEE_OTHER);
        assert_eq!(here.get("/me").await.status, StatusCode::OK);
    }

    async fn who_changes_the_own_password_stays_in_here_and_is_out_elsewhere(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(VIEWER).await;
        let (mut here, mut elsewhere) = (server.nobody(), server.nobody());
        here.sign_in(&user.email, PASSWORD, "").await;
        elsewhere.sign_in(&user.email, PASSWORD, "").await;
        let before = here.clone();
        let form = |new: &str| {
            serde_urlencoded::to_string([("current_password", PASSWORD), ("new_password", new)]).expect("texts")
        };
        let short = here.post("/me/password", &form("short")).await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(short.text().contains("id=\"new_password-error\"") && !short.text().contains(PASSWORD));
        assert_eq!(elsewhere.get("/understand/explorer").await.status, StatusCode::OK);
        let changed = here.post("/me/password", &form("a new and long one")).await;
        here.cookie = changed.cookie();
        assert_eq!(changed.location(), "/me?done=password-changed");
        assert_ne!(here.cookie, before.cookie, "the token is a new one");
        assert_eq!(here.get("/understand/explorer").await.status, StatusCode::OK);
        for gone in [&before, &elsewhere] {
            assert_eq!(gone.get("/understand/explorer").await.status, StatusCode::SEE_OTHER);
        }
    }

    async fn a_session_that_ended_can_not_be_used_again(db: TestDb) {
        let server = Server::on(db).await;
        let visitor = server.user(VIEWER).await;
        let cookie = visitor.cookie.clone().expect("a cookie");
        let token = cookie.split_once('=').expect("a name and a value").1;
        assert!(token.len() >= 43, "256 bits of chance");
        for made_up in [&token[..token.len() - 1], &token.to_lowercase(), "", "x"] {
            let mut other = server.nobody();
            other.cookie = Some(format!("cw={made_up}"));
            assert_eq!(other.get("/understand/explorer").await.status, StatusCode::SEE_OTHER, "{made_up:?}");
        }
        visitor.post("/sign-out", "").await;
        assert_eq!(visitor.get("/understand/explorer").await.status, StatusCode::SEE_OTHER);
        assert_eq!(visitor.get("/api/v1/services").await.problem(), "unauthenticated");
    }

    async fn an_account_that_is_not_there_is_refused_in_the_same_words(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(VIEWER).await;
        let wrong = server.nobody().sign_in(&user.email, "wrong password", "").await;
        let unknown = server.nobody().sign_in("nobody@example.org", "wrong password", "").await;
        assert_eq!(wrong.text().replace(&user.email, ""), unknown.text().replace("nobody@example.org", ""));
    }

    async fn a_cookie_over_https_is_bound_to_the_host(db: TestDb) {
        let config = WebConfig { secure_cookies: true, public_url: "https://voice.example.org".into(), ..WebConfig::default() };
        let server = Server::with(db, config).await;
        let user = server.test.user(VIEWER).await;
        let answer = server.nobody().sign_in(&user.email, PASSWORD, "").await;
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("__Host-cw="), "{cookie}");
        let device = answer.set_cookies()[1];
        assert!(device.starts_with("__Host-cw_device="), "{device}");
        for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(cookie.contains(part) && device.contains(part), "{part} in {cookie} and {device}");
        }
        assert!(!cookie.contains("Domain") && !cookie.contains("Max-Age"), "{cookie}");
        assert!(answer.header("strict-transport-security").starts_with("max-age="));
        let form = format!("email={}&password={}&stay=yes", user.email.replace('@', "%40"), PASSWORD.replace(' ', "+"));
        let stays = server.nobody().post("/sign-in", &form).await;
        assert!(stays.header("set-cookie").contains("Max-Age=604800"), "{}", stays.header("set-cookie"));
    }

    async fn a_key_that_was_taken_back_is_refused(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        assert_eq!(program.get("/api/v1/services").await.status, StatusCode::OK);
        let keys = server.test.app.keys(&Actor::Operator).await.expect("keys");
        server.test.app.revoke_key(&Actor::Operator, keys[0].id).await.expect("taken back");
        let answer = program.get("/api/v1/services").await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (401, "key_revoked"));
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
}
