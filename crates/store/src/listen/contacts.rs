//! Contacts: those that brought no feedback, and how many of all there are by day.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use commonweal_domain::{
    Capacity, ChangeKind, Channel, Clause, ContactId, Dimension, Direction, Function, Instant, RecordId, ServiceId,
    SubjectKind, TouchpointId, period,
};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query, SimpleExpr};
use uuid::Uuid;

use super::filtered::says;
use super::intake::NewRecord;
use crate::connect::Store;
use crate::dialect::tables::CONTACTS_DAILY;
use crate::dialect::{self, GoneContact, Rows};
use crate::entity::{contacts_daily, count, instant, named, service, touchpoint};
use crate::error::{Result, StoreError};
use crate::work::Contacts;

/// One contact without feedback to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContactRecord {
    /// Its id.
    pub id: ContactId,
    /// When it happened.
    pub at: Instant,
    /// Its service.
    pub service: Option<ServiceId>,
    /// Its touchpoint.
    pub touchpoint: Option<TouchpointId>,
    /// Channel.
    pub channel: Channel,
    /// Who spoke to whom.
    pub direction: Direction,
    /// Function of the body.
    pub function: Function,
    /// Capacity of the person.
    pub capacity: Capacity,
    /// Who handed it in.
    pub source: String,
    /// Two contacts with the same key are one.
    pub dedupe: Option<[u8; 16]>,
    /// By which record its person was known.
    pub known_by: Option<RecordId>,
}

/// How many contacts, of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactCount {
    /// The local day, as days since 1970-01-01; 0 unless days were asked for.
    pub day: i64,
    /// One value for each dimension that was asked for; nothing for contacts that have none.
    pub values: Vec<Option<String>>,
    /// How many.
    pub contacts: u64,
}

impl Store {
    /// How many contacts there are from the first to before the second day (days since 1970-01-01),
    /// under clauses on what contacts are counted by, broken down by day and dimensions.
    /// `Invalid` for a dimension that contacts are not counted by.
    pub async fn contacts_counted(
        &self,
        days: (Option<i64>, Option<i64>),
        clauses: &BTreeMap<Dimension, Clause>,
        by_day: bool,
        by: &[Dimension],
    ) -> Result<Vec<ContactCount>> {
        let of = |column| Expr::col((contacts_daily::Entity, column));
        let mut select = Query::select();
        select
            .from(contacts_daily::Entity)
            .join(
                JoinType::LeftJoin,
                service::Entity,
                Expr::col((service::Entity, service::Column::Id))
                    .equals((contacts_daily::Entity, contacts_daily::Column::ServiceId)),
            )
            .join(
                JoinType::LeftJoin,
                touchpoint::Entity,
                Expr::col((touchpoint::Entity, touchpoint::Column::Id))
                    .equals((contacts_daily::Entity, contacts_daily::Column::TouchpointId)),
            );
        if let Some(first) = days.0 {
            select.and_where(of(contacts_daily::Column::Day).gte(first));
        }
        if let Some(end) = days.1 {
            select.and_where(of(contacts_daily::Column::Day).lt(end));
        }
        for (dimension, clause) in clauses {
            select.cond_where(says(clause, column(dimension)?));
        }
        let sum = of(contacts_daily::Column::N).sum().if_null(0_i64);
        select.expr(sum.cast_as("bigint"));
        if by_day {
            select.expr(of(contacts_daily::Column::Day));
            select.add_group_by([of(contacts_daily::Column::Day)]);
        }
        for dimension in by {
            select.expr(column(dimension)?);
            select.add_group_by([column(dimension)?]);
        }
        let rows = self.read().query_all(&select).await?;
        let first = usize::from(by_day) + 1;
        rows.iter()
            .map(|row| {
                Ok(ContactCount {
                    contacts: count(row.try_get_by_index(0)?),
                    day: if by_day { row.try_get_by_index(1)? } else { 0 },
                    values: (first..first + by.len())
                        .map(|n| row.try_get_by_index(n))
                        .collect::<std::result::Result<_, _>>()?,
                })
            })
            .collect()
    }

    /// How many counts by day are not what counting all contacts anew would give. None, unless
    /// somebody has written to the database beside this program.
    pub async fn wrong_contact_counts(&self) -> Result<u64> {
        let zone = dialect::time_zone(self.read()).await?;
        Ok(count(dialect::wrong_counts(self.read(), zone).await?))
    }
}

impl Contacts<'_> {
    /// Deletes contacts that brought no feedback; those that did go with it. `source`: only what was
    /// handed in by it. Which there were.
    pub async fn delete(&self, ids: &[ContactId], source: Option<&str>) -> Result<Vec<ContactId>> {
        let (tx, ids): (_, Vec<Uuid>) = (self.tx(), ids.iter().map(|id| id.0).collect());
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let backend = tx.get_database_backend();
        let zone = dialect::lock_time_zone(tx).await?;
        let rows = tx.query_all_raw(dialect::contacts_alone(backend, &ids, source)).await?;
        let mut there =
            rows.iter().map(|row| row.try_get_by_index(0)).collect::<std::result::Result<Vec<Uuid>, _>>()?;
        there.sort_unstable();
        there.dedup();
        if there.is_empty() {
            return Ok(Vec::new());
        }
        dialect::uncount_contacts(tx, zone, &there).await?;
        dialect::append_lost_contacts(tx, &there).await?;
        tx.execute_raw(dialect::delete_by_id(backend, "contacts", &there)).await?;
        dialect::append_changes(tx, SubjectKind::Contact, ChangeKind::Deleted, &there).await?;
        self.core.note_changes();
        Ok(there.into_iter().map(Into::into).collect())
    }

    /// Counts all contacts anew by day.
    pub async fn recount(&self) -> Result<()> {
        let zone = dialect::lock_time_zone(self.tx()).await?;
        Ok(dialect::recount_contacts(self.tx(), zone).await?)
    }
}

/// The column in which a dimension of contacts stands; NULL for none.
fn column(dimension: &Dimension) -> Result<SimpleExpr> {
    let of = |column| Expr::col((contacts_daily::Entity, column));
    Ok(match dimension {
        Dimension::Service => Expr::col((service::Entity, service::Column::Key)),
        Dimension::Touchpoint => Expr::col((touchpoint::Entity, touchpoint::Column::Key)),
        Dimension::Channel => of(contacts_daily::Column::Channel),
        Dimension::Function => of(contacts_daily::Column::Function),
        Dimension::Direction => of(contacts_daily::Column::Direction),
        other => return Err(StoreError::Invalid(format!("Contacts are not counted by `{other}`."))),
    })
}

/// Day, service, touchpoint, channel, function, direction.
type Key = (i64, Uuid, Uuid, &'static str, &'static str, &'static str);

/// What a batch adds to the counts by day, and takes off them.
#[derive(Default)]
pub(super) struct DailyCounts(BTreeMap<Key, i64>);

impl DailyCounts {
    pub(super) fn of(records: &[&NewRecord], contacts: &[&NewContactRecord], zone: Tz) -> Self {
        let mut counts = Self::default();
        for r in records {
            let day = period::day_number(r.doc.at, zone);
            counts.add(1, day, (r.service, r.touchpoint), r.doc.channel, r.doc.function, r.doc.direction);
        }
        for c in contacts {
            let day = period::day_number(c.at, zone);
            counts.add(1, day, (c.service, c.touchpoint), c.channel, c.function, c.direction);
        }
        counts
    }

    /// Takes off what was deleted; the days that it was of.
    pub(super) fn take_off(&mut self, gone: &[GoneContact], zone: Tz) -> Result<BTreeSet<i64>> {
        let mut days = BTreeSet::new();
        for c in gone {
            let day = period::day_number(instant(c.at)?, zone);
            self.add(
                -1,
                day,
                (c.service_id.map(Into::into), c.touchpoint_id.map(Into::into)),
                named(&c.channel, Channel::from_key)?,
                named(&c.function, Function::from_key)?,
                named(&c.direction, Direction::from_key)?,
            );
            days.insert(day);
        }
        Ok(days)
    }

    fn add(
        &mut self,
        n: i64,
        day: i64,
        (service, touchpoint): (Option<ServiceId>, Option<TouchpointId>),
        channel: Channel,
        function: Function,
        direction: Direction,
    ) {
        let service = service.map_or(Uuid::nil(), |s| s.0);
        let touchpoint = touchpoint.map_or(Uuid::nil(), |t| t.0);
        *self.0.entry((day, service, touchpoint, channel.key(), function.key(), direction.key())).or_default() += n;
    }

    /// As rows, in the order of their keys.
    pub(super) fn rows(self) -> Rows<'static> {
        let mut rows = Rows::of(&CONTACTS_DAILY);
        for ((day, service, touchpoint, channel, function, direction), n) in self.0 {
            rows.push([
                day.into(),
                service.into(),
                touchpoint.into(),
                channel.into(),
                function.into(),
                direction.into(),
                n.into(),
            ]);
        }
        rows
    }
}
