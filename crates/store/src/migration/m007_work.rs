//! Work: jobs in lanes with their progress, schedules, the feed of events and those who follow it.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null};
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m007_work"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let columns = [
            t.text("lane").default("quick").take(),
            null(t.json("progress")),
            null(t.json("checkpoint")),
            t.flag("cancel_requested").default(false).take(),
        ];
        for mut column in columns {
            let add = Table::alter().table("jobs").add_column(&mut column).take();
            manager.alter_table(add).await?;
        }
        dialect::put_jobs_into_lanes(manager.get_connection()).await?;
        manager.create_index(index("jobs", &["lane", "state", "run_at"])).await?;
        let schedules = t.table("schedules", vec![t.text("name"), t.instant("next_at")], &["name"]);
        manager.create_table(schedules).await?;
        let events = t.counted(
            "events",
            vec![t.counter("number"), t.int("txn"), t.instant("at"), t.text("kind"), t.text("subject"), t.json("data")],
        );
        manager.create_table(events).await?;
        manager.create_index(index("events", &["txn", "number"])).await?;
        // For forgetting what is old.
        manager.create_index(index("events", &["at"])).await?;
        let followers = t.table("followers", vec![t.text("name"), t.int("txn"), t.int("number")], &["name"]);
        manager.create_table(followers).await
    }
}
