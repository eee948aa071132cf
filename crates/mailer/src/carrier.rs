//! The way out of a sender, as the use cases ask for it.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use commonweal_domain::sender::Security as Protected;
use commonweal_domain::{Sender, SenderKind};
use commonweal_ports::{Carried, Carrier, Carriers, Parcel};

use crate::{
    Dkim, FileDrop, List, Mail, Mailbox, Outcome, Pool, Problem, Security, SignIn, Smtp, Stage, Unsubscribe, message_id,
};

/// Makes carriers of the senders of one body.
#[derive(Clone, Debug, Default)]
pub struct MailCarriers {
    /// With what mails are signed, by the domain of their sender.
    pub dkim: Vec<(String, Arc<Dkim>)>,
    /// The folder of senders that write files.
    pub folder: PathBuf,
    /// Whether mail may go to another machine over a connection that others can read.
    pub allow_plain: bool,
}

/// Hands mails over for one sender.
struct MailCarrier {
    way: Way,
    from: Mailbox,
    reply_to: Option<Mailbox>,
    domain: String,
    dkim: Option<Arc<Dkim>>,
}

enum Way {
    Server(Pool),
    Files(FileDrop),
}

impl Carriers for MailCarriers {
    fn open(&self, sender: &Sender, secret: Option<&str>) -> Result<Arc<dyn Carrier>, String> {
        let setup = &sender.setup;
        let told = |problem: Problem| problem.to_string();
        let way = match setup.kind {
            SenderKind::Files => {
                std::fs::create_dir_all(&self.folder)
                    .map_err(|e| format!("The folder {} can’t be made: {e}.", self.folder.display()))?;
                Way::Files(FileDrop::new(&self.folder).map_err(told)?)
            }
            SenderKind::Smtp => {
                let server = setup.server.as_ref().ok_or("No mail server is named.")?;
                let security = match server.security {
                    Protected::Tls => Security::Tls,
                    Protected::StartTls => Security::StartTls,
                    Protected::None => Security::None,
                };
                let mut smtp = Smtp::new(&server.host, server.port, security);
                smtp.allow_plain = self.allow_plain;
                smtp.max_connections = usize::try_from(server.connections.max(1)).unwrap_or(1);
                if let Some(user) = server.user.as_ref().filter(|user| !user.is_empty()) {
                    let password = secret.ok_or("The password of the mail server is missing.")?.to_owned();
                    smtp.sign_in = SignIn::Password { user: user.clone(), password };
                }
                Way::Server(Pool::new(smtp).map_err(told)?)
            }
            _ => return Err("The sender sends no mail by itself.".to_owned()),
        };
        let domain = setup.from.rsplit_once('@').map(|(_, domain)| domain.to_lowercase()).unwrap_or_default();
        Ok(Arc::new(MailCarrier {
            way,
            from: Mailbox::new(&setup.from_name, &setup.from),
            reply_to: setup.reply_to.as_ref().map(|to| Mailbox::new("", to)),
            dkim: self.dkim.iter().find(|(of, _)| *of == domain).map(|(_, dkim)| Arc::clone(dkim)),
            domain,
        }))
    }
}

impl MailCarrier {
    /// The message as it goes over the wire.
    fn message(&self, parcel: &Parcel) -> Result<Vec<u8>, Problem> {
        let to = Mailbox::new(parcel.name.as_deref().unwrap_or_default(), &parcel.to);
        let id = message_id(parcel.delivery.0, &self.domain)?;
        let mut mail = Mail::new(id, parcel.date, self.from.clone(), to);
        mail.reply_to = self.reply_to.clone();
        mail.subject = parcel.subject.clone();
        mail.text = parcel.text.clone();
        mail.html = parcel.html.clone();
        mail.language = Some(parcel.language.clone());
        if let Some((key, name)) = &parcel.list {
            mail.list = Some(List { name: name.clone(), id: format!("{}.{}", list_label(key), self.domain) });
        }
        let https = parcel.unsubscribe.clone().filter(|to| to.starts_with("https://"));
        let mailto = parcel.unsubscribe_mail.as_ref().map(|to| format!("mailto:{to}?subject=unsubscribe"));
        mail.unsubscribe = (https.is_some() || mailto.is_some()).then_some(Unsubscribe { https, mailto });
        let composed = mail.compose()?;
        match &self.dkim {
            Some(dkim) => dkim.sign(&composed),
            None => Ok(composed),
        }
    }
}

/// The key of a topic as one label of a domain.
fn list_label(key: &str) -> String {
    let label: String =
        key.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let label = label.trim_matches('-');
    if label.is_empty() { "topic".to_owned() } else { label.to_owned() }
}

#[async_trait]
impl Carrier for MailCarrier {
    async fn carry(&self, parcel: &Parcel) -> Carried {
        let raw = match self.message(parcel) {
            Ok(raw) => raw,
            Err(problem) => return Carried::Unsendable(problem.to_string()),
        };
        let returned = parcel.return_path.as_deref().unwrap_or(&self.from.address);
        let outcome = match &self.way {
            Way::Server(pool) => pool.send(returned, &parcel.to, &raw).await,
            Way::Files(folder) => folder.send(returned, &parcel.to, &raw).await,
        };
        told(outcome)
    }

    async fn check(&self) -> Result<String, String> {
        let pool = match &self.way {
            Way::Server(pool) => pool,
            Way::Files(_) => return Ok("Messages are written to files.".to_owned()),
        };
        let greeting = pool.test().await.map_err(|not| not.why)?;
        let mut said = format!("{} is there and lets us in. ", greeting.name);
        said.push_str(if greeting.is_secret { "The connection is secret." } else { "The connection is not secret." });
        if let Some(bytes) = greeting.max_bytes.filter(|bytes| *bytes > 0) {
            let _ = write!(said, " It takes messages of up to {} MB.", bytes / 1_000_000);
        }
        if self.dkim.is_none() {
            let _ = write!(said, " Mails from {} are not signed by us (DKIM).", self.domain);
        }
        Ok(said)
    }
}

/// Enhanced codes (RFC 3463) that say that there is no such address, rather than that something else is wrong.
const NO_SUCH_ADDRESS: [&str; 5] = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"];

fn told(outcome: Outcome) -> Carried {
    match outcome {
        Outcome::Accepted { code, .. } => Carried::HandedOver(code.to_string()),
        // Whom it is for has nothing to do with it: the server does not want what comes from this address.
        Outcome::Refused { code, stage: Stage::Sender, .. } => {
            Carried::NotTried(format!("The mail server refuses the address that mails are from ({code})."))
        }
        Outcome::Refused { permanent, code, enhanced, stage, .. } => Carried::Refused {
            permanent,
            address: permanent
                && stage == Stage::Recipient
                && enhanced.as_deref().is_some_and(|status| NO_SUCH_ADDRESS.contains(&status)),
            code: match enhanced {
                Some(status) => format!("{code} {status}"),
                None => code.to_string(),
            },
        },
        Outcome::NotTried { why, .. } => Carried::NotTried(why),
        Outcome::Unknown { .. } => Carried::Unknown,
        Outcome::Unsendable { why } => Carried::Unsendable(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_at_fault_only_where_the_server_says_so_of_it() {
        let refused = |permanent, code, enhanced: Option<&str>, stage| {
            let enhanced = enhanced.map(str::to_owned);
            told(Outcome::Refused { permanent, code, enhanced, text: "no".into(), stage })
        };
        let address = |carried| match carried {
            Carried::Refused { address, .. } => address,
            other => panic!("{other:?}"),
        };
        assert!(address(refused(true, 550, Some("5.1.1"), Stage::Recipient)));
        for (permanent, code, enhanced, stage) in [
            (true, 550, None, Stage::Recipient),
            (true, 550, Some("5.7.1"), Stage::Recipient),
            (true, 554, Some("5.1.1"), Stage::Message),
            (false, 450, Some("4.1.1"), Stage::Recipient),
        ] {
            assert!(!address(refused(permanent, code, enhanced, stage)), "{code} {enhanced:?} {stage}");
        }
        assert!(matches!(refused(true, 550, Some("5.1.8"), Stage::Sender), Carried::NotTried(_)));
        assert_eq!(told(Outcome::Unknown { why: "broken".into() }), Carried::Unknown);
        assert_eq!(list_label("Your Street"), "your-street");
        assert_eq!(list_label("--"), "topic");
    }
}
