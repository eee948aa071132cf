//! Imports of people: files, how far they were read, rows that were sent back, and which records each made, so that it
//! can be undone.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null, reference};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m022_people_imports"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let columns = vec![
            t.id("id"),
            t.text("source"),
            t.text("file_name"),
            t.text("file_hash"),
            t.int("file_bytes"),
            t.json("mapping"),
            null(t.json("headings")),
            t.text("state"),
            t.int("rows"),
            t.int("added"),
            t.int("updated"),
            t.int("unchanged"),
            t.int("silent"),
            t.int("rejected"),
            t.int("partial"),
            t.int("kept"),
            t.int("through_row"),
            t.int("through_byte"),
            null(t.text("problem")),
            t.text("actor"),
            t.instant("created_at"),
            null(t.instant("started_at")),
            null(t.instant("ended_at")),
        ];
        manager.create_table(t.table("people_imports", columns, &["id"])).await?;
        manager.create_index(index("people_imports", &["file_hash"])).await?;
        let of_import = |table| reference((table, "import_id"), ("people_imports", "id"), ForeignKeyAction::Cascade);
        let columns = vec![t.id("import_id"), t.int("piece"), t.bytes("body")];
        let files = t
            .table("people_import_files", columns, &["import_id", "piece"])
            .foreign_key(&mut of_import("people_import_files"))
            .take();
        manager.create_table(files).await?;
        let columns = vec![
            t.id("import_id"),
            t.int("row_number"),
            null(t.text("heading")),
            t.text("reason"),
            t.json("cells"),
            t.flag("taken"),
        ];
        let rejected = t
            .table("people_import_rejected", columns, &["import_id", "row_number"])
            .foreign_key(&mut of_import("people_import_rejected"))
            .take();
        manager.create_table(rejected).await?;
        // A record that goes, for whatever reason, is not one that an undo has to look for.
        let columns = vec![t.id("import_id"), t.int("row_number"), t.id("record_id"), null(t.text("kept"))];
        let mut record =
            reference(("people_import_records", "record_id"), ("records", "id"), ForeignKeyAction::Cascade);
        let records = t
            .table("people_import_records", columns, &["import_id", "row_number"])
            .foreign_key(&mut of_import("people_import_records"))
            .foreign_key(&mut record)
            .take();
        manager.create_table(records).await?;
        manager.create_index(index("people_import_records", &["record_id"])).await
    }
}
