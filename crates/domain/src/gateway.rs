//! Ways out over interfaces of others: GOV.UK Notify, services for text messages of Twilio's shape, and any other that takes an
//! HTTP request. What each is set up with, and what of it can be right.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::invalid::FieldErrors;
use crate::sender::{MAX_TEXT, SenderKind};
use crate::sentence;

/// Where GOV.UK Notify is.
pub const NOTIFY_ADDRESS: &str = "https://api.notifications.service.gov.uk";
/// Where Twilio is.
pub const TWILIO_ADDRESS: &str = "https://api.twilio.com";
/// Most characters of the body of a request.
pub const MAX_BODY: usize = 10_000;
/// Most headers of a request.
pub const MAX_HEADERS: usize = 20;
/// Names that a request can hold in double brackets.
pub const PLACES: [&str; 6] = ["to", "digits", "from", "text", "reference", "secret"];

/// GOV.UK Notify, or a service that speaks like it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notify {
    /// Where it is.
    pub address: String,
    /// Id of the template whose only fields are `((body))` and, of an email, `((subject))`.
    pub template: String,
    /// Id of the address for answers, or of the sender of text messages, as Notify has it; its own choice without.
    #[serde(default)]
    pub reply_to: Option<String>,
    /// Whether people can answer its text messages: the service has a number of its own for that.
    #[serde(default)]
    pub takes_answers: bool,
}

/// A service for text messages whose interface has Twilio's shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmsApi {
    /// Where it is.
    pub address: String,
    /// Which account is ours there.
    pub account: String,
}

/// A service for text messages that takes an HTTP request, described.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsHttp {
    /// `POST`, `PUT` or `GET`.
    pub method: String,
    /// Where it goes. May have places, as all of the request may.
    pub address: String,
    /// Headers by name.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// What the body is. By it is decided how what is put in is written.
    #[serde(default)]
    pub content_type: String,
    /// The body.
    #[serde(default)]
    pub body: String,
    /// Statuses that say that the message was taken; any of 200 to 299 without.
    #[serde(default)]
    pub taken: Vec<u16>,
    /// Where in the answer the service's id of the message stands, as a JSON pointer.
    #[serde(default)]
    pub id: Option<String>,
    /// How it tells what became of a message.
    #[serde(default)]
    pub receipts: Option<HttpReceipts>,
    /// How it tells of messages that people send.
    #[serde(default)]
    pub received: Option<HttpReceived>,
}

/// How a service tells what became of a message: JSON pointers into what it sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpReceipts {
    /// Where our reference stands, if the service gives it back.
    #[serde(default)]
    pub reference: Option<String>,
    /// Where the service's own id stands.
    #[serde(default)]
    pub id: Option<String>,
    /// Where it stands what became of it.
    pub status: String,
    /// What stands there when it arrived.
    pub delivered: Vec<String>,
    /// What stands there when it did not, this time.
    #[serde(default)]
    pub failed: Vec<String>,
    /// What stands there when nothing will ever arrive at this number.
    #[serde(default)]
    pub failed_for_good: Vec<String>,
}

/// How a service tells of a message that somebody sent: JSON pointers into what it sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpReceived {
    /// Where its id stands.
    #[serde(default)]
    pub id: Option<String>,
    /// Where the number stands from which it came.
    pub from: String,
    /// Where its words stand.
    pub text: String,
}

/// The interface of a sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gateway {
    /// GOV.UK Notify.
    Notify(Notify),
    /// Of Twilio's shape.
    SmsApi(SmsApi),
    /// As it is described.
    SmsHttp(Box<SmsHttp>),
}

impl Gateway {
    /// Where it is.
    pub fn address(&self) -> &str {
        match self {
            Self::Notify(notify) => &notify.address,
            Self::SmsApi(api) => &api.address,
            Self::SmsHttp(http) => &http.address,
        }
    }

    /// Whether a sender of a kind uses such a one.
    pub const fn is_of(&self, kind: SenderKind) -> bool {
        match self {
            Self::Notify(_) => matches!(kind, SenderKind::NotifyEmail | SenderKind::NotifySms),
            Self::SmsApi(_) => matches!(kind, SenderKind::SmsApi),
            Self::SmsHttp(_) => matches!(kind, SenderKind::SmsHttp),
        }
    }

    /// Notes what is wrong. Whether an address may be asked is for whoever asks.
    pub(crate) fn check(&mut self, errors: &mut FieldErrors) {
        match self {
            Self::Notify(notify) => notify.check(errors),
            Self::SmsApi(api) => api.check(errors),
            Self::SmsHttp(http) => http.check(errors),
        }
    }
}

fn address(field: &str, value: &mut String, errors: &mut FieldErrors) {
    let trimmed = value.trim().trim_end_matches('/').to_owned();
    *value = trimmed;
    if value.is_empty() {
        errors.add(field, "required", "Say at which address the service is, beginning with https://.");
    } else if value.chars().count() > 2_000 || value.chars().any(|c| c.is_control() || c.is_whitespace()) {
        errors.add(field, "address", "This is no address. Write it like https://api.example.org.");
    }
}

impl Notify {
    fn check(&mut self, errors: &mut FieldErrors) {
        address("gateway/address", &mut self.address, errors);
        let mut id = |field: &str, value: &mut String| {
            *value = value.trim().to_lowercase();
            match Uuid::parse_str(value) {
                Ok(id) => *value = id.hyphenated().to_string(),
                Err(_) => errors.add(
                    field,
                    "id",
                    "This is no id as GOV.UK Notify shows it, for example f33517ff-2a88-4f6e-b855-c550268ce08a.",
                ),
            }
        };
        id("gateway/template", &mut self.template);
        self.reply_to = self.reply_to.take().filter(|id| !id.trim().is_empty());
        if let Some(reply_to) = &mut self.reply_to {
            id("gateway/reply_to", reply_to);
        }
    }
}

impl SmsApi {
    fn check(&mut self, errors: &mut FieldErrors) {
        address("gateway/address", &mut self.address, errors);
        self.account = self.account.trim().to_owned();
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if self.account.is_empty() {
            errors.add("gateway/account", "required", "Say which account it is: Twilio calls it Account SID.");
        } else if self.account.len() > MAX_TEXT || !self.account.chars().all(fits) {
            errors.add("gateway/account", "account", "An account has letters, digits, and - _ . only.");
        }
    }
}

impl SmsHttp {
    /// Whether its body is JSON.
    pub fn is_json(&self) -> bool {
        let kind = self.content_type.to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind == "application/json" || kind.ends_with("+json")
    }

    /// Whether its body is a form.
    pub fn is_form(&self) -> bool {
        self.content_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
    }

    fn check(&mut self, errors: &mut FieldErrors) {
        address("gateway/address", &mut self.address, errors);
        self.method = self.method.trim().to_ascii_uppercase();
        if !["POST", "PUT", "GET"].contains(&self.method.as_str()) {
            errors.add("gateway/method", "method", "Write POST, PUT or GET.");
        }
        if self.headers.len() > MAX_HEADERS {
            let sentence = sentence!("Name at most {most} headers.", most = MAX_HEADERS);
            errors.add("gateway/headers", "too_many", sentence);
        }
        for (n, (name, value)) in self.headers.iter().enumerate() {
            let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
            let has_line = value.chars().any(char::is_control);
            if name.is_empty() || name.len() > MAX_TEXT || !name.chars().all(token) || has_line {
                errors.add(format!("gateway/headers/{n}"), "header", "This can’t be a header of a request.");
            }
        }
        self.content_type = self.content_type.trim().to_owned();
        if self.body.chars().count() > MAX_BODY {
            let sentence = sentence!("A body has at most {most} characters.", most = MAX_BODY);
            errors.add("gateway/body", "too_long", sentence);
        }
        if !self.body.is_empty() && self.content_type.is_empty() {
            let why = "Say what the body is, for example application/json: by it is decided how the words are put in.";
            errors.add("gateway/content_type", "required", why);
        }
        self.check_places(errors);
        if self.taken.iter().any(|status| !(200..300).contains(status)) {
            errors.add("gateway/taken", "out_of_range", "Statuses that say that a message was taken are 200 to 299.");
        }
        let receipts = self.receipts.iter().flat_map(|r| [r.reference.as_ref(), r.id.as_ref(), Some(&r.status)]);
        let received = self.received.iter().flat_map(|r| [r.id.as_ref(), Some(&r.from), Some(&r.text)]);
        let pointers = [self.id.as_ref()].into_iter().chain(receipts).chain(received);
        for pointer in pointers.flatten().filter(|pointer| !pointer.starts_with('/')) {
            let sentence =
                sentence!("“{pointer}” is no JSON pointer. Write it like /messages/0/id.", pointer = pointer.as_str());
            errors.add("gateway", "pointer", sentence);
        }
        if let Some(receipts) = &self.receipts {
            if receipts.reference.is_none() && receipts.id.is_none() {
                let why = "Say where our reference or the service’s own id stands in what it tells.";
                errors.add("gateway/receipts", "required", why);
            }
            if receipts.reference.is_none() && self.id.is_none() {
                let why = "Say where in its answer the service’s id stands, since what it tells later is found by it.";
                errors.add("gateway/id", "required", why);
            }
        }
    }

    fn check_places(&self, errors: &mut FieldErrors) {
        let headers = self.headers.iter().map(|(_, value)| value.as_str());
        let mut used = Vec::new();
        for text in [self.address.as_str(), self.body.as_str()].into_iter().chain(headers) {
            for name in places(text) {
                if !PLACES.contains(&name) {
                    let sentence =
                        sentence!("There is no (({name})). Write one of {all}.", name, all = PLACES.join(", "));
                    errors.add("gateway", "place", sentence);
                }
                used.push(name);
            }
        }
        if !used.contains(&"to") && !used.contains(&"digits") {
            errors.add(
                "gateway/body",
                "no_number",
                "Say where the number goes: ((to)), or ((digits)) without the plus.",
            );
        }
        if !used.contains(&"text") {
            errors.add("gateway/body", "no_words", "Say where the words of the message go: ((text)).");
        }
    }
}

/// The names in double brackets of a text, in their order.
pub fn places(text: &str) -> impl Iterator<Item = &str> {
    text.split("((").skip(1).filter_map(|rest| rest.split_once("))")).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(mut gateway: Gateway) -> Vec<String> {
        let mut errors = FieldErrors::default();
        gateway.check(&mut errors);
        errors.0.into_iter().map(|e| format!("{} {}", e.field, e.code)).collect()
    }

    fn described() -> SmsHttp {
        SmsHttp {
            method: "post".into(),
            address: "https://sms.example.org/send/".into(),
            content_type: "application/json".into(),
            body: r#"{"to":"((to))","text":"((text))"}"#.into(),
            ..SmsHttp::default()
        }
    }

    #[test]
    fn what_is_set_up_is_written_in_one_way_or_refused_where_it_is_wrong() {
        let notify = |template: &str, reply_to: Option<&str>| {
            Gateway::Notify(Notify {
                address: NOTIFY_ADDRESS.into(),
                template: template.into(),
                reply_to: reply_to.map(str::to_owned),
                takes_answers: false,
            })
        };
        let id = "F33517FF-2a88-4f6e-b855-c550268ce08a";
        assert!(wrong(notify(id, None)).is_empty() && wrong(notify(id, Some(" "))).is_empty());
        assert_eq!(wrong(notify("mine", Some("them"))), ["gateway/template id", "gateway/reply_to id"]);
        let api =
            |account: &str, address: &str| Gateway::SmsApi(SmsApi { address: address.into(), account: account.into() });
        assert!(wrong(api("AC1", TWILIO_ADDRESS)).is_empty());
        assert_eq!(wrong(api("a/b", "")), ["gateway/address required", "gateway/account account"]);
        assert!(wrong(Gateway::SmsHttp(Box::new(described()))).is_empty());
    }

    #[test]
    fn a_described_request_names_what_it_lacks() {
        let of = |change: fn(&mut SmsHttp)| {
            let mut http = described();
            change(&mut http);
            wrong(Gateway::SmsHttp(Box::new(http)))
        };
        assert_eq!(of(|h| h.method = "FETCH".into()), ["gateway/method method"]);
        assert_eq!(of(|h| h.body = "((to)) ((number))".into()), ["gateway place", "gateway/body no_words"]);
        assert_eq!(of(|h| h.content_type = String::new()), ["gateway/content_type required"]);
        assert_eq!(of(|h| h.headers.push(("a b".into(), "c".into()))), ["gateway/headers/0 header"]);
        assert_eq!(of(|h| h.headers.push(("a".into(), "c\r\nd: e".into()))), ["gateway/headers/0 header"]);
        assert_eq!(of(|h| h.id = Some("id".into())), ["gateway pointer"]);
        assert_eq!(of(|h| h.taken = vec![404]), ["gateway/taken out_of_range"]);
        let receipts = |h: &mut SmsHttp| {
            h.receipts = Some(HttpReceipts { status: "/status".into(), ..HttpReceipts::default() });
        };
        assert_eq!(of(receipts), ["gateway/receipts required", "gateway/id required"]);
    }
}
