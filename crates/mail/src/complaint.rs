//! Complaints: RFC 5965, as providers send them, with and without its parts.

use serde::Serialize;

use crate::bounce::{MAX_RECIPIENTS, Original, Recipient};
use crate::fields::{self, Field, value};
use crate::headers::{Headers, addresses};

/// What a feedback report says. Where the message came from (`Source-IP`) is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[non_exhaustive]
pub struct Feedback {
    /// `abuse` where a person called the message unwanted; `not-spam` where one said it is wanted after all; `auth-failure`, `fraud`,
    /// `virus`, `opt-out`, `other` (IANA, *Feedback Report Type Values*). Only `abuse` and `opt-out` are a person's wish.
    pub kind: String,
    /// `Original-Mail-From`: the envelope sender of the message, where a delivery's token may stand.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mail_from: String,
}

/// Reads a part `message/feedback-report`, or the same fields among words.
pub(crate) fn read(text: &str) -> Option<(Feedback, Vec<Recipient>)> {
    let groups = fields::groups(text);
    let fields: Vec<Field> = groups.into_iter().find(|group| value(group, "feedback-type").is_some())?;
    let kind = value(&fields, "feedback-type")?.to_ascii_lowercase();
    let kind: String = kind.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    if kind.is_empty() {
        return None;
    }
    let mail_from =
        value(&fields, "original-mail-from").and_then(|from| addresses(from).next()).unwrap_or_default().to_owned();
    let mut recipients: Vec<Recipient> = Vec::new();
    for name in ["original-rcpt-to", "removal-recipient"] {
        for (_, text) in fields.iter().filter(|(n, _)| n == name) {
            recipients.extend(addresses(text).map(|address| complained(address, &kind)));
        }
    }
    Some((Feedback { kind, mail_from }, once(recipients)))
}

/// Microsoft's reports (JMRP): no fields, but the message itself as a part, with its recipient in a field of its own.
pub(crate) fn of_microsoft(headers: &Headers, returned: Option<&Original>) -> Option<(Feedback, Vec<Recipient>)> {
    let returned = returned?;
    let subject = headers.first("subject").unwrap_or_default().to_ascii_lowercase();
    let recipients = returned.headers().addresses(&["x-hmxmroriginalrecipient"]);
    if recipients.is_empty() && !subject.starts_with("complaint about message from ") {
        return None;
    }
    let kind = "abuse".to_owned();
    let recipients = recipients.iter().map(|address| complained(address, &kind)).collect();
    Some((Feedback { kind, mail_from: String::new() }, recipients))
}

fn complained(address: &str, kind: &str) -> Recipient {
    Recipient { address: address.to_owned(), action: kind.to_owned(), ..Recipient::default() }
}

fn once(recipients: Vec<Recipient>) -> Vec<Recipient> {
    let mut found: Vec<Recipient> = Vec::new();
    for recipient in recipients {
        let known = found.iter().any(|f| f.address.eq_ignore_ascii_case(&recipient.address));
        if !known && found.len() < MAX_RECIPIENTS {
            found.push(recipient);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_fields_that_help_are_kept_and_no_other() {
        let text = "Feedback-Type: Abuse\nUser-Agent: x\nVersion: 1\nOriginal-Mail-From: <b+7@own.example>\n\
                    Original-Rcpt-To: <kit@x.example>\nRemoval-Recipient: KIT@x.example\nSource-IP: 192.0.2.1\n";
        let (feedback, recipients) = read(text).expect("a report");
        assert_eq!((feedback.kind.as_str(), feedback.mail_from.as_str()), ("abuse", "b+7@own.example"));
        assert_eq!(recipients.len(), 1);
        assert_eq!((recipients[0].address.as_str(), recipients[0].action.as_str()), ("kit@x.example", "abuse"));
        assert!(!serde_json::to_string(&(feedback, recipients)).expect("JSON").contains("192.0.2.1"));
        assert!(read("Hello: you\n").is_none());
    }
}
