//! One's own passkeys: adding, renaming, removing. The page that adds one is outside the console's frame, because some are
//! led there before they may see anything else.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use commonweal_app::Error;
use commonweal_app::govern::passkeys::{Again, AskedAgain};
use commonweal_domain::PasskeyId;

use super::second_step::somebody;
use crate::http::error::WebResult;
use crate::http::session::{self, Browser, Kept, MaybeSignedIn, SignedIn};
use crate::http::state::WebState;
use crate::l10n::{self, Say};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "govern/passkey_new.html")]
struct NewPage {
    say: Say,
    branding: Option<String>,
    body_name: String,
    errors: Errors,
    /// Whether the body demands a second step of this user, who has none.
    demanded: bool,
    /// Why no passkey can be used here.
    no_passkeys: Option<String>,
    asked: AskedAgain,
    name: String,
    /// What the browser asks its device, once it may.
    options: Option<String>,
}

#[derive(Template)]
#[template(path = "govern/passkey.html")]
struct OnePage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    /// The name that is kept, and the one that was typed.
    kept: String,
    name: String,
    added: String,
    used: String,
    asked: AskedAgain,
}

/// One of one's own passkeys.
pub(super) struct PasskeyRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) added: String,
    pub(super) used: String,
}

/// One's own passkeys.
pub(super) async fn rows(visit: &Visit) -> WebResult<Vec<PasskeyRow>> {
    if visit.user.passkeys == 0 {
        return Ok(Vec::new());
    }
    let (say, now) = (l10n::console(), visit.app().now());
    let all = visit.app().own_passkeys(&visit.actor).await?.into_iter();
    Ok(all
        .map(|passkey| PasskeyRow {
            id: passkey.id.to_string(),
            name: passkey.name,
            added: format::moment(passkey.created_at, now, visit.zone()),
            used: passkey.used_at.map_or_else(|| say.t("passkeys-never"), |at| format::moment(at, now, visit.zone())),
        })
        .collect())
}

async fn page(state: &WebState, here: &SignedIn, errors: Errors, name: &str) -> WebResult<NewPage> {
    let (settings, say) = (state.app.settings(), l10n::console());
    Ok(NewPage {
        branding: crate::ui::branding::address(&settings.branding),
        body_name: settings.name,
        errors,
        demanded: state.app.second_step_is_missing(&here.user),
        no_passkeys: state.app.no_passkeys().map(|why| say.refusal(&why)),
        say,
        asked: state.app.asked_again(&here.actor).await?,
        name: name.to_owned(),
        options: None,
    })
}

/// What somebody types again. The session stands for those who have nothing to type.
fn typed<'a>(state: &WebState, jar: &'a CookieJar, fields: &'a Fields) -> Again<'a> {
    let session = session::token(state, jar);
    Again { password: fields.exact("password"), code: fields.get("code"), session }
}

/// The form in which somebody shows once more that it is them.
pub(crate) async fn form(
    State(state): State<WebState>,
    MaybeSignedIn(here): MaybeSignedIn,
    browser: Browser,
) -> WebResult<Response> {
    let here = somebody(&state, here)?;
    Ok(Page(page(&state, &here, Errors::default(), &browser.0.browser).await?).into_response())
}

/// The page on which the browser makes it.
pub(crate) async fn begin(
    State(state): State<WebState>,
    MaybeSignedIn(here): MaybeSignedIn,
    jar: CookieJar,
    fields: Fields,
) -> WebResult<Response> {
    let here = somebody(&state, here)?;
    let name = fields.get("name");
    match state.app.begin_passkey(&here.actor, name, typed(&state, &jar, &fields)).await {
        Ok(begun) => {
            let page = NewPage { options: Some(begun.options), ..page(&state, &here, Errors::default(), name).await? };
            Ok((Kept::Passkey.keep(&state, jar, begun.ticket), Page(page)).into_response())
        }
        Err(e) => again(&state, &here, e, name).await,
    }
}

/// Adds what the device has made.
pub(crate) async fn add(
    State(state): State<WebState>,
    MaybeSignedIn(here): MaybeSignedIn,
    jar: CookieJar,
    fields: Fields,
) -> WebResult<Response> {
    let here = somebody(&state, here)?;
    let name = fields.get("name");
    let ticket = Kept::Passkey.ticket(&state, &jar).to_owned();
    // Good for one try, whatever becomes of it.
    let jar = Kept::Passkey.forget(&state, jar);
    match state.app.add_passkey(&here.actor, &ticket, fields.exact("passkey"), name).await {
        Ok(_) => Ok((jar, Redirect::to(&with_done("/me", "passkey-added"))).into_response()),
        Err(e) => Ok((jar, again(&state, &here, e, name).await?).into_response()),
    }
}

/// The form with what was wrong.
async fn again(state: &WebState, here: &SignedIn, error: Error, name: &str) -> WebResult<Response> {
    let (status, errors) = wrong(error)?;
    Ok((status, Page(page(state, here, errors, name).await?)).into_response())
}

fn wrong(error: Error) -> Result<(StatusCode, Errors), Error> {
    Ok(match error {
        e @ Error::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, Errors::whole(e.to_string())),
        e @ Error::Conflict { .. } => (StatusCode::CONFLICT, Errors::of_error(e)?),
        e => (StatusCode::UNPROCESSABLE_ENTITY, Errors::of_error(e)?),
    })
}

async fn one(visit: &Visit, id: PasskeyId, errors: Errors, name: Option<&str>) -> WebResult<OnePage> {
    let (say, now) = (l10n::console(), visit.app().now());
    let passkey = visit.app().own_passkey(&visit.actor, id).await?;
    let title = say.with("passkeys-head", &[("name", passkey.name.as_str().into())]);
    Ok(OnePage {
        frame: visit.frame(errors.headed(title, say)).await?,
        errors,
        id: id.to_string(),
        name: name.unwrap_or(&passkey.name).to_owned(),
        kept: passkey.name,
        added: format::moment(passkey.created_at, now, visit.zone()),
        used: passkey.used_at.map_or_else(|| say.t("passkeys-never"), |at| format::moment(at, now, visit.zone())),
        asked: visit.app().asked_again(&visit.actor).await?,
        say,
    })
}

/// The page of one with what was wrong.
async fn refused(visit: &Visit, id: PasskeyId, error: Error, name: Option<&str>) -> WebResult<Response> {
    let (status, errors) = wrong(error)?;
    Ok((status, Page(one(visit, id, errors, name).await?)).into_response())
}

/// One of one's own passkeys.
pub(crate) async fn show(visit: Visit, Path(id): Path<PasskeyId>) -> WebResult<Response> {
    Ok(Page(one(&visit, id, Errors::default(), None).await?).into_response())
}

/// Gives it another name.
pub(crate) async fn rename(visit: Visit, Path(id): Path<PasskeyId>, fields: Fields) -> WebResult<Response> {
    let name = fields.get("name");
    match visit.app().rename_passkey(&visit.actor, id, name).await {
        Ok(()) => Ok(Redirect::to(&with_done("/me", "passkey-renamed")).into_response()),
        Err(e) => refused(&visit, id, e, Some(name)).await,
    }
}

/// Removes it.
pub(crate) async fn remove(
    visit: Visit,
    jar: CookieJar,
    Path(id): Path<PasskeyId>,
    fields: Fields,
) -> WebResult<Response> {
    match visit.app().remove_passkey(&visit.actor, id, typed(&visit.state, &jar, &fields)).await {
        Ok(()) => Ok(Redirect::to(&with_done("/me", "passkey-removed")).into_response()),
        Err(e) => refused(&visit, id, e, None).await,
    }
}
