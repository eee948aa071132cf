//! The store on both engines.

mod backup;
mod contacts;
mod copy;
mod corrections;
mod data;
mod deliveries;
mod entries;
mod erasure;
mod feed;
mod filtered;
mod forms;
mod govern;
mod imports;
mod intake;
mod jobs;
mod load;
mod pages;
mod people;
mod preferences;
mod reading;
mod schema;
mod services;
mod understand;
mod work;
