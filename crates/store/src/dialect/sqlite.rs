//! SQLite: multi-row VALUES, prepared once per size.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use parking_lot::Mutex;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Arguments, AssertSqlSafe};

use super::bulk::{IfThere, Rows, Val};
use super::tables::Table;
use crate::error::{Result, StoreError};

/// Rows per statement. A few fixed sizes, so that each statement is prepared once per connection and
/// kept; the largest is where bigger ones gained nothing but memory (measured).
const SIZES: &[usize] = &[128, 16, 4, 1];

/// Table, its width, rows, what becomes of those that are there.
type Shape = (&'static str, usize, usize, IfThere);

static STATEMENTS: LazyLock<Mutex<HashMap<Shape, Arc<str>>>> = LazyLock::new(Mutex::default);

fn insert_statement(table: &Table, rows: usize, if_there: IfThere) -> Arc<str> {
    let shape = (table.name, table.columns.len(), rows, if_there);
    Arc::clone(STATEMENTS.lock().entry(shape).or_insert_with(|| {
        let names: Vec<String> = table.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let row = format!("({})", vec!["?"; names.len()].join(","));
        let rest = if_there.clause(table);
        format!("INSERT INTO \"{}\" ({}) VALUES {}{rest}", table.name, names.join(","), vec![row; rows].join(","))
            .into()
    }))
}

pub(super) async fn insert(connection: &mut SqliteConnection, rows: Rows<'_>, if_there: IfThere) -> Result<u64> {
    let mut added = 0;
    let mut parts = Parts { left: rows.len(), table: rows.table, values: rows.values.into_iter(), known: Known::new() };
    let mut next = parts.next()?;
    while let Some((size, arguments)) = next {
        let statement = insert_statement(rows.table, size, if_there);
        let run = sqlx::query_with(AssertSqlSafe(statement), arguments).execute(&mut *connection);
        // The driver has a thread of its own: while it runs this statement, the next one is made ready.
        let (done, ready) = futures::join!(run, async { parts.next() });
        added += done?.rows_affected();
        next = ready?;
    }
    Ok(added)
}

/// Rows cut into statements.
struct Parts<'a> {
    left: usize,
    table: &'static Table,
    values: std::vec::IntoIter<Val<'a>>,
    known: Known<'a>,
}

impl Parts<'_> {
    /// The next rows: how many, and their values.
    fn next(&mut self) -> Result<Option<(usize, SqliteArguments)>> {
        let Some(size) = SIZES.iter().copied().find(|s| *s <= self.left) else { return Ok(None) };
        let width = self.table.columns.len();
        let mut arguments = SqliteArguments::default();
        arguments.reserve(size * width, 0);
        for value in self.values.by_ref().take(size * width) {
            bind(&mut arguments, value, &mut self.known)?;
        }
        self.left -= size;
        Ok(Some((size, arguments)))
    }
}

/// Short texts seen before: names of channels and the like come in every row, and sharing them spares
/// the driver's thread from freeing each.
type Known<'a> = HashMap<Cow<'a, str>, Arc<str>>;
/// Longer texts are hardly ever the same.
const SHORT: usize = 40;

fn bind<'a>(arguments: &mut SqliteArguments, value: Val<'a>, known: &mut Known<'a>) -> Result<()> {
    let bound = match value {
        Val::Null => arguments.add(None::<i64>),
        Val::Id(id) => arguments.add(id),
        Val::Bytes(bytes) => arguments.add(bytes.into_owned()),
        Val::Text(text) if text.len() <= SHORT => match known.get(&text) {
            Some(shared) => arguments.add(Arc::clone(shared)),
            None => {
                let shared: Arc<str> = text.as_ref().into();
                known.insert(text, Arc::clone(&shared));
                arguments.add(shared)
            }
        },
        Val::Text(text) => arguments.add(text.into_owned()),
        Val::Int(number) => arguments.add(number),
        Val::Real(number) => arguments.add(number),
        Val::Flag(flag) => arguments.add(flag),
    };
    bound.map_err(|e| StoreError::from(sqlx::Error::Encode(e)))
}
