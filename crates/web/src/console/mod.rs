//! The staff console: server-rendered pages that work without a script.

mod asked;
mod audit;
mod change;
mod chips;
mod comments;
mod entry;
mod explorer;
mod facets;
mod feedback;
pub(crate) mod format;
pub(crate) mod forms;
mod frame;
mod hit;
mod hit_words;
mod imports;
mod jobs;
mod keys;
mod mapping;
mod overview;
mod retention;
mod scope;
mod services;
mod settings;
pub(crate) mod sign_in;
mod trend;
mod upload;
mod users;
mod views;
mod welcome;
mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::WebState;
use crate::config::WebConfig;
use crate::routes::{self, Route};

/// Every page and form of the console; the test of permissions visits each one.
pub const ROUTES: &[Route] = &[
    Route::get("/sign-in", || get(sign_in::form)),
    Route::post("/sign-in", || post(sign_in::sign_in)),
    Route::post("/sign-out", || post(sign_in::sign_out)),
    Route::get("/welcome", || get(welcome::show)),
    Route::post("/welcome", || post(welcome::save)),
    Route::get("/welcome/{token}", || get(welcome::first)),
    Route::post("/welcome/{token}", || post(welcome::become_first)),
    Route::get("/", || get(overview::show)),
    Route::get("/explorer", || get(explorer::show)),
    Route::get("/explorer/{file}", || get(explorer::take_out)),
    Route::get("/words", || get(words::show)),
    Route::post("/words", || post(words::compare)),
    Route::get("/hit", || get(hit::show)),
    Route::get("/feedback/{id}", || get(feedback::show)),
    Route::post("/feedback/{id}/comments/{comment}/sentiment", || post(feedback::correct)),
    Route::post("/feedback/{id}/comments/{comment}/original", || post(feedback::original)),
    Route::get("/entry", || get(entry::form)),
    Route::post("/entry", || post(entry::save)),
    Route::get("/entry/{id}/change", || get(entry::change_form)),
    Route::post("/entry/{id}/change", || post(entry::change)),
    Route::get("/entry/{id}/take-back", || get(entry::ask_take_back)),
    Route::post("/entry/{id}/take-back", || post(entry::take_back)),
    Route::get("/imports", || get(imports::list)),
    Route::get("/imports/new", || get(upload::form)),
    // The file is streamed and counted there: the usual limit of a body does not hold.
    Route::post("/imports/new", || post(upload::upload).layer(DefaultBodyLimit::disable())),
    Route::get("/imports/{id}", || get(imports::show)),
    Route::post("/imports/{id}/look", || post(imports::look)),
    Route::post("/imports/{id}/begin", || post(imports::begin)),
    Route::post("/imports/{id}/resume", || post(imports::resume)),
    Route::get("/imports/{id}/undo", || get(imports::ask_undo)),
    Route::post("/imports/{id}/undo", || post(imports::undo)),
    Route::get("/imports/{id}/rejected.csv", || get(imports::rejected)),
    Route::get("/views", || get(views::list)),
    Route::post("/views", || post(views::save)),
    Route::post("/views/{id}/forget", || post(views::forget)),
    Route::get("/settings", || get(settings::form)),
    Route::post("/settings", || post(settings::save)),
    Route::get("/settings/users", || get(users::list)),
    Route::post("/settings/users", || post(users::add)),
    Route::post("/settings/users/{id}/role", || post(users::set_role)),
    Route::post("/settings/users/{id}/disabled", || post(users::set_disabled)),
    Route::post("/settings/users/{id}/password", || post(users::set_password)),
    Route::get("/settings/keys", || get(keys::list)),
    Route::post("/settings/keys", || post(keys::add)),
    Route::post("/settings/keys/{id}/revoke", || post(keys::revoke)),
    Route::get("/settings/services", || get(services::list)),
    Route::post("/settings/services", || post(services::add)),
    Route::post("/settings/services/{id}/name", || post(services::rename)),
    Route::post("/settings/services/{id}/remove", || post(services::remove)),
    Route::post("/settings/services/{id}/order", || post(services::move_touchpoint)),
    Route::post("/settings/services/{id}/touchpoints/{touchpoint}/name", || post(services::rename_touchpoint)),
    Route::post("/settings/services/{id}/touchpoints/{touchpoint}/remove", || post(services::remove_touchpoint)),
    Route::get("/settings/retention", || get(retention::form)),
    Route::post("/settings/retention", || post(retention::save)),
    Route::get("/settings/audit", || get(audit::list)),
    Route::get("/jobs", || get(jobs::list)),
    Route::post("/jobs/{id}/retry", || post(jobs::retry)),
];

/// The console's router.
pub(crate) fn routes(_config: &WebConfig) -> Router<WebState> {
    routes::router(ROUTES)
}
