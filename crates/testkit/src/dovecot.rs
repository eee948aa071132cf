//! Dovecot for one test: a real IMAP server, with LMTP to put mail into its mailboxes.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Where Debian has it.
const DOVECOT: &str = "/usr/sbin/dovecot";
/// The password of every mailbox.
pub const PASSWORD: &str = "correct-horse";

/// Runs until it is dropped. Every name is a mailbox; what stands behind a `+` is no part of the name.
pub struct Dovecot {
    child: Child,
    folder: tempfile::TempDir,
    /// Port of IMAP, plain and with STARTTLS where there is a certificate.
    pub imap: u16,
    /// Port of IMAP that is secret from its first byte.
    pub imaps: u16,
    /// Port of LMTP.
    pub lmtp: u16,
}

/// A port that is free.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port()
}

/// Whether real servers that need root can be started here; says so where they can't.
pub fn is_root() -> bool {
    let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
    if !root {
        eprintln!("NOT TESTED: the mail servers of others can be started by root alone");
    }
    root
}

impl Dovecot {
    /// Starts one; `certificate` has its files, the certificate and its key. `more` is put at the end of its configuration.
    pub fn start(certificate: Option<(&Path, &Path)>, more: &str) -> Self {
        assert!(Path::new(DOVECOT).exists(), "Dovecot is not installed: scripts/setup.sh test does that");
        let folder = tempfile::Builder::new().prefix("dovecot").tempdir().expect("a folder");
        let path = folder.path();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("set");
        let home = path.join("mail");
        fs::create_dir(&home).expect("made");
        let owned = Command::new("chown").arg("65534:65534").arg(&home).status().expect("chown runs");
        assert!(owned.success());
        let (imap, imaps, lmtp) = (free_port(), free_port(), free_port());
        let ssl = match certificate {
            Some((certificate, key)) => {
                format!("ssl = yes\nssl_cert = <{}\nssl_key = <{}", certificate.display(), key.display())
            }
            None => "ssl = no".to_owned(),
        };
        let secret = if certificate.is_some() { imaps } else { 0 };
        let configuration = format!(
            "protocols = imap lmtp\nlisten = 127.0.0.1\nbase_dir = {base}/run\nlog_path = {base}/log\n{ssl}\n\
             disable_plaintext_auth = no\nauth_mechanisms = plain login xoauth2\nauth_username_format = %Ln\n\
             recipient_delimiter = +\nlmtp_save_to_detail_mailbox = no\nmail_location = maildir:{base}/mail/%n\n\
             first_valid_uid = 65534\nlast_valid_uid = 65534\nfirst_valid_gid = 65534\n\
             postmaster_address = postmaster@example.org\nauth_failure_delay = 0\n\
             passdb {{\n driver = static\n args = password={PASSWORD}\n mechanisms = plain login\n}}\n\
             userdb {{\n driver = static\n args = uid=65534 gid=65534 home={base}/mail/%n allow_all_users=yes\n}}\n\
             service imap-login {{\n inet_listener imap {{\n  port = {imap}\n }}\n inet_listener imaps {{\n  port = {secret}\n  ssl = yes\n }}\n}}\n\
             service lmtp {{\n inet_listener lmtp {{\n  port = {lmtp}\n }}\n}}\n\
             service anvil {{\n unix_listener anvil-auth-penalty {{\n  mode = 0\n }}\n}}\n\
             namespace inbox {{\n inbox = yes\n}}\n{more}\n",
            base = path.display(),
        );
        fs::write(path.join("dovecot.conf"), configuration).expect("written");
        let child = Command::new(DOVECOT)
            .arg("-F")
            .arg("-c")
            .arg(path.join("dovecot.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(path.join("stderr")).expect("a file"))
            .spawn()
            .expect("Dovecot runs");
        let server = Self { child, folder, imap, imaps, lmtp };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", imap)).is_ok() && TcpStream::connect(("127.0.0.1", lmtp)).is_ok() {
                return server;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("Dovecot does not start: {}", server.log());
    }

    /// What it said.
    pub fn log(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        read("log") + &read("stderr")
    }

    /// Puts a message into the mailbox of an address, as a mail server does (LMTP, RFC 2033).
    pub fn deliver(&self, to: &str, message: &[u8]) {
        let stream = TcpStream::connect(("127.0.0.1", self.lmtp)).expect("LMTP is there");
        let mut answers = BufReader::new(stream.try_clone().expect("two halves")).lines();
        let mut stream = stream;
        let mut answer = |wanted: &str| loop {
            let line = answers.next().expect("an answer").expect("a line");
            if line.as_bytes().get(3) != Some(&b'-') {
                assert!(line.starts_with(wanted), "{line}");
                return;
            }
        };
        answer("220");
        for (said, wanted) in [
            ("LHLO test".to_owned(), "250"),
            ("MAIL FROM:<>".to_owned(), "250"),
            (format!("RCPT TO:<{to}>"), "250"),
            ("DATA".to_owned(), "354"),
        ] {
            write!(stream, "{said}\r\n").expect("written");
            answer(wanted);
        }
        let text =
            String::from_utf8_lossy(message).replace("\r\n", "\n").replace('\n', "\r\n").replace("\r\n.", "\r\n..");
        write!(stream, "{text}\r\n.\r\n").expect("written");
        answer("250");
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // It ends its own processes when it is asked to.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        for _ in 0..100 {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
