//! The schema as it came to be. Forward only: what has been released is never edited, only followed
//! by another migration. One set for both engines; what differs (names of types, storage options)
//! is in [`build`].

mod build;
mod m001_spine;
mod m002_reading_engine;
mod m003_forms;
mod m004_alerts;
mod m005_corrections;
mod m006_entry;
mod m007_work;
mod m008_contacts;
mod m009_duties;
mod m010_hooks;
mod m011_readers;
mod m012_sign_in;
mod m013_raw;
mod m014_import_files;
mod m015_identities;
mod m016_passkeys;
mod m017_form_pace;
mod m018_people;
mod m019_preferences;
mod m020_erasure;
mod m021_audiences;
mod m022_people_imports;
mod m023_deliveries;
mod m024_ways;
mod m025_returned;
mod m026_messages_api;
mod m028_messages;
mod m029_approval;
#[cfg(test)]
mod testing;

use sea_orm_migration::prelude::*;

/// All migrations, oldest first.
pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m001_spine::Migration),
            Box::new(m002_reading_engine::Migration),
            Box::new(m003_forms::Migration),
            Box::new(m004_alerts::Migration),
            Box::new(m005_corrections::Migration),
            Box::new(m006_entry::Migration),
            Box::new(m007_work::Migration),
            Box::new(m008_contacts::Migration),
            Box::new(m009_duties::Migration),
            Box::new(m010_hooks::Migration),
            Box::new(m011_readers::Migration),
            Box::new(m012_sign_in::Migration),
            Box::new(m013_raw::Migration),
            Box::new(m014_import_files::Migration),
            Box::new(m015_identities::Migration),
            Box::new(m016_passkeys::Migration),
            Box::new(m017_form_pace::Migration),
            Box::new(m018_people::Migration),
            Box::new(m019_preferences::Migration),
            Box::new(m020_erasure::Migration),
            Box::new(m021_audiences::Migration),
            Box::new(m022_people_imports::Migration),
            Box::new(m023_deliveries::Migration),
            Box::new(m024_ways::Migration),
            Box::new(m025_returned::Migration),
            Box::new(m026_messages_api::Migration),
            Box::new(m028_messages::Migration),
            Box::new(m029_approval::Migration),
        ]
    }
}
