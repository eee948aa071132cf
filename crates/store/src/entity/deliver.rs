//! Ways out, messages, sends, deliveries, and what comes back.

entity!(sender = "senders" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub setup: Json,
    pub secret: Option<Vec<u8>>,
    pub version: i64,
    pub made_at: i64,
    pub changed_at: i64,
    pub receipts_hash: Option<Vec<u8>>,
});

entity!(sender_pace = "sender_paces" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sender_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub domain: String,
    pub used_to: i64,
    pub waits_to: i64,
});

entity!(message = "messages" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub team_id: Option<Uuid>,
    pub version: i64,
    pub made_by: String,
    pub made_at: i64,
});

entity!(message_version = "message_versions" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub message_id: Uuid,
    pub version: i64,
    pub texts: Json,
    pub made_by: String,
    pub made_at: i64,
});

entity!(dispatch = "dispatches" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub version_id: Uuid,
    pub lane: String,
    pub topic: Option<String>,
    pub function: String,
    pub channel: String,
    pub sender_id: Uuid,
    pub audience: Option<Json>,
    pub team_id: Option<Uuid>,
    pub state: String,
    pub planned: i64,
    pub planned_through: Option<Uuid>,
    pub starts_at: i64,
    pub ends_at: i64,
    pub made_by: String,
    pub made_at: i64,
    pub ended_at: Option<i64>,
    pub drop_held: bool,
    pub ramp_left: Option<i64>,
    pub ramp_until: Option<i64>,
    pub problem: Option<Json>,
    pub accepted: Option<Json>,
});

entity!(approval = "approvals" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub dispatch_id: Uuid,
    pub version_id: Uuid,
    pub verdict: String,
    pub by: String,
    pub at: i64,
    pub note: String,
});

entity!(delivery = "deliveries" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub dispatch_id: Option<Uuid>,
    pub record_id: Option<Uuid>,
    pub version_id: Uuid,
    pub topic: Option<String>,
    pub lane: String,
    pub function: String,
    pub channel: String,
    pub sender_id: Uuid,
    pub requested: bool,
    pub state: String,
    pub reason: Option<String>,
    pub due_at: i64,
    pub ends_at: i64,
    pub attempts: i64,
    pub worker: Option<String>,
    pub lease_until: Option<i64>,
    pub sent_at: Option<i64>,
    pub changed_at: i64,
    pub answer: Option<String>,
    pub handle_hash: Option<Vec<u8>>,
    pub cost: i64,
});

entity!(asked_delivery = "asked_deliveries" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub delivery_id: Uuid,
    pub asked_by: String,
    pub reference: Option<String>,
});

entity!(inline_message = "inline_messages" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    pub version_id: Uuid,
    pub message_id: Uuid,
});

entity!(delivery_values = "delivery_values" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub delivery_id: Uuid,
    pub record_id: Uuid,
    pub values: Json,
});

entity!(suppression = "suppressions" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub handle_hash: Vec<u8>,
    pub kind: String,
    pub reason: String,
    pub at: i64,
    pub expires_at: Option<i64>,
    pub delivery_id: Option<Uuid>,
});

entity!(mailbox = "mailboxes" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub setup: Json,
    pub secret: Option<Vec<u8>>,
    pub version: i64,
    pub validity: Option<i64>,
    pub last_uid: i64,
    pub checked_at: Option<i64>,
    pub error: Option<String>,
    pub worker: Option<String>,
    pub lease_until: Option<i64>,
    pub made_at: i64,
    pub changed_at: i64,
});

entity!(returned_mail = "returned_mails" {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub hash: Vec<u8>,
    pub at: i64,
    pub kind: String,
    pub outcome: String,
    pub delivery_id: Option<Uuid>,
    pub contact_id: Option<Uuid>,
    pub handle_hash: Option<Vec<u8>>,
    pub mailbox_id: Option<Uuid>,
    pub validity: Option<i64>,
    pub uid: Option<i64>,
    pub filed: bool,
});
