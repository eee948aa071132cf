//! The program as people run it: as a process, with its folder, over HTTP, and killed.

mod crash;
mod damage;
mod encrypted_backup;
mod faults;
mod full_disk;
mod hooks;
mod journeys;
mod killed_import;
mod mail;
mod messages;
mod own_export;
mod people;
mod power;
mod put_back;
mod reading;
#[cfg(unix)]
mod returns;
mod senders;
mod stopping;
mod support;
mod take_over;
mod understanding;
