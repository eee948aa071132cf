//! One's own second step of signing in: setting it up, recovery codes, turning it off. Outside the console's frame,
//! because some are led here before they may see anything else.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_app::govern::second_step::Standing;
use commonweal_domain::UserId;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use super::users;
use crate::http::error::{Failure, SECOND_STEP, WebResult};
use crate::http::session::{self, MaybeSignedIn, SignedIn};
use crate::http::state::WebState;
use crate::l10n::{self, Say};
use crate::ui::form::{Errors, Fields};
use crate::ui::frame::{Visit, with_done};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "govern/second_step.html")]
struct SecondStepPage {
    say: Say,
    branding: Option<String>,
    body_name: String,
    errors: Errors,
    /// Whether the body demands it of this user, who has none.
    demanded: bool,
    /// Whether a passkey may stand in its place.
    passkeys: bool,
    /// For whom the password is left out.
    no_password: String,
    shown: Shown,
}

/// What the page is about.
enum Shown {
    Off,
    Begun {
        key: String,
        qr: String,
    },
    On {
        left: u64,
    },
    /// Recovery codes, this once.
    Codes(Vec<String>),
}

async fn page(
    state: &WebState,
    here: &SignedIn,
    errors: Errors,
    codes: Option<Vec<String>>,
) -> WebResult<SecondStepPage> {
    let shown = match codes {
        Some(codes) => Shown::Codes(codes),
        None => match state.app.second_step(&here.actor).await? {
            Standing::Off => Shown::Off,
            Standing::Begun(set_up) => {
                Shown::Begun { qr: qr(&set_up.address).map_err(Error::internal)?, key: set_up.key }
            }
            Standing::On(left) => Shown::On { left },
        },
    };
    let settings = state.app.settings();
    let demanded = state.app.second_step_is_missing(&here.user) && !matches!(shown, Shown::Codes(_));
    let say = l10n::console();
    let service = state.app.outside_name().map(|name| say.with("second-step-no-password", &[("name", name.into())]));
    Ok(SecondStepPage {
        say,
        passkeys: state.app.no_passkeys().is_none(),
        no_password: service.unwrap_or_default(),
        branding: crate::ui::branding::address(&settings.branding),
        body_name: settings.name,
        errors,
        demanded,
        shown,
    })
}

/// A QR code as an element of the page (the declaration before it belongs to files).
fn qr(text: &str) -> Result<String, qrcode::types::QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let file = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    Ok(file.find("<svg").map_or(String::new(), |begin| file[begin..].to_owned()))
}

/// Whoever is here, with a password of their own.
pub(super) fn somebody(state: &WebState, here: Option<SignedIn>) -> Result<SignedIn, Failure> {
    let here = here.ok_or_else(|| Failure::sign_in(Some(SECOND_STEP)))?;
    if session::must_change(state, &here.user) { Err(Failure::must_change_password()) } else { Ok(here) }
}

/// How it stands.
pub(crate) async fn form(State(state): State<WebState>, MaybeSignedIn(here): MaybeSignedIn) -> WebResult<Response> {
    let here = somebody(&state, here)?;
    Ok(Page(page(&state, &here, Errors::default(), None).await?).into_response())
}

/// Begins it, with a new key.
pub(crate) async fn begin(State(state): State<WebState>, MaybeSignedIn(here): MaybeSignedIn) -> WebResult<Response> {
    let here = somebody(&state, here)?;
    match state.app.begin_second_step(&here.actor).await {
        Ok(()) => Ok(Redirect::to(SECOND_STEP).into_response()),
        Err(e) => again(&state, &here, e).await,
    }
}

/// Turns it on with the first code. The answer is the page itself: the recovery codes can't be had again.
pub(crate) async fn confirm(
    State(state): State<WebState>,
    MaybeSignedIn(here): MaybeSignedIn,
    fields: Fields,
) -> WebResult<Response> {
    let here = somebody(&state, here)?;
    let made = state.app.confirm_second_step(&here.actor, fields.get("code")).await;
    shown_once(&state, &here, made).await
}

/// Other recovery codes in the place of those that are left.
pub(crate) async fn codes(
    State(state): State<WebState>,
    MaybeSignedIn(here): MaybeSignedIn,
    fields: Fields,
) -> WebResult<Response> {
    let here = somebody(&state, here)?;
    let (password, code) = (fields.exact("password"), fields.get("code"));
    let made = state.app.new_recovery_codes(&here.actor, password, code).await;
    shown_once(&state, &here, made).await
}

/// Turns it off.
pub(crate) async fn off(
    State(state): State<WebState>,
    MaybeSignedIn(here): MaybeSignedIn,
    fields: Fields,
) -> WebResult<Response> {
    let here = somebody(&state, here)?;
    let (password, code) = (fields.exact("password"), fields.get("code"));
    match state.app.turn_second_step_off(&here.actor, password, code).await {
        Ok(()) => Ok(Redirect::to(&with_done("/me", "second-step-off")).into_response()),
        Err(e) => again(&state, &here, e).await,
    }
}

/// The page with recovery codes that are shown this once, or with what was wrong.
async fn shown_once(state: &WebState, here: &SignedIn, made: Result<Vec<String>, Error>) -> WebResult<Response> {
    match made {
        Ok(codes) => Ok(Page(page(state, here, Errors::default(), Some(codes)).await?).into_response()),
        Err(e) => again(state, here, e).await,
    }
}

/// The page with what was wrong.
async fn again(state: &WebState, here: &SignedIn, error: Error) -> WebResult<Response> {
    let (status, errors) = match error {
        e @ Error::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, Errors::whole(e.to_string())),
        e @ Error::Conflict { .. } => (StatusCode::CONFLICT, Errors::of_error(e)?),
        e => (StatusCode::UNPROCESSABLE_ENTITY, Errors::of_error(e)?),
    };
    Ok((status, Page(page(state, here, errors, None).await?)).into_response())
}

/// Takes another user's away, who has lost their app and their codes.
pub(crate) async fn reset(visit: Visit, Path(id): Path<UserId>) -> WebResult<Response> {
    let outcome = visit.app().reset_second_step(&visit.actor, id).await;
    users::settled_one(&visit, id, outcome, "second-step-reset").await
}
