//! Rows of readings, codeframes and saved views.

entity!(codeframe = "codeframes" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
});

entity!(theme = "themes" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub codeframe_id: Uuid,
    pub key: String,
    pub name: String,
    pub position: i64,
    pub description: Option<String>,
    pub rule: Option<Json>,
});

entity!(reading = "readings" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub comment_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub reader: String,
    pub language: Option<String>,
    pub sentiment: Option<String>,
    pub score: Option<f64>,
    pub confidence: Option<f64>,
    pub emotion: Option<String>,
    pub alerts: Option<Json>,
    pub spans: Option<Json>,
    pub engine: String,
    pub themes_stated: bool,
    pub user_id: Option<Uuid>,
    pub at: Option<i64>,
});

entity!(theme_assignment = "theme_assignments" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub comment_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub reader: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub theme_id: Uuid,
    pub position: i64,
});

entity!(saved_view = "saved_views" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub owner_id: Uuid,
    pub name: String,
    pub address: String,
    pub shared: bool,
    pub created_at: i64,
});

entity!(model = "models" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub body: Vec<u8>,
    pub about: Json,
    pub at: i64,
});

entity!(discovery = "discoveries" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub body: Json,
    pub actor: String,
    pub at: i64,
});

entity!(correction = "corrections" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub comment_id: Uuid,
    pub user_id: Uuid,
    pub at: i64,
    pub act: String,
    pub before: Option<Json>,
    pub after: Json,
    pub batch_id: Option<Uuid>,
});

entity!(alert_look = "alert_looks" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub feedback_id: Uuid,
    pub actor: String,
    pub note: String,
    pub at: i64,
});
