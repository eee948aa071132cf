//! Imports that are killed and go on: at the command line and as jobs of the server.

use std::process::Stdio;

use serde_json::Value;

use super::file::File;
use super::proof::{self, Kept};
use super::{LATEST, SOONEST};
use crate::support::chance::{Chance, let_pass};
use crate::support::{Server, World, text, until};

/// Good rows of each file: some transactions long.
const ROWS: u64 = 9_000;
/// Kills during one file; then it may end.
const KILLS_A_FILE: u64 = 4;

/// Kills imports at the command line as often as said; gives the number of rows taken in.
pub(super) fn at_the_command_line(world: &World, key: &str, kills: u64, chance: &mut Chance, kept: &mut Kept) -> u64 {
    let (mut killed, mut imported, mut files) = (0, 0, 0);
    while killed < kills {
        let file = File::new(&format!("c{files}"), ROWS, chance);
        files += 1;
        let path = world.write(&format!("file-{files}.csv"), &file.csv);
        // An id that comes twice is taken for something else unless somebody says that it is one. What
        // was said is kept for files with these headings, also for those that become jobs.
        let arguments = ["import", text(&path), "--map", "id=id", "--json"];
        // Tokens may be there from now on, but nobody has promised it.
        kept.unknown.extend(file.tokens.iter().cloned());
        let mut of_this = 0;
        while killed < kills && of_this < KILLS_A_FILE {
            let before = through(world);
            let mut child = world
                .command(&arguments)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("the import starts");
            // Half of the kills come while rows are being written, the others whenever.
            if chance.below(2) == 0 {
                until("the import to get on", || {
                    (through(world) > before || child.try_wait().expect("a status").is_some()).then_some(())
                });
            }
            let_pass(chance.span(SOONEST, LATEST));
            if child.try_wait().expect("a status").is_some() {
                // It was quicker than the kill. The next run says what came of it.
                break;
            }
            child.kill().expect("it can be killed");
            child.wait().expect("it ends");
            killed += 1;
            of_this += 1;
        }
        let summary = world.json(&arguments);
        ended(world, &summary, &file);
        promised(kept, &file);
        imported += file.tokens.len() as u64;
        proof::store_holds(world, kept);
    }
    proof::all(world, key, kept);
    imported
}

/// Kills the server while it takes in files that were handed in through the console.
pub(super) fn as_jobs(world: &World, key: &str, kills: u64, chance: &mut Chance, kept: &mut Kept) -> u64 {
    let email = "tests@example.org";
    let made = world.must(&["admin", "user", "create", email, "--duty", "listener", "--duty", "administrator"]);
    let password = made.split_whitespace().last().expect("a password").to_owned();
    let (mut killed, mut imported, mut files) = (0, 0, 0);
    while killed < kills {
        let file = File::new(&format!("j{files}"), ROWS, chance);
        files += 1;
        kept.unknown.extend(file.tokens.iter().cloned());
        let mut server = world.serve();
        let import = hand_in(&server, email, &password, &format!("job-{files}.csv"), &file);
        for _ in 0..KILLS_A_FILE.min(kills - killed) {
            let before = through(world);
            if chance.below(2) == 0 {
                until("the job to get on", || (through(world) > before || done(world, &import)).then_some(()));
            }
            let_pass(chance.span(SOONEST, LATEST));
            server.kill();
            killed += 1;
            // A worker that is gone holds its job for another minute: let that minute be over.
            world.sql().run("UPDATE jobs SET lease_until = 0 WHERE state = 'running'");
            server = world.serve();
        }
        until("the import to end", || done(world, &import).then_some(()));
        server.stop();
        let mut sql = world.sql();
        let column = |name: &str| format!("SELECT {name} FROM imports WHERE file_name = 'job-{files}.csv'");
        let summary: Value = ["rows", "imported", "duplicates", "rejected"]
            .iter()
            .map(|name| ((*name).to_owned(), Value::from(sql.number(&column(name)))))
            .collect::<serde_json::Map<_, _>>()
            .into();
        ended(world, &summary, &file);
        promised(kept, &file);
        imported += file.tokens.len() as u64;
        proof::store_holds(world, kept);
    }
    proof::all(world, key, kept);
    imported
}

/// Signs in, hands a file in and begins its import, as somebody does in a browser.
fn hand_in(server: &Server, email: &str, password: &str, name: &str, file: &File) -> String {
    let client = server.client("");
    let form = ("content-type", "application/x-www-form-urlencoded");
    let body = format!("email={}&password={password}", email.replace('@', "%40"));
    let signed_in = client.send("POST", "/sign-in", &[form], &body).expect("an answer");
    let cookie = header(&signed_in.head, "set-cookie").split(';').next().unwrap_or_default().to_owned();
    let cookie = ("cookie", cookie.as_str());
    let multipart = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: text/csv\r\n\r\n{}\r\n--edge--\r\n",
        file.csv
    );
    let kind = ("content-type", "multipart/form-data; boundary=edge");
    let taken = client.send("POST", "/listen/imports/new", &[kind, cookie], &multipart).expect("an answer");
    assert_eq!(taken.status, 303, "{}", taken.body);
    let place = header(&taken.head, "location");
    let begun = client.send("POST", &format!("{place}/begin"), &[form, cookie], "").expect("an answer");
    assert_eq!(begun.status, 303, "{}", begun.body);
    place.rsplit('/').next().expect("an id").to_owned()
}

fn header(head: &str, name: &str) -> String {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(given, _)| given.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().to_owned())
        .unwrap_or_else(|| panic!("no {name} in {head}"))
}

/// How far all imports together have come.
fn through(world: &World) -> i64 {
    world.sql().number("SELECT CAST(COALESCE(sum(through_row), 0) AS BIGINT) FROM imports")
}

fn done(world: &World, import: &str) -> bool {
    let id = import.replace('-', "");
    let mut sql = world.sql();
    let states = sql.texts(&format!("SELECT state FROM imports WHERE {} = '{id}'", sql.id_as_text("id")));
    assert_ne!(states, ["failed"], "the import failed");
    states == ["done"]
}

/// An import that was killed ends with the same totals as one that was not.
fn ended(world: &World, summary: &Value, file: &File) {
    let expected = [
        ("rows", file.rows),
        ("imported", file.tokens.len() as u64),
        ("duplicates", file.duplicates),
        ("rejected", file.rejected),
    ];
    for (name, number) in expected {
        assert_eq!(summary[name], number, "{name} in {summary}");
    }
    let rejected = "SELECT CAST(COALESCE(sum(rejected), 0) AS BIGINT) FROM imports";
    let mut sql = world.sql();
    assert_eq!(sql.number("SELECT count(*) FROM import_rejected"), sql.number(rejected), "every rejected row is kept");
}

/// The import has said that it is done: now all of it is promised.
fn promised(kept: &mut Kept, file: &File) {
    kept.unknown.retain(|token| !file.tokens.contains(token));
    kept.acknowledged.extend(file.tokens.iter().map(|token| (token.clone(), None)));
}
