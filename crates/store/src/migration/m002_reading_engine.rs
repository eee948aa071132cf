//! The reading engine: how themes are recognised, models that a body trained, discoveries of themes.

use sea_orm_migration::prelude::*;

use super::build::{Types, null};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m002_reading_engine"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        for column in [null(t.text("description")), null(t.json("rule"))] {
            let mut add = column;
            manager.alter_table(Table::alter().table("themes").add_column(&mut add).take()).await?;
        }
        let models = vec![t.text("name"), t.bytes("body"), t.json("about"), t.instant("at")];
        manager.create_table(t.table("models", models, &["name"])).await?;
        let discoveries = vec![t.id("id"), t.text("name"), t.json("body"), t.text("actor"), t.instant("at")];
        manager.create_table(t.table("discoveries", discoveries, &["id"])).await
    }
}
