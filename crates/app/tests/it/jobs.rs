//! Changes that are one transaction, jobs in lanes, what is cancelled and taken up again.

use std::path::Path;

use commonweal_app::jobs::{import_of, may_cancel, may_retry};
use commonweal_app::{Question, StagedFile};
use commonweal_domain::event::EventPosition;
use commonweal_domain::import::{ImportState, Mapping};
use commonweal_domain::records::{Import, JobState, Lane};
use commonweal_domain::{Actor, Duty, Grants, PageRequest};
use commonweal_testkit::app::{TestApp, feedback};
use commonweal_testkit::duties::ADMINISTRATOR;
use commonweal_testkit::{kept, on_both_engines};
use tokio_util::sync::CancellationToken;

const OPERATOR: Actor = Actor::Operator;

async fn staged(t: &TestApp, folder: &Path) -> Import {
    let path = folder.join("calls.csv");
    let mut text = String::from("Date,Service,Rating,Comment\n");
    for n in 0..40 {
        text.push_str(&format!("2024-03-{:02},Library,{},Call {n} took long\n", n % 28 + 1, n % 5 + 1));
    }
    std::fs::write(&path, text).expect("written");
    let file = StagedFile { path, name: "calls.csv".into() };
    t.app.stage_import(&OPERATOR, &file, &Mapping::default()).await.expect("staged").0
}

async fn state(t: &TestApp, import: &Import) -> ImportState {
    t.app.import(&OPERATOR, import.id).await.expect("there").state
}

async fn counted(t: &TestApp) -> u64 {
    t.index().await;
    t.app.answer(&OPERATOR, &Question::default()).await.expect("an answer").total.count.expect("a count")
}

async fn work(t: &TestApp) {
    while t.app.work_once("w", &CancellationToken::new()).await.expect("worked") {}
}

/// Kinds of what happened, in order.
async fn happened(t: &TestApp) -> Vec<String> {
    t.db.settled().await;
    let events = t.db.store.events_after(EventPosition::default(), 1_000).await.expect("read");
    events.into_iter().map(|e| e.kind).collect()
}

on_both_engines! {
    async fn a_long_reading_holds_up_no_import(db: TestDb) {
        let t = TestApp::with(db).await;
        t.submit((0..20).map(|n| feedback().comment(&format!("Slow, {n}")).done()).collect()).await;
        t.app.begin_reread(&OPERATOR).await.expect("enqueued");
        let folder = tempfile::tempdir().expect("a folder");
        let import = staged(&t, folder.path()).await;
        t.app.begin_import(&OPERATOR, import.id, &Mapping::default()).await.expect("enqueued");
        // The worker of files finds the import, however long the reading has waited.
        assert!(t.app.work_once_in(Lane::Bulk, "files", &CancellationToken::new()).await.expect("worked"));
        assert_eq!(state(&t, &import).await, ImportState::Done);
        let reading = t.app.rereading(&OPERATOR).await.expect("asked").expect("enqueued");
        assert_eq!((reading.job.state, reading.done, reading.total), (JobState::Ready, 0, 20));
        work(&t).await;
        let reading = t.app.rereading(&OPERATOR).await.expect("asked").expect("there");
        assert_eq!((reading.job.state, reading.done, reading.total), (JobState::Done, 60, 60));
        let kinds = happened(&t).await;
        assert_eq!(kinds.iter().filter(|k| *k == "feedback.received").count(), 20, "a file's are told once");
        assert_eq!(kinds.iter().filter(|k| *k == "import.finished").count(), 1);
        assert_eq!(kinds.iter().filter(|k| *k == "readings.renewed").count(), 1);
    }

    async fn an_import_that_a_person_cancels_can_be_tried_again_and_undone(db: TestDb) {
        let t = TestApp::with(db).await;
        let folder = tempfile::tempdir().expect("a folder");
        let import = staged(&t, folder.path()).await;
        t.app.begin_import(&OPERATOR, import.id, &Mapping::default()).await.expect("enqueued");
        assert_eq!(t.app.imports_under_way(&OPERATOR).await.expect("asked"), [import.id]);
        let job = t.app.jobs(&OPERATOR, None, &PageRequest::first(1)).await.expect("read").items.remove(0);
        assert!(may_cancel(&job) && !may_retry(&job));
        assert_eq!(import_of(&job), Some(import.id));
        assert_eq!(t.app.cancel_job(&OPERATOR, job.id).await.expect("cancelled"), JobState::Cancelled);
        work(&t).await;
        assert_eq!((state(&t, &import).await, counted(&t).await), (ImportState::Waiting, 0));
        t.app.retry_job(&OPERATOR, job.id).await.expect("enqueued");
        work(&t).await;
        assert_eq!((state(&t, &import).await, counted(&t).await), (ImportState::Done, 40));

        t.app.undo_import(&OPERATOR, import.id).await.expect("enqueued");
        let undo = t.app.jobs(&OPERATOR, None, &PageRequest::first(1)).await.expect("read").items.remove(0);
        assert!(!may_cancel(&undo));
        let refused = t.app.cancel_job(&OPERATOR, undo.id).await.expect_err("half of an undo would be wrong");
        assert_eq!(refused.code(), "job_not_cancellable");
        work(&t).await;
        assert_eq!((state(&t, &import).await, counted(&t).await), (ImportState::Undone, 0));
        let trail = t.app.audit_trail(&OPERATOR, None, &PageRequest::first(20)).await.expect("read").items;
        for action in ["import.staged", "import.begun", "job.cancelled", "job.retried", "import.undone"] {
            assert_eq!(trail.iter().filter(|l| l.entry.action == action).count(), 1, "{action}");
        }
    }

    async fn an_undo_that_an_earlier_version_left_without_its_job_can_be_begun_again(db: TestDb) {
        let t = TestApp::with(db).await;
        let folder = tempfile::tempdir().expect("a folder");
        let import = staged(&t, folder.path()).await;
        t.app.begin_import(&OPERATOR, import.id, &Mapping::default()).await.expect("enqueued");
        work(&t).await;
        // What a stop between two transactions left behind.
        kept!(t.db.store, imports.set_state(import.id, &[ImportState::Done], ImportState::Undoing, None, t.app.now()))
            .await
            .expect("left");
        t.app.undo_import(&OPERATOR, import.id).await.expect("begun again");
        let twice = t.app.undo_import(&OPERATOR, import.id).await.expect_err("it is under way");
        assert_eq!(twice.code(), "import_not_at_rest");
        work(&t).await;
        assert_eq!((state(&t, &import).await, counted(&t).await), (ImportState::Undone, 0));
    }

    async fn a_worker_that_is_told_to_stop_leaves_the_reading_where_it_was(db: TestDb) {
        let t = TestApp::with(db).await;
        t.submit((0..5).map(|n| feedback().comment(&format!("Slow, {n}")).done()).collect()).await;
        t.app.begin_reread(&OPERATOR).await.expect("enqueued");
        let stop = CancellationToken::new();
        stop.cancel();
        assert!(t.app.work_once_in(Lane::Reading, "w", &stop).await.expect("worked"));
        let reading = t.app.rereading(&OPERATOR).await.expect("asked").expect("there");
        assert_eq!((reading.job.state, reading.done), (JobState::Ready, 5));
        assert!(reading.job.checkpoint.is_some());
        work(&t).await;
        let reading = t.app.rereading(&OPERATOR).await.expect("asked").expect("there");
        // Nothing was left to read, and it counts from where it was.
        assert_eq!((reading.job.state, reading.done), (JobState::Done, 5));
    }

    async fn two_administrators_who_demote_each_other_at_once_leave_one(db: TestDb) {
        let t = TestApp::with(db).await;
        let (ann, bob) = (t.user(ADMINISTRATOR).await, t.user(ADMINISTRATOR).await);
        let (by_ann, by_bob, none) = (ann.actor(), bob.actor(), Grants::default());
        let (one, other) =
            tokio::join!(t.app.set_duties(&by_ann, bob.id, &none), t.app.set_duties(&by_bob, ann.id, &none));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        let refused = one.and(other).expect_err("one of them");
        assert_eq!(refused.code(), "last_administrator");
        let users = t.app.users(&OPERATOR).await.expect("read");
        assert_eq!(users.iter().filter(|u| u.grants.contains(Duty::Administrator)).count(), 1);
        let trail = t.app.audit_trail(&OPERATOR, Some("user"), &PageRequest::first(20)).await.expect("read").items;
        assert_eq!(trail.iter().filter(|l| l.entry.action == "user.duties_changed").count(), 1);
    }
}
