//! `commonweal train`: teaches the reading engine what persons corrected.

use anyhow::Result;
use commonweal_app::App;
use commonweal_app::understand::train::Trained;
use commonweal_domain::Actor;
use serde_json::json;

use crate::args::Train;

pub(crate) async fn run(app: &App, args: &Train) -> Result<()> {
    let results = app.train(&Actor::Operator, args.force).await?;
    if args.json {
        let all: Vec<_> = results
            .iter()
            .map(|r| {
                let score = |i: Option<commonweal_text::train::Interval>| {
                    i.map(|i| json!({"value": i.value, "low": i.low, "high": i.high}))
                };
                json!({
                    "model": r.name, "comments": r.comments, "refused": r.refused,
                    "before": score(r.before), "after": score(r.after), "saved": r.saved,
                })
            })
            .collect();
        println!("{}", serde_json::to_string(&all)?);
    } else {
        results.iter().for_each(|r| println!("{}", sentence(r)));
    }
    if args.reread && results.iter().any(|r| r.saved) {
        super::themes::reread(app).await?;
    }
    Ok(())
}

fn sentence(r: &Trained) -> String {
    let what = if r.name == "themes" { "Themes (micro-F1)" } else { "Sentiment (macro-F1, five classes)" };
    if let Some(why) = &r.refused {
        return format!("{what}: nothing learnt. {why}");
    }
    let (Some(before), Some(after)) = (r.before, r.after) else { return format!("{what}: nothing learnt.") };
    let end = match (r.saved, after.value > before.value) {
        (true, true) => "Saved: comments are read by it from now on.",
        (true, false) => "Saved as you asked, although it reads no better.",
        _ => "Not saved, since it reads no better.",
    };
    format!(
        "{what}, on {} judged comments that the model in question had not seen:\n  before {:.3} ({:.3} to {:.3}), after {:.3} ({:.3} to {:.3}). {end}",
        r.comments, before.value, before.low, before.high, after.value, after.low, after.high
    )
}
