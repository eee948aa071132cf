//! Many rows for one table, written in as few statements as each engine likes best.

use std::borrow::Cow;

use uuid::Uuid;

use super::tables::{Kind, Table};
use crate::error::{Result, StoreError};

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Val<'a> {
    Null,
    Id(Uuid),
    Bytes(Cow<'a, [u8]>),
    /// Text, or JSON as text.
    Text(Cow<'a, str>),
    Int(i64),
    Real(f64),
    Flag(bool),
}

impl From<Uuid> for Val<'_> {
    fn from(v: Uuid) -> Self {
        Val::Id(v)
    }
}
impl From<i64> for Val<'_> {
    fn from(v: i64) -> Self {
        Val::Int(v)
    }
}
impl From<f64> for Val<'_> {
    fn from(v: f64) -> Self {
        Val::Real(v)
    }
}
impl From<bool> for Val<'_> {
    fn from(v: bool) -> Self {
        Val::Flag(v)
    }
}
impl<'a> From<&'a str> for Val<'a> {
    fn from(v: &'a str) -> Self {
        Val::Text(Cow::Borrowed(v))
    }
}
impl From<String> for Val<'_> {
    fn from(v: String) -> Self {
        Val::Text(Cow::Owned(v))
    }
}
impl<'a> From<&'a String> for Val<'a> {
    fn from(v: &'a String) -> Self {
        Val::Text(Cow::Borrowed(v))
    }
}
impl<'a> From<&'a [u8]> for Val<'a> {
    fn from(v: &'a [u8]) -> Self {
        Val::Bytes(Cow::Borrowed(v))
    }
}
impl<'a> From<&'a [u8; 16]> for Val<'a> {
    fn from(v: &'a [u8; 16]) -> Self {
        Val::Bytes(Cow::Borrowed(v))
    }
}
impl<'a, T: Into<Val<'a>>> From<Option<T>> for Val<'a> {
    fn from(v: Option<T>) -> Self {
        v.map_or(Val::Null, Into::into)
    }
}

/// What becomes of a row whose key is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum IfThere {
    /// The statement fails.
    Refuse,
    /// What is not part of the key is added to what is there.
    Add,
}

impl IfThere {
    /// The end of an INSERT that says so.
    pub(super) fn clause(self, table: &Table) -> String {
        let quoted = |columns: &[(&str, Kind)]| columns.iter().map(|(c, _)| format!("\"{c}\"")).collect::<Vec<_>>();
        match self {
            Self::Refuse => String::new(),
            Self::Add => {
                let (key, sums) = table.columns.split_at(table.key);
                let sums = quoted(sums).into_iter().map(|c| format!("{c} = \"{}\".{c} + excluded.{c}", table.name));
                format!(" ON CONFLICT ({}) DO UPDATE SET {}", quoted(key).join(","), sums.collect::<Vec<_>>().join(","))
            }
        }
    }
}

/// Rows for one table, one value after another.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    pub(super) table: &'static Table,
    pub(super) values: Vec<Val<'a>>,
}

impl<'a> Rows<'a> {
    pub(crate) fn of(table: &'static Table) -> Self {
        Self { table, values: Vec::new() }
    }

    /// Adds one row; as many values as the table has columns, in their order.
    pub(crate) fn push<const N: usize>(&mut self, row: [Val<'a>; N]) {
        debug_assert_eq!(N, self.table.columns.len(), "{}", self.table.name);
        self.values.extend(row);
    }

    /// Adds rows that were read from a table of the same kind.
    pub(crate) fn extend(&mut self, values: Vec<Val<'a>>) {
        debug_assert!(values.len().is_multiple_of(self.table.columns.len()));
        self.values.extend(values);
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len() / self.table.columns.len()
    }

    /// Refuses what one of the engines can't keep, so that both keep the same: PostgreSQL has no
    /// zero bytes in text, SQLite no number that is not one.
    pub(super) fn check(&self) -> Result<()> {
        let width = self.table.columns.len();
        for (n, value) in self.values.iter().enumerate() {
            let (column, kind) = self.table.columns[n % width];
            let complaint = match value {
                Val::Text(text) if memchr::memchr(0, text.as_bytes()).is_some() => "a zero byte",
                Val::Text(text) if kind == Kind::Json && text.contains("\\u0000") => "a zero character",
                Val::Real(number) if !number.is_finite() => "a number that is not finite",
                _ => continue,
            };
            return Err(StoreError::Invalid(format!(
                "The field `{column}` of {} contains {complaint}, which can't be kept.",
                self.table.name
            )));
        }
        Ok(())
    }
}
