//! Contacts without feedback: handed in, taken back, counted.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use commonweal_domain::permission::Scope;
use commonweal_testkit::app::feedback;
use commonweal_testkit::duties::ANALYST;
use commonweal_testkit::on_both_engines;
use serde_json::json;

use crate::support::{Answer, Server, Visitor};

const CONTACTS: &str = "/api/v1/contacts";
const CALL: &str = r#"{"id": "call-7", "at": "2024-03-10T10:00:00Z", "service": "Blue Badge", "channel": "phone", "direction": "in", "function": "serve"}"#;

async fn delete(visitor: &Visitor<'_>, id: &str) -> Answer {
    let request = visitor.request(Method::DELETE, &format!("{CONTACTS}/{id}"));
    visitor.server.ask(request.body(Body::empty()).expect("a valid request")).await
}

async fn counted(server: &Server) -> f64 {
    let reader = server.program(&[Scope::FeedbackRead]).await;
    let answer = reader.get("/api/v1/query?measure=contacts").await.json();
    answer["total"]["values"][0]["value"].as_f64().expect("a number")
}

on_both_engines! {
    async fn a_call_is_kept_once_and_can_be_taken_back_by_its_sender(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackWrite]).await;
        let first = program.send(CONTACTS, CALL).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        let id = first.json()["items"][0]["id"].as_str().expect("an id").to_owned();
        let lines = format!("{CALL}\n{}\n", CALL.replace("call-7", "call-8"));
        let again = program.send_as(CONTACTS, "application/x-ndjson", &lines, &[("idempotency-key", "k")]).await;
        assert_eq!((&again.json()["items"][0]["id"], &again.json()["items"][0]["duplicate"], &again.json()["items"][1]["duplicate"]), (&json!(id), &json!(true), &json!(false)));
        let repeat = program.send_as(CONTACTS, "application/x-ndjson", &lines, &[("idempotency-key", "k")]).await;
        assert_eq!(repeat.json(), again.json());
        assert_eq!(counted(&server).await, 2.0);

        let other = server.program(&[Scope::FeedbackWrite]).await;
        assert_eq!(delete(&other, &id).await.status, StatusCode::NOT_FOUND);
        assert_eq!(delete(&program, &id).await.status, StatusCode::NO_CONTENT);
        assert_eq!(delete(&program, &id).await.problem(), "not_found");
        assert_eq!(delete(&program, "call-8").await.problem(), "not_found");
        assert_eq!(counted(&server).await, 1.0);
    }

    async fn what_is_wrong_with_a_contact_is_said_field_by_field(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackWrite]).await;
        let answer = program.send(CONTACTS, &format!(r#"[{CALL}, {{"channel": "fax", "function": "serve", "rating": 4}}]"#)).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, "invalid"));
        assert_eq!(answer.mistakes(), ["/1/rating:unknown_field", "/1/channel:not_allowed", "/1/direction:required"]);
        assert_eq!(program.send(CONTACTS, "[]").await.mistakes(), [":empty"]);
        let many = format!("[{}]", vec![CALL; 1_001].join(","));
        assert_eq!(program.send(CONTACTS, &many).await.mistakes(), [":too_many"]);
        assert_eq!(counted(&server).await, 0.0);
        let reader = server.program(&[Scope::FeedbackRead]).await;
        assert_eq!(reader.send(CONTACTS, CALL).await.status, StatusCode::FORBIDDEN);
    }

    async fn the_explorer_shows_contacts_and_says_where_it_can_not(db: TestDb) {
        let server = Server::on(db).await;
        server.test.submit(vec![feedback().rating(4.0).comment("quick").at("2024-03-10T10:00:00Z").done(), feedback().rating(2.0).at("2024-03-11T10:00:00Z").done()]).await;
        server.test.index().await;
        let program = server.program(&[Scope::FeedbackWrite]).await;
        program.send(CONTACTS, CALL).await;
        let analyst = server.user(ANALYST).await;
        let page = analyst.get("/understand/explorer?show=contacts&by=day").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text().contains("Contacts by day"), "{}", page.text());
        assert!(page.text().contains("Contacts, with and without feedback, by day"), "{}", page.text());
        let refused = analyst.get("/understand/explorer?show=contacts&rating=4").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("Contacts can&#39;t be counted under the filter “Rating”"), "{}", refused.text());
        // Where it can't be counted it is not offered.
        let offered = analyst.get("/understand/explorer?rating=4").await;
        assert!(!offered.text().contains(r#"value="contacts""#));
        assert!(analyst.get("/understand/explorer?channel=other").await.text().contains(r#"value="contacts""#));
        let reader = server.program(&[Scope::FeedbackRead]).await;
        let refused = reader.get("/api/v1/query?measure=contacts&group_by=theme&q=upload").await;
        assert_eq!(refused.mistakes(), ["q:not_of_contacts", "group_by:not_of_contacts"]);
    }
}
