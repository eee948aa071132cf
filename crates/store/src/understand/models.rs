//! Models that the body trained, discoveries of themes, and what persons judged.

use std::collections::HashMap;

use commonweal_domain::reading::Reader;
use commonweal_domain::records::{DiscoveryName, JudgedComment, StoredDiscovery, StoredModel};
use commonweal_domain::{CommentId, DiscoveryId, FeedbackId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::{comment, discovery, instant, micros, model, original, reading};
use crate::error::{Result, StoreError};
use crate::work::Models;

/// A comment as it has to be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentToRead {
    /// Which.
    pub comment: CommentId,
    /// The feedback it belongs to.
    pub feedback: FeedbackId,
    /// The question that was asked.
    pub question: Option<String>,
    /// Its words before redaction.
    pub text: String,
}

impl Store {
    /// The models that the body trained.
    pub async fn models(&self) -> Result<Vec<StoredModel>> {
        let rows = model::Entity::find().order_by_asc(model::Column::Name).all(self.read()).await?;
        rows.into_iter()
            .map(|r| Ok(StoredModel { name: r.name, body: r.body, about: r.about, at: instant(r.at)? }))
            .collect()
    }

    /// All discoveries by name, last changed first: what was found in them is not read.
    pub async fn discoveries(&self) -> Result<Vec<DiscoveryName>> {
        use discovery::Column as C;
        let rows: Vec<(Uuid, String, i64)> = discovery::Entity::find()
            .select_only()
            .columns([C::Id, C::Name, C::At])
            .order_by_desc(C::At)
            .into_tuple()
            .all(self.read())
            .await?;
        rows.into_iter().map(|(id, name, at)| Ok(DiscoveryName { id: id.into(), name, at: instant(at)? })).collect()
    }

    /// How many comments there are.
    pub async fn comment_count(&self) -> Result<u64> {
        Ok(comment::Entity::find().count(self.read()).await?)
    }

    /// One discovery.
    pub async fn discovery(&self, id: DiscoveryId) -> Result<StoredDiscovery> {
        let row = discovery::Entity::find_by_id(id.0).one(self.read()).await?;
        from_row(row.ok_or(StoreError::NotFound("discovery"))?)
    }

    /// The comments that persons judged, in the order of their ids.
    pub async fn judged_comments(&self) -> Result<Vec<JudgedComment>> {
        let judged = reading::Entity::find()
            .filter(reading::Column::Reader.eq(Reader::Person.key()))
            .order_by_asc(reading::Column::CommentId)
            .all(self.read())
            .await?;
        let mut out = Vec::with_capacity(judged.len());
        for some in judged.chunks(500) {
            let ids: Vec<Uuid> = some.iter().map(|r| r.comment_id).collect();
            let comments = comment::Entity::find().filter(comment::Column::Id.is_in(ids)).all(self.read()).await?;
            let place: HashMap<Uuid, (Uuid, i64)> =
                comments.into_iter().map(|c| (c.id, (c.feedback_id, c.position))).collect();
            out.extend(some.iter().filter_map(|r| {
                let (feedback, position) = place.get(&r.comment_id)?;
                Some(JudgedComment {
                    feedback: (*feedback).into(),
                    position: usize::try_from(*position).unwrap_or(0),
                    sentiment: r.sentiment.is_some(),
                    themes: r.themes_stated,
                })
            }));
        }
        Ok(out)
    }

    /// The comments of at most `limit` feedback after one, as they have to be read again, and the
    /// last of that feedback; `None` at the end.
    pub async fn comments_to_read(
        &self,
        after: Option<FeedbackId>,
        limit: u64,
    ) -> Result<Option<(Vec<CommentToRead>, FeedbackId)>> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let feedback: Vec<Uuid> = crate::entity::feedback::Entity::find()
            .select_only()
            .column(crate::entity::feedback::Column::Id)
            .filter(crate::entity::feedback::Column::Id.gt(after))
            .order_by_asc(crate::entity::feedback::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(self.read())
            .await?;
        let Some(&last) = feedback.last() else { return Ok(None) };
        let comments = comment::Entity::find()
            .filter(comment::Column::FeedbackId.is_in(feedback.iter().copied()))
            .order_by_asc(comment::Column::FeedbackId)
            .order_by_asc(comment::Column::Position)
            .all(self.read())
            .await?;
        let ids = comments.iter().map(|c| c.id);
        let originals =
            original::Entity::find().filter(original::Column::CommentId.is_in(ids)).all(self.read()).await?;
        let mut originals: HashMap<Uuid, String> = originals.into_iter().map(|o| (o.comment_id, o.text)).collect();
        let out = comments.into_iter().map(|c| CommentToRead {
            text: originals.remove(&c.id).unwrap_or(c.text),
            comment: c.id.into(),
            feedback: c.feedback_id.into(),
            question: c.question,
        });
        Ok(Some((out.collect(), last.into())))
    }
}

impl Models<'_> {
    /// Puts a model in the place of the one with the same name.
    pub async fn put(&self, new: &StoredModel) -> Result<()> {
        let row = model::ActiveModel {
            name: Set(new.name.clone()),
            body: Set(new.body.clone()),
            about: Set(new.about.clone()),
            at: Set(micros(new.at)),
        };
        use model::Column as C;
        let replace = OnConflict::column(C::Name).update_columns([C::Body, C::About, C::At]).to_owned();
        model::Entity::insert(row).on_conflict(replace).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Removes a model, so that the shipped one reads alone again.
    pub async fn remove(&self, name: &str) -> Result<()> {
        model::Entity::delete_by_id(name.to_owned()).exec(self.tx()).await?;
        Ok(())
    }

    /// Adds a discovery or changes the one with the same id.
    pub async fn put_discovery(&self, new: &StoredDiscovery) -> Result<()> {
        let row = discovery::ActiveModel {
            id: Set(new.id.0),
            name: Set(new.name.clone()),
            body: Set(new.body.clone()),
            actor: Set(new.actor.clone()),
            at: Set(micros(new.at)),
        };
        use discovery::Column as C;
        let replace = OnConflict::column(C::Id).update_columns([C::Name, C::Body, C::Actor, C::At]).to_owned();
        discovery::Entity::insert(row).on_conflict(replace).exec_without_returning(self.tx()).await?;
        Ok(())
    }
}

fn from_row(row: discovery::Model) -> Result<StoredDiscovery> {
    Ok(StoredDiscovery { id: row.id.into(), name: row.name, body: row.body, actor: row.actor, at: instant(row.at)? })
}
