//! One entity per table, for SeaORM. Instants are microseconds since 1970 in UTC; see [`micros`].

#![expect(unreachable_pub, reason = "what SeaORM derives is public, so what it derives from must be")]

/// `entity!(name = "table" { fields })`: a table as a module of the name, for SeaORM. Columns are told once, here: what
/// writes many rows at once and what copies whole tables take them from the entity (`dialect::tables`), in this order.
macro_rules! entity {
    ($name:ident = $table:tt { $($fields:tt)* }) => {
        pub mod $name {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($fields)* }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

mod deliver;
mod govern;
mod listen;
mod machinery;
mod people;
mod understand;

pub(crate) use deliver::*;
pub(crate) use govern::*;
pub(crate) use listen::*;
pub(crate) use machinery::*;
pub(crate) use people::*;
pub(crate) use understand::*;

use chrono::{DateTime, Utc};
use commonweal_domain::Instant;

use crate::connect::corrupt;
use crate::error::Result;

/// An instant as the databases keep it.
pub(crate) fn micros(at: Instant) -> i64 {
    at.timestamp_micros()
}

/// An instant as it was kept.
pub(crate) fn instant(micros: i64) -> Result<Instant> {
    DateTime::<Utc>::from_timestamp_micros(micros).ok_or_else(|| corrupt("an instant is out of range"))
}

/// The same where there may be none.
pub(crate) fn maybe_instant(micros: Option<i64>) -> Result<Option<Instant>> {
    micros.map(instant).transpose()
}

/// A count as the databases keep it.
pub(crate) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count as it was kept.
pub(crate) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A value by its stable name.
pub(crate) fn named<T>(key: &str, from_key: impl Fn(&str) -> Option<T>) -> Result<T> {
    from_key(key).ok_or_else(|| corrupt(format!("`{key}` is not a value this program knows")))
}
