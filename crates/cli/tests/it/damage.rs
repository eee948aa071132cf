//! Flipped bits in the files of an index: every figure is right, or is refused with the reason.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::support::chance::Chance;
use crate::support::{Engine, World, text};

/// Copies of the index with one flipped bit each.
const FLIPS: u64 = 40;
/// What is asked of each.
const QUESTIONS: [&[&str]; 2] =
    [&["query", "--group-by", "channel", "--json"], &["query", "-q", "lift", "--group-by", "service", "--json"]];

/// A body whose index has some segments, of which one has feedback that is gone.
fn body() -> World {
    let world = World::new(Engine::Sqlite);
    world.must(&["admin", "user", "create", "ann@example.org", "--duty", "all"]);
    let mut last = String::new();
    for (n, word) in ["lift", "library", "phantom"].iter().enumerate() {
        let mut csv = "at,service,rating,channel,comment\n".to_owned();
        for row in 0..400 {
            let (day, rating) = (row % 28 + 1, row % 5 + 1);
            let (service, channel) =
                (["Parking", "Libraries", "Waste"][row % 3], ["web", "phone", "paper"][(row + n) % 3]);
            csv.push_str(&format!(
                "2024-0{}-{day:02},{service},{rating},{channel},The {word} lift was number {row}\n",
                n + 1
            ));
        }
        let file = world.write(&format!("{word}.csv"), csv);
        let summary = world.json(&["import", text(&file), "--json"]);
        last = summary["import"].as_str().unwrap_or_default().to_owned();
    }
    if !last.is_empty() {
        world.must(&["import", "--undo", &last]);
    }
    world
}

fn asked(world: &World) -> Vec<String> {
    QUESTIONS.iter().map(|question| world.must(question)).map(figures).collect()
}

/// What was answered without the instant at which it became visible, which a rebuild moves.
fn figures(answer: String) -> String {
    let mut answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    if let Some(fields) = answer.as_object_mut() {
        fields.remove("as_of");
    }
    answer.to_string()
}

fn copy(from: &Path, to: &Path) -> Vec<PathBuf> {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).expect("a folder");
    let mut copied = Vec::new();
    for file in fs::read_dir(from).expect("a folder") {
        let file = file.expect("a file");
        let target = to.join(file.file_name());
        fs::copy(file.path(), &target).expect("copied");
        copied.push(target);
    }
    copied.sort();
    copied
}

#[test]
fn one_flipped_bit_anywhere_never_gives_a_wrong_figure() {
    let world = body();
    let right = asked(&world);
    let (index, pristine) = (world.data().join("index"), world.file("pristine"));
    copy(&index, &pristine);
    let mut chance = Chance::new(4_005);
    let (mut rebuilt, mut refused, mut untouched) = (0, 0, 0);
    for flip in 0..FLIPS {
        let files: Vec<PathBuf> =
            copy(&pristine, &index).into_iter().filter(|f| fs::metadata(f).is_ok_and(|m| m.len() > 0)).collect();
        let victim = &files[chance.below(files.len() as u64) as usize];
        let mut bytes = fs::read(victim).expect("readable");
        let bit = chance.below(bytes.len() as u64 * 8);
        bytes[(bit / 8) as usize] ^= 1 << (bit % 8);
        fs::write(victim, bytes).expect("written");
        let name = victim.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut said = String::new();
        for (question, right) in QUESTIONS.iter().zip(&right) {
            let answer = world.run(question);
            said.push_str(&answer.err);
            if answer.success {
                assert_eq!(&figures(answer.out), right, "flip {flip}: bit {bit} of {name}: wrong figures and exit 0");
            } else {
                assert!(!answer.err.contains("panicked") && !answer.err.trim().is_empty(), "{name}: {}", answer.err);
                refused += 1;
            }
        }
        match said.contains("built anew") {
            true => rebuilt += 1,
            false => untouched += 1,
        }
    }
    // For whoever runs it by hand.
    let _ = writeln!(
        std::io::stderr(),
        "{FLIPS} flips: {rebuilt} noticed and built anew, {untouched} harmless, {refused} questions refused, 0 wrong"
    );
    assert!(rebuilt > FLIPS / 2, "only {rebuilt} of {FLIPS} were noticed");
}

#[test]
fn the_doctor_says_what_is_damaged_and_a_rebuild_never_opens_it() {
    let world = body();
    let right = asked(&world);
    let index = world.data().join("index");
    let victim = |ending: &str| {
        let files = fs::read_dir(&index).expect("a folder").map(|f| f.expect("a file").path());
        files.into_iter().find(|f| f.to_string_lossy().ends_with(ending)).expect("there is one")
    };
    for ending in [".fast", "meta.json", ".idx"] {
        let victim = victim(ending);
        let mut bytes = fs::read(&victim).expect("readable");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&victim, &bytes).expect("written");
        let said = world.run(&["doctor"]);
        assert!(!said.success && said.out.contains("LOOK index: The index gives no answers"), "{}", said.out);
        assert_eq!(fs::read(&victim).expect("still there"), bytes, "who only looks changes nothing");
        world.must(&["index", "rebuild"]);
        assert!(world.must(&["doctor", "--deep"]).contains("ok   figures"));
        assert_eq!(asked(&world), right);
    }
}
