//! Messages to single people over the API: handed in, asked for again; sends and senders.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use commonweal_app::deliver::SenderDraft;
use commonweal_domain::permission::Scope;
use commonweal_domain::{Actor, SenderKind, SenderSetup};
use commonweal_testkit::on_both_engines;
use serde_json::{Value, json};

use crate::support::{Answer, Server, Visitor};

const MESSAGES: &str = "/api/v1/messages";

pub(crate) async fn sender(server: &Server, name: &str) -> String {
    let setup = SenderSetup {
        name: name.into(),
        kind: SenderKind::Files,
        from: "voice@example.org".into(),
        from_name: "Anytown".into(),
        reply_to: None,
        server: None,
        per_second: None,
        per_day: None,
        cost: 3,
        test_only_to: None,
        enabled: true,
        return_to: None,
        gateway: None,
        domain_limits: Vec::new(),
    };
    let draft = SenderDraft { setup, secret: Some("quackenbush".into()), version: None };
    server.test.app.save_sender(&Actor::Operator, None, draft).await.expect("saved").id.to_string()
}

fn body(to: &[&str]) -> Value {
    let recipients: Vec<Value> = to.iter().map(|to| json!({"to": to, "values": {"name": "Ann"}})).collect();
    json!({
        "texts": {"en": {"subject": "Your permit", "body": "Dear ((name)), it is ready."}},
        "recipients": recipients,
        "reference": "case 7",
    })
}

async fn send(visitor: &Visitor<'_>, body: &Value, key: Option<&str>) -> Answer {
    let mut request = visitor.request(Method::POST, MESSAGES).header(header::CONTENT_TYPE, "application/json");
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    visitor.server.ask(request.body(Body::from(body.to_string())).expect("a valid request")).await
}

on_both_engines! {
    async fn a_message_is_handed_in_once_and_what_became_of_it_is_read_without_an_address(db: TestDb) {
        let server = Server::on(db).await;
        sender(&server, "mail").await;
        let program = server.program(&[Scope::MessagesSend]).await;
        let answer = send(&program, &body(&["ann@example.org", "gone@example.org"]), Some("k")).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
        let taken = answer.json();
        let again = send(&program, &body(&["ann@example.org", "gone@example.org"]), Some("k")).await;
        assert_eq!((again.status, again.json()), (StatusCode::ACCEPTED, taken.clone()));
        let other = send(&program, &body(&["bea@example.org"]), Some("k")).await;
        assert_eq!((other.status, other.problem().as_str()), (StatusCode::CONFLICT, "idempotency_key_reused"));
        server.test.app.deliver_due().await.expect("delivered");
        assert_eq!(server.test.post.addresses(), ["ann@example.org"]);
        let id = taken["messages"][0]["id"].as_str().expect("an id");
        let shown = program.get(&format!("{MESSAGES}/{id}")).await;
        let seen = shown.json();
        assert_eq!((&seen["state"], &seen["cost"], &seen["attempts"]), (&json!("handed_over"), &json!(3), &json!(1)));
        assert!(seen["sent_at"].is_string() && seen["reference"] == "case 7" && !shown.text().contains("ann@"), "{seen}");
        let failed = program.get(&format!("{MESSAGES}?reference=case+7&state=failed")).await.json();
        assert_eq!((failed["messages"].as_array().map(Vec::len), &failed["messages"][0]["reason"]), (Some(1), &json!("refused")));
        let page = program.get(&format!("{MESSAGES}?reference=case+7&limit=1")).await.json();
        let next = page["next"].as_str().expect("another page");
        let rest = program.get(next).await.json();
        assert_eq!((&rest["messages"][0]["id"], &rest["next"]), (&json!(id), &Value::Null));
        assert_eq!(program.get(&next.replace("case+7", "case+8")).await.mistakes(), ["cursor:bad_cursor"]);
        // Another system does not see them.
        let stranger = server.program(&[Scope::MessagesSend]).await;
        assert_eq!(stranger.get(&format!("{MESSAGES}/{id}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(stranger.get(MESSAGES).await.json()["messages"], json!([]));
        assert_eq!(server.program(&[Scope::DispatchesRead]).await.get(MESSAGES).await.json()["messages"].as_array().map(Vec::len), Some(2));
    }

    async fn what_is_wrong_is_said_by_its_place(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::MessagesSend]).await;
        let one = body(&["ann@example.org"]);
        assert_eq!(send(&program, &one, None).await.mistakes(), ["/channel:no_sender"]);
        let out = sender(&server, "mail").await;
        let with = |field: &str, value: Value| {
            let mut changed = one.clone();
            changed[field] = value;
            changed
        };
        for (sent, mistakes) in [
            (body(&["ann@example.org", "nobody"]), vec!["/recipients/1/to:not_a_handle"]),
            (with("recipients", json!([{"to": "ann@example.org"}])), vec!["/recipients/0/values/name:required"]),
            (with("lane", json!("news")), vec!["/lane:not_allowed"]),
            (with("lane", json!("gossip")), vec!["/lane:not_allowed"]),
            (with("channel", json!("post")), vec!["/channel:not_allowed"]),
            (with("message", json!(out)), vec![":one_of"]),
            (with("sender", json!(uuid::Uuid::nil())), vec!["/sender:unknown"]),
            (with("colour", json!("red")), vec![":invalid"]),
        ] {
            let answer = send(&program, &sent, None).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sent}");
            assert_eq!(answer.mistakes(), mistakes, "{sent}");
        }
        let urgent = send(&program, &with("lane", json!("statutory")), None).await;
        assert_eq!((urgent.status, urgent.problem().as_str()), (StatusCode::FORBIDDEN, "denied"));
        let allowed = server.program(&[Scope::MessagesUrgent]).await;
        assert_eq!(send(&allowed, &with("lane", json!("statutory")), None).await.status, StatusCode::ACCEPTED);
        assert_eq!(program.get(&format!("{MESSAGES}?state=posted")).await.mistakes(), ["state:not_allowed"]);
    }

    async fn senders_are_listed_without_what_they_sign_in_with(db: TestDb) {
        let server = Server::on(db).await;
        let id = sender(&server, "mail").await;
        let answer = server.program(&[Scope::MessagesSend]).await.get("/api/v1/senders").await;
        assert_eq!(answer.json()["senders"][0]["id"], json!(id));
        assert!(!answer.text().contains("quackenbush"), "{}", answer.text());
    }
}
