//! The mail server of npm as a process.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::checkout;

pub(crate) struct Peer {
    child: Child,
    out: BufReader<ChildStdout>,
    pub(crate) port: u16,
}

impl Peer {
    pub(crate) fn start(wanted: &Value) -> Self {
        let server = checkout(".cache/smtp-server/node_modules/smtp-server");
        assert!(server.exists(), "the mail server of npm is not installed: scripts/setup.sh test does that");
        let beside = checkout(".cache/node/bin/node");
        let node = if beside.exists() { beside } else { "node".into() };
        let mut child = Command::new(node)
            .arg(checkout("crates/mailer/tests/it/peer.mjs"))
            .arg(checkout(".cache/smtp-server"))
            .arg(wanted.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node runs");
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut port = String::new();
        out.read_line(&mut port).expect("it says its port");
        Self { child, out, port: port.trim().parse().expect("a port") }
    }

    /// The next message that it took.
    pub(crate) fn next(&mut self) -> Value {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).expect("JSON")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It serves for ever.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
