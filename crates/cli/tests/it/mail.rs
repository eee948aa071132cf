//! `commonweal mail read` as people use it: files, mailboxes and folders, and what can't be read.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const BOUNCE: &str = "From: MAILER-DAEMON@mx.example\nTo: news+7@own.example\nSubject: failure notice\n\nI wasn't able to deliver your message \
to the following addresses.\n\n<kit@x.example>:\n550 5.1.1 User unknown\n";
const REPLY: &str = "From: ann@x.example\nSubject: Re: Your library\n\nYes, please.\n\nOn 3 Apr 2026, at 16:19, Library wrote:\n> Open on Sunday?\n";

fn read(folder: &Path, arguments: &[&str]) -> Output {
    let out = Command::new(env!("CARGO_BIN_EXE_commonweal"))
        .current_dir(folder)
        .args(["mail", "read"])
        .args(arguments)
        .output();
    let out = out.expect("runs");
    assert!(!folder.join("data").exists(), "no body is made");
    out
}

fn lines(out: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&out.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn each_message_is_a_line_and_what_cannot_be_read_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    std::fs::create_dir(folder.path().join("box")).expect("made");
    write("box/b.EML", BOUNCE);
    write("box/c.txt", REPLY);
    write("a.eml", REPLY);
    let begins = "From MAILER-DAEMON Thu Apr 29 23:34:45 2026\n";
    write("two.mbox", &format!("{begins}{BOUNCE}\n{begins}{REPLY}"));
    write("no.eml", "Dear all,\n");

    let out = read(folder.path(), &["a.eml", "gone.eml", "no.eml", "box", "two.mbox", "--json"]);
    let said = lines(&out);
    let short: Vec<_> =
        said.iter().map(|l| (l["file"].as_str().unwrap_or_default(), l["n"].as_u64(), l["kind"].as_str())).collect();
    let inside = Path::new("box").join("b.EML");
    assert_eq!(
        short,
        [
            ("a.eml", None, Some("reply")),
            (inside.to_str().expect("a path"), None, Some("bounce")),
            ("two.mbox", Some(1), Some("bounce")),
            ("two.mbox", Some(2), Some("reply")),
        ]
    );
    assert_eq!(said[0]["text"], "Yes, please.");
    let recipient = &said[1]["recipients"][0];
    assert_eq!(
        (&recipient["address"], &recipient["action"], &recipient["status"]),
        (&"kit@x.example".into(), &"failed".into(), &"5.1.1".into())
    );
    assert!(!out.status.success());
    let told = String::from_utf8(out.stderr).expect("UTF-8");
    assert!(told.contains("gone.eml: It can't be read: "), "{told}");
    assert!(told.contains("no.eml: This is no mail: it does not begin with lines such as"), "{told}");
}

#[test]
fn people_are_told_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("b.eml"), BOUNCE).expect("written");
    let out = read(folder.path(), &["b.eml"]);
    assert!(out.status.success());
    let told = String::from_utf8(out.stdout).expect("UTF-8");
    assert!(told.starts_with("b.eml: Not delivered ("), "{told}");
    assert!(told.contains("  kit@x.example, failed 5.1.1: The address does not work"), "{told}");
}
