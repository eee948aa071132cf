//! Imports: files taken in, their rejected rows, their undoing.

use commonweal_domain::import::{ImportCounts, ImportState};
use commonweal_domain::records::{Import, RejectedRow};
use commonweal_domain::{Cursor, ImportId, Instant, Page, PageRequest};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::delete;
use super::import_mapping::{to_json, to_mapping};
use crate::connect::{Store, corrupt};
use crate::entity::import::{ActiveModel, Column, Entity, Model};
use crate::entity::{count, feedback, instant, maybe_instant, micros, named, number, rejected};
use crate::error::{Result, StoreError};
use crate::page::Sorted;
use crate::work::Imports;

impl Store {
    /// One import.
    pub async fn import(&self, id: ImportId) -> Result<Import> {
        find(self.read(), id).await
    }

    /// A page of imports, newest first; of those in a state only where one is given.
    pub async fn imports(&self, state: Option<ImportState>, page: &PageRequest) -> Result<Page<Import>> {
        let query = match state {
            Some(state) => Entity::find().filter(Column::State.eq(state.key())),
            None => Entity::find(),
        };
        self.page(query, Sorted::Id(Column::Id), page, |i: &Import| Cursor::of(i.id), from_row).await
    }

    /// The imports in one of these states.
    pub async fn imports_in(&self, states: &[ImportState]) -> Result<Vec<ImportId>> {
        let these = Column::State.is_in(states.iter().map(|state| state.key()));
        let ids = Entity::find().select_only().column(Column::Id).filter(these);
        let ids: Vec<Uuid> = ids.into_tuple().all(self.read()).await?;
        Ok(ids.into_iter().map(Into::into).collect())
    }

    /// All imports with the names of their files.
    pub async fn import_names(&self) -> Result<Vec<(ImportId, String)>> {
        let names = Entity::find().select_only().column(Column::Id).column(Column::FileName).order_by_desc(Column::Id);
        let rows: Vec<(Uuid, String)> = names.into_tuple().all(self.read()).await?;
        Ok(rows.into_iter().map(|(id, name)| (id.into(), name)).collect())
    }

    /// Whether an import is in this state.
    pub async fn has_import(&self, state: ImportState) -> Result<bool> {
        Ok(Entity::find().filter(Column::State.eq(state.key())).one(self.read()).await?.is_some())
    }

    /// The newest import of a file with this hash that was not undone.
    pub async fn import_by_hash(&self, file_hash: &str) -> Result<Option<Import>> {
        let row = Entity::find()
            .filter(Column::FileHash.eq(file_hash))
            .filter(Column::State.ne(ImportState::Undone.key()))
            .order_by_desc(Column::Id)
            .one(self.read())
            .await?;
        row.map(from_row).transpose()
    }

    /// The last import, but for this one, by which a file was taken in to its end.
    pub async fn import_before(&self, file_hash: &str, but: ImportId) -> Result<Option<Import>> {
        let row = Entity::find()
            .filter(Column::FileHash.eq(file_hash))
            .filter(Column::State.eq(ImportState::Done.key()))
            .filter(Column::Id.ne(but.0))
            .order_by_desc(Column::Id)
            .one(self.read())
            .await?;
        row.map(from_row).transpose()
    }

    /// Rejected rows in the order of the file, after a row number.
    pub async fn rejected_rows(&self, id: ImportId, after_row: u64, limit: u64) -> Result<Vec<RejectedRow>> {
        let rows = rejected::Entity::find()
            .filter(rejected::Column::ImportId.eq(id.0))
            .filter(rejected::Column::RowNumber.gt(number(after_row)))
            .order_by_asc(rejected::Column::RowNumber)
            .limit(limit)
            .all(self.read())
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(RejectedRow {
                    row: count(row.row_number),
                    column: row.heading,
                    reason: row.reason,
                    cells: serde_json::from_value(row.cells)
                        .map_err(|e| corrupt(format!("cells of a rejected row: {e}")))?,
                })
            })
            .collect()
    }
}

impl Imports<'_> {
    /// Adds an import.
    pub async fn create(&self, import: &Import) -> Result<()> {
        let row = ActiveModel {
            id: Set(import.id.0),
            file_name: Set(import.file_name.clone()),
            file_hash: Set(import.file_hash.clone()),
            file_bytes: Set(number(import.file_bytes)),
            mapping: Set(to_json(&import.mapping)?),
            state: Set(import.state.key().to_owned()),
            rows: Set(number(import.counts.rows)),
            imported: Set(number(import.counts.imported)),
            duplicates: Set(number(import.counts.duplicates)),
            rejected: Set(number(import.counts.rejected)),
            through_row: Set(number(import.through_row)),
            through_byte: Set(number(import.through_byte)),
            first_feedback: Set(None),
            last_feedback: Set(None),
            problem: Set(import.problem.clone()),
            actor: Set(import.actor.clone()),
            created_at: Set(micros(import.created_at)),
            started_at: Set(import.started_at.map(micros)),
            ended_at: Set(import.ended_at.map(micros)),
            headings: Set(None),
        };
        Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Moves an import to another state, if it is in one of `from`; otherwise `Conflict`. `Running`
    /// sets the time it began (once), the last states the time it ended; `problem` says why it failed.
    /// The import as it is then.
    pub async fn set_state(
        &self,
        id: ImportId,
        from: &[ImportState],
        to: ImportState,
        problem: Option<&str>,
        now: Instant,
    ) -> Result<Import> {
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
            None => find(self.tx(), id).await.and(Err(StoreError::Conflict { what: "import" })),
        }
    }

    /// Deletes at most `limit` feedback of an import in one transaction; how many there were. Call
    /// until it is 0. `Conflict` unless the import is being undone.
    pub async fn undo_some(&self, id: ImportId, limit: u64) -> Result<u64> {
        let tx = self.tx();
        let row = Entity::find_by_id(id.0).lock_exclusive().one(tx).await?.ok_or(StoreError::NotFound("import"))?;
        if row.state != ImportState::Undoing.key() {
            return Err(StoreError::Conflict { what: "import" });
        }
        let (Some(first), Some(last)) = (row.first_feedback, row.last_feedback) else { return Ok(0) };
        let ids: Vec<Uuid> = feedback::Entity::find()
            .select_only()
            .column(feedback::Column::Id)
            .filter(feedback::Column::Id.between(first, last))
            .filter(feedback::Column::ImportId.eq(id.0))
            .order_by_asc(feedback::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(tx)
            .await?;
        self.core.note_changes();
        delete::delete(tx, &ids).await
    }
}

pub(super) async fn find(db: &impl ConnectionTrait, id: ImportId) -> Result<Import> {
    let row = Entity::find_by_id(id.0).one(db).await?;
    from_row(row.ok_or(StoreError::NotFound("import"))?)
}

fn from_row(row: Model) -> Result<Import> {
    Ok(Import {
        id: row.id.into(),
        file_name: row.file_name,
        file_hash: row.file_hash,
        file_bytes: count(row.file_bytes),
        mapping: to_mapping(row.mapping)?,
        state: named(&row.state, ImportState::from_key)?,
        counts: ImportCounts {
            rows: count(row.rows),
            imported: count(row.imported),
            duplicates: count(row.duplicates),
            rejected: count(row.rejected),
        },
        through_row: count(row.through_row),
        through_byte: count(row.through_byte),
        problem: row.problem,
        actor: row.actor,
        created_at: instant(row.created_at)?,
        started_at: maybe_instant(row.started_at)?,
        ended_at: maybe_instant(row.ended_at)?,
    })
}
