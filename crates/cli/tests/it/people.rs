//! `commonweal people` as people use it: `match` needs no body, `import` and `learn` do.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::support::sql::Sql;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.to_str().expect("a path").to_owned()
    }

    /// Standard output and standard error, or what it was refused with.
    fn matched(&self, arguments: &[&str]) -> Result<(String, String), String> {
        let out = Command::new(env!("CARGO_BIN_EXE_commonweal"))
            .current_dir(self.0.path())
            .args(["people", "match"])
            .args(arguments)
            .output()
            .expect("runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        let (said, told) = (text(out.stdout), text(out.stderr));
        assert!(!self.0.path().join("data").exists(), "no body is made");
        if out.status.success() { Ok((said, told)) } else { Err(told) }
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let (said, _) = self.matched(arguments).expect("matched");
        serde_json::from_str(&said).expect("JSON")
    }
}

/// Two records of Ann, one of her twin Zoe, three of others.
const PEOPLE: &str = "\
ref,First name,Surname,Date of birth,Address line 1,Town,Postcode,Email,NHS number
a1,Ann,Beazley,24/09/1973,12 Mill Lane,Leeds,LS1 4AB,ann@example.org,943 476 5919
a2,ANNIE,Beazly,24/09/1973,12 Mill Ln,Leeds,ls14ab,Ann@Example.org,9434765919
z1,Zoe,Beazley,24/09/1973,12 Mill Lane,Leeds,LS1 4AB,,
b1,Rhys,Okafor,01/02/1990,3 High Street,York,YO1 7AA,rhys@example.org,
c1,Mei,Nowak,13/12/1955,8 Station Road,Hull,HU1 1AA,mei@example.org,
d1,,,,,,,,
";

#[test]
fn clusters_and_pairs_come_as_json() {
    let folder = Folder::new();
    let file = folder.write("people.csv", PEOPLE);
    let answer = folder.json(&[&file, "--json"]);
    assert_eq!(answer["clusters"], serde_json::json!([["a1", "a2"]]));
    let pairs = answer["pairs"].as_array().expect("pairs");
    assert_eq!(pairs.len(), 1);
    assert_eq!((&pairs[0]["a"], &pairs[0]["b"]), (&"a1".into(), &"a2".into()));
    assert!(pairs[0]["weight"].as_f64().expect("a weight") > 6.0);
    assert!(pairs[0]["probability"].as_f64().expect("a probability") > 0.98);
    assert_eq!(answer.as_object().expect("an object").len(), 2);
    let strict = folder.json(&[&file, "--json", "--threshold", "1000"]);
    assert_eq!(strict, serde_json::json!({"clusters": [], "pairs": []}));
}

#[test]
fn what_was_done_is_told_in_words() {
    let folder = Folder::new();
    let file = folder.write("people.csv", PEOPLE);
    let (said, _) = folder.matched(&[&file]).expect("matched");
    for line in [
        "people.csv: 6 records.",
        "ref             id (no evidence)",
        "NHS number      NHS number",
        "Address line 1  address",
        "6 records are of 5 persons: 1 with two records or more.",
        "1 rows say nothing of anybody",
        "Guards kept",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
}

#[test]
fn two_files_are_one_set_and_equal_ids_are_told_apart() {
    let folder = Folder::new();
    let one = folder.write("one.csv", PEOPLE);
    let other = folder.write(
        "other.csv",
        "name,ref,dob,e-mail\n\"Beazley, Ann\",a1,1973-09-24,ann@example.org\n\"Mei Nowak\",x2,19551213,mei@example.org\n",
    );
    let (said, told) = folder.matched(&[&one, &other, "--id", "ref", "--json"]).expect("matched");
    assert!(told.contains("1 ids had occurred before; a number behind # tells such records apart"), "{told}");
    let answer: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(answer["clusters"], serde_json::json!([["a1", "a2", "a1#2"], ["c1", "x2"]]));
}

#[test]
fn a_model_is_saved_and_used_again() {
    let folder = Folder::new();
    let file = folder.write("people.csv", PEOPLE);
    let learnt = folder.json(&[&file, "--json", "--save-model", "model.json"]);
    let again = folder.json(&[&file, "--json", "--model", "model.json"]);
    assert_eq!(learnt, again);
    folder.write("broken.json", "{\"format\": \"something else\"}");
    let refused = folder.matched(&[&file, "--model", "broken.json"]).expect_err("refused");
    assert!(refused.contains("broken.json can't be used."), "{refused}");
    assert!(refused.contains("This is not a model of record linkage"), "{refused}");
}

#[test]
fn what_can_not_be_matched_is_said_in_a_sentence() {
    let folder = Folder::new();
    let refused = |arguments: &[&str]| folder.matched(arguments).expect_err("refused");
    assert!(refused(&["nowhere.csv"]).contains("There is no file nowhere.csv."));
    let file = folder.write("colours.csv", "id,colour\n1,red\n2,blue\n");
    assert!(refused(&[&file]).contains("No column of “colours.csv” says who somebody is"));
    let file = folder.write("people.csv", "id,email\n1,a@example.org\n,b@example.org\n");
    assert!(refused(&[&file]).contains("Row 3 of “people.csv” has no id in the column “id”."), "{}", refused(&[&file]));
    assert!(refused(&[&file, "--id", "nr"]).contains("“people.csv” has no column “nr” for the id."));
    assert!(refused(&[&file, "--threshold", "nan"]).contains("write a weight in bits"));
}

/// Pairs of records in one cluster against what records are called: `rec-N-org`, `rec-N-dup-M`.
fn f1(answer: &Value, there: f64) -> f64 {
    let (mut right, mut found) = (0.0, 0.0);
    for cluster in answer["clusters"].as_array().expect("clusters") {
        let ids: Vec<&str> = cluster.as_array().expect("ids").iter().filter_map(Value::as_str).collect();
        for (n, a) in ids.iter().enumerate() {
            for b in &ids[n + 1..] {
                found += 1.0;
                right += f64::from(u8::from(a.split('-').nth(1) == b.split('-').nth(1)));
            }
        }
    }
    2.0 * right / (found + there)
}

#[test]
fn files_of_febrl_are_matched_as_they_are() {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../linkage/tests/data");
    let folder = Folder::new();
    for (file, there, least) in [("febrl1.csv", 500.0, 0.98), ("febrl2.csv", 1_934.0, 0.97)] {
        let file = data.join(file);
        let answer = folder.json(&[file.to_str().expect("a path"), "--json"]);
        let f1 = f1(&answer, there);
        assert!(f1 >= least, "{} {f1}", file.display());
    }
}

#[test]
fn a_file_becomes_records_once_and_what_is_left_out_is_said() {
    let folder = Folder::new();
    let file = folder.write("people.csv", &PEOPLE.replace("mei@example.org", "mei at home"));
    let import = |file: &str| {
        let out = Command::new(env!("CARGO_BIN_EXE_commonweal"))
            .current_dir(folder.0.path())
            .args(["--data", "data", "people", "import", file, "--source", "housing"])
            .output()
            .expect("runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (out.status.success(), text(out.stdout) + &text(out.stderr))
    };
    let (done, said) = import(&file);
    assert!(done && said.contains("5 new, 0 updated, 0 as before."), "{said}");
    assert!(said.contains("Rows that say nothing of anybody, left out: 1.") && said.contains("(rows 6)"), "{said}");
    assert!(!said.contains("mei at home"), "what was written is repeated nowhere: {said}");
    let (_, again) = import(&file);
    assert!(again.contains("0 new, 0 updated, 5 as before."), "{again}");
    let moved = folder.write("moved.csv", &PEOPLE.replace("8 Station Road", "9 Station Road"));
    let (_, updated) = import(&moved);
    assert!(updated.contains("0 new, 1 updated, 4 as before."), "{updated}");
    let (done, nameless) = import(&folder.write("no-id.csv", "ref,First name,Surname\n,Ann,Lee\nx1,Bo,Day\n"));
    assert!(done && nameless.contains("1 new, 0 updated, 0 as before."), "{nameless}");
    assert!(
        nameless.contains("Not taken in: 1 rows: ref: There is no id.") && nameless.contains("(rows 2)"),
        "{nameless}"
    );
    let (_, id) = nameless.trim().rsplit_once(' ').expect("the id stands last");
    let undo = Command::new(env!("CARGO_BIN_EXE_commonweal"))
        .current_dir(folder.0.path())
        .args(["--data", "data", "people", "import", "--undo", id])
        .output()
        .expect("runs");
    let said = String::from_utf8(undo.stdout).expect("UTF-8");
    assert!(undo.status.success() && said.contains("1 records were taken out, 0 stay."), "{said}");
    let learn = Command::new(env!("CARGO_BIN_EXE_commonweal"))
        .current_dir(folder.0.path())
        .args(["--data", "data", "people", "learn"])
        .output()
        .expect("runs");
    let said = String::from_utf8(learn.stderr).expect("UTF-8");
    assert!(!learn.status.success() && said.contains("Comparing is learnt from 1,000 or more"), "{said}");
}

#[test]
fn a_person_is_given_what_is_kept_and_erased_without_a_trace_in_the_data_folder() {
    let folder = Folder::new();
    let run = |arguments: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_commonweal"))
            .current_dir(folder.0.path())
            .args(["--data", "data", "people"])
            .args(arguments)
            .stdin(std::process::Stdio::null())
            .output()
            .expect("runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (out.status.success(), text(out.stdout), text(out.stderr))
    };
    let file = folder.write("people.csv", "ref,First name,Surname,Email\n1,Mei,Quizzaci,quizzaci@example.org\n");
    assert!(run(&["import", &file, "--source", "housing"]).0);
    std::fs::remove_file(&file).expect("removed");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let url = format!("sqlite:{}", folder.0.path().join("data/commonweal.db").display());
    let person = Sql::open(&runtime, &url).texts("SELECT lower(hex(id)) FROM persons").remove(0);
    let data = folder.0.path().join("data");
    assert!(holds(&data, b"quizzaci"), "the test looks where the words are");

    let (done, json, _) = run(&["export", &person]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert!(
        done && json["format"] == "commonweal-person" && json.to_string().contains("quizzaci@example.org"),
        "{json}"
    );
    let (done, _, said) = run(&["export", &person, "--out", "mei.json"]);
    assert!(done && said.contains("are in mei.json."), "{said}");
    let (done, _, said) = run(&["export", &person, "--out", "mei.json"]);
    assert!(!done && said.contains("mei.json can't be made. It must not be there yet."), "{said}");

    let (done, _, said) = run(&["erase", &person]);
    assert!(!done && said.contains("--reason"), "{said}");
    let (done, _, said) = run(&["erase", &person, "--reason", "curious"]);
    assert!(!done && said.contains("write one of asked, not_needed, mistake, other"), "{said}");
    let (done, _, said) = run(&["erase", &person, "--reason", "asked"]);
    assert!(!done && said.contains("Say --yes if you are sure."), "{said}");
    let (done, said, _) = run(&["erase", &person, "--reason", "asked", "--yes"]);
    assert!(done && said.contains("1 records, 1 ways to reach them") && said.contains("A keyed hash"), "{said}");
    assert!(!holds(&data, b"quizzaci"), "nothing of them is in any file of the data folder");
    let (done, _, said) = run(&["erase", &person, "--reason", "asked", "--yes"]);
    assert!(!done && said.contains("There is no such person."), "{said}");
}

/// Whether any file below a folder holds these bytes, whatever their case.
fn holds(folder: &std::path::Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).expect("a folder").flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return holds(&path, bytes);
        }
        let text = std::fs::read(&path).unwrap_or_default().to_ascii_lowercase();
        text.windows(bytes.len()).any(|part| part == bytes)
    })
}
