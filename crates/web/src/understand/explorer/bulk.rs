//! One theme for many comments: what it would do is said before, and it can be taken back after.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::{BulkPlan, Chosen, ThemeAct};
use commonweal_domain::records::Theme;
use commonweal_domain::{BatchId, FeedbackId, FieldErrors, Permission};

use crate::http::error::{Failure, WebResult};
use crate::l10n::{self, Say};
use crate::ui::asked::Asked;
use crate::ui::filter_url::Context;
use crate::ui::form::{Errors, Fields};
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;
use crate::understand::themes::named::ThemesNamed;

/// Fields of the form that are not part of the Explorer's question.
const OWN: [&str; 5] = ["pick", "shown", "scope", "theme_name", "act"];

#[derive(Template)]
#[template(path = "understand/bulk.html")]
struct BulkPage {
    frame: Frame,
    say: Say,
    heading: String,
    errors: Errors,
    back: String,
    /// What would be done; absent when the form was not right.
    would: Option<Would>,
    /// Everything again, for the form that follows; without the theme when that has to be said again.
    hidden: Vec<(String, String)>,
    theme_name: String,
    themes: Vec<String>,
}

struct Would {
    sentences: Vec<String>,
    button: String,
}

/// What the form asks.
struct Wanted {
    asked: Asked,
    act: ThemeAct,
    chosen: Chosen,
    theme: Option<Theme>,
    theme_name: String,
    fields: Fields,
}

impl Wanted {
    fn read(visit: &Visit, fields: &Fields, themes: &ThemesNamed) -> Result<Self, FieldErrors> {
        let of_list = |pairs: &Fields| {
            let kept: Vec<&(String, String)> = pairs.0.iter().filter(|(n, _)| !OWN.contains(&n.as_str())).collect();
            serde_urlencoded::to_string(kept).unwrap_or_default()
        };
        let context = Context { zone: visit.zone(), now: visit.app().now() };
        let (asked, errors) = Asked::read(&of_list(fields), context);
        if !errors.is_empty() {
            return Err(errors);
        }
        let ids = |name: &str| fields.all(name).filter_map(|id| id.parse().ok()).collect::<Vec<FeedbackId>>();
        let words = asked.filter().words.clone();
        let chosen = match fields.get("scope") {
            "match" => Chosen::All(asked.filter().clone()),
            "page" => Chosen::These(ids("shown"), words),
            _ => Chosen::These(ids("pick"), words),
        };
        let theme_name = fields.get("theme_name").to_owned();
        Ok(Self {
            asked,
            act: if fields.get("act") == "remove" { ThemeAct::Remove } else { ThemeAct::Add },
            chosen,
            theme: themes.typed(&theme_name).cloned(),
            theme_name,
            fields: fields.clone(),
        })
    }
}

/// Says what would be done, and asks.
pub(crate) async fn ask(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::CorrectReadings)?;
    let fields = Fields::parse(visit.query());
    let themes = ThemesNamed::of(&visit).await?;
    let wanted = Wanted::read(&visit, &fields, &themes).map_err(Failure::query)?;
    let plan = planned(&visit, &wanted, &themes).await;
    shown(&visit, wanted, plan, &themes).await
}

/// Does it.
pub(crate) async fn change(visit: Visit, fields: Fields) -> WebResult<Response> {
    visit.require(Permission::CorrectReadings)?;
    let themes = ThemesNamed::of(&visit).await?;
    let wanted = Wanted::read(&visit, &fields, &themes).map_err(Failure::query)?;
    let Some(theme) = wanted.theme.clone() else {
        let plan = planned(&visit, &wanted, &themes).await;
        return shown(&visit, wanted, plan, &themes).await;
    };
    match visit.app().change_themes(&visit.actor, &wanted.chosen, theme.id, wanted.act).await {
        Ok((batch, _)) => {
            let list = wanted.asked.explorer();
            let sign = if list.contains('?') { '&' } else { '?' };
            Ok(Redirect::to(&format!("{list}{sign}changed={batch}")).into_response())
        }
        Err(e) => {
            let errors = Errors::of_error(e)?;
            shown(&visit, wanted, Err(errors), &themes).await
        }
    }
}

/// Takes it back.
pub(crate) async fn undo(visit: Visit, Path(batch): Path<BatchId>) -> WebResult<Response> {
    let (_, kept) = visit.app().undo_themes(&visit.actor, batch).await?;
    let code = if kept == 0 { "themes-taken-back" } else { "themes-partly-taken-back" };
    let (asked, _) = Asked::read(visit.query(), Context { zone: visit.zone(), now: visit.app().now() });
    Ok(Redirect::to(&with_done(&asked.explorer(), code)).into_response())
}

async fn planned(visit: &Visit, wanted: &Wanted, themes: &ThemesNamed) -> Result<BulkPlan, Errors> {
    let say = l10n::console();
    let Some(theme) = &wanted.theme else {
        let message = match wanted.theme_name.as_str() {
            "" => say.t("explorer-bulk-no-theme"),
            typed => themes.unknown(typed, say),
        };
        return Err(FieldErrors::one("theme_name", "not_a_theme", message).into());
    };
    let plan = visit.app().plan_themes(&visit.actor, &wanted.chosen, theme.id, wanted.act).await;
    plan.map_err(|e| Errors::of_error(e).unwrap_or_else(|other| Errors::whole(other.to_string())))
}

async fn shown(
    visit: &Visit,
    wanted: Wanted,
    plan: Result<BulkPlan, Errors>,
    themes: &ThemesNamed,
) -> WebResult<Response> {
    let say = l10n::console();
    let name = wanted.theme.as_ref().map(|t| t.name.clone()).unwrap_or_default();
    let told = [("theme", name.as_str().into())];
    let heading = match (&wanted.theme, wanted.act) {
        (None, _) => say.t("explorer-bulk-title"),
        (Some(_), ThemeAct::Add) => say.with("explorer-bulk-title-add", &told),
        (Some(_), ThemeAct::Remove) => say.with("explorer-bulk-title-remove", &told),
    };
    let (would, errors) = match plan {
        Ok(plan) => (Some(would(say, &plan, wanted.act)), Errors::default()),
        Err(errors) => (None, errors),
    };
    let status = if errors.items.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut hidden = wanted.fields.0;
    hidden.retain(|(n, v)| !v.is_empty() && n != "done" && n != "changed" && (n != "theme_name" || would.is_some()));
    let page = BulkPage {
        frame: visit.frame(errors.headed(heading.clone(), say)).await?,
        say,
        heading,
        errors,
        back: wanted.asked.explorer(),
        would,
        hidden,
        theme_name: wanted.theme_name,
        themes: themes.all().iter().map(|t| t.name.clone()).collect(),
    };
    Ok((status, Page(page)).into_response())
}

/// What it would do, in sentences with counts.
fn would(say: Say, plan: &BulkPlan, act: ThemeAct) -> Would {
    let changes = plan.comments.len() as u64;
    let (would, already, button) = match act {
        ThemeAct::Add => ("explorer-bulk-would-add", "explorer-bulk-already-add", "explorer-bulk-do-add"),
        ThemeAct::Remove => ("explorer-bulk-would-remove", "explorer-bulk-already-remove", "explorer-bulk-do-remove"),
    };
    let mut sentences = vec![say.count("explorer-bulk-chosen", plan.feedback as u64), say.count(would, changes)];
    if plan.already > 0 {
        sentences.push(say.count(already, plan.already as u64));
    }
    if plan.without_words > 0 {
        sentences.push(say.count("explorer-bulk-without-words", plan.without_words as u64));
    }
    Would { sentences, button: if changes == 0 { String::new() } else { say.count(button, changes) } }
}
