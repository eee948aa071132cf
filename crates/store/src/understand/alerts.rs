//! Who has looked at the alerts of a feedback.

use commonweal_domain::records::AlertReview;
use commonweal_domain::{Cursor, FeedbackId, Page, PageRequest};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Select};

use crate::connect::Store;
use crate::entity::alert_look::{ActiveModel, Column, Entity, Model};
use crate::entity::{comment, instant, micros, reading};
use crate::error::{Result, StoreError};
use crate::page::Sorted;
use crate::work::Alerts;

impl Store {
    /// Who looked at these, where somebody did.
    pub async fn alert_reviews_of(&self, feedback: &[FeedbackId]) -> Result<Vec<AlertReview>> {
        let ids = feedback.iter().map(|id| id.0);
        Entity::find().filter(Column::FeedbackId.is_in(ids)).all(self.read()).await?.into_iter().map(from_row).collect()
    }

    /// A page of the looks at feedback that has an alert of one of these kinds now, the last first. A kind is a
    /// key, of small letters and underscores.
    pub async fn alert_reviews(&self, kinds: &[&str], page: &PageRequest) -> Result<Page<AlertReview>> {
        let sorted = Sorted::Time(Column::At, Column::FeedbackId);
        self.page(alerting(kinds), sorted, page, |l: &AlertReview| Cursor::at(l.at, l.feedback), from_row).await
    }

    /// How many feedback that has an alert of one of these kinds now was looked at.
    pub async fn alert_reviews_count(&self, kinds: &[&str]) -> Result<u64> {
        Ok(alerting(kinds).count(self.read()).await?)
    }
}

/// Looks at feedback that has an alert of one of these kinds now.
fn alerting(kinds: &[&str]) -> Select<Entity> {
    // The keys are a JSON array. Both engines give it as text, however they keep it.
    let alerts = || Expr::col((reading::Entity, reading::Column::Alerts)).cast_as("text");
    let one_of = kinds.iter().fold(Cond::any(), |any, kind| any.add(alerts().like(format!("%\"{kind}\"%"))));
    let alerting = Query::select()
        .expr(Expr::val(1))
        .from(comment::Entity)
        .inner_join(
            reading::Entity,
            Expr::col((reading::Entity, reading::Column::CommentId)).equals((comment::Entity, comment::Column::Id)),
        )
        .and_where(Expr::col((comment::Entity, comment::Column::FeedbackId)).equals((Entity, Column::FeedbackId)))
        .cond_where(one_of)
        .take();
    Entity::find().filter(Expr::exists(alerting))
}

impl Alerts<'_> {
    /// Keeps that somebody looked; a conflict when somebody did before.
    pub async fn add_review(&self, review: &AlertReview) -> Result<()> {
        let row = ActiveModel {
            feedback_id: Set(review.feedback.0),
            actor: Set(review.actor.clone()),
            note: Set(review.note.clone()),
            at: Set(micros(review.at)),
        };
        Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Takes it back: nobody has looked.
    pub async fn remove_review(&self, feedback: FeedbackId) -> Result<()> {
        match Entity::delete_by_id(feedback.0).exec(self.tx()).await?.rows_affected {
            0 => Err(StoreError::NotFound("look")),
            _ => Ok(()),
        }
    }
}

fn from_row(row: Model) -> Result<AlertReview> {
    Ok(AlertReview { feedback: row.feedback_id.into(), actor: row.actor, note: row.note, at: instant(row.at)? })
}
