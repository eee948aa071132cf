//! People: who is the same person is found, explained, decided and put back; who may see whom, and why.

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_app::people::{HandleTold, Outcome, PersonSeen, PersonTold, Seeing, ToldOf};
use commonweal_domain::{
    Actor, Details, Duty, HandleKind, LinkReason, Need, PageRequest, Permission, PersonId, SamePerson,
};
use commonweal_testkit::app::TestApp;
use commonweal_testkit::on_both_engines;

const OPERATOR: Actor = Actor::Operator;

fn ann(key: &str) -> PersonTold {
    PersonTold {
        key: key.into(),
        details: Details {
            given_names: Some("Ann".into()),
            surname: Some("Exampleby".into()),
            birth_date: "1950-03-07".parse().ok(),
            address: vec!["14 Larch Court".into()],
            town: Some("Anytown".into()),
            postcode: Some("ZX4 7QT".into()),
            needs: vec![Need::LargePrint],
            ..Details::default()
        },
        handles: vec![HandleTold::new(HandleKind::Email, "Ann@Example.org")],
    }
}

/// Somebody of whom nothing but a name and a postcode is known.
fn vague(key: &str) -> PersonTold {
    let whole = ann(key).details;
    let details = Details {
        given_names: whole.given_names,
        surname: whole.surname,
        postcode: whole.postcode,
        ..Details::default()
    };
    PersonTold { key: key.into(), details, handles: Vec::new() }
}

async fn told(t: &TestApp, source: &str, of: PersonTold) -> ToldOf {
    t.app.tell_of_people(&OPERATOR, source, &[of]).await.expect("kept")[0]
}

async fn seen(t: &TestApp, id: PersonId) -> PersonSeen {
    match t.app.person(&OPERATOR, id).await.expect("there") {
        Seeing::Open(seen) => *seen,
        other => panic!("{other:?}"),
    }
}

on_both_engines! {
    async fn who_is_told_of_by_two_sources_is_one_person_and_it_is_explained(db: TestDb) {
        let t = TestApp::with(db).await;
        let first = told(&t, "housing", ann("T-1")).await;
        assert_eq!(first.outcome, Outcome::New);
        let again = told(&t, "housing", ann("T-1")).await;
        assert_eq!((again.record, again.person, again.outcome), (first.record, first.person, Outcome::Unchanged));
        let mut other = ann("C-9");
        other.details.given_names = Some("Annie".into());
        let second = told(&t, "council tax", other).await;
        assert_eq!((second.person, second.outcome), (first.person, Outcome::New));
        let person = seen(&t, first.person).await;
        assert_eq!(person.records.len(), 2);
        let joined = person.history.last().expect("there");
        assert_eq!((joined.record, joined.reason, joined.to), (second.record, LinkReason::Weight, first.person));
        let why = joined.evidence.clone().expect("told");
        let text = why.to_string();
        assert!(why["weight"].as_f64().expect("a number") >= 10.0, "{why}");
        assert!(text.contains("forms of one name"), "{why}");
        for word in ["Ann", "Exampleby", "ZX4", "1950", "example.org"] {
            assert!(!text.contains(word), "evidence says how well two agree, not what they say: {why}");
        }
        // She moved: the same person, and what was told before stays.
        let mut moved = ann("T-1");
        moved.details.postcode = Some("ZX9 1AA".into());
        let updated = told(&t, "housing", moved).await;
        assert_eq!((updated.person, updated.outcome), (first.person, Outcome::Updated));
        assert_eq!(seen(&t, first.person).await.records.len(), 3);
    }

    async fn twins_and_strangers_stay_apart_and_a_verified_address_is_proof(db: TestDb) {
        let t = TestApp::with(db).await;
        let first = told(&t, "housing", ann("T-1")).await.person;
        let mut twin = ann("T-2");
        twin.details.given_names = Some("Zoe".into());
        assert_ne!(told(&t, "housing", twin).await.person, first);
        let verified = |key: &str| PersonTold {
            key: key.into(),
            details: Details::default(),
            handles: vec![HandleTold { verified_at: Some(t.app.now()), ..HandleTold::new(HandleKind::Email, "bo@example.org") }],
        };
        let bo = told(&t, "form", verified("1")).await.person;
        let again = told(&t, "email", verified("2")).await;
        assert_eq!(again.person, bo);
        assert_eq!(seen(&t, bo).await.history.last().expect("there").reason, LinkReason::Handle);
        // What nobody has proved is no proof.
        let claimed = PersonTold { handles: vec![HandleTold::new(HandleKind::Email, "bo@example.org")], ..verified("3") };
        assert_ne!(told(&t, "phone", claimed).await.person, bo);
    }

    async fn what_can_not_be_told_is_asked_and_what_is_decided_holds(db: TestDb) {
        let t = TestApp::with(db).await;
        let first = told(&t, "housing", ann("T-1")).await;
        let second = told(&t, "phone", vague("C-1")).await;
        assert_ne!(first.person, second.person);
        let open = t.app.suggestions(&OPERATOR, 10).await.expect("may");
        assert_eq!(open.len(), 1, "{open:?}");
        let (found, a, b) = t.app.suggestion(&OPERATOR, open[0].id).await.expect("there");
        assert!(found.weight < 10.0 && [a.id, b.id].contains(&first.record));
        // Not sure: nobody is asked again. Not the same: nor is it ever joined.
        let change = t.app.decide_suggestion(&OPERATOR, found.id, SamePerson::Same).await.expect("decided").expect("merged");
        assert_eq!(seen(&t, first.person).await.records.len(), 2);
        assert!(t.app.suggestions(&OPERATOR, 10).await.expect("may").is_empty());
        let again = t.app.decide_suggestion(&OPERATOR, found.id, SamePerson::Different).await;
        assert!(matches!(again, Err(Error::Conflict { code: "suggestion_decided", .. })), "{again:?}");
        // Undone, it is asked again.
        t.app.undo_link(&OPERATOR, change).await.expect("put back");
        assert_eq!(seen(&t, second.person).await.records.len(), 1);
        assert_eq!(t.app.suggestions(&OPERATOR, 10).await.expect("may").len(), 1);
        t.app.decide_suggestion(&OPERATOR, found.id, SamePerson::Different).await.expect("decided");
        assert!(t.app.suggestions(&OPERATOR, 10).await.expect("may").is_empty());
        assert_eq!(seen(&t, first.person).await.records.len(), 1);
    }

    async fn merged_split_and_put_back_is_as_it_was(db: TestDb) {
        let t = TestApp::with(db).await;
        let first = told(&t, "housing", ann("T-1")).await;
        let mut other = ann("T-2");
        other.details.given_names = Some("Zoe".into());
        let second = told(&t, "housing", other).await;
        let merged = t.app.merge_persons(&OPERATOR, first.person, second.person, " rang both ").await.expect("merged");
        let person = seen(&t, first.person).await;
        assert_eq!(person.history.last().expect("there").note.as_deref(), Some("rang both"));
        assert_eq!(t.app.person(&OPERATOR, second.person).await.expect("known"), Seeing::Moved(first.person));
        // The same source says more of her meanwhile; another one, who fits one of the two and not the other, is asked about.
        let mut moved = ann("T-1");
        moved.details.town = Some("Othertown".into());
        let third = told(&t, "housing", moved).await;
        assert_eq!(third.person, first.person);
        let fourth = told(&t, "council tax", ann("C-1")).await;
        assert_ne!(fourth.person, first.person);
        assert_eq!(t.app.suggestions(&OPERATOR, 10).await.expect("may").len(), 1);
        let (split, new) = t.app.split_person(&OPERATOR, first.person, &[second.record], "").await.expect("split");
        assert_eq!(seen(&t, new).await.records.len(), 1);
        assert_eq!(seen(&t, first.person).await.records.iter().map(|r| r.id).collect::<Vec<_>>(), [first.record, third.record]);
        t.app.undo_link(&OPERATOR, split).await.expect("put back");
        t.app.undo_link(&OPERATOR, merged).await.expect("put back");
        assert_eq!(seen(&t, second.person).await.records.len(), 1);
        for nothing in [
            t.app.split_person(&OPERATOR, first.person, &[first.record, third.record], "").await.map(drop),
            t.app.split_person(&OPERATOR, first.person, &[], "").await.map(drop),
            t.app.merge_persons(&OPERATOR, first.person, first.person, "").await.map(drop),
        ] {
            assert!(matches!(nothing, Err(Error::Invalid(_))), "{nothing:?}");
        }
        let gone = t.app.split_person(&OPERATOR, first.person, &[second.record], "").await;
        assert!(matches!(gone, Err(Error::Conflict { code: "person_changed", .. })), "{gone:?}");
    }

    async fn people_are_for_those_who_may_see_them_and_say_why(db: TestDb) {
        let t = TestApp::with(db).await;
        let first = told(&t, "housing", ann("T-1")).await;
        for duties in [&[][..], &[Duty::Analyst], &[Duty::Manager, Duty::Listener, Duty::Administrator]] {
            let other = t.user(duties).await.actor();
            let refused = [
                t.app.find_people(&other, "Ann").await.map(drop),
                t.app.person(&other, first.person).await.map(drop),
                // Whether there is somebody is not told either.
                t.app.person(&other, PersonId(uuid::Uuid::from_u128(5))).await.map(drop),
                t.app.open_person(&other, first.person, "curious").await,
            ];
            assert!(refused.iter().all(|r| matches!(r, Err(Error::Denied(Permission::ReadPeople)))), "{refused:?}");
            let refused = [
                t.app.tell_of_people(&other, "x", &[ann("1")]).await.map(drop),
                t.app.suggestions(&other, 1).await.map(drop),
                t.app.merge_persons(&other, first.person, first.person, "").await.map(drop),
                t.app.learn_linkage(&other).await.map(drop),
            ];
            assert!(refused.iter().all(|r| matches!(r, Err(Error::Denied(Permission::ManagePeople)))), "{refused:?}");
        }
        let worker = t.user(&[Duty::Caseworker]).await.actor();
        let found = t.app.find_people(&worker, "exampleby ann").await.expect("may");
        assert_eq!(found.iter().map(|p| p.id).collect::<Vec<_>>(), [first.person]);
        assert_eq!(t.app.person(&worker, first.person).await.expect("may"), Seeing::Closed);
        assert!(matches!(t.app.open_person(&worker, first.person, "  ").await, Err(Error::Invalid(_))));
        t.app.open_person(&worker, first.person, "Ann Exampleby rang about damp").await.expect("said why");
        assert!(matches!(t.app.person(&worker, first.person).await.expect("may"), Seeing::Open(_)));
        let colleague = t.user(&[Duty::Caseworker]).await.actor();
        assert_eq!(t.app.person(&colleague, first.person).await.expect("may"), Seeing::Closed);
        t.clock.advance(TimeDelta::hours(13));
        assert_eq!(t.app.person(&worker, first.person).await.expect("may"), Seeing::Closed);
        // All of it left a line, and none says who she is.
        let trail = t.app.audit_trail(&OPERATOR, None, &PageRequest::first(100)).await.expect("may");
        let text = format!("{trail:?}");
        for action in ["people.told", "people.searched", "person.opened"] {
            assert!(text.contains(action), "{action}: {text}");
        }
        for word in ["Exampleby", "damp", "ZX4", "example.org"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }

    async fn people_are_found_by_whatever_is_known(db: TestDb) {
        let t = TestApp::with(db).await;
        let mut sian = ann("T-17");
        sian.details.given_names = Some("Siân".into());
        sian.details.surname = Some("O’Exampleby-Jones".into());
        sian.handles.push(HandleTold::new(HandleKind::Phone, "07700 900123"));
        told(&t, "housing", sian).await;
        for text in [
            "sian", "SIÂN", "O'Exampleby", "sian oexampleby", "oexampleby, siân", "7/3/1950", "1950-03-07 sian", "1950",
            "ZX4 7QT", "zx47qt", "zx4", "sian zx4 7qt", "ann@example.org", "ANN@EXAMPLE.ORG", "+44 7700 900123", "T-17",
        ] {
            assert_eq!(t.app.find_people(&OPERATOR, text).await.expect("may").len(), 1, "{text}");
        }
        for text in ["", " ", "zoe", "8/3/1950", "ZX5", "bo@example.org", "T-1", "sian zx5"] {
            assert!(t.app.find_people(&OPERATOR, text).await.expect("may").is_empty(), "{text}");
        }
    }

    async fn what_is_wrong_is_told_with_its_place_and_without_what_was_written(db: TestDb) {
        let t = TestApp::with(db).await;
        let bad = PersonTold { handles: vec![HandleTold::new(HandleKind::Email, "secret at example")], ..ann("2") };
        let long = PersonTold { key: "x".repeat(101), ..ann("3") };
        let refused = t.app.tell_of_people(&OPERATOR, "housing", &[ann("1"), bad, long]).await.expect_err("refused");
        let Error::Invalid(errors) = &refused else { panic!("{refused:?}") };
        assert_eq!(errors.0.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["/1/email", "/2/source_key"]);
        assert!(!refused.to_string().contains("secret"));
        assert!(t.app.find_people(&OPERATOR, "exampleby").await.expect("may").is_empty(), "all of it or nothing");
        let few = t.app.learn_linkage(&OPERATOR).await;
        assert!(matches!(few, Err(Error::Conflict { code: "too_few_records", .. })), "{few:?}");
    }

    async fn what_a_source_says_otherwise_breaks_away_or_is_asked_and_saying_less_does_nothing(db: TestDb) {
        let t = TestApp::with(db).await;
        let first = told(&t, "housing", ann("T-1")).await;
        let second = told(&t, "council tax", ann("C-1")).await;
        assert_eq!(second.person, first.person);
        // Less is no contradiction.
        t.clock.advance(TimeDelta::hours(1));
        let less = told(&t, "council tax", vague("C-1")).await;
        assert_eq!((less.person, less.outcome), (first.person, Outcome::Updated));
        assert!(t.app.suggestions(&OPERATOR, 9).await.expect("may").is_empty());
        // A twin's name may be a slip: somebody is asked, and who says no splits them, all that was told of the same before too.
        t.clock.advance(TimeDelta::hours(1));
        let mut twin = ann("C-1");
        twin.details.given_names = Some("Zoe".into());
        assert_eq!(told(&t, "council tax", twin).await.person, first.person);
        let asked = t.app.suggestions(&OPERATOR, 9).await.expect("may");
        assert_eq!(asked.len(), 1, "{asked:?}");
        let split = t.app.decide_suggestion(&OPERATOR, asked[0].id, SamePerson::Different).await.expect("decided").expect("split");
        assert_eq!(seen(&t, first.person).await.records.len(), 1);
        t.app.undo_link(&OPERATOR, split).await.expect("put back");
        assert_eq!(seen(&t, first.person).await.records.len(), 4);
        // Somebody else altogether: the key was given to another tenant.
        t.clock.advance(TimeDelta::hours(1));
        let other = PersonTold {
            key: "C-1".into(),
            details: Details {
                given_names: Some("Rhys".into()),
                surname: Some("Otherone".into()),
                birth_date: "1988-11-21".parse().ok(),
                address: vec!["2 Mill Lane".into()],
                town: Some("Othertown".into()),
                postcode: Some("ZX9 1AB".into()),
                ..Details::default()
            },
            handles: vec![HandleTold::new(HandleKind::Email, "rhys@example.org")],
        };
        // Beside what was told of C-1 before, which stays as it was said: all of it goes with it.
        let broken = told(&t, "council tax", other).await;
        assert_ne!(broken.person, first.person);
        assert_eq!(seen(&t, first.person).await.records.len(), 1);
        let person = seen(&t, broken.person).await;
        assert_eq!((person.records.len(), person.history.last().expect("there").reason), (4, LinkReason::Contradicted));
        let text = person.history.last().and_then(|entry| entry.evidence.clone()).expect("told").to_string();
        assert!(!text.contains("Rhys") && !text.contains("ZX9"), "{text}");
    }
}
