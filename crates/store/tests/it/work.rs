//! The unit of work, the feed of events, schedules.

use commonweal_domain::event::EventPosition;
use commonweal_domain::records::{AuditEntry, JobProgress, JobState, Lane, NewJob};
use commonweal_domain::{Event, Instant, PageRequest};
use commonweal_store::{Ended, Silent, Store, StoreError, Trail, Wanted};
use commonweal_testkit::databases::settled;
use commonweal_testkit::{kept, on_both_engines};
use serde_json::json;

use crate::data::{at, id};
use crate::forms::form;

fn line(subject: &str) -> AuditEntry {
    AuditEntry {
        at: at(0),
        actor: "operator".into(),
        action: "form.added".into(),
        subject: subject.into(),
        details: json!({}),
    }
}

fn job(n: u64) -> NewJob {
    NewJob {
        id: id(n),
        kind: "import.undo".into(),
        lane: Lane::Bulk,
        payload: json!({"import": n}),
        priority: 0,
        max_attempts: 2,
        run_at: at(0),
        dedupe: None,
    }
}

/// What a stop after this step leaves: rows, lines, jobs, events.
async fn there(store: &Store) -> (usize, usize, usize, usize) {
    settled(store).await;
    (
        store.forms().await.expect("read").len(),
        store.audit(None, &PageRequest::first(10)).await.expect("read").items.len(),
        store.jobs(None, &PageRequest::first(10)).await.expect("read").items.len(),
        store.events_after(EventPosition::default(), 10).await.expect("read").len(),
    )
}

/// All events that may be followed, a few at a time, from a position on.
async fn followed(store: &Store, mut position: EventPosition) -> Vec<(EventPosition, String)> {
    let mut all = Vec::new();
    loop {
        let some = store.events_after(position, 7).await.expect("read");
        let Some(last) = some.last() else { return all };
        position = last.position;
        all.extend(some.into_iter().map(|e| (e.position, e.subject)));
    }
}

on_both_engines! {
    async fn a_change_is_kept_with_its_line_its_job_and_its_event_or_not_at_all(db: TestDb) {
        let (made, undo) = (form(1), job(9));
        let happened = [Event::FormAdded { form: made.id }];
        // Stopped after each step, by an error or by being dropped, nothing of it is there.
        for steps in 0..4 {
            let (made, undo, happened) = (&made, &undo, &happened);
            let stopped = db.store.transact(move |w| Box::pin(async move {
                w.forms().create(made).await?;
                if steps > 0 { w.jobs().enqueue(undo).await?; }
                if steps > 1 { w.events().emit(at(1), happened).await?; }
                if steps > 2 { w.forms().create(made).await?; }
                Err::<((), Trail), _>(StoreError::NotFound("power"))
            })).await;
            assert!(stopped.is_err());
            assert_eq!(there(&db.store).await, (0, 0, 0, 0), "after {steps} steps");
        }
        let dropped = db.store.begin_work().await.expect("begun");
        dropped.forms().create(&made).await.expect("written");
        drop(dropped);
        assert_eq!(there(&db.store).await, (0, 0, 0, 0));

        let (one, undo, happened) = (&made, &undo, &happened);
        let (value, noted) = db.store.transact(move |w| Box::pin(async move {
            w.forms().create(one).await?;
            w.jobs().enqueue(undo).await?;
            w.events().emit(at(1), happened).await?;
            Ok::<_, StoreError>((7, Trail::Lines(vec![line("form:1")])))
        })).await.expect("kept");
        assert_eq!((value, noted.jobs, noted.events, noted.changes), (7, true, true, false));
        assert_eq!(there(&db.store).await, (1, 1, 1, 1));
    }

    async fn events_are_followed_in_one_order_and_none_is_missed_while_others_write(db: TestDb) {
        let second = db.again().await;
        let begun = kept!(db.store, events.emit(at(0), &[Event::ReadingsRenewed { comments: 1 }]));
        begun.await.expect("kept");
        let mut writers = Vec::new();
        for n in 0..4_u64 {
            let store = if n % 2 == 0 { db.store.clone() } else { second.clone() };
            writers.push(tokio::spawn(async move {
                for m in 0..10 {
                    let event = Event::FormAdded { form: id(n * 100 + m) };
                    kept!(store, events.emit(at(1), std::slice::from_ref(&event))).await.expect("kept");
                }
            }));
        }
        // Somebody follows while they write.
        let mut seen: Vec<(EventPosition, String)> = Vec::new();
        while writers.iter().any(|w| !w.is_finished()) {
            let from = seen.last().map_or_else(EventPosition::default, |(position, _)| *position);
            seen.extend(followed(&db.store, from).await);
        }
        for writer in writers {
            writer.await.expect("no panic");
        }
        // What committed last may have to wait for the oldest transaction on the server.
        db.settled().await;
        let from = seen.last().map_or_else(EventPosition::default, |(position, _)| *position);
        seen.extend(followed(&db.store, from).await);
        let mut subjects: Vec<&String> = seen.iter().map(|(_, subject)| subject).collect();
        subjects.sort_unstable();
        subjects.dedup();
        assert_eq!((seen.len(), subjects.len()), (41, 41));
        assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    async fn a_follower_goes_on_from_where_it_was_also_after_the_store_was_opened_anew(db: TestDb) {
        assert_eq!(db.store.follower("hooks").await.expect("read"), None);
        let position = EventPosition { transaction: 0, number: 12 };
        kept!(db.store, events.follow("hooks", position)).await.expect("kept");
        let next = EventPosition { number: 13, ..position };
        kept!(db.store, events.follow("hooks", next)).await.expect("kept");
        let second = db.again().await;
        assert_eq!(second.follower("hooks").await.expect("read"), Some(next));
        kept!(db.store, events.unfollow("hooks")).await.expect("forgotten");
        assert_eq!(second.follower("hooks").await.expect("read"), None);
    }

    async fn old_events_are_forgotten_and_numbers_go_on(db: TestDb) {
        kept!(db.store, events.emit(at(0), &[Event::ReadingsRenewed { comments: 1 }, Event::ReadingsRenewed { comments: 1 }])).await.expect("kept");
        kept!(db.store, events.emit(at(100), &[Event::ReadingsRenewed { comments: 1 }])).await.expect("kept");
        assert_eq!(kept!(db.store, events.forget_before(at(50))).await.expect("forgotten"), 2);
        db.settled().await;
        let left = db.store.events_after(EventPosition::default(), 10).await.expect("read");
        assert_eq!(left.iter().map(|e| (e.at, e.event())).collect::<Vec<_>>(), [(at(100), Some(Event::ReadingsRenewed { comments: 1 }))]);
    }

    async fn what_is_due_is_enqueued_by_one_server(db: TestDb) {
        let second = db.again().await;
        let due = |now: Instant| { let store = db.store.clone(); async move { store.due_schedules(&["hourly", "daily"], now).await.expect("asked") } };
        assert_eq!(due(at(0)).await, ["hourly", "daily"]);
        let (mine, theirs) = (job(1), job(2));
        let (one, other) = tokio::join!(
            kept!(db.store, jobs.enqueue_scheduled("hourly", Some(&mine), at(0), at(3600))),
            kept!(second, jobs.enqueue_scheduled("hourly", Some(&theirs), at(0), at(3600))),
        );
        assert!(one.expect("asked") != other.expect("asked"));
        assert_eq!(db.store.jobs(None, &PageRequest::first(10)).await.expect("read").items.len(), 1);
        assert_eq!(due(at(10)).await, ["daily"]);
        assert_eq!(due(at(3600)).await, ["hourly", "daily"]);
        assert!(!kept!(db.store, jobs.enqueue_scheduled("hourly", None, at(3599), at(9999))).await.expect("asked"));
        assert!(kept!(db.store, jobs.enqueue_scheduled("hourly", None, at(3600), at(7200))).await.expect("asked"));
    }

    async fn a_job_that_runs_is_told_to_stop_and_goes_on_from_its_checkpoint_when_tried_again(db: TestDb) {
        let wanted = Wanted { lane: Lane::Bulk, kinds: &["import.undo"] };
        let reading = Wanted { lane: Lane::Reading, kinds: &["import.undo"] };
        assert!(kept!(db.store, jobs.enqueue(&job(1))).await.expect("taken"));
        assert!(db.store.claim_job(reading, "w", at(60), at(0)).await.expect("asked").is_none(), "another lane's");
        db.store.claim_job(wanted, "w", at(60), at(0)).await.expect("asked").expect("due");
        let progress = JobProgress { done: 3, total: 9 };
        let held = db.store.save_progress(id(1), "w", progress, Some(&json!({"after": 3}))).await.expect("held");
        assert!(!held.cancel_requested);
        assert!(db.store.save_progress(id(1), "x", progress, None).await.is_err(), "another worker's");
        assert_eq!(kept!(db.store, jobs.cancel(id(1), at(1))).await.expect("told"), JobState::Running);
        assert!(db.store.held_job(id(1), "w").await.expect("held").cancel_requested);
        assert_eq!(db.store.end_attempt(id(1), "w", Ended::Cancelled, at(2)).await.expect("held"), JobState::Cancelled);
        let now = db.store.job(id(1)).await.expect("there");
        assert_eq!((now.state, now.progress, now.ended_at), (JobState::Cancelled, Some(progress), Some(at(2))));
        kept!(db.store, jobs.retry(id(1), at(3))).await.expect("it may be tried again");
        let again = db.store.claim_job(wanted, "w", at(60), at(3)).await.expect("asked").expect("due");
        assert_eq!((again.checkpoint, again.cancel_requested), (Some(json!({"after": 3})), false));
        // A worker that died is not waited for: what was to be cancelled is.
        kept!(db.store, jobs.cancel(id(1), at(4))).await.expect("told");
        kept!(db.store, jobs.enqueue(&job(2))).await.expect("taken");
        assert_eq!(db.store.claim_job(wanted, "v", at(99), at(90)).await.expect("asked").map(|j| j.id), Some(id(2)));
        assert_eq!(db.store.job(id(1)).await.expect("there").state, JobState::Cancelled);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_that_changes_nothing_for_others_says_why_it_has_no_line() {
    let db = commonweal_testkit::databases::TestDb::on(commonweal_store::Engine::Sqlite).await;
    let work = db.store.begin_work().await.expect("begun");
    let noted = work.commit(Trail::Silent(Silent::Upkeep)).await.expect("kept");
    assert_eq!((noted.jobs, noted.changes, noted.events), (false, false, false));
}
