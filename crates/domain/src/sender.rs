//! Senders: configured ways out, each with limits of its own.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::{Channel, named};
use crate::gateway::Gateway;
use crate::ids::SenderId;
use crate::invalid::FieldErrors;
use crate::sentence;

/// Most characters of a name, a host, an address.
pub const MAX_TEXT: usize = 200;
/// Most people to whom a sender in test mode writes.
pub const MAX_TESTERS: usize = 50;
/// Most connections that a sender may hold.
pub const MAX_CONNECTIONS: u32 = 100;
/// Most domains that have a limit of their own.
pub const MAX_DOMAINS: usize = 50;
/// Most letters and digits of a name in the place of a number.
const MAX_SENDER_NAME: usize = 11;

named! {
    /// What a way out is.
    SenderKind {
        /// A mail server.
        Smtp = "smtp", "Mail server (SMTP)";
        /// Files in a folder, one for each message: for trying things out, and for networks without a way out.
        Files = "files", "Files in a folder";
        /// GOV.UK Notify, for email.
        NotifyEmail = "notify_email", "GOV.UK Notify, email";
        /// GOV.UK Notify, for text messages.
        NotifySms = "notify_sms", "GOV.UK Notify, text messages";
        /// A service for text messages with an interface of Twilio's shape.
        SmsApi = "sms_api", "Text messages (Twilio-compatible)";
        /// A service for text messages that takes an HTTP request, described.
        SmsHttp = "sms_http", "Text messages (HTTP request)";
    }
}

impl SenderKind {
    /// By which channel it sends.
    pub const fn channel(self) -> Channel {
        match self {
            Self::Smtp | Self::Files | Self::NotifyEmail => Channel::Email,
            Self::NotifySms | Self::SmsApi | Self::SmsHttp => Channel::Sms,
        }
    }

    /// Whether it is a service that decides itself from whom its messages are.
    pub const fn names_itself(self) -> bool {
        matches!(self, Self::NotifyEmail | Self::NotifySms)
    }

    /// Whether it is the interface of a service.
    pub const fn is_gateway(self) -> bool {
        !matches!(self, Self::Smtp | Self::Files)
    }
}

named! {
    /// How the connection to a mail server is kept from being read.
    Security {
        /// From the first byte.
        Tls = "tls", "TLS from the first byte";
        /// Asked for before anything is said.
        StartTls = "starttls", "STARTTLS";
        /// Not at all: for a server on the same machine.
        None = "none", "None (same machine only)";
    }
}

/// A mail server, and how it is spoken to. Its password is kept elsewhere, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailServer {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who signs in there, if anybody does.
    pub user: Option<String>,
    /// How many connections at once.
    pub connections: u32,
}

/// How many messages go to one domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainLimit {
    /// What stands behind the @.
    pub domain: String,
    /// At most so many messages a second.
    pub per_second: u32,
}

/// How a sender is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderSetup {
    /// What it is called here.
    pub name: String,
    /// What it is.
    pub kind: SenderKind,
    /// The address that mails are from; the number or name that text messages are from. Nothing where the service decides that.
    pub from: String,
    /// The name that stands beside it.
    pub from_name: String,
    /// To where answers go, if elsewhere.
    pub reply_to: Option<String>,
    /// The mailbox to which mail comes back, whose server takes `name+anything@` as `name@`. Each message has an address of its own
    /// there. What can't be delivered comes back to `from` without it.
    #[serde(default)]
    pub return_to: Option<String>,
    /// The mail server; of a sender that is one.
    pub server: Option<MailServer>,
    /// The interface of the service; of a sender that is one.
    #[serde(default)]
    pub gateway: Option<Gateway>,
    /// At most so many messages a second, over all servers.
    pub per_second: Option<u32>,
    /// At most so many messages within 24 hours.
    pub per_day: Option<u64>,
    /// Domains to which fewer go.
    #[serde(default)]
    pub domain_limits: Vec<DomainLimit>,
    /// What one message costs, or each part of a text message, in millionths of the body's currency.
    pub cost: u64,
    /// To whom alone it delivers while it is being tried out; to everybody without.
    pub test_only_to: Option<Vec<String>>,
    /// Whether it sends.
    pub enabled: bool,
}

/// A configured way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Id.
    pub id: SenderId,
    /// How it is set up.
    pub setup: SenderSetup,
    /// Counts changes.
    pub version: u32,
    /// When it was made.
    pub made_at: Instant,
    /// When it was changed.
    pub changed_at: Instant,
}

impl SenderSetup {
    /// One of a kind, before anything is said of it.
    pub fn new(kind: SenderKind) -> Self {
        Self {
            name: String::new(),
            kind,
            from: String::new(),
            from_name: String::new(),
            reply_to: None,
            return_to: None,
            server: None,
            gateway: None,
            domain_limits: Vec::new(),
            per_second: None,
            per_day: None,
            cost: 0,
            test_only_to: None,
            enabled: true,
        }
    }

    /// As it is kept, or what is wrong with it. Whether an address is one is for whoever knows addresses.
    pub fn checked(mut self) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut text = |field: &str, value: &mut String, why: Option<&'static str>| {
            *value = value.trim().to_owned();
            let length = value.chars().count();
            if let (true, Some(why)) = (value.is_empty(), why) {
                errors.add(field, "required", why);
            } else if length > MAX_TEXT {
                let sentence = sentence!("This has {length} characters; {most} are allowed.", length, most = MAX_TEXT);
                errors.add(field, "too_long", sentence);
            } else if value.chars().any(char::is_control) {
                errors.add(field, "control", "This has a line break or another sign that can’t be seen. Take it out.");
            }
        };
        text("name", &mut self.name, Some("Give the sender a name."));
        text(
            "from",
            &mut self.from,
            match self.kind {
                kind if kind.names_itself() => None,
                kind if kind.channel() == Channel::Sms => Some("Say from which number or name text messages are sent."),
                _ => Some("Say from which address mails are sent."),
            },
        );
        text("from_name", &mut self.from_name, None);
        if let Some(to) = &mut self.return_to {
            text("return_to", to, None);
        }
        if let Some(server) = &mut self.server {
            text("server/host", &mut server.host, Some("Name the mail server."));
            if let Some(user) = &mut server.user {
                text("server/user", user, None);
            }
        }
        match (self.kind, &self.server) {
            (SenderKind::Smtp, None) => errors.add("server/host", "required", "Name the mail server."),
            (SenderKind::Smtp, Some(_)) | (_, None) => {}
            (_, Some(_)) => errors.add("server", "not_allowed", "Only a mail server is reached at one."),
        }
        match &mut self.gateway {
            Some(gateway) if gateway.is_of(self.kind) => gateway.check(&mut errors),
            None if !self.kind.is_gateway() => {}
            None => errors.add("gateway", "required", "Say how the service is reached."),
            Some(_) => errors.add("gateway", "not_allowed", "These are settings of a sender of another kind."),
        }
        let number = matches!(self.kind, SenderKind::SmsApi | SenderKind::SmsHttp);
        if number && !self.from.is_empty() && !is_sms_sender(&self.from) {
            let why = "Write a number like +447700900123 or 60777, or a name of at most 11 letters and digits.";
            errors.add("from", "number", why);
        }
        self.check_domains(&mut errors);
        if let Some(server) = &self.server
            && !(1..=MAX_CONNECTIONS).contains(&server.connections)
        {
            let sentence = sentence!("Choose 1 to {most} connections.", most = MAX_CONNECTIONS);
            errors.add("server/connections", "out_of_range", sentence);
        }
        for (field, none) in [("per_second", self.per_second == Some(0)), ("per_day", self.per_day == Some(0))] {
            if none {
                errors.add(field, "out_of_range", "A sender that may send nothing is switched off instead.");
            }
        }
        if self.test_only_to.as_ref().is_some_and(|to| to.len() > MAX_TESTERS) {
            let sentence = sentence!("Name at most {most} addresses.", most = MAX_TESTERS);
            errors.add("test_only_to", "too_many", sentence);
        }
        errors.into_result(self)
    }

    fn check_domains(&mut self, errors: &mut FieldErrors) {
        if self.kind.channel() != Channel::Email && !self.domain_limits.is_empty() {
            errors.add("domain_limits", "not_allowed", "Only email has domains.");
        }
        if self.domain_limits.len() > MAX_DOMAINS {
            let sentence = sentence!("Name at most {most} domains.", most = MAX_DOMAINS);
            errors.add("domain_limits", "too_many", sentence);
        }
        let mut seen = std::collections::BTreeSet::new();
        for (n, limit) in self.domain_limits.iter_mut().enumerate() {
            limit.domain = limit.domain.trim().trim_start_matches('@').to_lowercase();
            let fits = |c: char| c.is_alphanumeric() || "-.".contains(c);
            if !limit.domain.contains('.') || limit.domain.len() > MAX_TEXT || !limit.domain.chars().all(fits) {
                errors.add(format!("domain_limits/{n}"), "domain", "This is no domain. Write it like example.org.");
            } else if !seen.insert(limit.domain.clone()) {
                errors.add(format!("domain_limits/{n}"), "twice", "This domain has a limit already.");
            }
            if limit.per_second == 0 {
                let why = "At least one message a second goes to a domain.";
                errors.add(format!("domain_limits/{n}/per_second"), "out_of_range", why);
            }
        }
    }

    /// Whether people can answer text messages of it, and so write STOP. A name can't be written to.
    pub fn takes_answers(&self) -> bool {
        match &self.gateway {
            Some(Gateway::Notify(notify)) => notify.takes_answers,
            Some(_) => is_pool(&self.from) || self.from.chars().all(|c| c.is_ascii_digit() || c == '+'),
            None => false,
        }
    }

    /// How many messages a second may go to a domain, if it has a limit.
    pub fn limit_of(&self, domain: &str) -> Option<u32> {
        self.domain_limits.iter().find(|limit| limit.domain.eq_ignore_ascii_case(domain)).map(|limit| limit.per_second)
    }
}

/// Whether a text message can be from it: a number with its country's code, a short one, a name, or the id of a pool of numbers
/// (Twilio's messaging service).
fn is_sms_sender(from: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if let Some(number) = from.strip_prefix('+') {
        return digits(number) && (7..=15).contains(&number.len());
    }
    if digits(from) {
        return (3..=15).contains(&from.len());
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || " -_&+.".contains(c);
    is_pool(from) || from.len() <= MAX_SENDER_NAME && from.chars().all(fits)
}

fn is_pool(from: &str) -> bool {
    from.len() == 34 && from.starts_with("MG") && from.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::{NOTIFY_ADDRESS, Notify};

    fn setup(kind: SenderKind, from: &str) -> SenderSetup {
        let gateway = Notify {
            address: NOTIFY_ADDRESS.into(),
            template: "f33517ff-2a88-4f6e-b855-c550268ce08a".into(),
            reply_to: None,
            takes_answers: false,
        };
        SenderSetup {
            name: "out".into(),
            kind,
            from: from.into(),
            from_name: String::new(),
            reply_to: None,
            server: None,
            gateway: kind.names_itself().then_some(Gateway::Notify(gateway)),
            per_second: None,
            per_day: None,
            domain_limits: Vec::new(),
            cost: 0,
            test_only_to: None,
            enabled: true,
            return_to: None,
        }
    }

    fn wrong(setup: SenderSetup) -> Vec<String> {
        let errors = setup.checked().err().unwrap_or_default();
        errors.0.into_iter().map(|e| format!("{} {}", e.field, e.code)).collect()
    }

    #[test]
    fn what_was_kept_before_there_were_other_ways_is_read() {
        let kept = serde_json::json!({
            "name": "mail", "kind": "smtp", "from": "voice@example.org", "from_name": "", "reply_to": null,
            "server": {"host": "mail.example.org", "port": 587, "security": "starttls", "user": null, "connections": 10},
            "per_second": null, "per_day": null, "cost": 0, "test_only_to": null, "enabled": true,
        });
        let read: SenderSetup = serde_json::from_value(kept).expect("read");
        assert!(read.gateway.is_none() && read.domain_limits.is_empty() && read.checked().is_ok());
    }

    #[test]
    fn each_kind_has_its_own_settings_and_no_others() {
        assert!(wrong(setup(SenderKind::NotifyEmail, "")).is_empty());
        assert!(wrong(setup(SenderKind::NotifySms, "")).is_empty());
        assert_eq!(wrong(setup(SenderKind::SmsApi, "+447700900123")), ["gateway required"]);
        let mut files = setup(SenderKind::Files, "voice@example.org");
        files.gateway = setup(SenderKind::NotifySms, "").gateway;
        assert_eq!(wrong(files), ["gateway not_allowed"]);
        for from in ["+447700900123", "60777", "Anytown", "Any town 1"] {
            assert!(is_sms_sender(from), "{from}");
        }
        for from in ["+44", "12", "A name that is too long", "Größe", "+44 7700"] {
            assert!(!is_sms_sender(from), "{from}");
        }
    }

    #[test]
    fn limits_of_domains_are_of_domains_once_each() {
        let with = |domains: &[(&str, u32)], kind| {
            let limit = |(domain, per_second): &(&str, u32)| DomainLimit {
                domain: (*domain).to_owned(),
                per_second: *per_second,
            };
            SenderSetup { domain_limits: domains.iter().map(limit).collect(), ..setup(kind, "voice@example.org") }
        };
        let good = with(&[("@Example.COM", 5)], SenderKind::Files).checked().expect("good");
        assert_eq!((good.limit_of("EXAMPLE.com"), good.limit_of("example.org")), (Some(5), None));
        let bad = with(&[("a.org", 0), ("A.org", 1), ("org", 1)], SenderKind::Files);
        assert_eq!(
            wrong(bad),
            ["domain_limits/0/per_second out_of_range", "domain_limits/1 twice", "domain_limits/2 domain"]
        );
        assert_eq!(wrong(with(&[("a.org", 1)], SenderKind::NotifySms)), ["domain_limits not_allowed"]);
    }
}
