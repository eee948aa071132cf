//! Records that may be of one person, for somebody to decide.

use commonweal_domain::{SamePerson, Suggestion, SuggestionId};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::{instant, micros, named, record, suggestion};
use crate::error::{Result, StoreError};
use crate::work::People;

impl Store {
    /// What waits for a decision, what weighs most first. Records that are of one person by now wait no longer, unless they
    /// came to contradict each other.
    pub async fn open_suggestions(&self, limit: u64) -> Result<Vec<Suggestion>> {
        let rows = open()
            .order_by_desc(suggestion::Column::Weight)
            .order_by_asc(suggestion::Column::Id)
            .limit(limit)
            .all(self.read())
            .await?;
        rows.into_iter().map(from_row).collect()
    }

    /// How much waits for a decision.
    pub async fn open_suggestions_count(&self) -> Result<u64> {
        Ok(open().count(self.read()).await?)
    }

    /// A suggestion.
    pub async fn suggestion(&self, id: SuggestionId) -> Result<Suggestion> {
        let row = suggestion::Entity::find_by_id(id.0).one(self.read()).await?;
        row.map(from_row).transpose()?.ok_or(StoreError::NotFound("suggestion"))
    }
}

impl People<'_> {
    /// Keeps suggestions. Of two records there is one at most: what is known of them anew takes the place of what was,
    /// unless somebody has decided.
    pub async fn suggest(&self, new: &[Suggestion]) -> Result<()> {
        use suggestion::Column as C;
        for s in new {
            let (a, b) = (s.a.min(s.b), s.a.max(s.b));
            let row = suggestion::ActiveModel {
                id: Set(s.id.0),
                at: Set(micros(s.at)),
                a_record: Set(a.0),
                b_record: Set(b.0),
                weight: Set(s.weight),
                probability: Set(s.probability),
                evidence: Set(s.evidence.clone()),
                decided: Set(None),
            };
            let renewed = OnConflict::columns([C::ARecord, C::BRecord])
                .update_columns([C::Weight, C::Probability, C::Evidence])
                .to_owned();
            suggestion::Entity::insert(row).on_conflict(renewed).exec_without_returning(self.tx()).await?;
        }
        Ok(())
    }

    /// Writes down what somebody decided of a suggestion. `Conflict` when somebody else was first.
    pub async fn decide(&self, id: SuggestionId, decided: SamePerson) -> Result<()> {
        let done = suggestion::Entity::update_many()
            .col_expr(suggestion::Column::Decided, Expr::value(decided.key()))
            .filter(suggestion::Column::Id.eq(id.0))
            .filter(suggestion::Column::Decided.is_null())
            .exec(self.tx())
            .await?;
        match done.rows_affected {
            0 if suggestion::Entity::find_by_id(id.0).one(self.tx()).await?.is_none() => {
                Err(StoreError::NotFound("suggestion"))
            }
            0 => Err(StoreError::Conflict { what: "suggestion" }),
            _ => Ok(()),
        }
    }
}

/// What nobody has decided: of records that are not of one person by now, and of such as are but contradict each other, which
/// weighs less than nothing.
fn open() -> Select<suggestion::Entity> {
    use suggestion::Column as C;
    let person_of = |column: C| {
        let of = Query::select()
            .column((record::Entity, record::Column::PersonId))
            .from(record::Entity)
            .and_where(Expr::col((record::Entity, record::Column::Id)).equals((suggestion::Entity, column)))
            .take();
        SimpleExpr::from(of)
    };
    let apart = Expr::expr(person_of(C::ARecord)).ne(person_of(C::BRecord));
    suggestion::Entity::find().filter(C::Decided.is_null()).filter(apart.or(C::Weight.lt(0.0)))
}

/// Lets what was decided of two records wait for a decision again: the decision was put back.
pub(super) async fn ask_again(tx: &DatabaseTransaction, a: Uuid, b: Uuid) -> Result<()> {
    suggestion::Entity::update_many()
        .col_expr(suggestion::Column::Decided, Expr::value(Option::<String>::None))
        .filter(suggestion::Column::ARecord.eq(a))
        .filter(suggestion::Column::BRecord.eq(b))
        .exec(tx)
        .await?;
    Ok(())
}

fn from_row(row: suggestion::Model) -> Result<Suggestion> {
    Ok(Suggestion {
        id: row.id.into(),
        at: instant(row.at)?,
        a: row.a_record.into(),
        b: row.b_record.into(),
        weight: row.weight,
        probability: row.probability,
        evidence: row.evidence,
        decided: row.decided.map(|key| named(&key, SamePerson::from_key)).transpose()?,
    })
}
