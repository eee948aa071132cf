//! What the body has decided about itself.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono_tz::Tz;
use commonweal_app::Error;
use commonweal_domain::{BodySettings, FieldErrors};

use super::forms::{Errors, Fields};
use super::frame::{Frame, Visit, with_done};
use crate::error::WebResult;
use crate::page::Page;

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    frame: Frame,
    errors: Errors,
    version: i64,
    name: String,
    person_word: String,
    time_zone: String,
    zones: Vec<&'static str>,
    minimum_group: String,
    notice: String,
    privacy_url: String,
    accessibility_url: String,
    /// What somebody else saved meanwhile, where it differs.
    theirs: Vec<(&'static str, String)>,
}

/// The form.
pub(super) async fn form(visit: Visit) -> WebResult<Response> {
    let (version, settings) = visit.app().settings_to_change(&visit.actor).await?;
    let page = SettingsPage {
        frame: visit.frame("The body: settings").await?,
        errors: Errors::default(),
        version,
        name: settings.name,
        person_word: settings.person_word,
        time_zone: settings.time_zone.name().to_owned(),
        zones: zones(),
        minimum_group: settings.minimum_group.to_string(),
        notice: settings.notice.unwrap_or_default(),
        privacy_url: settings.privacy_url.unwrap_or_default(),
        accessibility_url: settings.accessibility_url.unwrap_or_default(),
        theirs: Vec::new(),
    };
    Ok(Page(page).into_response())
}

/// Saves. When somebody else saved since the form was opened, it comes back with what was typed
/// here, what stands there now, and a second save goes through.
pub(super) async fn save(visit: Visit, fields: Fields) -> WebResult<Response> {
    let (current_version, current) = visit.app().settings_to_change(&visit.actor).await?;
    let based_on = fields.get("version").parse().unwrap_or(-1);
    let parsed = read(&fields, &current);
    let outcome = match &parsed {
        Ok(settings) if based_on != current_version && *settings != current => Err(Error::Conflict {
            code: "conflict",
            message: "Somebody else saved these settings while you had them open. Your input is kept below. Save again to put it in place of theirs.".to_owned(),
        }),
        Ok(settings) => visit.app().save_settings(&visit.actor, current_version, settings.clone()).await,
        Err(errors) => Err(Error::Invalid(errors.clone())),
    };
    let (status, errors) = match outcome {
        Ok(()) => return Ok(Redirect::to(&with_done("/settings", "settings-saved")).into_response()),
        Err(e @ Error::Conflict { .. }) => (StatusCode::CONFLICT, Errors::of_error(e)?),
        Err(e) => (StatusCode::UNPROCESSABLE_ENTITY, Errors::of_error(e)?),
    };
    let theirs = match (&parsed, status) {
        (Ok(mine), StatusCode::CONFLICT) => differences(mine, &current),
        _ => Vec::new(),
    };
    let page = SettingsPage {
        frame: visit.frame("Error: The body: settings").await?,
        errors,
        version: current_version,
        name: fields.get("name").to_owned(),
        person_word: fields.get("person_word").to_owned(),
        time_zone: fields.get("time_zone").to_owned(),
        zones: zones(),
        minimum_group: fields.get("minimum_group").to_owned(),
        notice: fields.get("notice").to_owned(),
        privacy_url: fields.get("privacy_url").to_owned(),
        accessibility_url: fields.get("accessibility_url").to_owned(),
        theirs,
    };
    Ok((status, Page(page)).into_response())
}

/// What was typed, over what this page does not ask for.
fn read(fields: &Fields, current: &BodySettings) -> Result<BodySettings, FieldErrors> {
    let mut errors = FieldErrors::default();
    let time_zone: Tz = fields.get("time_zone").parse().unwrap_or_else(|_| {
        errors.add(
            "time_zone",
            "unknown",
            format!(
                "`{}` is not a time zone. Choose one of the list, for example Europe/London.",
                fields.get("time_zone")
            ),
        );
        Tz::Europe__London
    });
    let minimum_group = fields.get("minimum_group").parse().unwrap_or_else(|_| {
        errors.add("minimum_group", "not_a_number", "The smallest group is a whole number; 10 is usual.");
        10
    });
    let notice = Some(fields.get("notice").to_owned()).filter(|n| !n.is_empty());
    if notice.as_ref().is_some_and(|n| n.chars().count() > 500) {
        errors.add("notice", "too_long", "The notice has at most 500 characters.");
    }
    let address = |name: &str| Some(fields.get(name).to_owned()).filter(|a| !a.is_empty());
    let settings = BodySettings {
        name: fields.get("name").to_owned(),
        person_word: fields.get("person_word").to_owned(),
        time_zone,
        minimum_group,
        notice,
        privacy_url: address("privacy_url"),
        accessibility_url: address("accessibility_url"),
        // What other pages change stays as it is.
        ..current.clone()
    };
    errors.into_result(settings)
}

/// What stands there now, where it is not what was typed here.
fn differences(mine: &BodySettings, theirs: &BodySettings) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    if mine.name != theirs.name {
        all.push(("Name of the body", theirs.name.clone()));
    }
    if mine.person_word != theirs.person_word {
        all.push(("Word for a person", theirs.person_word.clone()));
    }
    if mine.time_zone != theirs.time_zone {
        all.push(("Time zone", theirs.time_zone.name().to_owned()));
    }
    if mine.minimum_group != theirs.minimum_group {
        all.push(("Smallest group shown", theirs.minimum_group.to_string()));
    }
    if mine.notice != theirs.notice {
        all.push(("Notice on every page", theirs.notice.clone().unwrap_or_else(|| "none".to_owned())));
    }
    if mine.privacy_url != theirs.privacy_url {
        all.push(("Privacy notice", theirs.privacy_url.clone().unwrap_or_else(|| "none".to_owned())));
    }
    if mine.accessibility_url != theirs.accessibility_url {
        all.push(("Accessibility statement", theirs.accessibility_url.clone().unwrap_or_else(|| "none".to_owned())));
    }
    all
}

/// Zones of places, not the historical abbreviations beside them.
pub(super) fn zones() -> Vec<&'static str> {
    let area = |name: &str| {
        ["Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/"]
            .iter()
            .any(|a| name.starts_with(a))
    };
    chrono_tz::TZ_VARIANTS.iter().map(|z| z.name()).filter(|n| area(n) || *n == "UTC").collect()
}
