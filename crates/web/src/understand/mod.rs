//! What was said: the Overview, the Explorer, themes, words, who is hit, alerts, and the questions of the
//! API.

pub(crate) mod alerts;
pub(crate) mod api;
pub(crate) mod change;
pub(crate) mod explorer;
pub(crate) mod impact;
pub(crate) mod overview;
pub(crate) mod themes;
pub(crate) mod trend;
pub(crate) mod words;

use axum::routing::{get, post};

use crate::http::routes::Route;

/// Every page and form of the console that belongs here; the test of permissions visits each one.
pub const ROUTES: &[Route] = &[
    Route::get("/", || get(overview::show)),
    Route::get("/alerts", || get(alerts::show)),
    Route::post("/alerts/{id}/look", || post(alerts::look)),
    Route::post("/alerts/{id}/reopen", || post(alerts::reopen)),
    Route::get("/explorer", || get(explorer::show)),
    Route::get("/explorer/themes", || get(explorer::bulk::ask)),
    Route::post("/explorer/themes", || post(explorer::bulk::change)),
    Route::post("/explorer/themes/{batch}/undo", || post(explorer::bulk::undo)),
    Route::get("/explorer/{file}", || get(explorer::take_out)),
    Route::get("/themes", || get(themes::list)),
    Route::get("/themes/{key}", || get(themes::theme::show)),
    Route::get("/drivers", || get(themes::drivers::show)),
    Route::get("/discoveries", || get(themes::discoveries::list)),
    Route::post("/discoveries", || post(themes::discoveries::find)),
    Route::get("/discoveries/{id}", || get(themes::discoveries::show)),
    Route::post("/discoveries/{id}/themes", || post(themes::discoveries::edit)),
    Route::get("/settings/codeframe", || get(themes::codeframe::list)),
    Route::get("/settings/codeframe/add", || get(themes::codeframe::add)),
    Route::post("/settings/codeframe/add", || post(themes::codeframe::add_send)),
    Route::get("/settings/codeframe/themes/{key}", || get(themes::codeframe::change)),
    Route::post("/settings/codeframe/themes/{key}", || post(themes::codeframe::change_send)),
    Route::post("/settings/codeframe/themes/{key}/retire", || post(themes::codeframe::retire)),
    Route::post("/settings/codeframe/reread", || post(themes::codeframe::reread)),
    Route::get("/words", || get(words::show)),
    Route::post("/words", || post(words::compare)),
    Route::get("/hit", || get(impact::show)),
    Route::get("/feedback/{id}", || get(explorer::feedback::show)),
    Route::post("/feedback/{id}/comments/{comment}/correction", || post(explorer::feedback::correct)),
    Route::post("/feedback/{id}/comments/{comment}/original", || post(explorer::feedback::original)),
    Route::get("/views", || get(explorer::views::list)),
    Route::post("/views", || post(explorer::views::save)),
    Route::post("/views/{id}/forget", || post(explorer::views::forget)),
];
