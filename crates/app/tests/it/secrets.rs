//! Secrets are sealed where they are kept, and the keys can be replaced.

use commonweal_app::HookInput;
use commonweal_app::govern::SecretKeys;
use commonweal_domain::{Actor, HookId, PageRequest};
use commonweal_testkit::app::{SECRET_KEY, TestApp};
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::on_both_engines;

const OPERATOR: Actor = Actor::Operator;

async fn hooked(t: &TestApp) -> (HookId, String) {
    let input = HookInput { name: "CRM".into(), address: "https://crm.example/in".into(), kinds: vec![] };
    let (hook, secret) = t.app.add_hook(&OPERATOR, &input).await.expect("added");
    (hook.id, secret)
}

/// Whether what a web hook is sent is signed: its secret could be opened.
async fn signs(t: &TestApp, hook: HookId) -> bool {
    t.app.test_hook(&OPERATOR, hook).await.expect("enqueued");
    t.db.settled().await;
    while t.app.tell_hooks_once("a server").await.expect("told") > 0 {}
    let received = t.web.received();
    !received.is_empty()
        && received.iter().all(|post| {
            post.headers.iter().any(|(name, value)| *name == "webhook-signature" && value.starts_with("v1,"))
        })
}

async fn holds(db: &TestDb, text: &str) -> bool {
    db.dump().await.values().any(|rows| rows.contains(text))
}

on_both_engines! {
    async fn a_key_is_replaced_and_the_one_before_opens_nothing_any_more(db: TestDb) {
        let t = TestApp::with(db).await;
        let (hook, secret) = hooked(&t).await;
        assert!(secret.starts_with("whsec_") && !holds(&t.db, &secret).await, "the database does not hold it");
        assert!(signs(&t, hook).await);
        assert_eq!(t.app.sealed_with(&OPERATOR).await.expect("asked").as_deref(), Some("test"));
        assert_eq!(t.app.seal_secrets(&OPERATOR).await.expect("looked at"), 0, "all of it is");

        let new = SecretKeys::new_key("new").expect("made");
        let t = TestApp::with_keys(t.db, &[&new, SECRET_KEY]).await;
        assert!(t.app.seal_secrets(&OPERATOR).await.expect("sealed anew") > 0);
        assert_eq!(t.app.sealed_with(&OPERATOR).await.expect("asked").as_deref(), Some("new"));
        let trail = t.app.audit_trail(&OPERATOR, None, &PageRequest::first(9)).await.expect("read").items;
        assert!(trail.iter().any(|line| line.entry.action == "secret.sealed"), "{trail:?}");

        let old = TestApp::with_keys(t.db, &[SECRET_KEY]).await;
        let refused = old.app.seal_secrets(&OPERATOR).await.expect_err("its key is gone");
        assert_eq!(refused.code(), "secret_key_missing");
        assert!(refused.to_string().contains("`new`"), "{refused}");
        let t = TestApp::with_keys(old.db, &[&new]).await;
        assert_eq!(t.app.seal_secrets(&OPERATOR).await.expect("all is as it was"), 0);
        assert!(signs(&t, hook).await, "with the new key alone");
    }

    async fn what_stood_there_as_it_was_is_sealed_by_the_first_start_with_a_key(db: TestDb) {
        let t = TestApp::with_keys(db, &[]).await;
        let (hook, secret) = hooked(&t).await;
        assert_eq!(t.app.sealed_with(&OPERATOR).await.expect("asked"), None);
        // As versions before kept it.
        t.db.meddle(&format!("UPDATE hooks SET secret = '{secret}'")).await;
        assert!(holds(&t.db, &secret).await);
        assert!(signs(&t, hook).await);
        let t = TestApp::with_keys(t.db, &[SECRET_KEY]).await;
        assert!(t.app.seal_secrets(&OPERATOR).await.expect("sealed") >= 2);
        assert!(!holds(&t.db, &secret).await);
        assert!(signs(&t, hook).await);
        let roots = t.db.dump().await;
        assert!(roots["secrets"].contains("sealed:test:"), "{}", roots["secrets"]);
    }
}
