//! All ways out: mail, and the interfaces of others.

use std::sync::Arc;

use commonweal_domain::Sender;
use commonweal_gateways::Gateways;
use commonweal_mailer::MailCarriers;
use commonweal_ports::{Carrier, Carriers};

/// Makes the carrier of a sender by what it is.
pub(crate) struct Ways {
    pub(crate) mail: MailCarriers,
    pub(crate) gateways: Gateways,
}

impl Carriers for Ways {
    fn open(&self, sender: &Sender, secret: Option<&str>) -> Result<Arc<dyn Carrier>, String> {
        match sender.setup.kind.is_gateway() {
            true => self.gateways.open(sender, secret),
            false => self.mail.open(sender, secret),
        }
    }
}
