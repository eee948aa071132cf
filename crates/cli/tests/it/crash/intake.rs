//! Clients that send, one of which is always cut off, and send again what nobody acknowledged.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::{Value, json};
use uuid::Uuid;

use super::proof::{self, Kept};
use super::{LATEST, SOONEST};
use crate::support::chance::{Chance, let_pass};
use crate::support::http::Client;
use crate::support::{World, until};

const CLIENTS: usize = 6;
/// After so many kills everything is proved; the proof costs more than a kill.
const PROVE_EVERY: u64 = 6;

/// One request: its key and its items.
#[derive(Clone)]
struct Request {
    key: String,
    tokens: Vec<String>,
    body: Value,
}

/// Somebody who sends.
struct Sender {
    name: usize,
    chance: Chance,
    sent: u64,
    /// Sent, and no answer came.
    open: VecDeque<Request>,
    /// Answered, with what was answered.
    done: Vec<(Request, Vec<Uuid>)>,
}

impl Sender {
    /// A request that was never sent: mostly one feedback, sometimes a batch.
    fn fresh(&mut self) -> Request {
        let items = if self.chance.below(4) == 0 { 2 + self.chance.below(20) } else { 1 };
        let mut tokens = Vec::new();
        let mut all = Vec::new();
        for _ in 0..items {
            let token = format!("tok{}x{}", self.name, self.sent);
            self.sent += 1;
            let mut item = json!({
                "id": token,
                "service": self.chance.of(&["Blue Badge", "Council tax", "Bins"]),
                "touchpoint": self.chance.of(&["Apply", "Wait"]),
                "channel": self.chance.of(&["web", "phone", "email"]),
                "rating": 1 + self.chance.below(5),
                "comment": format!("The upload of my photo {} {token}", self.chance.of(&["failed", "was slow", "went well"])),
                "attributes": {"age_band": self.chance.of(&["16-24", "25-64", "65+"])},
            });
            if self.chance.below(2) == 0 {
                item["device"] = json!(self.chance.of(&["phone", "desktop"]));
            }
            tokens.push(token);
            all.push(item);
        }
        let body = if items == 1 { all.remove(0) } else { Value::Array(all) };
        Request { key: format!("key-{}-{}", self.name, self.sent), tokens, body }
    }

    /// Sends until there is nobody any more who answers.
    fn send(&mut self, client: &Client, killed: &AtomicBool, acknowledged: &AtomicU64) {
        loop {
            // What is open goes first, with the key that it had.
            let request = match self.open.pop_front() {
                Some(request) => request,
                None if self.chance.below(12) == 0 && !self.done.is_empty() => {
                    if self.repeat(client).is_err() {
                        return;
                    }
                    continue;
                }
                None => self.fresh(),
            };
            match client.submit(&request.body, Some(&request.key)) {
                Ok(answer) if answer.status == 201 => {
                    let ids = ids(&answer.json());
                    assert_eq!(ids.len(), request.tokens.len(), "one receipt for each");
                    acknowledged.fetch_add(ids.len() as u64, Ordering::Relaxed);
                    self.done.push((request, ids));
                }
                // It is stopping or has too much to do: nothing was saved, it says.
                Ok(answer) if answer.status == 503 => self.open.push_back(request),
                Ok(answer) => panic!("{} for {}: {}", answer.status, request.body, answer.body),
                Err(e) => {
                    self.open.push_back(request);
                    assert!(killed.load(Ordering::Relaxed) || is_cut(&e), "the server went away by itself: {e}");
                    return;
                }
            }
        }
    }

    /// Sends something again that was acknowledged: the answer is the same, or, with another key,
    /// says that it was there already.
    fn repeat(&mut self, client: &Client) -> std::io::Result<()> {
        let (request, ids_then) = &self.done[self.chance.below(self.done.len() as u64) as usize];
        let answer = client.submit(&request.body, Some(&request.key))?;
        if answer.status == 201 {
            assert_eq!(ids(&answer.json()), *ids_then, "the same key gives the same answer");
        }
        let answer = client.submit(&request.body, None)?;
        if answer.status == 201 {
            let answer = answer.json();
            assert_eq!(ids(&answer), *ids_then, "the same id of the sender is the same feedback");
            let all = answer["items"].as_array().expect("items");
            assert!(all.iter().all(|item| item["duplicate"] == true), "{answer}");
        }
        Ok(())
    }
}

fn is_cut(e: &std::io::Error) -> bool {
    use std::io::ErrorKind as K;
    matches!(
        e.kind(),
        K::ConnectionRefused | K::ConnectionReset | K::UnexpectedEof | K::BrokenPipe | K::ConnectionAborted
    )
}

fn ids(answer: &Value) -> Vec<Uuid> {
    let items = answer["items"].as_array().unwrap_or_else(|| panic!("no receipts in {answer}"));
    items.iter().map(|item| item["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")).collect()
}

/// Kills the server under load as often as said, and gives the number of acknowledged feedback.
pub(crate) fn under_crashes(world: &World, key: &str, rounds: u64, chance: &mut Chance, kept: &mut Kept) -> u64 {
    let mut senders: Vec<Sender> = (0..CLIENTS)
        .map(|name| Sender {
            name,
            chance: Chance::new(chance.next()),
            sent: 0,
            open: VecDeque::new(),
            done: Vec::new(),
        })
        .collect();
    for round in 0..rounds {
        let server = world.serve();
        let client = server.client(key);
        let (killed, acknowledged) = (AtomicBool::new(false), AtomicU64::new(0));
        // Half of the kills come after the first acknowledgement of the round, the others whenever.
        let wait_for_one = chance.below(2) == 0;
        let span = chance.span(SOONEST, LATEST);
        std::thread::scope(|scope| {
            for sender in &mut senders {
                let (client, killed, acknowledged) = (client.clone(), &killed, &acknowledged);
                scope.spawn(move || sender.send(&client, killed, acknowledged));
            }
            if wait_for_one {
                until("an acknowledgement", || (acknowledged.load(Ordering::Relaxed) > 0).then_some(()));
            }
            let_pass(span);
            killed.store(true, Ordering::Relaxed);
            server.kill();
        });
        if round % PROVE_EVERY == PROVE_EVERY - 1 || round + 1 == rounds {
            note(&senders, kept);
            proof::store_holds(world, kept);
            let server = world.serve();
            proof::index_agrees(world, &server.client(key));
            server.kill();
        }
    }
    settle(world, key, &mut senders);
    note(&senders, kept);
    assert!(kept.unknown.is_empty());
    proof::all(world, key, kept);
    kept.acknowledged.len() as u64
}

/// Sends everything that is still open to a server that nobody kills.
fn settle(world: &World, key: &str, senders: &mut [Sender]) {
    let server = world.serve();
    let client = server.client(key);
    for sender in senders {
        while let Some(request) = sender.open.pop_front() {
            let answer = client.submit(&request.body, Some(&request.key)).expect("an answer");
            assert_eq!(answer.status, 201, "{}", answer.body);
            let ids = ids(&answer.json());
            sender.done.push((request, ids));
        }
    }
    server.stop();
}

fn note(senders: &[Sender], kept: &mut Kept) {
    kept.unknown.clear();
    for sender in senders {
        for (request, ids) in &sender.done {
            for (token, id) in request.tokens.iter().zip(ids) {
                kept.acknowledged.insert(token.clone(), Some(*id));
            }
        }
        kept.unknown.extend(sender.open.iter().flat_map(|request| request.tokens.iter().cloned()));
    }
}
