//! A message taken apart: headers, parts, and messages within it.
//!
//! The parts are cut here and not by mail-parser, whose depth is bounded only for encoded messages: a chain of messages within
//! messages ends the process there when it is freed. It reads the headers and decodes what is in the parts.

use std::borrow::Cow;
use std::sync::LazyLock;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::{HeaderName, HeaderValue, MessageParser};
use memchr::memchr;

use crate::headers::Headers;

/// How deep parts and messages lie within each other at most. What is deeper is not looked at.
const MAX_DEPTH: usize = 10;
/// Parts of a message that are looked at.
const MAX_PARTS: usize = 300;
/// Bytes of the headers of one part that are looked at.
const MAX_HEAD_BYTES: usize = 256 * 1024;

/// A message, or a part of one.
pub(crate) struct Entity {
    pub(crate) headers: Headers,
    /// Media type, in lower case: `text/plain`.
    pub(crate) media: String,
    /// Parameter `report-type` of a `multipart/report`, in lower case.
    pub(crate) report: String,
    /// Whether it is something to be saved rather than read.
    pub(crate) attachment: bool,
    pub(crate) body: Body,
}

/// What a part holds.
pub(crate) enum Body {
    Text(String),
    Parts(Vec<Entity>),
    Message(Box<Entity>),
    /// Images, files, and what lies too deep.
    Other,
}

/// Takes a message apart. Whatever the bytes are, something comes of it.
pub(crate) fn parse(bytes: &[u8]) -> Entity {
    let unix;
    // Line ends of old Macs.
    let bytes = if memchr(b'\n', bytes).is_none() && memchr(b'\r', bytes).is_some() {
        unix = bytes.iter().map(|b| if *b == b'\r' { b'\n' } else { *b }).collect::<Vec<u8>>();
        &unix
    } else {
        bytes
    };
    let mut start = 0;
    while let Some(line) = line_at(bytes, start) {
        // A line of a mailbox, and blank lines before everything.
        if !(blank(line) || line.starts_with(b"From ") || line.starts_with(b">From ")) {
            break;
        }
        start += line.len();
    }
    Cutter { parts: 0 }.entity(&bytes[start.min(bytes.len())..], 0, "text/plain")
}

/// Fields as they stand in a part that holds headers (`text/rfc822-headers`), or in words.
pub(crate) fn headers_of(text: &str) -> Headers {
    let (head, _) = split(text.as_bytes());
    read_headers(head).0
}

struct Cutter {
    parts: usize,
}

impl Cutter {
    fn entity(&mut self, bytes: &[u8], depth: usize, usual: &str) -> Entity {
        self.parts += 1;
        let (head, body) = split(bytes);
        let (headers, content) = read_headers(head);
        let media = content.media.clone().unwrap_or_else(|| usual.to_owned());
        let mut entity = Entity {
            headers,
            media,
            report: content.report.clone(),
            attachment: content.attachment,
            body: Body::Other,
        };
        if depth >= MAX_DEPTH {
            return entity;
        }
        if entity.media.starts_with("multipart/") {
            let parts = content.boundary.as_deref().map(|b| cut(body, b)).unwrap_or_default();
            if parts.is_empty() {
                // Said to have parts, and none is there: words, then.
                entity.body = Body::Text(words(body, &content));
                return entity;
            }
            let usual = if entity.media == "multipart/digest" { "message/rfc822" } else { "text/plain" };
            let mut found = Vec::new();
            for part in parts {
                if self.parts >= MAX_PARTS {
                    break;
                }
                found.push(self.entity(part, depth + 1, usual));
            }
            entity.body = Body::Parts(found);
        } else if matches!(entity.media.as_str(), "message/rfc822" | "message/global" | "message/news") {
            let decoded = decode(body, &content.encoding);
            entity.body = Body::Message(Box::new(self.entity(&decoded, depth + 1, "text/plain")));
        } else if entity.media.starts_with("text/") || REPORTS.contains(&entity.media.as_str()) {
            entity.body = Body::Text(words(body, &content));
        }
        entity
    }
}

/// Parts that are not `text/…` and hold fields to be read.
const REPORTS: &[&str] = &[
    "message/delivery-status",
    "message/global-delivery-status",
    "message/feedback-report",
    "message/disposition-notification",
    "message/global-disposition-notification",
    "message/global-headers",
];

/// What the headers say of the content.
#[derive(Default)]
struct Content {
    media: Option<String>,
    report: String,
    boundary: Option<String>,
    charset: String,
    encoding: String,
    attachment: bool,
}

/// Everything as text, encoded words decoded, but for what says how a part is built.
static PARSER: LazyLock<MessageParser> = LazyLock::new(|| {
    MessageParser::new()
        .header_content_type(HeaderName::ContentType)
        .header_content_type(HeaderName::ContentDisposition)
        .default_header_text()
});

fn read_headers(head: &[u8]) -> (Headers, Content) {
    let mut headers = Headers::default();
    let mut content = Content::default();
    let mut block = head[..head.len().min(MAX_HEAD_BYTES)].to_vec();
    // A field ends with its line.
    block.extend_from_slice(b"\n\n");
    let Some(message) = PARSER.parse_headers(&block) else { return (headers, content) };
    for header in message.headers() {
        match header.value() {
            HeaderValue::ContentType(said) if header.name == HeaderName::ContentType && content.media.is_none() => {
                let kind = said.ctype().to_ascii_lowercase();
                let of = said.subtype().map(str::to_ascii_lowercase);
                content.media = match of {
                    Some(of) => Some(format!("{kind}/{of}")),
                    None if kind == "text" => Some("text/plain".to_owned()),
                    None => None,
                };
                let parameter = |name| said.attribute(name).unwrap_or_default();
                content.report = parameter("report-type").to_ascii_lowercase();
                content.charset = parameter("charset").to_owned();
                content.boundary =
                    said.attribute("boundary").map(|b| b.trim_end().to_owned()).filter(|b| !b.is_empty());
            }
            HeaderValue::ContentType(said) => content.attachment |= said.ctype().eq_ignore_ascii_case("attachment"),
            HeaderValue::Text(text) => {
                let name = header.name();
                if name.eq_ignore_ascii_case("content-transfer-encoding") {
                    content.encoding = text.trim().to_ascii_lowercase();
                }
                headers.push(name, text);
            }
            _ => headers.push(header.name(), ""),
        }
    }
    (headers, content)
}

/// The line that begins at a place, with its end.
fn line_at(bytes: &[u8], start: usize) -> Option<&[u8]> {
    let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
    Some(memchr(b'\n', rest).map_or(rest, |end| &rest[..=end]))
}

fn blank(line: &[u8]) -> bool {
    line.iter().all(|b| matches!(b, b'\n' | b'\r'))
}

/// Whether a line begins a field.
fn begins_field(line: &[u8]) -> bool {
    let name = line.iter().take_while(|b| matches!(b, b'!'..=b'9' | b';'..=b'~')).count();
    let rest = &line[name..];
    let colon = rest.iter().find(|b| !matches!(b, b' ' | b'\t'));
    name > 0 && colon == Some(&b':')
}

/// Headers and body. A part that does not begin with a field has none.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    while let Some(line) = line_at(bytes, at) {
        if blank(line) {
            return (&bytes[..at], &bytes[at + line.len()..]);
        }
        if at == 0 && !begins_field(line) {
            return (&[], bytes);
        }
        at += line.len();
    }
    (bytes, &[])
}

/// The parts between the lines of a boundary. What stands before the first is for programs that know no parts.
fn cut<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let (mut at, mut began) = (0, None);
    while let Some(line) = line_at(body, at) {
        if let Some(rest) = line.strip_prefix(b"--").and_then(|rest| rest.strip_prefix(boundary.as_bytes())) {
            let rest = rest.trim_ascii();
            if rest.is_empty() || rest == b"--" {
                if let Some(start) = began {
                    parts.push(without_last_end(&body[start..at]));
                }
                began = rest.is_empty().then_some(at + line.len());
                if parts.len() >= MAX_PARTS || began.is_none() {
                    return parts;
                }
            }
        }
        at += line.len();
    }
    // The end is missing: the message was cut off.
    parts.extend(began.map(|start| &body[start..]));
    parts
}

/// The end of the line before a boundary belongs to the boundary.
fn without_last_end(part: &[u8]) -> &[u8] {
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    part.strip_suffix(b"\r").unwrap_or(part)
}

fn decode<'a>(body: &'a [u8], encoding: &str) -> Cow<'a, [u8]> {
    match encoding {
        "base64" => {
            // What is no letter of it is passed over, as RFC 2045 wants.
            let letters = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
            let clean: Vec<u8> = body.iter().copied().filter(letters).collect();
            base64_decode(&clean).map_or(Cow::Borrowed(body), Cow::Owned)
        }
        "quoted-printable" => Cow::Owned(quoted_printable(body)),
        _ => Cow::Borrowed(body),
    }
}

/// Own, because what is written wrongly has to stay as it is: a sign `=` that somebody typed must not cost them the rest.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut at = 0;
    while let Some(line) = line_at(body, at) {
        at += line.len();
        let ended = line.ends_with(b"\n");
        let text = line.trim_ascii_end();
        let soft = text.strip_suffix(b"=");
        let text = soft.unwrap_or(text);
        let mut n = 0;
        while let Some(byte) = text.get(n) {
            let pair = (*byte == b'=').then(|| text.get(n + 1..n + 3)).flatten();
            let code = pair.and_then(|pair| std::str::from_utf8(pair).ok()).and_then(hex);
            out.push(code.unwrap_or(*byte));
            n += if code.is_some() { 3 } else { 1 };
        }
        if soft.is_none() && ended {
            out.push(b'\n');
        }
    }
    out
}

fn hex(pair: &str) -> Option<u8> {
    pair.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u8::from_str_radix(pair, 16).ok()).flatten()
}

/// The words of a part, in lines that end with `\n`.
fn words(body: &[u8], content: &Content) -> String {
    let bytes = decode(body, &content.encoding);
    let shifts = bytes.windows(2).any(|w| w == b"\x1b$");
    let said = match content.charset.as_str() {
        // Japanese mail that says nothing of its letters.
        "" | "us-ascii" | "ascii" if shifts => "iso-2022-jp",
        said => said,
    };
    let text = match charset_decoder(said.as_bytes()) {
        Some(decoder) if !said.is_empty() && !said.eq_ignore_ascii_case("us-ascii") => decoder(&bytes),
        _ => match String::from_utf8(bytes.into_owned()) {
            Ok(text) => text,
            Err(e) => match charset_decoder(b"windows-1252") {
                Some(decoder) => decoder(e.as_bytes()),
                None => String::from_utf8_lossy(e.as_bytes()).into_owned(),
            },
        },
    };
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

#[cfg(test)]
mod tests {
    use super::{Body, Entity, parse};

    fn texts(entity: &Entity) -> Vec<String> {
        match &entity.body {
            Body::Text(text) => vec![format!("{}: {text}", entity.media)],
            Body::Parts(parts) => parts.iter().flat_map(texts).collect(),
            Body::Message(message) => texts(message),
            Body::Other => Vec::new(),
        }
    }

    #[test]
    fn parts_are_cut_decoded_and_put_in_lines() {
        let message = b"From: a@b.example\r\nSubject: =?utf-8?q?T=C5=B7?=\r\n one\r\nContent-Type: multipart/mixed;\r\n boundary=\"x y\"\r\n\r\n\
            before\r\n--x y\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            caf=E9 3=5 =\r\nend\r\n--x y\r\n\r\nno headers\r\n--x y\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVs\r\nbG8\r\n--x y--\r\nafter\r\n";
        let entity = parse(message);
        assert_eq!(entity.headers.first("subject"), Some("Tŷ one"));
        assert_eq!(texts(&entity), ["text/plain: café 3=5 end", "text/plain: no headers", "text/plain: Hello"]);
    }

    #[test]
    fn messages_within_messages_end_somewhere() {
        let deep = "Content-Type: message/rfc822\n\n".repeat(200_000);
        let mut depth = 0;
        let mut entity = &parse(deep.as_bytes());
        while let Body::Message(inner) = &entity.body {
            depth += 1;
            entity = inner;
        }
        assert_eq!(depth, super::MAX_DEPTH);
    }

    #[test]
    fn a_mail_that_was_cut_off_keeps_what_came() {
        let entity = parse(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo");
        assert_eq!(texts(&entity), ["text/plain: one", "text/plain: two"]);
        let entity = parse(b"Content-Type: multipart/report; boundary=never\n\nwords alone\n");
        assert_eq!(texts(&entity), ["multipart/report: words alone\n"]);
    }
}
