//! `commonweal read`, `themes` and `train` as people use them.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Engine, World, on_both_engines};

fn read(arguments: &[&str], input: &[u8]) -> Result<Vec<Value>, String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_commonweal"))
        .arg("read")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdin = child.stdin.take().expect("standard input");
    let input = input.to_vec();
    // A refusal may end before it has read everything.
    let feeder = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let out = child.wait_with_output().expect("ends");
    feeder.join().expect("fed");
    if !out.status.success() {
        return Err(String::from_utf8_lossy(&out.stderr).into_owned());
    }
    let text = String::from_utf8(out.stdout).expect("UTF-8");
    Ok(text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect())
}

#[test]
fn each_line_has_its_object_in_order() {
    let said = read(&[], "More staff\n\nFy enw i yw Rhys, diolch yn fawr\r\n[x] 07700 900123 \u{1f621}".as_bytes())
        .expect("read");
    assert_eq!(said.len(), 4);
    assert_eq!(said[0]["sentiment"]["class"], "negative");
    assert_eq!((&said[1]["sentiment"], said[1]["redacted"].as_str()), (&Value::Null, Some("")));
    assert_eq!(said[2]["language"], "cy");
    assert!(said[2]["redacted"].as_str().expect("words").contains("[name]"));
    assert_eq!(said[3]["spans"][0]["kind"], "phone");
    for field in ["language", "sentiment", "emotion", "themes", "redacted", "spans", "alerts", "contradiction"] {
        assert!(said.iter().all(|s| s.get(field).is_some()), "{field}");
    }
}

#[test]
fn thousands_of_lines_keep_their_order() {
    let input: String = (0..10_000).map(|n| format!("comment number {n}\n")).collect();
    let said = read(&[], input.as_bytes()).expect("read");
    assert_eq!(said.len(), 10_000);
    assert!(said.iter().enumerate().all(|(n, s)| s["redacted"] == format!("comment number {n}")));
}

#[test]
fn ratings_of_a_csv_make_contradictions() {
    let csv = "Comment,Score\n\"Appalling, rude and filthy\",5\n\"Appalling, rude and filthy\",1\n";
    let said = read(&["--csv", "--rating", "score"], csv.as_bytes()).expect("read");
    assert_eq!((&said[0]["contradiction"], &said[1]["contradiction"]), (&Value::Bool(true), &Value::Bool(false)));
}

#[test]
fn what_can_not_be_read_is_said_in_a_sentence() {
    let no_column = read(&["--csv"], b"a,b\n1,2\n").expect_err("refused");
    assert!(no_column.contains("Say which column holds the comments with --comment. There are: a, b."), "{no_column}");
    let other = read(&["--csv", "--comment", "words"], b"a,b\n1,2\n").expect_err("refused");
    assert!(other.contains("There is no column `words`. There are: a, b."), "{other}");
    let scale = read(&["--csv", "--comment", "a", "--scale", "5"], b"a,b\n1,2\n").expect_err("refused");
    assert!(scale.contains("write the worst and the best rating"), "{scale}");
}

#[test]
fn a_comment_that_is_no_comment_is_refused_in_its_place() {
    let mut input = b"fine\n".to_vec();
    input.extend(std::iter::repeat_n(b'7', 2_000_000));
    input.extend(b"\n\xff\xfe broken bytes\n");
    let said = read(&[], &input).expect("read");
    assert_eq!(said.len(), 3);
    assert!(said[1]["error"].as_str().expect("an error").contains("2000000 bytes"));
    assert!(said[0].get("error").is_none() && said[2].get("error").is_none());
}

on_both_engines! {
    fn themes_are_found_accepted_and_used(engine) {
        let world = World::new(engine);
        let mut csv = "comment,rating\n".to_owned();
        for n in 0..60 {
            csv.push_str(["the boiler is cold and the heating broke", "the bus was late and the driver rude"][n % 2]);
            csv.push_str(&format!(" week {n},{}\n", n % 5 + 1));
        }
        let file = world.write("words.csv", &csv);
        world.must(&["import", file.to_str().expect("a path")]);
        assert!(world.must(&["themes", "list"]).contains("waste-recycling"));
        let found = world.json(&["themes", "discover", "--name", "Two", "-k", "2", "--json"]);
        let themes = found["discovery"]["themes"].as_array().expect("themes").clone();
        assert!(themes.len() >= 2, "{themes:?}");
        let key = themes[0]["key"].as_str().expect("a key");
        assert!(world.must(&["themes", "rename", key, "Our theme"]).contains("Our theme"));
        assert!(world.must(&["themes", "accept", key]).contains("`our-theme`"));
        assert!(world.must(&["themes", "reread"]).contains("60 comments read again"));
        let counted = world.json(&["query", "--group-by", "theme", "--json"]).to_string();
        assert!(counted.contains("our-theme"), "{counted}");
        assert!(world.refused(&["themes", "drop", "nonsense"]).contains("no theme `nonsense`"));
        assert!(world.must(&["train"]).contains("Training needs at least 50 comments"));
    }
}
