//! Every correction with who and when; what each user wants the console to be like.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null, reference};
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m005_corrections"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let columns = vec![
            t.id("id"),
            t.id("comment_id"),
            t.id("user_id"),
            t.instant("at"),
            t.text("act"),
            null(t.json("before")),
            t.json("after"),
            null(t.id("batch_id")),
        ];
        let corrections = t
            .table("corrections", columns, &["id"])
            .foreign_key(&mut reference(("corrections", "comment_id"), ("comments", "id"), ForeignKeyAction::Cascade))
            .foreign_key(&mut reference(("corrections", "user_id"), ("users", "id"), ForeignKeyAction::NoAction))
            .take();
        manager.create_table(corrections).await?;
        manager.create_index(index("corrections", &["comment_id"])).await?;
        manager.create_index(index("corrections", &["batch_id"])).await?;
        let preferences = t
            .table("preferences", vec![t.id("user_id"), t.json("body")], &["user_id"])
            .foreign_key(&mut reference(("preferences", "user_id"), ("users", "id"), ForeignKeyAction::Cascade))
            .take();
        manager.create_table(preferences).await?;
        dialect::keep_known_corrections(manager.get_connection()).await
    }
}
