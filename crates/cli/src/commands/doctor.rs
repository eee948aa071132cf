//! `commonweal doctor`: is everything in order, and if not, what to do.

use std::path::Path;

use anyhow::{Result, bail};
use commonweal_domain::Actor;
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
                let end = store.feed_end().await?.change;
                let behind = end - opened.app.as_of().change;
                let says = format!("The index has followed to change {} of {end}.", opened.app.as_of().change);
                add("index", behind < 10_000, says);
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

/// Bytes that are free where this folder lies, as `df` tells.
fn free_bytes(folder: &Path) -> Option<u64> {
    let out = std::process::Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let text = String::from_utf8(out.stdout).ok()?;
    text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok().map(|kb| kb * 1024)
}
