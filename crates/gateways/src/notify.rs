//! GOV.UK Notify: email and text messages.
//!
//! Notify knows no repetition: each request makes a new message. So our delivery is on the disk before, its id goes along as the
//! reference, and a message of which it is not known whether it was taken is looked up by it before it is sent again.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use commonweal_domain::gateway::{Notify as Setup, places};
use commonweal_domain::{DeliveryId, SenderKind};
use commonweal_ports::{Became, Call, Carried, Carrier, Heard, Parcel, WebAnswer, WebClient, WebRequest, Whose};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::Instant;
use uuid::Uuid;

use crate::answer::{MAX_ANSWER, Silence, ask, by_status, json as read_json};
use crate::jwt::NotifyKey;
use crate::told::at;

const SERVICE: &str = "GOV.UK Notify";
/// A template that can't be used is looked at again after so long.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

pub(crate) struct Notify {
    web: Arc<dyn WebClient>,
    setup: Setup,
    is_email: bool,
    key: NotifyKey,
    /// Whether the template is as it has to be; when it was found not to be, and why.
    template: Mutex<Option<Result<(), (Instant, String)>>>,
}

/// Errors that are of the number or address alone.
const NO_SUCH_ADDRESS: [&str; 2] = ["InvalidPhoneError", "InvalidEmailError"];

impl Notify {
    pub(crate) fn new(web: Arc<dyn WebClient>, setup: &Setup, kind: SenderKind, key: NotifyKey) -> Self {
        let is_email = kind == SenderKind::NotifyEmail;
        Self { web, setup: setup.clone(), is_email, key, template: Mutex::new(None) }
    }

    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Result<WebAnswer, Silence> {
        let mut headers = vec![
            ("authorization".to_owned(), format!("Bearer {}", self.key.token(chrono::Utc::now().timestamp()))),
            ("user-agent".to_owned(), concat!("NOTIFY-API-RUST-CLIENT/", env!("CARGO_PKG_VERSION")).to_owned()),
        ];
        if body.is_some() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        let request = WebRequest {
            method: method.to_owned(),
            address: format!("{}{path}", self.setup.address),
            headers,
            body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
            most_bytes: MAX_ANSWER,
        };
        ask(&*self.web, request).await
    }

    /// Looks at the template: that it is there, of our kind, and asks for what we give and nothing else.
    async fn look_at_template(&self) -> Result<String, String> {
        let path = format!("/v2/template/{}", self.setup.template);
        let answer = self.ask("GET", &path, None).await.map_err(Silence::why)?;
        let said = read_json(&answer);
        match answer.status {
            200 => {}
            404 if !said.is_null() => {
                return Err(format!("{SERVICE} has no template {} of this service.", self.setup.template));
            }
            401 | 403 => return Err(self.not_let_in(&said)),
            status => return Err(format!("{SERVICE} does not show its template now ({status}).")),
        }
        let kind = if self.is_email { "email" } else { "sms" };
        let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default();
        let name = text("name");
        if text("type") != kind {
            return Err(format!("The template “{name}” of {SERVICE} is not of the kind {kind}."));
        }
        let wanted: &[(&str, &str)] =
            if self.is_email { &[("subject", "subject"), ("body", "body")] } else { &[("body", "body")] };
        for (part, field) in wanted {
            if !places(text(part)).any(|place| plain(place) == *field) {
                return Err(format!("The {part} of the template “{name}” of {SERVICE} has to have (({field}))."));
            }
        }
        for place in places(text("subject")).chain(places(text("body"))) {
            if !wanted.iter().any(|(_, field)| plain(place) == *field) {
                return Err(format!("The template “{name}” of {SERVICE} asks for (({place})), which we don’t give."));
            }
        }
        Ok(name.to_owned())
    }

    /// Why it does not let us in. Its own clock and ours may differ, which looks like a wrong key.
    fn not_let_in(&self, said: &Value) -> String {
        let clock = said.to_string().contains("system clock");
        match clock {
            true => format!("{SERVICE} says that our clock is wrong by more than 30 seconds."),
            false => format!("{SERVICE} does not let us in: the key is wrong or was revoked."),
        }
    }

    /// Whether messages can be sent, as the template is.
    async fn ready(&self) -> Result<(), String> {
        let mut known = self.template.lock().await;
        match &*known {
            Some(Ok(())) => return Ok(()),
            Some(Err((at, why))) if at.elapsed() < LOOK_AGAIN => return Err(why.clone()),
            _ => {}
        }
        let found = self.look_at_template().await.map(|_| ());
        *known = Some(found.clone().map_err(|why| (Instant::now(), why)));
        found
    }

    /// The message that Notify took with our reference, by its id there.
    async fn look_up(&self, reference: DeliveryId) -> Result<Option<String>, String> {
        let path = format!("/v2/notifications?reference={reference}");
        let answer = self.ask("GET", &path, None).await.map_err(Silence::why)?;
        if answer.status != 200 {
            return Err(format!("{SERVICE} does not say what it took before ({}).", answer.status));
        }
        let said = read_json(&answer);
        let all = said.get("notifications").and_then(Value::as_array).ok_or("It is no answer of GOV.UK Notify.")?;
        let ours = |one: &&Value| at(one, "/reference").is_some_and(|there| there == reference.to_string());
        Ok(all.iter().find(ours).and_then(|one| at(one, "/id")))
    }

    fn body(&self, parcel: &Parcel) -> Value {
        let mut body = json!({
            "template_id": self.setup.template,
            "personalisation": {"body": parcel.text},
            "reference": parcel.delivery.to_string(),
        });
        let mut put = |name: &str, value: &str| {
            body[name] = json!(value);
        };
        match self.is_email {
            true => {
                put("email_address", &parcel.to);
                if let Some(reply_to) = &self.setup.reply_to {
                    put("email_reply_to_id", reply_to);
                }
                if let Some(unsubscribe) = parcel.unsubscribe.as_ref().filter(|to| to.starts_with("https://")) {
                    put("one_click_unsubscribe_url", unsubscribe);
                }
                body["personalisation"]["subject"] = json!(parcel.subject);
            }
            false => {
                put("phone_number", &parcel.to);
                if let Some(sender) = &self.setup.reply_to {
                    put("sms_sender_id", sender);
                }
            }
        }
        body
    }

    /// What an answer to a message says for certain; nothing where that is not known.
    fn carried(&self, answer: &WebAnswer) -> Option<Carried> {
        let said = read_json(answer);
        if answer.status == 201 {
            return at(&said, "/id").map(Carried::HandedOver);
        }
        let errors: Vec<String> = said
            .get("errors")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|error| at(error, "/error"))
            .collect();
        let refused = |permanent: bool, address: bool| {
            let mut code = answer.status.to_string();
            for error in errors.iter().take(3) {
                let fits: String = error.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
                let _ = write!(code, " {fits}");
            }
            Some(Carried::Refused { permanent, code, address })
        };
        match answer.status {
            400 => refused(true, errors.iter().any(|error| NO_SUCH_ADDRESS.contains(&error.as_str()))),
            401 | 403 => Some(Carried::NotTried(self.not_let_in(&said))),
            429 if errors.iter().any(|error| error == "TooManyRequestsError") => {
                Some(Carried::NotTried(format!("{SERVICE} takes no more today: its daily limit is used up.")))
            }
            status => match by_status(status, SERVICE) {
                Carried::Unknown => None,
                certain => Some(certain),
            },
        }
    }
}

/// A field as Notify compares them.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && !"_-".contains(*c)).flat_map(char::to_lowercase).collect()
}

#[async_trait]
impl Carrier for Notify {
    async fn carry(&self, parcel: &Parcel) -> Carried {
        if let Err(why) = self.ready().await {
            return Carried::NotTried(why);
        }
        if parcel.tried_before {
            match self.look_up(parcel.delivery).await {
                Ok(Some(id)) => return Carried::HandedOver(id),
                Ok(None) => {}
                // Without knowing it is not sent a second time.
                Err(why) => return Carried::NotTried(why),
            }
        }
        let path = if self.is_email { "/v2/notifications/email" } else { "/v2/notifications/sms" };
        let certain = match self.ask("POST", path, Some(self.body(parcel))).await {
            Ok(answer) => self.carried(&answer),
            Err(Silence::NotSent(why)) => Some(Carried::NotTried(why)),
            Err(Silence::Broken(_)) => None,
        };
        if let Some(certain) = certain {
            return certain;
        }
        // That it is there is certain. That it is not there now does not say that it never will be.
        match self.look_up(parcel.delivery).await {
            Ok(Some(id)) => Carried::HandedOver(id),
            Ok(None) | Err(_) => Carried::Unknown,
        }
    }

    async fn check(&self) -> Result<String, String> {
        let name = self.look_at_template().await?;
        *self.template.lock().await = Some(Ok(()));
        Ok(format!("{SERVICE} is there and lets us in. Messages are put into its template “{name}”."))
    }

    fn hear(&self, call: &Call) -> Heard {
        if !call.has_token {
            return Heard::Unproven;
        }
        let Ok(said) = serde_json::from_slice::<Value>(&call.body) else { return Heard::Unreadable };
        if let (Some(from), Some(text)) = (at(&said, "/source_number"), at(&said, "/message")) {
            return Heard::Words { id: at(&said, "/id"), from, text };
        }
        let reference = at(&said, "/reference").and_then(|text| Uuid::parse_str(&text).ok());
        let is_complaint = said.get("complaint_id").is_some();
        let became = match at(&said, "/status").as_deref() {
            _ if is_complaint => Became::Complained,
            Some("delivered") => Became::Delivered,
            Some("permanent-failure") => Became::FailedForGood,
            Some("temporary-failure" | "technical-failure") => Became::Failed,
            Some(_) => return Heard::Nothing,
            None => return Heard::Unreadable,
        };
        match reference {
            Some(id) => Heard::Outcome { of: Whose::Ours(DeliveryId(id)), became },
            // One that others sent by the same service.
            None => Heard::Nothing,
        }
    }
}
