//! `commonweal people audience`: how many people a rule means.

use anyhow::{Context, Result};
use commonweal_app::{App, Error};
use commonweal_domain::audience::Rule;
use commonweal_domain::{Actor, sentence::grouped};

use crate::args::PeopleAudience;
use crate::table::Table;

/// Counts and prints.
pub(crate) async fn count(app: &App, args: &PeopleAudience) -> Result<()> {
    let text =
        std::fs::read_to_string(&args.file).with_context(|| format!("{} can't be read.", args.file.display()))?;
    let rule = Rule::read_text(&text)?;
    let actor = if args.exact { Actor::OperatorExact } else { Actor::Operator };
    let counted = loop {
        match app.count_audience(&actor, &rule).await {
            // Nobody else asks; it is waited for.
            Err(Error::Unavailable { code: "people_being_read", .. }) => {}
            other => break other?,
        }
    };
    if args.json {
        println!("{}", serde_json::to_string(&counted)?);
        return Ok(());
    }
    println!("{}", counted.sentence);
    if counted.widened {
        println!("Periods are widened to whole months.");
    }
    let shown = |n: Option<u64>| n.map_or("not shown".to_owned(), |n| grouped(i64::try_from(n).unwrap_or(i64::MAX)));
    let mut table = Table::new(vec!["People".into(), "How many".into()], 1);
    table.row(vec!["All".into(), shown(counted.count)]);
    for reach in &counted.reach {
        table.row(vec![format!("Reached by {}", reach.by.label().to_lowercase()), shown(reach.count)]);
    }
    println!("{table}");
    for why in &counted.withheld {
        println!("{}: {}", why.field, why.message);
    }
    if let Some(protection) = counted.protection {
        println!(
            "Counts have noise and are rounded to {}; fewer than {} people are not shown. `--exact` shows them as they are.",
            protection.rounded_to, protection.minimum
        );
    }
    Ok(())
}
