//! Contacts without feedback, and how many of all there are by day.

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;
use chrono_tz::Tz;
use commonweal_domain::import::ImportState;
use commonweal_domain::{
    BodySettings, Capacity, ChangeKind, ChangeSubject, Channel, ContactId, Dimension, Direction, FeedPosition, Filter,
    Function, TouchpointId, period,
};
use commonweal_store::{
    ContactCount, ImportAdvance, NewContactRecord, NewIdempotency, NewRecord, Store, StoreError, WriteBatch,
};
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::{kept, on_both_engines};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use sqlx::Connection;

use crate::data::{at, feedback, id, record, records, running_import, write};

/// Contact number `n`: a call that came in.
pub(crate) fn contact(n: u64) -> NewContactRecord {
    NewContactRecord {
        id: id(n * 10 + 5),
        at: at(n as i64),
        service: None,
        touchpoint: None,
        channel: Channel::Phone,
        direction: Direction::In,
        function: Function::Serve,
        capacity: Capacity::Customer,
        source: "key:crm".into(),
        dedupe: None,
        known_by: None,
    }
}

fn keyed(n: u64, key: u8) -> NewContactRecord {
    NewContactRecord { dedupe: Some([key; 16]), ..contact(n) }
}

fn of(contacts: Vec<NewContactRecord>) -> WriteBatch {
    WriteBatch { contacts, ..WriteBatch::default() }
}

/// Number of all contacts as the counts by day say, and whether all of these are right.
async fn counted(store: &Store) -> u64 {
    assert_eq!(store.wrong_contact_counts().await.expect("compared"), 0);
    let all = store.contacts_counted((None, None), &BTreeMap::new(), false, &[]).await.expect("counted");
    all.iter().map(|c| c.contacts).sum()
}

async fn by(store: &Store, days: (Option<i64>, Option<i64>), filter: &Filter, by: &[Dimension]) -> Vec<ContactCount> {
    let mut found = store.contacts_counted(days, &filter.clauses, true, by).await.expect("counted");
    found.sort_by_key(|c| (c.day, c.values.clone()));
    found
}

on_both_engines! {
    async fn a_contact_with_a_known_key_is_the_one_that_is_there(db: TestDb) {
        let first = db.store.write(&of(vec![keyed(1, 1), keyed(2, 2), contact(3)])).await.expect("taken").contacts;
        assert!(first.iter().all(|w| !w.duplicate && w.position.is_some()));
        let again = db.store.write(&of(vec![keyed(4, 2), keyed(5, 3), contact(6), keyed(7, 3)])).await.expect("taken").contacts;
        let seen: Vec<_> = again.iter().map(|w| (w.id, w.duplicate)).collect();
        assert_eq!(seen, [(keyed(2, 2).id, true), (keyed(5, 3).id, false), (contact(6).id, false), (keyed(5, 3).id, true)]);
        assert_eq!(counted(&db.store).await, 5);
    }

    async fn the_feed_tells_feedback_and_contacts_apart(db: TestDb) {
        let batch = WriteBatch { records: records(0..2), contacts: vec![contact(7)], ..WriteBatch::default() };
        let told = db.store.write(&batch).await.expect("taken");
        assert_eq!(kept!(db.store, contacts.delete(&[contact(7).id, contact(8).id], None)).await.expect("deleted"), [contact(7).id]);
        db.settled().await;
        let feed = db.store.changes_after(FeedPosition::default(), 10).await.expect("read");
        let seen: Vec<_> = feed.iter().map(|c| (c.subject, c.kind)).collect();
        let call = ChangeSubject::Contact(contact(7).id);
        assert_eq!(
            seen,
            [
                (ChangeSubject::Feedback(feedback(0)), ChangeKind::Created),
                (ChangeSubject::Feedback(feedback(1)), ChangeKind::Created),
                (call, ChangeKind::Created),
                (call, ChangeKind::Deleted),
            ]
        );
        assert_eq!(told.contacts[0].position, Some(feed[2].position));
        assert_eq!(db.store.docs_after(None, 10).await.expect("read").len(), 2, "a contact is no feedback");
    }

    async fn a_contact_that_brought_feedback_goes_with_it_and_not_by_itself(db: TestDb) {
        write(&db.store, vec![record(1)]).await;
        let its = record(1).contact;
        assert_eq!(kept!(db.store, contacts.delete(&[its], None)).await.expect("asked"), []);
        db.store.write(&of(vec![contact(2)])).await.expect("taken");
        assert_eq!(kept!(db.store, contacts.delete(&[contact(2).id], Some("key:other"))).await.expect("asked"), []);
        assert_eq!(counted(&db.store).await, 2);
        assert_eq!(kept!(db.store, contacts.delete(&[contact(2).id], Some("key:crm"))).await.expect("deleted"), [contact(2).id]);
        assert_eq!(kept!(db.store, feedback.delete(&[feedback(1)])).await.expect("deleted"), 1);
        assert_eq!(counted(&db.store).await, 0);
        assert_eq!(by(&db.store, (None, None), &Filter::default(), &[]).await, [], "nothing is left of what is zero");
    }

    async fn the_answer_to_a_request_is_kept_for_contacts_too(db: TestDb) {
        let key = NewIdempotency { key: [9; 16], request_hash: [1; 16], records: 0..0, contacts: 0..2, at: at(0) };
        let mut together = WriteBatch { records: records(0..2), contacts: vec![keyed(5, 5)], ..WriteBatch::default() };
        let batch = WriteBatch { contacts: vec![keyed(6, 5), contact(7)], idempotency: vec![key], ..WriteBatch::default() };
        together.append(&batch);
        db.store.write(&together).await.expect("taken");
        let kept = db.store.idempotent(&[9; 16]).await.expect("read").expect("kept");
        let (five, seven) = (contact(5).id, contact(7).id);
        assert_eq!(kept.response, serde_json::json!([{"id": five, "duplicate": true}, {"id": seven, "duplicate": false}]).to_string());
    }

    async fn contacts_are_counted_by_what_every_contact_says(db: TestDb) {
        let service = kept!(db.store, services.ensure("Blue Badge", id(5))).await.expect("made").id;
        let apply = kept!(db.store, services.ensure_touchpoint(service, "Apply", id(6))).await.expect("made").id;
        let mut web = record(1);
        (web.service, web.touchpoint) = (Some(service), Some(apply));
        let call = NewContactRecord { service: Some(service), ..contact(2) };
        let letter = NewContactRecord { channel: Channel::Letter, direction: Direction::Out, function: Function::Inform, ..contact(3) };
        let tomorrow = NewContactRecord { at: at(86_400), ..contact(4) };
        let batch = WriteBatch { records: vec![web], contacts: vec![call, letter, tomorrow], ..WriteBatch::default() };
        db.store.write(&batch).await.expect("taken");
        let day = period::day_number(at(0), Tz::Europe__London);
        let count = |day, values: &[Option<&str>], contacts| ContactCount {
            day,
            values: values.iter().map(|v| v.map(str::to_owned)).collect(),
            contacts,
        };
        let everything = Filter::default();
        let seen = by(&db.store, (None, None), &everything, &[Dimension::Service]).await;
        assert_eq!(seen, [count(day, &[None], 1), count(day, &[Some("blue-badge")], 2), count(day + 1, &[None], 1)]);
        let seen = by(&db.store, (Some(day), Some(day + 1)), &everything, &[Dimension::Touchpoint, Dimension::Direction]).await;
        assert_eq!(
            seen,
            [count(day, &[None, Some("in")], 1), count(day, &[None, Some("out")], 1), count(day, &[Some("blue-badge/apply"), Some("in")], 1)]
        );
        let mut filter = Filter::default();
        filter.add(Dimension::Channel, "!letter");
        filter.add(Dimension::Service, commonweal_domain::filter::NONE);
        assert_eq!(by(&db.store, (None, None), &filter, &[Dimension::Function]).await, [count(day + 1, &[Some("serve")], 1)]);
        let refused = db.store.contacts_counted((None, None), &BTreeMap::new(), false, &[Dimension::Area]).await;
        assert!(matches!(refused, Err(StoreError::Invalid(_))), "{refused:?}");
    }

    async fn another_time_zone_cuts_the_days_anew_for_every_server(db: TestDb) {
        let second = db.again().await;
        // Half past eleven at night in London, 29 February.
        let late = NewContactRecord { at: "2024-02-29T23:30:00Z".parse().expect("an instant"), ..contact(1) };
        let early = NewContactRecord { at: "1965-06-30T22:30:00.5Z".parse().expect("an instant"), ..contact(2) };
        db.store.write(&of(vec![late.clone(), early])).await.expect("taken");
        second.write(&of(vec![contact(3)])).await.expect("the other server knows the zone now");
        let auckland = BodySettings { time_zone: Tz::Pacific__Auckland, ..BodySettings::default() };
        kept!(db.store, settings.save(&auckland, 0, "test", at(0))).await.expect("saved");
        second.write(&of(vec![NewContactRecord { id: contact(4).id, ..late }])).await.expect("taken");
        assert_eq!(counted(&db.store).await, 4);
        let days: Vec<_> = by(&db.store, (None, None), &Filter::default(), &[]).await.into_iter().map(|c| (period::date_of(c.day).expect("a date").to_string(), c.contacts)).collect();
        assert_eq!(days, [("1965-07-01".into(), 1), ("2023-11-15".into(), 1), ("2024-03-01".into(), 2)]);
    }

    async fn counts_that_somebody_else_has_spoilt_are_found_and_mended(db: TestDb) {
        db.store.write(&of((0..50).map(contact).collect())).await.expect("taken");
        spoil(&db, "UPDATE contacts_daily SET n = n + 1").await;
        assert_eq!(db.store.wrong_contact_counts().await.expect("compared"), 1);
        kept!(db.store, contacts.recount()).await.expect("counted anew");
        assert_eq!(counted(&db.store).await, 50);
        spoil(&db, "DELETE FROM contacts_daily").await;
        assert_eq!(db.store.wrong_contact_counts().await.expect("compared"), 1);
    }

    async fn many_servers_count_the_same_days_without_a_deadlock(db: TestDb) {
        let stores = [db.store.clone(), db.again().await, db.again().await];
        let mut tasks = Vec::new();
        for w in 0..6_u64 {
            let store = stores[(w % 3) as usize].clone();
            tasks.push(tokio::spawn(async move {
                for b in 0..12_u64 {
                    let first = w * 10_000 + b * 100;
                    // The same forty groups in another order each time.
                    let contacts = (0..40).map(|n| {
                        let n = if w.is_multiple_of(2) { n } else { 39 - n };
                        let channel = Channel::ALL[(n % 4) as usize];
                        NewContactRecord { at: at(86_400 * (n % 10) as i64), channel, ..contact(first + n) }
                    });
                    let contacts: Vec<_> = contacts.collect();
                    store.write(&of(contacts.clone())).await.expect("taken");
                    if b.is_multiple_of(3) {
                        let gone: Vec<ContactId> = contacts.iter().rev().take(15).map(|c| c.id).collect();
                        // Two servers undo the same.
                        let (a, b) = tokio::join!(kept!(store, contacts.delete(&gone, None)), kept!(store, contacts.delete(&gone, None)));
                        assert_eq!(a.expect("deleted").len() + b.expect("deleted").len(), 15);
                    }
                }
            }));
        }
        for task in tasks {
            task.await.expect("no panic");
        }
        assert_eq!(counted(&db.store).await, 6 * 12 * 40 - 6 * 4 * 15);
    }

    async fn whatever_happens_the_counts_are_what_counting_anew_gives(db: TestDb) {
        let service = kept!(db.store, services.ensure("Blue Badge", id(5))).await.expect("made").id;
        let apply = kept!(db.store, services.ensure_touchpoint(service, "Apply", id(6))).await.expect("made").id;
        let mut world = World { store: db.store.clone(), touchpoint: apply, service: service.0.into(), next: 1, settings: 0 };
        let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
        for round in 0..12 {
            let acts = prop::collection::vec(act(), 1..8).new_tree(&mut runner).expect("acts").current();
            for act in &acts {
                world.does(act).await;
            }
            let fresh = by_hand(&db).await;
            let kept: HashMap<_, _> = all_groups(&db.store).await;
            assert_eq!(kept, fresh, "round {round}: {acts:?}");
            assert_eq!(db.store.wrong_contact_counts().await.expect("compared"), 0);
        }
    }
}

/// Something that happens to a ledger.
#[derive(Clone, Debug)]
enum Act {
    /// Feedback and contacts, each with a seed of what it is like.
    Intake { records: Vec<u16>, contacts: Vec<u16> },
    /// Feedback that takes the place of the newest that are there.
    Replace { records: Vec<u16> },
    /// Some of the feedback with these remainders go.
    DeleteFeedback(u64),
    /// Some of the contacts without feedback with these remainders go.
    DeleteContacts(u64),
    /// A file is imported and undone, and imported again where it says so.
    Import { rows: Vec<u16>, again: bool },
    /// What is older than so many days goes, as retention does it.
    Retention(i64),
    /// Another time zone.
    Zone(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let seeds = || prop::collection::vec(any::<u16>(), 0..30);
    prop_oneof![
        4 => (seeds(), seeds()).prop_map(|(records, contacts)| Act::Intake { records, contacts }),
        2 => seeds().prop_map(|records| Act::Replace { records }),
        1 => (2..6_u64).prop_map(Act::DeleteFeedback),
        1 => (2..6_u64).prop_map(Act::DeleteContacts),
        1 => (seeds(), any::<bool>()).prop_map(|(rows, again)| Act::Import { rows, again }),
        1 => (0..400_i64).prop_map(Act::Retention),
        1 => (0..3_usize).prop_map(Act::Zone),
    ]
}

struct World {
    store: Store,
    service: commonweal_domain::ServiceId,
    touchpoint: TouchpointId,
    next: u64,
    settings: i64,
}

impl World {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn record(&mut self, seed: u16) -> NewRecord {
        let mut made = record(self.number());
        let c = self.contact(seed);
        (made.doc.at, made.doc.channel, made.doc.direction, made.doc.function) =
            (c.at, c.channel, c.direction, c.function);
        (made.service, made.touchpoint) = (c.service, c.touchpoint);
        // Some keys come more than once.
        made.dedupe = c.dedupe;
        made
    }

    fn contact(&mut self, seed: u16) -> NewContactRecord {
        let n = usize::from(seed);
        let pick = |of: usize, at: u32| (n >> at) % of;
        NewContactRecord {
            at: at(0) + TimeDelta::minutes(11 * (n as i64 % 60_000)),
            service: (pick(3, 2) > 0).then_some(self.service),
            touchpoint: (pick(3, 2) > 1).then_some(self.touchpoint),
            channel: Channel::ALL[pick(4, 4)],
            direction: Direction::ALL[pick(2, 6)],
            function: Function::ALL[pick(3, 7)],
            dedupe: (pick(2, 9) > 0).then_some([(n % 120) as u8; 16]),
            ..contact(self.number())
        }
    }

    async fn does(&mut self, act: &Act) {
        match act {
            Act::Intake { records, contacts } => {
                let records = records.iter().map(|seed| self.record(*seed)).collect();
                let contacts = contacts.iter().map(|seed| self.contact(*seed)).collect();
                let batch = WriteBatch { records, contacts, ..WriteBatch::default() };
                self.store.write(&batch).await.expect("taken");
            }
            Act::Replace { records } => {
                let all: Vec<_> = (0..self.next).map(feedback).collect();
                let there = self.store.docs(&all).await.expect("read");
                let replaced = there.iter().rev().take(records.len()).map(|doc| doc.id).collect();
                let records = records.iter().map(|seed| self.record(*seed)).collect();
                let batch = WriteBatch { records, replaced, ..WriteBatch::default() };
                self.store.write(&batch).await.expect("taken");
            }
            Act::DeleteFeedback(remainder) => {
                let gone: Vec<_> = (0..self.next).filter(|n| n % remainder == 1).map(feedback).collect();
                kept!(self.store, feedback.delete(&gone)).await.expect("deleted");
            }
            Act::DeleteContacts(remainder) => {
                let gone: Vec<_> = (0..self.next).filter(|n| n % remainder == 1).map(|n| contact(n).id).collect();
                kept!(self.store, contacts.delete(&gone, None)).await.expect("deleted");
            }
            Act::Import { rows, again } => {
                for last in [false, true].into_iter().filter(|last| !last || *again) {
                    let number = self.number();
                    let run = running_import(&self.store, number).await;
                    let mut records: Vec<NewRecord> = rows.iter().map(|seed| self.record(*seed)).collect();
                    for r in &mut records {
                        r.doc.import = Some(run);
                        r.doc.source = run.to_string();
                    }
                    let n = rows.len() as u64;
                    let import = ImportAdvance {
                        import: run,
                        after_row: 1,
                        through_row: 1 + n,
                        through_byte: n,
                        rows: n,
                        rejected: vec![],
                    };
                    self.store
                        .write(&WriteBatch { records, import: Some(import), ..WriteBatch::default() })
                        .await
                        .expect("taken");
                    if !last {
                        kept!(
                            self.store,
                            imports.set_state(run, &[ImportState::Running], ImportState::Undoing, None, at(9))
                        )
                        .await
                        .expect("undoing");
                        while kept!(self.store, imports.undo_some(run, 7)).await.expect("undone") > 0 {}
                    }
                }
            }
            Act::Retention(days) => {
                let before = at(0) + TimeDelta::days(*days);
                let old = self.store.feedback_before(before, None, 40).await.expect("found");
                let ids: Vec<_> = old.into_iter().map(|(_, id)| id).collect();
                kept!(self.store, feedback.delete(&ids)).await.expect("deleted");
            }
            Act::Zone(n) => {
                let time_zone = [Tz::Europe__London, Tz::Pacific__Auckland, Tz::America__St_Johns][*n];
                let settings = BodySettings { time_zone, ..BodySettings::default() };
                self.settings =
                    kept!(self.store, settings.save(&settings, self.settings, "test", at(0))).await.expect("saved");
            }
        }
    }
}

const DIMENSIONS: [Dimension; 5] =
    [Dimension::Service, Dimension::Touchpoint, Dimension::Channel, Dimension::Function, Dimension::Direction];

type Groups = HashMap<(i64, Vec<Option<String>>), u64>;

/// Every group that is kept.
async fn all_groups(store: &Store) -> Groups {
    let found = by(store, (None, None), &Filter::default(), &DIMENSIONS).await;
    found.into_iter().map(|c| ((c.day, c.values), c.contacts)).collect()
}

/// Every group, counted by hand from the contacts themselves; the days by the calendar of the domain.
async fn by_hand(db: &TestDb) -> Groups {
    let zone = db.store.settings().await.expect("read").1.time_zone;
    let sql = "SELECT c.at, s.key, t.key, c.channel, c.function, c.direction FROM contacts c
               LEFT JOIN services s ON s.id = c.service_id LEFT JOIN touchpoints t ON t.id = c.touchpoint_id";
    type Row = (i64, Option<String>, Option<String>, String, String, String);
    let rows: Vec<Row> = match db.url.split_once("?schema=") {
        None => {
            let mut connection = sqlx::SqliteConnection::connect(&db.url).await.expect("opens");
            sqlx::query_as::<sqlx::Sqlite, Row>(sql).fetch_all(&mut connection).await.expect("answered")
        }
        Some((server, schema)) => {
            let mut connection = sqlx::PgConnection::connect(server).await.expect("answers");
            let path = format!("SET search_path = {schema}");
            sqlx::query(sqlx::AssertSqlSafe(path)).execute(&mut connection).await.expect("there");
            sqlx::query_as::<sqlx::Postgres, Row>(sql).fetch_all(&mut connection).await.expect("answered")
        }
    };
    let mut groups = Groups::new();
    for (micros, service, touchpoint, channel, function, direction) in rows {
        let at = commonweal_domain::Instant::from_timestamp_micros(micros).expect("an instant");
        let values = vec![service, touchpoint, Some(channel), Some(function), Some(direction)];
        *groups.entry((period::day_number(at, zone), values)).or_default() += 1;
    }
    groups
}

/// Does something to the database behind the store's back.
async fn spoil(db: &TestDb, sql: &'static str) {
    match db.url.split_once("?schema=") {
        None => {
            let mut connection = sqlx::SqliteConnection::connect(&db.url).await.expect("opens");
            sqlx::query(sql).execute(&mut connection).await.expect("done");
        }
        Some((server, schema)) => {
            let mut connection = sqlx::PgConnection::connect(server).await.expect("answers");
            let path = format!("SET search_path = {schema}");
            sqlx::query(sqlx::AssertSqlSafe(path)).execute(&mut connection).await.expect("there");
            sqlx::query(sql).execute(&mut connection).await.expect("done");
        }
    }
}
