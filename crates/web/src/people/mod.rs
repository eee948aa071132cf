//! People: found, seen with a reason, and said to be the same person or not.

pub(crate) mod api;
pub(crate) mod find;
pub(crate) mod imports;
pub(crate) mod merge;
pub(crate) mod person;
mod record;
pub(crate) mod same;
mod timeline;
mod waterfall;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use commonweal_domain::Permission as P;

use crate::http::capability::{Capability, Entry, Section};
use crate::http::routes::Route;

/// What it brings.
pub(crate) const CAPABILITY: Capability = Capability {
    console: CONSOLE,
    navigation: &[
        Entry::new(Section::People, "/people", "people-nav-find", P::ReadPeople),
        Entry::new(Section::People, "/people/same", "people-nav-same", P::ManagePeople).badge(same::waiting),
        Entry::new(Section::People, "/people/add", "people-nav-add", P::ManagePeople),
        Entry::new(Section::People, "/people/imports", "people-nav-imports", P::ManagePeople),
    ],
    api: api::operations,
    ..Capability::NONE
};

/// Pages and forms of the console; the test of permissions visits each one.
const CONSOLE: &[Route] = &[
    Route::get("/people", || get(find::form)),
    Route::post("/people", || post(find::find)).sends("q=exampleby"),
    Route::get("/people/add", || get(record::form)),
    Route::post("/people/add", || post(record::add)).sends("source=phone&key={new}&surname=New"),
    Route::get("/people/same", || get(same::first)),
    Route::get("/people/same/{suggestion}", || get(same::show)),
    // Without a choice, so that it is still open for whoever comes next.
    Route::post("/people/same/{suggestion}", || post(same::decide)),
    Route::get("/people/imports", || get(imports::list)),
    Route::get("/people/imports/new", || get(imports::upload::form)),
    // The file is streamed and counted there: the usual limit of a body does not hold.
    Route::post("/people/imports/new", || post(imports::upload::upload).layer(DefaultBodyLimit::disable())),
    Route::get("/people/imports/{people_import}", || get(imports::show)),
    Route::post("/people/imports/{people_import}/preview", || post(imports::look_again)),
    Route::post("/people/imports/{people_import}/begin", || post(imports::begin)),
    Route::post("/people/imports/{people_import}/resume", || post(imports::resume)),
    Route::post("/people/imports/{people_import}/stop", || post(imports::stop)),
    Route::get("/people/imports/{people_import}/undo", || get(imports::ask_undo)),
    Route::post("/people/imports/{people_import}/undo", || post(imports::undo)),
    Route::get("/people/imports/{people_import}/rejected.csv", || get(imports::rejected)),
    Route::get("/people/{person}", || get(person::show)),
    Route::post("/people/{person}/open", || post(person::open)).sends("reason=She+rang"),
    Route::post("/people/{person}/split", || post(person::split)),
    Route::post("/people/{person}/undo", || post(person::undo)),
    Route::get("/people/{person}/merge", || get(merge::form)),
    Route::post("/people/{person}/merge/find", || post(merge::find)).sends("q=exampleby"),
    Route::post("/people/{person}/merge", || post(merge::merge)),
];
