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

use commonweal_domain::Permission as P;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::capability::{Capability, Entry, Section};
use crate::http::routes::Route;
use crate::http::state::WebState;
use crate::listen::api::{contacts, places, submit};

/// What it brings.
pub(crate) const CAPABILITY: Capability = Capability {
    console: CONSOLE,
    public: public::ROUTES,
    embedded: public::widget::ROUTES,
    navigation: &[
        Entry::new(Section::Listen, "/forms", "listen-nav-forms", P::ManageServices),
        Entry::new(Section::Listen, "/entry", "listen-nav-entry", P::SubmitFeedback),
        Entry::new(Section::Listen, "/imports", "listen-nav-imports", P::ImportFiles),
        Entry::new(Section::Settings, "/settings/services", "listen-nav-services", P::ManageServices),
    ],
    api: operations,
    api_streams: intake,
    ..Capability::NONE
};

/// Pages and forms of the console; the test of permissions visits each one.
const CONSOLE: &[Route] = &[
    Route::get("/entry", || get(entry::form)),
    Route::post("/entry", || post(entry::save)).sends("key={new}&channel=phone&day=2024-04-10&rating=4&words="),
    Route::get("/entry/{feedback}/change", || get(entry::change_form)),
    Route::post("/entry/{feedback}/change", || post(entry::change))
        .sends("key={new}&channel=phone&day=2024-04-10&rating=4&words="),
    Route::get("/entry/{feedback}/take-back", || get(entry::ask_take_back)),
    Route::post("/entry/{feedback}/take-back", || post(entry::take_back)),
    Route::get("/imports", || get(imports::list)),
    Route::get("/imports/new", || get(imports::upload::form)),
    // The file is streamed and counted there: the usual limit of a body does not hold.
    Route::post("/imports/new", || post(imports::upload::upload).layer(DefaultBodyLimit::disable())),
    Route::get("/imports/{import}", || get(imports::show)),
    Route::post("/imports/{import}/look", || post(imports::look)),
    Route::post("/imports/{import}/begin", || post(imports::begin)),
    Route::post("/imports/{import}/resume", || post(imports::resume)),
    Route::get("/imports/{import}/undo", || get(imports::ask_undo)),
    Route::post("/imports/{import}/undo", || post(imports::undo)),
    Route::get("/imports/{import}/rejected.csv", || get(imports::rejected)),
    Route::get("/forms", || get(forms::list)),
    Route::get("/forms/new", || get(forms::new)),
    Route::post("/forms/new", || post(forms::add)).sends("title=Mine&place={service}&languages=en&rating=thumbs"),
    Route::get("/forms/{form}", || get(forms::show)),
    Route::post("/forms/{form}", || post(forms::change))
        .sends("version=0&title=Mine&place={service}&languages=en&rating=thumbs"),
    Route::get("/forms/{form}/code.svg", || get(forms::code)),
    Route::post("/forms/{form}/open", || post(forms::set_open)).sends("open=yes"),
    Route::get("/forms/{form}/replies", || get(forms::replies::list)),
    Route::post("/forms/{form}/replies/{feedback}", || post(forms::replies::change)),
    Route::get("/settings/services", || get(services::list)),
    Route::post("/settings/services", || post(services::add)).sends("name=Parking&touchpoints=Apply"),
    Route::post("/settings/services/{service}/name", || post(services::rename)).sends("name=Badges"),
    Route::post("/settings/services/{service}/remove", || post(services::remove)),
    Route::post("/settings/services/{service}/order", || post(services::move_touchpoint)),
    Route::post("/settings/services/{service}/touchpoints/{touchpoint}/name", || post(services::rename_touchpoint))
        .sends("name=Ask"),
    Route::post("/settings/services/{service}/touchpoints/{touchpoint}/remove", || post(services::remove_touchpoint)),
];

fn operations() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(places::services))
        .routes(routes!(places::imports))
        .routes(routes!(places::import))
}

/// The hot path: it answers a few bytes and gains nothing from compression.
fn intake() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(submit::submit))
        .routes(routes!(contacts::record))
        .routes(routes!(contacts::delete))
}
