//! Signing in by a token (XOAUTH2), which the server asks its issuer about.

use std::io::{Read, Write};
use std::net::TcpListener;

use commonweal_domain::sender::Security;
use commonweal_imap::ImapInboxes;
use commonweal_ports::{InboxSignIn, Inboxes};
use commonweal_testkit::dovecot::{Dovecot, is_root};

use crate::{refused, setup};

/// Answers whom a token is of, as the issuer of it does: one is known.
fn issuer() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut asked = [0; 4_096];
            let n = stream.read(&mut asked).unwrap_or(0);
            let known = String::from_utf8_lossy(&asked[..n]).contains("a-good-token");
            let (status, body) = if known {
                ("200 OK", r#"{"username": "returns"}"#)
            } else {
                ("401 Unauthorized", r#"{"error": "invalid_token"}"#)
            };
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_lets_in_whom_it_is_of() {
    if !is_root() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("oauth2.conf");
    let asks = format!("tokeninfo_url = http://127.0.0.1:{}/?access_token=\nusername_attribute = username\n", issuer());
    std::fs::write(&file, asks).expect("written");
    let passdb = format!("passdb {{\n driver = oauth2\n mechanisms = xoauth2\n args = {}\n}}\n", file.display());
    let dovecot = Dovecot::start(None, &passdb);
    let setup = setup(dovecot.imap, Security::None);
    let token = |token: &str| InboxSignIn::Token(token.into());
    let opened = ImapInboxes::default().open(&setup, &token("a-good-token")).await;
    opened.unwrap_or_else(|wrong| panic!("{wrong} {}", dovecot.log()));
    refused(ImapInboxes::default().open(&setup, &token("another")).await, "does not let us in");
}
