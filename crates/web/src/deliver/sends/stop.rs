//! Stopping: one send for good, or everything that goes to many people and that no law demands.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::deliver::DispatchFilter;
use commonweal_domain::{DispatchId, DispatchState, Lane, PageRequest, Permission};

use super::Teams;
use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;

/// Most sends that are listed.
const LISTED: usize = 100;

#[derive(Template)]
#[template(path = "deliver/stop_all.html")]
struct StopAllPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    /// What would be paused: id, name, team.
    going: Vec<(String, String, String)>,
    /// What is still being planned, and begins when that is done.
    planning: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "deliver/stop.html")]
struct StopPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    name: String,
    what: String,
}

async fn all_page(visit: &Visit, errors: Errors) -> WebResult<StopAllPage> {
    visit.require(Permission::ManageDispatches)?;
    let say = l10n::console();
    let teams = Teams::all(visit).await?;
    let in_state = async |state| {
        let filter = DispatchFilter { state: Some(state), ..DispatchFilter::default() };
        let page = visit.app().dispatches_like(&visit.actor, &filter, &PageRequest::first(LISTED)).await?;
        Ok::<_, commonweal_app::Error>(page.items.into_iter().filter(|d| d.lane != Lane::Statutory))
    };
    let going = in_state(DispatchState::Running).await?;
    let going = going.map(|d| (d.id.to_string(), d.name, teams.name(d.team))).collect();
    let planning = in_state(DispatchState::Planning).await?.map(|d| (d.id.to_string(), d.name)).collect();
    let frame = visit.frame(errors.headed(say.t("sends-stop-all-head"), say)).await?;
    Ok(StopAllPage { frame, say, errors, going, planning })
}

/// Asks whether everything is to be stopped.
pub(crate) async fn ask_all(visit: Visit) -> WebResult<Response> {
    Ok(Page(all_page(&visit, Errors::default()).await?).into_response())
}

/// Stops everything, once it is said that this is meant.
pub(crate) async fn all(visit: Visit, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManageDispatches)?;
    if sent.get("confirmed") != "yes" {
        let mut errors = Errors::whole(l10n::console().t("sends-stop-all-missing"));
        errors.items.iter_mut().for_each(|item| "confirmed".clone_into(&mut item.field));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(all_page(&visit, errors).await?)).into_response());
    }
    visit.app().pause_all_dispatches(&visit.actor).await?;
    Ok(Redirect::to(&with_done("/sends?state=paused", "sends-stopped-all")).into_response())
}

async fn one_page(visit: &Visit, id: DispatchId, errors: Errors) -> WebResult<StopPage> {
    visit.require(Permission::ManageDispatches)?;
    let say = l10n::console();
    let seen = visit.app().dispatch(&visit.actor, id).await?;
    let title = say.with("sends-stop-head", &[("name", seen.dispatch.name.as_str().into())]);
    let waiting = seen.reconciliation.still_pending();
    let what = [("waiting", format::count(waiting)), ("sent", format::count(seen.reconciliation.handed_over))];
    let what: Vec<_> = what.iter().map(|(name, n)| (*name, n.as_str().into())).collect();
    Ok(StopPage {
        frame: visit.frame(errors.headed(title, say)).await?,
        what: say.with("sends-stop-what", &what),
        errors,
        id: id.to_string(),
        name: seen.dispatch.name,
        say,
    })
}

/// Asks whether a send is to be stopped for good.
pub(crate) async fn ask(visit: Visit, Path(id): Path<DispatchId>) -> WebResult<Response> {
    Ok(Page(one_page(&visit, id, Errors::default()).await?).into_response())
}

/// Stops a send for good, once it is said that this is meant.
pub(crate) async fn cancel(visit: Visit, Path(id): Path<DispatchId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManageDispatches)?;
    if sent.get("confirmed") != "yes" {
        let mut errors = Errors::whole(l10n::console().t("sends-stop-missing"));
        errors.items.iter_mut().for_each(|item| "confirmed".clone_into(&mut item.field));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(one_page(&visit, id, errors).await?)).into_response());
    }
    visit.app().cancel_dispatch(&visit.actor, id).await?;
    visit.count_again();
    Ok(Redirect::to(&with_done(&format!("/sends/{id}"), "send-stopped")).into_response())
}
