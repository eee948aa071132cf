//! Mails as others read them, and what becomes of them at servers that work and servers that don't.

mod dkim;
mod files;
mod messages;
mod outcomes;
mod peers;
mod pool;
mod properties;

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use commonweal_mailer::sink::{Behaviour, Rule, Sink};
use commonweal_mailer::{Attachment, List, Mail, Mailbox, Pool, Security, Smtp, Unsubscribe, message_id};
use uuid::Uuid;

/// A file of the checkout.
fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_796_000_000, 0).expect("a time")
}

/// The least that a mail has.
fn plain(to: &str) -> Mail {
    let id = message_id(Uuid::from_u128(0x0192_f0c1_2b3c_7def_8123_4567_89ab_cdef), "example.org").expect("an id");
    let mut mail = Mail::new(id, at(), Mailbox::new("Anytown Council", "bins@example.org"), Mailbox::new("", to));
    mail.subject = "Your bins".to_owned();
    mail.text = "We collect on 27 December.\n".to_owned();
    mail
}

/// All that a mail can have.
fn full() -> Mail {
    let mut mail = plain("ann@bücher.example");
    mail.from = Mailbox::new("Cyngor Tref, \"Anytown\" Council", "bins@example.org");
    mail.to.name = "Siân Ŵyn-Jones 🎄".to_owned();
    mail.reply_to = Some(Mailbox::new("Bins (team)", "r+abc@example.org"));
    mail.subject =
        "Casgliadau dros yr ŵyl – your bins over Christmas and the New Year, and what to do with trees".to_owned();
    mail.text = "Annwyl Siân,\n\n.\nFrom here on: 27 = 25 + 2. \nA long line: ".to_owned() + &"ŵyl ".repeat(60) + "\n";
    mail.html = Some("<p>Annwyl Siân,</p>\n<img src=\"cid:tree\" alt=\"\">\n<p>27 December</p>".to_owned());
    mail.language = Some("cy".to_owned());
    mail.list = Some(List { name: "Biniau, ailgylchu".to_owned(), id: "bins.lists.example.org".to_owned() });
    mail.unsubscribe = Some(Unsubscribe {
        https: Some("https://voice.example.org/u/0192f0c12b3c7def81234567".to_owned()),
        mailto: Some("mailto:u+abc@example.org?subject=unsubscribe".to_owned()),
    });
    mail.feedback_id = Some("bins:christmas:news:anytown".to_owned());
    mail.headers = vec![("X-Campaign".to_owned(), "Nadolig – Christmas".to_owned())];
    mail.attachments = vec![
        Attachment {
            name: "calendr gŵyl y biniau a'r ailgylchu 2026–27, holl wardiau.pdf".to_owned(),
            content_type: "application/pdf".to_owned(),
            bytes: (0..=255).cycle().take(5_000).collect(),
            content_id: None,
        },
        Attachment {
            name: "tree.png".to_owned(),
            content_type: "image/png".to_owned(),
            bytes: b"\x89PNG\r\n\x1a\n".to_vec(),
            content_id: Some("tree".to_owned()),
        },
    ];
    mail
}

/// A sink that keeps what it gets and goes wrong by these rules.
async fn sink(rules: &[&str]) -> Sink {
    let rules: Vec<Rule> = rules.iter().map(|rule| rule.parse().expect("a rule")).collect();
    started(Behaviour { rules, keep: true, ..Behaviour::default() }).await
}

async fn started(behaviour: Behaviour) -> Sink {
    Sink::start("127.0.0.1:0".parse().expect("an address"), behaviour).await.expect("it listens")
}

/// Settings for a server of this machine that waits for nothing long.
fn settings(port: u16) -> Smtp {
    let mut smtp = Smtp::new("127.0.0.1", port, Security::None);
    smtp.times.connect = Duration::from_secs(5);
    smtp.times.command = Duration::from_secs(5);
    smtp.times.data = Duration::from_secs(5);
    smtp
}

fn pool(sink: &Sink) -> Pool {
    Pool::new(settings(sink.address().port())).expect("settings")
}

/// What goes over the wire to somebody.
fn raw(to: &str) -> Vec<u8> {
    plain(to).compose().expect("a message")
}
