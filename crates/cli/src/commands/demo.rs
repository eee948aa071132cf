//! `commonweal demo`: sample data, a sign-in, and a server, in one go.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use commonweal_app::govern::users::ChosenBy;
use commonweal_app::{App, StagedFile};
use commonweal_domain::duty::OF_THE_FIRST_USER;
use commonweal_domain::import::{ImportState, Mapping};
use commonweal_domain::{Actor, BodySettings, Duty, FormDesign, FormLanguage, FormTexts, Grants};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::admin::new_password;
use super::{demo_contacts, demo_people, serve};
use crate::args::Demo;
use crate::config::Config;
use crate::wire::Opened;

/// The touchpoints of the sample, as sample-data/README.md orders them.
const JOURNEY: [&str; 7] =
    ["Get in touch", "Book", "Wait", "Assessment", "Journey", "Care and advice", "What comes next"];
const EMAIL: &str = "demo@example.org";

pub(crate) async fn run(opened: Opened, config: &Config, args: &Demo) -> Result<()> {
    let (app, actor) = (&opened.app, Actor::Operator);
    if !args.sample.try_exists().unwrap_or(false) {
        bail!(
            "There is no file {}. Call the demo from the folder of the project, or name the file with --sample.",
            args.sample.display()
        );
    }
    let (version, settings) = app.settings_to_change(&actor).await?;
    if settings == BodySettings::default() {
        let settings = BodySettings {
            name: "Sample health trusts".to_owned(),
            person_word: "patient".to_owned(),
            notice: Some(
                "These are sample data: real NHS Friends and Family Test comments, published by NHS England under the MIT \
                 licence. They describe no present service. People are made up, and what stands on their pages too."
                    .to_owned(),
            ),
            ..settings
        };
        app.save_settings(&actor, version, settings).await?;
    }
    let password = new_password()?;
    match app.user_by_email(&actor, EMAIL).await {
        Ok(user) => app.set_password(&actor, user.id, &password, ChosenBy::Themselves).await?,
        Err(commonweal_app::Error::NotFound(_)) => {
            let (grants, chosen) = (
                Grants::of(
                    &[OF_THE_FIRST_USER, &[Duty::Caseworker, Duty::DataProtection, Duty::Communicator, Duty::Approver]]
                        .concat(),
                ),
                (password.as_str(), ChosenBy::Themselves),
            );
            app.add_user_with_password(&actor, EMAIL, "Demo administrator", grants, chosen).await?;
        }
        Err(other) => return Err(other.into()),
    }
    let name = args.sample.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let file = StagedFile { path: args.sample.clone(), name };
    let loaded = app.has_import(&actor, ImportState::Done).await?;
    if !loaded {
        let (import, preview) = app.stage_import(&actor, &file, &Mapping::default()).await?;
        app.settle_mapping(&actor, import.id, &preview).await?;
        let ended = app.run_import(import.id, &CancellationToken::new(), &mut |_| ()).await?;
        order_journey(app).await?;
        eprintln!("{} sample comments taken in, {} sent back.", ended.counts.imported, ended.counts.rejected);
    }
    demo_people::tell(app).await?;
    demo_contacts::take(app).await?;
    if opened.writes_index() {
        opened.projector()?.catch_up().await?;
    }
    let form = form(app).await?;
    let listener = free_port(args.listen).await?;
    let address = listener.local_addr().context("The server's address can't be told.")?;
    println!("\nCommonweal is ready.\n");
    println!("    Address   http://{address}/");
    println!("    Email     {EMAIL}");
    println!("    Password  {password}");
    println!("    Form      http://{address}/f/{form}\n");
    println!("The data are a sample (see sample-data/README.md). They are kept in {}.", app.data().display());
    if args.no_serve {
        return Ok(());
    }
    println!("Stop with Ctrl+C.\n");
    serve::run(opened, config, listener, true).await
}

/// Puts the touchpoints into the order in which a patient goes through them; a file only knows the order in
/// which they happen to be named.
async fn order_journey(app: &App) -> Result<()> {
    let place = |name: &str| JOURNEY.iter().position(|step| *step == name).unwrap_or(JOURNEY.len());
    for mut service in app.services(&Actor::Operator)? {
        service.touchpoints.sort_by_key(|t| place(&t.name));
        let order: Vec<_> = service.touchpoints.iter().map(|t| t.id).collect();
        app.order_touchpoints(&Actor::Operator, service.id, &order).await?;
    }
    Ok(())
}

/// The key of the form that the public may fill in: the one there is, else a new one about the first
/// service of the sample, in both languages.
async fn form(app: &App) -> Result<String> {
    let actor = Actor::Operator;
    if let Some(known) = app.forms(&actor).await?.into_iter().last() {
        return Ok(known.form.key);
    }
    let service = match app.services(&actor)?.into_iter().next() {
        Some(service) => service,
        None => app.add_service(&actor, "General", &[]).await?,
    };
    let welsh = FormTexts { heading: "Eich adborth ar ein gwasanaethau".to_owned(), ..FormTexts::default() };
    let design = FormDesign {
        title: "Your feedback on our services".to_owned(),
        service: Some(service.id),
        texts: [(FormLanguage::Welsh, welsh)].into(),
        page_report: true,
        consent: true,
        languages: vec![FormLanguage::English, FormLanguage::Welsh],
        ..FormDesign::default()
    };
    Ok(app.add_form(&actor, design).await?.key)
}

/// The port asked for, or the next that is free.
async fn free_port(wanted: SocketAddr) -> Result<TcpListener> {
    for port in wanted.port()..=wanted.port().saturating_add(20) {
        if let Ok(listener) = TcpListener::bind(SocketAddr::new(wanted.ip(), port)).await {
            return Ok(listener);
        }
    }
    serve::listen(wanted).await
}
