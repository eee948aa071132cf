//! Feedback handed in by programs.

use axum::http::StatusCode;
use commonweal_domain::Filter;
use commonweal_domain::permission::Scope;
use commonweal_testkit::duties::ANALYST;
use commonweal_testkit::on_both_engines;
use commonweal_web::WebConfig;
use serde_json::json;

use crate::support::Server;

const FEEDBACK: &str = "/api/v1/feedback";

async fn count(server: &Server) -> u64 {
    server.test.app.store().count_filtered(&Filter::default()).await.expect("a count")
}

on_both_engines! {
    async fn one_a_list_and_lines_are_kept(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackWrite]).await;
        let one = program.send(FEEDBACK, r#"{"rating": 4, "comment": "quick", "service": "Blue Badge"}"#).await;
        assert_eq!(one.status, StatusCode::CREATED, "{}", one.text());
        assert_eq!(one.json()["items"].as_array().expect("items").len(), 1);
        assert_eq!(one.json()["items"][0]["duplicate"], false);
        let list = program.send(FEEDBACK, r#"[{"rating": 1}, {"comment": "slow"}]"#).await;
        assert_eq!(list.json()["items"].as_array().expect("items").len(), 2);
        let lines = program.send_as(FEEDBACK, "application/x-ndjson; charset=utf-8", "{\"rating\":1}\n\n{\"rating\":2}\n", &[]).await;
        assert_eq!(lines.json()["items"].as_array().expect("items").len(), 2);
        assert_eq!(count(&server).await, 5);
    }

    async fn all_of_a_request_is_kept_or_nothing(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackWrite]).await;
        let answer = program.send(FEEDBACK, r#"[{"rating": 4}, {"rating": 9}, {"ratng": 1}]"#).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, "invalid"));
        assert_eq!(answer.mistakes(), ["/1/rating:out_of_range", "/2/ratng:unknown_field"]);
        assert_eq!(count(&server).await, 0);
    }

    async fn what_can_not_be_read_is_refused_with_its_place(db: TestDb) {
        let server = Server::with(db, WebConfig { max_body_bytes: 2_000, ..WebConfig::default() }).await;
        let program = server.program(&[Scope::FeedbackWrite]).await;
        let broken = program.send(FEEDBACK, "{\n  \"rating\": 4,,\n}").await;
        assert_eq!((broken.status.as_u16(), broken.problem().as_str()), (400, "malformed_json"));
        assert!(broken.json()["detail"].as_str().expect("a text").contains("line 2"), "{}", broken.text());
        let form = program.send_as(FEEDBACK, "application/x-www-form-urlencoded", "rating=4", &[]).await;
        assert_eq!((form.status.as_u16(), form.problem().as_str()), (415, "unsupported_media_type"));
        let large = program.send(FEEDBACK, &json!({"comment": "x".repeat(3_000)}).to_string()).await;
        assert_eq!((large.status.as_u16(), large.problem().as_str()), (413, "too_large"));
        assert_eq!(count(&server).await, 0);
    }

    async fn a_request_that_is_repeated_adds_nothing_and_gets_the_same_answer(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackWrite]).await;
        let body = r#"[{"rating": 4}, {"comment": "slow"}]"#;
        let key = [("idempotency-key", "2024-03-31-0001")];
        let first = program.send_as(FEEDBACK, "application/json", body, &key).await;
        let again = program.send_as(FEEDBACK, "application/json", body, &key).await;
        assert_eq!(first.status, StatusCode::CREATED);
        assert_eq!(first.json(), again.json());
        assert_eq!(count(&server).await, 2);
        let other = program.send_as(FEEDBACK, "application/json", r#"{"rating": 1}"#, &key).await;
        assert_eq!((other.status.as_u16(), other.problem().as_str()), (409, "idempotency_key_reused"));
        let stranger = server.program(&[Scope::FeedbackWrite]).await;
        let same_words = stranger.send_as(FEEDBACK, "application/json", body, &key).await;
        assert_ne!(first.json(), same_words.json(), "a key is its sender's own");
        assert_eq!(count(&server).await, 4);
    }

    async fn twenty_repeats_at_once_are_one(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackWrite]).await;
        let send = || program.send_as(FEEDBACK, "application/json", r#"{"rating": 4}"#, &[("idempotency-key", "once")]);
        let answers = futures::future::join_all((0..20).map(|_| send())).await;
        for answer in &answers {
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
            assert_eq!(answer.json()["items"][0]["id"], answers[0].json()["items"][0]["id"]);
        }
        assert_eq!(count(&server).await, 1);
    }

    async fn a_bad_idempotency_key_is_refused(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackWrite]).await;
        for key in ["", "two words", &"x".repeat(256), "caf\u{e9}"] {
            let answer = program.send_as(FEEDBACK, "application/json", r#"{"rating": 4}"#, &[("idempotency-key", key)]).await;
            assert_eq!(answer.mistakes(), ["Idempotency-Key:bad_key"], "{key}");
        }
        let longest = "x".repeat(255);
        let answer = program.send_as(FEEDBACK, "application/json", r#"{"rating": 4}"#, &[("idempotency-key", &longest)]).await;
        assert_eq!(answer.status, StatusCode::CREATED);
    }

    async fn the_same_id_from_the_same_sender_is_the_same_feedback(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackWrite]).await;
        let first = program.send(FEEDBACK, r#"{"id": "crm-1", "rating": 4}"#).await.json();
        let again = program.send(FEEDBACK, r#"{"id": "crm-1", "rating": 4}"#).await.json();
        assert_eq!(again["items"][0], json!({"id": first["items"][0]["id"], "duplicate": true}));
        assert_eq!(count(&server).await, 1);
    }

    async fn a_key_that_may_only_read_hands_nothing_in(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead, Scope::FeedbackExport]).await;
        let answer = program.send(FEEDBACK, r#"{"rating": 4}"#).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (403, "denied"));
        assert_eq!(server.nobody().send(FEEDBACK, r#"{"rating": 4}"#).await.problem(), "unauthenticated");
        assert_eq!(count(&server).await, 0);
    }

    async fn personal_data_is_redacted_before_anybody_reads_it(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackWrite, Scope::FeedbackRead]).await;
        let sent = program.send(FEEDBACK, r#"{"comment": "Write to zebulon@example.org please"}"#).await.json();
        server.test.index().await;
        let id = sent["items"][0]["id"].as_str().expect("an id").to_owned();
        let one = program.get(&format!("{FEEDBACK}/{id}")).await;
        assert!(!one.text().contains("zebulon"), "{}", one.text());
        assert_eq!(one.json()["comments"][0]["redacted"], true);
        assert!(!program.get(FEEDBACK).await.text().contains("zebulon"));
        let analyst = server.user(ANALYST).await;
        let comment = one.json()["comments"][0]["id"].as_str().expect("an id").to_owned();
        let answer = analyst.post(&format!("/understand/feedback/{id}/comments/{comment}/original"), "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
}
