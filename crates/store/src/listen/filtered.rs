//! Feedback by filter, from SQL: the slow but independent answer to what the index answers fast.
//!
//! SQL narrows down by what it can say exactly; [`Filter::matches`] has the last word on each
//! document. There is no index on the time of contacts, because lists come from the search index:
//! a page costs a pass over the contacts.

use commonweal_domain::filter::{NONE, valid_attribute_name};
use commonweal_domain::question::Order;
use commonweal_domain::{Clause, Dimension, FeedbackDoc, FeedbackId, Filter, Instant};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order as Direction, Query, SelectStatement, SimpleExpr};
use sea_orm::{Condition, ConnectionTrait, DbBackend};
use uuid::Uuid;

use crate::connect::Store;
use crate::dialect;
use crate::entity::{comment, contact, feedback, instant, micros, service, touchpoint};
use crate::error::Result;

/// Most documents read at once while looking for matches.
const STEP: u64 = 2_000;

impl Store {
    /// At most `limit` feedback that a filter means, after the last one of the page before.
    pub async fn filtered(
        &self,
        filter: &Filter,
        after: Option<(Instant, FeedbackId)>,
        order: Order,
        limit: u64,
    ) -> Result<Vec<FeedbackDoc>> {
        let mut found = Vec::new();
        let mut after = after;
        while (found.len() as u64) < limit {
            let step = if exact(filter) { limit - found.len() as u64 } else { STEP };
            let page = self.candidates(filter, after, order, Ord::min(step, STEP)).await?;
            let Some(last) = page.last().copied() else { break };
            after = Some(last);
            let ids: Vec<FeedbackId> = page.into_iter().map(|(_, id)| id).collect();
            found.extend(self.docs(&ids).await?.into_iter().filter(|doc| filter.matches(doc)));
        }
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// How many feedback a filter means.
    pub async fn count_filtered(&self, filter: &Filter) -> Result<u64> {
        if exact(filter) {
            let db = self.read();
            let mut select = narrowed(filter, db.get_database_backend());
            select.expr(Expr::col((feedback::Entity, feedback::Column::Id)).count());
            let row = db.query_one(&select).await?;
            return Ok(row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?.map_or(0, crate::entity::count));
        }
        let mut count = 0;
        let mut after = None;
        loop {
            let page = self.candidates(filter, after, Order::Oldest, STEP).await?;
            let Some(last) = page.last().copied() else { return Ok(count) };
            after = Some(last);
            let ids: Vec<FeedbackId> = page.into_iter().map(|(_, id)| id).collect();
            count += self.docs(&ids).await?.iter().filter(|doc| filter.matches(doc)).count() as u64;
        }
    }

    /// The next feedback that SQL can't rule out.
    async fn candidates(
        &self,
        filter: &Filter,
        after: Option<(Instant, FeedbackId)>,
        order: Order,
        limit: u64,
    ) -> Result<Vec<(Instant, FeedbackId)>> {
        let db = self.read();
        let mut select = narrowed(filter, db.get_database_backend());
        let at = || Expr::col((contact::Entity, contact::Column::At));
        let id = || Expr::col((feedback::Entity, feedback::Column::Id));
        select.expr(at()).expr(id());
        let direction = if order == Order::Newest { Direction::Desc } else { Direction::Asc };
        if let Some((last, last_id)) = after {
            let beyond = |column: SimpleExpr, value: SimpleExpr| match order {
                Order::Newest => column.lt(value),
                Order::Oldest => column.gt(value),
            };
            select.cond_where(
                Condition::any()
                    .add(beyond(at(), Expr::value(micros(last))))
                    .add(Condition::all().add(at().eq(micros(last))).add(beyond(id(), Expr::value(last_id.0)))),
            );
        }
        select.order_by_expr(at(), direction.clone()).order_by_expr(id(), direction).limit(limit);
        let rows = db.query_all(&select).await?;
        rows.iter()
            .map(|row| Ok((instant(row.try_get_by_index(0)?)?, row.try_get_by_index::<Uuid>(1)?.into())))
            .collect()
    }
}

/// Whether SQL says exactly what the filter means.
fn exact(filter: &Filter) -> bool {
    filter.words.is_empty()
        && filter.clauses.keys().all(|d| column(d, DbBackend::Sqlite).is_some() || *d == Dimension::HasWords)
}

/// Feedback with its contact, narrowed down.
fn narrowed(filter: &Filter, backend: DbBackend) -> SelectStatement {
    let mut select = Query::select();
    select
        .from(feedback::Entity)
        .join(
            JoinType::InnerJoin,
            contact::Entity,
            Expr::col((contact::Entity, contact::Column::Id)).equals((feedback::Entity, feedback::Column::ContactId)),
        )
        .join(
            JoinType::LeftJoin,
            service::Entity,
            Expr::col((service::Entity, service::Column::Id)).equals((contact::Entity, contact::Column::ServiceId)),
        )
        .join(
            JoinType::LeftJoin,
            touchpoint::Entity,
            Expr::col((touchpoint::Entity, touchpoint::Column::Id))
                .equals((contact::Entity, contact::Column::TouchpointId)),
        );
    let at = || Expr::col((contact::Entity, contact::Column::At));
    // A bound between two microseconds is rounded up: no instant lies between.
    if let Some(from) = filter.range.from {
        select.and_where(at().gte(ceiling(from)));
    }
    if let Some(to) = filter.range.to {
        select.and_where(at().lt(ceiling(to)));
    }
    for (dimension, clause) in &filter.clauses {
        if let Some(column) = column(dimension, backend) {
            select.cond_where(says(clause, column));
        } else if *dimension == Dimension::HasWords {
            select.cond_where(says_words(clause));
        }
    }
    select
}

fn ceiling(at: Instant) -> i64 {
    let down = micros(at);
    if at.timestamp_subsec_nanos().is_multiple_of(1_000) { down } else { down + 1 }
}

/// The column in which a dimension's only value stands; NULL for none.
fn column(dimension: &Dimension, backend: DbBackend) -> Option<SimpleExpr> {
    let of_contact = |c: contact::Column| Some(Expr::col((contact::Entity, c)));
    let of_feedback = |c: feedback::Column| Some(Expr::col((feedback::Entity, c)));
    match dimension {
        Dimension::Service => Some(Expr::col((service::Entity, service::Column::Key))),
        Dimension::Touchpoint => Some(Expr::col((touchpoint::Entity, touchpoint::Column::Key))),
        Dimension::Channel => of_contact(contact::Column::Channel),
        Dimension::Direction => of_contact(contact::Column::Direction),
        Dimension::Function => of_contact(contact::Column::Function),
        Dimension::Capacity => of_contact(contact::Column::Capacity),
        Dimension::Language => of_feedback(feedback::Column::Language),
        Dimension::Device => of_feedback(feedback::Column::Device),
        Dimension::Page => of_feedback(feedback::Column::Page),
        Dimension::Area => of_feedback(feedback::Column::Area),
        Dimension::Attribute(name) if valid_attribute_name(name) => Some(dialect::attribute(backend, name)),
        // Derived from several rows, or by arithmetic that is better not written twice.
        _ => None,
    }
}

/// The clause about a column with at most one value. [`NONE`] is NULL.
pub(super) fn says(clause: &Clause, column: SimpleExpr) -> Condition {
    // Nothing kept has a zero byte, and PostgreSQL does not take one.
    let given =
        |values: &[String]| values.iter().filter(|v| *v != NONE && !v.contains('\0')).cloned().collect::<Vec<String>>();
    let none = |values: &[String]| values.iter().any(|v| v == NONE);
    let mut all = Condition::all();
    if !clause.is.is_empty() {
        let mut any = Condition::any().add(column.clone().is_in(given(&clause.is)));
        if none(&clause.is) {
            any = any.add(column.clone().is_null());
        }
        all = all.add(any);
    }
    let not = given(&clause.is_not);
    if !not.is_empty() {
        all = all.add(Condition::any().add(column.clone().is_null()).add(column.clone().is_not_in(not)));
    }
    if none(&clause.is_not) {
        all = all.add(column.is_not_null());
    }
    all
}

/// The clause about whether there are comments: `yes` or `no`, never none.
fn says_words(clause: &Clause) -> Condition {
    let mut comments = Query::select();
    comments.expr(Expr::value(1)).from(comment::Entity).and_where(
        Expr::col((comment::Entity, comment::Column::FeedbackId)).equals((feedback::Entity, feedback::Column::Id)),
    );
    let words = Expr::exists(comments);
    let asked = |value: &str| clause.matches(&[value.to_owned()]);
    match (asked("yes"), asked("no")) {
        (true, true) => Condition::all(),
        (true, false) => Condition::all().add(words),
        (false, true) => Condition::all().add(words.not()),
        (false, false) => Condition::all().add(Expr::value(false)),
    }
}
