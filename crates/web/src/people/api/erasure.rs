//! What is kept of a person, given to them; erasing a person; and that they died.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, NaiveDate, Utc};
use commonweal_domain::{ErasureReason, Extent, FieldErrors, Mark, Permission, RecordMark, StaysKept};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::records::{person_id, sent_alone};
use crate::api::json::in_body;
use crate::api::refusals::{Missing, Refused, RefusedBody};
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;

/// That a person died.
#[derive(Serialize, ToSchema)]
pub(crate) struct Deceased {
    /// The day, if it is known.
    pub day: Option<NaiveDate>,
    /// What somebody wrote to it.
    pub note: Option<String>,
    /// When it was told.
    pub at: DateTime<Utc>,
}

impl Deceased {
    pub(super) fn of(marks: &[RecordMark]) -> Option<Self> {
        let mark = marks.iter().find(|mark| mark.mark == Mark::Deceased)?;
        Some(Self { day: mark.day, note: mark.note.clone(), at: mark.at })
    }
}

/// Something of somebody who was erased before.
#[derive(Serialize, ToSchema)]
pub(crate) struct DoNotContact {
    /// Which record tells of it.
    pub record: Uuid,
    /// What it is: `email`, `phone`, `account` or `source_key`.
    #[schema(example = "email")]
    pub about: String,
    /// When they were erased.
    pub erased_at: DateTime<Utc>,
}

impl DoNotContact {
    pub(super) fn of(marks: &[RecordMark]) -> Vec<Self> {
        let erased = marks.iter().filter(|mark| mark.mark == Mark::ErasedBefore);
        erased.map(|m| Self { record: m.record.0, about: m.about.clone(), erased_at: m.at }).collect()
    }
}

/// What one table holds of a person.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExportedTable {
    /// Its name.
    #[schema(example = "handles")]
    pub table: &'static str,
    /// What stands there, in words.
    pub what: &'static str,
    /// Each row with all its columns. Instants are dates with times; services, touchpoints, themes, forms and imports are
    /// told by their names; of users it is told that somebody did it.
    #[schema(value_type = Vec<Object>)]
    pub rows: Vec<serde_json::Map<String, serde_json::Value>>,
}

/// A table in which nothing of any person stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct WithoutPersons {
    /// Its name.
    pub table: &'static str,
    /// Why.
    pub why: &'static str,
}

/// What stays when a person is erased.
#[derive(Serialize, ToSchema)]
pub(crate) struct Stays {
    /// Stable name.
    #[schema(example = "audit")]
    pub key: &'static str,
    /// What.
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
    /// Until when.
    pub until: &'static str,
}

impl From<StaysKept> for Stays {
    fn from(kept: StaysKept) -> Self {
        Self { key: kept.key, what: kept.what, why: kept.why, until: kept.until }
    }
}

/// Everything that is kept of a person.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExportedPerson {
    /// `commonweal-person`.
    pub format: &'static str,
    /// Another one when what stands in it means something else.
    pub version: u32,
    /// The person's id.
    pub person: Uuid,
    /// When it was put together.
    pub made_at: DateTime<Utc>,
    /// The body that keeps it.
    pub body: String,
    /// Table by table; also those in which nothing of this person stands.
    pub kept: Vec<ExportedTable>,
    /// Tables in which nothing of any person stands, and why.
    pub nothing_in: Vec<WithoutPersons>,
    /// What would stay if they were erased.
    pub stays_when_erased: Vec<Stays>,
}

/// What was erased.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErasedPerson {
    /// Records of sources.
    pub records: u64,
    /// Ways to reach them.
    pub handles: u64,
    /// Contacts: gone, or nobody's from now on.
    pub contacts: u64,
    /// Feedback, likewise.
    pub feedback: u64,
    /// Comments.
    pub comments: u64,
    /// What stays, and why.
    pub stays: Vec<Stays>,
}

/// A death.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeceasedFields {
    /// The day, if it is known.
    #[serde(default)]
    #[schema(example = "2024-03-07")]
    pub day: Option<NaiveDate>,
    /// What there is to say of it; at most 1,000 characters.
    #[serde(default)]
    pub note: String,
}

/// Gives everything that is kept of a person, for them.
///
/// Also their words as they wrote them, before redaction. That it was taken out is written down. A session needs a reason
/// first, given on the person's page in the console. Needs the scope `people:read`.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/export",
    operation_id = "export_person",
    tag = "People",
    params(("id" = Uuid, Path, description = "The person's id.")),
    responses(
        (status = 200, description = "All of it.", body = ExportedPerson),
        (status = 409, description = "A reason is needed first."),
        Refused, Missing
    ),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn export(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(person): Path<String>,
    Strict(params): Strict,
) -> WebResult<Json<ExportedPerson>> {
    actor.require(Permission::ReadPeople)?;
    params.finish("none").map_err(Failure::query)?;
    let export = state.app.export_person(&actor.0, person_id(&person)?).await?;
    let table = |t: commonweal_app::people::HeldRows| ExportedTable { table: t.table, what: t.what, rows: t.rows };
    Ok(Json(ExportedPerson {
        format: commonweal_app::people::EXPORT_FORMAT,
        version: commonweal_app::people::EXPORT_VERSION,
        person: export.person.0,
        made_at: export.made_at,
        body: export.body,
        kept: export.kept.into_iter().map(table).collect(),
        nothing_in: export.nothing_in.into_iter().map(|(table, why)| WithoutPersons { table, why }).collect(),
        stays_when_erased: export.stays.into_iter().map(Into::into).collect(),
    }))
}

/// Erases a person, for good.
///
/// It can't be undone. From every table at once; from files, the index and free room soon after. A keyed hash of each handle is
/// left, so that a record that tells of it later is marked. Needs the scope `people:erase`.
#[utoipa::path(
    delete,
    path = "/api/v1/people/{id}",
    operation_id = "erase_person",
    tag = "People",
    params(
        ("id" = Uuid, Path, description = "The person's id."),
        ("reason" = String, Query, description = "Why: `asked`, `not_needed`, `mistake` or `other`.", pattern = "^(asked|not_needed|mistake|other)$"),
        ("extent" = Option<String>, Query, description = "How much: `words` (that there was a contact stays, and is nobody's) unless said, or `everything`.", pattern = "^(words|everything)$"),
    ),
    responses(
        (status = 200, description = "They are erased.", body = ErasedPerson),
        (status = 409, description = "A reason to see them is needed first."),
        Refused, Missing
    ),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn erase(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(person): Path<String>,
    Strict(mut params): Strict,
) -> WebResult<Json<ErasedPerson>> {
    actor.require(Permission::ErasePeople)?;
    let reason = params.named("reason", ErasureReason::from_key, &ErasureReason::GIVEN, ErasureReason::key);
    let extent = params.named("extent", Extent::from_key, &Extent::GIVEN, Extent::key).unwrap_or(Extent::Words);
    params.finish("`reason` and `extent`").map_err(Failure::query)?;
    let Some(reason) = reason else {
        let all: Vec<&str> = ErasureReason::GIVEN.iter().map(|r| r.key()).collect();
        let sentence = format!("Say why this person is erased: {}.", all.join(", "));
        return Err(Failure::query(FieldErrors::one("reason", "required", sentence)));
    };
    let counts = state.app.erase_person(&actor.0, person_id(&person)?, reason, extent).await?;
    Ok(Json(ErasedPerson {
        records: counts.records,
        handles: counts.handles,
        contacts: counts.contacts,
        feedback: counts.feedback,
        comments: counts.comments,
        stays: extent.stays(reason).into_iter().map(Into::into).collect(),
    }))
}

/// Tells that a person has died.
///
/// Told again, the new day and note take the place of those before. Needs the scope `people:write`.
#[utoipa::path(
    put,
    path = "/api/v1/people/{id}/deceased",
    operation_id = "mark_deceased",
    tag = "People",
    params(("id" = Uuid, Path, description = "The person's id.")),
    request_body(content = DeceasedFields, description = "When, if it is known."),
    responses(
        (status = 204, description = "It is kept."),
        (status = 409, description = "A reason to see them is needed first."),
        Refused, RefusedBody, Missing
    ),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn mark_deceased(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(person): Path<String>,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<StatusCode> {
    actor.require(Permission::ManagePeople)?;
    let id = person_id(&person)?;
    let sent: DeceasedFields = sent_alone(params, &headers, body, "death")?;
    state.app.mark_deceased(&actor.0, id, sent.day, &sent.note).await.map_err(in_body)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tells that a person has not died.
///
/// Done twice, it is done once. Needs the scope `people:write`.
#[utoipa::path(
    delete,
    path = "/api/v1/people/{id}/deceased",
    operation_id = "unmark_deceased",
    tag = "People",
    params(("id" = Uuid, Path, description = "The person's id.")),
    responses(
        (status = 204, description = "It is taken back."),
        (status = 409, description = "A reason to see them is needed first."),
        Refused, Missing
    ),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn unmark_deceased(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Path(person): Path<String>,
    Strict(params): Strict,
) -> WebResult<StatusCode> {
    params.finish("none").map_err(Failure::query)?;
    state.app.unmark_deceased(&actor, person_id(&person)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
