//! A message out of a mail.

use data_encoding::BASE32_NOPAD;

use crate::address::{Address, ascii_domain};
use crate::body::{base64_lines, quoted_printable};
use crate::head::{Head, parameter};
use crate::mail::{Attachment, Mail, Unsubscribe};
use crate::problem::{at_most, no_control};
use crate::{List, Problem};

/// Characters of a subject.
const MAX_SUBJECT_CHARS: usize = 500;
/// Bytes of the text and of the HTML, each.
const MAX_TEXT_BYTES: usize = 2_000_000;
/// Bytes of all files of a mail together; many servers take no more.
const MAX_ATTACHMENTS_BYTES: usize = 20_000_000;
/// Bytes of what can't be folded: a line must stay below 998.
const MAX_UNFOLDED: usize = 900;
/// Bytes of the name of a file.
const MAX_FILE_NAME: usize = 250;
/// Files, and headers that are added, of one mail.
const MAX_MANY: usize = 50;

/// Headers that a mail has from its fields or that others write on its way.
const TAKEN: &[&str] = &[
    "auto-submitted",
    "bcc",
    "cc",
    "content-description",
    "content-disposition",
    "content-id",
    "content-language",
    "content-transfer-encoding",
    "content-type",
    "date",
    "delivered-to",
    "dkim-signature",
    "feedback-id",
    "from",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "message-id",
    "mime-version",
    "precedence",
    "received",
    "reply-to",
    "return-path",
    "sender",
    "subject",
    "to",
];

/// The message as it goes over the wire, or what is wrong with it. The same mail gives the same bytes.
pub fn compose(mail: &Mail) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::with_capacity(2_048 + mail.text.len() + mail.html.as_ref().map_or(0, String::len) * 5 / 4);
    head(mail, &mut out)?;
    check_parts(mail)?;
    let (inline, files): (Vec<&Attachment>, Vec<&Attachment>) =
        mail.attachments.iter().partition(|file| file.content_id.is_some() && mail.html.is_some());
    let mark = Mark::of(&mail.message_id);
    if files.is_empty() {
        alternative(mail, &inline, &mark, &mut out);
    } else {
        let mixed = mark.boundary(0);
        multipart("mixed", &mixed, "", &mut out);
        next_part(&mixed, &mut out);
        alternative(mail, &inline, &mark, &mut out);
        for file in files {
            next_part(&mixed, &mut out);
            attached(file, "attachment", &mut out);
        }
        last_part(&mixed, &mut out);
    }
    Ok(out)
}

fn head(mail: &Mail, out: &mut Vec<u8>) -> Result<(), Problem> {
    let (from_name, from) = mail.from.checked("The sender")?;
    let (to_name, to) = mail.to.checked("The recipient")?;
    let reply_to = mail.reply_to.as_ref().map(|to| to.checked("The address for answers")).transpose()?;
    no_control("The subject", &mail.subject)?;
    if mail.subject.chars().count() > MAX_SUBJECT_CHARS {
        return Err(Problem::TooLong { what: "The subject", most: MAX_SUBJECT_CHARS, unit: "characters" });
    }
    check_message_id(&mail.message_id)?;

    let mut head = Head::new(out);
    head.mailbox("From", from_name, &from);
    head.mailbox("To", to_name, &to);
    if let Some((name, address)) = &reply_to {
        head.mailbox("Reply-To", name, address);
    }
    head.text("Subject", mail.subject.trim());
    head.ascii("Date", &mail.date.format("%a, %d %b %Y %H:%M:%S +0000").to_string());
    head.ascii("Message-ID", &mail.message_id);
    if mail.auto_submitted {
        head.ascii("Auto-Submitted", "auto-generated");
    }
    if let Some(list) = &mail.list {
        list_headers(list, &mut head)?;
    }
    if let Some(unsubscribe) = &mail.unsubscribe {
        unsubscribe_headers(unsubscribe, &mut head)?;
    }
    if let Some(id) = &mail.feedback_id {
        at_most("The Feedback-ID", id.len(), MAX_UNFOLDED)?;
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Problem::FeedbackId);
        }
        head.ascii("Feedback-ID", id);
    }
    added_headers(&mail.headers, &mut head)?;
    if let Some(language) = &mail.language {
        let tag = language.len() <= 35 && !language.is_empty();
        if !tag || !language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(Problem::Language);
        }
        head.ascii("Content-Language", language);
    }
    head.ascii("MIME-Version", "1.0");
    Ok(())
}

fn check_message_id(id: &str) -> Result<(), Problem> {
    let inner = id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).ok_or(Problem::MessageId)?;
    let (left, right) = inner.split_once('@').ok_or(Problem::MessageId)?;
    let fits = |part: &str| {
        let mut words = part.split('.');
        part.len() <= 250
            && words.all(|word| {
                !word.is_empty()
                    && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
            })
    };
    if fits(left) && fits(right) { Ok(()) } else { Err(Problem::MessageId) }
}

fn list_headers(list: &List, head: &mut Head<'_>) -> Result<(), Problem> {
    no_control("The name of the list", &list.name)?;
    at_most("The name of the list", list.name.len(), MAX_FILE_NAME)?;
    let id = &list.id;
    if !id.contains('.') || ascii_domain(id).ok().as_ref() != Some(id) {
        return Err(Problem::ListId);
    }
    head.phrase("List-Id", list.name.trim(), id);
    // Old, and what many servers still look at before they answer with an absence note.
    head.ascii("Precedence", "bulk");
    Ok(())
}

fn unsubscribe_headers(unsubscribe: &Unsubscribe, head: &mut Head<'_>) -> Result<(), Problem> {
    let mut ways = Vec::new();
    for (way, scheme) in [(&unsubscribe.https, "https://"), (&unsubscribe.mailto, "mailto:")] {
        let Some(way) = way else { continue };
        at_most("The address to unsubscribe", way.len(), MAX_UNFOLDED)?;
        let rest = way.strip_prefix(scheme).ok_or(Problem::Unsubscribe)?;
        let fits = |b: u8| b.is_ascii_graphic() && !b"<>\"\\,".contains(&b);
        if rest.is_empty() || !rest.bytes().all(fits) {
            return Err(Problem::Unsubscribe);
        }
        ways.push(format!("<{way}>"));
    }
    if ways.is_empty() {
        return Err(Problem::Unsubscribe);
    }
    head.ascii("List-Unsubscribe", &ways.join(", "));
    if unsubscribe.https.is_some() {
        head.ascii("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
    Ok(())
}

fn added_headers(headers: &[(String, String)], head: &mut Head<'_>) -> Result<(), Problem> {
    if headers.len() > MAX_MANY {
        return Err(Problem::TooLong { what: "The list of headers", most: MAX_MANY, unit: "headers" });
    }
    for (name, value) in headers {
        let fits = (1..=60).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !fits || TAKEN.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(Problem::HeaderName);
        }
        no_control("A header", value)?;
        at_most("A header", value.len(), MAX_TEXT_BYTES / 100)?;
        head.text(name, value.trim());
    }
    Ok(())
}

fn check_parts(mail: &Mail) -> Result<(), Problem> {
    at_most("The text", mail.text.len(), MAX_TEXT_BYTES)?;
    at_most("The HTML", mail.html.as_ref().map_or(0, String::len), MAX_TEXT_BYTES)?;
    if mail.attachments.len() > MAX_MANY {
        return Err(Problem::TooLong { what: "The list of files", most: MAX_MANY, unit: "files" });
    }
    at_most("All that is attached", mail.attachments.iter().map(|file| file.bytes.len()).sum(), MAX_ATTACHMENTS_BYTES)?;
    for file in &mail.attachments {
        no_control("The name of a file", &file.name)?;
        at_most("The name of a file", file.name.len(), MAX_FILE_NAME)?;
        if file.name.is_empty() {
            return Err(Problem::Missing("The name of a file"));
        }
        let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b);
        let named = |part: &str| (1..=127).contains(&part.len()) && part.bytes().all(token);
        // A file that says it is several parts would have to be some.
        let whole = |kind: &str| !kind.eq_ignore_ascii_case("multipart") && !kind.eq_ignore_ascii_case("message");
        if !file.content_type.split_once('/').is_some_and(|(kind, sub)| named(kind) && whole(kind) && named(sub)) {
            return Err(Problem::ContentType);
        }
        if let Some(id) = &file.content_id {
            let fits = |b: u8| b.is_ascii_alphanumeric() || b".-_".contains(&b);
            let parts =
                id.split('@').count() <= 2 && id.split('@').all(|part| !part.is_empty() && part.bytes().all(fits));
            if !parts || id.len() > MAX_FILE_NAME {
                return Err(Problem::ContentId);
            }
        }
    }
    Ok(())
}

/// What parts of one message are told apart by: made of its Message-ID, so that the same mail gives the same bytes. `=_` can't stand
/// in quoted-printable nor in base64, so that no part can end another.
struct Mark(String);

impl Mark {
    fn of(message_id: &str) -> Self {
        let hash = ring::digest::digest(&ring::digest::SHA256, message_id.as_bytes());
        Self(BASE32_NOPAD.encode(&hash.as_ref()[..10]).to_ascii_lowercase())
    }

    fn boundary(&self, depth: u8) -> String {
        format!("=_{depth}.{}", self.0)
    }
}

fn multipart(kind: &str, boundary: &str, more: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(
        format!("Content-Type: multipart/{kind};\r\n boundary=\"{boundary}\"{more}\r\n\r\n").as_bytes(),
    );
}

fn next_part(boundary: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
}

fn last_part(boundary: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
}

/// The words, once or in two forms; the better form comes last.
fn alternative(mail: &Mail, inline: &[&Attachment], mark: &Mark, out: &mut Vec<u8>) {
    let Some(html) = &mail.html else {
        return text_part("plain", &mail.text, out);
    };
    let either = mark.boundary(1);
    multipart("alternative", &either, "", out);
    next_part(&either, out);
    text_part("plain", &mail.text, out);
    next_part(&either, out);
    if inline.is_empty() {
        text_part("html", html, out);
    } else {
        let related = mark.boundary(2);
        multipart("related", &related, ";\r\n type=\"text/html\"", out);
        next_part(&related, out);
        text_part("html", html, out);
        for file in inline {
            next_part(&related, out);
            attached(file, "inline", out);
        }
        last_part(&related, out);
    }
    last_part(&either, out);
}

fn text_part(kind: &str, text: &str, out: &mut Vec<u8>) {
    let head = "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
    out.extend_from_slice(format!("Content-Type: text/{kind}{head}").as_bytes());
    quoted_printable(text, out);
}

fn attached(file: &Attachment, how: &str, out: &mut Vec<u8>) {
    let (name, filename) = (parameter("name", &file.name), parameter("filename", &file.name));
    let mut head = format!("Content-Type: {}{name}\r\nContent-Disposition: {how}{filename}\r\n", file.content_type);
    if let Some(id) = &file.content_id {
        head += &format!("Content-ID: <{id}>\r\n");
    }
    head += "Content-Transfer-Encoding: base64\r\n\r\n";
    out.extend_from_slice(head.as_bytes());
    base64_lines(&file.bytes, out);
}

/// A return path: an address, or nothing for what nobody shall answer.
pub(crate) fn return_path(text: &str) -> Result<Option<Address>, Problem> {
    if text.is_empty() { Ok(None) } else { Address::read("The return path", text).map(Some) }
}
