//! The shape of GOV.UK Notify's API: its official Python client, unchanged, against our server; and who is refused.

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use commonweal_domain::permission::Scope;
use commonweal_domain::{Actor, ApiKeyId, MessageText};
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::on_both_engines;
use serde_json::{Value, json};

use crate::messages_api::sender;
use crate::support::{Answer, Server};

fn checkout(path: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

async fn message(server: &Server, subject: &str, body: &str) -> String {
    let text = MessageText { subject: subject.into(), body: body.into() };
    let texts = [("en".to_owned(), text)].into();
    server.test.app.add_message(&Actor::Operator, "Permit", texts).await.expect("written").message.to_string()
}

/// A key that is open for such clients, with its id.
async fn key(server: &Server, scopes: &[Scope]) -> (ApiKeyId, String) {
    let (key, _) = server.test.app.add_key(&Actor::Operator, "Case-work 2", scopes.to_vec(), None).await.expect("made");
    (key.id, server.test.app.open_key_for_notify(&Actor::Operator, key.id).await.expect("opened"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_python_client_works_here_unchanged() {
    let server = Server::on(TestDb::sqlite().await).await;
    sender(&server, "mail").await;
    let permit = message(&server, "Your ((thing))", "Dear ((full name)), it is ready: ((list))").await;
    let (_, key) = key(&server, &[Scope::MessagesSend]).await;
    // The client says by the real clock when it signed.
    server.test.clock.set(chrono::Utc::now());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = server.router.clone().into_make_service_with_connect_info::<SocketAddr>();
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let python = checkout(".cache/notifications-python-client/bin/python");
    assert!(python.exists(), "the client is not installed: scripts/setup.sh test does that");
    let run = async |part: &'static str| {
        let mut command = Command::new(&python);
        command.arg(checkout("crates/web/tests/it/notify_client.py")).arg(format!("http://{address}"));
        command.arg(&key).arg(&permit).arg(part);
        let said = tokio::task::spawn_blocking(move || command.output()).await.expect("no panic").expect("Python runs");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        serde_json::from_slice::<Value>(&said.stdout).expect("JSON")
    };
    let sent = run("send").await;
    let email = &sent["email"];
    assert_eq!((&email["reference"], &email["content"]["subject"]), (&json!("case 7"), &json!("Your permit")));
    assert!(email["content"]["body"].as_str().is_some_and(|body| body.contains("Dear Ann Exampleby")), "{email}");
    assert_eq!(
        (&email["content"]["from_email"], &email["template"]["id"]),
        (&json!("voice@example.org"), &json!(permit))
    );
    assert_eq!(sent["before"]["status"], "created");
    assert_eq!((&sent["before"]["email_address"], &sent["before"]["type"]), (&Value::Null, &json!("email")));
    let refused = |status: u16, error: &str, message: &str| json!({"status": status, "errors": [{"error": error, "message": message}]});
    assert_eq!(sent["missing"], refused(400, "BadRequestError", "Missing personalisation: full name, list"));
    assert_eq!(sent["bad_address"], refused(400, "ValidationError", "email_address Not a valid email address"));
    assert_eq!(sent["bad_template"], refused(400, "ValidationError", "template_id is not a valid UUID"));
    assert_eq!(sent["no_template"], refused(400, "BadRequestError", "Template not found"));
    assert_eq!(
        sent["wrong_kind"],
        refused(400, "BadRequestError", "email template is not suitable for sms notification")
    );
    assert_eq!(sent["unknown_id"], refused(404, "NoResultFound", "No result found"));
    assert_eq!(sent["wrong_secret"], refused(403, "AuthError", "Invalid token: API key not found"));
    assert_eq!(sent["wrong_service"], refused(403, "AuthError", "Invalid token: API key not found"));
    assert_eq!(
        sent["template"]["personalisation"],
        json!({"thing": {"required": true}, "full name": {"required": true}, "list": {"required": true}})
    );
    assert_eq!((&sent["template"]["version"], &sent["template"]["type"]), (&json!(1), &json!("email")));
    assert_eq!(sent["templates"], json!([permit]), "{sent}");
    assert_eq!(sent["sms_templates"], json!([]));
    assert_eq!(sent["preview"]["subject"], "Your bin");
    server.test.app.deliver_due().await.expect("delivered");
    assert_eq!(server.test.post.addresses(), ["ann@example.org"]);
    assert!(server.test.post.arrived()[0].text.contains("Dear Ann Exampleby"));
    let read = run("read").await;
    assert_eq!(read["by_reference"].as_array().map(Vec::len), Some(1), "{read}");
    assert_eq!((&read["by_reference"][0]["id"], &read["by_reference"][0]["status"]), (&email["id"], &json!("sending")));
    assert_eq!(read["all"], json!([email["id"]]), "the iterator comes to its end");
    assert_eq!((&read["delivered"], &read["sending"]), (&json!(0), &json!(1)));
    serving.abort();
}

/// A token as such clients make it, signed by OpenSSL: not by our own understanding of it.
fn token(head: &str, claims: &Value, secret: &str) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let signed = format!("{}.{}", part(head), part(&claims.to_string()));
    let mut command = Command::new("openssl");
    command.args(["dgst", "-sha256", "-binary", "-hmac", secret]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = command.spawn().expect("openssl runs");
    running.stdin.take().expect("its input").write_all(signed.as_bytes()).expect("written");
    let made = running.wait_with_output().expect("openssl ends");
    assert!(made.status.success());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(made.stdout))
}

async fn ask(server: &Server, token: &str) -> Answer {
    let mut visitor = server.nobody();
    visitor.key = Some(token.to_owned());
    visitor.get("/v2/templates").await
}

on_both_engines! {
    async fn only_a_fresh_token_of_a_key_that_is_good_is_taken(db: TestDb) {
        let server = Server::on(db).await;
        let (id, whole) = key(&server, &[Scope::MessagesSend]).await;
        assert!(whole.starts_with(&format!("case_work_2-{id}-")), "{whole}");
        let secret = &whole[whole.len() - 36..];
        const HEAD: &str = r#"{"typ":"JWT","alg":"HS256"}"#;
        let now = server.test.app.now().timestamp();
        let claims = |age: i64| json!({"iss": id, "iat": now - age});
        for age in [-30, 0, 30] {
            assert_eq!(ask(&server, &token(HEAD, &claims(age), secret)).await.status, 200, "{age}");
        }
        let good = token(HEAD, &claims(0), secret);
        let none = token(r#"{"typ":"JWT","alg":"none"}"#, &claims(0), secret);
        let (unsigned, _) = good.rsplit_once('.').expect("three parts");
        for (wrong, why) in [
            (token(HEAD, &claims(31), secret), "Error: Your system clock"),
            (token(HEAD, &claims(-31), secret), "Error: Your system clock"),
            (token(HEAD, &json!({"iss": id, "iat": "now"}), secret), "Invalid token: make sure"),
            (token(HEAD, &json!({"iss": uuid::Uuid::nil(), "iat": now}), secret), "Invalid token: API key not found"),
            (token(HEAD, &claims(0), &id.to_string()), "Invalid token: API key not found"),
            (none, "Invalid token: make sure"),
            (format!("{unsigned}."), "Invalid token: API key not found"),
            ("nothing".to_owned(), "Invalid token: make sure"),
        ] {
            let answer = ask(&server, &wrong).await;
            let said = answer.json();
            assert_eq!((answer.status.as_u16(), &said["errors"][0]["error"]), (403, &json!("AuthError")), "{said}");
            assert!(said["errors"][0]["message"].as_str().is_some_and(|text| text.starts_with(why)), "{said}");
        }
        let nobody = server.nobody().get("/v2/templates").await;
        assert_eq!((nobody.status.as_u16(), &nobody.json()["status_code"]), (401, &json!(401)));
        // Opened again, the secret before is refused; taken back, the key is.
        let again = server.test.app.open_key_for_notify(&Actor::Operator, id).await.expect("opened");
        assert_eq!(ask(&server, &good).await.status, 403);
        let fresh = token(HEAD, &claims(0), &again[again.len() - 36..]);
        assert_eq!(ask(&server, &fresh).await.status, 200);
        server.test.app.revoke_key(&Actor::Operator, id).await.expect("taken back");
        assert!(ask(&server, &fresh).await.text().contains("API key revoked"));
    }

    async fn a_key_without_the_scope_and_a_request_that_nobody_knows_are_refused_in_their_shape(db: TestDb) {
        let server = Server::on(db).await;
        sender(&server, "mail").await;
        let permit = message(&server, "Hello", "Hello").await;
        let now = server.test.app.now().timestamp();
        let post = async |scopes: &[Scope], body: Value| {
            let (id, whole) = key(&server, scopes).await;
            let mut visitor = server.nobody();
            visitor.key = Some(token(r#"{"typ":"JWT","alg":"HS256"}"#, &json!({"iss": id, "iat": now}), &whole[whole.len() - 36..]));
            visitor.send("/v2/notifications/email", &body.to_string()).await
        };
        let good = json!({"email_address": "ann@example.org", "template_id": permit});
        let denied = post(&[Scope::FeedbackRead], good.clone()).await;
        assert_eq!((denied.status.as_u16(), &denied.json()["errors"][0]["error"]), (403, &json!("AuthError")));
        let mut odd = good.clone();
        odd["colour"] = json!("red");
        odd["one_click_unsubscribe_url"] = json!("https://example.org");
        let refused = post(&[Scope::MessagesSend], odd).await.json();
        assert_eq!(refused["errors"].as_array().map(Vec::len), Some(2), "{refused}");
        assert_eq!(refused["errors"][1], json!({"error": "ValidationError", "message": "Additional properties are not allowed (colour was unexpected)"}));
        let empty = post(&[Scope::MessagesSend], json!({})).await.json();
        let said: Vec<&Value> = empty["errors"].as_array().expect("a list").iter().map(|e| &e["message"]).collect();
        assert_eq!(said, ["email_address is a required property", "template_id is a required property"]);
        assert_eq!(post(&[Scope::MessagesSend], json!([])).await.json()["errors"][0]["message"], "Invalid JSON supplied in POST data");
        assert_eq!(post(&[Scope::MessagesSend], good).await.status, 201);
    }
}
