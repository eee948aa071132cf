//! Teams and duties: pages and API.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use commonweal_domain::permission::Scope;
use commonweal_domain::{Actor, Duty, Grant, Grants, TeamFunction};
use commonweal_testkit::duties::{ADMINISTRATOR, MANAGER};
use commonweal_testkit::on_both_engines;
use serde_json::json;

use crate::support::{Answer, Server, Visitor};

async fn ask(visitor: &Visitor<'_>, method: Method, address: &str, body: &str) -> Answer {
    let request = visitor.request(method, address).header(header::CONTENT_TYPE, "application/json");
    visitor.server.ask(request.body(Body::from(body.to_owned())).expect("a valid request")).await
}

on_both_engines! {
    async fn a_team_is_added_filled_renamed_and_deleted_on_its_page(db: TestDb) {
        let server = Server::on(db).await;
        let visitor = server.user(MANAGER).await;
        assert!(visitor.get("/settings/teams").await.text().contains("There is no team yet."));
        let wrong = visitor.post("/settings/teams", "name=Housing&function=").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains("Choose what the team is there for.") && wrong.text().contains("value=\"Housing\""), "{}", wrong.text());
        assert_eq!(visitor.post("/settings/teams", "name=Housing&function=serve").await.location(), "/settings/teams?done=team-added");
        let taken = visitor.post("/settings/teams", "name=housing&function=serve").await;
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(taken.text().contains("There is a team of this name already"), "{}", taken.text());
        let id = server.test.app.teams(&Actor::Operator).await.expect("teams")[0].team.id;
        let page = format!("/settings/teams/{id}");
        let ann = server.test.user(&[]).await;
        assert_eq!(visitor.post(&format!("{page}/members"), "user=").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(visitor.post(&format!("{page}/members"), &format!("user={}", ann.id)).await.location(), format!("{page}?done=member-added"));
        let text = visitor.get(&page).await.text();
        assert!(text.contains(&ann.name) && !text.contains(&format!("value=\"{}\"", ann.id)), "in it, and not to be chosen: {text}");
        let removed = visitor.post(&format!("{page}/members/{}/remove", ann.id), "").await;
        assert_eq!(removed.location(), format!("{page}?done=member-removed"));
        visitor.post(&page, "name=Homes&function=operations").await;
        assert!(visitor.get("/settings/teams").await.text().contains("Homes"));
        let asked = visitor.post(&format!("{page}/delete"), "").await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(asked.text().contains("href=\"#confirmed\""), "{}", asked.text());
        assert_eq!(visitor.post(&format!("{page}/delete"), "confirmed=yes").await.location(), "/settings/teams?done=team-deleted");
        assert_eq!(visitor.get(&page).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_manager_of_one_team_sees_the_way_to_it_and_to_no_other(db: TestDb) {
        let server = Server::on(db).await;
        let add = |name| server.test.app.add_team(&Actor::Operator, name, TeamFunction::Serve);
        let (housing, parks) = (add("Housing").await.expect("a team"), add("Parks").await.expect("a team"));
        let visitor = server.grantee(Grant { duty: Duty::Manager, team: Some(housing.id) }).await;
        let list = visitor.get("/settings/teams").await.text();
        assert!(list.contains(&format!("href=\"/settings/teams/{}\"", housing.id)), "{list}");
        assert!(list.contains("Parks") && !list.contains(&parks.id.to_string()) && !list.contains("Add a team"), "{list}");
        assert!(list.contains("href=\"/settings/teams\"") && !list.contains("href=\"/settings/services\""), "the navigation: {list}");
        assert_eq!(visitor.get(&format!("/settings/teams/{}", parks.id)).await.status, StatusCode::FORBIDDEN);
        let own = visitor.get(&format!("/settings/teams/{}", housing.id)).await.text();
        assert!(own.contains("Add somebody") && !own.contains("Delete the team"), "{own}");
    }

    async fn duties_are_chosen_on_the_page_of_a_user(db: TestDb) {
        let server = Server::on(db).await;
        let team = server.test.app.add_team(&Actor::Operator, "Housing", TeamFunction::Serve).await.expect("a team");
        let (visitor, ann) = (server.user(ADMINISTRATOR).await, server.test.user(&[]).await);
        let page = format!("/settings/users/{}", ann.id);
        let grant = Grant { duty: Duty::Manager, team: Some(team.id) };
        let saved = visitor.post(&format!("{page}/duties"), &format!("duties=analyst&duties={}", grant.to_string().replace(':', "%3A"))).await;
        assert_eq!(saved.location(), format!("{page}?done=duties-changed"));
        let kept = server.test.app.user(&Actor::Operator, ann.id).await.expect("there").grants;
        assert_eq!(kept, [Duty::Analyst.into(), grant].into_iter().collect::<Grants>());
        let text = visitor.get(&page).await.text();
        assert!(text.contains("Now: Analyst, Manager of Housing."), "{text}");
        assert!(visitor.get("/settings/users").await.text().contains("Analyst, Manager of Housing"));
        let unknown = visitor.post(&format!("{page}/duties"), "duties=owner").await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        visitor.post(&format!("{page}/duties"), "").await;
        assert_eq!(server.test.app.user(&Actor::Operator, ann.id).await.expect("there").grants, Grants::default());
    }

    async fn the_last_administrator_is_told_why_the_duty_stays(db: TestDb) {
        let server = Server::on(db).await;
        let admin = server.test.user(ADMINISTRATOR).await;
        let mut visitor = server.nobody();
        visitor.sign_in(&admin.email, commonweal_testkit::app::PASSWORD, "").await;
        let page = format!("/settings/users/{}/duties", admin.id);
        let refused = visitor.post(&page, "duties=analyst").await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text().contains("This is the last administrator."), "{}", refused.text());
        server.test.user(ADMINISTRATOR).await;
        assert_eq!(visitor.post(&page, "duties=analyst").await.location(), "/me?done=duties-changed");
        assert_eq!(visitor.get("/settings/users").await.status, StatusCode::FORBIDDEN);
    }

    async fn another_system_keeps_the_teams_over_the_api(db: TestDb) {
        let server = Server::on(db).await;
        let (writes, reads, ann) = (server.program(&[Scope::TeamsWrite]).await, server.program(&[Scope::TeamsRead]).await, server.test.user(&[]).await);
        let added = ask(&writes, Method::POST, "/api/v1/teams", r#"{"name":"Housing","function":"serve"}"#).await;
        assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
        let address = added.location().to_owned();
        let member = format!("{address}/users/{}", ann.id);
        for _ in 0..2 {
            assert_eq!(ask(&writes, Method::PUT, &member, "").await.status, StatusCode::NO_CONTENT);
        }
        let read = writes.get(&address).await.json();
        assert_eq!((&read["name"], &read["function"], &read["members"]), (&json!("Housing"), &json!("serve"), &json!(1)));
        assert_eq!(read["users"], json!([{"id": ann.id, "name": ann.name, "may_sign_in": true}]));
        assert_eq!(reads.get("/api/v1/teams").await.json()["teams"][0]["members"], json!(1));
        assert_eq!(reads.get(&address).await.status, StatusCode::FORBIDDEN, "names of colleagues");
        for (body, field) in [(r#"{"name":"","function":"serve"}"#, "/name"), (r#"{"name":"A","function":"x"}"#, "/function")] {
            let wrong = ask(&writes, Method::PUT, &address, body).await;
            assert_eq!((wrong.status, &wrong.json()["errors"][0]["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)), "{}", wrong.text());
        }
        let taken = ask(&writes, Method::POST, "/api/v1/teams", r#"{"name":"HOUSING","function":"it"}"#).await;
        assert_eq!((taken.status, &taken.json()["code"]), (StatusCode::CONFLICT, &json!("team_taken")));
        assert_eq!(ask(&writes, Method::PUT, &address, r#"{"name":"Homes","function":"it"}"#).await.status, StatusCode::NO_CONTENT);
        assert_eq!(ask(&writes, Method::DELETE, &member, "").await.status, StatusCode::NO_CONTENT);
        assert_eq!(ask(&writes, Method::DELETE, &member, "").await.status, StatusCode::NOT_FOUND);
        assert_eq!(ask(&writes, Method::DELETE, &address, "").await.status, StatusCode::NO_CONTENT);
        assert_eq!(writes.get(&address).await.status, StatusCode::NOT_FOUND);
    }
}
