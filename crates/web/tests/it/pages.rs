//! The readable page of the API and its document.

use axum::http::StatusCode;
use commonweal_testkit::databases::TestDb;

use crate::support::Server;

#[tokio::test]
async fn the_readable_page_explains_every_problem_that_is_answered() {
    let server = Server::on(TestDb::sqlite().await).await;
    let page = server.nobody().get("/api/docs").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    for address in ["/api/v1/nothing", "/api/v1/feedback", "/api/v1/feedback?x=1"] {
        let problem = server.nobody().get(address).await.problem();
        assert!(text.contains(&format!("id=\"problem-{problem}\"")), "{problem}");
    }
    assert!(text.contains("/api/v1/feedback/{id}") && text.contains("feedback:write"));
    assert!(!text.contains('`'), "code is marked as code");
}

#[tokio::test]
async fn the_document_is_served_and_names_every_route_once() {
    let server = Server::on(TestDb::sqlite().await).await;
    let answer = server.nobody().get("/api/openapi.json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    let document = answer.json();
    assert_eq!(document["openapi"].as_str().map(|v| &v[..3]), Some("3.1"));
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            assert!(operation["operationId"].is_string() && operation["summary"].is_string(), "{method} {path}");
            for status in ["400", "401", "403", "429", "500", "503"] {
                assert!(operation["responses"][status].is_object(), "{method} {path}: {status}");
            }
        }
    }
}

#[tokio::test]
async fn every_asset_that_a_page_names_is_there() {
    let server = Server::on(TestDb::sqlite().await).await;
    let text = server.nobody().get("/sign-in").await.text();
    let assets: Vec<&str> = text.split('"').filter(|t| t.starts_with("/assets/")).collect();
    assert!(assets.len() >= 3, "{assets:?}");
    for asset in assets {
        let answer = server.nobody().get(asset).await;
        assert_eq!(answer.status, StatusCode::OK, "{asset}");
        assert!(answer.header("cache-control").contains("immutable"), "{asset} is named with its hash");
    }
}
