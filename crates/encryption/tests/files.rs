//! Files there and back, and what is said of those that are not as they were written. The tool `age` itself is asked in the tests
//! of the program.

use std::io::Read;

use commonweal_encryption::{
    Identities, Recipients, Undecrypted, UnusableIdentities, decrypt, encrypt, is_encrypted, new_key,
};

fn key() -> (Recipients, Identities) {
    let key = new_key();
    (
        Recipients::read([key.recipient.as_str()]).expect("a recipient"),
        Identities::read(key.file.as_bytes()).expect("an identity"),
    )
}

fn encrypted(what: &[u8], to: &Recipients) -> Vec<u8> {
    let mut out = Vec::new();
    encrypt(what, &mut out, to).expect("encrypted");
    out
}

fn opened(what: &[u8], by: &Identities) -> Result<Vec<u8>, Undecrypted> {
    let mut out = Vec::new();
    decrypt(what, &mut out, by).map(|()| out)
}

#[test]
fn each_recipient_opens_it_and_nobody_else() {
    let (ann, bob, eve) = (new_key(), new_key(), new_key());
    let to = Recipients::read([ann.recipient.as_str(), bob.recipient.as_str()]).expect("recipients");
    let by = |key: &commonweal_encryption::NewKey| Identities::read(key.file.as_bytes()).expect("an identity");
    // Around the size of the format's own pieces, and nothing at all.
    for size in [0_usize, 1, 65_535, 65_536, 65_537, 3_000_000] {
        let what: Vec<u8> = (0..size).map(|n| u8::try_from(n % 251).expect("small")).collect();
        let file = encrypted(&what, &to);
        assert!(is_encrypted(file.as_slice()).expect("read"));
        for key in [&ann, &bob] {
            assert!(opened(&file, &by(key)).expect("opened") == what, "{size}");
        }
        assert!(matches!(opened(&file, &by(&eve)), Err(Undecrypted::NoIdentity)));
    }
    let several = [eve.file.as_str(), bob.file.as_str()].concat();
    let several = Identities::read(several.as_bytes()).expect("identities");
    assert_eq!(opened(&encrypted(b"words", &to), &several).expect("opened"), b"words");
    assert!(!is_encrypted(&b"SQLite format 3\0"[..]).expect("read"));
}

#[test]
fn what_was_cut_off_or_changed_is_never_taken_for_whole() {
    let (to, by) = key();
    let what = vec![7; 200_000];
    let file = encrypted(&what, &to);
    for cut in [1, 16, 20, 65_536 + 16, file.len() / 2, file.len() - 10, file.len() - 1] {
        let error = opened(&file[..file.len() - cut], &by).expect_err("cut off");
        assert!(matches!(error, Undecrypted::Damaged), "{cut}: {error}");
    }
    for n in 0..200 {
        let mut changed = file.clone();
        let at = (changed.len() - 1) * n / 199;
        changed[at] ^= 1 << (n % 8);
        let error = opened(&changed, &by).expect_err("changed");
        let known = matches!(error, Undecrypted::Damaged | Undecrypted::NoIdentity | Undecrypted::Unknown);
        assert!(known, "{at}: {error:?}");
    }
    for at in 0..200 {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert!(opened(&changed, &by).is_err(), "{at}");
    }
    assert!(matches!(opened(&[&file[..], b"more"].concat(), &by), Err(Undecrypted::Damaged)));
}

#[test]
fn a_file_of_identities_that_is_none_is_named_by_line_and_not_repeated() {
    let key = new_key();
    let read = |text: &str| Identities::read(text.as_bytes()).err().map(|e| e.to_string());
    assert_eq!(read(&format!("\r\n# made today\r\n{}\r\n", key.file)), None);
    assert!(matches!(Identities::read(&b"# nothing\n"[..]), Err(UnusableIdentities::Empty)));
    let said = read(&format!("{}AGE-SECRET-KEY-1QQQ\n", key.file)).expect("refused");
    assert!(said.contains("line 3") && !said.contains("QQQ"), "{said}");
    let said = read(&key.recipient).expect("refused");
    assert!(said.contains("line 1"), "{said}");
    assert!(matches!(Identities::read(&b"age-encryption.org/v1\n-> scrypt"[..]), Err(UnusableIdentities::Encrypted)));
    assert!(matches!(Identities::read(&[0xff, 0xfe, 0x00][..]), Err(UnusableIdentities::Line(1))));
}

/// So many bytes, of which none lies in memory.
struct Many(u64);

impl Read for Many {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let now = usize::try_from(self.0).unwrap_or(usize::MAX).min(into.len());
        into[..now].fill(1);
        self.0 -= now as u64;
        Ok(now)
    }
}

/// Decrypts what is written to it as it comes, through a pipe of the system.
#[test]
fn a_file_of_any_size_passes_through() {
    let (to, by) = key();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let size = 6 << 20;
    let writing = std::thread::spawn(move || encrypt(Many(size), writer, &to));
    let mut seen = Counted(0);
    decrypt(reader, &mut seen, &by).expect("opened");
    writing.join().expect("no panic").expect("encrypted");
    assert_eq!(seen.0, size);
}

struct Counted(u64);

impl std::io::Write for Counted {
    fn write(&mut self, piece: &[u8]) -> std::io::Result<usize> {
        self.0 += piece.len() as u64;
        Ok(piece.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
