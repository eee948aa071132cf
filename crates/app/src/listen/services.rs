//! Services and their touchpoints.

use commonweal_domain::records::Service;
use commonweal_domain::{Actor, FieldErrors, Permission, ServiceId, TouchpointId};
use commonweal_store::StoreError;
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

    /// Gives a service another name. Its key stays, so that addresses and files go on to work.
    pub async fn rename_service(&self, actor: &Actor, service: ServiceId, name: &str) -> Result<()> {
        authorise(actor, Permission::ManageServices)?;
        let name = valid_name("name", name)?;
        if self.inner.journeys.all().iter().any(|s| s.id != service && s.name.eq_ignore_ascii_case(&name)) {
            return Err(taken(&name));
        }
        self.inner.store.rename_service(service, &name).await?;
        self.changed_services(actor, "service.renamed", &format!("service:{service}")).await
    }

    /// Gives a touchpoint of a service another name. Its key stays.
    pub async fn rename_touchpoint(
        &self,
        actor: &Actor,
        service: ServiceId,
        touchpoint: TouchpointId,
        name: &str,
    ) -> Result<()> {
        authorise(actor, Permission::ManageServices)?;
        let name = valid_name("name", name)?;
        let all = self.inner.journeys.all();
        let journey = all.iter().find(|s| s.id == service && s.touchpoints.iter().any(|t| t.id == touchpoint));
        let journey = journey.ok_or(Error::NotFound("touchpoint"))?;
        if journey.touchpoints.iter().any(|t| t.id != touchpoint && t.name.eq_ignore_ascii_case(&name)) {
            return Err(taken(&name));
        }
        self.inner.store.rename_touchpoint(touchpoint, &name).await?;
        self.changed_services(actor, "touchpoint.renamed", &format!("touchpoint:{touchpoint}")).await
    }

    /// Removes a service with its touchpoints, if no feedback belongs to it.
    pub async fn remove_service(&self, actor: &Actor, service: ServiceId) -> Result<()> {
        authorise(actor, Permission::ManageServices)?;
        self.inner.store.remove_service(service).await.map_err(|e| in_use(e, "service"))?;
        self.changed_services(actor, "service.removed", &format!("service:{service}")).await
    }

    /// Removes a touchpoint of a service, if no feedback belongs to it.
    pub async fn remove_touchpoint(&self, actor: &Actor, service: ServiceId, touchpoint: TouchpointId) -> Result<()> {
        authorise(actor, Permission::ManageServices)?;
        let all = self.inner.journeys.all();
        if !all.iter().any(|s| s.id == service && s.touchpoints.iter().any(|t| t.id == touchpoint)) {
            return Err(Error::NotFound("touchpoint"));
        }
        self.inner.store.remove_touchpoint(touchpoint).await.map_err(|e| in_use(e, "touchpoint"))?;
        self.changed_services(actor, "touchpoint.removed", &format!("touchpoint:{touchpoint}")).await
    }

    async fn changed_services(&self, actor: &Actor, action: &str, subject: &str) -> Result<()> {
        self.inner.journeys.reload(&self.inner.store).await?;
        self.audit(actor, action, subject, json!({})).await
    }
}

fn taken(name: &str) -> Error {
    Error::Invalid(FieldErrors::one(
        "name",
        "taken",
        format!("There is another one called {name}. Choose another name."),
    ))
}

/// What feedback belongs to stays.
fn in_use(error: StoreError, what: &str) -> Error {
    match error {
        StoreError::Conflict { .. } => Error::Conflict {
            code: "in_use",
            message: format!("Feedback belongs to this {what}, so it can't be removed. Rename it instead."),
        },
        other => other.into(),
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
