//! Who has looked at an alert, and what they noted.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, reference};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m004_alerts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let columns = vec![t.id("feedback_id"), t.text("actor"), t.text("note"), t.instant("at")];
        let table = t
            .table("alert_looks", columns, &["feedback_id"])
            .foreign_key(&mut reference(("alert_looks", "feedback_id"), ("feedback", "id"), ForeignKeyAction::Cascade))
            .take();
        manager.create_table(table).await?;
        manager.create_index(index("alert_looks", &["at"])).await
    }
}
