//! What comes back: mailboxes that are read, and each mail that was, without anything of what it said.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null, reference, unique};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m025_returned"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let columns = vec![
            t.id("id"),
            t.text("name"),
            t.json("setup"),
            null(t.bytes("secret")),
            t.int("version"),
            null(t.int("validity")),
            t.int("last_uid"),
            null(t.instant("checked_at")),
            null(t.text("error")),
            null(t.text("worker")),
            null(t.instant("lease_until")),
            t.instant("made_at"),
            t.instant("changed_at"),
        ];
        manager.create_table(t.table("mailboxes", columns, &["id"])).await?;
        manager.create_index(unique("mailboxes", &["name"])).await?;
        let columns = vec![
            t.id("id"),
            t.bytes("hash"),
            t.instant("at"),
            t.text("kind"),
            t.text("outcome"),
            null(t.id("delivery_id")),
            null(t.id("contact_id")),
            null(t.bytes("handle_hash")),
            null(t.id("mailbox_id")),
            null(t.int("validity")),
            null(t.int("uid")),
            t.flag("filed"),
        ];
        let gone = ForeignKeyAction::SetNull;
        let returned = t
            .table("returned_mails", columns, &["id"])
            .foreign_key(&mut reference(("returned_mails", "delivery_id"), ("deliveries", "id"), gone))
            .foreign_key(&mut reference(("returned_mails", "contact_id"), ("contacts", "id"), gone))
            .foreign_key(&mut reference(("returned_mails", "mailbox_id"), ("mailboxes", "id"), gone))
            .take();
        manager.create_table(returned).await?;
        manager.create_index(unique("returned_mails", &["hash"])).await?;
        // Of those that have one, so that the others have no entry in it.
        for column in ["delivery_id", "contact_id"] {
            let of = index("returned_mails", &[column]).and_where(Expr::col(column).is_not_null()).take();
            manager.create_index(of).await?;
        }
        let counted =
            index("returned_mails", &["handle_hash", "at"]).and_where(Expr::col("handle_hash").is_not_null()).take();
        manager.create_index(counted).await?;
        manager.create_index(index("returned_mails", &["mailbox_id", "filed"])).await
    }
}
