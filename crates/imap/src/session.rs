//! A folder that is open: what lies there, one message, putting away, waiting.

use std::future::Future;
use std::time::Duration;

use async_imap::Session;
use async_imap::error::Error;
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use commonweal_ports::{Fetched, Inbox, Waiting};
use futures::StreamExt;

use crate::connect::{Stream, can};

/// Where a server does not tell of new messages, it is asked so often.
const POLL: Duration = Duration::from_secs(30);
/// Messages that are named in one command.
const TOGETHER: usize = 200;

/// A folder, open.
#[derive(Debug)]
pub(crate) struct Folder {
    /// Not there any more after something went wrong in the middle.
    session: Option<Session<Box<dyn Stream>>>,
    validity: u32,
    messages: u32,
    patience: Duration,
    is_secret: bool,
    tells: bool,
    moves: bool,
    expunges_some: bool,
}

/// An answer within this time, or a sentence.
pub(crate) async fn timed<T>(patience: Duration, answer: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    match tokio::time::timeout(patience, answer).await {
        Ok(answer) => answer,
        Err(_) => Err(format!("The mail server did not answer within {} seconds.", patience.as_secs().max(1))),
    }
}

/// What went wrong, in a sentence without what was said.
pub(crate) fn told(e: &Error) -> String {
    match e {
        Error::Io(e) => format!("The connection to the mail server broke: {e}."),
        Error::No(_) => "The mail server refused what it was asked.".to_owned(),
        Error::Bad(_) => "The mail server did not understand what it was asked.".to_owned(),
        Error::ConnectionLost => "The mail server closed the connection.".to_owned(),
        Error::Parse(_) => "The mail server’s answer could not be read.".to_owned(),
        _ => "Something is wrong between us and the mail server.".to_owned(),
    }
}

impl Folder {
    pub(crate) async fn open(
        mut session: Session<Box<dyn Stream>>,
        folder: &str,
        patience: Duration,
        is_secret: bool,
    ) -> Result<Self, String> {
        let able = timed(patience, async { session.capabilities().await.map_err(|e| told(&e)) }).await?;
        let selected = timed(patience, async {
            session.select(encoded(folder)).await.map_err(|e| match e {
                Error::No(_) => format!("There is no folder “{folder}” in the mailbox, or it may not be read."),
                other => told(&other),
            })
        });
        let selected = selected.await?;
        let validity = selected.uid_validity.ok_or("The mail server does not number its messages (UIDVALIDITY).")?;
        Ok(Self {
            session: Some(session),
            validity,
            messages: selected.exists,
            patience,
            is_secret,
            tells: can(&able, "IDLE"),
            moves: can(&able, "MOVE"),
            expunges_some: can(&able, "UIDPLUS"),
        })
    }

    fn session(&mut self) -> Result<&mut Session<Box<dyn Stream>>, String> {
        self.session.as_mut().ok_or_else(|| "The connection to the mailbox was given up.".to_owned())
    }

    /// A command of which only whether it went well is wanted.
    async fn command(&mut self, command: &str) -> Result<(), String> {
        let patience = self.patience;
        let session = self.session()?;
        let done = timed(patience, async { session.run_command_and_check_ok(command).await.map_err(|e| told(&e)) });
        done.await
    }

    async fn move_to(&mut self, set: &str, folder: &str) -> Result<(), String> {
        let folder = quoted(folder)?;
        if self.moves {
            return self.command(&format!("UID MOVE {set} {folder}")).await;
        }
        self.command(&format!("UID COPY {set} {folder}")).await?;
        self.command(&format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)")).await?;
        // Without UIDPLUS everything marked as deleted would go, whoever marked it: the mark stays then.
        if self.expunges_some { self.command(&format!("UID EXPUNGE {set}")).await } else { Ok(()) }
    }
}

/// A name of a folder as a string of IMAP.
fn quoted(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) {
        return Err("The name of the folder has a sign that IMAP can’t carry, such as a line break.".to_owned());
    }
    Ok(format!("\"{}\"", encoded(text).replace('\\', "\\\\").replace('"', "\\\"")))
}

/// A name of a folder in letters that every server takes (modified UTF-7: RFC 3501, §5.1.3).
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut other: Vec<u8> = Vec::new();
    let end = |other: &mut Vec<u8>, out: &mut String| {
        if !other.is_empty() {
            out.push('&');
            out.push_str(&STANDARD_NO_PAD.encode(&*other).replace('/', ","));
            out.push('-');
            other.clear();
        }
    };
    for c in name.chars() {
        if c.is_ascii_graphic() || c == ' ' {
            end(&mut other, &mut out);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            let mut units = [0; 2];
            other.extend(c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    end(&mut other, &mut out);
    out
}

#[async_trait]
impl Inbox for Folder {
    fn validity(&self) -> u32 {
        self.validity
    }

    fn said(&self) -> String {
        format!(
            "The mailbox lets us in; {} messages are in the folder. The connection is {}secret. {}",
            self.messages,
            if self.is_secret { "" } else { "not " },
            if self.tells {
                "The server tells of new messages at once."
            } else {
                "The server is asked for new messages."
            },
        )
    }

    async fn after(&mut self, uid: u32) -> Result<Vec<Waiting>, String> {
        let patience = self.patience;
        let Some(from) = uid.checked_add(1) else { return Ok(Vec::new()) };
        let session = self.session()?;
        let asked = timed(patience, async {
            session.uid_fetch(format!("{from}:*"), "(UID RFC822.SIZE)").await.map_err(|e| told(&e))
        });
        let mut answers = asked.await?;
        let mut found = Vec::new();
        while let Some(answer) = timed(patience, async { Ok(answers.next().await) }).await? {
            let answer = answer.map_err(|e| told(&e))?;
            // `n:*` names the last message, too, where there is none from n on.
            if let Some(there) = answer.uid.filter(|there| *there >= from) {
                found.push(Waiting { uid: there, bytes: answer.size.unwrap_or(0).into() });
            }
        }
        found.sort_unstable_by_key(|one| one.uid);
        found.dedup_by_key(|one| one.uid);
        Ok(found)
    }

    async fn fetch(&mut self, uid: u32) -> Result<Option<Fetched>, String> {
        // A large message over a slow line comes in one answer.
        let patience = self.patience * 10;
        let session = self.session()?;
        let asked = timed(patience, async {
            session.uid_fetch(uid.to_string(), "(UID INTERNALDATE BODY.PEEK[])").await.map_err(|e| told(&e))
        });
        let mut answers = asked.await?;
        let mut found = None;
        while let Some(answer) = timed(patience, async { Ok(answers.next().await) }).await? {
            let answer = answer.map_err(|e| told(&e))?;
            if answer.uid == Some(uid)
                && let Some(raw) = answer.body()
            {
                let received = answer.internal_date().map(|at| at.with_timezone(&chrono::Utc));
                found = Some(Fetched { received, raw: raw.to_vec() });
            }
        }
        Ok(found)
    }

    async fn put_away(&mut self, uids: &[u32], folder: Option<&str>) -> Result<(), String> {
        for some in uids.chunks(TOGETHER) {
            let set = some.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
            self.command(&format!("UID STORE {set} +FLAGS.SILENT (\\Seen)")).await?;
            let Some(folder) = folder else { continue };
            if self.move_to(&set, folder).await.is_err() {
                // Most often the folder is not there. Where it is, or can't be made, moving says so again.
                let _ = self.command(&format!("CREATE {}", quoted(folder)?)).await;
                self.move_to(&set, folder)
                    .await
                    .map_err(|e| format!("Messages could not be moved to “{folder}”. {e}"))?;
            }
        }
        Ok(())
    }

    async fn wait(&mut self, at_most: Duration) -> Result<(), String> {
        let patience = self.patience;
        if !self.tells {
            tokio::time::sleep(at_most.min(POLL)).await;
            return self.command("NOOP").await;
        }
        // Dropped in the middle, the connection is gone: a server that is told nothing more than this would be misunderstood.
        let session = self.session.take().ok_or("The connection to the mailbox was given up.")?;
        let mut idle = session.idle();
        timed(patience, async { idle.init().await.map_err(|e| told(&e)) }).await?;
        {
            let (told_of, _stop) = idle.wait_with_timeout(at_most);
            // Its own time begins anew with every word of the server.
            if let Ok(answer) = tokio::time::timeout(at_most, told_of).await {
                answer.map_err(|e| told(&e))?;
            }
        }
        self.session = Some(timed(patience, async { idle.done().await.map_err(|e| told(&e)) }).await?);
        Ok(())
    }

    async fn leave(&mut self) {
        if let Some(mut session) = self.session.take() {
            let _ = tokio::time::timeout(Duration::from_secs(2), session.logout()).await;
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_of_folders_are_written_as_servers_take_them() {
        // The last is the example of RFC 3501.
        for (name, written) in [
            ("INBOX", "INBOX"),
            ("A & B", "A &- B"),
            ("Tŷ", "T&AXc-"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ] {
            assert_eq!(super::encoded(name), written);
        }
        assert_eq!(super::quoted("a \"b\" \\").as_deref(), Ok("\"a \\\"b\\\" \\\\\""));
        assert!(super::quoted("a\r\nb").is_err());
    }
}
