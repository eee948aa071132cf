//! Ways out over interfaces of others: how far rates are used up, for all servers together; the token with which a service tells
//! what became of messages; and messages found by the id that it gave them.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null, reference};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m024_ways"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let mut column = null(t.bytes("receipts_hash"));
        manager.alter_table(Table::alter().table("senders").add_column(&mut column).take()).await?;
        // No domain: the sender as a whole. Only domains stand here that its settings name.
        let columns = vec![t.id("sender_id"), t.text("domain"), t.instant("used_to"), t.instant("waits_to")];
        let paces = t
            .table("sender_paces", columns, &["sender_id", "domain"])
            .foreign_key(&mut reference(("sender_paces", "sender_id"), ("senders", "id"), ForeignKeyAction::Cascade))
            .take();
        manager.create_table(paces).await?;
        // Mails are found by our own id: their servers' answers need no place here.
        let answered = index("deliveries", &["sender_id", "answer"])
            .and_where(Expr::col("channel").eq("sms").and(Expr::col("answer").is_not_null()))
            .take();
        manager.create_index(answered).await
    }
}
