//! What forms take and turn away by day, and the turns of their tokens.

use commonweal_domain::{FormDay, FormId, Instant};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::connect::Store;
use crate::entity::{count, form, form_day, micros, number};
use crate::error::{Result, StoreError};
use crate::work::Forms;

impl Store {
    /// What a form took and turned away on each day from this one on, newest first. Days without answers are not there.
    pub async fn form_days(&self, form: FormId, from: i64) -> Result<Vec<FormDay>> {
        let rows = form_day::Entity::find()
            .filter(form_day::Column::FormId.eq(form.0))
            .filter(form_day::Column::Day.gte(from))
            .order_by_desc(form_day::Column::Day)
            .all(self.read())
            .await?;
        let day = |row: form_day::Model| FormDay {
            day: row.day,
            taken: count(row.taken),
            turned_away: count(row.turned_away),
        };
        Ok(rows.into_iter().map(day).collect())
    }
}

impl Forms<'_> {
    /// Adds to what a form took and turned away on a day; how many it took on that day, by all servers.
    pub async fn count(&self, form: FormId, more: FormDay) -> Result<u64> {
        use form_day::Column;
        let row = form_day::ActiveModel {
            form_id: Set(form.0),
            day: Set(more.day),
            taken: Set(number(more.taken)),
            turned_away: Set(number(more.turned_away)),
        };
        let sum = |column: Column, n: u64| (column, Expr::col((form_day::Entity, column)).add(number(n)));
        let there = OnConflict::columns([Column::FormId, Column::Day])
            .values([sum(Column::Taken, more.taken), sum(Column::TurnedAway, more.turned_away)])
            .to_owned();
        let tx = self.tx();
        form_day::Entity::insert(row).on_conflict(there).exec_without_returning(tx).await?;
        let now = form_day::Entity::find_by_id((form.0, more.day)).one(tx).await?;
        Ok(now.map_or(0, |row| count(row.taken)))
    }

    /// Begins another turn of a form's tokens; those of the turn before are good until this instant.
    pub async fn roll_token(&self, id: FormId, old_until: Instant) -> Result<()> {
        let done = form::Entity::update_many()
            .col_expr(form::Column::TokenTurn, Expr::col(form::Column::TokenTurn).add(1_i64))
            .col_expr(form::Column::TokenOldUntil, Expr::value(Some(micros(old_until))))
            .filter(form::Column::Id.eq(id.0))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 0 { Err(StoreError::NotFound("form")) } else { Ok(()) }
    }
}
