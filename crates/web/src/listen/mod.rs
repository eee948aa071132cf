//! What comes in: forms and their answers, entry by colleagues, imports, the services it is about, and
//! intake over the API.

pub(crate) mod api;
pub(crate) mod entry;
pub(crate) mod forms;
pub(crate) mod imports;
pub mod public;
pub(crate) mod services;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::http::routes::Route;

/// Every page and form of the console that belongs here; the test of permissions visits each one.
pub const ROUTES: &[Route] = &[
    Route::get("/entry", || get(entry::form)),
    Route::post("/entry", || post(entry::save)),
    Route::get("/entry/{id}/change", || get(entry::change_form)),
    Route::post("/entry/{id}/change", || post(entry::change)),
    Route::get("/entry/{id}/take-back", || get(entry::ask_take_back)),
    Route::post("/entry/{id}/take-back", || post(entry::take_back)),
    Route::get("/imports", || get(imports::list)),
    Route::get("/imports/new", || get(imports::upload::form)),
    // The file is streamed and counted there: the usual limit of a body does not hold.
    Route::post("/imports/new", || post(imports::upload::upload).layer(DefaultBodyLimit::disable())),
    Route::get("/imports/{id}", || get(imports::show)),
    Route::post("/imports/{id}/look", || post(imports::look)),
    Route::post("/imports/{id}/begin", || post(imports::begin)),
    Route::post("/imports/{id}/resume", || post(imports::resume)),
    Route::get("/imports/{id}/undo", || get(imports::ask_undo)),
    Route::post("/imports/{id}/undo", || post(imports::undo)),
    Route::get("/imports/{id}/rejected.csv", || get(imports::rejected)),
    Route::get("/forms", || get(forms::list)),
    Route::get("/forms/new", || get(forms::new)),
    Route::post("/forms/new", || post(forms::add)),
    Route::get("/forms/{id}", || get(forms::show)),
    Route::post("/forms/{id}", || post(forms::change)),
    Route::get("/forms/{id}/code.svg", || get(forms::code)),
    Route::post("/forms/{id}/open", || post(forms::set_open)),
    Route::get("/forms/{id}/replies", || get(forms::replies::list)),
    Route::post("/forms/{id}/replies/{feedback}", || post(forms::replies::change)),
    Route::get("/settings/services", || get(services::list)),
    Route::post("/settings/services", || post(services::add)),
    Route::post("/settings/services/{id}/name", || post(services::rename)),
    Route::post("/settings/services/{id}/remove", || post(services::remove)),
    Route::post("/settings/services/{id}/order", || post(services::move_touchpoint)),
    Route::post("/settings/services/{id}/touchpoints/{touchpoint}/name", || post(services::rename_touchpoint)),
    Route::post("/settings/services/{id}/touchpoints/{touchpoint}/remove", || post(services::remove_touchpoint)),
];
