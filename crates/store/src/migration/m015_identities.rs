//! As whom users are known to a sign-in service of the body's own.

use sea_orm_migration::prelude::*;

use super::build::{Types, reference, unique};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m015_identities"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let columns = vec![t.text("issuer"), t.text("subject"), t.id("user_id")];
        let identities = t
            .table("identities", columns, &["issuer", "subject"])
            .foreign_key(&mut reference(("identities", "user_id"), ("users", "id"), ForeignKeyAction::Cascade))
            .take();
        manager.create_table(identities).await?;
        // One service knows a user as one only: an address that went to another person there opens nobody's account.
        manager.create_index(unique("identities", &["issuer", "user_id"])).await
    }
}
