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

use crate::http::capability::{Capability, Entry, Section, Waiting};
use crate::http::routes::Route;
use crate::http::state::WebState;
use crate::listen::api::{contacts, places, submit};

/// What it brings.
pub(crate) const CAPABILITY: Capability = Capability {
    console: CONSOLE,
    public: public::ROUTES,
    embedded: public::widget::ROUTES,
    navigation: &[
        Entry::new(Section::Listen, "/listen/forms", "listen-nav-forms", P::ManageForms).covers(&["/listen/replies"]),
        Entry::new(Section::Listen, "/listen/entry", "listen-nav-entry", P::SubmitFeedback),
        Entry::new(Section::Listen, "/listen/imports", "listen-nav-imports", P::ImportFiles),
        Entry::new(Section::Settings, "/settings/services", "listen-nav-services", P::ManageServices),
    ],
    waits: &[
        Waiting {
            section: Section::Listen,
            address: "/listen/replies",
            words: "listen-waits-replies",
            needs: P::ReadOriginals,
            count: forms::replies::unanswered,
        },
        Waiting {
            section: Section::Listen,
            address: "/listen/imports?state=waiting",
            words: "listen-waits-imports",
            needs: P::ImportFiles,
            count: imports::not_begun,
        },
        Waiting {
            section: Section::Listen,
            address: "/listen/imports?state=failed",
            words: "listen-waits-imports-failed",
            needs: P::ImportFiles,
            count: imports::failed,
        },
    ],
    moved: &[
        ("/imports/{import}/look", "/listen/imports/{import}/preview"),
        ("/forms/{*rest}", "/listen/forms/{*rest}"),
        ("/entry/{*rest}", "/listen/entry/{*rest}"),
        ("/imports/{*rest}", "/listen/imports/{*rest}"),
    ],
    api: operations,
    api_streams: intake,
    ..Capability::NONE
};

/// Pages and forms of the console; the test of permissions visits each one.
const CONSOLE: &[Route] = &[
    Route::get("/listen/entry", || get(entry::form)),
    Route::post("/listen/entry", || post(entry::save)).sends("key={new}&channel=phone&day=2024-04-10&rating=4&words="),
    Route::get("/listen/entry/{feedback}/change", || get(entry::change_form)),
    Route::post("/listen/entry/{feedback}/change", || post(entry::change))
        .sends("key={new}&channel=phone&day=2024-04-10&rating=4&words="),
    Route::get("/listen/entry/{feedback}/take-back", || get(entry::ask_take_back)),
    Route::post("/listen/entry/{feedback}/take-back", || post(entry::take_back)),
    Route::get("/listen/imports", || get(imports::list)),
    Route::get("/listen/imports/new", || get(imports::upload::form)),
    // The file is streamed and counted there: the usual limit of a body does not hold.
    Route::post("/listen/imports/new", || post(imports::upload::upload).layer(DefaultBodyLimit::disable())),
    Route::get("/listen/imports/{import}", || get(imports::show)),
    Route::post("/listen/imports/{import}/preview", || post(imports::preview)),
    Route::post("/listen/imports/{import}/begin", || post(imports::begin)),
    Route::post("/listen/imports/{import}/resume", || post(imports::resume)),
    Route::post("/listen/imports/{import}/stop", || post(imports::stop)),
    Route::get("/listen/imports/{import}/undo", || get(imports::ask_undo)),
    Route::post("/listen/imports/{import}/undo", || post(imports::undo)),
    Route::get("/listen/imports/{import}/rejected.csv", || get(imports::rejected)),
    Route::get("/listen/forms", || get(forms::list)),
    Route::get("/listen/forms/new", || get(forms::new)),
    Route::post("/listen/forms/new", || post(forms::add))
        .sends("title=Mine&place={service}&languages=en&rating=thumbs"),
    Route::get("/listen/forms/{form}", || get(forms::show)),
    Route::post("/listen/forms/{form}", || post(forms::change))
        .sends("version=0&title=Mine&place={service}&languages=en&rating=thumbs"),
    Route::get("/listen/forms/{form}/code.svg", || get(forms::code)),
    Route::post("/listen/forms/{form}/open", || post(forms::set_open)).sends("open=yes"),
    Route::post("/listen/forms/{form}/token", || post(forms::replace_token)).sends("overlap_hours=1"),
    Route::get("/listen/replies", || get(forms::replies::waiting)),
    Route::get("/listen/forms/{form}/replies", || get(forms::replies::list)),
    Route::post("/listen/forms/{form}/replies/{feedback}", || post(forms::replies::change)),
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
        .routes(routes!(places::stop_import))
}

/// The hot path: it answers a few bytes and gains nothing from compression.
fn intake() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(submit::submit))
        .routes(routes!(contacts::record))
        .routes(routes!(contacts::delete))
}
