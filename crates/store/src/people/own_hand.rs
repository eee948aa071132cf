//! By what people see and change themselves what is kept of them: links for a handle, and what they ask for.

use commonweal_domain::{Instant, PersonId, PersonRequest, PersonRequestId, RecordId, RequestKind, RequestState};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::connect::{Store, corrupt};
use crate::entity::{instant, maybe_instant, micros, named, person_request, preference_link};
use crate::error::{Result, StoreError};
use crate::work::People;

/// A link by which somebody sees and changes their preferences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreferenceLink {
    /// The record that tells of the handle.
    pub record: RecordId,
    /// The handle's place there.
    pub position: u32,
    /// Until when it is good.
    pub expires_at: Instant,
    /// When it was made.
    pub made_at: Instant,
    /// When somebody first said by it that the handle is theirs.
    pub proved_at: Option<Instant>,
}

impl Store {
    /// The link whose token has this hash, if it is good at this instant.
    pub async fn preference_link(&self, token_hash: &[u8], now: Instant) -> Result<Option<PreferenceLink>> {
        let row = preference_link::Entity::find()
            .filter(preference_link::Column::TokenHash.eq(token_hash.to_vec()))
            .filter(preference_link::Column::ExpiresAt.gt(micros(now)))
            .one(self.read())
            .await?;
        row.map(read_link).transpose()
    }

    /// The links of these records that are good at this instant.
    pub async fn preference_links_of(&self, records: &[RecordId], now: Instant) -> Result<Vec<PreferenceLink>> {
        let rows = preference_link::Entity::find()
            .filter(preference_link::Column::RecordId.is_in(records.iter().map(|id| id.0)))
            .filter(preference_link::Column::ExpiresAt.gt(micros(now)))
            .order_by_asc(preference_link::Column::RecordId)
            .order_by_asc(preference_link::Column::Position)
            .all(self.read())
            .await?;
        rows.into_iter().map(read_link).collect()
    }

    /// What waits to be decided, what has waited longest first, with whose it is.
    pub async fn open_requests(&self, limit: u64) -> Result<Vec<(PersonRequest, PersonId)>> {
        let rows = person_request::Entity::find()
            .filter(person_request::Column::DecidedAt.is_null())
            .order_by_asc(person_request::Column::At)
            .order_by_asc(person_request::Column::Id)
            .limit(limit)
            .all(self.read())
            .await?;
        let requests: Vec<PersonRequest> = rows.into_iter().map(read_request).collect::<Result<_>>()?;
        let of = self.persons_of(&requests.iter().map(|r| r.record).collect::<Vec<_>>()).await?;
        Ok(requests.into_iter().filter_map(|r| of.get(&r.record).map(|person| (r.clone(), *person))).collect())
    }

    /// How much waits to be decided.
    pub async fn open_requests_count(&self) -> Result<u64> {
        let open = person_request::Entity::find().filter(person_request::Column::DecidedAt.is_null());
        Ok(open.count(self.read()).await?)
    }

    /// A request.
    pub async fn person_request(&self, id: PersonRequestId) -> Result<PersonRequest> {
        let row = person_request::Entity::find_by_id(id.0).one(self.read()).await?;
        row.map(read_request).transpose()?.ok_or(StoreError::NotFound("request"))
    }

    /// What was asked for of these records, the newest first.
    pub async fn requests_of(&self, records: &[RecordId]) -> Result<Vec<PersonRequest>> {
        let rows = person_request::Entity::find()
            .filter(person_request::Column::RecordId.is_in(records.iter().map(|id| id.0)))
            .order_by_desc(person_request::Column::At)
            .order_by_desc(person_request::Column::Id)
            .all(self.read())
            .await?;
        rows.into_iter().map(read_request).collect()
    }
}

impl People<'_> {
    /// Keeps the hash of a link's token, in the place of the one before for the same handle of the same record.
    pub async fn keep_preference_link(&self, new: &PreferenceLink, token_hash: &[u8], by: &str) -> Result<()> {
        self.forget_preference_links(&[(new.record, new.position)]).await?;
        let row = preference_link::ActiveModel {
            record_id: Set(new.record.0),
            position: Set(new.position.into()),
            token_hash: Set(token_hash.to_vec()),
            made_at: Set(micros(new.made_at)),
            made_by: Set(by.to_owned()),
            expires_at: Set(micros(new.expires_at)),
            proved_at: Set(new.proved_at.map(micros)),
        };
        preference_link::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Makes the links of these handles worthless. How many there were.
    pub async fn forget_preference_links(&self, handles: &[(RecordId, u32)]) -> Result<u64> {
        let mut gone = 0;
        for (record, position) in handles {
            let key = (record.0, i64::from(*position));
            gone += preference_link::Entity::delete_by_id(key).exec(self.tx()).await?.rows_affected;
        }
        Ok(gone)
    }

    /// Forgets links that ended before an instant.
    pub async fn forget_ended_preference_links(&self, before: Instant) -> Result<()> {
        preference_link::Entity::delete_many()
            .filter(preference_link::Column::ExpiresAt.lt(micros(before)))
            .exec(self.tx())
            .await?;
        Ok(())
    }

    /// Writes down that somebody said by a link that the handle is theirs, the first time that they do. `NotFound` when
    /// the link is not good any more.
    pub async fn use_preference_link(&self, token_hash: &[u8], now: Instant) -> Result<bool> {
        let good = preference_link::Entity::find()
            .filter(preference_link::Column::TokenHash.eq(token_hash.to_vec()))
            .filter(preference_link::Column::ExpiresAt.gt(micros(now)))
            .one(self.tx())
            .await?
            .ok_or(StoreError::NotFound("link"))?;
        if good.proved_at.is_some() {
            return Ok(false);
        }
        preference_link::Entity::update_many()
            .set(preference_link::ActiveModel { proved_at: Set(Some(micros(now))), ..Default::default() })
            .filter(preference_link::Column::TokenHash.eq(token_hash.to_vec()))
            .exec(self.tx())
            .await?;
        Ok(true)
    }

    /// Adds what a person asks for.
    pub async fn add_request(&self, new: &PersonRequest) -> Result<()> {
        let row = person_request::ActiveModel {
            id: Set(new.id.0),
            record_id: Set(new.record.0),
            kind: Set(new.kind.key().to_owned()),
            note: Set(new.note.clone()),
            at: Set(micros(new.at)),
            told_by: Set(new.told_by.to_string()),
            state: Set(new.state.key().to_owned()),
            answer: Set(new.answer.clone()),
            decided_by: Set(new.decided.as_ref().map(|(by, _)| by.clone())),
            decided_at: Set(new.decided.as_ref().map(|(_, at)| micros(*at))),
        };
        person_request::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Decides a request. `Conflict` when somebody has decided it.
    pub async fn decide_request(
        &self,
        id: PersonRequestId,
        to: RequestState,
        answer: &str,
        by: (&str, Instant),
    ) -> Result<()> {
        let done = person_request::Entity::update_many()
            .set(person_request::ActiveModel {
                state: Set(to.key().to_owned()),
                answer: Set(answer.to_owned()),
                decided_by: Set(Some(by.0.to_owned())),
                decided_at: Set(Some(micros(by.1))),
                ..Default::default()
            })
            .filter(person_request::Column::Id.eq(id.0))
            .filter(person_request::Column::DecidedAt.is_null())
            .exec(self.tx())
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "request" }) }
    }
}

fn read_link(row: preference_link::Model) -> Result<PreferenceLink> {
    Ok(PreferenceLink {
        record: row.record_id.into(),
        position: u32::try_from(row.position).unwrap_or(0),
        expires_at: instant(row.expires_at)?,
        made_at: instant(row.made_at)?,
        proved_at: maybe_instant(row.proved_at)?,
    })
}

fn read_request(row: person_request::Model) -> Result<PersonRequest> {
    Ok(PersonRequest {
        id: row.id.into(),
        record: row.record_id.into(),
        kind: named(&row.kind, RequestKind::from_key)?,
        note: row.note,
        at: instant(row.at)?,
        told_by: row.told_by.parse().map_err(|_| corrupt("a request that nobody made"))?,
        state: named(&row.state, RequestState::from_key)?,
        answer: row.answer,
        decided: row.decided_by.zip(maybe_instant(row.decided_at)?),
    })
}
