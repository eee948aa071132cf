//! The server as browsers and programs see it, on both engines: a real store, a real index, the real
//! router; only the network is left out.

mod access;
mod assets;
mod carried;
mod entry;
mod exports;
mod findings;
mod intake;
mod lists;
mod logs;
mod pages;
mod problems;
mod questions;
mod safety;
mod sessions;
mod settings_pages;
mod support;
mod understanding;
mod welcome;
