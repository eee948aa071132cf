//! Imports of people: files taken in, how far, and the rows of which something was not.

use commonweal_domain::import::ImportState;
use commonweal_domain::people_import::{
    KeptBecause, KeptRecord, PeopleCounts, PeopleImport, PeopleMapping, RejectedPerson,
};
use commonweal_domain::{Cursor, Instant, Page, PageRequest, PeopleImportId, RecordId};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::connect::{Store, corrupt};
use crate::entity::people_import::{ActiveModel, Column, Entity, Model};
use crate::entity::{
    count, instant, maybe_instant, micros, named, number, people_import_file, people_import_record, people_rejected,
    record,
};
use crate::error::{Result, StoreError};
use crate::page::Sorted;
use crate::work::PeopleImports;

/// Somebody changed an import meanwhile.
const MOVED: StoreError = StoreError::Conflict { what: "import" };

/// A row by which a record was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenPerson {
    /// Row of the file.
    pub row: u64,
    /// The record.
    pub record: RecordId,
}

/// How far a batch of rows brings an import.
#[derive(Clone, Debug, PartialEq)]
pub struct PeopleAdvance {
    /// The last row before the batch.
    pub after_row: u64,
    /// The last row of it.
    pub through_row: u64,
    /// Bytes of the file read by then.
    pub through_byte: u64,
    /// What became of its rows.
    pub counts: PeopleCounts,
    /// The records that it made.
    pub taken: Vec<TakenPerson>,
    /// Rows of which something was not taken in.
    pub rejected: Vec<RejectedPerson>,
}

impl Store {
    /// One import of people.
    pub async fn people_import(&self, id: PeopleImportId) -> Result<PeopleImport> {
        find(self.read(), id).await
    }

    /// A page of imports of people, newest first.
    pub async fn people_imports(&self, page: &PageRequest) -> Result<Page<PeopleImport>> {
        let cursor = |i: &PeopleImport| Cursor::of(i.id);
        self.page(Entity::find(), Sorted::Id(Column::Id), page, cursor, from_row).await
    }

    /// The imports of people in one of these states.
    pub async fn people_imports_in(&self, states: &[ImportState]) -> Result<Vec<PeopleImportId>> {
        let these = Column::State.is_in(states.iter().map(|state| state.key()));
        let ids: Vec<Uuid> =
            Entity::find().select_only().column(Column::Id).filter(these).into_tuple().all(self.read()).await?;
        Ok(ids.into_iter().map(Into::into).collect())
    }

    /// Imports of people that were handed in before an instant and never begun.
    pub async fn people_imports_never_begun(&self, before: Instant) -> Result<Vec<PeopleImportId>> {
        let ids = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::State.eq(ImportState::Waiting.key()))
            .filter(Column::CreatedAt.lt(micros(before)))
            .order_by_asc(Column::Id);
        let ids: Vec<Uuid> = ids.into_tuple().all(self.read()).await?;
        Ok(ids.into_iter().map(Into::into).collect())
    }

    /// Imports of people that ended or broke off before an instant, of which rows or the file are kept still.
    pub async fn people_imports_with_leftovers(&self, before: Instant) -> Result<Vec<PeopleImportId>> {
        let rows = Query::select().column(people_rejected::Column::ImportId).from(people_rejected::Entity).take();
        let files =
            Query::select().column(people_import_file::Column::ImportId).from(people_import_file::Entity).take();
        let ids = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::State.is_in([ImportState::Done, ImportState::Failed].map(ImportState::key)))
            .filter(Column::EndedAt.lt(micros(before)))
            .filter(Condition::any().add(Column::Id.in_subquery(rows)).add(Column::Id.in_subquery(files)))
            .order_by_asc(Column::Id);
        let ids: Vec<Uuid> = ids.into_tuple().all(self.read()).await?;
        Ok(ids.into_iter().map(Into::into).collect())
    }

    /// The newest import of this file from this source that was not undone.
    pub async fn people_import_of_file(&self, source: &str, file_hash: &str) -> Result<Option<PeopleImport>> {
        let row = Entity::find()
            .filter(Column::FileHash.eq(file_hash))
            .filter(Column::Source.eq(source))
            .filter(Column::State.ne(ImportState::Undone.key()))
            .order_by_desc(Column::Id)
            .one(self.read())
            .await?;
        row.map(from_row).transpose()
    }

    /// The last import, but for this one, by which this file was taken in to its end for this source.
    pub async fn people_import_before(&self, of: &PeopleImport) -> Result<Option<PeopleImport>> {
        let row = Entity::find()
            .filter(Column::FileHash.eq(&of.file_hash))
            .filter(Column::Source.eq(&of.source))
            .filter(Column::State.eq(ImportState::Done.key()))
            .filter(Column::Id.ne(of.id.0))
            .order_by_desc(Column::Id)
            .one(self.read())
            .await?;
        row.map(from_row).transpose()
    }

    /// The sources of which there are records, in the order of the alphabet, at most so many.
    pub async fn people_sources(&self, limit: u64) -> Result<Vec<String>> {
        let rows = record::Entity::find().select_only().column(record::Column::Source).distinct();
        let rows = rows.order_by_asc(record::Column::Source).limit(limit).into_tuple().all(self.read()).await?;
        Ok(rows)
    }

    /// Of how many people a source has told.
    pub async fn people_of_source(&self, source: &str) -> Result<u64> {
        let first = record::Entity::find().filter(record::Column::Source.eq(source));
        Ok(first.filter(record::Column::Version.eq(1)).count(self.read()).await?)
    }

    /// The headings of the file of an import of people, as they were when it was read.
    pub async fn people_import_headings(&self, id: PeopleImportId) -> Result<Vec<String>> {
        let row = Entity::find_by_id(id.0).one(self.read()).await?.ok_or(StoreError::NotFound("import"))?;
        let headings = row.headings.map(serde_json::from_value).transpose();
        Ok(headings.map_err(|_| corrupt("headings of an import of people"))?.unwrap_or_default())
    }

    /// Rows of which something was not taken in, in the order of the file, after a row number.
    pub async fn rejected_people(&self, id: PeopleImportId, after_row: u64, limit: u64) -> Result<Vec<RejectedPerson>> {
        let rows = people_rejected::Entity::find()
            .filter(people_rejected::Column::ImportId.eq(id.0))
            .filter(people_rejected::Column::RowNumber.gt(number(after_row)))
            .order_by_asc(people_rejected::Column::RowNumber)
            .limit(limit)
            .all(self.read())
            .await?;
        let read = |row: people_rejected::Model| {
            Ok(RejectedPerson {
                row: count(row.row_number),
                column: row.heading,
                reason: row.reason,
                // What stands there stands in no error.
                cells: serde_json::from_value(row.cells).map_err(|_| corrupt("cells of a rejected row"))?,
                taken: row.taken,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// The records that stayed when an import was undone, in the order of the file, at most so many.
    pub async fn kept_people(&self, id: PeopleImportId, limit: u64) -> Result<Vec<KeptRecord>> {
        let rows = people_import_record::Entity::find()
            .filter(people_import_record::Column::ImportId.eq(id.0))
            .filter(people_import_record::Column::Kept.is_not_null())
            .order_by_asc(people_import_record::Column::RowNumber)
            .limit(limit)
            .all(self.read())
            .await?;
        let records: Vec<RecordId> = rows.iter().map(|row| row.record_id.into()).collect();
        let of = self.persons_of(&records).await?;
        let read = |row: people_import_record::Model| {
            let because = named(row.kept.as_deref().unwrap_or_default(), KeptBecause::from_key)?;
            let record = RecordId(row.record_id);
            Ok(of.get(&record).map(|person| KeptRecord {
                row: count(row.row_number),
                record,
                person: *person,
                because,
            }))
        };
        rows.into_iter().filter_map(|row| read(row).transpose()).collect()
    }
}

impl PeopleImports<'_> {
    /// Adds an import.
    pub async fn create(&self, import: &PeopleImport) -> Result<()> {
        let row = ActiveModel {
            id: Set(import.id.0),
            source: Set(import.source.clone()),
            file_name: Set(import.file_name.clone()),
            file_hash: Set(import.file_hash.clone()),
            file_bytes: Set(number(import.file_bytes)),
            mapping: Set(to_json(&import.mapping)?),
            headings: Set(None),
            state: Set(import.state.key().to_owned()),
            rows: Set(number(import.counts.rows)),
            added: Set(number(import.counts.new)),
            updated: Set(number(import.counts.updated)),
            unchanged: Set(number(import.counts.unchanged)),
            silent: Set(number(import.counts.silent)),
            rejected: Set(number(import.counts.rejected)),
            partial: Set(number(import.counts.partial)),
            kept: Set(number(import.kept)),
            through_row: Set(number(import.through_row)),
            through_byte: Set(number(import.through_byte)),
            problem: Set(import.problem.clone()),
            actor: Set(import.actor.clone()),
            created_at: Set(micros(import.created_at)),
            started_at: Set(import.started_at.map(micros)),
            ended_at: Set(import.ended_at.map(micros)),
        };
        Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Settles how the file is read, as long as the import has not begun; after that, `Conflict`.
    pub async fn set_mapping(&self, id: PeopleImportId, mapping: &PeopleMapping) -> Result<()> {
        let done = Entity::update_many()
            .col_expr(Column::Mapping, Expr::value(to_json(mapping)?))
            .filter(Column::Id.eq(id.0))
            .filter(Column::State.eq(ImportState::Waiting.key()))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 0 {
            // Tells "not there" from "begun".
            find(self.tx(), id).await?;
            return Err(MOVED);
        }
        Ok(())
    }

    /// Keeps the headings of the file, for the rows that are sent back.
    pub async fn set_headings(&self, id: PeopleImportId, headings: &[String]) -> Result<()> {
        let change = ActiveModel { headings: Set(Some(headings.into())), ..Default::default() };
        Entity::update_many().set(change).filter(Column::Id.eq(id.0)).exec(self.tx()).await?;
        Ok(())
    }

    /// Moves an import to another state, if it is in one of `from`; otherwise `Conflict`. The import as it is then.
    pub async fn set_state(
        &self,
        id: PeopleImportId,
        from: &[ImportState],
        to: ImportState,
        problem: Option<&str>,
        now: Instant,
    ) -> Result<PeopleImport> {
        let at = micros(now);
        let ended = matches!(to, ImportState::Done | ImportState::Failed | ImportState::Undone).then_some(at);
        let mut change = Entity::update_many()
            .col_expr(Column::State, Expr::value(to.key()))
            .col_expr(Column::Problem, Expr::value(problem.map(str::to_owned)))
            .col_expr(Column::EndedAt, Expr::value(ended))
            .filter(Column::Id.eq(id.0))
            .filter(Column::State.is_in(from.iter().map(|s| s.key())));
        if to == ImportState::Running {
            change = change.col_expr(Column::StartedAt, Expr::col(Column::StartedAt).if_null(at));
        }
        match change.exec_with_returning(self.tx()).await?.pop() {
            Some(row) => from_row(row),
            // Tells "not there" from "in another state".
            None => find(self.tx(), id).await.and(Err(MOVED)),
        }
    }

    /// Moves an import on by a batch that is written with it. `Conflict` when it is not running, or not where the batch
    /// begins: somebody else has written it.
    pub async fn advance(&self, id: PeopleImportId, by: &PeopleAdvance) -> Result<()> {
        let more = |column: Column, n: u64| (column, Expr::col(column).add(number(n)));
        let counts = by.counts;
        let mut change = Entity::update_many()
            .col_expr(Column::ThroughRow, Expr::value(number(by.through_row)))
            .col_expr(Column::ThroughByte, Expr::value(number(by.through_byte)));
        for (column, sum) in [
            more(Column::Rows, counts.rows),
            more(Column::Added, counts.new),
            more(Column::Updated, counts.updated),
            more(Column::Unchanged, counts.unchanged),
            more(Column::Silent, counts.silent),
            more(Column::Rejected, counts.rejected),
            more(Column::Partial, counts.partial),
        ] {
            change = change.col_expr(column, sum);
        }
        let done = change
            .filter(Column::Id.eq(id.0))
            .filter(Column::State.eq(ImportState::Running.key()))
            .filter(Column::ThroughRow.eq(number(by.after_row)))
            .exec(self.tx())
            .await?;
        if done.rows_affected != 1 {
            return Err(MOVED);
        }
        if !by.taken.is_empty() {
            let rows = by.taken.iter().map(|taken| people_import_record::ActiveModel {
                import_id: Set(id.0),
                row_number: Set(number(taken.row)),
                record_id: Set(taken.record.0),
                kept: Set(None),
            });
            people_import_record::Entity::insert_many(rows).exec_without_returning(self.tx()).await?;
        }
        if !by.rejected.is_empty() {
            let rows = by.rejected.iter().map(|rejected| people_rejected::ActiveModel {
                import_id: Set(id.0),
                row_number: Set(number(rejected.row)),
                heading: Set(rejected.column.clone()),
                reason: Set(rejected.reason.clone()),
                cells: Set(rejected.cells.clone().into()),
                taken: Set(rejected.taken),
            });
            people_rejected::Entity::insert_many(rows).exec_without_returning(self.tx()).await?;
        }
        Ok(())
    }

    /// Forgets at most `limit` rows that were sent back by an import; how many those were.
    pub async fn forget_rejected(&self, id: PeopleImportId, limit: u64) -> Result<u64> {
        let numbers: Vec<i64> = people_rejected::Entity::find()
            .select_only()
            .column(people_rejected::Column::RowNumber)
            .filter(people_rejected::Column::ImportId.eq(id.0))
            .order_by_asc(people_rejected::Column::RowNumber)
            .limit(limit)
            .into_tuple()
            .all(self.tx())
            .await?;
        let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return Ok(0) };
        let done = people_rejected::Entity::delete_many()
            .filter(people_rejected::Column::ImportId.eq(id.0))
            .filter(people_rejected::Column::RowNumber.between(*first, *last))
            .exec(self.tx())
            .await?;
        Ok(done.rows_affected)
    }
}

pub(super) async fn find(db: &impl ConnectionTrait, id: PeopleImportId) -> Result<PeopleImport> {
    let row = Entity::find_by_id(id.0).one(db).await?;
    from_row(row.ok_or(StoreError::NotFound("import"))?)
}

fn from_row(row: Model) -> Result<PeopleImport> {
    Ok(PeopleImport {
        id: row.id.into(),
        source: row.source,
        file_name: row.file_name,
        file_hash: row.file_hash,
        file_bytes: count(row.file_bytes),
        mapping: serde_json::from_value(row.mapping).map_err(|e| corrupt(format!("a mapping: {e}")))?,
        state: named(&row.state, ImportState::from_key)?,
        counts: PeopleCounts {
            rows: count(row.rows),
            new: count(row.added),
            updated: count(row.updated),
            unchanged: count(row.unchanged),
            silent: count(row.silent),
            rejected: count(row.rejected),
            partial: count(row.partial),
        },
        kept: count(row.kept),
        through_row: count(row.through_row),
        through_byte: count(row.through_byte),
        problem: row.problem,
        actor: row.actor,
        created_at: instant(row.created_at)?,
        started_at: maybe_instant(row.started_at)?,
        ended_at: maybe_instant(row.ended_at)?,
    })
}

fn to_json(mapping: &PeopleMapping) -> Result<serde_json::Value> {
    serde_json::to_value(mapping).map_err(|e| StoreError::Invalid(format!("The mapping can't be kept: {e}.")))
}
