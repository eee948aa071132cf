//! Saved views: keep, list, forget.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::App;
use commonweal_app::Error;
use commonweal_domain::Actor;
use commonweal_domain::{Permission, SavedViewId};

use crate::http::capability::{Later, OwnLink};
use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "understand/views.html")]
struct ViewsPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    views: Vec<ViewRow>,
    /// What was to be saved when it did not work.
    retry: Option<Retry>,
    may_save: bool,
}

struct Retry {
    name: String,
    address: String,
    shared: bool,
}

struct ViewRow {
    id: String,
    name: String,
    href: String,
    whose: String,
    saved: String,
    may_forget: bool,
}

async fn page(visit: &Visit, errors: Errors, retry: Option<Retry>) -> WebResult<ViewsPage> {
    let say = l10n::console();
    let row = |v: commonweal_domain::records::SavedView| {
        let mine = v.owner == visit.user.id;
        ViewRow {
            id: v.id.to_string(),
            href: format!("/understand/explorer?{}", v.address),
            whose: match (mine, v.shared) {
                (true, true) => say.t("views-yours-shared"),
                (true, false) => say.t("views-yours"),
                (false, _) => say.t("views-colleague"),
            },
            saved: format::date(v.created_at, visit.zone()),
            may_forget: if mine { visit.may(Permission::SaveViews) } else { visit.may(Permission::Administer) },
            name: v.name,
        }
    };
    let views = visit.app().views(&visit.actor).await?;
    Ok(ViewsPage {
        frame: visit.frame(errors.headed(say.t("views-title"), say)).await?,
        say,
        views: views.into_iter().map(row).collect(),
        may_save: visit.may(Permission::SaveViews),
        errors,
        retry,
    })
}

/// Everybody's own views and those that are shared, as links.
pub(crate) fn links(app: App, actor: Actor) -> Later<Vec<OwnLink>> {
    Box::pin(async move {
        let views = app.views(&actor).await?;
        Ok(views
            .into_iter()
            .map(|view| OwnLink { text: view.name, href: format!("/understand/explorer?{}", view.address) })
            .collect())
    })
}

/// All saved views.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    Ok(Page(page(&visit, Errors::default(), None).await?).into_response())
}

/// Keeps an Explorer address and goes back to it.
pub(crate) async fn save(visit: Visit, fields: Fields) -> WebResult<Response> {
    let (name, address, shared) = (fields.get("name"), fields.get("address"), fields.get("shared") == "yes");
    match visit.app().save_view(&visit.actor, name, address, shared).await {
        Ok(view) if view.address.is_empty() => {
            Ok(Redirect::to(&with_done("/understand/explorer", "view-saved")).into_response())
        }
        Ok(view) => {
            Ok(Redirect::to(&with_done(&format!("/understand/explorer?{}", view.address), "view-saved"))
                .into_response())
        }
        Err(e @ Error::Invalid(_)) => {
            let retry = Retry { name: name.to_owned(), address: address.to_owned(), shared };
            let errors = Errors::of_error(e)?;
            let page = page(&visit, errors, Some(retry)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Forgets a view.
pub(crate) async fn forget(visit: Visit, Path(id): Path<SavedViewId>) -> WebResult<Response> {
    visit.app().forget_view(&visit.actor, id).await?;
    Ok(Redirect::to(&with_done("/understand/views", "view-forgotten")).into_response())
}
