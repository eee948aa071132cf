//! What somebody typed outlives their session.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use chrono::TimeDelta;
use commonweal_app::govern::sign_in::IDLE_HOURS;
use commonweal_domain::{Actor, PageRequest};
use commonweal_testkit::app::PASSWORD;
use commonweal_testkit::duties::{ADMINISTRATOR, ANALYST, VIEWER};
use commonweal_testkit::on_both_engines;

use crate::support::{Answer, Server, Visitor};

const TYPED: &str = "key=k1&channel=phone&day=2024-04-10&rating=2&question=&words=A+long+%22letter%22+%26%0D%0Amore";

/// Name and value of the hidden fields of a page, in order.
fn hidden(page: &str) -> Vec<(String, String)> {
    let unescape = |text: &str| {
        text.replace("&#38;", "&")
            .replace("&#34;", "\"")
            .replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&#39;", "'")
    };
    let parts = page.split("<input type=\"hidden\" name=\"").skip(1);
    parts
        .map(|part| {
            let (name, rest) = part.split_once("\" value=\"").expect("a value");
            (unescape(name), unescape(rest.split_once('"').expect("its end").0))
        })
        .collect()
}

/// Signs in on a sign-in page that came as an answer, with its hidden fields.
async fn sign_in_there(visitor: &mut Visitor<'_>, page: &Answer, email: &str, password: &str) -> Answer {
    let mut fields = hidden(&page.text());
    fields.extend([("email".to_owned(), email.to_owned()), ("password".to_owned(), password.to_owned())]);
    let answer = visitor.post("/sign-in", &serde_urlencoded::to_string(fields).expect("texts")).await;
    if let Some(cookie) = answer.cookie() {
        visitor.cookie = Some(cookie);
    }
    answer
}

on_both_engines! {
    async fn what_was_typed_before_a_session_ended_is_sent_after_signing_in(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(ANALYST).await;
        let mut visitor = server.nobody();
        visitor.sign_in(&user.email, PASSWORD, "").await;
        let before = visitor.cookie.clone();
        server.test.clock.advance(TimeDelta::hours(IDLE_HOURS));
        let page = visitor.post("/listen/entry", TYPED).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        assert!(page.text().contains("Your session has ended") && page.text().contains("What you typed is not lost"));
        // A mistake at the sign-in loses nothing either.
        let wrong = sign_in_there(&mut visitor, &page, &user.email, "wrong password").await;
        assert_eq!((wrong.status, hidden(&wrong.text())), (StatusCode::UNPROCESSABLE_ENTITY, hidden(&page.text())));
        let go_on = sign_in_there(&mut visitor, &wrong, &user.email, PASSWORD).await;
        assert_eq!(go_on.status, StatusCode::OK, "{}", go_on.text());
        assert!(go_on.text().contains("action=\"/listen/entry\"") && go_on.text().contains("Continue sending"));
        assert_ne!(visitor.cookie, before, "the session is a new one");
        assert!(server.test.app.entries_today(&user.actor(), &PageRequest::first(10)).await.expect("a list").items.is_empty(), "nothing is sent before the button is pressed");
        let sent = visitor.post("/listen/entry", &serde_urlencoded::to_string(hidden(&go_on.text())).expect("texts")).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        let entered = server.test.app.entries_today(&user.actor(), &PageRequest::first(10)).await.expect("a list").items;
        assert_eq!(entered[0].doc.comments[0].text, "A long \"letter\" &\nmore");
    }

    async fn whoever_signs_in_then_sends_it_in_their_own_name(db: TestDb) {
        let server = Server::on(db).await;
        let (analyst, viewer) = (server.test.user(ANALYST).await, server.test.user(VIEWER).await);
        let mut visitor = server.nobody();
        let page = visitor.post("/listen/entry", TYPED).await;
        let go_on = sign_in_there(&mut visitor, &page, &viewer.email, PASSWORD).await;
        assert!(go_on.text().contains(&format!("You are signed in as {}.", viewer.name)));
        let refused = visitor.post("/listen/entry", &serde_urlencoded::to_string(hidden(&go_on.text())).expect("texts")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "their permissions count");
        let page = server.nobody().post("/listen/entry", TYPED).await;
        let mut other = server.nobody();
        let go_on = sign_in_there(&mut other, &page, &analyst.email, PASSWORD).await;
        let sent = other.post("/listen/entry", &serde_urlencoded::to_string(hidden(&go_on.text())).expect("texts")).await;
        let id = sent.location().split_once("saved=").expect("the id").1.to_owned();
        let by = server.test.app.entered_by(&Actor::Operator, id.parse().expect("an id")).await.expect("known").expect("somebody");
        assert_eq!(by.name, analyst.name);
    }

    async fn a_session_planted_before_is_not_carried_over_with_the_form(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(ANALYST).await;
        let mut visitor = server.nobody();
        visitor.cookie = Some("cw=made-up-by-somebody-else".into());
        let page = visitor.post("/listen/entry", TYPED).await;
        assert_eq!(page.cookie(), None, "the page gives no session");
        sign_in_there(&mut visitor, &page, &user.email, PASSWORD).await;
        assert_ne!(visitor.cookie.as_deref(), Some("cw=made-up-by-somebody-else"));
    }

    async fn a_carried_form_goes_to_no_other_place(db: TestDb) {
        let server = Server::on(db).await;
        let user = server.test.user(ANALYST).await;
        for to in ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "/sign-in"] {
            let form = [("email", user.email.as_str()), ("password", PASSWORD), ("carry_to", to), ("carry", "a=b")];
            let answer = server.nobody().post("/sign-in", &serde_urlencoded::to_string(form).expect("texts")).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"), "{to:?}");
        }
        let quoted = [("email", user.email.as_str()), ("password", PASSWORD), ("carry_to", "/listen/entry\"><script>"), ("carry", "%3Cscript%3E=%22%3E%3Cb")];
        let answer = server.nobody().post("/sign-in", &serde_urlencoded::to_string(quoted).expect("texts")).await;
        assert!(!answer.text().contains("<script>") && !answer.text().contains("\"><b"), "{}", answer.text());
    }

    async fn only_what_a_page_of_ours_sent_is_carried(db: TestDb) {
        let server = Server::on(db).await;
        let send = |headers: Vec<(&'static str, &'static str)>| {
            let mut request = server.nobody().request(Method::POST, "/listen/entry").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").header(header::CONTENT_LENGTH, TYPED.len());
            for (name, value) in headers {
                request = request.header(name, value);
            }
            server.ask(request.body(Body::from(TYPED)).expect("a valid request"))
        };
        for foreign in [vec![("sec-fetch-site", "cross-site")], vec![("origin", "https://evil.example")]] {
            let answer = send(foreign).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            assert!(!answer.text().contains("letter"));
        }
        let program = send(vec![]).await;
        assert_eq!((program.status, program.location()), (StatusCode::SEE_OTHER, "/sign-in"));
        assert_eq!(send(vec![("origin", "https://voice.example.org")]).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn passwords_and_files_are_not_carried(db: TestDb) {
        let server = Server::on(db).await;
        let page = server.nobody().post("/settings/users", "email=new%40example.org&name=New&role=viewer&password=correct+horse+battery").await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        assert!(page.text().contains("new%40example.org") && !page.text().contains("horse"));
        let admin = server.test.user(ADMINISTRATOR).await;
        let mut visitor = server.nobody();
        let go_on = sign_in_there(&mut visitor, &page, &admin.email, PASSWORD).await;
        assert!(go_on.text().contains("A password is never kept"));
        let body = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"april.csv\"\r\n\r\ncomment\nslow\n\r\n--b--\r\n";
        let upload = server
            .nobody()
            .request(Method::POST, "/listen/imports/new")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .header(header::REFERER, "https://voice.example.org/listen/imports/new")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .expect("a valid request");
        let answer = server.ask(upload).await;
        assert_eq!(answer.location(), "/sign-in?ended=yes&next=%2Flisten%2Fimports%2Fnew");
        assert!(server.nobody().get(answer.location()).await.text().contains("What you sent was not saved"));
        let long = format!("key=k&words={}", "x".repeat(600_000));
        assert_eq!(server.nobody().post("/listen/entry", &long).await.location(), "/sign-in?ended=yes");
    }
}
