//! What open pages are told, and what they are not.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::ConnectInfo;
use axum::http::{Method, StatusCode};
use commonweal_app::understand::codeframes::CodeframeTheme;
use commonweal_domain::Actor;
use commonweal_testkit::app::feedback;
use commonweal_testkit::duties::{ADMINISTRATOR, VIEWER};
use commonweal_testkit::on_both_engines;
use futures::StreamExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::support::{Server, Visitor};

const OPERATOR: Actor = Actor::Operator;

/// An open page: what it is told, and how far it has read.
struct Open {
    status: StatusCode,
    told: BodyDataStream,
    read: String,
}

impl Open {
    async fn by(visitor: &Visitor<'_>, address: &str, last: Option<&str>) -> Self {
        let mut request = visitor.request(Method::GET, address);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let mut request = request.body(Body::empty()).expect("a valid request");
        request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([203, 0, 113, 9], 50_000))));
        let response = visitor.server.router.clone().oneshot(request).await.expect("the router answers");
        Self { status: response.status(), told: response.into_body().into_data_stream(), read: String::new() }
    }

    /// The next event: its id, its kind and what it is about. Nothing when there are no more.
    async fn next(&mut self) -> Option<(String, String, String)> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let field = |name: &str| event.lines().find_map(|l| l.strip_prefix(name)).unwrap_or_default().trim();
                let (id, data) = (field("id:").to_owned(), field("data:").to_owned());
                self.read = rest.to_owned();
                if data.is_empty() {
                    continue;
                }
                let data: Value = serde_json::from_str(&data).expect("JSON");
                assert_eq!(data.as_object().map(|o| o.len()), Some(2), "kind and subject, and nothing else: {data}");
                let text = |name: &str| data[name].as_str().expect("a text").to_owned();
                return Some((id, text("kind"), text("subject")));
            }
            let chunk = self.told.next().await?.expect("it does not break off");
            self.read.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
        }
    }

    /// Kinds up to the first of this kind.
    async fn until(&mut self, kind: &str) -> Vec<String> {
        let mut kinds = Vec::new();
        while let Some((_, told, _)) = self.next().await {
            kinds.push(told.clone());
            if told == kind {
                return kinds;
            }
        }
        panic!("it ended before {kind}: {kinds:?}");
    }
}

async fn one(server: &Server) -> String {
    server.test.submit(vec![feedback().comment("Slow").done()]).await.remove(0).id.to_string()
}

async fn theme(server: &Server, name: &str) {
    let theme = CodeframeTheme { name: name.into(), words: vec!["wait".into()], ..CodeframeTheme::default() };
    server.test.app.put_themes(&OPERATOR, "Ours", &[theme]).await.expect("a theme");
}

on_both_engines! {
    async fn a_page_is_told_what_its_reader_may_know_and_no_more(db: TestDb) {
        let server = Server::on(db).await;
        let (viewer, admin) = (server.user(VIEWER).await, server.user(ADMINISTRATOR).await);
        let (mut few, mut all) = (Open::by(&viewer, "/events", None).await, Open::by(&admin, "/events", None).await);
        assert_eq!((few.status, all.status), (StatusCode::OK, StatusCode::OK));
        theme(&server, "Waiting").await;
        let id = one(&server).await;
        assert_eq!(all.until("feedback.received").await, ["codeframe.changed", "feedback.received"]);
        let told = few.next().await.expect("told");
        assert_eq!((told.1.as_str(), told.2), ("feedback.received", format!("feedback:{id}")));
    }

    async fn a_page_that_comes_again_is_told_what_it_has_missed(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.user(ADMINISTRATOR).await;
        let since = server.test.app.happened_until(&OPERATOR).await.expect("read").to_string();
        let first = one(&server).await;
        let mut open = Open::by(&admin, &format!("/events?since={since}"), None).await;
        let told = open.next().await.expect("told");
        assert_eq!(told.2, format!("feedback:{first}"));
        drop(open);
        // More than are read at once.
        let mut missed = Vec::new();
        for _ in 0..5 {
            let items = (0..50).map(|n| feedback().rating(2.0).comment(&format!("Slow {n}")).done()).collect();
            missed.extend(server.test.submit(items).await.iter().map(|r| format!("feedback:{}", r.id)));
        }
        server.test.db.settled().await;
        let mut again = Open::by(&admin, "/events?since=0-0", Some(&told.0)).await;
        let later = one(&server).await;
        missed.push(format!("feedback:{later}"));
        for expected in missed {
            assert_eq!(again.next().await.expect("told").2, expected);
        }
    }

    async fn one_person_has_so_many_open_pages_and_others_are_not_held_up(db: TestDb) {
        let server = Server::on(db).await;
        let (one, other) = (server.user(VIEWER).await, server.user(VIEWER).await);
        let mut open = Vec::new();
        for _ in 0..8 {
            open.push(Open::by(&one, "/events", None).await);
        }
        assert!(open.iter().all(|page| page.status == StatusCode::OK));
        assert_eq!(Open::by(&one, "/events", None).await.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(Open::by(&other, "/events", None).await.status, StatusCode::OK);
        open.pop();
        assert_eq!(Open::by(&one, "/events", None).await.status, StatusCode::OK);
    }

    async fn what_pages_are_told_ends_when_the_server_stops(db: TestDb) {
        let server = Server::on(db).await;
        let viewer = server.user(VIEWER).await;
        let mut open = Open::by(&viewer, "/events", None).await;
        server.test.app.end_watching();
        let ended = tokio::time::timeout(Duration::from_secs(50), open.next()).await;
        assert_eq!(ended.expect("it does not go on"), None);
        assert_eq!(Open::by(&viewer, "/events", None).await.status, StatusCode::SERVICE_UNAVAILABLE);
    }
}
