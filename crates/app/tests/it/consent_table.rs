//! Whoever is meant, and by whatever rule: what each lane lets through of what people said of it, from planning to the server that
//! takes the message. The rules by themselves stand in the table of the gate (`domain/src/gate/table.txt`).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::TimeDelta;
use commonweal_app::deliver::{DispatchDraft, Says};
use commonweal_app::people::{HandleTold, PersonTold};
use commonweal_domain::audience::{AttributeRule, ContactRule, Reach};
use commonweal_domain::{
    Actor, BodySettings, Capacity, Channel, ContactBudget, DeliveryState, Details, Direction, Function, HandleKind,
    KnownAs, Lane, LargeSends, Need, NewContact, PageRequest, PersonId, RecordId, Rule, SuppressionReason, TopicInput,
    TopicWords,
};
use commonweal_testkit::app::TestApp;
use commonweal_testkit::on_both_engines;

use crate::deliveries::{agree, jobs, say_of, sender, setup, texts, topic};

const OPERATOR: Actor = Actor::Operator;
const SOURCE: &str = "housing";
const LANES: [Lane; 5] = [Lane::Statutory, Lane::Safety, Lane::Service, Lane::Engagement, Lane::News];

/// So different that nobody is taken for another.
const GIVEN: [&str; 9] = ["Ann", "Bernard", "Cerys", "Dafydd", "Eluned", "Farid", "Gwilym", "Hopcyn", "Ioan"];
const SURNAMES: [&str; 9] = [
    "Aldergate",
    "Bramblewick",
    "Cotterdale",
    "Dunmowby",
    "Eskridge",
    "Fennimore",
    "Garsington",
    "Hollowmere",
    "Ixworthy",
];

/// What each says of the topic, and what they get of each lane.
const TABLE: &str = "
                         statutory    safety       service      engagement   news
never asked              sent         sent         sent         no_consent   no_consent
agreed                   sent         sent         sent         sent         sent
said no                  sent         sent         sent         no_consent   no_consent
agreed, then withdrew    sent         sent         sent         no_consent   no_consent
withdrew, agreed again   sent         sent         sent         sent         sent
agreed to letters        sent         sent         sent         no_consent   no_consent
agreed to another topic  sent         sent         sent         no_consent   no_consent
withdraws when planned   sent         sent         sent         no_consent   no_consent
agreed, wrote STOP       stopped      stopped      stopped      stopped      stopped
";

/// One for each line of the table; all else that a rule can ask for they share.
async fn somebody(t: &TestApp, n: usize) -> (PersonId, RecordId) {
    let details = Details {
        given_names: Some(GIVEN[n].into()),
        surname: Some(SURNAMES[n].into()),
        postcode: Some("ZX4 7QT".into()),
        language: Some("en".into()),
        needs: [Need::LargePrint].into(),
        attributes: [("tenure".to_owned(), "Owner".to_owned())].into(),
        ..Details::default()
    };
    let handles = vec![HandleTold::new(HandleKind::Email, address(n))];
    let told = PersonTold { key: n.to_string(), details, handles };
    let kept = t.app.tell_of_people(&OPERATOR, SOURCE, &[told]).await.expect("kept").remove(0);
    let call = NewContact {
        source_id: None,
        at: None,
        service: None,
        touchpoint: None,
        channel: Channel::Phone,
        direction: Direction::In,
        function: Function::Serve,
        capacity: Capacity::Customer,
        person: Some(KnownAs { source: SOURCE.to_owned(), key: n.to_string() }),
    };
    t.app.record_contacts(&OPERATOR, vec![call], None).await.expect("kept");
    (kept.person, kept.record)
}

fn address(n: usize) -> String {
    format!("p{n}@example.org")
}

async fn other_topic(t: &TestApp) -> String {
    let words = |name: &str| TopicWords { name: name.into(), description: "Now and then.".into() };
    let input = TopicInput { english: words("Your park"), welsh: words("Eich parc"), lane: Some(Lane::News) };
    t.app.add_topic(&OPERATOR, input).await.expect("added").key
}

/// All kinds of rules, each of which means everybody.
fn audiences() -> Vec<(&'static str, Rule)> {
    let email = || Rule::Reach(vec![Reach::Email]);
    let tenure = AttributeRule { name: "tenure".into(), is: vec!["owner".into()] };
    let phoned = ContactRule { channel: vec![Channel::Phone], ..ContactRule::default() };
    vec![
        ("reach", email()),
        ("attribute", Rule::Attribute(tenure)),
        ("district", Rule::District(vec!["ZX4".into()])),
        ("language", Rule::Language(vec!["en".into()])),
        ("need", Rule::Need(vec![Need::LargePrint])),
        ("contact", Rule::Contact(phoned)),
        ("all", Rule::All(vec![email(), Rule::Language(vec!["en".into()])])),
        ("any", Rule::Any(vec![email(), Rule::Language(vec!["cy".into()])])),
        ("not", Rule::Not(Box::new(Rule::Language(vec!["cy".into()])))),
    ]
}

on_both_engines! {
    async fn whatever_rule_means_them_nobody_gets_what_they_did_not_agree_to(db: TestDb) {
        let t = TestApp::with(db).await;
        let (version, settings) = t.app.settings_to_change(&OPERATOR).await.expect("there");
        let large_sends = LargeSends { approval_above: None, ramp_from: None, ramp_minutes: 30 };
        // Nobody is held back because of those before.
        let contact_budget = ContactBudget { most: 99, days: 7 };
        let settings = BodySettings { large_sends, contact_budget, ..settings };
        t.app.save_settings(&OPERATOR, version, settings).await.expect("saved");
        let (street, park) = (topic(&t).await, other_topic(&t).await);
        let names: Vec<&str> = TABLE.trim_matches('\n').lines().skip(1).map(|line| line[..24].trim_end()).collect();
        let mut people = Vec::new();
        for n in 0..names.len() {
            people.push(somebody(&t, n).await);
        }
        let person = |name: &str| people[names.iter().position(|one| *one == name).expect("a line")].0;
        let withdraws = person("withdraws when planned");
        for (name, agreed) in [
            ("agreed", true),
            ("said no", false),
            ("agreed, then withdrew", true),
            ("withdrew, agreed again", false),
            ("agreed, wrote STOP", true),
        ] {
            agree(&t, person(name), &street, agreed).await;
        }
        say_of(&t, person("agreed to letters"), &street, Channel::Letter, true).await;
        agree(&t, person("agreed to another topic"), &park, true).await;
        t.clock.advance(TimeDelta::minutes(1));
        agree(&t, person("agreed, then withdrew"), &street, false).await;
        agree(&t, person("withdrew, agreed again"), &street, true).await;
        let stopped = address(names.iter().position(|one| *one == "agreed, wrote STOP").expect("a line"));
        t.app.suppress(&OPERATOR, &stopped, Some(SuppressionReason::Stopped)).await.expect("kept");
        t.index().await;
        let out = sender(&t, setup("mail")).await;
        for (kind, audience) in audiences() {
            let mut columns: Vec<BTreeMap<RecordId, String>> = Vec::new();
            for lane in LANES {
                agree(&t, withdraws, &street, true).await;
                let draft = DispatchDraft {
                    name: format!("{kind} {}", lane.key()),
                    // No two say the same.
                    says: Says::Texts(texts(&format!("The road will be closed. {kind} {}", lane.key()))),
                    lane,
                    topic: lane.needs_consent().then(|| street.clone()),
                    function: Function::Inform,
                    sender: out,
                    audience: audience.clone(),
                    team: None,
                    starts_at: None,
                    ends_at: None,
                    drop_held: false,
                };
                let planned = t.app.plan_dispatch(&OPERATOR, draft).await.expect("planned");
                jobs(&t).await;
                t.clock.advance(TimeDelta::minutes(1));
                agree(&t, withdraws, &street, false).await;
                let before = t.post.arrived().len();
                t.app.deliver_due().await.expect("delivered");
                t.clock.advance(TimeDelta::minutes(1));
                let all = t.app.deliveries(&OPERATOR, Some(planned.id), None, &PageRequest::first(99)).await;
                let mut column = BTreeMap::new();
                for one in all.expect("seen").items {
                    let became = match one.state {
                        DeliveryState::HandedOver => "sent".to_owned(),
                        DeliveryState::Skipped => one.reason.unwrap_or_default(),
                        other => format!("{}: {:?}", other.key(), one.reason),
                    };
                    column.insert(one.record.expect("is there"), became);
                }
                let sent = column.values().filter(|became| *became == "sent").count();
                assert_eq!(t.post.arrived().len() - before, sent, "{kind} {lane:?}: what the server has");
                columns.push(column);
            }
            let mut found = format!("\n{:24}", "");
            for lane in LANES {
                write!(found, " {:<12}", lane.key()).expect("a text grows");
            }
            for (name, (_, record)) in names.iter().zip(&people) {
                found = format!("{}\n{name:<24}", found.trim_end());
                for column in &columns {
                    let became = column.get(record).map_or("not meant", String::as_str);
                    write!(found, " {became:<12}").expect("a text grows");
                }
            }
            assert_eq!(format!("{}\n", found.trim_end()), TABLE, "{kind}");
        }
    }
}
