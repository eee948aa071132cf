//! Text messages by a service whose interface has Twilio's shape (`2010-04-01`).
//!
//! It takes no reference of ours: a message whose answer is lost can't be looked up. Our id goes along in the address to which
//! the service tells what became of it.

use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use commonweal_domain::DeliveryId;
use commonweal_domain::gateway::SmsApi as Setup;
use commonweal_ports::{Became, Call, Carried, Carrier, Heard, Parcel, WebAnswer, WebClient, WebRequest, Whose};
use ring::hmac;
use uuid::Uuid;

use crate::answer::{MAX_ANSWER, Silence, ask, by_status, json};
use crate::told::{at, pairs};

const SERVICE: &str = "The service for text messages";

pub(crate) struct SmsApi {
    web: Arc<dyn WebClient>,
    setup: Setup,
    from: String,
    token: String,
    receipts: Option<String>,
}

/// The number can't be written to: no number, no mobile, or none that the account reaches.
const NO_SUCH_NUMBER: [i64; 4] = [21_211, 21_214, 21_217, 21_614];
/// Whoever has the number wrote STOP.
const OPTED_OUT: i64 = 21_610;
/// What the message is from is none of the account's, or the account may not send there.
const OURS: [i64; 9] = [20_003, 20_404, 21_212, 21_603, 21_606, 21_611, 21_659, 21_703, 30_001];
/// Codes of what became of a message: the number does not exist, or is a landline.
const NEVER: [i64; 2] = [30_005, 30_006];

impl SmsApi {
    pub(crate) fn new(
        web: Arc<dyn WebClient>,
        setup: &Setup,
        from: &str,
        token: &str,
        receipts: Option<String>,
    ) -> Self {
        Self { web, setup: setup.clone(), from: from.to_owned(), token: token.to_owned(), receipts }
    }

    async fn ask(&self, method: &str, path: &str, body: String) -> Result<WebAnswer, Silence> {
        let who = STANDARD.encode(format!("{}:{}", self.setup.account, self.token));
        let mut headers = vec![("authorization".to_owned(), format!("Basic {who}"))];
        if !body.is_empty() {
            headers.push(("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
        }
        let request = WebRequest {
            method: method.to_owned(),
            address: format!("{}/2010-04-01/Accounts/{}{path}", self.setup.address, self.setup.account),
            headers,
            body: body.into_bytes(),
            most_bytes: MAX_ANSWER,
        };
        ask(&*self.web, request).await
    }

    fn form(&self, parcel: &Parcel) -> Result<String, serde_urlencoded::ser::Error> {
        let from = if self.from.starts_with("MG") && self.from.len() == 34 { "MessagingServiceSid" } else { "From" };
        let mut form = vec![("To", parcel.to.clone()), (from, self.from.clone()), ("Body", parcel.text.clone())];
        if let Some(receipts) = &self.receipts {
            form.push(("StatusCallback", format!("{receipts}?delivery={}", parcel.delivery)));
        }
        serde_urlencoded::to_string(form)
    }

    fn carried(answer: &WebAnswer) -> Carried {
        let said = json(answer);
        if (200..300).contains(&answer.status) {
            return at(&said, "/sid").map_or(Carried::Unknown, Carried::HandedOver);
        }
        let code = said.get("code").and_then(serde_json::Value::as_i64);
        let (status, refused) = (answer.status, |permanent, code: i64, address| Carried::Refused {
            permanent,
            code: format!("{} {code}", answer.status),
            address,
        });
        match code {
            Some(OPTED_OUT) => Carried::OptedOut(format!("{status} {OPTED_OUT}")),
            Some(code) if NO_SUCH_NUMBER.contains(&code) => refused(true, code, true),
            Some(code) if OURS.contains(&code) => {
                Carried::NotTried(format!("{SERVICE} does not send for us as the sender is set up ({status} {code})."))
            }
            Some(code) if status == 400 => refused(true, code, false),
            _ => by_status(status, SERVICE),
        }
    }

    /// Whether the service made a call: HMAC-SHA-1 of the address and of what was brought, by name, with our token.
    fn is_proven(&self, call: &Call, brought: &[(String, String)]) -> bool {
        let Some(signature) = call.signature.as_ref().and_then(|text| STANDARD.decode(text).ok()) else { return false };
        let mut sorted: Vec<&(String, String)> = brought.iter().collect();
        sorted.sort();
        let mut signed = call.address.clone();
        for (name, value) in sorted {
            signed.push_str(name);
            signed.push_str(value);
        }
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.token.as_bytes());
        hmac::verify(&key, signed.as_bytes(), &signature).is_ok()
    }
}

#[async_trait]
impl Carrier for SmsApi {
    async fn carry(&self, parcel: &Parcel) -> Carried {
        let form = match self.form(parcel) {
            Ok(form) => form,
            Err(e) => return Carried::Unsendable(format!("The message can’t be written as a form: {e}.")),
        };
        match self.ask("POST", "/Messages.json", form).await {
            Ok(answer) => Self::carried(&answer),
            Err(silence) => silence.carried(),
        }
    }

    async fn check(&self) -> Result<String, String> {
        let answer = self.ask("GET", ".json", String::new()).await.map_err(Silence::why)?;
        let said = json(&answer);
        match (answer.status, at(&said, "/status").as_deref()) {
            (200, Some("active") | None) => {
                let name = at(&said, "/friendly_name").unwrap_or_else(|| self.setup.account.clone());
                let mut told = format!("The service is there and lets us in, to the account “{name}”.");
                if self.receipts.is_none() {
                    told.push_str(" It can’t tell what becomes of messages: server.public_url is not set.");
                }
                Ok(told)
            }
            (200, Some(other)) => Err(format!("The account is there, and is {other}.")),
            (401 | 403, _) => Err("The service does not let us in: check the account and its token.".to_owned()),
            (404, _) => Err("There is no such account.".to_owned()),
            (status, _) => Err(format!("The service does not answer as it should ({status}).")),
        }
    }

    fn hear(&self, call: &Call) -> Heard {
        let Some(brought) = std::str::from_utf8(&call.body).ok().and_then(pairs) else { return Heard::Unreadable };
        if !self.is_proven(call, &brought) {
            return Heard::Unproven;
        }
        let of = |name: &str| brought.iter().find(|(there, _)| there == name).map(|(_, value)| value.clone());
        let id = of("MessageSid").or_else(|| of("SmsSid"));
        let status = of("MessageStatus").or_else(|| of("SmsStatus")).filter(|status| status != "received");
        let Some(status) = status else {
            return match (of("From"), of("Body")) {
                (Some(from), Some(text)) => Heard::Words { id, from, text },
                _ => Heard::Unreadable,
            };
        };
        let code = of("ErrorCode").and_then(|code| code.parse::<i64>().ok()).unwrap_or_default();
        let became = match status.as_str() {
            "delivered" | "read" => Became::Delivered,
            "undelivered" | "failed" if code == OPTED_OUT => Became::OptedOut,
            "undelivered" | "failed" if NEVER.contains(&code) || NO_SUCH_NUMBER.contains(&code) => {
                Became::FailedForGood
            }
            "undelivered" | "failed" => Became::Failed,
            _ => return Heard::Nothing,
        };
        let query = call.address.split_once('?').map(|(_, query)| query).and_then(pairs).unwrap_or_default();
        let ours = query.iter().find(|(name, _)| name == "delivery").and_then(|(_, id)| Uuid::parse_str(id).ok());
        match (ours, id) {
            (Some(id), _) => Heard::Outcome { of: Whose::Ours(DeliveryId(id)), became },
            (None, Some(id)) => Heard::Outcome { of: Whose::Theirs(id), became },
            (None, None) => Heard::Unreadable,
        }
    }
}

#[cfg(test)]
mod tests {
    use commonweal_ports::{Post, PostAnswer, WebError};

    use super::*;

    struct Nobody;

    #[async_trait]
    impl WebClient for Nobody {
        fn check(&self, _: &str) -> Result<(), WebError> {
            Ok(())
        }

        async fn post(&self, _: Post) -> Result<PostAnswer, WebError> {
            Err(WebError::NotReached("No.".into()))
        }

        async fn ask(&self, _: WebRequest) -> Result<WebAnswer, WebError> {
            Err(WebError::NotReached("No.".into()))
        }
    }

    /// The example of Twilio's own page about signatures.
    #[test]
    fn a_signature_is_that_of_the_published_example() {
        let setup = Setup { address: "https://api.twilio.com".into(), account: "AC1".into() };
        let api = SmsApi::new(Arc::new(Nobody), &setup, "+1", "12345", None);
        let brought: Vec<(String, String)> = [
            ("Digits", "1234"),
            ("To", "+18005551212"),
            ("From", "+14158675310"),
            ("Caller", "+14158675310"),
            ("CallSid", "CA1234567890ABCDE"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let call = |signature: &str| Call {
            address: "https://example.com/myapp.php?foo=1&bar=2".into(),
            signature: Some(signature.into()),
            ..Call::default()
        };
        assert!(api.is_proven(&call("L/OH5YylLD5NRKLltdqwSvS0BnU="), &brought));
        assert!(!api.is_proven(&call("L/OH5YylLD5NRKLltdqwSvS0BnV="), &brought));
        assert!(!api.is_proven(&call("L/OH5YylLD5NRKLltdqwSvS0BnU="), &brought[1..]));
        assert!(!api.is_proven(&Call::default(), &brought));
    }
}
