//! Imports: resumed, repeated, undone; rows come back with reasons.

use std::path::Path;

use commonweal_app::StagedFile;
use commonweal_domain::import::{ImportState, Mapping};
use commonweal_domain::records::Import;
use commonweal_domain::{Actor, Filter};
use commonweal_ports::TableFormat;
use commonweal_testkit::app::TestApp;
use commonweal_testkit::on_both_engines;
use tokio_util::sync::CancellationToken;

/// A file with equal rows, a bad date and a row with nothing in it.
fn file(folder: &Path) -> StagedFile {
    let mut text = String::from("Date,Service,Rating,Comment\n");
    for n in 0..30 {
        text.push_str(&format!("2024-03-{:02},Library,{},Nothing to add\n", n % 28 + 1, n % 5 + 1));
    }
    text.push_str("2024-03-01,Library,4,Nothing.\n2024-03-01,Library,4,Nothing.\n");
    text.push_str("31/02/2024,Library,4,A day that never was\n2024-03-02,Library,,\n");
    let path = folder.join("library.csv");
    std::fs::write(&path, text).expect("written");
    StagedFile { path, name: "library.csv".into() }
}

async fn import(t: &TestApp, file: &StagedFile) -> Import {
    let actor = Actor::Operator;
    let (import, preview) = t.app.stage_import(&actor, file, &Mapping::default()).await.expect("staged");
    if import.through_row == 0 {
        t.app.settle_mapping(&actor, import.id, &preview).await.expect("settled");
    }
    t.app.run_import(import.id, &CancellationToken::new(), &mut |_| ()).await.expect("run")
}

async fn count(t: &TestApp) -> u64 {
    t.index().await;
    let question = commonweal_app::Question::default();
    t.app.answer(&Actor::Operator, &question).await.expect("an answer").total.count.expect("a count")
}

on_both_engines! {
    async fn equal_rows_are_kept_apart_and_the_same_file_twice_adds_nothing(db: TestDb) {
        let t = TestApp::with(db).await;
        let folder = tempfile::tempdir().expect("a folder");
        let first = import(&t, &file(folder.path())).await;
        assert_eq!((first.counts.rows, first.counts.imported, first.counts.rejected), (34, 32, 2));
        assert_eq!(count(&t).await, 32);
        let second = import(&t, &file(folder.path())).await;
        assert_eq!((second.counts.imported, second.counts.duplicates, second.counts.rejected), (0, 32, 2));
        assert_eq!(count(&t).await, 32);
    }

    async fn rows_that_were_sent_back_say_where_and_why(db: TestDb) {
        let t = TestApp::with(db).await;
        let folder = tempfile::tempdir().expect("a folder");
        let done = import(&t, &file(folder.path())).await;
        let rows = t.app.rejected_rows(&Actor::Operator, done.id, 0, 10).await.expect("rows");
        assert_eq!(rows.iter().map(|r| r.row).collect::<Vec<_>>(), [34, 35]);
        assert!(rows[0].reason.contains("31/02/2024"), "{}", rows[0].reason);
        assert_eq!(rows[0].column.as_deref(), Some("Date"));
        let out = folder.path().join("rejected.csv");
        let writer = std::fs::File::create(&out).expect("a file");
        let written = t.app.write_rejected(&Actor::Operator, done.id, Box::new(writer)).await.expect("written");
        assert_eq!(written, 2);
        let text = std::fs::read_to_string(out).expect("text");
        assert!(text.contains("A day that never was") && text.contains("Why it was not taken in"), "{text}");
    }

    async fn an_interrupted_import_goes_on_after_the_last_durable_row(db: TestDb) {
        let t = TestApp::with(db).await;
        let folder = tempfile::tempdir().expect("a folder");
        let mut text = String::from("Date,Comment\n");
        for n in 0..5_000 {
            text.push_str(&format!("2024-03-01,Comment number {n} about the library\n"));
        }
        let path = folder.path().join("long.csv");
        std::fs::write(&path, text).expect("written");
        let file = StagedFile { path, name: "long.csv".into() };
        let actor = Actor::Operator;
        let (staged, preview) = t.app.stage_import(&actor, &file, &Mapping::default()).await.expect("staged");
        t.app.settle_mapping(&actor, staged.id, &preview).await.expect("settled");
        let stop = CancellationToken::new();
        stop.cancel();
        let part = t.app.run_import(staged.id, &stop, &mut |_| ()).await.expect("stopped");
        assert_eq!(part.state, ImportState::Running);
        assert!(part.counts.rows > 0 && part.counts.rows < 5_000, "{:?}", part.counts);
        // The same file again is the same import.
        let whole = import(&t, &file).await;
        assert_eq!((whole.id, whole.counts.rows, whole.counts.imported), (staged.id, 5_000, 5_000));
        assert_eq!(count(&t).await, 5_000);
    }

    async fn an_import_is_undone_as_a_whole_and_can_be_made_again(db: TestDb) {
        let t = TestApp::with(db).await;
        let folder = tempfile::tempdir().expect("a folder");
        let done = import(&t, &file(folder.path())).await;
        assert_eq!(count(&t).await, 32);
        t.app.undo_import(&Actor::Operator, done.id).await.expect("undone");
        t.app.run_undo(done.id).await.expect("removed");
        assert_eq!(count(&t).await, 0);
        assert_eq!(t.app.import(&Actor::Operator, done.id).await.expect("there").state, ImportState::Undone);
        let again = import(&t, &file(folder.path())).await;
        assert_eq!(again.counts.imported, 32);
    }

    async fn an_export_of_everything_has_every_row(db: TestDb) {
        let t = TestApp::with(db).await;
        let folder = tempfile::tempdir().expect("a folder");
        import(&t, &file(folder.path())).await;
        assert_eq!(count(&t).await, 32);
        let out = folder.path().join("all.ndjson");
        let writer = std::fs::File::create(&out).expect("a file");
        let filter = Filter::default();
        let written = t
            .app
            .export(&Actor::Operator, &filter, TableFormat::Ndjson, Box::new(writer), |_| ())
            .await
            .expect("exported");
        let text = std::fs::read_to_string(out).expect("text");
        assert_eq!((written, text.lines().count()), (32, 32));
    }
}
