//! Reading comments is a duty: whoever had none for the whole body could read them before, and goes on to.

use sea_orm_migration::prelude::*;

use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m011_readers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::readers_without_a_duty(manager.get_connection()).await
    }
}

#[cfg(test)]
mod tests {
    use commonweal_domain::{Duty, Grants, Permission};
    use sea_orm_migration::prelude::*;
    use uuid::Uuid;

    use crate::migration::testing::{before, empty_postgres, literal};
    use crate::{OpenOptions, Store};

    async fn everybody_reads_on(url: &str) {
        let store = before(url, "m011_readers").await;
        let no = if url.starts_with("sqlite") { "0" } else { "false" };
        // Nothing, a duty for the body, a duty for one team.
        let duties = [None, Some(("analyst", Uuid::nil())), Some(("manager", Uuid::from_u128(77)))];
        for (n, duty) in (1..).zip(duties) {
            let id = literal(&store, Uuid::from_u128(n));
            let user = format!(
                "INSERT INTO users (id, email, email_folded, name, disabled, password_hash, created_at)
                 VALUES ({id}, '{n}@example.org', '{n}@example.org', '{n}', {no}, 'hash', 7)"
            );
            store.inner.write.execute_unprepared(&user).await.expect("written");
            if let Some((duty, team)) = duty {
                let team = literal(&store, team);
                let grant = format!("INSERT INTO grants (user_id, duty, team_id) VALUES ({id}, '{duty}', {team})");
                store.inner.write.execute_unprepared(&grant).await.expect("written");
            }
        }
        store.close().await.expect("closed");

        let store = Store::open(url, OpenOptions::default()).await.expect("opens and migrates");
        let users = store.users().await.expect("read");
        let of = |name: &str| users.iter().find(|user| user.name == name).expect("still there").grants.clone();
        assert_eq!(of("1"), Grants::of(&[Duty::Reader]));
        assert_eq!(of("2"), Grants::of(&[Duty::Analyst]), "who may read anyway gets nothing more");
        assert!(of("3").contains(Duty::Reader));
        for name in ["1", "2", "3"] {
            assert!(of(name).may(Permission::ReadFeedback.into()), "{name} could read before");
            assert!(!of(name).may(Permission::ReadExactFigures.into()), "{name} never saw exact figures");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whoever_could_read_comments_still_may() {
        let folder = tempfile::tempdir().expect("a folder");
        everybody_reads_on(&format!("sqlite:{}", folder.path().join("old.db").display())).await;
        everybody_reads_on(&empty_postgres().await).await;
    }
}
