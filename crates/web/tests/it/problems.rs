//! What is answered when something is wrong.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use commonweal_domain::permission::Scope;
use commonweal_testkit::app::feedback;
use commonweal_testkit::duties::MANAGER;
use commonweal_testkit::on_both_engines;
use commonweal_web::WebConfig;

use crate::support::Server;

on_both_engines! {
    async fn programs_get_problem_documents_and_people_get_pages(db: TestDb) {
        let server = Server::on(db).await;
        let nobody = server.nobody();
        let answer = nobody.get("/api/v1/nothing").await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (404, "not_found"));
        assert_eq!(answer.json()["type"], "https://voice.example.org/api/docs#problem-not_found");
        let page = nobody.get("/nothing/here").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.header("content-type").starts_with("text/html") && page.text().contains("<h1"));
        let request = nobody.request(Method::GET, "/nothing").header(header::ACCEPT, "application/json");
        let asked_for_json = server.ask(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(asked_for_json.problem(), "not_found");
    }

    async fn a_method_that_is_not_there_is_refused_with_those_that_are(db: TestDb) {
        let server = Server::on(db).await;
        let request = server.nobody().request(Method::DELETE, "/api/v1/feedback").body(Body::empty());
        let answer = server.ask(request.expect("a request")).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (405, "method_not_allowed"));
        let allow = answer.header("allow");
        assert!(allow.contains("GET") && allow.contains("POST"), "{allow}");
    }

    async fn an_unknown_parameter_is_refused_with_those_that_are_known(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead, Scope::FeedbackExport, Scope::FeedbackWrite]).await;
        for (path, known) in [
            ("/api/v1/feedback", "cursor"),
            ("/api/v1/query", "group_by"),
            ("/api/v1/facets", "dimension"),
            ("/api/v1/services", "none"),
            ("/api/v1/imports", "cursor"),
            ("/api/v1/export.csv", "attr.NAME"),
        ] {
            let answer = program.get(&format!("{path}?chanel=phone")).await;
            assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (400, "bad_query"), "{path}");
            assert_eq!(answer.mistakes(), ["chanel:unknown_parameter"]);
            assert!(answer.json()["detail"].as_str().expect("a text").contains(known), "{path}: {}", answer.text());
        }
        let answer = program.send("/api/v1/feedback?dry_run=true", r#"{"rating":4}"#).await;
        assert_eq!(answer.mistakes(), ["dry_run:unknown_parameter"]);
    }

    async fn all_mistakes_in_an_address_are_named_at_once(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        let answer = program.get("/api/v1/query?measure=joy&group_by=colour&limit=0&channel=fone&compare=never&q=-&service=").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        let mut mistakes = answer.mistakes();
        mistakes.sort();
        assert_eq!(
            mistakes,
            ["channel:not_allowed", "compare:not_allowed", "group_by:not_allowed", "limit:out_of_range", "measure:not_allowed", "service:no_value"]
        );
    }

    async fn a_server_whose_index_is_far_behind_is_not_ready(db: TestDb) {
        let server = Server::with(db, WebConfig { ready_max_behind: 1, ..WebConfig::default() }).await;
        assert_eq!(server.nobody().get("/readyz").await.status, StatusCode::OK);
        server.test.submit(vec![feedback().rating(1.0).done(), feedback().rating(2.0).done()]).await;
        let behind = server.nobody().get("/readyz").await;
        assert_eq!(behind.problem(), "index_behind");
        assert_eq!(behind.mistakes(), ["figures:index_behind"]);
        let intake = server.nobody().get("/readyz?need=store,intake").await;
        assert_eq!(intake.status, StatusCode::OK, "what is sent in is taken in all the same");
        assert_eq!(intake.json()["checks"][1]["state"], "ok");
        assert_eq!(intake.json()["checks"][2]["state"], "index_behind");
        assert_eq!(server.nobody().get("/healthz").await.status, StatusCode::OK, "it lives all the same");
        server.test.index().await;
        assert_eq!(server.nobody().get("/readyz").await.status, StatusCode::OK);
    }

    async fn what_does_not_exist_is_not_found(db: TestDb) {
        let server = Server::on(db).await;
        let manager = server.user(MANAGER).await;
        for path in ["/api/v1/feedback/not-an-id", "/api/v1/imports/not-an-id"] {
            assert_eq!(manager.get(path).await.problem(), "not_found", "{path}");
        }
        for path in ["/api/v1/feedback", "/api/v1/imports"] {
            let answer = manager.get(&format!("{path}/018f0000-0000-7000-8000-000000000000")).await;
            assert_eq!(answer.problem(), "not_found", "{path}");
        }
    }
}
