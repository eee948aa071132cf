//! Passkeys: who may add and remove them, who gets in by them, and what does not let anybody in.

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_app::govern::passkeys::Again;
use commonweal_app::govern::second_step::Standing;
use commonweal_app::govern::sign_in::{Origin, SignIn, SignedIn};
use commonweal_domain::records::User;
use commonweal_domain::{Actor, BodySettings, Duty, PageRequest, PasskeyId};
use commonweal_testkit::app::{ADDRESS, PASSWORD, TestApp};
use commonweal_testkit::duties::{ADMINISTRATOR, ANALYST, VIEWER};
use commonweal_testkit::on_both_engines;
use commonweal_testkit::passkeys::Device;
use commonweal_testkit::totp;

const TYPED: Again<'_> = Again { password: PASSWORD, code: "", session: "" };

fn code<T>(outcome: Result<T, Error>) -> String {
    match outcome {
        Ok(_) => "done".to_owned(),
        Err(Error::Invalid(errors)) => errors.0.iter().map(|e| format!("{}: {}", e.field, e.code)).collect(),
        Err(e) => e.code().to_owned(),
    }
}

/// A passkey of the user on the device.
async fn added(t: &TestApp, user: &User, device: &mut Device, name: &str) -> PasskeyId {
    let begun = t.app.begin_passkey(&user.actor(), "Laptop", TYPED).await.expect("begun");
    let answer = device.create(&begun.options);
    t.app.add_passkey(&user.actor(), &begun.ticket, &answer, name).await.expect("added")
}

/// Signs in with the passkey on the device, a moment later.
async fn come(t: &TestApp, device: &mut Device) -> Result<SignedIn, Error> {
    t.clock.advance(TimeDelta::seconds(1));
    let begun = t.app.begin_passkey_sign_in().await?;
    let answer = device.get(&begun.options);
    t.app.sign_in_with_passkey(&begun.ticket, &answer, Origin::from("192.0.2.1")).await
}

/// Actions of the trail, the oldest first.
async fn trail(t: &TestApp) -> Vec<String> {
    t.app.keep_sign_in_failures().await.expect("kept");
    let page = t.app.audit_trail(&Actor::Operator, None, &PageRequest::first(100)).await.expect("read");
    page.items.into_iter().rev().map(|line| line.entry.action).collect()
}

async fn demand(t: &TestApp, duty: Duty) {
    let settings = BodySettings { second_step: vec![duty], ..BodySettings::default() };
    t.app.save_settings(&Actor::Operator, 0, settings).await.expect("saved");
}

on_both_engines! {
    async fn somebody_adds_passkeys_signs_in_with_one_renames_and_removes_it(db: TestDb) {
        let t = TestApp::with(db).await;
        let user = t.user(ANALYST).await;
        let (mut laptop, mut phone) = (Device::at(ADDRESS), Device::at(ADDRESS));
        laptop.counter = 1;
        let first = added(&t, &user, &mut laptop, " Laptop ").await;
        t.clock.advance(TimeDelta::minutes(1));
        added(&t, &user, &mut phone, "Phone").await;
        let own = t.app.own_passkeys(&user.actor()).await.expect("read");
        assert_eq!(own.iter().map(|p| (p.name.as_str(), p.used_at)).collect::<Vec<_>>(), [("Laptop", None), ("Phone", None)]);
        assert_eq!(t.app.user(&Actor::Operator, user.id).await.expect("read").passkeys, 2);
        for on_phone in [false, true, false] {
            let device = if on_phone { &mut phone } else { &mut laptop };
            let signed_in = come(&t, device).await.expect("signed in");
            assert_eq!(signed_in.user.id, user.id);
            assert_eq!(t.app.session(&signed_in.token).await.expect("read").map(|u| u.id), Some(user.id));
        }
        assert_eq!(t.app.own_passkey(&user.actor(), first).await.expect("there").used_at, Some(t.app.now()));
        t.app.rename_passkey(&user.actor(), first, "Old laptop").await.expect("renamed");
        t.app.remove_passkey(&user.actor(), first, TYPED).await.expect("removed");
        assert_eq!(code(come(&t, &mut laptop).await), "passkey_unknown");
        assert!(come(&t, &mut phone).await.is_ok(), "the other goes on");
        assert_eq!(t.app.user(&Actor::Operator, user.id).await.expect("read").passkeys, 1);
        let lines: Vec<String> = trail(&t).await.into_iter().filter(|a| a.starts_with("user.passkey") || a.starts_with("session")).collect();
        assert_eq!(lines, [
            "user.passkey_added", "user.passkey_added", "session.begun", "session.begun", "session.begun",
            "user.passkey_renamed", "user.passkey_removed", "session.begun", "session.failed",
        ]);
    }

    async fn whoever_is_at_somebody_elses_screen_can_neither_add_nor_remove(db: TestDb) {
        let t = TestApp::with(db).await;
        let (user, other) = (t.user(ANALYST).await, t.user(ANALYST).await);
        let mut device = Device::at(ADDRESS);
        let wrong = Again { password: "a wrong password", ..TYPED };
        assert_eq!(code(t.app.begin_passkey(&user.actor(), "Laptop", wrong).await), "password: not_known");
        let id = added(&t, &user, &mut device, "Laptop").await;
        assert_eq!(code(t.app.remove_passkey(&user.actor(), id, wrong).await), "password: not_known");
        assert_eq!(code(t.app.remove_passkey(&other.actor(), id, TYPED).await), "not_found");
        assert_eq!(code(t.app.rename_passkey(&other.actor(), id, "Mine").await), "not_found");
        assert_eq!(code(t.app.begin_passkey(&Actor::Operator, "Laptop", TYPED).await), "unauthenticated");
        // With a second step set up, the code too.
        t.app.begin_second_step(&user.actor()).await.expect("begun");
        let Standing::Begun(set_up) = t.app.second_step(&user.actor()).await.expect("read") else { panic!("begun") };
        t.app.confirm_second_step(&user.actor(), &totp::code(&set_up.key, t.app.now())).await.expect("on");
        t.clock.advance(TimeDelta::minutes(1));
        assert_eq!(code(t.app.begin_passkey(&user.actor(), "Laptop", TYPED).await), "code: not_good");
        let now = totp::code(&set_up.key, t.app.now());
        assert_eq!(code(t.app.remove_passkey(&user.actor(), id, Again { code: &now, ..TYPED }).await), "done");
        let mut codes = Vec::new();
        for _ in 0..10 {
            codes.push(code(t.app.begin_passkey(&other.actor(), "Laptop", wrong).await));
        }
        assert_eq!(codes[8], "too_many", "guessing at the password is slowed down here too");
    }

    async fn an_answer_is_good_once_in_the_browser_that_began_for_ten_minutes(db: TestDb) {
        let t = TestApp::with(db).await;
        let (user, other) = (t.user(ANALYST).await, t.user(ANALYST).await);
        let mut device = Device::at(ADDRESS);
        let begun = t.app.begin_passkey(&user.actor(), "Laptop", TYPED).await.expect("begun");
        let answer = device.create(&begun.options);
        let add = async |user: &User, ticket: &str| code(t.app.add_passkey(&user.actor(), ticket, &answer, "Laptop").await);
        assert_eq!(add(&other, &begun.ticket).await, "passkey_again", "another user’s");
        assert_eq!(add(&user, "").await, "passkey_again");
        let sign_in = t.app.begin_passkey_sign_in().await.expect("begun");
        assert_eq!(add(&user, &sign_in.ticket).await, "passkey_again", "meant for something else");
        assert_eq!(add(&user, &begun.ticket).await, "done");
        assert_eq!(add(&user, &begun.ticket).await, "passkey_again", "once");

        t.clock.advance(TimeDelta::seconds(1));
        let (mine, another) = (t.app.begin_passkey_sign_in().await.expect("begun"), t.app.begin_passkey_sign_in().await.expect("begun"));
        let answer = device.get(&mine.options);
        let come = async |ticket: &str| code(t.app.sign_in_with_passkey(ticket, &answer, Origin::from("192.0.2.1")).await);
        assert_eq!(come(&another.ticket).await, "passkey_of_another_sign_in");
        for bad in ["", ".", "made-up", &begun.ticket, &mine.ticket[1..]] {
            assert_eq!(come(bad).await, "passkey_again", "{bad}");
        }
        assert_eq!(come(&mine.ticket).await, "done");
        assert_eq!(come(&mine.ticket).await, "passkey_again", "once");
        // And at another server, which knows only what is in the database.
        t.clock.advance(TimeDelta::minutes(1));
        assert_eq!(come(&mine.ticket).await, "passkey_again");
        let late = t.app.begin_passkey_sign_in().await.expect("begun");
        let answer = device.get(&late.options);
        t.clock.advance(TimeDelta::minutes(10));
        assert_eq!(code(t.app.sign_in_with_passkey(&late.ticket, &answer, Origin::from("192.0.2.1")).await), "passkey_again");
        assert!(!trail(&t).await.iter().any(|a| a == "user.passkey_refused"), "sent twice is not copied");
    }

    async fn forged_answers_let_nobody_in_and_count_as_failures(db: TestDb) {
        let t = TestApp::with(db).await;
        let (user, other) = (t.user(ANALYST).await, t.user(ANALYST).await);
        let mut device = Device::at(ADDRESS);
        added(&t, &user, &mut device, "Laptop").await;
        let mut others = Device::at(ADDRESS);
        added(&t, &other, &mut others, "Phone").await;
        let mut bad = Device { origin: "https://voice.example.com".into(), ..device.clone() };
        assert_eq!(code(come(&t, &mut bad).await), "passkey_of_another_address");
        let mut bad = Device { verifies: false, ..device.clone() };
        assert_eq!(code(come(&t, &mut bad).await), "passkey_not_verified");
        let mut bad = Device { owner: Some(other.id.0.as_bytes().to_vec()), ..device.clone() };
        assert_eq!(code(come(&t, &mut bad).await), "passkey_unknown", "one’s own passkey opens nobody else’s account");
        let mut stranger = Device::at(ADDRESS);
        stranger.create(&t.app.begin_passkey(&user.actor(), "Laptop", TYPED).await.expect("begun").options);
        assert_eq!(code(come(&t, &mut stranger).await), "passkey_unknown", "never added");
        let lines = trail(&t).await;
        assert!(lines.iter().any(|a| a == "session.failed") && !lines.iter().any(|a| a == "session.begun"), "{lines:?}");
        assert!(come(&t, &mut device).await.is_ok());
    }

    async fn a_counter_that_goes_back_is_refused_and_written_down(db: TestDb) {
        let t = TestApp::with(db).await;
        let user = t.user(ANALYST).await;
        let mut device = Device::at(ADDRESS);
        device.counter = 5;
        added(&t, &user, &mut device, "Key").await;
        let mut copy = device.clone();
        assert!(come(&t, &mut device).await.is_ok());
        assert!(come(&t, &mut device).await.is_ok());
        assert_eq!(code(come(&t, &mut copy).await), "passkey_copied");
        let lines = trail(&t).await;
        assert_eq!(lines.iter().filter(|a| *a == "user.passkey_refused").count(), 1);
    }

    async fn whoever_is_shut_out_or_reset_does_not_come_in_by_a_passkey(db: TestDb) {
        let t = TestApp::with(db).await;
        let (admin, user) = (t.user(ADMINISTRATOR).await, t.user(ANALYST).await);
        let mut device = Device::at(ADDRESS);
        added(&t, &user, &mut device, "Laptop").await;
        t.app.set_disabled(&admin.actor(), user.id, true).await.expect("shut out");
        assert_eq!(code(come(&t, &mut device).await), "passkey_unknown");
        t.app.set_disabled(&admin.actor(), user.id, false).await.expect("let in");
        assert!(come(&t, &mut device).await.is_ok());
        t.app.reset_access(&admin.actor(), user.id).await.expect("reset");
        assert_eq!(code(come(&t, &mut device).await), "passkey_unknown");
        assert_eq!(t.app.user(&Actor::Operator, user.id).await.expect("read").passkeys, 0);
    }

    async fn a_passkey_is_the_second_step_that_the_body_demands(db: TestDb) {
        let t = TestApp::with(db).await;
        let (user, viewer) = (t.user(ANALYST).await, t.user(VIEWER).await);
        let (mut device, mut viewers) = (Device::at(ADDRESS), Device::at(ADDRESS));
        demand(&t, Duty::Analyst).await;
        assert!(t.app.second_step_is_missing(&user));
        added(&t, &user, &mut device, "Laptop").await;
        added(&t, &viewer, &mut viewers, "Laptop").await;
        let signed_in = come(&t, &mut device).await.expect("signed in");
        assert!(!t.app.second_step_is_missing(&signed_in.user));
        // The password alone opens nothing any more, nor does it lead to where another step is set up.
        assert_eq!(code(t.app.sign_in(&user.email, PASSWORD, "192.0.2.1").await), "passkey_needed");
        assert!(matches!(t.app.sign_in(&viewer.email, PASSWORD, "192.0.2.1").await, Ok(SignIn::Done(_))), "nobody demands it of them");
        let id = t.app.own_passkeys(&user.actor()).await.expect("read")[0].id;
        t.app.remove_passkey(&user.actor(), id, TYPED).await.expect("removed");
        let again = t.app.user(&Actor::Operator, user.id).await.expect("read");
        assert!(t.app.second_step_is_missing(&again));
    }

    async fn there_are_none_without_an_address_that_they_can_belong_to(db: TestDb) {
        let t = TestApp::with_address(db, None).await;
        let user = t.user(ANALYST).await;
        for refused in [t.app.begin_passkey_sign_in().await.err(), t.app.begin_passkey(&user.actor(), "Laptop", TYPED).await.err()] {
            let refused = refused.expect("refused");
            assert_eq!(refused.code(), "no_passkeys");
            assert!(refused.to_string().contains("server.public_url is not set"), "{refused}");
        }
    }

    async fn names_and_numbers_have_an_end(db: TestDb) {
        let t = TestApp::with(db).await;
        let user = t.user(ANALYST).await;
        let mut device = Device::at(ADDRESS);
        let id = added(&t, &user, &mut device, "1").await;
        for bad in ["", "  ", "a\nb", &"x".repeat(61)] {
            assert_eq!(code(t.app.rename_passkey(&user.actor(), id, bad).await), "name: bad_name", "{bad:?}");
        }
        for n in 2..=20 {
            added(&t, &user, &mut device, &n.to_string()).await;
        }
        assert_eq!(code(t.app.begin_passkey(&user.actor(), "Laptop", TYPED).await), "many_passkeys");
    }
}
