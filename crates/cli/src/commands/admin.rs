//! `commonweal admin`: users, keys, services, settings, copying a body.

use std::io::Read;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use chrono::TimeDelta;
use commonweal_app::App;
use commonweal_app::govern::links::LINK_HOURS;
use commonweal_app::govern::users::ChosenBy;
use commonweal_domain::permission::Scope;
use commonweal_domain::records::ApiKey;
use commonweal_domain::{Actor, Duty, Grant, Grants, Instant};
use commonweal_store::{OpenOptions, Store};
use serde_json::json;

use crate::args::{Admin, AdminKey, AdminService, AdminUser};
use crate::config::{Config, masked};
use crate::table::Table;

pub(crate) async fn run(app: &App, config: &Config, command: &Admin) -> Result<()> {
    match command {
        Admin::User(command) => user(app, config, command).await,
        Admin::Key(command) => key(app, command).await,
        Admin::Service(command) => service(app, command).await,
        Admin::Settings { name, person_word, time_zone, minimum_group, notice } => {
            let (version, mut settings) = app.settings_to_change(&Actor::Operator).await?;
            if let Some(name) = name {
                settings.name.clone_from(name);
            }
            if let Some(word) = person_word {
                settings.person_word.clone_from(word);
            }
            if let Some(zone) = time_zone {
                settings.time_zone = zone.parse().ok().with_context(|| {
                    format!("--time-zone {zone}: give a name such as Europe/London or America/New_York.")
                })?;
            }
            if let Some(minimum) = minimum_group {
                settings.minimum_group = *minimum;
            }
            if let Some(notice) = notice {
                settings.notice = (!notice.is_empty()).then(|| notice.clone());
            }
            app.save_settings(&Actor::Operator, version, settings).await?;
            Ok(())
        }
        Admin::Copy { .. } => bail!("A copy needs no data folder."),
    }
}

async fn user(app: &App, config: &Config, command: &AdminUser) -> Result<()> {
    let actor = Actor::Operator;
    match command {
        AdminUser::Create { email, name, duties, password_stdin } => {
            let grants = grants(app, duties).await?;
            let name = name.clone().unwrap_or_else(|| email.split('@').next().unwrap_or(email).to_owned());
            // Whoever sets a body up is the first administrator, and chooses their own password here.
            let first = grants.contains(Duty::Administrator) && !app.has_administrator(&actor).await?;
            if !first && !password_stdin {
                let (_, token) = app.add_user(&actor, email, &name, grants).await?;
                announce_link(config, email, &token);
                return Ok(());
            }
            let password = password(*password_stdin)?;
            let chosen = if first { ChosenBy::Themselves } else { ChosenBy::Another };
            app.add_user_with_password(&actor, email, &name, grants, (&password, chosen)).await?;
            announce(email, *password_stdin, &password, chosen);
        }
        AdminUser::Password { email, password_stdin } => {
            let password = password(*password_stdin)?;
            let user = app.user_by_email(&actor, email).await?;
            let users = app.users(&actor).await?;
            let another =
                users.iter().any(|u| u.id != user.id && !u.disabled && u.grants.contains(Duty::Administrator));
            // The only administrator sets their own; nobody else could make a link for them.
            let alone = user.grants.contains(Duty::Administrator) && !another;
            let chosen = if alone { ChosenBy::Themselves } else { ChosenBy::Another };
            app.set_password(&actor, user.id, &password, chosen).await?;
            announce(email, *password_stdin, &password, chosen);
        }
        AdminUser::Reset { email } => {
            let user = app.user_by_email(&actor, email).await?;
            announce_link(config, email, &app.reset_access(&actor, user.id).await?);
        }
        AdminUser::SecondStepReset { email } => {
            let user = app.user_by_email(&actor, email).await?;
            app.reset_second_step(&actor, user.id).await?;
            println!("{email} signs in with the password alone until another second step is set up.");
        }
        AdminUser::Duties { email, duties } => {
            let user = app.user_by_email(&actor, email).await?;
            app.set_duties(&actor, user.id, &grants(app, duties).await?).await?;
        }
        AdminUser::List => {
            let teams = app.teams(&actor).await?;
            let duty = |grant: Grant| {
                let team = grant.team.and_then(|id| teams.iter().find(|t| t.team.id == id));
                team.map_or_else(|| grant.duty.key().to_owned(), |t| format!("{}:{}", grant.duty.key(), t.team.name))
            };
            let mut table = Table::new(["email", "name", "duties", ""].map(str::to_owned).to_vec(), 4);
            for user in app.users(&actor).await? {
                let disabled = if user.disabled { "may not sign in" } else { "" };
                let duties = user.grants.iter().map(duty).collect::<Vec<_>>().join(", ");
                table.row(vec![user.email, user.name, duties, disabled.to_owned()]);
            }
            print!("{table}");
        }
    }
    Ok(())
}

/// Stands for all duties.
const ALL: &str = "all";

/// Duties as they are said: `analyst`, or `manager:` and the name of a team.
async fn grants(app: &App, said: &[String]) -> Result<Grants> {
    let teams = app.teams(&Actor::Operator).await?;
    let grant = |text: &String| {
        let (duty, name) = text.split_once(':').map_or((text.as_str(), None), |(duty, team)| (duty, Some(team.trim())));
        let Some(duty) = Duty::from_key(duty.trim()) else {
            let all: Vec<&str> = Duty::ALL.iter().map(|d| d.key()).collect();
            bail!("--duty {text}: there are {}, and {ALL} for all of them.", all.join(", "));
        };
        let Some(name) = name else { return Ok(Grant::from(duty)) };
        if !duty.is_of_teams() {
            bail!("--duty {text}: this duty is for the whole body. Leave out “:{name}”.");
        }
        let team = teams.iter().find(|t| t.team.name.to_lowercase() == name.to_lowercase());
        let Some(team) = team else {
            bail!("--duty {text}: there is no team called “{name}”. Add it under Settings, Teams.")
        };
        Ok(Grant { duty, team: Some(team.team.id) })
    };
    if said.iter().any(|text| text.trim() == ALL) {
        return Ok(Grants::of(Duty::ALL));
    }
    said.iter().map(grant).collect()
}

fn announce_link(config: &Config, email: &str, token: &str) {
    let listen = config.server.listen;
    let public_url = config.server.public_url.clone().unwrap_or_else(|| format!("http://{listen}"));
    println!(
        "{email} chooses a password at this address. It works once, for {LINK_HOURS} hours; give it to nobody else.\n"
    );
    println!("    {}/join/{token}", public_url.trim_end_matches('/'));
}

fn announce(email: &str, said: bool, password: &str, chosen: ChosenBy) {
    if chosen == ChosenBy::Another {
        println!("At the next sign-in they have to choose another password.");
    }
    if said {
        println!("{email} can sign in with the password you gave.");
    } else {
        println!("{email} can sign in with the password  {password}");
    }
}

fn password(stdin: bool) -> Result<String> {
    if !stdin {
        return new_password();
    }
    let mut text = String::new();
    std::io::stdin()
        .take(4_096)
        .read_to_string(&mut text)
        .context("The password can't be read from standard input.")?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

/// A password nobody can guess: 120 random bits.
pub(crate) fn new_password() -> Result<String> {
    let mut bytes = [0u8; 15];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("There is no source of random numbers: {e}"))?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}

async fn key(app: &App, command: &AdminKey) -> Result<()> {
    let actor = Actor::Operator;
    match command {
        AdminKey::Create { name, scopes, last_day, json } => {
            let mut wanted = Vec::new();
            for scope in scopes {
                let Some(scope) = Scope::from_key(scope.trim()) else {
                    let all: Vec<&str> = Scope::ALL.iter().map(|s| s.key()).collect();
                    bail!("--scopes {scope}: there are {}.", all.join(", "));
                };
                wanted.push(scope);
            }
            let (key, secret) = app.add_key(&actor, name, wanted, *last_day).await?;
            show_once(&key, &secret, *json);
        }
        AdminKey::Rotate { id, overlap_hours, json } => {
            let id = id.parse().with_context(|| format!("{id} is not the id of a key."))?;
            let (key, secret) = app.rotate_key(&actor, id, *overlap_hours).await?;
            show_once(&key, &secret, *json);
        }
        AdminKey::List => {
            let headings = ["id", "name", "scopes", "last used", "last day", ""].map(str::to_owned);
            let mut table = Table::new(headings.to_vec(), 6);
            let (zone, now) = (app.settings().time_zone, app.now());
            let day = |at: Option<Instant>| at.map(|at| at.with_timezone(&zone).date_naive().to_string());
            for key in app.keys(&actor).await? {
                let scopes: Vec<&str> = key.scopes.iter().map(|s| s.key()).collect();
                let state = match (key.revoked_at, key.expires_at) {
                    (Some(_), _) => "taken back",
                    (None, Some(end)) if end <= now => "expired",
                    _ => "",
                };
                // The day on which it is good still.
                let last_day = day(key.expires_at.map(|end| end - TimeDelta::seconds(1)));
                table.row(vec![
                    key.id.to_string(),
                    key.name,
                    scopes.join(", "),
                    day(key.used_at).unwrap_or_default(),
                    last_day.unwrap_or_default(),
                    state.to_owned(),
                ]);
            }
            print!("{table}");
        }
        AdminKey::Notify { id } => {
            let id = id.parse().with_context(|| format!("{id} is not the id of a key."))?;
            println!("{}", app.open_key_for_notify(&actor, id).await?);
        }
        AdminKey::Revoke { id } => {
            let id = id.parse().with_context(|| format!("{id} is not the id of a key."))?;
            app.revoke_key(&actor, id).await?;
            println!("The key is taken back.");
        }
    }
    Ok(())
}

fn show_once(key: &ApiKey, secret: &str, json: bool) {
    if json {
        println!("{}", json!({"id": key.id, "name": key.name, "key": secret}));
    } else {
        println!("Key {}\n    {secret}\nIt is shown only now.", key.id);
    }
}

async fn service(app: &App, command: &AdminService) -> Result<()> {
    let actor = Actor::Operator;
    match command {
        AdminService::Add { name, touchpoints } => {
            let service = app.add_service(&actor, name, touchpoints).await?;
            println!("{} ({}), {} touchpoints", service.name, service.key, service.touchpoints.len());
        }
        AdminService::List => {
            for service in app.services(&actor)? {
                println!("{} ({})", service.name, service.key);
                for touchpoint in service.touchpoints {
                    println!("    {} ({})", touchpoint.name, touchpoint.key);
                }
            }
        }
    }
    Ok(())
}

/// Copies a body and proves both equal.
pub(crate) async fn copy(from: &str, to: &str) -> Result<()> {
    let source = Store::open(from, OpenOptions { max_connections: 2, migrate: false })
        .await
        .with_context(|| format!("{} can't be opened.", masked(from)))?;
    let target = Store::open(to, OpenOptions { max_connections: 2, migrate: true })
        .await
        .with_context(|| format!("{} can't be opened.", masked(to)))?;
    let report = commonweal_store::copy(&source, &target, &|p| {
        if p.rows == p.of {
            eprintln!("{}: {} rows", p.table, p.rows);
        }
    })
    .await
    .with_context(|| format!("The copy to {} was not made; the target must be empty.", masked(to)))?;
    let rows: u64 = report.tables.iter().map(|t| t.rows).sum();
    println!("{} tables with {rows} rows copied; both sides have been read again and are equal.", report.tables.len());
    println!("Point store.url at the copy; its index is built at the next start.");
    source.close().await?;
    target.close().await?;
    Ok(())
}
