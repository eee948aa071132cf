//! Words that were deleted are nowhere any more: not in a table, not in the free room of the database, not in a file.

use axum::http::StatusCode;
use chrono::TimeDelta;
use commonweal_domain::import::{ImportState, Mapping};
use commonweal_domain::permission::Scope;
use commonweal_domain::records::{Lane, NewJob};
use commonweal_domain::settings::Retention;
use commonweal_domain::{Actor, FormLanguage, ImportId, PageRequest};
use commonweal_testkit::duties::{ADMINISTRATOR, ANALYST, MANAGER};
use commonweal_testkit::sink::Sink;
use commonweal_testkit::{dump, kept, on_both_engines};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::Server;

/// A word that nobody else writes, as the index cuts it.
const MARK: &str = "quizzaci";
const WORD: &str = "quizzaciously";

/// Every place in which the word stands, tables and files, whatever its case, also as bytes.
async fn places(server: &Server) -> Vec<String> {
    let mut all = server.test.db.dump().await;
    all.insert("data folder".into(), dump::files(server.test.folder()));
    if let Some(folder) = server.test.db.folder() {
        all.insert("files of the database".into(), dump::files(folder));
    }
    let bytes: String = MARK.bytes().map(|byte| format!("{byte:02x}")).collect();
    let found = all.into_iter().filter(|(_, text)| {
        let text = text.to_lowercase();
        text.contains(MARK) || text.contains(&bytes)
    });
    found.map(|(place, _)| place).collect()
}

async fn work(server: &Server, kind: &str, lane: Lane) {
    let job = NewJob {
        id: uuid::Uuid::now_v7().into(),
        kind: kind.into(),
        lane,
        payload: json!({}),
        priority: 0,
        max_attempts: 1,
        run_at: server.test.app.now(),
        dedupe: None,
    };
    kept!(server.test.db.store, jobs.enqueue(&job)).await.expect("enqueued");
    while server.test.app.work_once("w", &CancellationToken::new()).await.expect("done") {}
}

/// Lets days go by as they do: with a look at the clock from time to time.
async fn days(server: &Server, days: i64) {
    let mut left = days;
    while left > 0 {
        let step = left.min(25);
        server.test.clock.advance(TimeDelta::days(step));
        left -= step;
        work(server, "housekeeping", Lane::Quick).await;
    }
}

/// A file with a row that is taken in and one that is sent back, both with the word in them.
fn file(n: usize) -> String {
    format!(
        "comment,rating,area\nIt was {WORD} late {n} and ann{n}@example.org knows,2,North\nMore {WORD} {n},4,ring 07700 900{n:03}\n"
    )
}

async fn imported(server: &Server, n: usize) -> ImportId {
    let import = server.staged(&format!("f{n}.csv"), &file(n)).await;
    let ended = server.test.app.run_import(import.id, &CancellationToken::new(), &mut |_| ()).await.expect("imported");
    assert_eq!((ended.counts.imported, ended.counts.rejected), (1, 1), "{ended:?}");
    import.id
}

/// The word by every way by which words come in. An import that ended, and one that waits.
async fn everywhere(server: &Server) -> (ImportId, ImportId) {
    let app = &server.test.app;
    let words = format!("So {WORD} that ben@example.org cried");
    let program = server.program(&[Scope::FeedbackWrite]).await;
    let body = json!({"rating": 1, "comment": words}).to_string();
    let answer = program.send_as("/api/v1/feedback", "application/json", &body, &[("idempotency-key", "k1")]).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let form = server.blue_badge_form(&[FormLanguage::English]).await;
    let token = app.form_token(&form).await.expect("signed");
    server.test.clock.advance(TimeDelta::seconds(5));
    let pairs =
        [("token", token.as_str()), ("rating", "2"), ("better", &words), ("email", "x@example.org"), ("agree", "yes")];
    let body = serde_urlencoded::to_string(pairs).expect("texts can be written");
    let answer = server.nobody().post(&format!("/f/{}", form.key), &body).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let analyst = server.user(ANALYST).await;
    let pairs = [("key", "k"), ("channel", "letter"), ("day", "2024-04-09"), ("rating", "1"), ("words", &words)];
    let body = serde_urlencoded::to_string(pairs).expect("texts can be written");
    assert_eq!(analyst.post("/listen/entry", &body).await.status, StatusCode::SEE_OTHER);
    let done = imported(server, 1).await;
    let waiting = server.staged("waiting.csv", &file(2)).await.id;
    let part = app.new_import_file(&Actor::Operator).expect("the operator may import");
    std::fs::write(part, file(3)).expect("written");
    (done, waiting)
}

on_both_engines! {
    async fn what_time_has_ended_is_nowhere(db: TestDb) {
        let server = Server::on(db).await;
        let (done, waiting) = everywhere(&server).await;
        server.test.index().await;
        let before = places(&server).await;
        for place in ["comments", "originals", "import_rejected", "import_files", "data folder"] {
            assert!(before.iter().any(|found| found == place), "the test looks where the words are: {before:?}");
        }
        let kept = async |import| server.test.db.store.upload_pieces(import).await.expect("asked") > 0;
        days(&server, 2).await;
        assert!(!dump::files(&server.test.app.import_folder()).contains(".part"), "a part goes after a day");
        assert!(kept(done).await && kept(waiting).await);
        days(&server, 6).await;
        assert!(!kept(done).await, "the file of an import that ended goes after a week");
        days(&server, 7).await;
        assert!(!kept(waiting).await, "one that nobody began goes after two");
        let given_up = server.test.app.import(&Actor::Operator, waiting).await.expect("there");
        assert_eq!(given_up.state, ImportState::Undone);
        // The headings are known without the file.
        let sink = Sink::default();
        let written = server.test.app.write_rejected(&Actor::Operator, done, Box::new(sink.clone())).await;
        assert_eq!(written.expect("written"), 1);
        let text = String::from_utf8_lossy(&sink.bytes()).into_owned();
        assert!(text.contains("comment,rating,area") && text.contains(MARK), "{text}");
        days(&server, 80).await;
        assert_eq!(server.test.app.rejected_rows(&Actor::Operator, done, 0, 10).await.expect("read"), []);

        let month = Retention { originals_months: Some(1), feedback_months: Some(1), people_months: None };
        server.test.app.save_retention(&Actor::Operator, 0, month, Some(month)).await.expect("saved");
        work(&server, "retention", Lane::Bulk).await;
        server.test.index().await;
        server.test.purge_index().await;
        assert_eq!(places(&server).await, Vec::<String>::new());
    }

    async fn what_was_undone_is_nowhere(db: TestDb) {
        let server = Server::on(db).await;
        let import = imported(&server, 1).await;
        server.test.index().await;
        assert!(places(&server).await.len() > 3);
        server.test.app.undo_import(&Actor::Operator, import).await.expect("undone");
        while server.test.app.work_once("w", &CancellationToken::new()).await.expect("done") {}
        server.test.index().await;
        server.test.purge_index().await;
        assert_eq!(places(&server).await, Vec::<String>::new());
    }

    async fn rows_and_files_are_kept_no_longer_than_words_before_redaction(db: TestDb) {
        let server = Server::on(db).await;
        let import = imported(&server, 1).await;
        days(&server, 35).await;
        assert_eq!(server.test.app.rejected_rows(&Actor::Operator, import, 0, 10).await.expect("read").len(), 1);
        let month = Retention { originals_months: Some(1), feedback_months: None, people_months: None };
        server.test.app.save_retention(&Actor::Operator, 0, month, Some(month)).await.expect("saved");
        work(&server, "retention", Lane::Bulk).await;
        assert_eq!(server.test.app.rejected_rows(&Actor::Operator, import, 0, 10).await.expect("read"), []);
        // Handed in again, the file is an import of its own.
        let path = server.test.app.new_import_file(&Actor::Operator).expect("the operator may import");
        std::fs::write(&path, file(1)).expect("written");
        let staged = commonweal_app::StagedFile { path, name: "again.csv".into() };
        server.test.app.stage_import(&Actor::Operator, &staged, &Mapping::default()).await.expect("staged");
    }

    async fn each_look_at_rows_that_were_sent_back_is_in_the_trail_without_words(db: TestDb) {
        let server = Server::on(db).await;
        let import = imported(&server, 1).await;
        let manager = server.user(MANAGER).await;
        let page = format!("/listen/imports/{import}");
        let shown = manager.get(&page).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert_eq!(manager.get(&format!("{page}/rejected.csv")).await.status, StatusCode::OK);
        let analyst = server.user(ANALYST).await;
        for address in [page.clone(), format!("{page}/rejected.csv")] {
            assert_eq!(analyst.get(&address).await.status, StatusCode::FORBIDDEN, "{address}");
        }
        let key = server.program(&[Scope::ImportsRead]).await;
        assert!(!key.get(&format!("/api/v1/imports/{import}")).await.text().contains(MARK));
        let op = Actor::Operator;
        let trail = server.test.app.audit_trail(&op, Some("import"), &PageRequest::first(50)).await.expect("read").items;
        let looks: Vec<_> = trail.iter().filter(|line| line.entry.action == "import.rejected_rows_read").collect();
        assert_eq!(looks.len(), 2, "one for the page, one for the file: {trail:?}");
        assert!(looks.iter().all(|line| line.entry.actor.starts_with("user:")));
        assert!(!format!("{trail:?}").to_lowercase().contains(MARK));
        // Undone, there is nothing left to look at, and nothing is noted.
        server.test.app.undo_import(&op, import).await.expect("undone");
        while server.test.app.work_once("w", &CancellationToken::new()).await.expect("done") {}
        assert_eq!(server.test.app.rejected_rows(&op, import, 0, 10).await.expect("read"), []);
    }

    async fn a_clock_that_is_far_ahead_is_told_wherever_somebody_looks(db: TestDb) {
        let server = Server::on(db).await;
        server.test.submit(vec![commonweal_testkit::app::feedback().comment("Late").done()]).await;
        work(&server, "housekeeping", Lane::Quick).await;
        server.test.clock.advance(TimeDelta::days(3_650));
        let admin = server.user(ADMINISTRATOR).await;
        for address in ["/settings/retention", "/settings/jobs"] {
            let text = admin.get(address).await.text();
            assert!(text.contains("the clock is far ahead"), "{address}: {text}");
        }
        let manager = server.user(MANAGER).await;
        assert_eq!(manager.post("/settings/retention/clock", "").await.status, StatusCode::FORBIDDEN);
        assert_eq!(admin.post("/settings/retention/clock", "").await.status, StatusCode::SEE_OTHER);
        assert!(!admin.get("/settings/retention").await.text().contains("the clock is far ahead"));
    }
}
