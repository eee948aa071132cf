//! The program as people run it: as a process, with its folder, over HTTP, and killed.

mod crash;
mod full_disk;
mod hooks;
mod journeys;
mod messages;
mod reading;
mod stopping;
mod support;
mod understanding;
