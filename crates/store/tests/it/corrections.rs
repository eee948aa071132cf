//! Corrections kept one by one, taken back, confirmed, made many at once; preferences.

use commonweal_domain::{
    BatchId, CorrectionAct, CorrectionId, Judgement, NewCorrection, Preferences, Sentiment, Verdict,
};
use commonweal_store::StoreError;
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::duties::{ANALYST, VIEWER};
use commonweal_testkit::{kept, on_both_engines};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use crate::data::{at, codeframe, correction, feedback, id, record, say, user, write};

/// The last correction of a comment.
async fn last(store: &commonweal_store::Store, comment: commonweal_domain::CommentId) -> Option<CorrectionId> {
    store.corrections(&[comment]).await.expect("read").last().map(|c| c.id)
}

/// Does something to the database that the store never does.
async fn run(db: &TestDb, statements: &[&str]) {
    for sql in statements {
        match db.url.split_once("?schema=") {
            None => {
                let mut connection = SqliteConnection::connect(&db.url).await.expect("opens");
                sqlx::query(AssertSqlSafe(*sql)).execute(&mut connection).await.expect("done");
            }
            Some((server, schema)) => {
                let mut connection = PgConnection::connect(server).await.expect("the server answers");
                let path = format!("SET search_path TO {schema}");
                sqlx::query(AssertSqlSafe(path)).execute(&mut connection).await.expect("done");
                sqlx::query(AssertSqlSafe(*sql)).execute(&mut connection).await.expect("done");
            }
        }
    }
}

on_both_engines! {
    async fn every_correction_is_kept_with_who_and_from_what_to_what(db: TestDb) {
        let frame = codeframe(&db.store).await;
        let (ada, bob) = (user(&db.store, 1, ANALYST).await, user(&db.store, 2, ANALYST).await);
        let mut r = record(1);
        r.doc.comments[0].reading.themes = vec!["staff".into()];
        let comment = r.comment_ids[0];
        let machine = r.doc.comments[0].reading.sentiment;
        write(&db.store, vec![r.clone()]).await;
        let confirm = correction(comment, ada, Verdict::Confirm, 1);
        assert!(kept!(db.store, readings.correct(&[confirm])).await.expect("confirmed")[0].done);
        let upload = frame.themes.iter().find(|t| t.key == "upload").expect("a theme").id;
        let both = say(Some(Sentiment::Positive), Some(&[upload]));
        kept!(db.store, readings.correct(&[correction(comment, bob, both, 2)])).await.expect("corrected");
        let made = db.store.corrections(&[comment]).await.expect("read");
        let acts: Vec<_> = made.iter().map(|c| (c.act, c.user)).collect();
        assert_eq!(acts, [(CorrectionAct::Confirmed, ada), (CorrectionAct::Corrected, bob)]);
        let stated = |sentiment, themes: &[&str]| Judgement { sentiment, themes: themes.iter().map(|t| (*t).to_owned()).collect(), sentiment_stated: true, themes_stated: true };
        assert_eq!(made[0].before, Some(Judgement { sentiment_stated: false, themes_stated: false, ..stated(machine, &["staff"]) }));
        assert_eq!((made[0].after.clone(), made[1].before.clone()), (stated(machine, &["staff"]), Some(stated(machine, &["staff"]))));
        assert_eq!(made[1].after, stated(Some(Sentiment::Positive), &["upload"]));

        let back = correction(comment, ada, Verdict::Undo, 3);
        assert!(kept!(db.store, readings.correct(&[back])).await.expect("undone")[0].done);
        let detail = db.store.feedback_detail(r.doc.id).await.expect("there");
        assert_eq!(detail.doc, r.doc, "the machine's reading stands again, whole");
        assert!(!detail.comments[0].sentiment_corrected && !detail.comments[0].themes_corrected);
        let nothing = correction(comment, ada, Verdict::Undo, 4);
        assert!(!kept!(db.store, readings.correct(&[nothing])).await.expect("nothing to undo")[0].done);
        assert_eq!(db.store.corrections(&[comment]).await.expect("read").len(), 3);
        kept!(db.store, feedback.delete(&[feedback(1)])).await.expect("deleted");
        assert!(db.store.corrections(&[comment]).await.expect("read").is_empty());
    }

    async fn whoever_saw_an_older_reading_is_told_and_nothing_is_written(db: TestDb) {
        let (ada, bob) = (user(&db.store, 1, ANALYST).await, user(&db.store, 2, ANALYST).await);
        write(&db.store, vec![record(1)]).await;
        let comment = record(1).comment_ids[0];
        let seen = |n: NewCorrection, seen| NewCorrection { seen: Some(seen), ..n };
        let first = seen(correction(comment, ada, say(Some(Sentiment::Neutral), None), 1), None);
        kept!(db.store, readings.correct(&[first])).await.expect("nobody was before");
        let second = seen(correction(comment, bob, say(Some(Sentiment::Positive), None), 2), None);
        assert!(matches!(kept!(db.store, readings.correct(std::slice::from_ref(&second))).await, Err(StoreError::Conflict { what: "reading" })));
        assert_eq!(db.store.docs(&[feedback(1)]).await.expect("read")[0].comments[0].reading.sentiment, Some(Sentiment::Neutral));
        let again = NewCorrection { seen: Some(last(&db.store, comment).await), ..second };
        kept!(db.store, readings.correct(&[again])).await.expect("now it was seen");
        assert_eq!(db.store.docs(&[feedback(1)]).await.expect("read")[0].comments[0].reading.sentiment, Some(Sentiment::Positive));
    }

    async fn a_theme_for_many_is_taken_back_but_not_from_what_was_corrected_since(db: TestDb) {
        let frame = codeframe(&db.store).await;
        let ada = user(&db.store, 1, ANALYST).await;
        let theme = frame.themes.iter().find(|t| t.key == "upload").expect("a theme").id;
        let mut coded = record(2);
        coded.doc.comments[0].reading.themes = vec!["staff".into()];
        write(&db.store, vec![record(1), coded, record(3)]).await;
        let comments: Vec<_> = (1..=3).map(|n| record(n).comment_ids[0]).collect();
        // One had a person's sentiment before: that has to stay.
        kept!(db.store, readings.correct(&[correction(comments[2], ada, say(Some(Sentiment::Neutral), None), 1)])).await.expect("corrected");
        let batch: BatchId = id(900);
        let add = |c, at| NewCorrection { batch: Some(batch), ..correction(c, ada, Verdict::AddTheme(theme), at) };
        let all: Vec<_> = comments.iter().map(|c| add(*c, 2)).collect();
        assert!(kept!(db.store, readings.correct(&all)).await.expect("added").iter().all(|c| c.done));
        assert!(!kept!(db.store, readings.correct(&[add(comments[0], 3)])).await.expect("there already")[0].done);
        let themes = async |n| db.store.docs(&[feedback(n)]).await.expect("read")[0].comments[0].reading.themes.clone();
        assert_eq!((themes(1).await, themes(2).await), (vec!["upload".to_owned()], vec!["staff".to_owned(), "upload".to_owned()]));
        kept!(db.store, readings.correct(&[correction(comments[0], ada, say(None, Some(&[])), 4)])).await.expect("corrected since");
        let made = db.store.correction_batch(batch).await.expect("read");
        assert_eq!(made.len(), 3);
        let back: Vec<_> = made.into_iter().map(|m| correction(m.comment, ada, Verdict::TakeBack(Box::new(m)), 5)).collect();
        let done = kept!(db.store, readings.correct(&back)).await.expect("taken back");
        let of = |n: usize| done.iter().find(|d| d.comment == comments[n]).expect("answered").done;
        assert_eq!((of(0), of(1), of(2)), (false, true, true));
        assert_eq!(themes(2).await, ["staff"]);
        let details = db.store.details(&[feedback(3), feedback(2), feedback(99)]).await.expect("read");
        assert_eq!(details.iter().map(|d| d.doc.id).collect::<Vec<_>>(), [feedback(3), feedback(2)]);
        let (third, second) = (details[0].comments[0], details[1].comments[0]);
        assert!(third.sentiment_corrected && !third.themes_corrected && !second.themes_corrected, "as before, to the letter");
    }

    async fn what_was_corrected_before_each_was_kept_is_still_known(db: TestDb) {
        let frame = codeframe(&db.store).await;
        let ada = user(&db.store, 1, ANALYST).await;
        write(&db.store, vec![record(1), record(2)]).await;
        let (first, second) = (record(1).comment_ids[0], record(2).comment_ids[0]);
        let both = say(Some(Sentiment::Positive), Some(&[frame.themes[0].id]));
        kept!(db.store, readings.correct(&[correction(first, ada, both, 1), correction(second, ada, say(None, Some(&[])), 2)])).await.expect("corrected");
        run(&db, &["DROP TABLE corrections", "DROP TABLE preferences", "DELETE FROM seaql_migrations WHERE version = 'm005_corrections'"]).await;
        db.store.migrate().await.expect("as from the version before");
        let made = db.store.corrections(&[first, second]).await.expect("read");
        let seen: Vec<_> = made.iter().map(|c| (c.comment, c.user, c.at, c.before.clone(), c.after.clone())).collect();
        let after = Judgement { sentiment: Some(Sentiment::Positive), themes: vec![frame.themes[0].key.clone()], sentiment_stated: true, themes_stated: true };
        let none = Judgement { themes_stated: true, ..Judgement::default() };
        assert_eq!(seen, [(first, ada, at(1), None, after), (second, ada, at(2), None, none)]);
    }

    async fn what_a_user_wants_is_kept_for_that_user(db: TestDb) {
        let (ada, bob) = (user(&db.store, 1, ANALYST).await, user(&db.store, 2, VIEWER).await);
        let wanted = Preferences { shortcuts: false, rows: 100 };
        for rows in [50, 100] {
            kept!(db.store, users.set_preferences(ada, &Preferences { rows, ..wanted.clone() })).await.expect("kept");
        }
        assert_eq!(db.store.preferences(ada).await.expect("read"), wanted);
        assert_eq!(db.store.preferences(bob).await.expect("read"), Preferences::default());
    }
}
