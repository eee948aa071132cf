//! Entry: who keyed in what came by phone, letter, on paper or in person.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, reference};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m006_entry"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let entries = t
            .table("entries", vec![t.id("feedback_id"), t.id("user_id"), t.instant("keyed_at")], &["feedback_id"])
            .foreign_key(&mut reference(("entries", "feedback_id"), ("feedback", "id"), ForeignKeyAction::Cascade))
            .foreign_key(&mut reference(("entries", "user_id"), ("users", "id"), ForeignKeyAction::NoAction))
            .take();
        manager.create_table(entries).await?;
        // "What did I key in today?"
        manager.create_index(index("entries", &["user_id", "keyed_at"])).await
    }
}
