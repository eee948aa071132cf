//! What persons say of readings. Each correction is kept; the last one stands, also when the machine
//! reads again.

use std::collections::HashMap;

use commonweal_domain::reading::Reader;
use commonweal_domain::{
    BatchId, ChangeKind, CommentId, Correction, CorrectionAct, CorrectionId, FeedbackId, Judgement, NewCorrection,
    Sentiment, SubjectKind, Verdict,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::readings::{put_reading, replace_assignments};
use crate::connect::{Store, corrupt};
use crate::dialect;
use crate::entity::{comment, correction, instant, micros, named, reading, theme, theme_assignment};
use crate::error::{Result, StoreError};
use crate::work::Readings;

/// What became of a correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// The comment.
    pub comment: CommentId,
    /// The feedback that it belongs to.
    pub feedback: FeedbackId,
    /// Whether anything was done: a theme that is there already is not added again.
    pub done: bool,
}

impl Store {
    /// The corrections of these comments, oldest first.
    pub async fn corrections(&self, comments: &[CommentId]) -> Result<Vec<Correction>> {
        let rows = correction::Entity::find()
            .filter(correction::Column::CommentId.is_in(comments.iter().map(|c| c.0)))
            .order_by_asc(correction::Column::At)
            .order_by_asc(correction::Column::Id)
            .all(self.read())
            .await?;
        rows.into_iter().map(from_row).collect()
    }

    /// The corrections that were made at once under this id, in the order of their ids.
    pub async fn correction_batch(&self, batch: BatchId) -> Result<Vec<Correction>> {
        let rows = correction::Entity::find()
            .filter(correction::Column::BatchId.eq(batch.0))
            .order_by_asc(correction::Column::Id)
            .all(self.read())
            .await?;
        rows.into_iter().map(from_row).collect()
    }
}

impl Readings<'_> {
    /// Writes what persons say about comments, all of it or nothing. `NotFound` when a comment or a
    /// theme is not there, `Conflict` when a comment has a later correction than the person saw.
    pub async fn correct(&self, new: &[NewCorrection]) -> Result<Vec<Corrected>> {
        let tx = self.tx();
        let mut all = Vec::with_capacity(new.len());
        for one in new {
            all.push(correct(tx, one).await?);
        }
        let mut touched: Vec<Uuid> = all.iter().filter(|c| c.done).map(|c| c.feedback.0).collect();
        touched.sort_unstable();
        touched.dedup();
        self.core.note_changes();
        dialect::append_changes(tx, SubjectKind::Feedback, ChangeKind::Updated, &touched).await?;
        Ok(all)
    }
}

/// What stands there of a comment while it is corrected.
struct Standing {
    machine: Option<reading::Model>,
    person: Option<reading::Model>,
    /// Themes by reader, with their keys.
    themes: HashMap<Reader, Vec<(Uuid, String)>>,
}

impl Standing {
    async fn of(tx: &DatabaseTransaction, comment: Uuid) -> Result<Self> {
        let rows = reading::Entity::find().filter(reading::Column::CommentId.eq(comment)).all(tx).await?;
        let by = |reader: Reader| rows.iter().find(|r| r.reader == reader.key()).cloned();
        let assigned = theme_assignment::Entity::find()
            .filter(theme_assignment::Column::CommentId.eq(comment))
            .order_by_asc(theme_assignment::Column::Position)
            .all(tx)
            .await?;
        let ids = assigned.iter().map(|a| a.theme_id);
        let keys: HashMap<Uuid, String> = theme::Entity::find()
            .filter(theme::Column::Id.is_in(ids))
            .all(tx)
            .await?
            .into_iter()
            .map(|t| (t.id, t.key))
            .collect();
        let mut themes: HashMap<Reader, Vec<(Uuid, String)>> = HashMap::new();
        for a in assigned {
            let key = keys.get(&a.theme_id).cloned().unwrap_or_default();
            themes.entry(named(&a.reader, Reader::from_key)?).or_default().push((a.theme_id, key));
        }
        Ok(Self { machine: by(Reader::Machine), person: by(Reader::Person), themes })
    }

    fn themes_stated(&self) -> bool {
        self.person.as_ref().is_some_and(|p| p.themes_stated)
    }

    /// Themes that hold: the person's where a person said any or none.
    fn themes(&self) -> &[(Uuid, String)] {
        let by = if self.themes_stated() { Reader::Person } else { Reader::Machine };
        self.themes.get(&by).map_or(&[], Vec::as_slice)
    }

    fn judgement(&self) -> Result<Judgement> {
        let said = |row: &Option<reading::Model>| row.as_ref().and_then(|r| r.sentiment.clone());
        let by_person = said(&self.person);
        let sentiment_stated = by_person.is_some();
        let sentiment = by_person.or_else(|| said(&self.machine));
        Ok(Judgement {
            sentiment: sentiment.map(|key| named(&key, Sentiment::from_key)).transpose()?,
            themes: self.themes().iter().map(|(_, key)| key.clone()).collect(),
            sentiment_stated,
            themes_stated: self.themes_stated(),
        })
    }
}

/// What a verdict comes to, given what stands there.
enum Change {
    Nothing,
    Say {
        sentiment: Option<Sentiment>,
        themes: Option<Vec<Uuid>>,
    },
    /// Themes are the machine's again; what was said of the sentiment stays.
    ForgetThemes,
    Forget,
}

async fn correct(tx: &DatabaseTransaction, new: &NewCorrection) -> Result<Corrected> {
    // Whoever corrects the same comment waits here.
    let of = comment::Entity::find().filter(comment::Column::Id.eq(new.comment.0)).lock_exclusive().one(tx).await?;
    let feedback: FeedbackId = of.ok_or(StoreError::NotFound("comment"))?.feedback_id.into();
    if let Some(seen) = new.seen
        && last(tx, new.comment).await? != seen
    {
        return Err(StoreError::Conflict { what: "reading" });
    }
    let standing = Standing::of(tx, new.comment.0).await?;
    let before = standing.judgement()?;
    let change = change(tx, &new.verdict, &standing, &before).await?;
    let done = Corrected { comment: new.comment, feedback, done: !matches!(change, Change::Nothing) };
    if !done.done {
        return Ok(done);
    }
    write(tx, new, &standing, change).await?;
    let after = Standing::of(tx, new.comment.0).await?.judgement()?;
    let act = match new.verdict {
        Verdict::Confirm => CorrectionAct::Confirmed,
        Verdict::Undo | Verdict::TakeBack(_) => CorrectionAct::Undone,
        _ => CorrectionAct::Corrected,
    };
    let json = |j: &Judgement| serde_json::to_value(j).map_err(|e| corrupt(format!("a correction: {e}")));
    let row = correction::ActiveModel {
        id: Set(new.id.0),
        comment_id: Set(new.comment.0),
        user_id: Set(new.user.0),
        at: Set(micros(new.at)),
        act: Set(act.key().to_owned()),
        before: Set(Some(json(&before)?)),
        after: Set(json(&after)?),
        batch_id: Set(new.batch.map(|b| b.0)),
    };
    correction::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(done)
}

/// The last correction of a comment.
async fn last(tx: &DatabaseTransaction, comment: CommentId) -> Result<Option<CorrectionId>> {
    let row = correction::Entity::find()
        .filter(correction::Column::CommentId.eq(comment.0))
        .order_by_desc(correction::Column::At)
        .order_by_desc(correction::Column::Id)
        .one(tx)
        .await?;
    Ok(row.map(|r| r.id.into()))
}

async fn change(
    tx: &DatabaseTransaction,
    verdict: &Verdict,
    standing: &Standing,
    before: &Judgement,
) -> Result<Change> {
    let ids = || standing.themes().iter().map(|(id, _)| *id);
    let coded = |themes: Vec<Uuid>| Change::Say { sentiment: None, themes: Some(themes) };
    Ok(match verdict {
        Verdict::Say { sentiment, themes } => {
            let themes = match themes {
                None => None,
                Some(themes) => {
                    let mut unique: Vec<Uuid> = Vec::new();
                    for theme in themes {
                        if !unique.contains(&theme.0) {
                            unique.push(theme.0);
                        }
                    }
                    there(tx, &unique).await?;
                    Some(unique)
                }
            };
            Change::Say { sentiment: *sentiment, themes }
        }
        Verdict::Confirm => Change::Say { sentiment: before.sentiment, themes: Some(ids().collect()) },
        Verdict::Undo if standing.person.is_none() => Change::Nothing,
        Verdict::Undo => Change::Forget,
        Verdict::AddTheme(theme) if ids().any(|id| id == theme.0) => Change::Nothing,
        Verdict::AddTheme(theme) => {
            there(tx, &[theme.0]).await?;
            coded(ids().chain([theme.0]).collect())
        }
        Verdict::RemoveTheme(theme) if ids().all(|id| id != theme.0) => Change::Nothing,
        Verdict::RemoveTheme(theme) => coded(ids().filter(|id| *id != theme.0).collect()),
        Verdict::TakeBack(made) => match &made.before {
            // Somebody has said something else since: that stands.
            _ if before.themes != made.after.themes || before.themes_stated != made.after.themes_stated => {
                Change::Nothing
            }
            None => Change::Nothing,
            Some(was) if !was.themes_stated => Change::ForgetThemes,
            Some(was) => {
                let rows = theme::Entity::find().filter(theme::Column::Key.is_in(&was.themes)).all(tx).await?;
                let of = |key: &String| rows.iter().find(|t| t.key == *key).map(|t| t.id);
                coded(was.themes.iter().filter_map(of).collect())
            }
        },
    })
}

/// `NotFound` unless all these themes are there.
async fn there(tx: &DatabaseTransaction, ids: &[Uuid]) -> Result<()> {
    let found = theme::Entity::find().filter(theme::Column::Id.is_in(ids.iter().copied())).count(tx).await?;
    if found == ids.len() as u64 { Ok(()) } else { Err(StoreError::NotFound("theme")) }
}

async fn write(tx: &DatabaseTransaction, new: &NewCorrection, standing: &Standing, change: Change) -> Result<()> {
    let comment = new.comment.0;
    let mut row = standing.person.clone().unwrap_or_else(|| unstated(new.comment));
    row.user_id = Some(new.user.0);
    row.at = Some(micros(new.at));
    match change {
        Change::Nothing => return Ok(()),
        Change::Say { sentiment, themes } => {
            if let Some(sentiment) = sentiment {
                row.sentiment = Some(sentiment.key().to_owned());
                row.score = Some(score_for(sentiment, standing.machine.as_ref().and_then(|r| r.score)));
            }
            row.themes_stated |= themes.is_some();
            put_reading(tx, row).await?;
            if let Some(themes) = themes {
                replace_assignments(tx, comment, Reader::Person, &themes).await?;
            }
        }
        Change::ForgetThemes if row.sentiment.is_some() => {
            row.themes_stated = false;
            put_reading(tx, row).await?;
            replace_assignments(tx, comment, Reader::Person, &[]).await?;
        }
        Change::ForgetThemes | Change::Forget => {
            reading::Entity::delete_by_id((comment, Reader::Person.key().to_owned())).exec(tx).await?;
            replace_assignments(tx, comment, Reader::Person, &[]).await?;
        }
    }
    Ok(())
}

/// The score that goes with a class stated by a person: the machine's where it is in that class,
/// otherwise the middle of the class (see [`Sentiment::from_score`]).
fn score_for(sentiment: Sentiment, machine: Option<f64>) -> f64 {
    match machine {
        Some(score) if Sentiment::from_score(score) == sentiment => score,
        _ => match sentiment {
            Sentiment::VeryNegative => -0.8,
            Sentiment::Negative => -0.4,
            Sentiment::Neutral => 0.0,
            Sentiment::Positive => 0.4,
            Sentiment::VeryPositive => 0.8,
        },
    }
}

/// A person's reading that says nothing yet.
fn unstated(comment: CommentId) -> reading::Model {
    reading::Model {
        comment_id: comment.0,
        reader: Reader::Person.key().to_owned(),
        language: None,
        sentiment: None,
        score: None,
        confidence: None,
        emotion: None,
        alerts: None,
        spans: None,
        engine: String::new(),
        themes_stated: false,
        user_id: None,
        at: None,
    }
}

fn from_row(row: correction::Model) -> Result<Correction> {
    let read = |json| serde_json::from_value(json).map_err(|e| corrupt(format!("a correction: {e}")));
    Ok(Correction {
        id: row.id.into(),
        comment: row.comment_id.into(),
        user: row.user_id.into(),
        at: instant(row.at)?,
        act: named(&row.act, CorrectionAct::from_key)?,
        before: row.before.map(read).transpose()?,
        after: read(row.after)?,
        batch: row.batch_id.map(Into::into),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_of_a_stated_class_lies_in_that_class() {
        for class in Sentiment::ALL {
            assert_eq!(Sentiment::from_score(score_for(*class, None)), *class);
            assert_eq!(Sentiment::from_score(score_for(*class, Some(-1.0))), *class);
        }
        assert_eq!(score_for(Sentiment::Positive, Some(0.55)), 0.55);
    }
}
