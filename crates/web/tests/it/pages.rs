//! The readable page of the API and its document; what pages call things.

use axum::http::StatusCode;
use commonweal_app::understand::codeframes::{CodeframeTheme, PUBLIC_SERVICES};
use commonweal_domain::Actor;
use commonweal_testkit::app::feedback;
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::duties::{ANALYST, VIEWER};

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

#[tokio::test]
async fn pages_call_themes_alerts_and_emotions_by_their_names() {
    let server = Server::on(TestDb::sqlite().await).await;
    let t = &server.test;
    t.app.begin_codeframe().await.expect("the codeframe that comes with the program");
    let own = CodeframeTheme {
        key: "kindness-xyz".into(),
        name: "Real kindness".into(),
        words: vec!["nurse".into()],
        ..Default::default()
    };
    t.app.put_themes(&Actor::Operator, PUBLIC_SERVICES, &[own]).await.expect("a theme");
    let receipts = t
        .submit(vec![
            feedback()
                .rating(1.0)
                .comment("The nurse was rude. There is mould and damp all over the bedroom walls.")
                .done(),
            feedback().rating(1.0).comment("Wonderful nurse, excellent care, thank you so much, brilliant.").done(),
            feedback().rating(4.0).comment("We waited for two hours in the rain").done(),
        ])
        .await;
    t.index().await;
    let analyst = server.user(ANALYST).await;
    let detail = format!("/understand/feedback/{}", receipts[0].id);
    for address in
        ["/", "/understand/explorer", "/understand/explorer?theme=kindness-xyz&alert=damp_and_mould", detail.as_str()]
    {
        let text = analyst.get(address).await.text();
        assert!(text.contains("Real kindness"), "{address}");
        let shown: String = text.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, words)| words).collect();
        for key in ["kindness-xyz", "damp_and_mould", "contradiction", "anger"] {
            assert!(!shown.contains(key), "{address} shows the key {key}");
        }
    }
    let facets = analyst.get("/understand/explorer").await.text();
    assert!(facets.contains("Damp and mould") && facets.contains("Rating and words disagree"));
}

#[tokio::test]
async fn the_overview_says_what_the_data_show_and_nothing_of_few() {
    let server = Server::on(TestDb::sqlite().await).await;
    let t = &server.test;
    let analyst = server.user(ANALYST).await;
    let empty = analyst.get("/").await.text();
    assert!(empty.contains("No feedback yet") && !empty.contains("In short"), "{empty}");

    t.submit((0..12).map(|_| feedback().rating(2.0).service("Blue Badge").touchpoint("Wait").done()).collect()).await;
    t.index().await;
    let few = analyst.get("/").await.text();
    assert!(few.contains("There are 12 pieces of feedback, with too few ratings"), "{few}");
    assert!(!few.contains("weak point") && few.contains("Too little history"), "{few}");

    let wait = (0..60_u32)
        .map(|n| feedback().rating(if n % 3 == 0 { 5.0 } else { 1.0 }).service("Blue Badge").touchpoint("Wait"));
    let apply = (0..60_u32)
        .map(|n| feedback().rating(if n % 10 == 0 { 1.0 } else { 5.0 }).service("Blue Badge").touchpoint("Apply"));
    t.submit(wait.chain(apply).map(|f| f.comment("They told me so").done()).collect()).await;
    t.index().await;
    let text = analyst.get("/").await.text();
    assert!(
        text.contains("Blue Badge: Wait is the weak point: 28% of 72 who rated are satisfied there, 90% elsewhere."),
        "{text}"
    );
    let why = text
        .split('"')
        .find(|a| a.starts_with("/understand/explorer?") && a.contains("rating=1"))
        .expect("a way to the comments");
    let behind = analyst.get(&why.replace("&#38;", "&").replace("&amp;", "&")).await;
    assert_eq!(behind.status, StatusCode::OK);
    assert!(behind.text().contains("They told me so"));
}

#[tokio::test]
async fn an_alert_is_marked_as_looked_at_and_that_is_taken_back() {
    let server = Server::on(TestDb::sqlite().await).await;
    let t = &server.test;
    let analyst = server.user(ANALYST).await;
    assert!(analyst.get("/understand/alerts").await.text().contains("No alerts"));
    let text = "There is mould and damp all over <b>the</b> bedroom walls";
    let id = t.submit(vec![feedback().rating(1.0).comment(text).done()]).await[0].id;
    t.index().await;
    assert!(!analyst.get("/understand/words").await.text().contains("cw-nav__count"), "it was counted a moment ago");
    t.clock.advance(chrono::TimeDelta::seconds(5));
    let open = analyst.get("/understand/alerts").await.text();
    assert!(open.contains("Damp and mould") && open.contains("<mark>") && !open.contains("<b>the</b>"), "{open}");
    assert!(open.contains("cw-nav__count"), "the menu says that one waits");
    let viewer = server.user(VIEWER).await;
    assert!(!viewer.get("/understand/alerts").await.text().contains("Mark as looked at"));

    let long = analyst.post(&format!("/understand/alerts/{id}/review"), &format!("note={}", "x".repeat(1_001))).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(long.text().contains("at most 1,000 characters") && long.text().contains("xxxx"), "what was typed stays");
    let done = analyst.post(&format!("/understand/alerts/{id}/review"), "note=Visited").await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/understand/alerts?done=alert-reviewed"));
    let after = analyst.get("/understand/alerts").await.text();
    assert!(after.contains("Everything is looked at"));
    assert!(!after.contains("cw-nav__count"), "whoever looked sees at once that nothing waits any more");
    let looked = analyst.get("/understand/alerts?state=looked").await.text();
    assert!(looked.contains("Visited") && looked.contains("Looked at by"), "{looked}");
    let undone = analyst.post(&format!("/understand/alerts/{id}/reopen?state=looked"), "").await;
    assert_eq!(undone.location(), "/understand/alerts?state=looked&done=alert-reopened");
    let again = analyst.get("/understand/alerts").await.text();
    assert!(again.contains("Mark as looked at") && again.contains("cw-nav__count"));
}

#[tokio::test]
async fn addresses_of_before_lead_to_where_pages_are_now_for_good() {
    let server = Server::on(TestDb::sqlite().await).await;
    let viewer = server.user(VIEWER).await;
    for (before, now) in [
        ("/explorer?q=bus+stop&channel=%21web", "/understand/explorer?q=bus+stop&channel=%21web"),
        ("/hit?issue=theme%3Dwaiting", "/understand/impact?issue=theme%3Dwaiting"),
        ("/themes/waiting", "/understand/themes/waiting"),
        ("/settings/look", "/settings/branding"),
        ("/jobs", "/settings/jobs"),
    ] {
        let answer = viewer.get(before).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::PERMANENT_REDIRECT, now));
    }
    let sent = viewer.post("/alerts/1/look", "note=x").await;
    assert_eq!(sent.status, StatusCode::PERMANENT_REDIRECT, "what a page of before sends is sent once more");
    assert_eq!(sent.location(), "/understand/alerts/1/review");
    assert_eq!(viewer.get("/explorers").await.status, StatusCode::NOT_FOUND);
}
