//! What second persons said of sends.

use commonweal_domain::DispatchId;
use commonweal_domain::approval::{Approval, Verdict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::connect::Store;
use crate::entity::approval::{ActiveModel, Column as C, Entity, Model};
use crate::entity::{instant, micros, named};
use crate::error::Result;
use crate::work::Dispatches;

impl Store {
    /// What was said of a send, the last first.
    pub async fn approvals(&self, of: DispatchId) -> Result<Vec<Approval>> {
        let rows = Entity::find().filter(C::DispatchId.eq(of.0)).order_by_desc(C::Id).all(self.read()).await?;
        rows.into_iter().map(from_row).collect()
    }
}

impl Dispatches<'_> {
    /// Keeps what somebody said of a send.
    pub async fn say(&self, new: &Approval) -> Result<()> {
        let row = ActiveModel {
            id: Set(new.id.0),
            dispatch_id: Set(new.dispatch.0),
            version_id: Set(new.version.0),
            verdict: Set(new.verdict.key().to_owned()),
            by: Set(new.by.clone()),
            at: Set(micros(new.at)),
            note: Set(new.note.clone()),
        };
        Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }
}

fn from_row(row: Model) -> Result<Approval> {
    Ok(Approval {
        id: row.id.into(),
        dispatch: row.dispatch_id.into(),
        version: row.version_id.into(),
        verdict: named(&row.verdict, Verdict::from_key)?,
        by: row.by,
        at: instant(row.at)?,
        note: row.note,
    })
}
