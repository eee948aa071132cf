//! Services and their touchpoints, in the order in which people go through them.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_domain::{Permission, ServiceId, TouchpointId};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::form::{Errors, Fields};
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "listen/services.html")]
struct ServicesPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    services: Vec<ServiceCard>,
    name: String,
    touchpoints: String,
}

struct ServiceCard {
    id: String,
    name: String,
    /// What stands in the field of the name: what was typed, when it was refused.
    typed: String,
    explorer: String,
    touchpoints: Vec<TouchpointRow>,
}

struct TouchpointRow {
    id: String,
    name: String,
    typed: String,
    explorer: String,
    first: bool,
    last: bool,
}

async fn page(visit: &Visit, errors: Errors, fields: &Fields) -> WebResult<ServicesPage> {
    visit.require(Permission::ManageServices)?;
    let say = l10n::console();
    let services = visit.app().services(&visit.actor)?;
    let typed = |id: &str, name: &str| {
        if errors.has(&format!("name-{id}")) { fields.get("name").to_owned() } else { name.to_owned() }
    };
    let card = |s: commonweal_domain::records::Service| {
        let last = s.touchpoints.len().saturating_sub(1);
        let row = |(place, t): (usize, commonweal_domain::records::Touchpoint)| TouchpointRow {
            id: t.id.to_string(),
            typed: typed(&t.id.to_string(), &t.name),
            explorer: format!(
                "/understand/explorer?{}",
                serde_urlencoded::to_string([("touchpoint", &t.key)]).unwrap_or_default()
            ),
            name: t.name,
            first: place == 0,
            last: place == last,
        };
        ServiceCard {
            id: s.id.to_string(),
            typed: typed(&s.id.to_string(), &s.name),
            name: s.name,
            explorer: format!("/understand/explorer?service={}", s.key),
            touchpoints: s.touchpoints.into_iter().enumerate().map(row).collect(),
        }
    };
    let title = errors.headed(say.t("services-head"), say);
    let is_new = errors.items.iter().all(|e| !e.field.starts_with("name-"));
    Ok(ServicesPage {
        frame: visit.frame(title).await?,
        say,
        services: services.into_iter().map(card).collect(),
        name: if is_new { fields.get("name").to_owned() } else { String::new() },
        touchpoints: fields.exact("touchpoints").to_owned(),
        errors,
    })
}

/// All services and the form to add one.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    Ok(Page(page(&visit, Errors::default(), &Fields::default()).await?).into_response())
}

/// Adds a service, or touchpoints to one that is there.
pub(crate) async fn add(visit: Visit, fields: Fields) -> WebResult<Response> {
    let touchpoints: Vec<String> =
        fields.exact("touchpoints").lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect();
    match visit.app().add_service(&visit.actor, fields.get("name"), &touchpoints).await {
        Ok(_) => Ok(done("", "service-added")),
        Err(e) => refused(&visit, e, "name", &fields).await,
    }
}

/// Gives a service another name.
pub(crate) async fn rename(visit: Visit, Path(id): Path<ServiceId>, fields: Fields) -> WebResult<Response> {
    match visit.app().rename_service(&visit.actor, id, fields.get("name")).await {
        Ok(()) => Ok(done(&format!("#service-{id}"), "service-renamed")),
        Err(e) => refused(&visit, e, &format!("name-{id}"), &fields).await,
    }
}

/// Removes a service that nothing belongs to.
pub(crate) async fn remove(visit: Visit, Path(id): Path<ServiceId>) -> WebResult<Response> {
    match visit.app().remove_service(&visit.actor, id).await {
        Ok(()) => Ok(done("", "service-removed")),
        Err(e) => refused(&visit, e, &format!("service-{id}"), &Fields::default()).await,
    }
}

/// Gives a touchpoint another name.
pub(crate) async fn rename_touchpoint(
    visit: Visit,
    Path((service, id)): Path<(ServiceId, TouchpointId)>,
    fields: Fields,
) -> WebResult<Response> {
    match visit.app().rename_touchpoint(&visit.actor, service, id, fields.get("name")).await {
        Ok(()) => Ok(done(&format!("#service-{service}"), "touchpoint-renamed")),
        Err(e) => refused(&visit, e, &format!("name-{id}"), &fields).await,
    }
}

/// Removes a touchpoint that nothing belongs to.
pub(crate) async fn remove_touchpoint(
    visit: Visit,
    Path((service, id)): Path<(ServiceId, TouchpointId)>,
) -> WebResult<Response> {
    match visit.app().remove_touchpoint(&visit.actor, service, id).await {
        Ok(()) => Ok(done(&format!("#service-{service}"), "touchpoint-removed")),
        Err(e) => refused(&visit, e, &format!("service-{service}"), &Fields::default()).await,
    }
}

/// Moves a touchpoint one place up or down its journey.
pub(crate) async fn move_touchpoint(visit: Visit, Path(id): Path<ServiceId>, fields: Fields) -> WebResult<Response> {
    visit.require(Permission::ManageServices)?;
    let service = visit.app().services(&visit.actor)?.into_iter().find(|s| s.id == id);
    let service = service.ok_or(Error::NotFound("service"))?;
    let mut order: Vec<TouchpointId> = service.touchpoints.iter().map(|t| t.id).collect();
    let moved = fields.get("touchpoint").parse::<TouchpointId>().ok();
    let place = moved.and_then(|t| order.iter().position(|o| *o == t)).ok_or(Error::NotFound("touchpoint"))?;
    let other = if fields.get("by") == "up" { place.checked_sub(1) } else { Some(place + 1) };
    // At either end there is nothing to do: two people may have clicked at once.
    if let Some(other) = other.filter(|o| *o < order.len()) {
        order.swap(place, other);
        visit.app().order_touchpoints(&visit.actor, id, &order).await?;
    }
    Ok(done(&format!("#service-{id}"), "touchpoint-moved"))
}

fn done(place: &str, code: &str) -> Response {
    Redirect::to(&format!("{}{place}", with_done("/settings/services", code))).into_response()
}

/// The page with what was wrong at the place that was meant.
async fn refused(visit: &Visit, error: Error, field: &str, fields: &Fields) -> WebResult<Response> {
    let status =
        if matches!(error, Error::Conflict { .. }) { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut errors = Errors::of_error(error)?;
    for item in errors.items.iter_mut().filter(|i| i.field.is_empty() || i.field == "name") {
        item.field = field.to_owned();
    }
    Ok((status, Page(page(visit, errors, fields).await?)).into_response())
}
