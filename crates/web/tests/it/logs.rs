//! What is written to the log, by all tests of this program together: never personal data.

use std::io::Write;
use std::sync::{Arc, Mutex, Once};

use axum::body::Body;
use axum::http::{Method, header};
use commonweal_app::govern::users::ChosenBy;
use commonweal_domain::permission::Scope;
use commonweal_domain::{Actor, Grants};
use commonweal_testkit::app::PASSWORD;
use commonweal_testkit::duties::ADMINISTRATOR;
use commonweal_testkit::on_both_engines;

use crate::support::Server;

static BUFFER: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Captured;

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        BUFFER.lock().expect("nobody panics while it writes").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Captures everything down to debug, from all crates.
pub(crate) fn begin() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        let subscriber =
            tracing_subscriber::fmt().json().with_max_level(tracing::Level::DEBUG).with_writer(|| Captured).finish();
        tracing::subscriber::set_global_default(subscriber).expect("nobody else captures");
    });
}

pub(crate) fn captured() -> String {
    String::from_utf8_lossy(&BUFFER.lock().expect("nobody panics while it writes")).into_owned()
}

on_both_engines! {
    async fn no_name_address_or_secret_reaches_the_log(db: TestDb) {
        let server = Arc::new(Server::on(db).await);
        let app = &server.test.app;
        let chosen = (PASSWORD, ChosenBy::Themselves);
        app.add_user_with_password(&Actor::Operator, "zebulon.quackenbush@example.org", "Zebulon Quackenbush", Grants::of(ADMINISTRATOR), chosen).await.expect("a user");
        let mut visitor = server.nobody();
        visitor.sign_in("zebulon.quackenbush@example.org", "Quackenbush-wrong", "").await;
        visitor.sign_in("zebulon.quackenbush@example.org", PASSWORD, "/understand/explorer?q=Quackenbush").await;
        for address in [
            "/understand/explorer?q=Zebulon+Quackenbush",
            "/people/Zebulon-Quackenbush",
            "/understand/feedback/Quackenbush",
            "/api/v1/feedback?q=Quackenbush&area=Quackenbush",
            "/api/v1/feedback?Quackenbush=1&channel=Quackenbush&cursor=Quackenbush",
            "/api/v1/export.csv?q=Quackenbush",
            "/assets/Quackenbush.css",
        ] {
            visitor.get(address).await;
        }
        let program = server.program(&[Scope::FeedbackWrite]).await;
        let secret = program.key.clone().expect("a key");
        let sent = program.send("/api/v1/feedback", r#"{"rating": 1, "comment": "Zebulon Quackenbush, 0161 496 0789, zq@example.org", "attributes": {"kin": "Quackenbush"}, "service": "Quackenbush"}"#).await;
        assert_eq!(sent.status.as_u16(), 201, "{}", sent.text());
        program.send("/api/v1/feedback", r#"{"rating": 99, "device": "Quackenbush", "channel": "Quackenbush", "Quackenbush": 1}"#).await;
        program.send("/api/v1/feedback", r#"{"comment": Quackenbush}"#).await;
        program.send_as("/api/v1/feedback", "text/Quackenbush", "Quackenbush", &[("idempotency-key", "Quackenbush"), ("user-agent", "Quackenbush"), ("x-request-id", "Quackenbush")]).await;
        let mut guess = server.nobody();
        guess.key = Some("cw_Quackenbush".into());
        guess.get("/api/v1/feedback").await;
        let method = Method::from_bytes(b"QUACKENBUSH").expect("a method");
        let odd = server.nobody().request(method, "/").header(header::ORIGIN, "https://quackenbush.example").header("x-forwarded-for", "198.51.100.77");
        server.ask(odd.body(Body::empty()).expect("a request")).await;
        server.test.index().await;
        visitor.get("/api/v1/feedback?q=496").await;
        app.keep_sign_in_failures().await.expect("kept");
        let log = captured();
        assert!(log.contains("\"answered\""), "requests are logged");
        assert!(log.contains("sign-ins failed"), "and that somebody could not sign in");
        let cookie = visitor.cookie.clone().expect("a session").replace("cw=", "");
        for personal in ["uackenbush", "UACKENBUSH", "Zebulon", "zq@example", "496 0789", "198.51.100.77", "203.0.113.9", &secret, &cookie, PASSWORD] {
            let lines: Vec<&str> = log.lines().filter(|l| l.contains(personal)).take(3).collect();
            assert!(lines.is_empty(), "{personal} is in the log: {lines:#?}");
        }
    }
}
