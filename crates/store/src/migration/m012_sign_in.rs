//! Passwords that must be changed, one-time links by which somebody chooses theirs, what a session was begun with, and
//! the second step of signing in.

use sea_orm_migration::prelude::*;

use super::build::{Types, reference, unique};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m012_sign_in"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        // Nobody who is there has to: whoever set their password told it to them long ago.
        for flag in ["must_change", "second_step"] {
            let column = t.flag(flag).default(false).take();
            manager.alter_table(Table::alter().table("users").add_column(column).take()).await?;
        }
        let browser = t.text("browser").default("").take();
        manager.alter_table(Table::alter().table("sessions").add_column(browser).take()).await?;
        // One for each user: another one is in the place of the one before.
        let links = t
            .table("sign_in_links", vec![t.id("user_id"), t.bytes("token_hash"), t.instant("expires_at")], &["user_id"])
            .foreign_key(&mut reference(("sign_in_links", "user_id"), ("users", "id"), ForeignKeyAction::Cascade))
            .take();
        manager.create_table(links).await?;
        manager.create_index(unique("sign_in_links", &["token_hash"])).await?;
        // Beside `meta`, whose rows stay where they are when a body is copied: without its secret nobody could sign in
        // to the copy with a second step.
        manager.create_table(t.table("secrets", vec![t.text("name"), t.text("value")], &["name"])).await?;
        let steps = t
            .table("second_steps", vec![t.id("user_id"), t.bytes("sealed"), t.int("last_step")], &["user_id"])
            .foreign_key(&mut reference(("second_steps", "user_id"), ("users", "id"), ForeignKeyAction::Cascade))
            .take();
        manager.create_table(steps).await?;
        let codes = t
            .table("recovery_codes", vec![t.id("user_id"), t.bytes("code_hash")], &["user_id", "code_hash"])
            .foreign_key(&mut reference(("recovery_codes", "user_id"), ("users", "id"), ForeignKeyAction::Cascade))
            .take();
        manager.create_table(codes).await
    }
}

#[cfg(test)]
mod tests {
    use sea_orm_migration::prelude::*;
    use uuid::Uuid;

    use crate::migration::testing::{before, empty_postgres, literal};
    use crate::{OpenOptions, Store};

    async fn everybody_signs_in_as_before(url: &str) {
        let store = before(url, "m012_sign_in").await;
        let (id, no) = (literal(&store, Uuid::from_u128(1)), if url.starts_with("sqlite") { "0" } else { "false" });
        let user = format!(
            "INSERT INTO users (id, email, email_folded, name, disabled, password_hash, created_at)
             VALUES ({id}, 'a@example.org', 'a@example.org', 'A', {no}, 'hash', 7)"
        );
        store.inner.write.execute_unprepared(&user).await.expect("written");
        let hash = if url.starts_with("sqlite") { "x'01'" } else { "'\\x01'::bytea" };
        let session = format!(
            "INSERT INTO sessions (token_hash, user_id, created_at, seen_at, expires_at) VALUES ({hash}, {id}, 1, 1, 9)"
        );
        store.inner.write.execute_unprepared(&session).await.expect("written");
        store.close().await.expect("closed");

        let store = Store::open(url, OpenOptions::default()).await.expect("opens and migrates");
        let user = store.users().await.expect("read").remove(0);
        assert!(!user.must_change && !user.second_step);
        assert_eq!(store.password_hash_of(user.id).await.expect("there").as_deref(), Some("hash"));
        let sessions = store.sessions_of(user.id).await.expect("read");
        assert_eq!(sessions.iter().map(|s| s.browser.as_str()).collect::<Vec<_>>(), [""], "still signed in");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn users_of_the_version_before_sign_in_as_before() {
        let folder = tempfile::tempdir().expect("a folder");
        everybody_signs_in_as_before(&format!("sqlite:{}", folder.path().join("old.db").display())).await;
        everybody_signs_in_as_before(&empty_postgres().await).await;
    }
}
