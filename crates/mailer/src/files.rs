//! Mails put into files instead of being sent: for trying out, for tests, and for servers that collect them from a folder.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::Problem;
use crate::address::Address;
use crate::compose::return_path as read_return_path;
use crate::smtp::{Outcome, Stage};

/// Bytes of a file's name that come from the Message-ID.
const MAX_NAME: usize = 150;

/// A folder that gets each mail as a file `MESSAGE-ID.eml`, whole or not at all. The same mail again replaces its file.
#[derive(Clone, Debug)]
pub struct FileDrop {
    folder: PathBuf,
}

impl FileDrop {
    /// Into this folder, which must be there.
    pub fn new(folder: impl Into<PathBuf>) -> Result<Self, Problem> {
        let folder = folder.into();
        if !folder.is_dir() {
            return Err(Problem::Settings(format!("{} is no folder. Make it first.", folder.display())));
        }
        Ok(Self { folder })
    }

    /// Writes one message, with whom it is from and for in front (`Return-Path`, `X-Envelope-To`).
    pub async fn send(&self, return_path: &str, to: &str, raw: &[u8]) -> Outcome {
        let addresses = read_return_path(return_path).and_then(|from| Ok((from, Address::read("The recipient", to)?)));
        let (from, to) = match addresses {
            Ok(addresses) => addresses,
            Err(problem) => return Outcome::Unsendable { why: problem.to_string() },
        };
        let Some(name) = file_name(raw) else {
            return Outcome::Unsendable {
                why: "The message has no Message-ID that a file could be named by.".to_owned(),
            };
        };
        let from = from.as_ref().map_or("", Address::as_str);
        let mut bytes = format!("Return-Path: <{from}>\r\nX-Envelope-To: {}\r\n", to.as_str()).into_bytes();
        bytes.extend_from_slice(raw);
        let folder = self.folder.clone();
        let written =
            tokio::task::spawn_blocking(move || write_whole(&folder, &folder.join(&name), &bytes).map(|()| name));
        match written.await {
            Ok(Ok(name)) => Outcome::Accepted { code: 250, text: name },
            Ok(Err(NotWritten::Before(error))) => {
                Outcome::NotTried { stage: Stage::File, why: format!("The file could not be written: {error}.") }
            }
            Ok(Err(NotWritten::After(error))) => {
                Outcome::Unknown { why: format!("The file may not be on the disk: {error}.") }
            }
            Err(error) => Outcome::Unknown { why: format!("Writing the file was broken off: {error}.") },
        }
    }
}

enum NotWritten {
    Before(std::io::Error),
    After(std::io::Error),
}

/// On the disk before it has its name, so that no reader sees half a mail.
fn write_whole(folder: &Path, target: &Path, bytes: &[u8]) -> Result<(), NotWritten> {
    let mut file =
        tempfile::Builder::new().prefix(".").suffix(".part").tempfile_in(folder).map_err(NotWritten::Before)?;
    file.write_all(bytes).map_err(NotWritten::Before)?;
    file.as_file().sync_all().map_err(NotWritten::Before)?;
    file.persist(target).map_err(|error| NotWritten::Before(error.error))?;
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(NotWritten::After)
}

/// The Message-ID as the name of a file: what can't stand in one is written as `%` and its number.
fn file_name(raw: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&raw[..raw.len().min(20_000)]);
    let id = text.split("\r\n").take_while(|line| !line.is_empty()).find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("message-id").then(|| value.trim().trim_matches(['<', '>']).to_owned())
    })?;
    let mut name = String::new();
    for b in id.bytes() {
        if b.is_ascii_alphanumeric() || b"@-_".contains(&b) || (b == b'.' && !name.is_empty()) {
            name.push(char::from(b));
        } else {
            let _ = write!(name, "%{b:02X}");
        }
    }
    if name.is_empty() || name.len() > MAX_NAME {
        return None;
    }
    name.push_str(".eml");
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(id: &str) -> Option<String> {
        file_name(format!("From: a@example.org\r\nMessage-Id: {id}\r\n\r\nMessage-ID: <no@example.org>\r\n").as_bytes())
    }

    #[test]
    fn files_are_named_by_message_id_and_stay_in_their_folder() {
        assert_eq!(named("<1-2@example.org>").as_deref(), Some("1-2@example.org.eml"));
        assert_eq!(named("<../../etc/x@example.org>").as_deref(), Some("%2E.%2F..%2Fetc%2Fx@example.org.eml"));
        assert_eq!(named(&format!("<{}@example.org>", "x".repeat(200))), None);
        assert_eq!(named("<>"), None);
        assert_eq!(file_name(b"From: a@example.org\r\n\r\nMessage-ID: <a@example.org>\r\n"), None);
    }
}
