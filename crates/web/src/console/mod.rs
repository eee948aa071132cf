//! The staff console: server-rendered pages that work without a script.

mod change;
mod format;
mod forms;
mod frame;
mod sign_in;

use axum::Router;
use axum::routing::{get, post};

use crate::WebState;
use crate::config::WebConfig;
use crate::routes::{self, Route};

/// Every page and form of the console; the test of permissions visits each one.
pub const ROUTES: &[Route] = &[
    Route::get("/sign-in", || get(sign_in::form)),
    Route::post("/sign-in", || post(sign_in::sign_in)),
    Route::post("/sign-out", || post(sign_in::sign_out)),
];

/// The console's router.
pub(crate) fn routes(_config: &WebConfig) -> Router<WebState> {
    routes::router(ROUTES)
}
