//! The floor on which every page stands: the frame around it, forms and their fields, the filter in its
//! address, how numbers, dates and comments are written. Knows no capability.

pub(crate) mod asked;
pub(crate) mod branding;
pub(crate) mod chips;
pub(crate) mod choice;
pub(crate) mod comments;
pub mod components;
pub(crate) mod cursor;
pub(crate) mod empty;
pub(crate) mod error_page;
pub mod filter_url;
pub(crate) mod form;
pub(crate) mod format;
pub(crate) mod frame;
pub(crate) mod navigation;
pub mod page;
pub(crate) mod pager;
pub mod params;
pub(crate) mod periods;
pub(crate) mod public;
pub(crate) mod scope;
pub(crate) mod settled;
pub(crate) mod sources;
pub(crate) mod upload;
pub(crate) mod waits;
