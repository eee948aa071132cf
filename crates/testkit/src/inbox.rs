//! A mailbox that holds what a test puts into it: for tests of what is made of mail and written down. Whether a real server is
//! understood is tested where mailboxes are read.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use commonweal_domain::MailboxSetup;
use commonweal_ports::{Fetched, Inbox, InboxSignIn, Inboxes, Waiting};

/// What lies in the mailbox.
#[derive(Default)]
struct Messages {
    validity: u32,
    /// UID, the message, whether it was seen, to which folder it was moved.
    all: Vec<(u32, Vec<u8>, bool, Option<String>)>,
    /// How often each message was given.
    given: Vec<u32>,
    /// Putting away breaks off before anything is put away.
    breaks: bool,
}

/// One mailbox for whoever asks.
#[derive(Clone, Default)]
pub struct TestInboxes(Arc<Mutex<Messages>>);

impl TestInboxes {
    fn messages(&self) -> std::sync::MutexGuard<'_, Messages> {
        self.0.lock().expect("no test panics while it holds the mailbox")
    }

    /// Puts a message into the mailbox.
    pub fn put(&self, raw: impl Into<Vec<u8>>) {
        let mut messages = self.messages();
        let uid = messages.all.iter().map(|(uid, ..)| *uid).max().unwrap_or(0) + 1;
        messages.all.push((uid, raw.into(), false, None));
    }

    /// All numbers are new from now on.
    pub fn renumber(&self) {
        self.messages().validity += 1;
    }

    /// Whether putting away breaks off from now on.
    pub fn set_breaking(&self, breaks: bool) {
        self.messages().breaks = breaks;
    }

    /// Of each message whether it was seen, and to where it was moved.
    pub fn lies(&self) -> Vec<(bool, Option<String>)> {
        self.messages().all.iter().map(|(_, _, seen, folder)| (*seen, folder.clone())).collect()
    }

    /// The UIDs of messages that were given, in their order.
    pub fn given(&self) -> Vec<u32> {
        self.messages().given.clone()
    }
}

struct TestInbox(TestInboxes, u32);

#[async_trait]
impl Inboxes for TestInboxes {
    async fn open(&self, _: &MailboxSetup, sign_in: &InboxSignIn) -> Result<Box<dyn Inbox>, String> {
        match sign_in {
            InboxSignIn::Password(password) if password == "quackenbush" => {
                Ok(Box::new(TestInbox(self.clone(), self.messages().validity)))
            }
            _ => Err("The mailbox does not let us in.".into()),
        }
    }
}

#[async_trait]
impl Inbox for TestInbox {
    fn validity(&self) -> u32 {
        self.1
    }

    fn said(&self) -> String {
        "Ready.".into()
    }

    async fn after(&mut self, uid: u32) -> Result<Vec<Waiting>, String> {
        let messages = self.0.messages();
        let here = messages.all.iter().filter(|(there, _, _, folder)| *there > uid && folder.is_none());
        Ok(here.map(|(uid, raw, ..)| Waiting { uid: *uid, bytes: raw.len() as u64 }).collect())
    }

    async fn fetch(&mut self, uid: u32) -> Result<Option<Fetched>, String> {
        let mut messages = self.0.messages();
        messages.given.push(uid);
        let found = messages.all.iter().find(|(there, ..)| *there == uid);
        Ok(found.map(|(_, raw, ..)| Fetched { received: None, raw: raw.clone() }))
    }

    async fn put_away(&mut self, uids: &[u32], folder: Option<&str>) -> Result<(), String> {
        let mut messages = self.0.messages();
        if messages.breaks {
            return Err("The connection broke.".into());
        }
        for (uid, _, seen, to) in &mut messages.all {
            if uids.contains(uid) {
                (*seen, *to) = (true, folder.map(str::to_owned));
            }
        }
        Ok(())
    }

    async fn wait(&mut self, at_most: Duration) -> Result<(), String> {
        tokio::time::sleep(at_most.min(Duration::from_millis(20))).await;
        Ok(())
    }

    async fn leave(&mut self) {}
}
