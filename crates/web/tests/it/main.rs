//! The server as browsers and programs see it, on both engines: a real store, a real index, the real
//! router; only the network is left out.

mod access;
mod assets;
mod attacks;
mod branding;
mod carried;
mod contacts;
mod corrections;
mod entry;
mod exports;
mod findings;
mod intake;
mod leftovers;
mod lists;
mod live;
mod logs;
mod outside;
mod pages;
mod passkeys;
mod personal;
mod problems;
mod public;
mod questions;
mod safety;
mod second_step;
mod sessions;
mod settings_pages;
mod small_groups;
mod support;
mod teams;
mod themes;
mod understanding;
mod waits;
mod welcome;
mod welsh;
mod widget;
