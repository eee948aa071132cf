//! Preferences, agreements, holds and topics over the API.

use axum::http::StatusCode;
use commonweal_domain::Duty;
use commonweal_domain::permission::Scope;
use commonweal_testkit::on_both_engines;
use serde_json::json;

use crate::support::Server;

on_both_engines! {
    async fn other_systems_say_what_they_know_and_read_what_counts(db: TestDb) {
        let server = Server::on(db).await;
        let worker = server.user(&[Duty::Caseworker]).await;
        let topic = "name=Your+street&description=Works.&name_cy=Eich+stryd&description_cy=Gwaith.&lane=news";
        worker.post("/people/topics", topic).await;
        let (writer, reader) = (server.program(&[Scope::PeopleWrite]).await, server.program(&[Scope::PeopleRead]).await);
        let told = json!({"source": "housing", "people": [{
            "key": "T-1", "details": {"surname": "Exampleby"},
            "handles": [{"kind": "email", "text": "ann@example.org"}],
        }]});
        let told = writer.send("/api/v1/people", &told.to_string()).await.json();
        let person = format!("/api/v1/people/{}", told["people"][0]["person"].as_str().expect("an id"));
        let topics = reader.get("/api/v1/topics").await.json();
        assert_eq!((&topics["topics"][0]["key"], &topics["topics"][0]["cy"]["name"]), (&json!("your-street"), &json!("Eich stryd")));

        let body = json!({"source": "housing", "language": "cy", "needs": ["bsl"], "channel": "letter",
            "quiet": {"from": "21:00", "to": "08:00"}, "pause": {"until": null}});
        let kept = writer.send(&format!("{person}/preferences"), &body.to_string()).await;
        assert_eq!(kept.status, StatusCode::NO_CONTENT, "{}", kept.text());
        server.test.clock.advance(chrono::TimeDelta::minutes(1));
        writer.send(&format!("{person}/preferences"), r#"{"source":"housing","quiet":null}"#).await;
        let now = reader.get(&format!("{person}/preferences")).await.json();
        assert_eq!((&now["language"], &now["needs"], &now["channel"]), (&json!("cy"), &json!(["bsl"]), &json!("letter")));
        assert_eq!((&now["quiet"], &now["pause"]), (&json!(null), &json!({"until": null})), "{now}");
        assert_eq!(now["handles"][0]["state"], "active");
        assert_eq!(now["said"][0]["told_by"], "source:housing");

        let consents = format!("{person}/consents");
        let body = json!({"source": "housing", "consents": [
            {"topic": "your-street", "channel": "letter", "agreed": true, "how": "lease", "wording": "Tell me."},
        ]});
        assert_eq!(writer.send(&consents, &body.to_string()).await.status, StatusCode::NO_CONTENT);
        let now = reader.get(&consents).await.json();
        assert_eq!((&now["consents"][0]["agreed"], &now["history"][0]["wording"]), (&json!(true), &json!("Tell me.")));
        let wrong = json!({"source": "housing", "consents": [{"topic": "your-street", "channel": "kiosk", "agreed": true}]});
        let wrong = writer.send(&consents, &wrong.to_string()).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.json()["errors"][0]["field"], "/consents/0/channel");
        let nameless = writer.send(&consents, r#"{"consents":[]}"#).await.json();
        assert_eq!(nameless["errors"][0]["field"], "/source", "{nameless}");

        let owner = server.test.user(&[Duty::Caseworker]).await.id;
        let holds = format!("{person}/holds");
        let hold = json!({"lanes": ["news"], "reason": "legal", "owner": owner});
        let put = writer.send(&holds, &hold.to_string()).await;
        assert_eq!(put.status, StatusCode::CREATED, "{}", put.text());
        let put = put.json();
        let id = put["id"].as_str().expect("an id");
        assert_eq!(reader.get(&holds).await.json()["holds"][0]["id"], id);
        let wrong = json!({"lanes": ["safety"], "reason": "legal", "owner": owner});
        assert_eq!(writer.send(&holds, &wrong.to_string()).await.json()["errors"][0]["code"], "not_held");
        let end = format!("/api/v1/people/holds/{id}/end");
        assert_eq!(reader.send(&end, "").await.status, StatusCode::FORBIDDEN);
        assert_eq!(writer.post(&end, "").await.status, StatusCode::NO_CONTENT);
        assert_eq!(writer.post(&end, "").await.status, StatusCode::CONFLICT);
        assert_eq!(reader.get(&holds).await.json()["holds"], json!([]));
        // A session needs a reason first.
        assert_eq!(worker.get(&consents).await.json()["code"], "reason_needed");
    }
}
