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
