//! Tokens of forms that can be replaced, and what each form takes and turns away by day.

use sea_orm_migration::prelude::*;

use super::build::{Types, null, reference};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m017_form_pace"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        // Tokens that are out are of turn 0.
        for mut column in [t.int("token_turn").default(0).take(), null(t.instant("token_old_until"))] {
            manager.alter_table(Table::alter().table("forms").add_column(&mut column).take()).await?;
        }
        let columns = vec![t.id("form_id"), t.int("day"), t.int("taken"), t.int("turned_away")];
        let days = t
            .table("form_days", columns, &["form_id", "day"])
            .foreign_key(&mut reference(("form_days", "form_id"), ("forms", "id"), ForeignKeyAction::Cascade))
            .take();
        manager.create_table(days).await
    }
}
