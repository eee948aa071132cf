//! Signing in while others guess; what is kept of failures; which passwords are taken.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_app::govern::sign_in::Origin;
use commonweal_domain::records::{AuditEntry, User};
use commonweal_domain::{Actor, Grants, PageRequest};
use commonweal_testkit::app::{PASSWORD, TestApp};
use commonweal_testkit::duties::VIEWER;
use commonweal_testkit::on_both_engines;
use futures::future::join_all;

/// An unknown browser at the n-th address.
fn stranger(n: usize) -> Origin {
    Origin::from(format!("198.51.{}.{}", n / 250, n % 250).as_str())
}

/// Signs in from an address at which the user was never before; gives the browser as it is known afterwards.
async fn known(t: &TestApp, user: &User) -> Origin {
    let first = t.app.sign_in(&user.email, PASSWORD, "203.0.113.250").await.expect("signed in");
    Origin { device: first.device, ..stranger(0) }
}

/// Lines about failures, the oldest first.
async fn failures(t: &TestApp) -> Vec<AuditEntry> {
    t.app.keep_sign_in_failures().await.expect("kept");
    let page = t.app.audit_trail(&Actor::Operator, Some("session"), &PageRequest::first(100)).await.expect("read");
    page.items.into_iter().rev().map(|line| line.entry).filter(|entry| entry.action == "session.failed").collect()
}

fn counts(lines: &[AuditEntry]) -> Vec<u64> {
    lines.iter().map(|line| line.details["failures"].as_u64().expect("a count")).collect()
}

on_both_engines! {
    async fn a_flood_of_strangers_holds_up_no_owner_on_a_known_device(db: TestDb) {
        let t = TestApp::with(db).await;
        let user = t.user(VIEWER).await;
        let here = known(&t, &user).await;
        let (hashed, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let strangers = join_all((0..600).map(|n| {
            let (app, hashed, refused) = (&t.app, &hashed, &refused);
            async move {
                match app.sign_in(&format!("nobody{n}@example.org"), "a guess", stranger(n)).await {
                    Err(Error::Invalid(_)) => hashed.fetch_add(1, Ordering::SeqCst),
                    Err(Error::Unavailable { code: "sign_in_busy", retry_after_s: 1.., .. }) => refused.fetch_add(1, Ordering::SeqCst),
                    other => panic!("neither a wrong password nor too many: {:?}", other.err()),
                };
            }
        }));
        let owner = async {
            let signed_in = t.app.sign_in(&user.email, PASSWORD, here).await;
            (signed_in.err(), hashed.load(Ordering::SeqCst))
        };
        let (_, (error, before)) = tokio::join!(strangers, owner);
        assert!(error.is_none(), "{error:?}");
        assert!(before <= 16, "{before} strangers had their turn before the owner");
        let (hashed, refused) = (hashed.into_inner(), refused.into_inner());
        assert_eq!(hashed + refused, 600);
        assert!(refused >= 400, "only {refused} were told to come back");
    }

    async fn failures_everywhere_keep_no_owner_out_and_the_known_device_is_bounded(db: TestDb) {
        let t = TestApp::with(db).await;
        let (user, other) = (t.user(VIEWER).await, t.user(VIEWER).await);
        let here = known(&t, &user).await;
        for n in 0..90 {
            let _ = t.app.sign_in(&user.email, "a guess", stranger(n)).await;
        }
        let elsewhere = t.app.sign_in(&user.email, PASSWORD, stranger(99)).await.err().expect("an unknown device waits");
        assert!(matches!(elsewhere, Error::TooMany { retry_after_s: 1..=30 }), "a moment: {elsewhere:?}");
        assert!(t.app.sign_in(&user.email, PASSWORD, here.clone()).await.is_ok());
        let not_theirs = t.app.sign_in(&other.email, PASSWORD, here.clone()).await;
        assert!(not_theirs.is_ok(), "at another account it is like any browser");
        for _ in 0..8 {
            let wrong = t.app.sign_in(&user.email, "a guess", here.clone()).await.err().expect("wrong");
            assert!(matches!(wrong, Error::Invalid(_)), "{wrong:?}");
        }
        let bounded = t.app.sign_in(&user.email, PASSWORD, here.clone()).await.err().expect("has to wait");
        assert!(matches!(bounded, Error::TooMany { retry_after_s: 31.. }), "{bounded:?}");
        t.clock.advance(TimeDelta::minutes(15));
        assert!(t.app.sign_in(&user.email, PASSWORD, here).await.is_ok());
    }

    async fn one_of_an_office_who_fails_keeps_no_colleague_out(db: TestDb) {
        let t = TestApp::with(db).await;
        let colleagues = [t.user(VIEWER).await, t.user(VIEWER).await, t.user(VIEWER).await];
        let office = "192.0.2.1";
        for _ in 0..1_000 {
            t.app.sign_in("bad@example.org", "a guess", office).await.err().expect("wrong");
        }
        for colleague in &colleagues {
            assert!(t.app.sign_in(&colleague.email, PASSWORD, office).await.is_ok());
        }
    }

    async fn failures_are_in_the_trail_without_what_was_typed(db: TestDb) {
        let t = TestApp::with(db).await;
        let user = t.user(VIEWER).await;
        for n in 0..9 {
            let _ = t.app.sign_in(&user.email, "Quackenbush", stranger(n)).await;
        }
        let _ = t.app.sign_in("zebulon@example.org", "Quackenbush", "198.51.100.77").await;
        let lines = failures(&t).await;
        assert_eq!(counts(&lines), [1, 8, 1]);
        assert_eq!(lines[0].subject, format!("user:{}", user.id));
        assert_eq!((lines[2].subject.as_str(), lines[2].actor.as_str()), ("session", "anonymous"));
        t.clock.advance(TimeDelta::minutes(15));
        assert_eq!(counts(&failures(&t).await), [1, 8, 1, 9], "how many there were in the end");
        assert_eq!(counts(&failures(&t).await), [1, 8, 1, 9], "once");
        for (table, rows) in t.db.dump().await {
            for typed in ["uackenbush", "zebulon", "198.51."] {
                assert!(!rows.contains(typed), "{typed} is in {table}");
            }
        }
    }

    async fn a_password_that_is_soon_guessed_is_refused_wherever_it_is_set(db: TestDb) {
        let t = TestApp::with(db).await;
        let op = Actor::Operator;
        let is_refused = |outcome: Result<(), Error>| match outcome {
            Err(Error::Invalid(errors)) => assert_eq!((errors.0[0].field.as_str(), errors.0[0].code.as_str()), ("password", "guessed")),
            other => panic!("it was to be refused: {other:?}"),
        };
        let token = t.app.first_token(&op).await.expect("asked").expect("nobody is there");
        is_refused(t.app.first_administrator(&token, "ada@example.org", "Ada", "password1234").await.map(drop));
        is_refused(t.app.add_user(&op, "ada@example.org", "Ada Lovelace", Grants::default(), "lovelace2024").await.map(drop));
        let user = t.user(VIEWER).await;
        is_refused(t.app.set_password(&op, user.id, "qwertyuiop123").await);
        is_refused(t.app.change_own_password(&user.actor(), PASSWORD, "password1234").await);
        assert!(t.app.sign_in(&user.email, PASSWORD, "192.0.2.1").await.is_ok(), "nothing has changed");
    }
}
