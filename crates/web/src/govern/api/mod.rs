//! What administration there is over the API.

pub(crate) mod teams;
