//! The codeframe in the settings: its themes, adding and changing one with a look at what it would find,
//! retiring, and reading all comments again.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_app::understand::codeframes::PUBLIC_SERVICES;
use commonweal_app::understand::coding::{ThemeDraft, Tried};
use commonweal_app::understand::rereading::Rereading;
use commonweal_domain::Permission;
use commonweal_domain::records::{Codeframe, JobState, Theme};

use crate::http::error::WebResult;
use crate::l10n::Say;
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;

/// Words of a theme in the list.
const WORDS: usize = 8;
/// Characters of an example.
const EXAMPLE: usize = 300;
/// Seconds after which a page with a job that goes on is renewed.
const REFRESH_S: u32 = 3;

#[derive(Template)]
#[template(path = "understand/codeframe.html")]
struct CodeframePage {
    frame: Frame,
    say: Say,
    codeframes: Vec<CodeframeCard>,
    reread: RereadView,
    refresh: Option<u32>,
}

struct CodeframeCard {
    id: String,
    name: String,
    themes: Vec<ThemeLine>,
}

struct ThemeLine {
    name: String,
    href: String,
    words: String,
    retired: bool,
}

/// How reading again stands.
struct RereadView {
    text: String,
    error: String,
    /// Comments read and in all, when it goes on.
    progress: Option<(u64, u64, String)>,
    may_begin: bool,
}

#[derive(Template)]
#[template(path = "understand/codeframe_theme.html")]
struct ThemePage {
    frame: Frame,
    say: Say,
    errors: Errors,
    title: String,
    action: String,
    draft: ThemeDraft,
    words: String,
    /// How discovery recognises it stays as it is.
    found: bool,
    codeframes: Vec<(String, bool)>,
    retired: bool,
    tried: Option<TriedView>,
}

struct TriedView {
    title: String,
    change: String,
    examples: Vec<(String, String)>,
}

/// The codeframe.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::ManageCodeframes)?;
    let say = crate::l10n::console();
    let codeframes = visit.app().codeframes(&visit.actor).await?;
    let reread = reread_view(&visit, say, visit.app().rereading(&visit.actor).await?);
    let mut frame = visit.frame(say.t("codeframe-page-title")).await?;
    let refresh = reread.progress.is_some().then_some(REFRESH_S);
    frame.refresh = refresh;
    let card = |c: Codeframe| CodeframeCard {
        id: c.id.to_string(),
        themes: c.themes.iter().map(line).collect(),
        name: c.name,
    };
    let page = CodeframePage { frame, say, codeframes: codeframes.into_iter().map(card).collect(), reread, refresh };
    Ok(Page(page).into_response())
}

fn line(theme: &Theme) -> ThemeLine {
    let words = theme.words();
    let mut shown = words.iter().take(WORDS).cloned().collect::<Vec<_>>().join(", ");
    if words.len() > WORDS {
        shown.push_str(" …");
    }
    ThemeLine {
        name: theme.name.clone(),
        href: format!("/settings/codeframe/themes/{}", theme.key),
        words: shown,
        retired: theme.retired(),
    }
}

fn reread_view(visit: &Visit, say: Say, state: Option<Rereading>) -> RereadView {
    let Some(state) = state else {
        return RereadView {
            text: say.t("codeframe-reread-never"),
            error: String::new(),
            progress: None,
            may_begin: true,
        };
    };
    let at = |at| format::moment(at, visit.app().now(), visit.zone());
    let moving = matches!(state.job.state, JobState::Ready | JobState::Running);
    let share = if state.total > 0 { state.done as f64 / state.total as f64 } else { 0.0 };
    let told = [("done", state.done.into()), ("total", state.total.into())];
    RereadView {
        text: match state.job.state {
            JobState::Ready => say.t("codeframe-reread-waits"),
            JobState::Running => say.with("codeframe-reread-goes-on", &told),
            JobState::Done => say.with(
                "codeframe-reread-done",
                &[("when", at(state.job.ended_at.unwrap_or(state.job.created_at)).into()), ("done", state.done.into())],
            ),
            JobState::Failed | JobState::Cancelled => say.with("codeframe-reread-failed", &told),
        },
        error: match state.job.state {
            JobState::Failed => state.job.error.clone().unwrap_or_default(),
            _ => String::new(),
        },
        progress: moving.then(|| (state.done, state.total.max(1), format::percent(share))),
        may_begin: !moving,
    }
}

/// Begins to read all comments again.
pub(crate) async fn reread(visit: Visit) -> WebResult<Response> {
    visit.app().begin_reread(&visit.actor).await?;
    Ok(Redirect::to(&with_done("/settings/codeframe", "reread-begun")).into_response())
}

/// The form of a new theme.
pub(crate) async fn add(visit: Visit) -> WebResult<Response> {
    Ok(Page(form(&visit, ThemeDraft::default(), None, Errors::default()).await?).into_response())
}

/// The form of a theme that is there.
pub(crate) async fn change(visit: Visit, Path(key): Path<String>) -> WebResult<Response> {
    visit.require(Permission::ManageCodeframes)?;
    let codeframes = visit.app().codeframes(&visit.actor).await?;
    let theme = theme(&codeframes, &key).ok_or(Error::NotFound("theme"))?;
    let draft =
        ThemeDraft { key, name: theme.name.clone(), description: theme.description.clone(), words: theme.words() };
    Ok(Page(form(&visit, draft, None, Errors::default()).await?).into_response())
}

fn theme<'a>(codeframes: &'a [Codeframe], key: &str) -> Option<&'a Theme> {
    codeframes.iter().flat_map(|c| &c.themes).find(|t| t.key == key)
}

async fn form(visit: &Visit, draft: ThemeDraft, tried: Option<TriedView>, errors: Errors) -> WebResult<ThemePage> {
    visit.require(Permission::ManageCodeframes)?;
    let say = crate::l10n::console();
    let codeframes = visit.app().codeframes(&visit.actor).await?;
    let old = theme(&codeframes, &draft.key).filter(|_| !draft.key.is_empty());
    let title = match old {
        Some(theme) => say.with("codeframe-change-title", &[("theme", theme.name.clone().into())]),
        None => say.t("codeframe-add-title"),
    };
    let mut names: Vec<(String, bool)> = codeframes.iter().enumerate().map(|(n, c)| (c.name.clone(), n == 0)).collect();
    if names.is_empty() {
        names.push((PUBLIC_SERVICES.to_owned(), true));
    }
    let page_title = match errors.items.is_empty() {
        true => title.clone(),
        false => say.with("codeframe-error-title", &[("title", title.clone().into())]),
    };
    Ok(ThemePage {
        frame: visit.frame(page_title).await?,
        say,
        errors,
        title,
        action: if draft.key.is_empty() {
            "/settings/codeframe/add".to_owned()
        } else {
            format!("/settings/codeframe/themes/{}", draft.key)
        },
        words: draft.words.join("\n"),
        found: old.is_some_and(|t| t.rule.as_ref().is_some_and(|r| r.get("found").is_some_and(|f| !f.is_null()))),
        codeframes: if old.is_some() { Vec::new() } else { names },
        retired: old.is_some_and(Theme::retired),
        draft,
        tried,
    })
}

fn draft(key: String, fields: &Fields) -> ThemeDraft {
    let words = fields.exact("words").split(['\n', ',']).map(str::trim).filter(|w| !w.is_empty());
    ThemeDraft {
        key,
        name: fields.get("name").to_owned(),
        description: fields.get("description").to_owned(),
        words: words.map(str::to_owned).collect(),
    }
}

/// Tries or saves a new theme.
pub(crate) async fn add_send(visit: Visit, fields: Fields) -> WebResult<Response> {
    send(visit, String::new(), &fields).await
}

/// Tries or saves a theme that is there.
pub(crate) async fn change_send(visit: Visit, Path(key): Path<String>, fields: Fields) -> WebResult<Response> {
    send(visit, key, &fields).await
}

async fn send(visit: Visit, key: String, fields: &Fields) -> WebResult<Response> {
    let draft = draft(key, fields);
    let done = if fields.get("do") == "try" {
        visit.app().try_theme(&visit.actor, &draft).await.map(Some)
    } else {
        let frame = match fields.get("codeframe") {
            "" => PUBLIC_SERVICES,
            name => name,
        };
        visit.app().save_theme(&visit.actor, frame, &draft).await.map(|_| None)
    };
    match done {
        Ok(None) => Ok(Redirect::to(&with_done("/settings/codeframe", "theme-saved")).into_response()),
        Ok(Some(tried)) => {
            let view = tried_view(crate::l10n::console(), tried);
            Ok(Page(form(&visit, draft, Some(view), Errors::default()).await?).into_response())
        }
        Err(e) => {
            let errors = Errors::of_error(e)?;
            let page = form(&visit, draft, None, errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
    }
}

fn tried_view(say: Say, tried: Tried) -> TriedView {
    let example = |(id, text): &(commonweal_domain::FeedbackId, String)| {
        let short: String = text.chars().take(EXAMPLE).collect();
        let cut = if short.len() < text.len() { "…" } else { "" };
        (format!("/understand/feedback/{id}"), format!("{short}{cut}"))
    };
    TriedView {
        title: say.with("codeframe-tried", &[("found", tried.found.into()), ("read", tried.read.into())]),
        change: say.with("codeframe-tried-change", &[("gained", tried.gained.into()), ("lost", tried.lost.into())]),
        examples: tried.examples.iter().map(example).collect(),
    }
}

/// Takes a theme out of use, or back.
pub(crate) async fn retire(visit: Visit, Path(key): Path<String>, fields: Fields) -> WebResult<Response> {
    let retired = fields.get("retired") == "yes";
    visit.app().retire_theme(&visit.actor, &key, retired).await?;
    let code = if retired { "theme-retired" } else { "theme-back" };
    Ok(Redirect::to(&with_done("/settings/codeframe", code)).into_response())
}
