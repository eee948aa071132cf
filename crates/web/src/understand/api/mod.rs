//! Questions, lists, exports, corrections and findings over the API.

pub(crate) mod correct;
pub(crate) mod export;
pub(crate) mod feedback;
pub(crate) mod finding_list;
pub(crate) mod finding_schema;
pub(crate) mod findings;
pub(crate) mod parameters;
pub(crate) mod place_schema;
pub(crate) mod query;
pub(crate) mod schema;
