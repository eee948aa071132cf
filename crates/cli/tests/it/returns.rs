//! The whole circle with servers of others: our message goes out by Postfix, is refused where it should have gone, the report comes
//! back to the address of this one message, lies in a mailbox of Dovecot, is told of, read, and changes what stands in the ledger.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use commonweal_mailer::sink::{Behaviour, Sink};
use commonweal_testkit::dovecot::{Dovecot, PASSWORD, free_port, is_root};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::support::{Engine, World, on_both_engines, text, until};

/// Where Debian has it.
const POSTFIX: &str = "/usr/sbin/postfix";

/// A mail server that hands mail for one domain to a port, and puts what comes back into mailboxes.
struct Postfix {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Postfix {
    fn start(next: u16, lmtp: u16) -> Self {
        assert!(Path::new(POSTFIX).exists(), "Postfix is not installed: scripts/setup.sh test does that");
        let folder = tempfile::Builder::new().prefix("postfix").tempdir().expect("a folder");
        let (path, port) = (folder.path(), free_port());
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("set");
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {base}/queue\ndata_directory = {base}/data\n\
             daemon_directory = /usr/lib/postfix/sbin\ncommand_directory = /usr/sbin\nmail_owner = postfix\nsetgid_group = postdrop\n\
             myhostname = mx.body.test\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmydestination =\nmynetworks = 127.0.0.0/8\n\
             alias_maps =\nlocal_recipient_maps =\nsmtp_dns_support_level = disabled\nsmtp_host_lookup = native\n\
             transport_maps = inline:{{ example.net=smtp:[127.0.0.1]:{next} }}\nvirtual_mailbox_domains = body.test\n\
             virtual_mailbox_maps = static:any\nvirtual_transport = lmtp:inet:127.0.0.1:{lmtp}\nrecipient_delimiter = +\n\
             maillog_file = /dev/stdout\nsmtpd_tls_security_level = none\nsmtp_tls_security_level = none\n",
            base = path.display(),
        );
        let services = [
            "pickup unix n - n 60 1 pickup",
            "cleanup unix n - n - 0 cleanup",
            "qmgr unix n - n 300 1 qmgr",
            "rewrite unix - - n - - trivial-rewrite",
            "bounce unix - - n - 0 bounce",
            "defer unix - - n - 0 bounce",
            "trace unix - - n - 0 bounce",
            "flush unix n - n 1000? 0 flush",
            "proxymap unix - - n - - proxymap",
            "smtp unix - - n - - smtp",
            "lmtp unix - - n - - lmtp",
            "relay unix - - n - - smtp",
            "error unix - - n - - error",
            "retry unix - - n - - error",
            "anvil unix - - n - 1 anvil",
            "scache unix - - n - 1 scache",
            "postlog unix-dgram n - n - 1 postlogd",
        ];
        fs::write(path.join("main.cf"), main).expect("written");
        let master = format!("127.0.0.1:{port} inet n - n - - smtpd\n{}\n", services.join("\n"));
        fs::write(path.join("master.cf"), master).expect("written");
        for name in ["queue", "data"] {
            fs::create_dir(path.join(name)).expect("made");
        }
        let owned = Command::new("chown").arg("postfix").arg(path.join("data")).status().expect("chown runs");
        assert!(owned.success());
        let log =
            || -> Stdio { fs::File::options().create(true).append(true).open(path.join("log")).expect("a log").into() };
        let child = Command::new(POSTFIX)
            .arg("-c")
            .arg(path)
            .arg("start-fg")
            .stdin(Stdio::null())
            .stdout(log())
            .stderr(log())
            .spawn()
            .expect("Postfix runs");
        let started = Self { child, port, folder };
        until("Postfix to be there", || TcpStream::connect(("127.0.0.1", port)).ok());
        started
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let mut stop = Command::new(POSTFIX);
        stop.arg("-c").arg(self.folder.path()).arg("stop").stdout(Stdio::null()).stderr(Stdio::null());
        let _ = stop.status();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The world out there: whoever begins with `gone` is refused, the others get what is sent.
struct Outside {
    _runtime: Runtime,
    sink: Sink,
    postfix: Postfix,
    dovecot: Dovecot,
}

impl Outside {
    fn start() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let rules = vec!["rcpt:551:gone*".parse().expect("a rule")];
        let behaviour = Behaviour { keep: true, rules, ..Behaviour::default() };
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let sink = runtime.block_on(Sink::start(any, behaviour)).expect("a port");
        let dovecot = Dovecot::start(None, "");
        let postfix = Postfix::start(sink.address().port(), dovecot.lmtp);
        Self { _runtime: runtime, sink, postfix, dovecot }
    }

    /// Somebody out there writes to an address, by Postfix as all mail comes.
    fn write(&self, from: &str, to: &str, message: &str) {
        let stream = TcpStream::connect(("127.0.0.1", self.postfix.port)).expect("Postfix is there");
        let mut answers = BufReader::new(stream.try_clone().expect("two halves")).lines();
        let mut stream = stream;
        let mut answer = |wanted: &str| loop {
            let line = answers.next().expect("an answer").expect("a line");
            if line.as_bytes().get(3) != Some(&b'-') {
                assert!(line.starts_with(wanted), "{line}");
                return;
            }
        };
        answer("220");
        let message = message.replace('\n', "\r\n");
        for (said, wanted) in [
            ("EHLO example.net".to_owned(), "250"),
            (format!("MAIL FROM:<{from}>"), "250"),
            (format!("RCPT TO:<{to}>"), "250"),
            ("DATA".to_owned(), "354"),
            (format!("{message}\r\n."), "250"),
        ] {
            write!(stream, "{said}\r\n").expect("written");
            answer(wanted);
        }
    }

    /// The headers of the last message to somebody, each in one line.
    fn headers(&self, to: &str) -> Vec<String> {
        let message = until("the message to arrive", || {
            self.sink.messages().into_iter().rfind(|m| m.to.starts_with(to)).map(|m| m.message)
        });
        let text = String::from_utf8(message).expect("UTF-8");
        let head = text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ").replace("\r\n\t", " ");
        head.lines().map(str::to_owned).collect()
    }

    fn header(&self, to: &str, name: &str) -> String {
        let all = self.headers(to);
        let value = all.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        value.unwrap_or_else(|| panic!("no {name}: {all:?}")).to_owned()
    }
}

fn body(engine: Engine, outside: &Outside) -> World {
    let world = World::new(engine);
    fs::create_dir_all(world.data()).expect("a folder");
    let config = "[server]\npublic_url = \"https://voice.body.test\"\n";
    fs::write(world.data().join("commonweal.toml"), config).expect("written");
    let server = format!("127.0.0.1:{}", outside.postfix.port);
    world.must(&[
        "sender",
        "add",
        "mail",
        "--smtp",
        &server,
        "--security",
        "none",
        "--from",
        "voice@body.test",
        "--return-to",
        "returns@body.test",
    ]);
    let password = world.write("password", format!("{PASSWORD}\n"));
    let imap = format!("127.0.0.1:{}", outside.dovecot.imap);
    world.must(&[
        "mailbox",
        "add",
        "Returns",
        "--imap",
        &imap,
        "--security",
        "none",
        "--user",
        "returns",
        "--password-file",
        text(&password),
        "--done-folder",
        "Done",
    ]);
    let said = world.must(&["mailbox", "test", "returns"]);
    assert!(said.contains("tells of new messages at once"), "{said}");
    let mut list = String::from("id,given_names,surname,email\n");
    for name in ["ann", "bea", "cat", "gone"] {
        writeln!(list, "{name},{name},Example{name},{name}@example.net").expect("a string");
    }
    let file = world.write("people.csv", list);
    world.must(&["people", "import", text(&file), "--source", "list"]);
    let mut sql = world.sql();
    sql.run(
        "INSERT INTO topics (key, name, description, name_cy, description_cy, lane, open, version) \
         VALUES ('street', 'Your street', '', 'Eich stryd', '', 'news', TRUE, 1)",
    );
    sql.run(
        "INSERT INTO consents (id, record_id, topic, channel, agreed, at, told_by, how, wording, version) \
         SELECT id, id, 'street', 'email', TRUE, 1700000000000000, 'person', 'rang', '', 1 FROM records",
    );
    world
}

/// Plans a send and waits until it is over; its id.
fn send(world: &World, lane: &str, topic: Option<&str>) -> String {
    let message = world.write("message.md", "Dear ((first name)),\n\nthe road will be closed.\n");
    let audience = world.write("audience.json", r#"{"reach": ["email"]}"#);
    let mut arguments = vec!["send", text(&message), "--sender", "mail", "--subject", "Road works", "--lane", lane];
    arguments.extend(["--audience", text(&audience), "--json"]);
    arguments.extend(topic.iter().flat_map(|topic| ["--topic", topic]));
    let id = world.json(&arguments)["id"].as_str().expect("an id").to_owned();
    until("the send to end", || (became(world, &id)["state"] == "finished").then_some(()));
    id
}

fn became(world: &World, id: &str) -> Value {
    let all = world.json(&["deliveries", "reconcile", id, "--json"]);
    assert_eq!(all["adds_up"], true, "{all}");
    all
}

/// Outcomes of what came back, newest first.
fn outcomes(world: &World) -> Vec<String> {
    let lines = world.must(&["returns", "list", "--json"]);
    let of =
        |line: &str| serde_json::from_str::<Value>(line).expect("JSON")["outcome"].as_str().expect("a key").to_owned();
    lines.lines().map(of).collect()
}

on_both_engines! {
    fn what_comes_back_changes_what_stands_in_the_ledger(engine) {
        if !is_root() {
            return;
        }
        let outside = Outside::start();
        let world = body(engine, &outside);
        let server = world.serve();
        let first = send(&world, "news", Some("street"));
        let came = |n: usize| {
            until(&format!("mail {n} to be read"), || {
                let all = outcomes(&world);
                (all.len() == n).then(|| all[0].clone())
            })
        };
        assert_eq!(came(1), "hard_bounce", "{}", outside.postfix.log());
        let all = became(&world, &first);
        assert_eq!((&all["reconciliation"]["handed_over"], &all["reconciliation"]["bounced"]), (&4.into(), &1.into()), "{all}");

        // Each message has addresses of its own.
        let paths: Vec<String> = outside.sink.messages().into_iter().map(|m| m.from).collect();
        assert!(paths.len() == 3 && paths.iter().all(|from| from.starts_with("returns+b") && from.ends_with("@body.test")), "{paths:?}");
        let deliver = |to: &str, raw: &str| {
            let from = raw.strip_prefix("From: ").and_then(|rest| rest.lines().next()).expect("a sender");
            outside.write(from, to, raw);
        };
        let id = |to: &str| outside.header(to, "Message-ID");
        let path = |to: &str| outside.sink.messages().into_iter().find(|m| m.to.starts_with(to)).expect("a message").from;
        deliver(
            "voice@body.test",
            "From: eve@example.com\nTo: voice@body.test\nSubject: nothing of ours, in another mailbox\n\nHello\n",
        );
        deliver(
            &path("ann"),
            &format!(
                "From: ann@example.net\nTo: {}\nMessage-ID: <1@example.net>\nAuto-Submitted: auto-replied\nSubject: Out of office\n\nI am away.\n",
                path("ann")
            ),
        );
        assert_eq!(came(2), "noted");
        deliver(
            "returns@body.test",
            &format!(
                "From: ann@example.net\nTo: returns@body.test\nMessage-ID: <2@example.net>\nIn-Reply-To: {}\nSubject: Re: Road works\n\n\
                 This is terrible, I am very angry.\n\nOn 3 Apr 2026, at 16:19, Anytown <voice@body.test> wrote:\n> Dear ann\n",
                id("ann")
            ),
        );
        assert_eq!(came(3), "answered");
        deliver(
            "returns@body.test",
            &format!(
                "From: fbl@provider.example\nTo: returns@body.test\nMessage-ID: <3@provider.example>\nSubject: complaint\nMIME-Version: 1.0\n\
                 Content-Type: multipart/report; report-type=feedback-report; boundary=\"x\"\n\n--x\nContent-Type: text/plain\n\nUnwanted.\n\
                 --x\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n\n\
                 --x\nContent-Type: text/rfc822-headers\n\nFrom: voice@body.test\nMessage-ID: {}\n\n--x--\n",
                id("bea")
            ),
        );
        assert_eq!(came(4), "complained");
        let ways = outside.header("cat", "List-Unsubscribe");
        let leave = ways.split("<mailto:").nth(1).and_then(|rest| rest.split(['?', '>']).next()).expect("an address");
        assert!(ways.contains("<https://") && leave.starts_with("returns+u"), "{ways}");
        deliver(leave, &format!("From: cat@example.net\nTo: {leave}\nMessage-ID: <4@example.net>\nSubject: unsubscribe\n\n"));
        assert_eq!(came(5), "unsubscribed");
        server.stop();

        let text_of: Vec<String> = world.sql().texts("SELECT text FROM comments");
        assert_eq!(text_of, ["This is terrible, I am very angry."]);
        assert_eq!(world.sql().number("SELECT count(*) FROM contacts WHERE direction = 'in' AND record_id IS NOT NULL"), 1);
        let server = world.serve();
        let second = became(&world, &send(&world, "news", Some("street")));
        assert_eq!(second["reconciliation"]["handed_over"], 1, "{second}");
        assert_eq!(
            second["reconciliation"]["skipped"],
            serde_json::json!({"complaint": 1, "hard_bounce": 1, "no_consent": 1}),
            "{second}"
        );
        // The same as files is the same: nothing counts twice.
        let same = world.write("same.eml", format!("From: cat@example.net\nTo: {leave}\nMessage-ID: <4@example.net>\nSubject: unsubscribe\n\n"));
        let again = world.json(&["returns", "read", text(&same), "--json"]);
        assert_eq!((&again["new"], &again["outcome"]), (&false.into(), &"unsubscribed".into()));
        assert_eq!(outcomes(&world).len(), 5);
        server.stop();
        let read = world.must(&["mailbox", "read", "returns"]);
        assert!(read.starts_with("0 messages"), "{read}");
        let refused = world.refused(&["mailbox", "read", "elsewhere"]);
        assert!(refused.contains("There are “Returns”."), "{refused}");
    }
}
