//! The second step of signing in.

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_app::govern::second_step::Standing;
use commonweal_app::govern::sign_in::{Origin, SignIn};
use commonweal_domain::records::User;
use commonweal_domain::{Actor, BodySettings, Duty, PageRequest};
use commonweal_testkit::app::{PASSWORD, TestApp};
use commonweal_testkit::duties::{ADMINISTRATOR, ANALYST, VIEWER};
use commonweal_testkit::{on_both_engines, totp};

/// Sets the second step of a user up; gives the key and the recovery codes.
async fn set_up(t: &TestApp, user: &User) -> (String, Vec<String>) {
    let actor = user.actor();
    assert_eq!(t.app.second_step(&actor).await.expect("read"), Standing::Off);
    t.app.begin_second_step(&actor).await.expect("begun");
    let Standing::Begun(shown) = t.app.second_step(&actor).await.expect("read") else { panic!("it is begun") };
    assert!(
        shown.address.starts_with("otpauth://totp/Our%20body:") && shown.address.contains(&shown.key.replace(' ', ""))
    );
    let codes = t.app.confirm_second_step(&actor, &totp::code(&shown.key, t.app.now())).await.expect("on");
    // The code that turned it on is used up.
    t.clock.advance(TimeDelta::seconds(30));
    (shown.key, codes)
}

/// The ticket after the right password.
async fn ticket(t: &TestApp, user: &User) -> String {
    match t.app.sign_in(&user.email, PASSWORD, "192.0.2.1").await.expect("the right password") {
        SignIn::Code { ticket } => ticket,
        SignIn::Done(_) => panic!("a code was to be asked for"),
    }
}

fn is_wrong_code<T>(outcome: Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::Invalid(errors)) if errors.0[0].field == "code" && errors.0[0].code == "not_good")
}

on_both_engines! {
    async fn a_code_is_asked_for_beside_the_password_and_works_once(db: TestDb) {
        let t = TestApp::with(db).await;
        let user = t.user(ANALYST).await;
        let (key, recovery) = set_up(&t, &user).await;
        assert_eq!(t.app.second_step(&user.actor()).await.expect("read"), Standing::On(10));
        let first = ticket(&t, &user).await;
        assert!(t.app.session(&first).await.expect("read").is_none(), "a ticket is no session");
        let code = totp::code(&key, t.app.now());
        let pass = async |ticket: &str, code: &str| t.app.pass_second_step(ticket, code, Origin::default()).await;
        assert!(is_wrong_code(pass(&first, "000000").await) || code == "000000");
        let signed_in = pass(&first, &code).await.expect("signed in");
        assert_eq!(t.app.session(&signed_in.token).await.expect("read").map(|user| user.id), Some(user.id));
        assert!(is_wrong_code(pass(&ticket(&t, &user).await, &code).await), "whoever looked over a shoulder comes too late");
        // A recovery code, once, however it is typed.
        let typed = recovery[3].to_uppercase().replace('-', " ");
        pass(&ticket(&t, &user).await, &typed).await.expect("signed in");
        assert!(is_wrong_code(pass(&ticket(&t, &user).await, &recovery[3]).await));
        assert_eq!(t.app.second_step(&user.actor()).await.expect("read"), Standing::On(9));
        // Nothing of it stands in the database as it is typed.
        for (table, rows) in t.db.dump().await {
            for secret in [key.replace(' ', ""), recovery[0].clone(), recovery[0].replace('-', "")] {
                assert!(!rows.contains(&secret), "a secret is in {table}");
            }
        }
    }

    async fn codes_are_not_guessed_and_tickets_end(db: TestDb) {
        let t = TestApp::with(db).await;
        let user = t.user(VIEWER).await;
        let (key, _) = set_up(&t, &user).await;
        let first = ticket(&t, &user).await;
        let pass = async |ticket: &str, code: &str| t.app.pass_second_step(ticket, code, Origin::default()).await;
        for made_up in ["", "x", &first[1..]] {
            assert!(matches!(pass(made_up, "000000").await, Err(Error::Unauthenticated)), "{made_up:?}");
        }
        for _ in 0..8 {
            assert!(is_wrong_code(pass(&first, "no code").await));
        }
        let right = totp::code(&key, t.app.now());
        assert!(matches!(pass(&first, &right).await, Err(Error::TooMany { retry_after_s: 1.. })));
        t.clock.advance(TimeDelta::minutes(15));
        assert!(matches!(pass(&first, &right).await, Err(Error::Unauthenticated)), "the ticket has ended");
        let second = ticket(&t, &user).await;
        let link = t.app.reset_access(&Actor::Operator, user.id).await.expect("reset");
        assert!(matches!(pass(&second, &totp::code(&key, t.app.now())).await, Err(Error::Unauthenticated)), "the password is another");
        let by_link = t.app.use_link(&link, PASSWORD, Origin::default()).await.expect("chosen");
        let SignIn::Code { ticket: third } = by_link else { panic!("a link does not stand for the second step") };
        pass(&third, &totp::code(&key, t.app.now())).await.expect("signed in");
    }

    async fn it_is_turned_off_with_password_and_code_or_by_an_administrator(db: TestDb) {
        let t = TestApp::with(db).await;
        let (admin, user) = (t.user(ADMINISTRATOR).await, t.user(VIEWER).await);
        let (key, recovery) = set_up(&t, &user).await;
        let actor = user.actor();
        let code = || totp::code(&key, t.app.now());
        let wrong = t.app.turn_second_step_off(&actor, "not the password", &code()).await;
        assert!(matches!(wrong, Err(Error::Invalid(errors)) if errors.0[0].field == "password"));
        assert!(is_wrong_code(t.app.turn_second_step_off(&actor, PASSWORD, "no code").await));
        let fresh = t.app.new_recovery_codes(&actor, PASSWORD, &recovery[0]).await.expect("made");
        assert!(is_wrong_code(t.app.turn_second_step_off(&actor, PASSWORD, &recovery[1]).await), "those before are gone");
        assert_eq!(t.app.begin_second_step(&actor).await.expect_err("it is on").code(), "second_step_on");
        t.app.turn_second_step_off(&actor, PASSWORD, &fresh[0]).await.expect("off");
        assert!(t.sign_in(&user.email, PASSWORD, "192.0.2.1").await.is_ok(), "the password is enough again");

        set_up(&t, &user).await;
        assert!(matches!(t.app.reset_second_step(&actor, user.id).await, Err(Error::Denied(_))));
        t.app.reset_second_step(&admin.actor(), user.id).await.expect("reset");
        assert!(t.sign_in(&user.email, PASSWORD, "192.0.2.1").await.is_ok());
        assert_eq!(t.app.reset_second_step(&admin.actor(), admin.id).await.expect_err("one's own").code(), "own_access");
        let trail = t.app.audit_trail(&Actor::Operator, Some("user"), &PageRequest::first(100)).await.expect("read").items;
        for action in ["user.second_step_on", "user.second_step_off", "user.second_step_reset", "user.recovery_codes_made", "user.recovery_code_used"] {
            assert!(trail.iter().any(|line| line.entry.action == action), "{action}");
        }
    }

    async fn the_body_demands_it_of_some_duties(db: TestDb) {
        let t = TestApp::with(db).await;
        let (analyst, viewer) = (t.user(ANALYST).await, t.user(VIEWER).await);
        assert!(!t.app.second_step_is_missing(&analyst));
        let demand = BodySettings { second_step: vec![Duty::Analyst], ..BodySettings::default() };
        t.app.save_settings(&Actor::Operator, 0, demand).await.expect("saved");
        assert!(t.app.second_step_is_missing(&analyst) && !t.app.second_step_is_missing(&viewer));
        set_up(&t, &analyst).await;
        let analyst = t.app.user(&Actor::Operator, analyst.id).await.expect("there");
        assert!(!t.app.second_step_is_missing(&analyst));
    }
}
