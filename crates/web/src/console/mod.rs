//! The staff console: server-rendered pages that work without a script.

mod alerts;
mod asked;
mod audit;
mod bulk;
mod change;
mod chips;
mod codeframe;
mod comments;
mod correction;
mod detail;
mod discoveries;
mod drivers;
mod entry;
mod explorer;
mod explorer_says;
mod facets;
mod feedback;
mod form_fields;
pub(crate) mod format;
pub(crate) mod forms;
mod frame;
mod hit;
mod hit_words;
mod imports;
mod jobs;
mod keys;
mod list;
mod look;
mod mapping;
mod me;
mod overview;
mod public_forms;
mod replies;
mod retention;
mod scope;
mod services;
mod settings;
pub(crate) mod sign_in;
mod theme;
mod themes;
mod themes_named;
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
    Route::get("/alerts", || get(alerts::show)),
    Route::post("/alerts/{id}/look", || post(alerts::look)),
    Route::post("/alerts/{id}/reopen", || post(alerts::reopen)),
    Route::get("/explorer", || get(explorer::show)),
    Route::get("/explorer/themes", || get(bulk::ask)),
    Route::post("/explorer/themes", || post(bulk::change)),
    Route::post("/explorer/themes/{batch}/undo", || post(bulk::undo)),
    Route::get("/explorer/{file}", || get(explorer::take_out)),
    Route::get("/themes", || get(themes::list)),
    Route::get("/themes/{key}", || get(theme::show)),
    Route::get("/drivers", || get(drivers::show)),
    Route::get("/discoveries", || get(discoveries::list)),
    Route::post("/discoveries", || post(discoveries::find)),
    Route::get("/discoveries/{id}", || get(discoveries::show)),
    Route::post("/discoveries/{id}/themes", || post(discoveries::edit)),
    Route::get("/settings/codeframe", || get(codeframe::list)),
    Route::get("/settings/codeframe/add", || get(codeframe::add)),
    Route::post("/settings/codeframe/add", || post(codeframe::add_send)),
    Route::get("/settings/codeframe/themes/{key}", || get(codeframe::change)),
    Route::post("/settings/codeframe/themes/{key}", || post(codeframe::change_send)),
    Route::post("/settings/codeframe/themes/{key}/retire", || post(codeframe::retire)),
    Route::post("/settings/codeframe/reread", || post(codeframe::reread)),
    Route::get("/words", || get(words::show)),
    Route::post("/words", || post(words::compare)),
    Route::get("/hit", || get(hit::show)),
    Route::get("/feedback/{id}", || get(feedback::show)),
    Route::post("/feedback/{id}/comments/{comment}/correction", || post(feedback::correct)),
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
    Route::get("/forms", || get(public_forms::list)),
    Route::get("/forms/new", || get(public_forms::new)),
    Route::post("/forms/new", || post(public_forms::add)),
    Route::get("/forms/{id}", || get(public_forms::show)),
    Route::post("/forms/{id}", || post(public_forms::change)),
    Route::get("/forms/{id}/code.svg", || get(public_forms::code)),
    Route::post("/forms/{id}/open", || post(public_forms::set_open)),
    Route::get("/forms/{id}/replies", || get(replies::list)),
    Route::post("/forms/{id}/replies/{feedback}", || post(replies::change)),
    Route::get("/me", || get(me::form)),
    Route::post("/me", || post(me::save)),
    Route::post("/me/password", || post(me::change_password)),
    Route::get("/shortcuts", || get(me::shortcuts)),
    Route::get("/settings", || get(settings::form)),
    Route::post("/settings", || post(settings::save)),
    Route::get("/settings/look", || get(look::form)),
    Route::post("/settings/look", || post(look::save)),
    Route::get("/settings/look/preview.css", || get(look::preview)),
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
