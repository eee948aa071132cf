//! Who may erase whom, what is left, and what becomes of whoever is told of again; deaths; and people of whom nothing was heard.

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_app::people::{HandleTold, PersonTold, Seeing};
use commonweal_domain::records::{Lane, NewJob};
use commonweal_domain::settings::Retention;
use commonweal_domain::{
    Actor, Details, Duty, ErasureReason, Extent, HandleKind, Mark, PageRequest, Permission, PersonId,
};
use commonweal_testkit::app::TestApp;
use commonweal_testkit::{kept, on_both_engines};
use tokio_util::sync::CancellationToken;

const OPERATOR: Actor = Actor::Operator;

fn ann(key: &str, email: &str) -> PersonTold {
    PersonTold {
        key: key.into(),
        details: Details {
            given_names: Some("Ann".into()),
            surname: Some("Exampleby".into()),
            birth_date: "1950-03-07".parse().ok(),
            ..Details::default()
        },
        handles: vec![HandleTold::new(HandleKind::Email, email)],
    }
}

async fn told(t: &TestApp, source: &str, of: PersonTold) -> PersonId {
    t.app.tell_of_people(&OPERATOR, source, &[of]).await.expect("kept")[0].person
}

async fn erased(t: &TestApp, id: PersonId) {
    t.app.erase_person(&OPERATOR, id, ErasureReason::Asked, Extent::Words).await.expect("erased");
}

async fn marks(t: &TestApp, id: PersonId) -> Vec<(Mark, String)> {
    match t.app.person(&OPERATOR, id).await.expect("there") {
        Seeing::Open(seen) => seen.marks.into_iter().map(|mark| (mark.mark, mark.about)).collect(),
        other => panic!("{other:?}"),
    }
}

async fn work(t: &TestApp) {
    while t.app.work_once("w", &CancellationToken::new()).await.expect("done") {}
}

on_both_engines! {
    async fn people_are_erased_by_those_whose_duty_it_is_with_a_reason(db: TestDb) {
        let t = TestApp::with(db).await;
        let person = told(&t, "housing", ann("1", "ann@example.org")).await;
        for duties in [&[][..], &[Duty::Caseworker], &[Duty::Administrator, Duty::Manager, Duty::Listener, Duty::Analyst]] {
            let other = t.user(duties).await.actor();
            let refused = [
                t.app.erase_person(&other, person, ErasureReason::Asked, Extent::Words).await,
                t.app.would_erase(&other, person).await,
            ];
            assert!(refused.iter().all(|r| matches!(r, Err(Error::Denied(Permission::ErasePeople)))), "{refused:?}");
        }
        let officer = t.user(&[Duty::DataProtection]).await.actor();
        // Whoever erases has looked.
        let closed = [
            t.app.erase_person(&officer, person, ErasureReason::Asked, Extent::Words).await.map(drop),
            t.app.would_erase(&officer, person).await.map(drop),
            t.app.export_person(&officer, person).await.map(drop),
        ];
        assert!(closed.iter().all(|r| matches!(r, Err(Error::Conflict { code: "reason_needed", .. }))), "{closed:?}");
        t.app.open_person(&officer, person, "asks to be erased").await.expect("said why");
        assert_eq!(t.app.would_erase(&officer, person).await.expect("may").handles, 1);
        for (reason, extent) in [(ErasureReason::Retention, Extent::Words), (ErasureReason::Asked, Extent::Identity)] {
            let refused = t.app.erase_person(&officer, person, reason, extent).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        }
        // A duty to erase is none to decide who is the same.
        let refused = t.app.mark_deceased(&officer, person, None, "").await;
        assert!(matches!(refused, Err(Error::Denied(Permission::ManagePeople))), "{refused:?}");
        let counts = t.app.erase_person(&officer, person, ErasureReason::Other, Extent::Words).await.expect("erased");
        assert_eq!((counts.records, counts.handles, counts.contacts), (1, 1, 0));
        let again = t.app.erase_person(&officer, person, ErasureReason::Other, Extent::Words).await;
        assert!(matches!(again, Err(Error::NotFound("person"))), "{again:?}");
        work(&t).await;
        let trail = format!("{:?}", t.app.audit_trail(&OPERATOR, None, &PageRequest::first(50)).await.expect("may"));
        for words in ["person.erased", "person.erasure_finished", "\"reason\": String(\"other\")"] {
            assert!(trail.contains(words), "{words}: {trail}");
        }
        assert!(!trail.to_lowercase().contains("exampleby") && !trail.contains("ann@"), "{trail}");
    }

    async fn whoever_is_told_of_again_is_marked_and_nobody_else(db: TestDb) {
        let t = TestApp::with(db).await;
        let person = told(&t, "housing", ann("1", "Ann@Example.org")).await;
        let ways = [("Ann@example.ORG", true), ("bob@example.org", false)];
        let asked = async |email: &str| {
            let told = HandleTold::new(HandleKind::Email, email);
            t.app.was_handle_erased(&OPERATOR, &told).await.expect("may")
        };
        for (email, _) in ways {
            assert_eq!(asked(email).await, None, "nobody was erased: {email}");
        }
        erased(&t, person).await;
        for (email, was) in ways {
            assert_eq!(asked(email).await.is_some(), was, "{email}");
        }
        // The same address from another source, the same reference of the same source, and neither.
        let email = told(&t, "library", ann("L", "ann@example.org")).await;
        assert_eq!(marks(&t, email).await, [(Mark::ErasedBefore, "email".into())]);
        let key = told(&t, "housing", PersonTold { handles: Vec::new(), ..ann("1", "") }).await;
        assert!(marks(&t, key).await.contains(&(Mark::ErasedBefore, "source_key".into())));
        let mut other = ann("2", "zoe@example.org");
        other.details.surname = Some("Other".into());
        let other = told(&t, "housing", other).await;
        assert_eq!(marks(&t, other).await, []);
        // Also when a source comes to know of the address later.
        let mut later = ann("2", "ann@example.org");
        later.details.surname = Some("Other".into());
        assert_eq!(told(&t, "housing", later).await, other);
        assert_eq!(marks(&t, other).await, [(Mark::ErasedBefore, "email".into())]);
    }

    async fn a_death_holds_for_all_records_and_is_taken_back(db: TestDb) {
        let t = TestApp::with(db).await;
        let person = told(&t, "housing", ann("1", "ann@example.org")).await;
        let worker = t.user(&[Duty::Caseworker]).await.actor();
        let closed = t.app.mark_deceased(&worker, person, None, "").await;
        assert!(matches!(closed, Err(Error::Conflict { code: "reason_needed", .. })), "{closed:?}");
        t.app.open_person(&worker, person, "her sister rang").await.expect("said why");
        let future = t.app.mark_deceased(&worker, person, "2024-04-11".parse().ok(), "").await;
        assert!(matches!(&future, Err(Error::Invalid(e)) if e.0[0].code == "in_future"), "{future:?}");
        t.app.mark_deceased(&worker, person, "2024-04-10".parse().ok(), " her sister ").await.expect("kept");
        assert_eq!(marks(&t, person).await, [(Mark::Deceased, String::new())]);
        // Merged into another one, it holds for both; split off, it stays with the record.
        let mut other = ann("2", "zoe@example.org");
        other.details.given_names = Some("Zoe".into());
        let other = told(&t, "housing", other).await;
        let merged = t.app.merge_persons(&OPERATOR, other, person, "").await.expect("merged");
        assert_eq!(marks(&t, other).await.len(), 1);
        t.app.undo_link(&OPERATOR, merged).await.expect("put back");
        assert_eq!((marks(&t, other).await.len(), marks(&t, person).await.len()), (0, 1));
        t.app.unmark_deceased(&worker, person).await.expect("taken back");
        t.app.unmark_deceased(&worker, person).await.expect("done twice, done once");
        assert_eq!(marks(&t, person).await, []);
    }

    async fn people_of_whom_nothing_was_heard_are_erased_by_age(db: TestDb) {
        let t = TestApp::with(db).await;
        let old = told(&t, "housing", ann("1", "ann@example.org")).await;
        t.clock.advance(TimeDelta::days(200));
        let mut young = ann("2", "zoe@example.org");
        young.details.surname = Some("Other".into());
        let young = told(&t, "housing", young).await;
        let retention = Retention { people_months: Some(6), ..Retention::default() };
        let wrong = Retention { people_months: Some(0), ..Retention::default() };
        assert!(matches!(t.app.would_go(&OPERATOR, wrong).await, Err(Error::Invalid(_))));
        let preview = t.app.would_go(&OPERATOR, retention).await.expect("counted");
        assert!(preview.people == 1 && preview.is_something(), "{preview:?}");
        let unconfirmed = t.app.save_retention(&OPERATOR, 0, retention, None).await.expect("asked");
        assert_eq!(unconfirmed.map(|goes| goes.people), Some(1));
        assert_eq!(t.app.save_retention(&OPERATOR, 0, retention, Some(retention)).await.expect("saved"), None);
        for kind in ["housekeeping", "retention"] {
            let job = NewJob {
                id: uuid::Uuid::now_v7().into(),
                kind: kind.into(),
                lane: if kind == "retention" { Lane::Bulk } else { Lane::Quick },
                payload: serde_json::json!({}),
                priority: 0,
                max_attempts: 1,
                run_at: t.app.now(),
                dedupe: None,
            };
            kept!(t.db.store, jobs.enqueue(&job)).await.expect("enqueued");
            work(&t).await;
        }
        assert!(matches!(t.app.person(&OPERATOR, old).await, Err(Error::NotFound("person"))));
        assert!(matches!(t.app.person(&OPERATOR, young).await, Ok(Seeing::Open(_))));
        assert_eq!(t.app.would_go(&OPERATOR, retention).await.expect("counted").people, 0);
        let trail = format!("{:?}", t.app.audit_trail(&OPERATOR, None, &PageRequest::first(50)).await.expect("may"));
        assert!(trail.contains("\"people\": Number(1)"), "{trail}");
        // Nobody asked for anything: told of again, they are as everybody.
        let again = told(&t, "library", ann("L", "ann@example.org")).await;
        assert_eq!(marks(&t, again).await, []);
    }

    async fn an_erasure_that_was_broken_off_is_finished_by_the_next_attempt(db: TestDb) {
        let t = TestApp::with(db).await;
        let person = told(&t, "housing", ann("1", "ann@example.org")).await;
        erased(&t, person).await;
        let finished = async || t.db.dump().await["erasures"].clone();
        let before = finished().await;
        work(&t).await;
        assert_ne!(finished().await, before, "it is written down when nothing is left in files");
        work(&t).await;
    }
}
