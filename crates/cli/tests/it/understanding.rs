//! What is worked out from answers, at the command line: the finding first, the same figures as JSON.

use crate::support::{Engine, World, checkout, on_both_engines, text};

const SAMPLE: &str = "sample-data/nhs-friends-and-family.csv";

/// Two months of days with three or four each, and one day with thirty.
fn spike() -> String {
    let mut csv = "at,service,touchpoint,rating,comment\n".to_owned();
    for day in 0..60_u32 {
        let (month, of_month) = if day < 31 { (1, day + 1) } else { (2, day - 30) };
        let count = if day == 59 { 30 } else { 3 + day % 2 };
        for n in 0..count {
            csv.push_str(&format!(
                "2024-{month:02}-{of_month:02},Blue Badge,Apply,{},upload number {n} of {day}\n",
                1 + n % 5
            ));
        }
    }
    csv
}

on_both_engines! {
    fn the_sample_data_give_a_journey_words_and_drivers(engine) {
        let world = World::new(engine);
        world.json(&["import", text(&checkout(SAMPLE)), "--json"]);
        let shown = world.must(&["query", "journey"]);
        assert!(shown.starts_with("People are least satisfied at "), "{shown}");
        let journey = world.json(&["query", "journey", "--json"]);
        let total = journey["total"]["count"].as_u64();
        assert_eq!(total, Some(world.counted()));
        let answer = world.json(&["query", "--group-by", "touchpoint", "--measure", "satisfied", "--json"]);
        let wait = |key: &str| answer["groups"].as_array().expect("groups").iter().find(|g| g["keys"][0] == key).cloned().expect(key);
        for service in journey["services"].as_array().expect("services") {
            for point in service["touchpoints"].as_array().expect("touchpoints") {
                let theirs = wait(point["key"].as_str().expect("a key"));
                assert_eq!(point["figures"]["satisfied"]["value"], theirs["figures"]["values"][0]["value"]);
            }
        }
        let page = "The Trust provides clinical triage and conveyance to eligible service users in accordance with guidelines.\n\n".repeat(40);
        let own = world.write("page.txt", page);
        let words = world.must(&["query", "words", "--against", text(&own), "--period", "2022"]);
        assert!(words.contains("They use more") && words.contains("In their words"), "{words}");
        let drivers = world.refused(&["query", "drivers", "--filter", "service=nowhere"]);
        assert!(drivers.contains("can't be told"), "{drivers}");
    }

    fn a_spike_is_found_and_leads_to_its_comments(engine) {
        let world = World::new(engine);
        let path = world.write("spike.csv", spike());
        world.json(&["import", text(&path), "--scale", "1,5", "--json"]);
        let shown = world.must(&["query", "changes", "--period", "..2024-02-29"]);
        assert!(shown.contains("rose since 2024-02-29") && shown.contains("30 against"), "{shown}");
        assert!(shown.contains("commonweal query --list --period 2024-02-29"), "{shown}");
        let late = world.must(&["query", "changes"]);
        assert!(late.contains("--period ..2024-02-29"), "{late}");
        let hit = world.must(&["query", "hit", "--issue", "rating=1"]);
        assert!(hit.contains("feedback meet the issue"), "{hit}");
    }
}

#[test]
fn an_issue_that_is_none_is_refused_with_an_example() {
    let world = World::new(Engine::Sqlite);
    let refused = world.refused(&["query", "hit", "--issue", "waiting"]);
    assert!(refused.contains("--issue theme=waiting"), "{refused}");
    let nothing = world.refused(&["query", "words", "--against", text(&world.file("nowhere.txt"))]);
    assert!(nothing.contains("nowhere.txt can't be read"), "{nothing}");
}
