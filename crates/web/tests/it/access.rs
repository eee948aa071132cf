//! Who may do what, route by route: every route there is, visited by everybody there is, compared
//! with the table in git. A new route changes the table, so nobody forgets to decide.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{Method, header};
use commonweal_app::understand::codeframes::CodeframeTheme;
use commonweal_app::{Chosen, ThemeAct};
use commonweal_domain::permission::Scope;
use commonweal_domain::{Actor, FeedbackId, FormDesign, Role};
use commonweal_testkit::app::feedback;
use commonweal_testkit::on_both_engines;
use commonweal_web::http::security::CONTENT_SECURITY_POLICY;

use crate::support::{Answer, Server, Visitor};

/// Routes that are neither in the API's document nor pages of the console.
const OTHERS: &[(&str, &str)] = &[
    ("GET", "/api/openapi.json"),
    ("GET", "/api/docs"),
    ("GET", "/assets/{file}"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
];

/// Every route: the API's from its document, the console's and the public's from their lists.
fn routes() -> Vec<(String, String)> {
    let document = serde_json::to_value(commonweal_web::api::document::document()).expect("plain data");
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("operations").keys() {
            routes.push((method.to_uppercase(), path.clone()));
        }
    }
    routes.extend(commonweal_web::console_routes().map(|r| (r.method.to_owned(), r.path.to_owned())));
    routes.extend(
        commonweal_web::listen::public::widget::ROUTES.iter().map(|r| (r.method.to_owned(), r.path.to_owned())),
    );
    routes.extend(commonweal_web::listen::public::ROUTES.iter().map(|r| (r.method.to_owned(), r.path.to_owned())));
    routes.extend(OTHERS.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())));
    // Last, because it ends the session of whoever visits it.
    routes.sort_by_key(|(method, path)| (path == "/sign-out", path.clone(), method.clone()));
    routes
}

/// Things for the routes to name.
struct Things {
    feedback: FeedbackId,
    comment: String,
    batch: String,
    theme: String,
    import: String,
    view: String,
    user: String,
    key: String,
    service: String,
    form: commonweal_domain::Form,
    token: String,
    touchpoint: String,
}

impl Things {
    async fn on(server: &Server) -> Self {
        let app = &server.test.app;
        let operator = Actor::Operator;
        let item = feedback().rating(2.0).comment("Write to ann@example.org").service("Blue Badge").touchpoint("Apply");
        let receipt = server.test.submit(vec![item.done()]).await.remove(0);
        server.test.index().await;
        let detail = app.feedback(&operator, receipt.id).await.expect("it was taken in");
        assert!(detail.comments[0].has_original, "the address was redacted");
        // Made once: others on this server find it, whatever became of it.
        if app.codeframes(&operator).await.expect("codeframes").is_empty() {
            let waiting =
                CodeframeTheme { name: "Waiting".into(), words: vec!["wait".into()], ..CodeframeTheme::default() };
            app.put_themes(&operator, "Ours", &[waiting]).await.expect("a theme");
        }
        let import = server.staged("march.csv", "comment,rating\nlate,2\ngood,5\n").await;
        let admin = server.test.user(Role::Administrator).await;
        let own = Actor::User { id: admin.id, role: admin.role };
        let view = app.save_view(&own, "Phones", "channel=phone", true).await.expect("a view");
        let (key, _) = app.add_key(&operator, "spare", vec![Scope::FeedbackRead]).await.expect("a key");
        let services = app.services(&operator).expect("services");
        let design = FormDesign { title: "Blue Badge".into(), service: Some(services[0].id), ..FormDesign::default() };
        let form = app.add_form(&operator, design).await.expect("a form");
        let token = app.form_token(&form).await.expect("a token");
        server.test.clock.advance(chrono::TimeDelta::seconds(5));
        let theme = app.codeframes(&operator).await.expect("codeframes")[0].themes[0].clone();
        let chosen = Chosen::These(vec![receipt.id], Default::default());
        let (batch, _) = app.change_themes(&own, &chosen, theme.id, ThemeAct::Add).await.expect("a change");
        Self {
            token,
            form,
            theme: theme.name,
            batch: batch.to_string(),
            feedback: receipt.id,
            comment: detail.comments[0].id.to_string(),
            import: import.id.to_string(),
            view: view.id.to_string(),
            user: server.test.user(Role::Viewer).await.id.to_string(),
            key: key.id.to_string(),
            service: services[0].id.to_string(),
            touchpoint: services[0].touchpoints[0].id.to_string(),
        }
    }

    fn address(&self, method: &str, path: &str) -> String {
        let id = match path {
            p if p.starts_with("/forms/") => self.form.id.to_string(),
            p if p.contains("/feedback/") => self.feedback.to_string(),
            p if p.contains("/comments/{id}/") => self.comment.clone(),
            p if p.contains("/imports/") => self.import.clone(),
            p if p.contains("/users/") => self.user.clone(),
            p if p.contains("/keys/") => self.key.clone(),
            p if p.contains("/services/") => self.service.clone(),
            p if p.contains("/views/") => self.view.clone(),
            // There is no job that failed; the answer to somebody who may is "no such job".
            _ => FeedbackId(uuid::Uuid::nil()).to_string(),
        };
        if (path, method) == ("/explorer/themes", "GET") {
            return format!("{path}?{}", self.form(path));
        }
        let key = if path.starts_with("/f/") || path.starts_with("/w/") { self.form.key.as_str() } else { "waiting" };
        let file = match path {
            p if p.starts_with("/assets/") => "favicon.svg",
            p if p.starts_with("/w/") => "v1.js",
            _ => "feedback.csv",
        };
        path.replace("{token}", "made-up")
            .replace("{touchpoint}", &self.touchpoint)
            .replace("{key}", key)
            .replace("{feedback}", &self.feedback.to_string())
            .replace("{id}", &id)
            .replace("{comment}", &self.comment)
            .replace("{batch}", &self.batch)
            .replace("{file}", file)
    }

    /// A form that is valid, so that what is answered depends on who asks.
    fn form(&self, path: &str) -> String {
        match path {
            "/sign-in" => "email=nobody%40example.org&password=wrong".into(),
            "/views" => "name=Mine&address=channel%3Dphone".into(),
            "/settings/users" => format!(
                "email=new-{}%40example.org&name=New&role=viewer&password=correct+horse+battery",
                uuid::Uuid::now_v7()
            ),
            "/settings/users/{id}/role" => "role=analyst".into(),
            "/settings/users/{id}/disabled" => "disabled=yes".into(),
            "/settings/users/{id}/password" => "new_password=correct+horse+battery".into(),
            "/settings/keys" => "name=Website&scopes=feedback%3Aread".into(),
            "/f/{key}" => format!("token={}&rating=4", self.token),
            "/forms/new" => format!("title=Mine&place={}&languages=en&rating=thumbs", self.service),
            "/forms/{id}" => format!("version=0&title=Mine&place={}&languages=en&rating=thumbs", self.service),
            "/forms/{id}/open" => "open=yes".into(),
            "/settings/services/{id}/name" => "name=Badges".into(),
            "/settings/services/{id}/touchpoints/{touchpoint}/name" => "name=Ask".into(),
            "/settings/codeframe/add" => format!("name=Lifts+{}&words=lift", uuid::Uuid::now_v7()),
            "/settings/codeframe/themes/{key}" => "name=Waiting&words=wait*".into(),
            "/settings/codeframe/themes/{key}/retire" => "retired=yes".into(),
            "/words" => "text=Send+your+application.".into(),
            "/settings/services" => "name=Parking&touchpoints=Apply".into(),
            "/entry" | "/entry/{id}/change" => {
                format!("key={}&channel=phone&day=2024-04-10&rating=4&words=", uuid::Uuid::now_v7())
            }
            "/feedback/{id}/comments/{comment}/correction" => "act=confirm".into(),
            "/explorer/themes" => {
                format!("scope=ticked&act=add&theme_name={}&pick={}", self.theme.replace(' ', "+"), self.feedback)
            }
            "/me" => "shortcuts=yes&rows=50".into(),
            // With another's password: the visitors of this matrix go on with their sessions.
            "/me/password" => "current_password=wrong&new_password=long+enough+to+be+one".into(),
            _ => String::new(),
        }
    }
}

async fn visit(visitor: &Visitor<'_>, things: &Things, method: &str, path: &str) -> Answer {
    let address = things.address(method, path);
    match (method, path) {
        ("GET", _) => visitor.get(&address).await,
        ("POST", "/api/v1/feedback") => visitor.send(&address, r#"{"rating":4}"#).await,
        ("POST", "/api/v1/comments/{id}/correction") => visitor.send(&address, r#"{"act":"confirm"}"#).await,
        ("POST", "/api/v1/words") => visitor.send(&address, r#"{"text":["Send your application."]}"#).await,
        ("POST", "/imports/new") => {
            let body = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"april.csv\"\r\n\r\ncomment,rating\nslow,1\n\r\n--b--\r\n";
            let request = visitor
                .request(Method::POST, &address)
                .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
                .body(Body::from(body))
                .expect("a valid request");
            visitor.server.ask(request).await
        }
        ("POST", _) => visitor.post(&address, &things.form(path)).await,
        other => panic!("this test does not know how to send {other:?}"),
    }
}

/// What was answered, in a word.
fn outcome(answer: &Answer) -> String {
    match answer.status.as_u16() {
        303 if answer.location().starts_with("/sign-in") => "sign in".to_owned(),
        // The sign-in page that carries what was sent.
        401 if answer.header("content-type").starts_with("text/html") => "sign in".to_owned(),
        status => status.to_string(),
    }
}

fn assert_is_safe(answer: &Answer, what: &str) {
    assert_eq!(answer.header("content-security-policy"), CONTENT_SECURITY_POLICY, "{what}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(answer.header("referrer-policy"), "same-origin", "{what}");
    assert!(!answer.header("cache-control").is_empty(), "{what}");
    let page = answer.header("content-type").starts_with("text/html");
    if page && answer.status.is_success() {
        let text = answer.text();
        for inline in [" style=", " onclick=", " onload=", "<style", "javascript:"] {
            assert!(!text.contains(inline), "{what} has {inline}, which the policy forbids");
        }
    }
    assert!(!answer.status.is_server_error(), "{what}: {}", answer.text());
}

on_both_engines! {
    async fn every_route_answers_each_role_as_the_table_says(db: TestDb) {
        let server = Server::on(db).await;
        let things = Things::on(&server).await;
        let visitors = [
            ("nobody", server.nobody()),
            ("viewer", server.user(Role::Viewer).await),
            ("analyst", server.user(Role::Analyst).await),
            ("manager", server.user(Role::Manager).await),
            ("admin", server.user(Role::Administrator).await),
            ("key:write", server.program(&[Scope::FeedbackWrite]).await),
            ("key:read", server.program(&[Scope::FeedbackRead]).await),
            ("key:export", server.program(&[Scope::FeedbackExport]).await),
            ("key:imports", server.program(&[Scope::ImportsRead]).await),
        ];
        let mut table = format!("{:<58}", "");
        for (name, _) in &visitors {
            write!(table, "{name:>12}").expect("a text grows");
        }
        table.push('\n');
        for (method, path) in routes() {
            write!(table, "{:<58}", format!("{method:<4} {path}")).expect("a text grows");
            for (name, visitor) in &visitors {
                let answer = visit(visitor, &things, &method, &path).await;
                assert_is_safe(&answer, &format!("{name}: {method} {path}"));
                write!(table, "{:>12}", outcome(&answer)).expect("a text grows");
            }
            table.push('\n');
        }
        insta::with_settings!({ prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("who_may_do_what", table);
        });
    }
}
