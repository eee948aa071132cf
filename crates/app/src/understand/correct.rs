//! Corrections: a person's judgement stands, also when the machine reads again; each is kept with
//! who and when, and can be taken back.

use commonweal_domain::records::User;
use commonweal_domain::{
    Actor, AuditAction, CommentId, Correction, CorrectionId, Event, FieldErrors, NewCorrection, Permission, UserId,
    Verdict,
};
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

/// A correction with the name of who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionTold {
    /// The correction.
    pub correction: Correction,
    /// The name that colleagues know.
    pub by: String,
}

impl App {
    /// Says what holds for a comment, confirms what stands there, or takes back what persons said.
    /// Tells whether anything was done. `seen` is the last correction that the person saw; when
    /// somebody has corrected the comment since, nothing is done and a conflict says so.
    pub async fn correct(
        &self,
        actor: &Actor,
        comment: CommentId,
        verdict: Verdict,
        seen: Option<Option<CorrectionId>>,
    ) -> Result<bool> {
        let user = corrector(actor)?;
        if matches!(verdict, Verdict::Say { sentiment: None, themes: None }) {
            return Err(Error::Invalid(FieldErrors::one(
                "sentiment",
                "required",
                "Say what to correct: the sentiment or the themes.",
            )));
        }
        let (action, what) = told(&verdict);
        let new = NewCorrection {
            id: self.inner.ids.new_id().into(),
            comment,
            user,
            at: self.now(),
            verdict,
            seen,
            batch: None,
        };
        let (new, what) = (&[new], &what);
        self.change(actor, move |w| {
            Box::pin(async move {
                let done = w.readings().correct(new).await?.iter().any(|c| c.done);
                if done {
                    w.events().emit(new[0].at, &[Event::ReadingCorrected { comment }]).await?;
                }
                Ok((done, done.then(|| audited(action, comment).with(what.clone()))))
            })
        })
        .await
    }

    /// The corrections of these comments, oldest first, with who made them.
    pub async fn corrections(&self, actor: &Actor, comments: &[CommentId]) -> Result<Vec<CorrectionTold>> {
        authorise(actor, Permission::ReadFeedback)?;
        let made = self.inner.store.corrections(comments).await?;
        if made.is_empty() {
            return Ok(Vec::new());
        }
        let users = self.inner.store.users().await?;
        let name = |id: UserId| users.iter().find(|u: &&User| u.id == id).map(|u| u.name.clone()).unwrap_or_default();
        Ok(made.into_iter().map(|correction| CorrectionTold { by: name(correction.user), correction }).collect())
    }
}

/// Only somebody with a name may judge: a correction says who made it.
pub(super) fn corrector(actor: &Actor) -> Result<UserId> {
    authorise(actor, Permission::CorrectReadings)?;
    match actor {
        Actor::User { id, .. } => Ok(*id),
        _ => Err(Error::Denied(Permission::CorrectReadings)),
    }
}

fn told(verdict: &Verdict) -> (AuditAction, serde_json::Value) {
    match verdict {
        Verdict::Say { sentiment, themes } => (
            AuditAction::ReadingCorrected,
            json!({"sentiment": sentiment.map(|s| s.key()), "themes": themes.as_ref().map(Vec::len)}),
        ),
        Verdict::Confirm => (AuditAction::ReadingConfirmed, json!({})),
        Verdict::Undo | Verdict::TakeBack(_) => (AuditAction::CorrectionUndone, json!({})),
        Verdict::AddTheme(theme) => (AuditAction::ReadingCorrected, json!({"theme_added": theme})),
        Verdict::RemoveTheme(theme) => (AuditAction::ReadingCorrected, json!({"theme_removed": theme})),
    }
}
