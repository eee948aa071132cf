//! Rows of jobs, schedules, events and their followers.

entity!(job = "jobs" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub lane: String,
    pub payload: Json,
    pub state: String,
    pub priority: i64,
    pub attempts: i64,
    pub max_attempts: i64,
    pub run_at: i64,
    pub lease_until: Option<i64>,
    pub worker: Option<String>,
    pub error: Option<String>,
    pub dedupe: Option<String>,
    pub created_at: i64,
    pub ended_at: Option<i64>,
    pub progress: Option<Json>,
    pub checkpoint: Option<Json>,
    pub cancel_requested: bool,
});

entity!(schedule = "schedules" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub next_at: i64,
});

entity!(event = "events" {
    #[sea_orm(primary_key)]
    pub number: i64,
    pub txn: i64,
    pub at: i64,
    pub kind: String,
    pub subject: String,
    pub data: Json,
});

entity!(follower = "followers" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub txn: i64,
    pub number: i64,
});

entity!(change = "changes" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub txn: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub change: i64,
    pub subject_id: Uuid,
    pub kind: String,
    pub subject_kind: String,
});
