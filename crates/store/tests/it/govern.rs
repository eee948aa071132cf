//! Users, sessions, keys, teams, settings, the audit trail.

use commonweal_domain::permission::Scope;
use commonweal_domain::records::{ApiKey, AuditEntry, Session, User};
use commonweal_domain::{BodySettings, Duty, Grant, Grants, Member, Page, PageRequest, Team, TeamFunction};
use commonweal_store::{AuditLine, RootSecret, StoreError};
use commonweal_testkit::duties::{ADMINISTRATOR, ANALYST, MANAGER, VIEWER};
use commonweal_testkit::{kept, on_both_engines};
use serde_json::json;

use crate::data::{append, at, id, user};

fn conflict<T: std::fmt::Debug>(result: Result<T, StoreError>) -> &'static str {
    match result {
        Err(StoreError::Conflict { what }) => what,
        other => panic!("a conflict was expected, not {other:?}"),
    }
}

on_both_engines! {
    async fn an_email_address_belongs_to_one_user_whatever_its_case(db: TestDb) {
        let ada = User { id: id(1), email: "Ada.Ängström@Example.org".into(), name: "Ada".into(), grants: Grants::of(ANALYST), disabled: false, created_at: at(0), must_change: false, second_step: false, passkeys: 0 };
        kept!(db.store, users.create(&ada, Some("$argon2id$x"))).await.expect("taken");
        let again = User { id: id(2), email: "ADA.ÄNGSTRÖM@example.ORG".into(), ..ada.clone() };
        assert_eq!(conflict(kept!(db.store, users.create(&again, None)).await), "email address");
        let found = db.store.user_by_email(" ada.ängström@EXAMPLE.org ").await.expect("asked");
        assert_eq!(found, Some(ada.clone()));
        assert_eq!(db.store.user_by_email("nobody@example.org").await.expect("asked"), None);
        assert_eq!(db.store.password_hash_of(ada.id).await.expect("there").as_deref(), Some("$argon2id$x"));
        kept!(db.store, users.set_password_hash(ada.id, Some("$argon2id$y"), true)).await.expect("there");
        assert_eq!(db.store.password_hash_of(ada.id).await.expect("there").as_deref(), Some("$argon2id$y"));
        assert!(db.store.user(ada.id).await.expect("there").must_change);
        kept!(db.store, users.set_password_hash(ada.id, None, false)).await.expect("there");
        assert_eq!(db.store.password_hash_of(ada.id).await.expect("there"), None);
        assert_eq!(db.store.user(ada.id).await.expect("there"), ada);
        assert!(matches!(kept!(db.store, users.set_password_hash(id(9), Some("x"), false)).await, Err(StoreError::NotFound("user"))));
    }

    async fn a_code_is_taken_once_and_none_before_it(db: TestDb) {
        let (ada, bob) = (user(&db.store, 1, ADMINISTRATOR).await, user(&db.store, 2, VIEWER).await);
        let store = &db.store;
        kept!(store, users.begin_second_step(ada, b"sealed")).await.expect("begun");
        assert!(!store.user(ada).await.expect("there").second_step, "it is not confirmed");
        kept!(store, users.confirm_second_step(ada)).await.expect("there");
        kept!(store, users.set_recovery_codes(ada, &[[1; 32], [2; 32]])).await.expect("kept");
        kept!(store, users.set_recovery_codes(bob, &[[1; 32]])).await.expect("kept");
        assert!(store.user(ada).await.expect("there").second_step);
        for (step, taken) in [(7, true), (7, false), (6, false), (8, true)] {
            assert_eq!(kept!(store, users.use_step(ada, step)).await.expect("asked"), taken, "{step}");
        }
        assert!(!kept!(store, users.use_step(bob, 9)).await.expect("asked"), "bob has none");
        let left = store.second_step(ada).await.expect("read").expect("there");
        assert_eq!((left.sealed.as_slice(), left.last_step), (b"sealed".as_slice(), 8));
        assert!(kept!(store, users.use_recovery_code(ada, &[1; 32])).await.expect("asked"));
        assert!(!kept!(store, users.use_recovery_code(ada, &[1; 32])).await.expect("asked"));
        assert_eq!(store.recovery_codes_left(ada).await.expect("read"), 1);
        kept!(store, users.drop_second_step(ada)).await.expect("there");
        assert_eq!(store.second_step(ada).await.expect("read"), None);
        assert!(!store.user(ada).await.expect("there").second_step);
        assert_eq!((store.recovery_codes_left(ada).await.expect("read"), store.recovery_codes_left(bob).await.expect("read")), (0, 1));
        for which in RootSecret::ALL {
            assert_eq!(kept!(store, upkeep.keep_root_secret(which, "a")).await.expect("kept"), "a");
            assert_eq!(kept!(store, upkeep.keep_root_secret(which, "b")).await.expect("kept"), "a", "the first counts");
            kept!(store, upkeep.reseal_root_secret(which, "a", "sealed")).await.expect("it was so");
            let late = kept!(store, upkeep.reseal_root_secret(which, "a", "late")).await;
            assert!(matches!(late, Err(StoreError::Conflict { .. })), "somebody was quicker");
            assert_eq!(store.root_secret(which).await.expect("read").as_deref(), Some("sealed"));
        }
    }

    async fn a_link_is_used_once_and_by_its_user(db: TestDb) {
        let (ada, bob) = (user(&db.store, 1, ADMINISTRATOR).await, user(&db.store, 2, VIEWER).await);
        kept!(db.store, users.keep_link(ada, &[1; 32], at(9))).await.expect("kept");
        kept!(db.store, users.keep_link(ada, &[2; 32], at(9))).await.expect("in its place");
        kept!(db.store, users.keep_link(bob, &[3; 32], at(9))).await.expect("kept");
        let whose = async |n: u8, now| db.store.user_of_link(&[n; 32], now).await.expect("asked").map(|user| user.id);
        assert_eq!((whose(1, at(8)).await, whose(2, at(8)).await, whose(3, at(8)).await), (None, Some(ada), Some(bob)));
        assert_eq!(whose(2, at(9)).await, None, "it has ended");
        let gone = |outcome| matches!(outcome, Err(StoreError::NotFound("one-time link")));
        assert!(gone(kept!(db.store, users.use_link(bob, &[2; 32], at(8))).await));
        assert!(gone(kept!(db.store, users.use_link(ada, &[2; 32], at(9))).await));
        kept!(db.store, users.use_link(ada, &[2; 32], at(8))).await.expect("good");
        assert!(gone(kept!(db.store, users.use_link(ada, &[2; 32], at(8))).await));
        kept!(db.store, users.set_disabled(bob, true)).await.expect("allowed");
        assert_eq!(whose(3, at(8)).await, None, "who is shut out has none");
        kept!(db.store, users.set_disabled(bob, false)).await.expect("allowed");
        kept!(db.store, users.forget_links(at(9))).await.expect("forgotten");
        assert_eq!(whose(3, at(8)).await, Some(bob));
        kept!(db.store, users.forget_link_of(bob)).await.expect("forgotten");
        assert_eq!(whose(3, at(8)).await, None);
    }

    async fn the_last_administrator_stays(db: TestDb) {
        let first = user(&db.store, 1, ADMINISTRATOR).await;
        user(&db.store, 2, VIEWER).await;
        assert_eq!(conflict(kept!(db.store, users.set_grants(first, &Grants::of(MANAGER))).await), "last administrator");
        assert_eq!(conflict(kept!(db.store, users.set_disabled(first, true)).await), "last administrator");
        let second = user(&db.store, 3, ADMINISTRATOR).await;
        kept!(db.store, users.set_disabled(second, true)).await.expect("another is left");
        assert_eq!(conflict(kept!(db.store, users.set_grants(first, &Grants::of(VIEWER))).await), "last administrator");
        kept!(db.store, users.set_disabled(second, false)).await.expect("allowed again");
        kept!(db.store, users.set_grants(first, &Grants::of(VIEWER))).await.expect("another is left");
        assert_eq!(db.store.user(first).await.expect("there").grants, Grants::of(VIEWER));
        assert!(matches!(kept!(db.store, users.set_grants(id(9), &Grants::of(VIEWER))).await, Err(StoreError::NotFound("user"))));
    }

    async fn two_administrators_cannot_depose_each_other_at_once(db: TestDb) {
        let (a, b) = (user(&db.store, 1, ADMINISTRATOR).await, user(&db.store, 2, ADMINISTRATOR).await);
        let second = db.again().await;
        let (one, other) = tokio::join!(kept!(db.store, users.set_grants(a, &Grants::of(VIEWER))), kept!(second, users.set_grants(b, &Grants::of(VIEWER))));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    }

    async fn sessions_end_with_the_user_they_belong_to(db: TestDb) {
        let (ada, bob) = (user(&db.store, 1, ADMINISTRATOR).await, user(&db.store, 2, VIEWER).await);
        let session = |n: u8, user| Session { token_hash: vec![n; 32], user, created_at: at(0), seen_at: at(0), expires_at: at(100 + i64::from(n)), browser: format!("Browser {n}") };
        for s in [session(1, ada), session(2, bob), session(3, bob)] {
            kept!(db.store, sessions.create(&s)).await.expect("taken");
        }
        kept!(db.store, sessions.touch(&[3; 32], at(50))).await.expect("noted");
        kept!(db.store, sessions.touch(&[3; 32], at(40))).await.expect("an older sighting changes nothing");
        let of_bob = db.store.sessions_of(bob).await.expect("read");
        assert_eq!(of_bob.iter().map(|s| (s.token_hash[0], s.seen_at)).collect::<Vec<_>>(), [(3, at(50)), (2, at(0))]);
        kept!(db.store, sessions.revoke(&[2; 32])).await.expect("ended");
        assert_eq!(db.store.session(&[2; 32]).await.expect("asked"), None);
        kept!(db.store, sessions.create(&session(4, ada))).await.expect("taken");
        assert_eq!(kept!(db.store, sessions.revoke_others_of(ada, &[1; 32])).await.expect("ended"), 1);
        assert_eq!(db.store.session(&[4; 32]).await.expect("asked"), None);
        kept!(db.store, users.set_disabled(bob, true)).await.expect("allowed");
        assert_eq!(db.store.sessions_of(bob).await.expect("read"), []);
        assert_eq!(db.store.session(&[1; 32]).await.expect("asked"), Some(session(1, ada)));
        assert_eq!(kept!(db.store, sessions.purge(at(101))).await.expect("purged"), 0);
        assert_eq!(kept!(db.store, sessions.purge(at(102))).await.expect("purged"), 1);
        assert_eq!(kept!(db.store, sessions.revoke_of(ada)).await.expect("ended"), 0);
    }

    async fn an_api_key_is_found_by_its_hash_and_stays_revoked(db: TestDb) {
        let key = ApiKey { id: id(1), name: "Web form".into(), scopes: vec![Scope::FeedbackWrite, Scope::FeedbackRead], created_at: at(0), revoked_at: None, expires_at: Some(at(500)), used_at: None, old_until: None };
        kept!(db.store, api_keys.create(&key, &[5; 32])).await.expect("taken");
        assert_eq!(db.store.api_key_by_hash(&[5; 32]).await.expect("asked"), Some((key.clone(), false)));
        kept!(db.store, api_keys.touch(key.id, at(60), at(0))).await.expect("noted");
        kept!(db.store, api_keys.touch(key.id, at(90), at(30))).await.expect("too soon to be noted again");
        kept!(db.store, api_keys.rotate(key.id, &[7; 32], at(80))).await.expect("there");
        let key = ApiKey { used_at: Some(at(60)), old_until: Some(at(80)), ..key };
        assert_eq!(db.store.api_key_by_hash(&[7; 32]).await.expect("asked"), Some((key.clone(), false)));
        assert_eq!(db.store.api_key_by_hash(&[5; 32]).await.expect("asked"), Some((key.clone(), true)));
        assert_eq!(db.store.api_key_by_hash(&[6; 32]).await.expect("asked"), None);
        kept!(db.store, api_keys.revoke(key.id, at(7))).await.expect("there");
        kept!(db.store, api_keys.revoke(key.id, at(9))).await.expect("there");
        assert!(matches!(kept!(db.store, api_keys.rotate(key.id, &[8; 32], at(99))).await, Err(StoreError::Conflict { .. })));
        assert_eq!(db.store.api_keys().await.expect("read"), [ApiKey { revoked_at: Some(at(7)), ..key }]);
        assert!(matches!(kept!(db.store, api_keys.revoke(id(9), at(9))).await, Err(StoreError::NotFound("API key"))));
    }

    async fn settings_saved_in_two_tabs_are_not_overwritten(db: TestDb) {
        assert_eq!(db.store.settings().await.expect("read"), (0, BodySettings::default()));
        let named = |name: &str| BodySettings { name: name.into(), ..BodySettings::default() };
        assert_eq!(kept!(db.store, settings.save(&named("A"), 0, "user:1", at(1))).await.expect("saved"), 1);
        assert_eq!(conflict(kept!(db.store, settings.save(&named("B"), 0, "user:2", at(2))).await), "settings");
        assert_eq!(kept!(db.store, settings.save(&named("B"), 1, "user:2", at(2))).await.expect("saved"), 2);
        assert_eq!(db.store.settings().await.expect("read"), (2, named("B")));
        let second = db.again().await;
        let (c, d) = (named("C"), named("D"));
        let (one, other) = tokio::join!(kept!(db.store, settings.save(&c, 2, "x", at(3))), kept!(second, settings.save(&d, 2, "y", at(3))));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    }

    async fn a_team_that_goes_leaves_its_users_without_what_they_had_for_it(db: TestDb) {
        let team = Team { id: id(1), name: "Web".into(), function: TeamFunction::Web };
        kept!(db.store, teams.create(&team)).await.expect("taken");
        let other = Team { id: id(2), name: "Housing".into(), function: TeamFunction::Serve };
        kept!(db.store, teams.create(&other)).await.expect("taken");
        let (ada, ben) = (user(&db.store, 5, VIEWER).await, user(&db.store, 6, MANAGER).await);
        let of = |team: &Team| Grant { duty: Duty::Manager, team: Some(team.id) };
        let both: Grants = [of(&team), of(&other), Duty::Analyst.into()].into_iter().collect();
        kept!(db.store, users.set_grants(ada, &both)).await.expect("there");
        assert_eq!(db.store.user(ada).await.expect("there").grants, both);
        for (team, user) in [(team.id, ada), (other.id, ada), (other.id, ben)] {
            assert!(kept!(db.store, teams.add_member(team, user)).await.expect("both are there"));
        }
        assert!(!kept!(db.store, teams.add_member(team.id, ada)).await.expect("in it already"));
        let names = |members: Vec<Member>| members.into_iter().map(|m| m.name).collect::<Vec<_>>();
        assert_eq!(names(db.store.members(other.id).await.expect("read")), ["User 5", "User 6"]);
        let mut sizes = db.store.team_sizes().await.expect("read");
        sizes.sort_unstable();
        assert_eq!(sizes, [(team.id, 1), (other.id, 2)]);
        assert_eq!(db.store.teams_of(ada).await.expect("read"), [other.clone(), team.clone()]);

        kept!(db.store, teams.delete(team.id)).await.expect("there");
        assert_eq!(db.store.user(ada).await.expect("there").grants, [of(&other), Duty::Analyst.into()].into_iter().collect());
        assert_eq!(db.store.teams_of(ada).await.expect("read"), std::slice::from_ref(&other));
        kept!(db.store, teams.remove_member(other.id, ben)).await.expect("in it");
        assert!(matches!(kept!(db.store, teams.remove_member(other.id, ben)).await, Err(StoreError::NotFound("member"))));
        assert_eq!(db.store.users().await.expect("read").len(), 2);
        let gone: Grants = [of(&team)].into_iter().collect();
        for missing in [kept!(db.store, users.set_grants(ada, &gone)).await, kept!(db.store, teams.delete(team.id)).await] {
            assert!(matches!(missing, Err(StoreError::NotFound("team"))), "{missing:?}");
        }
        for missing in [kept!(db.store, teams.add_member(team.id, ada)).await, kept!(db.store, teams.add_member(other.id, id(99))).await] {
            assert!(matches!(missing, Err(StoreError::NotFound("team" | "user"))), "{missing:?}");
        }
    }

    async fn the_name_of_a_team_belongs_to_one_whatever_its_case(db: TestDb) {
        let team = Team { id: id(1), name: "Straßen".into(), function: TeamFunction::Operations };
        kept!(db.store, teams.create(&team)).await.expect("taken");
        let again = Team { id: id(2), name: "STRAßEN".into(), ..team.clone() };
        assert_eq!(conflict(kept!(db.store, teams.create(&again)).await), "team");
        let other = Team { id: id(2), name: "Parks".into(), ..team.clone() };
        kept!(db.store, teams.create(&other)).await.expect("taken");
        assert_eq!(conflict(kept!(db.store, teams.update(&again)).await), "team");
        let renamed = Team { name: "straßen".into(), function: TeamFunction::It, ..team };
        kept!(db.store, teams.update(&renamed)).await.expect("its own name in other letters");
        assert_eq!(db.store.team(renamed.id).await.expect("there"), renamed);
        assert_eq!(db.store.teams().await.expect("read"), [other, renamed]);
    }

    async fn the_audit_trail_is_paged_and_found_by_the_beginning_of_the_action(db: TestDb) {
        let line = |n: i64, action: &str| AuditEntry { at: at(n), actor: "operator".into(), action: action.into(), subject: format!("user:{n}"), details: json!({"n": n}) };
        append(&db.store, vec![line(1, "user.added"), line(2, "user.role_changed"), line(3, "USER.added"), line(4, "users_x")]).await.expect("added");
        append(&db.store, vec![line(5, "user.added")]).await.expect("added");
        append(&db.store, vec![]).await.expect("nothing to add");
        let page = async |action, page| db.store.audit(action, &page).await.expect("read");
        let times = |page: &Page<AuditLine>| page.items.iter().map(|line| line.entry.at).collect::<Vec<_>>();
        let newest = page(None, PageRequest::first(2)).await;
        assert_eq!(times(&newest), [at(5), at(4)]);
        let older = page(None, PageRequest::after(newest.next.expect("more"), 10)).await;
        assert_eq!(times(&older), [at(3), at(2), at(1)]);
        let users = page(Some("user."), PageRequest::first(2)).await;
        assert_eq!(times(&users), [at(5), at(2)]);
        let older_users = page(Some("user."), PageRequest::after(users.next.expect("more"), 2)).await;
        assert_eq!((times(&older_users), older_users.next), (vec![at(1)], None));
        assert_eq!(db.store.audit(None, &PageRequest::first(1)).await.expect("read").items[0].entry, line(5, "user.added"));
    }
}
