//! Ways out over interfaces of others: GOV.UK Notify, services for text messages of Twilio's shape, and any that takes an HTTP
//! request. Each says of every message what is certain: taken, refused, not tried, or not known.
//!
//! Knows their interfaces and no more: requests go through whoever asks other systems, which looks at addresses and time.

mod answer;
mod jwt;
mod notify;
mod sms_api;
mod sms_http;
mod told;

use std::sync::Arc;

use commonweal_domain::{Gateway, Sender, SenderKind};
use commonweal_ports::{Carrier, Carriers, WebClient};

pub use jwt::NotifyKey;

/// Makes carriers of senders that are interfaces of others.
#[derive(Clone)]
pub struct Gateways {
    /// Who asks other systems.
    pub web: Arc<dyn WebClient>,
    /// At which address we are reached, so that a service can tell what became of a message.
    pub public_url: Option<String>,
}

impl Carriers for Gateways {
    fn open(&self, sender: &Sender, secret: Option<&str>) -> Result<Arc<dyn Carrier>, String> {
        let secret = secret.filter(|secret| !secret.is_empty());
        let key = || secret.ok_or("The key of the service is missing: keep it with the sender.");
        let web = Arc::clone(&self.web);
        match (sender.setup.kind, &sender.setup.gateway) {
            (kind @ (SenderKind::NotifyEmail | SenderKind::NotifySms), Some(Gateway::Notify(setup))) => {
                Ok(Arc::new(notify::Notify::new(web, setup, kind, NotifyKey::read(key()?)?)))
            }
            (SenderKind::SmsApi, Some(Gateway::SmsApi(setup))) => {
                let receipts = self.public_url.as_ref().map(|url| receipts_address(url, sender));
                Ok(Arc::new(sms_api::SmsApi::new(web, setup, &sender.setup.from, key()?, receipts)))
            }
            (SenderKind::SmsHttp, Some(Gateway::SmsHttp(setup))) => {
                Ok(Arc::new(sms_http::SmsHttp::new(web, setup, &sender.setup.from, secret.unwrap_or_default())))
            }
            _ => Err("The sender is no interface of a service.".to_owned()),
        }
    }
}

/// Where a sender's service tells what became of messages.
fn receipts_address(public_url: &str, sender: &Sender) -> String {
    format!("{}/deliver/receipts/{}", public_url.trim_end_matches('/'), sender.id)
}
