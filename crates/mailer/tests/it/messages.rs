//! Messages as a reader of others takes them apart, and what is refused.

use commonweal_mailer::{Attachment, Mail, Mailbox, Problem, Unsubscribe};
use mail_parser::{MessageParser, MimeHeaders};

use crate::{full, plain};

fn composed(mail: &Mail) -> String {
    String::from_utf8(mail.compose().expect("a message")).expect("ASCII")
}

#[test]
fn the_least_that_a_mail_has() {
    assert_eq!(
        composed(&plain("ann@example.com")),
        "From: \"Anytown Council\" <bins@example.org>\r\n\
         To: <ann@example.com>\r\n\
         Subject: Your bins\r\n\
         Date: Mon, 30 Nov 2026 00:53:20 +0000\r\n\
         Message-ID: <0192f0c1-2b3c-7def-8123-456789abcdef@example.org>\r\n\
         Auto-Submitted: auto-generated\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\
         \r\n\
         We collect on 27 December.\r\n"
    );
}

#[test]
fn what_others_read_is_what_was_written() {
    let mail = full();
    let raw = mail.compose().expect("a message");
    let read = MessageParser::default().parse(&raw).expect("a message");
    let mailbox = |address: Option<&mail_parser::Address<'_>>| {
        let first = address.and_then(|a| a.first()).expect("an address");
        (first.name.as_deref().map(str::to_owned), first.address.as_deref().expect("an address").to_owned())
    };
    assert_eq!(mailbox(read.from()), (Some(mail.from.name.clone()), "bins@example.org".to_owned()));
    assert_eq!(mailbox(read.to()), (Some(mail.to.name.clone()), "ann@xn--bcher-kva.example".to_owned()));
    assert_eq!(mailbox(read.reply_to()), (Some("Bins (team)".to_owned()), "r+abc@example.org".to_owned()));
    assert_eq!(read.subject(), Some(&*mail.subject));
    assert_eq!(format!("<{}>", read.message_id().expect("an id")), mail.message_id);
    assert_eq!(read.date().map(|date| date.to_timestamp()), Some(mail.date.timestamp()));
    let text = read.body_text(0).expect("a text").replace("\r\n", "\n");
    assert_eq!(text.trim_end(), mail.text.trim_end());
    let html = read.body_html(0).expect("HTML").replace("\r\n", "\n");
    assert_eq!(html.trim_end(), mail.html.as_deref().expect("HTML").trim_end());
    let files: Vec<_> =
        read.attachments().map(|f| (f.attachment_name().map(str::to_owned), f.contents().to_vec())).collect();
    for file in &mail.attachments {
        assert!(
            files.contains(&(Some(file.name.clone()), file.bytes.clone())),
            "{:?}",
            files.iter().map(|f| &f.0).collect::<Vec<_>>()
        );
    }
    let structure: Vec<String> = read
        .parts
        .iter()
        .filter_map(|part| part.content_type())
        .map(|t| format!("{}/{}", t.ctype(), t.subtype().unwrap_or_default()))
        .collect();
    assert_eq!(
        structure,
        [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "multipart/related",
            "text/html",
            "image/png",
            "application/pdf"
        ]
    );
}

#[test]
fn lists_say_so_in_headers() {
    let text = composed(&full());
    let (head, _) = text.split_once("\r\n\r\n").expect("headers");
    for line in [
        "List-Id: \"Biniau, ailgylchu\" <bins.lists.example.org>",
        "Precedence: bulk",
        "List-Unsubscribe: <https://voice.example.org/u/0192f0c12b3c7def81234567>,\r\n <mailto:u+abc@example.org?subject=unsubscribe>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Feedback-ID: bins:christmas:news:anytown",
        "Auto-Submitted: auto-generated",
        "Content-Language: cy",
    ] {
        assert!(head.contains(&format!("\r\n{line}\r\n")), "{line}\n{head}");
    }
    let alone = composed(&plain("ann@example.com"));
    assert!(!alone.contains("Precedence") && !alone.contains("List-"), "{alone}");
    let mut by_mail = full();
    by_mail.unsubscribe = Some(Unsubscribe { https: None, mailto: Some("mailto:u+abc@example.org".to_owned()) });
    assert!(!composed(&by_mail).contains("List-Unsubscribe-Post"));
}

#[test]
fn the_same_mail_has_the_same_bytes_and_short_lines() {
    let mail = full();
    assert_eq!(mail.compose(), mail.compose());
    let text = composed(&mail);
    assert!(text.is_ascii() && text.ends_with("\r\n"));
    let long: Vec<&str> = text.split("\r\n").filter(|line| line.len() > 78).collect();
    assert!(long.is_empty(), "{long:?}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert_eq!(text.matches('\r').count(), text.matches("\r\n").count());
}

/// A mail that is refused, and the beginning of the sentence.
fn refused(change: impl FnOnce(&mut Mail), why: &str) {
    let mut mail = full();
    change(&mut mail);
    let said = mail.compose().expect_err("refused").to_string();
    assert!(said.starts_with(why), "{said}");
}

#[test]
fn what_is_wrong_is_said() {
    refused(|m| m.subject = "a\r\nBcc: eve@example.org".to_owned(), "The subject holds a line break");
    refused(|m| m.subject = "x".repeat(501), "The subject is too long: at most 500 characters.");
    refused(|m| m.from.name = "a\nb".to_owned(), "The sender holds a line break");
    refused(|m| m.to.address = "ann".to_owned(), "The recipient is not an email address");
    refused(|m| m.to.name = "x".repeat(201), "The recipient is too long: at most 200 characters.");
    refused(|m| m.reply_to = Some(Mailbox::new("", "a@b@c")), "The address for answers is not an email address");
    for id in ["", "a@example.org", "<a>", "<a@b@c>", "<a b@example.org>", "<a@example.org>\r\nX: y", "<é@example.org>"]
    {
        refused(|m| m.message_id = id.to_owned(), "The Message-ID must be");
    }
    for https in ["http://voice.example.org/u", "https://", "https://a b", "https://a>,<mailto:x", "https://é.example/"]
    {
        refused(
            |m| m.unsubscribe = Some(Unsubscribe { https: Some(https.to_owned()), mailto: None }),
            "An address to unsubscribe must be",
        );
    }
    refused(|m| m.unsubscribe = Some(Unsubscribe::default()), "An address to unsubscribe must be");
    for id in ["bins", "", "Bins.example.org", "bins..example.org", "bins.example.org>"] {
        refused(|m| m.list.as_mut().expect("a list").id = id.to_owned(), "The id of a list must be");
    }
    refused(|m| m.language = Some("en_GB".to_owned()), "The language must be a tag");
    refused(|m| m.feedback_id = Some("a b".to_owned()), "The Feedback-ID must be");
    for name in ["", "Subject", "bcc", "DKIM-Signature", "X Y", "X-Ü", "X:"] {
        refused(|m| m.headers = vec![(name.to_owned(), "x".to_owned())], "A header of this name can't be added");
    }
    refused(|m| m.headers = vec![("X-A".to_owned(), "a\r\nb".to_owned())], "A header holds a line break");
    for kind in ["pdf", "a/b/c", "application/", "text/plain; charset=x", "multipart/mixed", "message/rfc822"] {
        refused(|m| m.attachments[0].content_type = kind.to_owned(), "The type of an attached file");
    }
    refused(|m| m.attachments[0].name = "a\u{0}.pdf".to_owned(), "The name of a file holds");
    refused(|m| m.attachments[0].name = String::new(), "The name of a file is missing.");
    refused(|m| m.attachments[1].content_id = Some("a>".to_owned()), "The id of an inline image");
    refused(
        |m| m.attachments.push(Attachment { bytes: vec![0; 20_000_001], ..m.attachments[0].clone() }),
        "All that is attached is too long",
    );
}

#[test]
fn debugging_shows_nobody() {
    let shown = format!("{:?} {:?} {:?}", full(), full().to, full().unsubscribe);
    assert!(!shown.contains("ann@") && !shown.contains("Siân") && !shown.contains("voice"), "{shown}");
    assert!(!Problem::Address("The recipient").to_string().contains("ann"));
}
