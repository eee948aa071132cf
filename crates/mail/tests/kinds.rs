//! What a message is told to be, and by which of several signs.

use commonweal_mail::{Class, Kind, Mail, Problem, read};

fn mail(message: &str) -> Mail {
    read(message.as_bytes()).unwrap_or_else(|problem| panic!("{problem}: {message}"))
}

fn kind(message: &str) -> Kind {
    mail(message).kind
}

const REPORT: &str = "--b\nContent-Type: text/plain\n\nIt failed.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n\
Final-Recipient: rfc822; kit@x.example\nAction: ACTION\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\n\
From: news@own.example\nTo: kit@x.example\nMessage-ID: <7f3a@own.example>\nX-Delivery: 7f3a\n\n--b--\n";

fn report(action: &str) -> String {
    let head = "From: MAILER-DAEMON@mx.example\nTo: bounce+7f3a@own.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n";
    format!("{head}{}", REPORT.replace("ACTION", action))
}

#[test]
fn a_report_of_success_is_no_bounce() {
    for (action, expected) in
        [("failed", Kind::Bounce), ("delayed", Kind::Bounce), ("relayed", Kind::Other), ("delivered", Kind::Other)]
    {
        let mail = mail(&report(action));
        assert_eq!((mail.kind, mail.recipients[0].action.as_str()), (expected, action));
    }
}

#[test]
fn a_bounce_tells_which_delivery_it_is_about() {
    let mail = mail(&report("failed"));
    assert_eq!(mail.sent_to, ["bounce+7f3a@own.example"]);
    let original = mail.original.expect("headers came back");
    assert_eq!(
        (original.message_id.as_deref(), original.header("x-delivery")),
        (Some("7f3a@own.example"), Some("7f3a"))
    );
    assert_eq!(original.to, ["kit@x.example"]);
}

#[test]
fn addresses_beyond_ascii_are_read() {
    let text = report("failed")
        .replace("message/delivery-status", "message/global-delivery-status")
        .replace("rfc822; kit", "utf-8; k\\x{EF}t");
    assert_eq!(mail(&text).recipients[0].address, "kït@x.example");
}

#[test]
fn a_report_within_a_message_counts_unless_a_person_passes_it_on() {
    let within = |from: &str, words: &str| {
        format!(
            "From: {from}\nSubject: see below\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\n{words}\n--o\nContent-Type: message/rfc822\n\n{}\n--o--\n",
            report("failed")
        )
    };
    let from_machine = mail(&within("postmaster@mx.example", "A message could not be delivered."));
    assert_eq!(from_machine.kind, Kind::Bounce);
    assert!(from_machine.recipients[0].within);
    let from_person = mail(&within("ann@x.example", "What does this mean?"));
    assert_eq!((from_person.kind, from_person.text.as_str()), (Kind::Other, "What does this mean?"));
}

#[test]
fn complaints_are_known_without_their_parts() {
    let fields = "Feedback-Type: abuse\nVersion: 1\nOriginal-Rcpt-To: kit@x.example\n";
    let text = format!(
        "From: fbl@provider.example\nSubject: FW: news\n\nThis is a report.\n\n{fields}\n\nFrom: news@own.example\nTo: kit@x.example\nSubject: news\nMessage-ID: <1@own.example>\n"
    );
    let plain =
        mail(&text.replace("Subject: FW", "Content-Type: multipart/report; report-type=feedback-report\nSubject: FW"));
    assert_eq!((plain.kind, plain.recipients[0].address.as_str()), (Kind::Complaint, "kit@x.example"));
    // A person who writes about such a field does not complain by it.
    assert_eq!(
        kind("From: ann@x.example\nSubject: question\n\nWhat is\n\nFeedback-Type: abuse\n\nfor?\n"),
        Kind::Other
    );
}

#[test]
fn whoever_wants_no_more_says_so_in_one_word_or_by_the_address() {
    for text in [
        "From: ann@x.example\nTo: unsubscribe+7f3a@own.example\nSubject: Hello\n\n",
        "From: ann@x.example\nTo: news@own.example\nSubject: STOP\n\nThank you.\n",
        "From: ann@x.example\nTo: news@own.example\nSubject: Re: News of May\n\nUnsubscribe\n\nOn 3 May 2026 at 10:00, News <news@own.example> wrote:\n> May\n",
    ] {
        assert_eq!(kind(text), Kind::Unsubscribe, "{text}");
    }
    let question = "From: ann@x.example\nTo: news@own.example\nSubject: Re: News\n\nWhere do I unsubscribe?\n";
    assert_eq!(kind(question), Kind::Reply);
    // An address for it gets bounces too.
    assert_eq!(kind(&report("failed").replace("bounce+", "unsubscribe+")), Kind::Bounce);
}

#[test]
fn automatic_replies_are_neither_bounces_nor_replies() {
    let away = "I am away until 3 May. Call extension 550 or write to\nbob@x.example\n";
    for head in [
        "Auto-Submitted: auto-replied\nSubject: Re: News",
        "Return-Path: <>\nSubject: Automatic reply: Mail delivery in your street",
        "Return-Path: <>\nIn-Reply-To: <7f3a@own.example>\nSubject: Re: Failed delivery of bins",
        "X-Auto-Response-Suppress: All\nSubject: News",
        "Subject: Abwesenheitsnotiz: News",
    ] {
        let mail = mail(&format!("From: ann@x.example\nTo: news@own.example\n{head}\n\n{away}"));
        assert_eq!((mail.kind, mail.recipients.len()), (Kind::AutoReply, 0), "{head}");
        assert!(mail.text.starts_with("I am away"), "{head}");
    }
}

#[test]
fn a_receipt_is_automatic() {
    let text = "From: ann@x.example\nSubject: Read: News\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n\
                --b\n\nYour message was displayed.\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; ann@x.example\n\
                Original-Message-ID: <7f3a@own.example>\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--b--\n";
    let mail = mail(text);
    assert_eq!((mail.kind, mail.recipients.len()), (Kind::AutoReply, 0));
    assert_eq!(mail.original.and_then(|o| o.message_id).as_deref(), Some("7f3a@own.example"));
}

#[test]
fn people_write_about_failures_too() {
    let words = "My letter could not be delivered to kit@x.example. The office said: unknown user. Why?\n";
    assert_eq!(kind(&format!("From: ann@x.example\nSubject: Post\n\n{words}")), Kind::Other);
    assert_eq!(kind(&format!("From: ann@x.example\nSubject: Re: Undeliverable: News\n\n{words}")), Kind::Reply);
    assert_eq!(
        kind(&format!("From: ann@x.example\nIn-Reply-To: <1@own.example>\nSubject: not delivered\n\n{words}")),
        Kind::Reply
    );
}

#[test]
fn nothing_is_made_up() {
    let mail = mail("From: MAILER-DAEMON@mx.example\nReturn-Path: <>\nSubject: failure notice\n\nSorry.\n");
    assert_eq!((mail.kind, mail.recipients.len()), (Kind::Bounce, 0));
    let text = "From: MAILER-DAEMON@mx.example\nReturn-Path: <>\nSubject: Notice\n\nkit@x.example: was rejected\n";
    let mail = read(text.as_bytes()).expect("a mail");
    let kit = &mail.recipients[0];
    assert_eq!((kit.action.as_str(), kit.status.as_str(), kit.class), ("failed", "", Class::Unknown));
}

#[test]
fn what_is_no_mail_is_refused_with_a_sentence() {
    let said = |bytes: &[u8]| read(bytes).err().map(|problem: Problem| problem.to_string()).unwrap_or_default();
    assert_eq!(said(b" \n"), "There is nothing in it.");
    assert!(said(b"Dear all,\n").starts_with("This is no mail: it does not begin with lines such as"));
    assert!(said(&vec![b'x'; commonweal_mail::MAX_MESSAGE_BYTES + 1]).starts_with("This message is larger than 25 MB"));
}
