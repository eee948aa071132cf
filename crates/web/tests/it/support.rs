//! A server for one test, and somebody who asks it.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use commonweal_app::StagedFile;
use commonweal_app::govern::outside::Rules;
use commonweal_domain::import::Mapping;
use commonweal_domain::permission::Scope;
use commonweal_domain::{Actor, Duty, Form, FormDesign, FormLanguage, Grant};
use commonweal_testkit::app::{PASSWORD, TestApp, TestClock};
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::identity::Service;
use commonweal_web::{WebConfig, WebState};
use serde_json::Value;
use tower::ServiceExt;

pub(crate) struct Server {
    pub(crate) test: TestApp,
    pub(crate) router: Router,
}

impl Server {
    /// A form about a service of its own that asks for everything a form can ask for.
    pub(crate) async fn blue_badge_form(&self, languages: &[FormLanguage]) -> Form {
        let app = &self.test.app;
        let service = app.add_service(&Actor::Operator, "Blue Badge", &[]).await.expect("added");
        let design = FormDesign {
            title: "Blue Badge".into(),
            service: Some(service.id),
            page_report: true,
            consent: true,
            languages: languages.to_vec(),
            ..FormDesign::default()
        };
        app.add_form(&Actor::Operator, design).await.expect("made")
    }

    pub(crate) async fn on(db: TestDb) -> Self {
        Self::with(db, WebConfig { public_url: "https://voice.example.org".into(), ..WebConfig::default() }).await
    }

    pub(crate) async fn with(db: TestDb, config: WebConfig) -> Self {
        Self::of(TestApp::with(db).await, config)
    }

    /// For a body with a sign-in service of its own.
    pub(crate) async fn with_outside(db: TestDb, config: WebConfig, rules: Rules) -> (Self, Service) {
        let clock = Arc::new(TestClock::new());
        let service = Service::start(Arc::clone(&clock) as _).await;
        let test = TestApp::with_outside(db, clock, service.outside(rules)).await;
        (Self::of(test, config), service)
    }

    /// For an application of the test's own.
    pub(crate) fn at(test: TestApp) -> Self {
        Self::of(test, WebConfig { public_url: "https://voice.example.org".into(), ..WebConfig::default() })
    }

    fn of(test: TestApp, config: WebConfig) -> Self {
        crate::logs::begin();
        let router = commonweal_web::router(WebState::new(test.app.clone(), config));
        Self { test, router }
    }

    /// Somebody without a session or a key.
    pub(crate) fn nobody(&self) -> Visitor<'_> {
        Visitor { server: self, cookie: None, key: None }
    }

    /// Another system with a new key.
    pub(crate) async fn program(&self, scopes: &[Scope]) -> Visitor<'_> {
        Visitor { key: Some(self.test.key(scopes).await), ..self.nobody() }
    }

    /// A new user with these duties who has signed in through the form.
    pub(crate) async fn user(&self, duties: &[Duty]) -> Visitor<'_> {
        let user = self.test.user(duties).await;
        let mut visitor = self.nobody();
        let answer = visitor.sign_in(&user.email, PASSWORD, "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        visitor
    }

    /// A new user with one duty, perhaps for one team, who has signed in.
    pub(crate) async fn grantee(&self, grant: Grant) -> Visitor<'_> {
        let user = self.test.user(&[]).await;
        let grants = [grant].into_iter().collect();
        self.test.app.set_duties(&Actor::Operator, user.id, &grants).await.expect("the team is there");
        let mut visitor = self.nobody();
        visitor.sign_in(&user.email, PASSWORD, "").await;
        visitor
    }

    /// A file handed in that waits to be begun.
    pub(crate) async fn staged(&self, name: &str, contents: &str) -> commonweal_domain::records::Import {
        let path = self.test.app.new_import_file(&Actor::Operator).expect("the operator may import");
        std::fs::write(&path, contents).expect("the folder can be written");
        let file = StagedFile { path, name: name.to_owned() };
        self.test.app.stage_import(&Actor::Operator, &file, &Mapping::default()).await.expect("the file can be read").0
    }

    /// A file of people handed in that waits to be begun.
    pub(crate) async fn staged_people(
        &self,
        name: &str,
        contents: &str,
    ) -> commonweal_domain::people_import::PeopleImport {
        let app = &self.test.app;
        let path = app.new_people_file(&Actor::Operator).expect("the operator may import");
        std::fs::write(&path, contents).expect("the folder can be written");
        let file = StagedFile { path, name: name.to_owned() };
        app.stage_people_import(&Actor::Operator, "housing", &file, &Default::default()).await.expect("it can be read")
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let mut request = request;
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([203, 0, 113, 9], 50_000))));
        }
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let told = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let body = match told {
            // It has no end while the server runs.
            true => Bytes::new(),
            false => to_bytes(body, usize::MAX).await.expect("the body arrives as a whole"),
        };
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// Somebody who asks.
#[derive(Clone)]
pub(crate) struct Visitor<'a> {
    pub(crate) server: &'a Server,
    pub(crate) cookie: Option<String>,
    pub(crate) key: Option<String>,
}

impl Visitor<'_> {
    pub(crate) fn request(&self, method: Method, address: &str) -> axum::http::request::Builder {
        let mut request = Request::builder().method(method).uri(address).header(header::HOST, "voice.example.org");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        request
    }

    pub(crate) async fn get(&self, address: &str) -> Answer {
        let request = self.request(Method::GET, address).body(Body::empty()).expect("a valid request");
        self.server.ask(request).await
    }

    /// Sends a form as this server's own pages do.
    pub(crate) async fn post(&self, address: &str, form: &str) -> Answer {
        let request = self
            .request(Method::POST, address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(form.to_owned()))
            .expect("a valid request");
        self.server.ask(request).await
    }

    /// Sends JSON as a program does.
    pub(crate) async fn send(&self, address: &str, json: &str) -> Answer {
        self.send_as(address, "application/json", json, &[]).await
    }

    pub(crate) async fn send_as(&self, address: &str, kind: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.request(Method::POST, address).header(header::CONTENT_TYPE, kind);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.server.ask(request.body(Body::from(body.to_owned())).expect("a valid request")).await
    }

    /// The same from another address of the internet.
    pub(crate) async fn post_from(&self, from: [u8; 4], address: &str, form: &str) -> Answer {
        let mut request = self
            .request(Method::POST, address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(form.to_owned()))
            .expect("a valid request");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((from, 50_000))));
        self.server.ask(request).await
    }

    /// Signs in through the form and keeps the cookie.
    pub(crate) async fn sign_in(&mut self, email: &str, password: &str, next: &str) -> Answer {
        let answer = self.post("/sign-in", &sign_in_form(email, password, next)).await;
        if let Some(cookie) = answer.cookie() {
            self.cookie = Some(cookie);
        }
        answer
    }
}

/// What the form of the sign-in page sends.
pub(crate) fn sign_in_form(email: &str, password: &str, next: &str) -> String {
    serde_urlencoded::to_string([("email", email), ("password", password), ("next", next)])
        .expect("texts can be written")
}

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("not JSON ({e}): {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().expect("a readable header"))
    }

    /// Where it sends the browser.
    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// `name=value` of the cookie that it sets.
    pub(crate) fn cookie(&self) -> Option<String> {
        let set = self.headers.get(header::SET_COOKIE)?.to_str().expect("a readable cookie");
        set.split(';').next().map(str::to_owned)
    }

    /// Every cookie that it sets, in order.
    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().expect("a readable cookie")).collect()
    }

    /// The problem's code, checked to be a whole problem document.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        for field in ["type", "title", "detail", "reference"] {
            assert!(problem[field].as_str().is_some_and(|t| !t.is_empty()), "{field} in {problem}");
        }
        assert_eq!(problem["reference"], self.header("x-request-id"));
        problem["code"].as_str().expect("a code").to_owned()
    }

    /// `field:code` of everything that was wrong.
    pub(crate) fn mistakes(&self) -> Vec<String> {
        let problem = self.json();
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        let text = |e: &Value, key: &str| e[key].as_str().expect("a text").to_owned();
        errors.iter().map(|e| format!("{}:{}", text(e, "field"), text(e, "code"))).collect()
    }
}
