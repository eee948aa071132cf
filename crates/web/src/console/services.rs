//! Services and their touchpoints, in the order in which people go through them.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_domain::{Permission, ServiceId, TouchpointId};

use super::forms::{Errors, Fields};
use super::frame::{Frame, Visit, with_done};
use crate::error::WebResult;
use crate::page::Page;

#[derive(Template)]
#[template(path = "services.html")]
struct ServicesPage {
    frame: Frame,
    errors: Errors,
    services: Vec<ServiceCard>,
    name: String,
    touchpoints: String,
}

struct ServiceCard {
    id: String,
    name: String,
    explorer: String,
    touchpoints: Vec<TouchpointRow>,
}

struct TouchpointRow {
    id: String,
    name: String,
    first: bool,
    last: bool,
}

async fn page(visit: &Visit, errors: Errors, fields: &Fields) -> WebResult<ServicesPage> {
    visit.require(Permission::ManageServices)?;
    let services = visit.app().services(&visit.actor)?;
    let card = |s: commonweal_domain::records::Service| {
        let last = s.touchpoints.len().saturating_sub(1);
        let row = |(place, t): (usize, commonweal_domain::records::Touchpoint)| TouchpointRow {
            id: t.id.to_string(),
            name: t.name,
            first: place == 0,
            last: place == last,
        };
        ServiceCard {
            id: s.id.to_string(),
            name: s.name,
            explorer: format!("/explorer?service={}", s.key),
            touchpoints: s.touchpoints.into_iter().enumerate().map(row).collect(),
        }
    };
    let title = if errors.items.is_empty() { "Services: settings" } else { "Error: Services: settings" };
    Ok(ServicesPage {
        frame: visit.frame(title).await?,
        services: services.into_iter().map(card).collect(),
        name: fields.get("name").to_owned(),
        touchpoints: fields.exact("touchpoints").to_owned(),
        errors,
    })
}

/// All services and the form to add one.
pub(super) async fn list(visit: Visit) -> WebResult<Response> {
    Ok(Page(page(&visit, Errors::default(), &Fields::default()).await?).into_response())
}

/// Adds a service, or touchpoints to one that is there.
pub(super) async fn add(visit: Visit, fields: Fields) -> WebResult<Response> {
    let touchpoints: Vec<String> =
        fields.exact("touchpoints").lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect();
    match visit.app().add_service(&visit.actor, fields.get("name"), &touchpoints).await {
        Ok(_) => Ok(Redirect::to(&with_done("/settings/services", "service-added")).into_response()),
        Err(e) => {
            let errors = Errors::of_error(e)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page(&visit, errors, &fields).await?)).into_response())
        }
    }
}

/// Moves a touchpoint one place up or down its journey.
pub(super) async fn move_touchpoint(visit: Visit, Path(id): Path<ServiceId>, fields: Fields) -> WebResult<Response> {
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
    Ok(Redirect::to(&format!("{}#service-{id}", with_done("/settings/services", "touchpoint-moved"))).into_response())
}
