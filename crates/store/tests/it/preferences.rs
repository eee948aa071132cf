//! What people agree to and want, holds, links to preferences, requests: kept of records, wherever these belong.

use commonweal_domain::{
    Channel, Consent, HandleEntry, HandleKind, HandleState, Hold, HoldReason, HoldTerms, Lane, Move, Pause,
    PersonRequest, RecordId, RequestKind, RequestState, ToldBy, Topic, TopicWords, UserId, Wish, WishEntry, standing,
};
use commonweal_store::{PreferenceLink, Proof, Store, StoreError};
use commonweal_testkit::duties::ADMINISTRATOR;
use commonweal_testkit::{kept, on_both_engines};

use crate::data::{at, id, user};
use crate::people::{alone, change, told};

fn topic(version: u32) -> Topic {
    let words = |name: &str| TopicWords { name: name.into(), description: format!("Version {version}.") };
    Topic {
        key: "street".into(),
        english: words("Your street"),
        welsh: words("Eich stryd"),
        lane: Lane::News,
        open: true,
        version,
    }
}

fn consent(n: u64, record: RecordId, agreed: bool) -> Consent {
    Consent {
        id: id(5_000 + n),
        record,
        topic: "street".into(),
        channel: Channel::Letter,
        agreed,
        at: at(i64::try_from(n).expect("small")),
        told_by: ToldBy::Person,
        how: "their own preferences page".into(),
        wording: "Eich stryd: Tŷ".into(),
        version: 1,
    }
}

fn wish(n: u64, record: RecordId, wish: Wish) -> WishEntry {
    WishEntry { id: id(5_100 + n), record, wish, at: at(1), told_by: ToldBy::Source("housing".into()) }
}

fn hold(n: u64, record: RecordId, owner: UserId) -> Hold {
    let terms = HoldTerms {
        lanes: vec![Lane::Engagement, Lane::News],
        reason: HoldReason::Complaint,
        note: "HC-1182".into(),
        begins: at(1),
        ends: Some(at(100 + i64::try_from(n).expect("small"))),
        owner,
    };
    Hold { id: id(5_200 + n), record, terms, made_by: "user:1".into(), made_at: at(1), ended: None }
}

fn link(record: RecordId) -> PreferenceLink {
    PreferenceLink { record, position: 0, expires_at: at(100), made_at: at(1), proved_at: None }
}

fn request(n: u64, record: RecordId) -> PersonRequest {
    PersonRequest {
        id: id(5_300 + n),
        record,
        kind: RequestKind::Erase,
        note: "please".into(),
        at: at(1),
        told_by: ToldBy::Person,
        state: RequestState::Open,
        answer: String::new(),
        decided: None,
    }
}

/// Puts something into each table.
pub(crate) async fn fill(store: &Store, record: RecordId, owner: UserId) {
    kept!(store, people.add_topic(&topic(1))).await.expect("added");
    kept!(store, people.add_consents(&[consent(1, record, true)])).await.expect("kept");
    kept!(store, people.add_wishes(&[wish(1, record, Wish::Pause(Some(Pause { until: Some(at(7)) })))]))
        .await
        .expect("kept");
    kept!(store, people.put_hold(&hold(1, record, owner))).await.expect("kept");
    let entry = HandleEntry {
        id: id(5_400),
        record,
        position: 0,
        state: HandleState::Unreachable,
        at: at(2),
        told_by: ToldBy::Person,
    };
    kept!(store, people.add_handle_state(&entry)).await.expect("kept");
    kept!(store, people.keep_preference_link(&link(record), &[7; 32], "user:1")).await.expect("kept");
    kept!(store, people.add_request(&request(1, record))).await.expect("kept");
}

on_both_engines! {
    async fn what_is_kept_of_records_goes_with_them_and_comes_back(db: TestDb) {
        let store = &db.store;
        let owner = user(store, 1, ADMINISTRATOR).await;
        let (ann, anna) = (told(0), told(2));
        kept!(store, people.keep_record(&ann, alone(0), &change(0, Vec::new()))).await.expect("kept");
        kept!(store, people.keep_record(&anna, alone(1), &change(1, Vec::new()))).await.expect("kept");
        fill(store, ann.id, owner).await;
        kept!(store, people.add_consents(&[consent(2, anna.id, false)])).await.expect("kept");
        let now = async |person| {
            let records = store.records_of(alone(person)).await.expect("read");
            standing(&store.known_of(records).await.expect("read"), at(5))
        };
        let before = (now(0).await, now(1).await);
        assert!(before.0.agrees("street", Channel::Letter) && before.0.held(Lane::News).is_some());
        assert!(!before.1.agrees("street", Channel::Letter) && before.1.held(Lane::News).is_none());
        assert_eq!(before.0.handles[0].state, HandleState::Unreachable);
        let moved = Move { record: anna.id, from: alone(1), to: alone(0) };
        let merged = change(2, vec![moved]);
        kept!(store, people.link(&merged)).await.expect("merged");
        let together = now(0).await;
        assert!(!together.agrees("street", Channel::Letter), "she said no later, to another record of hers");
        assert!(together.held(Lane::News).is_some() && together.pause.is_some());
        let undo = change(3, Vec::new());
        kept!(store, people.undo_links(merged.id, &undo)).await.expect("undone");
        assert_eq!((now(0).await, now(1).await), before);
    }

    async fn a_hold_that_was_ended_is_neither_changed_nor_ended_again(db: TestDb) {
        let store = &db.store;
        let owner = user(store, 1, ADMINISTRATOR).await;
        let ann = told(0);
        kept!(store, people.keep_record(&ann, alone(0), &change(0, Vec::new()))).await.expect("kept");
        let (first, second) = (hold(1, ann.id, owner), hold(2, ann.id, owner));
        let open = Hold { terms: HoldTerms { ends: None, ..second.terms.clone() }, id: id(5_299), ..second.clone() };
        for hold in [&open, &second, &first] {
            kept!(store, people.put_hold(hold)).await.expect("kept");
        }
        let running = async |now| {
            let all = store.running_holds(at(now), 10).await.expect("read");
            all.into_iter().map(|(hold, person)| (hold.id, person)).collect::<Vec<_>>()
        };
        assert_eq!(running(5).await, [first.id, second.id, open.id].map(|id| (id, alone(0))), "those that end first");
        assert_eq!(running(101).await, [second.id, open.id].map(|id| (id, alone(0))));
        let longer = HoldTerms { ends: Some(at(500)), note: String::new(), ..first.terms.clone() };
        kept!(store, people.change_hold(first.id, &longer)).await.expect("running");
        assert_eq!(store.hold(first.id).await.expect("there").terms, longer);
        kept!(store, people.end_hold(first.id, "user:2", at(6))).await.expect("running");
        assert_eq!(store.hold(first.id).await.expect("there").ended, Some(("user:2".into(), at(6))));
        for again in [
            kept!(store, people.end_hold(first.id, "user:2", at(7))).await,
            kept!(store, people.change_hold(first.id, &longer)).await,
        ] {
            assert!(matches!(again, Err(StoreError::Conflict { what: "hold" })), "{again:?}");
        }
        assert_eq!(running(7).await.len(), 2);
    }

    async fn one_link_of_a_handle_is_good_and_none_after_its_end(db: TestDb) {
        let store = &db.store;
        let ann = told(0);
        kept!(store, people.keep_record(&ann, alone(0), &change(0, Vec::new()))).await.expect("kept");
        kept!(store, people.keep_preference_link(&link(ann.id), &[1; 32], "user:1")).await.expect("kept");
        kept!(store, people.keep_preference_link(&link(ann.id), &[2; 32], "user:1")).await.expect("kept");
        assert_eq!(store.preference_link(&[1; 32], at(5)).await.expect("read"), None, "another took its place");
        assert_eq!(store.preference_link(&[2; 32], at(5)).await.expect("read"), Some(link(ann.id)));
        assert_eq!(store.preference_link(&[2; 32], at(100)).await.expect("read"), None, "it is over");
        assert!(kept!(store, people.use_preference_link(&[2; 32], at(6))).await.expect("good"), "the first time");
        assert!(!kept!(store, people.use_preference_link(&[2; 32], at(7))).await.expect("good"));
        let used = kept!(store, people.use_preference_link(&[1; 32], at(7))).await;
        assert!(matches!(used, Err(StoreError::NotFound("link"))), "{used:?}");
        assert_eq!(store.preference_links_of(&[ann.id], at(8)).await.expect("read")[0].proved_at, Some(at(6)));
        kept!(store, people.forget_ended_preference_links(at(101))).await.expect("forgotten");
        assert_eq!(kept!(store, people.forget_preference_links(&[(ann.id, 0)])).await.expect("none"), 0);
        // What is proved stands beside the handle, in every record that is meant, and can be taken back.
        let handle = &ann.handles[0];
        let proof = |at| Proof { kind: HandleKind::Email, normal: &handle.normal, at };
        for when in [Some(at(9)), None] {
            kept!(store, people.set_proved(&[ann.id], &proof(when))).await.expect("set");
            assert_eq!(store.person_record(ann.id).await.expect("there").handles[0].verified_at, when);
        }
    }

    async fn topics_change_from_the_version_that_was_seen_and_requests_are_decided_once(db: TestDb) {
        let store = &db.store;
        let owner = user(store, 1, ADMINISTRATOR).await;
        let ann = told(0);
        kept!(store, people.keep_record(&ann, alone(0), &change(0, Vec::new()))).await.expect("kept");
        fill(store, ann.id, owner).await;
        let taken = kept!(store, people.add_topic(&topic(1))).await;
        assert!(matches!(taken, Err(StoreError::Conflict { what: "topic" })), "{taken:?}");
        kept!(store, people.change_topic(&topic(2))).await.expect("from the first");
        let stale = kept!(store, people.change_topic(&topic(2))).await;
        assert!(matches!(stale, Err(StoreError::Conflict { what: "topic" })), "{stale:?}");
        assert!(kept!(store, people.set_topic_open("street", false)).await.expect("there"));
        assert!(!kept!(store, people.set_topic_open("street", false)).await.expect("there"), "it is closed already");
        assert_eq!(store.topics().await.expect("read"), [Topic { open: false, ..topic(2) }]);
        assert_eq!(store.open_requests_count().await.expect("read"), 1);
        let open = store.open_requests(10).await.expect("read");
        assert_eq!(open, [(request(1, ann.id), alone(0))]);
        let done = request(1, ann.id).id;
        kept!(store, people.decide_request(done, RequestState::Refused, "the law", ("user:1", at(8)))).await.expect("open");
        let again = kept!(store, people.decide_request(done, RequestState::Done, "", ("user:2", at(9)))).await;
        assert!(matches!(again, Err(StoreError::Conflict { what: "request" })), "{again:?}");
        let kept = store.requests_of(&[ann.id]).await.expect("read").remove(0);
        assert_eq!((kept.state, kept.answer.as_str()), (RequestState::Refused, "the law"));
        assert_eq!(store.open_requests_count().await.expect("read"), 0);
    }
}
