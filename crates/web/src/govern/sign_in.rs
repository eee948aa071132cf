//! Sign-in and sign-out, and what was typed before a session ended on its way through them.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use commonweal_app::Error;
use commonweal_domain::records::User;

use crate::govern::carry::Carried;
use crate::http::error::{Failure, WebResult};
use crate::http::session::{self, Begun, Browser, Cookies, Kept, MaybeSignedIn, safe_next};
use crate::http::state::WebState;
use crate::l10n::{self, Say};
use crate::ui::form::{Errors, Fields};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "govern/sign_in.html")]
struct SignInPage {
    say: Say,
    body_name: String,
    branding: Option<String>,
    errors: Errors,
    email: String,
    stay: bool,
    next: String,
    /// Whether a session has ended before what was sent could be saved.
    ended: bool,
    carried: Option<Carried>,
    /// The sign-in service of the body: what it is called, and where to go.
    outside: Option<(String, String)>,
    /// Whether that is the only way in.
    only: bool,
    /// Whether people may sign in with passkeys.
    passkeys: bool,
    /// Where somebody who has signed out here signs out there too.
    out_there: Option<String>,
}

impl SignInPage {
    fn empty(state: &WebState) -> Self {
        let settings = state.app.settings();
        Self {
            say: l10n::console(),
            branding: crate::ui::branding::address(&settings.branding),
            body_name: settings.name,
            errors: Errors::default(),
            email: String::new(),
            stay: false,
            next: String::new(),
            ended: false,
            carried: None,
            outside: state.app.outside_name().map(|name| (name.to_owned(), "/sign-in/out".to_owned())),
            only: state.app.only_outside(),
            passkeys: state.app.no_passkeys().is_none(),
            out_there: None,
        }
    }

    /// Goes on to where somebody wanted to go, by the body's own service too.
    fn to(self, next: String) -> Self {
        let query = serde_urlencoded::to_string([("next", next.as_str())]).unwrap_or_default();
        let outside = self.outside.map(|(name, _)| match next.is_empty() {
            true => (name, "/sign-in/out".to_owned()),
            false => (name, format!("/sign-in/out?{query}")),
        });
        Self { outside, next, ..self }
    }
}

/// The form with why the body's own service did not sign somebody in.
pub(crate) fn told(state: &WebState, error: Error, next: &str) -> WebResult<Response> {
    let (status, wait, errors) = refused(error)?;
    let page = SignInPage { errors, ..SignInPage::empty(state) }.to(next.to_owned());
    Ok((status, wait, Page(page)).into_response())
}

/// The same for somebody who came back from there without having signed in.
pub(crate) fn not_signed_in(state: &WebState) -> impl IntoResponse {
    let name = state.app.outside_name().unwrap_or_default().to_owned();
    let errors = Errors::whole(l10n::console().with("sign-in-outside-not", &[("name", name.into())]));
    Page(SignInPage { errors, ..SignInPage::empty(state) })
}

#[derive(Template)]
#[template(path = "govern/sign_in_code.html")]
struct CodePage {
    say: Say,
    body_name: String,
    branding: Option<String>,
    errors: Errors,
    passkeys: bool,
    ticket: String,
    stay: bool,
    next: String,
    carried: Option<Carried>,
}

impl CodePage {
    fn empty(state: &WebState, ticket: String) -> Self {
        let settings = state.app.settings();
        Self {
            say: l10n::console(),
            branding: crate::ui::branding::address(&settings.branding),
            body_name: settings.name,
            errors: Errors::default(),
            passkeys: state.app.no_passkeys().is_none(),
            ticket,
            stay: false,
            next: String::new(),
            carried: None,
        }
    }
}

#[derive(Template)]
#[template(path = "govern/sign_in_continue.html")]
struct ContinuePage {
    say: Say,
    branding: Option<String>,
    body_name: String,
    user: String,
    carried: Carried,
    /// What is sent, as people typed it.
    shown: Vec<String>,
}

/// The form; whoever is signed in already is sent on.
pub(crate) async fn form(
    State(state): State<WebState>,
    MaybeSignedIn(here): MaybeSignedIn,
    uri: axum::http::Uri,
) -> Response {
    let asked = Fields::parse(uri.query().unwrap_or_default());
    let next = safe_next(asked.exact("next")).unwrap_or_default().to_owned();
    if here.is_some() {
        return Redirect::to(if next.is_empty() { "/" } else { &next }).into_response();
    }
    let out_there = match asked.get("out") {
        "yes" => {
            state.app.sign_out_outside(&format!("{}/sign-in", state.config.public_url.trim_end_matches('/'))).await
        }
        _ => None,
    };
    let page = SignInPage { ended: asked.get("ended") == "yes", out_there, ..SignInPage::empty(&state) };
    Page(page.to(next)).into_response()
}

/// The form for somebody whose session ended before what they sent could be saved.
pub(crate) fn ended(state: &WebState, carried: Carried) -> Response {
    let page = SignInPage { carried: Some(carried), ended: true, ..SignInPage::empty(state) };
    (StatusCode::UNAUTHORIZED, Page(page)).into_response()
}

/// Signs in and goes on to where somebody wanted to go, or to what they had sent before.
pub(crate) async fn sign_in(
    State(state): State<WebState>,
    jar: CookieJar,
    browser: Browser,
    fields: Fields,
) -> WebResult<Response> {
    let next = safe_next(fields.exact("next")).unwrap_or_default().to_owned();
    let (email, password) = (fields.get("email"), fields.exact("password"));
    let stay = fields.get("stay") == "yes";
    let carried = Carried::sent_back(&fields);
    let mut missing = commonweal_domain::FieldErrors::default();
    if email.is_empty() {
        missing.add("email", "required", l10n::console().t("sign-in-email-missing"));
    }
    if password.is_empty() {
        missing.add("password", "required", l10n::console().t("sign-in-password-missing"));
    }
    let outcome = match missing.into_result(()) {
        Ok(()) => session::begin(&state, jar, browser, email, password, stay).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    let (status, wait, errors) = match outcome {
        Ok(Begun::In(signed_in)) => return Ok(signed_in_page(&state, *signed_in, carried, &next)),
        Ok(Begun::Code(ticket)) => {
            let page = CodePage { stay, next, carried, ..CodePage::empty(&state, ticket) };
            return Ok(Page(page).into_response());
        }
        Err(e) => refused(e)?,
    };
    // The password is not sent back: it would stand in the page.
    let page = SignInPage {
        errors,
        email: email.to_owned(),
        stay,
        next,
        ended: carried.is_some(),
        carried,
        ..SignInPage::empty(&state)
    };
    Ok((status, wait, Page(page)).into_response())
}

/// On to where somebody wanted to go, or to what they had sent before.
fn signed_in_page(
    state: &WebState,
    (cookies, user): (Cookies, User),
    carried: Option<Carried>,
    next: &str,
) -> Response {
    match carried {
        Some(carried) => (cookies, Page(continue_page(state, user.name, carried))).into_response(),
        None => (cookies, Redirect::to(if next.is_empty() { "/" } else { next })).into_response(),
    }
}

/// The page of the code, for somebody who has typed the right password or comes from the body's own service.
pub(crate) fn code_page(state: &WebState, ticket: String, next: String) -> Response {
    Page(CodePage { next, ..CodePage::empty(state, ticket) }).into_response()
}

/// Goes on with the code.
pub(crate) async fn code(
    State(state): State<WebState>,
    jar: CookieJar,
    browser: Browser,
    fields: Fields,
) -> WebResult<Response> {
    let next = safe_next(fields.exact("next")).unwrap_or_default().to_owned();
    let (ticket, stay) = (fields.get("ticket"), fields.get("stay") == "yes");
    let carried = Carried::sent_back(&fields);
    let error = match session::begin_by_code(&state, jar, browser, (ticket, fields.get("code")), stay).await {
        Ok(signed_in) => return Ok(signed_in_page(&state, signed_in, carried, &next)),
        Err(error) => error,
    };
    // Too long ago: what was typed before the sign-in goes through it once more.
    if matches!(error, Error::Unauthenticated) {
        return match carried {
            Some(carried) => Ok(ended(&state, carried)),
            None => Err(Failure::sign_in(Some(next.as_str()).filter(|next| !next.is_empty()))),
        };
    }
    let (status, wait, errors) = refused(error)?;
    let page = CodePage { errors, stay, next, carried, ..CodePage::empty(&state, ticket.to_owned()) };
    Ok((status, wait, Page(page)).into_response())
}

/// What a browser asks its device.
pub(crate) async fn begin_passkey(State(state): State<WebState>, jar: CookieJar) -> WebResult<Response> {
    let begun = state.app.begin_passkey_sign_in().await?;
    let jar = Kept::Passkey.keep(&state, jar, begun.ticket);
    Ok((jar, [(header::CONTENT_TYPE, "application/json")], begun.options).into_response())
}

/// Signs in with what the device answered, and goes on as after a password.
pub(crate) async fn passkey(
    State(state): State<WebState>,
    jar: CookieJar,
    browser: Browser,
    fields: Fields,
) -> WebResult<Response> {
    let next = safe_next(fields.exact("next")).unwrap_or_default().to_owned();
    let stay = fields.get("stay") == "yes";
    let carried = Carried::sent_back(&fields);
    let ticket = Kept::Passkey.ticket(&state, &jar).to_owned();
    // Good for one try, whatever becomes of it.
    let jar = Kept::Passkey.forget(&state, jar);
    let proof = (ticket.as_str(), fields.exact("passkey"));
    let error = match session::begin_by_passkey(&state, jar.clone(), browser, proof, stay).await {
        Ok(signed_in) => return Ok(signed_in_page(&state, signed_in, carried, &next)),
        Err(error) => error,
    };
    let (status, wait, errors) = refused(error)?;
    let page = SignInPage { errors, stay, ended: carried.is_some(), carried, ..SignInPage::empty(&state) }.to(next);
    Ok((status, wait, jar, Page(page)).into_response())
}

/// The status of a refused sign-in, when to try again, and what is said in the form, in which what was typed stays.
type Refused = (StatusCode, Option<[(header::HeaderName, String); 1]>, Errors);

/// What is said to somebody who could not sign in.
fn refused(error: Error) -> Result<Refused, Error> {
    let after = |seconds: u64| Some([(header::RETRY_AFTER, seconds.to_string())]);
    Ok(match error {
        Error::TooMany { retry_after_s } => {
            (StatusCode::TOO_MANY_REQUESTS, after(retry_after_s), Errors::whole(error.to_string()))
        }
        Error::Unavailable { retry_after_s, .. } => {
            (StatusCode::SERVICE_UNAVAILABLE, after(retry_after_s), Errors::whole(error.to_string()))
        }
        other => (StatusCode::UNPROCESSABLE_ENTITY, None, Errors::of_error(other)?),
    })
}

fn continue_page(state: &WebState, user: String, carried: Carried) -> ContinuePage {
    // What the page put into the form itself says nothing to people.
    let typed = carried.fields.iter().filter(|(name, _)| !matches!(name.as_str(), "key" | "version"));
    let settings = state.app.settings();
    ContinuePage {
        say: l10n::console(),
        branding: crate::ui::branding::address(&settings.branding),
        body_name: settings.name,
        user,
        shown: typed.map(|(_, value)| value.trim().to_owned()).filter(|v| !v.is_empty()).collect(),
        carried,
    }
}

/// Ends the session of this browser.
pub(crate) async fn sign_out(State(state): State<WebState>, jar: CookieJar) -> WebResult<Response> {
    let jar = session::end(&state, jar).await?;
    // A form may not lead to another server (the policy of the pages says so): the page has a link instead.
    let to = if state.app.outside_name().is_some() { "/sign-in?out=yes" } else { "/sign-in" };
    Ok((jar, Redirect::to(to)).into_response())
}
