//! Delivering: what whoever got a message finds behind its links, and how other systems hand messages in.

mod api;
mod notify;
mod unsubscribe;

use axum::routing::{get, post};

use crate::http::capability::Capability;
use crate::http::routes::Route;

/// What this capability brings.
pub(crate) const CAPABILITY: Capability =
    Capability { public: PUBLIC, foreign: notify::ROUTES, api: api::operations, ..Capability::NONE };

/// Public pages; the test of permissions visits each one.
const PUBLIC: &[Route] = &[
    Route::get("/unsubscribe/{delivery_token}", || get(unsubscribe::ask)),
    Route::post("/unsubscribe/{delivery_token}", || post(unsubscribe::unsubscribe)).sends("List-Unsubscribe=One-Click"),
];
