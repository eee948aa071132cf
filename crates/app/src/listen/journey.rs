//! Services and touchpoints by key or name, kept at hand so that intake need not ask the store.

use std::collections::HashMap;
use std::sync::Arc;

use commonweal_domain::records::{Service, key_of};
use commonweal_domain::{IdSource, ServiceId, TouchpointId};
use commonweal_store::{Silent, Store, StoreError, Trail};
use parking_lot::RwLock;

use super::door::PlaceNames;
use crate::Result;
use crate::understand::labels::{Names, of_places};

/// Where a feedback belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) service: Option<(ServiceId, String)>,
    pub(crate) touchpoint: Option<(TouchpointId, String)>,
}

/// All services with their touchpoints.
pub(crate) struct Journeys {
    services: RwLock<Vec<Service>>,
    names: RwLock<Names>,
    /// What was asked before, by the exact words asked: files repeat a few names a million times.
    known: RwLock<HashMap<(String, String), Place>>,
}

/// Name under which feedback is kept that names a touchpoint but no service.
const GENERAL: &str = "General";

impl Journeys {
    /// Reads them from the store.
    pub(crate) async fn load(store: &Store) -> Result<Self> {
        let services = store.services().await?;
        let names = RwLock::new(of_places(&services));
        Ok(Self { services: RwLock::new(services), names, known: RwLock::default() })
    }

    /// All services, in order.
    pub(crate) fn all(&self) -> Vec<Service> {
        self.services.read().clone()
    }

    /// What a service and a touchpoint of it are called.
    pub(crate) fn called(
        &self,
        service: Option<ServiceId>,
        touchpoint: Option<TouchpointId>,
    ) -> (Option<String>, Option<String>) {
        let services = self.services.read();
        let service = services.iter().find(|s| Some(s.id) == service);
        let touchpoint = service.and_then(|s| s.touchpoints.iter().find(|t| Some(t.id) == touchpoint));
        (service.map(|s| s.name.clone()), touchpoint.map(|t| t.name.clone()))
    }

    /// What they are called, by key.
    pub(crate) fn names(&self) -> Names {
        Arc::clone(&self.names.read())
    }

    /// Reads them again after a change.
    pub(crate) async fn reload(&self, store: &Store) -> Result<()> {
        let fresh = store.services().await?;
        *self.names.write() = of_places(&fresh);
        *self.services.write() = fresh;
        self.known.write().clear();
        Ok(())
    }

    /// Finds the place, creating service and touchpoint when they are new.
    pub(crate) async fn place(&self, store: &Store, ids: &dyn IdSource, names: PlaceNames<'_>) -> Result<Place> {
        let service = names.service().map(str::trim).filter(|s| !s.is_empty());
        let touchpoint = names.touchpoint().map(str::trim).filter(|t| !t.is_empty());
        let service = match (service, touchpoint) {
            (None, None) => return Ok(Place::default()),
            (None, Some(_)) => GENERAL,
            (Some(name), _) => name,
        };
        let asked = (service.to_owned(), touchpoint.unwrap_or_default().to_owned());
        if let Some(place) = self.known.read().get(&asked) {
            return Ok(place.clone());
        }
        let place = match self.find(service, touchpoint) {
            Some(place) => place,
            None => {
                let (new_service, new_touchpoint) = (ids.new_id().into(), ids.new_id().into());
                let made = store.transact(move |w| {
                    Box::pin(async move {
                        let made = w.services().ensure(service, new_service).await?;
                        if let Some(name) = touchpoint {
                            w.services().ensure_touchpoint(made.id, name, new_touchpoint).await?;
                        }
                        Ok::<_, StoreError>(((), Trail::Silent(Silent::Upkeep)))
                    })
                });
                made.await?;
                self.reload(store).await?;
                self.find(service, touchpoint).unwrap_or_default()
            }
        };
        self.known.write().insert(asked, place.clone());
        Ok(place)
    }

    fn find(&self, service: &str, touchpoint: Option<&str>) -> Option<Place> {
        let services = self.services.read();
        let key = key_of(service);
        let found = services.iter().find(|s| s.key == service || s.name == service || s.key == key)?;
        let touchpoint = match touchpoint {
            None => None,
            Some(name) => {
                let key = format!("{}/{}", found.key, key_of(name));
                let t = found.touchpoints.iter().find(|t| t.key == name || t.name == name || t.key == key)?;
                Some((t.id, t.key.clone()))
            }
        };
        Some(Place { service: Some((found.id, found.key.clone())), touchpoint })
    }
}
