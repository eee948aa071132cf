//! Two servers with one index folder: the one that only reads it goes on with it when the other is gone.

use serde_json::json;

use crate::support::{Engine, World, until};

#[test]
fn a_second_server_goes_on_with_the_index_of_one_that_was_killed() {
    let world = World::new(Engine::Postgres);
    let key = world.key();
    let first = world.serve();
    // A data folder of its own, and the index of the first.
    let mut command = world.command_in(&world.file("other"), &[]);
    command.env("COMMONWEAL__INDEX__PATH", world.data().join("index"));
    let second = world.spawn_server(command);
    second.wait_until_ready();
    let client = second.client(&key);
    let count = || client.get("/api/v1/query").expect("an answer").json()["total"]["count"].as_u64();
    let feedback =
        |n: u64| json!({"id": format!("n{n}"), "rating": 2, "channel": "web", "comment": "The lift is broken."});
    assert_eq!(client.submit(&feedback(1), None).expect("an answer").status, 201);
    until("the first to follow", || (count() == Some(1)).then_some(()));
    first.kill();
    assert_eq!(client.submit(&feedback(2), None).expect("an answer").status, 201);
    until("the second to follow", || (count() == Some(2)).then_some(()));
    assert!(second.log().contains("goes on with it"), "{}", second.log());
    assert_eq!(client.get("/readyz").expect("an answer").status, 200);
    second.stop();
}
