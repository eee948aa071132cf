//! Feedback read page by page.

use std::collections::BTreeSet;

use commonweal_app::EntryInput;
use commonweal_domain::permission::Scope;
use commonweal_domain::records::{Import, Lane, NewJob};
use commonweal_domain::{Actor, BodySettings, Channel, ImportId, JobId};
use commonweal_testkit::app::{PASSWORD, feedback};
use commonweal_testkit::duties::{ADMINISTRATOR, ANALYST};
use commonweal_testkit::{kept, on_both_engines};
use serde_json::{Value, json};

use crate::support::{Server, Visitor};

/// All ids of a list, following `next` to its end; `between` is done after each page.
async fn all(program: &Visitor<'_>, address: &str, between: impl AsyncFn(usize)) -> Vec<String> {
    let (mut ids, mut next, mut page) = (Vec::new(), Some(address.to_owned()), 0);
    while let Some(address) = next {
        let list = program.get(&address).await.json();
        let items = list["items"].as_array().unwrap_or_else(|| panic!("{list}"));
        ids.extend(items.iter().map(|i| i["id"].as_str().expect("an id").to_owned()));
        next = list["next"].as_str().map(str::to_owned);
        page += 1;
        between(page).await;
    }
    ids
}

/// The address of the next page, as a page of the console links it.
fn way_on(page: &str) -> Option<String> {
    let link = page.split("rel=\"next\" href=\"").nth(1)?.split('"').next()?;
    Some(link.replace("&#38;", "&").replace("&amp;", "&"))
}

/// The pages of a list of the console, to its end, and how often `item` stands on them all.
async fn pages(visitor: &Visitor<'_>, first: &str, item: &str) -> (usize, usize) {
    let (mut next, mut pages, mut items) = (Some(first.to_owned()), 0, 0);
    while let Some(address) = next {
        let page = visitor.get(&address).await.text();
        (pages, items) = (pages + 1, items + page.matches(item).count());
        assert_eq!(page.contains("rel=\"prev\""), pages > 1, "{address}");
        next = way_on(&page);
    }
    (pages, items)
}

on_both_engines! {
    async fn every_long_list_of_the_console_goes_on_to_its_end(db: TestDb) {
        let server = Server::on(db).await;
        let (app, store) = (&server.test.app, &server.test.db.store);
        let staged = server.staged("march.csv", "comment,rating\nlate,2\ngood,5\n").await;
        for n in 1..=60_u128 {
            let import = Import { id: ImportId(uuid::Uuid::from_u128(n)), file_hash: n.to_string(), ..staged.clone() };
            kept!(store, imports.create(&import)).await.expect("taken");
            let job = NewJob { id: JobId(uuid::Uuid::from_u128(n)), kind: "import.undo".into(), lane: Lane::Bulk, payload: json!({}), priority: 0, max_attempts: 1, run_at: app.now(), dedupe: None };
            kept!(store, jobs.enqueue(&job)).await.expect("taken");
        }
        let admin = server.user(ADMINISTRATOR).await;
        assert_eq!(pages(&admin, "/listen/imports", "<th scope=\"row\"").await, (2, 61));
        assert_eq!(pages(&admin, "/settings/jobs", "<th scope=\"row\"").await, (2, 60));
        assert_eq!(pages(&admin, "/settings/jobs?state=failed", "<th scope=\"row\"").await, (1, 0));
        for n in 0..110 {
            app.add_service(&Actor::Operator, &format!("Service {n}"), &[]).await.expect("made");
        }
        assert_eq!(pages(&admin, "/settings/audit?about=service", "Service: added").await, (2, 110));
        let services = admin.get("/settings/services").await.text();
        assert!((0..110).all(|n| services.contains(&format!("Service {n}"))), "a short list is whole");
        let program = server.program(&[Scope::ImportsRead]).await;
        let (mut next, mut ids) = (Some("/api/v1/imports?limit=25".to_owned()), BTreeSet::new());
        while let Some(address) = next {
            let list = program.get(&address).await.json();
            ids.extend(list["imports"].as_array().expect("imports").iter().map(|i| i["id"].to_string()));
            next = list["next"].as_str().map(str::to_owned);
        }
        assert_eq!(ids.len(), 61);
        let foreign = program.get("/api/v1/imports?cursor=AAAA").await;
        assert_eq!((foreign.status.as_u16(), foreign.mistakes()), (400, vec!["cursor:bad_cursor".to_owned()]));
    }

    async fn what_was_keyed_in_and_looked_at_goes_on_to_its_end(db: TestDb) {
        let server = Server::on(db).await;
        let app = &server.test.app;
        let analyst = server.test.user(ANALYST).await;
        let actor = analyst.actor();
        for n in 0..55 {
            let input = EntryInput {
                channel: "phone".into(),
                day: "2024-04-10".into(),
                answers: vec![(String::new(), format!("I want to die, nobody answers {n}"))],
                ..EntryInput::default()
            };
            let id = app.enter(&actor, &input, &format!("key {n}"), None).await.expect("saved");
            if n < 28 {
                app.review_alert(&actor, id, "").await.expect("looked at");
            }
        }
        server.test.index().await;
        let mut visitor = server.nobody();
        visitor.sign_in(&analyst.email, PASSWORD, "/").await;
        let entries = visitor.get("/listen/entry").await.text();
        assert!(entries.contains("55"), "the heading counts all of them: {entries}");
        assert_eq!(pages(&visitor, "/listen/entry", "/take-back\"").await, (2, 55));
        assert_eq!(pages(&visitor, "/understand/alerts", "<li class=\"cw-card\">").await, (2, 27));
        assert_eq!(pages(&visitor, "/understand/alerts?state=looked", "<li class=\"cw-card\">").await, (2, 28));
        assert_eq!(pages(&visitor, "/understand/alerts?state=looked&kind=hate", "<li class=\"cw-card\">").await, (1, 0));
    }

    async fn pages_are_complete_and_without_doubles_while_others_write(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        // Ten at each instant, so that pages end in the middle of equal instants.
        let items = (0..60).map(|n| feedback().rating(3.0).at(&format!("2024-03-0{}T10:00:00Z", 1 + n / 10)).done());
        let before: BTreeSet<String> =
            server.test.submit(items.collect()).await.iter().map(|r| r.id.to_string()).collect();
        server.test.index().await;
        for order in ["newest", "oldest"] {
            let meanwhile = async |page: usize| {
                let at = format!("2024-03-0{}T10:00:00Z", 1 + page % 6);
                server.test.submit(vec![feedback().rating(1.0).at(&at).done()]).await;
                server.test.index().await;
            };
            let seen = all(&program, &format!("/api/v1/feedback?order={order}&limit=7"), meanwhile).await;
            let once: BTreeSet<String> = seen.iter().cloned().collect();
            assert_eq!(once.len(), seen.len(), "{order}: nothing twice");
            assert!(once.is_superset(&before), "{order}: nothing left out");
        }
    }

    async fn a_list_has_what_the_filter_means(db: TestDb) {
        let server = Server::on(db).await;
        // One of each is enough here.
        let open = BodySettings { minimum_group: 1, ..BodySettings::default() };
        server.test.app.save_settings(&Actor::Operator, 0, open).await.expect("saved");
        let program = server.program(&[Scope::FeedbackRead]).await;
        server.test.submit(vec![
            feedback().rating(1.0).comment("The upload keeps spinning").channel(Channel::Phone).attribute("age_band", "65+").at("2024-03-31T22:30:00Z").done(),
            feedback().rating(5.0).comment("Uploaded at once").channel(Channel::Web).attribute("age_band", "25-34").at("2024-03-31T23:30:00Z").done(),
            feedback().rating(4.0).channel(Channel::Web).at("2024-02-10T10:00:00Z").done(),
        ]).await;
        server.test.index().await;
        for (query, expected) in [
            ("", 3),
            ("q=upload", 1),
            ("q=upload*", 2),
            ("q=upload*+-spinning", 1),
            ("channel=phone", 1),
            ("channel=%21phone", 2),
            ("channel=phone&channel=web", 3),
            ("attr.age_band=65%2B", 1),
            ("attr.age_band=(none)", 1),
            ("attr.age_band=%21(none)&channel=web", 1),
            ("has_words=no", 1),
            ("rating=1&rating=5", 2),
            // The clocks went forward on 31 March: 23:30 UTC is 1 April in London.
            ("period=2024-03", 1),
            ("from=2024-03-31&to=2024-03-31", 1),
            ("from=2024-04-01", 1),
            ("to=2024-03-31T23:30:00Z", 2),
            ("period=last-12-months", 3),
        ] {
            let list = program.get(&format!("/api/v1/feedback?{query}")).await.json();
            assert_eq!(list["items"].as_array().map(Vec::len), Some(expected), "{query}: {list}");
        }
    }

    async fn an_item_has_its_context_and_its_readings(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead, Scope::FeedbackWrite]).await;
        let sent = program.send("/api/v1/feedback", r#"{"at": "2024-03-31T10:02:00.123456Z", "service": "Blue Badge", "touchpoint": "Apply", "channel": "web",
            "ratings": [{"name": "overall", "value": 0, "worst": 0, "best": 10}, {"name": "ease", "value": 2}],
            "comment": "I tried to send my documents three times and the upload never works on my phone", "question": "What went wrong?", "page": "https://example.org/apply?token=abc", "area": "North", "attributes": {"age_band": "65+"}}"#).await;
        assert_eq!(sent.status.as_u16(), 201, "{}", sent.text());
        server.test.index().await;
        let item: Value = program.get("/api/v1/feedback").await.json()["items"][0].clone();
        assert_eq!(item["at"], "2024-03-31T10:02:00.123456Z");
        assert_eq!(item["service"], "blue-badge");
        assert_eq!(item["touchpoint"], "blue-badge/apply");
        assert_eq!(item["page"], "https://example.org/apply", "the query string is left out");
        assert_eq!(item["ratings"][0]["step"], 1);
        assert_eq!(item["comments"][0]["question"], "What went wrong?");
        assert_eq!(item["comments"][0]["language"], "en");
        assert_eq!(item["attributes"]["age_band"], "65+");
        assert_eq!(item["source"], "api");
        let one = program.get(&format!("/api/v1/feedback/{}", item["id"].as_str().expect("an id"))).await.json();
        assert_eq!(one["feedback"], item, "one is the same as in the list");
    }

    async fn a_cursor_can_not_be_used_for_something_else(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        server.test.submit((0..3).map(|_| feedback().rating(3.0).done()).collect()).await;
        server.test.index().await;
        let list = program.get("/api/v1/feedback?limit=1").await.json();
        let next = list["next"].as_str().expect("more follow").to_owned();
        assert_eq!(program.get(&next).await.status.as_u16(), 200);
        for other in [format!("{next}&channel=phone"), next.replace("newest", "oldest"), format!("{next}x"), "/api/v1/feedback?cursor=AAAA".to_owned()] {
            let answer = program.get(&other).await;
            assert_eq!((answer.status.as_u16(), answer.mistakes()), (400, vec!["cursor:bad_cursor".to_owned()]), "{other}");
        }
    }

    async fn the_pages_of_a_relative_period_stay_the_same_over_midnight(db: TestDb) {
        let server = Server::on(db).await;
        let program = server.program(&[Scope::FeedbackRead]).await;
        server.test.submit((1..=7).map(|day| feedback().rating(3.0).at(&format!("2024-04-0{day}T10:00:00Z")).done()).collect()).await;
        server.test.index().await;
        let midnight = async |_| server.test.clock.advance(chrono::TimeDelta::days(1));
        let seen = all(&program, "/api/v1/feedback?period=last-10-days&order=oldest&limit=2", midnight).await;
        assert_eq!(seen.len(), 7);
    }
}
