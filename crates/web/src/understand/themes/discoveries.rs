//! Themes found in comments: found, looked at, renamed, merged, split, dropped, and taken into the codeframe.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_app::understand::codeframes::PUBLIC_SERVICES;
use commonweal_app::understand::discover::{Found, MAX_READ, ThemeEdit};
use commonweal_app::understand::thresholds::MIN_DISCOVERY;
use commonweal_domain::{DiscoveryId, FeedbackId, Permission};

use crate::http::error::WebResult;
use crate::l10n::Say;
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;
use crate::ui::scope::{self, Scope, ScopeView};

/// Examples of each theme.
const EXAMPLES: usize = 3;
/// Characters of an example.
const EXAMPLE: usize = 240;
/// Words and phrases of each theme.
const WORDS: usize = 8;

#[derive(Template)]
#[template(path = "understand/discoveries.html")]
struct DiscoveriesPage {
    frame: Frame,
    say: Say,
    what: String,
    scope: ScopeView,
    errors: Errors,
    name: String,
    k: String,
    /// Where the form is sent: the page with its filter.
    here: String,
    ready: bool,
    reads: String,
    all: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "understand/discovery.html")]
struct DiscoveryPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    name: String,
    what: String,
    capped: bool,
    themes: Vec<FoundTheme>,
    codeframes: Vec<String>,
}

struct FoundTheme {
    key: String,
    name: String,
    size: String,
    sentiment: String,
    words: String,
    examples: Vec<(String, String)>,
}

/// What was found so far, and the form to find more.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::ManageCodeframes)?;
    if let Some(tidy) = scope::tidy_address(&visit, "/understand/discoveries", false) {
        return Ok(Redirect::to(&tidy).into_response());
    }
    let page = page(&visit, Errors::default(), &Fields::default()).await?;
    Ok(Page(page).into_response())
}

async fn page(visit: &Visit, errors: Errors, fields: &Fields) -> WebResult<DiscoveriesPage> {
    let asked = scope::only_filter(visit)?;
    let scope = Scope::of(visit, asked, "/understand/discoveries", &[], false).await?;
    let say = scope.view.say;
    let to_read = visit.app().marking_words_to_read(&visit.actor, scope.asked.filter()).await?.own;
    let all = visit.app().discoveries(&visit.actor).await?;
    let title = match errors.items.is_empty() {
        true => say.t("found-title"),
        false => say.with("found-error-title", &[("title", say.t("found-title").into())]),
    };
    Ok(DiscoveriesPage {
        frame: visit.frame(title).await?,
        say,
        what: scope.counted("words-what", visit, to_read),
        here: scope.asked.at("/understand/discoveries"),
        ready: to_read >= MIN_DISCOVERY as u64,
        reads: say.with(
            "found-reads",
            &[("count", to_read.min(MAX_READ as u64).into()), ("least", (MIN_DISCOVERY as u64).into())],
        ),
        all: all
            .into_iter()
            .map(|d| (format!("/understand/discoveries/{}", d.id), d.name, format::date_time(d.at, visit.zone())))
            .collect(),
        scope: scope.view,
        errors,
        name: fields.get("name").to_owned(),
        k: fields.get("k").to_owned(),
    })
}

/// Finds themes in the comments that the address filters.
pub(crate) async fn find(visit: Visit, fields: Fields) -> WebResult<Response> {
    visit.require(Permission::ManageCodeframes)?;
    let asked = scope::only_filter(&visit)?;
    let k = match fields.get("k") {
        "" => Ok(None),
        // Out of range either way: the use case says what may be given.
        text => text.parse::<usize>().map(Some).or(Ok::<_, ()>(Some(0))),
    };
    let k = k.unwrap_or(None);
    match visit.app().discover(&visit.actor, fields.get("name"), asked.filter(), k, None).await {
        Ok(found) => {
            Ok(Redirect::to(&with_done(&format!("/understand/discoveries/{}", found.id), "themes-found"))
                .into_response())
        }
        Err(e) => {
            // The filter has no field here.
            let errors = Errors::of_error(e)?.renamed("filter", "");
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page(&visit, errors, &fields).await?)).into_response())
        }
    }
}

/// The themes of one discovery.
pub(crate) async fn show(visit: Visit, Path(id): Path<DiscoveryId>) -> WebResult<Response> {
    visit.require(Permission::ManageCodeframes)?;
    let found = visit.app().found(&visit.actor, id).await?;
    Ok(Page(discovery(&visit, found, Errors::default()).await?).into_response())
}

async fn discovery(visit: &Visit, found: Found, errors: Errors) -> WebResult<DiscoveryPage> {
    let say = crate::l10n::console();
    let d = &found.discovery;
    let places: Vec<Vec<(FeedbackId, u8)>> = d
        .themes
        .iter()
        .map(|t| t.representatives.iter().take(EXAMPLES).filter_map(|n| found.comments.get(*n)).copied().collect())
        .collect();
    // All at once: a question for each theme would be fifty.
    let wanted: Vec<(FeedbackId, u8)> = places.iter().flatten().copied().collect();
    let mut texts = visit.app().words_of(&visit.actor, &wanted).await?.into_iter();
    let mut themes = Vec::with_capacity(d.themes.len());
    for (theme, places) in d.themes.iter().zip(&places) {
        let words = theme.keywords.iter().take(WORDS).map(|k| k.word.as_str());
        let examples = places.iter().zip(texts.by_ref()).filter(|(_, text)| !text.is_empty());
        let short = |text: String| {
            let cut: String = text.chars().take(EXAMPLE).collect();
            if cut.len() < text.len() { format!("{cut}…") } else { cut }
        };
        themes.push(FoundTheme {
            key: theme.key.clone(),
            name: theme.title().to_owned(),
            size: say.count("found-size", theme.size as u64),
            sentiment: theme
                .sentiment
                .map(|s| say.with("found-sentiment", &[("mean", format::mean(f64::from(s)).into())]))
                .unwrap_or_default(),
            words: words.collect::<Vec<_>>().join(", "),
            examples: examples.map(|((id, _), text)| (format!("/understand/feedback/{id}"), short(text))).collect(),
        });
    }
    let mut codeframes: Vec<String> = visit.app().codeframes(&visit.actor).await?.into_iter().map(|c| c.name).collect();
    if codeframes.is_empty() {
        codeframes.push(PUBLIC_SERVICES.to_owned());
    }
    let title = match errors.items.is_empty() {
        true => found.name.clone(),
        false => say.with("found-error-title", &[("title", found.name.clone().into())]),
    };
    Ok(DiscoveryPage {
        frame: visit.frame(title).await?,
        say,
        errors,
        id: found.id.to_string(),
        what: say.with(
            "found-what",
            &[
                ("themes", d.themes.len().into()),
                ("comments", found.comments.len().into()),
                ("rest", d.unassigned.into()),
            ],
        ),
        capped: found.capped,
        name: found.name,
        themes,
        codeframes,
    })
}

/// Changes the themes of a discovery, or takes one into the codeframe.
pub(crate) async fn edit(visit: Visit, Path(id): Path<DiscoveryId>, fields: Fields) -> WebResult<Response> {
    visit.require(Permission::ManageCodeframes)?;
    let (app, actor) = (visit.app(), &visit.actor);
    let key = fields.get("key").to_owned();
    let name = fields.get("name").to_owned();
    let (edit, code) = match fields.get("do") {
        "rename" => (Some(ThemeEdit::Rename { key: key.clone(), name: name.clone() }), "found-renamed"),
        "split" => (Some(ThemeEdit::Split { key: key.clone(), into: None }), "found-split"),
        "drop" => (Some(ThemeEdit::Drop { key: key.clone() }), "found-dropped"),
        "merge" => {
            let keys: Vec<String> = fields.all("merge").map(str::to_owned).collect();
            (Some(ThemeEdit::Merge { keys }), "found-merged")
        }
        _ => (None, "found-accepted"),
    };
    let done = match edit {
        Some(ThemeEdit::Merge { keys }) if keys.len() < 2 => {
            let message = crate::l10n::console().t("found-merge-two");
            Err(Error::Invalid(commonweal_domain::FieldErrors::one("", "too_few", message)))
        }
        Some(edit) => app.edit_themes(actor, id, &edit).await.map(|_| ()),
        None => {
            let name = Some(name.as_str()).filter(|n| !n.is_empty());
            app.accept_theme(actor, id, &key, name, fields.get("codeframe")).await.map(|_| ())
        }
    };
    match done {
        Ok(()) => Ok(Redirect::to(&with_done(&format!("/understand/discoveries/{id}"), code)).into_response()),
        Err(e) => {
            let mut errors = Errors::of_error(e)?;
            for item in &mut errors.items {
                item.field = if item.field == "name" { format!("name-{key}") } else { String::new() };
            }
            let found = app.found(actor, id).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(discovery(&visit, found, errors).await?)).into_response())
        }
    }
}
