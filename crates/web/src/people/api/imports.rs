//! Imports of people: how they stand. Files are handed in in the console and at the command line.

use axum::Json;
use axum::extract::{Path, State};
use chrono::{DateTime, Utc};
use commonweal_app::Error;
use commonweal_domain::import::ImportState;
use commonweal_domain::people_import::PeopleImport;
use commonweal_domain::{PeopleImportId, Permission};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Schema;
use uuid::Uuid;

use crate::api::paging::{self, PagingParams};
use crate::api::refusals::{Missing, Refused};
use crate::api::schema::one_of;
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;

/// The list that cursors of imports of people are good for.
const IMPORTS: &[u8] = b"api imports of people";

fn state() -> Schema {
    one_of(ImportState::ALL, ImportState::key).into()
}

/// A file of people that was handed in.
#[derive(Serialize, ToSchema)]
#[schema(as = PeopleImport)]
pub(crate) struct PeopleImportItem {
    /// Id.
    pub id: Uuid,
    /// Which source it is from.
    #[schema(example = "housing")]
    pub source: String,
    /// Name of the file as it was handed in.
    #[schema(example = "tenants.csv")]
    pub file: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Where it stands.
    #[schema(schema_with = state)]
    pub state: &'static str,
    /// What became of its rows so far.
    pub counts: PeopleImportCounts,
    /// Records that stayed when it was undone, because something stands on them.
    pub kept: u64,
    /// Why it stopped, as a sentence.
    pub problem: Option<String>,
    /// When it was handed in.
    pub created_at: DateTime<Utc>,
    /// When work on it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What became of the rows of a file of people.
#[derive(Serialize, ToSchema)]
pub(crate) struct PeopleImportCounts {
    /// Rows read.
    pub rows: u64,
    /// Of somebody of whom the source had not told.
    pub new: u64,
    /// Of somebody of whom it tells something else now.
    pub updated: u64,
    /// The same as before.
    pub unchanged: u64,
    /// Rows that say nothing of anybody.
    pub silent: u64,
    /// Not taken in.
    pub rejected: u64,
    /// Taken in without something that can't be read; part of those that are new, updated or unchanged.
    pub partial: u64,
}

/// A page of imports of people.
#[derive(Serialize, ToSchema)]
pub(crate) struct PeopleImports {
    /// Newest first.
    pub imports: Vec<PeopleImportItem>,
    /// Address of the next page; null on the last.
    pub next: Option<String>,
}

impl From<PeopleImport> for PeopleImportItem {
    fn from(import: PeopleImport) -> Self {
        let counts = import.counts;
        Self {
            id: import.id.0,
            source: import.source,
            file: import.file_name,
            bytes: import.file_bytes,
            state: import.state.key(),
            counts: PeopleImportCounts {
                rows: counts.rows,
                new: counts.new,
                updated: counts.updated,
                unchanged: counts.unchanged,
                silent: counts.silent,
                rejected: counts.rejected,
                partial: counts.partial,
            },
            kept: import.kept,
            problem: import.problem,
            created_at: import.created_at,
            started_at: import.started_at,
            ended_at: import.ended_at,
        }
    }
}

/// Lists imports of people.
///
/// Newest first, page by page through `next` without an end. Needs the scope `people:write`, or a session of a caseworker.
#[utoipa::path(
    get,
    path = "/api/v1/people/imports",
    operation_id = "list_people_imports",
    tag = "People",
    params(PagingParams),
    responses((status = 200, description = "One page.", body = PeopleImports), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn list(
    State(state): State<WebState>,
    actor: ApiActor,
    Strict(mut params): Strict,
) -> WebResult<Json<PeopleImports>> {
    actor.require(Permission::ManagePeople)?;
    let page = paging::take(&mut params, IMPORTS);
    params.finish("limit, cursor").map_err(Failure::query)?;
    let found = state.app.people_imports(&actor.0, &page).await?;
    let next = found.next.map(|cursor| {
        let parameters = serde_urlencoded::to_string(paging::next(cursor, &page, IMPORTS)).unwrap_or_default();
        format!("/api/v1/people/imports?{parameters}")
    });
    Ok(Json(PeopleImports { imports: found.items.into_iter().map(Into::into).collect(), next }))
}

/// One import of people.
///
/// Where it stands and what became of its rows so far. Needs the scope `people:write`, or a session of a caseworker.
#[utoipa::path(
    get,
    path = "/api/v1/people/imports/{id}",
    operation_id = "get_people_import",
    tag = "People",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses((status = 200, description = "The import.", body = PeopleImportItem), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn show(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(id): Path<String>,
    Strict(params): Strict,
) -> WebResult<Json<PeopleImportItem>> {
    actor.require(Permission::ManagePeople)?;
    params.finish("none").map_err(Failure::query)?;
    let id: PeopleImportId = id.parse().map_err(|_| Error::NotFound("import"))?;
    Ok(Json(state.app.people_import(&actor.0, id).await?.into()))
}
