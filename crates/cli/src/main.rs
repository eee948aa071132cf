//! The command `commonweal`: reads what was said, puts the parts together, runs it.

mod args;
mod ask;
mod commands;
mod config;
mod private;
mod quiet;
mod table;
mod telemetry;
mod ways;
mod wire;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::args::{Admin, Cli, Command, ConfigCommand, Index, MailCommand, People, ReturnsCommand};
use crate::commands::import::Ended;
use crate::config::Config;
use crate::wire::{IndexUse, Opened};

/// Rows pass between threads: they are made on one and freed on another, which the system's own
/// allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long threads may take to end when everything else has.
const LAST_THREADS: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let cli = Cli::parse();
    private::begin();
    // A server goes on whoever looks at what it prints.
    let prints = !matches!(cli.command, Command::Serve(_));
    if prints {
        quiet::end_when_nobody_reads();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => {
            eprintln!("The program can't start: {e}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(run(cli));
    // Everything that must be kept is on the disk by now: a thread that still works for nobody, for example
    // inside the database's or a file's reader, must not keep the program from ending.
    runtime.shutdown_timeout(LAST_THREADS);
    match outcome {
        Ok(code) => code,
        Err(e) if prints && quiet::nobody_reads(&e) => ExitCode::SUCCESS,
        Err(e) => {
            for line in explained(&e) {
                eprintln!("{line}");
            }
            ExitCode::FAILURE
        }
    }
}

/// One cause below the other: what we wanted, then why it did not work. What is wrong with input is
/// told in its own sentences, which say the place already.
fn explained(error: &anyhow::Error) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for cause in error.chain() {
        let errors = match cause.downcast_ref::<commonweal_app::Error>() {
            Some(commonweal_app::Error::Invalid(errors)) => Some(errors),
            _ => cause.downcast_ref::<commonweal_domain::FieldErrors>(),
        };
        let text = match errors {
            Some(errors) => errors.0.iter().map(|e| e.message.as_str()).collect::<Vec<_>>().join("\n"),
            None => cause.to_string(),
        };
        let line = if lines.is_empty() { text.clone() } else { format!("  because: {text}") };
        // An error that only wraps another says the same.
        if !lines.last().is_some_and(|last| last.ends_with(&text)) {
            lines.push(line);
        }
    }
    lines
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    if let Command::Config(ConfigCommand::Reference) = &cli.command {
        print!("{}", config::reference());
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Secrets(command) = &cli.command {
        commands::secrets::run(command)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Backup(args) = &cli.command
        && let Some(command) = &args.command
    {
        commands::backup::run(command)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Read(args) = &cli.command {
        commands::read::run(args)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::People(People::Match(args)) = &cli.command {
        commands::people::run(args)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Mail(MailCommand::Read(args)) = &cli.command {
        return commands::mail::read(args);
    }
    let mut config = config::load(cli.config.as_deref(), &cli.data)?;
    if !matches!(cli.command, Command::Serve(_)) && config.log == config::Log::default() {
        // A command says what matters on its own; the log is for what goes wrong.
        config.log.filter = "warn".to_owned();
    }
    telemetry::start(&config.log)?;
    match &cli.command {
        Command::Config(ConfigCommand::Dump) => print!("{}", config::dump(&config)?),
        Command::Config(_) => println!("The configuration can be used."),
        Command::Admin(Admin::Copy { from, to }) => commands::admin::copy(from, to).await?,
        Command::Restore(args) => {
            std::fs::create_dir_all(&cli.data)?;
            commands::backup::restore(args, &cli.data, &wire::store_url(&config, &cli.data)).await?;
        }
        Command::Doctor(args) => {
            let opened = Opened::new(&config, &cli.data, IndexUse::Read).await;
            commands::doctor::run(opened, &config, &cli.data, args).await?;
        }
        _ => return with_body(cli, config).await,
    }
    Ok(ExitCode::SUCCESS)
}

/// Commands that need the body's data.
async fn with_body(cli: Cli, config: Config) -> anyhow::Result<ExitCode> {
    let index_use = match &cli.command {
        Command::Admin(_) | Command::Audit(_) | Command::Backup(_) => IndexUse::Read,
        Command::Index(Index::Rebuild) => IndexUse::Anew,
        _ => IndexUse::Write,
    };
    let opened = Opened::new(&config, &cli.data, index_use).await?;
    match &cli.command {
        Command::Serve(args) => {
            telemetry::figures(config.metrics.listen).await?;
            let listener = commands::serve::listen(args.listen.unwrap_or(config.server.listen)).await?;
            commands::serve::run(opened, &config, listener, !args.no_work).await?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Demo(args) => {
            commands::demo::run(opened, &config, args).await?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Import(args) => {
            let ended =
                opened.following(commands::import::run(&opened.app, args, &commands::serve::stop_signal())).await?;
            opened.close().await?;
            return Ok(match ended {
                Ended::Whole => ExitCode::SUCCESS,
                Ended::Interrupted => {
                    eprintln!("Interrupted. Call the same command again to go on.");
                    ExitCode::from(130)
                }
            });
        }
        Command::Export(args) => {
            opened.catch_up().await?;
            commands::export::run(&opened.app, args).await?;
        }
        Command::Query(args) => {
            opened.catch_up().await?;
            commands::query::run(&opened.app, args).await?;
        }
        Command::Themes(command) => {
            opened.catch_up().await?;
            opened.following(commands::themes::run(&opened.app, command)).await?;
        }
        Command::Train(args) => opened.following(commands::train::run(&opened.app, args)).await?,
        Command::Index(command) => commands::index::run(&opened, command).await?,
        Command::Admin(command) => commands::admin::run(&opened.app, &config, command).await?,
        Command::Audit(command) => commands::audit::run(&opened.app, command).await?,
        Command::Backup(args) => commands::backup::backup(&opened.app, &config.backup, args).await?,
        Command::People(People::Import(args)) => {
            commands::people_import::import(&opened.app, args, &commands::serve::stop_signal()).await?;
        }
        Command::People(People::Audience(args)) => commands::people_audience::count(&opened.app, args).await?,
        Command::People(People::Learn) => commands::people_import::learn(&opened.app).await?,
        Command::People(People::Export(args)) => commands::people_erasure::export(&opened.app, args).await?,
        Command::People(People::Erase(args)) => commands::people_erasure::erase(&opened.app, args).await?,
        Command::Send(args) => commands::deliver::send(&opened.app, args).await?,
        Command::Message(command) => commands::deliver::message(&opened.app, command).await?,
        Command::Deliveries(command) => commands::deliver::deliveries(&opened.app, command).await?,
        Command::Sender(command) => commands::deliver::sender(&opened.app, command).await?,
        Command::Mailbox(command) => commands::returns::mailbox(&opened.app, command).await?,
        Command::Returns(ReturnsCommand::Read(args)) => {
            let unread = commands::returns::read(&opened.app, args).await?;
            opened.close().await?;
            return Ok(if unread == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::Returns(ReturnsCommand::List(args)) => commands::returns::list(&opened.app, args).await?,
        Command::Config(_)
        | Command::Doctor(_)
        | Command::Restore(_)
        | Command::Read(_)
        | Command::Mail(_)
        | Command::People(People::Match(_))
        | Command::Secrets(_) => {}
    }
    opened.close().await?;
    Ok(ExitCode::SUCCESS)
}
