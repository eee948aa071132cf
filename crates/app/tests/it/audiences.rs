//! Audiences: counted exactly, whatever happened to records and contacts; told with their place where a rule is wrong; and for
//! whoever may see them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use commonweal_app::people::{AudienceDraft, PersonTold};
use commonweal_app::{App, Error};
use commonweal_domain::audience::{AttributeRule, ContactRule, Reach, Rule};
use commonweal_domain::permission::Scope;
use commonweal_domain::{
    Actor, Capacity, ChangeKind, Channel, ContactId, Details, Dimension, Direction, Duty, FeedbackDoc, FeedbackId,
    Function, Grants, Handle, HandleKind, LinkChange, LinkReason, Lookup, Move, Need, NewPersonRecord, PersonId,
    RecordId, Sentiment, period,
};
use commonweal_store::{Engine, NewContactRecord, WriteBatch};
use commonweal_testkit::app::{TestApp, feedback, instant};
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::{kept, on_both_engines};
use uuid::Uuid;

const EXACT: Actor = Actor::OperatorExact;
const SERVICES: [&str; 3] = ["Housing repairs", "Parking", "Bins"];
const CHANNELS: [Channel; 3] = [Channel::Phone, Channel::Web, Channel::Letter];
const TENURES: [&str; 3] = ["Owner", "Tenant", "Lodger"];
const DISTRICTS: [&str; 3] = ["ZX4", "ZX5", "ZX44"];
const LANGUAGES: [&str; 2] = ["cy", "en"];

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).expect("small")
    }

    fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    fn one<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn some<T: Clone>(&mut self, all: &[T]) -> Vec<T> {
        let mut left = all.to_vec();
        (0..=self.below(2)).map(|_| left.remove(self.below(left.len()))).collect()
    }
}

/// A contact as the test knows it.
#[derive(Clone, Debug)]
struct Known {
    record: RecordId,
    at: commonweal_domain::Instant,
    channel: Channel,
    direction: Direction,
    function: Function,
    service: Option<String>,
    feedback: Option<FeedbackId>,
}

/// What happened so far.
#[derive(Default)]
struct World {
    records: Vec<(RecordId, String, Details, bool)>,
    contacts: BTreeMap<Uuid, Known>,
    ids: u128,
}

impl World {
    fn id(&mut self) -> Uuid {
        self.ids += 1;
        // Not in order, as those of several servers are not.
        Uuid::from_u128(((self.ids * 0x9e37_79b9) << 64) | self.ids)
    }
}

fn literal(engine: Engine, id: Uuid) -> String {
    match engine {
        Engine::Sqlite => format!("x'{}'", id.simple()),
        Engine::Postgres => format!("'{id}'"),
    }
}

async fn tell(t: &TestApp, world: &mut World, random: &mut Random) {
    let key = format!("K-{}", random.below(25));
    let mut details = Details { surname: Some(format!("Example{}", world.ids)), ..Details::default() };
    if random.chance(2) {
        details.attributes.insert("tenure".into(), random.one(&TENURES).into());
    }
    if random.chance(2) {
        details.postcode = Some(format!("{} 7QT", random.one(&DISTRICTS)));
    }
    details.language = random.chance(2).then(|| random.one(&LANGUAGES).to_owned());
    details.needs = if random.chance(3) { vec![random.one(Need::ALL)] } else { Vec::new() };
    let email = random.chance(2);
    let handles = if email {
        let shown = format!("p{}@example.org", world.ids);
        vec![Handle { kind: HandleKind::Email, normal: shown.clone(), shown, verified_at: None }]
    } else {
        Vec::new()
    };
    let (id, alone, change) = (world.id(), world.id(), world.id());
    let new = NewPersonRecord {
        id: id.into(),
        source: "housing".into(),
        source_key: key.clone(),
        details: details.clone(),
        handles,
        at: t.app.now(),
        lookup: Lookup::default(),
    };
    let change = LinkChange {
        id: change.into(),
        at: t.app.now(),
        actor: "operator".into(),
        reason: LinkReason::New,
        note: None,
        evidence: None,
        moves: Vec::new(),
        decided: Vec::new(),
    };
    kept!(t.db.store, people.keep_record(&new, alone.into(), &change)).await.expect("kept");
    world.records.push((id.into(), key, details, email));
}

async fn contact(t: &TestApp, world: &mut World, random: &mut Random) {
    let record = random.one(&world.records).0;
    let at = instant("2026-01-01T00:00:00Z") + TimeDelta::hours(random.below(24 * 120) as i64);
    let (channel, direction) = (random.one(&CHANNELS), random.one(Direction::ALL));
    let service = (!random.chance(4)).then(|| random.one(&SERVICES));
    let engine = t.db.store.engine();
    if random.chance(3) {
        let mut said = feedback().rating(1.0 + random.below(5) as f64).channel(channel);
        said = said.comment(random.one(&["Nobody ever answers, it is awful.", "Kind and quick, thank you."]));
        said = said.at(&at.to_rfc3339()).area(random.one(&["North", "South"]));
        if let Some(service) = service {
            said = said.service(service);
        }
        let receipt = t.submit(vec![said.done()]).await.remove(0);
        let detail = t.db.store.feedback_detail(receipt.id).await.expect("there");
        belongs(t, engine, detail.contact.0, record).await;
        let known = Known {
            record,
            at: detail.doc.at,
            channel: detail.doc.channel,
            direction: detail.doc.direction,
            function: detail.doc.function,
            service: detail.doc.service.clone(),
            feedback: Some(receipt.id),
        };
        world.contacts.insert(detail.contact.0, known);
        return;
    }
    let id = world.id();
    let services = t.db.store.services().await.expect("read");
    let place = services.iter().find(|s| service.is_some_and(|name| s.name == name));
    let function = random.one(Function::ALL);
    let new = NewContactRecord {
        id: id.into(),
        at,
        service: place.map(|s| s.id),
        touchpoint: None,
        channel,
        direction,
        function,
        capacity: Capacity::Customer,
        source: "test".into(),
        dedupe: None,
        known_by: None,
    };
    t.db.store.write(&WriteBatch { contacts: vec![new], ..WriteBatch::default() }).await.expect("written");
    belongs(t, engine, id, record).await;
    let service = place.map(|s| s.key.clone());
    world.contacts.insert(id, Known { record, at, channel, direction, function, service, feedback: None });
}

/// Says of which record a contact is, as whoever sets that says it.
async fn belongs(t: &TestApp, engine: Engine, contact: Uuid, record: RecordId) {
    let (contact, of) = (literal(engine, contact), literal(engine, record.0));
    t.db.meddle(&format!("UPDATE contacts SET record_id = {of} WHERE id = {contact}")).await;
    kept!(t.db.store, people.note_records(ChangeKind::Updated, &[record])).await.expect("noted");
}

async fn lose(t: &TestApp, world: &mut World, random: &mut Random) {
    let all: Vec<Uuid> = world.contacts.keys().copied().collect();
    if all.is_empty() {
        return;
    }
    let id = random.one(&all);
    match world.contacts.remove(&id).expect("there").feedback {
        Some(feedback) => drop(kept!(t.db.store, feedback.delete(&[feedback])).await.expect("deleted")),
        None => drop(kept!(t.db.store, contacts.delete(&[ContactId(id)], None)).await.expect("deleted")),
    }
}

/// Merges two persons, or splits one.
async fn link(t: &TestApp, world: &mut World, random: &mut Random, to: Option<PersonId>) {
    let record = random.one(&world.records).0;
    let ids: Vec<RecordId> = world.records.iter().map(|r| r.0).collect();
    let whose = t.db.store.persons_of(&ids).await.expect("read");
    let from = whose[&record];
    let split = to.is_none() && random.chance(2);
    let target = to.unwrap_or_else(|| if split { world.id().into() } else { whose[&random.one(&ids)] });
    let moved = ids.iter().filter(|id| whose[id] == from && (!split || **id == record));
    let moves: Vec<Move> = moved.map(|id| Move { record: *id, from, to: target }).collect();
    if target == from {
        return;
    }
    let change = LinkChange {
        id: world.id().into(),
        at: t.app.now(),
        actor: "operator".into(),
        reason: LinkReason::Merged,
        note: None,
        evidence: None,
        moves,
        decided: Vec::new(),
    };
    kept!(t.db.store, people.link(&change)).await.expect("linked");
}

fn rule(random: &mut Random, depth: usize) -> Rule {
    let day = |random: &mut Random| {
        NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day") + chrono::Days::new(random.below(125) as u64)
    };
    match random.below(if depth > 2 { 6 } else { 9 }) {
        0 => Rule::Attribute(AttributeRule {
            name: "tenure".into(),
            is: random.some(&TENURES).into_iter().map(str::to_uppercase).collect(),
        }),
        1 => Rule::District(random.some(&DISTRICTS).into_iter().map(str::to_lowercase).collect()),
        2 => Rule::Language(random.some(&LANGUAGES).into_iter().map(str::to_owned).collect()),
        3 => {
            if random.chance(2) {
                Rule::Need(random.some(Need::ALL))
            } else {
                Rule::Reach(random.some(Reach::ALL))
            }
        }
        4 | 5 => {
            let mut contact = ContactRule::default();
            if random.chance(2) {
                contact.channel = random.some(&CHANNELS);
            }
            if random.chance(3) {
                contact.direction = random.some(Direction::ALL);
            }
            if random.chance(4) {
                contact.function = random.some(Function::ALL);
            }
            if random.chance(2) {
                contact.service =
                    random.some(&["housing-repairs", "parking", "bins"]).into_iter().map(str::to_owned).collect();
            }
            match random.below(6) {
                0 => contact.sentiment = random.some(Sentiment::ALL),
                1 => contact.rating = random.some(&[1, 2, 3, 4, 5]),
                2 => contact.area = random.some(&["north", "South"]).into_iter().map(str::to_owned).collect(),
                _ => {}
            }
            let (a, b) = (day(random), day(random));
            if random.chance(2) {
                contact.from = Some(a.min(b));
            }
            if random.chance(2) {
                contact.to = Some(a.max(b) + chrono::Days::new(1));
            }
            Rule::Contact(contact)
        }
        6 => Rule::All((0..=random.below(3)).map(|_| rule(random, depth + 1)).collect()),
        7 => Rule::Any((0..=random.below(3)).map(|_| rule(random, depth + 1)).collect()),
        _ => Rule::Not(Box::new(rule(random, depth + 1))),
    }
}

/// Whether a rule means a person, found out from what the test knows, one thing after the other.
struct Naive<'w> {
    world: &'w World,
    docs: BTreeMap<FeedbackId, FeedbackDoc>,
    zone: chrono_tz::Tz,
}

impl Naive<'_> {
    fn meant(&self, rule: &Rule, of: &[RecordId]) -> bool {
        let world = self.world;
        let now = || {
            let last = |key: &str| world.records.iter().rev().find(|r| r.1 == key).map(|r| r.0);
            world.records.iter().filter(move |r| of.contains(&r.0) && last(&r.1) == Some(r.0))
        };
        let same = |value: &Option<String>, all: &[String]| {
            value.as_ref().is_some_and(|v| all.iter().any(|a| a.to_lowercase() == v.to_lowercase()))
        };
        match rule {
            Rule::All(rules) => rules.iter().all(|rule| self.meant(rule, of)),
            Rule::Any(rules) => rules.iter().any(|rule| self.meant(rule, of)),
            Rule::Not(rule) => !self.meant(rule, of),
            Rule::Attribute(rule) => now().any(|r| same(&r.2.attributes.get(&rule.name).cloned(), &rule.is)),
            Rule::District(all) => {
                let district = |d: &Details| d.postcode.as_ref().and_then(|p| p.split(' ').next()).map(str::to_owned);
                now().any(|r| same(&district(&r.2), all))
            }
            Rule::Language(all) => now().any(|r| same(&r.2.language, all)),
            Rule::Need(all) => now().any(|r| r.2.needs.iter().any(|need| all.contains(need))),
            Rule::Reach(all) => now().any(|r| r.3 && all.contains(&Reach::Email)),
            Rule::Contact(rule) => world.contacts.values().any(|c| of.contains(&c.record) && self.fits(rule, c)),
        }
    }

    fn fits(&self, rule: &ContactRule, c: &Known) -> bool {
        fn one<T: PartialEq>(all: &[T], value: &T) -> bool {
            all.is_empty() || all.contains(value)
        }
        let day = period::date_of(period::day_number(c.at, self.zone)).expect("a day");
        let said = |dimension: Dimension, all: Vec<String>| {
            let values = c.feedback.map(|id| dimension.values(&self.docs[&id])).unwrap_or_default();
            all.is_empty() || values.iter().any(|v| all.iter().any(|a| a.to_lowercase() == v.to_lowercase()))
        };
        one(&rule.channel, &c.channel)
            && one(&rule.direction, &c.direction)
            && one(&rule.function, &c.function)
            && (rule.service.is_empty() || c.service.as_ref().is_some_and(|key| rule.service.contains(key)))
            && rule.from.is_none_or(|from| from <= day)
            && rule.to.is_none_or(|to| day < to)
            && said(Dimension::Sentiment, rule.sentiment.iter().map(|s| s.key().to_owned()).collect())
            && said(Dimension::Rating, rule.rating.iter().map(u8::to_string).collect())
            && said(Dimension::Area, rule.area.clone())
    }
}

async fn compare(t: &TestApp, world: &World, random: &mut Random) {
    t.db.settled().await;
    let ids: Vec<RecordId> = world.records.iter().map(|r| r.0).collect();
    let mut persons: BTreeMap<PersonId, Vec<RecordId>> = BTreeMap::new();
    for (record, person) in t.db.store.persons_of(&ids).await.expect("read") {
        persons.entry(person).or_default().push(record);
    }
    let feedback: Vec<FeedbackId> = world.contacts.values().filter_map(|c| c.feedback).collect();
    let docs = t.db.store.docs(&feedback).await.expect("read").into_iter().map(|doc| (doc.id, doc)).collect();
    let naive = Naive { world, docs, zone: t.app.settings().time_zone };
    for _ in 0..12 {
        let rule = rule(random, 1);
        let expected: BTreeSet<PersonId> =
            persons.iter().filter(|(_, of)| naive.meant(&rule, of)).map(|(person, _)| *person).collect();
        let found = match t.app.audience_members(&EXACT, &rule).await {
            Ok(found) => found.into_iter().collect::<BTreeSet<PersonId>>(),
            // Nobody has said it of anybody yet.
            Err(Error::Invalid(e)) if e.0.iter().all(|e| e.code.starts_with("no_such")) => continue,
            Err(e) => panic!("{e:?}"),
        };
        assert_eq!(found, expected, "{rule:?}");
        let counted = t.app.count_audience(&EXACT, &rule).await.expect("counted");
        assert_eq!(counted.count, Some(expected.len() as u64), "{rule:?}");
        assert!(counted.withheld.is_empty() && counted.protection.is_none() && !counted.widened);
    }
}

async fn services(t: &TestApp) {
    // By feedback that is nobody's: a service comes to be with the first that names it.
    let all = SERVICES.iter().map(|name| feedback().rating(3.0).service(name).done()).collect();
    t.submit(all).await;
}

fn known_tenure() -> Rule {
    Rule::Attribute(AttributeRule { name: "tenure".into(), is: vec!["Owner".into()] })
}

fn draft(name: &str, rule: Rule) -> AudienceDraft {
    AudienceDraft { name: name.into(), rule, team: None, version: None }
}

fn user(duties: &[Duty]) -> Actor {
    Actor::User { id: Uuid::from_u128(1).into(), grants: Grants::of(duties) }
}

async fn somebody(app: &App) {
    let details = Details { surname: Some("Example".into()), ..Details::default() };
    let details = Details { attributes: [("tenure".to_owned(), "Owner".to_owned())].into(), ..details };
    let told = PersonTold { key: "1".into(), details, handles: Vec::new() };
    app.tell_of_people(&Actor::Operator, "housing", &[told]).await.expect("kept");
}

on_both_engines! {
    async fn a_count_is_what_going_through_everything_would_give(db: TestDb) {
        let t = TestApp::with(db).await;
        services(&t).await;
        let (mut world, mut random) = (World::default(), Random(7));
        for _ in 0..15 {
            tell(&t, &mut world, &mut random).await;
        }
        for _ in 0..30 {
            contact(&t, &mut world, &mut random).await;
        }
        // Read as a whole, and then followed.
        compare(&t, &world, &mut random).await;
        for step in 0..60 {
            match random.below(8) {
                0 => tell(&t, &mut world, &mut random).await,
                1..=3 => contact(&t, &mut world, &mut random).await,
                4 => lose(&t, &mut world, &mut random).await,
                _ => link(&t, &mut world, &mut random, None).await,
            }
            if step % 6 == 5 {
                compare(&t, &world, &mut random).await;
            }
        }
        // Another server reads all of it now, and comes to the same.
        let other = TestApp::with(TestDb::again_as(&t.db).await).await;
        compare(&other, &world, &mut random).await;
        contact(&t, &mut world, &mut random).await;
        link(&t, &mut world, &mut random, None).await;
        compare(&other, &world, &mut random).await;
    }

    async fn a_rule_that_names_what_there_is_not_is_refused_with_its_place(db: TestDb) {
        let t = TestApp::with(db).await;
        somebody(&t.app).await;
        let rule = Rule::All(vec![
            known_tenure(),
            Rule::Attribute(AttributeRule { name: "tenur".into(), is: vec!["Owner".into()] }),
            Rule::Contact(ContactRule { service: vec!["nowhere".into()], ..ContactRule::default() }),
        ]);
        for outcome in [
            t.app.count_audience(&EXACT, &rule).await.map(drop),
            t.app.save_audience(&EXACT, None, &draft("Owners", rule.clone())).await.map(drop),
        ] {
            let Err(Error::Invalid(errors)) = outcome else { panic!("{outcome:?}") };
            let places: Vec<&str> = errors.0.iter().map(|e| e.field.as_str()).collect();
            assert_eq!(places, ["/all/1/attribute/name", "/all/2/contact/service/0"]);
            assert!(errors.0[0].message.contains("Choose one of: tenure."), "{errors}");
        }
    }

    async fn audiences_are_kept_changed_once_and_deleted(db: TestDb) {
        let t = TestApp::with(db).await;
        somebody(&t.app).await;
        let actor = user(&[Duty::Communicator]);
        let kept = t.app.save_audience(&actor, None, &draft(" Owners  of homes", known_tenure())).await.expect("kept");
        assert_eq!((kept.audience.name.as_str(), kept.audience.version), ("Owners of homes", 1));
        assert_eq!(kept.sentence, "People who have “tenure: Owner”.");
        let id = kept.audience.id;
        let taken = t.app.save_audience(&actor, None, &draft("Owners of homes", known_tenure())).await;
        assert!(matches!(taken, Err(Error::Conflict { .. })), "{taken:?}");
        let other = AudienceDraft { version: Some(1), ..draft("Not owners", Rule::Not(Box::new(known_tenure()))) };
        let changed = t.app.save_audience(&actor, Some(id), &other).await.expect("kept");
        assert_eq!(changed.audience.version, 2);
        let late = t.app.save_audience(&actor, Some(id), &other).await;
        assert!(matches!(late, Err(Error::Conflict { .. })), "{late:?}");
        assert_eq!(t.app.audiences(&actor).await.expect("may"), [changed]);
        let nameless = t.app.save_audience(&actor, None, &draft(" ", known_tenure())).await;
        assert!(matches!(&nameless, Err(Error::Invalid(e)) if e.0[0].code == "bad_audience_name"), "{nameless:?}");
        t.app.delete_audience(&actor, id).await.expect("deleted");
        assert!(matches!(t.app.audience(&actor, id).await, Err(Error::NotFound("audience"))));
    }

    async fn audiences_are_for_communicators_and_members_for_who_sees_people(db: TestDb) {
        let t = TestApp::with(db).await;
        somebody(&t.app).await;
        let rule = known_tenure();
        for actor in [user(&[Duty::Analyst, Duty::Reader]), user(&[Duty::Caseworker]), user(&[Duty::Administrator])] {
            assert!(matches!(t.app.count_audience(&actor, &rule).await, Err(Error::Denied(_))));
            assert!(matches!(t.app.audiences(&actor).await, Err(Error::Denied(_))));
            assert!(matches!(t.app.save_audience(&actor, None, &draft("A", rule.clone())).await, Err(Error::Denied(_))));
        }
        let communicator = user(&[Duty::Communicator]);
        assert!(matches!(t.app.audience_members(&communicator, &rule).await, Err(Error::Denied(_))));
        let reading = Actor::Key { id: Uuid::from_u128(1).into(), scopes: vec![Scope::AudiencesRead] };
        assert!(t.app.count_audience(&reading, &rule).await.is_ok());
        assert!(matches!(t.app.save_audience(&reading, None, &draft("A", rule.clone())).await, Err(Error::Denied(_))));
        // One person is nobody whom a communicator hears of, and an exact figure for whoever may see those.
        let counted = t.app.count_audience(&communicator, &rule).await.expect("may");
        assert_eq!((counted.count, counted.withheld[0].code.as_str()), (None, "too_few"));
        assert!(counted.reach.iter().all(|reach| reach.count.is_none()));
        let statistician = user(&[Duty::Communicator, Duty::Statistician]);
        assert_eq!(t.app.count_audience(&statistician, &rule).await.expect("may").count, Some(1));
    }
}
