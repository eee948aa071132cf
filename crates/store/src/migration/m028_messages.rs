//! Lists of what is kept for deliveries: suppressed addresses, the newest first.

use sea_orm_migration::prelude::*;

use super::build::index;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m028_messages"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("suppressions", &["at", "handle_hash"])).await
    }
}
