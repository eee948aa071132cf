//! Addresses at which mail comes back: each message has its own, so that whatever comes there says which message it is about.

use commonweal_domain::{DeliveryId, SenderSetup};
use commonweal_mail::verp::{AddressKey, Purpose, address};

use crate::hash::hmac;
use crate::{App, Result};

/// For what the key is made by which the addresses are proved.
const PURPOSE: &[u8] = b"addresses at which mail comes back";

/// The mailbox of a sender to which mail comes back, and by what its addresses are proved.
pub(super) struct ReturnsTo {
    mailbox: String,
    key: AddressKey,
}

impl ReturnsTo {
    /// The address of a delivery there.
    pub(super) fn address(&self, purpose: Purpose, id: DeliveryId) -> Option<String> {
        address(purpose, &self.mailbox, id.0, &self.key)
    }
}

impl App {
    /// By what addresses are proved.
    pub(super) async fn address_key(&self) -> Result<AddressKey> {
        Ok(AddressKey::new(&hmac(&self.form_secret().await?, PURPOSE)))
    }

    /// To where mail of a sender comes back, if it has a mailbox for it.
    pub(super) async fn returns_to(&self, setup: &SenderSetup) -> Result<Option<ReturnsTo>> {
        match &setup.return_to {
            None => Ok(None),
            Some(mailbox) => Ok(Some(ReturnsTo { mailbox: mailbox.clone(), key: self.address_key().await? })),
        }
    }
}
