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
}

/// Makes carriers of senders.
pub trait Carriers: Send + Sync {
    /// The carrier of a sender, with what it signs in with. What is wrong with how it is set up, in a sentence.
    fn open(&self, sender: &Sender, secret: Option<&str>) -> Result<Arc<dyn Carrier>, String>;
}
