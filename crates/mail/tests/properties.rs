//! What holds for any bytes, and for real messages that were damaged on their way.

use std::sync::LazyLock;

use commonweal_mail::verp::{AddressKey, Purpose, address, read_address};
use commonweal_mail::{Kind, json, read, read_all, summary};
use proptest::prelude::*;
use uuid::Uuid;

/// Real messages, small ones.
static MESSAGES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut found = Vec::new();
    for folder in ["bounces", "replies"] {
        for entry in std::fs::read_dir(data.join(folder)).expect("the folder").flatten() {
            found.push(std::fs::read(entry.path()).expect("a message"));
        }
    }
    found
});

/// A damage: where, how long a piece, and what is done to it.
#[derive(Debug, Clone)]
enum Damage {
    CutOut(u16, u16),
    Twice(u16, u16),
    PutIn(u16, Vec<u8>),
    CutOff(u16),
}

fn damage() -> impl Strategy<Value = Damage> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 1..12),
        proptest::sample::select(vec![
            &b"\n\n"[..],
            b"\r",
            b"\x1b$B",
            b"=\n",
            b"=E2=82",
            b"<",
            b"<!--",
            b"<style>",
            b"--",
            b"\n--",
            b">",
            b"Content-Type: message/rfc822\n\n",
            b"\nFinal-Recipient: rfc822; ",
            b"\nStatus: 5.",
            b"\xff\xfe",
            b"\n>From ",
            b"&#x110000;",
            b"\nOn 1.1.2026, a@b.example wrote:\n",
        ])
        .prop_map(<[u8]>::to_vec),
    ];
    prop_oneof![
        (any::<u16>(), 1..400_u16).prop_map(|(at, n)| Damage::CutOut(at, n)),
        (any::<u16>(), 1..400_u16).prop_map(|(at, n)| Damage::Twice(at, n)),
        (any::<u16>(), piece).prop_map(|(at, piece)| Damage::PutIn(at, piece)),
        any::<u16>().prop_map(Damage::CutOff),
    ]
}

fn damaged(message: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = message.to_vec();
    for damage in damages {
        let place = |at: u16| usize::from(at) * bytes.len() / 65_536;
        match damage {
            Damage::CutOut(at, n) => {
                let at = place(*at);
                bytes.drain(at..(at + usize::from(*n)).min(bytes.len()));
            }
            Damage::Twice(at, n) => {
                let at = place(*at);
                let piece = bytes[at..(at + usize::from(*n)).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            Damage::PutIn(at, piece) => {
                let at = place(*at);
                bytes.splice(at..at, piece.iter().copied());
            }
            Damage::CutOff(at) => bytes.truncate(place(*at)),
        }
    }
    bytes
}

/// What has to hold of whatever is read.
fn holds(bytes: &[u8]) {
    for (n, mail) in read_all(bytes) {
        let Ok(mail) = mail else { continue };
        assert!(matches!(mail.kind, Kind::Bounce | Kind::Complaint | Kind::Other) || mail.recipients.is_empty());
        assert!(!matches!(mail.kind, Kind::Bounce | Kind::Complaint) || mail.text.is_empty());
        for recipient in &mail.recipients {
            assert!(!recipient.address.is_empty());
            assert!(
                recipient.status.is_empty()
                    || recipient.status.split('.').filter(|n| n.parse::<u16>().is_ok()).count() == 3
            );
        }
        let line = json("x.eml", n, &mail);
        assert!(!line.contains('\n') && serde_json::from_str::<serde_json::Value>(&line).is_ok());
        assert!(!summary("x.eml", n, &mail).is_empty());
    }
}

fn message(body: &str) -> Vec<u8> {
    format!("From: ann@x.example\nIn-Reply-To: <1@own.example>\nContent-Type: text/plain; charset=utf-8\n\n{body}")
        .into_bytes()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        holds(&bytes);
        holds(&[&b"Subject: x\n\n"[..], &bytes].concat());
        holds(&[&b"Content-Type: text/html\n\n"[..], &bytes].concat());
        holds(&[&b"Content-Type: message/delivery-status\n\n"[..], &bytes].concat());
    }

    #[test]
    fn damaged_messages_are_read_or_refused(n in any::<prop::sample::Index>(), damages in proptest::collection::vec(damage(), 1..6)) {
        let message: &Vec<u8> = n.get(MESSAGES.as_slice());
        holds(&damaged(message, &damages));
    }

    /// Nothing that somebody wrote is lost, whatever their program quotes below.
    #[test]
    fn words_above_a_quotation_stay(
        lines in proptest::collection::vec("[A-Za-zŵŷéß][A-Za-zŵŷéß ,.!?]{0,60}[a-z.]", 1..12),
        quoted in proptest::collection::vec("[ -~]{0,60}", 1..12),
        introduction in proptest::sample::select(vec![
            "On Mon, 2 Apr 2026 at 18:26, Megan One <m@x.example> wrote:",
            "Am 02.04.26 um 18:26 schrieb Megan:",
            "Le 2 avr. 2026 à 18:26, Megan <m@x.example> a écrit :",
            "Ar 02/04/2026 18:26, ysgrifennodd Megan:",
        ]),
    ) {
        let quoted: String = quoted.iter().map(|line| format!("> {line}\n")).collect();
        let mail = read(&message(&format!("{}\n\n{introduction}\n{quoted}", lines.join("\n")))).expect("a mail");
        let written = lines.join("\n");
        prop_assert_eq!(mail.text.as_str(), written.trim());
    }

    /// Words without anything that a program adds are returned as they are.
    #[test]
    fn plain_words_stay(lines in proptest::collection::vec("[A-Za-zŵŷéß][A-Za-zŵŷéß0-9 ,.!?:;()/@-]{0,80}[a-z.]", 1..12)) {
        let text = lines.join("\n");
        let mail = read(&message(&text)).expect("a mail");
        // A word alone may be one for unsubscribing: it stays all the same.
        prop_assert_eq!(mail.text.as_str(), text.trim());
    }
}

/// Inputs on which a careless reader would take for ever, or end the process. That they come to an end is the test.
#[test]
fn long_and_deep_messages_come_to_an_end() {
    let n = 300_000;
    for (kind, piece) in [
        ("text/plain", "> "),
        ("text/plain", "On 1.1.2026 a@b.example wrote:\n"),
        ("text/plain", "From: a@b.example\n"),
        ("text/plain", "a@"),
        ("text/plain", "--\n"),
        ("text/plain", "\n"),
        ("text/html", "<"),
        ("text/html", "<style>"),
        ("text/html", "<!--"),
        ("text/html", "<blockquote>"),
        ("text/html", "&amp"),
        ("multipart/mixed; boundary=b", "--b\n\n"),
        ("multipart/mixed; boundary=b", "--b\nContent-Type: multipart/mixed; boundary=b\n\n"),
        ("message/rfc822", "Content-Type: message/rfc822\n\n"),
        ("message/delivery-status", "Final-Recipient: rfc822; a@b.example\n\n"),
        ("message/feedback-report", "Feedback-Type: abuse\nOriginal-Rcpt-To: a@b.example\n"),
    ] {
        let body = piece.repeat(n / piece.len());
        holds(
            format!("From: MAILER-DAEMON@x.example\nSubject: failure notice\nContent-Type: {kind}\n\n{body}")
                .as_bytes(),
        );
        holds(format!("From: ann@x.example\nSubject: Re: x\nContent-Type: {kind}\n\n{body}").as_bytes());
    }
    holds(format!("{}\n\nx", "Subject: x\n".repeat(n / 11)).as_bytes());
    holds(format!("To: {}\n\nx", "a@b.example, ".repeat(n / 13)).as_bytes());
}

proptest! {
    #[test]
    fn only_addresses_that_we_wrote_are_read(id in any::<u128>(), secret in proptest::array::uniform32(any::<u8>()), made_up in "[a-z]{1,9}\\+[bur][a-z2-7]{42}@example.org") {
        let (id, key) = (Uuid::from_u128(id), AddressKey::new(&secret));
        for purpose in [Purpose::Bounce, Purpose::Unsubscribe, Purpose::Reply] {
            let address = address(purpose, "returns@example.org", id, &key).expect("an address");
            prop_assert!(address.find('@').is_some_and(|at| at <= 64));
            prop_assert_eq!(read_address(&address.to_uppercase(), &key), Some((purpose, id)));
        }
        prop_assert_eq!(read_address(&made_up, &key), None);
    }
}
