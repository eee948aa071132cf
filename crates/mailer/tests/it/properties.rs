//! Whatever is put into a mail: no header of somebody else's, no line that a server would read otherwise, and the same words back.

use commonweal_mailer::{Attachment, List, Mail, Mailbox};
use mail_parser::{HeaderName, MessageParser};
use proptest::prelude::*;

use crate::plain;

/// Text as people and attackers type it: every script, and now and then what could end a line, a header or a part.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "\\PC{0,20}",
        2 => "[a-zA-Z0-9 ,.:;<>@\"\\\\()=?_%-]{0,40}",
        1 => prop::sample::select(vec![
            "\r\n", "\n", "\r", "\r\nBcc: eve@example.org", "\r\n.\r\n", "\r\n\r\n", "\u{0}", "\u{85}", "\u{2028}", ".", "From ", "=?utf-8?q?x?=",
            "--=_0.", "\t", " ", "=", "ŵ",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// Fields of a mail, each of any text.
fn mail() -> impl Strategy<Value = Mail> {
    (text(), text(), text(), text(), text(), text(), text(), any::<bool>()).prop_map(
        |(from, to, subject, body, html, list, more, many)| {
            let mut mail = plain("ann@example.com");
            mail.from = Mailbox::new(from, "bins@example.org");
            mail.to.name = to;
            mail.subject = subject;
            mail.text = body;
            mail.html = many.then_some(html);
            mail.list = many.then(|| List { name: list, id: "bins.lists.example.org".to_owned() });
            mail.headers = vec![("X-More".to_owned(), more.clone())];
            if many {
                mail.attachments = vec![Attachment {
                    name: format!("{more}.txt"),
                    content_type: "application/octet-stream".to_owned(),
                    bytes: more.clone().into_bytes(),
                    content_id: None,
                }];
            }
            mail
        },
    )
}

/// Line ends as mail has them, without those at the end.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim_end_matches('\n').to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_header_comes_in_by_a_field(mail in mail()) {
        let breaks = [&mail.from.name, &mail.to.name, &mail.subject, &mail.headers[0].1].iter().any(|t| t.chars().any(char::is_control))
            || mail.list.as_ref().is_some_and(|list| list.name.chars().any(char::is_control));
        let Ok(raw) = mail.compose() else {
            // Only what is dangerous or long is refused.
            let long = mail.list.as_ref().is_some_and(|list| list.name.len() > 250) || mail.attachments.iter().any(|a| a.name.len() > 250)
                || mail.from.name.chars().count() > 200 || mail.to.name.chars().count() > 200;
            prop_assert!(breaks || long);
            return Ok(());
        };
        prop_assert!(!breaks);
        let written = std::str::from_utf8(&raw).expect("ASCII");
        prop_assert!(raw.is_ascii());
        for line in written.split("\r\n") {
            prop_assert!(line.len() <= 998 && !line.contains(['\r', '\n', '\0']), "{}", line);
        }
        let (head, body) = written.split_once("\r\n\r\n").expect("headers");
        // Bodies give nothing that servers change or read as their own.
        prop_assert!(body.split("\r\n").all(|line| !line.starts_with('.') && !line.starts_with("From ")));
        let names: Vec<&str> =
            head.split("\r\n").filter(|line| !line.starts_with(' ')).map(|line| line.split(':').next().unwrap_or_default()).collect();
        let mut expected = vec!["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"];
        if mail.list.is_some() {
            expected.extend(["List-Id", "Precedence"]);
        }
        expected.extend(["X-More", "MIME-Version", "Content-Type"]);
        if mail.html.is_none() {
            expected.push("Content-Transfer-Encoding");
        }
        prop_assert_eq!(names, expected);

        let read = MessageParser::default().parse(&raw).expect("a message");
        prop_assert_eq!(read.subject().unwrap_or_default(), mail.subject.trim());
        let name = |address: Option<&mail_parser::Address<'_>>| {
            address.and_then(|a| a.first()).and_then(|a| a.name.as_deref()).unwrap_or_default().to_owned()
        };
        prop_assert_eq!(name(read.from()), mail.from.name.trim());
        prop_assert_eq!(name(read.to()), mail.to.name.trim());
        prop_assert_eq!(lines(&read.body_text(0).unwrap_or_default()), lines(&mail.text));
        if let Some(file) = mail.attachments.first() {
            let found = read.attachments().next().expect("a file");
            prop_assert_eq!(found.contents(), &*file.bytes);
        }
        prop_assert!(read.header(HeaderName::Bcc).is_none());
    }
}
