//! SQL written by hand, for what the two engines say differently or what must be fast. Nothing
//! outside this folder contains SQL text.

mod audiences;
mod audit_chain;
mod bulk;
mod corrections;
mod daily;
mod duties;
mod events;
mod feed;
mod free;
mod held;
mod postgres;
mod reading;
mod scan;
mod sqlite;
pub(crate) mod tables;
mod tx;

pub(crate) use audiences::*;
pub(crate) use audit_chain::*;
pub(crate) use bulk::{Rows, Val};
pub(crate) use corrections::keep_known_corrections;
pub(crate) use daily::*;
pub(crate) use duties::{duties_of_roles, readers_without_a_duty};
pub(crate) use events::*;
pub(crate) use feed::*;
pub(crate) use free::*;
pub(crate) use held::*;
pub(crate) use postgres::create_schema;
pub(crate) use reading::*;
pub(crate) use scan::*;
pub(crate) use tx::{Advance, GoneContact, Tx};
