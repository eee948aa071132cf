//! PostgreSQL: one array per column, unnested.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use chrono_tz::Tz;
use parking_lot::Mutex;
use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::{Arguments, AssertSqlSafe, Encode, Postgres, Type};

use super::bulk::{IfThere, Rows, Val};
use super::daily::{ZONE_POSTGRES, default_zone};
use super::tables::{Kind, Table};
use crate::error::{Result, StoreError};

/// Rows per statement: bounds what the server has to hold at once.
const SIZE: usize = 5_000;

/// Table, its width, what becomes of rows that are there, whether a time zone is asked for.
type Shape = (&'static str, usize, IfThere, bool);

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

fn insert_statement(table: &Table, if_there: IfThere, in_zone: bool) -> Arc<str> {
    let shape = (table.name, table.columns.len(), if_there, in_zone);
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
        // Places after the arrays: the zone in which the days of these rows were counted, and the one
        // that holds as long as nobody has said any.
        let zone = match in_zone {
            true => {
                let place = arrays.len() + 1;
                format!(" WHERE ${place}::text = COALESCE(({ZONE_POSTGRES}), ${}::text)", place + 1)
            }
            false => String::new(),
        };
        format!(
            "INSERT INTO \"{}\" ({names}) SELECT {} FROM UNNEST({}) AS t({names}){zone}{}",
            table.name,
            taken.join(","),
            arrays.join(","),
            if_there.clause(table),
            names = names.join(","),
        )
        .into()
    }))
}

/// Adds rows. `in_zone`: only while the body's time zone is this one.
pub(super) async fn insert(
    connection: &mut PgConnection,
    rows: Rows<'_>,
    if_there: IfThere,
    in_zone: Option<Tz>,
) -> Result<u64> {
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
        if let Some(zone) = in_zone {
            for name in [zone.name(), default_zone().name()] {
                arguments.add(name).map_err(|e| StoreError::Invalid(format!("A time zone: {e}")))?;
            }
        }
        let statement = insert_statement(rows.table, if_there, in_zone.is_some());
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
