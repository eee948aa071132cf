//! PostgreSQL: one array per column, unnested.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use parking_lot::Mutex;
use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::{Arguments, AssertSqlSafe, Encode, Postgres, Type};

use super::bulk::{Rows, Val};
use super::tables::{Kind, Table};
use crate::error::{Result, StoreError};

/// Rows per statement: bounds what the server has to hold at once.
const SIZE: usize = 5_000;

/// Table, its width, whether to pass over those that are there.
type Shape = (&'static str, usize, bool);

static STATEMENTS: LazyLock<Mutex<HashMap<Shape, Arc<str>>>> = LazyLock::new(Mutex::default);

fn array_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Id => "uuid[]",
        Kind::Bytes => "bytea[]",
        Kind::Text | Kind::Json => "text[]",
        Kind::Int => "int8[]",
        Kind::Real => "float8[]",
        Kind::Flag => "bool[]",
    }
}

fn insert_statement(table: &Table, only_new: bool) -> Arc<str> {
    let shape = (table.name, table.columns.len(), only_new);
    Arc::clone(STATEMENTS.lock().entry(shape).or_insert_with(|| {
        let names: Vec<String> = table.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let taken: Vec<String> = table
            .columns
            .iter()
            .map(|(name, kind)| if *kind == Kind::Json { format!("\"{name}\"::jsonb") } else { format!("\"{name}\"") })
            .collect();
        let arrays: Vec<String> = table
            .columns
            .iter()
            .enumerate()
            .map(|(n, (_, kind))| format!("${}::{}", n + 1, array_type(*kind)))
            .collect();
        format!(
            "INSERT INTO \"{}\" ({names}) SELECT {} FROM UNNEST({}) AS t({names}){}",
            table.name,
            taken.join(","),
            arrays.join(","),
            if only_new { " ON CONFLICT DO NOTHING" } else { "" },
            names = names.join(","),
        )
        .into()
    }))
}

pub(super) async fn insert(connection: &mut PgConnection, rows: Rows<'_>, only_new: bool) -> Result<u64> {
    let mut added = 0;
    let width = rows.table.columns.len();
    for part in rows.values.chunks(SIZE * width) {
        let mut arguments = PgArguments::default();
        for (n, (name, kind)) in rows.table.columns.iter().enumerate() {
            let column = part.iter().skip(n).step_by(width);
            let fits = match kind {
                Kind::Id => add(&mut arguments, column, |v| if let Val::Id(v) = v { Some(*v) } else { None }),
                Kind::Bytes => {
                    add(&mut arguments, column, |v| if let Val::Bytes(v) = v { Some(v.as_ref()) } else { None })
                }
                Kind::Text | Kind::Json => {
                    add(&mut arguments, column, |v| if let Val::Text(v) = v { Some(v.as_ref()) } else { None })
                }
                Kind::Int => add(&mut arguments, column, |v| if let Val::Int(v) = v { Some(*v) } else { None }),
                Kind::Real => add(&mut arguments, column, |v| if let Val::Real(v) = v { Some(*v) } else { None }),
                Kind::Flag => add(&mut arguments, column, |v| if let Val::Flag(v) = v { Some(*v) } else { None }),
            };
            fits.map_err(|e| StoreError::Invalid(format!("Column `{name}` of {}: {e}", rows.table.name)))?;
        }
        let statement = insert_statement(rows.table, only_new);
        added += sqlx::query_with(AssertSqlSafe(statement), arguments).execute(&mut *connection).await?.rows_affected();
    }
    Ok(added)
}

/// Adds one column as an array. Every value must be of the column's kind or NULL.
fn add<'v, 'a: 'v, T>(
    arguments: &mut PgArguments,
    column: impl Iterator<Item = &'v Val<'a>>,
    of_kind: impl Fn(&'v Val<'a>) -> Option<T>,
) -> std::result::Result<(), Box<dyn std::error::Error + Send + Sync>>
where
    Vec<Option<T>>: Encode<'v, Postgres> + Type<Postgres>,
{
    let mut values = Vec::new();
    for value in column {
        let taken = of_kind(value);
        if taken.is_none() && *value != Val::Null {
            return Err("a value of another kind".into());
        }
        values.push(taken);
    }
    arguments.add(values)
}

/// Makes a schema unless it is there. The name was checked to be letters, digits and `_`.
pub(crate) fn create_schema(name: &str) -> String {
    format!("CREATE SCHEMA IF NOT EXISTS \"{name}\"")
}
