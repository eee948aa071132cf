//! Services and their touchpoints.

use commonweal_domain::records::Service;
use commonweal_domain::{Actor, FieldErrors, Permission, ServiceId, TouchpointId};
use serde_json::json;

use crate::app::authorise;
use crate::{App, Error, Result};

impl App {
    /// All services with their touchpoints, in order.
    pub fn services(&self, actor: &Actor) -> Result<Vec<Service>> {
        authorise(actor, Permission::ReadFeedback)?;
        Ok(self.inner.journeys.all())
    }

    /// Adds a service with its touchpoints, or adds touchpoints to one that is there.
    pub async fn add_service(&self, actor: &Actor, name: &str, touchpoints: &[String]) -> Result<Service> {
        authorise(actor, Permission::ManageServices)?;
        let name = valid_name("name", name)?;
        let service = self.inner.store.ensure_service(&name, self.inner.ids.new_id().into()).await?;
        for touchpoint in touchpoints {
            self.inner
                .store
                .ensure_touchpoint(service.id, &valid_name("touchpoints", touchpoint)?, self.inner.ids.new_id().into())
                .await?;
        }
        self.inner.journeys.reload(&self.inner.store).await?;
        self.audit(actor, "service.added", &format!("service:{}", service.id), json!({"key": service.key})).await?;
        let all = self.inner.journeys.all();
        all.into_iter().find(|s| s.id == service.id).ok_or(Error::NotFound("service"))
    }

    /// Puts the touchpoints of a service in the order in which people go through them.
    pub async fn order_touchpoints(&self, actor: &Actor, service: ServiceId, order: &[TouchpointId]) -> Result<()> {
        authorise(actor, Permission::ManageServices)?;
        self.inner.store.order_touchpoints(service, order).await?;
        self.inner.journeys.reload(&self.inner.store).await?;
        self.audit(actor, "service.touchpoints_ordered", &format!("service:{service}"), json!({})).await
    }
}

fn valid_name(field: &str, name: &str) -> Result<String> {
    let name = name.trim();
    let length = name.chars().count();
    if length == 0 || length > 120 || name.chars().any(char::is_control) {
        return Err(Error::Invalid(FieldErrors::one(
            field,
            "bad_name",
            format!("A name has 1 to 120 characters and no line breaks; this one has {length}."),
        )));
    }
    Ok(name.to_owned())
}
