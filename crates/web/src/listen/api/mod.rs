//! Feedback and contacts coming in over the API; services and imports to be read.

pub(crate) mod contacts;
pub(crate) mod intake_schema;
pub(crate) mod places;
pub(crate) mod schema;
pub(crate) mod submit;
