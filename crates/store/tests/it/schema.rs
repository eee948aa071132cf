//! What the migrations make of both engines.

use std::collections::BTreeMap;
use std::fmt::Write;

use commonweal_testkit::databases::TestDb;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};

/// Tables that belong to the tools, not to us.
fn is_ours(table: &str) -> bool {
    !table.starts_with("sqlite_") && table != "seaql_migrations"
}

/// What a column can hold, as far as both engines can say it.
fn kind(declared: &str) -> &str {
    match declared {
        "BLOB" | "uuid" | "bytea" => "binary",
        "TEXT" | "text" | "jsonb" => "text",
        "INTEGER" | "bigint" | "boolean" => "integer",
        "REAL" | "double precision" => "real",
        other => other,
    }
}

#[derive(Debug, Default)]
struct Described {
    columns: Vec<String>,
    key: Vec<String>,
    references: Vec<String>,
    indexes: Vec<String>,
}

fn print(tables: BTreeMap<String, Described>) -> String {
    let mut out = String::new();
    for (name, mut table) in tables {
        table.references.sort();
        table.indexes.sort();
        writeln!(out, "{name} ({})", table.key.join(", ")).expect("a string takes everything");
        for line in table.columns.into_iter().chain(table.references).chain(table.indexes) {
            writeln!(out, "    {line}").expect("a string takes everything");
        }
    }
    out
}

fn index_line(unique: bool, partial: bool, columns: &[String]) -> String {
    let what = if unique { "unique" } else { "index" };
    format!("{what} ({}){}", columns.join(", "), if partial { " for some rows" } else { "" })
}

async fn sqlite_schema(db: &TestDb) -> String {
    let mut connection = SqliteConnection::connect(&db.url).await.expect("opens");
    let mut rows =
        async |sql: String| sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut connection).await.expect("answered");
    let mut tables = BTreeMap::new();
    for table in rows("SELECT name FROM sqlite_master WHERE type = 'table'".into()).await {
        let name: String = table.get(0);
        if !is_ours(&name) {
            continue;
        }
        let mut described = Described::default();
        let mut key: Vec<(i64, String)> = Vec::new();
        for c in rows(format!("SELECT name, type, \"notnull\", pk FROM pragma_table_info('{name}')")).await {
            let (column, declared, required, place): (String, String, bool, i64) =
                (c.get(0), c.get(1), c.get(2), c.get(3));
            described.columns.push(format!(
                "{column} {}{}",
                kind(&declared),
                if required { "" } else { " or nothing" }
            ));
            if place > 0 {
                key.push((place, column));
            }
        }
        key.sort();
        described.key = key.into_iter().map(|(_, column)| column).collect();
        for r in
            rows(format!("SELECT \"from\", \"table\", \"to\", on_delete FROM pragma_foreign_key_list('{name}')")).await
        {
            let (from, table, to, action): (String, String, String, String) = (r.get(0), r.get(1), r.get(2), r.get(3));
            described.references.push(format!("{from} -> {table}.{to} on delete {}", action.to_lowercase()));
        }
        for i in rows(format!("SELECT name, \"unique\", partial, origin FROM pragma_index_list('{name}')")).await {
            let (index, unique, partial, origin): (String, bool, bool, String) =
                (i.get(0), i.get(1), i.get(2), i.get(3));
            if origin != "pk" {
                let columns = rows(format!("SELECT name FROM pragma_index_info('{index}') ORDER BY seqno")).await;
                let columns: Vec<String> = columns.iter().map(|c| c.get(0)).collect();
                described.indexes.push(index_line(unique, partial, &columns));
            }
        }
        described.columns.sort();
        tables.insert(name, described);
    }
    print(tables)
}

const PG_COLUMNS: &str = "
SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL), a.attnotnull
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped";
const PG_REFERENCES: &str = "
SELECT c.relname::text, a.attname::text, f.relname::text, b.attname::text, k.confdeltype::text
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
WHERE k.contype = 'f' AND c.relnamespace = current_schema()::regnamespace";
const PG_INDEXES: &str = "
SELECT c.relname::text, i.indisprimary, i.indisunique, i.indpred IS NOT NULL,
  (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(i.indkey::int[]) WITH ORDINALITY AS k(number, place)
   JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = current_schema()::regnamespace";

async fn postgres_schema(db: &TestDb) -> String {
    let (server, schema) = db.url.split_once("?schema=").expect("tests have a schema each");
    let mut connection = PgConnection::connect(server).await.expect("the server answers");
    let path = format!("SET search_path = {schema}");
    sqlx::query(AssertSqlSafe(path)).execute(&mut connection).await.expect("the schema is there");
    let mut rows = async |sql: &'static str| sqlx::query(sql).fetch_all(&mut connection).await.expect("answered");
    let mut tables: BTreeMap<String, Described> = BTreeMap::new();
    for c in rows(PG_COLUMNS).await {
        let (table, column, declared, required): (String, String, String, bool) =
            (c.get(0), c.get(1), c.get(2), c.get(3));
        let line = format!("{column} {}{}", kind(&declared), if required { "" } else { " or nothing" });
        tables.entry(table).or_default().columns.push(line);
    }
    for r in rows(PG_REFERENCES).await {
        let (table, from, to_table, to, action): (String, String, String, String, String) =
            (r.get(0), r.get(1), r.get(2), r.get(3), r.get(4));
        let action = match action.as_str() {
            "a" => "no action",
            "c" => "cascade",
            "n" => "set null",
            other => other,
        };
        tables.entry(table).or_default().references.push(format!("{from} -> {to_table}.{to} on delete {action}"));
    }
    for i in rows(PG_INDEXES).await {
        let (table, primary, unique, partial): (String, bool, bool, bool) = (i.get(0), i.get(1), i.get(2), i.get(3));
        let columns: Vec<String> = i.get(4);
        let described = tables.entry(table).or_default();
        if primary {
            described.key = columns;
        } else {
            described.indexes.push(index_line(unique, partial, &columns));
        }
    }
    tables.retain(|name, _| is_ours(name));
    tables.values_mut().for_each(|t| t.columns.sort());
    print(tables)
}

#[tokio::test]
async fn both_engines_end_with_the_same_schema() {
    let sqlite = sqlite_schema(&TestDb::sqlite().await).await;
    let postgres = postgres_schema(&TestDb::postgres().await).await;
    assert_eq!(sqlite, postgres);
    insta::assert_snapshot!(sqlite);
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let (sqlite, postgres) = (TestDb::sqlite().await, TestDb::postgres().await);
    let before = (sqlite_schema(&sqlite).await, postgres_schema(&postgres).await);
    for db in [&sqlite, &postgres] {
        db.store.migrate().await.expect("nothing to do");
        assert!(db.store.pending_migrations().await.expect("known").is_empty());
    }
    assert_eq!((sqlite_schema(&sqlite).await, postgres_schema(&postgres).await), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_start_together_migrate_once() {
    let url = commonweal_testkit::databases::postgres_url();
    let open = || {
        let url = url.clone();
        tokio::spawn(async move { commonweal_store::Store::open(&url, Default::default()).await })
    };
    let (a, b, c) = (open(), open(), open());
    let mut feeds = Vec::new();
    for task in [a, b, c] {
        let store = task.await.expect("no panic").expect("opens");
        feeds.push(store.feed_id().await.expect("named"));
    }
    feeds.dedup();
    assert_eq!(feeds.len(), 1);
}

#[tokio::test]
async fn a_database_that_was_not_migrated_says_what_it_lacks() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("new.db").display());
    let options = commonweal_store::OpenOptions { migrate: false, ..Default::default() };
    let store = commonweal_store::Store::open(&url, options).await.expect("opens");
    // Each migration is a file of its own, so that the files say which there are.
    let folder =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/migration")).expect("the sources are there");
    let name = |file: std::fs::DirEntry| file.path().file_stem().and_then(|n| n.to_str()).map(str::to_owned);
    let mut all: Vec<String> = folder.filter_map(|file| name(file.expect("a file"))).collect();
    all.retain(|name| name.strip_prefix('m').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())));
    all.sort_unstable();
    assert!(all.len() > 8 && all[0] == "m001_spine");
    assert_eq!(store.pending_migrations().await.expect("known"), all);
    store.migrate().await.expect("migrates");
    assert!(store.pending_migrations().await.expect("known").is_empty());
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    for db in [TestDb::sqlite().await, TestDb::postgres().await] {
        let sql = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m999_tomorrow', 0)";
        match db.url.split_once("?schema=") {
            None => {
                let mut connection = SqliteConnection::connect(&db.url).await.expect("opens");
                sqlx::query(sql).execute(&mut connection).await.expect("written");
            }
            Some((server, schema)) => {
                let mut connection = PgConnection::connect(server).await.expect("the server answers");
                let sql = sql.replace("seaql", &format!("{schema}.seaql"));
                sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.expect("written");
            }
        }
        for migrate in [true, false] {
            let options = commonweal_store::OpenOptions { migrate, ..Default::default() };
            let refused = commonweal_store::Store::open(&db.url, options).await.expect_err("it is newer");
            let says = |s: &str| s.contains("newer version") && s.contains("m999_tomorrow");
            assert!(matches!(&refused, commonweal_store::StoreError::Invalid(s) if says(s)), "{refused:?}");
        }
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_with_a_sentence() {
    for url in ["mysql://x", "sqlite:", "sqlite::memory:", "postgres://h/d?schema=No"] {
        let refused = commonweal_store::Store::open(url, Default::default()).await.expect_err("not an address");
        assert!(matches!(&refused, commonweal_store::StoreError::Invalid(s) if s.ends_with('.')), "{url}: {refused:?}");
    }
    let nobody = commonweal_store::Store::open("postgres://u@127.0.0.1:1/d", Default::default()).await;
    assert!(matches!(nobody, Err(commonweal_store::StoreError::Unavailable(_))), "{nobody:?}");
}
