//! `commonweal mailbox` and `commonweal returns`: mail that comes back.

use std::fs::File;
use std::io::BufReader;

use anyhow::{Context, Result, bail};
use commonweal_app::App;
use commonweal_app::deliver::{MailboxDraft, Taken};
use commonweal_domain::mailbox::TokenIssuer;
use commonweal_domain::sender::Security;
use commonweal_domain::sentence::grouped;
use commonweal_domain::{Actor, Mailbox, MailboxSetup, PageRequest, Returned};
use commonweal_mail::{Problem, messages};
use serde_json::json;

use super::deliver::{host_and_port, secret_in};
use super::mail::within;
use crate::args::{MailboxAdd, MailboxCommand, ReturnsList, ReturnsRead};
use crate::table::Table;

const OPERATOR: Actor = Actor::Operator;
/// Mails that a list shows.
const LISTED: usize = 100;

async fn named(app: &App, name: &str) -> Result<Mailbox> {
    let all = app.mailboxes(&OPERATOR).await?;
    let names: Vec<String> = all.iter().map(|m| format!("“{}”", m.setup.name)).collect();
    match all.into_iter().find(|m| m.setup.name.to_lowercase() == name.to_lowercase()) {
        Some(found) => Ok(found),
        None if names.is_empty() => {
            bail!(
                "There is no mailbox yet. Add one: commonweal mailbox add NAME --imap HOST:PORT --user USER --password-file FILE"
            )
        }
        None => bail!("There is no mailbox “{name}”. There are {}.", names.join(", ")),
    }
}

/// Looks after mailboxes.
pub(crate) async fn mailbox(app: &App, command: &MailboxCommand) -> Result<()> {
    match command {
        MailboxCommand::Add(args) => {
            let draft =
                MailboxDraft { setup: setup(args)?, secret: secret_in(Some(&args.password_file))?, version: None };
            let added = app.save_mailbox(&OPERATOR, None, draft).await?;
            println!("Added “{}”: {}", added.setup.name, added.id);
        }
        MailboxCommand::List => {
            let mut table =
                Table::new(["Mailbox", "Server", "Folder", "Last read", "State"].map(Into::into).to_vec(), 5);
            for m in app.mailboxes(&OPERATOR).await? {
                let at = m
                    .read
                    .checked_at
                    .map_or_else(|| "never".to_owned(), |at| at.format("%Y-%m-%d %H:%M UTC").to_string());
                let state = match (m.setup.enabled, m.read.error) {
                    (false, _) => "off".to_owned(),
                    (true, Some(wrong)) => wrong,
                    (true, None) => "read".to_owned(),
                };
                let server = format!("{}:{}", m.setup.host, m.setup.port);
                table.row(vec![m.setup.name, server, m.setup.folder, at, state]);
            }
            println!("{table}");
        }
        MailboxCommand::Test { name } => match app.test_mailbox(&OPERATOR, named(app, name).await?.id).await? {
            Ok(said) => println!("{said}"),
            Err(wrong) => bail!("{wrong}"),
        },
        MailboxCommand::Read { name } => match app.read_mailbox(&OPERATOR, named(app, name).await?.id).await? {
            Ok(read) => println!("{} messages were read.", count(read)),
            Err(wrong) => bail!("{wrong}"),
        },
        MailboxCommand::Remove { name } => {
            app.remove_mailbox(&OPERATOR, named(app, name).await?.id).await?;
            println!("Removed. It is not read any more.");
        }
    }
    Ok(())
}

fn setup(args: &MailboxAdd) -> Result<MailboxSetup> {
    let (host, port) = host_and_port("--imap", &args.imap, "imap.example.org:993")?;
    let security = Security::from_key(&args.security)
        .with_context(|| format!("--security {}: write tls, starttls or none.", args.security))?;
    let token = args.token_url.as_ref().zip(args.token_client.as_ref());
    Ok(MailboxSetup {
        name: args.name.clone(),
        host,
        port,
        security,
        user: args.user.clone(),
        token: token.map(|(url, client)| TokenIssuer {
            url: url.clone(),
            client: client.clone(),
            scope: args.token_scope.clone(),
        }),
        folder: args.folder.clone(),
        done_folder: args.done_folder.clone(),
        enabled: true,
    })
}

/// Takes mail in from files; gives back how many messages can't be read. One that can't is said, and the others are taken in.
pub(crate) async fn read(app: &App, args: &ReturnsRead) -> Result<usize> {
    let (mut unread, mut taken) = (0, 0);
    for name in &args.files {
        let files = match within(name) {
            Ok(files) => files,
            Err(e) => {
                eprintln!("{}: The folder can't be read: {e}.", name.display());
                unread += 1;
                continue;
            }
        };
        for path in files {
            let name = path.display();
            let file = match File::open(&path) {
                Ok(file) => file,
                Err(e) => {
                    eprintln!("{name}: {}", Problem::from(e));
                    unread += 1;
                    continue;
                }
            };
            for (n, message) in (1_usize..).zip(messages(BufReader::new(file))) {
                let done = match message {
                    Ok(raw) => app.take_returned(&OPERATOR, &raw).await?,
                    Err(problem) => {
                        eprintln!("{name}, message {n}: {problem}");
                        unread += 1;
                        continue;
                    }
                };
                taken += 1;
                if args.json {
                    let mut line = line(&done.returned);
                    line["file"] = json!(name.to_string());
                    line["n"] = json!(n);
                    line["new"] = json!(done.is_new);
                    println!("{line}");
                } else {
                    println!("{name}, message {n}: {}", in_words(&done));
                }
            }
        }
    }
    app.note_returns_read(&OPERATOR, taken).await?;
    Ok(unread)
}

fn in_words(done: &Taken) -> String {
    let again = if done.is_new { "" } else { " (read before)" };
    format!("{}. {}{again}", done.returned.kind.label(), done.returned.outcome.label())
}

fn line(one: &Returned) -> serde_json::Value {
    json!({
        "id": one.id,
        "at": one.at,
        "kind": one.kind.key(),
        "outcome": one.outcome.key(),
        "delivery": one.delivery,
        "contact": one.contact,
    })
}

/// Says what came back: all of it counted, and the newest one by one.
pub(crate) async fn list(app: &App, args: &ReturnsList) -> Result<()> {
    let found = app.returned_mails(&OPERATOR, &PageRequest::first(LISTED)).await?;
    if args.json {
        for one in &found.items {
            println!("{}", line(one));
        }
        return Ok(());
    }
    let mut table = Table::new(["What came back", "What became of it", "Mails"].map(Into::into).to_vec(), 2);
    for one in app.returned_counts(&OPERATOR).await? {
        table.row(vec![one.kind.label().into(), one.outcome.label().into(), count(one.mails)]);
    }
    println!("{table}");
    let mut table = Table::new(["When", "What", "What became of it", "Delivery"].map(Into::into).to_vec(), 4);
    for one in found.items {
        let delivery = one.delivery.map(|id| id.to_string()).unwrap_or_default();
        let at = one.at.format("%Y-%m-%d %H:%M UTC").to_string();
        table.row(vec![at, one.kind.label().into(), one.outcome.label().into(), delivery]);
    }
    println!("{table}");
    if found.next.is_some() {
        println!("These are the newest {LISTED}.");
    }
    Ok(())
}

fn count(n: u64) -> String {
    grouped(i64::try_from(n).unwrap_or(i64::MAX))
}
