//! What people see and change themselves of what is kept of them, in English and Welsh and without a script. They come by a
//! link for a handle; a cookie lasts as long as their visit.

mod change;
mod frame;
mod held;
mod start;

use axum::routing::{get, post};

use crate::http::routes::Route;

/// Every page and form; the test of permissions visits each one.
pub(crate) const ROUTES: &[Route] = &[
    Route::get("/preferences/{preference_token}", || get(start::show)),
    Route::post("/preferences/{preference_token}", || post(start::prove)).sends("act=mine"),
    Route::get("/preferences/{preference_token}/topics", || get(change::topics)),
    Route::post("/preferences/{preference_token}/topics", || post(change::tick)),
    Route::get("/preferences/{preference_token}/writing", || get(change::writing)),
    Route::post("/preferences/{preference_token}/writing", || post(change::wish)),
    Route::post("/preferences/{preference_token}/stop", || post(change::stop)),
    Route::post("/preferences/{preference_token}/not-mine", || post(change::disown)),
    Route::post("/preferences/{preference_token}/leave", || post(start::leave)),
    Route::get("/preferences/{preference_token}/held", || get(held::show)),
    Route::get("/preferences/{preference_token}/copy.json", || get(held::copy)),
    Route::post("/preferences/{preference_token}/ask", || post(held::ask)).sends("kind=download"),
];
