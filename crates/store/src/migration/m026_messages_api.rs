//! Single messages as other systems hand them in: what each calls its own, texts that are sent along and kept once, and secrets
//! of keys for client libraries of GOV.UK Notify.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null, reference};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m026_messages_api"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        // Beside the deliveries: those of sends, which are by far the most, have none of it.
        let columns = vec![t.id("delivery_id"), t.text("asked_by"), null(t.plain_text("reference"))];
        let asked = t
            .table("asked_deliveries", columns, &["delivery_id"])
            .foreign_key(&mut reference(
                ("asked_deliveries", "delivery_id"),
                ("deliveries", "id"),
                ForeignKeyAction::Cascade,
            ))
            .take();
        manager.create_table(asked).await?;
        manager.create_index(index("asked_deliveries", &["asked_by", "delivery_id"])).await?;
        let by_reference = index("asked_deliveries", &["reference", "delivery_id"])
            .and_where(Expr::col("reference").is_not_null())
            .take();
        manager.create_index(by_reference).await?;
        // By the hash of the texts: the same ones are one message, however often they are sent along.
        let inline = t
            .table("inline_messages", vec![t.bytes("hash"), t.id("version_id"), t.id("message_id")], &["hash"])
            .foreign_key(&mut reference(
                ("inline_messages", "version_id"),
                ("message_versions", "id"),
                ForeignKeyAction::Cascade,
            ))
            .foreign_key(&mut reference(
                ("inline_messages", "message_id"),
                ("messages", "id"),
                ForeignKeyAction::Cascade,
            ))
            .take();
        manager.create_table(inline).await?;
        manager.create_index(index("inline_messages", &["message_id"])).await?;
        // Sealed: a signature is verified with the secret itself, so that no hash of it would do.
        let keys = t
            .table("notify_keys", vec![t.id("key_id"), t.text("secret")], &["key_id"])
            .foreign_key(&mut reference(("notify_keys", "key_id"), ("api_keys", "id"), ForeignKeyAction::Cascade))
            .take();
        manager.create_table(keys).await
    }
}
