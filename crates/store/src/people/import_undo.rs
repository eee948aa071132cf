//! An import of people is undone: the records that it made go again, but for those on which something stands.

use std::collections::BTreeSet;

use commonweal_domain::import::ImportState;
use commonweal_domain::people_import::KeptBecause;
use commonweal_domain::{ChangeKind, LinkReason, Mark, PeopleImportId, PersonId, RecordId};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::entity::{
    link, link_change, link_decision, number, people_import, people_import_record, person, record, record_mark,
    suggestion,
};
use crate::error::{Result, StoreError};
use crate::people::links::last_number;
use crate::work::{People, PeopleImports};

/// Tables whose rows stand on a record by its `record_id`: as long as there are any, it stays.
const STAND_ON_IT: [(&str, KeptBecause); 9] = [
    ("contacts", KeptBecause::Contacts),
    ("deliveries", KeptBecause::Contacts),
    ("delivery_values", KeptBecause::Contacts),
    ("consents", KeptBecause::Told),
    ("wishes", KeptBecause::Told),
    ("handle_states", KeptBecause::Told),
    ("holds", KeptBecause::Told),
    ("preference_links", KeptBecause::Told),
    ("person_requests", KeptBecause::Told),
];

/// Tables that say by an id of a record what goes with it, and are looked at more closely below where people speak in
/// them. Each table that names records is in one list or the other.
#[cfg(test)]
const GO_WITH_IT: [&str; 8] = [
    "record_details",
    "handles",
    "record_keys",
    "links",
    "link_decisions",
    "suggestions",
    "record_marks",
    "people_import_records",
];

/// What somebody, and no machine, says of records.
const BY_PEOPLE: [LinkReason; 4] = [LinkReason::Merged, LinkReason::Split, LinkReason::KeptApart, LinkReason::Undone];

/// What became of some records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoneSome {
    /// How many went.
    pub gone: u64,
    /// How many stay.
    pub kept: u64,
    /// To whom those that went had ever belonged.
    pub persons: Vec<PersonId>,
}

impl PeopleImports<'_> {
    /// Takes at most `limit` records of an import back in one transaction, the last ones of the file first. Call until
    /// none went or was kept. `Conflict` unless the import is being undone.
    pub async fn undo_some(&self, id: PeopleImportId, limit: u64) -> Result<UndoneSome> {
        let tx = self.tx();
        let import = people_import::Entity::find_by_id(id.0)
            .lock_exclusive()
            .one(tx)
            .await?
            .ok_or(StoreError::NotFound("import"))?;
        if import.state != ImportState::Undoing.key() {
            return Err(StoreError::Conflict { what: "import" });
        }
        let rows = people_import_record::Entity::find()
            .filter(people_import_record::Column::ImportId.eq(id.0))
            .filter(people_import_record::Column::Kept.is_null())
            .order_by_desc(people_import_record::Column::RowNumber)
            .limit(limit)
            .all(tx)
            .await?;
        let mut done = UndoneSome::default();
        let (mut persons, mut gone) = (BTreeSet::new(), Vec::new());
        for row in rows {
            // Nobody points at it or tells of it anew while it is looked at.
            let found = record::Entity::find_by_id(row.record_id).lock_exclusive().one(tx).await?;
            let Some(found) = found else { continue };
            match stands_on(tx, &found).await? {
                Some(because) => {
                    people_import_record::Entity::update_many()
                        .col_expr(people_import_record::Column::Kept, Expr::value(because.key()))
                        .filter(people_import_record::Column::ImportId.eq(id.0))
                        .filter(people_import_record::Column::RowNumber.eq(row.row_number))
                        .exec(tx)
                        .await?;
                    done.kept += 1;
                }
                None => {
                    persons.extend(remove(tx, &found).await?);
                    gone.push(RecordId::from(found.id));
                }
            }
        }
        people_import::Entity::update_many()
            .col_expr(people_import::Column::Kept, Expr::col(people_import::Column::Kept).add(number(done.kept)))
            .filter(people_import::Column::Id.eq(id.0))
            .exec(tx)
            .await?;
        People { core: self.core }.note_records(ChangeKind::Deleted, &gone).await?;
        done.gone = gone.len() as u64;
        done.persons = persons.into_iter().map(Into::into).collect();
        Ok(done)
    }
}

/// What stands on a record, if anything.
async fn stands_on(tx: &DatabaseTransaction, of: &record::Model) -> Result<Option<KeptBecause>> {
    for (table, because) in STAND_ON_IT {
        let any =
            Query::select().column("record_id").from(table).and_where(Expr::col("record_id").eq(of.id)).limit(1).take();
        if tx.query_one(&any).await?.is_some() {
            return Ok(Some(because));
        }
    }
    // That somebody has died is noted by people; that a handle was erased before is known again whoever tells of it.
    let noted = record_mark::Entity::find()
        .filter(record_mark::Column::RecordId.eq(of.id))
        .filter(record_mark::Column::Mark.eq(Mark::Deceased.key()));
    if noted.count(tx).await? > 0 {
        return Ok(Some(KeptBecause::Told));
    }
    let later = record::Entity::find()
        .filter(record::Column::Source.eq(&of.source))
        .filter(record::Column::SourceKey.eq(&of.source_key))
        .filter(record::Column::Version.gt(of.version));
    if later.count(tx).await? > 0 {
        return Ok(Some(KeptBecause::LaterVersion));
    }
    let decisions = link_decision::Entity::find().filter(
        Condition::any().add(link_decision::Column::ARecord.eq(of.id)).add(link_decision::Column::BRecord.eq(of.id)),
    );
    let answers = suggestion::Entity::find()
        .filter(Condition::any().add(suggestion::Column::ARecord.eq(of.id)).add(suggestion::Column::BRecord.eq(of.id)))
        .filter(suggestion::Column::Decided.is_not_null());
    if decisions.count(tx).await? > 0 || answers.count(tx).await? > 0 {
        return Ok(Some(KeptBecause::Decided));
    }
    // A merge moves all records of a person, and names two of them as decided.
    let by_people = link_change::Entity::find()
        .filter(link_change::Column::Id.is_in(changes_of(tx, of.id).await?))
        .filter(link_change::Column::Reason.is_in(BY_PEOPLE.map(LinkReason::key)));
    Ok((by_people.count(tx).await? > 0).then_some(KeptBecause::Decided))
}

async fn changes_of(tx: &DatabaseTransaction, record: Uuid) -> Result<Vec<Uuid>> {
    let changes = link::Entity::find().select_only().column(link::Column::ChangeId);
    Ok(changes.filter(link::Column::RecordId.eq(record)).into_tuple().all(tx).await?)
}

/// Removes a record with all that is below it, the changes that were about it alone, and persons whom nothing names any
/// more. The persons whose records are others now.
async fn remove(tx: &DatabaseTransaction, gone: &record::Model) -> Result<BTreeSet<Uuid>> {
    let entries = link::Entity::find().filter(link::Column::RecordId.eq(gone.id)).all(tx).await?;
    let changes: BTreeSet<Uuid> = entries.iter().map(|entry| entry.change_id).collect();
    let mut persons: BTreeSet<Uuid> =
        entries.iter().flat_map(|e| [e.from_person, Some(e.to_person)]).flatten().collect();
    persons.insert(gone.person_id);
    take_back(tx, gone.id, &changes).await?;
    // Details, handles, keys, links and suggestions go with it by the references.
    record::Entity::delete_by_id(gone.id).exec(tx).await?;
    for change in changes {
        let moves = link::Entity::find().filter(link::Column::ChangeId.eq(change)).count(tx).await?;
        let decided =
            link_decision::Entity::find().filter(link_decision::Column::ChangeId.eq(change)).count(tx).await?;
        if moves == 0 && decided == 0 {
            link_change::Entity::delete_by_id(change).exec(tx).await?;
        }
    }
    for id in &persons {
        let records = record::Entity::find().filter(record::Column::PersonId.eq(*id)).count(tx).await?;
        // Whatever led to them and is not theirs now has gone from them.
        let named = link::Entity::find().filter(link::Column::FromPerson.eq(*id));
        if records == 0 && named.count(tx).await? == 0 {
            person::Entity::delete_by_id(*id).exec(tx).await?;
        }
    }
    Ok(persons)
}

/// What a version said took all that its source had said before to somebody else: without it they are where they were,
/// unless they went further since.
async fn take_back(tx: &DatabaseTransaction, gone: Uuid, changes: &BTreeSet<Uuid>) -> Result<()> {
    let contradicted: Vec<Uuid> = link_change::Entity::find()
        .select_only()
        .column(link_change::Column::Id)
        .filter(link_change::Column::Id.is_in(changes.iter().copied()))
        .filter(link_change::Column::Reason.eq(LinkReason::Contradicted.key()))
        .into_tuple()
        .all(tx)
        .await?;
    let others = link::Entity::find()
        .filter(link::Column::ChangeId.is_in(contradicted))
        .filter(link::Column::RecordId.ne(gone))
        .all(tx)
        .await?;
    for entry in others {
        let Some(before) = entry.from_person else { continue };
        if last_number(tx, entry.record_id).await? != Some(entry.number) {
            continue;
        }
        record::Entity::update_many()
            .col_expr(record::Column::PersonId, Expr::value(before))
            .filter(record::Column::Id.eq(entry.record_id))
            .filter(record::Column::PersonId.eq(entry.to_person))
            .exec(tx)
            .await?;
        link::Entity::delete_by_id((entry.record_id, entry.number)).exec(tx).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{GO_WITH_IT, STAND_ON_IT};
    use crate::dialect::tables;

    #[test]
    fn of_each_table_that_names_records_it_is_said_whether_an_undo_may_take_them() {
        let names_records = |table: &&tables::Table| {
            table.columns.iter().any(|(column, _)| matches!(*column, "record_id" | "a_record" | "b_record"))
        };
        let mut named: Vec<&str> = tables::all().filter(|t| names_records(t)).map(|t| t.name).collect();
        let mut known: Vec<&str> = STAND_ON_IT.map(|(table, _)| table).into_iter().chain(GO_WITH_IT).collect();
        named.sort_unstable();
        known.sort_unstable();
        assert_eq!(named, known, "is what the table says lost by an undo, or does it keep the record?");
    }
}
