//! By what a bounce is known from outside: who sends it, and what its subject says.

use super::prose::Outcome;
use crate::headers::Headers;

/// Whether a program that delivers mail wrote it, as far as it says so.
pub(crate) fn is_daemon(headers: &Headers) -> bool {
    const NAMES: &[&str] = &[
        "mailer-daemon",
        "mailerdaemon",
        "mail-daemon",
        "post_master",
        "postmaster",
        "mail.delivery.system",
        "mail-delivery-system",
        "mdaemon",
    ];
    const SAYING: &[&str] = &[
        "mailer-daemon",
        "mail delivery s",
        "mail deliver s",
        "mailer daemon",
        "delivery subsystem",
        "system administrator",
        "mail system",
        "postmaster",
    ];
    let local = |address: &String| address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let of_daemon = |address: &String| NAMES.contains(&local(address).as_str());
    let from = headers.first("from").unwrap_or_default().to_ascii_lowercase();
    headers.addresses(&["from", "sender", "return-path"]).iter().any(of_daemon)
        || SAYING.iter().any(|saying| from.contains(saying))
        || headers.all("return-path").any(|path| path.to_ascii_lowercase().contains("mailer-daemon"))
        || headers.has("from") && matches!(from.trim(), "" | "<>")
}

/// Whether nobody reads what is sent back to it.
pub(crate) fn is_from_nobody(headers: &Headers) -> bool {
    let local = |address: &String| {
        address.split('@').next().unwrap_or_default().to_ascii_lowercase().replace(['-', '_', '.'], "")
    };
    headers.addresses(&["from"]).iter().any(|address| matches!(local(address).as_str(), "noreply" | "donotreply"))
}

/// What subjects of bounces say, in small letters.
const OF_BOUNCE: &[&str] = &[
    "undeliver",
    "undelivered",
    "delivery status notification",
    "delivery notification",
    "delivery failure",
    "delivery failed",
    "delivery has failed",
    "delivery problem",
    "delivery report",
    "delivery error",
    "delivery unsuccessful",
    "failed delivery",
    "failure delivery",
    "failure notice",
    "returned mail",
    "returned message",
    "returned to sender",
    "returning message to sender",
    "returning to sender",
    "mail failed",
    "mail failure",
    "mail system error",
    "mail delivery",
    "mail could not be delivered",
    "message delivery",
    "could not be delivered",
    "could not be sent",
    "error sending your mail",
    "not delivered",
    "was not sent",
    "non-delivery",
    "nondeliverable",
    "delayed mail",
    "message delayed",
    "email delivery",
    "unzustellbar",
    "nicht zugestellt",
    "zustellung fehlgeschlagen",
    "rückläufer",
    "non remis",
    "échec de la remise",
    "non distribu",
    "non délivré",
    "no se puede entregar",
    "no entregado",
    "no se ha podido entregar",
    "devuelto",
    "mancata consegna",
    "non recapitabile",
    "não entregue",
    "não é possível entregar",
    "onbestelbaar",
    "niet bezorgd",
    "kunde inte levereras",
    "kunne ikke leveres",
    "niedostarczon",
    "nedoručiteln",
    "недоставлен",
    "не доставлен",
    "не удается доставить",
    "配信不能",
    "配信できません",
    "配送できません",
    "送信できません",
    "送信不能",
    "无法投递",
    "系统退信",
    "退信",
];

/// What a subject says that came of a delivery, if it is one of a bounce.
pub(crate) fn outcome_of(subject: &str) -> Option<Outcome> {
    let subject = subject.to_lowercase();
    let delayed = subject.contains("delay");
    let of_bounce =
        OF_BOUNCE.iter().any(|words| subject.contains(words)) || subject.starts_with("warning: ") && delayed;
    of_bounce.then_some(if delayed { Outcome::Delayed } else { Outcome::Failed })
}

#[cfg(test)]
mod tests {
    use super::{Outcome, is_daemon, outcome_of};
    use crate::headers::Headers;

    #[test]
    fn subjects_say_what_came_of_it() {
        for subject in [
            "Undeliverable: News",
            "failure notice",
            "Returned mail: see transcript",
            "Unzustellbar: Neues",
            "Недоставленное сообщение",
        ] {
            assert_eq!(outcome_of(subject), Some(Outcome::Failed), "{subject}");
        }
        assert_eq!(outcome_of("Warning: message 1qW delayed 24 hours"), Some(Outcome::Delayed));
        assert_eq!(outcome_of("Delivery Status Notification (Delay)"), Some(Outcome::Delayed));
        assert_eq!(outcome_of("My bus is delayed"), None);
    }

    #[test]
    fn mail_systems_say_who_they_are() {
        for (name, value) in [
            ("From", "MAILER-DAEMON@mx.example"),
            ("From", "Mail Delivery System <x@mx.example>"),
            ("Return-Path", "<MAILER-DAEMON>"),
            ("From", "<>"),
        ] {
            let mut headers = Headers::default();
            headers.push(name, value);
            assert!(is_daemon(&headers), "{name}: {value}");
        }
        let mut headers = Headers::default();
        headers.push("From", "Ann Post <ann.post@x.example>");
        headers.push("Return-Path", "<ann.post@x.example>");
        assert!(!is_daemon(&headers));
    }
}
