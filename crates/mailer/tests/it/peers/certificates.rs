//! Certificates of an authority of the moment, made by openssl.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

/// An authority and a certificate by it.
pub(crate) struct Certificates {
    pub(crate) authority: String,
    certificate: String,
    key: String,
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let made = Command::new("openssl").args(arguments).current_dir(folder).output().expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

impl Certificates {
    pub(crate) fn make(host: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        let extensions = format!("basicConstraints=CA:FALSE\nsubjectAltName=DNS:{host}\n");
        std::fs::write(path.join("extensions"), extensions).expect("written");
        let new = ["-newkey", "rsa:2048", "-nodes", "-subj"];
        openssl(
            path,
            &[&["req", "-x509", "-days", "2", "-keyout", "ca.key", "-out", "ca.pem"], &new[..], &["/CN=Authority"]]
                .concat(),
        );
        openssl(
            path,
            &[&["req", "-keyout", "key.pem", "-out", "request.pem"], &new[..], &[&*format!("/CN={host}")]].concat(),
        );
        openssl(
            path,
            &[
                "x509",
                "-req",
                "-in",
                "request.pem",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                "extensions",
                "-out",
                "cert.pem",
            ],
        );
        let read = |name: &str| std::fs::read_to_string(path.join(name)).expect("made");
        Self { authority: read("ca.pem"), certificate: read("cert.pem"), key: read("key.pem") }
    }

    /// What a peer with this certificate is started with.
    pub(crate) fn peer(&self, secure: bool, methods: &Value) -> Value {
        json!({"secure": secure, "key": self.key, "cert": self.certificate, "methods": methods, "tokens": ["good"]})
    }
}
