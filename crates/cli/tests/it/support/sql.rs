//! The database asked directly: what is true, whatever the program says.

use std::collections::BTreeMap;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Row, raw_sql};
use tokio::runtime::Runtime;
use uuid::Uuid;

enum Opened {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A connection of the test's own.
pub(crate) struct Sql<'a> {
    runtime: &'a Runtime,
    connection: Opened,
}

/// Runs the same code on either connection.
macro_rules! on {
    ($sql:ident, $connection:ident => $body:expr) => {
        match &mut $sql.connection {
            Opened::Sqlite($connection) => $sql.runtime.block_on($body),
            Opened::Postgres($connection) => $sql.runtime.block_on($body),
        }
    };
}

impl<'a> Sql<'a> {
    pub(crate) fn open(runtime: &'a Runtime, url: &str) -> Self {
        let connection = match url.strip_prefix("sqlite:") {
            Some(path) => {
                let options =
                    SqliteConnectOptions::new().filename(path).busy_timeout(std::time::Duration::from_secs(30));
                Opened::Sqlite(runtime.block_on(SqliteConnection::connect_with(&options)).expect("the file opens"))
            }
            None => {
                let (server, schema) = url.rsplit_once("schema=").expect("the address names a schema");
                let options: PgConnectOptions = server.trim_end_matches(['?', '&']).parse().expect("an address");
                let options = options.options([("search_path", schema)]);
                Opened::Postgres(runtime.block_on(PgConnection::connect_with(&options)).expect("the server answers"))
            }
        };
        Self { runtime, connection }
    }

    /// An expression for an id column as 32 lower-case hexadecimal digits.
    pub(crate) fn id_as_text(&self, column: &str) -> String {
        match self.connection {
            Opened::Sqlite(_) => format!("lower(hex({column}))"),
            Opened::Postgres(_) => format!("replace({column}::text, '-', '')"),
        }
    }

    /// Runs a statement.
    pub(crate) fn run(&mut self, statement: &str) {
        let sql = raw_sql(AssertSqlSafe(statement.to_owned()));
        on!(self, c => async { sql.execute(c).await.map(|_| ()) }).unwrap_or_else(|e| panic!("{statement}: {e}"));
    }

    /// One whole number.
    pub(crate) fn number(&mut self, statement: &str) -> i64 {
        let sql = raw_sql(AssertSqlSafe(statement.to_owned()));
        on!(self, c => async { sql.fetch_one(c).await?.try_get::<i64, _>(0) })
            .unwrap_or_else(|e| panic!("{statement}: {e}"))
    }

    /// A column of ids.
    pub(crate) fn ids(&mut self, statement: &str) -> Vec<Uuid> {
        let sql = raw_sql(AssertSqlSafe(statement.to_owned()));
        on!(self, c => async {
            sql.fetch_all(c).await?.iter().map(|row| row.try_get::<Uuid, _>(0)).collect::<Result<Vec<_>, _>>()
        })
        .unwrap_or_else(|e| panic!("{statement}: {e}"))
    }

    /// A column of texts.
    pub(crate) fn texts(&mut self, statement: &str) -> Vec<String> {
        let sql = raw_sql(AssertSqlSafe(statement.to_owned()));
        on!(self, c => async {
            sql.fetch_all(c).await?.iter().map(|row| row.try_get::<String, _>(0)).collect::<Result<Vec<_>, _>>()
        })
        .unwrap_or_else(|e| panic!("{statement}: {e}"))
    }

    /// Texts with numbers.
    pub(crate) fn counts(&mut self, statement: &str) -> BTreeMap<String, u64> {
        let sql = raw_sql(AssertSqlSafe(statement.to_owned()));
        on!(self, c => async {
            sql.fetch_all(c).await?.iter().map(|row| Ok((row.try_get::<String, _>(0)?, row.try_get::<i64, _>(1)?.unsigned_abs()))).collect::<Result<_, sqlx::Error>>()
        })
        .unwrap_or_else(|e| panic!("{statement}: {e}"))
    }
}
