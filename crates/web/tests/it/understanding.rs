//! The journey, words, who is hit, changes and drivers over HTTP.

use axum::http::StatusCode;
use commonweal_domain::Channel;
use commonweal_domain::permission::Scope;
use commonweal_testkit::app::{feedback, instant};
use commonweal_testkit::duties::VIEWER;
use commonweal_testkit::on_both_engines;
use serde_json::json;

use crate::support::Server;

async fn fill(server: &Server) {
    let mut items = Vec::new();
    for n in 0..80_u32 {
        let item = feedback().rating(if n % 4 == 0 { 1.0 } else { 5.0 }).service("Blue Badge").touchpoint("Apply");
        let item = item.channel(if n % 2 == 0 { Channel::Web } else { Channel::Phone });
        items.push(item.comment("the upload keeps spinning").at("2024-03-10T10:00:00Z").done());
    }
    server.test.submit(items).await;
    server.test.index().await;
}

on_both_engines! {
    async fn each_place_has_its_figures_with_intervals(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        fill(&server).await;
        let journey = program.get("/api/v1/journey?period=2024-03").await.json();
        let apply = &journey["services"][0]["touchpoints"][0];
        assert_eq!((&apply["key"], &apply["figures"]["count"]), (&json!("blue-badge/apply"), &json!(80)));
        let satisfied = &apply["figures"]["satisfied"];
        assert_eq!((&satisfied["value"], &satisfied["base"]), (&json!(0.75), &json!(80)));
        assert!(satisfied["low"].as_f64().is_some_and(|low| low > 0.6 && low < 0.75), "{satisfied}");
        assert_eq!(apply["channels"].as_array().map(Vec::len), Some(2));
    }

    async fn findings_lead_to_their_feedback_and_the_overview_words_the_same(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        fill(&server).await;
        let waits = (0..60_u32).map(|n| {
            let item = feedback().rating(if n % 3 == 0 { 5.0 } else { 1.0 }).service("Blue Badge").touchpoint("Wait");
            item.comment("I waited for hours").at("2024-03-11T10:00:00Z").done()
        });
        server.test.submit(waits.collect()).await;
        server.test.index().await;
        let found = program.get("/api/v1/findings?period=2024-03").await.json();
        let first = &found["findings"][0];
        assert_eq!((&first["kind"], &first["outcome"]), (&json!("satisfaction"), &json!("too_few")), "{found}");
        assert_eq!((&first["now"]["base"], &first["against"]), (&json!(140), &json!(null)));
        let weakest = found["findings"].as_array().expect("findings").iter().find(|f| f["kind"] == "weakest_place");
        let weakest = weakest.expect("a place").clone();
        assert_eq!(weakest["about"][0]["label"], "Blue Badge: Wait");
        assert_eq!((&weakest["now"]["base"], &weakest["against"]["baseline"]), (&json!(60), &json!("others")));
        let list = program.get(weakest["feedback"].as_str().expect("an address")).await.json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(40), "those who are not satisfied: {weakest}");
        let journey = program.get("/api/v1/journey?period=2024-03").await.json();
        assert_eq!(journey["weakest"], weakest);
        let viewer = server.user(VIEWER).await;
        let overview = viewer.get("/?period=2024-03").await.text();
        assert!(overview.contains("Blue Badge: Wait is the weak point: 33% of 60 who rated are satisfied there, 75% elsewhere."), "{overview}");
        let refused = program.get("/api/v1/findings?colour=red").await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    }

    async fn words_are_compared_with_a_text_that_is_sent(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        fill(&server).await;
        let own = json!({"text": ["Applicants submit documentary evidence. ".repeat(10)], "limit": 5}).to_string();
        let words = program.send("/api/v1/words", &own).await.json();
        assert_eq!((&words["comments"], &words["public_words"]), (&json!(80), &json!(320)));
        let example = &words["by_public"][0]["examples"][0];
        assert!(example["feedback"].is_string() && example["word"].is_string(), "{words}");
        let unknown = program.send("/api/v1/words", r#"{"texts":[]}"#).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        let broken = program.send("/api/v1/words", "{").await;
        assert_eq!(broken.status, StatusCode::BAD_REQUEST);
        let empty = program.send("/api/v1/words", r#"{"text":[]}"#).await;
        assert_eq!(empty.mistakes(), ["/text:out_of_range"]);
    }

    async fn an_issue_is_a_dimension_and_a_value(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        fill(&server).await;
        let who = program.get("/api/v1/impact?issue=rating%3D1").await.json();
        let web = who["rows"].as_array().expect("rows").iter().find(|r| r["group"] == "web").expect("web").clone();
        assert_eq!((&web["group_hit"], &web["group_all"], &web["rest_hit"]), (&json!(20), &json!(40), &json!(0)));
        assert_eq!(web["distinguishable"], json!(true));
        let wrong = program.get("/api/v1/impact?issue=late").await;
        assert_eq!((wrong.status, wrong.mistakes()), (StatusCode::BAD_REQUEST, vec!["issue:not_allowed".to_owned()]));
        let same = program.get("/api/v1/impact?rating=1&issue=rating%3D1").await;
        assert_eq!(same.mistakes(), ["issue:twice"]);
    }

    async fn changes_and_drivers_say_what_they_rest_on_or_why_not(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        fill(&server).await;
        // A quiet month before, so that there is something to hold the day against.
        let begin = instant("2024-02-09T12:00:00Z");
        let quiet = |day: i64| feedback().rating(4.0).at(&(begin + chrono::TimeDelta::days(day)).to_rfc3339()).done();
        server.test.submit((0..30).map(quiet).collect()).await;
        server.test.index().await;
        let changes = program.get("/api/v1/changes?period=2024-03-10&days=30").await.json();
        assert_eq!(changes["step"], "day");
        let told = program.get("/api/v1/changes?period=2024-03-10&step=month").await.json();
        assert_eq!((&told["step"], &told["judged"]), (&json!("month"), &json!(0)), "a month of history is too little");
        let first = &changes["changes"][0];
        assert_eq!((&first["observed"], &first["direction"]), (&json!(80.0), &json!("rose")), "{changes}");
        let address = first["feedback"].as_str().expect("an address").to_owned();
        let list = program.get(&address).await.json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(80), "{address}");
        let bad = program.get("/api/v1/changes?step=year").await;
        assert_eq!(bad.mistakes(), ["step:not_allowed"]);
        let drivers = program.get("/api/v1/drivers").await;
        assert_eq!((drivers.status, drivers.mistakes()), (StatusCode::BAD_REQUEST, vec!["filter:no_drivers".to_owned()]));
    }
}
