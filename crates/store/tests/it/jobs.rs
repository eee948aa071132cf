//! Jobs and their leases.

use commonweal_domain::records::{JobState, Lane, NewJob};
use commonweal_domain::{Cursor, Instant, JobId, PageRequest};
use commonweal_store::{Ended, Store, StoreError, Wanted};
use commonweal_testkit::{kept, on_both_engines};
use serde_json::json;

use crate::data::{at, id};

const WANTED: Wanted<'static> = Wanted { lane: Lane::Bulk, kinds: &["import.run"] };

fn job(n: u64) -> NewJob {
    NewJob {
        id: id(n),
        kind: "import.run".into(),
        lane: Lane::Bulk,
        payload: json!({"import": n}),
        priority: 0,
        max_attempts: 2,
        run_at: at(0),
        dedupe: None,
    }
}

async fn enqueue(store: &Store, jobs: impl IntoIterator<Item = NewJob>) {
    for job in jobs {
        assert!(kept!(store, jobs.enqueue(&job)).await.expect("taken"));
    }
}

async fn claim(store: &Store, worker: &str, now: Instant) -> Option<JobId> {
    let lease = now + chrono::TimeDelta::seconds(30);
    store.claim_job(WANTED, worker, lease, now).await.expect("asked").map(|j| j.id)
}

fn is_lost<T>(result: Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Conflict { what: "job" }))
}

on_both_engines! {
    async fn what_a_clock_far_ahead_put_off_is_due_when_it_is_right(db: TestDb) {
        let (now, years) = (at(0), at(400_000_000));
        assert!(kept!(db.store, jobs.enqueue_scheduled("daily", None, years, years)).await.expect("noted"));
        assert_eq!(db.store.due_schedules(&["daily"], now).await.expect("asked"), ["daily"]);
        assert!(kept!(db.store, jobs.enqueue_scheduled("daily", None, now, at(86_400))).await.expect("noted"));
        assert_eq!(db.store.due_schedules(&["daily"], now).await.expect("asked"), Vec::<&str>::new());
    }

    async fn jobs_are_taken_by_priority_then_by_when_they_are_due(db: TestDb) {
        enqueue(&db.store, [
            job(1),
            NewJob { run_at: at(-5), ..job(2) },
            NewJob { priority: 3, run_at: at(5), ..job(3) },
            NewJob { run_at: at(99), ..job(4) },
            NewJob { kind: "other".into(), priority: 9, ..job(5) },
        ]).await;
        let mut order = Vec::new();
        while let Some(taken) = claim(&db.store, "w", at(10)).await {
            order.push(taken);
        }
        assert_eq!(order, [3, 2, 1].map(id::<JobId>));
    }

    async fn a_job_is_done_by_one_worker(db: TestDb) {
        enqueue(&db.store, (0..20).map(job)).await;
        let second = db.again().await;
        let mut tasks = Vec::new();
        for n in 0..8 {
            let store = if n % 2 == 0 { db.store.clone() } else { second.clone() };
            tasks.push(tokio::spawn(async move {
                let mut mine = Vec::new();
                while let Some(taken) = claim(&store, &format!("w{n}"), at(1)).await {
                    mine.push(taken);
                }
                mine
            }));
        }
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.expect("no panic"));
        }
        all.sort();
        // A worker that found the others' locks may have gone home early: take what is left.
        while let Some(taken) = claim(&db.store, "last", at(1)).await {
            all.push(taken);
        }
        all.sort();
        assert_eq!(all, (0..20).map(id::<JobId>).collect::<Vec<_>>());
    }

    async fn an_ended_lease_lets_another_worker_take_the_job(db: TestDb) {
        enqueue(&db.store, [job(1)]).await;
        assert_eq!(claim(&db.store, "a", at(0)).await, Some(id(1)));
        assert_eq!(claim(&db.store, "b", at(29)).await, None);
        db.store.extend_job(id(1), "a", at(60)).await.expect("still held");
        assert_eq!(claim(&db.store, "b", at(59)).await, None);
        assert_eq!(claim(&db.store, "b", at(61)).await, Some(id(1)));
        assert!(is_lost(db.store.complete_job(id(1), "a", at(62)).await));
        assert!(is_lost(db.store.extend_job(id(1), "a", at(99)).await));
        assert!(is_lost(db.store.end_attempt(id(1), "a", Ended::Failed("late", None), at(62)).await));
        db.store.complete_job(id(1), "b", at(63)).await.expect("held by b");
        let done = db.store.job(id(1)).await.expect("there");
        assert_eq!((done.state, done.attempts, done.ended_at, done.lease_until), (JobState::Done, 2, Some(at(63)), None));
    }

    async fn a_job_that_was_given_up_too_often_fails_visibly(db: TestDb) {
        enqueue(&db.store, [job(1)]).await;
        assert_eq!(claim(&db.store, "a", at(0)).await, Some(id(1)));
        assert_eq!(claim(&db.store, "b", at(100)).await, Some(id(1)));
        assert_eq!(claim(&db.store, "c", at(200)).await, None);
        let failed = db.store.job(id(1)).await.expect("there");
        assert_eq!((failed.state, failed.ended_at), (JobState::Failed, Some(at(200))));
        assert!(failed.error.is_some());
        kept!(db.store, jobs.retry(id(1), at(300))).await.expect("it may be tried again");
        assert_eq!(claim(&db.store, "c", at(300)).await, Some(id(1)));
    }

    async fn a_failed_attempt_is_tried_again_as_long_as_attempts_are_left(db: TestDb) {
        enqueue(&db.store, [job(1)]).await;
        claim(&db.store, "a", at(0)).await.expect("due");
        assert_eq!(db.store.end_attempt(id(1), "a", Ended::Failed("first", Some(at(50))), at(1)).await.expect("held"), JobState::Ready);
        assert_eq!(claim(&db.store, "a", at(49)).await, None);
        claim(&db.store, "a", at(50)).await.expect("due");
        assert_eq!(db.store.end_attempt(id(1), "a", Ended::Failed("second", Some(at(90))), at(51)).await.expect("held"), JobState::Failed);
        let failed = db.store.jobs(Some(JobState::Failed), &PageRequest::first(10)).await.expect("read").items;
        assert_eq!(failed.iter().map(|j| (j.id, j.error.as_deref())).collect::<Vec<_>>(), [(id(1), Some("second"))]);
    }

    async fn one_job_per_dedupe_key_is_under_way(db: TestDb) {
        let keyed = |n: u64| NewJob { dedupe: Some("import:7".into()), ..job(n) };
        enqueue(&db.store, [keyed(1), NewJob { dedupe: Some("import:8".into()), ..job(9) }, job(10), job(11)]).await;
        assert!(!kept!(db.store, jobs.enqueue(&keyed(2))).await.expect("asked"));
        assert_eq!(claim(&db.store, "a", at(0)).await, Some(id(1)));
        assert!(!kept!(db.store, jobs.enqueue(&keyed(3))).await.expect("asked"));
        db.store.end_attempt(id(1), "a", Ended::Failed("broken", None), at(1)).await.expect("held");
        assert!(kept!(db.store, jobs.enqueue(&keyed(4))).await.expect("asked"));
        assert!(is_lost(kept!(db.store, jobs.retry(id(1), at(2))).await), "another with its key is under way");
    }

    async fn a_job_that_has_not_begun_can_be_taken_back(db: TestDb) {
        enqueue(&db.store, [job(1), job(2)]).await;
        kept!(db.store, jobs.cancel(id(1), at(1))).await.expect("not begun");
        assert_eq!(claim(&db.store, "a", at(2)).await, Some(id(2)));
        let running = kept!(db.store, jobs.cancel(id(2), at(3))).await.expect("told to stop");
        assert_eq!((running, db.store.job(id(2)).await.expect("there").state), (JobState::Running, JobState::Running));
        db.store.complete_job(id(2), "a", at(3)).await.expect("it ended before it was told");
        assert!(is_lost(kept!(db.store, jobs.cancel(id(2), at(4))).await), "what has ended can't be cancelled");
        assert!(matches!(kept!(db.store, jobs.cancel(id(9), at(3))).await, Err(StoreError::NotFound("job"))));
        let newest: Vec<_> = db.store.jobs(None, &PageRequest::first(1)).await.expect("read").items.iter().map(|j| j.id).collect();
        assert_eq!(newest, [id(2)]);
        let older = db.store.jobs(None, &PageRequest::after(Cursor::of(id::<JobId>(2)), 10)).await.expect("read").items;
        assert_eq!(older.iter().map(|j| (j.id, j.state)).collect::<Vec<_>>(), [(id(1), JobState::Cancelled)]);
        assert_eq!(older[0].created_at.timestamp_millis(), 1_700_000_000_001, "the time in its id");
    }
}
