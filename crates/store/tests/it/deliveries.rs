//! Deliveries: written down, claimed once, settled once, counted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use commonweal_domain::approval::{Approval, Verdict};
use commonweal_domain::delivery::{Fault, Skip, Wait};
use commonweal_domain::mailbox::MailboxRead;
use commonweal_domain::sender::Security;
use commonweal_domain::{
    Channel, DeliveryId, DeliveryState, Dispatch, DispatchId, DispatchState, Function, Lane, Mailbox, MailboxId,
    MailboxSetup, Message, MessageText, MessageVersion, Pace, PageRequest, RecordId, Returned, ReturnedKind,
    ReturnedOutcome, Rule, Sender, SenderKind, SenderSetup, SuppressionReason,
};
use commonweal_store::{
    Decided, Due, MailPlace, NewDelivery, NewReturned, Settled, Silent, Source, Store, StoreError, Suppression, Trail,
};
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
        return_to: None,
        server: None,
        gateway: None,
        per_second: Some(5),
        per_day: None,
        domain_limits: Vec::new(),
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
        drop_held: false,
        ramp_left: None,
        ramp_until: None,
        problem: None,
        accepted: Default::default(),
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
    let approval = Approval {
        id: id(9_400),
        dispatch: planned.id,
        version: planned.content,
        verdict: Verdict::Approved,
        by: "user:2".into(),
        at: at(1),
        note: String::new(),
    };
    kept!(store, dispatches.say(&approval)).await.expect("kept");
    let pace = Pace { used_to: at(1), waits_to: at(2) };
    kept!(store, senders.keep_pace(planned.sender, "example.org", pace)).await.expect("kept");
    kept!(store, senders.set_receipts(planned.sender, &[4; 32])).await.expect("kept");
    let mailbox = mailbox(9_200);
    kept!(store, mailboxes.create(&mailbox, Some(&[4, 5]))).await.expect("kept");
    let came =
        NewReturned { place: Some(place(mailbox.id, 7)), ..returned(9_300, new[0].id, ReturnedOutcome::SoftBounce) };
    assert!(kept!(store, deliveries.keep_returned(&came)).await.expect("kept"));
}

fn mailbox(n: u64) -> Mailbox {
    let setup = MailboxSetup {
        name: format!("Returns {n}"),
        host: "imap.example.org".into(),
        port: 993,
        security: Security::Tls,
        user: "returns".into(),
        token: None,
        folder: "INBOX".into(),
        done_folder: Some("Done".into()),
        enabled: true,
    };
    Mailbox { id: id(n), setup, read: MailboxRead::default(), version: 1, made_at: at(0), changed_at: at(0) }
}

fn place(mailbox: MailboxId, uid: u32) -> MailPlace {
    MailPlace { mailbox, validity: 3, uid }
}

fn returned(n: u64, delivery: DeliveryId, outcome: ReturnedOutcome) -> NewReturned {
    let returned = Returned {
        id: id(n),
        at: at(3),
        kind: ReturnedKind::Bounce,
        outcome,
        delivery: Some(delivery),
        contact: None,
        mailbox: None,
    };
    NewReturned { returned, hash: [n as u8; 32], handle: Some([1; 32]), place: None }
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

    async fn what_is_known_later_goes_forward_alone_and_once(db: TestDb) {
        use DeliveryState as S;
        let store = &db.store;
        let of = running(store, 5, Lane::News).await.id;
        let ids: Vec<DeliveryId> = claim(store, of, 4, "one").await.iter().map(|d| d.id).collect();
        let outcome = |id: DeliveryId, to: S| async move {
            kept!(store, deliveries.outcome(id, to, Some("hard"), at(5))).await.expect("looked")
        };
        let state = |id: DeliveryId| async move { store.delivery(id).await.expect("there").state };
        let handed = |id: DeliveryId| async move {
            let settled = [(id, Settled::HandedOver("250".into()))];
            kept!(store, deliveries.settle(&settled, "one", at(4))).await.expect("settled").len()
        };
        assert_eq!(handed(ids[0]).await, 1);
        assert!(outcome(ids[0], S::Delivered).await);
        assert!(!outcome(ids[0], S::Delivered).await, "the same again");
        assert!(outcome(ids[0], S::Bounced).await);
        for to in [S::Delivered, S::Complained, S::Bounced] {
            assert!(!outcome(ids[0], to).await, "{to:?} after it came back");
        }
        assert_eq!(store.delivery(ids[0]).await.expect("there").reason.as_deref(), Some("hard"));
        // Told of before whoever handed it over could write it down, and of one of which nobody knew.
        assert!(outcome(ids[1], S::Complained).await);
        assert_eq!(handed(ids[1]).await, 0, "what is known later stays");
        assert_eq!(state(ids[1]).await, S::Complained);
        let unknown = [(ids[2], Settled::Unknown)];
        kept!(store, deliveries.settle(&unknown, "one", at(4))).await.expect("settled");
        assert!(outcome(ids[2], S::Bounced).await);
        let failed = [(ids[3], Settled::Failed(Fault::Refused, None))];
        kept!(store, deliveries.settle(&failed, "one", at(4))).await.expect("settled");
        assert!(!outcome(ids[3], S::Bounced).await, "it never went out");
        let all = store.reconciliation(of).await.expect("counted");
        assert_eq!((all.handed_over, all.bounced, all.complained, all.not_known, all.adds_up()), (3, 2, 1, 0, true));
        for to in [S::Planned, S::Skipped, S::HandedOver] {
            assert!(kept!(store, deliveries.outcome(ids[0], to, None, at(6))).await.is_err(), "{to:?}");
        }
        // Each that went out is a contact, once.
        let page = PageRequest::first(9);
        let records: Vec<RecordId> = (0..5).map(|n| people::told(n).id).collect();
        let contacts = store.contacts_of_records(&records, None, &page).await.expect("read").items;
        let mut seen: Vec<_> = contacts.iter().map(|c| DeliveryId(c.id.0)).collect();
        seen.sort_unstable();
        assert_eq!(seen, ids[..3]);
        assert_eq!(store.wrong_contact_counts().await.expect("compared"), 0);
    }

    async fn a_mail_is_written_down_once_and_put_away_where_it_lies(db: TestDb) {
        let store = &db.store;
        let of = running(store, 3, Lane::News).await.id;
        let due = claim(store, of, 3, "one").await;
        let box_of = mailbox(700);
        kept!(store, mailboxes.create(&box_of, None)).await.expect("kept");
        let keep = |new: NewReturned| async move { kept!(store, deliveries.keep_returned(&new)).await.expect("kept") };
        let first = NewReturned { place: Some(place(box_of.id, 4)), ..returned(1, due[0].id, ReturnedOutcome::SoftBounce) };
        assert!(keep(first.clone()).await);
        assert_eq!(store.mails_to_put_away(box_of.id, 3).await.expect("read"), [4]);
        kept!(store, deliveries.put_away(box_of.id, 3, &[4])).await.expect("noted");
        assert_eq!(store.mails_to_put_away(box_of.id, 3).await.expect("read"), [0_u32; 0]);
        let again = NewReturned { place: Some(place(box_of.id, 9)), ..first.clone() };
        assert!(!keep(NewReturned { returned: Returned { id: id(99), ..again.returned.clone() }, ..again }).await);
        assert_eq!(store.mails_to_put_away(box_of.id, 3).await.expect("read"), [9], "it lies there again");
        assert_eq!(store.mails_to_put_away(box_of.id, 4).await.expect("read"), [0_u32; 0], "numbers of another time");
        let left = NewReturned { place: Some(place(box_of.id, 10)), ..returned(2, due[1].id, ReturnedOutcome::NoDelivery) };
        assert!(keep(left).await);
        assert_eq!(store.mails_to_put_away(box_of.id, 3).await.expect("read"), [9], "a person looks at it where it is");
        assert!(keep(returned(3, due[0].id, ReturnedOutcome::SoftBounce)).await);
        assert!(keep(returned(4, due[2].id, ReturnedOutcome::SoftBounce)).await);
        let soft = |since, but| async move {
            kept!(store, deliveries.soft_bounces(&[1; 32], since, but)).await.expect("counted")
        };
        assert_eq!(soft(at(0), due[2].id).await, 2, "each delivery once");
        assert_eq!(soft(at(4), due[2].id).await, 0, "those of that time");
        assert_eq!(store.returned_mails(&PageRequest::first(9)).await.expect("read").items.len(), 4);
    }

    async fn a_mailbox_is_read_by_one_at_a_time(db: TestDb) {
        let store = &db.store;
        let box_of = mailbox(700);
        kept!(store, mailboxes.create(&box_of, None)).await.expect("kept");
        let taken = kept!(store, mailboxes.create(&mailbox(700), None)).await;
        assert!(taken.is_err(), "{taken:?}");
        let lease = |worker: &'static str, now: i64| async move {
            kept!(store, mailboxes.lease(box_of.id, worker, at(now), at(now + 60))).await.expect("asked")
        };
        assert!(lease("one", 0).await && lease("one", 10).await);
        assert!(!lease("two", 69).await);
        assert!(lease("two", 71).await, "whoever had it is gone");
        assert!(!lease("one", 72).await);
        kept!(store, mailboxes.release(box_of.id, "one")).await.expect("nothing");
        assert!(!lease("one", 73).await);
        kept!(store, mailboxes.release(box_of.id, "two")).await.expect("let go");
        assert!(lease("one", 74).await);
        kept!(store, mailboxes.read_through(box_of.id, 3, 17)).await.expect("noted");
        kept!(store, mailboxes.checked(box_of.id, at(80), Some("No."))).await.expect("noted");
        let read = MailboxRead { validity: Some(3), last_uid: 17, checked_at: Some(at(80)), error: Some("No.".into()) };
        let box_of = &box_of;
        assert_eq!(store.mailbox(box_of.id).await.expect("there").read, read);
        let changed = Mailbox { version: 2, ..box_of.clone() };
        kept!(store, mailboxes.update(&changed, Some(&[1]), true)).await.expect("changed");
        assert_eq!(store.mailbox(box_of.id).await.expect("there").read.last_uid, 0, "another folder begins anew");
        let late = kept!(store, mailboxes.update(&changed, None, false)).await;
        assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
        kept!(store, mailboxes.remove(box_of.id)).await.expect("removed");
        assert!(matches!(kept!(store, mailboxes.remove(box_of.id)).await, Err(StoreError::NotFound(_))));
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

    async fn what_others_tell_of_a_delivery_only_goes_on(db: TestDb) {
        let store = &db.store;
        let of = running(store, 5, Lane::News).await;
        let begun: Vec<DeliveryId> = claim(store, of.id, 4, "one").await.into_iter().map(|d| d.id).collect();
        let handed: Vec<(DeliveryId, Settled)> =
            begun[..2].iter().map(|id| (*id, Settled::HandedOver("SM1".into()))).collect();
        kept!(store, deliveries.settle(&handed, "one", at(3))).await.expect("settled");
        let tell = async |id, to, why: Option<&str>| {
            kept!(store, deliveries.outcome(id, to, why, at(4))).await.expect("told")
        };
        use DeliveryState::{Bounced, Complained, Delivered};
        assert!(tell(begun[0], Delivered, None).await);
        assert!(!tell(begun[0], Delivered, None).await, "known already");
        assert!(tell(begun[0], Complained, None).await);
        assert!(!tell(begun[0], Bounced, Some("permanent")).await);
        assert!(tell(begun[1], Bounced, Some("permanent")).await);
        // Its worker has not said yet that it was taken, and says so too late.
        assert!(tell(begun[2], Delivered, None).await);
        let late = [(begun[2], Settled::Unknown)];
        assert!(kept!(store, deliveries.settle(&late, "one", at(5))).await.expect("settled").is_empty());
        // The answer was lost: now it is known.
        kept!(store, deliveries.settle(&[(begun[3], Settled::Unknown)], "one", at(5))).await.expect("settled");
        assert!(tell(begun[3], Delivered, None).await);
        // One that was never begun, and one that there is not.
        let waiting = store.deliveries(Some(of.id), None, Some(DeliveryState::Planned), &PageRequest::first(9)).await;
        let waiting = waiting.expect("read").items[0].id;
        assert!(!tell(waiting, Delivered, None).await);
        let nobodys = kept!(store, deliveries.outcome(id(1), Delivered, None, at(4))).await;
        assert!(matches!(nobodys, Err(StoreError::NotFound("delivery"))));
        let counted = store.reconciliation(of.id).await.expect("counted");
        assert!(counted.adds_up(), "{counted:?}");
        assert_eq!((counted.handed_over, counted.delivered, counted.bounced, counted.complained), (4, 2, 1, 1));
        assert_eq!((counted.not_known, counted.still_pending()), (0, 1));
        assert_eq!(store.wrong_contact_counts().await.expect("counted"), 0);
        // Found by our id, by its own sender alone.
        let told = store.delivery_of(of.sender, begun[0]).await.expect("read").expect("found");
        assert_eq!((told.id, told.hash), (begun[0], Some([1; 32])));
        assert!(store.delivery_of(id(1), begun[0]).await.expect("read").is_none());
        assert!(store.delivery_answered(of.sender, "SM1").await.expect("read").is_none(), "only text messages are");
    }

    async fn a_rate_is_of_all_servers_together(db: TestDb) {
        let store = &db.store;
        let sender = running(store, 1, Lane::News).await.sender;
        let claims = futures::future::join_all((0..8).map(|_| async move {
            let took = store.transact(move |w| {
                Box::pin(async move {
                    let mut pace = w.senders().pace(sender, "").await?;
                    let n = pace.available(10, 0, at(5)).min(4);
                    pace.take(10, n, at(5));
                    w.senders().keep_pace(sender, "", pace).await?;
                    Ok::<_, StoreError>((n, Trail::Silent(Silent::Step)))
                })
            });
            took.await.expect("taken").0
        }));
        assert_eq!(claims.await.iter().sum::<u64>(), 10);
        let other = kept!(store, senders.pace(sender, "example.org")).await.expect("read");
        assert_eq!(other.available(3, 0, at(5)), 3, "each domain has its own");
    }
}
