//! The pages of the first run.

use axum::http::StatusCode;
use commonweal_domain::Actor;
use commonweal_testkit::duties::MANAGER;
use commonweal_testkit::on_both_engines;

use crate::support::Server;

on_both_engines! {
    async fn a_new_body_is_set_up_from_nothing_in_a_browser(db: TestDb) {
        let server = Server::on(db).await;
        let token = server.test.app.first_token(&Actor::Operator).await.expect("asked").expect("nobody is there");
        let address = format!("/welcome/{token}");
        let mut visitor = server.nobody();
        assert!(visitor.get(&address).await.text().contains("Be the first to sign in"));
        let short = visitor.post(&address, "name=Ada&email=ada%40example.org&password=short").await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(short.text().contains("value=\"Ada\"") && !short.text().contains("value=\"short\""));
        let answer = visitor.post(&address, "name=Ada&email=ada%40example.org&password=correct+horse+battery").await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/welcome"));
        visitor.cookie = answer.cookie();
        // The address is gone, for everybody.
        for who in [&visitor, &server.nobody()] {
            let gone = who.get(&address).await;
            assert_eq!(gone.status, StatusCode::NOT_FOUND);
            assert!(gone.text().contains("not good any more"));
            let again = who.post(&address, "name=Eve&email=eve%40example.org&password=correct+horse+battery").await;
            assert_eq!(again.status, StatusCode::NOT_FOUND);
        }
        assert!(visitor.get("/").await.text().contains("href=\"/welcome\""), "the empty Overview points to it");

        assert!(visitor.get("/welcome").await.text().contains("Step 1 of 3"));
        let wrong = visitor.post("/welcome", "step=1&name=&person_word=tenant&time_zone=Europe%2FLondon").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains("value=\"tenant\"") && wrong.text().contains("name-error"));
        let next = visitor.post("/welcome", "step=1&name=Ambleside+Homes&person_word=tenant&time_zone=Europe%2FLondon").await;
        assert_eq!(next.location(), "/welcome?step=2");
        // Left and taken up again: it goes on with what is not done.
        let second = visitor.get("/welcome").await.text();
        assert!(second.contains("Step 2 of 3") && second.contains("Find out\nApply\nWait\nUse\nComplain</textarea>"), "{second}");
        let unnamed = visitor.post("/welcome", "step=2&service=&touchpoints=Report").await;
        assert!(unnamed.text().contains("href=\"#service\"") && unnamed.text().contains("Report</textarea>"), "{}", unnamed.text());
        let next = visitor.post("/welcome", "step=2&service=Repairs&touchpoints=Report%0D%0AWait").await;
        assert_eq!(next.location(), "/welcome?step=3");
        assert!(visitor.get("/welcome").await.text().contains("Step 3 of 3"));
        let services = server.test.app.services(&Actor::Operator).expect("services");
        assert_eq!(services[0].touchpoints.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["Report", "Wait"]);
        assert_eq!(server.test.app.settings().person_word, "tenant");
        server.staged("march.csv", "comment\nlate\n").await;
        assert_eq!(visitor.get("/welcome").await.location(), "/", "nothing is left to say");
        assert!(visitor.get("/welcome?step=1").await.text().contains("value=\"Ambleside Homes\""), "but each step can be seen again");
    }

    async fn only_an_administrator_is_led(db: TestDb) {
        let server = Server::on(db).await;
        let manager = server.user(MANAGER).await;
        assert_eq!(manager.get("/welcome").await.status, StatusCode::FORBIDDEN);
        assert_eq!(manager.post("/welcome", "step=2&service=X").await.status, StatusCode::FORBIDDEN);
        assert!(!manager.get("/").await.text().contains("href=\"/welcome\""));
    }
}
