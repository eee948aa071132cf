//! The spine: contacts, feedback, words and readings, services, imports, users, jobs, the feed.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, null, reference, unique};
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m001_spine"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let types = Types::of(manager);
        for table in govern(types).into_iter().chain(listen(types)).chain(understand(types)).chain(machinery(types)) {
            manager.create_table(table).await?;
        }
        for made in indexes() {
            manager.create_index(made).await?;
        }
        dialect::create_feed_numbers(manager.get_connection()).await
    }
}

fn govern(t: Types) -> Vec<TableCreateStatement> {
    vec![
        t.table("meta", vec![t.text("key"), t.text("value")], &["key"]),
        t.table("settings", vec![t.int("version"), t.json("body"), t.text("actor"), t.instant("at")], &["version"]),
        t.table("teams", vec![t.id("id"), t.text("name"), t.text("function")], &["id"]),
        t.table(
            "users",
            vec![
                t.id("id"),
                t.text("email"),
                t.text("email_folded"),
                t.text("name"),
                t.text("role"),
                null(t.id("team_id")),
                t.flag("disabled"),
                null(t.text("password_hash")),
                t.instant("created_at"),
            ],
            &["id"],
        )
        .foreign_key(&mut reference(("users", "team_id"), ("teams", "id"), ForeignKeyAction::SetNull))
        .take(),
        t.table(
            "sessions",
            vec![
                t.bytes("token_hash"),
                t.id("user_id"),
                t.instant("created_at"),
                t.instant("seen_at"),
                t.instant("expires_at"),
            ],
            &["token_hash"],
        )
        .foreign_key(&mut reference(("sessions", "user_id"), ("users", "id"), ForeignKeyAction::Cascade))
        .take(),
        t.table(
            "api_keys",
            vec![
                t.id("id"),
                t.text("name"),
                t.json("scopes"),
                t.bytes("secret_hash"),
                t.instant("created_at"),
                null(t.instant("revoked_at")),
            ],
            &["id"],
        ),
        t.counted(
            "audit",
            vec![
                t.counter("number"),
                t.instant("at"),
                t.text("actor"),
                t.text("action"),
                t.text("subject"),
                t.json("details"),
            ],
        ),
        t.table(
            "saved_views",
            vec![
                t.id("id"),
                t.id("owner_id"),
                t.text("name"),
                t.text("address"),
                t.flag("shared"),
                t.instant("created_at"),
            ],
            &["id"],
        )
        .foreign_key(&mut reference(("saved_views", "owner_id"), ("users", "id"), ForeignKeyAction::Cascade))
        .take(),
    ]
}

fn listen(t: Types) -> Vec<TableCreateStatement> {
    vec![
        t.table("services", vec![t.id("id"), t.text("key"), t.text("name"), t.int("position")], &["id"]),
        t.table(
            "touchpoints",
            vec![t.id("id"), t.id("service_id"), t.text("key"), t.text("name"), t.int("position")],
            &["id"],
        )
        .foreign_key(&mut reference(("touchpoints", "service_id"), ("services", "id"), ForeignKeyAction::Cascade))
        .take(),
        t.table(
            "imports",
            vec![
                t.id("id"),
                t.text("file_name"),
                t.text("file_hash"),
                t.int("file_bytes"),
                t.json("mapping"),
                t.text("state"),
                t.int("rows"),
                t.int("imported"),
                t.int("duplicates"),
                t.int("rejected"),
                t.int("through_row"),
                t.int("through_byte"),
                // Its feedback lie between these ids, so that taking it back needs no index.
                null(t.id("first_feedback")),
                null(t.id("last_feedback")),
                null(t.text("problem")),
                t.text("actor"),
                t.instant("created_at"),
                null(t.instant("started_at")),
                null(t.instant("ended_at")),
            ],
            &["id"],
        ),
        t.table(
            "import_rejected",
            vec![t.id("import_id"), t.int("row_number"), null(t.text("heading")), t.text("reason"), t.json("cells")],
            &["import_id", "row_number"],
        )
        .foreign_key(&mut reference(("import_rejected", "import_id"), ("imports", "id"), ForeignKeyAction::Cascade))
        .take(),
        t.table("import_mappings", vec![t.text("signature"), t.json("mapping"), t.instant("saved_at")], &["signature"]),
        // The ledger. `person_id` is empty until the body knows whom it speaks with.
        t.table(
            "contacts",
            vec![
                t.id("id"),
                t.instant("at"),
                t.text("channel"),
                t.text("direction"),
                t.text("function"),
                t.text("capacity"),
                null(t.id("service_id")),
                null(t.id("touchpoint_id")),
                null(t.id("person_id")),
            ],
            &["id"],
        )
        .foreign_key(&mut reference(("contacts", "service_id"), ("services", "id"), ForeignKeyAction::NoAction))
        .foreign_key(&mut reference(("contacts", "touchpoint_id"), ("touchpoints", "id"), ForeignKeyAction::NoAction))
        .take(),
        // When and how is in the contact, once.
        t.table(
            "feedback",
            vec![
                t.id("id"),
                t.id("contact_id"),
                t.instant("received_at"),
                null(t.text("language")),
                t.flag("language_stated"),
                null(t.text("device")),
                null(t.text("page")),
                null(t.text("area")),
                null(t.json("attributes")),
                // Empty for what an import brought: the import is the source.
                null(t.text("source")),
                null(t.id("import_id")),
                null(t.bytes("dedupe")),
            ],
            &["id"],
        )
        .foreign_key(&mut reference(("feedback", "contact_id"), ("contacts", "id"), ForeignKeyAction::NoAction))
        .foreign_key(&mut reference(("feedback", "import_id"), ("imports", "id"), ForeignKeyAction::NoAction))
        .take(),
        t.table(
            "ratings",
            vec![
                t.id("feedback_id"),
                t.int("position"),
                t.text("name"),
                t.real("value"),
                t.real("worst"),
                t.real("best"),
            ],
            &["feedback_id", "position"],
        )
        .foreign_key(&mut reference(("ratings", "feedback_id"), ("feedback", "id"), ForeignKeyAction::Cascade))
        .take(),
        // Keyed by place, so that the comments of feedback in id order lie together on the disk.
        t.table(
            "comments",
            vec![t.id("feedback_id"), t.int("position"), t.id("id"), null(t.text("question")), t.text("text")],
            &["feedback_id", "position"],
        )
        .foreign_key(&mut reference(("comments", "feedback_id"), ("feedback", "id"), ForeignKeyAction::Cascade))
        .index(Index::create().name("ux_comments_id").unique().col("id"))
        .take(),
        t.table("originals", vec![t.id("comment_id"), t.text("text")], &["comment_id"])
            .foreign_key(&mut reference(("originals", "comment_id"), ("comments", "id"), ForeignKeyAction::Cascade))
            .take(),
        t.table(
            "idempotency_keys",
            vec![t.bytes("key"), t.bytes("request_hash"), t.text("response"), t.instant("at")],
            &["key"],
        ),
    ]
}

fn understand(t: Types) -> Vec<TableCreateStatement> {
    vec![
        t.table("codeframes", vec![t.id("id"), t.text("name")], &["id"]),
        t.table(
            "themes",
            vec![t.id("id"), t.id("codeframe_id"), t.text("key"), t.text("name"), t.int("position")],
            &["id"],
        )
        .foreign_key(&mut reference(("themes", "codeframe_id"), ("codeframes", "id"), ForeignKeyAction::Cascade))
        .take(),
        // A person's row overlays the machine's: an empty sentiment and `themes_stated` = no mean
        // that the machine's stands.
        t.table(
            "readings",
            vec![
                t.id("comment_id"),
                t.text("reader"),
                null(t.text("language")),
                null(t.text("sentiment")),
                null(t.real("score")),
                null(t.real("confidence")),
                null(t.text("emotion")),
                null(t.json("alerts")),
                null(t.json("spans")),
                t.text("engine"),
                t.flag("themes_stated"),
                null(t.id("user_id")),
                null(t.instant("at")),
            ],
            &["comment_id", "reader"],
        )
        .foreign_key(&mut reference(("readings", "comment_id"), ("comments", "id"), ForeignKeyAction::Cascade))
        .foreign_key(&mut reference(("readings", "user_id"), ("users", "id"), ForeignKeyAction::NoAction))
        .take(),
        t.table(
            "theme_assignments",
            vec![t.id("comment_id"), t.text("reader"), t.id("theme_id"), t.int("position")],
            &["comment_id", "reader", "theme_id"],
        )
        .foreign_key(&mut reference(("theme_assignments", "comment_id"), ("comments", "id"), ForeignKeyAction::Cascade))
        .foreign_key(&mut reference(("theme_assignments", "theme_id"), ("themes", "id"), ForeignKeyAction::NoAction))
        .take(),
    ]
}

fn machinery(t: Types) -> Vec<TableCreateStatement> {
    vec![
        t.table(
            "jobs",
            vec![
                t.id("id"),
                t.text("kind"),
                t.json("payload"),
                t.text("state"),
                t.int("priority"),
                t.int("attempts"),
                t.int("max_attempts"),
                t.instant("run_at"),
                null(t.instant("lease_until")),
                null(t.text("worker")),
                null(t.text("error")),
                null(t.text("dedupe")),
                t.instant("created_at"),
                null(t.instant("ended_at")),
            ],
            &["id"],
        ),
        // No reference to feedback: the feed tells of feedback that is gone.
        t.table(
            "changes",
            vec![t.int("txn"), t.int("change"), t.id("feedback_id"), t.text("kind")],
            &["txn", "change"],
        ),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        unique("teams", &["name"]),
        unique("users", &["email_folded"]),
        index("sessions", &["user_id"]),
        unique("api_keys", &["secret_hash"]),
        unique("services", &["key"]),
        unique("touchpoints", &["key"]),
        unique("themes", &["key"]),
        unique("feedback", &["contact_id"]),
        unique("feedback", &["dedupe"]),
        index("idempotency_keys", &["at"]),
        index("jobs", &["state", "run_at"]),
        unique("jobs", &["dedupe"]).and_where(Expr::col("state").is_in(["ready", "running"])).take(),
    ]
}
