//! What was read, in one line for machines or in some for people.

use std::fmt::Write;

use serde::Serialize;

use crate::{Feedback, Kind, Mail, Original, Recipient};

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<usize>,
    kind: Kind,
    recipients: &'a [Recipient],
    text: &'a str,
    sign: &'a str,
    #[serde(skip_serializing_if = "slice_is_empty")]
    from: &'a [String],
    #[serde(skip_serializing_if = "slice_is_empty")]
    sent_to: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<&'a str>,
    #[serde(skip_serializing_if = "slice_is_empty")]
    references: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<&'a Original>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feedback: Option<&'a Feedback>,
}

fn slice_is_empty(slice: &&[String]) -> bool {
    slice.is_empty()
}

/// One line of JSON. The names are part of the command's interface.
pub fn json(file: &str, n: Option<usize>, mail: &Mail) -> String {
    let line = Line {
        file,
        n,
        kind: mail.kind,
        recipients: &mail.recipients,
        text: &mail.text,
        sign: mail.sign,
        from: &mail.from,
        sent_to: &mail.sent_to,
        message_id: mail.message_id.as_deref(),
        references: &mail.references,
        original: mail.original.as_ref(),
        feedback: mail.feedback.as_ref(),
    };
    // Text and numbers alone: this can't fail.
    serde_json::to_string(&line).unwrap_or_default()
}

/// Some lines for people, without a line end behind the last.
pub fn summary(file: &str, n: Option<usize>, mail: &Mail) -> String {
    let mut out = match n {
        Some(n) => format!("{file}, message {n}: {}", mail.kind.label()),
        None => format!("{file}: {}", mail.kind.label()),
    };
    // Writing to a string can't fail.
    let _ = write!(out, " ({})", mail.sign);
    for recipient in &mail.recipients {
        let said: Vec<&str> =
            [recipient.action.as_str(), recipient.status.as_str()].into_iter().filter(|s| !s.is_empty()).collect();
        let _ = write!(out, "\n  {}", recipient.address);
        if !said.is_empty() {
            let _ = write!(out, ", {}", said.join(" "));
        }
        if mail.kind == Kind::Bounce {
            let _ = write!(out, ": {}", recipient.class.label());
        }
    }
    if mail.kind == Kind::Bounce && mail.recipients.is_empty() {
        out.push_str("\n  It does not say who did not get it.");
    }
    for line in mail.text.lines() {
        let _ = write!(out, "\n  {line}");
    }
    out.truncate(out.trim_end().len());
    out
}
