//! `kill -9` while messages are handed to a mail server: what must arrive arrives, what people asked for never arrives twice,
//! and everybody is accounted for after each kill. Whoever is told to stop finishes what is under way.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use commonweal_mailer::sink::{Behaviour, Sink};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::support::chance::{Chance, let_pass};
use crate::support::{Engine, World, number, on_both_engines, say, text, until};

/// Kills for each lane on each engine when nothing else is said; `make bench` kills more.
const KILLS: u64 = 5;
/// People to whom one send goes.
const PEOPLE: u64 = 1_500;
/// How long the mail server takes for each message.
const DELAY: Duration = Duration::from_millis(8);
/// Kills happen between these times after something went on.
const SOONEST: Duration = Duration::from_micros(50);
const LATEST: Duration = Duration::from_millis(250);

/// A mail server beside the program, which notes what it takes.
struct MailServer {
    runtime: Runtime,
    sink: Sink,
}

impl MailServer {
    fn start(log: &Path, rules: &[&str]) -> Self {
        let rules = rules.iter().map(|rule| rule.parse().expect("a rule")).collect();
        Self::behaving(Behaviour { delay: DELAY, log: Some(log.to_owned()), rules, ..Behaviour::default() })
    }

    fn behaving(behaviour: Behaviour) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let sink = runtime.block_on(Sink::start(any, behaviour)).expect("a port");
        Self { runtime, sink }
    }

    fn port(&self) -> u16 {
        self.sink.address().port()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _within = self.runtime.enter();
        self.sink.set_up(false);
    }
}

/// What arrived: for each recipient the Message-IDs, each as often as it came.
fn arrived(log: &Path) -> BTreeMap<String, Vec<String>> {
    let mut by: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in std::fs::read_to_string(log).unwrap_or_default().lines() {
        let mut parts = line.split('\t');
        let (Some(to), Some(id)) = (parts.next(), parts.next()) else { continue };
        by.entry(to.to_owned()).or_default().push(id.to_owned());
    }
    by
}

fn body(engine: Engine, port: u16, people: u64) -> World {
    let world = World::new(engine);
    std::fs::create_dir_all(world.data()).expect("a folder");
    // Where people unsubscribe: without it nothing goes to a topic.
    let config = "[server]\npublic_url = \"https://voice.example.org\"\n";
    std::fs::write(world.data().join("commonweal.toml"), config).expect("written");
    let server = format!("127.0.0.1:{port}");
    let add = ["sender", "add", "mail", "--smtp", &server, "--security", "none", "--from", "voice@example.org"];
    world.must(&add);
    // It is about what is killed, and not about who approves it.
    world.must(&["deliveries", "rules", "--approval-above", "never", "--ramp-from", "never"]);
    let mut list = String::from("id,given_names,surname,email\n");
    for n in 0..people {
        writeln!(list, "{n},Ann,Exampleby{n},p{n}@example.net").expect("a string");
    }
    let file = world.write("people.csv", list);
    world.must(&["people", "import", text(&file), "--source", "list"]);
    world
}

/// Everybody agrees to hear about a topic.
fn agree(world: &World) {
    let mut sql = world.sql();
    sql.run(
        "INSERT INTO topics (key, name, description, name_cy, description_cy, lane, open, version) \
         VALUES ('street', 'Your street', '', 'Eich stryd', '', 'news', TRUE, 1)",
    );
    sql.run(
        "INSERT INTO consents (id, record_id, topic, channel, agreed, at, told_by, how, wording, version) \
         SELECT id, id, 'street', 'email', TRUE, 1700000000000000, 'person', 'rang', '', 1 FROM records",
    );
}

fn plan(world: &World, lane: &str, topic: Option<&str>) -> String {
    let message = world.write("message.md", "Dear ((first name)),\n\nthe road will be closed.\n");
    let audience = world.write("audience.json", r#"{"reach": ["email"]}"#);
    let mut arguments = vec!["send", text(&message), "--sender", "mail", "--subject", "Road works", "--lane", lane];
    arguments.extend(["--audience", text(&audience), "--json"]);
    arguments.extend(topic.iter().flat_map(|topic| ["--topic", topic]));
    let planned = world.json(&arguments);
    planned["id"].as_str().expect("an id").to_owned()
}

fn reconciled(world: &World, send: &str) -> Value {
    let all = world.json(&["deliveries", "reconcile", send, "--json"]);
    assert_eq!(all["adds_up"], true, "{all}");
    all
}

/// How many are being handed over, as it is written down.
fn attempting(world: &World) -> u64 {
    let all = world.sql().number("SELECT count(*) FROM deliveries WHERE state = 'attempting'");
    u64::try_from(all).expect("a count")
}

/// Where the only send stands.
fn state(world: &World) -> String {
    world.sql().texts("SELECT state FROM dispatches").pop().expect("a send")
}

/// Sends to everybody while the program is killed as often as said. How many were under way when it was, all kills together.
fn under_kills(world: &World, mail: &MailServer, send: &str, kills: u64, chance: &mut Chance) -> u64 {
    let mut under_way = 0;
    for _ in 0..kills {
        let server = world.serve();
        let before = mail.sink.accepted();
        if chance.below(3) > 0 {
            until("messages to arrive", || (mail.sink.accepted() > before || state(world) == "finished").then_some(()));
        }
        let_pass(chance.span(SOONEST, LATEST));
        server.kill();
        reconciled(world, send);
        under_way += attempting(world);
        let mut sql = world.sql();
        // A worker that is gone holds what it had for another minute: let that minute be over.
        sql.run("UPDATE deliveries SET lease_until = 1 WHERE state = 'attempting'");
        sql.run("UPDATE jobs SET lease_until = 0 WHERE state = 'running'");
    }
    let server = world.serve();
    until("the send to end", || (state(world) == "finished").then_some(()));
    server.stop();
    under_way
}

on_both_engines! {
    fn what_must_arrive_arrives_however_often_the_program_is_killed(engine) {
        let (kills, people) = (number("COMMONWEAL_MAIL_KILLS", KILLS), number("COMMONWEAL_MAIL_PEOPLE", PEOPLE));
        let mut chance = Chance::new(number("COMMONWEAL_SEED", 20_261_130));
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("arrived");
        let mail = MailServer::start(&log, &[]);
        let world = body(engine, mail.port(), people);
        let send = plan(&world, "service", None);
        let under_way = under_kills(&world, &mail, &send, kills, &mut chance);
        let all = reconciled(&world, &send);
        assert_eq!(all["reconciliation"]["handed_over"], people, "{all}");
        let arrived = arrived(&log);
        assert_eq!(arrived.len() as u64, people, "nobody is left out");
        let twice: u64 = arrived.values().map(|ids| ids.len() as u64 - 1).sum();
        assert!(twice <= under_way, "{twice} came twice, {under_way} were under way");
        for (to, ids) in &arrived {
            let one: BTreeSet<&String> = ids.iter().collect();
            assert_eq!(one.len(), 1, "{to} got it under several Message-IDs");
        }
        say(&format!(
            "mail on {engine:?}, lane service: {kills} kills, {people} people, 0 lost, {twice} twice of {under_way} under way\n"
        ));
    }

    fn what_people_asked_for_never_arrives_twice_however_often_the_program_is_killed(engine) {
        let (kills, people) = (number("COMMONWEAL_MAIL_KILLS", KILLS), number("COMMONWEAL_MAIL_PEOPLE", PEOPLE));
        let mut chance = Chance::new(number("COMMONWEAL_SEED", 20_261_201));
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("arrived");
        let mail = MailServer::start(&log, &[]);
        let world = body(engine, mail.port(), people);
        agree(&world);
        let send = plan(&world, "news", Some("street"));
        let under_way = under_kills(&world, &mail, &send, kills, &mut chance);
        let all = reconciled(&world, &send);
        let number = |key: &str| all["reconciliation"][key].as_u64().expect("a count");
        let not_known = number("not_known");
        assert_eq!(number("handed_over") + not_known, people, "{all}");
        assert!(not_known <= under_way, "{not_known} not known, {under_way} were under way");
        let arrived = arrived(&log);
        assert!(arrived.values().all(|ids| ids.len() == 1), "somebody got it twice");
        let missing = people - arrived.len() as u64;
        assert!(missing <= not_known, "{missing} did not arrive, {not_known} are not known");
        say(&format!(
            "mail on {engine:?}, lane news: {kills} kills, {people} people, 0 twice, {not_known} not known of {under_way} under \
             way, {missing} of them did not arrive\n"
        ));
    }

    fn whoever_is_told_to_stop_finishes_what_is_under_way(engine) {
        let people = 600;
        let mut chance = Chance::new(number("COMMONWEAL_SEED", 20_261_202));
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("arrived");
        let mail = MailServer::start(&log, &[]);
        let world = body(engine, mail.port(), people);
        agree(&world);
        let send = plan(&world, "news", Some("street"));
        for _ in 0..4 {
            let server = world.serve();
            let before = mail.sink.accepted();
            until("messages to arrive", || (mail.sink.accepted() > before || state(&world) == "finished").then_some(()));
            let_pass(chance.span(SOONEST, LATEST));
            server.stop();
            assert_eq!(attempting(&world), 0, "something was left under way");
            let all = reconciled(&world, &send);
            assert_eq!(all["reconciliation"]["handed_over"], mail.sink.accepted(), "{all}");
        }
        let server = world.serve();
        until("the send to end", || (state(&world) == "finished").then_some(()));
        server.stop();
        let all = reconciled(&world, &send);
        assert_eq!(all["reconciliation"]["handed_over"], people, "{all}");
        assert!(arrived(&log).values().all(|ids| ids.len() == 1), "somebody got it twice");
    }

    fn refusals_lost_answers_and_a_server_that_is_away_leave_everybody_accounted_for(engine) {
        let people = 300;
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("arrived");
        let rules = ["rcpt:550:p1*", "rcpt:451:5%", "message:lost:3%", "mail:421:after 40", "message:drop:2%"];
        let mail = MailServer::behaving(Behaviour {
            delay: DELAY,
            log: Some(log.clone()),
            rules: rules.iter().map(|rule| rule.parse().expect("a rule")).collect(),
            greylist: true,
            ..Behaviour::default()
        });
        let world = body(engine, mail.port(), people);
        mail.sink.set_up(false);
        let send = plan(&world, "service", None);
        let server = world.serve();
        until("the send to be planned", || (state(&world) == "running").then_some(()));
        let_pass(Duration::from_secs(1));
        mail.sink.set_up(true);
        // What was lost or refused for now comes again after a minute: let that minute be over, again and again.
        until("the send to end", || {
            world.sql().run("UPDATE deliveries SET due_at = 1 WHERE state = 'planned' AND reason = 'retry'");
            let_pass(Duration::from_millis(200));
            (state(&world) == "finished").then_some(())
        });
        server.stop();
        let all = reconciled(&world, &send);
        // p1, p10 to p19, p100 to p199.
        assert_eq!(all["reconciliation"]["failed"]["refused"], 111, "{all}");
        assert_eq!(all["reconciliation"]["handed_over"], people - 111, "{all}");
        assert_eq!(arrived(&log).len() as u64, people - 111);
    }
}
