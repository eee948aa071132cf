//! An older copy of the database under an index that has followed further: nothing is counted that is not there,
//! nothing that is there is missed, and it is said.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Engine, World, on_both_engines, text};

/// A file of comments with one word in each.
fn comments(world: &World, word: &str, rows: u32) -> PathBuf {
    let mut csv = "at,comment\n".to_owned();
    for n in 0..rows {
        csv.push_str(&format!("2024-02-{:02},The {word} was number {n} today\n", n % 28 + 1));
    }
    world.write(&format!("{word}.csv"), csv)
}

fn import(world: &World, word: &str, rows: u32) {
    let file = comments(world, word, rows);
    world.must(&["import", text(&file)]);
}

fn with_word(world: &World, word: &str) -> u64 {
    world.json(&["query", "-q", word, "--json"])["total"]["count"].as_u64().expect("a count")
}

/// The server and the schema of a body on PostgreSQL.
fn server(world: &World) -> (String, String) {
    let url = world.url();
    let (server, schema) = url.rsplit_once("schema=").expect("the address names a schema");
    (server.trim_end_matches(['?', '&']).to_owned(), schema.to_owned())
}

fn run(command: &mut Command) {
    let output = command.output().expect("the programs of PostgreSQL are installed");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Copies the database as an administrator does beside the program.
fn copy(world: &World, engine: Engine, to: &Path) {
    match engine {
        Engine::Sqlite => {
            fs::copy(world.data().join("commonweal.db"), to).expect("copied");
        }
        Engine::Postgres => {
            let (server, schema) = server(world);
            run(Command::new("pg_dump").args(["--no-owner", "--schema", &schema, "--file", text(to), &server]));
        }
    }
}

/// Puts the copy in the place of what is there.
fn put_back(world: &World, engine: Engine, from: &Path) {
    match engine {
        Engine::Sqlite => {
            for ending in ["", "-wal", "-shm"] {
                let _ = fs::remove_file(world.data().join(format!("commonweal.db{ending}")));
            }
            fs::copy(from, world.data().join("commonweal.db")).expect("copied");
        }
        Engine::Postgres => {
            let (server, schema) = server(world);
            let drop = format!("DROP SCHEMA {schema} CASCADE");
            run(Command::new("psql").args(["-q", "-v", "ON_ERROR_STOP=1", "-c", &drop, &server]));
            run(Command::new("psql").args([
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-o",
                "/dev/null",
                "-f",
                text(from),
                &server,
            ]));
        }
    }
}

/// A body with 20 comments, of which a copy was made, and 30 more, which were lost with the database.
fn lost(engine: Engine) -> World {
    let world = World::new(engine);
    world.must(&["admin", "user", "create", "ann@example.org", "--duty", "all"]);
    import(&world, "lift", 20);
    assert_eq!(world.counted(), 20);
    let kept = world.file("copy");
    copy(&world, engine, &kept);
    import(&world, "phantom", 30);
    assert_eq!((world.counted(), with_word(&world, "phantom")), (50, 30));
    put_back(&world, engine, &kept);
    world
}

on_both_engines! {
    fn an_index_that_is_ahead_of_its_store_is_not_believed(engine) {
        let world = lost(engine);
        let said = world.run(&["doctor"]);
        assert!(!said.success && said.out.contains("LOOK index: "), "{}", said.out);
        assert!(said.out.contains("an older copy of the database was put back"), "{}", said.out);
        assert_eq!((world.counted(), with_word(&world, "phantom"), with_word(&world, "lift")), (20, 0, 20));
        let said = world.must(&["doctor", "--deep"]);
        assert!(said.contains("ok   index: ") && said.contains("index history"), "{said}");
        assert!(said.contains("an older copy of the database was put back"), "{said}");
        assert!(said.contains("counts 20 feedback, the database holds 20"), "{said}");
    }

    fn what_comes_in_past_the_old_position_is_found_and_what_was_lost_is_not(engine) {
        let world = lost(engine);
        // Something else grows past the place that the index had reached, before the index sees it.
        let (index, aside) = (world.data().join("index"), world.file("aside"));
        fs::rename(&index, &aside).expect("moved");
        import(&world, "library", 45);
        fs::remove_dir_all(&index).expect("the one made meanwhile goes");
        fs::rename(&aside, &index).expect("moved back");
        let said = world.run(&["doctor"]);
        assert!(!said.success && said.out.contains("other changes than the index had followed"), "{}", said.out);

        let server = world.serve();
        let client = server.client(&world.key());
        let count = |query: &str| client.get(&format!("/api/v1/query{query}")).expect("an answer").json()["total"]["count"].clone();
        assert_eq!(count(""), 65);
        assert_eq!((count("?q=library"), count("?q=phantom")), (45.into(), 0.into()));
        server.stop();
        assert_eq!(world.counted(), 65);
        let said = world.must(&["doctor", "--deep"]);
        assert!(said.contains("index history") && said.contains("has grown since"), "{said}");
    }
}
