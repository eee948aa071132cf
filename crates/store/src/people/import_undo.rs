//! An import of people is undone: the records that it made go again, but for those on which something stands.

use std::collections::BTreeSet;

use commonweal_domain::import::ImportState;
use commonweal_domain::people_import::KeptBecause;
use commonweal_domain::{LinkReason, PeopleImportId, PersonId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::entity::{
    contact, link, link_change, link_decision, number, people_import, people_import_record, person, record, suggestion,
};
use crate::error::{Result, StoreError};
use crate::work::PeopleImports;

/// What somebody, and no machine, says of records.
const BY_PEOPLE: [LinkReason; 4] = [LinkReason::Merged, LinkReason::Split, LinkReason::KeptApart, LinkReason::Undone];

/// What became of some records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoneSome {
    /// How many went.
    pub gone: u64,
    /// How many stay.
    pub kept: u64,
    /// To whom those that went had belonged.
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
        let mut persons = BTreeSet::new();
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
                    remove(tx, &found).await?;
                    persons.insert(found.person_id);
                    done.gone += 1;
                }
            }
        }
        people_import::Entity::update_many()
            .col_expr(people_import::Column::Kept, Expr::col(people_import::Column::Kept).add(number(done.kept)))
            .filter(people_import::Column::Id.eq(id.0))
            .exec(tx)
            .await?;
        done.persons = persons.into_iter().map(Into::into).collect();
        Ok(done)
    }
}

/// What stands on a record, if anything.
async fn stands_on(tx: &DatabaseTransaction, of: &record::Model) -> Result<Option<KeptBecause>> {
    let contacts = contact::Entity::find().filter(contact::Column::RecordId.eq(of.id)).limit(1);
    if contacts.count(tx).await? > 0 {
        return Ok(Some(KeptBecause::Contacts));
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
/// more.
async fn remove(tx: &DatabaseTransaction, gone: &record::Model) -> Result<()> {
    let entries = link::Entity::find().filter(link::Column::RecordId.eq(gone.id)).all(tx).await?;
    let changes: BTreeSet<Uuid> = entries.iter().map(|entry| entry.change_id).collect();
    let mut persons: BTreeSet<Uuid> =
        entries.iter().flat_map(|e| [e.from_person, Some(e.to_person)]).flatten().collect();
    persons.insert(gone.person_id);
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
    for id in persons {
        let records = record::Entity::find().filter(record::Column::PersonId.eq(id)).count(tx).await?;
        // Whatever led to them and is not theirs now has gone from them.
        let named = link::Entity::find().filter(link::Column::FromPerson.eq(id));
        if records == 0 && named.count(tx).await? == 0 {
            person::Entity::delete_by_id(id).exec(tx).await?;
        }
    }
    Ok(())
}
