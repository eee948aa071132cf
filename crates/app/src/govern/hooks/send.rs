//! Sends what is on its way to web hooks, and tries again what was not taken.
//!
//! Each server has one task for it, which begins a few requests to each web hook at a time: one that is slow
//! holds up nobody but itself, and no worker of background jobs waits for anybody's network.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use commonweal_domain::hook::{DeliveryState, Hook, HookDelivery, LastAnswer};
use commonweal_domain::{Actor, AuditAction, HookDeliveryId, HookId, Instant};
use commonweal_ports::{Post, PostAnswer, WebError};
use commonweal_store::Sent;
use serde_json::json;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::signature;
use crate::change::audited;
use crate::in_hand::InHand;
use crate::{App, Error, Result};

/// Requests to one web hook at once, from one server.
const AT_ONCE: usize = 4;
/// How long a sender holds a delivery, in seconds: longer than a request may take.
const HELD_S: i64 = 30;
/// Look even when nothing happened here: something may be due again, or have happened on another server.
const POLL: Duration = Duration::from_secs(2);
/// What happens within so short a time is put on its way together.
const TOGETHER: Duration = Duration::from_millis(50);
/// Seconds to wait after each time in vain, as Standard Webhooks advises: three days, then it has failed.
const WAITS_S: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// The receiver says that it is gone and wants nothing any more.
const GONE: u16 = 410;
/// So much of an answer is kept, in characters.
const ANSWER: usize = 500;

impl App {
    /// Tells web hooks what happens, until told to stop; requests in hand are waited for.
    pub(crate) async fn work_for_hooks(&self, stop: CancellationToken) {
        let sender = self.inner.ids.new_id().to_string();
        let (in_hand, mut sending) = (InHand::default(), JoinSet::new());
        let mut happened = self.inner.happened.listen();
        while !stop.is_cancelled() {
            let more = self.follow_for_hooks().await.unwrap_or_else(|e| {
                tracing::warn!(error = &e as &dyn std::error::Error, "events could not be put on their way");
                false
            });
            if let Err(e) = self.begin_sending(&sender, &in_hand, &mut sending).await {
                tracing::warn!(error = &e as &dyn std::error::Error, "what is due for web hooks could not be taken");
            }
            if more {
                continue;
            }
            tokio::select! {
                Some(ended) = sending.join_next() => note(ended),
                () = happened.wait() => tokio::time::sleep(TOGETHER).await,
                () = stop.cancelled() => {}
                () = tokio::time::sleep(POLL) => {}
            }
            while let Some(ended) = sending.try_join_next() {
                note(ended);
            }
        }
        while let Some(ended) = sending.join_next().await {
            note(ended);
        }
    }

    /// Puts on its way what happened and sends what is due, once; gives how many requests were sent.
    pub async fn tell_hooks_once(&self, sender: &str) -> Result<usize> {
        while self.follow_for_hooks().await? {}
        let mut sending = JoinSet::new();
        self.begin_sending(sender, &InHand::default(), &mut sending).await?;
        let count = sending.len();
        while let Some(ended) = sending.join_next().await {
            ended.map_err(Error::internal)?;
        }
        Ok(count)
    }

    async fn begin_sending(&self, sender: &str, in_hand: &InHand<HookId>, sending: &mut JoinSet<()>) -> Result<()> {
        for hook in self.inner.store.hooks().await?.into_iter().filter(|hook| hook.enabled) {
            let free = in_hand.free(hook.id, AT_ONCE) as u64;
            if free == 0 {
                continue;
            }
            let (now, hook) = (self.now(), Arc::new(hook));
            let until = now + TimeDelta::seconds(HELD_S);
            for delivery in self.inner.store.claim_deliveries(hook.id, sender, free, now, until).await? {
                // Only this task begins requests, and no more are taken than there is room for.
                let (app, hook, slot) = (self.clone(), Arc::clone(&hook), in_hand.begin(hook.id, AT_ONCE));
                let sender = sender.to_owned();
                sending.spawn(async move {
                    let _slot = slot;
                    if let Err(e) = app.send_to_hook(&hook, &delivery, &sender).await {
                        let (hook, delivery) = (hook.id, delivery.id);
                        tracing::warn!(%hook, %delivery, error = &e as &dyn std::error::Error, "a delivery to a web hook could not be ended");
                    }
                });
            }
        }
        Ok(())
    }

    async fn send_to_hook(&self, hook: &Hook, delivery: &HookDelivery, sender: &str) -> Result<()> {
        let store = &self.inner.store;
        let id = delivery.id.to_string();
        let headers = signature::headers(&self.hook_secrets(hook.id).await?, &id, self.now(), &delivery.body)?;
        let post = Post { address: hook.address.clone(), headers, body: delivery.body.clone() };
        let answer = self.inner.web.post(post).await;
        let sent = outcome(delivery, &answer, self.now());
        store.delivery_sent(delivery.id, sender, &sent).await?;
        metrics::counter!("commonweal_hook_requests_total", "outcome" => sent.state.key()).increment(1);
        if matches!(&answer, Ok(answer) if answer.status == GONE) {
            let (id, at) = (hook.id, sent.answer.at);
            tracing::warn!(hook = %id, "the receiver of a web hook says that it is gone: it is turned off");
            self.change(&Actor::Operator, move |w| {
                Box::pin(async move {
                    let turned_off = w.hooks().set_gone(id, at).await?;
                    let line = audited(AuditAction::HookDisabled, id).with(json!({"status": GONE}));
                    Ok(((), turned_off.then_some(line)))
                })
            })
            .await?;
        }
        Ok(())
    }
}

fn note(ended: std::result::Result<(), tokio::task::JoinError>) {
    if let Err(e) = ended {
        tracing::error!(error = %e, "sending to a web hook ended with a panic");
    }
}

/// What an answer means for a delivery.
fn outcome(delivery: &HookDelivery, answer: &std::result::Result<PostAnswer, WebError>, at: Instant) -> Sent {
    let (status, said) = match answer {
        Ok(answer) => (Some(answer.status), short(&answer.beginning)),
        Err(WebError::Refused(why) | WebError::NotReached(why) | WebError::Failed(why)) => (None, short(why)),
    };
    let wait = WAITS_S.get(delivery.attempts as usize);
    let (state, next_at) = match (status, wait) {
        (Some(200..=299), _) => (DeliveryState::Delivered, at),
        (Some(GONE), _) | (_, None) => (DeliveryState::Failed, at),
        (_, Some(wait)) => (DeliveryState::Pending, at + TimeDelta::milliseconds(scattered(*wait, delivery.id))),
    };
    Sent { answer: LastAnswer { at, status, said }, state, next_at }
}

/// A wait in milliseconds, longer by up to a tenth: what failed together does not come back together.
fn scattered(seconds: i64, id: HookDeliveryId) -> i64 {
    let chance = i64::from(id.0.as_bytes()[15]);
    seconds * 1_000 + seconds * 100 * chance / 255
}

/// The beginning of an answer on one line, without what databases and pages can't show.
fn short(said: &str) -> String {
    let plain: String = said.chars().take(ANSWER).map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use commonweal_domain::hook::HookDelivery;

    use super::*;

    fn sent(attempts: u32, status: u16) -> Sent {
        let at: Instant = "2024-04-10T12:00:00Z".parse().expect("an instant");
        let delivery = HookDelivery {
            id: HookDeliveryId(uuid::Uuid::nil()),
            hook: HookId(uuid::Uuid::nil()),
            event: 1,
            kind: "form.added".into(),
            body: "{}".into(),
            attempts,
            state: DeliveryState::Pending,
            next_at: at,
            created_at: at,
            last: None,
        };
        outcome(&delivery, &Ok(PostAnswer { status, beginning: "a\0b\n".into() }), at)
    }

    #[test]
    fn what_is_not_taken_is_tried_for_three_days_and_has_failed_then() {
        let waits: Vec<i64> = (0..9).map(|n| (sent(n, 500).next_at - sent(n, 500).answer.at).num_seconds()).collect();
        assert_eq!(waits, WAITS_S);
        assert!((72 * 3_600..96 * 3_600).contains(&waits.iter().sum::<i64>()));
        assert_eq!(sent(8, 500).state, DeliveryState::Pending);
        assert_eq!(sent(9, 500).state, DeliveryState::Failed);
        assert_eq!(sent(9, 204).state, DeliveryState::Delivered);
        assert_eq!(sent(0, 302).state, DeliveryState::Pending, "a redirect is not followed and is no success");
        assert_eq!(sent(0, 410).state, DeliveryState::Failed);
    }

    #[test]
    fn an_answer_is_kept_as_one_line_that_every_database_takes() {
        assert_eq!(sent(0, 500).answer.said, "a b");
        assert_eq!(short(&"é".repeat(2_000)).chars().count(), ANSWER);
    }
}
