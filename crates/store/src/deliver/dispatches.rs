//! Sends: one message to many people.

use commonweal_domain::{
    Channel, Cursor, DeliveryState, Dispatch, DispatchId, DispatchState, Function, Instant, Lane, Page, PageRequest,
    PersonId, Reconciliation, TeamId,
};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::connect::{Store, corrupt};
use crate::copy::snapshot;
use crate::entity::{count, delivery, dispatch, instant, maybe_instant, micros, named, number};
use crate::error::{Result, StoreError};
use crate::page::Sorted;
use crate::work::Dispatches;

pub(super) const GONE: StoreError = StoreError::NotFound("send");

/// Which sends are wanted; all of them by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DispatchFilter {
    /// In this state.
    pub state: Option<DispatchState>,
    /// Of this team.
    pub team: Option<TeamId>,
    /// Of this lane.
    pub lane: Option<Lane>,
}

impl Store {
    /// A send.
    pub async fn dispatch(&self, id: DispatchId) -> Result<Dispatch> {
        from_row(dispatch::Entity::find_by_id(id.0).one(self.read()).await?.ok_or(GONE)?)
    }

    /// Through which person a send is planned, in the order of their ids; nothing when nobody is.
    pub async fn planned_through(&self, id: DispatchId) -> Result<Option<PersonId>> {
        let row = dispatch::Entity::find_by_id(id.0).one(self.read()).await?.ok_or(GONE)?;
        Ok(row.planned_through.map(Into::into))
    }

    /// A page of sends, newest first.
    pub async fn dispatches(&self, filter: &DispatchFilter, page: &PageRequest) -> Result<Page<Dispatch>> {
        use dispatch::Column as C;
        let mut select = dispatch::Entity::find();
        if let Some(state) = filter.state {
            select = select.filter(C::State.eq(state.key()));
        }
        if let Some(team) = filter.team {
            select = select.filter(C::TeamId.eq(team.0));
        }
        if let Some(lane) = filter.lane {
            select = select.filter(C::Lane.eq(lane.key()));
        }
        self.page(select, Sorted::Id(C::Id), page, |d: &Dispatch| Cursor::of(d.id), from_row).await
    }

    /// The sends in a state, oldest first.
    pub async fn dispatches_in(&self, state: DispatchState) -> Result<Vec<Dispatch>> {
        let rows = dispatch::Entity::find()
            .filter(dispatch::Column::State.eq(state.key()))
            .order_by_asc(dispatch::Column::Id)
            .all(self.read())
            .await?;
        rows.into_iter().map(from_row).collect()
    }

    /// Whether nothing of a send waits or is under way any more.
    pub async fn is_dispatch_done(&self, id: DispatchId) -> Result<bool> {
        is_done(self.read(), id).await
    }

    /// What became of everybody for whom a send was planned.
    pub async fn reconciliation(&self, id: DispatchId) -> Result<Reconciliation> {
        // Both from one snapshot: while it is planned, rows and their number are written together.
        let tx = snapshot(self).await?;
        let planned: i64 = dispatch::Entity::find_by_id(id.0).one(&tx).await?.ok_or(GONE)?.planned;
        let rows: Vec<(String, Option<String>, i64)> = delivery::Entity::find()
            .select_only()
            .column(delivery::Column::State)
            .column(delivery::Column::Reason)
            .column_as(Expr::col(delivery::Column::Id).count(), "n")
            .filter(delivery::Column::DispatchId.eq(id.0))
            .group_by(delivery::Column::State)
            .group_by(delivery::Column::Reason)
            .into_tuple()
            .all(&tx)
            .await?;
        tx.commit().await?;
        let counts = rows
            .into_iter()
            .map(|(state, reason, n)| Ok((named(&state, DeliveryState::from_key)?, reason, count(n))))
            .collect::<Result<Vec<_>>>()?;
        Ok(Reconciliation::of(count(planned), counts))
    }
}

impl Dispatches<'_> {
    /// Adds a send.
    pub async fn create(&self, new: &Dispatch) -> Result<()> {
        let audience = new.audience.as_ref().map(serde_json::to_value).transpose();
        let row = dispatch::ActiveModel {
            id: Set(new.id.0),
            name: Set(new.name.clone()),
            version_id: Set(new.content.0),
            lane: Set(new.lane.key().to_owned()),
            topic: Set(new.topic.clone()),
            function: Set(new.function.key().to_owned()),
            channel: Set(new.channel.key().to_owned()),
            sender_id: Set(new.sender.0),
            audience: Set(audience.map_err(|e| StoreError::Invalid(e.to_string()))?),
            team_id: Set(new.team.map(|team| team.0)),
            state: Set(new.state.key().to_owned()),
            planned: Set(number(new.planned)),
            planned_through: Set(None),
            starts_at: Set(micros(new.starts_at)),
            ends_at: Set(micros(new.ends_at)),
            made_by: Set(new.made_by.clone()),
            made_at: Set(micros(new.made_at)),
            ended_at: Set(new.ended_at.map(micros)),
            drop_held: Set(new.drop_held),
            ramp_left: Set(new.ramp_left.map(number)),
            ramp_until: Set(new.ramp_until.map(micros)),
            problem: Set(None),
            accepted: Set(None),
        };
        dispatch::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Moves a send from one of these states to another. `Conflict` when it is in none of them.
    pub async fn set_state(
        &self,
        id: DispatchId,
        from: &[DispatchState],
        to: DispatchState,
        now: Instant,
    ) -> Result<()> {
        let done = dispatch::Entity::update_many()
            .col_expr(dispatch::Column::State, Expr::value(to.key()))
            .col_expr(dispatch::Column::EndedAt, Expr::value(to.is_over().then(|| micros(now))))
            .filter(dispatch::Column::Id.eq(id.0))
            .filter(dispatch::Column::State.is_in(from.iter().map(|state| state.key())))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 1 {
            return Ok(());
        }
        dispatch::Entity::find_by_id(id.0).one(self.tx()).await?.ok_or(GONE)?;
        Err(StoreError::Conflict { what: "send" })
    }

    /// Adds to the number of people for whom it is planned, while it is planned, and how far that has come.
    pub(super) async fn add_planned(&self, id: DispatchId, more: u64, through: PersonId) -> Result<()> {
        let done = dispatch::Entity::update_many()
            .col_expr(dispatch::Column::Planned, Expr::col(dispatch::Column::Planned).add(number(more)))
            .col_expr(dispatch::Column::PlannedThrough, Expr::value(through.0))
            .filter(dispatch::Column::Id.eq(id.0))
            .filter(dispatch::Column::State.eq(DispatchState::Planning.key()))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "send" }) }
    }

    /// Whether nothing of it waits or is under way any more.
    pub async fn is_done(&self, id: DispatchId) -> Result<bool> {
        is_done(self.tx(), id).await
    }
}

async fn is_done(db: &impl ConnectionTrait, id: DispatchId) -> Result<bool> {
    let waiting = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::Id)
        .filter(delivery::Column::DispatchId.eq(id.0))
        .filter(delivery::Column::State.is_in(super::deliveries::OPEN))
        .into_tuple::<uuid::Uuid>()
        .one(db)
        .await?;
    Ok(waiting.is_none())
}

fn from_row(row: dispatch::Model) -> Result<Dispatch> {
    let audience = row.audience.map(serde_json::from_value).transpose();
    let problem = row.problem.map(serde_json::from_value).transpose();
    let accepted = row.accepted.map(serde_json::from_value).transpose();
    Ok(Dispatch {
        id: row.id.into(),
        name: row.name,
        content: row.version_id.into(),
        lane: named(&row.lane, Lane::from_key)?,
        topic: row.topic,
        function: named(&row.function, Function::from_key)?,
        channel: named(&row.channel, Channel::from_key)?,
        sender: row.sender_id.into(),
        audience: audience.map_err(|e| corrupt(format!("the audience of a send: {e}")))?,
        team: row.team_id.map(Into::into),
        state: named(&row.state, DispatchState::from_key)?,
        planned: count(row.planned),
        starts_at: instant(row.starts_at)?,
        ends_at: instant(row.ends_at)?,
        made_by: row.made_by,
        made_at: instant(row.made_at)?,
        ended_at: maybe_instant(row.ended_at)?,
        drop_held: row.drop_held,
        ramp_left: row.ramp_left.map(count),
        ramp_until: maybe_instant(row.ramp_until)?,
        problem: problem.map_err(|e| corrupt(format!("what is wrong with a send: {e}")))?,
        accepted: accepted.map_err(|e| corrupt(format!("what was accepted of a send: {e}")))?.unwrap_or_default(),
    })
}
