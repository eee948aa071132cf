//! Back-ups that are encrypted: with the tool `age` itself on the other side.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Engine, World, on_both_engines, text};

/// Runs a program of age's, which `scripts/setup.sh test` installs.
fn age(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().expect("age is installed");
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// An identity as age makes it, with its recipient.
fn key_of_age(world: &World, name: &str) -> (PathBuf, String) {
    let file = world.file(name);
    age("age-keygen", &["-o", text(&file)]);
    let recipient = age("age-keygen", &["-y", text(&file)]).trim().to_owned();
    (file, recipient)
}

/// What lies in a folder, hidden files too.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

on_both_engines! {
    fn what_we_encrypt_the_tool_opens_and_the_other_way(engine) {
        let world = World::new(engine);
        let rows: String = (0..300).map(|n| format!("{n},2024-03-01,Bins,{},Comment number {n}\n", n % 5 + 1)).collect();
        let csv = world.write("some.csv", format!("id,at,service,rating,comment\n{rows}"));
        world.must(&["import", text(&csv), "--scale", "1,5"]);
        let counted = world.counted();
        assert_eq!(counted, 300);
        let (theirs, recipient) = key_of_age(&world, "theirs.txt");
        let ours = world.file("ours.txt");
        let our_recipient = world.must(&["backup", "new-key", text(&ours)]).trim().to_owned();
        assert_eq!(age("age-keygen", &["-y", text(&ours)]).trim(), our_recipient);
        let before = names(&world.data());
        let backup = world.file("monday.age");
        let said = world.must(&["backup", text(&backup), "--recipient", &recipient, "--recipient", &our_recipient]);
        assert!(said.contains("encrypted to 2 recipients"), "{said}");
        let bytes = std::fs::read(&backup).expect("written");
        assert!(bytes.starts_with(b"age-encryption.org/v1\n") && !bytes.windows(6).any(|w| w == b"SQLite"));
        let at_rest = |names: Vec<String>| names.into_iter().filter(|n| !n.ends_with("-wal") && !n.ends_with("-shm")).collect::<Vec<_>>();
        assert_eq!(at_rest(names(&world.data())), at_rest(before), "nothing that is not encrypted is left");

        // Opened by the tool, it is the back-up that everybody can read.
        let plain = world.file("monday.db");
        age("age", &["--decrypt", "-i", text(&theirs), "-o", text(&plain), text(&backup)]);
        let restored = World::new(engine);
        restored.must(&["restore", text(&plain)]);
        assert_eq!(restored.counted(), counted);
        // Restored by ours, with either key.
        for identity in [&theirs, &ours] {
            let restored = World::new(engine);
            let said = restored.must(&["restore", text(&backup), "--identity", text(identity)]);
            assert!(said.contains("Restored"), "{said}");
            assert!(!names(&restored.data()).contains(&"backup.working".to_owned()));
            assert_eq!(restored.counted(), counted);
        }
        // Encrypted by the tool, as bytes and as text.
        for (name, how) in [("tool.age", "--encrypt"), ("tool.asc", "--armor")] {
            let theirs = world.file(name);
            age("age", &[how, "-r", &our_recipient, "-o", text(&theirs), text(&plain)]);
            let restored = World::new(engine);
            restored.must(&["restore", text(&theirs), "--identity", text(&ours)]);
            assert_eq!(restored.counted(), counted);
        }
    }

    fn a_back_up_that_cant_be_opened_leaves_nothing(engine) {
        let world = World::new(engine);
        let csv = world.write("some.csv", "id,at,service,rating,comment\na,2024-03-01,Bins,4,Fine\n");
        world.must(&["import", text(&csv)]);
        let (mine, recipient) = key_of_age(&world, "mine.txt");
        let (other, _) = key_of_age(&world, "other.txt");
        let secret = |file: &Path| {
            let all = std::fs::read_to_string(file).expect("an identity");
            all.lines().find(|line| line.starts_with("AGE-SECRET-KEY-1")).expect("its secret half").to_owned()
        };
        let secrets = [secret(&mine), secret(&other)];
        let config = world.write("encrypted.toml", format!("[backup]\nrecipients = [\"{recipient}\"]\n"));
        let backup = world.file("monday.age");
        world.must(&["backup", text(&backup), "--config", text(&config)]);
        let whole = std::fs::read(&backup).expect("written");
        let new = World::new(engine);
        let refused = |file: &Path, identity: Option<&Path>, words: &[&str]| {
            let mut arguments = vec!["restore", text(file)];
            arguments.extend(identity.iter().flat_map(|i| ["--identity", text(i)]));
            let said = new.refused(&arguments);
            for word in words {
                assert!(said.contains(word), "{word}: {said}");
            }
            assert!(secrets.iter().all(|secret| !said.contains(secret)), "{said}");
            assert_eq!(names(&new.data()), Vec::<String>::new(), "{said}");
        };
        refused(&backup, None, &["monday.age is encrypted", "--identity FILE"]);
        refused(&backup, Some(&other), &["monday.age can't be opened", "none of the identities opens it"]);
        refused(&backup, Some(&world.file("none.txt")), &["none.txt can't be used", "No such file"]);
        refused(&backup, Some(&csv), &["some.csv can't be used", "line 1 is no identity"]);
        refused(&backup, Some(&backup), &["it is encrypted itself"]);
        let broken = world.file("broken.age");
        let mut flipped = whole.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 1;
        for bytes in [&whole[..whole.len() / 2], &whole[..whole.len() - 1], &flipped, &[&whole[..], b"more"].concat()] {
            std::fs::write(&broken, bytes).expect("written");
            refused(&broken, Some(&mine), &["broken.age can't be opened", "damaged", "Nothing was restored"]);
        }
        // Encrypted as it should be, but not a back-up as we wrote it.
        let plain = world.file("plain.db");
        age("age", &["--decrypt", "-i", text(&mine), "-o", text(&plain), text(&backup)]);
        let mut bytes = std::fs::read(&plain).expect("there");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        let changed = world.write("changed.db", bytes);
        let changed_age = world.file("changed.age");
        age("age", &["-r", &recipient, "-o", text(&changed_age), text(&changed)]);
        refused(&changed_age, Some(&mine), &["changed.age", "checksum"]);
        refused(&plain, Some(&mine), &["plain.db is not encrypted", "leave --identity out"]);
        // What is whole can still be restored there.
        new.must(&["restore", text(&backup), "--identity", text(&mine)]);
        assert_eq!(new.counted(), 1);
        let again = new.refused(&["restore", text(&backup), "--identity", text(&mine)]);
        assert!(again.contains("empty"), "{again}");
        assert!(!names(&new.data()).contains(&"backup.working".to_owned()));
    }
}

#[test]
fn what_cant_be_encrypted_to_is_named_before_anything_is_done() {
    let world = World::new(Engine::Sqlite);
    let key = world.file("key.txt");
    let recipient = world.must(&["backup", "new-key", text(&key)]);
    let again = world.refused(&["backup", "new-key", text(&key)]);
    assert!(again.contains("must be a new file"), "{again}");
    assert!(!world.data().exists(), "a key needs no data");
    let secret = std::fs::read_to_string(&key).expect("written").lines().last().expect("a line").to_owned();
    let backup = world.file("monday.age");
    for (given, word) in [(secret.as_str(), "public half"), ("age1xyz", "`age1xyz` is no recipient")] {
        let said = world.refused(&["backup", text(&backup), "--recipient", given]);
        assert!(said.contains("--recipient can't be used") && said.contains(word) && !said.contains(&secret), "{said}");
        let config = world.write("wrong.toml", format!("[backup]\nrecipients = [\"{given}\"]\n"));
        let said = world.refused(&["config", "check", "--config", text(&config)]);
        assert!(said.contains("backup.recipients can't be used") && !said.contains(&secret), "{said}");
    }
    assert!(!backup.exists());
    // What a process that was killed had left is gone after the next back-up; who works there now is left alone.
    let left = world.data().join("backup.working");
    std::fs::create_dir_all(&left).expect("made");
    std::fs::write(left.join("sunday.age"), "words").expect("written");
    let lock = std::fs::File::create(left.join("lock")).expect("made");
    lock.lock().expect("locked");
    let said = world.refused(&["backup", text(&backup), "--recipient", recipient.trim()]);
    assert!(said.contains("Another encrypted back-up") && left.join("sunday.age").exists(), "{said}");
    drop(lock);
    world.must(&["backup", text(&backup), "--recipient", recipient.trim()]);
    assert!(!left.exists());
    let nowhere = world.file("no/such/folder/monday.age");
    let said = world.refused(&["backup", text(&nowhere), "--recipient", recipient.trim()]);
    assert!(said.contains("No back-up was written"), "{said}");
    assert!(!left.exists());
}
