//! Answers to public forms, from anybody: guarded, checked, read, written, acknowledged.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use commonweal_domain::form::ReplyRequest;
use commonweal_domain::{Channel, Form, FormAnswer, NewComment, NewFeedback};
use commonweal_store::{RootSecret, WriteBatch};

use super::dedupe;
use super::door;
use super::form_guard::{FormLimits, Standing, Token};
use super::form_pace::Full;
use super::forms::closed;
use super::intake::Receipt;
use super::journey::Place;
use crate::hash::hash16;
use crate::system::random;
use crate::{App, Error, Result};

/// How an answer came.
#[derive(Clone, Debug)]
pub struct Sent {
    /// What the form carried; empty when it brought none.
    pub token: String,
    /// Whether the field that people don't see was filled in.
    pub trap: bool,
    /// From where: an IPv4 address, or the network of an IPv6 one, whose owner has 2^64 of them.
    pub address: IpAddr,
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It is on the disk.
    Taken(Receipt),
    /// It looks as if a machine had sent it: the form is shown again as it was filled in, with this
    /// token, and people send once more.
    AskAgain(String),
    /// The form takes no more for the moment, wherever answers come from.
    TurnedAway(Full),
}

// Open to everybody, signed in or not: what may be done here is to answer, and only that.
impl App {
    /// The form with this public key, open or closed.
    pub async fn public_form(&self, key: &str) -> Result<Form> {
        self.inner.store.form_by_key(key).await?.ok_or(Error::NotFound("form"))
    }

    /// What a form carries when it is shown.
    pub async fn form_token(&self, form: &Form) -> Result<String> {
        let token = Token { shown_at: self.now(), nonce: random()?, asked: false };
        Ok(token.signed(&self.form_secret().await?, form))
    }

    /// Takes an answer. When this says `Taken`, it is on the disk; the same answer sent again with the
    /// same token is the same one. `Conflict` with `form_closed`, `Invalid` with the fields of
    /// [`FormAnswer::checked`], `TooMany` for a flood from one address.
    pub async fn answer_form(
        &self,
        key: &str,
        answer: FormAnswer,
        sent: Sent,
        limits: &FormLimits,
    ) -> Result<Answered> {
        let standing = self.inner.form_counts.count(sent.address, self.now(), limits);
        if let Standing::Flood(retry_after_s) = standing {
            return Err(Error::TooMany { retry_after_s });
        }
        let form = self.public_form(key).await?;
        if !form.open {
            return Err(closed());
        }
        let answer = answer.checked(&form)?;
        let secret = self.form_secret().await?;
        let token = Token::read(&sent.token, &secret, &form, self.now());
        let token = match self.guard(&sent, standing, token, limits)? {
            Ok(token) => token,
            Err(again) => return Ok(Answered::AskAgain(again.signed(&secret, &form))),
        };
        if let Err(full) = self.within_pace(&form).await? {
            return Ok(Answered::TurnedAway(full));
        }
        self.take(&form, answer, token.nonce).await.map(Answered::Taken)
    }

    /// The token with which an answer may be taken, or the one with which it has to come again. The
    /// nonce stays where it can, so that what was taken after all is not taken twice.
    fn guard(
        &self,
        sent: &Sent,
        standing: Standing,
        token: Option<Token>,
        limits: &FormLimits,
    ) -> Result<Result<Token, Token>> {
        let now = self.now();
        let Some(token) = token else {
            return Ok(Err(Token { shown_at: now, nonce: random()?, asked: true }));
        };
        let age = now - token.shown_at;
        if age > TimeDelta::hours(limits.hours.into()) || sent.trap {
            return Ok(Err(Token { shown_at: now, asked: true, ..token }));
        }
        if age < TimeDelta::seconds(limits.least_seconds.into()) {
            // The time goes on from when it was shown: whoever tries again is quick, not a machine.
            return Ok(Err(Token { asked: true, ..token }));
        }
        if standing == Standing::Busy && !token.asked {
            return Ok(Err(Token { shown_at: now, asked: true, ..token }));
        }
        Ok(Ok(token))
    }

    async fn take(&self, form: &Form, answer: FormAnswer, nonce: [u8; 16]) -> Result<Receipt> {
        let content = format!("{:?} {:?} {:?} {:?}", answer.rating, answer.words, answer.page, answer.reply);
        let source = form.source();
        let dedupe = dedupe::by_content(source.as_bytes(), &hash16(&[&nonce, content.as_bytes()].concat()), 1);
        let new = NewFeedback {
            channel: if answer.kiosk { Channel::Kiosk } else { Channel::Web },
            ratings: answer.rating.and_then(|value| form.design.rating.rating(value)).into_iter().collect(),
            comments: answer
                .words
                .into_iter()
                .map(|w| NewComment { question: Some(w.question), text: w.text })
                .collect(),
            page: answer.page,
            device: answer.device,
            language: Some(answer.language.key().to_owned()),
            ..NewFeedback::default()
        };
        let new = door::admit(new, door::Origin::Form, "", &[])?;
        let (record, changed) = self.record_one(&source, new, self.place_of(form), dedupe);
        let replies = answer.reply.map(|reply| ReplyRequest {
            feedback: record.doc.id,
            form: form.id,
            address: reply.address,
            words: reply.words,
            language: answer.language,
            at: record.doc.received_at,
            done_at: None,
        });
        let batch =
            WriteBatch { records: vec![record], replies: replies.into_iter().collect(), ..WriteBatch::default() };
        let written = self.inner.writer.write(batch).await?;
        let written =
            written.records.first().ok_or_else(|| Error::internal("an answer was written without a receipt"))?;
        let changed = if written.duplicate { Vec::new() } else { changed };
        Ok(Receipt { id: written.id, duplicate: written.duplicate, changed })
    }

    fn place_of(&self, form: &Form) -> Place {
        let Some(service) = self.service_of_form(form) else { return Place::default() };
        let touchpoint = service.touchpoints.iter().find(|t| Some(t.id) == form.design.touchpoint);
        Place {
            touchpoint: touchpoint.map(|t| (t.id, t.key.clone())),
            service: Some((service.id, service.key.clone())),
        }
    }

    /// The secret that signs forms, the same for all servers on one database. Other secrets are made of it.
    pub(crate) async fn form_secret(&self) -> Result<[u8; 32]> {
        self.inner
            .form_secret
            .get_or_try_init(|| async {
                let kept = self.root_secret(RootSecret::Signing).await?;
                let bytes = STANDARD.decode(kept).map_err(Error::internal)?;
                bytes.try_into().map_err(|_| Error::internal("the secret of forms has not 32 bytes"))
            })
            .await
            .copied()
    }
}
