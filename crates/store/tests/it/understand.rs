//! Readings and corrections, codeframes, saved views.

use commonweal_domain::records::{Codeframe, DiscoveryName, SavedView, StoredDiscovery, StoredModel, Theme};
use commonweal_domain::{ChangeKind, Reading, Sentiment};
use commonweal_store::{NewReading, StoreError};
use commonweal_testkit::duties::{ANALYST, VIEWER};
use commonweal_testkit::{kept, on_both_engines};
use serde_json::json;

use crate::data::{at, codeframe, correction, feedback, id, reading, record, say, user, write};

on_both_engines! {
    async fn a_person_s_judgement_stands_when_the_machine_reads_again(db: TestDb) {
        let frame = codeframe(&db.store).await;
        let ada = user(&db.store, 1, ANALYST).await;
        let mut r = record(1);
        r.doc.comments[0].reading.themes = vec!["staff".into(), "upload".into()];
        let comment = r.comment_ids[0];
        write(&db.store, vec![r.clone()]).await;
        assert_eq!(db.store.docs(&[r.doc.id]).await.expect("read"), [r.doc.clone()]);

        let of = kept!(db.store, readings.correct(&[correction(comment, ada, say(Some(Sentiment::Positive), None), 9)])).await.expect("corrected");
        assert_eq!((of[0].feedback, of[0].done), (r.doc.id, true));
        let detail = db.store.feedback_detail(r.doc.id).await.expect("there");
        assert!(detail.comments[0].sentiment_corrected && !detail.comments[0].themes_corrected);
        let now = &detail.doc.comments[0].reading;
        assert_eq!((now.sentiment, now.sentiment_score, now.confidence), (Some(Sentiment::Positive), Some(0.4), None));
        assert_eq!(now.themes, ["staff", "upload"], "the machine's themes stand as long as nobody says otherwise");
        assert_eq!(now.emotion.as_deref(), Some("anger"));

        kept!(db.store, readings.correct(&[correction(comment, ada, say(None, Some(&[frame.themes[0].id])), 10)])).await.expect("corrected");
        let again = Reading { redacted: r.doc.comments[0].text.clone(), language: Some("cy".into()), emotion: None, engine: "test-2".into(), themes: vec!["staff".into()], ..reading(Sentiment::VeryNegative, -0.9) };
        let renewed = NewReading { comment, reading: again, original: None };
        let gone = NewReading { comment: id(5), ..renewed.clone() };
        assert_eq!(kept!(db.store, readings.renew(&[renewed, gone])).await.expect("renewed"), 1);
        let doc = db.store.docs(&[r.doc.id]).await.expect("read").remove(0);
        let now = &doc.comments[0].reading;
        assert_eq!((now.sentiment, &now.themes), (Some(Sentiment::Positive), &vec!["upload".to_owned()]));
        assert_eq!((now.emotion.as_deref(), now.engine.as_str()), (None, "test-2"));
        assert_eq!(doc.language.as_deref(), Some("cy"), "nobody had stated it");

        kept!(db.store, readings.correct(&[correction(comment, ada, say(None, Some(&[])), 11)])).await.expect("no theme at all");
        assert!(db.store.docs(&[r.doc.id]).await.expect("read")[0].comments[0].reading.themes.is_empty());
        db.settled().await;
        let kinds: Vec<_> = db.store.changes_after(Default::default(), 10).await.expect("read").iter().map(|c| c.kind).collect();
        assert_eq!(kinds, [vec![ChangeKind::Created], vec![ChangeKind::Updated; 4]].concat());
    }

    async fn a_new_reading_may_redact_more_or_less(db: TestDb) {
        let mut r = record(1);
        r.doc.comments[0].text = "call 07700 900123".into();
        r.doc.language = Some("cy".into());
        r.language_stated = true;
        write(&db.store, vec![r.clone()]).await;
        let read = |text: &str, original: Option<&str>| NewReading {
            comment: r.comment_ids[0],
            reading: Reading { redacted: text.into(), ..reading(Sentiment::Neutral, 0.0) },
            original: original.map(str::to_owned),
        };
        kept!(db.store, readings.renew(&[read("call [phone]", Some("call 07700 900123"))])).await.expect("renewed");
        let doc = db.store.docs(&[r.doc.id]).await.expect("read").remove(0);
        assert_eq!((doc.comments[0].text.as_str(), doc.language.as_deref()), ("call [phone]", Some("cy")));
        assert_eq!(db.store.original(r.comment_ids[0]).await.expect("read").as_deref(), Some("call 07700 900123"));
        kept!(db.store, readings.renew(&[read("call 07700 900123", None)])).await.expect("renewed");
        assert_eq!(db.store.original(r.comment_ids[0]).await.expect("read"), None);
        db.settled().await;
        let changes = db.store.changes_after(Default::default(), 10).await.expect("read").len();
        let again = kept!(db.store, readings.renew(&[read("call 07700 900123", None)])).await.expect("read again");
        db.settled().await;
        let now = db.store.changes_after(Default::default(), 10).await.expect("read").len();
        assert_eq!((again, now), (1, changes), "what is read as before is no change");
    }

    async fn what_is_not_there_can_not_be_corrected(db: TestDb) {
        let ada = user(&db.store, 1, ANALYST).await;
        write(&db.store, vec![record(1)]).await;
        let no_comment = kept!(db.store, readings.correct(&[correction(id(5), ada, say(Some(Sentiment::Neutral), None), 1)])).await;
        assert!(matches!(no_comment, Err(StoreError::NotFound("comment"))));
        let no_theme = kept!(db.store, readings.correct(&[correction(record(1).comment_ids[0], ada, say(None, Some(&[id(6)])), 1)])).await;
        assert!(matches!(no_theme, Err(StoreError::NotFound("theme"))));
        assert_eq!(db.store.docs(&[feedback(1)]).await.expect("read"), [record(1).doc]);
        db.settled().await;
        assert_eq!(db.store.changes_after(Default::default(), 10).await.expect("read").len(), 1);
    }

    async fn a_theme_s_key_is_taken_once_in_a_body(db: TestDb) {
        let frame = codeframe(&db.store).await;
        let mut other = Codeframe { id: id(5), name: "Another".into(), themes: vec![frame.themes[1].clone()] };
        other.themes[0].id = id(6);
        assert!(matches!(kept!(db.store, codeframes.create(&other)).await, Err(StoreError::Conflict { what: "theme" })));
        other.themes[0].key = "price".into();
        kept!(db.store, codeframes.create(&other)).await.expect("taken");
        assert_eq!(db.store.codeframes().await.expect("read"), [other, frame]);
    }

    async fn models_and_discoveries_are_kept_and_replaced(db: TestDb) {
        let model = |body: u8| StoredModel { name: "themes".into(), body: vec![body; 3], about: json!({"n": body}), at: at(1) };
        kept!(db.store, models.put(&model(1))).await.expect("kept");
        kept!(db.store, models.put(&model(2))).await.expect("replaced");
        assert_eq!(db.store.models().await.expect("read"), [model(2)]);
        kept!(db.store, models.remove("themes")).await.expect("removed");
        assert!(db.store.models().await.expect("read").is_empty());
        let found = |n, name: &str, s| StoredDiscovery { id: id(n), name: name.into(), body: json!([n]), actor: "x".into(), at: at(s) };
        let named = |n, name: &str, s| DiscoveryName { id: id(n), name: name.into(), at: at(s) };
        for d in [found(1, "a", 1), found(2, "b", 2), found(1, "c", 3)] {
            kept!(db.store, models.put_discovery(&d)).await.expect("kept");
        }
        assert_eq!(db.store.discoveries().await.expect("read"), [named(1, "c", 3), named(2, "b", 2)]);
        assert_eq!(db.store.discovery(id(2)).await.expect("there").name, "b");
        assert!(matches!(db.store.discovery(id(9)).await, Err(StoreError::NotFound("discovery"))));
    }

    async fn themes_are_added_and_changed_in_their_codeframe(db: TestDb) {
        let frame = codeframe(&db.store).await;
        let mut themes = vec![frame.themes[0].clone(), Theme { id: id(900), key: "lifts".into(), ..frame.themes[0].clone() }];
        themes[0].rule = Some(json!({"words": ["upload*"]}));
        themes[0].description = "Sending files".into();
        kept!(db.store, codeframes.put_themes(frame.id, &themes)).await.expect("put");
        let now = &db.store.codeframes().await.expect("read")[0];
        assert_eq!((now.themes.len(), &now.themes[0], &now.themes[now.themes.len() - 1]), (frame.themes.len() + 1, &themes[0], &themes[1]));
        assert!(matches!(kept!(db.store, codeframes.put_themes(id(901), &themes)).await, Err(StoreError::NotFound("codeframe"))));
    }

    async fn judged_comments_are_told_with_their_place(db: TestDb) {
        let ada = user(&db.store, 1, ANALYST).await;
        write(&db.store, vec![record(1), record(2)]).await;
        assert!(db.store.judged_comments().await.expect("read").is_empty());
        let comment = record(2).comment_ids[0];
        kept!(db.store, readings.correct(&[correction(comment, ada, say(Some(Sentiment::Neutral), None), 1)])).await.expect("corrected");
        let judged = db.store.judged_comments().await.expect("read");
        assert_eq!((judged.len(), judged[0].feedback, judged[0].sentiment, judged[0].themes), (1, feedback(2), true, false));
        let (comments, last) = db.store.comments_to_read(None, 1).await.expect("read").expect("some");
        assert_eq!((comments[0].feedback, last), (feedback(1), feedback(1)));
        assert!(db.store.comments_to_read(Some(feedback(2)), 10).await.expect("read").is_none());
    }

    async fn shared_views_are_seen_by_all_and_others_by_their_owner(db: TestDb) {
        let (ada, bob) = (user(&db.store, 1, ANALYST).await, user(&db.store, 2, VIEWER).await);
        let view = |n, owner, name: &str, shared| SavedView { id: id(n), owner, name: name.into(), address: format!("q={n}"), shared, created_at: at(0) };
        for v in [view(10, ada, "zebra", true), view(11, ada, "Apple", false), view(12, bob, "berry", false)] {
            kept!(db.store, views.create(&v)).await.expect("taken");
        }
        let names = |views: Vec<SavedView>| views.into_iter().map(|v| v.name).collect::<Vec<_>>();
        assert_eq!(names(db.store.views_for(ada).await.expect("read")), ["Apple", "zebra"]);
        assert_eq!(names(db.store.views_for(bob).await.expect("read")), ["berry", "zebra"]);
        let changed = SavedView { name: "Avocado".into(), shared: true, ..view(11, ada, "Apple", false) };
        kept!(db.store, views.update(&changed)).await.expect("there");
        assert_eq!(db.store.view(id(11)).await.expect("there"), changed);
        kept!(db.store, views.delete(id(11))).await.expect("there");
        assert!(matches!(kept!(db.store, views.delete(id(11))).await, Err(StoreError::NotFound("saved view"))));
    }
}
