//! How a send goes on: its first messages and the pause after them, and what came of it so far.

use commonweal_domain::ramp::Came;
use commonweal_domain::{DeliveryState, DispatchId, DispatchState, Instant, Problem};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QuerySelect, Select, UpdateMany};

use super::dispatches::GONE;
use crate::connect::Store;
use crate::entity::delivery::Column as C;
use crate::entity::dispatch::Column as D;
use crate::entity::{count, delivery, dispatch, micros, number};
use crate::error::{Result, StoreError};
use crate::work::Dispatches;

/// How a send may go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// Whether those who had enough messages are left out.
    pub drop_held: bool,
    /// How many messages may go out before it pauses; as many as there are without.
    pub left: Option<u64>,
}

/// Enhanced codes that begin like this say that there is no such address.
const NO_SUCH_ADDRESS: &str = "% 5.1.%";

impl Store {
    /// What has come of a send so far. What came back is counted by itself: mostly that is little.
    pub async fn came(&self, id: DispatchId) -> Result<Came> {
        let in_state = |state: DeliveryState| of_send(id).filter(C::State.eq(state.key()));
        let complained = in_state(DeliveryState::Complained).count(self.read()).await?;
        let refused = self.refused_addresses(id).await?;
        let bounced = refused + in_state(DeliveryState::Bounced).count(self.read()).await?;
        if (Came { out: 0, bounced, complained }).halt().is_none() {
            // Whatever went out, it is not too much.
            return Ok(Came { out: bounced + complained, bounced, complained });
        }
        self.came_beside(id, refused).await
    }

    /// The same, with how many went out.
    pub async fn came_in_all(&self, id: DispatchId) -> Result<Came> {
        let refused = self.refused_addresses(id).await?;
        self.came_beside(id, refused).await
    }

    /// How many messages of a send were refused because there is no such address.
    async fn refused_addresses(&self, id: DispatchId) -> Result<u64> {
        let failed = of_send(id).filter(C::State.eq(DeliveryState::Failed.key()));
        Ok(failed.filter(C::Answer.like(NO_SUCH_ADDRESS)).count(self.read()).await?)
    }

    /// What came of what went out, with so many refused addresses.
    async fn came_beside(&self, id: DispatchId, refused: u64) -> Result<Came> {
        use DeliveryState as S;
        let rows: Vec<(String, i64)> = of_send(id)
            .select_only()
            .column(C::State)
            .column_as(Expr::col(C::Id).count(), "n")
            .filter(C::State.is_in([S::HandedOver, S::Delivered, S::Bounced, S::Complained].map(S::key)))
            .group_by(C::State)
            .into_tuple()
            .all(self.read())
            .await?;
        let mut came = Came { out: refused, bounced: refused, complained: 0 };
        for (state, n) in rows {
            let n = count(n);
            came.out += n;
            if state == S::Bounced.key() {
                came.bounced += n;
            } else if state == S::Complained.key() {
                came.complained += n;
            }
        }
        Ok(came)
    }

    /// What the messages of a send have cost that went out, in millionths of the body's currency.
    pub async fn spent(&self, id: DispatchId) -> Result<u64> {
        use DeliveryState as S;
        let sum: Option<Option<i64>> = delivery::Entity::find()
            .select_only()
            .column_as(Expr::col(C::Cost).sum().cast_as("bigint"), "spent")
            .filter(C::DispatchId.eq(id.0))
            .filter(C::State.is_in([S::HandedOver, S::Delivered, S::Bounced, S::Complained, S::Unknown].map(S::key)))
            .into_tuple()
            .one(self.read())
            .await?;
        Ok(count(sum.flatten().unwrap_or(0)))
    }
}

impl Dispatches<'_> {
    /// How a send may go on. While its first messages go out whoever asks is alone with it until the work ends.
    pub async fn pace(&self, id: DispatchId) -> Result<Pace> {
        let read = dispatch::Entity::find_by_id(id.0).select_only().columns([D::DropHeld, D::RampLeft]);
        let row: Option<(bool, Option<i64>)> = read.clone().into_tuple().one(self.tx()).await?;
        let (drop_held, left) = row.ok_or(GONE)?;
        if left.is_none() {
            return Ok(Pace { drop_held, left: None });
        }
        let row: Option<(bool, Option<i64>)> = read.lock_exclusive().into_tuple().one(self.tx()).await?;
        let (drop_held, left) = row.ok_or(GONE)?;
        Ok(Pace { drop_held, left: left.map(count) })
    }

    /// So many of its first messages are going out. It pauses until an instant when those were the last.
    pub async fn use_ramp(&self, id: DispatchId, left: u64, until: Instant) -> Result<()> {
        let mut update = of(id).col_expr(D::RampLeft, Expr::value(number(left)));
        if left == 0 {
            update = update.col_expr(D::RampUntil, Expr::value(micros(until)));
        }
        update.exec(self.tx()).await?;
        Ok(())
    }

    /// Everybody for whom it is meant is written down: it goes out with its first messages, or with all, or waits for
    /// somebody. `Conflict` when it is not being planned, or does not wait for them.
    pub async fn begin(
        &self,
        id: DispatchId,
        from: DispatchState,
        to: DispatchState,
        first: Option<u64>,
    ) -> Result<()> {
        let done = of(id)
            .col_expr(D::State, Expr::value(to.key()))
            .col_expr(D::RampLeft, Expr::value(first.map(number)))
            .filter(D::State.eq(from.key()))
            .exec(self.tx())
            .await?;
        moved(done.rows_affected)
    }

    /// The pause after its first messages is over. Whether it was in one.
    pub async fn end_ramp(&self, id: DispatchId) -> Result<bool> {
        let done = of(id)
            .col_expr(D::RampLeft, Expr::value(None::<i64>))
            .col_expr(D::RampUntil, Expr::value(None::<i64>))
            .filter(D::RampLeft.is_not_null())
            .exec(self.tx())
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Notes why a send that is in one of these states does not go on, and moves it to another.
    pub async fn give_up(
        &self,
        id: DispatchId,
        from: DispatchState,
        to: DispatchState,
        problem: &Problem,
        now: Instant,
    ) -> Result<()> {
        let problem = serde_json::to_value(problem).map_err(|e| StoreError::Invalid(e.to_string()))?;
        let done = of(id)
            .col_expr(D::State, Expr::value(to.key()))
            .col_expr(D::Problem, Expr::value(problem))
            .col_expr(D::EndedAt, Expr::value(to.is_over().then(|| micros(now))))
            .filter(D::State.eq(from.key()))
            .exec(self.tx())
            .await?;
        moved(done.rows_affected)
    }

    /// Somebody lets a send go on that had stopped by itself: what has come of it is accepted.
    pub async fn accept(&self, id: DispatchId, came: Came) -> Result<()> {
        let came = serde_json::to_value(came).map_err(|e| StoreError::Invalid(e.to_string()))?;
        of(id)
            .col_expr(D::Accepted, Expr::value(came))
            .col_expr(D::Problem, Expr::value(None::<serde_json::Value>))
            .exec(self.tx())
            .await?;
        Ok(())
    }
}

fn of_send(id: DispatchId) -> Select<delivery::Entity> {
    delivery::Entity::find().filter(C::DispatchId.eq(id.0))
}

fn of(id: DispatchId) -> UpdateMany<dispatch::Entity> {
    dispatch::Entity::update_many().filter(D::Id.eq(id.0))
}

fn moved(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "send" }) }
}
