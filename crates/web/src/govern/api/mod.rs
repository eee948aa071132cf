//! What administration there is over the API.

pub(crate) mod audit;
pub(crate) mod teams;
