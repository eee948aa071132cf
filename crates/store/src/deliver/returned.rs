//! Mails that came back: each once, with what became of it and without anything of what it said.

use commonweal_domain::{
    ContactId, Cursor, DeliveryId, DispatchId, FeedbackId, Function, Instant, MailboxId, Page, PageRequest, Returned,
    ReturnedKind, ReturnedOutcome,
};
use sea_orm::sea_query::{Expr, JoinType, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::connect::{Store, corrupt};
use crate::entity::returned_mail::{Column as C, Entity};
use crate::entity::{count, delivery, feedback, instant, micros, named, returned_mail};
use crate::error::{Result, StoreError};
use crate::page::Sorted;
use crate::work::Deliveries;

/// Where a mail lies in a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailPlace {
    /// The mailbox.
    pub mailbox: MailboxId,
    /// Under which UIDVALIDITY.
    pub validity: u32,
    /// Its UID.
    pub uid: u32,
}

/// A mail that came back, to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReturned {
    /// What it is, and what became of it.
    pub returned: Returned,
    /// By which it is known when it is read again.
    pub hash: [u8; 32],
    /// Of what could not be delivered for now: what is left of the address, so that it is known how often that was.
    pub handle: Option<[u8; 32]>,
    /// Where it lies. It is put away there, unless a person has to look at it.
    pub place: Option<MailPlace>,
}

/// What of a delivery that went out is needed to tell what an answer to it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WentOut {
    /// What is left of the address it went to; nothing once its person was erased.
    pub handle: Option<[u8; 32]>,
    /// Of which function it was.
    pub function: Function,
}

impl Store {
    /// A page of mails that came back, newest first.
    pub async fn returned_mails(&self, page: &PageRequest) -> Result<Page<Returned>> {
        self.page(Entity::find(), Sorted::Id(C::Id), page, |r: &Returned| Cursor::of(r.id), from_row).await
    }

    /// How many mails came back, by what they are and what became of them.
    pub async fn returned_counts(&self) -> Result<Vec<(ReturnedKind, ReturnedOutcome, u64)>> {
        let rows: Vec<(String, String, i64)> = Entity::find()
            .select_only()
            .columns([C::Kind, C::Outcome])
            .column_as(C::Id.count(), "mails")
            .group_by(C::Kind)
            .group_by(C::Outcome)
            .into_tuple()
            .all(self.read())
            .await?;
        let mut counts = rows
            .into_iter()
            .map(|(kind, outcome, n)| {
                Ok((named(&kind, ReturnedKind::from_key)?, named(&outcome, ReturnedOutcome::from_key)?, count(n)))
            })
            .collect::<Result<Vec<_>>>()?;
        counts.sort_unstable();
        Ok(counts)
    }

    /// The mail with this hash, if it was read before.
    pub async fn returned_before(&self, hash: &[u8; 32]) -> Result<Option<Returned>> {
        let row = Entity::find().filter(C::Hash.eq(hash.to_vec())).one(self.read()).await?;
        row.map(from_row).transpose()
    }

    /// Messages of a mailbox that were read and are not put away yet.
    pub async fn mails_to_put_away(&self, mailbox: MailboxId, validity: u32) -> Result<Vec<u32>> {
        let uids: Vec<Option<i64>> = Entity::find()
            .select_only()
            .column(C::Uid)
            .filter(C::MailboxId.eq(mailbox.0))
            .filter(C::Filed.eq(false))
            .filter(C::Validity.eq(i64::from(validity)))
            .order_by_asc(C::Uid)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(uids.into_iter().flatten().filter_map(|uid| u32::try_from(uid).ok()).collect())
    }

    /// What of a delivery is needed to tell what an answer to it means. `NotFound` when there is none.
    pub async fn went_out(&self, id: DeliveryId) -> Result<WentOut> {
        let row: Option<(Option<Vec<u8>>, String)> = delivery::Entity::find_by_id(id.0)
            .select_only()
            .columns([delivery::Column::HandleHash, delivery::Column::Function])
            .into_tuple()
            .one(self.read())
            .await?;
        let (handle, function) = row.ok_or(StoreError::NotFound("delivery"))?;
        let handle = handle.map(|hash| hash.try_into().map_err(|_| corrupt("a hash of another length"))).transpose()?;
        Ok(WentOut { handle, function: named(&function, Function::from_key)? })
    }

    /// The contact that a feedback came by.
    pub async fn contact_of_feedback(&self, id: FeedbackId) -> Result<ContactId> {
        let row = feedback::Entity::find_by_id(id.0).one(self.read()).await?.ok_or(StoreError::NotFound("feedback"))?;
        Ok(row.contact_id.into())
    }

    /// The answers of people to a send, each with the feedback that holds its words; without where it had none.
    pub async fn replies_of_dispatch(&self, of: DispatchId) -> Result<Vec<Option<FeedbackId>>> {
        let of_delivery = |column| Expr::col((delivery::Entity, column));
        let of_feedback = |column| Expr::col((feedback::Entity, column));
        let mut select = Query::select();
        select
            .expr(of_feedback(feedback::Column::Id))
            .from(Entity)
            .join(
                JoinType::InnerJoin,
                delivery::Entity,
                of_delivery(delivery::Column::Id).equals((Entity, C::DeliveryId)),
            )
            .join(
                JoinType::LeftJoin,
                feedback::Entity,
                of_feedback(feedback::Column::ContactId).equals((Entity, C::ContactId)),
            )
            .and_where(of_delivery(delivery::Column::DispatchId).eq(of.0))
            .and_where(Expr::col((Entity, C::Outcome)).eq(ReturnedOutcome::Answered.key()))
            .and_where(Expr::col((Entity, C::ContactId)).is_not_null());
        let rows = self.read().query_all(&select).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index::<Option<Uuid>>(0)?.map(Into::into))).collect()
    }

    /// The delivery that a contact answers, if it does.
    pub async fn answered_delivery(&self, contact: ContactId) -> Result<Option<DeliveryId>> {
        let row = Entity::find().filter(C::ContactId.eq(contact.0)).one(self.read()).await?;
        Ok(row.and_then(|row| row.delivery_id).map(Into::into))
    }
}

impl Deliveries<'_> {
    /// Writes down a mail that came back. Whether it was new: the same one read again stays as it was read first, and is put away
    /// where it lies now.
    pub async fn keep_returned(&self, new: &NewReturned) -> Result<bool> {
        let one = &new.returned;
        let before = Entity::find().filter(C::Hash.eq(new.hash.to_vec())).one(self.tx()).await?;
        let uid = |place: &MailPlace| (Some(i64::from(place.validity)), Some(i64::from(place.uid)));
        let (validity, number) = new.place.as_ref().map_or((None, None), uid);
        // Whatever a person has to look at stays where it is.
        let filed = |outcome: ReturnedOutcome| new.place.is_none() || outcome.is_left();
        if let Some(before) = before {
            if let Some(place) = new.place {
                let outcome = named(&before.outcome, ReturnedOutcome::from_key)?;
                Entity::update_many()
                    .col_expr(C::MailboxId, Expr::value(place.mailbox.0))
                    .col_expr(C::Validity, Expr::value(validity))
                    .col_expr(C::Uid, Expr::value(number))
                    .col_expr(C::Filed, Expr::value(filed(outcome)))
                    .filter(C::Id.eq(before.id))
                    .exec(self.tx())
                    .await?;
            }
            return Ok(false);
        }
        let row = returned_mail::ActiveModel {
            id: Set(one.id.0),
            hash: Set(new.hash.to_vec()),
            at: Set(micros(one.at)),
            kind: Set(one.kind.key().to_owned()),
            outcome: Set(one.outcome.key().to_owned()),
            delivery_id: Set(one.delivery.map(|id| id.0)),
            contact_id: Set(one.contact.map(|id| id.0)),
            handle_hash: Set(new.handle.map(|hash| hash.to_vec())),
            mailbox_id: Set(new.place.map(|place| place.mailbox).or(one.mailbox).map(|id| id.0)),
            validity: Set(validity),
            uid: Set(number),
            filed: Set(filed(one.outcome)),
        };
        // Two that read the same at once: the first counts.
        let known = OnConflict::column(C::Hash).do_nothing().to_owned();
        let done = Entity::insert(row).on_conflict(known).exec_without_returning(self.tx()).await?;
        Ok(done > 0)
    }

    /// Notes that messages of a mailbox are put away.
    pub async fn put_away(&self, mailbox: MailboxId, validity: u32, uids: &[u32]) -> Result<()> {
        Entity::update_many()
            .col_expr(C::Filed, Expr::value(true))
            .filter(C::MailboxId.eq(mailbox.0))
            .filter(C::Validity.eq(i64::from(validity)))
            .filter(C::Uid.is_in(uids.iter().map(|uid| i64::from(*uid))))
            .exec(self.tx())
            .await?;
        Ok(())
    }

    /// How many deliveries to an address could not be delivered for now since an instant, but for one.
    pub async fn soft_bounces(&self, handle: &[u8; 32], since: Instant, but: DeliveryId) -> Result<u64> {
        let found: Vec<Option<Uuid>> = Entity::find()
            .select_only()
            .column(C::DeliveryId)
            .distinct()
            .filter(C::HandleHash.eq(handle.to_vec()))
            .filter(C::At.gte(micros(since)))
            .filter(C::DeliveryId.ne(but.0))
            .into_tuple()
            .all(self.tx())
            .await?;
        Ok(found.len() as u64)
    }
}

fn from_row(row: returned_mail::Model) -> Result<Returned> {
    Ok(Returned {
        id: row.id.into(),
        at: instant(row.at)?,
        kind: named(&row.kind, ReturnedKind::from_key)?,
        outcome: named(&row.outcome, ReturnedOutcome::from_key)?,
        delivery: row.delivery_id.map(Into::into),
        contact: row.contact_id.map(Into::into),
        mailbox: row.mailbox_id.map(Into::into),
    })
}
