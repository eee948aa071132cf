//! A certificate by an authority of the moment, made by openssl.

use std::path::{Path, PathBuf};
use std::process::Command;

/// An authority, and a certificate by it, as files.
pub(crate) struct Certificates {
    folder: tempfile::TempDir,
    certificate: PathBuf,
    key: PathBuf,
}

impl Certificates {
    pub(crate) fn make(host: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        let extensions = format!("basicConstraints=CA:FALSE\nsubjectAltName=DNS:{host}\n");
        std::fs::write(path.join("extensions"), extensions).expect("written");
        for line in [
            "req -x509 -days 2 -newkey rsa:2048 -nodes -subj /CN=Authority -keyout ca.key -out ca.pem",
            &format!("req -newkey rsa:2048 -nodes -subj /CN={host} -keyout key.pem -out request.pem"),
            "x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out cert.pem",
        ] {
            let made = Command::new("openssl").args(line.split(' ')).current_dir(path).output().expect("openssl runs");
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        }
        Self { certificate: path.join("cert.pem"), key: path.join("key.pem"), folder }
    }

    pub(crate) fn authority(&self) -> Vec<u8> {
        std::fs::read(self.folder.path().join("ca.pem")).expect("made")
    }

    pub(crate) fn certificate(&self) -> &Path {
        &self.certificate
    }

    pub(crate) fn key(&self) -> &Path {
        &self.key
    }
}
