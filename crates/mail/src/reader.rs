//! One message: what it is, and everything that is read of it.

use std::fmt;

use crate::bounce::original::both;
use crate::bounce::prose::{self, Notice, Outcome};
use crate::bounce::signs::{is_daemon, is_from_nobody, outcome_of};
use crate::bounce::{MAX_RECIPIENTS, Original, Recipient, notification, report};
use crate::headers::Headers;
use crate::mime::{self, Body, Entity, headers_of};
use crate::reply::{html, own_words};
use crate::{Feedback, Kind, MAX_MESSAGE_BYTES, Problem, automatic, complaint, fields, unsubscribe};

/// A message that was read.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mail {
    /// What it is.
    pub kind: Kind,
    /// By which sign that was told, in words for people.
    pub sign: &'static str,
    /// Of a bounce: who did not get the message. Of a complaint: who complained, as far as the report says it.
    pub recipients: Vec<Recipient>,
    /// What the person wrote, without what they quoted. Empty for bounces and complaints.
    pub text: String,
    /// Subject.
    pub subject: String,
    /// Addresses of `From`.
    pub from: Vec<String>,
    /// Every address it was sent to (`Delivered-To`, `X-Original-To`, `To` …): the one with a token in it is among them.
    pub sent_to: Vec<String>,
    /// `Message-ID`, without brackets.
    pub message_id: Option<String>,
    /// Ids of `In-Reply-To` and `References`, without brackets.
    pub references: Vec<String>,
    /// Of a bounce or complaint: what is left of the message that it is about.
    pub original: Option<Original>,
    /// Of a complaint: what the report says.
    pub feedback: Option<Feedback>,
}

/// Without what is personal.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("kind", &self.kind).field("sign", &self.sign).finish_non_exhaustive()
    }
}

/// Fields of which every message has at least one.
const OF_MAIL: &[&str] = &[
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "received",
    "return-path",
    "delivered-to",
    "mime-version",
    "content-type",
    "sender",
];
/// Where the address stands to which a message went.
const SENT_TO: &[&str] = &[
    "delivered-to",
    "x-original-to",
    "x-delivered-to",
    "envelope-to",
    "x-envelope-to",
    "x-rcpt-to",
    "to",
    "cc",
    "resent-to",
];

/// Reads one message as it came, headers and all.
pub fn read(message: &[u8]) -> Result<Mail, Problem> {
    if message.len() > MAX_MESSAGE_BYTES {
        return Err(Problem::TooLarge);
    }
    if message.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::Empty);
    }
    let entity = mime::parse(message);
    if !OF_MAIL.iter().any(|name| entity.headers.has(name)) {
        return Err(Problem::NoMail);
    }
    Ok(Reading::new(&entity).mail())
}

/// What is looked at to tell what a message is.
struct Reading<'a> {
    entity: &'a Entity,
    headers: &'a Headers,
    /// Parts with fields or words, but for those of messages within.
    texts: Vec<&'a Entity>,
    /// Messages within.
    messages: Vec<&'a Entity>,
    /// All words that are to be read.
    words: String,
    returned: Option<Original>,
}

impl<'a> Reading<'a> {
    fn new(entity: &'a Entity) -> Self {
        let (mut texts, mut messages) = (Vec::new(), Vec::new());
        collect(entity, &mut texts, &mut messages);
        let words = words(&texts, true);
        let head =
            texts.iter().find(|part| matches!(part.media.as_str(), "text/rfc822-headers" | "message/global-headers"));
        let returned = match (messages.first(), head.map(|head| &head.body)) {
            (Some(message), _) => Original::of(&message.headers),
            (None, Some(Body::Text(text))) => Original::of(&headers_of(text)),
            _ => None,
        };
        Self { entity, headers: &entity.headers, texts, messages, words, returned }
    }

    fn mail(self) -> Mail {
        let headers = self.headers;
        let mut mail = Mail {
            kind: Kind::Other,
            sign: "nothing says more",
            recipients: Vec::new(),
            text: String::new(),
            subject: headers.first("subject").unwrap_or_default().to_owned(),
            from: headers.addresses(&["from"]),
            sent_to: headers.addresses(SENT_TO),
            message_id: headers.ids("message-id").into_iter().next(),
            references: both(headers),
            original: None,
            feedback: None,
        };
        let told = self.complaint(&mut mail)
            || self.report(&mut mail)
            || self.notification(&mut mail)
            || self.unsubscribe(&mut mail)
            || self.bounce(&mut mail);
        if !told {
            self.person(&mut mail);
        }
        mail
    }

    /// The text of the first part of one of these types.
    fn part(&self, media: &[&str]) -> Option<&'a str> {
        self.texts.iter().find(|part| media.contains(&part.media.as_str())).and_then(|part| text_of(part))
    }

    fn complaint(&self, mail: &mut Mail) -> bool {
        let among_words = || {
            // Sent without its parts: the fields among the words, and a message within.
            let is_report = self.entity.report == "feedback-report" || self.returned.is_some();
            (is_report && self.words.to_ascii_lowercase().contains("feedback-type:"))
                .then(|| complaint::read(&self.words))
                .flatten()
        };
        let (read, sign) = match self.part(&["message/feedback-report"]).and_then(complaint::read).or_else(among_words)
        {
            Some(read) => (read, "a feedback report (RFC 5965)"),
            None => match complaint::of_microsoft(self.headers, self.returned.as_ref()) {
                Some(read) => (read, "a report in Microsoft's form"),
                None => return false,
            },
        };
        mail.kind = Kind::Complaint;
        mail.sign = sign;
        mail.feedback = Some(read.0);
        mail.recipients = read.1;
        mail.original.clone_from(&self.returned);
        true
    }

    /// A delivery report, in its own part, in a message within, or as fields among words.
    fn report(&self, mail: &mut Mail) -> bool {
        const REPORT: &[&str] = &["message/delivery-status", "message/global-delivery-status"];
        let of = |texts: &[&Entity]| -> Vec<Recipient> {
            let parts = texts.iter().filter(|part| REPORT.contains(&part.media.as_str()));
            parts.filter_map(|part| text_of(part)).flat_map(report::recipients).take(MAX_RECIPIENTS).collect()
        };
        let mut recipients = of(&self.texts);
        let mut sign = "a delivery report (RFC 3464)";
        if !recipients.is_empty() || self.is_from_machine() || self.words.trim().is_empty() {
            let mut within = self.messages.clone();
            while let Some(message) = within.pop() {
                let mut texts = Vec::new();
                collect(message, &mut texts, &mut within);
                recipients.extend(of(&texts).into_iter().map(|recipient| Recipient { within: true, ..recipient }));
            }
            recipients.truncate(MAX_RECIPIENTS);
        }
        let said_to_be = self.entity.report == "delivery-status" || self.part(REPORT).is_some();
        if recipients.is_empty() && (said_to_be || self.is_from_machine()) {
            recipients = report::recipients_among_words(&self.all_words());
            sign = "fields of a delivery report (RFC 3464) among words";
        }
        if recipients.is_empty() {
            return false;
        }
        let done = |recipient: &Recipient| matches!(recipient.action.as_str(), "delivered" | "relayed" | "expanded");
        if recipients.iter().all(done) {
            mail.kind = Kind::Other;
            mail.sign = "a report that a message was delivered (RFC 3464)";
        } else {
            mail.kind = Kind::Bounce;
            mail.sign = sign;
        }
        mail.recipients = recipients;
        mail.original = self.returned.clone().or_else(|| self.told().original);
        true
    }

    fn notification(&self, mail: &mut Mail) -> bool {
        let Some((told, id)) = notification::read(&self.words) else { return false };
        (mail.kind, mail.recipients) = match told {
            notification::Told::Bounce(recipients) => (Kind::Bounce, recipients),
            notification::Told::Complaint(recipients) => {
                let kind = recipients.first().map_or_else(|| "abuse".to_owned(), |first| first.action.clone());
                mail.feedback = Some(Feedback { kind, ..Feedback::default() });
                (Kind::Complaint, recipients)
            }
            notification::Told::Delivery => (Kind::Other, Vec::new()),
        };
        mail.sign = "a notification of Amazon SES";
        mail.original = id.as_deref().map(Original::by_id);
        true
    }

    fn unsubscribe(&self, mail: &mut Mail) -> bool {
        let by_address = unsubscribe::address(&mail.sent_to).is_some();
        let by_subject = unsubscribe::subject(self.headers);
        if is_daemon(self.headers) || !(by_address || by_subject || self.words.len() < 100_000) {
            return false;
        }
        let own = self.own_words().0;
        if !(by_address || by_subject || unsubscribe::says(&own)) {
            return false;
        }
        mail.kind = Kind::Unsubscribe;
        mail.sign = match (by_address, by_subject) {
            (true, _) => "it went to an address for unsubscribing",
            (false, true) => "the subject says so",
            (false, false) => "what was written says so, and nothing else",
        };
        mail.text = own;
        true
    }

    /// A bounce that is only words.
    fn bounce(&self, mail: &mut Mail) -> bool {
        let headers = self.headers;
        let reported = self.entity.report == "delivery-status" || self.part(&["message/delivery-status"]).is_some();
        let named = headers.has("x-failed-recipients");
        // An automatic reply has the subject of the message that it answers behind its own words.
        let subject = outcome_of(&mail.subject).is_some()
            && !is_answer(&mail.subject)
            && !automatic::begins_like_automatic(&mail.subject);
        // Nobody reads what is sent there, and the message itself comes back: some mail systems say no more of themselves.
        let machine = self.is_from_machine() || self.returned.is_some() && is_from_nobody(headers);
        let answers = !mail.references.is_empty();
        // Without any sign from outside, words are a person's.
        if !(reported || named || machine || subject && !answers) {
            return false;
        }
        let told = self.told();
        let by_words = told.of_failure && !told.recipients.is_empty();
        mail.sign = if named {
            "X-Failed-Recipients names who did not get it"
        } else if reported {
            "it says that it is a delivery report"
        } else if machine && subject {
            "a mail system sends it, and the subject says so"
        } else if machine && by_words {
            "a mail system sends it, and the words say so"
        } else if subject && !answers && by_words {
            "subject and words say so"
        } else {
            mail.sign = "nothing says more";
            return false;
        };
        mail.kind = Kind::Bounce;
        mail.recipients = told.recipients;
        mail.original = told.original;
        true
    }

    /// What a person wrote, or a machine in their name.
    fn person(&self, mail: &mut Mail) {
        let (own, quoted) = self.own_words();
        mail.text = own;
        if let Some(receipt) =
            self.part(&["message/disposition-notification", "message/global-disposition-notification"])
        {
            mail.kind = Kind::AutoReply;
            mail.sign = "a receipt that a message was read (RFC 8098)";
            let fields = fields::groups(receipt).into_iter().flatten().collect::<Vec<_>>();
            let id = fields::value(&fields, "original-message-id");
            mail.original = self.returned.clone().or_else(|| id.map(Original::by_id));
        } else if let Some(sign) = automatic::sign(self.headers) {
            mail.kind = Kind::AutoReply;
            mail.sign = sign;
        } else if self.headers.iter().any(|(name, _)| name == "list-id" || name == "list-unsubscribe") {
            mail.sign = "it was sent to a list";
        } else if !mail.references.is_empty() {
            mail.kind = Kind::Reply;
            mail.sign = "it names the message that it answers";
        } else if is_answer(&mail.subject) {
            mail.kind = Kind::Reply;
            mail.sign = "the subject is one of a reply";
        } else if quoted {
            mail.kind = Kind::Reply;
            mail.sign = "it quotes a message";
        }
    }

    fn own_words(&self) -> (String, bool) {
        let own = own_words(&words(&self.texts, false));
        (own.text, own.quoted)
    }

    fn told(&self) -> prose::Told {
        let subject = self.headers.first("subject").unwrap_or_default();
        prose::read(Notice {
            headers: self.headers,
            subject: if self.headers.has("x-failed-recipients") { Some(Outcome::Failed) } else { outcome_of(subject) },
            words: &self.words,
            returned: self.returned.clone(),
        })
    }

    /// The words, and what stands in parts for which there is no name.
    fn all_words(&self) -> String {
        let mut all = self.words.clone();
        for text in self.texts.iter().filter(|part| part.media.starts_with("message/")).filter_map(|part| text_of(part))
        {
            all.push_str("\n\n");
            all.push_str(text);
        }
        all
    }

    fn is_from_machine(&self) -> bool {
        is_daemon(self.headers) || automatic::has_empty_path(self.headers)
    }
}

/// Parts with text, and messages within; what is in those stays there.
fn collect<'a>(entity: &'a Entity, texts: &mut Vec<&'a Entity>, messages: &mut Vec<&'a Entity>) {
    match &entity.body {
        Body::Text(_) => texts.push(entity),
        Body::Parts(parts) => parts.iter().for_each(|part| collect(part, texts, messages)),
        Body::Message(message) => messages.push(message),
        Body::Other => {}
    }
}

fn text_of(entity: &Entity) -> Option<&str> {
    match &entity.body {
        Body::Text(text) => Some(text),
        _ => None,
    }
}

/// Plain words, or those of HTML where there are no plain ones.
fn words(texts: &[&Entity], with_attachments: bool) -> String {
    let of = |wanted: &dyn Fn(&str) -> bool| -> Vec<&str> {
        let parts = texts.iter().filter(|part| wanted(&part.media) && (with_attachments || !part.attachment));
        parts.filter_map(|part| text_of(part)).filter(|text| !text.trim().is_empty()).collect()
    };
    let plain = of(&|media| {
        media.starts_with("text/") && !matches!(media, "text/html" | "text/rfc822-headers")
            || media.starts_with("multipart/")
    });
    if !plain.is_empty() {
        return plain.join("\n\n");
    }
    of(&|media| media == "text/html").into_iter().map(html::to_text).collect::<Vec<_>>().join("\n\n")
}

/// Whether a subject is one of an answer: `Re:`, `AW:`, `Re[2]:`.
fn is_answer(subject: &str) -> bool {
    const SIGNS: &[&str] = &[
        "re", "aw", "sv", "vs", "antw", "antwort", "res", "rif", "rv", "odp", "ynt", "atb", "ateb", "отв", "回复",
        "答复", "回覆", "返信",
    ];
    let Some((before, _)) = subject.split_once([':', '：']) else { return false };
    let sign = before.split('[').next().unwrap_or_default().trim().to_lowercase();
    SIGNS.contains(&sign.as_str())
}
