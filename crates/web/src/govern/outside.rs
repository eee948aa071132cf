//! Signing in by the body's own sign-in service: out to it and back.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use commonweal_app::govern::outside::CameBack;

use crate::govern::sign_in;
use crate::http::error::WebResult;
use crate::http::session::{self, Begun, Browser, Kept, safe_next};
use crate::http::state::WebState;
use crate::ui::form::Fields;

/// Where the browser comes back to. From the configuration, never from the request.
fn back(state: &WebState) -> String {
    format!("{}/sign-in/back", state.config.public_url.trim_end_matches('/'))
}

/// Sends the browser to the service.
pub(crate) async fn out(State(state): State<WebState>, jar: CookieJar, uri: axum::http::Uri) -> WebResult<Response> {
    let asked = Fields::parse(uri.query().unwrap_or_default());
    let next = safe_next(asked.exact("next")).unwrap_or_default();
    if state.app.outside_name().is_none() {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    match state.app.begin_outside(&back(&state), next).await {
        Ok(begun) => {
            let jar = Kept::Outside.keep(&state, jar, begun.ticket);
            Ok((jar, Redirect::to(&begun.address)).into_response())
        }
        Err(e) => sign_in::told(&state, e, next),
    }
}

/// The browser comes back.
pub(crate) async fn came_back(
    State(state): State<WebState>,
    jar: CookieJar,
    browser: Browser,
    uri: axum::http::Uri,
) -> WebResult<Response> {
    if state.app.outside_name().is_none() {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let asked = Fields::parse(uri.query().unwrap_or_default());
    let ticket = Kept::Outside.ticket(&state, &jar).to_owned();
    // Good for one try, whatever becomes of it.
    let jar = Kept::Outside.forget(&state, jar);
    if !asked.get("error").is_empty() {
        let page = sign_in::not_signed_in(&state);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, jar, page).into_response());
    }
    let came = CameBack {
        ticket: &ticket,
        state: asked.exact("state"),
        code: asked.exact("code"),
        issuer: asked.exact("iss"),
    };
    match session::begin_outside(&state, jar.clone(), browser, &back(&state), came).await {
        Ok((Begun::In(signed_in), next)) => {
            Ok((signed_in.0, Redirect::to(safe_next(&next).unwrap_or("/"))).into_response())
        }
        Ok((Begun::Code(ticket), next)) => Ok((jar, sign_in::code_page(&state, ticket, next)).into_response()),
        Err(e) => Ok((jar, sign_in::told(&state, e, "")?).into_response()),
    }
}
