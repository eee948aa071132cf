//! Operational SQL: entities, migrations, the writer, repositories. The only crate that knows SeaORM and sqlx.
