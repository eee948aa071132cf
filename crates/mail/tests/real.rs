//! Real messages of many mail systems and programs: what is read of each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use commonweal_mail::{Kind, Mail, json, read, read_all, summary};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

fn read_file(path: &Path) -> Mail {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    read(&bytes).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

/// Rows of `bounces.tsv` by file: kind, address, action, status, class.
fn expected() -> BTreeMap<String, Vec<[String; 5]>> {
    let table = std::fs::read_to_string(data().join("bounces.tsv")).expect("the table");
    let mut rows: BTreeMap<String, Vec<[String; 5]>> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let [file, rest @ ..] = &cells[..] else { panic!("{line}") };
        rows.entry(file.clone())
            .or_default()
            .push(rest.to_vec().try_into().unwrap_or_else(|_| panic!("six cells: {line}")));
    }
    rows
}

fn rows_of(mail: &Mail) -> Vec<[String; 5]> {
    let kind = mail.kind.key().to_owned();
    if mail.recipients.is_empty() {
        return vec![[kind, String::new(), String::new(), String::new(), String::new()]];
    }
    let row = |r: &commonweal_mail::Recipient| {
        let class = if mail.kind == Kind::Bounce { r.class.key() } else { "" };
        [kind.clone(), r.address.clone(), r.action.clone(), r.status.clone(), class.to_owned()]
    };
    mail.recipients.iter().map(row).collect()
}

#[test]
fn bounces_and_complaints_are_read_as_they_were_by_hand() {
    let expected = expected();
    assert!(expected.len() > 40, "{} messages", expected.len());
    let mut wrong = Vec::new();
    for (file, rows) in &expected {
        let mail = read_file(&data().join("bounces").join(file));
        let read = rows_of(&mail);
        if read != *rows {
            wrong.push(format!("{file} ({}): {read:?} and not {rows:?}", mail.sign));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), expected.len(), wrong.join("\n"));
}

#[test]
fn every_message_has_its_row() {
    let rows = expected();
    let files = std::fs::read_dir(data().join("bounces")).expect("the folder").flatten();
    for file in files {
        let name = file.file_name().to_string_lossy().into_owned();
        assert!(rows.contains_key(&name), "{name}");
    }
}

#[test]
fn of_replies_only_what_the_person_wrote_stays() {
    for program in ["android", "apple_mail", "comcast", "hotmail", "outlook", "thunderbird"] {
        let mail = read_file(&data().join("replies").join(format!("{program}.eml")));
        assert_eq!((mail.kind, mail.text.as_str()), (Kind::Reply, "Hello"), "{program}");
    }
}

/// The same messages without their plain part: many write HTML alone.
#[test]
fn replies_in_html_alone_are_read_too() {
    for (program, said) in
        [("android", "Hello"), ("comcast", "Hello"), ("hotmail", "Hello"), ("outlook", "Allo! Follow up MIME!")]
    {
        let text = std::fs::read_to_string(data().join("replies").join(format!("{program}.eml"))).expect("a message");
        let mail = read(text.replacen("text/plain", "application/x-left-out", 1).as_bytes()).expect("a mail");
        assert_eq!((mail.kind, mail.text.as_str()), (Kind::Reply, said), "{program}");
    }
}

#[test]
fn a_delivery_is_found_by_what_came_back() {
    let mail = read_file(&data().join("bounces/lhost-postfix-11.eml"));
    let original = mail.original.as_ref().expect("the original");
    assert!(original.message_id.as_ref().is_some_and(|id| id.contains('@')), "{original:?}");
    assert!(original.header("MESSAGE-ID").is_some());
    // Among the words of a bounce without parts as well.
    let mail = read_file(&data().join("bounces/lhost-qmail-17.eml"));
    assert!(mail.original.is_some_and(|original| original.message_id.is_some()));
    assert!(mail.sent_to.contains(&"kijitora@nq.example.jp".to_owned()), "{:?}", mail.sent_to);
}

#[test]
fn line_ends_make_no_difference() {
    for entry in std::fs::read_dir(data().join("bounces")).expect("the folder").flatten() {
        let bytes = std::fs::read(entry.path()).expect("a message");
        let unix: Vec<u8> = bytes.iter().copied().filter(|b| *b != b'\r').collect();
        let with = |end: &[u8]| unix.split(|b| *b == b'\n').collect::<Vec<_>>().join(end);
        let one = read(&unix).expect("a mail");
        for end in [&b"\r\n"[..], b"\r"] {
            assert_eq!(
                rows_of(&read(&with(end)).expect("a mail")),
                rows_of(&one),
                "{} with {end:?}",
                entry.path().display()
            );
        }
    }
}

#[test]
fn a_mailbox_of_them_gives_one_line_each() {
    let mut mailbox = Vec::new();
    let files: Vec<String> = expected().into_keys().collect();
    for file in &files {
        mailbox.extend(b"From MAILER-DAEMON Thu Apr 29 23:34:45 2015\n");
        let bytes = std::fs::read(data().join("bounces").join(file)).expect("a message");
        // As a mail system writes them: a line within that looks like a beginning gets a sign.
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            if line.starts_with(b"From ") {
                mailbox.push(b'>');
            }
            mailbox.extend(line);
        }
        mailbox.extend(b"\n\n");
    }
    let mut seen = 0;
    for ((n, mail), file) in read_all(&mailbox[..]).zip(&files) {
        seen += 1;
        let mail = mail.unwrap_or_else(|problem| panic!("{file}: {problem}"));
        assert_eq!(n, Some(seen));
        assert_eq!(rows_of(&mail), rows_of(&read_file(&data().join("bounces").join(file))), "{file}");
        let line = json("box.mbox", n, &mail);
        let value: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert!(!line.contains('\n'));
        assert_eq!((value["n"].as_u64(), value["kind"].as_str()), (Some(seen as u64), Some(mail.kind.key())));
    }
    assert_eq!(seen, files.len());
}

#[test]
fn people_are_told_in_words() {
    let mail = read_file(&data().join("bounces/lhost-postfix-11.eml"));
    let told = summary("a.eml", None, &mail);
    let first = told.lines().next().unwrap_or_default();
    assert_eq!(first, "a.eml: Not delivered (a delivery report (RFC 3464))");
    assert!(told.contains("\n  kijitora@example.jp, failed 5.1.8: The message was refused, not the address"), "{told}");
}
