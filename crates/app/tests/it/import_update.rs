//! Rows of a file that were read wrongly are read again another way: the same feedback, with what people said of it.

use std::collections::BTreeMap;

use commonweal_app::StagedFile;
use commonweal_domain::import::{Mapping, Target};
use commonweal_domain::records::Import;
use commonweal_domain::{Actor, FeedbackDoc, Sentiment, Verdict};
use commonweal_store::FeedbackDetail;
use commonweal_testkit::app::TestApp;
use commonweal_testkit::duties::{ANALYST, MANAGER, VIEWER};
use commonweal_testkit::on_both_engines;
use tokio_util::sync::CancellationToken;

const OPERATOR: Actor = Actor::Operator;

/// Two equal rows, words in two columns, and a row that can't come in while the scale ends at five.
const ROWS: &str = "Date,Office,Score,Comment,Remark\n\
    2024-03-01,North,5,The queue was endless,Call me on 020 7946 0018\n\
    2024-03-02,South,1,Lovely people,\n\
    2024-03-02,South,1,Lovely people,\n\
    2024-03-03,North,3,,\n\
    2024-03-04,North,9,Nobody came,\n";

fn file(t: &TestApp, rows: &str) -> StagedFile {
    let path = t.folder().join("survey.csv");
    std::fs::write(&path, rows).expect("written");
    StagedFile { path, name: "survey.csv".into() }
}

fn columns(pairs: &[(&str, Target)]) -> BTreeMap<String, Target> {
    pairs.iter().map(|(heading, target)| ((*heading).to_owned(), target.clone())).collect()
}

fn first() -> Mapping {
    let office = Target::Attribute("office".into());
    Mapping {
        columns: columns(&[
            ("Office", office),
            ("Score", Target::Rating("overall".into())),
            ("Remark", Target::Ignore),
        ]),
        scale: Some((1.0, 5.0)),
        ..Mapping::default()
    }
}

fn mended() -> Mapping {
    let columns = columns(&[("Office", Target::Service), ("Comment", Target::Comment), ("Remark", Target::Comment)]);
    Mapping { columns, scale: Some((9.0, 1.0)), update: true, ..first() }
}

async fn take(t: &TestApp, file: &StagedFile, mapping: &Mapping) -> Import {
    let (import, preview) = t.app.stage_import(&OPERATOR, file, mapping).await.expect("staged");
    t.app.settle_mapping(&OPERATOR, import.id, &preview).await.expect("settled");
    t.app.run_import(import.id, &CancellationToken::new(), &mut |_| ()).await.expect("run")
}

async fn all(t: &TestApp) -> Vec<FeedbackDetail> {
    let docs: Vec<FeedbackDoc> = t.db.store.docs_after(None, 100).await.expect("read");
    let ids: Vec<_> = docs.iter().map(|doc| doc.id).collect();
    t.db.store.details(&ids).await.expect("read")
}

fn counts(import: &Import) -> (u64, u64, u64) {
    (import.counts.imported, import.counts.duplicates, import.counts.rejected)
}

on_both_engines! {
    async fn a_mended_mapping_changes_what_is_there_and_keeps_what_people_said(db: TestDb) {
        let t = TestApp::with(db).await;
        let done = take(&t, &file(&t, ROWS), &first()).await;
        assert_eq!(counts(&done), (4, 0, 1));
        let before = all(&t).await;
        let ann = t.user(ANALYST).await.actor();
        let said = before[1].comments[0].id;
        let verdict = Verdict::Say { sentiment: Some(Sentiment::VeryPositive), themes: None };
        t.app.correct(&ann, said, verdict, None).await.expect("corrected");
        t.index().await;

        let second = take(&t, &file(&t, ROWS), &mended()).await;
        assert_eq!(counts(&second), (1, 4, 0), "what was sent back is good now");
        let after = all(&t).await;
        assert_eq!(after.len(), 5);
        for (was, is) in before.iter().zip(&after) {
            assert_eq!((was.doc.id, was.contact, was.doc.import), (is.doc.id, is.contact, is.doc.import));
            assert_eq!((is.doc.ratings[0].worst, is.doc.ratings[0].best), (9.0, 1.0));
            assert_eq!(was.doc.ratings[0].value, is.doc.ratings[0].value);
            assert!(is.doc.attributes.is_empty() && is.doc.service.is_some(), "{is:?}");
        }
        let words: Vec<&str> = after[0].doc.comments.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(words, ["The queue was endless", "Call me on [phone]"]);
        assert_eq!(after[0].comments[0].id, before[0].comments[0].id);
        let original = t.db.store.original(after[0].comments[1].id).await.expect("read");
        assert_eq!(original.as_deref(), Some("Call me on 020 7946 0018"));
        assert_eq!(after[1].comments[0].id, said);
        assert!(after[1].comments[0].sentiment_corrected, "a person said so of these words");
        assert_eq!(after[1].doc.comments[0].reading.sentiment, Some(Sentiment::VeryPositive));
        assert_eq!(t.db.store.wrong_contact_counts().await.expect("counted anew"), 0);
        t.index().await;
        let mut filter = commonweal_domain::Filter::default();
        filter.add(commonweal_domain::Dimension::Service, "north");
        let north = commonweal_app::Question { filter, ..Default::default() };
        assert_eq!(t.app.answer(&OPERATOR, &north).await.expect("answered").total.count, Some(3));

        // Read the same way again, nothing changes and nothing is told.
        let changes = t.db.store.feed_last().await.expect("asked");
        let third = take(&t, &file(&t, ROWS), &mended()).await;
        assert_eq!(counts(&third), (0, 5, 0));
        assert_eq!(all(&t).await, after);
        assert_eq!(t.db.store.feed_last().await.expect("asked"), changes);
        t.app.undo_import_here(&OPERATOR, second.id).await.expect("undone");
        assert_eq!(all(&t).await, after[..4], "what it brought goes, what it changed stays");
    }

    async fn a_newer_file_updates_by_id_and_without_the_wish_nothing_changes(db: TestDb) {
        let t = TestApp::with(db).await;
        let rows = |comment: &str| format!("Id,Date,Comment\nA-1,2024-03-01,{comment}\nA-2,2024-03-02,Fine\n");
        take(&t, &file(&t, &rows("No heating")), &Mapping::default()).await;
        let before = all(&t).await;
        let plain = take(&t, &file(&t, &rows("No heating since May")), &Mapping::default()).await;
        assert_eq!((counts(&plain), all(&t).await == before), ((0, 2, 0), true));
        let update = Mapping { update: true, ..Mapping::default() };
        let done = take(&t, &file(&t, &rows("No heating since June")), &update).await;
        assert_eq!(counts(&done), (0, 2, 0));
        let after = all(&t).await;
        assert_eq!(after[0].doc.comments[0].text, "No heating since June");
        assert_eq!((after[0].doc.id, &after[1]), (before[0].doc.id, &before[1]));
        let twice = format!("{}A-1,2024-03-01,No heating since June\n", rows("No heating since July"));
        assert_eq!(counts(&take(&t, &file(&t, &twice), &update).await), (0, 3, 0));
        let words: Vec<_> = all(&t).await.iter().map(|one| one.doc.comments[0].text.clone()).collect();
        assert_eq!(words, ["No heating since June", "Fine"], "the last row of one id counts");
        let kept = t.app.preview_file(&OPERATOR, &file(&t, &rows("x")), &Mapping::default()).await.expect("looked at");
        assert!(!kept.mapping.update, "it is wished for one file only");
        for (duties, may) in [(MANAGER, true), (VIEWER, false)] {
            let actor = t.user(duties).await.actor();
            assert_eq!(t.app.stage_import(&actor, &file(&t, &rows("y")), &update).await.is_ok(), may);
        }
    }
}
