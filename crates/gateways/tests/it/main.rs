//! Messages through real connections: to GOV.UK Notify as its documentation has it, and to services for text messages.

mod described;
mod notify;
mod twilio;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use commonweal_domain::{DeliveryId, Gateway, Instant, Sender, SenderKind, SenderSetup};
use commonweal_gateways::Gateways;
use commonweal_outbound::Outbound;
use commonweal_ports::{Carrier, Carriers, Parcel};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use uuid::Uuid;

/// A path in this checkout.
fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn sender(kind: SenderKind, from: &str, gateway: Gateway) -> Sender {
    let setup = SenderSetup {
        name: "out".into(),
        kind,
        from: from.into(),
        from_name: String::new(),
        reply_to: None,
        server: None,
        gateway: Some(gateway),
        per_second: None,
        per_day: None,
        domain_limits: Vec::new(),
        cost: 0,
        test_only_to: None,
        enabled: true,
        return_to: None,
    };
    let setup = setup.checked().expect("it is set up well");
    let at: Instant = "2024-04-10T12:00:00Z".parse().expect("an instant");
    Sender { id: Uuid::from_u128(7).into(), setup, version: 1, made_at: at, changed_at: at }
}

/// The way out of a sender, over the network of this machine.
fn open(sender: &Sender, secret: &str) -> Arc<dyn Carrier> {
    let web = Arc::new(Outbound::new(true).expect("a client"));
    let gateways = Gateways { web, public_url: Some("https://voice.example.org".into()) };
    gateways.open(sender, Some(secret)).unwrap_or_else(|why| panic!("{why}"))
}

fn parcel(n: u128, to: &str) -> Parcel {
    Parcel {
        delivery: DeliveryId(Uuid::from_u128(n)),
        date: "2024-04-10T12:00:00Z".parse().expect("an instant"),
        to: to.into(),
        name: None,
        subject: "Your bins".into(),
        text: "We come on Friday & not on Monday.".into(),
        html: None,
        language: "en".into(),
        list: None,
        unsubscribe: None,
        unsubscribe_mail: None,
        return_path: None,
        tried_before: false,
    }
}

/// A server that answers one request after another as it is told, and keeps what it was asked. An answer of nothing breaks the
/// connection.
struct Service {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Service {
    async fn answering(answers: &[(u16, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let mut answers: VecDeque<(u16, String)> =
            answers.iter().map(|(status, body)| (*status, (*body).to_owned())).collect();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (mut read, mut part) = (String::new(), [0; 4_096]);
                while let Ok(n) = stream.read(&mut part).await
                    && n > 0
                {
                    read.push_str(&String::from_utf8_lossy(&part[..n]));
                    let length = |head: &str| {
                        let line = head.lines().find_map(|l| l.strip_prefix("content-length: ").map(str::to_owned));
                        line.and_then(|n| n.parse().ok()).unwrap_or(0_usize)
                    };
                    if read.split_once("\r\n\r\n").is_some_and(|(head, body)| body.len() >= length(head)) {
                        break;
                    }
                }
                log.lock().expect("no test panics while something is asked").push(read);
                let Some((status, body)) = answers.pop_front().filter(|(status, _)| *status > 0) else { continue };
                let length = body.len();
                let answer =
                    format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
                // The reader may have had enough.
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("no test panics while something is asked"))
    }
}

/// Where nobody listens.
async fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    format!("http://{}", listener.local_addr().expect("an address"))
}
