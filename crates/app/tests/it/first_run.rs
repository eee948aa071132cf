//! The first administrator, and what a new body has still to say.

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_app::govern::first_run::FIRST_HOURS;
use commonweal_domain::{Actor, BodySettings, Grants, PageRequest, Permission};
use commonweal_testkit::app::{PASSWORD, TestApp, feedback};
use commonweal_testkit::duties::{ADMINISTRATOR, MANAGER};
use commonweal_testkit::on_both_engines;

on_both_engines! {
    async fn the_first_administrator_comes_by_a_token_that_works_once(db: TestDb) {
        let t = TestApp::with(db).await;
        let old = t.app.first_token(&Actor::Operator).await.expect("asked").expect("nobody is there");
        let token = t.app.first_token(&Actor::Operator).await.expect("asked").expect("nobody is there");
        assert!(token.len() > 40 && token != old);
        let sign_up = |token: &str, password: &'static str| {
            let (app, token) = (t.app.clone(), token.to_owned());
            async move { app.first_administrator(&token, "ada@example.org", "Ada", password).await }
        };
        assert!(matches!(sign_up(&old, PASSWORD).await, Err(Error::NotFound(_))), "a newer one was given out");
        assert!(matches!(sign_up("", PASSWORD).await, Err(Error::NotFound(_))));
        assert!(matches!(sign_up(&token, "short").await, Err(Error::Invalid(_))), "a mistake does not use it up");
        let ada = sign_up(&token, PASSWORD).await.expect("made");
        assert_eq!((&ada.grants, ada.name.as_str()), (&Grants::of(ADMINISTRATOR), "Ada"));
        assert!(t.sign_in("ada@example.org", PASSWORD, "here").await.is_ok());
        assert!(matches!(sign_up(&token, PASSWORD).await, Err(Error::NotFound(_))), "used up");
        assert_eq!(t.app.first_token(&Actor::Operator).await.expect("asked"), None, "there is an administrator");
        let trail = t.app.audit_trail(&Actor::Operator, None, &PageRequest::first(5)).await.expect("a trail").items;
        assert!(trail.iter().any(|l| l.entry.action == "user.added" && l.entry.details["first"] == true));
        let kept = format!("{:?}", t.db.store.audit(None, &PageRequest::first(50)).await.expect("read").items);
        assert!(!kept.contains(&token));
    }

    async fn a_token_ends_after_a_day_and_when_somebody_else_is_there(db: TestDb) {
        let t = TestApp::with(db).await;
        let token = t.app.first_token(&Actor::Operator).await.expect("asked").expect("nobody is there");
        t.clock.advance(TimeDelta::hours(FIRST_HOURS) - TimeDelta::seconds(1));
        assert!(t.app.first_token_is_good(&token).await.expect("asked"));
        t.clock.advance(TimeDelta::seconds(1));
        assert!(!t.app.first_token_is_good(&token).await.expect("asked"));
        let token = t.app.first_token(&Actor::Operator).await.expect("asked").expect("nobody is there");
        t.user(MANAGER).await;
        assert!(t.app.first_token_is_good(&token).await.expect("asked"), "a manager is no administrator");
        t.user(ADMINISTRATOR).await;
        assert!(!t.app.first_token_is_good(&token).await.expect("asked"));
        assert!(matches!(t.app.first_administrator(&token, "x@example.org", "X", PASSWORD).await, Err(Error::NotFound(_))));
        let manager = t.user(MANAGER).await;
        let refused = t.app.first_token(&manager.actor()).await;
        assert!(matches!(refused, Err(Error::Denied(Permission::Administer))));
    }

    async fn the_first_run_goes_on_where_it_was_left(db: TestDb) {
        let t = TestApp::with(db).await;
        let steps = || t.app.first_steps(&Actor::Operator);
        let at = |s: commonweal_app::govern::first_run::FirstSteps| (s.body, s.service, s.feedback, s.done());
        assert_eq!(at(steps().await.expect("known")), (false, false, false, false));
        t.app.save_settings(&Actor::Operator, 0, BodySettings { name: "Ambleside".into(), ..BodySettings::default() }).await.expect("saved");
        assert_eq!(at(steps().await.expect("known")), (true, false, false, false));
        t.app.add_service(&Actor::Operator, "Bins", &[]).await.expect("made");
        assert_eq!(at(steps().await.expect("known")), (true, true, false, false));
        t.submit(vec![feedback().rating(3.0).done()]).await;
        t.index().await;
        assert_eq!(at(steps().await.expect("known")), (true, true, true, true));
    }
}
