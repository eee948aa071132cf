//! People: found, seen with a reason, and said to be the same person or not.

pub(crate) mod api;
pub(crate) mod audiences;
pub(crate) mod care;
pub(crate) mod erase;
pub(crate) mod export;
pub(crate) mod find;
pub(crate) mod holds;
pub(crate) mod imports;
pub(crate) mod merge;
pub(crate) mod own;
pub(crate) mod person;
mod record;
pub(crate) mod same;
mod standing;
mod timeline;
pub(crate) mod topics;
mod waterfall;
mod wished;
pub(crate) mod wishes;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use commonweal_domain::Permission as P;

use crate::http::capability::{Capability, Entry, Section};
use crate::http::routes::Route;

/// What it brings.
pub(crate) const CAPABILITY: Capability = Capability {
    console: CONSOLE,
    public: own::ROUTES,
    navigation: &[
        Entry::new(Section::People, "/people", "people-nav-find", P::ReadPeople),
        Entry::new(Section::People, "/people/same", "people-nav-same", P::ManagePeople).badge(same::waiting),
        Entry::new(Section::People, "/people/requests", "people-nav-requests", P::ManagePeople).badge(wishes::waiting),
        Entry::new(Section::People, "/people/holds", "people-nav-holds", P::ReadPeople),
        Entry::new(Section::People, "/people/topics", "people-nav-topics", P::ReadPeople),
        Entry::new(Section::People, "/people/add", "people-nav-add", P::ManagePeople),
        Entry::new(Section::People, "/people/audiences", "people-nav-audiences", P::ReadAudiences),
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
    Route::get("/people/holds", || get(holds::list)),
    Route::get("/people/holds/{hold}", || get(holds::show)),
    // Without an owner, so that it stays as it is for whoever comes next.
    Route::post("/people/holds/{hold}", || post(holds::change)).sends("lanes=news&reason=legal"),
    Route::post("/people/holds/{hold}/end", || post(holds::end)),
    Route::get("/people/requests", || get(wishes::requests)),
    Route::post("/people/requests/{request}", || post(wishes::decide)).sends("state=refused"),
    Route::get("/people/topics", || get(topics::list)),
    Route::post("/people/topics", || post(topics::add)).sends("name=Mine"),
    Route::get("/people/topics/{topic}", || get(topics::show)),
    Route::post("/people/topics/{topic}", || post(topics::change)).sends("name="),
    Route::post("/people/topics/{topic}/open", || post(topics::set_open)).sends("open=yes"),
    Route::get("/people/audiences", || get(audiences::list)),
    Route::get("/people/audiences/new", || get(audiences::new)),
    Route::post("/people/audiences/new", || post(audiences::add))
        .sends("do=save&name={new}&together=all&kind-0=reach&reach-0=email"),
    Route::get("/people/audiences/{audience}", || get(audiences::show)),
    Route::post("/people/audiences/{audience}", || post(audiences::change))
        .sends("do=count&kind-0=reach&reach-0=email"),
    // Without the box ticked, so that it is still there for whoever comes next.
    Route::post("/people/audiences/{audience}/delete", || post(audiences::delete)),
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
    Route::get("/people/{person}/hold", || get(holds::form)),
    Route::post("/people/{person}/hold", || post(holds::put)).sends("lanes=news"),
    Route::get("/people/{person}/wishes", || get(wishes::form)),
    Route::post("/people/{person}/wishes", || post(wishes::save)).sends("language=en"),
    Route::post("/people/{person}/handle", || post(wishes::of_handle)).sends("act=link"),
    Route::post("/people/{person}/open", || post(person::open)).sends("reason=She+rang"),
    Route::post("/people/{person}/split", || post(person::split)),
    Route::post("/people/{person}/undo", || post(person::undo)),
    Route::get("/people/{person}/merge", || get(merge::form)),
    Route::post("/people/{person}/merge/find", || post(merge::find)).sends("q=exampleby"),
    Route::post("/people/{person}/merge", || post(merge::merge)),
    Route::get("/people/{person}/export", || get(export::form)),
    Route::get("/people/{person}/export/person.zip", || get(export::download)),
    Route::get("/people/{person}/deceased", || get(care::form)),
    Route::post("/people/{person}/deceased", || post(care::mark)).sends("day=7%2F3%2F2024"),
    Route::post("/people/{person}/deceased/undo", || post(care::unmark)),
    Route::get("/people/{person}/erase", || get(erase::form)),
    // Without the word, so that whoever comes next finds somebody.
    Route::post("/people/{person}/erase", || post(erase::erase)),
];
