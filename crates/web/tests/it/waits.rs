//! What waits for whoever is signed in stands at the beginning of the Overview.

use axum::http::StatusCode;
use chrono::TimeDelta;
use commonweal_app::{FormLimits, HookInput, Sent};
use commonweal_domain::form::NewReplyRequest;
use commonweal_domain::import::ImportState;
use commonweal_domain::records::{Lane, NewJob};
use commonweal_domain::{Actor, Duty, FormAnswer, FormDesign, FormLanguage, RatingStyle};
use commonweal_testkit::app::feedback;
use commonweal_testkit::duties::{ADMINISTRATOR, ANALYST, VIEWER};
use commonweal_testkit::{kept, on_both_engines};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::{Server, Visitor};

const OPERATOR: Actor = Actor::Operator;

/// What the Overview says waits: where each line leads, and what it says.
async fn waits(visitor: &Visitor<'_>) -> Vec<(String, String)> {
    let page = visitor.get("/").await.text();
    let Some((_, after)) = page.split_once("id=\"waits\"") else { return Vec::new() };
    assert!(!page.contains("class=\"cw-kpis\"") || page.find("id=\"waits\"") < page.find("class=\"cw-kpis\""));
    let list = after.split_once("</ul>").expect("a list").0;
    let lines = list.split("href=\"").skip(1).map(|link| {
        let (href, rest) = link.split_once('"').expect("an address");
        let text = rest.split_once('>').and_then(|(_, text)| text.split_once("</a>")).expect("a text").0;
        (href.to_owned(), text.to_owned())
    });
    lines.collect()
}

fn lines(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(href, text)| ((*href).to_owned(), (*text).to_owned())).collect()
}

async fn alert(server: &Server) -> String {
    let receipt = server.test.submit(vec![feedback().comment("I want to die, nobody answers").done()]).await.remove(0);
    server.test.index().await;
    receipt.id.to_string()
}

/// Somebody answers a form and asks to hear back.
async fn wish(server: &Server, title: &str) {
    let app = &server.test.app;
    let service = app.add_service(&OPERATOR, title, &[]).await.expect("added");
    let design = FormDesign {
        title: title.into(),
        service: Some(service.id),
        rating: RatingStyle::FivePoints,
        consent: true,
        ..FormDesign::default()
    };
    let form = app.add_form(&OPERATOR, design).await.expect("made");
    let token = app.form_token(&form).await.expect("signed");
    server.test.clock.advance(TimeDelta::seconds(5));
    let sent = Sent { token, trap: false, address: "192.0.2.1".parse().expect("an address") };
    let reply = NewReplyRequest { agreed: true, address: "ann@example.org".into(), words: "Yes, write to me".into() };
    let answer = FormAnswer {
        rating: Some(4),
        words: vec![],
        page: None,
        reply: Some(reply),
        language: FormLanguage::English,
        kiosk: false,
        device: None,
    };
    app.answer_form(&form.key, answer, sent, &FormLimits::default()).await.expect("taken");
}

on_both_engines! {
    async fn the_overview_begins_with_what_ones_duties_let_one_deal_with(db: TestDb) {
        let server = Server::on(db).await;
        let (app, store) = (&server.test.app, &server.test.db.store);
        for duties in [VIEWER, ANALYST, ADMINISTRATOR] {
            assert_eq!(waits(&server.user(duties).await).await, [], "nothing waits, nothing is said");
        }
        alert(&server).await;
        server.staged("march.csv", "comment,rating\nlate,2\n").await;
        for name in ["april.csv", "may.csv"] {
            let broken = server.staged(name, &format!("comment,rating\n{name},2\n")).await.id;
            for (from, to) in [(ImportState::Waiting, ImportState::Running), (ImportState::Running, ImportState::Failed)] {
                kept!(store, imports.set_state(broken, &[from], to, Some("It broke off."), app.now())).await.expect("moved");
            }
        }
        let job = NewJob { id: uuid::Uuid::now_v7().into(), kind: "import.undo".into(), lane: Lane::Bulk, payload: json!({}), priority: 0, max_attempts: 1, run_at: app.now(), dedupe: None };
        kept!(store, jobs.enqueue(&job)).await.expect("taken");
        assert!(app.work_once_in(Lane::Bulk, "w", &CancellationToken::new()).await.expect("tried"));
        let input = |name: &str| HookInput { name: name.into(), address: "https://example.org/hook".into(), kinds: vec![] };
        let gone = app.add_hook(&OPERATOR, &input("Gone")).await.expect("added").0.id;
        kept!(store, hooks.set_gone(gone, app.now())).await.expect("turned off");
        let off = app.add_hook(&OPERATOR, &input("Off")).await.expect("added").0.id;
        app.set_hook_enabled(&OPERATOR, off, false).await.expect("turned off by somebody, which waits for nobody");
        for title in ["Parking", "Bins"] {
            wish(&server, title).await;
        }
        server.test.index().await;

        assert_eq!(waits(&server.user(VIEWER).await).await, []);
        let analyst = server.user(ANALYST).await;
        let an_alert = ("/understand/alerts", "1 alert waits for somebody to look at it");
        assert_eq!(waits(&analyst).await, lines(&[an_alert]));
        let everything = server.user(ADMINISTRATOR).await;
        assert_eq!(waits(&everything).await, lines(&[
            an_alert,
            ("/listen/replies", "2 people wait to hear back"),
            ("/listen/imports?state=waiting", "1 import waits to be begun"),
            ("/listen/imports?state=failed", "2 imports failed"),
            ("/settings/jobs?state=failed", "1 job failed"),
            ("/settings/hooks", "1 web hook was turned off because its receiver is gone"),
        ]));
        let alone = server.grantee(Duty::Administrator.into()).await;
        let theirs: Vec<_> = waits(&alone).await.into_iter().map(|(href, _)| href).collect();
        assert_eq!(theirs, ["/listen/replies", "/settings/jobs?state=failed", "/settings/hooks"]);
        for href in &theirs {
            assert_eq!(alone.get(href).await.status, StatusCode::OK, "{href}");
        }
        for (href, there) in [("/listen/replies", "Parking"), ("/listen/imports?state=waiting", "march.csv"), ("/listen/imports?state=failed", "may.csv"), ("/settings/hooks", "Gone")] {
            let page = everything.get(href).await;
            assert!(page.status == StatusCode::OK && page.text().contains(there), "{href}: {}", page.text());
        }
        assert!(!everything.get("/listen/imports?state=waiting").await.text().contains("april.csv"));
        assert_eq!(analyst.get("/listen/replies").await.status, StatusCode::FORBIDDEN);
    }

    async fn what_was_dealt_with_waits_no_longer_and_counts_are_kept_for_seconds(db: TestDb) {
        let server = Server::on(db).await;
        let first = alert(&server).await;
        let analyst = server.user(ANALYST).await;
        let said = async || waits(&analyst).await.into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(said().await, ["1 alert waits for somebody to look at it"]);
        alert(&server).await;
        assert_eq!(said().await, ["1 alert waits for somebody to look at it"], "as the navigation beside it says");
        server.test.clock.advance(TimeDelta::seconds(5));
        assert_eq!(said().await, ["2 alerts wait for somebody to look at them"]);
        analyst.post(&format!("/understand/alerts/{first}/review"), "note=").await;
        assert_eq!(said().await, ["1 alert waits for somebody to look at it"], "who changes it sees it at once");
    }
}
