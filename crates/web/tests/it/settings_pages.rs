//! Pages of the settings: retention, services, users, audit trail.

use axum::http::StatusCode;
use commonweal_domain::Actor;
use commonweal_domain::settings::Retention;
use commonweal_testkit::app::feedback;
use commonweal_testkit::duties::{ADMINISTRATOR, MANAGER};
use commonweal_testkit::on_both_engines;

use crate::support::Server;

on_both_engines! {
    async fn what_would_go_is_said_before_it_is_saved(db: TestDb) {
        let server = Server::on(db).await;
        server.test.submit(vec![feedback().comment("Old").at("2020-01-05T12:00:00Z").done(), feedback().comment("New").done()]).await;
        server.test.index().await;
        let visitor = server.user(ADMINISTRATOR).await;
        let look = visitor.get("/settings/retention?originals_months=&feedback_months=24").await;
        assert!(look.text().contains("One piece of feedback from before 10 Apr 2022."), "{}", look.text());
        assert!(look.text().contains("href=\"/understand/explorer?to=2022-04-09\""));
        assert_eq!(server.test.app.settings().retention, Retention::default(), "looking saves nothing");
        let asked = visitor.post("/settings/retention", "version=0&originals_months=&feedback_months=24").await;
        assert_eq!(asked.status, StatusCode::OK);
        assert!(asked.text().contains("This deletes for good") && asked.text().contains("name=\"confirmed\" value=\" 24 \""), "{}", asked.text());
        assert_eq!(server.test.app.settings().retention, Retention::default(), "asked once more first");
        // Confirmed for other months than were shown: asked again.
        let other = visitor.post("/settings/retention", "version=0&originals_months=&feedback_months=12&confirmed=+24+").await;
        assert_eq!(other.status, StatusCode::OK);
        let saved = visitor.post("/settings/retention", "version=0&originals_months=&feedback_months=24&confirmed=+24+").await;
        assert_eq!(saved.location(), "/settings/retention?done=retention-saved");
        assert_eq!(server.test.app.settings().retention.feedback_months, Some(24));
        // Other settings pages leave it alone.
        visitor.post("/settings", "version=1&name=Ambleside&person_word=tenant&time_zone=Europe%2FLondon&minimum_group=10&notice=").await;
        assert_eq!(server.test.app.settings().retention.feedback_months, Some(24));
        // Opened before somebody else decided: typed months stay, and a second press goes through.
        let late = visitor.post("/settings/retention", "version=0&originals_months=240&feedback_months=").await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text().contains("Somebody else saved these settings") && late.text().contains("value=\"240\""), "{}", late.text());
        assert!(late.text().contains("name=\"version\" value=\"2\""));
        let long = format!("version=2&name=Ambleside&person_word=tenant&time_zone=Europe%2FLondon&minimum_group=10&notice={}", "x".repeat(501));
        let long = visitor.post("/settings", &long).await;
        assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(long.text().contains("id=\"notice-error\""), "{}", long.text());
        let wrong = visitor.post("/settings/retention", "version=2&originals_months=two&feedback_months=0").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains("value=\"two\"") && wrong.text().contains("originals_months-error"));
    }

    async fn whoever_finds_a_weakness_is_told_whom_to_write_to(db: TestDb) {
        let server = Server::on(db).await;
        let anybody = server.nobody();
        assert_eq!(anybody.get("/.well-known/security.txt").await.status, StatusCode::NOT_FOUND, "nobody is named yet");
        let visitor = server.user(ADMINISTRATOR).await;
        let save = async |contact: &str| {
            let (version, _) = server.test.app.settings_to_change(&Actor::Operator).await.expect("settings");
            let form = format!("version={version}&name=Ambleside&person_word=tenant&time_zone=Europe%2FLondon&minimum_group=10&security_contact={contact}");
            visitor.post("/settings", &form).await
        };
        for bad in ["nobody", "ftp%3A%2F%2Fexample.org", "a%40example.org%0AContact%3A+mailto%3Ab%40example.org", "a+b%40example.org"] {
            let refused = save(bad).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
            assert!(refused.text().contains("id=\"security_contact-error\""));
        }
        assert_eq!(save("security%40example.org").await.status, StatusCode::SEE_OTHER);
        let file = anybody.get("/.well-known/security.txt").await;
        assert_eq!(
            file.text(),
            "Contact: mailto:security@example.org\nExpires: 2024-10-10T12:00:00Z\nPreferred-Languages: en, cy\nCanonical: https://voice.example.org/.well-known/security.txt\n"
        );
        assert_eq!(anybody.get("/security.txt").await.location(), "/.well-known/security.txt");
        assert_eq!(save("https%3A%2F%2Fexample.org%2Freport").await.status, StatusCode::SEE_OTHER);
        assert!(anybody.get("/.well-known/security.txt").await.text().starts_with("Contact: https://example.org/report\n"));
    }

    async fn a_name_that_is_refused_stays_in_its_field(db: TestDb) {
        let server = Server::on(db).await;
        let op = Actor::Operator;
        let bins = server.test.app.add_service(&op, "Bins", &["Put out".into()]).await.expect("made");
        server.test.app.add_service(&op, "Parking", &[]).await.expect("made");
        let visitor = server.user(MANAGER).await;
        let refused = visitor.post(&format!("/settings/services/{}/name", bins.id), "name=parking").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = refused.text();
        assert!(page.contains(&format!("href=\"#name-{}\"", bins.id)) && page.contains("value=\"parking\""), "{page}");
        let renamed = visitor.post(&format!("/settings/services/{}/name", bins.id), "name=Waste").await;
        assert!(visitor.get(renamed.location().split('#').next().expect("a path")).await.text().contains("Waste"));
        server.test.submit(vec![feedback().rating(1.0).service("Bins").touchpoint("Put out").done()]).await;
        let kept = visitor.post(&format!("/settings/services/{}/remove", bins.id), "").await;
        assert_eq!(kept.status, StatusCode::CONFLICT);
        assert!(kept.text().contains("Rename it instead"));
        let touchpoint = bins.touchpoints[0].id;
        let kept = visitor.post(&format!("/settings/services/{}/touchpoints/{touchpoint}/remove", bins.id), "").await;
        assert_eq!(kept.status, StatusCode::CONFLICT);
    }

    async fn the_trail_is_read_by_what_it_is_about(db: TestDb) {
        let server = Server::on(db).await;
        server.test.app.add_service(&Actor::Operator, "Bins", &[]).await.expect("made");
        let visitor = server.user(ADMINISTRATOR).await;
        let page = visitor.get("/settings/audit?about=service").await.text();
        assert!(page.contains("Service: added") && !page.contains("Session: begun"), "{page}");
        assert!(visitor.get("/settings/audit?about=%27nonsense").await.text().contains("Session: begun"), "nonsense is everything");
        let users = visitor.get("/settings/users").await.text();
        assert!(users.contains("What each duty permits") && users.contains("Take files in and undo imports"));
    }
}
