//! `commonweal query findings`, `journey`, `words`, `hit`, `changes`, `drivers`: the finding in a sentence,
//! then the figures behind it.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use chrono_tz::Tz;
use commonweal_app::understand::findings::Estimate;
use commonweal_app::understand::impact::Hit;
use commonweal_app::understand::journey::JourneyFigures;
use commonweal_app::understand::words::WordUse;
use commonweal_app::{App, ChangesOptions, DriversAnswer, Journey, WhoIsHit, WordsAnswer, WordsOptions};
use commonweal_domain::question::AsOf;
use commonweal_domain::{Dimension, Filter};
use serde::Serialize;

use super::findings;
use super::query::filter;
use super::understand_changes;
use crate::args::Filters;
use crate::ask::{self, Ask};
use crate::table::Table;

pub(crate) async fn run(app: &App, ask: &Ask) -> Result<()> {
    match ask {
        Ask::Journey(args) => {
            let journey = app.journey(&args.filters.actor(), &filter(app, &args.filters)?).await?;
            said(args.json, &journey, || journey_shown(app, &journey))
        }
        Ask::Findings(args) => {
            let found = app.findings(&args.filters.actor(), &filter(app, &args.filters)?).await?;
            said(args.json, &found, || findings::shown(app, &found))
        }
        Ask::Words(args) => {
            let options = WordsOptions { limit: args.limit, phrases: args.phrases };
            let own = args.against.iter().map(|path| text(path)).collect::<Result<Vec<_>>>()?;
            let found = app
                .words(
                    &args.filters.actor(),
                    &filter(app, &args.filters)?,
                    &own,
                    &options,
                    Some(commonweal_app::understand::words::shipped_vectors()),
                )
                .await?;
            said(args.json, &found, || words_shown(app, &found))
        }
        Ask::Hit(args) => {
            let found = app.who_is_hit(&args.filters.actor(), &filter(app, &args.filters)?, &issue(app, args)?).await?;
            said(args.json, &found, || hit_shown(app, &found, args.limit))
        }
        Ask::Changes(args) => {
            let options =
                ChangesOptions { step: args.step, days: args.days, falls: args.falls, limit: args.limit, quick: false };
            let found = app.changes(&args.filters.actor(), &filter(app, &args.filters)?, &options).await?;
            said(args.json, &found, || understand_changes::shown(app, &found))
        }
        Ask::Drivers(args) => {
            let found = app.drivers(&args.filters.actor(), &filter(app, &args.filters)?).await?;
            said(args.json, &found, || drivers_shown(app, &found))
        }
    }
}

fn said<T: Serialize>(json: bool, answer: &T, shown: impl FnOnce() -> String) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string(answer)?);
    } else {
        print!("{}", shown());
    }
    Ok(())
}

/// The issue, read by the same rules as a filter.
fn issue(app: &App, args: &ask::Hit) -> Result<Filter> {
    for pair in &args.issue {
        let known = pair.split_once('=').is_some_and(|(key, _)| Dimension::from_key(key.trim()).is_some());
        if !known {
            bail!(
                "--issue {pair}: write it as DIMENSION=VALUE, for example --issue theme=waiting or --issue rating=1."
            );
        }
    }
    filter(app, &Filters { search: String::new(), filter: args.issue.clone(), period: "all".to_owned(), exact: false })
}

fn text(path: &Path) -> Result<String> {
    if path == Path::new("-") {
        let mut all = String::new();
        std::io::stdin().read_to_string(&mut all).context("Standard input can't be read as UTF-8 text.")?;
        return Ok(all);
    }
    std::fs::read_to_string(path)
        .with_context(|| format!("{} can't be read. Give a text file in UTF-8.", path.display()))
}

/// Up to when the data reach.
pub(super) fn data_up_to(app: &App, as_of: AsOf) -> String {
    let zone: Tz = app.settings().time_zone;
    as_of.at.map_or_else(String::new, |at| {
        format!("Data up to {}.\n", at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %Z"))
    })
}

pub(super) fn percent(value: f64) -> String {
    format!("{:.1} %", value * 100.0)
}

/// A figure, or a dash where there is none.
fn or_dash(value: Option<f64>, show: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| "–".to_owned(), show)
}

fn span(estimate: Estimate, show: impl Fn(f64) -> String) -> String {
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!("{} – {}", show(low), show(high)),
        _ => "–".to_owned(),
    }
}

fn journey_shown(app: &App, journey: &Journey) -> String {
    let place = |name: String, f: &JourneyFigures| {
        vec![
            name,
            f.count.map_or_else(|| "–".to_owned(), |c| c.to_string()),
            or_dash(f.satisfied.value, percent),
            span(f.satisfied, percent),
            or_dash(f.rating.value, |v| format!("{v:.2}")),
            span(f.rating, |v| format!("{v:.2}")),
            or_dash(f.sentiment.value, |v| format!("{v:.2}")),
            or_dash(f.negative.value, percent),
        ]
    };
    let headings = ["Where", "Feedback", "Satisfied", "95 %", "Mean rating", "95 %", "Sentiment", "Negative"];
    let mut table = Table::new(headings.map(str::to_owned).to_vec(), 1);
    for service in &journey.services {
        table.row(place(service.name.clone(), &service.figures));
        for touchpoint in &service.touchpoints {
            table.row(place(format!("  {}", touchpoint.name), &touchpoint.figures));
            if touchpoint.channels.len() > 1 {
                for channel in &touchpoint.channels {
                    table.row(place(format!("    {}", channel.label), &channel.figures));
                }
            }
        }
        if service.elsewhere.count != Some(0) {
            table.row(place("  No touchpoint given".to_owned(), &service.elsewhere));
        }
    }
    if journey.without_service.count != Some(0) {
        table.row(place("No service given".to_owned(), &journey.without_service));
    }
    table.row(place("All".to_owned(), &journey.total));
    let mut text = match &journey.weakest {
        Some(weakest) => format!("{}\n\n", findings::sentence(weakest, &app.labels())),
        None => "No place is below the rest beyond chance, so none is called the weakest.\n\n".to_owned(),
    };
    text.push_str(&table.to_string());
    if journey.suppressed > 0 {
        let minimum = app.settings().minimum_group;
        text.push_str(&format!(
            "{} places are not shown because they are, or may be, smaller than {minimum}.\n",
            journey.suppressed
        ));
    }
    text + &data_up_to(app, journey.as_of)
}

fn words_shown(app: &App, found: &WordsAnswer) -> String {
    let first = |words: &[WordUse]| {
        let quoted: Vec<String> = words.iter().take(5).map(|w| format!("“{}”", w.word)).collect();
        quoted.join(", ")
    };
    let mut text = match (found.by_public.is_empty(), found.by_body.is_empty()) {
        (true, true) => "No word is used clearly more on either side.\n".to_owned(),
        (true, false) => format!("Your text uses {} more than people do.\n", first(&found.by_body)),
        (false, true) => format!("People use {} more than your text does.\n", first(&found.by_public)),
        (false, false) => format!(
            "People use {} more than your text does; your text uses {} more than they do.\n",
            first(&found.by_public),
            first(&found.by_body)
        ),
    };
    let table = |words: &[WordUse]| {
        let headings = ["Word", "They, per 1,000", "You, per 1,000", "Times they", "Times you", "Comments", "z"];
        let mut table = Table::new(headings.map(str::to_owned).to_vec(), 1);
        for word in words {
            table.row(vec![
                word.word.clone(),
                format!("{:.2}", word.public_per_thousand),
                format!("{:.2}", word.body_per_thousand),
                word.public_count.to_string(),
                word.body_count.to_string(),
                word.public_comments.to_string(),
                format!("{:.1}", word.z),
            ]);
        }
        table.to_string()
    };
    if !found.by_public.is_empty() {
        text.push_str(&format!("\nThey use more\n{}", table(&found.by_public)));
        text.push_str("\nIn their words\n");
        for word in found.by_public.iter().take(10) {
            for example in word.examples.iter().take(1) {
                text.push_str(&format!("    {}*{}*{}\n", example.before, example.word, example.after));
            }
        }
    }
    if !found.by_body.is_empty() {
        text.push_str(&format!("\nYou use more\n{}", table(&found.by_body)));
    }
    if let Some(pairs) = found.pairs.as_ref().filter(|pairs| !pairs.is_empty()) {
        text.push_str("\nThey say – you say\n");
        for pair in pairs.iter().take(20) {
            let you: Vec<&str> = pair.you.iter().map(|y| y.word.as_str()).collect();
            text.push_str(&format!("    {} – {}\n", pair.they, you.join(", ")));
        }
    }
    text.push_str(&format!(
        "\n{} comments with {} words against {} words of yours; {} words were compared.\n",
        found.comments, found.public_words, found.body_words, found.tested
    ));
    if found.text_is_short() {
        text.push_str("Your text is short; with more of it more differences can be told from chance.\n");
    }
    if found.capped {
        text.push_str("There is more feedback than is read at once; the oldest was left out. Choose a period.\n");
    }
    text + &data_up_to(app, found.as_of)
}

fn hit_shown(app: &App, found: &WhoIsHit, limit: usize) -> String {
    let about = |row: &Hit| if row.issue.is_empty() { "it".to_owned() } else { format!("“{}”", row.issue) };
    let mut text = match found.headline() {
        Some(row) => format!(
            "{} “{}” meets {} {:.1} times as often as everyone else (95 %: {:.1} to {:.1}): {} of {} against {} of {}, {:.0} {} than at everyone else's rate.\n",
            row.attribute_label,
            row.group_label,
            about(row),
            row.risk_ratio,
            row.ratio_low,
            row.ratio_high,
            row.group_hit,
            row.group_all,
            row.rest_hit,
            row.rest_all,
            row.excess.abs(),
            if row.excess > 0.0 { "more" } else { "fewer" }
        ),
        None if found.tested == 0 => {
            "No attribute of people has two groups that are large enough to be compared.\n".to_owned()
        }
        None => {
            format!("No group is hit more or less than everyone else beyond chance ({} comparisons).\n", found.tested)
        }
    };
    text.push_str(&match found.hit {
        Some(hit) => format!("{hit} of {} feedback meet the issue.\n\n", found.asked),
        None => format!("Each theme was tested, in {} feedback.\n\n", found.asked),
    });
    let headings = [
        "Attribute",
        "Group",
        "Issue",
        "Hit",
        "Of",
        "Share",
        "Everyone else",
        "Ratio",
        "95 %",
        "Excess",
        "q",
        "Beyond chance",
    ];
    let mut table = Table::new(headings.map(str::to_owned).to_vec(), 3);
    for row in found.rows.iter().take(limit) {
        table.row(vec![
            row.attribute_label.clone(),
            row.group_label.clone(),
            if row.issue.is_empty() { "as asked".to_owned() } else { row.issue.clone() },
            row.group_hit.to_string(),
            row.group_all.to_string(),
            percent(row.group_hit as f64 / row.group_all as f64),
            percent(row.rest_hit as f64 / row.rest_all as f64),
            format!("{:.2}", row.risk_ratio),
            format!("{:.2} – {:.2}", row.ratio_low, row.ratio_high),
            format!("{:+.0}", row.excess),
            small(row.q),
            if row.distinguishable { "yes" } else { "no" }.to_owned(),
        ]);
    }
    if !found.rows.is_empty() {
        text.push_str(&table.to_string());
    }
    if found.rows.len() > limit {
        text.push_str(&format!("{} more groups are not shown; raise --limit.\n", found.rows.len() - limit));
    }
    if found.suppressed > 0 {
        text.push_str(&format!(
            "{} groups were not compared because they are smaller than {}, or too few of them meet the issue to be shown.\n",
            found.suppressed, found.minimum
        ));
    }
    text + &data_up_to(app, found.as_of)
}

/// A probability: short, and never rounded to nothing.
pub(super) fn small(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") }
}

fn drivers_shown(app: &App, found: &DriversAnswer) -> String {
    let themes = found.kind == "themes";
    let mut text = String::new();
    if let Some(first) = found.drivers.first() {
        let range = match (first.share_low, first.share_high) {
            (Some(low), Some(high)) => format!(" (95 %: {} to {})", percent(low), percent(high)),
            _ => String::new(),
        };
        let how = match (themes, first.correlation < 0.0) {
            (true, true) => ", and goes with worse ratings",
            (true, false) => ", and goes with better ratings",
            _ => "",
        };
        text.push_str(&format!(
            "“{}” matters most: {}{range} of what is explained of the main rating{how}.\n",
            first.name,
            percent(first.share)
        ));
    }
    text.push_str(&format!(
        "Together the {} explain {} of the differences between ratings, in {} feedback{}.\n\n",
        if themes { "themes that people speak of" } else { "other ratings" },
        percent(found.r_squared),
        found.cases,
        if found.dropped > 0 { format!(" ({} left an answer out)", found.dropped) } else { String::new() }
    ));
    let mut headings = vec![if themes { "Theme" } else { "Rating" }, "Share", "95 %", "Correlation"];
    headings.extend(if themes { ["Mentioned", "Mean rating then"].as_slice() } else { ["Mean rating"].as_slice() });
    let mut table = Table::new(headings.into_iter().map(str::to_owned).collect(), 1);
    for driver in &found.drivers {
        let share = Estimate { low: driver.share_low, high: driver.share_high, ..Estimate::default() };
        let mut row = vec![
            driver.name.clone(),
            percent(driver.share),
            span(share, percent),
            format!("{:+.2}", driver.correlation),
        ];
        row.extend(driver.mentioned.map(percent));
        row.push(format!("{:.2}", driver.mean_rating));
        table.row(row);
    }
    text.push_str(&table.to_string());
    if found.capped {
        text.push_str("There is more feedback than is read at once; the oldest was left out. Choose a period.\n");
    }
    text + &data_up_to(app, found.as_of)
}
