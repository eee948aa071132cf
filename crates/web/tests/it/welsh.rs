//! Whatever can be wrong with an answer is said in the language of the form, on its page and in the widget: each mistake
//! is made in both languages, and no English sentence may come through.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use chrono::TimeDelta;
use commonweal_app::people::{HandleTold, PersonTold};
use commonweal_domain::{Actor, Details, FormLanguage, HandleKind};
use commonweal_testkit::databases::TestDb;
use serde_json::{Value, json};

use crate::support::Server;

/// Fields with what is said of each.
type Problems = Vec<(String, String)>;

/// What the summary above a form says.
fn problems(page: &str) -> Problems {
    let list = page.split("govuk-error-summary__list").nth(1).and_then(|rest| rest.split("</ul>").next());
    let items = list.unwrap_or_default().split("href=\"#").skip(1);
    items
        .map(|item| {
            let (field, rest) = item.split_once('"').expect("a link");
            let said = rest.split('>').nth(1).and_then(|rest| rest.split('<').next()).expect("a sentence");
            (field.to_owned(), said.trim().to_owned())
        })
        .collect()
}

fn none_is_english(english: &Problems, welsh: &Problems, whole: &str) {
    let fields = |all: &Problems| all.iter().map(|(field, _)| field.clone()).collect::<Vec<_>>();
    assert_eq!(fields(english), fields(welsh));
    for (field, sentence) in english {
        assert!(!whole.contains(sentence.as_str()), "in Welsh `{field}` says “{sentence}”");
    }
}

#[tokio::test]
async fn the_page_of_a_form_says_everything_that_is_wrong_in_welsh() {
    let server = Server::on(TestDb::sqlite().await).await;
    let form = server.blue_badge_form(&[FormLanguage::English, FormLanguage::Welsh]).await;
    let (long, address) = ("x".repeat(10_001), format!("https://www.example.org/{}", "x".repeat(1_000)));
    let mistakes: [(&str, &[(&str, &str)]); 10] = [
        ("rating", &[]),
        ("rating", &[("rating", "9")]),
        ("rating", &[("rating", "good")]),
        ("good", &[("good", &long)]),
        ("better", &[("better", &long)]),
        ("wrong", &[("wrong", &long)]),
        ("page", &[("rating", "4"), ("page", &address)]),
        ("agree", &[("rating", "4"), ("email", "ann@example.org")]),
        ("email", &[("rating", "4"), ("agree", "yes")]),
        ("email", &[("rating", "4"), ("agree", "yes"), ("email", "ann")]),
    ];
    let mut sentences = Vec::new();
    for (field, typed) in mistakes {
        let mut said = Vec::new();
        for language in ["en", "cy"] {
            let token = server.test.app.form_token(&form).await.expect("signed");
            server.test.clock.advance(TimeDelta::seconds(5));
            let sent: Vec<(&str, &str)> =
                [("token", token.as_str())].into_iter().chain(typed.iter().copied()).collect();
            let sent = serde_urlencoded::to_string(sent).expect("texts can be written");
            let answer = server.nobody().post(&format!("/f/{}?lang={language}", form.key), &sent).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            said.push(answer.text());
        }
        let (english, welsh) = (problems(&said[0]), problems(&said[1]));
        assert!(english.iter().any(|(at, _)| at == field), "{field}: {english:?}");
        none_is_english(&english, &welsh, &said[1]);
        sentences.extend(english.into_iter().map(|(_, sentence)| sentence));
    }
    sentences.sort_unstable();
    sentences.dedup();
    assert_eq!(sentences.len(), 7, "each rule was broken: {sentences:?}");
}

#[tokio::test]
async fn the_widget_says_everything_that_is_wrong_in_welsh() {
    let server = Server::on(TestDb::sqlite().await).await;
    let form = server.blue_badge_form(&[FormLanguage::English, FormLanguage::Welsh]).await;
    let ask = async |method: Method, key: &str, language: &str, body: &Value| {
        let request = server.nobody().request(method, &format!("/w/forms/{key}?lang={language}"));
        let request = request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()));
        server.ask(request.expect("a request")).await
    };
    let (long, address) = ("x".repeat(10_001), format!("https://www.example.org/{}", "x".repeat(1_000)));
    let mistakes =
        [json!({}), json!({"rating": 9}), json!({"good": long, "better": long}), json!({"rating": 4, "page": address})];
    for mistake in mistakes {
        let mut said = Vec::new();
        for language in ["en", "cy"] {
            let shown = ask(Method::GET, &form.key, language, &Value::Null).await.json();
            server.test.clock.advance(TimeDelta::seconds(5));
            let mut body = mistake.clone();
            body["token"] = shown["token"].clone();
            let answer = ask(Method::POST, &form.key, language, &body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
            let text = |value: &Value| value.as_str().expect("text").to_owned();
            let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
            assert!(!errors.is_empty(), "{}", answer.text());
            let problems: Problems = errors.iter().map(|e| (text(&e["field"]), text(&e["message"]))).collect();
            said.push((problems, answer.text()));
        }
        none_is_english(&said[0].0, &said[1].0, &said[1].1);
    }
    let gone = ask(Method::GET, "nothing", "cy", &Value::Null).await;
    assert_eq!(gone.json()["detail"], "Nid oes ffurflen o’r fath.");
}

#[tokio::test]
async fn the_preferences_say_everything_that_is_wrong_in_welsh() {
    let server = Server::on(TestDb::sqlite().await).await;
    let app = &server.test.app;
    let told = PersonTold {
        key: "1".into(),
        details: Details::default(),
        handles: vec![HandleTold::new(HandleKind::Email, "ann@example.org")],
    };
    let told = app.tell_of_people(&Actor::Operator, "housing", &[told]).await.expect("kept")[0];
    let token = app.make_preference_link(&Actor::Operator, told.person, (told.record, 0)).await.expect("made");
    let mut guest = server.nobody();
    guest.cookie = guest.post(&format!("/preferences/{token}"), "act=mine").await.cookie();
    let long = format!("kind=correct&note={}", "x".repeat(1_001));
    let mistakes = [
        ("writing", "quiet_from=9&pause=no"),
        ("writing", "quiet_from=09%3A00&pause=no"),
        ("writing", "quiet_from=09%3A00&quiet_to=09%3A00&pause=no"),
        ("writing", "pause=until"),
        ("writing", "pause=until&pause_until=2024-01-01"),
        ("writing", "channel=kiosk&pause=no"),
        ("writing", "language=xxxxxxxxxxxxxxxxxxxxxxxxx&pause=no"),
        ("ask", "kind=correct&note="),
        ("ask", &long),
    ];
    for (page, typed) in mistakes {
        let mut said = Vec::new();
        for language in ["en", "cy"] {
            let answer = guest.post(&format!("/preferences/{token}/{page}?lang={language}"), typed).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}: {}", answer.text());
            said.push(answer.text());
        }
        let (english, welsh) = (problems(&said[0]), problems(&said[1]));
        assert!(!english.is_empty(), "{typed}");
        none_is_english(&english, &welsh, &said[1]);
    }
}
