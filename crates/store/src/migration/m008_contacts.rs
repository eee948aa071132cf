//! The ledger of contacts: contacts that brought no feedback, counts of contacts by day, and a feed
//! that speaks of both kinds.

use sea_orm_migration::prelude::*;

use super::build::{Types, null, unique};
use crate::dialect;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m008_contacts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Types::of(manager);
        // Positions stay as they are, and what stands in the feed so far is about feedback: an index
        // goes on where it was.
        let renamed = Table::alter().table("changes").rename_column("feedback_id", "subject_id").take();
        manager.alter_table(renamed).await?;
        let kind = t.text("subject_kind").default("feedback").take();
        manager.alter_table(Table::alter().table("changes").add_column(kind).take()).await?;

        // Empty for a contact that brought feedback: that has both.
        for column in [null(t.text("source")), null(t.bytes("dedupe"))] {
            manager.alter_table(Table::alter().table("contacts").add_column(column).take()).await?;
        }
        // Of those that have one, so that the others have no entry in it.
        let once = unique("contacts", &["dedupe"]).and_where(Expr::col("dedupe").is_not_null()).take();
        manager.create_index(once).await?;

        // Without a service or touchpoint the id is nil, because nothing in a key may be empty. Hence
        // no reference either: a service that has contacts can't be removed, and one that has none has
        // no row here.
        let daily = t.table(
            "contacts_daily",
            vec![
                t.int("day"),
                t.id("service_id"),
                t.id("touchpoint_id"),
                t.text("channel"),
                t.text("function"),
                t.text("direction"),
                t.int("n"),
            ],
            &["day", "service_id", "touchpoint_id", "channel", "function", "direction"],
        );
        manager.create_table(daily).await?;
        let db = manager.get_connection();
        let zone = dialect::time_zone(db).await?;
        dialect::recount_contacts(db, zone).await
    }
}

#[cfg(test)]
mod tests {
    use commonweal_domain::{ChangeKind, ChangeSubject, FeedPosition};
    use sea_orm_migration::prelude::*;
    use uuid::Uuid;

    use crate::migration::testing::{before, empty_postgres, literal};
    use crate::{OpenOptions, Store};

    /// A database as the version before left it, with one feedback taken in and deleted, one that is
    /// there, and the zone of a body that said one.
    async fn of_the_version_before(url: &str) -> Store {
        let store = before(url, "m008_contacts").await;
        crate::dialect::settle_feed(&store.inner.write).await.expect("named");
        let [gone, there] = ids();
        let hex = |id: Uuid| literal(&store, id);
        let service = hex(Uuid::from_u128(77));
        let late = "1709249400000000";
        let statements = [
            r#"INSERT INTO settings (version, body, actor, at) VALUES (1, '{"time_zone": "Pacific/Auckland"}', 'a', 0)"#.to_owned(),
            format!("INSERT INTO services (id, key, name, position) VALUES ({service}, 'blue-badge', 'Blue Badge', 0)"),
            format!(
                "INSERT INTO contacts (id, at, channel, direction, function, capacity, service_id)
                 VALUES ({0}, {late}, 'web', 'in', 'serve', 'customer', {service}), ({1}, {late}, 'web', 'in', 'serve', 'customer', NULL)",
                hex(Uuid::from_u128(1)), hex(Uuid::from_u128(2)),
            ),
            format!("INSERT INTO changes (txn, change, feedback_id, kind) VALUES (0, 1, {0}, 'created'), (0, 2, {1}, 'created'), (0, 3, {0}, 'deleted')", hex(gone), hex(there)),
        ];
        for sql in statements {
            store.inner.write.execute_unprepared(&sql).await.expect("written");
        }
        store
    }

    fn ids() -> [Uuid; 2] {
        [Uuid::from_u128(1 << 64), Uuid::from_u128(2 << 64)]
    }

    async fn opens_and_goes_on(url: &str) {
        let before = of_the_version_before(url).await;
        let feed = before.feed_id().await.expect("named");
        before.close().await.expect("closed");

        let store = Store::open(url, OpenOptions::default()).await.expect("opens and migrates");
        assert_eq!(store.feed_id().await.expect("named"), feed, "an index that followed the feed goes on");
        let [gone, there] = ids().map(|id| ChangeSubject::Feedback(id.into()));
        let changes = store.changes_after(FeedPosition { transaction: 0, change: 1 }, 10).await.expect("read");
        let seen: Vec<_> = changes.iter().map(|c| (c.position.change, c.subject, c.kind)).collect();
        assert_eq!(seen, [(2, there, ChangeKind::Created), (3, gone, ChangeKind::Deleted)]);

        assert_eq!(store.wrong_contact_counts().await.expect("compared"), 0);
        let by = [commonweal_domain::Dimension::Service];
        let mut counted = store.contacts_counted((None, None), &Default::default(), true, &by).await.expect("counted");
        counted.sort_by_key(|c| c.values.clone());
        let seen: Vec<_> = counted.iter().map(|c| (c.day, c.values[0].as_deref(), c.contacts)).collect();
        // 1 March 2024 in Auckland, where it was still February in London.
        assert_eq!(seen, [(19_783, None, 1), (19_783, Some("blue-badge"), 1)]);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_database_of_the_version_before_opens_and_its_feed_goes_on() {
        let folder = tempfile::tempdir().expect("a folder");
        opens_and_goes_on(&format!("sqlite:{}", folder.path().join("old.db").display())).await;
        let postgres = empty_postgres().await;
        opens_and_goes_on(&postgres).await;
    }
}
