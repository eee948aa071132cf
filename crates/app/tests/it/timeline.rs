//! Contacts point at what is known of people: who may say whose they are, and one line through all of them.

use chrono::TimeDelta;
use commonweal_app::people::{Felt, HandleTold, PersonSeen, PersonTold, Seeing, Timeline};
use commonweal_app::{Error, StagedFile};
use commonweal_domain::import::{KnownBy, Mapping, Target};
use commonweal_domain::permission::Scope;
use commonweal_domain::question::Order;
use commonweal_domain::{
    Actor, Capacity, Channel, Details, Direction, Duty, Filter, Function, HandleKind, KnownAs, NewContact, NewFeedback,
    PageRequest, Permission, PersonId,
};
use commonweal_testkit::app::{TestApp, feedback, instant};
use commonweal_testkit::on_both_engines;
use tokio_util::sync::CancellationToken;

const OPERATOR: Actor = Actor::Operator;

fn who(source: &str, key: &str) -> Option<KnownAs> {
    Some(KnownAs { source: source.into(), key: key.into() })
}

fn by(person: Option<KnownAs>, new: NewFeedback) -> NewFeedback {
    NewFeedback { person, ..new }
}

fn letter(person: Option<KnownAs>, at: &str) -> NewContact {
    NewContact {
        source_id: None,
        at: Some(instant(at)),
        service: Some("Repairs".into()),
        touchpoint: None,
        channel: Channel::Letter,
        direction: Direction::Out,
        function: Function::Inform,
        capacity: Capacity::Customer,
        person,
    }
}

async fn seen(t: &TestApp, id: PersonId) -> PersonSeen {
    match t.app.person(&OPERATOR, id).await.expect("there") {
        Seeing::Open(seen) => *seen,
        other => panic!("{other:?}"),
    }
}

async fn timeline(t: &TestApp, actor: &Actor, seen: &PersonSeen) -> Timeline {
    t.app.timeline(actor, seen, None, &PageRequest::first(50)).await.expect("may")
}

async fn person_with(t: &TestApp, text: &str) -> PersonSeen {
    let found = t.app.find_people(&OPERATOR, text).await.expect("may");
    assert_eq!(found.len(), 1, "{found:?}");
    seen(t, found[0].id).await
}

on_both_engines! {
    async fn all_contacts_of_a_person_stand_on_one_line_with_how_they_felt(db: TestDb) {
        let t = TestApp::with(db).await;
        let told = PersonTold {
            key: "T-1".into(),
            details: Details { surname: Some("Exampleby".into()), ..Details::default() },
            handles: vec![HandleTold::new(HandleKind::Email, "ann@example.org")],
        };
        t.app.tell_of_people(&OPERATOR, "housing", std::slice::from_ref(&told)).await.expect("kept");
        let items = vec![
            by(who("housing", "T-1"), feedback().rating(5.0).comment("They listened").at("2024-01-10T10:00:00Z").done()),
            by(who("housing", "T-1"), feedback().comment("This is terrible, nobody rang and I am very angry").at("2024-03-10T10:00:00Z").done()),
            by(who("housing", "T-2"), feedback().rating(3.0).at("2024-03-11T10:00:00Z").done()),
            feedback().rating(2.0).at("2024-03-12T10:00:00Z").done(),
        ];
        t.submit(items).await;
        t.app.record_contacts(&OPERATOR, vec![letter(who("housing", "T-1"), "2024-02-01T10:00:00Z"), letter(None, "2024-02-01T10:00:00Z")], None).await.expect("taken");
        let ann = person_with(&t, "exampleby").await;
        assert_eq!(ann.records.len(), 1, "who is known is told nothing new of: {:?}", ann.records);
        let line = timeline(&t, &OPERATOR, &ann).await;
        let days: Vec<String> = line.contacts.items.iter().map(|touch| touch.contact.at.format("%m-%d").to_string()).collect();
        assert_eq!(days, ["03-10", "02-01", "01-10"], "newest first");
        assert_eq!(line.counts, [(Function::Inform, 1), (Function::Serve, 2)]);
        assert_eq!(line.contacts.items[1].service.as_deref(), Some("Repairs"));
        assert!(line.contacts.items[1].said.is_none());
        let felt: Vec<Option<Felt>> = line.line.iter().map(|(_, felt)| *felt).collect();
        assert_eq!(felt[0], Some(Felt { satisfaction: 5.0, rated: true }));
        assert_eq!(felt[1], None);
        let read = felt[2].expect("words say something");
        assert!(!read.rated && read.satisfaction < 3.0, "{read:?}");
        // One function alone, in pages.
        let one = t.app.timeline(&OPERATOR, &ann, Some(Function::Serve), &PageRequest::first(1)).await.expect("may");
        assert_eq!((one.contacts.items.len(), one.line.len()), (1, 3));
        let rest = PageRequest::after(one.contacts.next.expect("more"), 1);
        let rest = t.app.timeline(&OPERATOR, &ann, Some(Function::Serve), &rest).await.expect("may");
        assert_eq!(rest.contacts.items[0].contact.at, instant("2024-01-10T10:00:00Z"));
        assert!(rest.contacts.next.is_none());
        // Of whom the source had told nothing there is a record, and a person, from now on.
        let other = person_with(&t, "T-2").await;
        assert_eq!(timeline(&t, &OPERATOR, &other).await.contacts.items.len(), 1);
        // Merged, theirs are one line; split, they are as before.
        let merged = t.app.merge_persons(&OPERATOR, ann.id, other.id, "").await.expect("merged");
        assert_eq!(timeline(&t, &OPERATOR, &seen(&t, ann.id).await).await.contacts.items.len(), 4);
        t.app.undo_link(&OPERATOR, merged).await.expect("put back");
        assert_eq!(timeline(&t, &OPERATOR, &seen(&t, ann.id).await).await.contacts.items.len(), 3);
        // Moved to a newer version of what the source says, or not: all versions are the person's.
        let moved = PersonTold { details: Details { town: Some("Othertown".into()), ..told.details.clone() }, ..told };
        t.app.tell_of_people(&OPERATOR, "housing", &[moved]).await.expect("kept");
        t.submit(vec![by(who("housing", "T-1"), feedback().rating(1.0).at("2024-04-01T10:00:00Z").done())]).await;
        let ann = person_with(&t, "exampleby").await;
        assert_eq!(ann.records.len(), 2);
        let line = timeline(&t, &OPERATOR, &ann).await;
        assert_eq!(line.contacts.items.len(), 4);
        assert_eq!(line.contacts.items[0].contact.record, ann.records[1].id, "the last that was said then");
    }

    async fn whose_a_contact_is_says_only_who_may_and_sees_only_who_may(db: TestDb) {
        let t = TestApp::with(db).await;
        let key = |scopes: &[Scope]| Actor::Key { id: uuid::Uuid::from_u128(7).into(), scopes: scopes.to_vec() };
        let said = || by(who("housing", "T-1"), feedback().rating(4.0).comment("fine").done());
        let writer = key(&[Scope::FeedbackWrite]);
        let refused = t.app.submit(&writer, "api", vec![said()], None).await;
        assert!(matches!(refused, Err(Error::Denied(Permission::ManagePeople))), "{refused:?}");
        let refused = t.app.record_contacts(&writer, vec![letter(who("housing", "T-1"), "2024-02-01T10:00:00Z")], None).await;
        assert!(matches!(refused, Err(Error::Denied(Permission::ManagePeople))), "{refused:?}");
        assert!(t.app.find_people(&OPERATOR, "T-1").await.expect("may").is_empty(), "nothing is kept of what is refused");
        let both = key(&[Scope::FeedbackWrite, Scope::PeopleWrite]);
        t.app.submit(&both, "api", vec![said()], None).await.expect("may");
        let person = person_with(&t, "T-1").await;
        // Words are for whoever may read feedback; that there was a contact is seen with the person.
        let line = timeline(&t, &key(&[Scope::PeopleRead]), &person).await;
        assert!(line.contacts.items[0].contact.feedback.is_some() && line.contacts.items[0].said.is_none());
        assert_eq!(line.line[0].1, None);
        let line = timeline(&t, &key(&[Scope::PeopleRead, Scope::FeedbackRead]), &person).await;
        assert_eq!(line.contacts.items[0].said.as_ref().expect("read").comments[0].text, "fine");
        let analyst = t.user(&[Duty::Analyst, Duty::Administrator]).await.actor();
        let refused = t.app.timeline(&analyst, &person, None, &PageRequest::first(5)).await;
        assert!(matches!(refused, Err(Error::Denied(Permission::ReadPeople))), "{refused:?}");
    }

    async fn saying_nothing_of_somebody_takes_nothing_back(db: TestDb) {
        let t = TestApp::with(db).await;
        let told = PersonTold {
            key: "T-1".into(),
            details: Details { surname: Some("Exampleby".into()), ..Details::default() },
            handles: Vec::new(),
        };
        let first = t.app.tell_of_people(&OPERATOR, "housing", &[told]).await.expect("kept")[0];
        t.clock.advance(TimeDelta::hours(1));
        let nothing = PersonTold { key: "T-1".into(), details: Details::default(), handles: Vec::new() };
        let again = t.app.tell_of_people(&OPERATOR, "housing", &[nothing]).await.expect("kept")[0];
        assert_eq!(again.record, first.record);
        assert_eq!(seen(&t, first.person).await.records.len(), 1);
    }

    async fn two_that_tell_of_the_same_at_once_make_one_record(db: TestDb) {
        let t = TestApp::with(db).await;
        let tells = (0..8).map(|n| {
            let app = t.app.clone();
            let items = vec![by(who("housing", "T-1"), feedback().rating(4.0).comment(&format!("number {n}")).done())];
            tokio::spawn(async move { app.submit(&OPERATOR, "api", items, None).await })
        });
        for told in futures::future::join_all(tells).await {
            told.expect("no panic").expect("taken");
        }
        let person = person_with(&t, "T-1").await;
        assert_eq!(person.records.len(), 1);
        assert_eq!(timeline(&t, &OPERATOR, &person).await.contacts.items.len(), 8);
    }

    async fn addresses_and_numbers_are_sources_of_people_in_their_one_form(db: TestDb) {
        let t = TestApp::with(db).await;
        let items = ["Ann@Example.org", " ann@example.org"].map(|email| by(who("email", email), feedback().rating(4.0).done()));
        t.submit(items.to_vec()).await;
        t.submit(vec![by(who("phone", "07700 900123"), feedback().rating(2.0).done())]).await;
        let ann = person_with(&t, "ann@example.org").await;
        assert_eq!((ann.records[0].source.as_str(), ann.records[0].source_key.as_str()), ("email", "ann@example.org"));
        assert_eq!(timeline(&t, &OPERATOR, &ann).await.contacts.items.len(), 2);
        assert_eq!(timeline(&t, &OPERATOR, &person_with(&t, "+447700900123").await).await.contacts.items.len(), 1);
        let wrong = vec![feedback().rating(4.0).done(), by(who("email", "ann at secret"), feedback().rating(4.0).done())];
        let refused = t.app.submit(&OPERATOR, "api", wrong, None).await.expect_err("refused");
        let Error::Invalid(errors) = &refused else { panic!("{refused:?}") };
        assert_eq!(errors.0.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["/1/person/key"]);
        assert!(!refused.to_string().contains("secret"), "{refused}");
    }

    async fn a_file_tells_of_people_where_somebody_says_so_who_may(db: TestDb) {
        let t = TestApp::with(db).await;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("calls.csv");
        let text = "Email,Rating,Comment\nann@example.org,5,They listened\nANN@example.org,1,Nobody rang\n,3,Who knows\nann at home,2,No address\n";
        std::fs::write(&path, text).expect("written");
        let file = StagedFile { path, name: "calls.csv".into() };
        let plain = t.app.preview_file(&OPERATOR, &file, &Mapping::default()).await.expect("read");
        assert_eq!(plain.mapping.columns["Email"], Target::Ignore, "by itself a file tells of nobody");
        let mapping = Mapping { columns: [("Email".to_owned(), Target::Person(KnownBy::Email))].into(), ..Mapping::default() };
        let listener = t.user(&[Duty::Listener]).await.actor();
        let (import, preview) = t.app.stage_import(&listener, &file, &mapping).await.expect("staged");
        let refused = t.app.begin_import(&listener, import.id, &preview.mapping).await;
        assert!(matches!(refused, Err(Error::Denied(Permission::ManagePeople))), "{refused:?}");
        let both = t.user(&[Duty::Listener, Duty::Caseworker]).await.actor();
        t.app.settle_mapping(&both, import.id, &preview).await.expect("may");
        let done = t.app.run_import(import.id, &CancellationToken::new(), &mut |_| ()).await.expect("run");
        assert_eq!((done.counts.imported, done.counts.rejected), (3, 1));
        let rejected = t.app.rejected_rows(&OPERATOR, import.id, 0, 9).await.expect("rows");
        assert_eq!(rejected[0].column.as_deref(), Some("Email"));
        assert!(!rejected[0].reason.contains("home"), "{}", rejected[0].reason);
        let ann = person_with(&t, "ann@example.org").await;
        assert_eq!((ann.records.len(), timeline(&t, &OPERATOR, &ann).await.contacts.items.len()), (1, 2));
        // Nothing of it stands with the feedback, and undoing takes the contacts out.
        let docs = t.app.store().filtered(&Filter::default(), None, Order::Oldest, 9).await.expect("read");
        assert!(!format!("{docs:?}").to_lowercase().contains("ann@example"), "{docs:?}");
        t.app.undo_import_here(&OPERATOR, import.id).await.expect("undone");
        let ann = person_with(&t, "ann@example.org").await;
        assert!(timeline(&t, &OPERATOR, &ann).await.contacts.items.is_empty());
        // A reference means somebody together with the source of the file.
        let by_reference = |source: Option<&str>| Mapping {
            columns: [("Email".to_owned(), Target::Person(KnownBy::Reference))].into(),
            source: source.map(str::to_owned),
            ..Mapping::default()
        };
        let refused = t.app.preview_file(&OPERATOR, &file, &by_reference(None)).await.expect_err("refused").to_string();
        assert!(refused.contains("Say where the file comes from"), "{refused}");
        t.app.preview_file(&OPERATOR, &file, &by_reference(Some("housing"))).await.expect("read");
    }
}
