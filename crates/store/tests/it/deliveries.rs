//! Deliveries: written down, claimed once, settled once, counted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use commonweal_domain::delivery::{Fault, Skip, Wait};
use commonweal_domain::{
    Channel, DeliveryId, DeliveryState, Dispatch, DispatchId, DispatchState, Function, Lane, Message, MessageText,
    MessageVersion, PageRequest, RecordId, Rule, Sender, SenderKind, SenderSetup, SuppressionReason,
};
use commonweal_store::{Decided, Due, NewDelivery, Settled, Silent, Source, Store, StoreError, Suppression, Trail};
use commonweal_testkit::{kept, on_both_engines};

use crate::data::{at, id};
use crate::people;

/// A sender, a message and a send that is being planned.
async fn send(store: &Store, n: u64, lane: Lane) -> Dispatch {
    let setup = SenderSetup {
        name: format!("mail {n}"),
        kind: SenderKind::Files,
        from: "voice@example.org".into(),
        from_name: "Anytown".into(),
        reply_to: None,
        server: None,
        per_second: Some(5),
        per_day: None,
        cost: 7,
        test_only_to: None,
        enabled: true,
    };
    let sender = Sender { id: id(n + 1), setup, version: 1, made_at: at(0), changed_at: at(0) };
    kept!(store, senders.create(&sender, Some(&[1, 2, 3]))).await.expect("kept");
    let message = Message {
        id: id(n + 2),
        name: "Road works".into(),
        team: None,
        version: 1,
        made_by: "user:1".into(),
        made_at: at(0),
    };
    let text = MessageText { subject: "Your street".into(), body: "It will be closed.".into() };
    let version = MessageVersion {
        id: id(n + 3),
        message: message.id,
        version: 1,
        texts: BTreeMap::from([("en".to_owned(), text)]),
        made_by: "user:1".into(),
        made_at: at(0),
    };
    kept!(store, messages.create(&message, &version)).await.expect("kept");
    let dispatch = Dispatch {
        id: id(n + 4),
        name: "Road works".into(),
        content: version.id,
        lane,
        topic: None,
        function: Function::Inform,
        channel: Channel::Email,
        sender: sender.id,
        audience: Some(Rule::Language(vec!["cy".into()])),
        team: None,
        state: DispatchState::Planning,
        planned: 0,
        starts_at: at(1),
        ends_at: at(1_000),
        made_by: "user:1".into(),
        made_at: at(0),
        ended_at: None,
    };
    kept!(store, dispatches.create(&dispatch)).await.expect("kept");
    dispatch
}

fn delivery(n: u64, of: &Dispatch, record: RecordId) -> NewDelivery {
    NewDelivery {
        id: id(n),
        dispatch: Some(of.id),
        record,
        content: of.content,
        topic: None,
        lane: of.lane,
        function: of.function,
        channel: of.channel,
        sender: of.sender,
        requested: false,
        due_at: of.starts_at,
        ends_at: of.ends_at,
        at: at(0),
        values: Some(serde_json::json!({"code": "1"})),
    }
}

/// One row in each table.
pub(crate) async fn fill(store: &Store, record: RecordId) {
    let planned = send(store, 9_000, Lane::News).await;
    let new = [delivery(9_100, &planned, record)];
    kept!(store, deliveries.plan(planned.id, &new, people::alone(0))).await.expect("planned");
    kept!(store, deliveries.ask(&[new[0].id], "key:1", Some("case 7"))).await.expect("noted");
    let message = store.message_version(planned.content).await.expect("there");
    let inline = Message {
        id: id(9_300),
        name: "Inline".into(),
        team: None,
        version: 1,
        made_by: "key:1".into(),
        made_at: at(0),
    };
    let first = MessageVersion { id: id(9_301), message: inline.id, ..message };
    kept!(store, messages.create_inline(&[3; 32], &inline, &first)).await.expect("kept");
    let suppressed = Suppression {
        hash: [9; 32],
        kind: "email".into(),
        reason: SuppressionReason::Complaint,
        at: at(0),
        expires_at: None,
        delivery: Some(new[0].id),
    };
    kept!(store, deliveries.suppress(&suppressed)).await.expect("kept");
}

/// So many people, one delivery of a running send each.
async fn running(store: &Store, people: u32, lane: Lane) -> Dispatch {
    let planned = send(store, 8_000, lane).await;
    let mut new = Vec::new();
    for n in 0..people {
        let told = people::told(n.into());
        let (alone, change) = (people::alone(n.into()), people::change(n.into(), Vec::new()));
        kept!(store, people.keep_record(&told, alone, &change)).await.expect("kept");
        new.push(delivery(8_100 + u64::from(n), &planned, told.id));
    }
    kept!(store, deliveries.plan(planned.id, &new, people::alone(0))).await.expect("planned");
    kept!(store, dispatches.set_state(planned.id, &[DispatchState::Planning], DispatchState::Running, at(1)))
        .await
        .expect("running");
    planned
}

/// Claims some as a worker does, and begins them all.
async fn claim(store: &Store, of: DispatchId, limit: u64, worker: &str) -> Vec<Due> {
    let claimed = store.transact(move |w| {
        Box::pin(async move {
            let mut due = w.deliveries().due(Source::Dispatch(of), limit, at(2)).await?;
            w.deliveries().facts(&mut due, at(0)).await?;
            let begun: Vec<(DeliveryId, Decided)> = due.iter().map(|d| (d.id, Decided::Begin([1; 32], 3))).collect();
            w.deliveries().decide(&begun, worker, at(2), at(60)).await?;
            Ok::<_, StoreError>((due, Trail::Silent(Silent::Step)))
        })
    });
    claimed.await.expect("claimed").0
}

on_both_engines! {
    async fn nobody_claims_what_another_has(db: TestDb) {
        let store = &db.store;
        let of = running(store, 40, Lane::News).await.id;
        let workers: Vec<String> = (0..4).map(|n| format!("worker {n}")).collect();
        let claims = futures::future::join_all(workers.iter().map(|worker| async move {
            let mut all = Vec::new();
            loop {
                let some = claim(store, of, 7, worker).await;
                if some.is_empty() {
                    return all;
                }
                all.extend(some);
            }
        }));
        let all: Vec<Due> = claims.await.into_iter().flatten().collect();
        let ids: BTreeSet<DeliveryId> = all.iter().map(|d| d.id).collect();
        assert_eq!((all.len(), ids.len()), (40, 40));
        assert!(all.iter().all(|d| d.person.is_some() && d.values.is_some()));
        let counted = store.reconciliation(of).await.expect("counted");
        assert!(counted.adds_up());
        assert_eq!(counted.pending.get("attempting"), Some(&40));
    }

    async fn what_became_of_each_is_written_down_once_by_who_holds_it(db: TestDb) {
        let store = &db.store;
        let of = running(store, 6, Lane::News).await.id;
        let begun = claim(store, of, 10, "one").await;
        let outcomes = [
            Settled::HandedOver("250".into()),
            Settled::HandedOver("250".into()),
            Settled::Failed(Fault::Refused, Some("550 5.1.1".into())),
            Settled::Unknown,
            Settled::Again(at(9), Wait::Retry),
        ];
        let settled: Vec<(DeliveryId, Settled)> = begun.iter().map(|d| d.id).zip(outcomes).collect();
        let other = kept!(store, deliveries.settle(&settled, "two", at(3))).await.expect("settled");
        assert!(other.is_empty(), "another worker does not hold them");
        let written = kept!(store, deliveries.settle(&settled, "one", at(3))).await.expect("settled");
        assert_eq!(written.len(), 5);
        // What it has said is said.
        let again = [(settled[0].0, Settled::Unknown)];
        assert!(kept!(store, deliveries.settle(&again, "one", at(4))).await.expect("settled").is_empty());
        let counted = store.reconciliation(of).await.expect("counted");
        assert!(counted.adds_up(), "{counted:?}");
        assert_eq!((counted.handed_over, counted.not_known, counted.still_pending()), (2, 1, 2));
        // Its worker comes to itself: what it knows counts.
        let late = [(settled[3].0, Settled::HandedOver("250".into()))];
        assert_eq!(kept!(store, deliveries.settle(&late, "one", at(5))).await.expect("settled").len(), 1);
        assert_eq!(store.reconciliation(of).await.expect("counted").handed_over, 3);
        assert_eq!(store.wrong_contact_counts().await.expect("counted"), 0);
        let page = store.deliveries(Some(of), None, Some(DeliveryState::Failed), &PageRequest::first(9)).await.expect("read");
        assert_eq!(page.items[0].reason.as_deref(), Some("refused"));
    }

    async fn what_a_worker_left_is_sent_again_or_not_known_by_its_lane(db: TestDb) {
        let store = &db.store;
        let news = running(store, 3, Lane::News).await.id;
        claim(store, news, 2, "gone").await;
        assert_eq!(kept!(store, deliveries.recover(at(59))).await.expect("looked").unknown, 0, "it is held");
        kept!(store, deliveries.extend("gone", at(90))).await.expect("held");
        assert_eq!(kept!(store, deliveries.recover(at(80))).await.expect("looked").unknown, 0);
        let found = kept!(store, deliveries.recover(at(91))).await.expect("looked");
        assert_eq!((found.again, found.unknown), (0, 2));
        assert_eq!(kept!(store, deliveries.recover(at(92))).await.expect("looked").unknown, 0, "once");
        let counted = store.reconciliation(news).await.expect("counted");
        assert_eq!((counted.not_known, counted.still_pending()), (2, 1));
    }

    async fn a_send_that_is_paused_gives_nothing_and_one_that_is_stopped_says_so(db: TestDb) {
        let store = &db.store;
        let of = running(store, 3, Lane::Service).await.id;
        let to = |from, to| async move {
            kept!(store, dispatches.set_state(of, &[from], to, at(2))).await
        };
        to(DispatchState::Running, DispatchState::Paused).await.expect("paused");
        assert!(claim(store, of, 9, "one").await.is_empty());
        assert!(matches!(to(DispatchState::Running, DispatchState::Paused).await, Err(StoreError::Conflict { .. })));
        to(DispatchState::Paused, DispatchState::Running).await.expect("on");
        assert_eq!(claim(store, of, 1, "one").await.len(), 1);
        assert_eq!(kept!(store, deliveries.skip_waiting(of, Skip::Cancelled, at(3))).await.expect("stopped"), 2);
        assert!(!kept!(store, dispatches.is_done(of)).await.expect("looked"), "one is under way");
        let found = kept!(store, deliveries.recover(at(99))).await.expect("looked");
        assert_eq!((found.again, found.unknown), (1, 0), "what is about somebody’s own case is sent again");
    }

    async fn what_is_suppressed_for_good_stays_so(db: TestDb) {
        let store = &db.store;
        let one = Suppression {
            hash: [1; 32],
            kind: "email".into(),
            reason: SuppressionReason::Invalid,
            at: at(0),
            expires_at: Some(at(10)),
            delivery: None,
        };
        kept!(store, deliveries.suppress(&one)).await.expect("kept");
        assert_eq!(store.suppressions(&[[1; 32]], at(11)).await.expect("read").len(), 0, "it ended");
        let complained = Suppression { reason: SuppressionReason::Complaint, expires_at: None, ..one.clone() };
        kept!(store, deliveries.suppress(&complained)).await.expect("kept");
        kept!(store, deliveries.suppress(&one)).await.expect("kept");
        let found = store.suppressions(&[[1; 32], [2; 32]], at(11)).await.expect("read");
        assert_eq!(found.get(&[1; 32]).map(|s| s.reason), Some(SuppressionReason::Complaint));
        assert!(kept!(store, deliveries.lift(&[1; 32])).await.expect("lifted"));
        assert!(!kept!(store, deliveries.lift(&[1; 32])).await.expect("nothing"));
    }

    async fn a_sender_has_so_much_left_of_a_day(db: TestDb) {
        let store = &db.store;
        let of = running(store, 3, Lane::Service).await;
        claim(store, of.id, 2, "one").await;
        let left = async |most, when| kept!(store, senders.left_of_the_day(of.sender, most, when)).await.expect("counted");
        assert_eq!(left(5, at(3)).await, 3);
        assert_eq!(left(1, at(3)).await, 0);
        assert_eq!(left(5, at(2) + TimeDelta::days(1)).await, 5);
    }
}
