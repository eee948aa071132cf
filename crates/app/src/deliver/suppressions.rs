//! Suppressed addresses and numbers: to which nothing is sent, whoever wants to. They are kept as keyed hashes, so that none is
//! ever listed; whoever knows one can ask after it.

use std::collections::HashMap;

use chrono::TimeDelta;
use commonweal_domain::{
    Actor, AuditAction, DispatchId, FieldErrors, HandleKind, Instant, LiftReason, Page, PageRequest, Permission,
    Subject, SuppressionReason,
};
use commonweal_handles::{email, phone};
use commonweal_store::Suppression;
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

/// What may be written down by hand; the rest comes back from servers and people.
pub const BY_HAND: [SuppressionReason; 2] = [SuppressionReason::Invalid, SuppressionReason::Stopped];

/// A suppressed address or number, without what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuppressionSeen {
    /// Of which kind it is.
    pub kind: Option<HandleKind>,
    /// Why nothing is sent there.
    pub reason: SuppressionReason,
    /// Since when.
    pub at: Instant,
    /// Until then; until somebody lifts it without.
    pub expires_at: Option<Instant>,
    /// The send that showed it, and what it is called.
    pub send: Option<(DispatchId, String)>,
}

impl App {
    /// A page of what is suppressed now, newest first.
    pub async fn suppressions(&self, actor: &Actor, page: &PageRequest) -> Result<Page<SuppressionSeen>> {
        authorise(actor, Permission::ReadDispatches)?;
        let found = self.inner.store.suppression_page(page, self.now()).await?;
        let names = self.sends_behind(&found.items).await?;
        Ok(found.with(|items| items.into_iter().map(|one| seen(one, &names)).collect()))
    }

    async fn sends_behind(&self, found: &[Suppression]) -> Result<Behind> {
        let deliveries: Vec<_> = found.iter().filter_map(|one| one.delivery).collect();
        let of = self.inner.store.sends_of(&deliveries).await?;
        let mut names = HashMap::new();
        for id in of.values() {
            if !names.contains_key(id) {
                names.insert(*id, self.inner.store.dispatch(*id).await?.name);
            }
        }
        Ok(of.into_iter().filter_map(|(delivery, id)| Some((delivery, (id, names.get(&id)?.clone())))).collect())
    }

    /// Whether an address or a number is suppressed, and why.
    pub async fn find_suppression(&self, actor: &Actor, text: &str) -> Result<Option<SuppressionSeen>> {
        authorise(actor, Permission::ManageDispatches)?;
        let (hash, _) = self.hash_of(text).await?;
        let found: Vec<_> = self.inner.store.suppressions(&[hash], self.now()).await?.into_values().collect();
        let names = self.sends_behind(&found).await?;
        Ok(found.into_iter().next().map(|one| seen(one, &names)))
    }

    /// Sends nothing to an address or a number any more: somebody said so, or it is known to be wrong.
    pub async fn suppress(&self, actor: &Actor, text: &str, reason: Option<SuppressionReason>) -> Result<()> {
        authorise(actor, Permission::ManageDispatches)?;
        let Some(reason) = reason.filter(|reason| BY_HAND.contains(reason)) else {
            return Err(FieldErrors::one("reason", "required", "Choose why nothing is to be sent there.").into());
        };
        let ((hash, kind), now) = (self.hash_of(text).await?, self.now());
        let new = Suppression {
            hash,
            kind: kind.key().to_owned(),
            reason,
            at: now,
            expires_at: reason.days().map(|days| now + TimeDelta::days(days)),
            delivery: None,
        };
        let new = &new;
        self.change(actor, move |w| {
            Box::pin(async move {
                // What is known of it already says more than what is written down by hand.
                if !w.deliveries().suppressed(&[new.hash], now).await?.is_empty() {
                    return Err(Error::Conflict {
                        code: "suppressed_already",
                        message: "Nothing is sent there already.".into(),
                    });
                }
                w.deliveries().suppress(new).await?;
                let line = audited(AuditAction::SuppressionAdded, Subject::all("suppression"));
                Ok(((), line.with(json!({"kind": new.kind, "reason": new.reason.key()}))))
            })
        })
        .await
    }

    /// Lets messages go to an address or a number again.
    pub async fn lift_suppression(&self, actor: &Actor, text: &str, why: Option<LiftReason>) -> Result<()> {
        authorise(actor, Permission::ManageDispatches)?;
        let Some(why) = why else {
            return Err(FieldErrors::one("why", "required", "Choose why messages may go there again.").into());
        };
        let ((hash, kind), now) = (self.hash_of(text).await?, self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                let found = w.deliveries().suppressed(&[hash], now).await?.into_values().next();
                let Some(found) = found else {
                    return Err(Error::Conflict {
                        code: "not_suppressed",
                        message: "Messages go there already: it is not suppressed.".into(),
                    });
                };
                if !found.reason.may_be_lifted(why) {
                    let sentence = "They said themselves that they want no more. Only if they asked for messages again, or if it was a mistake, may messages go there.";
                    return Err(FieldErrors::one("why", "not_enough", sentence).into());
                }
                w.deliveries().lift(&hash).await?;
                let told = json!({"kind": kind.key(), "reason": found.reason.key(), "why": why.key()});
                Ok(((), audited(AuditAction::SuppressionLifted, Subject::all("suppression")).with(told)))
            })
        })
        .await
    }

    /// What is left of an address or a number that somebody writes, and of which kind it is.
    async fn hash_of(&self, text: &str) -> Result<([u8; 32], HandleKind)> {
        let (kind, normal) = match email(text) {
            Ok(read) => (HandleKind::Email, read.normal().to_owned()),
            Err(_) => match phone(text, self.country()) {
                Ok(read) => (HandleKind::Phone, read.normal().to_owned()),
                Err(_) => {
                    let why = "This is neither an email address nor a phone number. Write one like name@example.org or 07700 900123.";
                    return Err(FieldErrors::one("address", "not_a_handle", why).into());
                }
            },
        };
        Ok((self.handle_hasher().await?.hash(kind.key(), &normal), kind))
    }
}

/// By deliveries, their sends.
type Behind = HashMap<commonweal_domain::DeliveryId, (DispatchId, String)>;

fn seen(one: Suppression, names: &Behind) -> SuppressionSeen {
    SuppressionSeen {
        kind: HandleKind::from_key(&one.kind),
        reason: one.reason,
        at: one.at,
        expires_at: one.expires_at,
        send: one.delivery.and_then(|delivery| names.get(&delivery).cloned()),
    }
}
