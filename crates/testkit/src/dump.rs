//! Everything that a database holds, as text: for tests of what must be nowhere in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Executor, Row};

use crate::databases::TestDb;

impl TestDb {
    /// The rows of each table, one a line, all columns as text; bytes as hexadecimal digits.
    pub async fn dump(&self) -> BTreeMap<String, String> {
        if self.url.starts_with("sqlite:") { self.dump_sqlite().await } else { self.dump_postgres().await }
    }

    /// Runs a statement beside the program, as somebody with access to the database could.
    pub async fn meddle(&self, statement: &str) {
        let sql = AssertSqlSafe(statement.to_owned());
        match self.url.strip_prefix("sqlite:") {
            Some(path) => {
                let options = SqliteConnectOptions::new().filename(path).busy_timeout(Duration::from_secs(30));
                let mut c = SqliteConnection::connect_with(&options).await.expect("the file opens");
                c.execute(sql).await.expect("the statement runs");
                c.close().await.expect("closed");
            }
            None => {
                let (server, schema) = self.url.split_once("schema=").expect("a test has a schema of its own");
                let options: PgConnectOptions = server.trim_end_matches(['?', '&']).parse().expect("an address");
                let options = options.options([("search_path", schema)]);
                let mut c = PgConnection::connect_with(&options).await.expect("the server answers");
                c.execute(sql).await.expect("the statement runs");
                c.close().await.expect("closed");
            }
        }
    }

    async fn dump_sqlite(&self) -> BTreeMap<String, String> {
        let path = self.url.trim_start_matches("sqlite:");
        let mut c = SqliteConnection::connect(path).await.expect("the file opens");
        let tables = c
            .fetch_all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            .await
            .expect("a database says what tables it has");
        let mut dump = BTreeMap::new();
        for table in tables.iter().map(|row| row.get::<String, _>(0)) {
            let sql = format!("SELECT name FROM pragma_table_info('{table}')");
            let columns = c.fetch_all(AssertSqlSafe(sql)).await.expect("a table says what columns it has");
            let columns: Vec<String> = columns
                .iter()
                .map(|row| row.get::<String, _>(0))
                .map(|n| format!("CASE typeof(\"{n}\") WHEN 'blob' THEN hex(\"{n}\") ELSE ifnull(\"{n}\", '') END"))
                .collect();
            let sql = format!("SELECT '' || {} FROM \"{table}\"", columns.join(" || '\u{1f}' || "));
            let rows = c.fetch_all(AssertSqlSafe(sql)).await.expect("a table can be read");
            dump.insert(table, rows.iter().map(|row| row.get::<String, _>(0) + "\n").collect());
        }
        dump
    }

    async fn dump_postgres(&self) -> BTreeMap<String, String> {
        let (server, schema) = self.url.split_once("schema=").expect("a test has a schema of its own");
        let mut c = PgConnection::connect(server.trim_end_matches(['?', '&'])).await.expect("the server answers");
        let sql = format!("SELECT tablename::text FROM pg_tables WHERE schemaname = '{schema}'");
        let tables = c.fetch_all(AssertSqlSafe(sql)).await.expect("a database says what tables it has");
        let mut dump = BTreeMap::new();
        for table in tables.iter().map(|row| row.get::<String, _>(0)) {
            let sql = format!("SELECT t::text FROM \"{schema}\".\"{table}\" t");
            let rows = c.fetch_all(AssertSqlSafe(sql)).await.expect("a table can be read");
            dump.insert(table, rows.iter().map(|row| row.get::<String, _>(0) + "\n").collect());
        }
        dump
    }
}

/// The bytes of all files in a folder, as far as they are text.
pub fn files(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).expect("a folder can be listed").flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.push_str(&files(&path));
        } else {
            let bytes = std::fs::read(&path).expect("a file can be read");
            let _ = writeln!(all, "{}: {}", path.display(), String::from_utf8_lossy(&bytes));
        }
    }
    all
}
