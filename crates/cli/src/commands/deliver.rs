//! `commonweal send`, `commonweal deliveries` and `commonweal sender`.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use commonweal_app::deliver::{Addressee, DispatchDraft, Said, Says, SenderDraft, SingleMessage};
use commonweal_app::{App, Error};
use commonweal_domain::audience::Rule;
use commonweal_domain::gateway::{Gateway, NOTIFY_ADDRESS, Notify, SmsApi, SmsHttp, TWILIO_ADDRESS};
use commonweal_domain::sender::{MailServer, Security};
use commonweal_domain::sentence::grouped;
use commonweal_domain::{
    Actor, DispatchId, DispatchState, DryRun, Instant, MessageText, PageRequest, Problem, Reconciliation, Sender,
    SenderKind, SenderSetup, TeamId,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::args::{Deliveries, DeliveriesList, MessageCommand, Rules, Send, SenderAdd, SenderCommand};
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
        says: Says::Texts(BTreeMap::from([("en".to_owned(), text)])),
        lane: args.lane,
        topic: args.topic.clone(),
        function: args.function,
        sender: sender.id,
        audience: Rule::read_text(&read(&args.audience)?)?,
        team: None,
        starts_at: None,
        ends_at: None,
        drop_held: args.drop_held,
    };
    if args.dry_run {
        let found = app.dry_run(&OPERATOR, &draft).await?;
        if args.json {
            println!("{}", serde_json::to_string(&found)?);
            return Ok(());
        }
        return dry_run(app, &found).await;
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

/// What a planner wants to know: how many would get it now, later and never, and by whose sends people are held back.
async fn dry_run(app: &App, found: &DryRun) -> Result<()> {
    let mut table = Table::new(vec!["What would become of it".into(), "People".into()], 1);
    let mut row = |what: String, n: u64| table.row(vec![what, count(n)]);
    row("Would go now".into(), found.now);
    for (why, n) in &found.later {
        row(format!("Later: {}", waiting(why)), *n);
    }
    for (why, n) in &found.never {
        row(format!("Never: {}", never(why)), *n);
    }
    row("Audience".into(), found.audience);
    println!("{table}");
    let settings = app.settings();
    let teams = app.teams(&OPERATOR).await?;
    let of = |team: Option<TeamId>| {
        let team = team.and_then(|id| teams.iter().find(|t| t.team.id == id));
        team.map_or_else(String::new, |t| format!(", of {}", t.team.name))
    };
    let day = |at: Instant| at.with_timezone(&settings.time_zone).format("%A %-d %B %Y").to_string();
    for held in &found.held_by {
        let name = if held.dispatch.is_some() { held.name.as_str() } else { "messages that belong to no send" };
        let (name, people) = (format!("{name}{}", of(held.team)), counted_people(held.people));
        let days = settings.contact_budget.days;
        match held.sent {
            true => println!("{people} had a message in the last {days} days: {name}, until {}.", day(held.until)),
            false => println!("{people} will get another message before: {name}, until {}.", day(held.until)),
        }
    }
    for other in &found.overlaps {
        let (name, state) = (format!("{}{}", other.name, of(other.team)), other.state.label().to_lowercase());
        println!("{} also in a send that does not go out yet ({state}): {name}.", counted_people_are(other.people));
    }
    if let Some(first) = found.first {
        let minutes = settings.large_sends.ramp_minutes;
        println!("It begins with {} messages and pauses for {minutes} minutes.", count(first));
    }
    if found.needs_approval {
        println!("A second person has to approve it.");
    }
    Ok(())
}

fn counted_people(n: u64) -> String {
    if n == 1 { "1 person".to_owned() } else { format!("{} people", count(n)) }
}

fn counted_people_are(n: u64) -> String {
    format!("{} {}", counted_people(n), if n == 1 { "is" } else { "are" })
}

/// Shows the rules of large sends, and changes them where something is said.
async fn rules(app: &App, args: &Rules) -> Result<()> {
    let (version, mut settings) = app.settings_to_change(&OPERATOR).await?;
    let now = &mut settings.large_sends;
    now.approval_above = args.approval_above.map_or(now.approval_above, |size| size.0);
    now.ramp_from = args.ramp_from.map_or(now.ramp_from, |size| size.0);
    now.ramp_minutes = args.ramp_minutes.unwrap_or(now.ramp_minutes);
    let now = *now;
    if args.approval_above.is_some() || args.ramp_from.is_some() || args.ramp_minutes.is_some() {
        app.save_settings(&OPERATOR, version, settings).await?;
    }
    match now.approval_above {
        Some(above) => println!("A send to more than {} needs a second person.", counted_people(above)),
        None => println!("No send needs a second person."),
    }
    match now.ramp_from {
        Some(from) => {
            let (from, minutes) = (counted_people(from), now.ramp_minutes);
            println!("A send to at least {from} begins with a hundredth and pauses for {minutes} minutes.");
        }
        None => println!("No send pauses after its first messages."),
    }
    Ok(())
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
        Deliveries::Approve(one) => {
            let version = app.dispatch(&OPERATOR, one.id).await?.dispatch.content;
            app.approve_dispatch(&OPERATOR, one.id, version, &one.note).await?;
            println!("Approved. It goes out.");
            Ok(())
        }
        Deliveries::Decline(one) => {
            let version = app.dispatch(&OPERATOR, one.id).await?.dispatch.content;
            app.decline_dispatch(&OPERATOR, one.id, version, &one.note).await?;
            println!("Declined. Nobody is written to.");
            Ok(())
        }
        Deliveries::Rules(args) => rules(app, args).await,
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
    match &seen.dispatch.problem {
        Some(Problem::NotPlanned { why }) => println!("{why}"),
        Some(Problem::Limit(halt)) => {
            println!("It stopped by itself: {} of {}. {}.", count(halt.of_those), count(halt.out), halt.excess.label());
        }
        None => {}
    }
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

fn never(why: &str) -> String {
    match commonweal_domain::delivery::Fault::from_key(why) {
        Some(fault) => fault.label().to_owned(),
        None => skipped(why),
    }
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
            let draft = SenderDraft {
                setup: setup(app, args)?,
                secret: secret_in(args.password_file.as_ref())?,
                version: None,
            };
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
        SenderCommand::Receipts { name } => {
            let sender = sender_named(app, name).await?;
            let made = app.make_receipts_token(&OPERATOR, sender.id).await?;
            match made.address {
                Some(address) => println!("Address: {address}"),
                None => println!("Set server.public_url first: the service has to reach this server."),
            }
            match made.token {
                Some(token) => println!("Token:   {token}\nIt is not shown again."),
                None => println!("The service signs with the token of the account; no other is needed."),
            }
            Ok(())
        }
    }
}

/// What a service is set up with, if the sender is one.
fn gateway(args: &SenderAdd) -> Result<Option<(SenderKind, Gateway)>> {
    let address = |standard: &str| args.service_address.clone().unwrap_or_else(|| standard.to_owned());
    let notify = |template: &String| {
        Gateway::Notify(Notify {
            address: address(NOTIFY_ADDRESS),
            template: template.clone(),
            reply_to: args.reply_to_id.clone(),
            takes_answers: args.takes_answers,
        })
    };
    Ok(if let Some(template) = &args.notify_email {
        Some((SenderKind::NotifyEmail, notify(template)))
    } else if let Some(template) = &args.notify_sms {
        Some((SenderKind::NotifySms, notify(template)))
    } else if let Some(account) = &args.sms_api {
        let api = SmsApi { address: address(TWILIO_ADDRESS), account: account.clone() };
        Some((SenderKind::SmsApi, Gateway::SmsApi(api)))
    } else if let Some(file) = &args.sms_http {
        let text = std::fs::read_to_string(file).with_context(|| format!("{} can't be read.", file.display()))?;
        let http: SmsHttp =
            serde_json::from_str(&text).with_context(|| format!("{} does not describe a request.", file.display()))?;
        Some((SenderKind::SmsHttp, Gateway::SmsHttp(Box::new(http))))
    } else {
        None
    })
}

fn setup(app: &App, args: &SenderAdd) -> Result<SenderSetup> {
    let server = match &args.smtp {
        None => None,
        Some(address) => {
            let (host, port) = host_and_port("--smtp", address, "mail.example.org:587")?;
            let security = Security::from_key(&args.security)
                .with_context(|| format!("--security {}: write tls, starttls or none.", args.security))?;
            Some(MailServer { host, port, security, user: args.user.clone(), connections: args.connections })
        }
    };
    let (kind, gateway) = match gateway(args)? {
        Some((kind, gateway)) => (kind, Some(gateway)),
        None if server.is_some() => (SenderKind::Smtp, None),
        None => (SenderKind::Files, None),
    };
    Ok(SenderSetup {
        name: args.name.clone(),
        kind,
        from: args.from.clone().unwrap_or_default(),
        from_name: args.from_name.clone().unwrap_or_else(|| app.settings().name),
        reply_to: None,
        return_to: args.return_to.clone(),
        server,
        gateway,
        per_second: args.per_second,
        per_day: args.per_day,
        domain_limits: args.domain_limit.clone(),
        cost: args.cost,
        test_only_to: (!args.test_only_to.is_empty()).then(|| args.test_only_to.clone()),
        enabled: true,
    })
}

/// A host and its port, as they were said of an argument.
pub(super) fn host_and_port(argument: &str, address: &str, example: &str) -> Result<(String, u16)> {
    let wrong = || format!("{argument} {address}: write the host and the port, for example {example}.");
    let (host, port) = address.rsplit_once(':').with_context(wrong)?;
    let port = port.parse().ok().with_context(wrong)?;
    Ok((host.trim_matches(['[', ']']).to_owned(), port))
}

/// The password in a file, without the end of its line.
pub(super) fn secret_in(file: Option<&std::path::PathBuf>) -> Result<Option<String>> {
    let Some(file) = file else { return Ok(None) };
    let text = std::fs::read_to_string(file).with_context(|| format!("{} can't be read.", file.display()))?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}
