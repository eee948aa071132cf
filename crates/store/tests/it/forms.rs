//! Public forms, wishes to hear back, the secret that signs forms.

use commonweal_domain::form::ReplyRequest;
use commonweal_domain::{
    Form, FormDay, FormDesign, FormId, FormLanguage, FormPace, FormTexts, PageRequest, RatingStyle,
};
use commonweal_store::{Engine, RootSecret, Store, StoreError, WriteBatch};
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::kept;

use crate::data::{at, feedback, id, record};

/// Form number `n`.
pub(crate) fn form(n: u64) -> Form {
    let texts = FormTexts { heading: "Eich bathodyn".into(), ..FormTexts::default() };
    Form {
        id: id(n),
        key: format!("form{n}"),
        version: 1,
        open: true,
        created_at: at(n as i64),
        token_turn: 0,
        token_old_until: None,
        design: FormDesign {
            title: "Blue Badge".into(),
            service: Some(id(5)),
            touchpoint: None,
            rating: RatingStyle::Thumbs,
            texts: [(FormLanguage::Welsh, texts)].into(),
            page_report: true,
            consent: true,
            languages: vec![FormLanguage::English, FormLanguage::Welsh],
            origins: vec!["https://www.example.org".into()],
            pace: FormPace { per_minute: 7, per_day: 70 },
        },
    }
}

/// The wish of whoever gave feedback number `n`.
pub(crate) fn wish(n: u64, form: FormId) -> ReplyRequest {
    ReplyRequest {
        feedback: feedback(n),
        form,
        address: format!("ann{n}@example.org"),
        words: "Yes, you may write to me about this".into(),
        language: FormLanguage::Welsh,
        at: at(n as i64),
        done_at: None,
    }
}

async fn answer(store: &Store, n: u64, form: FormId, dedupe: Option<[u8; 16]>) {
    let mut record = record(n);
    record.dedupe = dedupe;
    let batch = WriteBatch { records: vec![record], replies: vec![wish(n, form)], ..WriteBatch::default() };
    store.write(&batch).await.expect("taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_kept_as_it_was_made_and_changed_once_from_each_version() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let db = TestDb::on(engine).await;
        let store = &db.store;
        let (first, second) = (form(1), form(2));
        kept!(store, forms.create(&first)).await.expect("taken");
        kept!(store, forms.create(&second)).await.expect("taken");
        let same_key = Form { key: first.key.clone(), ..form(3) };
        assert!(matches!(kept!(store, forms.create(&same_key)).await, Err(StoreError::Conflict { .. })));
        assert_eq!(store.forms().await.expect("read"), [second.clone(), first.clone()]);
        assert_eq!(store.form_by_key("form1").await.expect("read"), Some(first.clone()));
        assert_eq!(store.form_by_key("FORM1").await.expect("read"), None);

        let other = FormDesign { title: "Other".into(), ..first.design.clone() };
        assert_eq!(kept!(store, forms.change(first.id, 1, &other)).await.expect("changed"), 2);
        assert!(matches!(
            kept!(store, forms.change(first.id, 1, &first.design)).await,
            Err(StoreError::Conflict { .. })
        ));
        assert!(matches!(kept!(store, forms.change(id(99), 1, &other)).await, Err(StoreError::NotFound(_))));
        kept!(store, forms.set_open(first.id, false)).await.expect("closed");
        let now = store.form(first.id).await.expect("there");
        assert_eq!((now.version, now.open, now.design.title.as_str()), (2, false, "Other"));
        assert_eq!(store.form(second.id).await.expect("there"), second);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_form_takes_and_turns_away_adds_up_by_day_whichever_server_counts() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let db = TestDb::on(engine).await;
        let store = &db.store;
        let made = form(1);
        kept!(store, forms.create(&made)).await.expect("taken");
        let mut tasks = Vec::new();
        for n in 0..8 {
            let (store, form) = (store.clone(), made.id);
            let more = FormDay { day: 100 + n % 2, taken: 2, turned_away: 1 };
            tasks.push(tokio::spawn(async move { kept!(store, forms.count(form, more)).await }));
        }
        let mut sums = Vec::new();
        for task in tasks {
            sums.push(task.await.expect("no panic").expect("counted"));
        }
        sums.sort_unstable();
        assert_eq!(sums, [2, 2, 4, 4, 6, 6, 8, 8], "each is told the sum with its own part");
        let day = |day| FormDay { day, taken: 8, turned_away: 4 };
        assert_eq!(store.form_days(made.id, 0).await.expect("read"), [day(101), day(100)]);
        assert_eq!(store.form_days(made.id, 101).await.expect("read"), [day(101)]);
        assert_eq!(store.form_days(id(99), 0).await.expect("read"), []);
        kept!(store, forms.roll_token(made.id, at(50))).await.expect("replaced");
        kept!(store, forms.roll_token(made.id, at(60))).await.expect("replaced");
        let now = store.form(made.id).await.expect("there");
        assert_eq!((now.token_turn, now.token_old_until, now.version), (2, Some(at(60)), 1));
        assert!(matches!(kept!(store, forms.roll_token(id(99), at(1))).await, Err(StoreError::NotFound(_))));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wish_to_hear_back_is_written_with_its_feedback_and_goes_with_it() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let db = TestDb::on(engine).await;
        let store = &db.store;
        let made = form(1);
        kept!(store, forms.create(&made)).await.expect("taken");
        answer(store, 10, made.id, Some([1; 16])).await;
        answer(store, 11, made.id, None).await;
        // The same answer again under another id: one feedback, one wish.
        answer(store, 12, made.id, Some([1; 16])).await;
        answer(store, 13, made.id, None).await;
        let all = [wish(13, made.id), wish(11, made.id), wish(10, made.id)];
        assert_eq!(store.reply_requests(made.id, &PageRequest::first(10)).await.expect("read").items, all);
        assert_eq!(store.waiting_replies().await.expect("read"), [(made.id, 3)]);

        assert_eq!(kept!(store, forms.mark_reply(feedback(10), Some(at(99)))).await.expect("marked"), made.id);
        kept!(store, forms.remove_reply(feedback(11))).await.expect("removed");
        kept!(store, feedback.delete(&[feedback(13)])).await.expect("deleted");
        assert_eq!(
            store.reply_requests(made.id, &PageRequest::first(10)).await.expect("read").items,
            [ReplyRequest { done_at: Some(at(99)), ..wish(10, made.id) }]
        );
        assert_eq!(store.waiting_replies().await.expect("read"), []);
        assert_eq!(store.docs(&[feedback(11)]).await.expect("read").len(), 1, "the feedback stays");
        assert!(matches!(kept!(store, forms.remove_reply(feedback(11))).await, Err(StoreError::NotFound(_))));
        assert!(matches!(kept!(store, forms.mark_reply(feedback(11), None)).await, Err(StoreError::NotFound(_))));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_servers_on_one_database_sign_with_one_secret() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let db = TestDb::on(engine).await;
        let tasks: Vec<_> = (0..4)
            .map(|n| {
                let store = db.store.clone();
                tokio::spawn(async move {
                    kept!(store, upkeep.keep_root_secret(RootSecret::Signing, &format!("s{n}"))).await
                })
            })
            .collect();
        let mut secrets = Vec::new();
        for task in tasks {
            secrets.push(task.await.expect("no panic").expect("given"));
        }
        secrets.dedup();
        assert_eq!(secrets.len(), 1);
        assert_eq!(
            kept!(db.store, upkeep.keep_root_secret(RootSecret::Signing, "later")).await.expect("given"),
            secrets[0]
        );
        assert_eq!(db.store.root_secret(RootSecret::Signing).await.expect("read").as_ref(), Some(&secrets[0]));
    }
}
