//! Delivering: the ways by which messages go out, what they say, and to which addresses nothing goes; and what whoever got a
//! message finds behind its links.

mod messages;
mod senders;
mod suppressions;
mod unsubscribe;

use axum::routing::{get, post};
use commonweal_domain::Permission as P;

use crate::http::capability::{Capability, Entry, Section};
use crate::http::routes::Route;

/// What this capability brings.
pub(crate) const CAPABILITY: Capability = Capability {
    console: CONSOLE,
    public: PUBLIC,
    navigation: &[
        Entry::new(Section::Inform, "/messages", "messages-nav", P::ReadDispatches),
        Entry::new(Section::Inform, "/suppressions", "suppressions-nav", P::ReadDispatches),
        Entry::new(Section::Inform, "/senders", "senders-nav", P::ManageDispatches).or(P::Administer),
    ],
    ..Capability::NONE
};

/// Pages and forms of the console; the test of permissions visits each one.
const CONSOLE: &[Route] = &[
    Route::get("/messages", || get(messages::list)),
    Route::get("/messages/new", || get(messages::new)),
    Route::post("/messages/new", || post(messages::add)).sends("name=Bins+{new}&subject-en=Bins&body-en=On+Monday."),
    Route::get("/messages/{message}", || get(messages::show)),
    Route::get("/messages/{message}/change", || get(messages::change)),
    Route::post("/messages/{message}/change", || post(messages::save)).sends("do=check&name=Bins"),
    Route::get("/messages/{message}/preview", || get(messages::preview::ask)),
    Route::post("/messages/{message}/preview", || post(messages::preview::show)).sends("name-0=name&value-0=Ann"),
    Route::get("/messages/{message}/html", || get(messages::preview::html)),
    Route::post("/messages/{message}/html", || post(messages::preview::html_with)).sends("name-0=name&value-0=Ann"),
    Route::get("/suppressions", || get(suppressions::list)),
    Route::post("/suppressions/find", || post(suppressions::find)).sends("address=nobody%40example.org"),
    // Without a reason, so that nothing is written down and nothing lifted.
    Route::post("/suppressions/lift", || post(suppressions::lift)).sends("address=nobody%40example.org"),
    Route::post("/suppressions/add", || post(suppressions::add)).sends("address=nobody%40example.org"),
    Route::get("/senders", || get(senders::list)),
    Route::get("/senders/new", || get(senders::new)),
    Route::post("/senders/new", || post(senders::add)).sends("kind=files&name=Files+{new}&from=voice%40example.org"),
    Route::get("/senders/{sender}", || get(senders::show)),
    // Without a name, so that it stays as it is.
    Route::post("/senders/{sender}", || post(senders::change)).sends("from=voice%40example.org"),
    Route::post("/senders/{sender}/enabled", || post(senders::switch)).sends("enabled=yes"),
    Route::post("/senders/{sender}/test", || post(senders::test)),
    Route::post("/senders/{sender}/test-message", || post(senders::test_message)),
    // Without the tick.
    Route::post("/senders/{sender}/delete", || post(senders::delete)),
];

/// Public pages; the test of permissions visits each one.
const PUBLIC: &[Route] = &[
    Route::get("/unsubscribe/{delivery_token}", || get(unsubscribe::ask)),
    Route::post("/unsubscribe/{delivery_token}", || post(unsubscribe::unsubscribe)).sends("List-Unsubscribe=One-Click"),
];
