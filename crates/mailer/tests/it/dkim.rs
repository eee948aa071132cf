//! Signatures as a program of others verifies them, and messages as Python's own mail package reads them.

use std::process::Command;

use commonweal_mailer::{Dkim, Problem, new_ed25519_key};
use serde_json::{Value, json};

use crate::{checkout, full, plain};

/// RSA keys are made by other programs than ours.
fn rsa_key(bits: u32) -> Vec<u8> {
    let made = Command::new("openssl")
        .args(["genpkey", "-algorithm", "RSA", "-pkeyopt", &format!("rsa_keygen_bits:{bits}")])
        .output()
        .expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    made.stdout
}

/// What dkimpy says of each signature of these messages, and what Python reads in them.
fn verified(dkim: &Dkim, messages: &[&[u8]]) -> Vec<Value> {
    let python = checkout(".cache/dkimpy/bin/python");
    assert!(python.exists(), "what verifies signatures is not installed: scripts/setup.sh test does that");
    let folder = tempfile::tempdir().expect("a folder");
    let records: Value = dkim.records().into_iter().map(|record| (record.name, Value::from(record.value))).collect();
    std::fs::write(folder.path().join("records.json"), records.to_string()).expect("written");
    for (n, message) in messages.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{n}.eml")), message).expect("written");
    }
    let said = Command::new(python)
        .arg(checkout("crates/mailer/tests/it/verify.py"))
        .arg(folder.path())
        .output()
        .expect("Python runs");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    serde_json::from_slice(&said.stdout).expect("JSON")
}

#[test]
fn others_verify_both_signatures_and_see_what_was_changed() {
    let dkim = Dkim::new("Example.org").expect("a domain");
    let dkim = dkim.with_key("ed2026", new_ed25519_key().expect("a key").as_bytes()).expect("a key");
    let dkim = dkim.with_key("rsa2026", &rsa_key(2048)).expect("a key");
    let mail = full();
    let signed = dkim.sign(&mail.compose().expect("a message")).expect("signed");
    let least = dkim.sign(&plain("ann@example.com").compose().expect("a message")).expect("signed");
    let text = String::from_utf8(signed.clone()).expect("ASCII");
    assert!(text.split("\r\n").all(|line| line.len() <= 100));
    let changed = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1).into_bytes()
    };
    let unsubscribe = changed("https://voice.example.org/u/", "https://evil.example.org/u/");
    let body = changed("27 December", "28 December");
    // A second header of a kind that is signed, which a reader may show in the place of the first.
    let second = [b"Subject: You have won\r\n".as_slice(), &signed].concat();
    let reply = [b"List-Post: <mailto:eve@example.org>\r\n".as_slice(), &least].concat();
    // What servers on the way may do.
    let folded = changed("\r\nList-Unsubscribe-Post: List", "\r\nList-unsubscribe-post:  List");
    let added = [b"Content-Language: en-GB\r\nFeedback-ID: theirs\r\n".as_slice(), &least].concat();
    let feedback_id = changed("Feedback-ID: bins:", "Feedback-ID: eve:");
    let all: Vec<&[u8]> = vec![&signed, &least, &folded, &added, &unsubscribe, &body, &second, &reply, &feedback_id];
    let said = verified(&dkim, &all);
    let signatures: Vec<&Value> = said.iter().map(|said| &said["signatures"]).collect();
    assert_eq!(signatures[..4], [&json!([true, true]); 4], "{said:?}");
    assert_eq!(signatures[4..], [&json!([false, false]); 5], "{said:?}");

    let read = &said[0];
    assert_eq!(read["subject"], mail.subject);
    assert_eq!(read["from"], format!("\"Cyngor Tref, \\\"Anytown\\\" Council\" <bins@example.org>"));
    assert_eq!(read["to_name"], mail.to.name);
    assert_eq!(read["text"].as_str().map(str::trim_end), Some(mail.text.trim_end()));
    assert_eq!(read["html"].as_str().map(str::trim_end), mail.html.as_deref());
    assert_eq!(read["files"], json!([[mail.attachments[0].name, 5_000]]));
    assert_eq!(read["defects"], json!([]));
}

#[test]
fn each_key_alone_is_enough() {
    let message = full().compose().expect("a message");
    // As other programs write Ed25519 keys: the private half alone.
    let made = Command::new("openssl").args(["genpkey", "-algorithm", "ED25519"]).output().expect("openssl runs");
    for key in [made.stdout, rsa_key(3072)] {
        let dkim = Dkim::new("example.org").expect("a domain").with_key("only", &key).expect("a key");
        let said = verified(&dkim, &[&dkim.sign(&message).expect("signed")]);
        assert_eq!(said[0]["signatures"], json!([true]), "{dkim:?}");
    }
}

/// What OpenDKIM, as mail servers run it, says of a message: `pass`, `fail` or another word of RFC 8601.
fn judged(dkim: &Dkim, message: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, what: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, what).expect("written");
        file.to_str().expect("UTF-8").to_owned()
    };
    let records = dkim.records().into_iter().fold(String::new(), |all, r| format!("{all}{} {}\n", r.name, r.value));
    let keys = put("keys", records.as_bytes());
    let config = put("conf", format!("Mode v\nSyslog no\nTestPublicKeys {keys}\n").as_bytes());
    let ran = Command::new("/usr/sbin/opendkim").args(["-x", &config, "-vv", "-t", &put("eml", message)]).output();
    let ran = ran.expect("OpenDKIM is installed: scripts/setup.sh test does that");
    let said = String::from_utf8_lossy(&ran.stdout);
    let result = said.split("dkim=").nth(1).unwrap_or_else(|| panic!("{said}{}", String::from_utf8_lossy(&ran.stderr)));
    result.split_whitespace().next().unwrap_or_default().to_owned()
}

#[test]
fn opendkim_verifies_what_is_signed_with_rsa() {
    let dkim = Dkim::new("example.org").expect("a domain").with_key("rsa2026", &rsa_key(2048)).expect("a key");
    let signed = dkim.sign(&full().compose().expect("a message")).expect("signed");
    assert_eq!(judged(&dkim, &signed), "pass");
    let text = String::from_utf8(signed).expect("ASCII");
    let changed = text.replacen("https://voice.example.org/u/", "https://evil.example.org/u/", 1);
    assert_ne!(changed, text);
    assert_eq!(judged(&dkim, changed.as_bytes()), "fail");
    // Beside a signature of another kind, too.
    let both = dkim.with_key("ed2026", new_ed25519_key().expect("a key").as_bytes()).expect("a key");
    assert_eq!(judged(&both, &both.sign(&full().compose().expect("a message")).expect("signed")), "pass");
}

#[test]
fn records_and_debugging_show_no_secret() {
    let pem = new_ed25519_key().expect("a key");
    let dkim = Dkim::new("example.org").expect("a domain").with_key("cw2026a", pem.as_bytes()).expect("a key");
    let dkim = dkim.with_key("cw2026b", &rsa_key(2048)).expect("a key");
    let [ed25519, rsa] = dkim.records().try_into().expect("two records");
    assert_eq!(ed25519.name, "cw2026a._domainkey.example.org");
    assert!(ed25519.value.starts_with("v=DKIM1; k=ed25519; p=") && ed25519.value.len() == 22 + 44, "{ed25519}");
    assert!(rsa.value.starts_with("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"), "{rsa}");
    let line = rsa.to_string();
    assert!(
        line.starts_with("cw2026b._domainkey.example.org. IN TXT ( \"v=DKIM1;")
            && line.split('"').all(|part| part.len() <= 255),
        "{line}"
    );
    assert_eq!(
        format!("{dkim:?}"),
        "Dkim { domain: \"example.org\", keys: [(\"cw2026a\", \"ed25519\"), (\"cw2026b\", \"rsa\")] }"
    );
}

#[test]
fn keys_that_cannot_sign_are_refused() {
    let refused = |selector: &str, pem: &[u8]| {
        Dkim::new("example.org").expect("a domain").with_key(selector, pem).expect_err("refused").to_string()
    };
    assert!(refused("a", &rsa_key(1024)).contains("neither Ed25519 nor RSA of at least 2048 bits"));
    assert!(refused("a", b"no key").contains("no PEM file with a private key"));
    let curve = Command::new("openssl")
        .args(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"])
        .output()
        .expect("openssl runs");
    assert!(refused("a", &curve.stdout).contains("neither Ed25519 nor RSA"));
    for selector in ["", "a b", "a..b", "ü", "a;b"] {
        assert!(refused(selector, b"").starts_with("The selector of a DKIM key"), "{selector}");
    }
    assert_eq!(Dkim::new("exa mple.org").err(), Some(Problem::Domain));
}
