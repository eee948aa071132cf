//! Web hooks, and each event on its way to one.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null, reference, unique};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m010_hooks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let hooks = t.table(
            "hooks",
            vec![
                t.id("id"),
                t.text("name"),
                t.text("address"),
                t.json("kinds"),
                // As they were shown: whoever signs has to know them.
                t.text("secret"),
                null(t.text("old_secret")),
                null(t.instant("old_until")),
                t.flag("enabled"),
                null(t.instant("gone_at")),
                t.instant("created_at"),
            ],
            &["id"],
        );
        manager.create_table(hooks).await?;
        let deliveries = t
            .table(
                "hook_deliveries",
                vec![
                    t.id("id"),
                    t.id("hook_id"),
                    // The number of the event; its transaction means nothing in a copy of the database.
                    t.int("event"),
                    t.text("kind"),
                    // Kept, and not made anew from the event: a repeat is the same to the byte, and events are
                    // forgotten sooner than a hook that was turned off.
                    t.text("body"),
                    t.int("attempts"),
                    t.text("state"),
                    t.instant("next_at"),
                    null(t.text("sender")),
                    t.instant("created_at"),
                    null(t.instant("last_at")),
                    null(t.int("last_status")),
                    null(t.text("last_answer")),
                ],
                &["id"],
            )
            .foreign_key(&mut reference(("hook_deliveries", "hook_id"), ("hooks", "id"), ForeignKeyAction::Cascade))
            .take();
        manager.create_table(deliveries).await?;
        // An event goes to a hook once, also when two servers follow the feed.
        manager.create_index(unique("hook_deliveries", &["hook_id", "event"])).await?;
        manager.create_index(index("hook_deliveries", &["hook_id", "state", "next_at"])).await?;
        // For forgetting what is old.
        manager.create_index(index("hook_deliveries", &["created_at"])).await
    }
}
