//! Settings of the body, every version kept.

use commonweal_domain::{BodySettings, Instant};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder};

use crate::connect::{Store, corrupt};
use crate::dialect;
use crate::entity::{micros, settings};
use crate::error::{Result, StoreError};
use crate::work::Settings;

impl Store {
    /// The settings now with their version; the defaults, version 0, as long as nobody has saved any.
    pub async fn settings(&self) -> Result<(i64, BodySettings)> {
        let newest = settings::Entity::find().order_by_desc(settings::Column::Version).one(self.read()).await?;
        newest.map_or_else(|| Ok((0, BodySettings::default())), body)
    }

    /// The settings as they were saved as this version; the defaults for version 0. Nothing when there is no
    /// such version.
    pub async fn settings_at(&self, version: i64) -> Result<Option<BodySettings>> {
        match settings::Entity::find_by_id(version).one(self.read()).await? {
            None => Ok((version == 0).then(BodySettings::default)),
            Some(row) => Ok(Some(body(row)?.1)),
        }
    }
}

fn body(row: settings::Model) -> Result<(i64, BodySettings)> {
    let body = serde_json::from_value(row.body).map_err(|e| corrupt(format!("settings: {e}")))?;
    Ok((row.version, body))
}

impl Settings<'_> {
    /// Saves settings that were made from version `based_on`; the new version. `Conflict` when
    /// somebody has saved since. With another time zone contacts are counted anew by its days, in the
    /// same transaction: writers wait for it.
    pub async fn save(&self, settings: &BodySettings, based_on: i64, actor: &str, at: Instant) -> Result<i64> {
        let body = serde_json::to_value(settings).map_err(|e| corrupt(format!("settings: {e}")))?;
        let tx = self.tx();
        let newest = settings::Entity::find().order_by_desc(settings::Column::Version).one(tx).await?;
        if newest.map_or(0, |row| row.version) != based_on {
            return Err(StoreError::Conflict { what: "settings" });
        }
        // Two who save at once meet at the primary key: the second gets `Conflict` from it.
        let row = settings::ActiveModel {
            version: Set(based_on + 1),
            body: Set(body.clone()),
            actor: Set(actor.to_owned()),
            at: Set(micros(at)),
        };
        if dialect::time_zone(tx).await? != settings.time_zone {
            // Its days begin and end at other instants now.
            dialect::recount_contacts(tx, settings.time_zone).await?;
        }
        settings::Entity::insert(row).exec_without_returning(tx).await?;
        Ok(based_on + 1)
    }
}
