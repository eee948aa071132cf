//! Work that comes again: when each schedule is due next, shared by all servers on one database.

use chrono::TimeDelta;
use commonweal_domain::Instant;
use commonweal_domain::records::NewJob;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::connect::Store;
use crate::entity::micros;
use crate::entity::schedule::{ActiveModel, Column, Entity};
use crate::error::Result;
use crate::work::Jobs;

/// No schedule is as long. One that is due later than this was set when the clock was ahead, and is due now.
const FAR: TimeDelta = TimeDelta::days(7);

impl Store {
    /// Names of the schedules among these that are due, those that the database does not know yet too.
    pub async fn due_schedules<'n>(&self, names: &[&'n str], now: Instant) -> Result<Vec<&'n str>> {
        let later: Vec<String> = Entity::find()
            .filter(Column::Name.is_in(names.iter().copied()))
            .filter(Column::NextAt.gt(micros(now)))
            .filter(Column::NextAt.lte(micros(now + FAR)))
            .all(self.read())
            .await?
            .into_iter()
            .map(|row| row.name)
            .collect();
        Ok(names.iter().copied().filter(|name| later.iter().all(|l| l != name)).collect())
    }
}

impl Jobs<'_> {
    /// Enqueues the job of a schedule that is due and says when it is due next; of several servers
    /// that come at once, one does. Tells whether this one did.
    pub async fn enqueue_scheduled(
        &self,
        name: &str,
        job: Option<&NewJob>,
        now: Instant,
        next_at: Instant,
    ) -> Result<bool> {
        let new = ActiveModel { name: Set(name.to_owned()), next_at: Set(micros(next_at)) };
        let known = OnConflict::column(Column::Name).do_nothing().to_owned();
        let first = Entity::insert(new).on_conflict(known).exec_without_returning(self.tx()).await? > 0;
        if !first {
            let moved = Entity::update_many()
                .col_expr(Column::NextAt, Expr::value(micros(next_at)))
                .filter(Column::Name.eq(name))
                .filter(Column::NextAt.lte(micros(now)).or(Column::NextAt.gt(micros(now + FAR))))
                .exec(self.tx())
                .await?;
            if moved.rows_affected == 0 {
                return Ok(false);
            }
        }
        if let Some(job) = job {
            self.enqueue(job).await?;
        }
        Ok(true)
    }
}
