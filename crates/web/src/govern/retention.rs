//! How long things are kept: said in months, with what would go before anything does.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::govern::retention::WouldGo;
use commonweal_domain::settings::Retention;
use commonweal_domain::word_place::{
    EVENT_DAYS, INDEX_DAYS, NEVER_BEGUN_DAYS, PART_DAYS, REJECTED_DAYS, UPLOAD_DAYS, WordPlace,
};
use commonweal_domain::{FieldErrors, Permission};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "govern/retention.html")]
struct RetentionPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    version: i64,
    originals: String,
    feedback: String,
    people: String,
    /// What would go now, in sentences; empty when nothing was asked.
    preview: Vec<String>,
    /// The Explorer with the feedback that would go.
    explorer: String,
    /// Whether the next press saves although something goes.
    confirm: bool,
    /// That nothing is deleted, because the clock is far ahead; empty when all is well.
    clock: String,
    places: Vec<Place>,
}

/// Where words lie, how long, and what ends it.
struct Place {
    what: &'static str,
    kept: String,
    goes: String,
}

/// Takes a clock that is far ahead for right.
pub(crate) async fn confirm_clock(visit: Visit) -> WebResult<Response> {
    visit.app().confirm_clock(&visit.actor).await?;
    Ok(Redirect::to(&with_done("/settings/retention", "clock-confirmed")).into_response())
}

/// That nothing is deleted, because the clock is far ahead; empty when all is well.
pub(super) async fn clock_warning(visit: &Visit) -> WebResult<String> {
    let Some(ahead) = visit.app().clock_ahead(&visit.actor).await? else { return Ok(String::new()) };
    let date = |at| format::date_time(at, visit.zone());
    let days = [("now", date(ahead.now).into()), ("seen", date(ahead.seen).into())];
    Ok(l10n::console().with("retention-clock", &days))
}

/// All places, with how long things are kept there now.
fn places(retention: Retention) -> Vec<Place> {
    let say = l10n::console();
    let months = |months: Option<u32>| match months {
        Some(months) => say.count("retention-months", months.into()),
        None => say.t("retention-for-ever"),
    };
    let days = |days: u32| say.count("retention-days", days.into());
    let kept = |place: WordPlace| match place {
        WordPlace::Comments | WordPlace::ReplyRequests => months(retention.feedback_months),
        WordPlace::Originals => months(retention.originals_months),
        WordPlace::People => months(retention.people_months),
        WordPlace::WaitingFiles => days(NEVER_BEGUN_DAYS),
        WordPlace::ImportedFiles => days(UPLOAD_DAYS),
        WordPlace::FailedFiles | WordPlace::RejectedRows => days(REJECTED_DAYS),
        WordPlace::PartialFiles => days(PART_DAYS),
        WordPlace::Index => days(INDEX_DAYS),
        WordPlace::Events => days(EVENT_DAYS),
        WordPlace::Exports | WordPlace::FreePages => say.t("retention-at-once"),
        WordPlace::Discoveries | WordPlace::Jobs | WordPlace::Log | WordPlace::Backups => {
            say.t("retention-not-counted")
        }
    };
    let goes = |place: WordPlace| say.t(&format!("retention-goes-from-{}", place.key().replace('_', "-")));
    WordPlace::ALL.iter().map(|place| Place { what: place.label(), kept: kept(*place), goes: goes(*place) }).collect()
}

/// The form. With months in the address: what would go if they were saved.
pub(crate) async fn form(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::Administer)?;
    let asked = Fields::parse(visit.query());
    let (_, settings) = visit.app().settings_to_change(&visit.actor).await?;
    let is_asked = asked.0.iter().any(|(name, _)| name.ends_with("_months"));
    if !is_asked {
        let kept = Typed::of(settings.retention);
        let preview = visit.app().would_go(&visit.actor, settings.retention).await?;
        let kept_for_ever = settings.retention == Retention::default();
        let page = page(&visit, kept, Errors::default(), (!kept_for_ever).then_some(preview)).await?;
        return Ok(Page(page).into_response());
    }
    let typed = Typed::sent(&asked);
    let outcome = match read(&asked) {
        Ok(retention) => visit.app().would_go(&visit.actor, retention).await,
        Err(errors) => Err(errors.into()),
    };
    match outcome {
        Ok(preview) => {
            let page = page(&visit, typed, Errors::default(), Some(preview)).await?;
            Ok(Page(page).into_response())
        }
        Err(e) => {
            let page = page(&visit, typed, Errors::of_error(e)?, None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

/// Saves. Where something would go, it asks once more and says how much.
pub(crate) async fn save(visit: Visit, fields: Fields) -> WebResult<Response> {
    visit.require(Permission::Administer)?;
    let typed = Typed::sent(&fields);
    let outcome = async {
        let retention = read(&fields)?;
        // The months that were shown when the form asked once more.
        let shown: Vec<&str> = fields.exact("confirmed").split(' ').collect();
        let confirmed = match shown[..] {
            [originals, feedback, people] => confirmed(originals, feedback, people),
            _ => None,
        };
        let based_on = fields.get("version").parse().unwrap_or(-1);
        visit.app().save_retention(&visit.actor, based_on, retention, confirmed).await
    };
    let (status, errors, preview) = match outcome.await {
        Ok(None) => return Ok(Redirect::to(&with_done("/settings/retention", "retention-saved")).into_response()),
        Ok(Some(preview)) => (StatusCode::OK, Errors::default(), Some(preview)),
        Err(e @ commonweal_app::Error::Conflict { .. }) => (StatusCode::CONFLICT, Errors::of_error(e)?, None),
        Err(e) => (StatusCode::UNPROCESSABLE_ENTITY, Errors::of_error(e)?, None),
    };
    let asks = preview.is_some();
    let page = RetentionPage { confirm: asks, ..page(&visit, typed, errors, preview).await? };
    Ok((status, Page(page)).into_response())
}

fn read(fields: &Fields) -> Result<Retention, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut read = |field: &str| {
        let text = fields.get(field);
        months(text).unwrap_or_else(|| {
            let sentence = format!(
                "“{text}” is not a number of months. Write it in digits, or leave it empty to keep it for ever."
            );
            errors.add(field, "not_a_number", sentence);
            None
        })
    };
    let retention = Retention {
        originals_months: read("originals_months"),
        feedback_months: read("feedback_months"),
        people_months: read("people_months"),
    };
    errors.into_result(retention)
}

fn confirmed(originals: &str, feedback: &str, people: &str) -> Option<Retention> {
    Some(Retention {
        originals_months: months(originals)?,
        feedback_months: months(feedback)?,
        people_months: months(people)?,
    })
}

/// Months as they stand in the fields.
struct Typed {
    originals: String,
    feedback: String,
    people: String,
}

impl Typed {
    fn sent(fields: &Fields) -> Self {
        let of = |name: &str| fields.get(name).to_owned();
        Self { originals: of("originals_months"), feedback: of("feedback_months"), people: of("people_months") }
    }

    fn of(retention: Retention) -> Self {
        Self {
            originals: text(retention.originals_months),
            feedback: text(retention.feedback_months),
            people: text(retention.people_months),
        }
    }
}

/// A number of months as it was typed, none where the field was left empty. Nothing when it is no number.
fn months(text: &str) -> Option<Option<u32>> {
    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}

fn text(months: Option<u32>) -> String {
    months.map(|m| m.to_string()).unwrap_or_default()
}

async fn page(visit: &Visit, typed: Typed, errors: Errors, preview: Option<WouldGo>) -> WebResult<RetentionPage> {
    let say = l10n::console();
    let (version, settings) = visit.app().settings_to_change(&visit.actor).await?;
    let title = errors.headed(say.t("retention-title"), say);
    let mut sentences = Vec::new();
    let mut explorer = String::new();
    if let Some(preview) = preview {
        let mut sentence = |id: &str, count: u64, before| {
            if let Some(before) = before {
                let day = format::date(before, visit.zone());
                sentences.push(say.with(id, &[("count", count.into()), ("day", day.into())]));
            }
        };
        sentence("retention-goes-originals", preview.originals, preview.originals_before);
        sentence("retention-goes-feedback", preview.feedback, preview.feedback_before);
        sentence("retention-goes-people", preview.people, preview.people_before);
        if sentences.is_empty() {
            sentences.push(say.t("retention-goes-nothing"));
        }
        if let Some(before) = preview.feedback_before.filter(|_| preview.feedback > 0) {
            let last = before.with_timezone(&visit.zone()).date_naive().pred_opt().unwrap_or_default();
            explorer = format!("/understand/explorer?to={last}");
        }
    }
    Ok(RetentionPage {
        frame: visit.frame(title).await?,
        say,
        errors,
        version,
        originals: typed.originals,
        feedback: typed.feedback,
        people: typed.people,
        preview: sentences,
        explorer,
        confirm: false,
        clock: clock_warning(visit).await?,
        places: places(settings.retention),
    })
}
