//! Headings of imported files, so that files can go before the rows that were sent back; the audit trail as a chain; keys
//! that end and get another secret.

use sea_orm_migration::prelude::*;

use super::build::{Types, null};
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m013_raw"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        let columns = [
            ("imports", null(t.json("headings"))),
            ("audit", null(t.bytes("hash"))),
            ("api_keys", null(t.instant("expires_at"))),
            ("api_keys", null(t.instant("used_at"))),
            ("api_keys", null(t.bytes("old_secret_hash"))),
            ("api_keys", null(t.instant("old_until"))),
        ];
        for (table, mut column) in columns {
            manager.alter_table(Table::alter().table(table).add_column(&mut column).take()).await?;
        }
        dialect::chain_audit(manager.get_connection()).await
    }
}

#[cfg(test)]
mod tests {
    use commonweal_domain::PageRequest;
    use sea_orm_migration::prelude::*;

    use crate::migration::testing::{before, empty_postgres};
    use crate::{AuditFault, OpenOptions, Store};

    async fn what_was_there_is_chained(url: &str) {
        let store = before(url, "m013_raw").await;
        // The second was never kept: its number is left out.
        for (number, details) in [(1, r#"{"b": 1, "a": "é"}"#), (3, "{}")] {
            let line = format!(
                "INSERT INTO audit (number, at, actor, action, subject, details)
                 VALUES ({number}, 1712750400000007, 'operator', 'user.added', 'user:1', '{details}')"
            );
            store.inner.write.execute_unprepared(&line).await.expect("written");
        }
        store.close().await.expect("closed");

        let store = Store::open(url, OpenOptions::default()).await.expect("opens and migrates");
        let check = store.check_audit().await.expect("read");
        assert_eq!((check.lines, check.faults), (2, vec![]), "a number that was left out is no fault");
        let trail = store.audit(None, &PageRequest::first(9)).await.expect("read").items;
        assert!(trail.iter().all(|line| line.hash.len() == 64), "{trail:?}");
        store.inner.write.execute_unprepared("DELETE FROM audit WHERE number = 1").await.expect("deleted");
        let check = store.check_audit().await.expect("read");
        assert_eq!(check.faults, [AuditFault::Missing { first: 1, last: 2 }]);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn lines_of_earlier_versions_are_chained() {
        let folder = tempfile::tempdir().expect("a folder");
        what_was_there_is_chained(&format!("sqlite:{}", folder.path().join("old.db").display())).await;
        what_was_there_is_chained(&empty_postgres().await).await;
    }
}
