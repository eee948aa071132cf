//! Signing in while others guess; what is kept of failures; which passwords are taken.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_app::govern::links::LINK_HOURS;
use commonweal_app::govern::sign_in::{Origin, SignIn};
use commonweal_app::govern::users::ChosenBy;
use commonweal_domain::records::{AuditEntry, User};
use commonweal_domain::{Actor, Grants, PageRequest};
use commonweal_testkit::app::{PASSWORD, TestApp};
use commonweal_testkit::duties::{ADMINISTRATOR, VIEWER};
use commonweal_testkit::on_both_engines;
use futures::future::join_all;

/// An unknown browser at the n-th address.
fn stranger(n: usize) -> Origin {
    Origin::from(format!("198.51.{}.{}", n / 250, n % 250).as_str())
}

/// Signs in from an address at which the user was never before; gives the browser as it is known afterwards.
async fn known(t: &TestApp, user: &User) -> Origin {
    let first = t.sign_in(&user.email, PASSWORD, "203.0.113.250").await.expect("signed in");
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
            let (t, hashed, refused) = (&t, &hashed, &refused);
            async move {
                match t.sign_in(&format!("nobody{n}@example.org"), "a guess", stranger(n)).await {
                    Err(Error::Invalid(_)) => hashed.fetch_add(1, Ordering::SeqCst),
                    Err(Error::Unavailable { code: "sign_in_busy", retry_after_s: 1.., .. }) => refused.fetch_add(1, Ordering::SeqCst),
                    other => panic!("neither a wrong password nor too many: {:?}", other.err()),
                };
            }
        }));
        let owner = async {
            let signed_in = t.sign_in(&user.email, PASSWORD, here).await;
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
            let _ = t.sign_in(&user.email, "a guess", stranger(n)).await;
        }
        let elsewhere = t.sign_in(&user.email, PASSWORD, stranger(99)).await.err().expect("an unknown device waits");
        assert!(matches!(elsewhere, Error::TooMany { retry_after_s: 1..=30 }), "a moment: {elsewhere:?}");
        assert!(t.sign_in(&user.email, PASSWORD, here.clone()).await.is_ok());
        let not_theirs = t.sign_in(&other.email, PASSWORD, here.clone()).await;
        assert!(not_theirs.is_ok(), "at another account it is like any browser");
        for _ in 0..8 {
            let wrong = t.sign_in(&user.email, "a guess", here.clone()).await.err().expect("wrong");
            assert!(matches!(wrong, Error::Invalid(_)), "{wrong:?}");
        }
        let bounded = t.sign_in(&user.email, PASSWORD, here.clone()).await.err().expect("has to wait");
        assert!(matches!(bounded, Error::TooMany { retry_after_s: 31.. }), "{bounded:?}");
        t.clock.advance(TimeDelta::minutes(15));
        assert!(t.sign_in(&user.email, PASSWORD, here).await.is_ok());
    }

    async fn one_of_an_office_who_fails_keeps_no_colleague_out(db: TestDb) {
        let t = TestApp::with(db).await;
        let colleagues = [t.user(VIEWER).await, t.user(VIEWER).await, t.user(VIEWER).await];
        let office = "192.0.2.1";
        for _ in 0..1_000 {
            t.sign_in("bad@example.org", "a guess", office).await.err().expect("wrong");
        }
        for colleague in &colleagues {
            assert!(t.sign_in(&colleague.email, PASSWORD, office).await.is_ok());
        }
    }

    async fn failures_are_in_the_trail_without_what_was_typed(db: TestDb) {
        let t = TestApp::with(db).await;
        let user = t.user(VIEWER).await;
        for n in 0..9 {
            let _ = t.sign_in(&user.email, "Quackenbush", stranger(n)).await;
        }
        let _ = t.sign_in("zebulon@example.org", "Quackenbush", "198.51.100.77").await;
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
        let chosen = ("lovelace2024", ChosenBy::Another);
        is_refused(t.app.add_user_with_password(&op, "ada@example.org", "Ada Lovelace", Grants::default(), chosen).await.map(drop));
        let user = t.user(VIEWER).await;
        is_refused(t.app.set_password(&op, user.id, "qwertyuiop123", ChosenBy::Another).await);
        is_refused(t.app.change_own_password(&user.actor(), PASSWORD, "password1234", Origin::default()).await.map(drop));
        let (_, link) = t.app.add_user(&op, "ben@example.org", "Ben", Grants::default()).await.expect("added");
        is_refused(t.app.use_link(&link, "password1234", Origin::default()).await.map(drop));
        assert!(t.app.use_link(&link, PASSWORD, Origin::default()).await.is_ok(), "the link is still good");
        assert!(t.sign_in(&user.email, PASSWORD, "192.0.2.1").await.is_ok(), "nothing has changed");
    }
}

on_both_engines! {
    async fn whoever_is_added_chooses_the_password_and_nobody_else_knows_it(db: TestDb) {
        let t = TestApp::with(db).await;
        let admin = t.user(ADMINISTRATOR).await;
        let (user, link) = t.app.add_user(&admin.actor(), "ada@example.org", "Ada", Grants::default()).await.expect("added");
        assert!(t.sign_in("ada@example.org", "", "192.0.2.1").await.is_err(), "there is no password yet");
        for (table, rows) in t.db.dump().await {
            assert!(!rows.contains(&link), "the token is in {table}");
        }
        assert_eq!(t.app.user_of_link(&link).await.expect("asked").map(|user| user.id), Some(user.id));
        let SignIn::Done(signed_in) = t.app.use_link(&link, PASSWORD, Origin::default()).await.expect("chosen") else {
            panic!("there is no second step");
        };
        assert_eq!(t.app.session(&signed_in.token).await.expect("read").map(|user| user.id), Some(user.id));
        let again = t.app.use_link(&link, "another correct horse", Origin::default()).await.err().expect("it works once");
        assert_eq!(again.about(), Some("one-time link"));
        assert!(!t.sign_in("ada@example.org", PASSWORD, "192.0.2.1").await.expect("signed in").user.must_change);
        let forbidden = t.app.set_password(&admin.actor(), user.id, "copper lantern drizzle", ChosenBy::Another).await;
        assert!(matches!(forbidden, Err(Error::Denied(_))), "an administrator sets nobody's password");
    }

    async fn access_that_is_reset_ends_everything_and_a_link_ends_after_three_days(db: TestDb) {
        let t = TestApp::with(db).await;
        let (admin, user) = (t.user(ADMINISTRATOR).await, t.user(VIEWER).await);
        let session = t.sign_in(&user.email, PASSWORD, "192.0.2.1").await.expect("signed in").token;
        let first = t.app.reset_access(&admin.actor(), user.id).await.expect("reset");
        assert!(t.app.session(&session).await.expect("read").is_none());
        assert!(t.sign_in(&user.email, PASSWORD, "192.0.2.1").await.is_err(), "the password is gone");
        let second = t.app.reset_access(&admin.actor(), user.id).await.expect("reset");
        assert_eq!(t.app.user_of_link(&first).await.expect("asked"), None, "the newest counts");
        t.clock.advance(TimeDelta::hours(LINK_HOURS) - TimeDelta::seconds(1));
        assert!(t.app.user_of_link(&second).await.expect("asked").is_some());
        t.clock.advance(TimeDelta::seconds(1));
        assert_eq!(t.app.use_link(&second, PASSWORD, Origin::default()).await.err().and_then(|e| e.about()), Some("one-time link"));
        let third = t.app.reset_access(&Actor::Operator, user.id).await.expect("reset");
        t.app.set_disabled(&admin.actor(), user.id, true).await.expect("shut out");
        assert!(t.app.use_link(&third, PASSWORD, Origin::default()).await.is_err());
        t.app.set_disabled(&admin.actor(), user.id, false).await.expect("let in");
        assert!(t.app.use_link(&third, PASSWORD, Origin::default()).await.is_err(), "it went with the access");
        assert_eq!(t.app.reset_access(&admin.actor(), admin.id).await.expect_err("one's own").code(), "own_access");
        assert!(matches!(t.app.reset_access(&user.actor(), admin.id).await, Err(Error::Denied(_))));
    }

    async fn a_password_that_another_knows_is_marked_until_it_is_changed(db: TestDb) {
        let t = TestApp::with(db).await;
        let chosen = ("copper lantern drizzle", ChosenBy::Another);
        t.app.add_user_with_password(&Actor::Operator, "ada@example.org", "Ada", Grants::default(), chosen).await.expect("added");
        let ada = t.sign_in("ada@example.org", chosen.0, "192.0.2.1").await.expect("signed in").user;
        assert!(ada.must_change);
        let same = t.app.change_own_password(&ada.actor(), chosen.0, chosen.0, Origin::default()).await.err().expect("it is the same");
        assert!(matches!(&same, Error::Invalid(errors) if errors.0[0].code == "same"), "{same:?}");
        t.app.change_own_password(&ada.actor(), chosen.0, PASSWORD, Origin::default()).await.expect("changed");
        assert!(!t.sign_in("ada@example.org", PASSWORD, "192.0.2.1").await.expect("signed in").user.must_change);
    }

    async fn one_sees_where_one_is_signed_in_and_ends_what_is_not_ones_own(db: TestDb) {
        let t = TestApp::with(db).await;
        let (user, other) = (t.user(VIEWER).await, t.user(VIEWER).await);
        let begin = async |user: &User, browser: &str| {
            t.clock.advance(TimeDelta::minutes(2));
            let from = Origin { browser: browser.into(), ..Origin::from("192.0.2.1") };
            t.sign_in(&user.email, PASSWORD, from).await.expect("signed in").token
        };
        let (first, second) = (begin(&user, "Firefox on Windows").await, begin(&user, "Safari on iPhone").await);
        let (third, theirs) = (begin(&user, "").await, begin(&other, "Edge on Windows").await);
        let actor = user.actor();
        let seen = async |here: &str| {
            let all = t.app.own_sessions(&actor, here).await.expect("read");
            all.into_iter().map(|s| (s.browser, s.here)).collect::<Vec<_>>()
        };
        assert_eq!(seen(&second).await, [("".into(), false), ("Safari on iPhone".into(), true), ("Firefox on Windows".into(), false)]);
        let id = async |of: &User, token: &str| {
            let all = t.app.own_sessions(&of.actor(), token).await.expect("read");
            all.into_iter().find(|s| s.here).expect("it is one of them").id
        };
        t.app.end_own_session(&actor, &id(&user, &first).await).await.expect("ended");
        assert!(t.app.session(&first).await.expect("read").is_none());
        let not_theirs = t.app.end_own_session(&actor, &id(&other, &theirs).await).await;
        assert!(matches!(not_theirs, Err(Error::NotFound("session"))));
        t.app.end_other_sessions(&actor, &second).await.expect("ended");
        assert_eq!(seen(&second).await, [("Safari on iPhone".into(), true)]);
        assert!(t.app.session(&third).await.expect("read").is_none());
        assert!(t.app.session(&theirs).await.expect("read").is_some(), "nobody else's");
        let lines = t.app.audit_trail(&Actor::Operator, Some("session"), &PageRequest::first(100)).await.expect("read").items;
        assert_eq!(lines.iter().filter(|line| line.entry.action == "session.ended").count(), 2);
    }
}
