//! A command that takes a file in is killed: what it brought can be taken out at once, and a server goes on with it.

use std::path::Path;
use std::process::Stdio;

use uuid::Uuid;

use crate::support::{Engine, World, on_both_engines, text, until};

const ROWS: u64 = 20_000;

/// Kills `commonweal import` when some rows are in; the import.
fn kill(world: &World, path: &Path) -> Uuid {
    let through = "SELECT CAST(COALESCE(max(through_row), 0) AS BIGINT) FROM imports WHERE state = 'running'";
    let mut child = world
        .command(&["import", text(path)])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the import starts");
    until("some rows to be in", || {
        let ready = world.data().join("imports").exists();
        (ready && world.sql().number(through) > 0).then_some(())
    });
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    let mut sql = world.sql();
    assert!(
        sql.number("SELECT imported FROM imports WHERE state = 'running'") < ROWS.cast_signed(),
        "it was too quick"
    );
    sql.ids("SELECT id FROM imports WHERE state = 'running'")[0]
}

on_both_engines! {
    fn a_killed_import_can_be_undone_at_once_and_is_taken_over_by_a_server(engine) {
        let world = World::new(engine);
        // The database is there before anybody looks into it.
        let key = world.key();
        let mut csv = "at,comment\n".to_owned();
        for n in 0..ROWS {
            csv.push_str(&format!("2024-02-01,Number {n}\n"));
        }
        let path = world.write("long.csv", csv);
        let import = kill(&world, &path).to_string();
        world.must(&["import", "--undo", &import]);
        assert_eq!(world.counted(), 0);
        assert_eq!(world.sql().number("SELECT count(*) FROM feedback"), 0);

        kill(&world, &path);
        // Whoever held it is gone for as long as a lease lasts.
        world.sql().run("UPDATE jobs SET lease_until = 0 WHERE state = 'running'");
        let server = world.serve();
        until("a server to end it", || {
            (world.sql().number("SELECT count(*) FROM imports WHERE state = 'done'") == 1).then_some(())
        });
        let client = server.client(&key);
        until("the index to have followed", || {
            let count = client.get("/api/v1/query").expect("an answer").json()["total"]["count"].as_u64();
            (count == Some(ROWS)).then_some(())
        });
        server.stop();
    }
}

#[test]
fn a_file_that_somebody_else_has_locked_is_imported() {
    let world = World::new(Engine::Sqlite);
    let path = world.file("mine.csv");
    std::fs::write(&path, "Date,Comment\n2024-03-01,The lift is broken\n").expect("written");
    // Another body imports the same file, or an editor has it open.
    let held = std::fs::File::open(&path).expect("it is there");
    held.lock().expect("nobody else has it");
    let said: serde_json::Value =
        serde_json::from_str(world.must(&["import", text(&path), "--json"]).trim()).expect("JSON");
    assert_eq!(said["imported"], 1, "{said}");
}
