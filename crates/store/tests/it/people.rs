//! People: records stay as they are; which of them are one person can be changed and put back, whatever was done.

use std::collections::HashMap;

use commonweal_domain::import::ImportState;
use commonweal_domain::people_import::{PeopleCounts, PeopleImport, PeopleMapping, RejectedPerson};
use commonweal_domain::{
    BirthDate, Decided, Details, Handle, HandleKind, LinkChange, LinkChangeId, LinkReason, Lookup, Move,
    NewPersonRecord, PersonId, RecordId, SamePerson, Suggestion,
};
use commonweal_store::{Kept, MAX_SHARING_A_KEY, PeopleAdvance, PeopleWanted, Reached, Store, StoreError, TakenPerson};
use commonweal_testkit::{kept, on_both_engines};
use serde_json::json;

use crate::data::{at, id};

pub(crate) fn told(n: u64) -> NewPersonRecord {
    NewPersonRecord {
        id: id(1_000 + n),
        source: "housing".into(),
        source_key: format!("T-{n}"),
        details: Details {
            given_names: Some("Ann".into()),
            surname: Some("Example".into()),
            birth_date: "1950-03-07".parse().ok(),
            address: vec!["14 Larch Court".into()],
            postcode: Some("ZX4 7QT".into()),
            ..Details::default()
        },
        handles: vec![Handle {
            kind: HandleKind::Email,
            shown: "Ann@Example.org".into(),
            normal: format!("ann{}@example.org", n / 2),
            verified_at: n.is_multiple_of(2).then(|| at(1)),
        }],
        at: at(0),
        lookup: Lookup {
            surname: "example".into(),
            given_names: "ann".into(),
            postcode: "zx47qt".into(),
            keys: vec![7, u64::MAX - n / 2],
        },
    }
}

/// A person of its own.
pub(crate) fn alone(n: u64) -> PersonId {
    id(2_000 + n)
}

pub(crate) fn change(n: u64, moves: Vec<Move>) -> LinkChange {
    LinkChange {
        id: id(3_000 + n),
        at: at(i64::try_from(n).expect("small")),
        actor: "user:1".into(),
        reason: LinkReason::Merged,
        note: Some("rang both".into()),
        evidence: None,
        moves,
        decided: Vec::new(),
    }
}

pub(crate) fn suggested(n: u64, a: RecordId, b: RecordId) -> Suggestion {
    Suggestion {
        id: id(4_000 + n),
        at: at(0),
        a,
        b,
        weight: n as f64,
        probability: 0.5,
        evidence: json!({"parts": []}),
        decided: None,
    }
}

/// An import of people that runs.
pub(crate) fn import(n: u64) -> PeopleImport {
    PeopleImport {
        id: id(5_000 + n),
        source: "housing".into(),
        file_name: "tenants.csv".into(),
        file_hash: format!("{n:064}"),
        file_bytes: 3,
        mapping: PeopleMapping::with_key(Some("ref")),
        state: ImportState::Running,
        counts: PeopleCounts::default(),
        kept: 0,
        through_row: 0,
        through_byte: 0,
        problem: None,
        actor: "user:1".into(),
        created_at: at(0),
        started_at: None,
        ended_at: None,
    }
}

/// A batch of one row that made a record, and one that was sent back.
pub(crate) fn advance(record: RecordId) -> PeopleAdvance {
    PeopleAdvance {
        after_row: 0,
        through_row: 3,
        through_byte: 3,
        counts: PeopleCounts { rows: 2, new: 1, rejected: 1, ..PeopleCounts::default() },
        taken: vec![TakenPerson { row: 2, record }],
        rejected: vec![RejectedPerson {
            row: 3,
            column: Some("ref".into()),
            reason: "There is no id.".into(),
            cells: vec![String::new(), "Ann".into()],
            taken: false,
        }],
    }
}

type State = HashMap<RecordId, PersonId>;

async fn state(store: &Store, records: &[RecordId]) -> State {
    store.persons_of(records).await.expect("read")
}

async fn begin(store: &Store, records: u64) -> Vec<RecordId> {
    for n in 0..records {
        let (new, first) = (told(n), change(n, Vec::new()));
        assert_eq!(kept!(store, people.keep_record(&new, alone(n), &first)).await.expect("kept"), Kept::New);
    }
    (0..records).map(|n| told(n).id).collect()
}

/// What may be done next, made of two numbers that chance gives: a merge of two persons, a split of some records from the
/// others, or a record that goes to another person.
fn next(now: &State, records: &[RecordId], new: PersonId, (a, b): (usize, usize)) -> Vec<Move> {
    let (one, other) = (records[a % records.len()], records[b % records.len()]);
    let (from, to) = (now[&one], now[&other]);
    let of = |person: PersonId| {
        let mut all: Vec<RecordId> = now.iter().filter(|(_, p)| **p == person).map(|(r, _)| *r).collect();
        all.sort_unstable();
        all
    };
    match a % 3 {
        0 if from != to => of(from).into_iter().map(|record| Move { record, from, to }).collect(),
        1 => of(from).into_iter().skip(b % 2).map(|record| Move { record, from, to: new }).collect(),
        _ if from != to => vec![Move { record: one, from, to }],
        _ => Vec::new(),
    }
}

on_both_engines! {
    async fn a_batch_of_an_import_is_written_once_and_only_while_it_runs(db: TestDb) {
        let store = &db.store;
        let records = begin(store, 1).await;
        let (new, batch) = (import(1), advance(records[0]));
        kept!(store, people_imports.create(&new)).await.expect("kept");
        kept!(store, people_imports.advance(new.id, &batch)).await.expect("written");
        let there = store.people_import(new.id).await.expect("there");
        assert_eq!((there.through_row, there.counts), (3, batch.counts));
        // Whoever comes second with the same batch writes nothing of it.
        let again = kept!(store, people_imports.advance(new.id, &batch)).await;
        assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
        assert_eq!(store.people_import(new.id).await.expect("there").counts, batch.counts);
        let next = PeopleAdvance { after_row: 3, through_row: 9, taken: vec![], rejected: vec![], ..batch.clone() };
        let ended = [ImportState::Running];
        kept!(store, people_imports.set_state(new.id, &ended, ImportState::Done, None, at(9))).await.expect("ended");
        let late = kept!(store, people_imports.advance(new.id, &next)).await;
        assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
        let undo = kept!(store, people_imports.undo_some(new.id, 10)).await;
        assert!(matches!(undo, Err(StoreError::Conflict { .. })), "it is not being undone: {undo:?}");
        assert_eq!(store.rejected_people(new.id, 0, 9).await.expect("rows"), batch.rejected);
    }

    async fn what_a_source_says_again_is_the_same_record_or_another_version_of_it(db: TestDb) {
        let store = &db.store;
        begin(store, 1).await;
        let (again, other) = (NewPersonRecord { id: id(77), ..told(0) }, change(1, Vec::new()));
        let same = kept!(store, people.keep_record(&again, alone(1), &other)).await.expect("kept");
        assert_eq!(same, Kept::Same(told(0).id, alone(0)));
        let record = store.person_record(told(0).id).await.expect("there");
        assert_eq!((record.details, record.handles, record.person, record.version), (told(0).details, told(0).handles, alone(0), 1));
        // She moved: another version, of the same person, and what was told before stays as it was.
        let mut moved = NewPersonRecord { id: id(78), ..told(0) };
        moved.details.postcode = Some("ZX9 1AA".into());
        let updated = kept!(store, people.keep_record(&moved, alone(1), &other)).await.expect("kept");
        assert_eq!(updated, Kept::Updated(told(0).id, alone(0)));
        let records = store.records_of(alone(0)).await.expect("read");
        assert_eq!(records.iter().map(|r| (r.version, r.details.postcode.as_deref())).collect::<Vec<_>>(),
            [(1, Some("ZX4 7QT")), (2, Some("ZX9 1AA"))]);
        let third = change(2, Vec::new());
        let same = kept!(store, people.keep_record(&NewPersonRecord { id: id(79), ..moved.clone() }, alone(1), &third)).await;
        assert_eq!(same.expect("kept"), Kept::Same(moved.id, alone(0)), "the last version is what is compared with");
        assert!(matches!(store.person_record(id(9)).await, Err(StoreError::NotFound("record"))));
        assert_eq!(store.unresolved_records(9).await.expect("read"), [id(78), told(0).id]);
        kept!(store, people.resolved(&[moved.id], at(5))).await.expect("written down");
        assert_eq!(store.unresolved_records(9).await.expect("read"), [told(0).id]);
    }

    async fn people_are_found_by_what_is_known_of_them(db: TestDb) {
        let store = &db.store;
        begin(store, 3).await;
        let reached = store.persons_reached_by(HandleKind::Email, "ann0@example.org").await.expect("read");
        assert_eq!(reached, [Reached { person: alone(0), verified: true }, Reached { person: alone(1), verified: false }]);
        assert!(store.persons_reached_by(HandleKind::Phone, "ann0@example.org").await.expect("read").is_empty());
        let ways: [(PeopleWanted, usize); 11] = [
            (PeopleWanted::default(), 0),
            (PeopleWanted { names: vec!["exa".into()], ..PeopleWanted::default() }, 3),
            (PeopleWanted { names: vec!["an".into(), "example".into()], ..PeopleWanted::default() }, 3),
            (PeopleWanted { names: vec!["example".into(), "ann".into()], ..PeopleWanted::default() }, 3),
            (PeopleWanted { names: vec!["xample".into()], ..PeopleWanted::default() }, 0),
            (PeopleWanted { born: Some("1950".parse::<BirthDate>().expect("a year")), ..PeopleWanted::default() }, 3),
            (PeopleWanted { born: Some("1951".parse::<BirthDate>().expect("a year")), ..PeopleWanted::default() }, 0),
            (PeopleWanted { postcode: Some("zx4".into()), ..PeopleWanted::default() }, 3),
            (PeopleWanted { handle: Some("ann1@example.org".into()), ..PeopleWanted::default() }, 1),
            (PeopleWanted { source_key: Some("T-1".into()), ..PeopleWanted::default() }, 1),
            (PeopleWanted { source_key: Some("T-1".into()), postcode: Some("a".into()), ..PeopleWanted::default() }, 0),
        ];
        for (wanted, expected) in ways {
            assert_eq!(store.find_people(&wanted, 10).await.expect("found").len(), expected, "{wanted:?}");
        }
        let one = PeopleWanted { names: vec!["exa".into()], ..PeopleWanted::default() };
        assert_eq!(store.find_people(&one, 2).await.expect("found").len(), 2);
    }

    async fn records_that_share_a_key_are_candidates_unless_too_many_do(db: TestDb) {
        let store = &db.store;
        let records = begin(store, 4).await;
        let new = told(0);
        let found = kept!(store, people.candidates(&new.lookup.keys, new.id)).await.expect("found");
        assert_eq!(found, (records[1..].to_vec(), 0));
        let found = kept!(store, people.candidates(&[u64::MAX - 1, 9], new.id)).await.expect("found");
        assert_eq!(found, (records[2..].to_vec(), 0));
        assert_eq!(kept!(store, people.candidates(&[], new.id)).await.expect("found"), (Vec::new(), 0));
        for n in 4..MAX_SHARING_A_KEY + 3 {
            let first = change(n, Vec::new());
            kept!(store, people.keep_record(&told(n), alone(n), &first)).await.expect("kept");
        }
        let found = kept!(store, people.candidates(&new.lookup.keys, new.id)).await.expect("found");
        assert_eq!(found, (vec![records[1]], 1));
        let all = kept!(store, people.records(&records)).await.expect("read");
        assert_eq!(all.iter().map(|r| r.id).collect::<Vec<_>>(), records);
    }

    async fn any_sequence_of_changes_put_back_gives_the_same_persons(db: TestDb) {
        let store = &db.store;
        let records = begin(store, 7).await;
        let before = store.link_history(&records).await.expect("read").len();
        // The same each run: chance of our own, which says more than one lucky example.
        let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
        let mut chance = move || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed >> 33).expect("small")
        };
        let mut states = vec![state(store, &records).await];
        let mut done: Vec<LinkChangeId> = Vec::new();
        let (mut number, mut changed, mut undone) = (100, 0, 0);
        for _ in 0..120 {
            number += 1;
            // One time in three the last change is put back.
            if chance() % 3 == 0 && !done.is_empty() {
                let (last, how) = (done.pop().expect("not empty"), change(number, Vec::new()));
                kept!(store, people.undo_links(last, &how)).await.expect("put back");
                states.pop();
                undone += 1;
            } else {
                let now = states.last().expect("a beginning");
                let moves = next(now, &records, alone(number), (chance(), chance()));
                if moves.is_empty() {
                    continue;
                }
                let mut after = now.clone();
                after.extend(moves.iter().map(|m| (m.record, m.to)));
                let decided = vec![Decided { a: moves[0].record, b: records[chance() % 7], same: chance() % 2 == 0 }];
                let new = LinkChange { decided, ..change(number, moves) };
                kept!(store, people.link(&new)).await.expect("done");
                done.push(new.id);
                states.push(after);
                changed += 1;
            }
            assert_eq!(Some(&state(store, &records).await), states.last());
        }
        assert!(changed > 30 && undone > 15, "{changed} {undone}");
        while let Some(last) = done.pop() {
            number += 1;
            let how = change(number, Vec::new());
            kept!(store, people.undo_links(last, &how)).await.expect("put back");
        }
        assert_eq!(state(store, &records).await, states[0]);
        assert!(kept!(store, people.decided(&records)).await.expect("read").is_empty(), "nor is anything decided");
        let history = store.link_history(&records).await.expect("read");
        assert!(history.len() > before + 60, "nothing of it is forgotten");
        for n in 0..7 {
            assert_eq!(store.records_of(alone(n)).await.expect("read").len(), 1);
        }
    }

    async fn what_was_decided_since_keeps_a_change_from_being_put_back(db: TestDb) {
        let store = &db.store;
        let records = begin(store, 3).await;
        let to = |record: usize, from, to| Move { record: records[record], from, to };
        let first = change(10, vec![to(1, alone(1), alone(0)), to(2, alone(2), alone(0))]);
        kept!(store, people.link(&first)).await.expect("done");
        let later = change(11, vec![to(2, alone(0), alone(2))]);
        kept!(store, people.link(&later)).await.expect("done");
        let now = state(store, &records).await;
        let how = change(12, Vec::new());
        let refused = kept!(store, people.undo_links(first.id, &how)).await;
        assert!(matches!(refused, Err(StoreError::Conflict { what: "person" })), "{refused:?}");
        let stale = change(13, vec![to(0, alone(0), alone(1)), to(2, alone(0), alone(1))]);
        assert!(matches!(kept!(store, people.link(&stale)).await, Err(StoreError::Conflict { .. })));
        assert_eq!(state(store, &records).await, now, "all of a change or nothing");
        let (nothing, new) = (id(999), id(3_000));
        assert!(matches!(kept!(store, people.undo_links(nothing, &how)).await, Err(StoreError::NotFound("change"))));
        assert!(matches!(kept!(store, people.undo_links(new, &how)).await, Err(StoreError::NotFound("change"))));
    }

    async fn the_last_decision_of_two_records_counts(db: TestDb) {
        let store = &db.store;
        let records = begin(store, 3).await;
        let said = |n: u64, a: usize, b: usize, same| LinkChange {
            decided: vec![Decided { a: records[a], b: records[b], same }],
            ..change(n, Vec::new())
        };
        for change in [said(20, 0, 1, true), said(21, 1, 0, false), said(22, 2, 2, true)] {
            kept!(store, people.link(&change)).await.expect("done");
        }
        let decided = kept!(store, people.decided(&records[1..2])).await.expect("read");
        assert_eq!(decided, [Decided { a: records[0], b: records[1], same: false }]);
        assert!(kept!(store, people.decided(&records[2..])).await.expect("read").is_empty(), "of itself nobody can say");
    }

    async fn two_servers_that_change_the_same_at_once_leave_one_change(db: TestDb) {
        let store = db.store.clone();
        let other = db.again().await;
        let records = begin(&store, 4).await;
        for round in 0..12_u64 {
            let now = state(&store, &records).await;
            let moves = |to: u64| -> Vec<Move> {
                let mut all: Vec<Move> = records.iter().map(|r| Move { record: *r, from: now[r], to: alone(to) }).collect();
                if to.is_multiple_of(2) {
                    all.reverse();
                }
                all
            };
            let (one, two) = (change(100 + round * 2, moves(200 + round * 2)), change(101 + round * 2, moves(201 + round * 2)));
            let outcomes = tokio::join!(kept!(store, people.link(&one)), kept!(other, people.link(&two)));
            let won = [outcomes.0.is_ok(), outcomes.1.is_ok()];
            assert_eq!(won.iter().filter(|w| **w).count(), 1, "{outcomes:?}");
            let expected = alone(if won[0] { 200 } else { 201 } + round * 2);
            assert!(state(&store, &records).await.values().all(|person| *person == expected));
        }
    }

    async fn what_waits_for_a_decision_is_told_once_and_no_longer_than_it_matters(db: TestDb) {
        let store = &db.store;
        let r = begin(store, 4).await;
        let three = [suggested(1, r[1], r[0]), suggested(2, r[2], r[0]), suggested(3, r[3], r[0])];
        kept!(store, people.suggest(&three)).await.expect("kept");
        kept!(store, people.suggest(&[Suggestion { id: id(99), weight: 9.0, ..suggested(1, r[0], r[1]) }])).await.expect("kept");
        let open = store.open_suggestions(10).await.expect("read");
        assert_eq!(open.iter().map(|s| (s.id, s.weight)).collect::<Vec<_>>(),
            [(three[0].id, 9.0), (three[2].id, 3.0), (three[1].id, 2.0)]);
        kept!(store, people.decide(three[1].id, SamePerson::Unsure)).await.expect("decided");
        assert!(matches!(kept!(store, people.decide(three[1].id, SamePerson::Same)).await, Err(StoreError::Conflict { .. })));
        assert!(matches!(kept!(store, people.decide(id(5), SamePerson::Same)).await, Err(StoreError::NotFound(_))));
        // One person by now, in another way.
        let joined = change(50, vec![Move { record: r[3], from: alone(3), to: alone(0) }]);
        kept!(store, people.link(&joined)).await.expect("joined");
        let open = store.open_suggestions(10).await.expect("read");
        assert_eq!(open.iter().map(|s| s.id).collect::<Vec<_>>(), [three[0].id]);
        assert_eq!(store.suggestion(three[1].id).await.expect("there").decided, Some(SamePerson::Unsure));
        assert_eq!(store.open_suggestions_count().await.expect("counted"), 1);
        // Decided by a change, and put back with it.
        kept!(store, people.decide(three[0].id, SamePerson::Same)).await.expect("decided");
        let decided = vec![Decided { a: r[1], b: r[0], same: true }];
        let merged = LinkChange { decided, ..change(51, vec![Move { record: r[1], from: alone(1), to: alone(0) }]) };
        kept!(store, people.link(&merged)).await.expect("merged");
        assert!(store.open_suggestions(10).await.expect("read").is_empty());
        let how = change(52, Vec::new());
        kept!(store, people.undo_links(merged.id, &how)).await.expect("put back");
        assert_eq!(store.open_suggestions(10).await.expect("read").len(), 1, "asked again, and not what was unsure");
    }

    async fn models_are_numbered_and_the_last_one_counts(db: TestDb) {
        let store = &db.store;
        assert!(store.linkage_model().await.expect("read").is_none());
        for n in 1..3 {
            let model = json!({"n": n});
            assert_eq!(kept!(store, people.put_linkage_model(&model, 10 * n, at(0))).await.expect("kept"), n);
        }
        assert_eq!(store.linkage_model().await.expect("read"), Some((2, 20, json!({"n": 2}))));
    }
}
