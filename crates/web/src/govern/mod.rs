//! Who may do what, how the installation is set up, and what was done: signing in, users, keys,
//! settings, retention, audit, jobs.

pub(crate) mod audit;
pub(crate) mod branding;
pub(crate) mod carry;
pub(crate) mod jobs;
pub(crate) mod keys;
pub(crate) mod me;
pub(crate) mod retention;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod users;
pub(crate) mod welcome;

use axum::routing::{get, post};

use crate::http::routes::Route;

/// Every page and form of the console that belongs here; the test of permissions visits each one.
pub const ROUTES: &[Route] = &[
    Route::get("/sign-in", || get(sign_in::form)),
    Route::post("/sign-in", || post(sign_in::sign_in)),
    Route::post("/sign-out", || post(sign_in::sign_out)),
    Route::get("/welcome", || get(welcome::show)),
    Route::post("/welcome", || post(welcome::save)),
    Route::get("/welcome/{token}", || get(welcome::first)),
    Route::post("/welcome/{token}", || post(welcome::become_first)),
    Route::get("/me", || get(me::form)),
    Route::post("/me", || post(me::save)),
    Route::post("/me/password", || post(me::change_password)),
    Route::get("/shortcuts", || get(me::shortcuts)),
    Route::get("/settings", || get(settings::form)),
    Route::post("/settings", || post(settings::save)),
    Route::get("/settings/look", || get(branding::form)),
    Route::post("/settings/look", || post(branding::save)),
    Route::get("/settings/look/preview.css", || get(branding::preview)),
    Route::get("/settings/users", || get(users::list)),
    Route::post("/settings/users", || post(users::add)),
    Route::post("/settings/users/{id}/role", || post(users::set_role)),
    Route::post("/settings/users/{id}/disabled", || post(users::set_disabled)),
    Route::post("/settings/users/{id}/password", || post(users::set_password)),
    Route::get("/settings/keys", || get(keys::list)),
    Route::post("/settings/keys", || post(keys::add)),
    Route::post("/settings/keys/{id}/revoke", || post(keys::revoke)),
    Route::get("/settings/retention", || get(retention::form)),
    Route::post("/settings/retention", || post(retention::save)),
    Route::get("/settings/audit", || get(audit::list)),
    Route::get("/jobs", || get(jobs::list)),
    Route::post("/jobs/{id}/retry", || post(jobs::retry)),
];
