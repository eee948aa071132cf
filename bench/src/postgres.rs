//! PostgreSQL asked directly: the same rows in our own tables, with our indexes and a full-text
//! index for words, analysed.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection, Executor, Row as _};
use uuid::Uuid;

use crate::data::{self, AGE_BANDS, CHANNELS, DEVICES, Row, SERVICES, TOUCHPOINTS};
use crate::questions::{Ask, key_of};
use crate::sql;

/// Rows in one COPY.
const TOGETHER: usize = 100_000;
/// A statement that takes longer is given up and counted as that long.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);

/// A connection that looks into one schema.
pub(crate) struct Database {
    connection: PgConnection,
}

impl Database {
    pub(crate) async fn connect(url: &str, schema: &str) -> Result<Self> {
        let options: PgConnectOptions = url.parse()?;
        let options = options.options([("search_path", schema)]);
        Ok(Self { connection: PgConnection::connect_with(&options).await.context("PostgreSQL can't be reached.")? })
    }

    /// Runs statements.
    pub(crate) async fn run(&mut self, statements: &str) -> Result<()> {
        self.connection.execute(sqlx::raw_sql(AssertSqlSafe(statements.to_owned()))).await?;
        Ok(())
    }

    /// One number.
    pub(crate) async fn number(&mut self, statement: &str) -> Result<i64> {
        let row = self.connection.fetch_one(sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))).await?;
        // Sums are numeric, counts are not.
        row.try_get(0).with_context(|| format!("{statement} did not give a number."))
    }

    pub(crate) async fn version(&mut self) -> Result<String> {
        let row = self.connection.fetch_one("SHOW server_version").await?;
        let version: String = row.try_get(0)?;
        Ok(version.split(' ').next().unwrap_or(&version).to_owned())
    }

    /// Whether our tables are there and hold nothing.
    pub(crate) async fn is_empty_schema(&mut self) -> Result<bool> {
        if self
            .number("SELECT count(*) FROM pg_tables WHERE tablename = 'feedback' AND schemaname = current_schema()")
            .await?
            == 0
        {
            return Ok(false);
        }
        Ok(self.number("SELECT count(*) FROM services").await? == 0)
    }

    /// Fills the tables of a migrated, empty schema by COPY.
    pub(crate) async fn fill(&mut self, file: &Path) -> Result<Duration> {
        let began = Instant::now();
        self.journeys().await?;
        let mut rows = data::read_csv(file)?;
        loop {
            let batch: Vec<Row> = rows.by_ref().take(TOGETHER).collect::<Result<_>>()?;
            if batch.is_empty() {
                return Ok(began.elapsed());
            }
            let lines = Lines::of(&batch);
            self.copy(
                "contacts (id, at, channel, direction, function, capacity, service_id, touchpoint_id)",
                lines.contacts,
            )
            .await?;
            self.copy(
                "feedback (id, contact_id, received_at, language, language_stated, device, page, area, attributes, source, dedupe)",
                lines.feedback,
            )
            .await?;
            self.copy("ratings (feedback_id, position, name, value, worst, best)", lines.ratings).await?;
            self.copy("comments (feedback_id, position, id, text)", lines.comments).await?;
        }
    }

    async fn journeys(&mut self) -> Result<()> {
        for (s, service) in SERVICES.iter().enumerate() {
            let key = key_of(service);
            let id = id(Table::Service, s as u64);
            self.run(&format!(
                "INSERT INTO services (id, key, name, position) VALUES ('{id}', '{key}', '{service}', {s})"
            ))
            .await?;
            for (t, touchpoint) in TOUCHPOINTS.iter().enumerate() {
                let (of, id) = (id, touchpoint_id(s, t));
                let name = key_of(touchpoint);
                self.run(&format!(
                    "INSERT INTO touchpoints (id, service_id, key, name, position) VALUES ('{id}', '{of}', '{key}/{name}', '{touchpoint}', {t})"
                ))
                .await?;
            }
        }
        Ok(())
    }

    async fn copy(&mut self, into: &str, lines: String) -> Result<()> {
        let mut copy = self.connection.copy_in_raw(&format!("COPY {into} FROM STDIN")).await?;
        copy.send(lines.into_bytes()).await?;
        copy.finish().await?;
        Ok(())
    }

    /// Adds the indexes on words and on time that our own schema does not need, and looks at the tables,
    /// so that the planner knows them.
    pub(crate) async fn prepare(&mut self) -> Result<Duration> {
        let began = Instant::now();
        self.run("SET maintenance_work_mem = '1GB'").await?;
        self.run("CREATE INDEX IF NOT EXISTS bench_words ON comments USING gin (to_tsvector('simple', text))").await?;
        self.run("CREATE INDEX IF NOT EXISTS bench_at ON contacts (at)").await?;
        self.run("VACUUM ANALYZE feedback").await?;
        self.run("VACUUM ANALYZE contacts").await?;
        self.run("VACUUM ANALYZE ratings").await?;
        self.run("VACUUM ANALYZE comments").await?;
        Ok(began.elapsed())
    }

    /// Bytes of all tables and indexes of a schema.
    pub(crate) async fn size(&mut self, schema: &str) -> Result<u64> {
        let sum = format!(
            "SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = '{schema}' AND c.relkind = 'r'"
        );
        Ok(self.number(&sum).await?.unsigned_abs())
    }

    /// Asks a question and tells how long that took, whether it was given up, and the first number
    /// of a count.
    pub(crate) async fn ask(&mut self, ask: &Ask) -> Result<(Duration, bool, Option<i64>)> {
        self.run(&format!("SET statement_timeout = {}", TIMEOUT.as_millis())).await?;
        let began = Instant::now();
        let mut first = None;
        for statement in sql::statements(ask) {
            match self.connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(statement))).await {
                Ok(rows) => {
                    if let Some(row) = rows.first() {
                        first = first.or_else(|| row.try_get::<i64, _>("n").ok());
                    }
                }
                Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("57014") => {
                    return Ok((TIMEOUT, true, None));
                }
                Err(e) => return Err(e).context("A question in SQL failed."),
            }
        }
        Ok((began.elapsed(), false, first))
    }
}

#[derive(Clone, Copy)]
enum Table {
    Service = 1,
    Touchpoint,
    Contact,
    Feedback,
    Comment,
}

/// Ids that grow like those of version 7 do, so that they lie in order on the disk.
fn id(table: Table, n: u64) -> Uuid {
    Uuid::from_u64_pair(0x0195_0000_0000_7000 | ((table as u64) << 16), 0x8000_0000_0000_0000 | n)
}

fn touchpoint_id(service: usize, touchpoint: usize) -> Uuid {
    id(Table::Touchpoint, (service * TOUCHPOINTS.len() + touchpoint) as u64)
}

/// What goes into each table, in the text form of COPY.
#[derive(Default)]
struct Lines {
    contacts: String,
    feedback: String,
    ratings: String,
    comments: String,
}

impl Lines {
    fn of(rows: &[Row]) -> Self {
        let mut lines = Self::default();
        for row in rows {
            // Writing into a String can't fail.
            let _ = lines.add(row);
        }
        lines
    }

    fn add(&mut self, row: &Row) -> std::fmt::Result {
        let n = row.number;
        let (contact, feedback, comment) = (id(Table::Contact, n), id(Table::Feedback, n), id(Table::Comment, n));
        let at = row.at.timestamp_micros();
        let (service, touchpoint) =
            (id(Table::Service, row.service as u64), touchpoint_id(row.service, row.touchpoint));
        let channel = CHANNELS[row.channel].0;
        writeln!(self.contacts, "{contact}\t{at}\t{channel}\tin\tserve\tcustomer\t{service}\t{touchpoint}")?;
        let null = || "\\N".to_owned();
        let device = row.device.map_or_else(null, |d| DEVICES[d].0.to_owned());
        let page = row.page.map_or_else(null, data::page);
        let attributes = row.age_band.map_or_else(null, |a| format!("{{\"age_band\": \"{}\"}}", AGE_BANDS[a].0));
        let area = data::area(row.area);
        writeln!(
            self.feedback,
            "{feedback}\t{contact}\t{at}\ten\tf\t{device}\t{page}\t{area}\t{attributes}\tbenchmark\t\\\\x{n:032x}"
        )?;
        writeln!(self.ratings, "{feedback}\t0\toverall\t{}\t1\t5", row.rating)?;
        let text = row.comment.replace('\\', "\\\\").replace('\t', " ");
        writeln!(self.comments, "{feedback}\t0\t{comment}\t{text}")
    }
}
