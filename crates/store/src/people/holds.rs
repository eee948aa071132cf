//! Holds, and what people want.

use std::collections::HashMap;

use commonweal_domain::{
    HandleEntry, HandleState, Hold, HoldId, HoldReason, HoldTerms, Instant, Known, Lane, PersonId, PersonRecord,
    RecordId, WishEntry,
};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::connect::{Store, corrupt};
use crate::entity::{handle, handle_state, hold, instant, maybe_instant, micros, named, wish};
use crate::error::{Result, StoreError};
use crate::people::topics::consents_of;
use crate::work::People;

impl Store {
    /// All that is kept of these records of one person: how they stand follows from it.
    pub async fn known_of(&self, records: Vec<PersonRecord>) -> Result<Known> {
        let ids: Vec<RecordId> = records.iter().map(|r| r.id).collect();
        let db = self.read();
        let (consents, wishes, holds, handles) = tokio::try_join!(
            consents_of(db, &ids),
            wishes_of(db, &ids),
            holds_of(db, &ids),
            handle_states_of(db, &ids)
        )?;
        Ok(Known { records, consents, wishes, holds, handles })
    }

    /// A hold.
    pub async fn hold(&self, id: HoldId) -> Result<Hold> {
        let row = hold::Entity::find_by_id(id.0).one(self.read()).await?;
        row.map(read_hold).transpose()?.ok_or(StoreError::NotFound("hold"))
    }

    /// Holds that are not over, with whose they are: those that end first, then those that last until somebody ends
    /// them.
    pub async fn running_holds(&self, now: Instant, limit: u64) -> Result<Vec<(Hold, PersonId)>> {
        let not_over = Condition::any().add(hold::Column::Ends.is_null()).add(hold::Column::Ends.gt(micros(now)));
        let rows = hold::Entity::find()
            .filter(hold::Column::EndedAt.is_null())
            .filter(not_over)
            .order_by_asc(hold::Column::Ends.is_null())
            .order_by_asc(hold::Column::Ends)
            .order_by_asc(hold::Column::Id)
            .limit(limit)
            .all(self.read())
            .await?;
        let holds: Vec<Hold> = rows.into_iter().map(read_hold).collect::<Result<_>>()?;
        let of = self.persons_of(&holds.iter().map(|h| h.record).collect::<Vec<_>>()).await?;
        Ok(holds.into_iter().filter_map(|hold| of.get(&hold.record).map(|person| (hold.clone(), *person))).collect())
    }
}

impl People<'_> {
    /// Adds what people want.
    pub async fn add_wishes(&self, new: &[WishEntry]) -> Result<()> {
        if new.is_empty() {
            return Ok(());
        }
        let mut rows = Vec::with_capacity(new.len());
        for entry in new {
            rows.push(wish::ActiveModel {
                id: Set(entry.id.0),
                record_id: Set(entry.record.0),
                wish: Set(serde_json::to_value(&entry.wish).map_err(|e| StoreError::Invalid(e.to_string()))?),
                at: Set(micros(entry.at)),
                told_by: Set(entry.told_by.to_string()),
            });
        }
        wish::Entity::insert_many(rows).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Puts a hold.
    pub async fn put_hold(&self, new: &Hold) -> Result<()> {
        let row = hold::ActiveModel {
            id: Set(new.id.0),
            record_id: Set(new.record.0),
            made_by: Set(new.made_by.clone()),
            made_at: Set(micros(new.made_at)),
            ended_by: Set(new.ended.as_ref().map(|(by, _)| by.clone())),
            ended_at: Set(new.ended.as_ref().map(|(_, at)| micros(*at))),
            ..terms(&new.terms)
        };
        hold::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Changes what a hold says. `Conflict` when somebody has ended it.
    pub async fn change_hold(&self, id: HoldId, to: &HoldTerms) -> Result<()> {
        self.change_running_hold(id, terms(to)).await
    }

    /// Ends a hold. `Conflict` when somebody has ended it.
    pub async fn end_hold(&self, id: HoldId, by: &str, at: Instant) -> Result<()> {
        let ended = hold::ActiveModel {
            ended_by: Set(Some(by.to_owned())),
            ended_at: Set(Some(micros(at))),
            ..Default::default()
        };
        self.change_running_hold(id, ended).await
    }

    async fn change_running_hold(&self, id: HoldId, set: hold::ActiveModel) -> Result<()> {
        let done = hold::Entity::update_many()
            .set(set)
            .filter(hold::Column::Id.eq(id.0))
            .filter(hold::Column::EndedAt.is_null())
            .exec(self.tx())
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "hold" }) }
    }

    /// Adds what was said of a handle.
    pub async fn add_handle_state(&self, new: &HandleEntry) -> Result<()> {
        let row = handle_state::ActiveModel {
            id: Set(new.id.0),
            record_id: Set(new.record.0),
            position: Set(new.position.into()),
            state: Set(new.state.key().to_owned()),
            at: Set(micros(new.at)),
            told_by: Set(new.told_by.to_string()),
        };
        handle_state::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Writes beside a handle when its holder proved that it is theirs; or that it is not theirs any more, wherever
    /// one of these records tells of it.
    pub async fn set_proved(&self, records: &[RecordId], of: &Proof<'_>) -> Result<()> {
        handle::Entity::update_many()
            .col_expr(handle::Column::VerifiedAt, Expr::value(of.at.map(micros)))
            .filter(handle::Column::RecordId.is_in(records.iter().map(|id| id.0).collect::<Vec<Uuid>>()))
            .filter(handle::Column::Kind.eq(of.kind.key()))
            .filter(handle::Column::Normal.eq(of.normal))
            .exec(self.tx())
            .await?;
        Ok(())
    }
}

async fn wishes_of(db: &impl ConnectionTrait, records: &[RecordId]) -> Result<Vec<WishEntry>> {
    let rows = wish::Entity::find()
        .filter(wish::Column::RecordId.is_in(records.iter().map(|id| id.0)))
        .order_by_asc(wish::Column::At)
        .order_by_asc(wish::Column::Id)
        .all(db)
        .await?;
    let read = |row: wish::Model| {
        Ok(WishEntry {
            id: row.id.into(),
            record: row.record_id.into(),
            wish: serde_json::from_value(row.wish).map_err(|_| corrupt("a wish that can't be read"))?,
            at: instant(row.at)?,
            told_by: row.told_by.parse().map_err(|_| corrupt("a wish that nobody told"))?,
        })
    };
    rows.into_iter().map(read).collect()
}

async fn holds_of(db: &impl ConnectionTrait, records: &[RecordId]) -> Result<Vec<Hold>> {
    let rows = hold::Entity::find()
        .filter(hold::Column::RecordId.is_in(records.iter().map(|id| id.0)))
        .order_by_asc(hold::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(read_hold).collect()
}

async fn handle_states_of(db: &impl ConnectionTrait, records: &[RecordId]) -> Result<Vec<HandleEntry>> {
    let rows = handle_state::Entity::find()
        .filter(handle_state::Column::RecordId.is_in(records.iter().map(|id| id.0)))
        .order_by_asc(handle_state::Column::Id)
        .all(db)
        .await?;
    let read = |row: handle_state::Model| {
        Ok(HandleEntry {
            id: row.id.into(),
            record: row.record_id.into(),
            position: u32::try_from(row.position).unwrap_or(0),
            state: named(&row.state, HandleState::from_key)?,
            at: instant(row.at)?,
            told_by: row.told_by.parse().map_err(|_| corrupt("a state that nobody told"))?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// All that is kept of each of several persons, within a change.
pub(crate) async fn known_of_all(
    db: &impl ConnectionTrait,
    records: Vec<PersonRecord>,
) -> Result<HashMap<PersonId, Known>> {
    let of: HashMap<RecordId, PersonId> = records.iter().map(|r| (r.id, r.person)).collect();
    let ids: Vec<RecordId> = of.keys().copied().collect();
    let mut all: HashMap<PersonId, Known> = HashMap::new();
    macro_rules! sort_in {
        ($rows:expr, $field:ident) => {
            for row in $rows {
                if let Some(person) = of.get(&row.record) {
                    all.entry(*person).or_default().$field.push(row);
                }
            }
        };
    }
    sort_in!(consents_of(db, &ids).await?, consents);
    sort_in!(wishes_of(db, &ids).await?, wishes);
    sort_in!(holds_of(db, &ids).await?, holds);
    sort_in!(handle_states_of(db, &ids).await?, handles);
    for record in records {
        all.entry(record.person).or_default().records.push(record);
    }
    Ok(all)
}

/// A handle, and when it was proved.
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    /// Of which kind.
    pub kind: commonweal_domain::HandleKind,
    /// In the one way in which equal ones are equal.
    pub normal: &'a str,
    /// When; nothing when it is proved no longer.
    pub at: Option<Instant>,
}

fn terms(of: &HoldTerms) -> hold::ActiveModel {
    hold::ActiveModel {
        lanes: Set(of.lanes.iter().map(|lane| lane.key()).collect::<Vec<_>>().join(",")),
        reason: Set(of.reason.key().to_owned()),
        note: Set(of.note.clone()),
        begins: Set(micros(of.begins)),
        ends: Set(of.ends.map(micros)),
        owner_id: Set(of.owner.0),
        ..Default::default()
    }
}

fn read_hold(row: hold::Model) -> Result<Hold> {
    let lanes = row.lanes.split(',').filter(|key| !key.is_empty()).map(|key| named(key, Lane::from_key));
    let terms = HoldTerms {
        lanes: lanes.collect::<Result<_>>()?,
        reason: named(&row.reason, HoldReason::from_key)?,
        note: row.note,
        begins: instant(row.begins)?,
        ends: maybe_instant(row.ends)?,
        owner: row.owner_id.into(),
    };
    Ok(Hold {
        id: row.id.into(),
        record: row.record_id.into(),
        terms,
        made_by: row.made_by,
        made_at: instant(row.made_at)?,
        ended: row.ended_by.zip(maybe_instant(row.ended_at)?),
    })
}
