//! The index against the definitions in `commonweal-domain`, with real folders.

mod agree;
mod answers;
mod folder;
mod large;
mod lists;
mod model;
