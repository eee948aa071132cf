//! What the program wrote, it reads as it was: the sample, out in every format and into another body.

use serde_json::Value;

use crate::support::{Engine, World, checkout, on_both_engines, text};

/// Rows of the sample that are taken.
const ROWS: usize = 399;

/// All feedback as an export has it, in no order, without what is each body's own.
fn all(world: &World) -> Vec<String> {
    let file = world.file("all.ndjson");
    world.must(&["export", text(&file)]);
    let mut rows: Vec<String> = std::fs::read_to_string(&file)
        .expect("written")
        .lines()
        .map(|line| {
            let mut row: Value = serde_json::from_str(line).expect("JSON");
            let fields = row.as_object_mut().expect("an object");
            for own in ["id", "received_at", "source"] {
                fields.remove(own);
            }
            row.to_string()
        })
        .collect();
    rows.sort();
    rows
}

on_both_engines! {
    fn the_sample_comes_back_as_it_was_from_every_format(engine) {
        let sample = std::fs::read_to_string(checkout("sample-data/nhs-friends-and-family.csv")).expect("the sample");
        let begins: Vec<&str> = sample.split_inclusive('\n').take(ROWS + 1).collect();
        let first = World::new(engine);
        let file = first.write("sample.csv", begins.concat());
        first.must(&["import", text(&file)]);
        let before = all(&first);
        assert!(before.len() > ROWS / 2, "{}", before.len());
        for format in ["csv", "xlsx", "ndjson"] {
            let export = first.file(&format!("export.{format}"));
            first.must(&["export", text(&export)]);
            let second = World::new(engine);
            second.must(&["import", text(&export)]);
            assert_eq!(all(&second), before, "{format}");
        }
    }
}
