//! Users, sessions, keys, settings.

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_app::govern::sign_in::Origin;
use commonweal_domain::permission::Scope;
use commonweal_domain::{Actor, BodySettings, Grants, PageRequest};
use commonweal_testkit::app::{PASSWORD, TestApp, feedback, instant};
use commonweal_testkit::duties::{ADMINISTRATOR, ANALYST, VIEWER};
use commonweal_testkit::on_both_engines;

on_both_engines! {
    async fn a_session_ends_after_hours_without_use_and_when_its_user_is_shut_out(db: TestDb) {
        let t = TestApp::with(db).await;
        let user = t.user(ANALYST).await;
        let signed_in = t.sign_in(&user.email.to_uppercase(), PASSWORD, "192.0.2.1").await.expect("signed in");
        assert!(t.app.session(&signed_in.token).await.expect("read").is_some());
        t.clock.advance(TimeDelta::hours(11));
        assert!(t.app.session(&signed_in.token).await.expect("read").is_some(), "use keeps it alive");
        t.clock.advance(TimeDelta::hours(13));
        assert!(t.app.session(&signed_in.token).await.expect("read").is_none());
        let again = t.sign_in(&user.email, PASSWORD, "192.0.2.1").await.expect("signed in");
        t.app.set_disabled(&Actor::Operator, user.id, true).await.expect("shut out");
        assert!(t.app.session(&again.token).await.expect("read").is_none());
        assert!(t.sign_in(&user.email, PASSWORD, "192.0.2.1").await.is_err());
    }

    async fn guessing_is_slowed_down(db: TestDb) {
        let t = TestApp::with(db).await;
        let user = t.user(VIEWER).await;
        for _ in 0..8 {
            let wrong = t.sign_in(&user.email, "not the password", "192.0.2.1").await.err().expect("wrong");
            assert!(matches!(wrong, Error::Invalid(_)));
        }
        let slowed = t.sign_in(&user.email, PASSWORD, "192.0.2.1").await.err().expect("has to wait");
        assert!(matches!(slowed, Error::TooMany { retry_after_s: 1.. }));
        assert!(t.sign_in(&user.email, PASSWORD, "192.0.2.2").await.is_ok(), "who guesses keeps nobody else out");
        t.clock.advance(TimeDelta::minutes(15));
        assert!(t.sign_in(&user.email, PASSWORD, "192.0.2.1").await.is_ok());
    }

    async fn who_changes_the_own_password_has_to_know_it_and_is_signed_out_everywhere(db: TestDb) {
        let t = TestApp::with(db).await;
        let user = t.user(VIEWER).await;
        let actor = user.actor();
        let change = async |current: &str, new: &str| t.app.change_own_password(&actor, current, new, Origin::default()).await.map(drop);
        let field = |refused: Result<(), Error>| match refused {
            Err(Error::Invalid(errors)) => errors.0[0].field.clone(),
            other => panic!("it was to be refused: {other:?}"),
        };
        let before = t.sign_in(&user.email, PASSWORD, "192.0.2.1").await.expect("signed in");
        assert_eq!(field(change("not the password", "a new and long one").await), "current_password");
        assert_eq!(field(change(PASSWORD, "short").await), "password");
        assert!(t.app.session(&before.token).await.expect("read").is_some(), "nothing has changed");
        change(PASSWORD, "a new and long one").await.expect("changed");
        assert!(t.app.session(&before.token).await.expect("read").is_none());
        assert!(t.sign_in(&user.email, PASSWORD, "192.0.2.1").await.is_err());
        assert!(t.sign_in(&user.email, "a new and long one", "192.0.2.1").await.is_ok());
        for _ in 0..8 {
            assert_eq!(field(change("guess", "another long one").await), "current_password");
        }
        let slowed = change("a new and long one", "another long one").await;
        assert!(matches!(slowed, Err(Error::TooMany { retry_after_s: 1.. })), "guessing is slowed down here too");
        let nobody = t.app.change_own_password(&Actor::Anonymous, PASSWORD, "another long one", Origin::default()).await.map(drop);
        assert!(matches!(nobody, Err(Error::Unauthenticated)));
    }

    async fn the_last_administrator_stays_one(db: TestDb) {
        let t = TestApp::with(db).await;
        let only = t.user(ADMINISTRATOR).await;
        let refused = t.app.set_duties(&Actor::Operator, only.id, &Grants::default()).await.expect_err("the last one");
        assert_eq!(refused.code(), "last_administrator");
        t.user(ADMINISTRATOR).await;
        t.app.set_duties(&Actor::Operator, only.id, &Grants::default()).await.expect("there is another");
    }

    async fn a_key_that_was_taken_back_opens_nothing(db: TestDb) {
        let t = TestApp::with(db).await;
        let (key, secret) = t.app.add_key(&Actor::Operator, "forms", vec![Scope::FeedbackWrite], None).await.expect("made");
        assert!(t.app.key_actor(&secret).await.expect("read").is_some());
        t.app.revoke_key(&Actor::Operator, key.id).await.expect("taken back");
        assert_eq!(t.app.key_actor(&secret).await.expect_err("it was good once").code(), "key_revoked");
        assert_eq!(t.app.key_actor("cw_made-up").await.expect("read"), None);
    }

    async fn a_key_ends_with_its_last_day_and_the_secret_before_with_its_hours(db: TestDb) {
        let t = TestApp::with(db).await;
        let op = Actor::Operator;
        let today = chrono::NaiveDate::from_ymd_opt(2024, 4, 10).expect("a day");
        let past = t.app.add_key(&op, "forms", vec![Scope::FeedbackWrite], today.pred_opt()).await.expect_err("past");
        assert!(matches!(past, Error::Invalid(_)), "{past:?}");
        let (key, secret) = t.app.add_key(&op, "forms", vec![Scope::FeedbackWrite], Some(today)).await.expect("made");
        assert_eq!(key.expires_at, Some(instant("2024-04-10T23:00:00Z")), "midnight in British summer time");
        t.clock.set(instant("2024-04-10T22:59:00Z"));
        assert!(t.app.key_actor(&secret).await.expect("read").is_some(), "the last day counts");
        t.clock.set(instant("2024-04-10T23:01:00Z"));
        assert_eq!(t.app.key_actor(&secret).await.expect_err("over").code(), "key_expired");

        let (key, old) = t.app.add_key(&op, "cases", vec![Scope::FeedbackRead], None).await.expect("made");
        assert!(t.app.key_actor(&old).await.expect("read").is_some());
        assert!(matches!(t.app.rotate_key(&op, key.id, 721).await, Err(Error::Invalid(_))));
        let (_, new) = t.app.rotate_key(&op, key.id, 24).await.expect("another secret");
        for secret in [&old, &new] {
            assert!(t.app.key_actor(secret).await.expect("both are good").is_some());
        }
        t.clock.advance(chrono::TimeDelta::hours(25));
        assert_eq!(t.app.key_actor(&old).await.expect_err("over").code(), "key_replaced");
        assert!(t.app.key_actor(&new).await.expect("read").is_some());
        let (_, newest) = t.app.rotate_key(&op, key.id, 0).await.expect("at once");
        assert_eq!(t.app.key_actor(&new).await.expect_err("over at once").code(), "key_replaced");
        assert_eq!(t.app.key_actor(&old).await.expect("two secrets are known"), None);
        assert!(t.app.key_actor(&newest).await.expect("read").is_some());
        let trail = t.app.audit_trail(&op, Some("key"), &PageRequest::first(9)).await.expect("a trail").items;
        assert_eq!(trail.iter().filter(|line| line.entry.action == "key.rotated").count(), 2);
    }

    async fn that_a_key_is_used_is_noted_once_an_hour(db: TestDb) {
        let t = TestApp::with(db).await;
        let (_, secret) = t.app.add_key(&Actor::Operator, "forms", vec![Scope::FeedbackWrite], None).await.expect("made");
        let used = async || {
            // It is noted beside the request.
            for _ in 0..1_000 {
                if let Some(at) = t.app.keys(&Actor::Operator).await.expect("keys")[0].used_at {
                    return Some(at);
                }
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            None
        };
        let first = t.app.now();
        t.app.key_actor(&secret).await.expect("read");
        assert_eq!(used().await, Some(first));
        t.clock.advance(chrono::TimeDelta::minutes(59));
        t.app.key_actor(&secret).await.expect("read");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        assert_eq!(used().await, Some(first), "not yet again");
    }

    async fn two_who_save_settings_at_once_do_not_overwrite_each_other(db: TestDb) {
        let t = TestApp::with(db).await;
        let (version, mut settings) = t.app.settings_to_change(&Actor::Operator).await.expect("read");
        settings.name = "North council".into();
        t.app.save_settings(&Actor::Operator, version, settings.clone()).await.expect("saved");
        settings.name = "South council".into();
        let second = t.app.save_settings(&Actor::Operator, version, settings).await.expect_err("too late");
        assert_eq!(second.code(), "settings_overtaken");
        assert_eq!(t.app.settings().name, "North council");
    }

    async fn who_changes_other_settings_overtakes_nobody(db: TestDb) {
        let t = TestApp::with(db).await;
        let op = Actor::Operator;
        let first = BodySettings { name: "North council".into(), ..BodySettings::default() };
        t.app.save_settings(&op, 0, first.clone()).await.expect("saved");
        // A page that asks for the notice only was opened before, and hands over the rest as it is.
        let noticed = BodySettings { notice: Some("Samples".into()), ..first.clone() };
        t.app.save_settings(&op, 0, noticed.clone()).await.expect("nobody changed the notice");
        assert_eq!(t.app.settings(), noticed);
        let other = BodySettings { notice: Some("Not samples".into()), ..noticed.clone() };
        assert_eq!(t.app.save_settings(&op, 1, other.clone()).await.expect_err("somebody changed it").code(), "settings_overtaken");
        assert_eq!(t.app.save_settings(&op, 77, other.clone()).await.expect_err("no such version").code(), "settings_overtaken");
        t.app.save_settings(&op, 1, noticed.clone()).await.expect("it is as it is wanted");
        assert_eq!(t.db.store.settings().await.expect("read").0, 2, "the same again is no change");
        t.app.save_settings(&op, 2, other).await.expect("saved");
        assert_eq!(t.db.store.settings_at(1).await.expect("read"), Some(first));
        assert_eq!(t.db.store.settings_at(0).await.expect("read"), Some(BodySettings::default()));
    }

    async fn a_notice_has_an_end(db: TestDb) {
        let t = TestApp::with(db).await;
        let with = |n: usize| BodySettings { notice: Some("ŵ".repeat(n)), ..BodySettings::default() };
        match t.app.save_settings(&Actor::Operator, 0, with(501)).await {
            Err(Error::Invalid(errors)) => assert_eq!((errors.0.len(), errors.0[0].field.as_str()), (1, "notice")),
            other => panic!("it was to be refused: {other:?}"),
        }
        t.app.save_settings(&Actor::Operator, 0, with(500)).await.expect("500 characters are allowed");
    }
}

on_both_engines! {
    async fn services_are_renamed_and_removed_while_nothing_belongs_to_them(db: TestDb) {
        let t = TestApp::with(db).await;
        let op = Actor::Operator;
        let service = t.app.add_service(&op, "Parking", &["Pay".into(), "Appeal".into()]).await.expect("made");
        let (pay, appeal) = (service.touchpoints[0].id, service.touchpoints[1].id);
        t.app.add_service(&op, "Bins", &[]).await.expect("made");
        t.submit(vec![feedback().rating(2.0).service("Parking").touchpoint("Pay").done()]).await;
        t.app.rename_service(&op, service.id, " Parking and permits ").await.expect("renamed");
        t.app.rename_touchpoint(&op, service.id, pay, "Pay a fine").await.expect("renamed");
        let now = t.app.services(&op).expect("services").remove(0);
        assert_eq!((now.name.as_str(), now.key.as_str(), now.touchpoints[0].name.as_str()), ("Parking and permits", "parking", "Pay a fine"));
        let taken = t.app.rename_service(&op, service.id, "bins").await.expect_err("there is one");
        assert_eq!(taken.code(), "invalid");
        assert_eq!(t.app.rename_touchpoint(&op, service.id, pay, "Appeal").await.expect_err("there is one").code(), "invalid");
        assert_eq!(t.app.remove_touchpoint(&op, service.id, pay).await.expect_err("feedback belongs to it").code(), "in_use");
        assert_eq!(t.app.remove_service(&op, service.id).await.expect_err("feedback belongs to it").code(), "in_use");
        t.app.remove_touchpoint(&op, service.id, appeal).await.expect("nothing belongs to it");
        assert_eq!(t.app.remove_touchpoint(&op, service.id, appeal).await.expect_err("gone").code(), "not_found");
        // What is named again comes in anew.
        t.submit(vec![feedback().rating(2.0).service("Parking").touchpoint("Appeal").done()]).await;
        assert_eq!(t.app.services(&op).expect("services")[0].touchpoints.len(), 2);
        let analyst = t.user(ANALYST).await;
        let analyst = analyst.actor();
        assert_eq!(t.app.remove_service(&analyst, service.id).await.expect_err("not for analysts").code(), "denied");
    }
}
