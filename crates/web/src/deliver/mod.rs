//! Delivering: sends to many people, planned, approved, watched and stopped; what whoever got a message finds behind its links;
//! and how other systems hand messages in.

mod api;
mod mailboxes;
mod messages;
mod notify;
mod receipts;
mod senders;
mod sends;
mod setup;
mod suppressions;
mod unsubscribe;

use axum::routing::{get, post};
use commonweal_domain::Permission as P;

use crate::http::capability::{Capability, Entry, Section, Waiting};
use crate::http::routes::Route;

/// What this capability brings.
pub(crate) const CAPABILITY: Capability = Capability {
    console: CONSOLE,
    public: PUBLIC,
    foreign: notify::ROUTES,
    api: api::operations,
    navigation: &[
        Entry::new(Section::Inform, "/sends", "sends-nav", P::ReadDispatches),
        Entry::new(Section::Inform, "/sends/approvals", "sends-nav-approvals", P::ApproveDispatches)
            .badge(sends::to_approve),
        Entry::new(Section::Inform, "/messages", "messages-nav", P::ReadDispatches),
        Entry::new(Section::Inform, "/suppressions", "suppressions-nav", P::ReadDispatches),
        Entry::new(Section::Inform, "/returned", "returned-nav", P::ReadDispatches),
        Entry::new(Section::Inform, "/senders", "senders-nav", P::ManageDispatches).or(P::Administer),
        Entry::new(Section::Inform, "/mailboxes", "mailboxes-nav", P::ManageDispatches).or(P::Administer),
    ],
    waits: &[Waiting {
        section: Section::Inform,
        address: "/sends/approvals",
        words: "sends-wait-approval",
        needs: P::ApproveDispatches,
        count: sends::to_approve,
    }],
    ..Capability::NONE
};

/// Pages and forms of the console; the test of permissions visits each one.
const CONSOLE: &[Route] = &[
    Route::get("/sends", || get(sends::list)),
    Route::get("/sends/approvals", || get(sends::approvals)),
    Route::get("/sends/new", || get(sends::new::form)),
    // Without a name, so that nothing is planned.
    Route::post("/sends/new", || post(sends::new::act)).sends("do=plan&lane=news"),
    Route::get("/sends/stop", || get(sends::stop::ask_all)),
    // Without the box ticked, so that all goes on for whoever comes next.
    Route::post("/sends/stop", || post(sends::stop::all)),
    Route::get("/sends/{dispatch}", || get(sends::show::show)),
    Route::get("/sends/{dispatch}/deliveries", || get(sends::show::deliveries)),
    Route::post("/sends/{dispatch}/pause", || post(sends::show::pause)),
    Route::post("/sends/{dispatch}/resume", || post(sends::show::resume)),
    Route::post("/sends/{dispatch}/retry", || post(sends::show::retry)),
    Route::get("/sends/{dispatch}/cancel", || get(sends::stop::ask)),
    // Without the box ticked.
    Route::post("/sends/{dispatch}/cancel", || post(sends::stop::cancel)),
    // Of no version, so that nothing is said of it.
    Route::post("/sends/{dispatch}/verdict", || post(sends::show::verdict)).sends("verdict=approved"),
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
    Route::post("/senders/{sender}/receipts", || post(senders::receipts)),
    Route::post("/senders/{sender}/test-message", || post(senders::test_message)),
    // Without the tick.
    Route::post("/senders/{sender}/delete", || post(senders::delete)),
    Route::get("/mailboxes", || get(mailboxes::list)),
    Route::get("/mailboxes/new", || get(mailboxes::new)),
    // Without a password, so that nothing is added.
    Route::post("/mailboxes/new", || post(mailboxes::add)).sends("name=Returns"),
    Route::get("/returned", || get(mailboxes::returned::list)),
    Route::get("/mailboxes/{mailbox}", || get(mailboxes::show)),
    // Without a name, so that it stays as it is.
    Route::post("/mailboxes/{mailbox}", || post(mailboxes::change)).sends("port=993"),
    Route::post("/mailboxes/{mailbox}/enabled", || post(mailboxes::switch)).sends("enabled=yes"),
    Route::post("/mailboxes/{mailbox}/test", || post(mailboxes::test)),
    Route::post("/mailboxes/{mailbox}/read", || post(mailboxes::read)),
    // Without the tick.
    Route::post("/mailboxes/{mailbox}/remove", || post(mailboxes::remove)),
];

/// Public pages; the test of permissions visits each one.
const PUBLIC: &[Route] = &[
    Route::post("/deliver/receipts/{sender}", || post(receipts::take)).sends("{}"),
    Route::get("/unsubscribe/{delivery_token}", || get(unsubscribe::ask)),
    Route::post("/unsubscribe/{delivery_token}", || post(unsubscribe::unsubscribe)).sends("List-Unsubscribe=One-Click"),
];
