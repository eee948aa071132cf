//! What somebody wants the console to be like, their password, where they are signed in, and the sheet of shortcuts.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use commonweal_app::Error;
use commonweal_domain::Preferences;
use commonweal_domain::preferences::ROWS;

use super::duties;
use super::passkeys::{self, PasskeyRow};
use crate::http::error::WebResult;
use crate::http::session::{self, Browser};
use crate::http::state::WebState;
use crate::l10n::{self, Say};
use crate::ui::choice::Choice;
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "govern/me.html")]
struct MePage {
    frame: Frame,
    say: Say,
    errors: Errors,
    name: String,
    email: String,
    duties: String,
    shortcuts: bool,
    rows: Vec<Choice>,
    /// Whether people sign in with passwords.
    passwords: bool,
    second_step: bool,
    passkeys: Vec<PasskeyRow>,
    /// Why no passkey can be used here.
    no_passkeys: Option<String>,
    sessions: Vec<SessionRow>,
    /// Whether they are signed in anywhere but here.
    elsewhere: bool,
}

/// Where somebody is signed in.
struct SessionRow {
    id: String,
    browser: String,
    began: String,
    used: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "govern/shortcuts.html")]
struct ShortcutsPage {
    frame: Frame,
    say: Say,
    on: bool,
    keys: Vec<Shortcut>,
}

struct Shortcut {
    keys: &'static [&'static str],
    what: String,
}

/// The form.
pub(crate) async fn form(visit: Visit, jar: CookieJar) -> WebResult<Response> {
    let wanted = visit.preferences.clone();
    Ok(Page(page(&visit, &jar, &wanted, Errors::default()).await?).into_response())
}

/// Keeps what was chosen.
pub(crate) async fn save(visit: Visit, jar: CookieJar, fields: Fields) -> WebResult<Response> {
    let rows = fields.get("rows").parse().unwrap_or(0);
    let wanted = Preferences { shortcuts: fields.get("shortcuts") == "yes", rows };
    match visit.app().set_preferences(&visit.actor, &wanted).await {
        Ok(()) => Ok(Redirect::to(&with_done("/me", "preferences-saved")).into_response()),
        Err(e) => {
            let errors = Errors::of_error(e)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page(&visit, &jar, &wanted, errors).await?)).into_response())
        }
    }
}

/// Changes the own password. It ends every session, so a new one begins here.
pub(crate) async fn change_password(
    visit: Visit,
    State(state): State<WebState>,
    jar: CookieJar,
    browser: Browser,
    fields: Fields,
) -> WebResult<Response> {
    let (current, new) = (fields.exact("current_password"), fields.exact("new_password"));
    let failed = match session::begin_anew(&state, jar.clone(), browser, &visit.actor, (current, new)).await {
        Ok(cookies) => {
            return Ok((cookies, Redirect::to(&with_done("/me", "password-changed"))).into_response());
        }
        Err(e) => e,
    };
    let (status, errors) = match failed {
        e @ Error::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, Errors::whole(e.to_string())),
        e => (StatusCode::UNPROCESSABLE_ENTITY, Errors::of_error(e)?.renamed("password", "new_password")),
    };
    let wanted = visit.preferences.clone();
    Ok((status, Page(page(&visit, &jar, &wanted, errors).await?)).into_response())
}

/// Ends one session of one's own.
pub(crate) async fn end_session(visit: Visit, fields: Fields) -> WebResult<Response> {
    visit.app().end_own_session(&visit.actor, fields.exact("session")).await?;
    Ok(Redirect::to(&with_done("/me", "session-ended")).into_response())
}

/// Ends all sessions of one's own but this one.
pub(crate) async fn end_others(visit: Visit, jar: CookieJar) -> WebResult<Response> {
    visit.app().end_other_sessions(&visit.actor, session::token(&visit.state, &jar)).await?;
    Ok(Redirect::to(&with_done("/me", "sessions-ended")).into_response())
}

async fn page(visit: &Visit, jar: &CookieJar, wanted: &Preferences, errors: Errors) -> WebResult<MePage> {
    let say = l10n::console();
    let sessions = visit.app().own_sessions(&visit.actor, session::token(&visit.state, jar)).await?;
    let now = visit.app().now();
    Ok(MePage {
        passwords: !visit.app().only_outside(),
        second_step: visit.user.second_step,
        passkeys: passkeys::rows(visit).await?,
        no_passkeys: visit.app().no_passkeys().map(|why| say.refusal(&why)),
        elsewhere: sessions.iter().any(|s| !s.here),
        sessions: sessions
            .into_iter()
            .map(|s| SessionRow {
                id: s.id,
                browser: if s.browser.is_empty() { say.t("me-session-unknown") } else { s.browser },
                began: format::moment(s.began, now, visit.zone()),
                used: format::moment(s.used, now, visit.zone()),
                here: s.here,
            })
            .collect(),
        frame: visit.frame(errors.headed(say.t("me-title"), say)).await?,
        say,
        errors,
        name: visit.user.name.clone(),
        email: visit.user.email.clone(),
        duties: duties::named(&visit.user.grants, &visit.app().teams(&visit.actor).await?, say),
        shortcuts: wanted.shortcuts,
        rows: ROWS
            .iter()
            .map(|n| Choice::new(n.to_string(), say.count("me-rows-count", u64::from(*n)), *n == wanted.rows))
            .collect(),
    })
}

/// The sheet. The script shows the same in a dialog.
pub(crate) async fn shortcuts(visit: Visit) -> WebResult<Response> {
    let say = l10n::console();
    let key = |keys: &'static [&'static str], id: &str| Shortcut { keys, what: say.t(id) };
    let page = ShortcutsPage {
        frame: visit.frame(say.t("me-shortcuts")).await?,
        say,
        on: visit.preferences.shortcuts,
        keys: vec![
            key(&["/"], "me-key-search"),
            key(&["j"], "me-key-next"),
            key(&["k"], "me-key-previous"),
            key(&["o", "Enter"], "me-key-open"),
            key(&["Esc"], "me-key-close"),
            key(&["?"], "me-key-sheet"),
        ],
    };
    Ok(Page(page).into_response())
}
