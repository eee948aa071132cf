//! Duties in the place of roles, and who is in which team.

use sea_orm_migration::prelude::*;

use super::build::{Types, index, reference};
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m009_duties"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        // A duty for the whole body has the nil id for its team, because nothing in a key may be empty; hence no
        // reference.
        let mut grants =
            t.table("grants", vec![t.id("user_id"), t.text("duty"), t.id("team_id")], &["user_id", "duty", "team_id"]);
        grants.foreign_key(&mut of("grants", "user_id", "users"));
        manager.create_table(grants).await?;
        manager.create_index(index("grants", &["duty"])).await?;
        manager.create_index(index("grants", &["team_id"])).await?;

        // `users.team_id` of the first migration, which nothing ever filled, stays and stays empty: SQLite can't
        // drop a column that is a reference, and a user may be in several teams.
        let mut members = t.table("team_members", vec![t.id("team_id"), t.id("user_id")], &["team_id", "user_id"]);
        members.foreign_key(&mut of("team_members", "team_id", "teams"));
        members.foreign_key(&mut of("team_members", "user_id", "users"));
        manager.create_table(members).await?;
        manager.create_index(index("team_members", &["user_id"])).await?;

        dialect::duties_of_roles(manager.get_connection()).await?;
        manager.alter_table(Table::alter().table("users").drop_column("role").take()).await
    }
}

/// A reference whose row goes with what it refers to.
fn of(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    reference((table, column), (to, "id"), ForeignKeyAction::Cascade)
}

#[cfg(test)]
mod tests {
    use commonweal_domain::{Duty, Grants};
    use sea_orm_migration::prelude::*;
    use uuid::Uuid;

    use crate::migration::testing::{before, empty_postgres, literal};
    use crate::{OpenOptions, Store};

    /// What somebody of each role may do afterwards: what they could do before, and no more.
    const ROLES: [(&str, &[Duty]); 4] = [
        // Reading became a duty with a later migration.
        ("viewer", &[Duty::Reader]),
        ("analyst", &[Duty::Analyst, Duty::Entry]),
        ("manager", &[Duty::Analyst, Duty::Listener, Duty::Manager]),
        ("administrator", &[Duty::Analyst, Duty::Listener, Duty::Manager, Duty::Administrator]),
    ];

    async fn roles_become_duties(url: &str) {
        let store = before(url, "m009_duties").await;
        for (n, (role, _)) in (1..).zip(ROLES) {
            let (id, no) = (literal(&store, Uuid::from_u128(n)), if url.starts_with("sqlite") { "0" } else { "false" });
            let user = format!(
                "INSERT INTO users (id, email, email_folded, name, role, disabled, password_hash, created_at)
                 VALUES ({id}, '{role}@example.org', '{role}@example.org', '{role}', '{role}', {no}, 'hash', 7)"
            );
            store.inner.write.execute_unprepared(&user).await.expect("written");
            let session = format!(
                "INSERT INTO sessions (token_hash, user_id, created_at, seen_at, expires_at) VALUES ({}, {id}, 1, 1, 9)",
                if url.starts_with("sqlite") { format!("x'0{n}'") } else { format!("'\\x0{n}'::bytea") },
            );
            store.inner.write.execute_unprepared(&session).await.expect("written");
        }
        store.close().await.expect("closed");

        let store = Store::open(url, OpenOptions::default()).await.expect("opens and migrates");
        let users = store.users().await.expect("read");
        assert_eq!(users.len(), ROLES.len());
        for (role, duties) in ROLES {
            let user = users.iter().find(|user| user.name == role).expect("still there");
            assert_eq!(user.grants, Grants::of(duties), "{role}");
            assert_eq!(store.password_hash_of(user.id).await.expect("there").as_deref(), Some("hash"));
            assert_eq!(store.sessions_of(user.id).await.expect("read").len(), 1, "still signed in");
        }
        assert!(store.has_administrator().await.expect("asked"));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn users_of_the_version_before_may_do_what_they_could() {
        let folder = tempfile::tempdir().expect("a folder");
        roles_become_duties(&format!("sqlite:{}", folder.path().join("old.db").display())).await;
        roles_become_duties(&empty_postgres().await).await;
    }
}
