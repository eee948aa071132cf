//! Files that were handed in, in pieces, so that whichever server comes next can read them.

use sea_orm_migration::prelude::*;

use super::build::{Types, reference};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m014_import_files"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let pieces = t
            .table("import_files", vec![t.id("import_id"), t.int("piece"), t.bytes("body")], &["import_id", "piece"])
            .foreign_key(&mut reference(("import_files", "import_id"), ("imports", "id"), ForeignKeyAction::Cascade))
            .take();
        manager.create_table(pieces).await
    }
}
