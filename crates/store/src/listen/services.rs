//! Services and their touchpoints.

use std::collections::HashMap;

use commonweal_domain::records::{Service, Touchpoint, key_of};
use commonweal_domain::{ServiceId, TouchpointId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::{contact, service, touchpoint};
use crate::error::{Result, StoreError};
use crate::work::Services;

impl Store {
    /// All services with their touchpoints, in their order.
    pub async fn services(&self) -> Result<Vec<Service>> {
        load(self.read()).await
    }
}

impl Services<'_> {
    /// The service with this key or name (its key is that of the name); made with this id, at the
    /// end of the list, when there is none.
    pub async fn ensure(&self, name_or_key: &str, new_id: ServiceId) -> Result<Service> {
        let name = name_or_key.trim();
        let key = key_of(name);
        let tx = self.tx();
        let all = load(tx).await?;
        let position = position_after(all.iter().map(|s| i64::from(s.position)));
        if let Some(known) = all.into_iter().find(|s| s.key == key || s.key == name || s.name == name) {
            return Ok(known);
        }
        let row = service::ActiveModel {
            id: Set(new_id.0),
            key: Set(key.clone()),
            name: Set(name.to_owned()),
            position: Set(position),
        };
        // Two who make it at once meet at the key: one row comes of it.
        let ignore = OnConflict::column(service::Column::Key).do_nothing().to_owned();
        service::Entity::insert(row).on_conflict(ignore).exec_without_returning(tx).await?;
        load(tx).await?.into_iter().find(|s| s.key == key).ok_or(StoreError::NotFound("service"))
    }

    /// The touchpoint of a service with this key or name (`apply` and `blue-badge/apply` are the
    /// same); made with this id, at the end of the journey, when there is none.
    pub async fn ensure_touchpoint(
        &self,
        service: ServiceId,
        name_or_key: &str,
        new_id: TouchpointId,
    ) -> Result<Touchpoint> {
        let tx = self.tx();
        let found = load(tx).await?.into_iter().find(|s| s.id == service).ok_or(StoreError::NotFound("service"))?;
        let name = name_or_key.trim();
        let name = name.strip_prefix(&found.key).and_then(|rest| rest.strip_prefix('/')).unwrap_or(name);
        let key = format!("{}/{}", found.key, key_of(name));
        if let Some(known) = found.touchpoints.iter().find(|t| t.key == key || t.name == name) {
            return Ok(known.clone());
        }
        let row = touchpoint::ActiveModel {
            id: Set(new_id.0),
            service_id: Set(service.0),
            key: Set(key.clone()),
            name: Set(name.to_owned()),
            position: Set(position_after(found.touchpoints.iter().map(|t| i64::from(t.position)))),
        };
        let ignore = OnConflict::column(touchpoint::Column::Key).do_nothing().to_owned();
        touchpoint::Entity::insert(row).on_conflict(ignore).exec_without_returning(tx).await?;
        let made = touchpoint::Entity::find().filter(touchpoint::Column::Key.eq(&key)).one(tx).await?;
        Ok(from_row(made.ok_or(StoreError::NotFound("touchpoint"))?))
    }

    /// Writes a service as it stands, with its touchpoints and all their places; adds it when it is
    /// new. Touchpoints that are not in it and have no contacts go; `Conflict` when one that has
    /// contacts is left out or when a key is taken.
    pub async fn save(&self, service: &Service) -> Result<()> {
        let tx = self.tx();
        let row = service::ActiveModel {
            id: Set(service.id.0),
            key: Set(service.key.clone()),
            name: Set(service.name.clone()),
            position: Set(i64::from(service.position)),
        };
        let replace = OnConflict::column(service::Column::Id)
            .update_columns([service::Column::Key, service::Column::Name, service::Column::Position])
            .to_owned();
        service::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
        remove_touchpoints_but(tx, service).await?;
        for (position, t) in (0_i64..).zip(&service.touchpoints) {
            let row = touchpoint::ActiveModel {
                id: Set(t.id.0),
                service_id: Set(service.id.0),
                key: Set(t.key.clone()),
                name: Set(t.name.clone()),
                position: Set(position),
            };
            let replace = OnConflict::column(touchpoint::Column::Id)
                .update_columns([touchpoint::Column::Key, touchpoint::Column::Name, touchpoint::Column::Position])
                .to_owned();
            touchpoint::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
        }
        Ok(())
    }

    /// Gives a service another name. Its key stays.
    pub async fn rename(&self, service: ServiceId, name: &str) -> Result<()> {
        let done = service::Entity::update_many()
            .col_expr(service::Column::Name, Expr::value(name))
            .filter(service::Column::Id.eq(service.0))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 0 { Err(StoreError::NotFound("service")) } else { Ok(()) }
    }

    /// Gives a touchpoint another name. Its key stays.
    pub async fn rename_touchpoint(&self, touchpoint: TouchpointId, name: &str) -> Result<()> {
        let done = touchpoint::Entity::update_many()
            .col_expr(touchpoint::Column::Name, Expr::value(name))
            .filter(touchpoint::Column::Id.eq(touchpoint.0))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 0 { Err(StoreError::NotFound("touchpoint")) } else { Ok(()) }
    }

    /// Removes a touchpoint. `Conflict` when a contact belongs to it.
    pub async fn remove_touchpoint(&self, touchpoint: TouchpointId) -> Result<()> {
        let tx = self.tx();
        if contact::Entity::find().filter(contact::Column::TouchpointId.eq(touchpoint.0)).one(tx).await?.is_some() {
            return Err(StoreError::Conflict { what: "touchpoint with contacts" });
        }
        let gone = touchpoint::Entity::delete_by_id(touchpoint.0).exec(tx).await?;
        if gone.rows_affected == 0 { Err(StoreError::NotFound("touchpoint")) } else { Ok(()) }
    }

    /// Removes a service with its touchpoints. `Conflict` when a contact belongs to it.
    pub async fn remove(&self, service: ServiceId) -> Result<()> {
        let tx = self.tx();
        if contact::Entity::find().filter(contact::Column::ServiceId.eq(service.0)).one(tx).await?.is_some() {
            return Err(StoreError::Conflict { what: "service with contacts" });
        }
        let gone = service::Entity::delete_by_id(service.0).exec(tx).await?;
        if gone.rows_affected == 0 { Err(StoreError::NotFound("service")) } else { Ok(()) }
    }

    /// Puts the touchpoints of a service in this order. All of them must be named, once each;
    /// otherwise `Conflict`: somebody has added or removed one since.
    pub async fn order_touchpoints(&self, service: ServiceId, order: &[TouchpointId]) -> Result<()> {
        let tx = self.tx();
        if service::Entity::find_by_id(service.0).one(tx).await?.is_none() {
            return Err(StoreError::NotFound("service"));
        }
        let there = touchpoint::Entity::find().filter(touchpoint::Column::ServiceId.eq(service.0)).all(tx).await?;
        let mut there: Vec<Uuid> = there.into_iter().map(|t| t.id).collect();
        let mut named: Vec<Uuid> = order.iter().map(|t| t.0).collect();
        there.sort_unstable();
        named.sort_unstable();
        if there != named {
            return Err(StoreError::Conflict { what: "list of touchpoints" });
        }
        for (position, id) in (0_i64..).zip(order) {
            touchpoint::Entity::update_many()
                .col_expr(touchpoint::Column::Position, Expr::value(position))
                .filter(touchpoint::Column::Id.eq(id.0))
                .exec(tx)
                .await?;
        }
        Ok(())
    }
}

async fn remove_touchpoints_but(tx: &DatabaseTransaction, service: &Service) -> Result<()> {
    let kept: Vec<Uuid> = service.touchpoints.iter().map(|t| t.id.0).collect();
    let there = touchpoint::Entity::find().filter(touchpoint::Column::ServiceId.eq(service.id.0)).all(tx).await?;
    for gone in there.into_iter().filter(|t| !kept.contains(&t.id)) {
        if contact::Entity::find().filter(contact::Column::TouchpointId.eq(gone.id)).count(tx).await? > 0 {
            return Err(StoreError::Conflict { what: "touchpoint with contacts" });
        }
        touchpoint::Entity::delete_by_id(gone.id).exec(tx).await?;
    }
    Ok(())
}

async fn load(db: &impl ConnectionTrait) -> Result<Vec<Service>> {
    let mut touchpoints: HashMap<Uuid, Vec<Touchpoint>> = HashMap::new();
    let all = touchpoint::Entity::find()
        .order_by_asc(touchpoint::Column::Position)
        .order_by_asc(touchpoint::Column::Id)
        .all(db)
        .await?;
    for row in all {
        touchpoints.entry(row.service_id).or_default().push(from_row(row));
    }
    let services = service::Entity::find()
        .order_by_asc(service::Column::Position)
        .order_by_asc(service::Column::Id)
        .all(db)
        .await?;
    Ok(services
        .into_iter()
        .map(|row| Service {
            touchpoints: touchpoints.remove(&row.id).unwrap_or_default(),
            id: row.id.into(),
            key: row.key,
            name: row.name,
            position: small(row.position),
        })
        .collect())
}

fn from_row(row: touchpoint::Model) -> Touchpoint {
    Touchpoint { id: row.id.into(), key: row.key, name: row.name, position: small(row.position) }
}

fn position_after(positions: impl Iterator<Item = i64>) -> i64 {
    positions.max().map_or(0, |last| last + 1)
}

fn small(position: i64) -> i32 {
    i32::try_from(position).unwrap_or(i32::MAX)
}
