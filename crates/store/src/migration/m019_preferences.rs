//! What people agreed to and want, what is held back, and how they see and change it themselves.
//!
//! All of it is kept of a record, never of a person, so that nothing is moved by a merge or a split.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null, reference, unique};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m019_preferences"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        agreements(manager, t).await?;
        holds(manager, t).await?;
        own_hand(manager, t).await
    }
}

fn of_record(table: &'static str) -> ForeignKeyCreateStatement {
    reference((table, "record_id"), ("records", "id"), ForeignKeyAction::Cascade)
}

async fn agreements(manager: &SchemaManager<'_>, t: Types) -> Result<(), DbErr> {
    let columns = vec![
        t.text("key"),
        t.text("name"),
        t.text("description"),
        t.text("name_cy"),
        t.text("description_cy"),
        t.text("lane"),
        t.flag("open"),
        t.int("version"),
    ];
    manager.create_table(t.table("topics", columns, &["key"])).await?;
    // Entries that are never changed: who agreed to what, when, to which words.
    let columns = vec![
        t.id("id"),
        t.id("record_id"),
        t.text("topic"),
        t.text("channel"),
        t.flag("agreed"),
        t.instant("at"),
        t.text("told_by"),
        t.text("how"),
        t.text("wording"),
        t.int("version"),
    ];
    let consents = t
        .table("consents", columns, &["id"])
        .foreign_key(&mut of_record("consents"))
        .foreign_key(&mut reference(("consents", "topic"), ("topics", "key"), ForeignKeyAction::NoAction))
        .take();
    manager.create_table(consents).await?;
    manager.create_index(index("consents", &["record_id"])).await?;
    manager.create_index(index("consents", &["topic", "channel"])).await?;
    let columns = vec![t.id("id"), t.id("record_id"), t.json("wish"), t.instant("at"), t.text("told_by")];
    let wishes = t.table("wishes", columns, &["id"]).foreign_key(&mut of_record("wishes")).take();
    manager.create_table(wishes).await?;
    manager.create_index(index("wishes", &["record_id"])).await?;
    // What was said of a handle. Which one it is, is told by its place in the record: what it says stands there alone.
    let columns =
        vec![t.id("id"), t.id("record_id"), t.int("position"), t.text("state"), t.instant("at"), t.text("told_by")];
    let states = t.table("handle_states", columns, &["id"]).foreign_key(&mut of_record("handle_states")).take();
    manager.create_table(states).await?;
    manager.create_index(index("handle_states", &["record_id"])).await
}

async fn holds(manager: &SchemaManager<'_>, t: Types) -> Result<(), DbErr> {
    let columns = vec![
        t.id("id"),
        t.id("record_id"),
        t.text("lanes"),
        t.text("reason"),
        t.text("note"),
        t.instant("begins"),
        null(t.instant("ends")),
        t.id("owner_id"),
        t.text("made_by"),
        t.instant("made_at"),
        null(t.text("ended_by")),
        null(t.instant("ended_at")),
    ];
    let holds = t
        .table("holds", columns, &["id"])
        .foreign_key(&mut of_record("holds"))
        .foreign_key(&mut reference(("holds", "owner_id"), ("users", "id"), ForeignKeyAction::NoAction))
        .take();
    manager.create_table(holds).await?;
    manager.create_index(index("holds", &["record_id"])).await?;
    manager.create_index(index("holds", &["owner_id"])).await?;
    let running = index("holds", &["ends"]).and_where(Expr::col("ended_at").is_null()).take();
    manager.create_index(running).await
}

async fn own_hand(manager: &SchemaManager<'_>, t: Types) -> Result<(), DbErr> {
    // One link for a handle: another one takes its place. Of its token only the hash is kept.
    let columns = vec![
        t.id("record_id"),
        t.int("position"),
        t.bytes("token_hash"),
        t.instant("made_at"),
        t.text("made_by"),
        t.instant("expires_at"),
        null(t.instant("proved_at")),
    ];
    let links = t
        .table("preference_links", columns, &["record_id", "position"])
        .foreign_key(&mut of_record("preference_links"))
        .take();
    manager.create_table(links).await?;
    manager.create_index(unique("preference_links", &["token_hash"])).await?;
    let columns = vec![
        t.id("id"),
        t.id("record_id"),
        t.text("kind"),
        t.text("note"),
        t.instant("at"),
        t.text("told_by"),
        t.text("state"),
        t.text("answer"),
        null(t.text("decided_by")),
        null(t.instant("decided_at")),
    ];
    let requests = t.table("person_requests", columns, &["id"]).foreign_key(&mut of_record("person_requests")).take();
    manager.create_table(requests).await?;
    manager.create_index(index("person_requests", &["record_id"])).await?;
    let open = index("person_requests", &["at"]).and_where(Expr::col("decided_at").is_null()).take();
    manager.create_index(open).await
}
