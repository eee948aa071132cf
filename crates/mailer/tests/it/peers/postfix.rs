//! Postfix between us and a sink of ours: a real server with the checks and habits of one.

use std::fs;
use std::net::TcpListener as StdListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use commonweal_mailer::sink::Behaviour;
use commonweal_mailer::{Dkim, Outcome, Pool, Stage, new_ed25519_key};

use crate::{full, raw, settings, started};

/// Where Debian has it.
const POSTFIX: &str = "/usr/sbin/postfix";

struct Postfix {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Postfix {
    /// Hands all mail on to a port of this machine.
    fn start(next: u16) -> Self {
        let folder = tempfile::Builder::new().prefix("postfix").tempdir().expect("a folder");
        let port = StdListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
        let path = folder.path();
        let at = |name: &str| path.join(name).display().to_string();
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {}\ndata_directory = {}\ndaemon_directory = /usr/lib/postfix/sbin\n\
             command_directory = /usr/sbin\nmail_owner = postfix\nsetgid_group = postdrop\nmyhostname = mx.example.org\n\
             inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmydestination =\nmynetworks = 127.0.0.0/8\nalias_maps =\n\
             local_recipient_maps =\nsmtp_dns_support_level = disabled\nsmtp_host_lookup = native\nrelayhost = [127.0.0.1]:{next}\n\
             maillog_file = /dev/stdout\nsmtpd_tls_security_level = none\nsmtp_tls_security_level = none\n\
             smtpd_forbid_bare_newline = yes\n\
             smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ gone@example.net = 550 5.1.1 No such mailbox }} }}, permit\n",
            at("queue"),
            at("data")
        );
        let services = [
            "pickup unix n - n 60 1 pickup",
            "cleanup unix n - n - 0 cleanup",
            "qmgr unix n - n 300 1 qmgr",
            "rewrite unix - - n - - trivial-rewrite",
            "bounce unix - - n - 0 bounce",
            "defer unix - - n - 0 bounce",
            "trace unix - - n - 0 bounce",
            "flush unix n - n 1000? 0 flush",
            "proxymap unix - - n - - proxymap",
            "smtp unix - - n - - smtp",
            "relay unix - - n - - smtp",
            "error unix - - n - - error",
            "retry unix - - n - - error",
            "anvil unix - - n - 1 anvil",
            "scache unix - - n - 1 scache",
            "postlog unix-dgram n - n - 1 postlogd",
        ];
        fs::write(path.join("main.cf"), main).expect("written");
        fs::write(path.join("master.cf"), format!("127.0.0.1:{port} inet n - n - - smtpd\n{}\n", services.join("\n")))
            .expect("written");
        fs::create_dir(path.join("queue")).expect("made");
        fs::create_dir(path.join("data")).expect("made");
        // Its processes are another user's.
        open_to_all(path);
        own(&path.join("data"));
        let child = Command::new(POSTFIX)
            .arg("-c")
            .arg(path)
            .arg("start-fg")
            .stdin(Stdio::null())
            .stdout(log(path))
            .stderr(log(path))
            .spawn();
        Self { child: child.expect("Postfix runs"), port, folder }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

fn log(path: &Path) -> Stdio {
    fs::File::options().create(true).append(true).open(path.join("log")).expect("a log").into()
}

fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("set");
}

fn own(path: &Path) {
    let owned = Command::new("chown").arg("postfix").arg(path).status().expect("chown runs");
    assert!(owned.success());
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let _ = Command::new(POSTFIX)
            .arg("-c")
            .arg(self.folder.path())
            .arg("stop")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_real_server_takes_what_we_send_and_hands_it_on_unchanged() {
    assert!(Path::new(POSTFIX).exists(), "Postfix is not installed: scripts/setup.sh test does that");
    let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
    if !root {
        eprintln!("NOT TESTED: Postfix can be started by root alone");
        return;
    }
    let sink = started(Behaviour { keep: true, ..Behaviour::default() }).await;
    let postfix = Postfix::start(sink.address().port());
    let pool = Pool::new(settings(postfix.port)).expect("settings");
    let mut greeting = pool.test().await;
    for _ in 0..300 {
        if greeting.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        greeting = pool.test().await;
    }
    let greeting = greeting.unwrap_or_else(|not| panic!("{not}: {}", postfix.log()));
    assert!(greeting.takes_several_commands && greeting.takes_utf8_addresses, "{greeting:?}");

    let dkim = Dkim::new("example.org")
        .expect("a domain")
        .with_key("ed", new_ed25519_key().expect("a key").as_bytes())
        .expect("a key");
    let signed = dkim.sign(&full().compose().expect("a message")).expect("signed");
    let outcome = pool.send("b+x@bounces.example.org", "ann@example.com", &signed).await;
    assert!(matches!(&outcome, Outcome::Accepted { code: 250, .. }), "{outcome:?}");
    let refused = pool.send("b+y@bounces.example.org", "gone@example.net", &raw("gone@example.net")).await;
    let Outcome::Refused { permanent: true, code: 550, enhanced, stage: Stage::Recipient, .. } = &refused else {
        panic!("{refused:?}")
    };
    assert_eq!(enhanced.as_deref(), Some("5.1.1"));
    let after = pool.send("", "siân@example.com", &raw("ann@example.com")).await;
    assert!(matches!(&after, Outcome::Accepted { .. }), "{after:?}");

    for _ in 0..300 {
        if sink.accepted() > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let messages = sink.messages();
    let got = messages.iter().find(|m| m.to == "ann@example.com").unwrap_or_else(|| panic!("{}", postfix.log()));
    assert_eq!(got.from, "b+x@bounces.example.org");
    // It puts its own headers in front and changes nothing behind them.
    assert!(got.message.ends_with(&signed), "{}", String::from_utf8_lossy(&got.message));
}
