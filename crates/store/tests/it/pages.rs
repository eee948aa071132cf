//! Lists page by page: complete and without doubles, also where items are equal by what they are sorted by, and
//! while others add to them; back over the same pages. Short lists are whole.

use std::collections::BTreeSet;
use std::fmt::Debug;

use commonweal_domain::records::{AlertReview, AuditEntry, JobState, Lane, NewJob};
use commonweal_domain::{FeedbackId, Page, PageRequest};
use commonweal_store::{NewEntry, WriteBatch};
use commonweal_testkit::duties::{ANALYST, VIEWER};
use commonweal_testkit::{kept, on_both_engines};
use serde_json::json;

use crate::data::{append, at, feedback, id, import, record, user, write};
use crate::forms::{form, wish};

const LIMIT: usize = 3;

/// Walks to the end of a list and back. `add` adds an item beside the list's newest after each page.
async fn walked<T: Clone + PartialEq + Debug>(
    page: impl AsyncFn(PageRequest) -> Page<T>,
    add: impl AsyncFn(u64),
    before: &[T],
) {
    let mut pages = vec![page(PageRequest::first(LIMIT)).await];
    while let Some(next) = pages.last().and_then(|page| page.next) {
        add(pages.len() as u64).await;
        pages.push(page(PageRequest::after(next, LIMIT)).await);
    }
    let seen: Vec<T> = pages.iter().flat_map(|page| page.items.clone()).collect();
    assert_eq!(seen, before, "all that was there, once, in order, and nothing that came later");
    for pair in pages.windows(2).rev() {
        let back = page(PageRequest::before(pair[1].previous.expect("a page before"), LIMIT)).await;
        assert_eq!(back.items, pair[0].items);
        assert_eq!(back.next, pair[0].next);
    }
    let first = pages[1].previous.map(|cursor| PageRequest::before(cursor, 1_000)).expect("a second page");
    let all = page(first).await.items;
    assert!(all.len() > LIMIT && all.ends_with(&pages[0].items), "what came later stands before the first page");
}

on_both_engines! {
    async fn imports_come_page_by_page(db: TestDb) {
        let store = &db.store;
        for n in 1..=10 {
            kept!(store, imports.create(&import(n))).await.expect("taken");
        }
        let all: Vec<_> = (1..=10).rev().map(import).collect();
        let add = async |n| kept!(store, imports.create(&import(100 + n))).await.expect("taken");
        walked(async |page| store.imports(None, &page).await.expect("read"), add, &all).await;
    }

    async fn jobs_of_one_state_come_page_by_page(db: TestDb) {
        let store = &db.store;
        let job = |n| NewJob { id: id(n), kind: "import.run".into(), lane: Lane::Bulk, payload: json!({}), priority: 0, max_attempts: 1, run_at: at(0), dedupe: None };
        let cancelled = async |n| {
            kept!(store, jobs.enqueue(&job(n))).await.expect("taken");
            kept!(store, jobs.cancel(id(n), at(1))).await.expect("cancelled");
        };
        for n in 1..=10 {
            cancelled(2 * n).await;
            kept!(store, jobs.enqueue(&job(2 * n + 1))).await.expect("taken");
        }
        let all: Vec<_> = (1..=10).rev().map(|n| id(2 * n)).collect();
        let page = async |page| store.jobs(Some(JobState::Cancelled), &page).await.expect("read").map(|job| job.id);
        walked(page, async |n| cancelled(100 + n).await, &all).await;
        assert_eq!(store.jobs_count(JobState::Ready).await.expect("counted"), 10);
    }

    async fn lines_of_the_trail_about_one_thing_come_page_by_page(db: TestDb) {
        let line = |n: u64, action: &str| AuditEntry { at: at(0), actor: "operator".into(), action: action.into(), subject: n.to_string(), details: json!({}) };
        let lines: Vec<AuditEntry> = (1..=10).flat_map(|n| [line(n, "user.added"), line(n, "key.added")]).collect();
        append(&db.store, lines).await.expect("added");
        let all: Vec<_> = (1..=10).rev().map(|n| line(n, "user.added")).collect();
        let page = async |page| db.store.audit(Some("user."), &page).await.expect("read").map(|line| line.entry);
        walked(page, async |n| append(&db.store, vec![line(100 + n, "user.added")]).await.expect("added"), &all).await;
    }

    async fn wishes_to_hear_back_of_one_instant_come_page_by_page(db: TestDb) {
        let store = &db.store;
        for n in [1, 2] {
            kept!(store, forms.create(&form(n))).await.expect("taken");
        }
        // Ten at two instants; the other form's stand between them.
        let answer = async |n: u64, of, seconds| {
            let wish = commonweal_domain::form::ReplyRequest { at: at(seconds), ..wish(n, id(of)) };
            let batch = WriteBatch { records: vec![record(n)], replies: vec![wish.clone()], ..WriteBatch::default() };
            store.write(&batch).await.expect("taken");
            wish
        };
        let mut all = Vec::new();
        for n in 1..=10 {
            all.push(answer(n, 1, i64::from(n > 5)).await);
            answer(50 + n, 2, i64::from(n > 5)).await;
        }
        all.sort_by_key(|wish| std::cmp::Reverse((wish.at, wish.feedback)));
        let page = async |page| store.reply_requests(id(1), &page).await.expect("read");
        walked(page, async |n| drop(answer(100 + n, 1, 9).await), &all).await;
    }

    async fn entries_of_one_instant_come_page_by_page(db: TestDb) {
        let store = &db.store;
        let (ada, ben) = (user(store, 1, ANALYST).await, user(store, 2, ANALYST).await);
        let enter = async |n: u64, user, seconds| {
            let mut record = record(n);
            record.doc.received_at = at(seconds);
            let entries = vec![NewEntry { record: 0, user }];
            store.write(&WriteBatch { records: vec![record], entries, ..WriteBatch::default() }).await.expect("taken");
        };
        for n in 1..=10 {
            enter(n, ada, 60 + i64::from(n > 5)).await;
            enter(50 + n, ben, 60).await;
        }
        enter(99, ada, 1).await;
        let all: Vec<FeedbackId> = (1..=10).rev().map(feedback).collect();
        let page = async |page| store.entries_of(ada, at(60), &page).await.expect("read").map(|entry| entry.feedback);
        assert_eq!(store.entries_count(ada, at(60)).await.expect("counted"), 10);
        walked(page, async |n| enter(100 + n, ada, 99).await, &all).await;
    }

    async fn looks_at_alerts_are_found_by_kind_before_they_are_counted_out(db: TestDb) {
        let store = &db.store;
        let look_at = async |n: u64, kind: &str, seconds| {
            let mut record = record(n);
            record.doc.comments[0].reading.alerts = vec![kind.into()];
            write(store, vec![record]).await;
            let look = AlertReview { feedback: feedback(n), actor: "Ann".into(), note: String::new(), at: at(seconds) };
            kept!(store, alerts.add_review(&look)).await.expect("kept");
        };
        for n in 1..=10 {
            look_at(n, "self_harm", i64::from(n > 5)).await;
            // Newer than all of the other kind: a limit before the filter would leave none of those.
            look_at(50 + n, "contradiction", 5).await;
        }
        let all: Vec<FeedbackId> = (1..=10).rev().map(feedback).collect();
        let page = async |page| store.alert_reviews(&["self_harm"], &page).await.expect("read").map(|look| look.feedback);
        walked(page, async |n| look_at(100 + n, "self_harm", 9).await, &all).await;
    }

    async fn lists_that_are_short_by_nature_are_whole(db: TestDb) {
        let store = &db.store;
        let service = kept!(store, services.ensure("Parking", id(1))).await.expect("made").id;
        for n in 0..250 {
            user(store, 1_000 + n, VIEWER).await;
            kept!(store, forms.create(&form(2_000 + n))).await.expect("taken");
            kept!(store, services.ensure(&format!("Service {n}"), id(3_000 + n))).await.expect("made");
            kept!(store, services.ensure_touchpoint(service, &format!("Touchpoint {n}"), id(4_000 + n))).await.expect("made");
            kept!(store, imports.create(&import(5_000 + n))).await.expect("taken");
        }
        assert_eq!(store.users().await.expect("read").len(), 250);
        assert_eq!(store.forms().await.expect("read").len(), 250);
        assert_eq!(store.import_names().await.expect("read").len(), 250);
        let services = store.services().await.expect("read");
        assert_eq!((services.len(), services.iter().map(|s| s.touchpoints.len()).sum::<usize>()), (251, 250));
        let once: BTreeSet<_> = services.iter().map(|s| s.id).collect();
        assert_eq!(once.len(), 251);
    }
}
