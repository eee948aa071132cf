//! Ways out: what hands messages over to the servers of senders.

use std::sync::Arc;

use async_trait::async_trait;
use commonweal_domain::{DeliveryId, Instant, Sender};

/// A message to one person, ready to be handed over. The same parcel gives the same message, byte for byte what it was at an
/// earlier attempt, with the same `Message-ID`.
#[derive(Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Which delivery it is.
    pub delivery: DeliveryId,
    /// When it was written down.
    pub date: Instant,
    /// To which address.
    pub to: String,
    /// The name of whoever it is for, if it is known.
    pub name: Option<String>,
    /// Its subject, in one line.
    pub subject: String,
    /// What it says, for whoever reads without formatting.
    pub text: String,
    /// The same as a page.
    pub html: Option<String>,
    /// Its language, as a code.
    pub language: String,
    /// The topic that people subscribe to, by key and name; nothing for what is of one person alone.
    pub list: Option<(String, String)>,
    /// Where whoever gets it says that they want no more of it.
    pub unsubscribe: Option<String>,
    /// The address that does the same when somebody writes to it.
    pub unsubscribe_mail: Option<String>,
    /// To where it comes back when it can't be delivered; to the sender's own address without.
    pub return_path: Option<String>,
    /// Whether it was tried before, and may have been taken then.
    pub tried_before: bool,
}

/// Nothing of whoever it is for.
impl std::fmt::Debug for Parcel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parcel").field("delivery", &self.delivery).finish_non_exhaustive()
    }
}

/// What became of handing a parcel over. Each says what is certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// The server took it; its code.
    HandedOver(String),
    /// The server refused it: certainly not taken.
    Refused {
        /// Whether it would be refused again.
        permanent: bool,
        /// The server's code, as `550 5.1.1`.
        code: String,
        /// Whether it is the address that was refused.
        address: bool,
    },
    /// Whoever it is for has told the service that they want no more messages: certainly not taken. Its code.
    OptedOut(String),
    /// The server was not reached or not ready, whoever it is for: certainly not taken. Why, in a sentence that names nobody.
    NotTried(String),
    /// The connection broke while it was handed over: taken or not, nobody knows.
    Unknown,
    /// It can't be made or never be sent that way. Why, in a sentence that names nobody.
    Unsendable(String),
}

/// Hands messages over to the server of one sender. Keeps connections; several parcels may go at once.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Hands over one.
    async fn carry(&self, parcel: &Parcel) -> Carried;

    /// Tries whether the server is there and lets us in, without sending anything. What it says of itself, or what is wrong.
    async fn check(&self) -> Result<String, String>;

    /// Reads what its service tells by itself: what became of a message, or what somebody wrote.
    fn hear(&self, _call: &Call) -> Heard {
        Heard::Nothing
    }
}

/// What a service sent to us.
#[derive(Clone, Default)]
pub struct Call {
    /// The whole address to which it was sent, as the service knows it.
    pub address: String,
    /// Its signature, as Twilio sends it.
    pub signature: Option<String>,
    /// Whether it brought the token that was made for this sender.
    pub has_token: bool,
    /// What it brought.
    pub body: Vec<u8>,
}

/// Nothing of what it brought.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// What was made of it.
#[derive(Clone, PartialEq, Eq)]
pub enum Heard {
    /// Whoever sent it did not prove that they are the service.
    Unproven,
    /// It can't be read.
    Unreadable,
    /// It says nothing that is kept.
    Nothing,
    /// What became of a message.
    Outcome {
        /// Of which.
        of: Whose,
        /// What.
        became: Became,
    },
    /// What somebody wrote.
    Words {
        /// The service's id of it.
        id: Option<String>,
        /// From which number.
        from: String,
        /// What they wrote.
        text: String,
    },
}

/// How a service names a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// As we do.
    Ours(DeliveryId),
    /// By the id that it gave as its answer.
    Theirs(String),
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// It arrived.
    Delivered,
    /// It did not arrive, this time.
    Failed,
    /// Nothing will ever arrive there.
    FailedForGood,
    /// Whoever it is for has told the service that they want no more messages.
    OptedOut,
    /// Whoever got it complained of it.
    Complained,
}

/// Makes carriers of senders.
pub trait Carriers: Send + Sync {
    /// The carrier of a sender, with what it signs in with. What is wrong with how it is set up, in a sentence.
    fn open(&self, sender: &Sender, secret: Option<&str>) -> Result<Arc<dyn Carrier>, String>;
}
