//! What an operator does at the command line, from the first file to the move to another database.

use serde_json::{Value, json};

use crate::support::{Engine, Said, World, checkout, on_both_engines, text};

const SAMPLE: &str = "sample-data/nhs-friends-and-family.csv";

fn import_sample(world: &World) -> Value {
    world.json(&["import", text(&checkout(SAMPLE)), "--json"])
}

/// Lines of the report by value: `--group-by` as JSON.
fn groups(world: &World, by: &str) -> Vec<(String, Option<u64>)> {
    let answer = world.json(&["query", "--group-by", by, "--limit", "1000", "--json"]);
    let groups = answer["groups"].as_array().expect("groups");
    groups.iter().map(|g| (g["keys"][0].as_str().expect("a key").to_owned(), g["figures"]["count"].as_u64())).collect()
}

/// Everything by which two bodies can be told apart in counts.
fn fingerprint(world: &World) -> Value {
    json!({
        "total": world.counted(),
        "service": groups(world, "service"),
        "touchpoint": groups(world, "touchpoint"),
        "rating": groups(world, "rating"),
        "month": groups(world, "month"),
        "question": groups(world, "question"),
    })
}

on_both_engines! {
    fn a_file_is_imported_once_however_often_it_is_handed_in(engine) {
        let world = World::new(engine);
        let first = import_sample(&world);
        let (rows, imported) = (first["rows"].as_u64().expect("rows"), first["imported"].as_u64().expect("imported"));
        assert!(rows > 3_000, "{first}");
        assert_eq!(rows, imported + first["duplicates"].as_u64().expect("duplicates") + first["rejected"].as_u64().expect("rejected"));
        assert!(first["seconds"].as_f64().is_some_and(|s| s > 0.0), "{first}");
        assert_eq!(world.counted(), imported);
        let again = import_sample(&world);
        assert_eq!((again["imported"].as_u64(), again["duplicates"].as_u64()), (Some(0), Some(imported)), "{again}");
        assert_eq!(world.counted(), imported);
    }

    fn a_dry_run_shows_rows_and_writes_nothing(engine) {
        let world = World::new(engine);
        let out = world.must(&["import", text(&checkout(SAMPLE)), "--dry-run"]);
        assert!(out.contains("Nothing was written."), "{out}");
        assert!(out.contains("comment") && out.contains("rating"), "{out}");
        assert!(out.matches("row ").count() >= 10, "{out}");
        let mut sql = world.sql();
        assert_eq!(sql.number("SELECT count(*) FROM imports") + sql.number("SELECT count(*) FROM feedback"), 0);
    }

    fn rejected_rows_come_back_as_a_file_and_an_import_can_be_undone(engine) {
        let world = World::new(engine);
        let csv = "id,at,service,rating,comment\n\
                   a,2024-03-01,Bins,4,Fine\n\
                   b,2024-02-31,Bins,4,No such day\n\
                   c,2024-03-02,Bins,,\n\
                   d,2024-03-03,Bins,2,\"Late, again\"\n";
        let path = world.write("some.csv", csv);
        let rejected = world.file("rejected.csv");
        let summary = world.json(&["import", text(&path), "--scale", "1,5", "--rejected", text(&rejected), "--json"]);
        assert_eq!((summary["imported"].as_u64(), summary["rejected"].as_u64()), (Some(2), Some(2)), "{summary}");
        let file = std::fs::read_to_string(&rejected).expect("the file of rejected rows");
        let lines: Vec<&str> = file.lines().collect();
        assert_eq!(lines.len(), 3, "{file}");
        assert!(lines[1].starts_with("b,") && lines[1].contains("2024-02-31"), "{file}");
        assert!(lines[2].starts_with("c,") && lines[2].contains("neither"), "{file}");
        let id = summary["import"].as_str().expect("an id");
        world.must(&["import", text(&path), "--undo", id]);
        assert_eq!(world.counted(), 0);
        let mut sql = world.sql();
        assert_eq!(sql.number("SELECT count(*) FROM feedback") + sql.number("SELECT count(*) FROM contacts"), 0);
    }

    fn what_is_made_belongs_to_its_owner_alone(engine) {
        use std::os::unix::fs::PermissionsExt as _;

        let world = World::new(engine);
        let csv = "id,at,service,rating,comment\na,2024-03-01,Bins,4,Fine\nb,2024-02-31,Bins,4,No such day\n";
        // What is named at the command line is linked, and stays as its owner has it.
        let path = world.write("some.csv", csv);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("closed");
        let rejected = world.file("rejected.csv");
        world.must(&["import", text(&path), "--rejected", text(&rejected)]);
        let backup = world.file("body.backup");
        world.must(&["backup", text(&backup)]);
        let trail = world.file("trail.ndjson");
        world.must(&["audit", "export", text(&trail)]);
        assert!(world.must(&["audit", "verify"]).contains("all as they were written"));
        let mode = |path: &std::path::Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
        let mut left = vec![world.data()];
        let mut seen = 0;
        while let Some(path) = left.pop() {
            seen += 1;
            let is_folder = path.is_dir();
            assert_eq!(mode(&path), if is_folder { 0o700 } else { 0o600 }, "{}", path.display());
            if is_folder {
                left.extend(std::fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
            }
        }
        assert!(seen > 5, "{seen}");
        for file in [&rejected, &backup, &trail] {
            assert_eq!(mode(file), 0o600, "{}", file.display());
        }
        // What an earlier version left open is closed.
        let index = world.data().join("index");
        std::fs::set_permissions(&index, std::fs::Permissions::from_mode(0o755)).expect("opened");
        world.counted();
        assert_eq!(mode(&index), 0o700);
    }

    fn a_line_of_the_trail_that_was_changed_is_named(engine) {
        let world = World::new(engine);
        world.key();
        world.key();
        world.sql().run("UPDATE audit SET actor = 'user:x' WHERE number = 1");
        let said = world.refused(&["audit", "verify"]);
        assert!(said.contains("Line 1 does not say what it said"), "{said}");
        assert!(world.run(&["doctor"]).out.contains("LOOK audit trail: 1 faults"));
    }

    fn questions_are_answered_as_a_table_and_as_json(engine) {
        let world = World::new(engine);
        import_sample(&world);
        let services = groups(&world, "service");
        assert_eq!(services.len(), 3, "{services:?}");
        let sum: u64 = services.iter().filter_map(|(_, count)| *count).sum();
        assert_eq!(sum, world.counted());
        let table = world.must(&["query", "--group-by", "service", "--measure", "count", "--measure", "satisfied"]);
        for name in ["NHS 111", "Patient transport", "Emergency ambulance", "Satisfied", "All"] {
            assert!(table.contains(name), "{name} is missing:\n{table}");
        }
        let month = ["query", "--period", "2022-01..2022-06", "--group-by", "month", "--compare", "year_before", "--json"];
        let trend = world.json(&month);
        assert_eq!(trend["groups"].as_array().map(Vec::len), Some(6), "{trend}");
        let words = world.json(&["query", "-q", "ambulance -staff", "--json"])["total"]["count"].as_u64().expect("a count");
        let all = world.json(&["query", "-q", "ambulance", "--json"])["total"]["count"].as_u64().expect("a count");
        let both = world.json(&["query", "-q", "ambulance staff", "--json"])["total"]["count"].as_u64().expect("a count");
        assert!(words > 0 && both > 0 && words + both == all, "{words} + {both} = {all}");
        let list = world.must(&["query", "--list", "--limit", "3", "-q", "ambulance"]);
        assert!(list.to_lowercase().contains("*ambulance*"), "{list}");
        assert!(world.must(&["query", "--facets"]).contains("Service"));
    }

    fn an_export_holds_exactly_what_is_filtered_in_each_format(engine) {
        let world = World::new(engine);
        import_sample(&world);
        let filter = ["--filter", "service=nhs-111", "--period", "2022"];
        let question = [&["query", "--json"][..], &filter].concat();
        let count = world.json(&question)["total"]["count"].as_u64().expect("a count") as usize;
        assert!(count > 100);
        for name in ["out.csv", "out.ndjson", "out.xlsx"] {
            let path = world.file(name);
            world.must(&[&["export", text(&path)][..], &filter].concat());
            let bytes = std::fs::read(&path).expect("the file");
            match name {
                "out.csv" => {
                    let mut reader = csv::Reader::from_reader(bytes.as_slice());
                    let records: Vec<_> = reader.records().map(|r| r.expect("a row")).collect();
                    assert_eq!(records.len(), count);
                    let headings = reader.headers().expect("headings").clone();
                    let service = headings.iter().position(|h| h == "service").expect("a service");
                    assert!(records.iter().all(|r| &r[service] == "nhs-111"));
                }
                "out.ndjson" => assert_eq!(bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()).count(), count),
                _ => assert!(bytes.starts_with(b"PK"), "a workbook is a zip archive"),
            }
            let again = world.refused(&[&["export", text(&path)][..], &filter].concat());
            assert!(again.contains("not overwritten"), "{again}");
        }
    }

    fn a_back_up_made_under_load_restores_to_the_same_counts(engine) {
        let world = World::new(engine);
        import_sample(&world);
        let key = world.key();
        let server = world.serve();
        let backup = world.file("backup.db");
        let going = std::sync::atomic::AtomicBool::new(true);
        let said: Said = std::thread::scope(|scope| {
            scope.spawn(|| {
                let client = server.client(&key);
                let mut n = 0;
                while going.load(std::sync::atomic::Ordering::Relaxed) {
                    n += 1;
                    let answer = client.submit(&json!({"id": format!("n{n}"), "rating": 5}), None).expect("an answer");
                    assert_eq!(answer.status, 201, "{}", answer.body);
                }
            });
            let said = world.run(&["backup", text(&backup)]);
            going.store(false, std::sync::atomic::Ordering::Relaxed);
            said
        });
        assert!(said.success, "{}", said.err);
        server.stop();
        let restored = World::new(engine);
        restored.must(&["restore", text(&backup)]);
        // What came after the back-up is not in it; everything imported before is.
        let source = groups(&world, "source");
        let copied = groups(&restored, "source");
        let imported = |all: &[(String, Option<u64>)]| all.iter().find(|(key, _)| key != "api").cloned();
        assert_eq!(imported(&source), imported(&copied));
        let mut sql = restored.sql();
        assert_eq!(restored.counted(), sql.number("SELECT count(*) FROM feedback").unsigned_abs());
        let refused = restored.refused(&["restore", text(&backup)]);
        assert!(refused.contains("empty"), "{refused}");
    }

    fn the_doctor_finds_a_healthy_body_healthy(engine) {
        let world = World::new(engine);
        import_sample(&world);
        let lonely = world.refused(&["doctor"]);
        assert!(lonely.contains("1 of"), "nobody can sign in yet: {lonely}");
        world.must(&["admin", "user", "create", "ann@example.org", "--duty", "all"]);
        let report = world.json(&["doctor", "--json"]);
        assert_eq!(report["ok"], true, "{report}");
        let text = world.must(&["doctor"]);
        assert!(text.contains("ok   store") && text.contains("ok   index"), "{text}");
    }
}

#[test]
fn a_body_moves_to_postgresql_and_back_and_stays_the_same() {
    let (first, second, third) = (World::new(Engine::Sqlite), World::new(Engine::Postgres), World::new(Engine::Sqlite));
    import_sample(&first);
    first.must(&["admin", "user", "create", "ann@example.org", "--duty", "analyst"]);
    std::fs::create_dir_all(third.data()).expect("a folder");
    let said = first.must(&["admin", "copy", "--from", &first.url(), "--to", &second.url()]);
    assert!(said.contains("equal"), "{said}");
    second.must(&["admin", "copy", "--from", &second.url(), "--to", &third.url()]);
    let counted = fingerprint(&first);
    assert_eq!(counted, fingerprint(&second));
    assert_eq!(counted, fingerprint(&third));
    assert!(third.must(&["admin", "user", "list"]).contains("ann@example.org"));
    let again = first.refused(&["admin", "copy", "--from", &first.url(), "--to", &second.url()]);
    assert!(again.contains("must be empty"), "{again}");
}

#[test]
fn the_configuration_can_be_checked_printed_and_read_about() {
    let world = World::new(Engine::Sqlite);
    assert!(world.must(&["config", "check"]).contains("can be used"));
    assert!(world.must(&["config", "reference"]).contains("`server.listen`"));
    std::fs::create_dir_all(world.data()).expect("a folder");
    let file = world.data().join("commonweal.toml");
    let key = world.must(&["secrets", "new-key", "spring"]);
    let key = key.trim();
    let text = format!("[store]\nurl = \"postgres://ann:hunter2@db.example/x\"\n[secrets]\nkeys = [\"{key}\"]\n");
    std::fs::write(&file, text).expect("written");
    let dump = world.must(&["config", "dump"]);
    assert!(!dump.contains("hunter2") && dump.contains("ann:"), "{dump}");
    assert!(!dump.contains(key) && dump.contains("spring:…"), "{dump}");
    std::fs::write(&file, "[server]\nlissen = \"x\"\n").expect("written");
    assert!(world.refused(&["config", "check"]).contains("lissen"));
}
