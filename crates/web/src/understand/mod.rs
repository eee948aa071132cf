//! What was said: the Overview, the Explorer, themes, words, who is hit, alerts, and the questions of the
//! API.

pub(crate) mod alerts;
pub(crate) mod api;
pub(crate) mod explorer;
pub(crate) mod impact;
pub(crate) mod overview;
pub(crate) mod themes;
pub(crate) mod trend;
pub(crate) mod words;

use axum::routing::{get, post};

use commonweal_domain::Permission as P;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::capability::{Capability, Entry, OwnLinks, Section, Waiting};
use crate::http::routes::Route;
use crate::http::state::WebState;
use crate::understand::api::{correct, export, feedback, finding_list, findings, query};

/// What it brings.
pub(crate) const CAPABILITY: Capability = Capability {
    console: CONSOLE,
    navigation: &[
        Entry::new(Section::Overview, "/", "understand-nav-overview", P::ReadFigures).alone(),
        Entry::new(Section::Understand, "/understand/explorer", "understand-nav-explorer", P::ReadFigures)
            .covers(&["/understand/feedback"]),
        Entry::new(Section::Understand, "/understand/themes", "understand-nav-themes", P::ReadFeedback)
            .covers(&["/understand/drivers", "/understand/discoveries"]),
        Entry::new(Section::Understand, "/understand/words", "understand-nav-words", P::ReadFeedback),
        Entry::new(Section::Understand, "/understand/impact", "understand-nav-impact", P::ReadFigures),
        Entry::new(Section::Understand, "/understand/alerts", "understand-nav-alerts", P::ReadFeedback)
            .badge(alerts::waiting),
        Entry::new(Section::Settings, "/settings/codeframe", "understand-nav-codeframe", P::ManageCodeframes),
    ],
    waits: &[Waiting {
        section: Section::Understand,
        address: "/understand/alerts",
        words: "understand-waits-alerts",
        needs: P::CorrectReadings,
        count: alerts::waiting,
    }],
    moved: &[
        ("/alerts/{feedback}/look", "/understand/alerts/{feedback}/review"),
        ("/explorer/{*rest}", "/understand/explorer/{*rest}"),
        ("/feedback/{*rest}", "/understand/feedback/{*rest}"),
        ("/themes/{*rest}", "/understand/themes/{*rest}"),
        ("/drivers/{*rest}", "/understand/drivers/{*rest}"),
        ("/discoveries/{*rest}", "/understand/discoveries/{*rest}"),
        ("/words/{*rest}", "/understand/words/{*rest}"),
        ("/hit/{*rest}", "/understand/impact/{*rest}"),
        ("/alerts/{*rest}", "/understand/alerts/{*rest}"),
        ("/views/{*rest}", "/understand/views/{*rest}"),
    ],
    own_links: Some(OwnLinks {
        section: Section::Understand,
        heading: "understand-nav-saved-views",
        all: ("/understand/views", "understand-nav-all-saved-views"),
        find: explorer::views::links,
    }),
    api: operations,
    api_streams: exports,
    ..Capability::NONE
};

/// Pages and forms of the console; the test of permissions visits each one.
const CONSOLE: &[Route] = &[
    Route::get("/", || get(overview::show)),
    Route::get("/understand/alerts", || get(alerts::show)),
    Route::post("/understand/alerts/{feedback}/review", || post(alerts::review)),
    Route::post("/understand/alerts/{feedback}/reopen", || post(alerts::reopen)),
    Route::get("/understand/explorer", || get(explorer::show)),
    Route::get("/understand/explorer/themes", || get(explorer::bulk::ask))
        .asks("scope=ticked&act=add&theme_name={theme_name}&pick={feedback}"),
    Route::post("/understand/explorer/themes", || post(explorer::bulk::change))
        .sends("scope=ticked&act=add&theme_name={theme_name}&pick={feedback}"),
    Route::post("/understand/explorer/themes/{batch}/undo", || post(explorer::bulk::undo)),
    Route::get("/understand/explorer/{export}", || get(explorer::export_file)),
    Route::get("/understand/themes", || get(themes::list)),
    Route::get("/understand/themes/{theme}", || get(themes::theme::show)),
    Route::get("/understand/drivers", || get(themes::drivers::show)),
    Route::get("/understand/discoveries", || get(themes::discoveries::list)),
    Route::post("/understand/discoveries", || post(themes::discoveries::find)),
    Route::get("/understand/discoveries/{discovery}", || get(themes::discoveries::show)),
    Route::post("/understand/discoveries/{discovery}/themes", || post(themes::discoveries::edit)),
    Route::get("/settings/codeframe", || get(themes::codeframe::list)),
    Route::get("/settings/codeframe/add", || get(themes::codeframe::add)),
    Route::post("/settings/codeframe/add", || post(themes::codeframe::add_send)).sends("name=Lifts+{new}&words=lift"),
    Route::get("/settings/codeframe/themes/{theme}", || get(themes::codeframe::change)),
    Route::post("/settings/codeframe/themes/{theme}", || post(themes::codeframe::change_send))
        .sends("name=Waiting&words=wait*"),
    Route::post("/settings/codeframe/themes/{theme}/retire", || post(themes::codeframe::retire)).sends("retired=yes"),
    Route::post("/settings/codeframe/reread", || post(themes::codeframe::reread)),
    Route::get("/understand/words", || get(words::show)),
    Route::post("/understand/words", || post(words::compare)).sends("text=Send+your+application."),
    Route::get("/understand/impact", || get(impact::show)),
    Route::get("/understand/feedback/{feedback}", || get(explorer::feedback::show)),
    Route::post("/understand/feedback/{feedback}/comments/{comment}/correction", || post(explorer::feedback::correct))
        .sends("act=confirm"),
    Route::post("/understand/feedback/{feedback}/comments/{comment}/original", || post(explorer::feedback::original)),
    Route::get("/understand/views", || get(explorer::views::list)),
    Route::post("/understand/views", || post(explorer::views::save)).sends("name=Mine&address=channel%3Dphone"),
    Route::post("/understand/views/{view}/forget", || post(explorer::views::forget)),
];

fn operations() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(feedback::list))
        .routes(routes!(feedback::one))
        .routes(routes!(correct::correct))
        .routes(routes!(query::answer))
        .routes(routes!(query::facets))
        .routes(routes!(finding_list::findings))
        .routes(routes!(findings::journey))
        .routes(routes!(findings::words))
        .routes(routes!(findings::impact))
        .routes(routes!(findings::changes))
        .routes(routes!(findings::drivers))
}

/// Files are sent as they are written, so that a slow reader holds the writer back and not a buffer.
fn exports() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(export::csv)).routes(routes!(export::xlsx)).routes(routes!(export::ndjson))
}
