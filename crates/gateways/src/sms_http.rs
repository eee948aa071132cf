//! Text messages by a service that takes an HTTP request, as it is described in the settings of the sender.

use std::fmt::Write as _;
use std::sync::Arc;

use async_trait::async_trait;
use commonweal_domain::DeliveryId;
use commonweal_domain::gateway::SmsHttp as Setup;
use commonweal_ports::{Became, Call, Carried, Carrier, Heard, Parcel, WebAnswer, WebClient, WebRequest, Whose};
use uuid::Uuid;

use crate::answer::{MAX_ANSWER, ask, by_status, json};
use crate::told::{at, read};

const SERVICE: &str = "The service for text messages";
/// What is shown in the place of the secret.
const HIDDEN: &str = "••••";

pub(crate) struct SmsHttp {
    web: Arc<dyn WebClient>,
    setup: Setup,
    from: String,
    secret: String,
}

/// How what is put into a text is written there.
#[derive(Clone, Copy)]
enum Writing {
    Address,
    Form,
    Json,
    Xml,
    AsItIs,
}

impl Writing {
    fn write(self, value: &str, out: &mut String) {
        let percent = |out: &mut String, plus: bool| {
            for b in value.bytes() {
                match b {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(b)),
                    b' ' if plus => out.push('+'),
                    _ => {
                        let _ = write!(out, "%{b:02X}");
                    }
                }
            }
        };
        match self {
            Self::Address => percent(out, false),
            Self::Form => percent(out, true),
            Self::Json => {
                // Without the quotes, which stand in the template.
                let quoted = serde_json::Value::from(value).to_string();
                out.push_str(&quoted[1..quoted.len() - 1]);
            }
            Self::Xml => {
                for c in value.chars() {
                    match c {
                        '<' => out.push_str("&lt;"),
                        '>' => out.push_str("&gt;"),
                        '&' => out.push_str("&amp;"),
                        '"' => out.push_str("&quot;"),
                        '\'' => out.push_str("&apos;"),
                        // None of these can be in XML.
                        c if c.is_control() && !"\t\n\r".contains(c) => {}
                        c => out.push(c),
                    }
                }
            }
            Self::AsItIs => out.push_str(value),
        }
    }

    /// A template with what belongs in its places. What was put in is never read again.
    fn fill(self, template: &str, of: impl Fn(&str) -> Option<String>) -> String {
        let mut out = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("((") {
            out.push_str(before);
            match after.split_once("))").and_then(|(name, rest)| Some((of(name)?, rest))) {
                Some((value, after)) => {
                    self.write(&value, &mut out);
                    rest = after;
                }
                None => {
                    out.push_str("((");
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }
}

impl SmsHttp {
    pub(crate) fn new(web: Arc<dyn WebClient>, setup: &Setup, from: &str, secret: &str) -> Self {
        Self { web, setup: setup.clone(), from: from.to_owned(), secret: secret.to_owned() }
    }

    /// The request for one message.
    fn request(&self, to: &str, text: &str, reference: &str, secret: &str) -> Result<WebRequest, String> {
        let of = |name: &str| {
            let value = match name {
                "to" => to,
                "digits" => to.trim_start_matches('+'),
                "from" => &self.from,
                "text" => text,
                "reference" => reference,
                "secret" => secret,
                _ => return None,
            };
            Some(value.to_owned())
        };
        let body = match &self.setup {
            setup if setup.is_json() => Writing::Json,
            setup if setup.is_form() => Writing::Form,
            setup if setup.content_type.to_ascii_lowercase().contains("xml") => Writing::Xml,
            _ => Writing::AsItIs,
        };
        let mut headers = Vec::new();
        for (name, value) in &self.setup.headers {
            let value = Writing::AsItIs.fill(value, of);
            if value.chars().any(char::is_control) {
                return Err(format!("The header {name} can’t hold a line break."));
            }
            headers.push((name.to_ascii_lowercase(), value));
        }
        if !self.setup.body.is_empty() {
            headers.push(("content-type".to_owned(), self.setup.content_type.clone()));
        }
        Ok(WebRequest {
            method: self.setup.method.clone(),
            address: Writing::Address.fill(&self.setup.address, of),
            headers,
            body: body.fill(&self.setup.body, of).into_bytes(),
            most_bytes: MAX_ANSWER,
        })
    }

    fn carried(&self, answer: &WebAnswer) -> Carried {
        let status = answer.status;
        if !(200..300).contains(&status) {
            return by_status(status, SERVICE);
        }
        if !self.setup.taken.is_empty() && !self.setup.taken.contains(&status) {
            return Carried::Refused { permanent: true, code: status.to_string(), address: false };
        }
        match &self.setup.id {
            None => Carried::HandedOver(status.to_string()),
            // Without the id it is not the answer that was described: nobody knows what it means.
            Some(pointer) => at(&json(answer), pointer).map_or(Carried::Unknown, Carried::HandedOver),
        }
    }
}

#[async_trait]
impl Carrier for SmsHttp {
    async fn carry(&self, parcel: &Parcel) -> Carried {
        match self.request(&parcel.to, &parcel.text, &parcel.delivery.to_string(), &self.secret) {
            Ok(request) => match ask(&*self.web, request).await {
                Ok(answer) => self.carried(&answer),
                Err(silence) => silence.carried(),
            },
            Err(why) => Carried::Unsendable(why),
        }
    }

    async fn check(&self) -> Result<String, String> {
        let reference = Uuid::nil().to_string();
        let request = self.request("+447700900000", "This is a test.", &reference, HIDDEN)?;
        self.web.check(&request.address).map_err(|e| e.to_string())?;
        let mut told =
            format!("It can’t be tried without sending. It would send {} {}", request.method, request.address);
        for (name, value) in &request.headers {
            let _ = write!(told, "\n{name}: {value}");
        }
        let _ = write!(told, "\n\n{}", String::from_utf8_lossy(&request.body));
        Ok(told.trim_end().to_owned())
    }

    fn hear(&self, call: &Call) -> Heard {
        if !call.has_token {
            return Heard::Unproven;
        }
        let Some(said) = read(&call.body) else { return Heard::Unreadable };
        if let Some(receipts) = &self.setup.receipts
            && let Some(status) = at(&said, &receipts.status)
        {
            let is = |words: &[String]| words.iter().any(|word| word.eq_ignore_ascii_case(&status));
            let became = match () {
                () if is(&receipts.delivered) => Became::Delivered,
                () if is(&receipts.failed_for_good) => Became::FailedForGood,
                () if is(&receipts.failed) => Became::Failed,
                () => return Heard::Nothing,
            };
            let there = |pointer: &Option<String>| pointer.as_ref().and_then(|pointer| at(&said, pointer));
            let ours = there(&receipts.reference).and_then(|text| Uuid::parse_str(&text).ok());
            return match (ours, there(&receipts.id)) {
                (Some(id), _) => Heard::Outcome { of: Whose::Ours(DeliveryId(id)), became },
                (None, Some(id)) => Heard::Outcome { of: Whose::Theirs(id), became },
                (None, None) => Heard::Unreadable,
            };
        }
        if let Some(received) = &self.setup.received
            && let (Some(from), Some(text)) = (at(&said, &received.from), at(&said, &received.text))
        {
            let id = received.id.as_ref().and_then(|pointer| at(&said, pointer));
            return Heard::Words { id, from, text };
        }
        Heard::Unreadable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(writing: Writing, template: &str, value: &str) -> String {
        writing.fill(template, |name| (name == "text").then(|| value.to_owned()))
    }

    #[test]
    fn what_is_put_in_is_written_as_its_place_has_it_and_never_read_again() {
        let nasty = "a \"b\" & <c>\n((secret)) £";
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&filled(Writing::Json, r#"{"t":"((text))"}"#, nasty))
                .expect("JSON")["t"],
            nasty
        );
        let form = filled(Writing::Form, "t=((text))&x=1", nasty);
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&form).expect("a form");
        assert_eq!(pairs, [("t".to_owned(), nasty.to_owned()), ("x".to_owned(), "1".to_owned())]);
        assert_eq!(filled(Writing::Address, "/?t=((text))", "+44 7&"), "/?t=%2B44%207%26");
        assert_eq!(filled(Writing::Xml, "<t>((text))</t>", "a<b&\u{1}"), "<t>a&lt;b&amp;</t>");
        assert_eq!(filled(Writing::AsItIs, "((text)) ((other)) ((", "x"), "x ((other)) ((");
    }
}
