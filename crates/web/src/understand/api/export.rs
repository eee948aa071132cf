//! Files going out: exactly what is filtered, without a cap.

use axum::extract::State;
use axum::response::Response;
use commonweal_domain::Actor;
use commonweal_ports::TableFormat;

use crate::api::parameters::FilterParams;
use crate::api::refusals::Refused;
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;
use crate::http::stream;
use crate::ui::filter_url::{self, Context, FilterUrl};
use crate::ui::params::Params;
use crate::understand::api::query::in_query;

/// Takes feedback out as CSV.
///
/// One row for each feedback, oldest first; UTF-8 with a byte order mark, comma-separated, with a
/// header. No text is one that a spreadsheet program takes for a formula. Needs the scope
/// `feedback:export`; each export is written to the audit trail.
#[utoipa::path(
    get,
    path = "/api/v1/export.csv",
    operation_id = "export_csv",
    tag = "Export",
    params(FilterParams),
    responses((status = 200, description = "The file, streamed.", body = String, content_type = "text/csv"), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn csv(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(params): Strict,
) -> WebResult<Response> {
    export(state, actor, params, TableFormat::Csv).await
}

/// Takes feedback out as an Excel workbook.
///
/// The same columns as the CSV file. Needs the scope `feedback:export`.
#[utoipa::path(
    get,
    path = "/api/v1/export.xlsx",
    operation_id = "export_xlsx",
    tag = "Export",
    params(FilterParams),
    responses(
        (status = 200, description = "The file.", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Refused
    ),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn xlsx(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(params): Strict,
) -> WebResult<Response> {
    export(state, actor, params, TableFormat::Xlsx).await
}

/// Takes feedback out as NDJSON.
///
/// One JSON object per line, with the columns of the CSV file as fields. Needs the scope
/// `feedback:export`.
#[utoipa::path(
    get,
    path = "/api/v1/export.ndjson",
    operation_id = "export_ndjson",
    tag = "Export",
    params(FilterParams),
    responses((status = 200, description = "The file, streamed.", body = String, content_type = "application/x-ndjson"), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn ndjson(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(params): Strict,
) -> WebResult<Response> {
    export(state, actor, params, TableFormat::Ndjson).await
}

async fn export(state: WebState, actor: Actor, mut params: Params, format: TableFormat) -> WebResult<Response> {
    let asked = FilterUrl::take(&mut params, Context::of(&state.app));
    params.finish(filter_url::PARAMETERS).map_err(Failure::query)?;
    let app = state.app.clone();
    let date = app.now().with_timezone(&app.settings().time_zone).format("%Y-%m-%d");
    stream::file(format!("feedback-{date}"), format, move |out| async move {
        app.export(&actor, &asked.filter, format, out, |_| ()).await.map_err(in_query)
    })
    .await
}
