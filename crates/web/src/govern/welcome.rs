//! The first run: the first administrator, then what a new body has to say about itself, in three steps
//! that can be left, taken up again and skipped.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use chrono_tz::Tz;
use commonweal_app::govern::first_run::FirstSteps;
use commonweal_domain::{BodySettings, FieldErrors, Permission};

use crate::govern::settings::zones;
use crate::govern::sign_in;
use crate::http::error::WebResult;
use crate::http::session::{self, Begun, Browser};
use crate::http::state::WebState;
use crate::l10n::{self, Say};
use crate::ui::choice::Choice;
use crate::ui::form::{Errors, Fields};
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;

/// Steps of the first run.
const STEPS: u8 = 3;

#[derive(Template)]
#[template(path = "govern/welcome_first.html")]
struct FirstPage {
    say: Say,
    branding: Option<String>,
    body_name: String,
    errors: Errors,
    token: String,
    /// Whether the address may still be used.
    good: bool,
    name: String,
    email: String,
}

#[derive(Template)]
#[template(path = "govern/welcome.html")]
struct WelcomePage {
    frame: Frame,
    say: Say,
    errors: Errors,
    step: u8,
    progress: String,
    steps: Vec<(u8, String, bool)>,
    name: String,
    person_word: String,
    zones: Vec<Choice>,
    service: String,
    touchpoints: String,
}

/// The form by which the first administrator comes to be, or why it is not there any more.
pub(crate) async fn first(State(state): State<WebState>, Path(token): Path<String>) -> WebResult<Response> {
    let good = state.app.first_token_is_good(&token).await?;
    let page = FirstPage { good, ..FirstPage::empty(&state, token) };
    let status = if good { StatusCode::OK } else { StatusCode::NOT_FOUND };
    Ok((status, Page(page)).into_response())
}

/// Makes the first administrator, signs them in and leads on.
pub(crate) async fn become_first(
    State(state): State<WebState>,
    Path(token): Path<String>,
    jar: CookieJar,
    browser: Browser,
    fields: Fields,
) -> WebResult<Response> {
    if !state.app.first_token_is_good(&token).await? {
        return Ok((StatusCode::NOT_FOUND, Page(FirstPage::empty(&state, token))).into_response());
    }
    let (email, name, password) = (fields.get("email"), fields.get("name"), fields.exact("password"));
    match state.app.first_administrator(&token, email, name, password).await {
        // They are known to the body's own service, by this address.
        Ok(_) if state.app.only_outside() => Ok(Redirect::to("/sign-in").into_response()),
        Ok(user) => Ok(match session::begin(&state, jar, browser, &user.email, password, false).await? {
            Begun::In(signed_in) => (signed_in.0, Redirect::to("/welcome")).into_response(),
            Begun::Code(ticket) => sign_in::code_page(&state, ticket, String::new()),
        }),
        Err(e) => {
            let errors = Errors::of_error(e)?;
            let page = FirstPage {
                good: true,
                errors,
                name: name.to_owned(),
                email: email.to_owned(),
                ..FirstPage::empty(&state, token)
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

impl FirstPage {
    fn empty(state: &WebState, token: String) -> Self {
        let settings = state.app.settings();
        Self {
            say: l10n::console(),
            branding: crate::ui::branding::address(&settings.branding),
            body_name: settings.name,
            errors: Errors::default(),
            token,
            good: false,
            name: String::new(),
            email: String::new(),
        }
    }
}

/// The step asked for, or the first that is not done; back to the Overview when nothing is left.
pub(crate) async fn show(visit: Visit) -> WebResult<Response> {
    let done = visit.app().first_steps(&visit.actor).await?;
    let asked: Option<u8> = Fields::parse(visit.query()).get("step").parse().ok().filter(|s| (1..=STEPS).contains(s));
    let Some(step) = asked.or_else(|| next(done)) else {
        return Ok(Redirect::to("/").into_response());
    };
    Ok(Page(page(&visit, step, Errors::default(), None).await?).into_response())
}

/// Saves a step and goes on to the next.
pub(crate) async fn save(visit: Visit, fields: Fields) -> WebResult<Response> {
    visit.require(Permission::Administer)?;
    let (step, outcome) = match fields.get("step") {
        "1" => (1, save_body(&visit, &fields).await),
        "2" => {
            let touchpoints: Vec<String> = fields
                .exact("touchpoints")
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty())
                .map(str::to_owned)
                .collect();
            (2, visit.app().add_service(&visit.actor, fields.get("service"), &touchpoints).await.map(|_| ()))
        }
        _ => return Ok(Redirect::to("/welcome").into_response()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/welcome?step={}", step + 1)).into_response()),
        Err(e) => {
            let mut errors = Errors::of_error(e)?;
            for item in &mut errors.items {
                // The field of the name is called after what it names here.
                if step == 2 && item.field == "name" {
                    item.field = "service".to_owned();
                }
            }
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok((status, Page(page(&visit, step, errors, Some(&fields)).await?)).into_response())
        }
    }
}

async fn save_body(visit: &Visit, fields: &Fields) -> commonweal_app::Result<()> {
    let (version, current) = visit.app().settings_to_change(&visit.actor).await?;
    let zone: Tz = fields
        .get("time_zone")
        .parse()
        .map_err(|_| FieldErrors::one("time_zone", "unknown", l10n::console().t("welcome-zone-unknown")))?;
    let settings = BodySettings {
        name: fields.get("name").to_owned(),
        person_word: fields.get("person_word").to_owned(),
        time_zone: zone,
        ..current
    };
    visit.app().save_settings(&visit.actor, version, settings).await
}

/// The first step that is not done.
fn next(done: FirstSteps) -> Option<u8> {
    [done.body, done.service, done.feedback].iter().position(|d| !d).and_then(|p| u8::try_from(p + 1).ok())
}

async fn page(visit: &Visit, step: u8, errors: Errors, typed: Option<&Fields>) -> WebResult<WelcomePage> {
    let say = l10n::console();
    let done = visit.app().first_steps(&visit.actor).await?;
    let (version, settings) = visit.app().settings_to_change(&visit.actor).await?;
    let value = |name: &str, else_: String| typed.map_or(else_, |f| f.exact(name).to_owned());
    let title = say.t(&format!("welcome-step-{step}"));
    let suggested = ["find-out", "apply", "wait", "use", "complain"].map(|t| say.t(&format!("welcome-touchpoint-{t}")));
    let progress = say.with("welcome-progress", &[("step", step.into()), ("of", STEPS.into())]);
    let frame = visit.frame(errors.headed(format!("{title} ({progress})"), say)).await?;
    let steps = [done.body, done.service, done.feedback];
    Ok(WelcomePage {
        frame,
        errors,
        step,
        progress,
        steps: (1..=STEPS).zip(steps).map(|(n, done)| (n, say.t(&format!("welcome-step-{n}")), done)).collect(),
        // Nobody's body is called so: the field is empty until somebody says.
        name: value("name", if version == 0 { String::new() } else { settings.name }),
        person_word: value("person_word", settings.person_word),
        zones: zones(&value("time_zone", settings.time_zone.name().to_owned())),
        service: value("service", String::new()),
        touchpoints: value("touchpoints", suggested.join("\n")),
        say,
    })
}
