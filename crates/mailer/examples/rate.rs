//! How long composing and signing take, and how many mails a second go to a server:
//!
//! `cargo run --release -p commonweal-mailer --features sink --example rate -- --rsa KEY.pem --server 127.0.0.1:2525 --mails 20000
//! --connections 30`
//!
//! `--rsa none` and `--ed25519 none` leave a signature out; `--no-pipelining` is for a sink of ours that does not offer it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use commonweal_mail::verp::{AddressKey, Purpose, address};
use commonweal_mailer::sink::{Behaviour, Sink};
use commonweal_mailer::{
    Dkim, List, Mail, Mailbox, Outcome, Pool, Security, Smtp, Unsubscribe, message_id, new_ed25519_key,
};
use uuid::Uuid;

type Failed = Box<dyn std::error::Error + Send + Sync>;

struct Sender {
    dkim: Dkim,
    html: String,
    key: AddressKey,
}

impl Sender {
    fn mail(&self, n: u64) -> Result<(String, String, Vec<u8>), Failed> {
        let id = Uuid::now_v7();
        let to = format!("person{n}@example.net");
        let from = Mailbox::new("Cyngor Tref / Anytown Council", "news@example.org");
        let mut mail = Mail::new(
            message_id(id, "example.org")?,
            chrono::Utc::now(),
            from,
            Mailbox::new(format!("Person {n}"), &*to),
        );
        mail.subject = "Casgliadau dros yr ŵyl: your bins over Christmas".to_owned();
        mail.text = "We collect on 27 December instead of 25 December.\n".repeat(10);
        mail.html = Some(self.html.clone());
        mail.language = Some("en-GB".to_owned());
        mail.list = Some(List { name: "Bins and recycling".to_owned(), id: "bins.lists.example.org".to_owned() });
        mail.unsubscribe = Some(Unsubscribe { https: Some(format!("https://voice.example.org/u/{id}")), mailto: None });
        let signed = self.dkim.sign(&mail.compose()?)?;
        let returned = address(Purpose::Bounce, "bounces@example.org", id, &self.key).ok_or("no return path")?;
        Ok((returned, to, signed))
    }
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let (mut server, mut rsa, mut mails, mut connections) = (None, None, 20_000_u64, 30_usize);
    let (mut ed25519, mut own) = (true, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or("a value is missing");
        match argument.as_str() {
            "--server" => server = Some(value()?),
            "--rsa" => rsa = Some(value()?).filter(|path| path != "none"),
            "--ed25519" => ed25519 = value()? != "none",
            "--mails" => mails = value()?.parse()?,
            "--connections" => connections = value()?.parse()?,
            "--own-sink" => own = Some(Behaviour::default()),
            "--no-pipelining" => own = Some(Behaviour { offers: Vec::new(), ..Behaviour::default() }),
            _ => return Err(format!("{argument} is not known").into()),
        }
    }
    let mut dkim = Dkim::new("example.org")?;
    if ed25519 {
        dkim = dkim.with_key("ed", new_ed25519_key()?.as_bytes())?;
    }
    if let Some(path) = &rsa {
        dkim = dkim.with_key("rsa", &std::fs::read(path)?)?;
    }
    let html = format!(
        "<!doctype html><html lang=\"en\"><body>{}</body></html>",
        "<p style=\"font:19px/1.3 arial\">We collect on 27 December. Casglwn ar 27 Rhagfyr, dros yr ŵyl.</p>\n"
            .repeat(30)
    );
    let sender = Arc::new(Sender { dkim, html, key: AddressKey::new(&[1; 32]) });

    let (each, mut bytes) = (2_000, 0);
    let begun = Instant::now();
    for n in 0..each {
        bytes += sender.mail(n)?.2.len();
    }
    let took = begun.elapsed().as_secs_f64();
    println!("composed and signed: {:.3} ms a mail of {} bytes, one core", took * 1e3 / 2e3, bytes / 2_000);

    let sink = match own {
        Some(behaviour) => Some(Sink::start("127.0.0.1:0".parse()?, behaviour).await?),
        None => None,
    };
    let Some(server) = server.or_else(|| sink.as_ref().map(|sink| sink.address().to_string())) else { return Ok(()) };
    let (host, port) = server.rsplit_once(':').ok_or("the server has no port")?;
    let mut smtp = Smtp::new(host, port.parse()?, Security::None);
    (smtp.max_connections, smtp.max_per_connection) = (connections, 1_000);
    let pool = Pool::new(smtp)?;
    let (next, accepted) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let begun = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let (pool, sender, next, accepted) =
            (pool.clone(), Arc::clone(&sender), Arc::clone(&next), Arc::clone(&accepted));
        tasks.push(tokio::spawn(async move {
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= mails {
                    return Ok::<(), Failed>(());
                }
                let (from, to, raw) = sender.mail(n)?;
                match pool.send(&from, &to, &raw).await {
                    Outcome::Accepted { .. } => accepted.fetch_add(1, Ordering::Relaxed),
                    other => return Err(format!("{other:?}").into()),
                };
            }
        }));
    }
    for task in tasks {
        task.await??;
    }
    let took = begun.elapsed().as_secs_f64();
    let accepted = accepted.load(Ordering::Relaxed);
    println!(
        "{accepted} of {mails} accepted in {took:.2} s: {:.0} mails/s over {connections} connections",
        f64::from(u32::try_from(accepted)?) / took
    );
    pool.close().await;
    Ok(())
}
