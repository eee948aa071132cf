//! Sending: how fast many are planned and handed over, beside what the mail server can take at all, and how long a single
//! message takes meanwhile.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use commonweal_mailer::sink::{Behaviour, Sink};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::population::{Engine, population};
use crate::process::{Program, Server};
use crate::results::{Quantiles, Results, Sending, median};
use crate::steps::Bench;

/// Connections of the sender, and of what it is compared with.
const CONNECTIONS: u32 = 30;
/// Messages of one run of `smtp-source`, and bytes of each.
const COMPARED: u32 = 20_000;
const BYTES: u32 = 3_000;
/// Seconds before measuring, and of measuring.
const WARM: Duration = Duration::from_secs(5);
const MEASURED: Duration = Duration::from_secs(30);
/// Single messages during the send.
const SINGLE: u64 = 200;
/// The longest that planning and the last single message may take.
const PATIENCE: Duration = Duration::from_secs(300);

const MESSAGE: &str = "Dear ((first name)),\n\n# Road works\n\nthe road in front of your house will be closed from Monday to \
    Friday.\n\n- Buses stop round the corner.\n- Bins are collected on Saturday.\n\nWe are sorry for the trouble, and thank you \
    for your patience while the water pipes below the road are made new. If you need help, ring us: we find a way.\n";

/// A mail server that takes all, in threads of its own.
struct MailServer {
    runtime: Runtime,
    sink: Sink,
    log: PathBuf,
}

impl MailServer {
    fn start(log: PathBuf) -> Result<Self> {
        let _ = std::fs::remove_file(&log);
        let runtime = Runtime::new()?;
        let behaviour = Behaviour { log: Some(log.clone()), ..Behaviour::default() };
        let sink = runtime.block_on(Sink::start(std::net::SocketAddr::from(([127, 0, 0, 1], 0)), behaviour))?;
        Ok(Self { runtime, sink, log })
    }

    fn address(&self) -> String {
        self.sink.address().to_string()
    }

    /// Messages a second that Postfix's own source of mail gets rid of here.
    fn compared(&self) -> Result<f64> {
        let before = self.sink.accepted();
        let began = Instant::now();
        let status = Command::new("smtp-source")
            .args(["-d", "-s", &CONNECTIONS.to_string(), "-m", &COMPARED.to_string(), "-l", &BYTES.to_string()])
            .args(["-f", "voice@example.org", "-t", "somebody@example.net", &self.address()])
            .stdout(Stdio::null())
            .status()
            .context("smtp-source can’t be run: it comes with Postfix.")?;
        let took = began.elapsed().as_secs_f64();
        let taken = self.sink.accepted() - before;
        if !status.success() || taken != u64::from(COMPARED) {
            bail!("smtp-source ended with {status}; {taken} of {COMPARED} messages arrived.");
        }
        Ok(f64::from(COMPARED) / took)
    }

    /// When what was sent to addresses of ours arrived, by their name before the @.
    fn arrived(&self) -> Result<HashMap<String, f64>> {
        let mut by = HashMap::new();
        for line in std::fs::read_to_string(&self.log)?.lines() {
            let mut parts = line.split('\t');
            if let (Some(to), Some(_), Some(at)) = (parts.next(), parts.next(), parts.next())
                && let Some(name) = to.strip_suffix("@single.example.net")
            {
                by.insert(name.to_owned(), at.parse::<f64>()? / 1e3);
            }
        }
        Ok(by)
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _within = self.runtime.enter();
        self.sink.set_up(false);
    }
}

/// Takes the measurement on both engines, as far as they are there.
pub(crate) async fn measure(bench: &Bench, results: &mut Results) -> Result<()> {
    for engine in Engine::ALL {
        let Some((program, size)) = population(bench, engine, bench.people).await? else { continue };
        // The mail server has a runtime of its own, which can't be waited for within this one.
        let measured = std::thread::scope(|scope| {
            let run = scope.spawn(|| one(bench, &program, engine, size.persons));
            run.join().unwrap_or_else(|_| bail!("Measuring broke off."))
        })?;
        eprintln!(
            "    {:8} {:.0} planned in {:.1} s; {:.0} a second, smtp-source {:.0}: ratio {:.2}; single messages p50 {:.0} ms, \
             p99 {:.0} ms; memory {} to {} MB; stopped in {:.1} s",
            measured.engine,
            measured.planned,
            measured.planning,
            measured.per_second,
            measured.compared,
            measured.per_second / measured.compared,
            measured.single.p50,
            measured.single.p99,
            measured.resident.0 / 1_000_000,
            measured.resident.1 / 1_000_000,
            measured.stopped,
        );
        results.sending.retain(|s| s.engine != engine.name());
        results.sending.push(measured);
    }
    Ok(())
}

fn one(bench: &Bench, program: &Program, engine: Engine, persons: u64) -> Result<Sending> {
    let mail = MailServer::start(bench.work.join("arrived.tsv"))?;
    let sender = prepare(bench, program, &mail)?;
    let before = mail.compared()?;
    let send = planned(bench, program, &sender)?;
    let key = program.key_with("messages:send")?;
    let (taken, began) = (mail.sink.accepted(), Instant::now());
    let server = program.serve()?;
    let planning = until("the send to be planned", || {
        let seen = reconciled(program, &send)?;
        Ok((seen["state"] == "running").then(|| began.elapsed().as_secs_f64()))
    })?;
    until("the first messages to arrive", || Ok((mail.sink.accepted() > taken).then_some(())))?;
    std::thread::sleep(WARM);
    let resident = server.memory()?.resident;
    let (from, began) = (mail.sink.accepted(), Instant::now());
    let asked = singles(&server, &key, &sender)?;
    let sent = mail.sink.accepted() - from - SINGLE;
    let per_second = sent as f64 / began.elapsed().as_secs_f64();
    let single = until("the last single message", || {
        let arrived = mail.arrived()?;
        let took: Option<Vec<f64>> = asked.iter().map(|(name, at)| Some((arrived.get(name)? - at).max(0.0))).collect();
        Ok(took)
    })?;
    let resident = (resident, server.memory()?.resident);
    let stopped = server.stop()?.as_secs_f64();
    let compared = median(&[before, mail.compared()?]);
    // Nobody is lost, and what the ledger says is what arrived.
    let seen = reconciled(program, &send)?;
    let count = |key: &str| seen["reconciliation"][key].as_u64().unwrap_or(0);
    let arrived = mail.sink.accepted() - taken - u64::from(COMPARED) - SINGLE;
    if seen["adds_up"] != true || count("handed_over") != arrived || count("not_known") != 0 {
        bail!("{arrived} messages of the send arrived, and the ledger says: {seen}");
    }
    program.run(&["deliveries", "cancel", &send])?;
    Ok(Sending {
        engine: engine.name().to_owned(),
        persons,
        planned: count("audience"),
        planning,
        per_second,
        compared,
        single: Quantiles::of(&single),
        resident,
        stopped,
    })
}

/// A sender with a key to sign with, new each time. Its name.
fn prepare(bench: &Bench, program: &Program, mail: &MailServer) -> Result<String> {
    let key = bench.work.join("dkim.pem");
    std::fs::write(&key, commonweal_mailer::new_ed25519_key()?)?;
    let config = format!(
        "[server]\npublic_url = \"https://voice.example.org\"\n\n[mail]\ndkim = [{}]\n",
        json!(format!("example.org:bench:{}", path(&key)?))
    );
    std::fs::write(program.data.join("commonweal.toml"), config)?;
    let name = format!("Measured {}", uuid::Uuid::now_v7());
    let (to, connections) = (mail.address(), CONNECTIONS.to_string());
    let add = ["sender", "add", &name, "--smtp", &to, "--security", "none", "--from", "voice@example.org"];
    program.run(&[&add[..], &["--connections", &connections]].concat())?;
    // Everything at once: how fast it goes is what is measured.
    program.run(&["deliveries", "rules", "--approval-above", "never", "--ramp-from", "never"])?;
    Ok(name)
}

/// A send to everybody who has an email address, which begins with the server. Its id.
fn planned(bench: &Bench, program: &Program, sender: &str) -> Result<String> {
    let (message, audience) = (bench.work.join("message.md"), bench.work.join("audience.json"));
    std::fs::write(&message, MESSAGE)?;
    std::fs::write(&audience, r#"{"reach": ["email"]}"#)?;
    let what = ["send", path(&message)?, "--sender", sender, "--subject", "Road works", "--lane", "service"];
    let ran = program.run(&[&what[..], &["--audience", path(&audience)?, "--json"]].concat())?;
    let planned: Value = serde_json::from_str(&ran.output)?;
    Ok(planned["id"].as_str().context("No send was planned.")?.to_owned())
}

fn reconciled(program: &Program, send: &str) -> Result<Value> {
    Ok(serde_json::from_str(&program.run(&["deliveries", "reconcile", send, "--json"])?.output)?)
}

/// Hands in single messages, spread over the time of measuring. To whom, and when each was handed in.
fn singles(server: &Server, key: &str, sender: &str) -> Result<Vec<(String, f64)>> {
    let mut client = server.client(key);
    let senders: Value = serde_json::from_slice(&client.send("GET", "/api/v1/senders", "application/json", b"")?.body)?;
    let mut all = senders["senders"].as_array().into_iter().flatten();
    let sender = all.find(|one| one["name"] == sender).context("The sender is not among those of the server.")?;
    let (began, mut asked) = (Instant::now(), Vec::new());
    let run = std::process::id();
    for n in 0..SINGLE {
        let due = MEASURED.mul_f64(n as f64 / SINGLE as f64);
        std::thread::sleep(due.saturating_sub(began.elapsed()));
        let name = format!("p{run}-{n}");
        let body = json!({
            "sender": sender["id"],
            "texts": {"en": {"subject": "Your code", "body": "Your code is ((code))."}},
            "recipients": [{"to": format!("{name}@single.example.net"), "values": {"code": n.to_string()}}],
        });
        let at = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs_f64();
        let answer = client.send("POST", "/api/v1/messages", "application/json", body.to_string().as_bytes())?;
        if !(200..300).contains(&answer.status) {
            bail!("A message was answered with {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        asked.push((name, at));
    }
    std::thread::sleep(MEASURED.saturating_sub(began.elapsed()));
    Ok(asked)
}

fn until<T>(what: &str, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let began = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if began.elapsed() > PATIENCE {
            bail!("Waited too long for {what}.");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn path(path: &Path) -> Result<&str> {
    path.to_str().context("The folder's name is not UTF-8.")
}
