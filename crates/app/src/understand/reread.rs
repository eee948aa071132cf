//! Reads all comments again, after the codeframe or a model has changed. What persons said stays.

use commonweal_domain::{Actor, AuditAction, Event, FeedbackDoc, FeedbackId, Permission, Subject};
use commonweal_store::{CommentToRead, NewReading, Silent};
use commonweal_text::{Input, Reader};
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::listen::imports::blocking;
use crate::listen::record::kept;
use crate::{App, Result};

/// Feedback read and written at a time: so few that whoever imports meanwhile does not wait for the step under way.
const BATCH: u64 = 100;

impl App {
    /// Reads all comments again; tells the number after each batch. May be called again after it
    /// was stopped: a comment read twice has the same reading.
    pub async fn reread(&self, actor: &Actor, mut progress: impl FnMut(u64)) -> Result<u64> {
        authorise(actor, Permission::ManageCodeframes)?;
        let (mut after, mut done) = (None, 0);
        while let Some((read, last)) = self.reread_some(after).await? {
            after = Some(last);
            done += read;
            progress(done);
        }
        self.renewed(actor, done).await?;
        Ok(done)
    }

    /// Writes down that all comments were read again.
    pub(super) async fn renewed(&self, actor: &Actor, comments: u64) -> Result<()> {
        let now = self.now();
        self.change(actor, move |w| {
            Box::pin(async move {
                w.events().emit(now, &[Event::ReadingsRenewed { comments }]).await?;
                let line = audited(AuditAction::Renewed, Subject::all("readings"));
                Ok(((), line.with(json!({"comments": comments}))))
            })
        })
        .await
    }

    /// Reads the comments of the feedback after one again: how many, and the last feedback; nothing at
    /// the end.
    pub(super) async fn reread_some(&self, after: Option<FeedbackId>) -> Result<Option<(u64, FeedbackId)>> {
        let reader = self.reader();
        let Some((comments, last)) = self.inner.store.comments_to_read(after, BATCH).await? else { return Ok(None) };
        let mut ids: Vec<FeedbackId> = comments.iter().map(|c| c.feedback).collect();
        ids.dedup();
        let docs = self.inner.store.docs(&ids).await?;
        let readings: Vec<NewReading> =
            blocking(move || Ok(comments.into_iter().map(|c| read_again(&reader, c, &docs)).collect())).await?;
        let readings = readings.as_slice();
        let done = self
            .change_silently(Silent::Step, move |w| Box::pin(async move { Ok(w.readings().renew(readings).await?) }));
        Ok(Some((done.await?, last)))
    }
}

fn read_again(reader: &Reader, comment: CommentToRead, docs: &[FeedbackDoc]) -> NewReading {
    let doc = docs.iter().find(|d| d.id == comment.feedback);
    let mut reading = reader.read(Input {
        text: &comment.text,
        question: comment.question.as_deref(),
        score: doc.and_then(FeedbackDoc::score),
        // Stated languages stay with the feedback; each comment's own is found again.
        language: None,
    });
    let text = kept(&mut reading);
    let original = (text != comment.text).then_some(comment.text);
    reading.redacted = text;
    NewReading { comment: comment.comment, reading, original }
}
