//! People: found, seen with a reason, and said to be the same person or not.

pub(crate) mod api;
pub(crate) mod audiences;
pub(crate) mod find;
pub(crate) mod merge;
pub(crate) mod person;
mod record;
pub(crate) mod same;
mod timeline;
mod waterfall;

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
        Entry::new(Section::People, "/people/audiences", "people-nav-audiences", P::ReadAudiences),
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
    Route::get("/people/audiences", || get(audiences::list)),
    Route::get("/people/audiences/new", || get(audiences::new)),
    Route::post("/people/audiences/new", || post(audiences::add))
        .sends("do=save&name={new}&together=all&kind-0=reach&reach-0=email"),
    Route::get("/people/audiences/{audience}", || get(audiences::show)),
    Route::post("/people/audiences/{audience}", || post(audiences::change))
        .sends("do=count&kind-0=reach&reach-0=email"),
    // Without the box ticked, so that it is still there for whoever comes next.
    Route::post("/people/audiences/{audience}/delete", || post(audiences::delete)),
    Route::get("/people/{person}", || get(person::show)),
    Route::post("/people/{person}/open", || post(person::open)).sends("reason=She+rang"),
    Route::post("/people/{person}/split", || post(person::split)),
    Route::post("/people/{person}/undo", || post(person::undo)),
    Route::get("/people/{person}/merge", || get(merge::form)),
    Route::post("/people/{person}/merge/find", || post(merge::find)).sends("q=exampleby"),
    Route::post("/people/{person}/merge", || post(merge::merge)),
];
