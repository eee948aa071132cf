//! The end of a server that still has a question in hand which would take it very long.

use std::fmt::Write;

use serde_json::json;

use crate::support::{Engine, World, text, until};

/// Distinct words of each side; every one of the public's is compared with every one of the body's.
const WORDS: usize = 40_000;

/// A word for each number, of letters only.
fn word(first: char, mut n: usize) -> String {
    let mut word = String::from(first);
    for _ in 0..4 {
        word.push(char::from(b'a' + (n % 26) as u8));
        n /= 26;
    }
    word
}

/// Comments in which each word is found. Fewer than the smallest group of a body, and none is compared.
const TIMES: usize = 12;

/// Comments in which each of many words stands so often.
fn comments() -> String {
    let mut csv = "at,comment\n".to_owned();
    let numbers: Vec<usize> = (0..WORDS).collect();
    for _ in 0..TIMES {
        for some in numbers.chunks(1_000) {
            csv.push_str("2024-02-29,");
            for n in some {
                write!(csv, "{} ", word('q', *n)).expect("written to memory");
            }
            csv.push('\n');
        }
    }
    csv
}

#[test]
fn a_question_that_would_take_very_long_does_not_keep_the_server_from_ending() {
    let world = World::new(Engine::Sqlite);
    let path = world.write("many-words.csv", comments());
    world.json(&["import", text(&path), "--json"]);
    let key = world.key();
    let mut command = world.command(&[]);
    command.env("COMMONWEAL__LIMITS__QUESTION_SECONDS", "86400");
    let server = world.spawn_server(command);
    server.wait_until_ready();

    let own: String = (0..WORDS).flat_map(|n| std::iter::repeat_n(word('x', n) + " ", 5)).collect();
    let client = server.client(&key);
    let asked = std::thread::spawn(move || {
        let body = json!({ "text": [own] }).to_string();
        client.send("POST", "/api/v1/words", &[("content-type", "application/json")], &body)
    });
    // The question is at work when the server has read more than it needs to be idle; then it is told to stop.
    let busy_since = server.ticks();
    until("the question to be worked on", || (server.ticks() > busy_since + 100).then_some(()));
    assert!(!asked.is_finished(), "the question is no longer in hand");
    server.stop();
    let answer = asked.join().expect("the client runs").expect("an answer came before the end");
    assert_eq!((answer.status, answer.json()["code"].as_str()), (503, Some("stopping")), "{answer:?}");
}

#[test]
fn a_question_that_takes_longer_than_it_may_is_given_up_with_what_to_do() {
    let world = World::new(Engine::Sqlite);
    let path = world.write("many-words.csv", comments());
    world.json(&["import", text(&path), "--json"]);
    let own: String = (0..WORDS).flat_map(|n| std::iter::repeat_n(word('x', n) + " ", 5)).collect();
    let own = world.write("own.txt", own);
    let mut command = world.command(&["query", "words", "--against", text(&own)]);
    let said = command.env("COMMONWEAL__LIMITS__QUESTION_SECONDS", "1").output().expect("the program runs");
    let error = String::from_utf8_lossy(&said.stderr);
    assert!(!said.status.success() && error.contains("longer than 1 seconds") && error.contains("Narrow"), "{error}");
}
