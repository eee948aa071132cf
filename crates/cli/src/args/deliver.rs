//! Sending: ways out, sends, deliveries.

use std::path::PathBuf;

use clap::{Args, Subcommand};
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
    /// Say what the gate would decide now of everybody for whom it is meant, and send nothing.
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

#[derive(Debug, Subcommand)]
pub(crate) enum Deliveries {
    /// List the sends, or the deliveries of one.
    List(DeliveriesList),
    /// Say what became of everybody for whom a send was planned: audience = handed over + not sent + failed + pending + not known.
    Reconcile(OneDispatch),
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
    Add(SenderAdd),
    /// List the ways out.
    List,
    /// Try whether a sender's server is there and lets us in. Nothing is sent.
    Test {
        /// Its name.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SenderAdd {
    /// What it is called.
    pub(crate) name: String,
    /// Mail server, as host:port. Without it mails are written as files to the folder `outgoing` of the data folder.
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) smtp: Option<String>,
    /// How the connection is protected: tls, starttls or none (same machine only).
    #[arg(long, default_value = "starttls")]
    pub(crate) security: String,
    /// Who signs in at the mail server.
    #[arg(long, requires = "password_file")]
    pub(crate) user: Option<String>,
    /// File with the password. It is sealed where it is kept, and never shown again.
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Address that mails are from.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) from: String,
    /// Name beside that address; the name of the body without it.
    #[arg(long, value_name = "NAME")]
    pub(crate) from_name: Option<String>,
    /// Connections at once.
    #[arg(long, default_value_t = 10)]
    pub(crate) connections: u32,
    /// At most so many messages a second.
    #[arg(long)]
    pub(crate) per_second: Option<u32>,
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
