//! What each command does.

pub(crate) mod admin;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod deliver;
pub(crate) mod demo;
mod demo_contacts;
mod demo_people;
pub(crate) mod doctor;
pub(crate) mod export;
mod findings;
pub(crate) mod import;
pub(crate) mod index;
pub(crate) mod mail;
pub(crate) mod people;
pub(crate) mod people_audience;
pub(crate) mod people_erasure;
mod people_files;
pub(crate) mod people_import;
pub(crate) mod query;
pub(crate) mod read;
pub(crate) mod returns;
pub(crate) mod secrets;
pub(crate) mod serve;
pub(crate) mod themes;
pub(crate) mod train;
pub(crate) mod understand;
mod understand_changes;
