//! What Amazon's mail service (SES) tells by mail when it is asked to tell by topics (SNS): JSON as the text of a message.
//!
//! Its fields are those of *Amazon SNS notification contents for Amazon SES* in Amazon's developer guide.

use serde_json::Value;

use super::{MAX_DIAGNOSTIC_BYTES, MAX_RECIPIENTS, Recipient};
use crate::headers::cut;
use crate::status::{classify, find_status};

/// What such a notification tells.
pub(crate) enum Told {
    Bounce(Vec<Recipient>),
    Complaint(Vec<Recipient>),
    /// That a message was delivered.
    Delivery,
}

/// Bytes of a notification that are looked at.
const MAX_BYTES: usize = 256 * 1024;

/// Reads a notification, with the `Message-ID` of the message it is about.
pub(crate) fn read(text: &str) -> Option<(Told, Option<String>)> {
    let text = text.trim();
    if !text.starts_with('{') || text.len() > MAX_BYTES {
        return None;
    }
    // Below the object stands how to unsubscribe from the topic.
    let first = |text: &str| serde_json::Deserializer::from_str(text).into_iter().next()?.ok();
    // Lines that were too long were broken on the way, in the middle of words.
    let outer: Value = first(text).or_else(|| first(&text.replace("\n ", "").replace('\n', "")))?;
    let inner = outer.get("Message").and_then(Value::as_str).and_then(|message| serde_json::from_str(message).ok());
    let told: Value = inner.unwrap_or(outer);
    let kind = told.get("notificationType").or_else(|| told.get("eventType"))?.as_str()?.to_ascii_lowercase();
    let id = told.pointer("/mail/commonHeaders/messageId").and_then(Value::as_str);
    let id = id.map(|id| id.trim_matches(['<', '>']).to_owned());
    let list = |path: &str| told.pointer(path).and_then(Value::as_array).cloned().unwrap_or_default();
    let told = match kind.as_str() {
        "bounce" => {
            Told::Bounce(list("/bounce/bouncedRecipients").iter().take(MAX_RECIPIENTS).filter_map(bounced).collect())
        }
        "complaint" => {
            let feedback = told.pointer("/complaint/complaintFeedbackType").and_then(Value::as_str).unwrap_or("abuse");
            let complained = |entry: &Value| {
                let address = entry.get("emailAddress")?.as_str()?.to_owned();
                Some(Recipient { address, action: feedback.to_owned(), ..Recipient::default() })
            };
            Told::Complaint(
                list("/complaint/complainedRecipients").iter().take(MAX_RECIPIENTS).filter_map(complained).collect(),
            )
        }
        "delivery" => Told::Delivery,
        _ => return None,
    };
    Some((told, id))
}

fn bounced(entry: &Value) -> Option<Recipient> {
    let field = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let address = field("emailAddress").trim_matches(['<', '>']).to_owned();
    if address.is_empty() {
        return None;
    }
    let diagnostic = field("diagnosticCode");
    let said = diagnostic.split_once(';').map_or(diagnostic, |(_, said)| said.trim());
    let status = find_status(field("status")).unwrap_or_default();
    let action = field("action").to_ascii_lowercase();
    Some(Recipient {
        class: classify(&action, status, said),
        address,
        action,
        status: status.to_owned(),
        diagnostic: cut(said, MAX_DIAGNOSTIC_BYTES).to_owned(),
        ..Recipient::default()
    })
}

#[cfg(test)]
mod tests {
    use super::{Told, read};
    use crate::Class;

    #[test]
    fn a_notification_is_read_through_its_envelope() {
        let inner = r#"{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"kit@x.example","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]},"mail":{"commonHeaders":{"messageId":"<7@y.example>"}}}"#;
        let outer = serde_json::json!({"Type": "Notification", "Message": inner}).to_string();
        let Some((Told::Bounce(found), id)) = read(&(outer.clone() + "\n--\nunsubscribe here")) else {
            panic!("a bounce")
        };
        assert_eq!(
            (found[0].address.as_str(), found[0].class, id.as_deref()),
            ("kit@x.example", Class::Hard, Some("7@y.example"))
        );
        let broken = outer.replacen("bounced", "bou\n nced", 1);
        assert!(matches!(read(&broken), Some((Told::Bounce(found), _)) if found.len() == 1));
        assert!(read("{\"a\":1}").is_none());
        assert!(read("{ not json").is_none());
    }
}
