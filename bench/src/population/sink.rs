//! Rows into a store of either engine, many at once: COPY on PostgreSQL, statements of many rows on SQLite. Indexes that only
//! help to find something are made at the end, which is several times as quick.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Executor, Row as _};
use uuid::Uuid;

use super::Size;
use crate::process::Program;
use crate::steps::Bench;

/// Most values that one statement of SQLite takes.
const MAX_VALUES: usize = 32_000;

/// One value.
#[derive(Clone, Debug)]
pub(super) enum Val {
    Null,
    Id(Uuid),
    Word(&'static str),
    Text(String),
    Int(i64),
    Real(f64),
    Flag(bool),
}

/// Rows of one table, one value after another.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) table: &'static str,
    pub(super) columns: &'static [&'static str],
    pub(super) values: Vec<Val>,
}

impl Rows {
    pub(super) fn of(table: &'static str, columns: &'static [&'static str]) -> Self {
        Self { table, columns, values: Vec::new() }
    }

    pub(super) fn push<const N: usize>(&mut self, row: [Val; N]) {
        debug_assert_eq!(N, self.columns.len(), "{}", self.table);
        self.values.extend(row);
    }
}

/// A connection to a store.
pub(super) enum Sink {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Statements that make the indexes that were taken away.
pub(super) struct PutOff(Vec<String>);

impl Sink {
    pub(super) async fn open(bench: &Bench, program: &Program, schema: &str) -> Result<Self> {
        if program.store.is_none() {
            let file = program.data.join("commonweal.db");
            let options = SqliteConnectOptions::new().filename(file).foreign_keys(false);
            return Ok(Self::Sqlite(SqliteConnection::connect_with(&options).await?));
        }
        let url = bench.postgres.as_deref().context("There is no PostgreSQL.")?;
        let options: PgConnectOptions = url.parse()?;
        Ok(Self::Postgres(PgConnection::connect_with(&options.options([("search_path", schema)])).await?))
    }

    async fn run(&mut self, statements: &str) -> Result<()> {
        let sql = sqlx::raw_sql(AssertSqlSafe(statements.to_owned()));
        match self {
            Self::Sqlite(db) => {
                db.execute(sql).await?;
            }
            Self::Postgres(db) => {
                db.execute(sql).await?;
            }
        }
        Ok(())
    }

    async fn texts(&mut self, statement: &str) -> Result<Vec<String>> {
        let sql = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()));
        match self {
            Self::Sqlite(db) => db.fetch_all(sql).await?.iter().map(|row| Ok(row.try_get(0)?)).collect(),
            Self::Postgres(db) => db.fetch_all(sql).await?.iter().map(|row| Ok(row.try_get(0)?)).collect(),
        }
    }

    /// What a note in `meta` says.
    pub(super) async fn note(&mut self, key: &str) -> Result<Option<String>> {
        Ok(self.texts(&format!("SELECT value FROM meta WHERE key = '{key}'")).await?.pop())
    }

    /// Themes that are there.
    pub(super) async fn themes(&mut self) -> Result<Vec<Uuid>> {
        let sql = match self {
            Self::Sqlite(_) => "SELECT lower(hex(id)) FROM themes ORDER BY position, id",
            Self::Postgres(_) => "SELECT id::text FROM themes ORDER BY position, id",
        };
        self.texts(sql).await?.iter().map(|id| Ok(id.parse()?)).collect()
    }

    pub(super) async fn size(&mut self) -> Result<Size> {
        let mut counted = [0; 3];
        for (n, table) in ["persons", "records", "contacts"].iter().enumerate() {
            let found = self.texts(&format!("SELECT CAST(count(*) AS text) FROM {table}")).await?;
            counted[n] = found.first().context("Nothing was counted.")?.parse()?;
        }
        Ok(Size { persons: counted[0], records: counted[1], contacts: counted[2] })
    }

    /// Makes ready for many rows. A store that is broken off here is made anew.
    pub(super) async fn begin(&mut self) -> Result<PutOff> {
        let find = match self {
            Self::Sqlite(_) => "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX %'",
            Self::Postgres(_) => {
                "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexdef LIKE 'CREATE INDEX %'"
            }
        };
        let all = self.texts(find).await?;
        for index in &all {
            let name = index.split_whitespace().nth(2).context("An index has no name.")?;
            self.run(&format!("DROP INDEX {name}")).await?;
        }
        match self {
            Self::Sqlite(_) => {
                self.run("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; BEGIN IMMEDIATE").await?;
            }
            // References are looked at by whoever made the rows. Only a superuser may say so; others wait longer.
            Self::Postgres(_) => drop(self.run("SET session_replication_role = replica").await),
        }
        Ok(PutOff(all))
    }

    pub(super) async fn end(&mut self, PutOff(indexes): PutOff, key: &str, note: &str) -> Result<()> {
        if matches!(self, Self::Sqlite(_)) {
            self.run("COMMIT; PRAGMA temp_store = MEMORY").await?;
        }
        for index in indexes {
            self.run(&index).await?;
        }
        self.run(&format!("INSERT INTO meta (key, value) VALUES ('{key}', '{note}')")).await?;
        match self {
            Self::Sqlite(_) => self.run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA optimize").await,
            Self::Postgres(_) => self.run("ANALYZE").await,
        }
    }

    pub(super) async fn write(&mut self, tables: Vec<Rows>) -> Result<()> {
        for rows in tables.into_iter().filter(|rows| !rows.values.is_empty()) {
            let table = rows.table;
            let done = match self {
                Self::Sqlite(db) => insert(db, rows).await,
                Self::Postgres(db) => copy(db, &rows).await,
            };
            done.with_context(|| format!("Rows of {table} could not be written."))?;
        }
        Ok(())
    }
}

async fn insert(db: &mut SqliteConnection, rows: Rows) -> Result<()> {
    let width = rows.columns.len();
    let most = MAX_VALUES / width * width;
    let head = format!("INSERT INTO {} ({}) VALUES ", rows.table, rows.columns.join(", "));
    let one = format!("({})", vec!["?"; width].join(", "));
    let mut values = rows.values.into_iter().peekable();
    while values.peek().is_some() {
        let some: Vec<Val> = values.by_ref().take(most).collect();
        // Of full length each statement is the same and is made ready once.
        let sql = format!("{head}{}", vec![one.as_str(); some.len() / width].join(", "));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in some {
            query = match value {
                Val::Null => query.bind(None::<i64>),
                Val::Id(id) => query.bind(id),
                Val::Word(word) => query.bind(word),
                Val::Text(text) => query.bind(text),
                Val::Int(number) => query.bind(number),
                Val::Real(number) => query.bind(number),
                Val::Flag(flag) => query.bind(flag),
            };
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

async fn copy(db: &mut PgConnection, rows: &Rows) -> Result<()> {
    let mut lines = String::new();
    for row in rows.values.chunks(rows.columns.len()) {
        for (n, value) in row.iter().enumerate() {
            if n > 0 {
                lines.push('\t');
            }
            // Writing into a String can't fail.
            let _ = match value {
                Val::Null => write!(lines, "\\N"),
                Val::Id(id) => write!(lines, "{id}"),
                Val::Word(word) => write!(lines, "{word}"),
                Val::Text(text) => {
                    lines.push_str(&text.replace('\\', "\\\\").replace(['\t', '\n', '\r'], " "));
                    Ok(())
                }
                Val::Int(number) => write!(lines, "{number}"),
                Val::Real(number) => write!(lines, "{number}"),
                Val::Flag(flag) => write!(lines, "{}", if *flag { 't' } else { 'f' }),
            };
        }
        lines.push('\n');
    }
    let mut into = db.copy_in_raw(&format!("COPY {} ({}) FROM STDIN", rows.table, rows.columns.join(", "))).await?;
    into.send(lines.into_bytes()).await?;
    into.finish().await?;
    Ok(())
}
