//! Who may do what, how the installation is set up, and what was done: signing in, users, keys,
//! web hooks, settings, retention, audit, jobs, and what open pages are told.

pub(crate) mod api;
pub(crate) mod audit;
pub(crate) mod branding;
pub(crate) mod carry;
pub(crate) mod duties;
pub(crate) mod hooks;
pub(crate) mod jobs;
pub(crate) mod join;
pub(crate) mod keys;
pub(crate) mod live;
pub(crate) mod me;
pub(crate) mod outside;
pub(crate) mod passkeys;
pub(crate) mod retention;
pub(crate) mod second_step;
pub(crate) mod security_txt;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod teams;
pub(crate) mod users;
pub(crate) mod welcome;

use axum::routing::{get, post};
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use commonweal_domain::Permission as P;

use crate::govern::api::{audit as audit_api, teams as teams_api};
use crate::http::capability::{Capability, Entry, Section, Waiting};
use crate::http::routes::Route;
use crate::http::state::WebState;

/// What it brings.
pub(crate) const CAPABILITY: Capability = Capability {
    console: CONSOLE,
    navigation: &[
        Entry::new(Section::Settings, "/settings", "govern-nav-the-body", P::Administer).alone(),
        Entry::new(Section::Settings, "/settings/branding", "govern-nav-branding", P::Administer),
        Entry::new(Section::Settings, "/settings/users", "govern-nav-users", P::Administer),
        Entry::new(Section::Settings, "/settings/teams", "govern-nav-teams", P::ManageTeams),
        Entry::new(Section::Settings, "/settings/keys", "govern-nav-api-keys", P::Administer),
        Entry::new(Section::Settings, "/settings/hooks", "govern-nav-hooks", P::Administer),
        Entry::new(Section::Settings, "/settings/retention", "govern-nav-retention", P::Administer),
        Entry::new(Section::Settings, "/settings/audit", "govern-nav-audit-trail", P::ReadAudit),
        Entry::new(Section::Settings, "/settings/jobs", "govern-nav-jobs", P::ManageJobs),
    ],
    waits: &[
        Waiting {
            section: Section::Settings,
            address: jobs::FAILED,
            words: "govern-waits-jobs",
            needs: P::ManageJobs,
            count: jobs::failed,
        },
        Waiting {
            section: Section::Settings,
            address: "/settings/hooks",
            words: "govern-waits-hooks",
            needs: P::Administer,
            count: hooks::gone,
        },
    ],
    moved: &[("/settings/look/{*rest}", "/settings/branding/{*rest}"), ("/jobs/{*rest}", "/settings/jobs/{*rest}")],
    api: operations,
    ..Capability::NONE
};

fn operations() -> OpenApiRouter<WebState> {
    let mut document = teams_api::Document::openapi();
    document.merge(audit_api::Document::openapi());
    OpenApiRouter::with_openapi(document)
        .routes(routes!(audit_api::export))
        .routes(routes!(teams_api::list, teams_api::add))
        .routes(routes!(teams_api::show, teams_api::change, teams_api::delete))
        .routes(routes!(teams_api::add_member, teams_api::remove_member))
}

/// Pages and forms of the console; the test of permissions visits each one.
const CONSOLE: &[Route] = &[
    Route::get("/sign-in", || get(sign_in::form)),
    Route::post("/sign-in", || post(sign_in::sign_in)).sends("email=nobody%40example.org&password=wrong"),
    Route::get("/sign-in/out", || get(outside::out)),
    Route::get("/sign-in/back", || get(outside::came_back)),
    Route::post("/sign-in/code", || post(sign_in::code)).sends("ticket=made-up&code=000000"),
    Route::post("/sign-in/passkey/begin", || post(sign_in::begin_passkey)),
    Route::post("/sign-in/passkey", || post(sign_in::passkey)).sends("passkey=made-up"),
    Route::get("/second-step", || get(second_step::form)),
    Route::post("/second-step/begin", || post(second_step::begin)),
    Route::post("/second-step/confirm", || post(second_step::confirm)).sends("code=wrong"),
    Route::post("/second-step/codes", || post(second_step::codes)).sends("password=wrong&code=wrong"),
    Route::post("/second-step/off", || post(second_step::off)).sends("password=wrong&code=wrong"),
    Route::post("/sign-out", || post(sign_in::sign_out)),
    Route::get("/join/{token}", || get(join::form)),
    Route::post("/join/{token}", || post(join::join)).sends("password=correct+horse+battery"),
    Route::get("/new-password", || get(join::forced)),
    Route::post("/new-password", || post(join::change_forced))
        .sends("current_password=wrong&password=long+enough+to+be+one"),
    Route::get("/welcome", || get(welcome::show)),
    Route::post("/welcome", || post(welcome::save)),
    Route::get("/welcome/{token}", || get(welcome::first)),
    Route::post("/welcome/{token}", || post(welcome::become_first)),
    Route::get("/me", || get(me::form)),
    Route::post("/me", || post(me::save)).sends("shortcuts=yes&rows=50"),
    // With another's password: whoever sends the sample goes on with the session.
    Route::post("/me/password", || post(me::change_password))
        .sends("current_password=wrong&new_password=long+enough+to+be+one"),
    Route::get("/me/passkeys/new", || get(passkeys::form)),
    Route::post("/me/passkeys/new", || post(passkeys::begin)).sends("name=Laptop&password=wrong"),
    Route::post("/me/passkeys", || post(passkeys::add)).sends("name=Laptop&passkey=made-up"),
    Route::get("/me/passkeys/{passkey}", || get(passkeys::show)),
    Route::post("/me/passkeys/{passkey}", || post(passkeys::rename)).sends("name=Laptop"),
    Route::post("/me/passkeys/{passkey}/remove", || post(passkeys::remove)).sends("password=wrong"),
    // A session that is not there: whoever sends the sample goes on with theirs.
    Route::post("/me/sessions/end", || post(me::end_session)).sends("session=AAAA"),
    Route::post("/me/sessions/end-others", || post(me::end_others)),
    Route::get("/shortcuts", || get(me::shortcuts)),
    Route::get("/settings", || get(settings::form)),
    Route::post("/settings", || post(settings::save)),
    Route::get("/settings/branding", || get(branding::form)),
    Route::post("/settings/branding", || post(branding::save)),
    Route::get("/settings/branding/preview.css", || get(branding::preview)),
    Route::get("/settings/users", || get(users::list)),
    Route::post("/settings/users", || post(users::add)).sends("email=new-{new}%40example.org&name=New"),
    Route::get("/settings/users/{user}", || get(users::show)),
    Route::post("/settings/users/{user}/duties", || post(users::set_duties)).sends("duties=analyst"),
    Route::post("/settings/users/{user}/disabled", || post(users::set_disabled)).sends("disabled=yes"),
    Route::post("/settings/users/{user}/reset", || post(users::reset)),
    Route::post("/settings/users/{user}/second-step/reset", || post(second_step::reset)),
    Route::get("/settings/teams", || get(teams::list)),
    Route::post("/settings/teams", || post(teams::add)).sends("name=Team+{new}&function=serve"),
    Route::get("/settings/teams/{team}", || get(teams::show)),
    Route::post("/settings/teams/{team}", || post(teams::change)).sends("name=Housing+{team}&function=serve"),
    // Without the tick, so that it is still there for whoever comes next.
    Route::post("/settings/teams/{team}/delete", || post(teams::delete)),
    Route::post("/settings/teams/{team}/members", || post(teams::add_member)).sends("user={user}"),
    // Somebody who is in no team.
    Route::post("/settings/teams/{team}/members/{job}/remove", || post(teams::remove_member)),
    Route::get("/settings/keys", || get(keys::list)),
    Route::post("/settings/keys", || post(keys::add)).sends("name=Website&scopes=feedback%3Aread"),
    Route::post("/settings/keys/{api_key}/rotate", || post(keys::rotate)).sends("overlap_hours=24"),
    Route::post("/settings/keys/{api_key}/revoke", || post(keys::revoke)),
    Route::get("/settings/hooks", || get(hooks::list)),
    Route::get("/settings/hooks/new", || get(hooks::new)),
    Route::post("/settings/hooks", || post(hooks::add)).sends("name=Cases&address=https%3A%2F%2Fexample.org%2Fhook"),
    Route::get("/settings/hooks/{hook}", || get(hooks::show)),
    Route::post("/settings/hooks/{hook}", || post(hooks::change))
        .sends("name=Cases&address=https%3A%2F%2Fexample.org%2Fhook&kinds=alert.raised"),
    Route::post("/settings/hooks/{hook}/enabled", || post(hooks::set_enabled)).sends("enabled=yes"),
    Route::post("/settings/hooks/{hook}/test", || post(hooks::test)),
    Route::post("/settings/hooks/{hook}/secret", || post(hooks::roll_secret)),
    Route::post("/settings/hooks/{hook}/deliveries/{delivery}/retry", || post(hooks::retry)),
    // Another one than above: whoever may has deleted it by then.
    Route::get("/settings/hooks/{old_hook}/delete", || get(hooks::ask_delete)),
    Route::post("/settings/hooks/{old_hook}/delete", || post(hooks::delete)),
    Route::get("/settings/retention", || get(retention::form)),
    Route::post("/settings/retention", || post(retention::save)),
    Route::post("/settings/retention/clock", || post(retention::confirm_clock)),
    Route::get("/settings/audit", || get(audit::list)),
    Route::get("/settings/jobs", || get(jobs::list)),
    Route::post("/settings/jobs/{job}/retry", || post(jobs::retry)),
    Route::post("/settings/jobs/{job}/cancel", || post(jobs::cancel)),
    Route::get("/events", || get(live::events)),
];
