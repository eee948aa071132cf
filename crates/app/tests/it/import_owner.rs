//! Imports that are stopped, and imports whose owner is gone.

use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use commonweal_app::StagedFile;
use commonweal_domain::import::{ImportState, Mapping};
use commonweal_domain::records::{Import, Lane};
use commonweal_domain::{Actor, PageRequest};
use commonweal_testkit::app::TestApp;
use commonweal_testkit::on_both_engines;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

const OPERATOR: Actor = Actor::Operator;
/// Some transactions long.
const ROWS: u64 = 7_000;

async fn staged(t: &TestApp) -> Import {
    staged_at(t, t.folder().join("long.csv")).await
}

/// The same, handed in through the console: the file goes into the store.
async fn uploaded(t: &TestApp) -> Import {
    let import = staged_at(t, t.app.new_import_file(&OPERATOR).expect("the operator may import")).await;
    assert!(t.db.store.upload_pieces(import.id).await.expect("asked") > 0);
    import
}

async fn staged_at(t: &TestApp, path: PathBuf) -> Import {
    let mut text = String::from("Date,Comment\n");
    for n in 0..ROWS {
        text.push_str(&format!("2024-03-01,Number {n}\n"));
    }
    std::fs::write(&path, text).expect("written");
    let file = StagedFile { path, name: "long.csv".into() };
    let (staged, preview) = t.app.stage_import(&OPERATOR, &file, &Mapping::default()).await.expect("staged");
    if staged.through_row == 0 {
        t.app.settle_mapping(&OPERATOR, staged.id, &preview).await.expect("settled");
    }
    staged
}

async fn again(t: &TestApp, import: &Import) -> Import {
    t.app.import(&OPERATOR, import.id).await.expect("there")
}

async fn work(t: &TestApp) {
    while t.app.work_once("server", &CancellationToken::new()).await.expect("worked") {}
}

async fn whole(t: &TestApp, import: &Import) -> Import {
    for _ in 0..20 {
        let (stop, mut nothing) = (CancellationToken::new(), |_| ());
        match t.app.run_import_here(&OPERATOR, import.id, &stop, &mut nothing).await {
            // Here only the future is dropped: what it had handed over may still come in, and is found out.
            Err(e) if e.code() == "conflict" => {}
            ended => return ended.expect("run"),
        }
    }
    unreachable!("what was handed over comes in at last")
}

/// A command that was killed in the middle of a file: as soon as some of it was in.
async fn killed(t: &TestApp) -> Import {
    let import = staged(t).await;
    let (some_are_in, stop) = (Notify::new(), CancellationToken::new());
    let mut progress = |_| some_are_in.notify_one();
    tokio::select! {
        biased;
        () = some_are_in.notified() => {}
        ended = t.app.run_import_here(&OPERATOR, import.id, &stop, &mut progress) => panic!("it ended: {ended:?}"),
    }
    // What it had handed to the writer is written all the same.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let now = again(t, &import).await;
    assert!(now.state == ImportState::Running && now.through_row > 0 && now.through_row < ROWS, "{now:?}");
    now
}

on_both_engines! {
    async fn a_running_import_is_stopped_and_what_is_in_stays(db: TestDb) {
        let t = TestApp::with(db).await;
        let import = staged(&t).await;
        let mut told = false;
        let (app, id) = (t.app.clone(), import.id);
        let mut progress = |_| {
            if !std::mem::replace(&mut told, true) {
                let app = app.clone();
                tokio::spawn(async move { app.stop_import(&OPERATOR, id).await.expect("told") });
                // Whoever works looks every two seconds whether it was told to stop.
                std::thread::sleep(Duration::from_secs(4));
            }
        };
        let ended = t.app.run_import_here(&OPERATOR, id, &CancellationToken::new(), &mut progress).await.expect("stopped");
        assert_eq!(ended.state, ImportState::Failed);
        assert!(ended.problem.as_deref().is_some_and(|p| p.contains("stopped by a person")), "{:?}", ended.problem);
        assert!(ended.counts.imported > 0 && ended.counts.imported < ROWS, "{:?}", ended.counts);
        assert!(t.app.imports_under_way(&OPERATOR).await.expect("asked").is_empty());
        let twice = t.app.stop_import(&OPERATOR, id).await.expect_err("there is nothing to stop");
        assert_eq!(twice.code(), "import_not_running");
        // It goes on, or is taken out.
        assert_eq!(whole(&t, &import).await.counts.imported, ROWS);
        t.app.undo_import_here(&OPERATOR, id).await.expect("undone");
        assert_eq!(again(&t, &import).await.state, ImportState::Undone);
        work(&t).await;
        assert_eq!(t.app.failed_jobs_count(&OPERATOR).await.expect("asked"), 0);
        let trail = t.app.audit_trail(&OPERATOR, None, &PageRequest::first(20)).await.expect("read").items;
        assert_eq!(trail.iter().filter(|l| l.entry.action == "import.stopped").count(), 1);
    }

    async fn a_killed_command_keeps_nobody_from_undoing(db: TestDb) {
        let t = TestApp::with(db).await;
        let import = killed(&t).await;
        // A server does not take it away from a command that may still live.
        work(&t).await;
        assert_eq!(again(&t, &import).await.state, ImportState::Running);
        t.app.undo_import_here(&OPERATOR, import.id).await.expect("undone");
        assert_eq!(again(&t, &import).await.state, ImportState::Undone);
        work(&t).await;
        assert_eq!(t.db.store.feedback_count().await.expect("counted"), 0);
    }

    async fn a_killed_command_is_followed_by_another_or_by_a_server(db: TestDb) {
        let t = TestApp::with(db).await;
        let import = killed(&t).await;
        let done = whole(&t, &import).await;
        assert_eq!((done.state, done.counts.imported), (ImportState::Done, ROWS));
        t.app.undo_import_here(&OPERATOR, import.id).await.expect("undone");
        let import = killed(&t).await;
        t.clock.advance(TimeDelta::minutes(2));
        work(&t).await;
        let done = again(&t, &import).await;
        assert_eq!((done.state, done.counts.imported), (ImportState::Done, ROWS));
    }

    async fn an_import_that_nobody_works_on_says_so_when_it_is_stopped_or_looked_after(db: TestDb) {
        let t = TestApp::with(db).await;
        let import = killed(&t).await;
        t.app.stop_import(&OPERATOR, import.id).await.expect("stopped");
        let now = again(&t, &import).await;
        assert_eq!(now.state, ImportState::Failed);
        assert!(now.problem.as_deref().is_some_and(|p| p.contains("interrupted")), "{:?}", now.problem);
        assert_eq!(whole(&t, &import).await.counts.imported, ROWS);
        t.app.undo_import_here(&OPERATOR, import.id).await.expect("undone");

        // As versions before left it: running, and no job there.
        let import = staged(&t).await;
        let stop = CancellationToken::new();
        stop.cancel();
        let left = t.app.run_import(import.id, &stop, &mut |_| ()).await.expect("stopped");
        assert_eq!(left.state, ImportState::Running);
        work(&t).await;
        assert_eq!(again(&t, &import).await.state, ImportState::Failed);
        t.app.undo_import_here(&OPERATOR, import.id).await.expect("undone");
    }

    async fn an_upload_that_broke_off_goes_on(db: TestDb) {
        let t = TestApp::with(db).await;
        let import = uploaded(&t).await;
        let stop = CancellationToken::new();
        stop.cancel();
        t.app.run_import(import.id, &stop, &mut |_| ()).await.expect("stopped");
        work(&t).await;
        assert_eq!(again(&t, &import).await.state, ImportState::Failed);
        t.app.resume_import(&OPERATOR, import.id).await.expect("the store has its file");
        work(&t).await;
        let done = again(&t, &import).await;
        assert_eq!((done.state, done.counts.imported), (ImportState::Done, ROWS));
    }

    async fn a_server_that_stops_leaves_the_job_to_the_next(db: TestDb) {
        let t = TestApp::with(db).await;
        let import = staged(&t).await;
        t.app.begin_import(&OPERATOR, import.id, &Mapping::default()).await.expect("enqueued");
        let stop = CancellationToken::new();
        stop.cancel();
        assert!(t.app.work_once_in(Lane::Bulk, "first", &stop).await.expect("worked"));
        assert_eq!(again(&t, &import).await.state, ImportState::Running);
        work(&t).await;
        let done = again(&t, &import).await;
        assert_eq!((done.state, done.counts.imported), (ImportState::Done, ROWS));
    }
}
