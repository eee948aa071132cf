//! Signing in by a sign-in service of the body's own: who gets in, as whom, with which duties.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_app::govern::outside::{CameBack, OutsideBegun, Rules};
use commonweal_app::govern::second_step::Standing;
use commonweal_app::govern::sign_in::{Origin, SignIn, SignedIn};
use commonweal_domain::{Actor, Duty, Grants, PageRequest, TeamFunction};
use commonweal_testkit::app::{PASSWORD, TestApp, TestClock};
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::duties::{ADMINISTRATOR, ANALYST, VIEWER};
use commonweal_testkit::identity::{Forged, Service};
use commonweal_testkit::{on_both_engines, totp};
use serde_json::{Value, json};

const BACK: &str = "https://voice.example.org/sign-in/back";

/// An application with a service that it asks.
struct Body {
    t: TestApp,
    service: Service,
}

impl Body {
    async fn with(db: TestDb, rules: Rules) -> Self {
        let clock = Arc::new(TestClock::new());
        let service = Service::start(Arc::clone(&clock) as _).await;
        let t = TestApp::with_outside(db, clock, service.outside(rules)).await;
        Self { t, service }
    }

    async fn begin(&self, claims: Value) -> (OutsideBegun, String, String) {
        let begun = self.t.app.begin_outside(BACK, "/understand").await.expect("begun");
        let (state, code) = self.service.agree(&begun.address, claims);
        (begun, state, code)
    }

    async fn end(&self, ticket: &str, state: &str, code: &str) -> Result<SignedIn, Error> {
        let came = CameBack { ticket, state, code, issuer: "" };
        match self.t.app.end_outside(BACK, came, Origin::from("192.0.2.1")).await?.0 {
            SignIn::Done(signed_in) => Ok(signed_in),
            SignIn::Code { .. } => panic!("no code was to be asked for"),
        }
    }

    /// Somebody about whom the service says this signs in.
    async fn come(&self, claims: Value) -> Result<SignedIn, Error> {
        let (begun, state, code) = self.begin(claims).await;
        self.end(&begun.ticket, &state, &code).await
    }

    /// Actions of the trail about users and sessions, the oldest first.
    async fn trail(&self) -> Vec<String> {
        self.t.app.keep_sign_in_failures().await.expect("kept");
        let page = self.t.app.audit_trail(&Actor::Operator, None, &PageRequest::first(100)).await.expect("read");
        page.items.into_iter().rev().map(|line| line.entry.action).collect()
    }
}

fn claims(sub: &str, email: &str, groups: &[&str]) -> Value {
    json!({"sub": sub, "email": email, "email_verified": true, "name": "Ann Example", "groups": groups})
}

fn groups(all: &[(&str, &[&str])]) -> BTreeMap<String, Vec<commonweal_app::govern::outside::NamedDuty>> {
    let named = |duties: &[&str]| duties.iter().map(|duty| duty.parse().expect("a duty")).collect();
    all.iter().map(|(group, duties)| ((*group).to_owned(), named(duties))).collect()
}

fn code<T>(outcome: Result<T, Error>) -> &'static str {
    match outcome {
        Ok(_) => "signed in",
        Err(e) => e.code(),
    }
}

on_both_engines! {
    async fn a_user_is_found_by_an_address_that_the_service_vouches_for_and_then_by_the_subject(db: TestDb) {
        let body = Body::with(db, Rules::default()).await;
        let user = body.t.user(ANALYST).await;
        let mut unverified = claims("ann-1", &user.email, &[]);
        unverified["email_verified"] = json!(false);
        assert_eq!(code(body.come(unverified.clone()).await), "not_a_user");
        let signed_in = body.come(claims("ann-1", &user.email.to_uppercase(), &[])).await.expect("signed in");
        assert_eq!((signed_in.user.id, &signed_in.user.grants), (user.id, &user.grants), "duties are given here");
        let session = body.t.app.session(&signed_in.token).await.expect("read").expect("a session like any other");
        assert_eq!(session.id, user.id);
        let sessions = body.t.app.own_sessions(&user.actor(), &signed_in.token).await.expect("read");
        assert_eq!(sessions.len(), 1);
        let again = body.come(unverified).await.expect("known by now");
        assert_eq!(again.user.id, user.id);
        let elsewhere = body.come(claims("ann-1", "ann@elsewhere.example", &[])).await.expect("whatever their address");
        assert_eq!(elsewhere.user.id, user.id);
        let trail = body.trail().await;
        let of = |action: &str| trail.iter().filter(|a| a.as_str() == action).count();
        assert_eq!((of("user.identity_linked"), of("session.begun"), of("session.failed")), (1, 3, 1), "{trail:?}");
        // The password goes on to work.
        assert!(body.t.sign_in(&user.email, PASSWORD, "192.0.2.9").await.is_ok());
    }

    async fn an_address_that_went_to_another_person_opens_nobodys_account(db: TestDb) {
        let body = Body::with(db, Rules::default()).await;
        let (user, admin) = (body.t.user(VIEWER).await, body.t.user(ADMINISTRATOR).await);
        let first = body.come(claims("ann-1", &user.email, &[])).await.expect("signed in");
        assert_eq!(code(body.come(claims("bob-2", &user.email, &[])).await), "known_as_another");
        assert!(body.t.app.session(&first.token).await.expect("read").is_some());
        // An administrator who resets access lets the service vouch anew.
        body.t.app.reset_access(&admin.actor(), user.id).await.expect("reset");
        assert!(body.t.app.session(&first.token).await.expect("read").is_none());
        let other = body.come(claims("bob-2", &user.email, &[])).await.expect("signed in");
        assert_eq!(other.user.id, user.id);
        assert_eq!(code(body.come(claims("ann-1", &user.email, &[])).await), "known_as_another");
    }

    async fn nobody_becomes_a_user_by_themselves_unless_the_body_wants_it(db: TestDb) {
        let body = Body::with(db, Rules::default()).await;
        assert_eq!(code(body.come(claims("ann-1", "ann@example.org", &["administrator"])).await), "not_a_user");
        assert!(body.t.app.users(&Actor::Operator).await.expect("read").is_empty());
    }

    async fn newcomers_get_the_duties_that_the_body_says_and_keep_what_is_given_later(db: TestDb) {
        let rules = Rules { newcomers: vec!["reader".parse().expect("a duty")], ..Rules::default() };
        let body = Body::with(db, rules).await;
        let mut unverified = claims("ann-1", "ann@example.org", &[]);
        unverified["email_verified"] = json!(null);
        assert_eq!(code(body.come(unverified).await), "not_a_user", "an address has to be vouched for");
        let mut odd = claims("ann-1", "ann@example.org", &[]);
        odd["name"] = json!(format!(" A\u{7}nn {}", "x".repeat(200)));
        let new = body.come(odd).await.expect("signed in").user;
        assert!(new.grants.contains(Duty::Reader) && new.name.starts_with("Ann x") && new.name.chars().count() == 120);
        body.t.app.set_duties(&Actor::Operator, new.id, &Grants::of(ANALYST)).await.expect("set");
        let again = body.come(claims("ann-1", "ann@example.org", &[])).await.expect("signed in").user;
        assert!(again.id == new.id && again.grants.contains(Duty::Analyst));
        assert!(body.trail().await.contains(&"user.added".to_owned()));
        // They have no password, and nobody else's opens their account.
        assert!(body.t.sign_in("ann@example.org", "", "192.0.2.9").await.is_err());
    }

    async fn groups_say_which_duties_each_time(db: TestDb) {
        let of_groups = groups(&[("cx", &["analyst"]), ("boss", &["administrator", "analyst"]), ("housing", &["manager:Housing"]), ("lost", &["manager:Nowhere"])]);
        let body = Body::with(db, Rules { duties: of_groups, ..Rules::default() }).await;
        let team = body.t.app.add_team(&Actor::Operator, "Housing", TeamFunction::Serve).await.expect("added");
        assert_eq!(code(body.come(claims("bob", "bob@example.org", &["others", "lost"])).await), "not_a_user");
        let boss = body.come(claims("ann", "ann@example.org", &["boss"])).await.expect("signed in").user;
        assert!(boss.grants.contains(Duty::Administrator));
        let still = body.come(claims("ann", "ann@example.org", &["cx"])).await.expect("signed in").user;
        assert!(still.grants.contains(Duty::Administrator), "the last administrator stays one");
        body.t.user(ADMINISTRATOR).await;
        let now = body.come(claims("ann", "ann@example.org", &["housing"])).await.expect("signed in").user;
        let granted: Vec<_> = now.grants.iter().map(|grant| (grant.duty, grant.team)).collect();
        assert_eq!(granted, [(Duty::Manager, Some(team.id))]);
        assert_eq!(code(body.come(claims("ann", "ann@example.org", &[])).await), "in_no_group");
        let left = body.t.app.user(&Actor::Operator, now.id).await.expect("there");
        assert!(left.grants.is_empty(), "whoever left all groups has no duty left, on other sessions neither");
    }

    async fn only_addresses_of_the_bodys_domains_come_in(db: TestDb) {
        let rules = Rules { newcomers: vec!["reader".parse().expect("a duty")], domains: vec!["example.org".into()], ..Rules::default() };
        let body = Body::with(db, rules).await;
        for (email, good) in [
            ("ann@EXAMPLE.org", true),
            ("ann@sub.example.org", false),
            ("ann@example.org.evil.example", false),
            ("ann@evilexample.org", false),
            ("ann@example.org@evil.example", false),
        ] {
            let outcome = code(body.come(claims(email, email, &[])).await);
            assert_eq!(outcome, if good { "signed in" } else { "domain_not_allowed" }, "{email}");
        }
        let mut unverified = claims("ann@EXAMPLE.org", "ann@example.org", &[]);
        unverified["email_verified"] = json!(false);
        assert_eq!(code(body.come(unverified).await), "domain_not_allowed", "known, and nobody vouches for the address");
    }

    async fn whoever_is_shut_out_stays_out(db: TestDb) {
        let body = Body::with(db, Rules { duties: groups(&[("cx", &["analyst"])]), ..Rules::default() }).await;
        let (user, new) = (body.t.user(VIEWER).await, body.t.user(VIEWER).await);
        assert!(body.come(claims("ann", &user.email, &["cx"])).await.is_ok());
        for id in [user.id, new.id] {
            body.t.app.set_disabled(&Actor::Operator, id, true).await.expect("shut out");
        }
        assert_eq!(code(body.come(claims("ann", &user.email, &["cx"])).await), "not_a_user");
        assert_eq!(code(body.come(claims("bob", &new.email, &["cx"])).await), "not_a_user");
        let lines = body.trail().await;
        assert_eq!(lines.iter().filter(|a| a.as_str() == "user.identity_linked").count(), 1, "nor are they linked");
    }

    async fn a_second_step_is_asked_for_however_somebody_comes(db: TestDb) {
        let rules = Rules { newcomers: vec!["reader".parse().expect("a duty")], ..Rules::default() };
        let body = Body::with(db, rules).await;
        let t = &body.t;
        let user = body.come(claims("ann", "ann@example.org", &[])).await.expect("signed in").user;
        let actor = user.actor();
        t.app.begin_second_step(&actor).await.expect("begun");
        let Standing::Begun(shown) = t.app.second_step(&actor).await.expect("read") else { panic!("it is begun") };
        t.app.confirm_second_step(&actor, &totp::code(&shown.key, t.app.now())).await.expect("on");
        t.clock.advance(TimeDelta::seconds(30));
        let (begun, state, code) = body.begin(claims("ann", "ann@example.org", &[])).await;
        let came = CameBack { ticket: &begun.ticket, state: &state, code: &code, issuer: &body.service.issuer };
        let (SignIn::Code { ticket }, next) = t.app.end_outside(BACK, came, Origin::default()).await.expect("proven") else {
            panic!("a code was to be asked for")
        };
        assert_eq!(next, "/understand");
        assert!(t.app.pass_second_step(&ticket, "000000", Origin::default()).await.is_err());
        let right = totp::code(&shown.key, t.app.now());
        assert!(t.app.pass_second_step(&ticket, &right, Origin::default()).await.is_ok());
        // Whoever has no password turns it off with a code alone.
        t.clock.advance(TimeDelta::seconds(30));
        assert!(t.app.turn_second_step_off(&actor, "", "000000").await.is_err());
        t.app.turn_second_step_off(&actor, "", &totp::code(&shown.key, t.app.now())).await.expect("off");
    }

    async fn alone_passwords_and_links_are_worth_nothing(db: TestDb) {
        let body = Body::with(db, Rules { only: true, ..Rules::default() }).await;
        let user = body.t.user(ADMINISTRATOR).await;
        assert_eq!(code(body.t.sign_in(&user.email, PASSWORD, "192.0.2.1").await), "only_outside");
        let (other, link) = body.t.app.add_user(&user.actor(), "bob@example.org", "Bob", Grants::of(VIEWER)).await.expect("added");
        assert_eq!(code(body.t.app.use_link(&link, "a password nobody guesses", Origin::default()).await), "only_outside");
        assert_eq!(body.come(claims("bob", "bob@example.org", &[])).await.expect("signed in").user.id, other.id);
    }

    async fn a_sign_in_ends_once_in_its_own_browser_and_in_time(db: TestDb) {
        let body = Body::with(db, Rules::default()).await;
        let user = body.t.user(VIEWER).await;
        let about = || claims("ann", &user.email, &[]);
        let (begun, state, code_) = body.begin(about()).await;
        let (other, _, _) = body.begin(about()).await;
        assert_eq!(code(body.end(&other.ticket, &state, &code_).await), "sign_in_again", "another browser’s ticket");
        assert_eq!(code(body.end("", &state, &code_).await), "sign_in_again");
        assert_eq!(code(body.end(&begun.ticket, "", &code_).await), "sign_in_again");
        let mut bytes = begun.ticket.clone().into_bytes();
        bytes[20] = if bytes[20] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).expect("letters");
        assert_eq!(code(body.end(&changed, &state, &code_).await), "sign_in_again");
        let came = CameBack { ticket: &begun.ticket, state: &state, code: &code_, issuer: "https://evil.example" };
        assert_eq!(code(body.t.app.end_outside(BACK, came, Origin::default()).await), "sign_in_again", "another service answers");
        assert_eq!(code(body.end(&begun.ticket, &state, &code_).await), "signed in");
        body.service.asked();
        assert_eq!(code(body.end(&begun.ticket, &state, &code_).await), "sign_in_again", "once");
        assert!(body.service.asked().is_empty(), "and nobody is asked about it");
        let (late, state, code_) = body.begin(about()).await;
        body.t.clock.advance(TimeDelta::minutes(15));
        assert_eq!(code(body.end(&late.ticket, &state, &code_).await), "sign_in_again");
    }

    async fn forgeries_count_as_failures_and_slow_down_their_sender_alone(db: TestDb) {
        let body = Body::with(db, Rules::default()).await;
        let user = body.t.user(VIEWER).await;
        let device = body.come(claims("ann", &user.email, &[])).await.expect("signed in").device;
        body.service.forge(Forged::AnotherKey);
        let mut codes = Vec::new();
        for _ in 0..101 {
            codes.push(code(body.come(claims("ann", &user.email, &[])).await));
        }
        assert_eq!(codes[..100], ["proof_not_signed"; 100]);
        assert_eq!(codes[100], "too_many");
        body.service.forge(Forged::Honest);
        let (begun, state, code_) = body.begin(claims("ann", &user.email, &[])).await;
        let came = CameBack { ticket: &begun.ticket, state: &state, code: &code_, issuer: "" };
        let known = Origin { device, ..Origin::from("192.0.2.1") };
        assert!(body.t.app.end_outside(BACK, came, known).await.is_ok(), "a known device comes in from there too");
        let lines = body.trail().await;
        assert!(lines.iter().any(|a| a == "session.failed"));
    }

    async fn nothing_of_the_service_stands_in_the_database_but_the_subject(db: TestDb) {
        let body = Body::with(db, Rules::default()).await;
        let user = body.t.user(VIEWER).await;
        body.come(claims("subject-7", &user.email, &["a-group"])).await.expect("signed in");
        for (table, rows) in body.t.db.dump().await {
            for secret in ["a secret of the tests", "code-1", "a-group"] {
                assert!(!rows.contains(secret), "{secret} is in {table}");
            }
            assert!(table == "identities" || !rows.contains("subject-7"), "the subject is in {table}");
        }
    }
}
