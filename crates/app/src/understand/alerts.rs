//! Alerts: comments that a person should look at, and who has looked at them.

use commonweal_domain::filter::Filter;
use commonweal_domain::question::{ListQuery, Order};
use commonweal_domain::reading::CONTRADICTION;
use commonweal_domain::records::AlertReview;
use commonweal_domain::{
    Actor, AuditAction, Cursor, Dimension, Event, FeedbackDoc, FeedbackId, Instant, Page, PageRequest, Permission,
    Start, sentence,
};
use commonweal_text::AlertKind;
use serde_json::json;

use super::explore::invalid;
use crate::app::authorise;
use crate::change::audited;
use crate::compute::Cost;
use crate::{App, Error, Result};

/// Longest note, in characters.
const NOTE_CHARS: usize = 1_000;
/// Feedback asked for at once while those not looked at are picked out.
const STEP: usize = 200;

/// Which alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlertState {
    /// Nobody has looked yet.
    #[default]
    Open,
    /// Somebody has.
    Reviewed,
}

/// A feedback with alerts.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertItem {
    /// The feedback, redacted.
    pub doc: FeedbackDoc,
    /// Keys of its alerts, safeguarding first.
    pub kinds: Vec<String>,
    /// For each comment the bytes of the words that raised a safeguarding alert.
    pub marks: Vec<Vec<(usize, usize)>>,
    /// Who looked at it.
    pub review: Option<AlertReview>,
}

/// Keys of all kinds of alerts, gravest first.
pub fn alert_kinds() -> Vec<&'static str> {
    AlertKind::ALL.iter().map(|kind| kind.key()).chain([CONTRADICTION]).collect()
}

/// The kinds that are asked for: this one, or without one those of safeguarding. Words against a
/// rating are many and can wait, so they are never among what has to be looked at first.
fn asked(kind: Option<&str>) -> Vec<&str> {
    kind.map_or_else(|| AlertKind::ALL.iter().map(|kind| kind.key()).collect(), |kind| vec![kind])
}

/// The filter that means feedback with an alert of one of these kinds.
pub fn alerting(kinds: &[&str]) -> Filter {
    let mut filter = Filter::default();
    kinds.iter().for_each(|key| filter.add(Dimension::Alert, key));
    filter
}

impl App {
    /// How many feedback with an alert of this kind, or without one of any of safeguarding, nobody
    /// has looked at.
    pub async fn open_alerts(&self, actor: &Actor, kind: Option<&str>) -> Result<u64> {
        authorise(actor, Permission::ReadFeedback)?;
        let kinds = asked(kind);
        let all = alerting(&kinds);
        let (all, looked) = tokio::try_join!(self.count(&all), async {
            Ok::<u64, Error>(self.inner.store.alert_reviews_count(&kinds).await?)
        })?;
        // The index follows the store within about a second.
        Ok(all.saturating_sub(looked))
    }

    /// A page of alerts of a kind, or without one of any of safeguarding: newest first; of those looked at, the
    /// last looked at first.
    pub async fn alerts(
        &self,
        actor: &Actor,
        state: AlertState,
        kind: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<AlertItem>> {
        authorise(actor, Permission::ReadFeedback)?;
        if kind.is_some_and(|kind| !alert_kinds().contains(&kind)) {
            return Err(invalid("kind", "not_allowed", "There is no such kind of alert."));
        }
        let kinds = asked(kind);
        match state {
            AlertState::Open => {
                self.bounded(actor, Cost::of(&alerting(&kinds)), |_| self.unreviewed(&kinds, page)).await
            }
            AlertState::Reviewed => self.reviewed(&kinds, page).await,
        }
    }

    /// The index knows the alerts and the store who looked: what nobody has looked at is picked out of pages of
    /// the index, until there is enough for this one.
    async fn unreviewed(&self, kinds: &[&str], request: &PageRequest) -> Result<Page<AlertItem>> {
        let mut query = ListQuery {
            filter: alerting(kinds),
            order: Order::Newest,
            page: PageRequest { start: request.start, limit: STEP },
        };
        // Those nearest to the cursor first, as `Page::of` takes them.
        let mut found: Vec<(Instant, FeedbackId)> = Vec::new();
        while found.len() < request.reads() {
            let Page { mut items, previous, next } = self.inner.index.list(&query).await?.keys;
            if request.is_backwards() {
                items.reverse();
            }
            let ids: Vec<FeedbackId> = items.iter().map(|(_, id)| *id).collect();
            let reviews = self.inner.store.alert_reviews_of(&ids).await?;
            found.extend(items.into_iter().filter(|(_, id)| reviews.iter().all(|review| review.feedback != *id)));
            query.page.start = match (request.is_backwards(), previous, next) {
                (true, Some(cursor), _) => Start::Before(cursor),
                (false, _, Some(cursor)) => Start::After(cursor),
                _ => break,
            };
        }
        found.truncate(request.reads());
        let page = Page::of(found, request, |key| Cursor::from(*key));
        let ids: Vec<FeedbackId> = page.items.iter().map(|(_, id)| *id).collect();
        let docs = self.inner.store.docs(&ids).await?;
        Ok(page.with(|_| docs.into_iter().map(|doc| item(doc, None)).collect()))
    }

    async fn reviewed(&self, kinds: &[&str], request: &PageRequest) -> Result<Page<AlertItem>> {
        let page = self.inner.store.alert_reviews(kinds, request).await?;
        let ids: Vec<FeedbackId> = page.items.iter().map(|review| review.feedback).collect();
        let mut docs = self.inner.store.docs(&ids).await?;
        let mut reviewed = |review: AlertReview| {
            let at = docs.iter().position(|doc| doc.id == review.feedback)?;
            Some(item(docs.swap_remove(at), Some(review)))
        };
        Ok(page.with(|reviews| reviews.into_iter().filter_map(&mut reviewed).collect()))
    }

    /// Marks the alerts of a feedback as looked at.
    pub async fn review_alert(&self, actor: &Actor, feedback: FeedbackId, note: &str) -> Result<()> {
        authorise(actor, Permission::CorrectReadings)?;
        let Actor::User { id, .. } = actor else {
            return Err(Error::Denied(Permission::CorrectReadings));
        };
        let note = note.trim();
        let length = note.chars().count();
        if length > NOTE_CHARS {
            let sentence = sentence!(
                "A note has at most {most} characters; this one has {length}. Shorten it.",
                most = NOTE_CHARS,
                length,
            );
            return Err(invalid("note", "too_long", sentence));
        }
        let doc = self.inner.store.docs(&[feedback]).await?.pop().ok_or(Error::NotFound("feedback"))?;
        if Dimension::Alert.values(&doc).is_empty() {
            return Err(invalid("note", "no_alert", "This feedback has no alert any more. Load the page again."));
        }
        let users = self.inner.store.users().await?;
        let name = users.into_iter().find(|user| user.id == *id).map(|user| user.name);
        let name = name.unwrap_or_else(|| actor.audit_name());
        let review = AlertReview { feedback, actor: name, note: note.to_owned(), at: self.now() };
        let (review, now) = (&review, self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.alerts().add_review(review).await?;
                w.events().emit(now, &[Event::AlertReviewed { feedback }]).await?;
                let details = json!({"note": !review.note.is_empty()});
                Ok(((), audited(AuditAction::AlertReviewed, feedback).with(details)))
            })
        })
        .await
    }

    /// Takes back that somebody looked.
    pub async fn reopen_alert(&self, actor: &Actor, feedback: FeedbackId) -> Result<()> {
        authorise(actor, Permission::CorrectReadings)?;
        let now = self.now();
        self.change(actor, move |w| {
            Box::pin(async move {
                w.alerts().remove_review(feedback).await?;
                w.events().emit(now, &[Event::AlertReopened { feedback }]).await?;
                Ok(((), audited(AuditAction::AlertReopened, feedback)))
            })
        })
        .await
    }
}

fn item(doc: FeedbackDoc, review: Option<AlertReview>) -> AlertItem {
    let held = Dimension::Alert.values(&doc);
    let kinds = alert_kinds().into_iter().filter(|key| held.iter().any(|k| k == key)).map(str::to_owned).collect();
    // Words that were redacted can't be marked; all others stand where the engine finds them again.
    let marks = doc.comments.iter().map(|comment| {
        let found = commonweal_text::alerts(&comment.text).into_iter();
        let kept = found.filter(|alert| comment.reading.alerts.iter().any(|key| key == alert.kind.key()));
        kept.map(|alert| (alert.start, alert.end)).collect()
    });
    AlertItem { kinds, marks: marks.collect(), review, doc }
}
