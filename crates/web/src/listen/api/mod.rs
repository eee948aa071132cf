//! Feedback coming in over the API; services and imports to be read.

pub(crate) mod intake_schema;
pub(crate) mod places;
pub(crate) mod submit;
