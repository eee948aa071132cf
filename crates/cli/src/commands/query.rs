//! `commonweal query`: the questions that the console asks, at the command line.

use anyhow::{Result, bail};
use commonweal_app::{App, Question};
use commonweal_domain::protect::Protection;
use commonweal_domain::question::{Answer, Compare, Figures, Grouping, ListQuery, Measure, Order, Value};
use commonweal_domain::{Dimension, FieldErrors, Filter, Instant, PageRequest, period, search};

use crate::args::{Filters, Query};
use crate::table::Table;

/// Builds the filter that was said.
pub(crate) fn filter(app: &App, said: &Filters) -> Result<Filter> {
    let mut filter = Filter::default();
    search::parse(&said.search, &mut filter).map_err(sentences)?;
    for pair in &said.filter {
        let Some((key, value)) = pair.split_once('=') else {
            bail!("--filter {pair}: write it as DIMENSION=VALUE, for example --filter channel=phone.");
        };
        let Some(dimension) = Dimension::from_key(key.trim()) else {
            let mut keys: Vec<String> = Dimension::FIXED.iter().map(|d| d.key().into_owned()).collect();
            keys.push("attr.NAME".to_owned());
            bail!("--filter {pair}: there is no dimension `{key}`. There are {}.", keys.join(", "));
        };
        filter.add(dimension, value.trim());
    }
    filter.range = period::parse(&said.period, app.now(), app.settings().time_zone).map_err(sentences)?;
    Ok(filter)
}

/// Every error as its sentence.
pub(crate) fn sentences(errors: FieldErrors) -> anyhow::Error {
    let all: Vec<String> = errors.0.into_iter().map(|e| e.message).collect();
    anyhow::anyhow!(all.join("\n"))
}

pub(crate) async fn run(app: &App, args: &Query) -> Result<()> {
    if let Some(ask) = &args.ask {
        return super::understand::run(app, ask).await;
    }
    let filter = filter(app, &args.filters)?;
    if args.list {
        return list(app, args, filter).await;
    }
    if args.facets {
        return facets(app, args, &filter).await;
    }
    let mut question = Question { filter, limit: args.limit, ..Question::default() };
    for key in &args.group_by {
        let Some(grouping) = Grouping::from_key(key) else {
            bail!(
                "--group-by {key}: group by hour, day, week, month or a dimension such as service, channel, attr.age_band."
            );
        };
        question.group_by.push(grouping);
    }
    for key in &args.measure {
        let Some(measure) = Measure::from_key(key) else {
            let all: Vec<&str> = Measure::ALL.iter().map(|m| m.key()).collect();
            bail!("--measure {key}: there are {}.", all.join(", "));
        };
        question.measures.push(measure);
    }
    if let Some(key) = &args.compare {
        let Some(compare) = Compare::from_key(key) else {
            bail!("--compare {key}: there are period_before and year_before.");
        };
        question.compare = Some(compare);
    }
    if question.measures.is_empty() {
        question.measures = vec![Measure::Count];
    }
    let answer = app.answer(&args.filters.actor(), &question).await?;
    if args.json {
        println!("{}", serde_json::to_string(&answer)?);
    } else {
        print!("{}", shown(app, &question, &answer));
    }
    Ok(())
}

fn shown(app: &App, question: &Question, answer: &Answer) -> String {
    let labels = app.labels();
    let mut headings: Vec<String> = question.group_by.iter().map(Grouping::key).collect();
    let compared = answer.total_before.is_some();
    for measure in &question.measures {
        headings.push(measure.label().to_owned());
        if compared {
            headings.push(format!("{} before", measure.label()));
        }
        if !measure.is_count() {
            headings.push("of".to_owned());
        }
    }
    let groups = question.group_by.len();
    let mut table = Table::new(headings, groups);
    let figures = |now: &Figures, before: Option<&Figures>| {
        let mut cells = Vec::new();
        for (n, measure) in question.measures.iter().enumerate() {
            let value = now.values.get(n).copied().unwrap_or_default();
            cells.push(number(*measure, value));
            if compared {
                let value = before.and_then(|b| b.values.get(n).copied()).unwrap_or_default();
                cells.push(number(*measure, value));
            }
            if !measure.is_count() {
                cells.push(value.base.map_or_else(|| "–".to_owned(), |b| b.to_string()));
            }
        }
        cells
    };
    for group in &answer.groups {
        let mut row: Vec<String> = group
            .keys
            .iter()
            .zip(&question.group_by)
            .map(|(key, by)| match by {
                Grouping::Dimension(d) => labels.value(d, key),
                Grouping::Time(_) => key.clone(),
            })
            .collect();
        row.extend(figures(&group.figures, group.before.as_ref()));
        table.row(row);
    }
    let mut total = vec![String::new(); groups];
    if let Some(first) = total.first_mut() {
        *first = "All".to_owned();
    }
    total.extend(figures(&answer.total, answer.total_before.as_ref()));
    table.row(total);
    let mut text = table.to_string();
    if answer.others > 0 {
        text.push_str(&format!("{} more groups are not shown; raise --limit.\n", answer.others));
    }
    if let Some(rest) = answer.rest.as_ref().and_then(|rest| rest.count) {
        text.push_str(&format!("All other groups together: {rest}.\n"));
    }
    if let Some(protection) = &answer.protection {
        text.push_str(&protected(app, question, protection));
    }
    if let Some(at) = answer.as_of.at {
        let zone = app.settings().time_zone;
        text.push_str(&format!("Data up to {}.\n", at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %Z")));
    }
    text
}

/// What is to be known of figures of groups of people.
fn protected(app: &App, question: &Question, protection: &Protection) -> String {
    let zone = app.settings().time_zone;
    let asked = question.filter.range;
    let mut text = format!(
        "Figures of groups of people: groups below {} are not shown; counts have noise of about ±{:.0} and are rounded to \
         {}.",
        protection.minimum, protection.deviation, protection.rounded_to
    );
    if (protection.from, protection.to) != (asked.from, asked.to) {
        let day =
            |at: Option<Instant>| at.map_or_else(String::new, |at| at.with_timezone(&zone).date_naive().to_string());
        let last = protection.to.map(|to| to - chrono::TimeDelta::seconds(1));
        text.push_str(&format!(" They are of whole months: {} to {}.", day(protection.from), day(last)));
    }
    text.push_str(" `--exact` shows them as they are.\n");
    text
}

fn number(measure: Measure, value: Value) -> String {
    let Some(v) = value.value else { return "–".to_owned() };
    match measure {
        Measure::Count | Measure::Comments | Measure::Contacts => format!("{v:.0}"),
        Measure::Satisfied | Measure::Negative => format!("{:.1} %", v * 100.0),
        Measure::Rating | Measure::Sentiment => format!("{v:.2}"),
    }
}

async fn list(app: &App, args: &Query, filter: Filter) -> Result<()> {
    let words = filter.words.clone();
    let query = ListQuery { filter, order: Order::Newest, page: PageRequest::first(args.limit) };
    let page = app.list(&args.filters.actor(), &query).await?;
    let zone = app.settings().time_zone;
    for doc in &page.items {
        if args.json {
            println!("{}", serde_json::to_string(doc)?);
            continue;
        }
        let place = doc.touchpoint.as_deref().or(doc.service.as_deref()).unwrap_or("no service");
        let step = doc.step().map_or_else(|| "no rating".to_owned(), |s| format!("{s} of 5"));
        println!("{}  {place}  {step}  {}", doc.at.with_timezone(&zone).format("%Y-%m-%d %H:%M"), doc.id);
        for comment in &doc.comments {
            println!("    {}", marked(&comment.text, &words.highlights(&comment.text)));
        }
    }
    if page.keys.next.is_some() && !args.json {
        println!("There are more; raise --limit or export them.");
    }
    Ok(())
}

/// The text with what was found between asterisks.
fn marked(text: &str, ranges: &[(usize, usize)]) -> String {
    let (mut out, mut done) = (String::new(), 0);
    for &(start, end) in ranges {
        out.push_str(&text[done..start]);
        out.push_str(&format!("*{}*", &text[start..end]));
        done = end;
    }
    out.push_str(&text[done..]);
    out.replace('\n', "\n    ")
}

async fn facets(app: &App, args: &Query, filter: &Filter) -> Result<()> {
    let actor = args.filters.actor();
    let mut dimensions = Dimension::FIXED.to_vec();
    dimensions.extend(app.attributes(&actor).await?.into_iter().map(Dimension::Attribute));
    let facets = app.facets(&actor, filter, &dimensions, args.limit).await?;
    if args.json {
        println!("{}", serde_json::to_string(&facets)?);
        return Ok(());
    }
    let labels = app.labels();
    for facet in facets.iter().filter(|f| f.options.iter().any(|o| o.value != commonweal_domain::filter::NONE)) {
        println!("{}", facet.dimension.label());
        for option in &facet.options {
            let count = option.count.map_or_else(|| "–".to_owned(), |c| c.to_string());
            println!("    {count:>9}  {}", labels.value(&facet.dimension, &option.value));
        }
        if facet.others > 0 {
            println!("    and {} more", facet.others);
        }
    }
    Ok(())
}
