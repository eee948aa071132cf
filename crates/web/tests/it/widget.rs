//! The feedback widget's addresses: its script for everybody, forms for the pages that they list.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use chrono::TimeDelta;
use commonweal_app::{FormLimits, hash16};
use commonweal_domain::{Actor, Form, FormDesign, FormLanguage, RatingStyle};
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::duties::ADMINISTRATOR;
use commonweal_testkit::on_both_engines;
use commonweal_web::WebConfig;
use commonweal_web::http::assets;
use serde_json::{Value, json};

use crate::support::{Answer, Server};

const HOST: &str = "https://www.council.example";

async fn form(server: &Server, design: FormDesign) -> Form {
    let app = &server.test.app;
    let service = app.add_service(&Actor::Operator, "Blue Badge", &["Apply".to_owned()]).await.expect("a service");
    let design = FormDesign { title: "Blue Badge".into(), service: Some(service.id), ..design };
    app.add_form(&Actor::Operator, design).await.expect("a form")
}

fn listed() -> FormDesign {
    FormDesign {
        origins: vec![HOST.to_owned()],
        languages: vec![FormLanguage::English, FormLanguage::Welsh],
        ..FormDesign::default()
    }
}

/// Asks as a browser does for a page of this origin.
async fn from(server: &Server, origin: &str, method: Method, address: &str, body: Option<&Value>) -> Answer {
    let mut request = server.nobody().request(method, address).header("sec-fetch-site", "cross-site");
    if !origin.is_empty() {
        request = request.header(header::ORIGIN, origin);
    }
    let body = body.map_or_else(Body::empty, |json| Body::from(json.to_string()));
    server.ask(request.header(header::CONTENT_TYPE, "application/json").body(body).expect("a request")).await
}

async fn token(server: &Server, form: &Form) -> String {
    let shown = from(server, HOST, Method::GET, &format!("/w/forms/{}", form.key), None).await;
    server.test.clock.advance(TimeDelta::seconds(30));
    shown.json()["token"].as_str().expect("a token").to_owned()
}

on_both_engines! {
    async fn an_answer_from_a_page_that_the_form_lists_is_taken(db: TestDb) {
        let server = Server::on(db).await;
        let form = form(&server, listed()).await;
        let address = format!("/w/forms/{}", form.key);
        let ready = from(&server, HOST, Method::OPTIONS, &address, None).await;
        assert_eq!(ready.status, StatusCode::NO_CONTENT);
        for (name, value) in [
            ("access-control-allow-origin", HOST),
            ("access-control-allow-methods", "GET, POST"),
            ("access-control-allow-headers", "content-type"),
            ("vary", "Origin"),
        ] {
            assert_eq!(ready.header(name), value, "{name}");
        }
        let body = json!({"token": token(&server, &form).await, "rating": 5, "good": "Quick", "better": "", "page": "https://www.council.example/apply?name=ann#top"});
        let answer = from(&server, HOST, Method::POST, &address, Some(&body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.json()["taken"], true);
        assert_eq!(answer.header("access-control-allow-origin"), HOST);
        assert_eq!(answer.header("access-control-allow-credentials"), "", "cookies are never let in");
        assert_eq!(answer.header("cache-control"), "no-store");
        server.test.index().await;
        let admin = server.user(ADMINISTRATOR).await;
        let found = admin.get(&format!("/understand/explorer?source=form:{}", form.key)).await.text();
        assert!(found.contains("Quick"), "{found}");
    }

    async fn a_page_that_the_form_does_not_list_gets_nothing_but_the_reason(db: TestDb) {
        let server = Server::on(db).await;
        let form = form(&server, listed()).await;
        let address = format!("/w/forms/{}", form.key);
        let body = json!({"token": token(&server, &form).await, "rating": 5});
        for origin in ["https://evil.example", "null", "http://www.council.example", "https://www.council.example.evil.example", "https://council.example"] {
            for (method, sent) in [(Method::GET, None), (Method::POST, Some(&body))] {
                let answer = from(&server, origin, method, &address, sent).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin}");
                assert!(answer.json()["detail"].as_str().is_some_and(|d| d.contains(origin)), "{}", answer.text());
                assert_eq!(answer.json().as_object().map(serde_json::Map::len), Some(1), "and nothing else");
                assert_eq!(answer.header("vary"), "Origin");
            }
            let ready = from(&server, origin, Method::OPTIONS, &address, None).await;
            assert_eq!((ready.status, ready.header("access-control-allow-methods")), (StatusCode::FORBIDDEN, ""));
        }
        let own = from(&server, "https://voice.example.org", Method::GET, &address, None).await;
        assert_eq!(own.status, StatusCode::OK, "our own pages may show it");
        assert_eq!(from(&server, HOST, Method::GET, "/w/forms/nothing", None).await.status, StatusCode::NOT_FOUND);
    }

    async fn the_widget_opens_no_other_address_to_other_sites(db: TestDb) {
        let server = Server::on(db).await;
        let form = form(&server, listed()).await;
        let admin = server.user(ADMINISTRATOR).await;
        for address in ["/settings", "/sign-in", &format!("/f/{}", form.key), "/api/v1/feedback"] {
            let answer = admin.send_as(address, "application/x-www-form-urlencoded", "name=x", &[("origin", HOST), ("sec-fetch-site", "cross-site")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{address}");
            assert_eq!(answer.header("access-control-allow-origin"), "", "{address}");
        }
    }

    async fn what_is_wrong_is_said_at_its_field_in_the_language_of_the_page(db: TestDb) {
        let server = Server::on(db).await;
        let form = form(&server, listed()).await;
        let address = format!("/w/forms/{}?lang=cy", form.key);
        let shown = from(&server, HOST, Method::GET, &address, None).await.json();
        assert_eq!((shown["lang"].as_str(), shown["words"]["cancel"].as_str()), (Some("cy"), Some("Canslo")));
        let token = token(&server, &form).await;
        let empty = from(&server, HOST, Method::POST, &address, Some(&json!({"token": token}))).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(empty.json()["errors"][0], json!({"field": "rating", "message": "Atebwch o leiaf un cwestiwn"}));
        let long = json!({"token": token, "rating": 9, "good": "x".repeat(10_001)});
        let fields: Vec<Value> = from(&server, HOST, Method::POST, &address, Some(&long)).await.json()["errors"]
            .as_array().expect("errors").iter().map(|e| e["field"].clone()).collect();
        assert_eq!(fields, ["rating", "good"]);
        for nonsense in ["", "{}", "[1]", "{\"token\":\"x\",\"rating\":5,\"email\":\"a@b.c\"}", "{\"token\":\"x\",\"rating\":-1}"] {
            let request = server.nobody().request(Method::POST, &address).header(header::ORIGIN, HOST);
            let answer = server.ask(request.body(Body::from(nonsense)).expect("a request")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{nonsense}: {}", answer.text());
        }
    }

    async fn machines_and_floods_are_held_back_as_on_the_form_itself(db: TestDb) {
        let forms = FormLimits { ask_beyond: 3, refuse_beyond: 4, ..FormLimits::default() };
        let server = Server::with(db, WebConfig { forms, ..WebConfig::default() }).await;
        let form = form(&server, listed()).await;
        let address = format!("/w/forms/{}", form.key);
        let send = |token: &str| json!({"token": token, "rating": 4});
        let forged = from(&server, HOST, Method::POST, &address, Some(&send("made up"))).await;
        assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
        let again = forged.json()["token"].as_str().expect("a token to come again with").to_owned();
        server.test.clock.advance(TimeDelta::seconds(3));
        assert_eq!(from(&server, HOST, Method::POST, &address, Some(&send(&again))).await.status, StatusCode::OK);
        for _ in 0..2 {
            from(&server, HOST, Method::POST, &address, Some(&send("made up"))).await;
        }
        let flood = from(&server, HOST, Method::POST, &address, Some(&send(&again))).await;
        assert_eq!(flood.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(flood.header("retry-after").parse::<u64>().is_ok_and(|s| s > 0));
        assert!(flood.json()["message"].as_str().is_some_and(|m| m.contains("minutes")), "{}", flood.text());
    }

    async fn a_closed_form_says_so(db: TestDb) {
        let server = Server::on(db).await;
        let form = form(&server, FormDesign { rating: RatingStyle::None, ..listed() }).await;
        let token = token(&server, &form).await;
        server.test.app.open_form(&Actor::Operator, form.id, false).await.expect("closed");
        let address = format!("/w/forms/{}", form.key);
        for (method, body) in [(Method::GET, None), (Method::POST, Some(json!({"token": token, "good": "x"})))] {
            let answer = from(&server, HOST, method, &address, body.as_ref()).await;
            assert_eq!(answer.status, StatusCode::GONE);
            assert_eq!(answer.json()["detail"], "This form is closed. It takes no more answers.");
        }
    }
}

#[tokio::test]
async fn the_script_can_be_checked_by_whoever_embeds_it() {
    let server = Server::on(TestDb::sqlite().await).await;
    let address = assets::widget_address().expect("the widget is built");
    let pinned = server.nobody().get(&address).await;
    assert_eq!(pinned.header("cache-control"), "public, max-age=31536000, immutable");
    let newest = server.nobody().get("/w/v1.js").await;
    assert_eq!(newest.header("cache-control"), "public, max-age=3600");
    for script in [&pinned, &newest] {
        assert_eq!(script.status, StatusCode::OK);
        assert_eq!(script.header("access-control-allow-origin"), "*");
        assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    }
    assert_eq!(hash16(&pinned.body), hash16(&newest.body));
    assert!(assets::integrity("widget.js").is_some_and(|i| i.starts_with("sha384-") && i.len() == 71));
    for gone in ["/w/0123456789.js", "/w/console.js", "/w/v2.js", "/w/widget.js", "/w/v1"] {
        assert_eq!(server.nobody().get(gone).await.status, StatusCode::NOT_FOUND, "{gone}");
    }
}
