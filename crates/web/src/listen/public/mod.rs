//! What the public sees: forms in English and Welsh. No session, no cookie, no script; everything that
//! a page knows stands in its address and its fields.

mod form;
mod frame;
pub(crate) mod questions;
mod view;
pub mod widget;

use axum::Router;
use axum::routing::{get, post};

pub(crate) use frame::spoken;

use crate::http::routes::{self, Route};
use crate::http::state::WebState;

/// Every public page and form; the test of permissions visits each one.
pub const ROUTES: &[Route] = &[
    Route::get("/f/{key}", || get(form::show)),
    Route::post("/f/{key}", || post(form::answer)),
    Route::get("/f/{key}/thanks", || get(form::thanks)),
];

/// The router of public pages.
pub(crate) fn routes() -> Router<WebState> {
    routes::router(ROUTES)
}
