//! Who may do what, route by route: every route there is, visited by everybody there is, compared
//! with the table in git. A new route changes the table, so nobody forgets to decide.

use std::fmt::Write as _;
use std::num::NonZeroU32;

use axum::body::Body;
use axum::http::{Method, header};
use commonweal_app::deliver::{DispatchDraft, MessageDraft, Says, SenderDraft};
use commonweal_app::people::{AudienceDraft, ConsentTold, HandleTold, PersonTold, StandingTold};
use commonweal_app::understand::codeframes::CodeframeTheme;
use commonweal_app::{Chosen, HookInput, ThemeAct};
use commonweal_domain::audience::{Reach, Rule};
use commonweal_domain::permission::Scope;
use commonweal_domain::{
    Actor, Channel, Details, Duty, FeedbackId, FormDesign, Function, Grant, HandleKind, HoldReason, HoldTerms, Lane,
    MessageText, SenderKind, SenderSetup, TeamFunction, TopicInput, TopicWords,
};
use commonweal_testkit::app::feedback;
use commonweal_testkit::duties::ADMINISTRATOR;
use commonweal_testkit::on_both_engines;
use commonweal_web::http::security::{CONTENT_SECURITY_POLICY, FRAMED};
use commonweal_web::{RateLimits, WebConfig};

use crate::support::{Answer, Server, Visitor};

/// Routes that are neither in the API's document nor pages of the console.
const OTHERS: &[(&str, &str)] = &[
    ("GET", "/api/openapi.json"),
    ("GET", "/api/docs"),
    ("GET", "/assets/{file}"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/.well-known/security.txt"),
    ("GET", "/security.txt"),
];

/// What a route is asked with: its address with names in braces, and a form.
struct Ask {
    method: String,
    path: String,
    query: &'static str,
    form: &'static str,
}

/// Every route: the API's from its document, the console's and the public's from what the capabilities bring.
fn routes() -> Vec<Ask> {
    let document = serde_json::to_value(commonweal_web::document()).expect("plain data");
    let mut routes = Vec::new();
    let plain =
        |method: &str, path: &str| Ask { method: method.to_owned(), path: path.to_owned(), query: "", form: "" };
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("operations").keys() {
            routes.push(plain(&method.to_uppercase(), path));
        }
    }
    let listed = commonweal_web::console_routes().chain(commonweal_web::public_routes());
    let listed = listed.chain(commonweal_web::foreign_routes());
    routes.extend(listed.map(|r| Ask { query: r.query, form: r.form, ..plain(r.method, r.path) }));
    routes.extend(OTHERS.iter().map(|(method, path)| plain(method, path)));
    // Last, because it ends the session of whoever visits it.
    routes.sort_by_key(|r| (r.path == "/sign-out", r.path.clone(), r.method.clone()));
    routes
}

/// Things for the routes to name, by the names that stand for them in addresses and forms.
struct Things(Vec<(&'static str, String)>);

/// A topic, once on each server.
async fn topic(app: &commonweal_app::App) -> String {
    let words = |name: &str| TopicWords { name: name.into(), description: "Once a month.".into() };
    let input = TopicInput { english: words("Your street"), welsh: words("Eich stryd"), lane: Some(Lane::News) };
    match app.add_topic(&Actor::Operator, input).await {
        Ok(topic) => topic.key,
        Err(_) => "your-street".to_owned(),
    }
}

/// The token of the link in a message about a topic, by which whoever got it unsubscribes; and the send that it was part of.
async fn sent(server: &Server, topic: &str) -> (String, String) {
    let (app, operator) = (&server.test.app, Actor::Operator);
    let told = PersonTold {
        key: "3".into(),
        details: Details::default(),
        handles: vec![HandleTold::new(HandleKind::Email, "reader@example.org")],
    };
    let person = Box::pin(app.tell_of_people(&operator, "list", &[told])).await.expect("kept")[0].person;
    let consents = vec![ConsentTold {
        topic: topic.into(),
        channel: Channel::Email,
        agreed: true,
        at: None,
        how: "rang".into(),
        wording: String::new(),
    }];
    let agreed = StandingTold { source: Some("list".into()), consents, ..StandingTold::default() };
    app.tell_standing(&operator, person, agreed).await.expect("kept");
    let setup = SenderSetup {
        name: "mail".into(),
        kind: SenderKind::Files,
        from: "voice@example.org".into(),
        from_name: String::new(),
        reply_to: None,
        return_to: None,
        server: None,
        gateway: None,
        per_second: None,
        per_day: None,
        domain_limits: Vec::new(),
        cost: 0,
        test_only_to: None,
        enabled: true,
    };
    let sender = app.save_sender(&operator, None, SenderDraft { setup, secret: None, version: None }).await;
    let text = MessageText { subject: "Your street".into(), body: "It will be closed.".into() };
    let draft = DispatchDraft {
        name: "Road works".into(),
        says: Says::Texts([("en".to_owned(), text)].into()),
        lane: Lane::News,
        topic: Some(topic.into()),
        function: Function::Inform,
        sender: sender.expect("a sender").id,
        audience: Rule::Reach(vec![Reach::Email]),
        team: None,
        starts_at: None,
        ends_at: None,
        drop_held: false,
    };
    let planned = Box::pin(app.plan_dispatch(&operator, draft)).await.expect("planned");
    let stop = tokio_util::sync::CancellationToken::new();
    while Box::pin(app.work_once("test", &stop)).await.expect("works") {}
    Box::pin(app.deliver_due()).await.expect("delivered");
    let arrived = server.test.post.arrived();
    let link = arrived.iter().find_map(|parcel| parcel.unsubscribe.clone()).expect("a link");
    (link.rsplit('/').next().expect("a token").to_owned(), planned.id.to_string())
}

impl Things {
    async fn on(server: &Server) -> Self {
        let app = &server.test.app;
        let operator = Actor::Operator;
        let item = feedback().rating(2.0).comment("Write to ann@example.org").service("Blue Badge").touchpoint("Apply");
        let receipt = server.test.submit(vec![item.done()]).await.remove(0);
        server.test.index().await;
        let detail = Box::pin(app.feedback(&operator, receipt.id)).await.expect("it was taken in");
        assert!(detail.comments[0].has_original, "the address was redacted");
        // Made once: others on this server find it, whatever became of it.
        if app.codeframes(&operator).await.expect("codeframes").is_empty() {
            let waiting =
                CodeframeTheme { name: "Waiting".into(), words: vec!["wait".into()], ..CodeframeTheme::default() };
            app.put_themes(&operator, "Ours", &[waiting]).await.expect("a theme");
        }
        let people_import = server.staged_people("tenants.csv", "ref,surname\nT-9,Exampleby\n").await;
        let import = server.staged("march.csv", "comment,rating\nlate,2\ngood,5\n").await;
        let admin = server.test.user(ADMINISTRATOR).await;
        let own = admin.actor();
        let view = Box::pin(app.save_view(&own, "Phones", "channel=phone", true)).await.expect("a view");
        let (key, _) = Box::pin(app.add_key(&operator, "spare", vec![Scope::FeedbackRead], None)).await.expect("a key");
        let hook =
            |name: &str| HookInput { name: name.into(), address: "https://example.org/hook".into(), kinds: vec![] };
        let (old_hook, _) = Box::pin(app.add_hook(&operator, &hook("old"))).await.expect("a web hook");
        let (hook, _) = Box::pin(app.add_hook(&operator, &hook("cases"))).await.expect("a web hook");
        let services = app.services(&operator).expect("services");
        let design = FormDesign { title: "Blue Badge".into(), service: Some(services[0].id), ..FormDesign::default() };
        let form = Box::pin(app.add_form(&operator, design)).await.expect("a form");
        let token = Box::pin(app.form_token(&form)).await.expect("a token");
        server.test.clock.advance(chrono::TimeDelta::seconds(5));
        let theme = Box::pin(app.codeframes(&operator)).await.expect("codeframes")[0].themes[0].clone();
        let chosen = Chosen::These(vec![receipt.id], Default::default());
        let (batch, _) = Box::pin(app.change_themes(&own, &chosen, theme.id, ThemeAct::Add)).await.expect("a change");
        let service = &services[0];
        let told = |key: &str, born: &str| PersonTold {
            key: key.into(),
            details: Details {
                given_names: Some("Ann".into()),
                surname: Some("Exampleby".into()),
                birth_date: born.parse().ok(),
                postcode: Some("ZX4 7QT".into()),
                ..Details::default()
            },
            handles: vec![HandleTold::new(HandleKind::Account, format!("account {key}"))],
        };
        // Of the second it can't be told whether she is the first.
        let people = [told("1", "1950-03-07"), told("2", "")];
        let told = Box::pin(app.tell_of_people(&operator, "housing", &people)).await.expect("kept");
        let draft =
            AudienceDraft { name: "By email".into(), rule: Rule::Reach(vec![Reach::Email]), team: None, version: None };
        let audience = Box::pin(app.save_audience(&operator, None, &draft)).await.expect("kept");
        let suggestion = Box::pin(app.suggestions(&operator, 1)).await.expect("may").remove(0);
        let (person, record) = (told[0].person, told[0].record);
        let topic = topic(app).await;
        let terms = HoldTerms {
            lanes: vec![Lane::News],
            reason: HoldReason::Legal,
            note: String::new(),
            begins: app.now(),
            ends: None,
            owner: server.test.user(&[Duty::Caseworker]).await.id,
        };
        let hold = Box::pin(app.put_hold(&operator, person, terms)).await.expect("a hold");
        let link = Box::pin(app.make_preference_link(&operator, person, (record, 0))).await.expect("a link");
        let (unsubscribe, dispatch) = Box::pin(sent(server, &topic)).await;
        let sender = Box::pin(app.senders(&operator)).await.expect("senders")[0].id;
        let text = MessageText { subject: "Bins".into(), body: "Dear ((name)), on Monday.".into() };
        let draft =
            MessageDraft { name: "Bins".into(), team: None, texts: [("en".to_owned(), text)].into(), version: None };
        let message = Box::pin(app.save_message(&operator, None, draft)).await.expect("a message");
        // Each server has teams of its own: names are taken once.
        let team = |name: &str| {
            let (app, name) = (app.clone(), format!("{name} {}", uuid::Uuid::now_v7()));
            async move { app.add_team(&Actor::Operator, &name, TeamFunction::Serve).await.expect("a team") }
        };
        let (team, other_team) = (team("Housing").await, team("Parks").await);
        Self(vec![
            ("feedback", receipt.id.to_string()),
            ("comment", detail.comments[0].id.to_string()),
            ("batch", batch.to_string()),
            ("theme", "waiting".to_owned()),
            ("theme_name", theme.name.replace(' ', "+")),
            ("import", import.id.to_string()),
            ("people_import", people_import.id.to_string()),
            ("person", told[0].person.to_string()),
            ("suggestion", suggestion.id.to_string()),
            ("topic", topic),
            ("hold", hold.to_string()),
            ("preference_token", link),
            ("delivery_token", unsubscribe),
            ("dispatch", dispatch),
            ("audience", audience.audience.id.to_string()),
            ("sender", sender.to_string()),
            ("message", message.id.to_string()),
            ("view", view.id.to_string()),
            ("user", server.test.user(&[]).await.id.to_string()),
            ("team", team.id.to_string()),
            ("other_team", other_team.id.to_string()),
            ("api_key", key.id.to_string()),
            ("hook", hook.id.to_string()),
            ("old_hook", old_hook.id.to_string()),
            ("service", service.id.to_string()),
            ("touchpoint", service.touchpoints[0].id.to_string()),
            ("form", form.id.to_string()),
            ("form_key", form.key.clone()),
            ("form_token", token),
            ("export", "feedback.csv".to_owned()),
            ("file", "v1.js".to_owned()),
            ("token", "made-up".to_owned()),
            // There is no passkey, no job that failed, no contact without feedback, nothing was discovered and nothing sent; the
            // answer to somebody who may is "no such thing".
            ("job", FeedbackId(uuid::Uuid::nil()).to_string()),
            ("passkey", FeedbackId(uuid::Uuid::nil()).to_string()),
            ("delivery", FeedbackId(uuid::Uuid::nil()).to_string()),
            ("mailbox", FeedbackId(uuid::Uuid::nil()).to_string()),
            ("sender", FeedbackId(uuid::Uuid::nil()).to_string()),
            ("message", FeedbackId(uuid::Uuid::nil()).to_string()),
            ("number", "1".to_owned()),
            ("contact", FeedbackId(uuid::Uuid::nil()).to_string()),
            ("discovery", FeedbackId(uuid::Uuid::nil()).to_string()),
            ("request", FeedbackId(uuid::Uuid::nil()).to_string()),
        ])
    }

    /// The id of a thing.
    fn id<T: From<uuid::Uuid>>(&self, name: &str) -> T {
        let (_, id) = self.0.iter().find(|(thing, _)| *thing == name).expect("it is one of them");
        id.parse::<uuid::Uuid>().expect("an id").into()
    }

    /// A text with the things that it names.
    fn filled(&self, text: &str) -> String {
        let named = self.0.iter().fold(text.to_owned(), |t, (name, thing)| t.replace(&format!("{{{name}}}"), thing));
        named.replace("{new}", &uuid::Uuid::now_v7().to_string())
    }

    fn address(&self, ask: &Ask) -> String {
        // The API says `{id}`, and what of stands before it.
        let id = match ask.path.as_str() {
            p if p.contains("/feedback/{id}") => "{feedback}",
            p if p.contains("/comments/{id}") => "{comment}",
            p if p.contains("/contacts/{id}") => "{contact}",
            p if p.contains("/audiences/{id}") && ask.method == "DELETE" => "{job}",
            p if p.contains("/audiences/{id}") => "{audience}",
            p if p.contains("/messages/{id}") => "{delivery}",
            // One that is not there, so that it goes on for whoever comes next.
            p if p.contains("/dispatches/{id}/") => "{job}",
            p if p.contains("/dispatches/{id}") => "{dispatch}",
            p if p.contains("/people/imports/{id}") => "{people_import}",
            p if p.contains("/imports/{id}") => "{import}",
            p if p.contains("/people/suggestions/{id}") => "{suggestion}",
            p if p.contains("/people/changes/{id}") => "{job}",
            p if p.contains("/people/holds/{id}") => "{job}",
            p if p.contains("/people/{id}") => "{person}",
            // One that is not there, so that it is not gone for whoever comes next.
            p if p.contains("/teams/{id}") && ask.method == "DELETE" => "{job}",
            p if p.contains("/teams/{id}") => "{team}",
            _ => "{id}",
        };
        let path = self.filled(&ask.path.replace("{id}", id).replace("/assets/{file}", "/assets/favicon.svg"));
        assert!(!path.contains('{'), "nothing is known to stand in {}", ask.path);
        if ask.query.is_empty() { path } else { format!("{path}?{}", self.filled(ask.query)) }
    }
}

async fn visit(visitor: &Visitor<'_>, things: &Things, ask: &Ask) -> Answer {
    let address = things.address(ask);
    match (ask.method.as_str(), ask.path.as_str()) {
        ("GET", _) => visitor.get(&address).await,
        ("POST", "/api/v1/feedback") => visitor.send(&address, r#"{"rating":4}"#).await,
        ("POST", "/api/v1/contacts") => {
            visitor.send(&address, r#"{"channel":"phone","direction":"in","function":"serve"}"#).await
        }
        ("DELETE", _) => {
            let request = visitor.request(Method::DELETE, &address).body(Body::empty()).expect("a valid request");
            visitor.server.ask(request).await
        }
        ("POST", "/api/v1/teams") => {
            let name = things.filled("Team {new}");
            visitor.send(&address, &format!(r#"{{"name":"{name}","function":"serve"}}"#)).await
        }
        ("PUT", "/api/v1/people/{id}/deceased") => {
            let request = visitor.request(Method::PUT, &address).header(header::CONTENT_TYPE, "application/json");
            visitor.server.ask(request.body(Body::from("{}")).expect("a valid request")).await
        }
        ("PUT", path) => {
            let request = visitor.request(Method::PUT, &address).header(header::CONTENT_TYPE, "application/json");
            let body = if path.contains("/audiences/") {
                // Without a name, so that it stays as it is.
                r#"{"name":"","rule":{"reach":["email"]}}"#.to_owned()
            } else if path.ends_with("/{id}") {
                things.filled(r#"{"name":"Housing {team}","function":"serve"}"#)
            } else {
                String::new()
            };
            visitor.server.ask(request.body(Body::from(body)).expect("a valid request")).await
        }
        ("POST", "/api/v1/comments/{id}/correction") => visitor.send(&address, r#"{"act":"confirm"}"#).await,
        ("POST", "/api/v1/people") => visitor.send(&address, r#"{"source":"housing","people":[]}"#).await,
        ("POST", "/api/v1/audiences/count") => visitor.send(&address, r#"{"rule":{"reach":["email"]}}"#).await,
        ("POST", "/api/v1/audiences") => visitor.send(&address, r#"{"name":"","rule":{"reach":["email"]}}"#).await,
        ("POST", "/api/v1/people/search") => visitor.send(&address, r#"{"q":"exampleby"}"#).await,
        ("POST", "/api/v1/people/suggestions/{id}") => visitor.send(&address, r#"{"decided":"perhaps"}"#).await,
        ("POST", "/api/v1/people/{id}/merge") => visitor.send(&address, &things.filled(r#"{"with":"{person}"}"#)).await,
        ("POST", "/api/v1/people/{id}/split") => visitor.send(&address, r#"{"records":[]}"#).await,
        ("POST", "/api/v1/people/{id}/preferences") => visitor.send(&address, r#"{"language":"cy"}"#).await,
        ("POST", "/api/v1/people/{id}/consents") => visitor.send(&address, r#"{"consents":[]}"#).await,
        ("POST", "/api/v1/people/{id}/holds") => {
            let owner = FeedbackId(uuid::Uuid::nil());
            let body = format!(r#"{{"lanes":["news"],"reason":"legal","owner":"{owner}"}}"#);
            visitor.send(&address, &body).await
        }
        ("POST", "/api/v1/messages") => {
            let body = r#"{"texts":{"en":{"subject":"Hello","body":"Hello"}},"recipients":[]}"#;
            visitor.send(&address, body).await
        }
        ("POST", "/api/v1/words") => visitor.send(&address, r#"{"text":["Send your application."]}"#).await,
        ("POST", "/people/imports/new") => {
            let body = "--b\r\ncontent-disposition: form-data; name=\"source\"\r\n\r\nhousing\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"april.csv\"\r\n\r\nref,surname\nT-1,Exampleby\n\r\n--b--\r\n";
            let request = visitor
                .request(Method::POST, &address)
                .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
                .body(Body::from(body))
                .expect("a valid request");
            visitor.server.ask(request).await
        }
        ("POST", "/listen/imports/new") => {
            let body = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"april.csv\"\r\n\r\ncomment,rating\nslow,1\n\r\n--b--\r\n";
            let request = visitor
                .request(Method::POST, &address)
                .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
                .body(Body::from(body))
                .expect("a valid request");
            visitor.server.ask(request).await
        }
        ("POST", _) => visitor.post(&address, &things.filled(ask.form)).await,
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

/// A text in which every id is the same.
fn without_ids(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(next) = rest.chars().next() {
        let id = rest.get(..36).is_some_and(|head| head.as_bytes()[8] == b'-' && head.parse::<uuid::Uuid>().is_ok());
        let length = if id { 36 } else { next.len_utf8() };
        out.push_str(if id { "ID" } else { &rest[..length] });
        rest = &rest[length..];
    }
    out
}

fn assert_is_safe(answer: &Answer, what: &str) {
    let policy = answer.header("content-security-policy");
    // A mail as it is sent, shown within a page: it has styles of its own, and can do nothing at all.
    let mail = answer.status.is_success() && what.ends_with("/messages/{message}/html");
    // The page around it may show it, and nothing of another server.
    let preview = answer.status.is_success() && what.ends_with("/messages/{message}/preview");
    match (mail, preview) {
        (true, _) => assert_eq!(policy, FRAMED, "{what}"),
        (_, true) => assert_eq!(policy, format!("{CONTENT_SECURITY_POLICY}; frame-src 'self'"), "{what}"),
        _ => assert_eq!(policy, CONTENT_SECURITY_POLICY, "{what}"),
    }
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(answer.header("referrer-policy"), "same-origin", "{what}");
    assert!(!answer.header("cache-control").is_empty(), "{what}");
    let page = answer.header("content-type").starts_with("text/html");
    if page && answer.status.is_success() && !mail {
        let text = answer.text();
        for inline in [" style=", " onclick=", " onload=", "<style", "javascript:"] {
            assert!(!text.contains(inline), "{what} has {inline}, which the policy forbids");
        }
    }
    assert!(!answer.status.is_server_error(), "{what}: {}", answer.text());
}

on_both_engines! {
    async fn every_route_answers_each_duty_as_the_table_says(db: TestDb) {
        // So many strangers ask from one address that the limit would answer in the place of the route.
        let rate = RateLimits { refused_per_address_burst: NonZeroU32::MAX, ..RateLimits::default() };
        let config = WebConfig { public_url: "https://voice.example.org".into(), rate, ..WebConfig::default() };
        let server = Server::with(db, config).await;
        let things = Box::pin(Things::on(&server)).await;
        let visitors = [
            ("nobody", server.nobody()),
            ("no duty", server.user(&[]).await),
            ("analyst", server.user(&[Duty::Analyst]).await),
            ("entry", server.user(&[Duty::Entry]).await),
            ("listener", server.user(&[Duty::Listener]).await),
            ("manager", server.user(&[Duty::Manager]).await),
            ("own team", server.grantee(Grant { duty: Duty::Manager, team: Some(things.id("team")) }).await),
            ("other team", server.grantee(Grant { duty: Duty::Manager, team: Some(things.id("other_team")) }).await),
            ("caseworker", server.user(&[Duty::Caseworker]).await),
            ("protection", server.user(&[Duty::DataProtection]).await),
            ("communicator", server.user(&[Duty::Communicator]).await),
            ("approver", server.user(&[Duty::Approver]).await),
            ("team appr.", server.grantee(Grant { duty: Duty::Approver, team: Some(things.id("team")) }).await),
            ("admin", server.user(&[Duty::Administrator]).await),
            ("key:write", server.program(&[Scope::FeedbackWrite]).await),
            ("key:read", server.program(&[Scope::FeedbackRead]).await),
            ("key:export", server.program(&[Scope::FeedbackExport]).await),
            ("key:imports", server.program(&[Scope::ImportsRead]).await),
            ("key:teams", server.program(&[Scope::TeamsRead]).await),
            ("key:teams+", server.program(&[Scope::TeamsWrite]).await),
            ("key:people", server.program(&[Scope::PeopleRead]).await),
            ("key:audiences", server.program(&[Scope::AudiencesRead]).await),
            ("key:audiences+", server.program(&[Scope::AudiencesWrite]).await),
            ("key:people+", server.program(&[Scope::PeopleWrite]).await),
            ("key:erase", server.program(&[Scope::PeopleErase]).await),
            ("key:send", server.program(&[Scope::MessagesSend]).await),
            ("key:urgent", server.program(&[Scope::MessagesUrgent]).await),
            ("key:sends", server.program(&[Scope::DispatchesRead]).await),
            ("key:sends+", server.program(&[Scope::DispatchesWrite]).await),
            ("key:audit", server.program(&[Scope::AuditRead]).await),
        ];
        let mut table = format!("{:<72}", "");
        for (name, _) in &visitors {
            write!(table, "{name:>12}").expect("a text grows");
        }
        table.push('\n');
        for ask in routes() {
            let Ask { method, path, .. } = &ask;
            write!(table, "{:<72}", format!("{method:<4} {path}")).expect("a text grows");
            for (name, visitor) in &visitors {
                let answer = Box::pin(visit(visitor, &things, &ask)).await;
                assert_is_safe(&answer, &format!("{name}: {method} {path}"));
                write!(table, "{:>12}", outcome(&answer)).expect("a text grows");
            }
            table.push('\n');
        }
        insta::with_settings!({ prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("who_may_do_what", table);
        });
    }

    async fn whoever_may_not_see_people_is_answered_the_same_of_those_who_are_there_and_of_others(db: TestDb) {
        let server = Server::on(db).await;
        let there = Box::pin(Things::on(&server)).await;
        let absent = Things(
            there
                .0
                .iter()
                .map(|(name, id)| match *name {
                    "person" | "suggestion" => (*name, uuid::Uuid::now_v7().to_string()),
                    _ => (*name, id.clone()),
                })
                .collect(),
        );
        let scopes: Vec<Scope> =
            Scope::ALL.iter().copied().filter(|s| !matches!(s, Scope::PeopleRead | Scope::PeopleWrite | Scope::PeopleErase)).collect();
        let strangers = [
            server.nobody(),
            server.user(&[]).await,
            server.user(&[Duty::Analyst, Duty::Entry, Duty::Listener, Duty::Manager, Duty::Administrator, Duty::Statistician]).await,
            server.program(&scopes).await,
        ];
        let asks: Vec<Ask> = routes().into_iter().filter(|ask| there.address(ask) != absent.address(ask)).collect();
        assert!(asks.len() > 10, "routes that name a person: {}", asks.len());
        for ask in &asks {
            for stranger in &strangers {
                let told = |answer: Answer| {
                    let passing = ["date", "x-request-id", "set-cookie"];
                    let headers = answer.headers.iter().filter(|(name, _)| !passing.contains(&name.as_str()));
                    let mut headers: Vec<String> = headers
                        .map(|(name, value)| without_ids(&format!("{name}: {}", value.to_str().expect("readable"))))
                        .collect();
                    headers.sort();
                    (answer.status, headers, without_ids(&answer.text()))
                };
                let one = told(Box::pin(visit(stranger, &there, ask)).await);
                let other = told(Box::pin(visit(stranger, &absent, ask)).await);
                assert_eq!(one, other, "{} {}", ask.method, ask.path);
                assert!(!one.0.is_success(), "{} {}", ask.method, ask.path);
            }
        }
    }
}
