//! The Explorer: search, filter, count, compare, read, take out. The address is the whole state.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::ports::TableFormat;
use commonweal_app::{Error, FeedbackPage, Labels, Question};
use commonweal_domain::question::{Answer, Compare, Grouping, Interval, ListQuery, Measure, Order};
use commonweal_domain::{Instant, Permission, TimeRange, period};

use super::asked::{Asked, Cursor, tidied, typed};
use super::chips::{Chip, chips};
use super::comments::CommentItem;
use super::facets::{self, FacetView};
use super::forms::Errors;
use super::frame::{Frame, Visit};
use super::mapping::Choice;
use super::overview::{Action, Empty, PeriodChoice, Periods, no_data, span};
use super::trend::{self, Drawing, Trend};
use super::{format, imports};
use crate::error::{Failure, WebResult};
use crate::filter_url::Context;
use crate::page::Page;
use crate::stream;

/// Comments on one page.
const PAGE: usize = 25;

#[derive(Template)]
#[template(path = "explorer.html")]
struct ExplorerPage {
    frame: Frame,
    what: String,
    periods: Vec<PeriodChoice>,
    errors: Errors,
    chips: Vec<Chip>,
    q: String,
    from: String,
    to: String,
    rail_hidden: Vec<(String, String)>,
    facets: Vec<FacetView>,
    empty: Option<Empty>,
    trend: Option<Trend>,
    chart_hidden: Vec<(String, String)>,
    chart_choices: Vec<Select>,
    list: Option<List>,
    order_hidden: Vec<(String, String)>,
    orders: Vec<Choice>,
    export: Option<Export>,
    may_save: bool,
    address: String,
    as_of: String,
}

/// Names that people know for keys.
struct Names {
    labels: Labels,
    sources: Vec<(String, String)>,
}

struct Select {
    name: &'static str,
    label: &'static str,
    options: Vec<Choice>,
}

struct List {
    heading: String,
    items: Vec<CommentItem>,
    newer: String,
    older: String,
}

struct Export {
    what: String,
    links: Vec<Action>,
}

/// The page.
pub(super) async fn show(visit: Visit) -> WebResult<Response> {
    if let Some(tidy) = tidied(visit.query()) {
        let to = if tidy.is_empty() { "/explorer".to_owned() } else { format!("/explorer?{tidy}") };
        return Ok(Redirect::to(&to).into_response());
    }
    let context = Context { zone: visit.zone(), now: visit.app().now() };
    let (asked, errors) = Asked::read(visit.query(), context);
    let names = Names { labels: visit.app().labels(), sources: imports::source_names(&visit).await? };
    let mut page = ExplorerPage::bare(&visit, &asked, &names).await?;
    if !errors.is_empty() {
        page.errors = errors.into();
        page.frame.title = format!("Error: {}", page.frame.title);
        page.what = "What the address asks can’t be understood.".to_owned();
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    match page.fill(&visit, &asked, &names).await {
        Ok(()) => Ok(Page(page).into_response()),
        // A question that is too large is one that can be asked otherwise.
        Err(Error::Invalid(errors)) => {
            page.errors = errors.into();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

impl ExplorerPage {
    /// What can be said without asking the index.
    async fn bare(visit: &Visit, asked: &Asked, names: &Names) -> WebResult<Self> {
        let chips = chips(asked, &names.labels, &names.sources, visit.zone(), "/explorer", true);
        let (first, last) = match asked.url.period {
            Some(_) => (None, None),
            None => format::days(asked.filter().range, visit.zone()),
        };
        let day = |d: Option<chrono::NaiveDate>| d.map(|d| d.format("%Y-%m-%d").to_string()).unwrap_or_default();
        let negated = |name: &str, value: &str| name != "q" && value.starts_with('!');
        let rail = |(name, value): &(String, String)| {
            matches!(name.as_str(), "period" | "order" | "by" | "show" | "compare") || negated(name, value)
        };
        let mut rail_hidden = asked.hidden(|_| false);
        rail_hidden.retain(rail);
        Ok(Self {
            frame: visit.frame(page_title(&chips)).await?,
            what: String::new(),
            periods: Vec::new(),
            errors: Errors::default(),
            chips,
            q: typed(visit.query(), asked.filter()),
            from: day(first),
            to: day(last),
            rail_hidden,
            facets: Vec::new(),
            empty: None,
            trend: None,
            chart_hidden: asked.hidden(|n| matches!(n, "by" | "show" | "compare")),
            chart_choices: Vec::new(),
            list: None,
            order_hidden: asked.hidden(|n| n == "order"),
            orders: Order::ALL.iter().map(|o| (o.key().to_owned(), o.label().to_owned(), *o == asked.order)).collect(),
            export: None,
            may_save: visit.may(Permission::SaveViews),
            address: asked.first_page().query(),
            as_of: visit.as_of(visit.app().as_of()),
        })
    }

    /// Asks the index and fills the page.
    async fn fill(&mut self, visit: &Visit, asked: &Asked, names: &Names) -> Result<(), Error> {
        let app = visit.app();
        let anywhen = asked.during(TimeRange::default(), None);
        let Some(edges) = span(visit, anywhen.filter()).await? else {
            return self.nothing(visit, asked, names).await;
        };
        let periods = Periods::of(edges, visit);
        let days = periods.days(asked.filter().range);
        let interval = asked.by.filter(|by| trend::fits(*by, days)).unwrap_or_else(|| trend::suited(days));
        let compare = asked.compare.filter(|c| period::compared(asked.filter().range, *c, visit.zone()).is_some());
        let question = Question {
            filter: asked.filter().clone(),
            group_by: vec![Grouping::Time(interval)],
            measures: vec![asked.show],
            compare,
            limit: 10_000,
        };
        let whole = Question {
            filter: commonweal_domain::Filter { range: asked.filter().range, ..Default::default() },
            ..Question::default()
        };
        let dimensions = facets::dimensions(app.attributes(&visit.actor).await?);
        let (answer, whole, found, page) = tokio::try_join!(
            app.answer(&visit.actor, &question),
            app.answer(&visit.actor, &whole),
            app.facets(&visit.actor, asked.filter(), &dimensions, facets::MOST),
            list(visit, asked)
        )?;
        self.facets = facets::views(found, asked, &names.labels, &names.sources);
        self.periods = periods.links(asked, "/explorer");
        self.what = what(visit, asked, &answer, whole.total.count, compare);
        if page.items.is_empty() && asked.cursor.is_none() {
            self.empty = Some(no_match(visit, asked, names));
            return Ok(());
        }
        self.chart_choices = choices(asked, interval, days, compare);
        let drawing = Drawing {
            id: "trend",
            answer: &answer,
            place: 0,
            measure: asked.show,
            interval,
            asked,
            before_name: if compare == Some(Compare::YearBefore) { "Year before" } else { "Before" },
        };
        self.trend = Some(drawing.draw(visit, title(asked.show, interval, &answer)));
        self.export = export(visit, asked, answer.total.count);
        self.list = Some(listed(visit, asked, &answer, page, &names.labels));
        Ok(())
    }

    async fn nothing(&mut self, visit: &Visit, asked: &Asked, names: &Names) -> Result<(), Error> {
        let all = commonweal_domain::Filter::default();
        let any = span(visit, &all).await?.is_some();
        self.what = "No feedback".to_owned();
        self.empty = Some(if any { no_match(visit, asked, names) } else { no_data(visit) });
        Ok(())
    }
}

/// Tells the tabs of a browser apart: what is filtered stands in the title.
fn page_title(chips: &[Chip]) -> String {
    let named: Vec<&str> = chips.iter().take(3).map(|c| c.value.as_str()).collect();
    match (named.is_empty(), chips.len() > named.len()) {
        (true, _) => "Explorer".to_owned(),
        (false, true) => format!("Explorer: {} and more", named.join(", ")),
        (false, false) => format!("Explorer: {}", named.join(", ")),
    }
}

/// One page of the list. The page before is the same list read backwards.
async fn list(visit: &Visit, asked: &Asked) -> Result<FeedbackPage, Error> {
    let backwards = match asked.order {
        Order::Newest => Order::Oldest,
        Order::Oldest => Order::Newest,
    };
    let (order, after) = match asked.cursor {
        None => (asked.order, None),
        Some(Cursor::After(at, id)) => (asked.order, Some((at, id))),
        Some(Cursor::Before(at, id)) => (backwards, Some((at, id))),
    };
    let query = ListQuery { filter: asked.filter().clone(), order, after, limit: PAGE };
    let mut page = visit.app().list(&visit.actor, &query).await?;
    if matches!(asked.cursor, Some(Cursor::Before(..))) {
        page.items.reverse();
        page.page.items.reverse();
    }
    Ok(page)
}

fn listed(visit: &Visit, asked: &Asked, answer: &Answer, page: FeedbackPage, labels: &Labels) -> List {
    let back = asked.query();
    let items = page.items.iter();
    let items = items.map(|d| CommentItem::of(d, &asked.filter().words, labels, visit.zone(), &back));
    let (first, last) = (page.page.items.first().copied(), page.page.items.last().copied());
    // Read backwards, "more" is what stands before.
    let (has_newer, has_older) = match asked.cursor {
        None => (false, page.more),
        Some(Cursor::After(..)) => (true, page.more),
        Some(Cursor::Before(..)) => (page.more, true),
    };
    let link = |has: bool, place: Option<(Instant, _)>, cursor: fn(Instant, _) -> Cursor| match place {
        Some((at, id)) if has => asked.at_place(cursor(at, id)).explorer(),
        _ => String::new(),
    };
    let mut newer = link(has_newer, first, Cursor::Before);
    if !has_newer && matches!(asked.cursor, Some(Cursor::Before(..))) {
        // The first page has one address.
        newer.clear();
    }
    if page.items.is_empty() {
        newer = asked.first_page().explorer();
    }
    List {
        heading: match answer.total.count {
            Some(n) => format::feedback(n),
            None => "Feedback".to_owned(),
        },
        older: link(has_older, last, Cursor::After),
        items: items.collect(),
        newer,
    }
}

/// The sentence under the heading: how many of how many, when, compared with when.
fn what(visit: &Visit, asked: &Asked, answer: &Answer, whole: Option<u64>, compare: Option<Compare>) -> String {
    let range = asked.filter().range;
    let mut text = match (answer.total.count, whole) {
        (None, _) => "How many is not shown, because it would single out few people".to_owned(),
        (Some(n), Some(all)) if n != all => {
            format!("{} pieces of feedback", format::of(n, all))
        }
        (Some(n), _) => format::feedback(n),
    };
    text.push_str(&format!(", {}", format::range(range, visit.zone())));
    let before = compare.and_then(|c| period::compared(range, c, visit.zone()));
    if let Some(before) = before {
        text.push_str(&format!(", compared with {}", format::range(before, visit.zone())));
        if let Some(n) = answer.total_before.as_ref().and_then(|b| b.count) {
            text.push_str(&format!(" ({})", format::count(n)));
        }
    }
    text
}

fn title(measure: Measure, interval: Interval, answer: &Answer) -> String {
    let step = interval.label().to_lowercase();
    match measure {
        Measure::Satisfied => {
            let before = answer.total_before.as_ref().and_then(|b| b.values.first().copied());
            trend::satisfaction(answer.total.values.first().copied().unwrap_or_default(), before)
        }
        Measure::Count => match (answer.total.count, answer.total_before.as_ref().and_then(|b| b.count)) {
            (Some(now), Some(before)) => match format::growth(now, before) {
                Some(growth) => format!("Feedback by {step}: {growth} on {}", format::count(before)),
                None => format!("Feedback by {step}"),
            },
            _ => format!("Feedback by {step}"),
        },
        other => {
            let total = answer.total.values.first().copied().unwrap_or_default();
            match (total.value, total.base) {
                (Some(value), Some(base)) => format!(
                    "{} is {} ({} {})",
                    other.label(),
                    trend::written(other, value),
                    format::count(base),
                    trend::base_name(other).to_lowercase()
                ),
                _ => format!("{} by {step}", other.label()),
            }
        }
    }
}

fn choices(asked: &Asked, interval: Interval, days: i64, compare: Option<Compare>) -> Vec<Select> {
    let option = |key: &str, label: &str, chosen: bool| (key.to_owned(), label.to_owned(), chosen);
    let show = Measure::ALL.iter().map(|m| option(m.key(), m.label(), *m == asked.show)).collect();
    let steps = Interval::ALL.iter().filter(|i| trend::fits(**i, days) || **i == interval);
    let by = steps.map(|i| option(i.key(), i.label(), *i == interval)).collect();
    let mut with = vec![option("", "Nothing", compare.is_none())];
    with.extend(Compare::ALL.iter().map(|c| option(c.key(), c.label(), compare == Some(*c))));
    let mut all =
        vec![Select { name: "show", label: "Show", options: show }, Select { name: "by", label: "By", options: by }];
    // All time has nothing before it.
    if asked.filter().range.from.is_some() && asked.filter().range.to.is_some() {
        all.push(Select { name: "compare", label: "Compare with", options: with });
    }
    all
}

fn export(visit: &Visit, asked: &Asked, count: Option<u64>) -> Option<Export> {
    if !visit.may(Permission::ExportFeedback) {
        return None;
    }
    let only = asked.filter_only();
    let link = |format: TableFormat, text: &str| Action {
        text: text.to_owned(),
        href: only.at(&format!("/explorer/feedback.{}", format.extension())),
    };
    let many = count.map_or_else(|| "the feedback".to_owned(), format::feedback);
    Some(Export {
        what: format!(
            "A file of {many}, exactly as filtered, with redacted comments. That you took it out is written to the audit trail."
        ),
        links: vec![
            link(TableFormat::Csv, "CSV"),
            link(TableFormat::Xlsx, "Excel"),
            link(TableFormat::Ndjson, "NDJSON"),
        ],
    })
}

/// Nothing matches: which filter could be taken away.
fn no_match(visit: &Visit, asked: &Asked, names: &Names) -> Empty {
    let all = chips(asked, &names.labels, &names.sources, visit.zone(), "/explorer", true);
    let mut actions: Vec<Action> = all
        .iter()
        .take(3)
        .map(|c| Action { text: format!("Take away {}: {}", c.name.to_lowercase(), c.value), href: c.remove.clone() })
        .collect();
    actions.push(Action { text: "Clear all filters".to_owned(), href: "/explorer".to_owned() });
    Empty {
        title: "Nothing matches these filters".to_owned(),
        text: if asked.filter().words.is_empty() {
            "No feedback fits all filters at once. Take one away, or all of them.".to_owned()
        } else {
            "No feedback holds these words and fits all filters at once. Try other words or the beginning of one with a star (upload*), or take a filter away.".to_owned()
        },
        actions,
    }
}

/// Exactly what is filtered, as a file.
pub(super) async fn take_out(visit: Visit, Path(name): Path<String>) -> WebResult<Response> {
    let extension = name.strip_prefix("feedback.").unwrap_or_default();
    let format = TableFormat::from_extension(extension).ok_or_else(Failure::not_found)?;
    let context = Context { zone: visit.zone(), now: visit.app().now() };
    let (asked, errors) = Asked::read(visit.query(), context);
    if !errors.is_empty() {
        return Err(Failure::query(errors));
    }
    let today = visit.app().now().with_timezone(&visit.zone()).format("%Y-%m-%d");
    let (app, actor, filter) = (visit.app().clone(), visit.actor.clone(), asked.filter().clone());
    let write = move |out| async move { app.export(&actor, &filter, format, out, |_| ()).await };
    stream::file(format!("feedback-{today}"), format, write).await
}
