//! Services and their touchpoints.

use commonweal_domain::records::Service;
use commonweal_domain::{Actor, AuditAction, Event, FieldErrors, Permission, ServiceId, TouchpointId, sentence};
use commonweal_store::{StoreError, Work};
use futures::future::BoxFuture;
use serde_json::json;

use crate::app::authorise;
use crate::change::{Audited, audited};
use crate::{App, Error, Result};

impl App {
    /// All services with their touchpoints, in order.
    pub fn services(&self, actor: &Actor) -> Result<Vec<Service>> {
        authorise(actor, Permission::ReadFigures)?;
        Ok(self.inner.journeys.all())
    }

    /// Adds a service with its touchpoints, or adds touchpoints to one that is there.
    pub async fn add_service(&self, actor: &Actor, name: &str, touchpoints: &[String]) -> Result<Service> {
        authorise(actor, Permission::ManageServices)?;
        let name = valid_name("name", name)?;
        let named = |t: &String| Ok((valid_name("touchpoints", t)?, TouchpointId(self.inner.ids.new_id())));
        let touchpoints: Vec<(String, TouchpointId)> = touchpoints.iter().map(named).collect::<Result<_>>()?;
        let (name, new_id, touchpoints) = (name.as_str(), ServiceId(self.inner.ids.new_id()), &touchpoints);
        let now = self.now();
        let id = self.change(actor, move |w| {
            Box::pin(async move {
                let service = w.services().ensure(name, new_id).await?;
                for (touchpoint, id) in touchpoints {
                    w.services().ensure_touchpoint(service.id, touchpoint, *id).await?;
                }
                w.events().emit(now, &[Event::ServiceChanged { service: service.id }]).await?;
                let line = audited(AuditAction::ServiceAdded, service.id).with(json!({"key": service.key}));
                Ok((service.id, line))
            })
        });
        let id = id.await?;
        self.inner.journeys.reload(&self.inner.store).await?;
        let all = self.inner.journeys.all();
        all.into_iter().find(|s| s.id == id).ok_or(Error::NotFound("service"))
    }

    /// Puts the touchpoints of a service in the order in which people go through them.
    pub async fn order_touchpoints(&self, actor: &Actor, service: ServiceId, order: &[TouchpointId]) -> Result<()> {
        authorise(actor, Permission::ManageServices)?;
        self.change_service(actor, service, move |w| {
            Box::pin(async move {
                w.services().order_touchpoints(service, order).await?;
                Ok(audited(AuditAction::TouchpointsOrdered, service))
            })
        })
        .await
    }

    /// Gives a service another name. Its key stays, so that addresses and files go on to work.
    pub async fn rename_service(&self, actor: &Actor, service: ServiceId, name: &str) -> Result<()> {
        authorise(actor, Permission::ManageServices)?;
        let name = valid_name("name", name)?;
        if self.inner.journeys.all().iter().any(|s| s.id != service && s.name.eq_ignore_ascii_case(&name)) {
            return Err(taken(&name));
        }
        let name = name.as_str();
        self.change_service(actor, service, move |w| {
            Box::pin(async move {
                w.services().rename(service, name).await?;
                Ok(audited(AuditAction::ServiceRenamed, service))
            })
        })
        .await
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
        let name = name.as_str();
        self.change_service(actor, service, move |w| {
            Box::pin(async move {
                w.services().rename_touchpoint(touchpoint, name).await?;
                Ok(audited(AuditAction::TouchpointRenamed, touchpoint))
            })
        })
        .await
    }

    /// Removes a service with its touchpoints, if no feedback belongs to it.
    pub async fn remove_service(&self, actor: &Actor, service: ServiceId) -> Result<()> {
        authorise(actor, Permission::ManageServices)?;
        self.change_service(actor, service, move |w| {
            Box::pin(async move {
                w.services().remove(service).await.map_err(|e| in_use(e, "service"))?;
                Ok(audited(AuditAction::ServiceRemoved, service))
            })
        })
        .await
    }

    /// Removes a touchpoint of a service, if no feedback belongs to it.
    pub async fn remove_touchpoint(&self, actor: &Actor, service: ServiceId, touchpoint: TouchpointId) -> Result<()> {
        authorise(actor, Permission::ManageServices)?;
        let all = self.inner.journeys.all();
        if !all.iter().any(|s| s.id == service && s.touchpoints.iter().any(|t| t.id == touchpoint)) {
            return Err(Error::NotFound("touchpoint"));
        }
        self.change_service(actor, service, move |w| {
            Box::pin(async move {
                w.services().remove_touchpoint(touchpoint).await.map_err(|e| in_use(e, "touchpoint"))?;
                Ok(audited(AuditAction::TouchpointRemoved, touchpoint))
            })
        })
        .await
    }

    /// Changes a service or its touchpoints, and tells whoever follows services.
    async fn change_service<'a, F>(&self, actor: &Actor, service: ServiceId, change: F) -> Result<()>
    where
        F: for<'t> Fn(&'t Work<'a>) -> BoxFuture<'t, Result<Audited>>,
    {
        let now = self.now();
        self.change(actor, |w| {
            let changed = change(w);
            Box::pin(async move {
                let line = changed.await?;
                w.events().emit(now, &[Event::ServiceChanged { service }]).await?;
                Ok(((), line))
            })
        })
        .await?;
        self.inner.journeys.reload(&self.inner.store).await
    }
}

fn taken(name: &str) -> Error {
    Error::Invalid(FieldErrors::one(
        "name",
        "taken",
        sentence!("There is another one called {name}. Choose another name.", name),
    ))
}

/// What feedback belongs to stays.
fn in_use(error: StoreError, what: &str) -> Error {
    match error {
        StoreError::Conflict { .. } => Error::Conflict {
            code: "in_use",
            message: sentence!("Feedback belongs to this {what}, so it can't be removed. Rename it instead.", what),
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
            sentence!("A name has 1 to 120 characters and no line breaks; this one has {length}.", length),
        )));
    }
    Ok(name.to_owned())
}
