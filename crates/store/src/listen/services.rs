//! Services and their touchpoints.

use commonweal_domain::records::{Service, Touchpoint};
use commonweal_domain::{ServiceId, TouchpointId};

use crate::connect::{Store, unfinished};
use crate::error::Result;

impl Store {
    /// All services with their touchpoints, in their order.
    pub async fn services(&self) -> Result<Vec<Service>> {
        unfinished()
    }

    /// The service with this key or name (its key is that of the name); made with this id, at the
    /// end of the list, when there is none.
    pub async fn ensure_service(&self, name_or_key: &str, new_id: ServiceId) -> Result<Service> {
        let _ = (name_or_key, new_id);
        unfinished()
    }

    /// The touchpoint of a service with this key or name (`apply` and `blue-badge/apply` are the
    /// same); made with this id, at the end of the journey, when there is none.
    pub async fn ensure_touchpoint(&self, service: ServiceId, name_or_key: &str, new_id: TouchpointId) -> Result<Touchpoint> {
        let _ = (service, name_or_key, new_id);
        unfinished()
    }

    /// Writes a service as it stands, with its touchpoints and all their places. Touchpoints that are
    /// not in it and have no feedback go; `Conflict` when one that has feedback is left out or
    /// when a key is taken.
    pub async fn save_service(&self, service: &Service) -> Result<()> {
        let _ = service;
        unfinished()
    }

    /// Gives a service another name. Its key stays.
    pub async fn rename_service(&self, service: ServiceId, name: &str) -> Result<()> {
        let _ = (service, name);
        unfinished()
    }

    /// Gives a touchpoint another name. Its key stays.
    pub async fn rename_touchpoint(&self, touchpoint: TouchpointId, name: &str) -> Result<()> {
        let _ = (touchpoint, name);
        unfinished()
    }

    /// Puts the touchpoints of a service in this order. All of them must be named, once each.
    pub async fn order_touchpoints(&self, service: ServiceId, order: &[TouchpointId]) -> Result<()> {
        let _ = (service, order);
        unfinished()
    }
}
