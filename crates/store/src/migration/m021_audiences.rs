//! Audiences: rules over people that are kept under a name.

use sea_orm_migration::prelude::*;

use super::build::{Types, null, reference, unique};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m021_audiences"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let columns = vec![
            t.id("id"),
            t.text("name"),
            t.json("rule"),
            null(t.id("team_id")),
            t.text("made_by"),
            t.instant("made_at"),
            t.instant("changed_at"),
            t.int("version"),
        ];
        let audiences = t
            .table("audiences", columns, &["id"])
            .foreign_key(&mut reference(("audiences", "team_id"), ("teams", "id"), ForeignKeyAction::SetNull))
            .take();
        manager.create_table(audiences).await?;
        manager.create_index(unique("audiences", &["name"])).await
    }
}
