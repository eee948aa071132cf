//! Public forms over HTTP: languages, what comes back, what other websites may not do.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use chrono::TimeDelta;
use commonweal_app::FormLimits;
use commonweal_domain::{Actor, Form, FormDesign, FormLanguage, RatingStyle};
use commonweal_testkit::duties::MANAGER;
use commonweal_testkit::on_both_engines;
use commonweal_web::WebConfig;

use crate::support::{Answer, Server};

async fn form(server: &Server) -> Form {
    let app = &server.test.app;
    let service = app.add_service(&Actor::Operator, "Blue Badge", &[]).await.expect("added");
    let design = FormDesign {
        title: "Blue <Badge>".into(),
        service: Some(service.id),
        rating: RatingStyle::Smileys,
        page_report: true,
        consent: true,
        languages: vec![FormLanguage::English, FormLanguage::Welsh],
        ..FormDesign::default()
    };
    app.add_form(&Actor::Operator, design).await.expect("made")
}

/// A form as the page brings it, shown five seconds ago.
async fn body(server: &Server, form: &Form, more: &[(&str, &str)]) -> String {
    let token = server.test.app.form_token(form).await.expect("signed");
    server.test.clock.advance(TimeDelta::seconds(5));
    let mut pairs = vec![("token", token.as_str())];
    pairs.extend_from_slice(more);
    serde_urlencoded::to_string(pairs).expect("texts can be written")
}

async fn ask(server: &Server, address: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = server.nobody().request(Method::GET, address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    server.ask(request.body(Body::empty()).expect("a valid request")).await
}

async fn kept(server: &Server) -> u64 {
    server.test.app.store().feedback_count().await.expect("counted")
}

on_both_engines! {
    async fn a_form_is_in_the_language_of_its_address_or_of_the_browser(db: TestDb) {
        let server = Server::on(db).await;
        let form = form(&server).await;
        let at = format!("/f/{}", form.key);
        let english = ask(&server, &at, &[("accept-language", "fr")]).await;
        assert!(english.text().contains("What was good?") && english.text().contains("<html lang=\"en-GB\">"));
        assert!(english.header("vary").to_lowercase().contains("accept-language"));
        assert!(english.headers.get(header::SET_COOKIE).is_none(), "no cookies");
        let welsh = ask(&server, &at, &[("accept-language", "cy-GB,en;q=0.5")]).await;
        assert!(welsh.text().contains("Beth oedd yn dda?"));
        // The title has no Welsh: it says which language it is in.
        assert!(welsh.text().contains("lang=\"en\">Blue &#60;Badge&#62;"), "{}", welsh.text());
        let chosen = ask(&server, &format!("{at}?lang=en"), &[("accept-language", "cy")]).await;
        assert!(chosen.text().contains("What was good?"));
        assert_eq!(ask(&server, "/f/nothing?lang=cy", &[]).await.status, StatusCode::NOT_FOUND);
    }

    async fn the_page_that_people_come_from_is_kept_without_what_may_name_them(db: TestDb) {
        let server = Server::on(db).await;
        let form = form(&server).await;
        let at = format!("/f/{}", form.key);
        let from = ask(&server, &at, &[("referer", "https://ann@council.example/apply?name=ann#x")]).await;
        assert!(from.text().contains("value=\"https://council.example/apply\""), "{}", from.text());
        let own = ask(&server, &at, &[("referer", "https://voice.example.org/f/other")]).await;
        assert!(!own.text().contains("voice.example.org/f/other"));
    }

    async fn an_answer_is_taken_once_and_thanked_for(db: TestDb) {
        let server = Server::on(db).await;
        let form = form(&server).await;
        let sent = body(&server, &form, &[("rating", "4"), ("good", "Kind"), ("kiosk", "1")]).await;
        let at = format!("/f/{}?lang=cy", form.key);
        for _ in 0..2 {
            let answer = server.nobody().post(&at, &sent).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
            assert_eq!(answer.location(), format!("/f/{}/thanks?lang=cy&kiosk=1", form.key));
        }
        assert_eq!(kept(&server).await, 1);
        let thanks = server.nobody().get(&format!("/f/{}/thanks?lang=cy", form.key)).await;
        assert!(thanks.text().contains("Diolch am eich adborth"));
    }

    async fn what_is_wrong_is_said_in_the_form_s_language_and_nothing_typed_is_lost(db: TestDb) {
        let server = Server::on(db).await;
        let form = form(&server).await;
        let at = format!("/f/{}?lang=en", form.key);
        let typed = [("good", "\n\"A\" <b> & 👩‍👩‍👧"), ("rating", "9"), ("agree", "yes"), ("email", "ann"), ("page", "/apply")];
        let answer = server.nobody().post(&at, &body(&server, &form, &typed).await).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = answer.text();
        for needed in [
            "Choose one of the answers shown",
            "Enter an email address in the correct format",
            "href=\"#rating\"",
            "href=\"#email\"",
            "&#34;A&#34; &#60;b&#62; &#38; 👩‍👩‍👧",
            "value=\"ann\"",
            "value=\"/apply\"",
        ] {
            assert!(text.contains(needed), "{needed} in {text}");
        }
        let long = "é".repeat(10_001);
        let answer = server.nobody().post(&at, &body(&server, &form, &[("better", &long)]).await).await;
        assert!(answer.text().contains("Your answer has 10,001 characters and 10,000 are allowed"));
        assert!(answer.text().contains(&long));
        let empty = server.nobody().post(&at, &body(&server, &form, &[]).await).await;
        assert!(empty.text().contains("Answer at least one question"));
        assert_eq!(kept(&server).await, 0);
    }

    async fn a_machine_and_a_flood_get_their_words_back(db: TestDb) {
        let forms = FormLimits { refuse_beyond: 2, ..FormLimits::default() };
        let server = Server::with(db, WebConfig { forms, ..WebConfig::default() }).await;
        let form = form(&server).await;
        let at = format!("/f/{}?lang=en", form.key);
        let sent = body(&server, &form, &[("good", "Kind words"), ("more", "https://spam.example")]).await;
        let again = server.nobody().post(&at, &sent).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text().contains("once more") && again.text().contains("Kind words"));
        assert!(!again.text().contains("spam.example"), "the trap is empty again");
        server.nobody().post(&at, &sent).await;
        let flood = server.nobody().post(&at, &sent).await;
        assert_eq!(flood.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(flood.header("retry-after").parse::<u64>().is_ok_and(|s| s > 0));
        assert!(flood.text().contains("Kind words") && flood.text().contains("again in 10 minutes"), "{}", flood.text());
        assert_eq!(kept(&server).await, 0);
    }

    async fn a_form_that_is_full_says_so_in_the_language_of_the_page_and_keeps_the_words(db: TestDb) {
        let server = Server::on(db).await;
        let form = form(&server).await;
        let manager = server.user(MANAGER).await;
        let at = format!("/listen/forms/{}", form.id);
        let place = form.design.service.expect("a service");
        let fields = |per_minute: &str, per_day: &str| {
            format!(
                "version=1&title=Blue+Badge&place={place}&languages=en&languages=cy&rating=smileys&per_minute={per_minute}&per_day={per_day}"
            )
        };
        let wrong = manager.post(&at, &fields("many", "0")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        for needed in ["href=\"#per_minute\"", "href=\"#per_day\"", "from 1 to 100,000", "from 1 to 10,000,000"] {
            assert!(wrong.text().contains(needed), "{needed}: {}", wrong.text());
        }
        assert!(manager.get(&at).await.text().contains("Nothing was turned away in the last 30 days."));
        assert_eq!(manager.post(&at, &fields("1", "2")).await.status, StatusCode::SEE_OTHER);
        server.test.clock.set(commonweal_testkit::app::instant("2024-04-10T12:00:00Z"));
        let send = async |language: &str, words: &str| {
            let sent = body(&server, &form, &[("good", words)]).await;
            server.nobody().post(&format!("/f/{}?lang={language}", form.key), &sent).await
        };
        assert_eq!(send("en", "first").await.status, StatusCode::SEE_OTHER);
        for (language, needed) in [("en", "takes no more answers"), ("cy", "Nid yw’r ffurflen hon yn derbyn rhagor")] {
            let full = send(language, "Kind words").await;
            assert_eq!(full.status, StatusCode::TOO_MANY_REQUESTS);
            assert!(full.header("retry-after").parse::<u64>().is_ok_and(|s| (1..60).contains(&s)));
            assert!(full.text().contains(needed) && full.text().contains("Kind words"), "{}", full.text());
        }
        server.test.clock.advance(TimeDelta::minutes(1));
        assert_eq!(send("en", "second").await.status, StatusCode::SEE_OTHER);
        for (language, needed) in [("en", "again tomorrow"), ("cy", "eto yfory")] {
            let full = send(language, "Kind words").await;
            assert!(full.header("retry-after").parse::<u64>().is_ok_and(|s| s > 3_600));
            assert!(full.text().contains(needed) && full.text().contains("Kind words"), "{}", full.text());
            let shown = server.nobody().get(&format!("/w/forms/{}?lang={language}", form.key)).await.json();
            server.test.clock.advance(TimeDelta::seconds(5));
            let sent = serde_json::json!({"token": shown["token"], "rating": 4}).to_string();
            let address = format!("/w/forms/{}?lang={language}", form.key);
            let widget = server.nobody().send(&address, &sent).await;
            assert_eq!(widget.status, StatusCode::TOO_MANY_REQUESTS);
            assert!(widget.json()["message"].as_str().is_some_and(|m| m.contains(needed)), "{}", widget.text());
        }
        let page = manager.get(&at).await.text();
        assert!(page.contains("Turned away because it takes no more: 6 today, 6 in the last 30 days."), "{page}");
        assert!(page.contains("name=\"per_minute\"") && page.contains("value=\"1\""));
        assert_eq!(kept(&server).await, 2);
    }

    async fn the_token_of_a_form_is_replaced_from_its_page(db: TestDb) {
        let server = Server::on(db).await;
        let form = form(&server).await;
        let manager = server.user(MANAGER).await;
        let at = format!("/listen/forms/{}", form.id);
        let held = body(&server, &form, &[("good", "Kind words")]).await;
        for typed in ["soon", "25", ""] {
            let wrong = manager.post(&format!("{at}/token"), &format!("overlap_hours={typed}")).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(wrong.text().contains("href=\"#overlap_hours\"") && wrong.text().contains("0 to 24 hours"), "{}", wrong.text());
        }
        let done = manager.post(&format!("{at}/token"), "overlap_hours=2").await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, format!("{at}?done=form-token-replaced").as_str()));
        let page = manager.get(done.location()).await.text();
        assert!(page.contains("The token of the form is replaced.") && page.contains("Tokens of before are good until"), "{page}");
        let public = format!("/f/{}?lang=en", form.key);
        assert_eq!(server.nobody().post(&public, &held).await.status, StatusCode::SEE_OTHER);
        server.test.clock.advance(TimeDelta::hours(2));
        let late = server.nobody().post(&public, &held.replace("Kind", "Late")).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.text().contains("once more") && late.text().contains("Late words"), "{}", late.text());
        assert!(!manager.get(&at).await.text().contains("Tokens of before are good until"));
    }

    async fn who_comes_too_late_can_copy_what_they_wrote(db: TestDb) {
        let server = Server::on(db).await;
        let form = form(&server).await;
        server.test.app.open_form(&Actor::Operator, form.id, false).await.expect("closed");
        let at = format!("/f/{}?lang=en", form.key);
        let late = server.nobody().post(&at, &body(&server, &form, &[("good", "A long story")]).await).await;
        assert_eq!(late.status, StatusCode::GONE);
        assert!(late.text().contains("This form is closed") && late.text().contains("A long story"));
        assert_eq!(server.nobody().get(&at).await.status, StatusCode::GONE);
    }

    async fn another_website_can_not_answer_for_its_visitors(db: TestDb) {
        let server = Server::on(db).await;
        let form = form(&server).await;
        let sent = body(&server, &form, &[("rating", "1")]).await;
        let at = format!("/f/{}?lang=en", form.key);
        let kind = "application/x-www-form-urlencoded";
        for headers in [[("sec-fetch-site", "cross-site")], [("origin", "https://evil.example")]] {
            let answer = server.nobody().send_as(&at, kind, &sent, &headers).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        }
        assert_eq!(kept(&server).await, 0);
        let own = server.nobody().send_as(&at, kind, &sent, &[("origin", "https://voice.example.org")]).await;
        assert_eq!(own.status, StatusCode::SEE_OTHER);
        assert_eq!(kept(&server).await, 1);
    }
}
