//! What the public sees of forms, in English and Welsh. No session, no cookie, no script; everything that
//! a page knows stands in its address and its fields.

mod form;
pub(crate) mod questions;
mod view;
pub mod widget;

use axum::routing::{get, post};

use crate::http::routes::Route;

/// Every public page and form; the test of permissions visits each one.
pub const ROUTES: &[Route] = &[
    Route::get("/f/{form_key}", || get(form::show)),
    Route::post("/f/{form_key}", || post(form::answer)).sends("token={form_token}&rating=4"),
    Route::get("/f/{form_key}/thanks", || get(form::thanks)),
];
