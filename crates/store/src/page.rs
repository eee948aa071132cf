//! Pages of lists in SQL, newest first.

use commonweal_domain::{Cursor, Page, PageRequest};
use sea_orm::sea_query::{ExprTrait, IntoCondition};
use sea_orm::{ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::connect::Store;
use crate::error::Result;

/// By what a list is sorted.
pub(crate) enum Sorted<C> {
    /// By time and, where times are equal, by id.
    Time(C, C),
    /// By id alone: ids are in order of time.
    Id(C),
    /// By a number that no two rows share.
    Number(C),
}

impl<C: ColumnTrait> Sorted<C> {
    /// The rows behind a cursor; before it when read backwards.
    fn beyond(&self, cursor: Cursor, backwards: bool) -> Condition {
        let number = |column: &C| if backwards { column.gt(cursor.key) } else { column.lt(cursor.key) };
        let id = |column: &C| if backwards { column.gt(cursor.id) } else { column.lt(cursor.id) };
        match self {
            Self::Id(c) => id(c).into_condition(),
            Self::Number(c) => number(c).into_condition(),
            // The first part is implied by the second; engines find the beginning in an index by it.
            Self::Time(at, of) => {
                let reached = if backwards { at.gte(cursor.key) } else { at.lte(cursor.key) };
                Condition::all().add(reached).add(number(at).or(id(of)))
            }
        }
    }

    fn columns(&self) -> Vec<&C> {
        match self {
            Self::Time(at, id) => vec![at, id],
            Self::Id(column) | Self::Number(column) => vec![column],
        }
    }
}

impl Store {
    /// One page of the rows that `select` means, newest first, each as `read` makes it of its row.
    pub(crate) async fn page<E, T>(
        &self,
        select: Select<E>,
        sorted: Sorted<E::Column>,
        request: &PageRequest,
        cursor: impl Fn(&T) -> Cursor,
        read: impl Fn(E::Model) -> Result<T>,
    ) -> Result<Page<T>>
    where
        E: EntityTrait,
        E::Model: FromQueryResult,
    {
        let mut select = select.limit(u64::try_from(request.reads()).unwrap_or(u64::MAX));
        if let Some(beside) = request.beside() {
            select = select.filter(sorted.beyond(beside, request.is_backwards()));
        }
        for column in sorted.columns() {
            select = match request.is_backwards() {
                true => select.order_by_asc(*column),
                false => select.order_by_desc(*column),
            };
        }
        let rows: Vec<T> = select.all(self.read()).await?.into_iter().map(read).collect::<Result<_>>()?;
        Ok(Page::of(rows, request, cursor))
    }
}
