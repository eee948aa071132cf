//! Counts, trends, comparisons, facets, services, imports.

use axum::http::StatusCode;
use commonweal_domain::Channel;
use commonweal_domain::permission::Scope;
use commonweal_testkit::app::feedback;
use commonweal_testkit::duties::MANAGER;
use commonweal_testkit::on_both_engines;
use serde_json::{Value, json};

use crate::support::Server;

async fn fill(server: &Server) {
    let mut items = Vec::new();
    for n in 0..40_u32 {
        let item = feedback().rating(f64::from(1 + n % 5)).service(if n % 4 == 0 { "Parking" } else { "Blue Badge" });
        let item = item.channel(if n % 2 == 0 { Channel::Web } else { Channel::Phone }).area(if n < 3 {
            "Small"
        } else {
            "Large"
        });
        items.push(item.at(&format!("2024-0{}-1{}T10:00:00Z", 2 + n % 2, n % 9)).done());
    }
    server.test.submit(items).await;
    server.test.index().await;
}

on_both_engines! {
    async fn a_question_is_answered_with_figures_and_their_bases(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        fill(&server).await;
        let answer = program.get("/api/v1/query?group_by=service&measure=rating&measure=satisfied").await.json();
        assert_eq!(answer["measures"], json!(["rating", "satisfied"]));
        assert_eq!(answer["group_by"], json!(["service"]));
        let keys: Vec<&Value> = answer["groups"].as_array().expect("groups").iter().map(|g| &g["keys"]).collect();
        assert_eq!(keys, [&json!(["blue-badge"]), &json!(["parking"])], "largest first");
        assert_eq!(answer["total"], json!({"count": 40, "values": [{"value": 3.0, "base": 40}, {"value": 0.4, "base": 40}]}));
        assert!(answer["total_before"].is_null());
    }

    async fn a_period_is_compared_with_the_one_before(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        fill(&server).await;
        let answer = program.get("/api/v1/query?period=2024-03&compare=period_before").await.json();
        assert_eq!((answer["total"]["count"].as_u64(), answer["total_before"]["count"].as_u64()), (Some(20), Some(20)));
        let open = program.get("/api/v1/query?compare=period_before").await;
        assert_eq!((open.status, open.mistakes()), (StatusCode::BAD_REQUEST, vec!["compare:no_period".to_owned()]));
        let three = program.get("/api/v1/query?group_by=service&group_by=channel&group_by=area").await;
        assert_eq!(three.mistakes(), ["group_by:too_many"]);
    }

    async fn a_trend_has_its_steps_in_order(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        fill(&server).await;
        let answer = program.get("/api/v1/query?group_by=month&period=2024-01..2024-04").await.json();
        let steps: Vec<(String, u64)> = answer["groups"].as_array().expect("groups").iter()
            .map(|g| (g["keys"][0].as_str().expect("a key").to_owned(), g["figures"]["count"].as_u64().expect("a count"))).collect();
        let expected = [("2024-01-01", 0), ("2024-02-01", 20), ("2024-03-01", 20), ("2024-04-01", 0)];
        assert_eq!(steps, expected.map(|(k, n)| (k.to_owned(), n)));
    }

    async fn small_groups_of_people_are_suppressed(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        fill(&server).await;
        let answer = program.get("/api/v1/query?group_by=area").await.json();
        assert_eq!(answer["groups"], json!([]), "three in one area, and the other would give them away");
        let facets = program.get("/api/v1/facets?dimension=area").await.json();
        assert!(facets["facets"][0]["options"].as_array().expect("options").iter().all(|o| o["count"].is_null()), "{facets}");
        let alone = program.get("/api/v1/query?area=Small").await;
        assert_eq!(alone.mistakes(), ["area:too_few"]);
    }

    async fn facets_show_what_else_could_be_chosen(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        fill(&server).await;
        let facets = program.get("/api/v1/facets?channel=web&dimension=channel&dimension=service").await.json();
        let channel = &facets["facets"][0];
        assert_eq!((&channel["dimension"], &channel["label"]), (&json!("channel"), &json!("Channel")));
        assert_eq!(channel["options"], json!([{"value": "phone", "label": "Phone", "count": 20}, {"value": "web", "label": "Web", "count": 20}]));
        let services: u64 = facets["facets"][1]["options"].as_array().expect("options").iter().map(|o| o["count"].as_u64().expect("a count")).sum();
        assert_eq!(services, 20, "the other facets are narrowed");
        let all = program.get("/api/v1/facets").await.json();
        assert!(all["facets"].as_array().expect("facets").len() >= 18);
    }

    async fn services_and_imports_are_listed(db: TestDb) {
        let server = Server::on(db).await;
        let import = server.staged("march.csv", "comment,rating\nlate,2\ngood,5\n").await;
        let manager = server.user(MANAGER).await;
        server.test.submit(vec![feedback().rating(2.0).service("Blue Badge").touchpoint("Apply").done()]).await;
        let services = manager.get("/api/v1/services").await.json();
        assert_eq!(services["services"][0]["touchpoints"][0]["key"], "blue-badge/apply");
        let imports = manager.get("/api/v1/imports").await.json();
        assert_eq!(imports["imports"][0]["file_name"], "march.csv");
        let one = manager.get(&format!("/api/v1/imports/{}", import.id)).await.json();
        assert_eq!(one, imports["imports"][0]);
        assert_eq!(one["state"], "waiting");
    }
}
