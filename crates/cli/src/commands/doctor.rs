//! `commonweal doctor`: is everything in order, and if not, what to do.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};
use commonweal_app::{App, Question};
use commonweal_domain::{Actor, BuiltBecause};
use serde_json::json;

use crate::args::Doctor;
use crate::config::{Config, masked};
use crate::wire::Opened;

/// Room below which an operator should act.
const LITTLE_ROOM: u64 = 1 << 30;

struct Finding {
    what: &'static str,
    fine: bool,
    says: String,
}

pub(crate) async fn run(opened: Result<Opened>, config: &Config, data: &Path, args: &Doctor) -> Result<()> {
    let mut findings = Vec::new();
    let mut add = |what, fine, says: String| findings.push(Finding { what, fine, says });
    match free_bytes(data) {
        Some(free) => add(
            "disk",
            free > LITTLE_ROOM,
            format!("{:.1} GB are free where the data folder lies; below 1 GB make room.", free as f64 / 1e9),
        ),
        None => add("disk", false, format!("{} can't be looked at.", data.display())),
    }
    if crate::private::is_open(data) {
        add(
            "data folder",
            true,
            format!("Others may list {}; what is in it is closed to them. `chmod 700` closes it too.", data.display()),
        );
    }
    if config.server.public_url.is_none() && !config.server.listen.ip().is_loopback() {
        add("public address", false, "server.public_url is not set although others can reach the server: set it, so that cookies are marked secure.".to_owned());
    }
    match &opened {
        Err(e) => add("store", false, format!("{e:#}")),
        Ok(opened) => {
            let store = opened.app.store();
            match store.ping().await {
                Ok(()) => add("store", true, format!("{:?} answers ({}).", store.engine(), masked(&opened.store_url))),
                Err(e) => add("store", false, format!("The database does not answer: {e}.")),
            }
            match store.pending_migrations().await {
                Ok(pending) if pending.is_empty() => add("schema", true, "Up to date.".to_owned()),
                Ok(pending) => add("schema", false, format!("Migrations are outstanding: {}.", pending.join(", "))),
                Err(e) => add("schema", false, format!("{e}.")),
            }
            if !args.quick {
                for (what, fine, says) in index(&opened.app).await? {
                    add(what, fine, says);
                }
                if args.deep {
                    let (fine, says) = compared(&opened.app).await?;
                    add("figures", fine, says);
                }
                let damage = store.damage().await?;
                match damage.first() {
                    None => add("database files", true, "The database finds its files in order.".to_owned()),
                    Some(first) => add(
                        "database files",
                        false,
                        format!(
                            "{} faults, the first: {first}. Stop the server and restore the last back-up.",
                            damage.len()
                        ),
                    ),
                }
                match store.wrong_contact_counts().await? {
                    0 => add("contacts", true, "The counts by day agree with the ledger.".to_owned()),
                    wrong => add(
                        "contacts",
                        false,
                        format!("{wrong} counts by day do not agree with the ledger: run `commonweal index rebuild`."),
                    ),
                }
                let trail = opened.app.check_audit(&Actor::Operator).await?;
                match trail.faults.first() {
                    None => add("audit trail", true, format!("{} lines, all as they were written.", trail.lines)),
                    Some(first) => add(
                        "audit trail",
                        false,
                        format!(
                            "{} faults, the first: {} `commonweal audit verify` names all.",
                            trail.faults.len(),
                            super::audit::named(first)
                        ),
                    ),
                }
                match opened.app.clock_ahead(&Actor::Operator).await? {
                    None => add("clock", true, "It goes on from when it was looked at last.".to_owned()),
                    Some(ahead) => add(
                        "clock",
                        false,
                        format!(
                            "It shows {}, and showed {} when it was looked at last: nothing is deleted by age. Set it right, or confirm it in the console under Retention.",
                            ahead.now.format("%Y-%m-%d %H:%M UTC"),
                            ahead.seen.format("%Y-%m-%d %H:%M UTC")
                        ),
                    ),
                }
                add("secrets", true, secrets(&opened.app, config).await?);
                let failed = opened.app.failed_jobs_count(&Actor::Operator).await?;
                add("jobs", failed == 0, format!("{failed} jobs have failed; see them in the console under Jobs."));
                let users = opened.app.users(&Actor::Operator).await?.len();
                add("users", users > 0, format!("{users} users; add one with `commonweal admin user create`."));
            }
        }
    }
    let bad = findings.iter().filter(|f| !f.fine).count();
    if args.json {
        let all: Vec<_> = findings.iter().map(|f| json!({"check": f.what, "ok": f.fine, "detail": f.says})).collect();
        println!("{}", json!({"ok": bad == 0, "checks": all}));
    } else {
        for f in &findings {
            println!("{} {}: {}", if f.fine { "ok  " } else { "LOOK" }, f.what, f.says);
        }
    }
    if bad > 0 {
        bail!("{bad} of {} checks need a look.", findings.len());
    }
    Ok(())
}

/// With what the secrets of the database are sealed.
async fn secrets(app: &App, config: &Config) -> Result<String> {
    let keys = config.secret_keys()?;
    Ok(match (app.sealed_with(&Actor::Operator).await?, keys.first()) {
        (Some(with), Some(first)) if with == first => format!("Sealed with the key `{with}` of secrets.keys."),
        (Some(with), _) => format!("Sealed with the key `{with}`; the next start needs it in secrets.keys."),
        (None, Some(first)) => format!("The next start of the server seals them with the key `{first}` of secrets.keys."),
        (None, None) => "They stand in the database as they are: a back-up holds what signs and seals. secrets.keys of the configuration changes that.".to_owned(),
    })
}

/// How the index stands, and what happened to it. Its files were read through when it was opened.
async fn index(app: &App) -> Result<Vec<(&'static str, bool, String)>> {
    let report = app.index_report().await?;
    let (followed, behind) = (app.as_of().change, report.behind);
    let remedy = "A server that runs builds it anew by itself; else `commonweal index rebuild` does";
    let now = match (&report.damage, report.doubt) {
        (Some(why), _) => (false, format!("The index gives no answers: {why}. {remedy}.")),
        // A first start makes it.
        (None, Some(BuiltBecause::Absent)) => {
            (behind < FAR_BEHIND, format!("The index is not built yet; {behind} changes wait for the next start."))
        }
        (None, Some(doubt)) => (false, format!("The index can't be believed: {}. {remedy}.", doubt.says())),
        (None, None) => (
            behind < FAR_BEHIND,
            format!(
                "The index has followed to change {followed}; about {behind} changes are still to come. Its files are as \
                 they were written."
            ),
        ),
    };
    let mut all = vec![("index", now.0, now.1)];
    // What somebody should know of who was not there.
    let serious = [BuiltBecause::Ahead, BuiltBecause::OtherHistory, BuiltBecause::OtherFeed, BuiltBecause::Damaged];
    if let Some(built) = report.built.filter(|built| serious.contains(&built.because)) {
        let at = built.at.format("%Y-%m-%d %H:%M UTC");
        all.push((
            "index history",
            true,
            format!("The index was built anew on {at}, because {}.", built.because.says()),
        ));
    }
    Ok(all)
}

/// Changes that an index may be behind without anything being wrong.
const FAR_BEHIND: u64 = 10_000;

/// Whether the index counts as much as the database holds, once it has followed all of it.
async fn compared(app: &App) -> Result<(bool, String)> {
    if app.wait_for_index(WAIT).await.is_err() {
        return Ok((false, "The index has not followed the database, so nothing was compared. Start the server, or run `commonweal index catch-up`.".to_owned()));
    }
    let stored = app.store().feedback_count().await?;
    let counted = match app.answer(&Actor::Operator, &Question::default()).await {
        Ok(answer) => answer.total.count.unwrap_or(0),
        Err(e) => return Ok((false, format!("The index gives no answers: {e}"))),
    };
    // Somebody may have sent something in between.
    let fine = counted == stored || app.store().feedback_count().await? != stored;
    Ok((fine, format!("The index counts {counted} feedback, the database holds {stored}.")))
}

/// How long to wait for a server that follows.
const WAIT: Duration = Duration::from_secs(5);

/// Bytes that are free where this folder lies, as `df` tells.
fn free_bytes(folder: &Path) -> Option<u64> {
    let out = std::process::Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let text = String::from_utf8(out.stdout).ok()?;
    text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok().map(|kb| kb * 1024)
}
