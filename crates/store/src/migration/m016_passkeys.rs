//! Passkeys, by which users sign in.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null, reference, unique};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m016_passkeys"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        // Beside the table, because every page asks of its user whether there is any.
        let count = t.int("passkeys").default(0).take();
        manager.alter_table(Table::alter().table("users").add_column(count).take()).await?;
        let columns = vec![
            t.id("id"),
            t.id("user_id"),
            t.text("name"),
            t.bytes("credential"),
            t.text("public_key"),
            t.instant("created_at"),
            null(t.instant("used_at")),
        ];
        let passkeys = t
            .table("passkeys", columns, &["id"])
            .foreign_key(&mut reference(("passkeys", "user_id"), ("users", "id"), ForeignKeyAction::Cascade))
            .take();
        manager.create_table(passkeys).await?;
        manager.create_index(unique("passkeys", &["credential"])).await?;
        manager.create_index(index("passkeys", &["user_id"])).await
    }
}
