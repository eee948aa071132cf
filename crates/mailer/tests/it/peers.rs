//! Servers of others: secrets on the way, signing in, and what they make of what we send.

mod certificates;
mod node;
mod postfix;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use commonweal_mailer::{Outcome, Pool, Security, SignIn, Smtp, Stage, TokenSource};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use self::certificates::Certificates;
use self::node::Peer;
use crate::{plain, raw, settings};

fn password(password: &str) -> SignIn {
    SignIn::Password { user: "ann".to_owned(), password: password.to_owned() }
}

fn secret(peer: &Peer, security: Security, certificates: &Certificates) -> Smtp {
    let mut smtp = settings(peer.port);
    smtp.host = "localhost".to_owned();
    smtp.security = security;
    smtp.extra_ca = Some(certificates.authority.clone().into_bytes());
    smtp
}

async fn send(smtp: Smtp, to: &str) -> Outcome {
    Pool::new(smtp).expect("settings").send("b+x@example.org", to, &raw(to)).await
}

fn not_tried(outcome: &Outcome, stage: Stage, words: &str) {
    let Outcome::NotTried { stage: found, why } = outcome else { panic!("{outcome:?}") };
    assert!(*found == stage && why.contains(words), "{outcome:?}");
}

#[tokio::test]
async fn messages_arrive_secretly_and_signed_in() {
    let certificates = Certificates::make("localhost");
    for (secure, security) in [(false, Security::StartTls), (true, Security::Tls)] {
        for method in ["PLAIN", "LOGIN"] {
            let mut peer = Peer::start(&certificates.peer(secure, &json!([method])));
            let mut smtp = secret(&peer, security, &certificates);
            smtp.sign_in = password("correct horse ŵ");
            smtp.hello = Some("voice.example.org".to_owned());
            let pool = Pool::new(smtp.clone()).expect("settings");
            let greeting = pool.test().await.expect("a greeting");
            assert!(greeting.is_secret && greeting.ways_to_sign_in == [method], "{greeting:?}");
            assert_eq!((greeting.max_bytes, greeting.takes_several_commands), (Some(100_000), true));

            let mut mail = plain("ann@example.com");
            mail.text = ".\n..two\nFrom x\n".to_owned();
            let message = mail.compose().expect("a message");
            let outcome = pool.send("b+x@example.org", "ann@example.com", &message).await;
            assert!(matches!(&outcome, Outcome::Accepted { code: 250, .. }), "{outcome:?}");
            let got = peer.next();
            assert_eq!((&got["from"], &got["to"]), (&json!("b+x@example.org"), &json!(["ann@example.com"])));
            assert_eq!(got["message"].as_str().map(str::as_bytes), Some(&*message));
            assert_eq!(
                (&got["secure"], &got["user"], &got["hello"]),
                (&json!(true), &json!("ann"), &json!("voice.example.org"))
            );

            for (to, code, enhanced, stage) in [
                ("gone@example.com", 550, "5.1.1", Stage::Recipient),
                ("spam@example.com", 554, "5.7.1", Stage::Message),
            ] {
                let outcome = pool.send("b+x@example.org", to, &raw(to)).await;
                let Outcome::Refused { permanent: true, code: c, enhanced: e, stage: s, .. } = &outcome else {
                    panic!("{outcome:?}")
                };
                assert_eq!((*c, e.as_deref(), *s), (code, Some(enhanced), stage));
            }
            assert!(matches!(
                pool.send("", "bob@example.com", &raw("bob@example.com")).await,
                Outcome::Accepted { .. }
            ));

            smtp.sign_in = password("wrong");
            not_tried(&send(smtp, "ann@example.com").await, Stage::SignIn, "535");
        }
    }
}

/// Gives a token that has run out, and a good one when it is asked again.
#[derive(Default)]
struct Tokens(AtomicUsize);

#[async_trait]
impl TokenSource for Tokens {
    async fn token(&self, anew: bool) -> Result<String, String> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(if anew { "good" } else { "old" }.to_owned())
    }
}

#[tokio::test]
async fn tokens_that_ran_out_are_asked_for_again_once() {
    let certificates = Certificates::make("localhost");
    let mut peer = Peer::start(&certificates.peer(false, &json!(["XOAUTH2"])));
    let mut smtp = secret(&peer, Security::StartTls, &certificates);
    let tokens = Arc::new(Tokens::default());
    smtp.sign_in = SignIn::Token { user: "ann".to_owned(), source: Arc::clone(&tokens) as _ };
    let outcome = send(smtp.clone(), "ann@example.com").await;
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
    assert_eq!((peer.next()["user"].as_str(), tokens.0.load(Ordering::SeqCst)), (Some("ann"), 2));

    smtp.sign_in = SignIn::Token { user: "eve".to_owned(), source: Arc::clone(&tokens) as _ };
    not_tried(&send(smtp.clone(), "ann@example.com").await, Stage::SignIn, "535");
    assert_eq!(tokens.0.load(Ordering::SeqCst), 4);
    smtp.sign_in = password("correct horse ŵ");
    not_tried(
        &send(smtp, "ann@example.com").await,
        Stage::SignIn,
        "no way to sign in by a password (PLAIN or LOGIN); it offers XOAUTH2",
    );
}

#[tokio::test]
async fn certificates_must_be_believed_and_for_the_host() {
    let (certificates, others) = (Certificates::make("localhost"), Certificates::make("localhost"));
    for (secure, security) in [(false, Security::StartTls), (true, Security::Tls)] {
        let peer = Peer::start(&certificates.peer(secure, &json!([])));
        let mut smtp = secret(&peer, security, &certificates);
        smtp.host = "127.0.0.1".to_owned();
        not_tried(&send(smtp.clone(), "ann@example.com").await, Stage::Tls, "certificate");
        smtp.host = "localhost".to_owned();
        smtp.extra_ca = Some(others.authority.clone().into_bytes());
        not_tried(&send(smtp.clone(), "ann@example.com").await, Stage::Tls, "certificate");
        smtp.extra_ca = None;
        not_tried(&send(smtp, "ann@example.com").await, Stage::Tls, "certificate");
    }
}

#[tokio::test]
async fn what_was_said_before_the_secret_began_is_not_believed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        // The last answer brings one more, which somebody on the way has put behind it.
        for answer in ["220 hi\r\n", "250-hi\r\n250 STARTTLS\r\n", "220 go on\r\n250-hi\r\n250 AUTH PLAIN\r\n"] {
            stream.write_all(answer.as_bytes()).await.expect("written");
            let _ = stream.read(&mut [0; 1_000]).await;
        }
    });
    let mut smtp = settings(port);
    smtp.security = Security::StartTls;
    smtp.sign_in = password("correct horse ŵ");
    not_tried(&send(smtp, "ann@example.com").await, Stage::Tls, "said more before the connection was secret");
}

#[test]
fn debugging_shows_no_password() {
    let mut smtp = settings(25);
    smtp.sign_in = password("correct horse");
    let shown = format!("{smtp:?} {:?}", Pool::new(smtp.clone()).expect("settings"));
    assert!(!shown.contains("horse") && !shown.contains("ann"), "{shown}");
}
