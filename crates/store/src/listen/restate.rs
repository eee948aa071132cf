//! Feedback that is there and is read again from its file, another way: its ids stay, and so does what persons said of
//! words that stay.

use std::collections::{HashMap, HashSet};

use commonweal_domain::{ChangeKind, CommentId, FeedbackDoc, FeedbackId, SubjectKind};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::intake::NewRecord;
use crate::connect::{Store, corrupt};
use crate::dialect;
use crate::entity::{comment, contact, feedback, micros, number, original, rating};
use crate::error::{Result, StoreError};
use crate::understand::readings::{NewReading, renew_all};
use crate::work::FeedbackRows;

/// A feedback that is there, as it is read now.
#[derive(Clone, Debug)]
pub struct Restated {
    /// Which one.
    pub feedback: FeedbackId,
    /// What it is now. Of its ids only those of comments are used whose words are new; import, source and the instant at
    /// which it was taken in stay as they are.
    pub record: NewRecord,
}

impl Store {
    /// Which of these keys feedback has, and which feedback.
    pub async fn feedback_with_keys(&self, keys: &[[u8; 16]]) -> Result<HashMap<[u8; 16], FeedbackId>> {
        let found = dialect::existing_feedback(self.read(), keys).await?;
        Ok(found.into_iter().map(|(key, id)| (key, id.into())).collect())
    }
}

/// Looked up in one go.
const AT_ONCE: usize = 500;

/// What is looked up in one go. No feedback is in it twice: the second finds what the first has changed.
fn batches(mut left: &[Restated]) -> impl Iterator<Item = &[Restated]> {
    std::iter::from_fn(move || {
        let mut seen = HashSet::new();
        let some;
        (some, left) = left.split_at(left.iter().take(AT_ONCE).take_while(|one| seen.insert(one.feedback)).count());
        (!some.is_empty()).then_some(some)
    })
}

/// What stands there before feedback is read again.
struct Before {
    feedback: HashMap<Uuid, feedback::Model>,
    contacts: HashMap<Uuid, contact::Model>,
    ratings: HashMap<Uuid, Vec<rating::Model>>,
    comments: HashMap<Uuid, Vec<comment::Model>>,
    /// Of comments.
    originals: HashMap<Uuid, String>,
}

impl Before {
    async fn of(tx: &DatabaseTransaction, some: &[Restated]) -> Result<Self> {
        let ids = || some.iter().map(|one| one.feedback.0);
        let feedback = feedback::Entity::find().filter(feedback::Column::Id.is_in(ids())).all(tx).await?;
        let contacts = contact::Entity::find()
            .filter(contact::Column::Id.is_in(feedback.iter().map(|row| row.contact_id)))
            .all(tx)
            .await?;
        let all_ratings = rating::Entity::find()
            .filter(rating::Column::FeedbackId.is_in(ids()))
            .order_by_asc(rating::Column::Position)
            .all(tx)
            .await?;
        let of_these = comment::Entity::find().filter(comment::Column::FeedbackId.is_in(ids()));
        let all_comments = of_these.clone().order_by_asc(comment::Column::Position).all(tx).await?;
        // Not by the ids of the comments: a statement takes only so many values.
        let comment_ids = of_these.select_only().column(comment::Column::Id).into_query();
        let originals =
            original::Entity::find().filter(original::Column::CommentId.in_subquery(comment_ids)).all(tx).await?;
        let mut ratings: HashMap<Uuid, Vec<rating::Model>> = HashMap::new();
        for one in all_ratings {
            ratings.entry(one.feedback_id).or_default().push(one);
        }
        let mut comments: HashMap<Uuid, Vec<comment::Model>> = HashMap::new();
        for one in all_comments {
            comments.entry(one.feedback_id).or_default().push(one);
        }
        Ok(Self {
            feedback: feedback.into_iter().map(|row| (row.id, row)).collect(),
            contacts: contacts.into_iter().map(|c| (c.id, c)).collect(),
            ratings,
            comments,
            originals: originals.into_iter().map(|o| (o.comment_id, o.text)).collect(),
        })
    }
}

impl FeedbackRows<'_> {
    /// Puts feedback as it is read now in the place of what is there. What is gone is passed over, and what is read as
    /// before is not written, nor told to the feed; how many differ.
    pub async fn restate(&self, all: &[Restated]) -> Result<u64> {
        let tx = self.tx();
        let zone = dialect::lock_time_zone(tx).await?;
        let keys: Vec<[u8; 16]> = all.iter().filter_map(|one| one.record.dedupe).collect();
        let taken = dialect::existing_feedback(tx, &keys).await?;
        let mut used = HashSet::new();
        let mut touched = HashSet::new();
        let mut moved = Vec::new();
        let mut readings = Vec::new();
        for some in batches(all) {
            let mut before = Before::of(tx, some).await?;
            for one in some {
                let Some(row) = before.feedback.remove(&one.feedback.0) else { continue };
                // Two rows that are one feedback as they are read now stay two: nothing goes that was taken in.
                let free = |key: &[u8; 16]| taken.get(key).is_none_or(|by| *by == one.feedback.0);
                let key = one.record.dedupe.filter(|key| free(key) && used.insert(*key));
                let (contact_id, id) = (row.contact_id, row.id);
                let contact = before.contacts.get(&contact_id);
                let contact = contact.ok_or_else(|| corrupt("a feedback without its contact"))?;
                if let Some(now) = contact_as(contact, one) {
                    moved.push((contact_id, now));
                }
                let mut differs = restate_row(tx, row, one, key).await?;
                let ratings = before.ratings.remove(&id).unwrap_or_default();
                differs |= restate_ratings(tx, id, &ratings, &one.record.doc).await?;
                let comments = before.comments.remove(&id).unwrap_or_default();
                let (read, others) = restate_comments(tx, id, &comments, &before.originals, &one.record).await?;
                readings.extend(read);
                if differs || others {
                    touched.insert(id);
                }
            }
        }
        if !moved.is_empty() {
            let ids: Vec<Uuid> = moved.iter().map(|(id, _)| *id).collect();
            dialect::uncount_contacts(tx, zone, &ids).await?;
            for (_, now) in moved {
                now.update(tx).await?;
            }
            dialect::count_contacts(tx, zone, &ids).await?;
            let of_contacts = feedback::Entity::find().filter(feedback::Column::ContactId.is_in(ids)).all(tx).await?;
            touched.extend(of_contacts.into_iter().map(|row| row.id));
        }
        touched.extend(renew_all(tx, &readings).await?.0);
        if touched.is_empty() {
            return Ok(0);
        }
        let mut touched: Vec<Uuid> = touched.into_iter().collect();
        touched.sort_unstable();
        self.core.note_changes();
        dialect::append_changes(tx, SubjectKind::Feedback, ChangeKind::Updated, &touched).await?;
        Ok(touched.len() as u64)
    }
}

/// The contact as it is now, when that is another than before.
fn contact_as(before: &contact::Model, one: &Restated) -> Option<contact::ActiveModel> {
    let doc = &one.record.doc;
    let now = contact::Model {
        at: micros(doc.at),
        channel: doc.channel.key().to_owned(),
        service_id: one.record.service.map(|s| s.0),
        touchpoint_id: one.record.touchpoint.map(|t| t.0),
        ..before.clone()
    };
    (now != *before).then(|| now.into_active_model().reset_all())
}

async fn restate_row(
    tx: &DatabaseTransaction,
    before: feedback::Model,
    one: &Restated,
    key: Option<[u8; 16]>,
) -> Result<bool> {
    let doc = &one.record.doc;
    let attributes = match doc.attributes.is_empty() {
        true => None,
        false => Some(serde_json::to_value(&doc.attributes).map_err(|e| StoreError::Invalid(e.to_string()))?),
    };
    let now = feedback::Model {
        language: doc.language.clone(),
        language_stated: one.record.language_stated,
        device: doc.device.clone(),
        page: doc.page.clone(),
        area: doc.area.clone(),
        attributes,
        dedupe: key.map(|key| key.to_vec()).or_else(|| before.dedupe.clone()),
        ..before.clone()
    };
    // Under which key it is known is nothing that anybody sees.
    let seen = feedback::Model { dedupe: before.dedupe.clone(), ..now.clone() } != before;
    if now != before {
        now.into_active_model().reset_all().update(tx).await?;
    }
    Ok(seen)
}

async fn restate_ratings(
    tx: &DatabaseTransaction,
    id: Uuid,
    before: &[rating::Model],
    doc: &FeedbackDoc,
) -> Result<bool> {
    let now: Vec<rating::Model> = (0_i64..)
        .zip(&doc.ratings)
        .map(|(position, r)| rating::Model {
            feedback_id: id,
            position,
            name: r.name.clone(),
            value: r.value,
            worst: r.worst,
            best: r.best,
        })
        .collect();
    if before == now {
        return Ok(false);
    }
    rating::Entity::delete_many().filter(rating::Column::FeedbackId.eq(id)).exec(tx).await?;
    if !now.is_empty() {
        let rows = now.into_iter().map(|row| row.into_active_model().reset_all());
        rating::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(true)
}

/// Comments with the same words keep their ids; others go or come. What each is read as, and whether any went, came or
/// moved.
async fn restate_comments(
    tx: &DatabaseTransaction,
    id: Uuid,
    before: &[comment::Model],
    originals: &HashMap<Uuid, String>,
    record: &NewRecord,
) -> Result<(Vec<NewReading>, bool)> {
    let mut left: Vec<&comment::Model> = before.iter().collect();
    let mut now = Vec::with_capacity(record.doc.comments.len());
    let mut readings = Vec::with_capacity(record.doc.comments.len());
    for (n, new) in record.doc.comments.iter().enumerate() {
        let (Some(original), Some(fresh)) = (record.originals.get(n), record.comment_ids.get(n)) else {
            return Err(StoreError::Invalid("A record has as many comment ids and originals as comments.".to_owned()));
        };
        let words = original.as_ref().unwrap_or(&new.text);
        let same = left.iter().position(|c| originals.get(&c.id).unwrap_or(&c.text) == words || c.text == new.text);
        let kept = same.map(|at| left.remove(at));
        now.push(comment::Model {
            feedback_id: id,
            position: number(n as u64),
            id: kept.map_or(fresh.0, |c| c.id),
            question: new.question.clone(),
            // What is redacted otherwise is written with its reading.
            text: kept.map_or_else(|| new.text.clone(), |c| c.text.clone()),
        });
        let mut reading = new.reading.clone();
        reading.redacted.clone_from(&new.text);
        let comment: CommentId = now[n].id.into();
        readings.push(NewReading { comment, reading, original: original.clone() });
    }
    let others = before != now;
    if others {
        // Out of the way first: places are taken one by one.
        const AWAY: i64 = 1_000;
        let gone = left.iter().map(|c| c.id);
        comment::Entity::delete_many().filter(comment::Column::Id.is_in(gone)).exec(tx).await?;
        comment::Entity::update_many()
            .col_expr(comment::Column::Position, Expr::col(comment::Column::Position).add(AWAY))
            .filter(comment::Column::FeedbackId.eq(id))
            .exec(tx)
            .await?;
        let there: HashSet<Uuid> = before.iter().map(|c| c.id).collect();
        for row in now {
            if there.contains(&row.id) {
                comment::Entity::update_many()
                    .set(comment::ActiveModel {
                        position: Set(row.position),
                        question: Set(row.question),
                        ..Default::default()
                    })
                    .filter(comment::Column::Id.eq(row.id))
                    .exec(tx)
                    .await?;
            } else {
                comment::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
            }
        }
    }
    Ok((readings, others))
}
