//! What was read from comments: the machine's readings, and how readings are put away.

use std::collections::{HashMap, HashSet};

use commonweal_domain::reading::Reader;
use commonweal_domain::{ChangeKind, CommentId, Reading, SubjectKind};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

use crate::connect::corrupt;
use crate::dialect;
use crate::entity::{comment, feedback, original, reading, theme, theme_assignment};
use crate::error::{Result, StoreError};
use crate::work::Readings;

/// A comment read again by the machine.
#[derive(Clone, Debug)]
pub struct NewReading {
    /// Which comment.
    pub comment: CommentId,
    /// What was found; `redacted` becomes the comment's words.
    pub reading: Reading,
    /// The words before redaction, when `reading.redacted` differs from them.
    pub original: Option<String>,
}

impl Readings<'_> {
    /// Puts new machine readings in the place of the old ones. What persons said stays. Comments that
    /// are gone are passed over; returns how many are there. What is read as before is not written, nor told to the
    /// feed: writing is what others wait for.
    pub async fn renew(&self, readings: &[NewReading]) -> Result<u64> {
        let tx = self.tx();
        let (touched, there) = renew_all(tx, readings).await?;
        if touched.is_empty() {
            return Ok(there);
        }
        let mut touched: Vec<Uuid> = touched.into_iter().collect();
        touched.sort_unstable();
        self.core.note_changes();
        dialect::append_changes(tx, SubjectKind::Feedback, ChangeKind::Updated, &touched).await?;
        Ok(there)
    }
}

/// Puts new machine readings in the place of the old ones; the feedback that are read otherwise than before, and how many
/// of the comments are there.
pub(crate) async fn renew_all(tx: &DatabaseTransaction, readings: &[NewReading]) -> Result<(HashSet<Uuid>, u64)> {
    let (mut touched, mut there) = (HashSet::new(), 0);
    if readings.is_empty() {
        return Ok((touched, there));
    }
    let themes: HashMap<String, Uuid> =
        theme::Entity::find().all(tx).await?.into_iter().map(|t| (t.key, t.id)).collect();
    for some in readings.chunks(AT_ONCE) {
        let before = Before::of(tx, some).await?;
        for new in some {
            let Some(of) = before.comments.get(&new.comment.0) else { continue };
            there += 1;
            if renew(tx, new, of, &before, &themes).await? {
                touched.insert(of.feedback_id);
            }
        }
    }
    for feedback in &touched {
        renew_language(tx, *feedback).await?;
    }
    Ok((touched, there))
}

/// Comments looked up in one go.
const AT_ONCE: usize = 500;

/// What stands there before comments are read again.
struct Before {
    comments: HashMap<Uuid, comment::Model>,
    readings: HashMap<Uuid, reading::Model>,
    assigned: HashMap<Uuid, Vec<Uuid>>,
    originals: HashMap<Uuid, String>,
}

impl Before {
    async fn of(tx: &DatabaseTransaction, readings: &[NewReading]) -> Result<Self> {
        let ids: Vec<Uuid> = readings.iter().map(|r| r.comment.0).collect();
        let machine = Reader::Machine.key();
        let comments = comment::Entity::find().filter(comment::Column::Id.is_in(ids.clone())).all(tx).await?;
        let readings = reading::Entity::find()
            .filter(reading::Column::CommentId.is_in(ids.clone()))
            .filter(reading::Column::Reader.eq(machine))
            .all(tx)
            .await?;
        let assignments = theme_assignment::Entity::find()
            .filter(theme_assignment::Column::CommentId.is_in(ids.clone()))
            .filter(theme_assignment::Column::Reader.eq(machine))
            .order_by_asc(theme_assignment::Column::Position)
            .all(tx)
            .await?;
        let originals = original::Entity::find().filter(original::Column::CommentId.is_in(ids)).all(tx).await?;
        let mut assigned: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for one in assignments {
            assigned.entry(one.comment_id).or_default().push(one.theme_id);
        }
        Ok(Self {
            comments: comments.into_iter().map(|c| (c.id, c)).collect(),
            readings: readings.into_iter().map(|r| (r.comment_id, r)).collect(),
            assigned,
            originals: originals.into_iter().map(|o| (o.comment_id, o.text)).collect(),
        })
    }
}

/// Puts a reading in the place of the one by the same reader.
pub(super) async fn put_reading(tx: &DatabaseTransaction, row: reading::Model) -> Result<()> {
    use reading::Column as C;
    let replace = OnConflict::columns([C::CommentId, C::Reader])
        .update_columns([
            C::Language,
            C::Sentiment,
            C::Score,
            C::Confidence,
            C::Emotion,
            C::Alerts,
            C::Spans,
            C::Engine,
            C::ThemesStated,
            C::UserId,
            C::At,
        ])
        .to_owned();
    reading::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(replace)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Puts themes in the place of those that the same reader gave before.
pub(super) async fn replace_assignments(
    tx: &DatabaseTransaction,
    comment: Uuid,
    reader: Reader,
    themes: &[Uuid],
) -> Result<()> {
    theme_assignment::Entity::delete_many()
        .filter(theme_assignment::Column::CommentId.eq(comment))
        .filter(theme_assignment::Column::Reader.eq(reader.key()))
        .exec(tx)
        .await?;
    if themes.is_empty() {
        return Ok(());
    }
    let rows = (0_i64..).zip(themes).map(|(position, theme)| theme_assignment::ActiveModel {
        comment_id: Set(comment),
        reader: Set(reader.key().to_owned()),
        theme_id: Set(*theme),
        position: Set(position),
    });
    theme_assignment::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes what differs from what stands there, and tells whether anything did.
async fn renew(
    tx: &DatabaseTransaction,
    new: &NewReading,
    of: &comment::Model,
    before: &Before,
    themes: &HashMap<String, Uuid>,
) -> Result<bool> {
    let r = &new.reading;
    let mut assigned = Vec::new();
    for key in &r.themes {
        let theme = *themes.get(key).ok_or_else(|| {
            StoreError::Invalid(format!("There is no theme `{key}` in any codeframe. Add it before reading with it."))
        })?;
        if !assigned.contains(&theme) {
            assigned.push(theme);
        }
    }
    let json = |empty: bool, value: serde_json::Result<serde_json::Value>| match value {
        Ok(value) => Ok((!empty).then_some(value)),
        Err(e) => Err(corrupt(format!("a reading: {e}"))),
    };
    let row = reading::Model {
        comment_id: of.id,
        reader: Reader::Machine.key().to_owned(),
        language: r.language.clone(),
        sentiment: r.sentiment.map(|s| s.key().to_owned()),
        score: r.sentiment_score,
        confidence: r.confidence,
        emotion: r.emotion.clone(),
        alerts: json(r.alerts.is_empty(), serde_json::to_value(&r.alerts))?,
        spans: json(r.spans.is_empty(), serde_json::to_value(&r.spans))?,
        engine: r.engine.clone(),
        themes_stated: true,
        user_id: None,
        at: None,
    };
    let mut differs = false;
    if before.readings.get(&of.id) != Some(&row) {
        put_reading(tx, row).await?;
        differs = true;
    }
    if before.assigned.get(&of.id).map_or(&[][..], Vec::as_slice) != assigned {
        replace_assignments(tx, of.id, Reader::Machine, &assigned).await?;
        differs = true;
    }
    if r.redacted != of.text {
        comment::Entity::update_many()
            .col_expr(comment::Column::Text, Expr::value(r.redacted.as_str()))
            .filter(comment::Column::Id.eq(of.id))
            .exec(tx)
            .await?;
        differs = true;
    }
    match (before.originals.get(&of.id), &new.original) {
        (known, now) if known == now.as_ref() => {}
        (_, Some(text)) => {
            let row = original::ActiveModel { comment_id: Set(of.id), text: Set(text.clone()) };
            let replace =
                OnConflict::column(original::Column::CommentId).update_column(original::Column::Text).to_owned();
            original::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
            differs = true;
        }
        // Nothing is redacted any more: the words stand in the comment.
        (_, None) => {
            original::Entity::delete_by_id(of.id).exec(tx).await?;
            differs = true;
        }
    }
    Ok(differs)
}

/// The language of a feedback whose language nobody stated: that of its first comment that shows one.
async fn renew_language(tx: &DatabaseTransaction, feedback: Uuid) -> Result<()> {
    let Some(row) = feedback::Entity::find_by_id(feedback).one(tx).await? else { return Ok(()) };
    if row.language_stated {
        return Ok(());
    }
    let comments = comment::Entity::find()
        .filter(comment::Column::FeedbackId.eq(feedback))
        .order_by_asc(comment::Column::Position)
        .all(tx)
        .await?;
    let readings = reading::Entity::find()
        .filter(reading::Column::CommentId.is_in(comments.iter().map(|c| c.id)))
        .filter(reading::Column::Reader.eq(Reader::Machine.key()))
        .all(tx)
        .await?;
    let language =
        comments.iter().find_map(|c| readings.iter().find(|r| r.comment_id == c.id).and_then(|r| r.language.clone()));
    if language != row.language {
        feedback::Entity::update_many()
            .col_expr(feedback::Column::Language, Expr::value(language))
            .filter(feedback::Column::Id.eq(feedback))
            .exec(tx)
            .await?;
    }
    Ok(())
}
