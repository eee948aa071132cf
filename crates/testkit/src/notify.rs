//! GOV.UK Notify as its documentation has it, on this machine: strict where Notify is, without a memory for repetitions, and able
//! to be slow, busy or broken. The official client for Python is held against it, so that it is no invention of ours.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// The service whose messages these are.
const SERVICE: &str = "26785a09-ab16-4eb0-8407-a37497a57506";
const SECRET: &str = "3d844edf-8d35-48ac-975b-e847b4f122b0";
/// Its templates: of email with `((subject))` and `((body))`, of text messages with `((body))`, and one that asks for more.
pub const EMAIL_TEMPLATE: &str = "f33517ff-2a88-4f6e-b855-c550268ce08a";
/// That of text messages.
pub const SMS_TEMPLATE: &str = "6f2b7a3e-7b5c-4b4e-9d0a-7c1f4a4f2b11";
/// One that asks for a name.
pub const ODD_TEMPLATE: &str = "0d7b2d0c-1f9a-4a53-8f3e-2f7a5b1c9e77";
/// Numbers that are tried out and never kept.
const SIMULATED: [&str; 3] = ["447700900000", "447700900111", "447700900222"];
/// Most characters of a text message.
const SMS_CHARACTERS: usize = 918;
/// How far a clock may be away, in seconds.
const CLOCK_S: i64 = 30;

/// What happens to a request in the place of its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Too many within a minute.
    Busy,
    /// Too many today.
    Daily,
    /// It fails inside, before it took anything.
    Broken,
    /// It is taken, and the connection breaks before the answer.
    AnswerLost,
    /// The connection breaks before it is taken.
    RequestLost,
    /// It takes so many milliseconds, then goes on.
    Slow(u64),
}

#[derive(Default)]
struct State {
    messages: Vec<Value>,
    received: Vec<Value>,
    /// What happens to the next messages that are handed in.
    trouble: VecDeque<Trouble>,
    /// Whether looking things up fails.
    hides: bool,
    asked: Vec<String>,
}

/// A service that runs until it is dropped.
pub struct NotifyService {
    /// Where it is.
    pub address: String,
    state: Arc<Mutex<State>>,
    runs: JoinHandle<()>,
}

impl Drop for NotifyService {
    fn drop(&mut self) {
        self.runs.abort();
    }
}

impl NotifyService {
    /// A service.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State::default()));
        let (own, base) = (Arc::clone(&state), address.clone());
        let runs = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (own, base) = (Arc::clone(&own), base.clone());
                tokio::spawn(async move {
                    // Whoever breaks off is none of ours.
                    let _ = answer(stream, &own, &base).await;
                });
            }
        });
        Self { address, state, runs }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while it holds the service")
    }

    /// A key of the service.
    pub fn key(&self) -> String {
        format!("a test-key-{SERVICE}-{SECRET}")
    }

    /// A key whose secret is wrong.
    pub fn wrong_key(&self) -> String {
        format!("a test-key-{SERVICE}-{}", Uuid::nil())
    }

    /// What happens to the next messages that are handed in.
    pub fn trouble(&self, next: impl IntoIterator<Item = Trouble>) {
        self.state().trouble.extend(next);
    }

    /// Whether looking things up fails from now on.
    pub fn hide(&self, hides: bool) {
        self.state().hides = hides;
    }

    /// The messages that it took, in order.
    pub fn messages(&self) -> Vec<Value> {
        self.state().messages.clone()
    }

    /// What it was asked for since the last time: methods with paths.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state().asked)
    }

    /// Somebody writes to its number.
    pub fn receive(&self, from: &str, text: &str) -> Value {
        let message = json!({
            "id": Uuid::now_v7(), "created_at": stamp(), "service_id": SERVICE, "notify_number": "07700900100",
            "user_number": from.trim_start_matches('+'), "content": text,
        });
        self.state().received.insert(0, message.clone());
        json!({
            "id": message["id"], "source_number": message["user_number"], "destination_number": "07700900100",
            "message": text, "date_received": stamp(),
        })
    }

    /// What it tells of a message that it took: a delivery receipt.
    pub fn receipt(&self, n: usize) -> Value {
        let state = self.state();
        let one = state.messages.get(n).expect("it took as many");
        let to = if one["type"] == "sms" { &one["phone_number"] } else { &one["email_address"] };
        json!({
            "id": one["id"], "reference": one["reference"], "to": to, "status": outcome(one), "created_at": stamp(),
            "completed_at": stamp(), "sent_at": stamp(), "notification_type": one["type"],
            "template_id": one["template"]["id"], "template_version": 1,
        })
    }

    /// What it tells when whoever got a mail complained of it.
    pub fn complaint(&self, n: usize) -> Value {
        let one = self.receipt(n);
        json!({
            "notification_id": one["id"], "complaint_id": Uuid::now_v7(), "reference": one["reference"], "to": one["to"],
            "complaint_date": stamp(),
        })
    }
}

/// What becomes of a message, by whom it goes to.
fn outcome(message: &Value) -> &'static str {
    let of = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
    match (of("phone_number").as_str(), of("email_address").as_str()) {
        (number, _) if number.ends_with("7700900002") => "permanent-failure",
        (number, _) if number.ends_with("7700900003") => "temporary-failure",
        (_, address) if address.starts_with("perm-fail@") => "permanent-failure",
        (_, address) if address.starts_with("temp-fail@") => "temporary-failure",
        _ => "delivered",
    }
}

fn stamp() -> String {
    chrono::Utc::now().format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

fn templates() -> [Value; 3] {
    let template = |id: &str, kind: &str, name: &str, subject: Value, body: &str| {
        json!({
            "id": id, "type": kind, "name": name, "created_at": "2024-04-10T12:00:00.000000Z", "updated_at": null,
            "created_by": "someone@example.gov.uk", "version": 1, "body": body, "subject": subject,
            "letter_contact_block": null, "postage": null,
        })
    };
    [
        template(EMAIL_TEMPLATE, "email", "Whole email", json!("((subject))"), "((body))"),
        template(SMS_TEMPLATE, "sms", "Whole text message", Value::Null, "((Body))"),
        template(ODD_TEMPLATE, "sms", "With a name", Value::Null, "Dear ((full name)), ((body))"),
    ]
}

type Said = (u16, Value);

fn error(status: u16, kind: &str, message: &str) -> Said {
    (status, json!({"status_code": status, "errors": [{"error": kind, "message": message}]}))
}

fn invalid(messages: Vec<String>) -> Said {
    let errors: Vec<Value> =
        messages.into_iter().map(|message| json!({"error": "ValidationError", "message": message})).collect();
    (400, json!({"status_code": 400, "errors": errors}))
}

/// Whose token it is, or what is wrong with it.
fn authenticated(header: &str) -> Result<(), Said> {
    let Some(token) = header.strip_prefix("Bearer ") else {
        return Err(error(401, "AuthError", "Unauthorized: authentication token must be provided"));
    };
    let wrong = |why: &str| error(403, "AuthError", why);
    let parts: Vec<&str> = token.split('.').collect();
    let [head, claims, signature] = parts[..] else { return Err(wrong("Invalid token: not a token")) };
    let read = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let object = |part: &str| read(part).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let (Some(head_said), Some(said)) = (object(head), object(claims)) else {
        return Err(wrong("Invalid token: not a token"));
    };
    if head_said["alg"] != "HS256" || head_said["typ"] != "JWT" {
        return Err(wrong("Invalid token: algorithm used is not HS256"));
    }
    if said["iss"] != SERVICE {
        return Err(wrong("Invalid token: service not found"));
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let signature = read(signature).unwrap_or_default();
    if hmac::verify(&key, format!("{head}.{claims}").as_bytes(), &signature).is_err() {
        return Err(wrong("Invalid token: API key not found"));
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_secs()).unwrap_or(0));
    match said["iat"].as_i64() {
        Some(at) if (now - at).abs() <= CLOCK_S => Ok(()),
        Some(_) => Err(wrong("Error: Your system clock must be accurate to within 30 seconds")),
        None => Err(wrong("Invalid token: iat field must be a number")),
    }
}

/// Answers one request.
async fn answer(mut stream: TcpStream, state: &Mutex<State>, base: &str) -> io::Result<()> {
    let (mut read, mut part) = (Vec::new(), [0; 4_096]);
    let (head, body) = loop {
        let n = stream.read(&mut part).await?;
        read.extend_from_slice(&part[..n]);
        let end = read.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&read[..end]).into_owned();
            let length = header(&head, "content-length").parse().unwrap_or(0_usize);
            if read.len() >= end + 4 + length {
                break (head, read[end + 4..end + 4 + length].to_vec());
            }
        }
        if n == 0 {
            return Ok(());
        }
    };
    let mut words = head.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let trouble = {
        let mut state = state.lock().expect("no test panics while it holds the service");
        state.asked.push(format!("{method} {path}"));
        if method == "POST" && path.starts_with("/v2/notifications/") { state.trouble.pop_front() } else { None }
    };
    let broken = || error(500, "InternalServerError", "Internal server error");
    if let Some(Trouble::Slow(millis)) = trouble {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
    let (status, said) = match (authenticated(&header(&head, "authorization")), trouble) {
        (Err(wrong), _) => wrong,
        (_, Some(Trouble::RequestLost)) => return Ok(()),
        (_, Some(Trouble::Broken)) => broken(),
        (_, Some(Trouble::Busy)) => {
            error(429, "RateLimitError", "Exceeded rate limit for key type TEST of 3000 requests per 60 seconds")
        }
        (_, Some(Trouble::Daily)) => error(429, "TooManyRequestsError", "Exceeded send limits (250000) for today"),
        (Ok(()), _) => {
            let mut state = state.lock().expect("no test panics while it holds the service");
            match method == "GET" && state.hides && path.starts_with("/v2/notifications") {
                true => broken(),
                false => said(&mut state, base, method, path, &body),
            }
        }
    };
    if trouble == Some(Trouble::AnswerLost) {
        return Ok(());
    }
    let body = said.to_string();
    let answer = format!(
        "HTTP/1.1 {status} {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        if status < 400 { "OK" } else { "NO" },
        body.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

fn header(head: &str, name: &str) -> String {
    let of =
        |line: &str| line.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.to_owned());
    head.lines().find_map(of).unwrap_or_default()
}

fn said(state: &mut State, base: &str, method: &str, path: &str, body: &[u8]) -> Said {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let query: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let not_found = || error(404, "NoResultFound", "No result found");
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match (method, parts.as_slice()) {
        ("POST", ["v2", "notifications", kind @ ("sms" | "email")]) => take(state, base, kind, body),
        ("GET", ["v2", "notifications"]) => {
            let wanted = |one: &Value| {
                query.iter().all(|(name, value)| match name.as_str() {
                    "reference" => one["reference"] == value.as_str(),
                    "status" => query.iter().any(|(n, v)| n == "status" && one["status"] == v.as_str()),
                    "template_type" => one["type"] == value.as_str(),
                    _ => true,
                })
            };
            let all: Vec<&Value> = state.messages.iter().rev().filter(|one| wanted(one)).take(250).collect();
            (200, json!({"notifications": all, "links": {"current": format!("{base}{path}")}}))
        }
        ("GET", ["v2", "notifications", id]) => match state.messages.iter().find(|one| one["id"] == *id) {
            Some(one) => (200, one.clone()),
            None if Uuid::parse_str(id).is_err() => invalid(vec!["notification_id is not a valid UUID".into()]),
            None => not_found(),
        },
        ("GET", ["v2", "templates"]) => (200, json!({"templates": templates()})),
        ("GET", ["v2", "template", id]) => match templates().into_iter().find(|t| t["id"] == *id) {
            Some(template) => (200, template),
            None if Uuid::parse_str(id).is_err() => invalid(vec!["id is not a valid UUID".into()]),
            None => not_found(),
        },
        ("POST", ["v2", "template", id, "preview"]) => {
            let Some(template) = templates().into_iter().find(|t| t["id"] == *id) else { return not_found() };
            let asked: Value = serde_json::from_slice(body).unwrap_or_default();
            let values = asked["personalisation"].as_object().cloned().unwrap_or_default();
            match filled(&template, &values) {
                Ok((subject, body)) => (
                    200,
                    json!({
                        "id": id, "type": template["type"], "version": 1, "body": body, "subject": subject,
                        "html": null, "postage": null,
                    }),
                ),
                Err(missing) => error(400, "BadRequestError", &format!("Missing personalisation: {missing}")),
            }
        }
        ("GET", ["v2", "received-text-messages"]) => {
            (200, json!({"received_text_messages": state.received, "links": {"current": format!("{base}{path}")}}))
        }
        _ => (404, json!({"message": "The requested URL was not found on the server.", "result": "error"})),
    }
}

/// Subject and body with what belongs in their fields; else what is missing.
fn filled(template: &Value, values: &Map<String, Value>) -> Result<(Value, String), String> {
    let plain =
        |name: &str| -> String { name.chars().filter(|c| !" _-".contains(*c)).flat_map(char::to_lowercase).collect() };
    let mut missing = Vec::new();
    let mut fill = |text: &str| {
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once("((") {
            let (name, after) = after.split_once("))").unwrap_or((after, ""));
            out.push_str(before);
            match values.iter().find(|(key, _)| plain(key) == plain(name)) {
                Some((_, value)) => out.push_str(value.as_str().unwrap_or_default()),
                None => missing.push(name.to_owned()),
            }
            rest = after;
        }
        out + rest
    };
    let subject = template["subject"].as_str().map_or(Value::Null, |subject| json!(fill(subject)));
    let body = fill(template["body"].as_str().unwrap_or_default());
    if missing.is_empty() { Ok((subject, body)) } else { Err(missing.join(", ")) }
}

/// Takes a message, each time as a new one.
fn take(state: &mut State, base: &str, kind: &str, body: &[u8]) -> Said {
    let Ok(Value::Object(asked)) = serde_json::from_slice::<Value>(body) else {
        return error(400, "BadRequestError", "Invalid JSON supplied in POST data");
    };
    let is_sms = kind == "sms";
    let to = if is_sms { "phone_number" } else { "email_address" };
    let allowed: &[&str] = if is_sms {
        &["phone_number", "template_id", "personalisation", "reference", "sms_sender_id"]
    } else {
        &[
            "email_address",
            "template_id",
            "personalisation",
            "reference",
            "email_reply_to_id",
            "one_click_unsubscribe_url",
            "sanitise_content_for",
        ]
    };
    let text = |name: &str| asked.get(name).and_then(Value::as_str);
    let mut wrong = Vec::new();
    for name in asked.keys().filter(|name| !allowed.contains(&name.as_str())) {
        wrong.push(format!("Additional properties are not allowed ({name} was unexpected)"));
    }
    for name in [to, "template_id"].into_iter().filter(|name| !asked.contains_key(*name)) {
        wrong.push(format!("{name} is a required property"));
    }
    for name in ["template_id", "sms_sender_id", "email_reply_to_id"] {
        if asked.contains_key(name) && text(name).is_none_or(|id| Uuid::parse_str(id).is_err()) {
            wrong.push(format!("{name} is not a valid UUID"));
        }
    }
    if asked.get("personalisation").is_some_and(|values| !values.is_object()) {
        wrong.push("personalisation is not of type object".into());
    }
    if asked.contains_key("reference") && text("reference").is_none_or(|r| r.len() > 1_000) {
        wrong.push("reference is not of type string, or too long".into());
    }
    if text("one_click_unsubscribe_url").is_some_and(|url| !url.starts_with("https://")) {
        wrong.push("one_click_unsubscribe_url is not a valid https url".into());
    }
    let recipient = text(to).unwrap_or_default().to_owned();
    let digits: String = recipient.chars().filter(char::is_ascii_digit).collect();
    match is_sms {
        true if digits.len() < 10 && asked.contains_key(to) => wrong.push(format!("{to} Not enough digits")),
        false if !recipient.contains('@') && asked.contains_key(to) => {
            wrong.push(format!("{to} Not a valid email address"));
        }
        _ => {}
    }
    if !wrong.is_empty() {
        return invalid(wrong);
    }
    if is_sms && digits.starts_with("999") {
        return error(400, "InvalidPhoneError", "Not a valid country prefix");
    }
    if !is_sms && recipient.ends_with(".invalid") {
        return error(400, "InvalidEmailError", "Not a valid email address");
    }
    let wanted = text("template_id").unwrap_or_default().to_owned();
    let Some(template) = templates().into_iter().find(|t| t["id"] == wanted.as_str() && t["type"] == kind) else {
        return error(400, "BadRequestError", "Template not found");
    };
    let values = asked.get("personalisation").and_then(Value::as_object).cloned().unwrap_or_default();
    let (subject, body) = match filled(&template, &values) {
        Ok(filled) => filled,
        Err(missing) => return error(400, "BadRequestError", &format!("Missing personalisation: {missing}")),
    };
    if is_sms && body.chars().count() > SMS_CHARACTERS {
        return error(
            400,
            "BadRequestError",
            "Content for template has a character count greater than the limit of 918",
        );
    }
    let id = Uuid::now_v7().to_string();
    let reference = asked.get("reference").cloned().unwrap_or_default();
    let about = json!({"id": template["id"], "version": 1, "uri": format!("{base}/v2/template/{wanted}")});
    let mut message = json!({
        "id": id, "reference": reference, "email_address": null, "phone_number": null, "type": kind, "template": about,
        "body": body, "subject": subject, "created_at": stamp(), "created_by_name": null, "sent_at": stamp(),
        "completed_at": stamp(), "scheduled_for": null, "postage": null, "is_cost_data_ready": true,
        "cost_in_pounds": 0.0, "cost_details": {}, "one_click_unsubscribe_url": asked.get("one_click_unsubscribe_url"),
    });
    message[to] = json!(recipient);
    message["status"] = json!(outcome(&message));
    if !(is_sms && SIMULATED.iter().any(|n| digits.ends_with(&n[2..])) || recipient.starts_with("simulate-delivered")) {
        state.messages.push(message);
    }
    let content = match is_sms {
        true => json!({"body": body, "from_number": "GOVUK"}),
        false => json!({
            "subject": subject, "body": body, "from_email": "anytown@notifications.service.gov.uk",
            "one_click_unsubscribe_url": asked.get("one_click_unsubscribe_url"),
        }),
    };
    let uri = format!("{base}/v2/notifications/{id}");
    (
        201,
        json!({
            "id": id, "reference": reference, "uri": uri, "template": about, "content": content, "scheduled_for": null,
        }),
    )
}
