//! Sending: ways out, sends, deliveries.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use commonweal_domain::sender::DomainLimit;
use commonweal_domain::{DispatchId, Function, Lane};

#[derive(Debug, Args)]
pub(crate) struct Send {
    /// Name of the sender by which it goes out.
    #[arg(long, value_name = "NAME")]
    pub(crate) sender: String,
    /// What the send is called here. The subject without it.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Subject of the message; may have ((fields)).
    #[arg(long)]
    pub(crate) subject: String,
    /// File with the text, as Markdown with ((fields)).
    #[arg(value_name = "FILE.md")]
    pub(crate) body: PathBuf,
    /// Why it is written: statutory, safety, service, engagement or news.
    #[arg(long, value_parser = lane)]
    pub(crate) lane: Lane,
    /// Key of the topic; only those who agreed to it get messages of the lanes engagement and news.
    #[arg(long, value_name = "KEY")]
    pub(crate) topic: Option<String>,
    /// Function that it belongs to: inform, engage or serve.
    #[arg(long, default_value = "inform", value_parser = function)]
    pub(crate) function: Function,
    /// File with the rule that says whom it is for, as JSON, for example {"reach": ["email"]}.
    #[arg(long, value_name = "FILE.json")]
    pub(crate) audience: PathBuf,
    /// Leave out those who had enough messages of other sends, instead of waiting until they may have another.
    #[arg(long)]
    pub(crate) drop_held: bool,
    /// Say what the gate would decide now of everybody for whom it is meant, and by whose sends people are held back. Sends
    /// nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Wait until everybody for whom it is meant is written down and what can go now has gone. Without it a running server does
    /// both.
    #[arg(long)]
    pub(crate) wait: bool,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

fn lane(text: &str) -> Result<Lane, String> {
    Lane::from_key(text).ok_or_else(|| {
        let all: Vec<&str> = Lane::ALL.iter().map(|lane| lane.key()).collect();
        format!("Write one of {}.", all.join(", "))
    })
}

fn function(text: &str) -> Result<Function, String> {
    Function::from_key(text).ok_or_else(|| "Write inform, engage or serve.".to_owned())
}

fn domain_limit(text: &str) -> Result<DomainLimit, String> {
    let wrong = || "Write the domain and a number, for example example.org=5.".to_owned();
    let (domain, n) = text.rsplit_once('=').ok_or_else(wrong)?;
    Ok(DomainLimit { domain: domain.to_owned(), per_second: n.trim().parse().map_err(|_| wrong())? })
}

#[derive(Debug, Subcommand)]
pub(crate) enum Deliveries {
    /// List the sends, or the deliveries of one.
    List(DeliveriesList),
    /// Say what became of everybody for whom a send was planned: audience = handed over + not sent + failed + pending + not known.
    Reconcile(OneDispatch),
    /// Let a send go out that waits for a second person and was made by somebody else.
    Approve(Verdict),
    /// Do not let a send go out that waits for a second person. Whoever waits is not written to.
    Decline(Verdict),
    /// Say from which size sends need a second person and begin with a few messages, and change that.
    Rules(Rules),
    /// Send what failed of a send again.
    Retry(OneDispatch),
    /// Begin nothing more of a send, until it is resumed.
    Pause(OneDispatch),
    /// Go on with a send that was paused.
    Resume(OneDispatch),
    /// Stop a send for good: whoever waits is not written to.
    Cancel(OneDispatch),
    /// Pause every send but those that a law demands.
    StopAll,
}

#[derive(Debug, Args)]
pub(crate) struct Verdict {
    /// Id of the send.
    pub(crate) id: DispatchId,
    /// Why, for whoever made it. Needed to decline.
    #[arg(long, default_value = "")]
    pub(crate) note: String,
}

#[derive(Debug, Args)]
pub(crate) struct Rules {
    /// A send to more people than these needs a second person: a number, or `never`.
    #[arg(long, value_name = "PEOPLE", value_parser = size)]
    pub(crate) approval_above: Option<Size>,
    /// A send to at least so many people begins with a hundredth and pauses: a number, or `never`.
    #[arg(long, value_name = "PEOPLE", value_parser = size)]
    pub(crate) ramp_from: Option<Size>,
    /// For how many minutes it pauses.
    #[arg(long, value_name = "MINUTES")]
    pub(crate) ramp_minutes: Option<u32>,
}

/// A size of a send; nothing for `never`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size(pub(crate) Option<u64>);

fn size(text: &str) -> Result<Size, String> {
    match text {
        "never" => Ok(Size(None)),
        number => number.parse().map(|n| Size(Some(n))).map_err(|_| "Write a number of people, or never.".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct DeliveriesList {
    /// Id of a send.
    pub(crate) id: Option<DispatchId>,
    /// Print JSON, one line each.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct OneDispatch {
    /// Id of the send.
    pub(crate) id: DispatchId,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SenderCommand {
    /// Add a way out.
    Add(Box<SenderAdd>),
    /// List the ways out.
    List,
    /// Try whether a sender's server is there and lets us in. Nothing is sent.
    Test {
        /// Its name.
        name: String,
    },
    /// Show where a sender's service tells what became of messages, and make the token with which it does. One that was made
    /// before holds no more.
    Receipts {
        /// Its name.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SenderAdd {
    /// What it is called.
    pub(crate) name: String,
    /// Mail server, as host:port. Without it, or a service, mails are written as files to the folder `outgoing` of the data folder.
    #[arg(long, value_name = "HOST:PORT", group = "way")]
    pub(crate) smtp: Option<String>,
    /// GOV.UK Notify for email: the id of its template, whose only fields are ((subject)) and ((body)).
    #[arg(long, value_name = "TEMPLATE", group = "way")]
    pub(crate) notify_email: Option<String>,
    /// GOV.UK Notify for text messages: the id of its template, whose only field is ((body)).
    #[arg(long, value_name = "TEMPLATE", group = "way")]
    pub(crate) notify_sms: Option<String>,
    /// A Twilio-compatible service for text messages: the account there.
    #[arg(long, value_name = "ACCOUNT", group = "way")]
    pub(crate) sms_api: Option<String>,
    /// A service for text messages that takes an HTTP request: a file that describes the request, as JSON.
    #[arg(long, value_name = "FILE.json", group = "way")]
    pub(crate) sms_http: Option<PathBuf>,
    /// Address of the service, if it is not that of GOV.UK Notify or Twilio.
    #[arg(long, value_name = "URL")]
    pub(crate) service_address: Option<String>,
    /// GOV.UK Notify's id of the address for answers, or of the sender of text messages.
    #[arg(long, value_name = "ID")]
    pub(crate) reply_to_id: Option<String>,
    /// People can answer text messages of GOV.UK Notify: the service has a number for that.
    #[arg(long)]
    pub(crate) takes_answers: bool,
    /// How the connection is protected: tls, starttls or none (same machine only).
    #[arg(long, default_value = "starttls")]
    pub(crate) security: String,
    /// Who signs in at the mail server.
    #[arg(long, requires = "password_file")]
    pub(crate) user: Option<String>,
    /// File with the password, the key of GOV.UK Notify or the token of a service. It is sealed where it is kept, and never shown again.
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Address that mails are from, or number or name that text messages are from. GOV.UK Notify decides that itself.
    #[arg(long, value_name = "ADDRESS", required_unless_present_any = ["notify_email", "notify_sms"])]
    pub(crate) from: Option<String>,
    /// Name beside that address; the name of the body without it.
    #[arg(long, value_name = "NAME")]
    pub(crate) from_name: Option<String>,
    /// Mailbox to which mail comes back (bounces, complaints, unsubscribing), whose server takes name+anything@ as name@. Read it
    /// with `commonweal mailbox add`.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) return_to: Option<String>,
    /// Connections at once.
    #[arg(long, default_value_t = 10)]
    pub(crate) connections: u32,
    /// At most so many messages a second, over all servers.
    #[arg(long)]
    pub(crate) per_second: Option<u32>,
    /// At most so many messages a second to one domain, as example.org=5. May be repeated.
    #[arg(long, value_name = "DOMAIN=N", value_parser = domain_limit)]
    pub(crate) domain_limit: Vec<DomainLimit>,
    /// What one message costs, or each part of a text message, in millionths of the currency.
    #[arg(long, default_value_t = 0)]
    pub(crate) cost: u64,
    /// At most so many messages within 24 hours.
    #[arg(long)]
    pub(crate) per_day: Option<u64>,
    /// Test mode: deliver to this address and to nobody else. May be repeated.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) test_only_to: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MessageCommand {
    /// Send a message about their own case to one person or some.
    Send(MessageSend),
}

#[derive(Debug, Args)]
pub(crate) struct MessageSend {
    /// Name of the sender by which it goes out.
    #[arg(long, value_name = "NAME")]
    pub(crate) sender: String,
    /// Address or number to which it goes. May be repeated.
    #[arg(long, required = true, value_name = "ADDRESS")]
    pub(crate) to: Vec<String>,
    /// Subject; may have ((fields)). A text message has none.
    #[arg(long, default_value = "")]
    pub(crate) subject: String,
    /// File with the text, as Markdown with ((fields)).
    #[arg(value_name = "FILE.md")]
    pub(crate) body: PathBuf,
    /// What stands in a field, the same for everybody: name=value. May be repeated.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) value: Vec<(String, String)>,
    /// Why it is written: statutory, safety or service.
    #[arg(long, default_value = "service", value_parser = lane)]
    pub(crate) lane: Lane,
    /// Function that it belongs to: inform, engage or serve.
    #[arg(long, default_value = "serve", value_parser = function)]
    pub(crate) function: Function,
    /// What you call it. Nothing personal.
    #[arg(long)]
    pub(crate) reference: Option<String>,
    /// They asked for it just now: quiet hours do not hold it back.
    #[arg(long)]
    pub(crate) requested: bool,
    /// Hand over what can go before it ends. Without it a running server does.
    #[arg(long)]
    pub(crate) wait: bool,
    /// Print JSON, one line each.
    #[arg(long)]
    pub(crate) json: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("Write the name, then =, then the value.")?;
    Ok((name.to_owned(), value.to_owned()))
}
