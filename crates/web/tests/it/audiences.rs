//! Audiences: made in a form of rows, counted and never named, over pages and the API.

use axum::http::StatusCode;
use commonweal_app::people::PersonTold;
use commonweal_domain::permission::Scope;
use commonweal_domain::{Actor, Details, Duty};
use commonweal_testkit::on_both_engines;
use serde_json::json;

use crate::support::Server;

/// So many tenants and others, of whom two thirds can be written to.
async fn people(server: &Server, tenants: usize, others: usize) {
    let told: Vec<PersonTold> = (0..tenants + others)
        .map(|n| PersonTold {
            key: format!("T-{n}"),
            details: Details {
                surname: Some(format!("Surname{n}x")),
                address: if n % 3 > 0 { vec![format!("{n} Larch Court")] } else { Vec::new() },
                attributes: [("tenure".to_owned(), if n < tenants { "Tenant" } else { "Owner" }.to_owned())].into(),
                ..Details::default()
            },
            handles: Vec::new(),
        })
        .collect();
    server.test.app.tell_of_people(&Actor::Operator, "housing", &told).await.expect("kept");
}

on_both_engines! {
    async fn a_communicator_makes_an_audience_by_a_form_and_sees_how_many(db: TestDb) {
        let server = Server::on(db).await;
        people(&server, 60, 50).await;
        let visitor = server.user(&[Duty::Communicator]).await;
        let page = visitor.get("/people/audiences").await.text();
        assert!(page.contains("There is no audience yet."), "{page}");
        let row = "name=Tenants&together=all&kind-0=attribute&name-0=tenure&values-0=tenant";
        let added = visitor.post("/people/audiences/new", &format!("{row}&add=reach&do=add")).await.text();
        assert!(added.contains("Condition 2: they can be reached") && added.contains("value=\"tenant\""), "{added}");
        let counted = visitor.post("/people/audiences/new", &format!("{row}&do=count")).await.text();
        assert!(counted.contains("People who have “tenure: tenant”."), "{counted}");
        assert!(counted.contains("about "), "{counted}");
        for name in ["Surname1x", "Larch"] {
            assert!(!counted.contains(name), "a communicator sees nobody");
        }
        let saved = visitor.post("/people/audiences/new", &format!("{row}&do=save")).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        let address = saved.location().split('?').next().expect("an address").to_owned();
        let shown = visitor.get(&address).await.text();
        assert!(shown.contains("Tenants") && shown.contains("not shown"), "nobody has an email address: {shown}");
        // What is wrong stands at its row.
        let wrong = visitor.post(&address, "name=Tenants&kind-0=contact&from-0=June&do=count").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains("href=\"#from-0\""), "{}", wrong.text());
        assert!(visitor.post(&format!("{address}/delete"), "confirmed=yes").await.location().starts_with("/people/audiences"));
        assert_eq!(visitor.get(&address).await.status, StatusCode::NOT_FOUND);
    }

    async fn over_the_api_a_rule_is_counted_and_what_is_wrong_has_its_place(db: TestDb) {
        let server = Server::on(db).await;
        people(&server, 60, 50).await;
        let key = server.program(&[Scope::AudiencesWrite]).await;
        let count = async |rule: serde_json::Value| {
            let answer = key.send("/api/v1/audiences/count", &json!({"rule": rule}).to_string()).await;
            (answer.status, serde_json::from_str::<serde_json::Value>(&answer.text()).expect("JSON"))
        };
        let tenants = json!({"attribute": {"name": "tenure", "is": ["Tenant"]}});
        let (status, counted) = count(tenants.clone()).await;
        assert_eq!((status, counted["protection"]["minimum"].as_u64()), (StatusCode::OK, Some(10)));
        let shown = counted["count"].as_u64().expect("shown");
        assert!((40..=80).contains(&shown) && shown % 5 == 0, "{counted}");
        // Nobody wants Welsh: that is not told from a few.
        let (_, few) = count(json!({"all": [tenants.clone(), {"language": ["cy"]}]})).await;
        assert_eq!((&few["count"], few["withheld"][0]["code"].as_str()), (&json!(null), Some("too_few")));
        // Everybody with and without what hardly anybody lacks.
        let (_, part) = count(json!({"all": [tenants.clone(), {"not": {"language": ["cy"]}}]})).await;
        assert_eq!((part["withheld"][0]["field"].as_str(), part["withheld"][0]["code"].as_str()), (Some("/all/1"), Some("too_small_a_part")));
        let (status, refused) = count(json!({"any": [tenants.clone(), {"contact": {"service": ["nowhere"]}}]})).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.to_string().contains("/rule/any/1/contact/service/0"), "{refused}");
        let (_, refused) = count(json!({"rang": true})).await;
        assert!(refused.to_string().contains("/rule/rang"), "{refused}");
        let kept = key.send("/api/v1/audiences", &json!({"name": "Tenants", "rule": tenants}).to_string()).await;
        assert_eq!(kept.status, StatusCode::CREATED);
        let taken = key.send("/api/v1/audiences", &json!({"name": "Tenants", "rule": tenants}).to_string()).await;
        assert_eq!(taken.status, StatusCode::CONFLICT);
    }
}
