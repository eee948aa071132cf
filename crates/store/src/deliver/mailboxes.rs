//! Mailboxes that are read: how they are set up, who reads them now, how far they were read.

use commonweal_domain::mailbox::MailboxRead;
use commonweal_domain::{Instant, Mailbox, MailboxId};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::connect::{Store, corrupt};
use crate::entity::mailbox::{Column as C, Entity};
use crate::entity::{count, instant, mailbox, maybe_instant, micros};
use crate::error::{Result, StoreError};
use crate::work::Mailboxes;

const GONE: StoreError = StoreError::NotFound("mailbox");

impl Store {
    /// All mailboxes, by name.
    pub async fn mailboxes(&self) -> Result<Vec<Mailbox>> {
        let rows = Entity::find().all(self.read()).await?;
        let mut all = rows.into_iter().map(from_row).collect::<Result<Vec<_>>>()?;
        all.sort_by_cached_key(|m| (m.setup.name.to_lowercase(), m.id));
        Ok(all)
    }

    /// A mailbox.
    pub async fn mailbox(&self, id: MailboxId) -> Result<Mailbox> {
        from_row(Entity::find_by_id(id.0).one(self.read()).await?.ok_or(GONE)?)
    }

    /// With what a mailbox is signed in to, sealed.
    pub async fn mailbox_secret(&self, id: MailboxId) -> Result<Option<Vec<u8>>> {
        Ok(Entity::find_by_id(id.0).one(self.read()).await?.ok_or(GONE)?.secret)
    }
}

impl Mailboxes<'_> {
    /// Adds a mailbox. `Conflict` when there is one of this name.
    pub async fn create(&self, new: &Mailbox, secret: Option<&[u8]>) -> Result<()> {
        let row = mailbox::ActiveModel {
            id: Set(new.id.0),
            made_at: Set(micros(new.made_at)),
            secret: Set(secret.map(<[u8]>::to_vec)),
            last_uid: Set(0),
            ..changed(new)?
        };
        Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Changes how a mailbox is set up, as long as it is as the version before; its secret only where one is given. What was
    /// read of another folder or account says nothing: it is read from its beginning.
    pub async fn update(&self, to: &Mailbox, secret: Option<&[u8]>, anew: bool) -> Result<()> {
        let mut row = changed(to)?;
        if let Some(secret) = secret {
            row.secret = Set(Some(secret.to_vec()));
        }
        if anew {
            row.validity = Set(None);
            row.last_uid = Set(0);
        }
        let done = Entity::update_many()
            .set(row)
            .filter(C::Id.eq(to.id.0))
            .filter(C::Version.eq(i64::from(to.version) - 1))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "mailbox" }) }
    }

    /// Reads a mailbox no more. What came by it stays counted.
    pub async fn remove(&self, id: MailboxId) -> Result<()> {
        let gone = Entity::delete_by_id(id.0).exec(self.tx()).await?;
        if gone.rows_affected == 1 { Ok(()) } else { Err(GONE) }
    }

    /// Takes a mailbox to read it, or holds it longer: whether nobody else has it.
    pub async fn lease(&self, id: MailboxId, worker: &str, now: Instant, until: Instant) -> Result<bool> {
        let free =
            Condition::any().add(C::LeaseUntil.is_null()).add(C::LeaseUntil.lt(micros(now))).add(C::Worker.eq(worker));
        let done = Entity::update_many()
            .col_expr(C::Worker, Expr::value(worker))
            .col_expr(C::LeaseUntil, Expr::value(micros(until)))
            .filter(C::Id.eq(id.0))
            .filter(free)
            .exec(self.tx())
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Lets others read a mailbox.
    pub async fn release(&self, id: MailboxId, worker: &str) -> Result<()> {
        Entity::update_many()
            .col_expr(C::Worker, Expr::value(None::<String>))
            .col_expr(C::LeaseUntil, Expr::value(None::<i64>))
            .filter(C::Id.eq(id.0))
            .filter(C::Worker.eq(worker))
            .exec(self.tx())
            .await?;
        Ok(())
    }

    /// Notes through which message a mailbox was read.
    pub async fn read_through(&self, id: MailboxId, validity: u32, uid: u32) -> Result<()> {
        Entity::update_many()
            .col_expr(C::Validity, Expr::value(i64::from(validity)))
            .col_expr(C::LastUid, Expr::value(i64::from(uid)))
            .filter(C::Id.eq(id.0))
            .exec(self.tx())
            .await?;
        Ok(())
    }

    /// Notes that a mailbox was looked into, and what was in the way.
    pub async fn checked(&self, id: MailboxId, at: Instant, error: Option<&str>) -> Result<()> {
        Entity::update_many()
            .col_expr(C::CheckedAt, Expr::value(micros(at)))
            .col_expr(C::Error, Expr::value(error.map(str::to_owned)))
            .filter(C::Id.eq(id.0))
            .exec(self.tx())
            .await?;
        Ok(())
    }
}

fn changed(to: &Mailbox) -> Result<mailbox::ActiveModel> {
    Ok(mailbox::ActiveModel {
        name: Set(to.setup.name.clone()),
        setup: Set(serde_json::to_value(&to.setup).map_err(|e| StoreError::Invalid(e.to_string()))?),
        version: Set(to.version.into()),
        changed_at: Set(micros(to.changed_at)),
        ..Default::default()
    })
}

fn from_row(row: mailbox::Model) -> Result<Mailbox> {
    let uid = |number: i64| u32::try_from(number).map_err(|_| corrupt("a UID is out of range"));
    Ok(Mailbox {
        id: row.id.into(),
        setup: serde_json::from_value(row.setup).map_err(|e| corrupt(format!("a mailbox: {e}")))?,
        read: MailboxRead {
            validity: row.validity.map(uid).transpose()?,
            last_uid: uid(row.last_uid)?,
            checked_at: maybe_instant(row.checked_at)?,
            error: row.error,
        },
        version: u32::try_from(count(row.version)).unwrap_or(u32::MAX),
        made_at: instant(row.made_at)?,
        changed_at: instant(row.changed_at)?,
    })
}
