//! One theme for many comments at once: how many it concerns is said before, it is done in steps, and
//! it can be taken back as a whole.

use std::collections::HashSet;

use commonweal_domain::question::{ListQuery, Order};
use commonweal_domain::search::Words;
use commonweal_domain::{
    Actor, AuditAction, BatchId, CommentId, Correction, Event, FeedbackDoc, FeedbackId, Filter, NewCorrection,
    PageRequest, ThemeId, Verdict,
};
use serde_json::json;

use super::correct::corrector;
use super::explore::invalid;
use crate::change::{Audited, audited};
use crate::{App, Error, FeedbackDetail, Result};

/// Most feedback that can be changed at once.
pub const MAX: usize = 1_000;

/// Comments written in one transaction: other writers wait no longer than that takes.
const STEP: usize = 100;

/// Which feedback is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// These. The words say which of several comments is meant.
    These(Vec<FeedbackId>, Words),
    /// All that a filter means.
    All(Filter),
}

/// What is done with the theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThemeAct {
    /// The comment that the list shows of each feedback gets the theme.
    Add,
    /// Every comment of the feedback loses it.
    Remove,
}

/// What a change of many comments would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BulkPlan {
    /// Feedback that was chosen.
    pub feedback: usize,
    /// The comments that would change.
    pub comments: Vec<CommentId>,
    /// Feedback without words, which can have no theme.
    pub without_words: usize,
    /// Feedback that is so already.
    pub already: usize,
}

/// A change of many comments that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkTold {
    /// Key of the theme.
    pub theme: String,
    /// What was done with it.
    pub act: ThemeAct,
    /// Comments that were changed.
    pub comments: usize,
}

/// The comment of a feedback that lists show: the first in which the words are found, else the first.
pub fn shown(doc: &FeedbackDoc, words: &Words) -> Option<usize> {
    let found = doc.comments.iter().position(|c| !words.highlights(&c.text).is_empty());
    found.or(if doc.comments.is_empty() { None } else { Some(0) })
}

impl App {
    /// What the change would do, without doing it.
    pub async fn plan_themes(&self, actor: &Actor, chosen: &Chosen, theme: ThemeId, act: ThemeAct) -> Result<BulkPlan> {
        corrector(actor)?;
        let key = self.theme_key(theme).await?;
        let (ids, words) = match chosen {
            Chosen::These(ids, words) => {
                let mut seen = HashSet::new();
                (ids.iter().copied().filter(|id| seen.insert(*id)).collect::<Vec<_>>(), words.clone())
            }
            Chosen::All(filter) => {
                if self.is_protected_under(actor, filter) {
                    self.refuse_few(filter).await?;
                }
                let query =
                    ListQuery { filter: filter.clone(), order: Order::Newest, page: PageRequest::first(MAX + 1) };
                let page = self.inner.index.list(&query).await?;
                (page.keys.items.into_iter().map(|(_, id)| id).collect(), filter.words.clone())
            }
        };
        if ids.is_empty() {
            return Err(invalid(
                "pick",
                "nothing_chosen",
                "Nothing is chosen. Tick at least one, or choose all that match.",
            ));
        }
        if ids.len() > MAX {
            return Err(invalid(
                "scope",
                "too_many",
                "More than 1,000 match. Filter further until at most 1,000 are left, then change those.",
            ));
        }
        let details = self.inner.store.details(&ids).await?;
        let mut plan = BulkPlan { feedback: details.len(), ..BulkPlan::default() };
        for detail in &details {
            let of = concerned(detail, &words, &key, act);
            match of {
                _ if detail.comments.is_empty() => plan.without_words += 1,
                of if of.is_empty() => plan.already += 1,
                of => plan.comments.extend(of),
            }
        }
        Ok(plan)
    }

    /// Does it. Tells under which id it can be taken back, and how many comments were changed.
    pub async fn change_themes(
        &self,
        actor: &Actor,
        chosen: &Chosen,
        theme: ThemeId,
        act: ThemeAct,
    ) -> Result<(BatchId, usize)> {
        let plan = self.plan_themes(actor, chosen, theme, act).await?;
        let verdict = match act {
            ThemeAct::Add => Verdict::AddTheme(theme),
            ThemeAct::Remove => Verdict::RemoveTheme(theme),
        };
        let all = plan.comments.into_iter().map(|comment| (comment, verdict.clone())).collect();
        let line = |batch: BatchId, comments: usize| {
            let what = json!({"theme": theme, "removed": act == ThemeAct::Remove, "comments": comments});
            audited(AuditAction::ThemeChanged, batch).with(what)
        };
        self.write_batch(actor, all, line).await
    }

    /// Takes a change back, and tells how many comments are as before, and how many not because
    /// somebody corrected them since.
    pub async fn undo_themes(&self, actor: &Actor, batch: BatchId) -> Result<(usize, usize)> {
        corrector(actor)?;
        let made = self.inner.store.correction_batch(batch).await?;
        if made.is_empty() {
            return Err(Error::NotFound("change"));
        }
        let count = made.len();
        let all = made.into_iter().map(|c| (c.comment, Verdict::TakeBack(Box::new(c)))).collect();
        let line =
            |_, comments: usize| audited(AuditAction::ThemeChangeUndone, batch).with(json!({"comments": comments}));
        let (_, done) = self.write_batch(actor, all, line).await?;
        Ok((done, count - done))
    }

    /// What a change was, for the sentence that offers to take it back. Nothing when it is not there.
    pub async fn themes_changed(&self, actor: &Actor, batch: BatchId) -> Result<Option<BulkTold>> {
        corrector(actor)?;
        let made = self.inner.store.correction_batch(batch).await?;
        Ok(made.first().and_then(told).map(|(theme, act)| BulkTold { theme, act, comments: made.len() }))
    }

    /// Writes corrections a step at a time. The line in the trail, with how many comments it is about,
    /// is kept with the first step: a change that is broken off has one.
    async fn write_batch(
        &self,
        actor: &Actor,
        all: Vec<(CommentId, Verdict)>,
        line: impl Fn(BatchId, usize) -> Audited,
    ) -> Result<(BatchId, usize)> {
        let user = corrector(actor)?;
        let (batch, at) = (BatchId(self.inner.ids.new_id()), self.now());
        let mut done = 0;
        let new: Vec<NewCorrection> = all
            .into_iter()
            .map(|(comment, verdict)| NewCorrection {
                id: self.inner.ids.new_id().into(),
                comment,
                user,
                at,
                verdict,
                seen: None,
                batch: Some(batch),
            })
            .collect();
        let line = &line(batch, new.len());
        for (step, some) in new.chunks(STEP).enumerate() {
            let corrected = self.change(actor, move |w| {
                Box::pin(async move {
                    let corrected = w.readings().correct(some).await?;
                    let happened: Vec<Event> = corrected
                        .iter()
                        .filter(|c| c.done)
                        .map(|c| Event::ReadingCorrected { comment: c.comment })
                        .collect();
                    w.events().emit(at, &happened).await?;
                    Ok((happened.len(), (step == 0).then(|| line.clone())))
                })
            });
            done += corrected.await?;
        }
        Ok((batch, done))
    }

    async fn theme_key(&self, theme: ThemeId) -> Result<String> {
        let frames = self.inner.store.codeframes().await?;
        let found = frames.into_iter().flat_map(|f| f.themes).find(|t| t.id == theme);
        Ok(found.ok_or(Error::NotFound("theme"))?.key)
    }
}

/// The comments of a feedback that would change.
fn concerned(detail: &FeedbackDetail, words: &Words, key: &str, act: ThemeAct) -> Vec<CommentId> {
    let has = |place: usize| detail.doc.comments[place].reading.themes.iter().any(|k| k == key);
    let places: Vec<usize> = match act {
        ThemeAct::Add => shown(&detail.doc, words).into_iter().filter(|p| !has(*p)).collect(),
        ThemeAct::Remove => (0..detail.doc.comments.len()).filter(|p| has(*p)).collect(),
    };
    places.into_iter().filter_map(|p| detail.comments.get(p)).map(|c| c.id).collect()
}

/// The theme that a correction added or took away.
fn told(correction: &Correction) -> Option<(String, ThemeAct)> {
    let (before, after) = (&correction.before.as_ref()?.themes, &correction.after.themes);
    let added = after.iter().find(|t| !before.contains(t)).map(|t| (t.clone(), ThemeAct::Add));
    added.or_else(|| before.iter().find(|t| !after.contains(t)).map(|t| (t.clone(), ThemeAct::Remove)))
}
