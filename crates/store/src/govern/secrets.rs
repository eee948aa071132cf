//! The secrets that a body's other secrets are made of, as they are kept: sealed or not is for others to say.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::connect::Store;
use crate::entity::{meta, secret};
use crate::error::{Result, StoreError};
use crate::work::Upkeep;

/// Which secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootSecret {
    /// It signs forms, tickets and the cookies of devices, and makes the noise of small groups. A copy of the database
    /// makes its own.
    Signing,
    /// What has to be read again is sealed with it. It goes with a copy: without it nobody could sign in there.
    Sealing,
}

impl RootSecret {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Signing, Self::Sealing];

    /// Its name where it is kept.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signing => "form_secret",
            Self::Sealing => "second_step",
        }
    }
}

impl Store {
    /// A secret, when one is kept.
    pub async fn root_secret(&self, which: RootSecret) -> Result<Option<String>> {
        read(self.read(), which).await
    }
}

async fn read(db: &impl ConnectionTrait, which: RootSecret) -> Result<Option<String>> {
    Ok(match which {
        RootSecret::Signing => meta::Entity::find_by_id(which.name()).one(db).await?.map(|row| row.value),
        RootSecret::Sealing => secret::Entity::find_by_id(which.name()).one(db).await?.map(|row| row.value),
    })
}

impl Upkeep<'_> {
    /// Keeps a secret unless one is kept already; gives the one that is kept. Two servers that make it at once meet at
    /// its name: one row comes of it.
    pub async fn keep_root_secret(&self, which: RootSecret, fresh: &str) -> Result<String> {
        let (name, value) = (Set(which.name().to_owned()), Set(fresh.to_owned()));
        match which {
            RootSecret::Signing => {
                let once = OnConflict::column(meta::Column::Key).do_nothing().to_owned();
                let row = meta::ActiveModel { key: name, value };
                meta::Entity::insert(row).on_conflict(once).exec_without_returning(self.tx()).await?;
            }
            RootSecret::Sealing => {
                let once = OnConflict::column(secret::Column::Name).do_nothing().to_owned();
                let row = secret::ActiveModel { name, value };
                secret::Entity::insert(row).on_conflict(once).exec_without_returning(self.tx()).await?;
            }
        }
        read(self.tx(), which).await?.ok_or(StoreError::NotFound("secret"))
    }

    /// Keeps a secret in another form. `Conflict` when it is not `was` any more.
    pub async fn reseal_root_secret(&self, which: RootSecret, was: &str, now: &str) -> Result<()> {
        let (name, now) = (which.name(), Expr::value(now));
        let changed = match which {
            RootSecret::Signing => {
                let row = meta::Entity::update_many().filter(meta::Column::Key.eq(name));
                row.filter(meta::Column::Value.eq(was)).col_expr(meta::Column::Value, now).exec(self.tx()).await?
            }
            RootSecret::Sealing => {
                let row = secret::Entity::update_many().filter(secret::Column::Name.eq(name));
                row.filter(secret::Column::Value.eq(was)).col_expr(secret::Column::Value, now).exec(self.tx()).await?
            }
        };
        if changed.rows_affected == 0 { Err(StoreError::Conflict { what: "secret" }) } else { Ok(()) }
    }
}
