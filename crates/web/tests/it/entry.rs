//! The pages of keying in.

use axum::http::StatusCode;
use commonweal_domain::Actor;
use commonweal_testkit::app::feedback;
use commonweal_testkit::duties::{ANALYST, VIEWER};
use commonweal_testkit::on_both_engines;

use crate::support::{Answer, Server};

/// The value of a hidden field of a page.
fn hidden(page: &Answer, name: &str) -> String {
    let text = page.text();
    let rest = text.split_once(&format!("name=\"{name}\" value=\"")).map(|(_, rest)| rest.to_owned());
    rest.and_then(|r| r.split_once('"').map(|(value, _)| value.to_owned())).unwrap_or_default()
}

on_both_engines! {
    async fn what_stays_the_same_is_there_for_the_next_one(db: TestDb) {
        let server = Server::on(db).await;
        server.test.app.add_service(&Actor::Operator, "Blue Badge", &["Apply".into()]).await.expect("made");
        let visitor = server.user(ANALYST).await;
        let page = visitor.get("/listen/entry").await;
        assert!(page.text().contains("value=\"2024-04-10\" max=\"2024-04-10\""), "today is the day");
        let key = hidden(&page, "key");
        assert!(!key.is_empty());
        let form = format!("key={key}&channel=letter&day=2024-04-09&time=&place=blue-badge%2Fapply&rating=1&question=Why%3F&words=The+letter+was+rude&question=&words=&question=&words=");
        let answer = visitor.post("/listen/entry", &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let next = visitor.get(answer.location()).await.text();
        for part in [
            "<option value=\"letter\" selected>",
            "value=\"2024-04-09\"",
            "<option value=\"blue-badge/apply\" selected>",
            "name=\"question\" type=\"text\" value=\"Why?\"",
            "id=\"entry-saved\">Saved.",
            "What you keyed in today: one",
            "The letter was rude",
        ] {
            assert!(next.contains(part), "{part} in {next}");
        }
        assert!(!next.contains("rude</textarea>"), "the form itself is empty");
        // The same press a second time.
        let again = visitor.post("/listen/entry", &form).await;
        assert_eq!(again.location(), answer.location());
        assert!(visitor.get("/listen/entry").await.text().contains("What you keyed in today: one"));
        // The page of the feedback says who it was, to everybody.
        let id = answer.location().split_once("saved=").expect("the id").1.to_owned();
        let detail = visitor.get(&format!("/understand/feedback/{id}")).await.text();
        assert!(detail.contains("Keyed in by Analyst 0 on 10 Apr 2024, 13:00"), "{detail}");
        assert!(detail.contains(&format!("/listen/entry/{id}/take-back")));
        let viewer = server.user(VIEWER).await.get(&format!("/understand/feedback/{id}")).await.text();
        assert!(viewer.contains("Keyed in by Analyst 0") && !viewer.contains("/take-back"));
    }

    async fn nothing_that_was_typed_is_lost_by_a_mistake(db: TestDb) {
        let server = Server::on(db).await;
        let one = |_| feedback().rating(4.0).area("North").attribute("age_band", "65+").done();
        // So many that the group may be named.
        server.test.submit((0..10).map(one).collect()).await;
        server.test.index().await;
        let visitor = server.user(ANALYST).await;
        let form = "key=k1&channel=phone&day=2999-01-01&time=11%3A00&rating=3&question=&words=%3Cb%3EStill+here%3C%2Fb%3E&question=Second%3F&words=Too&area=North&capacity=citizen&language=cy&attribute.age_band=65%2B";
        let answer = visitor.post("/listen/entry", form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.text();
        for part in [
            "<a href=\"#day\">The day lies in the future.",
            "id=\"day-error\"",
            "value=\"2999-01-01\"",
            "value=\"11:00\"",
            "id=\"rating-3\" name=\"rating\" value=\"3\" checked",
            "&#60;b&#62;Still here&#60;/b&#62;</textarea>",
            "value=\"Second?\"",
            "name=\"area\" value=\"North\"",
            "name=\"attribute.age_band\" value=\"65+\"",
            "<option value=\"citizen\" selected>",
            "<option value=\"cy\" selected>",
            "<title>Error: Entry",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert_eq!(hidden(&answer, "key"), "k1", "sent again it is the same form");
        assert!(page.contains("<datalist id=\"attribute-age_band-list\">"), "known values are offered");
    }

    async fn a_form_that_was_saved_is_not_saved_again_with_other_words(db: TestDb) {
        let server = Server::on(db).await;
        let visitor = server.user(ANALYST).await;
        let form = |words: &str| format!("key=k1&channel=phone&day=2024-04-10&question=&words={words}");
        assert_eq!(visitor.post("/listen/entry", &form("one")).await.status, StatusCode::SEE_OTHER);
        let answer = visitor.post("/listen/entry", &form("two")).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert!(answer.text().contains("This form was saved already") && answer.text().contains("two</textarea>"));
        assert_ne!(hidden(&answer, "key"), "k1", "the next press saves it as another one");
        assert_eq!(visitor.post("/listen/entry", "channel=phone&day=2024-04-10&words=x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn an_entry_is_changed_and_taken_back_by_whoever_keyed_it_in(db: TestDb) {
        let server = Server::on(db).await;
        let visitor = server.user(ANALYST).await;
        let answer = visitor.post("/listen/entry", "key=k1&channel=phone&day=2024-04-10&time=10%3A15&rating=2&question=&words=Ring+020+7946+0958").await;
        let id = answer.location().split_once("saved=").expect("the id").1.to_owned();
        let form = visitor.get(&format!("/listen/entry/{id}/change")).await;
        assert!(form.text().contains("Ring [phone]</textarea>") && form.text().contains("value=\"10:15\""), "{}", form.text());
        let key = hidden(&form, "key");
        let changed = visitor.post(&format!("/listen/entry/{id}/change"), &format!("key={key}&channel=letter&day=2024-04-10&rating=2&question=&words=Ring+%5Bphone%5D")).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text());
        let id = changed.location().split_once("saved=").expect("the id").1.to_owned();
        let colleague = server.user(ANALYST).await;
        for address in [format!("/listen/entry/{id}/change"), format!("/listen/entry/{id}/take-back")] {
            assert_eq!(colleague.get(&address).await.status, StatusCode::NOT_FOUND);
            assert_eq!(colleague.post(&address, "key=k&channel=phone&day=2024-04-10&words=x").await.status, StatusCode::NOT_FOUND);
        }
        assert!(visitor.get(&format!("/listen/entry/{id}/take-back")).await.text().contains("Ring"));
        let back = visitor.post(&format!("/listen/entry/{id}/take-back"), "").await;
        assert_eq!(back.location(), "/listen/entry?done=entry-taken-back");
        assert!(visitor.get(back.location()).await.text().contains("Nothing yet."));
        assert_eq!(visitor.get(&format!("/understand/feedback/{id}")).await.status, StatusCode::NOT_FOUND);
    }
}
