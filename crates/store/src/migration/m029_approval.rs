//! Large sends: what a second person said of them, how they begin, and why one stopped by itself.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null, reference};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m029_approval"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let columns = [
            t.flag("drop_held").default(false).take(),
            null(t.int("ramp_left")),
            null(t.instant("ramp_until")),
            null(t.json("problem")),
            null(t.json("accepted")),
        ];
        for mut column in columns {
            let add = Table::alter().table("dispatches").add_column(&mut column).take();
            manager.alter_table(add).await?;
        }
        let columns = vec![
            t.id("id"),
            t.id("dispatch_id"),
            t.id("version_id"),
            t.text("verdict"),
            t.text("by"),
            t.instant("at"),
            t.text("note"),
        ];
        let refer = |column, to| reference(("approvals", column), (to, "id"), ForeignKeyAction::NoAction);
        let approvals = t
            .table("approvals", columns, &["id"])
            .foreign_key(&mut refer("dispatch_id", "dispatches"))
            .foreign_key(&mut refer("version_id", "message_versions"))
            .take();
        manager.create_table(approvals).await?;
        manager.create_index(index("approvals", &["dispatch_id"])).await
    }
}
