//! Corrections: a person's judgement stands, also when the machine reads again.

use commonweal_domain::{Actor, CommentId, FieldErrors, Permission, Sentiment, ThemeId};
use serde_json::json;

use crate::app::authorise;
use crate::{App, Error, Result};

impl App {
    /// Corrects what was read from a comment.
    pub async fn correct(
        &self,
        actor: &Actor,
        comment: CommentId,
        sentiment: Option<Sentiment>,
        themes: Option<Vec<ThemeId>>,
    ) -> Result<()> {
        authorise(actor, Permission::CorrectReadings)?;
        let Actor::User { id, .. } = actor else {
            return Err(Error::Denied(Permission::CorrectReadings));
        };
        if sentiment.is_none() && themes.is_none() {
            return Err(Error::Invalid(FieldErrors::one(
                "sentiment",
                "required",
                "Say what to correct: the sentiment or the themes.",
            )));
        }
        self.inner.store.correct(comment, *id, sentiment, themes.as_deref(), self.now()).await?;
        self.inner.handoff.written.notify_one();
        let what = json!({"sentiment": sentiment.map(Sentiment::key)});
        self.audit(actor, "reading.corrected", &format!("comment:{comment}"), what).await
    }
}
