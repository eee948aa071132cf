//! What is worked out from answers, at the command line: the finding first, the same figures as JSON.

use serde_json::Value;

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

    fn everybody_names_the_same_worst_touchpoint_of_the_sample(engine) {
        let world = World::new(engine);
        world.json(&["import", text(&checkout(SAMPLE)), "--json"]);
        let journey = world.json(&["query", "journey", "--json"]);
        let weakest = &journey["weakest"];
        let key = weakest["about"][0]["value"].as_str().expect("a touchpoint is the weakest");
        assert_eq!(weakest["about"][0]["dimension"], "touchpoint");
        let points = || journey["services"].as_array().expect("services").iter().flat_map(|s| s["touchpoints"].as_array().expect("touchpoints"));
        let of = |p: &Value| p["figures"]["satisfied"]["value"].as_f64();
        let place = points().find(|p| p["key"] == key).expect("the place").clone();
        assert_eq!(weakest["now"]["value"].as_f64(), of(&place));
        assert!(weakest["now"]["base"].as_u64().is_some_and(|base| base >= 30), "{weakest}");
        // The figure that is lower rests on too few to be called so.
        let lower: Vec<&Value> = points().filter(|p| of(p) < of(&place) && of(p).is_some()).collect();
        assert!(!lower.is_empty(), "the sample has a touchpoint with a lower figure");
        assert!(lower.iter().all(|p| p["figures"]["satisfied"]["base"].as_u64() < Some(30)), "{lower:?}");
        let found = world.json(&["query", "findings", "--json"]);
        let in_findings = found["findings"].as_array().expect("findings").iter().find(|f| f["kind"] == "weakest_place");
        assert_eq!(in_findings, Some(weakest));

        // The name that people know, in all sentences.
        let service = journey["services"].as_array().expect("services").iter().find(|s| s["touchpoints"].as_array().is_some_and(|t| t.contains(&place))).expect("its service").clone();
        let name = format!("{}: {}", service["name"].as_str().expect("a name"), place["name"].as_str().expect("a name"));
        let first = format!("People are least satisfied at {name}: ");
        assert!(world.must(&["query", "journey"]).starts_with(&first), "{name}");
        assert!(world.must(&["query", "findings"]).contains(&first), "{name}");

        let made = world.must(&["admin", "user", "create", "ann@example.org", "--duty", "administrator"]);
        let password = made.split_whitespace().last().expect("a password is made up");
        let key_of_program = world.key();
        let server = world.serve();
        let program = server.client(&key_of_program);
        let answer = |path: &str| program.get(path).expect("the server answers").json();
        let over_http = answer("/api/v1/journey");
        assert_eq!(over_http["weakest"]["about"][0]["value"], key);
        assert_eq!(over_http["weakest"]["about"][0]["label"], name.as_str());
        let listed = answer("/api/v1/findings");
        let listed = listed["findings"].as_array().expect("findings").iter().find(|f| f["kind"] == "weakest_place").cloned();
        assert_eq!(listed.as_ref(), Some(&over_http["weakest"]));

        let form = format!("email=ann%40example.org&password={password}");
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        let browser = server.client("");
        let signed_in = browser.send("POST", "/sign-in", &headers, &form).expect("the server answers");
        let cookie = signed_in.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
        let cookie = cookie.split(';').next().expect("a name and a value");
        let overview = browser.send("GET", "/?period=all", &[("cookie", cookie)], "").expect("the server answers").body;
        assert!(overview.contains(&format!("{name} is the weak point: ")), "{overview}");
        server.stop();
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
