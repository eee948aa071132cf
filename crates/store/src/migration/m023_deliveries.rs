//! Deliveries: ways out, messages in versions, sends to many people, each message to one of them, and handles to which
//! nothing is sent.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null, reference, unique};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m023_deliveries"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        messages(manager, t).await?;
        dispatches(manager, t).await?;
        deliveries(manager, t).await?;
        // By the keyed hash of a handle, so that it holds whoever tells of it, and when its holder was erased.
        let columns = vec![
            t.bytes("handle_hash"),
            t.text("kind"),
            t.text("reason"),
            t.instant("at"),
            null(t.instant("expires_at")),
            null(t.id("delivery_id")),
        ];
        manager.create_table(t.table("suppressions", columns, &["handle_hash"])).await
    }
}

async fn messages(manager: &SchemaManager<'_>, t: Types) -> Result<(), DbErr> {
    let columns = vec![
        t.id("id"),
        t.text("name"),
        t.json("setup"),
        null(t.bytes("secret")),
        t.int("version"),
        t.instant("made_at"),
        t.instant("changed_at"),
    ];
    manager.create_table(t.table("senders", columns, &["id"])).await?;
    manager.create_index(unique("senders", &["name"])).await?;
    let columns = vec![
        t.id("id"),
        t.text("name"),
        null(t.id("team_id")),
        t.int("version"),
        t.text("made_by"),
        t.instant("made_at"),
    ];
    let messages = t
        .table("messages", columns, &["id"])
        .foreign_key(&mut reference(("messages", "team_id"), ("teams", "id"), ForeignKeyAction::SetNull))
        .take();
    manager.create_table(messages).await?;
    let columns = vec![
        t.id("id"),
        t.id("message_id"),
        t.int("version"),
        t.json("texts"),
        t.text("made_by"),
        t.instant("made_at"),
    ];
    let versions = t
        .table("message_versions", columns, &["id"])
        .foreign_key(&mut reference(("message_versions", "message_id"), ("messages", "id"), ForeignKeyAction::NoAction))
        .take();
    manager.create_table(versions).await?;
    manager.create_index(unique("message_versions", &["message_id", "version"])).await
}

fn of_sender(table: &'static str) -> ForeignKeyCreateStatement {
    reference((table, "sender_id"), ("senders", "id"), ForeignKeyAction::NoAction)
}

fn of_version(table: &'static str) -> ForeignKeyCreateStatement {
    reference((table, "version_id"), ("message_versions", "id"), ForeignKeyAction::NoAction)
}

async fn dispatches(manager: &SchemaManager<'_>, t: Types) -> Result<(), DbErr> {
    let columns = vec![
        t.id("id"),
        t.text("name"),
        t.id("version_id"),
        t.text("lane"),
        null(t.text("topic")),
        t.text("function"),
        t.text("channel"),
        t.id("sender_id"),
        null(t.json("audience")),
        null(t.id("team_id")),
        t.text("state"),
        t.int("planned"),
        null(t.id("planned_through")),
        t.instant("starts_at"),
        t.instant("ends_at"),
        t.text("made_by"),
        t.instant("made_at"),
        null(t.instant("ended_at")),
    ];
    let dispatches = t
        .table("dispatches", columns, &["id"])
        .foreign_key(&mut of_version("dispatches"))
        .foreign_key(&mut of_sender("dispatches"))
        .foreign_key(&mut reference(("dispatches", "team_id"), ("teams", "id"), ForeignKeyAction::SetNull))
        .take();
    manager.create_table(dispatches).await?;
    manager.create_index(index("dispatches", &["state"])).await
}

async fn deliveries(manager: &SchemaManager<'_>, t: Types) -> Result<(), DbErr> {
    // Who it is for is told by a record, and where it goes is looked up when it goes: no address stands here. What became of
    // it stays when its person is erased, or the sum of a send would not be true any more.
    let columns = vec![
        t.id("id"),
        null(t.id("dispatch_id")),
        null(t.id("record_id")),
        t.id("version_id"),
        null(t.text("topic")),
        t.text("lane"),
        t.text("function"),
        t.text("channel"),
        t.id("sender_id"),
        t.flag("requested"),
        t.text("state"),
        null(t.text("reason")),
        t.instant("due_at"),
        t.instant("ends_at"),
        t.int("attempts"),
        null(t.text("worker")),
        null(t.instant("lease_until")),
        null(t.instant("sent_at")),
        t.instant("changed_at"),
        null(t.text("answer")),
        null(t.bytes("handle_hash")),
        t.int("cost"),
    ];
    let deliveries = t
        .table("deliveries", columns, &["id"])
        .foreign_key(&mut reference(("deliveries", "dispatch_id"), ("dispatches", "id"), ForeignKeyAction::NoAction))
        .foreign_key(&mut reference(("deliveries", "record_id"), ("records", "id"), ForeignKeyAction::SetNull))
        .foreign_key(&mut of_version("deliveries"))
        .foreign_key(&mut of_sender("deliveries"))
        .take();
    manager.create_table(deliveries).await?;
    let planned = || Expr::col("state").eq("planned");
    let of_a_send = index("deliveries", &["dispatch_id", "due_at", "id"])
        .and_where(planned().and(Expr::col("dispatch_id").is_not_null()))
        .take();
    manager.create_index(of_a_send).await?;
    let single = index("deliveries", &["sender_id", "due_at", "id"])
        .and_where(planned().and(Expr::col("dispatch_id").is_null()))
        .take();
    manager.create_index(single).await?;
    let held = index("deliveries", &["lease_until"]).and_where(Expr::col("lease_until").is_not_null()).take();
    manager.create_index(held).await?;
    manager.create_index(index("deliveries", &["dispatch_id", "state", "reason"])).await?;
    manager.create_index(index("deliveries", &["record_id"])).await?;
    // How many a sender sent within a day.
    let sent = index("deliveries", &["sender_id", "sent_at"]).and_where(Expr::col("sent_at").is_not_null()).take();
    manager.create_index(sent).await?;
    // What a message says of one person, where it was told with it.
    let columns = vec![t.id("delivery_id"), t.id("record_id"), t.json("values")];
    let values = t
        .table("delivery_values", columns, &["delivery_id"])
        .foreign_key(&mut reference(
            ("delivery_values", "delivery_id"),
            ("deliveries", "id"),
            ForeignKeyAction::Cascade,
        ))
        .foreign_key(&mut reference(("delivery_values", "record_id"), ("records", "id"), ForeignKeyAction::Cascade))
        .take();
    manager.create_table(values).await?;
    manager.create_index(index("delivery_values", &["record_id"])).await
}
