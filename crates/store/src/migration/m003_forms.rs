//! Public forms, and the addresses of people who asked to hear back.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null, reference, unique};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m003_forms"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let forms = vec![
            t.id("id"),
            t.text("key"),
            t.int("version"),
            t.flag("open"),
            t.json("design"),
            t.instant("created_at"),
        ];
        manager.create_table(t.table("forms", forms, &["id"])).await?;
        manager.create_index(unique("forms", &["key"])).await?;
        let requests = vec![
            t.id("feedback_id"),
            t.id("form_id"),
            t.text("address"),
            t.text("words"),
            t.text("language"),
            t.instant("at"),
            null(t.instant("done_at")),
        ];
        let table = t
            .table("reply_requests", requests, &["feedback_id"])
            .foreign_key(&mut reference(
                ("reply_requests", "feedback_id"),
                ("feedback", "id"),
                ForeignKeyAction::Cascade,
            ))
            .foreign_key(&mut reference(("reply_requests", "form_id"), ("forms", "id"), ForeignKeyAction::Cascade))
            .take();
        manager.create_table(table).await?;
        manager.create_index(index("reply_requests", &["form_id", "at"])).await
    }
}
