//! Where people choose their own password: by a one-time link, and when they signed in with one that another knows.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use commonweal_app::Error;
use commonweal_domain::records::User;

use crate::govern::sign_in;
use crate::http::error::{Failure, NEW_PASSWORD, WebResult};
use crate::http::session::{self, Begun, Browser, MaybeSignedIn, SignedIn};
use crate::http::state::WebState;
use crate::l10n::{self, Say};
use crate::ui::form::{Errors, Fields};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "govern/join.html")]
struct JoinPage {
    say: Say,
    branding: Option<String>,
    body_name: String,
    errors: Errors,
    /// Where the form is sent.
    address: String,
    /// Whose password it is; nobody's when the link is worth nothing.
    email: Option<String>,
    name: String,
    /// Whether the password that is known to another has to be typed too.
    forced: bool,
}

impl JoinPage {
    fn of(state: &WebState, address: String, user: Option<User>, forced: bool) -> Self {
        let settings = state.app.settings();
        let (email, name) = user.map_or((None, String::new()), |user| (Some(user.email), user.name));
        Self {
            say: l10n::console(),
            branding: crate::ui::branding::address(&settings.branding),
            body_name: settings.name,
            errors: Errors::default(),
            address,
            email,
            name,
            forced,
        }
    }
}

/// The form behind a one-time link, or why it is not there any more.
pub(crate) async fn form(State(state): State<WebState>, Path(token): Path<String>) -> WebResult<Response> {
    if state.app.only_outside() {
        // There is no password to choose.
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let user = state.app.user_of_link(&token).await?;
    Ok(linked(&state, &token, user))
}

fn linked(state: &WebState, token: &str, user: Option<User>) -> Response {
    let status = if user.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    (status, Page(JoinPage::of(state, format!("/join/{token}"), user, false))).into_response()
}

/// Keeps the password that was chosen, uses the link up and signs in.
pub(crate) async fn join(
    State(state): State<WebState>,
    Path(token): Path<String>,
    jar: CookieJar,
    browser: Browser,
    fields: Fields,
) -> WebResult<Response> {
    match session::begin_by_link(&state, jar, browser, &token, fields.exact("password")).await {
        Ok(Begun::In(signed_in)) => Ok((signed_in.0, Redirect::to("/")).into_response()),
        Ok(Begun::Code(ticket)) => Ok(sign_in::code_page(&state, ticket, String::new())),
        Err(Error::NotFound(_)) => Ok(linked(&state, &token, None)),
        Err(e) => {
            let user = state.app.user_of_link(&token).await?;
            let page = JoinPage {
                errors: Errors::of_error(e)?,
                ..JoinPage::of(&state, format!("/join/{token}"), user, false)
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

/// The form for somebody who has to choose another password; others have nothing to do here.
pub(crate) async fn forced(State(state): State<WebState>, MaybeSignedIn(here): MaybeSignedIn) -> WebResult<Response> {
    let SignedIn { user, .. } = here.ok_or_else(|| Failure::sign_in(None))?;
    if !user.must_change {
        return Ok(Redirect::to("/me").into_response());
    }
    Ok(Page(JoinPage::of(&state, NEW_PASSWORD.to_owned(), Some(user), true)).into_response())
}

/// Keeps the other password. It ends every session, so a new one begins here.
pub(crate) async fn change_forced(
    State(state): State<WebState>,
    MaybeSignedIn(here): MaybeSignedIn,
    jar: CookieJar,
    browser: Browser,
    fields: Fields,
) -> WebResult<Response> {
    let SignedIn { user, actor } = here.ok_or_else(|| Failure::sign_in(None))?;
    let (current, new) = (fields.exact("current_password"), fields.exact("password"));
    let failed = match session::begin_anew(&state, jar, browser, &actor, (current, new)).await {
        Ok(cookies) => return Ok((cookies, Redirect::to("/")).into_response()),
        Err(e) => e,
    };
    let (status, errors) = match failed {
        e @ Error::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, Errors::whole(e.to_string())),
        e => (StatusCode::UNPROCESSABLE_ENTITY, Errors::of_error(e)?),
    };
    let page = JoinPage { errors, ..JoinPage::of(&state, NEW_PASSWORD.to_owned(), Some(user), true) };
    Ok((status, Page(page)).into_response())
}
