//! What the body has decided about itself.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono_tz::Tz;
use commonweal_app::Error;
use commonweal_domain::{BodySettings, ContactBudget, Duty, FieldErrors, LargeSends};

use crate::http::error::WebResult;
use crate::l10n;
use crate::ui::choice::Choice;
use crate::ui::components::{self, Choices, Legend};
use crate::ui::form::{Errors, Fields};
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "govern/settings.html")]
struct SettingsPage {
    frame: Frame,
    errors: Errors,
    version: i64,
    name: String,
    person_word: String,
    zones: Vec<Choice>,
    minimum_group: String,
    budget_most: String,
    budget_days: String,
    approval_above: String,
    ramp_from: String,
    ramp_minutes: String,
    notice: String,
    privacy_url: String,
    accessibility_url: String,
    security_contact: String,
    second_step: Choices,
    /// What somebody else saved meanwhile, where it differs.
    theirs: Vec<(String, String)>,
}

/// The form.
pub(crate) async fn form(visit: Visit) -> WebResult<Response> {
    let (version, settings) = visit.app().settings_to_change(&visit.actor).await?;
    let page = SettingsPage {
        frame: visit.frame(l10n::console().t("settings-head")).await?,
        errors: Errors::default(),
        version,
        name: settings.name,
        person_word: settings.person_word,
        zones: zones(settings.time_zone.name()),
        minimum_group: settings.minimum_group.to_string(),
        budget_most: settings.contact_budget.most.to_string(),
        budget_days: settings.contact_budget.days.to_string(),
        approval_above: size(settings.large_sends.approval_above),
        ramp_from: size(settings.large_sends.ramp_from),
        ramp_minutes: settings.large_sends.ramp_minutes.to_string(),
        notice: settings.notice.unwrap_or_default(),
        privacy_url: settings.privacy_url.unwrap_or_default(),
        accessibility_url: settings.accessibility_url.unwrap_or_default(),
        security_contact: settings.security_contact.unwrap_or_default(),
        second_step: second_step(&settings.second_step),
        theirs: Vec::new(),
    };
    Ok(Page(page).into_response())
}

/// Saves. When somebody else saved since the form was opened, it comes back with what was typed
/// here, what stands there now, and a second save goes through.
pub(crate) async fn save(visit: Visit, fields: Fields) -> WebResult<Response> {
    let (current_version, current) = visit.app().settings_to_change(&visit.actor).await?;
    let based_on = fields.get("version").parse().unwrap_or(-1);
    let parsed = read(&fields, &current);
    let outcome = match &parsed {
        Ok(settings) => visit.app().save_settings(&visit.actor, based_on, settings.clone()).await,
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
    let say = l10n::console();
    let page = SettingsPage {
        frame: visit.frame(errors.headed(say.t("settings-head"), say)).await?,
        errors,
        version: current_version,
        name: fields.get("name").to_owned(),
        person_word: fields.get("person_word").to_owned(),
        zones: zones(fields.get("time_zone")),
        minimum_group: fields.get("minimum_group").to_owned(),
        budget_most: fields.get("budget_most").to_owned(),
        budget_days: fields.get("budget_days").to_owned(),
        approval_above: fields.get("approval_above").to_owned(),
        ramp_from: fields.get("ramp_from").to_owned(),
        ramp_minutes: fields.get("ramp_minutes").to_owned(),
        notice: fields.get("notice").to_owned(),
        privacy_url: fields.get("privacy_url").to_owned(),
        accessibility_url: fields.get("accessibility_url").to_owned(),
        security_contact: fields.get("security_contact").to_owned(),
        second_step: second_step(&demanded(&fields)),
        theirs,
    };
    Ok((status, Page(page)).into_response())
}

/// The duties that need a second step, to choose.
fn second_step(chosen: &[Duty]) -> Choices {
    let say = l10n::console();
    let legend = Legend::from(say.t("settings-second-step").as_str()).classes("govuk-fieldset__legend--s");
    Choices::checkboxes("second_step", legend)
        .classes("govuk-checkboxes--small")
        .hint(say.t("settings-second-step-hint").as_str())
        .items(
            Duty::ALL
                .iter()
                .map(|duty| components::Choice::new(duty.key(), duty.label()).checked(chosen.contains(duty))),
        )
}

/// Those that were chosen, in their own order.
fn demanded(fields: &Fields) -> Vec<Duty> {
    Duty::ALL.iter().copied().filter(|duty| fields.all("second_step").any(|key| key == duty.key())).collect()
}

/// A size of a send as a form has it; empty where there is none.
fn size(people: Option<u64>) -> String {
    people.map(|n| n.to_string()).unwrap_or_default()
}

/// What was typed of large sends, over what a form does not ask for.
fn large_sends(fields: &Fields, now: LargeSends, errors: &mut FieldErrors) -> LargeSends {
    let say = l10n::console();
    let mut of = |name: &str, now: Option<u64>| match fields.all(name).next().map(str::trim) {
        None => now,
        Some("") => None,
        Some(typed) => typed.parse().map(Some).unwrap_or_else(|_| {
            errors.add(name, "not_a_number", say.t("settings-bad-size"));
            now
        }),
    };
    let (approval_above, ramp_from) = (of("approval_above", now.approval_above), of("ramp_from", now.ramp_from));
    let ramp_minutes = match fields.all("ramp_minutes").next() {
        None => now.ramp_minutes,
        Some(typed) => typed.trim().parse().unwrap_or_else(|_| {
            errors.add("ramp_minutes", "not_a_number", say.t("settings-bad-minutes"));
            now.ramp_minutes
        }),
    };
    LargeSends { approval_above, ramp_from, ramp_minutes }
}

/// What was typed, over what this page does not ask for.
fn read(fields: &Fields, current: &BodySettings) -> Result<BodySettings, FieldErrors> {
    let say = l10n::console();
    let mut errors = FieldErrors::default();
    let time_zone: Tz = fields.get("time_zone").parse().unwrap_or_else(|_| {
        errors.add(
            "time_zone",
            "unknown",
            say.with("settings-bad-time-zone", &[("zone", fields.get("time_zone").into())]),
        );
        Tz::Europe__London
    });
    let minimum_group = fields.get("minimum_group").parse().unwrap_or_else(|_| {
        errors.add("minimum_group", "not_a_number", say.t("settings-bad-minimum-group"));
        10
    });
    let mut budget = |name: &str, now: u32| {
        let Some(typed) = fields.all(name).next() else { return now };
        typed.parse().unwrap_or_else(|_| {
            errors.add(name, "not_a_number", say.t("settings-bad-budget"));
            now
        })
    };
    let now = current.contact_budget;
    let contact_budget = ContactBudget { most: budget("budget_most", now.most), days: budget("budget_days", now.days) };
    let large_sends = large_sends(fields, current.large_sends, &mut errors);
    let notice = Some(fields.get("notice").to_owned()).filter(|n| !n.is_empty());
    let address = |name: &str| Some(fields.get(name).to_owned()).filter(|a| !a.is_empty());
    let settings = BodySettings {
        name: fields.get("name").to_owned(),
        person_word: fields.get("person_word").to_owned(),
        time_zone,
        minimum_group,
        contact_budget,
        large_sends,
        notice,
        privacy_url: address("privacy_url"),
        accessibility_url: address("accessibility_url"),
        security_contact: address("security_contact"),
        second_step: demanded(fields),
        // What other pages change stays as it is.
        ..current.clone()
    };
    errors.into_result(settings)
}

/// What stands there now, where it is not what was typed here.
fn differences(mine: &BodySettings, theirs: &BodySettings) -> Vec<(String, String)> {
    let say = l10n::console();
    let none = || say.t("settings-none");
    let mut all = Vec::new();
    if mine.name != theirs.name {
        all.push((say.t("settings-name"), theirs.name.clone()));
    }
    if mine.person_word != theirs.person_word {
        all.push((say.t("settings-person-word"), theirs.person_word.clone()));
    }
    if mine.time_zone != theirs.time_zone {
        all.push((say.t("settings-time-zone"), theirs.time_zone.name().to_owned()));
    }
    if mine.minimum_group != theirs.minimum_group {
        all.push((say.t("settings-minimum-group"), theirs.minimum_group.to_string()));
    }
    if mine.contact_budget.most != theirs.contact_budget.most {
        all.push((say.t("settings-budget-most"), theirs.contact_budget.most.to_string()));
    }
    if mine.contact_budget.days != theirs.contact_budget.days {
        all.push((say.t("settings-budget-days"), theirs.contact_budget.days.to_string()));
    }
    let (sends, others) = (mine.large_sends, theirs.large_sends);
    if sends.approval_above != others.approval_above {
        all.push((say.t("settings-approval-above"), others.approval_above.map_or_else(none, |n| n.to_string())));
    }
    if sends.ramp_from != others.ramp_from {
        all.push((say.t("settings-ramp-from"), others.ramp_from.map_or_else(none, |n| n.to_string())));
    }
    if sends.ramp_minutes != others.ramp_minutes {
        all.push((say.t("settings-ramp-minutes"), others.ramp_minutes.to_string()));
    }
    if mine.notice != theirs.notice {
        all.push((say.t("settings-notice"), theirs.notice.clone().unwrap_or_else(none)));
    }
    if mine.privacy_url != theirs.privacy_url {
        all.push((say.t("settings-privacy"), theirs.privacy_url.clone().unwrap_or_else(none)));
    }
    if mine.accessibility_url != theirs.accessibility_url {
        all.push((say.t("settings-accessibility"), theirs.accessibility_url.clone().unwrap_or_else(none)));
    }
    if mine.security_contact != theirs.security_contact {
        all.push((say.t("settings-security"), theirs.security_contact.clone().unwrap_or_else(none)));
    }
    if mine.second_step != theirs.second_step {
        let labels: Vec<&str> = theirs.second_step.iter().map(|duty| duty.label()).collect();
        all.push((say.t("settings-second-step"), if labels.is_empty() { none() } else { labels.join(", ") }));
    }
    all
}

/// Zones of places, not the historical abbreviations beside them.
pub(crate) fn zones(chosen: &str) -> Vec<Choice> {
    let area = |name: &str| {
        ["Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/"]
            .iter()
            .any(|a| name.starts_with(a))
    };
    let names = chrono_tz::TZ_VARIANTS.iter().map(|z| z.name()).filter(|n| area(n) || *n == "UTC");
    names.map(|name| Choice::new(name, name, name == chosen)).collect()
}
