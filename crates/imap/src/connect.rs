//! Reaching a server, making the connection secret, signing in, opening the folder.

use std::time::Duration;

use async_imap::types::Capabilities;
use async_imap::{Authenticator, Client};
use async_trait::async_trait;
use commonweal_domain::MailboxSetup;
use commonweal_domain::sender::Security;
use commonweal_ports::{Inbox, InboxSignIn, Inboxes};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::session::{Folder, timed, told};
use crate::tls::secret;

/// Opens mailboxes by IMAP.
#[derive(Clone, Debug)]
pub struct ImapInboxes {
    /// Whether passwords and mail may go to another machine over a connection that others can read.
    pub allow_plain: bool,
    /// A certificate authority of the body's own, in PEM.
    pub extra_ca: Option<Vec<u8>>,
    /// How long an answer is waited for.
    pub patience: Duration,
}

impl Default for ImapInboxes {
    fn default() -> Self {
        Self { allow_plain: false, extra_ca: None, patience: Duration::from_secs(30) }
    }
}

/// What a connection is made of.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + Sync + std::fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync + std::fmt::Debug> Stream for T {}

#[async_trait]
impl Inboxes for ImapInboxes {
    async fn open(&self, setup: &MailboxSetup, sign_in: &InboxSignIn) -> Result<Box<dyn Inbox>, String> {
        let plain = setup.security == Security::None;
        if plain && !self.allow_plain && !is_here(&setup.host) {
            return Err(format!(
                "{} is another machine, and others could read the connection. Choose tls or starttls.",
                setup.host
            ));
        }
        let client = self.client(setup).await?;
        let session = match sign_in {
            InboxSignIn::Password(password) => {
                timed(self.patience, async {
                    client.login(quoted_by_library(&setup.user)?, password).await.map_err(|(e, _)| refused(&e))
                })
                .await
            }
            InboxSignIn::Token(token) => {
                let answer = XOAuth2 { said: Some(format!("user={}\u{1}auth=Bearer {token}\u{1}\u{1}", setup.user)) };
                timed(self.patience, async {
                    client.authenticate("XOAUTH2", answer).await.map_err(|(e, _)| refused(&e))
                })
                .await
            }
        }?;
        let folder = Folder::open(session, &setup.folder, self.patience, !plain).await?;
        Ok(Box::new(folder))
    }
}

impl ImapInboxes {
    async fn client(&self, setup: &MailboxSetup) -> Result<Client<Box<dyn Stream>>, String> {
        let reached = timed(self.patience, async {
            TcpStream::connect((&*setup.host, setup.port))
                .await
                .map_err(|e| format!("{} can’t be reached: {e}.", setup.host))
        });
        let stream = reached.await?;
        let extra = self.extra_ca.as_deref();
        let stream: Box<dyn Stream> = match setup.security {
            Security::None => Box::new(stream),
            Security::Tls => Box::new(timed(self.patience, secret(stream, &setup.host, extra)).await?),
            Security::StartTls => {
                let mut plain = Client::new(stream);
                greeted(&mut plain, self.patience).await?;
                let asked = async { plain.run_command_and_check_ok("STARTTLS", None).await.map_err(|e| told(&e)) };
                timed(self.patience, asked).await?;
                // Whatever was said before the connection was secret goes with the old client, unread.
                let stream = plain.into_inner();
                return Ok(Client::new(Box::new(timed(self.patience, secret(stream, &setup.host, extra)).await?)));
            }
        };
        let mut client = Client::new(stream);
        greeted(&mut client, self.patience).await?;
        Ok(client)
    }
}

/// Waits for the first line of a server.
async fn greeted<T: Stream>(client: &mut Client<T>, patience: Duration) -> Result<(), String> {
    let greeting =
        timed(patience, async { client.read_response().await.map_err(|e| format!("The server broke off: {e}.")) });
    match greeting.await? {
        Some(_) => Ok(()),
        None => Err("The server closed the connection without a word.".to_owned()),
    }
}

/// The library quotes names and passwords, and refuses what can't be quoted.
fn quoted_by_library(user: &str) -> Result<&str, String> {
    if user.is_empty() { Err("Nobody is named who signs in.".to_owned()) } else { Ok(user) }
}

/// Why a server did not let us in. What it says is cut short: some answer with what was sent.
fn refused(e: &async_imap::error::Error) -> String {
    match e {
        async_imap::error::Error::No(_) => {
            "The server does not let us in: the name or the password (or the token) is not right, or it takes none of this kind.".to_owned()
        }
        async_imap::error::Error::Validate(_) => {
            "The name or the password has a sign that IMAP can’t carry, such as a line break.".to_owned()
        }
        other => told(other),
    }
}

/// Whether a host is this machine.
fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Signs in by a token, as the large providers do it. Where it is refused the server says why, and wants an empty answer.
struct XOAuth2 {
    said: Option<String>,
}

impl Authenticator for XOAuth2 {
    type Response = String;

    fn process(&mut self, _: &[u8]) -> String {
        self.said.take().unwrap_or_default()
    }
}

/// Whether a server can do something.
pub(crate) fn can(all: &Capabilities, what: &str) -> bool {
    all.has_str(what)
}
