//! Rows of people.

entity!(person = "persons" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub created_at: i64,
});

entity!(record = "records" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub source: String,
    pub source_key: String,
    pub version: i64,
    pub at: i64,
    pub person_id: Uuid,
    pub resolved_at: Option<i64>,
    pub told_at: Option<i64>,
});

entity!(record_details = "record_details" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Uuid,
    pub details: Json,
    pub surname: String,
    pub given_names: String,
    pub born: Option<i64>,
    pub postcode: String,
});

entity!(handle = "handles" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub kind: String,
    pub shown: String,
    pub normal: String,
    pub verified_at: Option<i64>,
});

entity!(record_key = "record_keys" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Uuid,
});

entity!(link_change = "link_changes" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: i64,
    pub actor: String,
    pub reason: String,
    pub note: Option<String>,
    pub evidence: Option<Json>,
    pub undoes: Option<Uuid>,
});

entity!(link = "links" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub change_id: Uuid,
    pub from_person: Option<Uuid>,
    pub to_person: Uuid,
});

entity!(link_decision = "link_decisions" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub a_record: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub b_record: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub change_id: Uuid,
    pub same: bool,
});

entity!(suggestion = "suggestions" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: i64,
    pub a_record: Uuid,
    pub b_record: Uuid,
    pub weight: f64,
    pub probability: f64,
    pub evidence: Json,
    pub decided: Option<String>,
});

entity!(linkage_model = "linkage_models" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub at: i64,
    pub records: i64,
    pub model: Json,
});

entity!(person_opening = "person_openings" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub at: i64,
    pub reason: String,
});

entity!(record_mark = "record_marks" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub mark: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub about: String,
    pub at: i64,
    pub actor: String,
    pub day: Option<String>,
    pub note: Option<String>,
});

entity!(erased_handle = "erased_handles" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    pub kind: String,
    pub at: i64,
});

entity!(erasure = "erasures" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub at: i64,
    pub actor: String,
    pub reason: String,
    pub extent: String,
    pub finished_at: Option<i64>,
});

entity!(topic = "topics" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub name: String,
    pub description: String,
    pub name_cy: String,
    pub description_cy: String,
    pub lane: String,
    pub open: bool,
    pub version: i64,
});

entity!(consent = "consents" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub record_id: Uuid,
    pub topic: String,
    pub channel: String,
    pub agreed: bool,
    pub at: i64,
    pub told_by: String,
    pub how: String,
    pub wording: String,
    pub version: i64,
});

entity!(wish = "wishes" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub record_id: Uuid,
    pub wish: Json,
    pub at: i64,
    pub told_by: String,
});

entity!(handle_state = "handle_states" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub record_id: Uuid,
    pub position: i64,
    pub state: String,
    pub at: i64,
    pub told_by: String,
});

entity!(hold = "holds" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub record_id: Uuid,
    pub lanes: String,
    pub reason: String,
    pub note: String,
    pub begins: i64,
    pub ends: Option<i64>,
    pub owner_id: Uuid,
    pub made_by: String,
    pub made_at: i64,
    pub ended_by: Option<String>,
    pub ended_at: Option<i64>,
});

entity!(preference_link = "preference_links" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub token_hash: Vec<u8>,
    pub made_at: i64,
    pub made_by: String,
    pub expires_at: i64,
    pub proved_at: Option<i64>,
});

entity!(person_request = "person_requests" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub record_id: Uuid,
    pub kind: String,
    pub note: String,
    pub at: i64,
    pub told_by: String,
    pub state: String,
    pub answer: String,
    pub decided_by: Option<String>,
    pub decided_at: Option<i64>,
});

entity!(audience = "audiences" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub rule: Json,
    pub team_id: Option<Uuid>,
    pub made_by: String,
    pub made_at: i64,
    pub changed_at: i64,
    pub version: i64,
});

entity!(people_import = "people_imports" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub source: String,
    pub file_name: String,
    pub file_hash: String,
    pub file_bytes: i64,
    pub mapping: Json,
    pub headings: Option<Json>,
    pub state: String,
    pub rows: i64,
    pub added: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub silent: i64,
    pub rejected: i64,
    pub partial: i64,
    pub kept: i64,
    pub through_row: i64,
    pub through_byte: i64,
    pub problem: Option<String>,
    pub actor: String,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub ended_at: Option<i64>,
});

entity!(people_import_file = "people_import_files" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub piece: i64,
    pub body: Vec<u8>,
});

entity!(people_rejected = "people_import_rejected" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub row_number: i64,
    pub heading: Option<String>,
    pub reason: String,
    pub cells: Json,
    pub taken: bool,
});

entity!(people_import_record = "people_import_records" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub row_number: i64,
    pub record_id: Uuid,
    pub kept: Option<String>,
});
