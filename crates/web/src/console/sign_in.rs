//! Sign-in and sign-out.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use commonweal_app::Error;

use super::forms::{Errors, Fields};
use crate::WebState;
use crate::address::ClientAddress;
use crate::error::WebResult;
use crate::page::Page;
use crate::session::{self, MaybeSignedIn, safe_next};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    body_name: String,
    look: Option<String>,
    errors: Errors,
    email: String,
    stay: bool,
    next: String,
}

/// The form; whoever is signed in already is sent on.
pub(super) async fn form(
    State(state): State<WebState>,
    MaybeSignedIn(here): MaybeSignedIn,
    uri: axum::http::Uri,
) -> Response {
    let asked = Fields::parse(uri.query().unwrap_or_default());
    let next = safe_next(asked.exact("next")).unwrap_or_default().to_owned();
    if here.is_some() {
        return Redirect::to(if next.is_empty() { "/" } else { &next }).into_response();
    }
    let settings = state.app.settings();
    let (body_name, look) = (settings.name, crate::look::address(&settings.look));
    Page(SignInPage { body_name, look, errors: Errors::default(), email: String::new(), stay: false, next })
        .into_response()
}

/// Signs in and goes on to where somebody wanted to go.
pub(super) async fn sign_in(
    State(state): State<WebState>,
    jar: CookieJar,
    address: ClientAddress,
    fields: Fields,
) -> WebResult<Response> {
    let next = safe_next(fields.exact("next")).unwrap_or_default().to_owned();
    let (email, password) = (fields.get("email"), fields.exact("password"));
    let stay = fields.get("stay") == "yes";
    let mut missing = commonweal_domain::FieldErrors::default();
    if email.is_empty() {
        missing.add("email", "required", "Enter your email address.");
    }
    if password.is_empty() {
        missing.add("password", "required", "Enter your password.");
    }
    let outcome = match missing.into_result(()) {
        Ok(()) => session::begin(&state, jar, address, email, password, stay).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    let (status, errors) = match outcome {
        Ok(jar) => return Ok((jar, Redirect::to(if next.is_empty() { "/" } else { &next })).into_response()),
        Err(e @ Error::TooMany { .. }) => (StatusCode::TOO_MANY_REQUESTS, Errors::whole(e.to_string())),
        Err(e) => (StatusCode::UNPROCESSABLE_ENTITY, Errors::of_error(e)?),
    };
    let settings = state.app.settings();
    let (body_name, look) = (settings.name, crate::look::address(&settings.look));
    // The password is not sent back: it would stand in the page.
    let page = SignInPage { body_name, look, errors, email: email.to_owned(), stay, next };
    Ok((status, Page(page)).into_response())
}

/// Ends the session of this browser.
pub(super) async fn sign_out(State(state): State<WebState>, jar: CookieJar) -> WebResult<Response> {
    let jar = session::end(&state, jar).await?;
    Ok((jar, Redirect::to("/sign-in")).into_response())
}
