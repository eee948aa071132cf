//! What the services of senders tell by themselves: what became of messages, and what people wrote to a number.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use commonweal_domain::delivery::Bounce;
use commonweal_domain::gate::handle_kind;
use commonweal_domain::person::BY_PHONE;
use commonweal_domain::{
    Actor, AuditAction, Channel, DeliveryState, HandleKind, Keyword, KnownAs, NewComment, NewFeedback, Permission,
    Sender, SenderId, SenderKind, SuppressionReason,
};
use commonweal_handles::phone;
use commonweal_ports::{Became, Call, Heard, Whose};
use commonweal_store::{Silent, StoreError, Suppression};
use serde_json::json;

use super::send::UNREACHABLE_DAYS;
use super::told;
use crate::app::authorise;
use crate::change::audited;
use crate::hash::{hash32, is_proof};
use crate::system::random;
use crate::{App, Error, Result};

/// By which door words come in that somebody sent as a text message.
const DOOR: &str = "sms";

/// What a service sent to us.
#[derive(Clone, Default)]
pub struct ServiceCall {
    /// The token that it brought.
    pub token: Option<String>,
    /// The signature that it brought.
    pub signature: Option<String>,
    /// What stood behind the question mark.
    pub query: Option<String>,
    /// What it brought.
    pub body: Vec<u8>,
}

/// Whether it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallTaken {
    /// It was, and perhaps says nothing new, or of nobody whom we know.
    Taken,
    /// Whoever sent it is not proven to be the service of such a sender.
    Unproven,
    /// It can't be read.
    Unreadable,
}

/// Where a service tells what became of messages, and with what it proves who it is.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiptsAddress {
    /// The address; nothing where the program does not know where it is reached.
    pub address: Option<String>,
    /// The token, which is never shown again; nothing where the service signs.
    pub token: Option<String>,
}

impl App {
    /// Makes what a sender's service needs to tell what became of messages. A token that was made before holds no more.
    pub async fn make_receipts_token(&self, actor: &Actor, id: SenderId) -> Result<ReceiptsAddress> {
        authorise(actor, Permission::Administer)?;
        let sender = self.inner.store.sender(id).await?;
        let address = self.receipts_path(id);
        match sender.setup.kind {
            SenderKind::Smtp | SenderKind::Files => Err(Error::Conflict {
                code: "no_receipts",
                message: "Mail servers tell by mail what became of messages. Only services do so by themselves.".into(),
            }),
            SenderKind::SmsApi => Ok(ReceiptsAddress { address, token: None }),
            SenderKind::NotifyEmail | SenderKind::NotifySms | SenderKind::SmsHttp => {
                let token = URL_SAFE_NO_PAD.encode(random::<32>()?);
                let hash = &hash32(token.as_bytes());
                self.change(actor, move |w| {
                    Box::pin(async move {
                        w.senders().set_receipts(id, hash).await?;
                        Ok(((), audited(AuditAction::SenderReceiptsMade, id)))
                    })
                })
                .await?;
                Ok(ReceiptsAddress { address, token: Some(token) })
            }
        }
    }

    fn receipts_path(&self, id: SenderId) -> Option<String> {
        self.inner.public_url.as_ref().map(|url| format!("{}/deliver/receipts/{id}", url.trim_end_matches('/')))
    }

    /// Takes what a sender's service tells.
    pub async fn take_call(&self, id: SenderId, call: ServiceCall) -> Result<CallTaken> {
        let sender = match self.inner.store.sender(id).await {
            Ok(sender) if sender.setup.kind.is_gateway() => sender,
            Ok(_) | Err(StoreError::NotFound(_)) => return Ok(CallTaken::Unproven),
            Err(e) => return Err(e.into()),
        };
        let carrier = match self.open_sender(&sender).await? {
            Ok(carrier) => carrier,
            Err(why) => {
                tracing::warn!(sender = %id, why, "what a service tells can't be read as its sender is set up");
                return Ok(CallTaken::Unproven);
            }
        };
        let made = self.inner.store.sender_receipts(id).await?;
        let has_token = call.token.zip(made).is_some_and(|(token, made)| is_proof(&hash32(token.as_bytes()), &made));
        let query = call.query.map(|query| format!("?{query}")).unwrap_or_default();
        let address = self.receipts_path(id).unwrap_or_default() + &query;
        let heard = carrier.hear(&Call { address, signature: call.signature, has_token, body: call.body });
        let (kind, taken) = match &heard {
            Heard::Unproven => ("unproven", CallTaken::Unproven),
            Heard::Unreadable => ("unreadable", CallTaken::Unreadable),
            Heard::Nothing => ("nothing", CallTaken::Taken),
            Heard::Outcome { .. } => ("outcome", CallTaken::Taken),
            Heard::Words { .. } => ("words", CallTaken::Taken),
        };
        metrics::counter!("commonweal_service_calls_total", "kind" => kind).increment(1);
        match heard {
            Heard::Outcome { of, became } => self.take_outcome(&sender, of, became).await?,
            Heard::Words { id, from, text } => match Keyword::of(&text) {
                Some(word) => self.heed(&sender, word, &from).await?,
                None => self.keep_words(&sender, id, &from, text).await?,
            },
            Heard::Unproven | Heard::Unreadable | Heard::Nothing => {}
        }
        Ok(taken)
    }

    async fn take_outcome(&self, sender: &Sender, of: Whose, became: Became) -> Result<()> {
        let store = &self.inner.store;
        let found = match of {
            Whose::Ours(id) => store.delivery_of(sender.id, id).await?,
            Whose::Theirs(answer) => store.delivery_answered(sender.id, &answer).await?,
        };
        let Some(found) = found else {
            metrics::counter!("commonweal_receipts_of_nobody_total").increment(1);
            return Ok(());
        };
        let now = self.now();
        use SuppressionReason::{Complaint, HardBounce, Stopped};
        let (state, why, suppress) = match became {
            Became::Delivered => (DeliveryState::Delivered, None, None),
            Became::Failed => (DeliveryState::Bounced, Some(Bounce::Soft), None),
            Became::FailedForGood => {
                let until = now + TimeDelta::days(UNREACHABLE_DAYS);
                (DeliveryState::Bounced, Some(Bounce::Hard), Some((HardBounce, Some(until))))
            }
            Became::OptedOut => (DeliveryState::Bounced, Some(Bounce::Stopped), Some((Stopped, None))),
            Became::Complained => (DeliveryState::Complained, None, Some((Complaint, None))),
        };
        let channel = sender.setup.kind.channel();
        let kind = handle_kind(channel).map_or("", HandleKind::key);
        let new = suppress.zip(found.hash).map(|((reason, expires_at), hash)| Suppression {
            hash,
            kind: kind.to_owned(),
            reason,
            at: now,
            expires_at,
            delivery: Some(found.id),
        });
        let new = new.as_ref();
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move {
                if told::learnt(
                    w,
                    now,
                    told::Became { delivery: found.id, channel, state, reason: why.map(Bounce::key) },
                )
                .await?
                    && let Some(new) = new
                {
                    w.deliveries().suppress(new).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Sends nothing to a number any more, or lets messages go there again: at once, for what is planned already, too.
    async fn heed(&self, sender: &Sender, word: Keyword, from: &str) -> Result<()> {
        let Ok(number) = phone(from, self.country()) else { return Ok(()) };
        let now = self.now();
        let stopped = Suppression {
            hash: self.handle_hasher().await?.hash(HandleKind::Phone.key(), number.normal()),
            kind: HandleKind::Phone.key().to_owned(),
            reason: SuppressionReason::Stopped,
            at: now,
            expires_at: None,
            delivery: None,
        };
        let (stopped, id) = (&stopped, sender.id);
        self.change(&Actor::Anonymous, move |w| {
            Box::pin(async move {
                let there = w.deliveries().suppressed(&[stopped.hash], now).await?;
                let is_stopped = there.get(&stopped.hash).is_some_and(|s| s.reason == SuppressionReason::Stopped);
                let line = match (word, is_stopped) {
                    (Keyword::Stop, false) => {
                        w.deliveries().suppress(stopped).await?;
                        Some(audited(AuditAction::SenderHeardStop, id))
                    }
                    (Keyword::Start, true) => {
                        w.deliveries().lift(&stopped.hash).await?;
                        Some(audited(AuditAction::SenderHeardStart, id))
                    }
                    _ => None,
                };
                Ok(((), line.map(|line| line.with(json!({})))))
            })
        })
        .await
    }

    /// What somebody wrote is a contact in with its words, which are read as all others are.
    async fn keep_words(&self, sender: &Sender, id: Option<String>, from: &str, text: String) -> Result<()> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let number = phone(from, self.country()).ok();
        let item = NewFeedback {
            source_id: id.map(|id| format!("{}:{id}", sender.id)),
            channel: Channel::Sms,
            comments: vec![NewComment { question: None, text }],
            person: number.map(|n| KnownAs { source: BY_PHONE.to_owned(), key: n.normal().to_owned() }),
            ..NewFeedback::default()
        };
        match self.submit(&Actor::Operator, DOOR, vec![item], None).await {
            Ok(_) => Ok(()),
            Err(Error::Invalid(wrong)) => {
                // What it was stays with the service: it would send the same again and again.
                let fields: Vec<&str> = wrong.0.iter().map(|e| e.code.as_str()).collect();
                tracing::warn!(sender = %sender.id, codes = fields.join(" "), "a text message was not taken in");
                Ok(())
            }
            Err(e) => Err(e),
        }
    }
}
