//! Databases as earlier versions left them.

use sea_orm_migration::prelude::*;
use uuid::Uuid;

use super::Migrator;
use crate::{Engine, OpenOptions, Store};

/// A new database with the migrations before this one.
pub(super) async fn before(url: &str, migration: &str) -> Store {
    let store = unmigrated(url).await;
    let all = Migrator::migrations();
    let before = all.iter().position(|m| m.name() == migration).expect("it is one of them");
    Migrator::up(&store.inner.write, Some(before.try_into().expect("few"))).await.expect("migrates");
    store
}

async fn unmigrated(url: &str) -> Store {
    Store::open(url, OpenOptions { migrate: false, ..OpenOptions::default() }).await.expect("opens")
}

/// The address of an empty schema.
pub(super) async fn empty_postgres() -> String {
    let url = commonweal_testkit::databases::postgres_url();
    // Only a store that migrates makes its schema.
    Store::open(&url, OpenOptions::default()).await.expect("made").close().await.expect("closed");
    let store = unmigrated(&url).await;
    let empty = "DO $$ DECLARE s text := current_schema(); BEGIN
                 EXECUTE format('DROP SCHEMA %I CASCADE', s); EXECUTE format('CREATE SCHEMA %I', s); END $$";
    store.inner.write.execute_unprepared(empty).await.expect("emptied");
    store.close().await.expect("closed");
    url
}

/// An id as the engine's SQL writes it.
pub(super) fn literal(store: &Store, id: Uuid) -> String {
    match store.engine() {
        Engine::Sqlite => format!("x'{}'", id.simple()),
        Engine::Postgres => format!("'{id}'::uuid"),
    }
}
