//! Teams, and duties for one of them.

use commonweal_app::Error;
use commonweal_domain::{Actor, Duty, Grant, Grants, PageRequest, Permission, Team, TeamFunction};
use commonweal_testkit::app::TestApp;
use commonweal_testkit::duties::{ADMINISTRATOR, MANAGER};
use commonweal_testkit::on_both_engines;

const OPERATOR: Actor = Actor::Operator;

async fn team(t: &TestApp, name: &str) -> Team {
    t.app.add_team(&OPERATOR, name, TeamFunction::Serve).await.expect("the name is free")
}

/// A new user who manages one team.
async fn manager_of(t: &TestApp, team: &Team) -> Actor {
    let user = t.user(&[]).await;
    let grants: Grants = [Grant { duty: Duty::Manager, team: Some(team.id) }].into_iter().collect();
    t.app.set_duties(&OPERATOR, user.id, &grants).await.expect("the team is there");
    Actor::User { id: user.id, grants }
}

on_both_engines! {
    async fn a_team_is_managed_by_its_own_managers_and_by_those_of_the_body(db: TestDb) {
        let t = TestApp::with(db).await;
        let (housing, parks) = (team(&t, "Housing").await, team(&t, "Parks").await);
        let (own, body, ann) = (manager_of(&t, &housing).await, t.user(MANAGER).await.actor(), t.user(&[]).await);
        for manager in [&own, &body] {
            t.app.change_team(manager, housing.id, "Homes", TeamFunction::Operations).await.expect("theirs");
            t.app.add_member(manager, housing.id, ann.id).await.expect("theirs");
            t.app.add_member(manager, housing.id, ann.id).await.expect("in it already");
            let (read, members) = t.app.team(manager, housing.id).await.expect("theirs");
            assert_eq!((read.name.as_str(), read.function, members.len()), ("Homes", TeamFunction::Operations, 1));
            let outside = t.app.candidates(manager, housing.id, &members).await.expect("theirs");
            assert!(!outside.is_empty() && outside.iter().all(|m| m.user != ann.id));
            t.app.remove_member(manager, housing.id, ann.id).await.expect("theirs");
        }
        let other = [
            t.app.change_team(&own, parks.id, "Green", TeamFunction::Serve).await.map(drop),
            t.app.add_member(&own, parks.id, ann.id).await,
            t.app.remove_member(&own, parks.id, ann.id).await,
            t.app.team(&own, parks.id).await.map(drop),
            t.app.candidates(&own, parks.id, &[]).await.map(drop),
            // Whether there is a team at all is for the managers of the body to say.
            t.app.add_team(&own, "Mine", TeamFunction::Serve).await.map(drop),
            t.app.delete_team(&own, housing.id).await,
        ];
        for refused in other {
            assert!(matches!(refused, Err(Error::Denied(Permission::ManageTeams))), "{refused:?}");
        }
        let all = t.app.teams(&own).await.expect("everybody may");
        assert_eq!(all.iter().map(|s| (s.team.name.as_str(), s.members)).collect::<Vec<_>>(), [("Homes", 0), ("Parks", 0)]);
        assert!(matches!(t.app.teams(&Actor::Anonymous).await, Err(Error::Unauthenticated)));
    }

    async fn a_team_that_is_deleted_takes_the_duties_for_it_along(db: TestDb) {
        let t = TestApp::with(db).await;
        let housing = team(&t, "Housing").await;
        let Actor::User { id, .. } = manager_of(&t, &housing).await else { panic!("a user") };
        t.app.add_member(&OPERATOR, housing.id, id).await.expect("both are there");
        assert_eq!(t.app.teams_of(&OPERATOR, id).await.expect("read"), std::slice::from_ref(&housing));
        t.app.delete_team(&OPERATOR, housing.id).await.expect("there");
        assert_eq!(t.app.user(&OPERATOR, id).await.expect("stays").grants, Grants::default());
        assert_eq!(t.app.teams_of(&OPERATOR, id).await.expect("read"), []);
        t.db.settled().await;
        let trail = t.app.audit_trail(&OPERATOR, Some("team"), &PageRequest::first(10)).await.expect("read").items;
        let actions: Vec<_> = trail.iter().map(|line| line.entry.action.as_str()).collect();
        assert_eq!(actions, ["team.deleted", "team.member_added", "team.added"]);
        assert!(trail.iter().all(|line| !format!("{:?}", line.entry).contains("Housing")), "ids, no names");
        let events = t.app.store().events_after(Default::default(), 100).await.expect("read");
        assert_eq!(events.iter().filter(|e| e.kind == "team.changed").count(), 3);
    }

    async fn a_name_is_taken_whatever_its_case_and_says_so(db: TestDb) {
        let t = TestApp::with(db).await;
        let (housing, parks) = (team(&t, "Housing").await, team(&t, " Parks \t and gardens ").await);
        assert_eq!(parks.name, "Parks and gardens");
        let again = t.app.add_team(&OPERATOR, "HOUSING", TeamFunction::It).await.expect_err("taken");
        assert_eq!(again.code(), "team_taken");
        let same = t.app.change_team(&OPERATOR, parks.id, "housing", TeamFunction::It).await.expect_err("another's");
        assert_eq!(same.code(), "team_taken");
        t.app.change_team(&OPERATOR, housing.id, "HOUSING", TeamFunction::It).await.expect("its own");
        assert!(matches!(t.app.add_team(&OPERATOR, " ", TeamFunction::It).await, Err(Error::Invalid(_))));
    }

    async fn duties_are_given_by_administrators_each_for_what_it_means_something_for(db: TestDb) {
        let t = TestApp::with(db).await;
        let (housing, ann) = (team(&t, "Housing").await, t.user(&[]).await);
        let of_team = |duty| [Grant { duty, team: Some(housing.id) }].into_iter().collect::<Grants>();
        for duty in Duty::ALL {
            let given = t.app.set_duties(&OPERATOR, ann.id, &of_team(*duty)).await;
            assert_eq!(given.is_ok(), duty.is_of_teams(), "{duty:?}: {given:?}");
        }
        let manager = t.user(MANAGER).await.actor();
        for refused in [
            t.app.set_duties(&manager, ann.id, &Grants::of(MANAGER)).await,
            t.app.user(&manager, ann.id).await.map(drop),
            t.app.teams_of(&manager, ann.id).await.map(drop),
        ] {
            assert!(matches!(refused, Err(Error::Denied(Permission::Administer))), "{refused:?}");
        }
        // To oneself too, and it is kept who did it.
        let admin = t.user(&[Duty::Administrator]).await;
        t.app.set_duties(&admin.actor(), admin.id, &Grants::of(ADMINISTRATOR)).await.expect("an administrator may");
        let trail = t.app.audit_trail(&OPERATOR, Some("user"), &PageRequest::first(1)).await.expect("read").items;
        let line = &trail[0].entry;
        assert_eq!((line.actor.as_str(), line.action.as_str()), (admin.actor().audit_name().as_str(), "user.duties_changed"));
        assert_eq!(line.details["duties"], serde_json::json!(["analyst", "listener", "manager", "administrator"]));
    }
}
