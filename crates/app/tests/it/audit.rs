//! The audit trail: a line that was changed, taken out or moved is found and named.

use commonweal_app::Error;
use commonweal_domain::{Actor, Permission, TeamFunction};
use commonweal_store::AuditFault;
use commonweal_testkit::app::TestApp;
use commonweal_testkit::duties::{ADMINISTRATOR, MANAGER};
use commonweal_testkit::on_both_engines;
use commonweal_testkit::sink::Sink;
use sha2::{Digest, Sha256};

async fn team(t: &TestApp, n: usize) {
    t.app.add_team(&Actor::Operator, &format!("Team {n}"), TeamFunction::Serve).await.expect("added");
}

async fn faults(t: &TestApp) -> Vec<AuditFault> {
    t.app.check_audit(&Actor::Operator).await.expect("followed").faults
}

on_both_engines! {
    async fn lines_that_were_changed_taken_out_or_moved_are_named(db: TestDb) {
        let t = TestApp::with(db).await;
        for n in 0..8 {
            team(&t, n).await;
        }
        let check = t.app.check_audit(&Actor::Operator).await.expect("followed");
        assert_eq!((check.lines, check.faults, check.last), (8, vec![], 8));
        t.db.meddle("UPDATE audit SET actor = 'user:somebody' WHERE number = 3").await;
        assert_eq!(faults(&t).await, [AuditFault::Changed { number: 3 }]);
        t.db.meddle("UPDATE audit SET actor = 'operator' WHERE number = 3").await;
        assert_eq!(faults(&t).await, [], "as it was");
        t.db.meddle("UPDATE audit SET at = at + 1 WHERE number = 8").await;
        assert_eq!(faults(&t).await, [AuditFault::Changed { number: 8 }]);
        t.db.meddle("UPDATE audit SET at = at - 1 WHERE number = 8").await;
        // Two change places.
        for (from, to) in [(4, -4), (5, 4), (-4, 5)] {
            t.db.meddle(&format!("UPDATE audit SET number = {to} WHERE number = {from}")).await;
        }
        let moved = faults(&t).await;
        assert!(moved.contains(&AuditFault::Changed { number: 4 }), "{moved:?}");
        for (from, to) in [(4, -4), (5, 4), (-4, 5)] {
            t.db.meddle(&format!("UPDATE audit SET number = {to} WHERE number = {from}")).await;
        }
        assert_eq!(faults(&t).await, []);
        t.db.meddle("DELETE FROM audit WHERE number IN (5, 6)").await;
        assert_eq!(faults(&t).await, [AuditFault::Missing { first: 5, last: 6 }]);
        t.db.meddle("DELETE FROM audit WHERE number = 8").await;
        let both = [AuditFault::Missing { first: 5, last: 6 }, AuditFault::Missing { first: 8, last: 8 }];
        assert_eq!(faults(&t).await, both, "the last line too");
        team(&t, 9).await;
        assert_eq!(faults(&t).await, both, "the trail goes on, and what is missing stays missing");
    }

    async fn writers_at_once_write_one_chain(db: TestDb) {
        let t = TestApp::with(db).await;
        let writers = (0..40).map(|n| {
            let app = t.app.clone();
            tokio::spawn(async move {
                app.add_team(&Actor::Operator, &format!("Team {n}"), TeamFunction::Serve).await.expect("added");
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.expect("it ended");
        }
        let check = t.app.check_audit(&Actor::Operator).await.expect("followed");
        assert_eq!((check.lines, check.faults, check.last), (40, vec![], 40));
    }

    async fn whoever_has_the_file_can_follow_the_chain(db: TestDb) {
        let t = TestApp::with(db).await;
        team(&t, 1).await;
        t.user(ADMINISTRATOR).await;
        let manager = t.user(MANAGER).await;
        let refused = t.app.export_audit(&manager.actor(), Box::new(Sink::default())).await;
        assert!(matches!(refused, Err(Error::Denied(Permission::ReadAudit))));
        assert!(matches!(t.app.check_audit(&manager.actor()).await, Err(Error::Denied(Permission::ReadAudit))));
        let sink = Sink::default();
        let lines = t.app.export_audit(&Actor::Operator, Box::new(sink.clone())).await.expect("written");
        let bytes = sink.bytes();
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert_eq!(text.lines().count() as u64, lines);
        // As the documentation says: the line without its hash, behind the hash before it.
        let mut before = "0".repeat(64);
        for line in text.lines() {
            let (content, hash) = line.rsplit_once(r#","hash":""#).expect("each line has its hash");
            let hash = hash.trim_end_matches("\"}");
            let own: String =
                Sha256::digest(format!("{before}\n{content}}}")).iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(own, hash, "{line}");
            hash.clone_into(&mut before);
        }
        assert_eq!(t.app.check_audit(&Actor::Operator).await.expect("followed").hash, before);
        assert!(text.lines().last().is_some_and(|line| line.contains("audit.exported")), "{text}");
    }
}
