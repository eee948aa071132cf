//! A full disk refuses new intake and says so; reading goes on; with room everything goes on without
//! a restart.
//!
//! The data folder lies on a small file system in a mount namespace of its own, which needs root. It
//! is filled from here through `/proc/PID/root`.

use std::process::Command;

use serde_json::json;

use crate::support::disk::{fill, may_mount};
use crate::support::{Engine, World, say, text, until, within};

/// Size of the file system.
const SIZE: &str = "48m";

/// A command in a mount namespace in which the data folder is a small file system of its own.
fn on_small_disk(world: &World) -> Command {
    let inner = world.command(&[]);
    let mut command = Command::new("unshare");
    let script =
        r#"mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && cp -a "$1/." "$2/" && shift 1 && shift 1 && exec "$@""#;
    let seed = world.file("seed");
    command.args(["-m", "sh", "-c", script, "sh", SIZE, text(&world.data()), text(&seed), text(&world.data())]);
    within(command, &inner)
}

#[test]
fn a_full_disk_refuses_intake_with_503_and_recovers_without_a_restart() {
    if !may_mount() {
        say("SKIPPED: the full-disk test needs root, to mount a small file system\n");
        return;
    }
    let world = World::new(Engine::Sqlite);
    let key = world.key();
    // What is there so far becomes the contents of the small file system.
    std::fs::rename(world.data(), world.file("seed")).expect("the folder can be moved");
    std::fs::create_dir(world.data()).expect("a folder can be made");
    let server = world.spawn_server(on_small_disk(&world));
    server.wait_until_ready();
    let client = server.client(&key);
    let feedback = |n: u64| json!({"id": format!("n{n}"), "rating": 2, "channel": "web", "comment": format!("The lift is broken, number {n}. {}", "It has been for weeks. ".repeat(20))});
    let mut kept = 0;
    for n in 0..20 {
        let answer = client.submit(&feedback(n), None).expect("an answer");
        assert_eq!(answer.status, 201, "{}", answer.body);
        kept += 1;
    }

    let filler = fill(&server, &world);
    // The journal has some room of its own for a while; then there is none.
    let mut n = 20;
    let refused = until("intake to be refused", || {
        n += 1;
        let answer = client.submit(&feedback(n), None).expect("an answer");
        match answer.status {
            201 => {
                kept += 1;
                None
            }
            _ => Some(answer),
        }
    });
    assert_eq!(refused.status, 503, "{}\n{}", refused.body, server.log());
    assert!(refused.head.to_lowercase().contains("application/problem+json"), "{}", refused.head);
    assert!(refused.head.to_lowercase().contains("retry-after:"), "{}", refused.head);
    let problem = refused.json();
    assert_eq!(problem["code"], "disk_full", "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|d| d.contains("no room")), "{problem}");
    assert!(server.log().contains("no room on the disk"), "{}", server.log());
    let ready = client.get("/readyz?need=intake").expect("an answer");
    assert_eq!((ready.status, ready.json()["code"].as_str()), (503, Some("disk_full")), "{}", ready.body);
    assert_eq!(client.get("/healthz").expect("an answer").status, 200);

    for path in ["/api/v1/feedback?limit=5", "/api/v1/query", "/api/v1/facets?dimension=channel"] {
        let answer = client.get(path).expect("an answer");
        assert_eq!(answer.status, 200, "reading goes on: {path}: {}", answer.body);
    }

    std::fs::remove_file(filler).expect("room can be made");
    until("intake to work again", || {
        let answer = client.submit(&feedback(1_000), None).expect("an answer");
        assert!(answer.status == 201 || answer.status == 503, "{}", answer.body);
        (answer.status == 201).then_some(())
    });
    kept += 1;
    until("the server to be ready again", || {
        (client.get("/readyz?need=intake").expect("an answer").status == 200).then_some(())
    });
    until("the index to count what is kept, and nothing else", || {
        let count = client.get("/api/v1/query").expect("an answer").json()["total"]["count"].as_u64();
        assert!(count <= Some(kept), "{count:?} of {kept}");
        (count == Some(kept)).then_some(())
    });
    server.stop();
}
