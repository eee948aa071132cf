//! The shapes of what the API answers to what comes in, of services and imports, which tell less than the records do: no
//! mapping, no hash of a file, nobody's name. They are the wire form: a field is only ever added.

use crate::api::schema::import_state;
use chrono::{DateTime, Utc};
use commonweal_app::Receipt;
use commonweal_domain::FieldError;
use commonweal_domain::import::ImportCounts;
use commonweal_domain::records::{Import, Service, Touchpoint};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What became of the feedback or contacts of one request, in their order.
#[derive(Serialize, ToSchema)]
pub(crate) struct Receipts {
    /// One for each.
    pub items: Vec<ReceiptItem>,
}

/// What became of one feedback or contact.
#[derive(Serialize, ToSchema)]
#[schema(as = Receipt)]
pub(crate) struct ReceiptItem {
    /// Id under which it is kept.
    pub id: Uuid,
    /// Whether it was there already (the same `id` from the same sender), so that nothing was added.
    pub duplicate: bool,
    /// What was changed before it was written; not there when nothing was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub changed: Vec<ChangeItem>,
}

/// A field in which personal data was replaced or left out.
#[derive(Serialize, ToSchema)]
#[schema(as = ReceivedChange)]
pub(crate) struct ChangeItem {
    /// Where, as a JSON pointer into the feedback as it is kept.
    #[schema(example = "/comments/0/text")]
    pub field: String,
    /// `redacted`: replaced by its kind in square brackets. `shortened`: left out of the address of the page.
    #[schema(example = "redacted")]
    pub code: String,
    /// The same as a sentence.
    #[schema(example = "Personal data in it was replaced by [phone].")]
    pub message: String,
}

impl<Id: Into<Uuid>> From<Vec<Receipt<Id>>> for Receipts {
    fn from(receipts: Vec<Receipt<Id>>) -> Self {
        let change = |c: FieldError| ChangeItem { field: c.field, code: c.code, message: c.message };
        let item = |r: Receipt<Id>| ReceiptItem {
            id: r.id.into(),
            duplicate: r.duplicate,
            changed: r.changed.into_iter().map(change).collect(),
        };
        Self { items: receipts.into_iter().map(item).collect() }
    }
}

/// All services.
#[derive(Serialize, ToSchema)]
pub(crate) struct Services {
    /// In the order in which they are shown.
    pub services: Vec<ServiceItem>,
}

/// Something the body does for people.
#[derive(Serialize, ToSchema)]
#[schema(as = Service)]
pub(crate) struct ServiceItem {
    /// Id.
    pub id: Uuid,
    /// Stable key, as in filters.
    #[schema(example = "blue-badge")]
    pub key: String,
    /// Name for people.
    #[schema(example = "Blue Badge")]
    pub name: String,
    /// Its moments, in the order in which people go through them.
    pub touchpoints: Vec<TouchpointItem>,
}

/// One moment in the journey through a service.
#[derive(Serialize, ToSchema)]
#[schema(as = Touchpoint)]
pub(crate) struct TouchpointItem {
    /// Id.
    pub id: Uuid,
    /// Key with the service's, as in filters.
    #[schema(example = "blue-badge/apply")]
    pub key: String,
    /// Name for people.
    #[schema(example = "Apply")]
    pub name: String,
}

impl From<Vec<Service>> for Services {
    fn from(services: Vec<Service>) -> Self {
        let touchpoint = |t: Touchpoint| TouchpointItem { id: t.id.0, key: t.key, name: t.name };
        let service = |s: Service| ServiceItem {
            id: s.id.0,
            key: s.key,
            name: s.name,
            touchpoints: s.touchpoints.into_iter().map(touchpoint).collect(),
        };
        Self { services: services.into_iter().map(service).collect() }
    }
}

/// Imports, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Imports {
    /// The imports, newest first.
    pub imports: Vec<ImportItem>,
    /// Address of the next page on this server; null when this is the last one.
    #[schema(example = "/api/v1/imports?limit=100&cursor=AAAA…")]
    pub next: Option<String>,
}

/// One file taken in.
#[derive(Serialize, ToSchema)]
#[schema(as = Import)]
pub(crate) struct ImportItem {
    /// Id; feedback that it brought has it as `source`.
    pub id: Uuid,
    /// Name of the file.
    pub file_name: String,
    /// Size of the file in bytes.
    pub file_bytes: u64,
    /// Bytes of it read so far.
    pub read_bytes: u64,
    /// Where it stands.
    #[schema(schema_with = import_state)]
    pub state: &'static str,
    /// What became of its rows so far.
    pub counts: ImportCounts,
    /// Why it failed; null when it did not.
    pub problem: Option<String>,
    /// When it was handed in.
    pub created_at: DateTime<Utc>,
    /// When work on it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

impl From<Import> for ImportItem {
    fn from(i: Import) -> Self {
        Self {
            id: i.id.0,
            file_name: i.file_name,
            file_bytes: i.file_bytes,
            read_bytes: i.through_byte,
            state: i.state.key(),
            counts: i.counts,
            problem: i.problem,
            created_at: i.created_at,
            started_at: i.started_at,
            ended_at: i.ended_at,
        }
    }
}
