//! `commonweal send`, `commonweal deliveries` and `commonweal sender`.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use commonweal_app::deliver::{Addressee, DispatchDraft, Said, SenderDraft, SingleMessage};
use commonweal_app::{App, Error};
use commonweal_domain::audience::Rule;
use commonweal_domain::sender::{MailServer, Security};
use commonweal_domain::sentence::grouped;
use commonweal_domain::{
    Actor, DispatchId, DispatchState, MessageText, PageRequest, Reconciliation, Sender, SenderKind, SenderSetup,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::args::{Deliveries, DeliveriesList, MessageCommand, Send, SenderAdd, SenderCommand};
use crate::table::Table;

const OPERATOR: Actor = Actor::Operator;
/// Sends and deliveries that a list shows.
const LISTED: usize = 100;

async fn sender_named(app: &App, name: &str) -> Result<Sender> {
    let all = app.senders(&OPERATOR).await?;
    let names: Vec<String> = all.iter().map(|s| format!("“{}”", s.setup.name)).collect();
    match all.into_iter().find(|s| s.setup.name.to_lowercase() == name.to_lowercase()) {
        Some(found) => Ok(found),
        None if names.is_empty() => bail!("There is no sender yet. Add one: commonweal sender add NAME --from ADDRESS"),
        None => bail!("There is no sender “{name}”. There are {}.", names.join(", ")),
    }
}

/// Plans a send.
pub(crate) async fn send(app: &App, args: &Send) -> Result<()> {
    let read = |file: &std::path::Path| {
        std::fs::read_to_string(file).with_context(|| format!("{} can't be read.", file.display()))
    };
    let sender = sender_named(app, &args.sender).await?;
    let text = MessageText { subject: args.subject.clone(), body: read(&args.body)? };
    let draft = DispatchDraft {
        name: args.name.clone().unwrap_or_else(|| args.subject.clone()),
        texts: BTreeMap::from([("en".to_owned(), text)]),
        lane: args.lane,
        topic: args.topic.clone(),
        function: args.function,
        sender: sender.id,
        audience: Rule::read_text(&read(&args.audience)?)?,
        team: None,
        starts_at: None,
        ends_at: None,
    };
    if args.dry_run {
        let found = app.dry_run(&OPERATOR, &draft).await?;
        if args.json {
            println!("{}", serde_json::to_string(&found)?);
            return Ok(());
        }
        let mut table = Table::new(vec!["What would become of it".into(), "People".into()], 1);
        let mut row = |what: String, n: u64| table.row(vec![what, count(n)]);
        row("Would go now".into(), found.now);
        for (why, n) in &found.later {
            row(format!("Later: {}", waiting(why)), *n);
        }
        for (why, n) in &found.never {
            row(format!("Never: {}", skipped(why)), *n);
        }
        row("Audience".into(), found.audience);
        println!("{table}");
        return Ok(());
    }
    let planned = app.plan_dispatch(&OPERATOR, draft).await?;
    if args.wait {
        let stop = CancellationToken::new();
        while app.dispatch(&OPERATOR, planned.id).await?.dispatch.state == DispatchState::Planning {
            // A server that runs may have taken it.
            if !app.work_once("commonweal send", &stop).await? {
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
        }
        app.deliver_due().await?;
    }
    if args.json {
        print_json(app, planned.id).await
    } else {
        println!("Planned: {}", planned.id);
        if args.wait { reconcile(app, planned.id).await } else { Ok(()) }
    }
}

/// Sends a message to single people.
pub(crate) async fn message(app: &App, command: &MessageCommand) -> Result<()> {
    let MessageCommand::Send(args) = command;
    let sender = sender_named(app, &args.sender).await?;
    let body =
        std::fs::read_to_string(&args.body).with_context(|| format!("{} can't be read.", args.body.display()))?;
    let values: serde_json::Map<_, _> =
        args.value.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    let text = MessageText { subject: args.subject.clone(), body };
    let message = SingleMessage {
        lane: args.lane,
        function: args.function,
        sender: Some(sender.id),
        channel: sender.setup.kind.channel(),
        said: Said::Texts(BTreeMap::from([("en".to_owned(), text)])),
        to: args.to.iter().map(|to| Addressee { to: to.clone(), values: values.clone() }).collect(),
        reference: args.reference.clone(),
        requested: args.requested,
    };
    let ids = app.send_single(&OPERATOR, &message, None).await?;
    if args.wait {
        app.deliver_due().await?;
    }
    for id in ids {
        let one = app.single_message(&OPERATOR, id).await?.asked.delivery;
        if args.json {
            println!("{}", json!({"id": id, "state": one.state.key(), "reason": one.reason}));
        } else {
            let why = one.reason.map(|why| format!(" ({why})")).unwrap_or_default();
            println!("{id}: {}{why}", one.state.label());
        }
    }
    Ok(())
}

/// Looks at sends and moves them.
pub(crate) async fn deliveries(app: &App, command: &Deliveries) -> Result<()> {
    match command {
        Deliveries::List(args) => list(app, args).await,
        Deliveries::Reconcile(one) if one.json => print_json(app, one.id).await,
        Deliveries::Reconcile(one) => reconcile(app, one.id).await,
        Deliveries::Retry(one) => {
            let again = app.retry_dispatch(&OPERATOR, one.id).await?;
            println!("{} are sent again.", count(again));
            Ok(())
        }
        Deliveries::Pause(one) => said(app.pause_dispatch(&OPERATOR, one.id).await, "Paused."),
        Deliveries::Resume(one) => said(app.resume_dispatch(&OPERATOR, one.id).await, "It goes on."),
        Deliveries::Cancel(one) => {
            let left = app.cancel_dispatch(&OPERATOR, one.id).await?;
            println!("Stopped. {} are not written to.", count(left));
            Ok(())
        }
        Deliveries::StopAll => {
            let stopped = app.pause_all_dispatches(&OPERATOR).await?;
            println!("{} sends are paused.", stopped.len());
            for id in stopped {
                println!("{id}");
            }
            Ok(())
        }
    }
}

fn said(done: std::result::Result<(), Error>, words: &str) -> Result<()> {
    match done {
        Ok(()) => {
            println!("{words}");
            Ok(())
        }
        Err(Error::Conflict { .. }) => {
            bail!("The send is in another state: look at it with `commonweal deliveries list`.")
        }
        Err(other) => Err(other.into()),
    }
}

async fn list(app: &App, args: &DeliveriesList) -> Result<()> {
    let page = PageRequest::first(LISTED);
    let Some(id) = args.id else {
        let mut table = Table::new(["Send", "Name", "Lane", "State", "People"].map(Into::into).to_vec(), 4);
        for d in app.dispatches(&OPERATOR, &page).await?.items {
            if args.json {
                println!(
                    "{}",
                    json!({"id": d.id, "name": d.name, "lane": d.lane.key(), "state": d.state.key(), "people": d.planned})
                );
            }
            table.row(vec![d.id.to_string(), d.name, d.lane.label().into(), d.state.label().into(), count(d.planned)]);
        }
        if !args.json {
            println!("{table}");
        }
        return Ok(());
    };
    let found = app.deliveries(&OPERATOR, Some(id), None, &page).await?;
    let more = found.next.is_some();
    let mut table = Table::new(["Delivery", "State", "Why", "Attempts"].map(Into::into).to_vec(), 3);
    for d in found.items {
        if args.json {
            println!("{}", json!({"id": d.id, "state": d.state.key(), "reason": d.reason, "attempts": d.attempts}));
        }
        table.row(vec![d.id.to_string(), d.state.label().into(), d.reason.unwrap_or_default(), d.attempts.to_string()]);
    }
    if !args.json {
        println!("{table}");
        if more {
            println!("These are the newest {LISTED}.");
        }
    }
    Ok(())
}

async fn print_json(app: &App, id: DispatchId) -> Result<()> {
    let seen = app.dispatch(&OPERATOR, id).await?;
    let all = &seen.reconciliation;
    let line = json!({"id": id, "state": seen.dispatch.state.key(), "adds_up": all.adds_up(), "reconciliation": all});
    println!("{line}");
    Ok(())
}

async fn reconcile(app: &App, id: DispatchId) -> Result<()> {
    let seen = app.dispatch(&OPERATOR, id).await?;
    println!("{}: {}", seen.dispatch.name, seen.dispatch.state.label());
    print(&seen.reconciliation);
    if !seen.reconciliation.adds_up() {
        bail!("This does not add up: {} are accounted for.", count(seen.reconciliation.accounted()));
    }
    Ok(())
}

fn print(all: &Reconciliation) {
    let mut table = Table::new(vec!["What became of it".into(), "People".into()], 1);
    let mut row = |what: String, n: u64| table.row(vec![what, count(n)]);
    row("Handed over".into(), all.handed_over);
    for (why, n) in &all.skipped {
        row(format!("Not sent: {}", skipped(why)), *n);
    }
    for (why, n) in &all.failed {
        row(format!("Failed: {}", failed(why)), *n);
    }
    for (why, n) in &all.pending {
        row(format!("Pending: {}", waiting(why)), *n);
    }
    row("Not known".into(), all.not_known);
    row("Audience".into(), all.audience);
    println!("{table}");
}

fn skipped(why: &str) -> String {
    commonweal_domain::delivery::Skip::from_key(why).map_or_else(|| why.to_owned(), |skip| skip.label().to_owned())
}

fn failed(why: &str) -> String {
    commonweal_domain::delivery::Fault::from_key(why).map_or_else(|| why.to_owned(), |fault| fault.label().to_owned())
}

fn waiting(why: &str) -> String {
    match why {
        "due" => "due".to_owned(),
        "attempting" => "being sent".to_owned(),
        other => commonweal_domain::delivery::Wait::from_key(other)
            .map_or_else(|| other.to_owned(), |wait| wait.label().to_owned()),
    }
}

fn count(n: u64) -> String {
    grouped(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Looks after ways out.
pub(crate) async fn sender(app: &App, command: &SenderCommand) -> Result<()> {
    match command {
        SenderCommand::Add(args) => {
            let draft = SenderDraft { setup: setup(app, args)?, secret: secret(args)?, version: None };
            let added = app.save_sender(&OPERATOR, None, draft).await?;
            println!("Added “{}”: {}", added.setup.name, added.id);
            Ok(())
        }
        SenderCommand::List => {
            let mut table = Table::new(["Sender", "What it is", "From", "Mode"].map(Into::into).to_vec(), 4);
            for s in app.senders(&OPERATOR).await?.into_iter().map(|s| s.setup) {
                let mode = match (s.enabled, &s.test_only_to) {
                    (false, _) => "off".to_owned(),
                    (true, Some(to)) => format!("test mode, {} addresses", to.len()),
                    (true, None) => "sends".to_owned(),
                };
                table.row(vec![s.name, s.kind.label().into(), s.from, mode]);
            }
            println!("{table}");
            Ok(())
        }
        SenderCommand::Test { name } => {
            let sender = sender_named(app, name).await?;
            match app.test_sender(&OPERATOR, sender.id).await? {
                Ok(said) => {
                    println!("{said}");
                    Ok(())
                }
                Err(wrong) => bail!("{wrong}"),
            }
        }
    }
}

fn setup(app: &App, args: &SenderAdd) -> Result<SenderSetup> {
    let server = match &args.smtp {
        None => None,
        Some(address) => {
            let wrong = || format!("--smtp {address}: write the host and the port, for example mail.example.org:587.");
            let (host, port) = address.rsplit_once(':').with_context(wrong)?;
            let port = port.parse().ok().with_context(wrong)?;
            let security = Security::from_key(&args.security)
                .with_context(|| format!("--security {}: write tls, starttls or none.", args.security))?;
            Some(MailServer {
                host: host.trim_matches(['[', ']']).to_owned(),
                port,
                security,
                user: args.user.clone(),
                connections: args.connections,
            })
        }
    };
    Ok(SenderSetup {
        name: args.name.clone(),
        kind: if server.is_some() { SenderKind::Smtp } else { SenderKind::Files },
        from: args.from.clone(),
        from_name: args.from_name.clone().unwrap_or_else(|| app.settings().name),
        reply_to: None,
        server,
        per_second: args.per_second,
        per_day: args.per_day,
        cost: 0,
        test_only_to: (!args.test_only_to.is_empty()).then(|| args.test_only_to.clone()),
        enabled: true,
    })
}

fn secret(args: &SenderAdd) -> Result<Option<String>> {
    let Some(file) = &args.password_file else { return Ok(None) };
    let text = std::fs::read_to_string(file).with_context(|| format!("{} can't be read.", file.display()))?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}
