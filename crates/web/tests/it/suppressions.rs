//! Pages of suppressed addresses: no address is ever listed, and whoever knows one can ask after it, add it and lift it.

use axum::http::StatusCode;
use commonweal_domain::{Actor, Duty, PageRequest};
use commonweal_testkit::on_both_engines;

use crate::support::Server;

on_both_engines! {
    async fn an_address_is_asked_after_written_down_and_lifted_with_a_reason(db: TestDb) {
        let server = Server::on(db).await;
        let visitor = server.user(&[Duty::Communicator]).await;
        assert!(visitor.get("/suppressions").await.text().contains("No address is suppressed."));
        let none = visitor.post("/suppressions/find", "address=ann").await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.text().contains("This is neither an email address nor a phone number."), "{}", none.text());
        let free = visitor.post("/suppressions/find", "address=Ann%40Example.org").await.text();
        assert!(free.contains("No, it is not suppressed") && free.contains("They said that they want no more messages there"), "{free}");
        let why = visitor.post("/suppressions/add", "address=ann%40example.org").await;
        assert!(why.text().contains("Choose why nothing is to be sent there."), "{}", why.text());
        // What comes back from servers is not for hands.
        assert_eq!(visitor.post("/suppressions/add", "address=ann%40example.org&reason=complaint").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let added = visitor.post("/suppressions/add", "address=ann%40example.org&reason=stopped").await;
        assert_eq!(added.location(), "/suppressions?done=suppression-added");
        let again = visitor.post("/suppressions/add", "address=ann%40example.org&reason=invalid").await;
        assert!(again.text().contains("Nothing is sent there already."), "{}", again.text());
        let list = visitor.get("/suppressions").await.text();
        assert!(list.contains("They wrote STOP") && list.contains("Until somebody lifts it") && !list.contains("ann@example.org"), "{list}");
        let found = visitor.post("/suppressions/find", "address=ANN%40example.org").await.text();
        assert!(found.contains("Yes, nothing is sent there") && !found.contains("works again"), "{found}");
        assert!(visitor.post("/suppressions/lift", "address=ann%40example.org").await.text().contains("Choose why messages may go there again."));
        let works = visitor.post("/suppressions/lift", "address=ann%40example.org&why=works").await;
        assert!(works.text().contains("They said themselves that they want no more."), "{}", works.text());
        let lifted = visitor.post("/suppressions/lift", "address=ann%40example.org&why=asked").await;
        assert_eq!(lifted.location(), "/suppressions?done=suppression-lifted");
        let gone = visitor.post("/suppressions/lift", "address=ann%40example.org&why=asked").await;
        assert!(gone.text().contains("Messages go there already: it is not suppressed."), "{}", gone.text());
        let trail = server.test.app.audit_trail(&Actor::Operator, Some("suppression"), &PageRequest::first(10)).await.expect("a trail");
        let told: Vec<_> = trail.items.iter().map(|line| (line.entry.action.clone(), line.entry.details.to_string())).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].0 == "suppression.lifted" && told[0].1.contains("asked") && !told[0].1.contains("ann"), "{told:?}");
    }

    async fn pages_of_suppressed_addresses_go_on_where_the_one_before_ended(db: TestDb) {
        let server = Server::on(db).await;
        let app = &server.test.app;
        for n in 0..5 {
            // The same instant for all: only the hashes tell them apart.
            let reason = Some(commonweal_domain::SuppressionReason::Invalid);
            app.suppress(&Actor::Operator, &format!("n{n}@example.org"), reason).await.expect("kept");
        }
        let mut request = PageRequest::first(2);
        let mut sizes = Vec::new();
        let mut back = None;
        loop {
            let page = app.suppressions(&Actor::Operator, &request).await.expect("may");
            sizes.push(page.items.len());
            back = page.previous.or(back);
            match page.next {
                Some(next) => request = PageRequest::after(next, 2),
                None => break,
            }
        }
        assert_eq!(sizes, [2, 2, 1]);
        let before = app.suppressions(&Actor::Operator, &PageRequest::before(back.expect("a way back"), 2)).await.expect("may");
        assert_eq!((before.items.len(), before.previous.is_some()), (2, true));
    }

    async fn whoever_plans_nothing_asks_after_nobody(db: TestDb) {
        let server = Server::on(db).await;
        let analyst = server.user(&[Duty::Analyst, Duty::Administrator]).await;
        for (to, what) in [("find", ""), ("add", "&reason=invalid"), ("lift", "&why=asked")] {
            let answer = analyst.post(&format!("/suppressions/{to}"), &format!("address=ann%40example.org{what}")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{to}");
        }
    }
}
