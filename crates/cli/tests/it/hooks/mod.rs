//! Web hooks of a server that is killed again and again, received by a program of others that verifies each
//! signature: everything that happened arrives, and what arrives twice says so by its id.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::chance::{Chance, let_pass};
use crate::support::http::Client;
use crate::support::{Engine, Server, World, checkout, on_both_engines, text, until};

const EMAIL: &str = "admin@example.org";
const PASSWORD: &str = "correct horse battery";
/// Feedback handed in while each server lives, and how many servers are killed.
const EACH: usize = 15;
const KILLS: u64 = 5;

/// The receiver as a process.
struct Receiver {
    child: Child,
    port: u16,
    secret: PathBuf,
    log: PathBuf,
}

impl Receiver {
    fn start(world: &World) -> Self {
        let python = checkout(".cache/standardwebhooks/bin/python");
        assert!(python.exists(), "the receiver of web hooks is not installed: scripts/setup.sh test does that");
        let (secret, log) = (world.write("secret", ""), world.file("received"));
        let mut child = Command::new(python)
            .arg(checkout("crates/cli/tests/it/hooks/receiver.py"))
            .args([&secret, &log])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python runs");
        let mut port = String::new();
        let out = child.stdout.take().expect("it is piped");
        BufReader::new(out).read_line(&mut port).expect("it says its port");
        Self { child, port: port.trim().parse().expect("a port"), secret, log }
    }

    /// What has arrived so far.
    fn received(&self) -> Vec<Value> {
        let lines = std::fs::read_to_string(&self.log).unwrap_or_default();
        // The last line may be half written.
        lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // It serves for ever.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(world: &World) -> Server {
    let mut command = world.command(&[]);
    command.env("COMMONWEAL__HOOKS__ALLOW_PRIVATE", "true");
    let server = world.spawn_server(command);
    server.wait_until_ready();
    server
}

/// Signs in as the administrator; gives the cookie.
pub(crate) fn signed_in(world: &World, client: &Client) -> String {
    let password = world.write("password", PASSWORD);
    let mut create = world.command(&["admin", "user", "create", EMAIL, "--duty", "administrator", "--password-stdin"]);
    let created = create.stdin(std::fs::File::open(password).expect("there")).output().expect("it runs");
    assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stderr));
    let form = format!("email={}&password={}", EMAIL.replace('@', "%40"), PASSWORD.replace(' ', "+"));
    let answer = post(client, "", "/sign-in", &form);
    assert_eq!(answer.0, 303, "{}", answer.1);
    let set = answer.1.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    set.split(';').next().unwrap_or_default().to_owned()
}

/// Sends a form; gives the status, and the head and body of the answer.
fn post(client: &Client, cookie: &str, path: &str, form: &str) -> (u16, String) {
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("cookie", cookie), ("sec-fetch-site", "same-origin")];
    let answer = client.send("POST", path, &headers, form).expect("an answer");
    (answer.status, format!("{}\n{}", answer.head, answer.body))
}

fn add_hook(world: &World, client: &Client, receiver: &Receiver) {
    let cookie = signed_in(world, client);
    let address = format!("http%3A%2F%2F127.0.0.1%3A{}%2Fhook", receiver.port);
    let (status, page) =
        post(client, &cookie, "/settings/hooks", &format!("name=Test&address={address}&kinds=feedback.received"));
    assert_eq!(status, 200, "{page}");
    let secret = page.split("whsec_").nth(1).and_then(|rest| rest.split('<').next()).expect("the secret is shown");
    std::fs::write(&receiver.secret, format!("whsec_{secret}")).expect("written");
    let again = client.send("GET", "/settings/hooks", &[("cookie", &cookie)], "").expect("an answer");
    assert!(again.status == 200 && !again.body.contains("whsec_"), "the secret is shown once");
}

/// The feedback that events speak of, as the database has them.
fn happened(world: &World) -> BTreeSet<String> {
    let sql = "SELECT subject FROM events WHERE kind = 'feedback.received'";
    world.sql().texts(sql).into_iter().collect()
}

on_both_engines! {
    fn every_event_arrives_signed_whatever_is_killed(engine) {
        let world = World::new(engine);
        let receiver = Receiver::start(&world);
        let mut chance = Chance::new(7);
        let mut server = serve(&world);
        let key = world.key();
        add_hook(&world, &server.client(""), &receiver);
        let mut acknowledged = BTreeSet::new();
        for kill in 0..=KILLS {
            let client = server.client(&key);
            for n in 0..EACH {
                let body = json!({"rating": 1 + n % 5, "service": "Bins", "comment": format!("Late {kill} {n}")});
                let answer = client.submit(&body, None).expect("nobody has killed it yet");
                assert_eq!(answer.status, 201, "{}", answer.body);
                let id = answer.json()["items"][0]["id"].as_str().expect("an id").to_owned();
                acknowledged.insert(format!("feedback:{id}"));
            }
            if kill < KILLS {
                // In the middle of sending, before it or after it.
                let_pass(chance.span(Duration::from_millis(1), Duration::from_millis(400)));
                server.kill();
                server = serve(&world);
            }
        }
        assert_eq!(happened(&world), acknowledged, "the feed holds what was acknowledged");
        until("all to be delivered", || {
            let mut sql = world.sql();
            let in_state = |state: &str| format!("SELECT count(*) FROM hook_deliveries WHERE state = '{state}'");
            let all = i64::try_from(acknowledged.len()).expect("few");
            (sql.number(&in_state("delivered")) == all && sql.number(&in_state("pending")) == 0).then_some(())
        });
        server.stop();

        let received = receiver.received();
        let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let (mut refused, mut taken) = (BTreeSet::new(), BTreeSet::new());
        for line in &received {
            assert_eq!(line["verified"], true, "{line}");
            let id = line["id"].as_str().expect("an id").to_owned();
            let event = &line["event"];
            assert_eq!(event["type"], "feedback.received");
            assert_eq!(event["data"]["service"], "bins");
            let subject = event["data"]["subject"].as_str().expect("a subject").to_owned();
            assert_eq!(subject, format!("feedback:{}", event["data"]["feedback"].as_str().expect("an id")));
            ids.entry(subject).or_default().insert(id.clone());
            if line["refused"] == true { refused.insert(id) } else { taken.insert(id) };
        }
        let arrived: BTreeSet<String> = ids.keys().cloned().collect();
        assert_eq!(arrived, acknowledged, "none is lost, and nothing else arrives");
        assert!(ids.values().all(|ids| ids.len() == 1), "what is sent again has the id that it had: {ids:?}");
        assert!(!refused.is_empty() && refused.is_subset(&taken), "what was refused was sent again and taken");
        assert!(!server_log_has_secret(&world), "no secret is in the log");
    }

    fn an_open_page_does_not_keep_the_server_from_ending(engine) {
        let world = World::new(engine);
        let server = serve(&world);
        let cookie = signed_in(&world, &server.client(""));
        let mut stream = std::net::TcpStream::connect(server.address).expect("it listens");
        let request = format!("GET /events HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\n\r\n", server.address);
        std::io::Write::write_all(&mut stream, request.as_bytes()).expect("sent");
        let mut head = BufReader::new(stream);
        let mut first = String::new();
        head.read_line(&mut first).expect("an answer");
        assert_eq!(first.trim(), "HTTP/1.1 200 OK");
        server.stop();
        let log = std::fs::read_to_string(world.file("server.log")).expect("a log");
        assert!(log.contains("stopped") && !log.contains("cut off"), "{log}");
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut head, &mut rest).expect("the answer ends and does not break off");
        assert!(rest.to_ascii_lowercase().contains("x-accel-buffering: no"), "{rest}");
    }
}

fn server_log_has_secret(world: &World) -> bool {
    let log = world.file("server.log");
    let log = std::fs::read_to_string(text(&log)).expect("a log");
    log.contains("whsec_")
}
