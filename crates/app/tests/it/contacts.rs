//! Contacts without feedback: handed in, taken back, counted beside feedback.

use commonweal_app::{Error, IdempotencyKey, Question};
use commonweal_domain::permission::Scope;
use commonweal_domain::question::{Answer, Compare, Grouping, Interval, Measure};
use commonweal_domain::{
    Actor, Capacity, Channel, Dimension, Direction, Duty, FieldErrors, Function, NewContact, PageRequest, TimeRange,
    period,
};
use commonweal_testkit::app::{TestApp, feedback, instant};
use commonweal_testkit::duties::{ANALYST, MANAGER, VIEWER};
use commonweal_testkit::on_both_engines;

fn call(at: &str) -> NewContact {
    NewContact {
        source_id: None,
        at: Some(instant(at)),
        service: Some("Blue Badge".into()),
        touchpoint: None,
        channel: Channel::Phone,
        direction: Direction::In,
        function: Function::Serve,
        capacity: Capacity::Customer,
        person: None,
    }
}

fn letter(at: &str) -> NewContact {
    NewContact {
        channel: Channel::Letter,
        direction: Direction::Out,
        function: Function::Inform,
        service: None,
        ..call(at)
    }
}

/// Seven feedback on the web and by phone in February and March, five calls and two letters.
async fn sample(t: &TestApp) {
    let item = |at: &str, channel| feedback().rating(4.0).service("Blue Badge").channel(channel).at(at).done();
    let mut items = vec![
        item("2024-02-10T12:00:00Z", Channel::Web),
        item("2024-02-20T12:00:00Z", Channel::Phone),
        item("2024-03-31T23:30:00Z", Channel::Web),
    ];
    items.extend((0..4).map(|_| item("2024-03-10T12:00:00Z", Channel::Web)));
    t.submit(items).await;
    let calls = [
        "2024-02-01T00:00:00Z",
        "2024-03-02T09:00:00Z",
        "2024-03-10T10:00:00Z",
        "2024-03-10T10:00:00Z",
        "2024-03-31T22:59:59Z",
    ];
    let mut contacts: Vec<NewContact> = calls.into_iter().map(call).collect();
    contacts.extend(["2024-01-05T08:00:00Z", "2024-03-05T08:00:00Z"].into_iter().map(letter));
    t.app.record_contacts(&Actor::Operator, contacts, None).await.expect("taken");
    t.index().await;
}

fn asks(t: &TestApp, text: &str, by: &[Grouping], measures: &[Measure]) -> Question {
    let now = t.app.now();
    let mut question = Question { group_by: by.to_vec(), measures: measures.to_vec(), ..Question::default() };
    question.filter.range = period::parse(text, now, t.app.settings().time_zone).expect("a period");
    question
}

async fn answer(t: &TestApp, question: &Question) -> Answer {
    t.app.answer(&Actor::Operator, question).await.expect("an answer")
}

async fn refused(t: &TestApp, question: &Question) -> FieldErrors {
    match t.app.answer(&Actor::Operator, question).await {
        Err(Error::Invalid(errors)) => errors,
        other => panic!("{other:?}"),
    }
}

/// A group as these tests look at it.
type Shown<'a> = (Vec<&'a str>, Option<u64>, Option<f64>, Option<f64>);

/// Keys, feedback, contacts, and contacts before.
fn shown(answer: &Answer) -> Vec<Shown<'_>> {
    let last = |f: &commonweal_domain::question::Figures| f.values.last().and_then(|v| v.value);
    answer
        .groups
        .iter()
        .map(|g| {
            let keys = g.keys.iter().map(String::as_str).collect();
            (keys, g.figures.count, last(&g.figures), g.before.as_ref().and_then(last))
        })
        .collect()
}

fn by(dimension: Dimension) -> Grouping {
    Grouping::Dimension(dimension)
}

on_both_engines! {
    async fn the_same_contact_is_kept_once_and_a_repeated_request_gets_the_first_answer(db: TestDb) {
        let t = TestApp::with(db).await;
        let known = || NewContact { source_id: Some("call-7".into()), ..call("2024-03-10T10:00:00Z") };
        let key = |body| Some(IdempotencyKey { key: "k".into(), body: [body; 16] });
        let send = |actor: Actor, k| { let app = t.app.clone(); async move { app.record_contacts(&actor, vec![known(), letter("2024-03-10T10:00:00Z")], k).await } };
        let first = send(Actor::Operator, key(1)).await.expect("taken");
        assert_eq!(send(Actor::Operator, key(1)).await.expect("answered again"), first);
        assert_eq!(send(Actor::Operator, key(2)).await.expect_err("another request").code(), "idempotency_key_reused");
        let again = send(Actor::Operator, None).await.expect("taken");
        assert_eq!((again[0].id, again[0].duplicate, again[1].duplicate), (first[0].id, true, false));
        let other = t.user(ANALYST).await;
        let other = send(other.actor(), None).await.expect("taken");
        assert!(!other[0].duplicate, "another sender's id is another contact");
        let all = answer(&t, &asks(&t, "all", &[], &[Measure::Contacts])).await;
        assert_eq!(all.total.values[0].value, Some(5.0));
        let many = vec![call("2024-03-10T10:00:00Z"); 1_001];
        assert_eq!(t.app.record_contacts(&Actor::Operator, many, None).await.expect_err("too many").code(), "invalid");
    }

    async fn who_handed_a_contact_in_may_take_it_back_and_others_may_not(db: TestDb) {
        let t = TestApp::with(db).await;
        let actor = |duties: &'static [Duty]| { let t = &t; async move { t.user(duties).await.actor() } };
        let (mine, other, viewer) = (actor(ANALYST).await, actor(MANAGER).await, actor(VIEWER).await);
        let ids: Vec<_> = t.app.record_contacts(&mine, vec![call("2024-03-10T10:00:00Z"), letter("2024-03-10T10:00:00Z")], None).await.expect("taken").into_iter().map(|r| r.id).collect();
        assert!(matches!(t.app.record_contacts(&viewer, vec![], None).await, Err(Error::Denied(_))));
        assert!(matches!(t.app.delete_contact(&viewer, ids[0]).await, Err(Error::Denied(_))));
        assert!(matches!(t.app.delete_contact(&other, ids[0]).await, Err(Error::NotFound("contact"))));
        t.app.delete_contact(&mine, ids[0]).await.expect("their own");
        assert!(matches!(t.app.delete_contact(&mine, ids[0]).await, Err(Error::NotFound("contact"))));
        t.app.delete_contact(&Actor::Operator, ids[1]).await.expect("any");
        let of_feedback = t.submit(vec![feedback().rating(4.0).done()]).await[0].id;
        let its = t.app.feedback(&Actor::Operator, of_feedback).await.expect("there").contact;
        assert!(matches!(t.app.delete_contact(&Actor::Operator, its).await, Err(Error::NotFound("contact"))));
        let trail = t.app.audit_trail(&Actor::Operator, None, &PageRequest::first(50)).await.expect("a trail").items;
        assert_eq!(trail.iter().filter(|l| l.entry.action == "contact.deleted").count(), 2);
        let key = Actor::Key { id: commonweal_domain::ApiKeyId(uuid::Uuid::nil()), scopes: vec![Scope::FeedbackRead] };
        assert!(matches!(t.app.record_contacts(&key, vec![], None).await, Err(Error::Denied(_))));
    }

    async fn the_index_passes_over_contacts_and_is_not_behind_for_them(db: TestDb) {
        let t = TestApp::with(db).await;
        sample(&t).await;
        assert_eq!(t.app.index_behind().await.expect("known"), 0);
        let count = || async { answer(&t, &asks(&t, "all", &[], &[Measure::Count])).await.total.count };
        assert_eq!(count().await, Some(7));
        t.rebuild().await;
        assert_eq!(count().await, Some(7));
    }

    async fn contacts_are_counted_beside_feedback(db: TestDb) {
        let t = TestApp::with(db).await;
        sample(&t).await;
        let question = asks(&t, "all", &[by(Dimension::Channel)], &[Measure::Satisfied, Measure::Contacts]);
        let told = answer(&t, &question).await;
        assert_eq!(
            shown(&told),
            [
                (vec!["phone"], Some(1), Some(6.0), None),
                (vec!["web"], Some(6), Some(6.0), None),
                (vec!["letter"], Some(0), Some(2.0), None),
            ]
        );
        assert_eq!((told.total.count, told.total.values[1].value, told.total.values[0].base), (Some(7), Some(14.0), Some(7)));
        assert_eq!(told.groups[2].figures.values[0], commonweal_domain::question::Value { value: None, base: Some(0) });
        let first = answer(&t, &Question { limit: 1, ..question.clone() }).await;
        assert_eq!((first.groups.len(), first.others), (1, 2));

        let mut narrow = asks(&t, "2024-03", &[by(Dimension::Function), by(Dimension::Service)], &[Measure::Contacts]);
        narrow.filter.add(Dimension::Channel, "!web");
        assert_eq!(
            shown(&answer(&t, &narrow).await),
            [(vec!["serve", "blue-badge"], Some(0), Some(4.0), None), (vec!["inform", "(none)"], Some(0), Some(1.0), None)]
        );
    }

    async fn days_and_months_of_contacts_are_those_of_the_body(db: TestDb) {
        let t = TestApp::with(db).await;
        sample(&t).await;
        let mut months = asks(&t, "2024-03", &[Grouping::Time(Interval::Month)], &[Measure::Contacts]);
        months.compare = Some(Compare::PeriodBefore);
        // Summer time began on the 31st: half past eleven at night in UTC is the next day.
        assert_eq!(shown(&answer(&t, &months).await), [(vec!["2024-03-01"], Some(4), Some(9.0), Some(3.0))]);
        let open = asks(&t, "all", &[Grouping::Time(Interval::Month)], &[Measure::Contacts]);
        let months: Vec<_> = answer(&t, &open).await.groups.into_iter().map(|g| (g.keys[0].clone(), g.figures.values[0].value)).collect();
        let told = [("2024-01-01", 1.0), ("2024-02-01", 3.0), ("2024-03-01", 9.0), ("2024-04-01", 1.0)];
        assert_eq!(months, told.map(|(month, n)| (month.to_owned(), Some(n))));
        let days = answer(&t, &asks(&t, "2024-03", &[Grouping::Time(Interval::Day)], &[Measure::Contacts])).await;
        assert_eq!(days.groups.len(), 31);
        assert_eq!(days.groups.iter().filter(|g| g.figures.values[0].value == Some(0.0)).count(), 27);
    }

    async fn where_all_contacts_brought_feedback_the_two_counts_are_the_same(db: TestDb) {
        let t = TestApp::with(db).await;
        let items = (0..120_i64).map(|n| {
            let at = (instant("2023-12-20T13:17:00Z") + chrono::TimeDelta::hours(19 * n)).to_rfc3339();
            let mut item = feedback().rating(4.0).channel(Channel::ALL[(n % 5) as usize]).at(&at).done();
            item.function = Function::ALL[(n % 3) as usize];
            item.service = (n % 4 > 0).then(|| format!("Service {}", n % 4));
            item.touchpoint = (n % 4 == 2).then(|| "Apply".to_owned());
            item
        });
        t.submit(items.collect()).await;
        t.index().await;
        let time = |i| Grouping::Time(i);
        let groupings = [
            vec![],
            vec![by(Dimension::Service)],
            vec![by(Dimension::Touchpoint), by(Dimension::Channel)],
            vec![time(Interval::Week)],
            vec![time(Interval::Day), by(Dimension::Function)],
            vec![by(Dimension::Direction), time(Interval::Month)],
            vec![time(Interval::Month), time(Interval::Week)],
        ];
        for by in groupings {
            for (text, compare) in [("all", None), ("2024-01..2024-02", Some(Compare::PeriodBefore)), ("2024-02-03..2024-02-20", Some(Compare::YearBefore))] {
                for limit in [0, 2] {
                    let mut counts = Question { compare, limit, ..asks(&t, text, &by, &[Measure::Count]) };
                    if text != "all" { counts.filter.add(Dimension::Channel, "!email"); }
                    let contacts = Question { measures: vec![Measure::Contacts], ..counts.clone() };
                    let told = answer(&t, &contacts).await;
                    assert_eq!(told, answer(&t, &counts).await, "{counts:?}");
                    assert!(told.total.count.is_some_and(|n| n > 0));
                }
            }
        }
    }

    async fn what_only_feedback_says_is_refused_with_a_plain_sentence(db: TestDb) {
        let t = TestApp::with(db).await;
        sample(&t).await;
        let mut question = asks(&t, "all", &[by(Dimension::Rating), Grouping::Time(Interval::Hour)], &[Measure::Contacts]);
        question.filter.add(Dimension::Theme, "waiting");
        question.filter.add(Dimension::Attribute("age_band".into()), "65+");
        commonweal_domain::search::parse("upload", &mut question.filter).expect("words");
        let errors = refused(&t, &question).await;
        let fields: Vec<&str> = errors.0.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["theme", "attr.age_band", "q", "group_by", "group_by"]);
        assert!(errors.0[0].message.starts_with("Contacts can't be counted under the filter “Theme”:"), "{errors}");
        let mut hours = asks(&t, "all", &[], &[Measure::Contacts]);
        hours.filter.range = TimeRange { from: Some(instant("2024-03-10T10:00:00Z")), to: None };
        assert_eq!(refused(&t, &hours).await.0[0].code, "not_whole_days");
        assert_eq!(refused(&t, &Question { compare: Some(Compare::YearBefore), ..asks(&t, "all", &[], &[Measure::Contacts]) }).await.0[0].field, "compare");
    }
}
