//! Rows of users, sessions, keys, teams, settings and the audit trail.

entity!(meta = "meta" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub value: String,
});

entity!(settings = "settings" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub body: Json,
    pub actor: String,
    pub at: i64,
});

entity!(team = "teams" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub function: String,
});

entity!(user = "users" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: String,
    pub email_folded: String,
    pub name: String,
    pub disabled: bool,
    pub password_hash: Option<String>,
    pub created_at: i64,
    pub must_change: bool,
    pub second_step: bool,
    pub passkeys: i64,
});

entity!(grant = "grants" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub duty: String,
    #[sea_orm(primary_key, auto_increment = false)]
    /// Nil for the whole body.
    pub team_id: Uuid,
});

entity!(member = "team_members" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub team_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
});

entity!(session = "sessions" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub user_id: Uuid,
    pub created_at: i64,
    pub seen_at: i64,
    pub expires_at: i64,
    pub browser: String,
});

entity!(secret = "secrets" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub value: String,
});

entity!(second_step = "second_steps" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    pub sealed: Vec<u8>,
    pub last_step: i64,
});

entity!(recovery_code = "recovery_codes" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_hash: Vec<u8>,
});

entity!(sign_in_link = "sign_in_links" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    pub token_hash: Vec<u8>,
    pub expires_at: i64,
});

entity!(identity = "identities" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub issuer: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    pub user_id: Uuid,
});

entity!(passkey = "passkeys" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub name: String,
    pub credential: Vec<u8>,
    pub public_key: String,
    pub created_at: i64,
    pub used_at: Option<i64>,
});

entity!(api_key = "api_keys" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub scopes: Json,
    pub secret_hash: Vec<u8>,
    pub created_at: i64,
    pub revoked_at: Option<i64>,
    pub expires_at: Option<i64>,
    pub used_at: Option<i64>,
    pub old_secret_hash: Option<Vec<u8>>,
    pub old_until: Option<i64>,
});

entity!(notify_key = "notify_keys" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_id: Uuid,
    pub secret: String,
});

entity!(hook = "hooks" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub address: String,
    pub kinds: Json,
    pub secret: String,
    pub old_secret: Option<String>,
    pub old_until: Option<i64>,
    pub enabled: bool,
    pub gone_at: Option<i64>,
    pub created_at: i64,
});

entity!(hook_delivery = "hook_deliveries" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub hook_id: Uuid,
    pub event: i64,
    pub kind: String,
    pub body: String,
    pub attempts: i64,
    pub state: String,
    pub next_at: i64,
    pub sender: Option<String>,
    pub created_at: i64,
    pub last_at: Option<i64>,
    pub last_status: Option<i64>,
    pub last_answer: Option<String>,
});

entity!(audit = "audit" {
    #[sea_orm(primary_key)]
    pub number: i64,
    pub at: i64,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub details: Json,
    pub hash: Option<Vec<u8>>,
});

entity!(preference = "preferences" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    pub body: Json,
});
