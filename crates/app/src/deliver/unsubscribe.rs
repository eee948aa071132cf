//! Unsubscribing by a link in a message, as RFC 8058 has it, or by a mail to an address in it: the address alone says who and from
//! what. Looking at the page changes nothing, since programs that look at mail do so too.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use commonweal_domain::{Actor, AuditAction, Consent, Delivery, DeliveryId, Event, ToldBy, Topic};
use uuid::Uuid;

use crate::change::audited;
use crate::hash::hmac;
use crate::{App, Error, Result};

/// For what the addresses are signed.
const PURPOSE: &[u8] = b"unsubscribing by a link";
/// Bytes of the signature that an address has.
const SIGNED: usize = 16;
/// How it is written down beside what somebody said.
const BY_LINK: &str = "By the link in a message";

/// From what somebody unsubscribes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsubscribing {
    /// The topic.
    pub topic: Topic,
    /// Whether they get it still.
    pub subscribed: bool,
}

/// Makes addresses at which people unsubscribe.
pub(super) struct UnsubscribeLinks {
    base: String,
    key: [u8; 32],
}

impl UnsubscribeLinks {
    /// That of a delivery.
    pub(super) fn of(&self, id: DeliveryId) -> String {
        format!("{}/unsubscribe/{}", self.base, token(&self.key, id))
    }
}

fn token(key: &[u8; 32], id: DeliveryId) -> String {
    URL_SAFE_NO_PAD.encode([id.0.as_bytes().as_slice(), &signature(key, id)].concat())
}

fn signature(key: &[u8; 32], id: DeliveryId) -> [u8; SIGNED] {
    let whole = hmac(key, id.0.as_bytes());
    let mut signed = [0; SIGNED];
    signed.copy_from_slice(&whole[..SIGNED]);
    signed
}

impl App {
    /// The address at which whoever got a delivery says that they want no more of its topic. Nothing where the program does not
    /// know where its pages are found.
    pub(super) async fn unsubscribe_address(&self, id: DeliveryId) -> Option<String> {
        let base = self.inner.public_url.as_ref()?;
        let token = self.unsubscribe_token(id).await.ok()?;
        Some(format!("{base}/unsubscribe/{token}"))
    }

    async fn unsubscribe_token(&self, id: DeliveryId) -> Result<String> {
        Ok(token(&self.unsubscribe_key().await?, id))
    }

    async fn unsubscribe_key(&self) -> Result<[u8; 32]> {
        Ok(hmac(&self.form_secret().await?, PURPOSE))
    }

    async fn unsubscribe_signature(&self, id: DeliveryId) -> Result<[u8; SIGNED]> {
        Ok(signature(&self.unsubscribe_key().await?, id))
    }

    /// The same addresses for whoever has no time to wait for each.
    pub(super) async fn unsubscribe_links(&self) -> Result<Option<UnsubscribeLinks>> {
        let Some(base) = self.inner.public_url.clone() else { return Ok(None) };
        Ok(Some(UnsubscribeLinks { base, key: self.unsubscribe_key().await? }))
    }

    /// The delivery whose address it is.
    async fn delivery_of_token(&self, token: &str) -> Result<Delivery> {
        const UNKNOWN: Error = Error::NotFound("link");
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| UNKNOWN)?;
        let (id, signed) = bytes.split_at_checked(16).ok_or(UNKNOWN)?;
        let id = DeliveryId(Uuid::from_slice(id).map_err(|_| UNKNOWN)?);
        let right = self.unsubscribe_signature(id).await?;
        // Both are hashed, so that comparing takes as long whatever was sent.
        if hmac(&right, signed) != hmac(&right, &right) {
            return Err(UNKNOWN);
        }
        self.inner.store.delivery(id).await.map_err(|_| UNKNOWN)
    }

    /// From what somebody would unsubscribe by an address.
    pub async fn unsubscribing(&self, token: &str) -> Result<Unsubscribing> {
        self.unsubscribing_from(&self.delivery_of_token(token).await?).await
    }

    async fn unsubscribing_from(&self, delivery: &Delivery) -> Result<Unsubscribing> {
        let topic = delivery.topic.as_ref().ok_or(Error::NotFound("link"))?;
        let topic = self.inner.store.topic(topic).await?;
        let subscribed = match delivery.record {
            Some(record) => self.agrees_now(record, &topic.key, delivery.channel).await?,
            // Erased: nobody is written to.
            None => false,
        };
        Ok(Unsubscribing { topic, subscribed })
    }

    async fn agrees_now(
        &self,
        record: commonweal_domain::RecordId,
        topic: &str,
        channel: commonweal_domain::Channel,
    ) -> Result<bool> {
        let store = &self.inner.store;
        let person = store.person_record(record).await?.person;
        let known = store.known_of(store.records_of(person).await?).await?;
        Ok(commonweal_domain::standing(&known, self.now()).agrees(topic, channel))
    }

    /// Unsubscribes whoever got the message. It holds at once, for what is planned already, too.
    pub async fn unsubscribe(&self, token: &str) -> Result<Unsubscribing> {
        let delivery = self.delivery_of_token(token).await?;
        self.unsubscribe_delivery(&delivery, BY_LINK).await
    }

    /// Unsubscribes whoever got a delivery from its topic.
    pub(super) async fn unsubscribe_delivery(&self, delivery: &Delivery, how: &str) -> Result<Unsubscribing> {
        let before = self.unsubscribing_from(delivery).await?;
        let Some(record) = delivery.record.filter(|_| before.subscribed) else { return Ok(before) };
        let person = self.inner.store.person_record(record).await?.person;
        let now = self.now();
        let no = Consent {
            id: self.inner.ids.new_id().into(),
            record,
            topic: before.topic.key.clone(),
            channel: delivery.channel,
            agreed: false,
            at: now,
            told_by: ToldBy::Person,
            how: how.to_owned(),
            wording: String::new(),
            version: before.topic.version,
        };
        let no = &no;
        self.change(&Actor::Anonymous, move |w| {
            Box::pin(async move {
                w.people().add_consents(std::slice::from_ref(no)).await?;
                w.events().emit(now, &[Event::PersonChanged { person }]).await?;
                Ok(((), audited(AuditAction::Unsubscribed, person)))
            })
        })
        .await?;
        Ok(Unsubscribing { subscribed: false, ..before })
    }
}
