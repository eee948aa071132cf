//! Mailboxes of a real server (Dovecot): each message once, new ones as they come, put away and moved, by every way of signing in.

#![cfg(unix)]

mod certificates;
mod tokens;

use std::time::Duration;

use commonweal_domain::MailboxSetup;
use commonweal_domain::sender::Security;
use commonweal_imap::ImapInboxes;
use commonweal_ports::{Inbox, InboxSignIn, Inboxes};
use commonweal_testkit::dovecot::{Dovecot, PASSWORD, is_root};

use self::certificates::Certificates;

fn setup(port: u16, security: Security) -> MailboxSetup {
    MailboxSetup {
        name: "Returns".into(),
        host: "localhost".into(),
        port,
        security,
        user: "returns".into(),
        token: None,
        folder: "INBOX".into(),
        done_folder: None,
        enabled: true,
    }
}

fn password() -> InboxSignIn {
    InboxSignIn::Password(PASSWORD.into())
}

async fn open(dovecot: &Dovecot) -> Box<dyn Inbox> {
    let opened = ImapInboxes::default().open(&setup(dovecot.imap, Security::None), &password()).await;
    opened.unwrap_or_else(|wrong| panic!("{wrong} {}", dovecot.log()))
}

fn refused(opened: Result<Box<dyn Inbox>, String>, words: &str) {
    let Err(wrong) = opened else { panic!("nothing was in the way") };
    assert!(wrong.contains(words) && !wrong.contains(PASSWORD), "{wrong}");
}

fn message(n: usize) -> String {
    format!(
        "From: kit@example.com\nTo: returns@example.org\nMessage-ID: <{n}@example.com>\nSubject: {n}\n\nTŷ {n}\n.\n"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_message_is_given_as_it_came_and_put_away_when_it_is_said() {
    if !is_root() {
        return;
    }
    let dovecot = Dovecot::start(None, "");
    dovecot.deliver("returns+b42@example.org", message(1).as_bytes());
    dovecot.deliver("returns@example.org", message(2).as_bytes());
    let mut inbox = open(&dovecot).await;
    let waiting = inbox.after(0).await.expect("listed");
    let uids: Vec<u32> = waiting.iter().map(|one| one.uid).collect();
    assert_eq!(uids.len(), 2, "{}", dovecot.log());
    let fetched = inbox.fetch(uids[0]).await.expect("given").expect("there");
    let text = String::from_utf8(fetched.raw).expect("UTF-8");
    assert!(text.contains("Delivered-To: returns+b42@example.org\r\n"), "{text}");
    assert!(text.trim_end().ends_with("\r\n\r\nTŷ 1\r\n."), "{text}");
    assert!(fetched.received.is_some() && waiting[0].bytes >= text.len() as u64 - 10);
    assert_eq!(inbox.fetch(4_711).await.expect("answered"), None);
    assert_eq!(inbox.after(uids[1]).await.expect("listed"), []);

    // Looking at it has not marked it: who reads the mailbox, too, sees it as new.
    let (validity, mut again) = (inbox.validity(), open(&dovecot).await);
    assert_eq!(again.validity(), validity);
    again.put_away(&uids[..1], Some("Wedi’i \"ddarllen\"")).await.expect("the folder is made");
    inbox.put_away(&uids[1..], None).await.expect("marked");
    again.leave().await;
    let mut moved = open(&dovecot).await;
    assert_eq!(moved.after(0).await.expect("listed").iter().map(|one| one.uid).collect::<Vec<_>>(), uids[1..]);
    moved.leave().await;
    assert!(moved.after(0).await.is_err(), "who left has no connection");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_mail_is_told_of_as_it_comes() {
    if !is_root() {
        return;
    }
    let dovecot = Dovecot::start(None, "");
    let mut inbox = open(&dovecot).await;
    assert!(inbox.said().contains("tells of new messages at once"), "{}", inbox.said());
    assert_eq!(inbox.after(0).await.expect("listed"), []);
    let mut last = 0;
    for n in 1..=3 {
        // Far longer than this test may take: only what the server tells ends it.
        let (waited, ()) = tokio::join!(inbox.wait(Duration::from_secs(300)), async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            dovecot.deliver("returns@example.org", message(n).as_bytes());
        });
        waited.expect("told");
        let new = inbox.after(last).await.expect("listed");
        assert_eq!(new.len(), 1);
        last = new[0].uid;
    }
    inbox.wait(Duration::from_millis(100)).await.expect("nothing comes, and it goes on");
    assert_eq!(inbox.after(last).await.expect("listed"), []);
    drop(dovecot);
    let waited = tokio::time::timeout(Duration::from_secs(60), inbox.wait(Duration::from_secs(300))).await;
    let after = inbox.after(last).await;
    assert!(waited.is_ok() && after.is_err(), "a server that is gone is noticed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passwords_go_over_secret_connections_to_the_right_host_alone() {
    if !is_root() {
        return;
    }
    let certificates = Certificates::make("localhost");
    let dovecot = Dovecot::start(Some((certificates.certificate(), certificates.key())), "");
    let ours = ImapInboxes { extra_ca: Some(certificates.authority()), ..ImapInboxes::default() };
    for (port, security) in [(dovecot.imap, Security::StartTls), (dovecot.imaps, Security::Tls)] {
        let opened = ours.open(&setup(port, security), &password()).await;
        let inbox = opened.unwrap_or_else(|wrong| panic!("{wrong} {}", dovecot.log()));
        assert!(inbox.said().contains("The connection is secret."), "{}", inbox.said());
        let wrong = InboxSignIn::Password("not it".into());
        refused(ours.open(&setup(port, security), &wrong).await, "does not let us in");
        refused(ImapInboxes::default().open(&setup(port, security), &password()).await, "could not be made secret");
        let elsewhere = MailboxSetup { host: "127.0.0.1".into(), ..setup(port, security) };
        refused(ours.open(&elsewhere, &password()).await, "could not be made secret");
    }
    let far = MailboxSetup { host: "imap.example.org".into(), ..setup(dovecot.imap, Security::None) };
    refused(ImapInboxes::default().open(&far, &password()).await, "others could read the connection");
    let other = MailboxSetup { folder: "Nowhere".into(), ..setup(dovecot.imap, Security::None) };
    refused(ours.open(&other, &password()).await, "There is no folder “Nowhere”");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_says_nothing_is_waited_for_so_long_and_no_longer() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let silent = ImapInboxes { patience: Duration::from_millis(200), ..ImapInboxes::default() };
    refused(silent.open(&setup(port, Security::None), &password()).await, "did not answer within");
}
