//! Rows of contacts, feedback, services and imports.

entity!(service = "services" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub key: String,
    pub name: String,
    pub position: i64,
});

entity!(touchpoint = "touchpoints" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub service_id: Uuid,
    pub key: String,
    pub name: String,
    pub position: i64,
});

entity!(import = "imports" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub file_name: String,
    pub file_hash: String,
    pub file_bytes: i64,
    pub mapping: Json,
    pub state: String,
    pub rows: i64,
    pub imported: i64,
    pub duplicates: i64,
    pub rejected: i64,
    pub through_row: i64,
    pub through_byte: i64,
    pub first_feedback: Option<Uuid>,
    pub last_feedback: Option<Uuid>,
    pub problem: Option<String>,
    pub actor: String,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub headings: Option<Json>,
});

entity!(import_file = "import_files" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub piece: i64,
    pub body: Vec<u8>,
});

entity!(rejected = "import_rejected" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub row_number: i64,
    pub heading: Option<String>,
    pub reason: String,
    pub cells: Json,
});

entity!(mapping = "import_mappings" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub signature: String,
    pub mapping: Json,
    pub saved_at: i64,
});

entity!(contact = "contacts" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: i64,
    pub channel: String,
    pub direction: String,
    pub function: String,
    pub capacity: String,
    pub service_id: Option<Uuid>,
    pub touchpoint_id: Option<Uuid>,
    pub record_id: Option<Uuid>,
    pub source: Option<String>,
    pub dedupe: Option<Vec<u8>>,
});

entity!(contacts_daily = "contacts_daily" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub service_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub touchpoint_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub function: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub direction: String,
    pub n: i64,
});

entity!(feedback = "feedback" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub contact_id: Uuid,
    pub received_at: i64,
    pub language: Option<String>,
    pub language_stated: bool,
    pub device: Option<String>,
    pub page: Option<String>,
    pub area: Option<String>,
    pub attributes: Option<Json>,
    pub source: Option<String>,
    pub import_id: Option<Uuid>,
    pub dedupe: Option<Vec<u8>>,
});

entity!(rating = "ratings" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub feedback_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub name: String,
    pub value: f64,
    pub worst: f64,
    pub best: f64,
});

entity!(comment = "comments" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub feedback_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub id: Uuid,
    pub question: Option<String>,
    pub text: String,
});

entity!(original = "originals" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub comment_id: Uuid,
    pub text: String,
});

entity!(idempotency = "idempotency_keys" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: Vec<u8>,
    pub request_hash: Vec<u8>,
    pub response: String,
    pub at: i64,
});

entity!(entry = "entries" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub feedback_id: Uuid,
    pub user_id: Uuid,
    // When it was entered: the column has the name that it had first.
    pub keyed_at: i64,
});

entity!(form = "forms" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub key: String,
    pub version: i64,
    pub open: bool,
    pub design: Json,
    pub created_at: i64,
    pub token_turn: i64,
    pub token_old_until: Option<i64>,
});

entity!(form_day = "form_days" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub form_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i64,
    pub taken: i64,
    pub turned_away: i64,
});

entity!(reply_request = "reply_requests" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub feedback_id: Uuid,
    pub form_id: Uuid,
    pub address: String,
    pub words: String,
    pub language: String,
    pub at: i64,
    pub done_at: Option<i64>,
});
