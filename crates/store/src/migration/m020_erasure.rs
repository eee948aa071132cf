//! Erasing people: what is told of a record beside its source's words, hashes of handles that were erased, and what was
//! erased.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null, reference};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m020_erasure"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        // When the source last told of somebody, also the very same: by it a person is known to be told of still.
        let told = Table::alter().table("records").add_column(null(t.instant("told_at"))).take();
        manager.alter_table(told).await?;
        let columns = vec![
            t.id("record_id"),
            t.text("mark"),
            t.text("about"),
            t.instant("at"),
            t.text("actor"),
            null(t.text("day")),
            null(t.text("note")),
        ];
        let marks = t
            .table("record_marks", columns, &["record_id", "mark", "about"])
            .foreign_key(&mut reference(("record_marks", "record_id"), ("records", "id"), ForeignKeyAction::Cascade))
            .take();
        manager.create_table(marks).await?;
        manager.create_index(index("record_marks", &["mark"])).await?;
        let columns = vec![t.bytes("hash"), t.text("kind"), t.instant("at")];
        manager.create_table(t.table("erased_handles", columns, &["hash"])).await?;
        // That somebody was erased, and no more of them than the id.
        let columns = vec![
            t.id("person_id"),
            t.instant("at"),
            t.text("actor"),
            t.text("reason"),
            t.text("extent"),
            null(t.instant("finished_at")),
        ];
        manager.create_table(t.table("erasures", columns, &["person_id"])).await
    }
}
