//! The Overview: what is going on, each number with the way to the words behind it.

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{Datelike, Days, Months, NaiveDate};
use commonweal_app::{Labels, Question};
use commonweal_domain::filter::NONE;
use commonweal_domain::question::{Answer, Compare, Figures, Grouping, ListQuery, Measure, Order, Value};
use commonweal_domain::{Dimension, Filter, Instant, Permission, TimeRange, period};

use super::asked::Asked;
use super::change::{self, Change, Share};
use super::chips::{Chip, chips};
use super::comments::CommentItem;
use super::format;
use super::forms::Fields;
use super::frame::{Frame, Visit};
use super::trend::{self, Drawing, Trend};
use crate::error::{Failure, WebResult};
use crate::filter_url::Context;
use crate::page::Page;

/// Comments shown.
const NEWEST: usize = 5;
/// Services or touchpoints shown.
const PLACES: usize = 12;
/// Data are fresh when the newest is at most so many days old.
const FRESH_DAYS: i64 = 30;

/// What is asked about every step; the count comes with each answer.
const MEASURES: [Measure; 4] = [Measure::Comments, Measure::Satisfied, Measure::Rating, Measure::Negative];

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    frame: Frame,
    what: String,
    periods: Vec<PeriodChoice>,
    chips: Vec<Chip>,
    clear: String,
    empty: Option<Empty>,
    kpis: Vec<Kpi>,
    trend: Option<Trend>,
    places: Option<Places>,
    newest: Vec<CommentItem>,
    newest_all: String,
    as_of: String,
}

/// A period that can be chosen by a link.
#[derive(Clone)]
pub(super) struct PeriodChoice {
    pub(super) text: String,
    pub(super) href: String,
    pub(super) current: bool,
}

/// Nothing to show: why, and what next.
pub(super) struct Empty {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) actions: Vec<Action>,
}

/// A way on.
pub(super) struct Action {
    pub(super) text: String,
    pub(super) href: String,
}

struct Kpi {
    name: &'static str,
    value: String,
    href: String,
    spark: String,
    change: String,
    change_class: &'static str,
    change_note: String,
    base: String,
}

struct Places {
    title: String,
    what: &'static str,
    column: &'static str,
    rated: bool,
    rows: Vec<PlaceRow>,
    rest: String,
}

struct PlaceRow {
    name: String,
    /// This page for this place alone.
    here: String,
    href: String,
    count: String,
    satisfied: String,
    satisfied_href: String,
    bar: String,
    rated: String,
}

/// Which period is meant, and which can be chosen.
pub(super) struct Periods {
    /// The instants of the oldest and newest feedback under the filter.
    pub(super) span: (Instant, Instant),
    choices: Vec<(String, Option<String>, TimeRange)>,
    usual: usize,
}

/// The page.
pub(super) async fn show(visit: Visit) -> WebResult<Response> {
    let context = Context { zone: visit.zone(), now: visit.app().now() };
    let (mut asked, errors) = Asked::read(visit.query(), context);
    if !errors.is_empty() {
        return Err(Failure::query(errors));
    }
    let as_of = visit.as_of(visit.app().as_of());
    let anywhen = asked.during(TimeRange::default(), None);
    let Some(span) = span(&visit, anywhen.filter()).await? else {
        let filtered = !anywhen.is_everything();
        return nothing(&visit, &asked, filtered, as_of).await;
    };
    let periods = Periods::of(span, &visit);
    let fields = Fields::parse(visit.query());
    if ["period", "from", "to"].iter().all(|name| fields.get(name).is_empty()) {
        asked = periods.usual(&asked);
    }
    let page = fill(&visit, &asked, &periods, as_of).await?;
    Ok(Page(page).into_response())
}

async fn fill(visit: &Visit, asked: &Asked, periods: &Periods, as_of: String) -> WebResult<OverviewPage> {
    let app = visit.app();
    let range = asked.filter().range;
    let compare = period::compared(range, Compare::PeriodBefore, visit.zone()).map(|_| Compare::PeriodBefore);
    let interval = trend::suited(periods.days(range));
    let over_time = Question {
        filter: asked.filter().clone(),
        group_by: vec![Grouping::Time(interval)],
        measures: MEASURES.to_vec(),
        compare,
        limit: 10_000,
    };
    let by_rating = Question {
        filter: asked.filter().clone(),
        group_by: vec![Grouping::Dimension(Dimension::Rating)],
        measures: Vec::new(),
        compare,
        limit: 10,
    };
    let with_words = asked.only(&Dimension::HasWords, &["yes"]);
    let newest = ListQuery { filter: with_words.filter().clone(), order: Order::Newest, after: None, limit: NEWEST };
    let (answer, ratings, newest, places) = tokio::try_join!(
        app.answer(&visit.actor, &over_time),
        app.answer(&visit.actor, &by_rating),
        app.list(&visit.actor, &newest),
        places(visit, asked)
    )?;
    let labels = app.labels();
    let before_range = compare.and_then(|c| period::compared(range, c, visit.zone()));
    let rated = answer.total.values[1].base.is_some_and(|b| b > 0);
    let drawing = Drawing {
        id: "trend",
        answer: &answer,
        place: 1,
        measure: if rated { Measure::Satisfied } else { Measure::Count },
        interval,
        asked,
        before_name: "Before",
    };
    let title = if rated {
        trend::satisfaction(answer.total.values[1], answer.total_before.as_ref().map(|b| b.values[1]))
    } else {
        format!("Feedback by {}", interval.label().to_lowercase())
    };
    let some = answer.total.count != Some(0);
    let begin = periods.span.0;
    // Fewer because nobody counted yet is not fewer.
    let partly = before_range
        .and_then(|b| b.from)
        .is_some_and(|from| format::date(begin, visit.zone()) != format::date(from, visit.zone()) && begin > from);
    Ok(OverviewPage {
        frame: visit.frame("Overview").await?,
        what: what(visit, range, before_range.filter(|_| some), begin),
        periods: periods.links(asked, "/"),
        chips: chips(asked, &labels, &[], visit.zone(), "/", false),
        clear: "/".to_owned(),
        empty: (!some).then(|| empty_period(asked, periods)),
        kpis: kpis(&answer, &ratings, asked, partly),
        trend: Some(drawing.draw(visit, title)),
        places,
        newest: newest
            .items
            .iter()
            .map(|d| CommentItem::of(d, &asked.filter().words, &labels, visit.zone(), &asked.filter_only().query()))
            .collect(),
        newest_all: with_words.explorer(),
        as_of,
    })
}

/// Body and period, and with when it is compared: with as much of the period before as there are
/// data for.
fn what(visit: &Visit, range: TimeRange, before: Option<TimeRange>, begin: Instant) -> String {
    let zone = visit.zone();
    let mut text = format!("{}, {}", visit.settings.name, format::range(range, zone));
    match before {
        Some(b) if b.to.is_some_and(|to| begin >= to) => {
            text.push_str(&format!(". The data begin on {}", format::date(begin, zone)));
        }
        Some(b) if b.from.is_some_and(|from| begin > from) => {
            let seen = format::range(TimeRange { from: Some(begin), to: b.to }, zone);
            text.push_str(&format!(", compared with {seen}, when the data begin"));
        }
        Some(b) => text.push_str(&format!(", compared with {}", format::range(b, zone))),
        None => {}
    }
    text
}

/// When the oldest and the newest feedback under a filter happened.
pub(super) async fn span(visit: &Visit, filter: &Filter) -> commonweal_app::Result<Option<(Instant, Instant)>> {
    let one = |order| ListQuery { filter: filter.clone(), order, after: None, limit: 1 };
    let (oldest, newest) = (one(Order::Oldest), one(Order::Newest));
    let (oldest, newest) =
        tokio::try_join!(visit.app().list(&visit.actor, &oldest), visit.app().list(&visit.actor, &newest))?;
    Ok(oldest.page.items.first().zip(newest.page.items.first()).map(|(o, n)| (o.0, n.0)))
}

impl Periods {
    /// Periods that end today or, when the data are older, with the data.
    pub(super) fn of(span: (Instant, Instant), visit: &Visit) -> Self {
        let (zone, now) = (visit.zone(), visit.app().now());
        let fresh = (now - span.1).num_days() <= FRESH_DAYS;
        let named = |text: &str, period: &str| {
            let range = period::parse(period, now, zone).unwrap_or_default();
            (text.to_owned(), Some(period.to_owned()), range)
        };
        let dated = |text: &str, first: NaiveDate, last: NaiveDate| {
            let range = TimeRange {
                from: Some(period::start_of(first, zone)),
                to: Some(period::start_of(last + Days::new(1), zone)),
            };
            (text.to_owned(), None, range)
        };
        let last = span.1.with_timezone(&zone).date_naive();
        let month = last.with_day(1).unwrap_or(last);
        let mut choices = if fresh {
            vec![named("Last 30 days", "last-30-days"), named("Last 12 months", "last-12-months")]
        } else {
            vec![
                dated("Last 30 days of the data", last - Days::new(29), last),
                dated("Last 12 months of the data", month - Months::new(11), month + Months::new(1) - Days::new(1)),
            ]
        };
        choices.push(("All time".to_owned(), None, TimeRange::default()));
        Self { span, choices, usual: 1 }
    }

    /// What was asked, in the usual period.
    pub(super) fn usual(&self, asked: &Asked) -> Asked {
        let (_, named, range) = &self.choices[self.usual];
        asked.during(*range, named.as_deref())
    }

    /// How many days a range covers, where it is open with the data.
    pub(super) fn days(&self, range: TimeRange) -> i64 {
        let (from, to) = (range.from.unwrap_or(self.span.0), range.to.unwrap_or(self.span.1));
        (to - from).num_days() + i64::from(range.to.is_none())
    }

    /// The choices as links to a page.
    pub(super) fn links(&self, asked: &Asked, path: &str) -> Vec<PeriodChoice> {
        let link = |(text, named, range): &(String, Option<String>, TimeRange)| {
            let href = asked.during(*range, named.as_deref()).at(path);
            PeriodChoice { text: text.clone(), href, current: asked.filter().range == *range }
        };
        self.choices.iter().map(link).collect()
    }
}

/// The key figures. `partly`: the data begin within the period before, so that counts can't be
/// compared, while shares and means can.
fn kpis(answer: &Answer, ratings: &Answer, asked: &Asked, partly: bool) -> Vec<Kpi> {
    let (now, before) = (&answer.total, answer.total_before.as_ref().filter(|b| b.count != Some(0)));
    let count = now.count.unwrap_or(0);
    let note = |clear: bool| if clear { "on the period before" } else { "on the period before, no clear change" };
    let no_before = "Nothing before to compare with";
    let with_words = now.values[0].value.unwrap_or(0.0).round() as u64;
    let mut all = vec![Kpi {
        name: "Feedback",
        value: now.count.map(format::count).unwrap_or_default(),
        href: asked.explorer(),
        spark: trend::spark_of(answer, 0, Measure::Count),
        change: before.filter(|_| !partly).and_then(|b| format::growth(count, b.count?)).unwrap_or_default(),
        change_class: "",
        change_note: match (before, partly) {
            (None, _) => no_before,
            (Some(_), true) => "No whole period before to compare with",
            (Some(_), false) => note(true),
        }
        .to_owned(),
        base: format!("{} with words", format::count(with_words)),
    }];
    for (place, measure) in MEASURES.iter().enumerate().skip(1) {
        let (value, earlier) = (now.values[place], before.map(|b| b.values[place]));
        let change = match measure {
            Measure::Rating => change::of_ratings(&steps(ratings, false), &steps(ratings, true)),
            _ => trend::share_change(value, earlier),
        };
        let good_when_up = *measure != Measure::Negative;
        let difference = earlier.and_then(|e| difference(*measure, value, e));
        let clear = matches!(change, Change::Rose | Change::Fell);
        all.push(Kpi {
            name: match measure {
                Measure::Satisfied => "Satisfied",
                Measure::Rating => "Mean rating",
                _ => "Negative",
            },
            value: value.value.map(|v| trend::written(*measure, v)).unwrap_or_default(),
            href: trend::behind(asked, *measure).explorer(),
            spark: trend::spark_of(answer, place, *measure),
            change_class: match (clear, (change == Change::Rose) == good_when_up) {
                (false, _) => "",
                (true, true) => "cw-change--better",
                (true, false) => "cw-change--worse",
            },
            change_note: match (&difference, change) {
                (None, _) if value.base.unwrap_or(0) == 0 => String::new(),
                (None, _) => no_before.to_owned(),
                (Some(_), Change::TooFew) => "on the period before, too few to tell".to_owned(),
                (Some(d), _) => note(clear || d == "no change").to_owned(),
            },
            change: difference.unwrap_or_default(),
            base: base(*measure, value),
        });
    }
    all
}

fn base(measure: Measure, value: Value) -> String {
    let Some(base) = value.base else { return "Not shown: too few".to_owned() };
    let n = format::count(base);
    match measure {
        Measure::Satisfied => format!("{n} rated; 4 or 5 of 5 is satisfied"),
        Measure::Rating => format!("{n} rated, from 1 to 5"),
        _ => format!("{n} with a sentiment, read by machine"),
    }
}

fn difference(measure: Measure, now: Value, before: Value) -> Option<String> {
    let (now, before) = (now.value?, before.value?);
    Some(if measure == Measure::Rating { format::mean_difference(now, before) } else { format::points(now, before) })
}

/// How many gave each of the five steps.
fn steps(answer: &Answer, before: bool) -> [u64; 5] {
    let mut steps = [0; 5];
    for group in &answer.groups {
        let figures = if before { group.before.as_ref() } else { Some(&group.figures) };
        let step = group.keys.first().and_then(|k| k.parse::<usize>().ok()).filter(|s| (1..=5).contains(s));
        if let (Some(figures), Some(step)) = (figures, step) {
            steps[step - 1] = figures.count.unwrap_or(0);
        }
    }
    steps
}

/// Services with their figures; the touchpoints of the one there is when there is but one.
async fn places(visit: &Visit, asked: &Asked) -> commonweal_app::Result<Option<Places>> {
    let question = |dimension: Dimension| Question {
        filter: asked.filter().clone(),
        group_by: vec![Grouping::Dimension(dimension)],
        measures: vec![Measure::Satisfied],
        compare: None,
        limit: PLACES,
    };
    let named = |answer: &Answer| answer.groups.iter().filter(|g| g.keys[0] != NONE).count();
    let labels = visit.app().labels();
    let answer = visit.app().answer(&visit.actor, &question(Dimension::Service)).await?;
    let (answer, dimension) = if named(&answer) > 1 {
        (answer, Dimension::Service)
    } else {
        (visit.app().answer(&visit.actor, &question(Dimension::Touchpoint)).await?, Dimension::Touchpoint)
    };
    if named(&answer) == 0 {
        return Ok(None);
    }
    let rows = answer.groups.iter().map(|g| place_row(&g.keys[0], &g.figures, asked, &dimension, &labels));
    let (column, plural) = match dimension {
        Dimension::Service => ("Service", "services"),
        _ => ("Touchpoint", "touchpoints"),
    };
    Ok(Some(Places {
        title: weak_point(&answer, &dimension, &labels)
            .unwrap_or_else(|| if dimension == Dimension::Service { "Services" } else { "Touchpoints" }.to_owned()),
        what: "Satisfied (4 or 5 of 5), of those who rated; most feedback first",
        column,
        rated: answer.total.values[0].base.is_some_and(|b| b > 0),
        rest: if answer.others > 0 {
            format!("And {} more {plural} with less feedback.", format::count(answer.others))
        } else {
            String::new()
        },
        rows: rows.collect(),
    }))
}

fn place_row(key: &str, figures: &Figures, asked: &Asked, dimension: &Dimension, labels: &Labels) -> PlaceRow {
    let here = asked.only(dimension, &[key]);
    let value = figures.values[0];
    // Three answers are not a share.
    let share = value.value.filter(|_| value.base.is_some_and(|b| b >= 10));
    PlaceRow {
        name: labels.value(dimension, key),
        href: here.explorer(),
        count: figures.count.map(format::count).unwrap_or_default(),
        satisfied: share.map(format::percent).unwrap_or_default(),
        satisfied_href: trend::behind(&here, Measure::Satisfied).explorer(),
        bar: share.map(|s| format!("{:.0}", s * 100.0)).unwrap_or_default(),
        rated: value.base.map(format::count).unwrap_or_default(),
        here: here.filter_only().at("/"),
    }
}

/// Names the place with the lowest satisfaction, when it is below the others beyond chance.
fn weak_point(answer: &Answer, dimension: &Dimension, labels: &Labels) -> Option<String> {
    let share = |v: Value| Some(Share { value: v.value?, base: v.base? });
    let all = share(answer.total.values[0])?;
    let candidates = answer.groups.iter().filter(|g| g.keys[0] != NONE);
    let with_share = candidates.filter_map(|g| Some((&g.keys[0], share(g.figures.values[0])?)));
    let enough = with_share.filter(|(_, s)| s.base >= change::LEAST_BASE);
    let (key, lowest) = enough.min_by(|a, b| a.1.value.total_cmp(&b.1.value))?;
    let rest_base = all.base.checked_sub(lowest.base).filter(|b| *b > 0)?;
    let satisfied = all.value * all.base as f64 - lowest.value * lowest.base as f64;
    let rest = Share { value: (satisfied / rest_base as f64).clamp(0.0, 1.0), base: rest_base };
    let (low, elsewhere) = (format::percent(lowest.value), format::percent(rest.value));
    (change::stands_below(lowest, rest) && low != elsewhere).then(|| {
        let name = labels.value(dimension, key);
        format!("{name} is the weak point: {low} satisfied, {elsewhere} elsewhere")
    })
}

fn empty_period(asked: &Asked, periods: &Periods) -> Empty {
    let links = periods.links(asked, "/");
    Empty {
        title: "No feedback in this period".to_owned(),
        text: "There is feedback from other times. Choose another period.".to_owned(),
        actions: links.into_iter().filter(|l| !l.current).map(|l| Action { text: l.text, href: l.href }).collect(),
    }
}

/// No feedback at all, or none under the filter whenever it was.
async fn nothing(visit: &Visit, asked: &Asked, filtered: bool, as_of: String) -> WebResult<Response> {
    let labels = visit.app().labels();
    let page = OverviewPage {
        frame: visit.frame("Overview").await?,
        what: visit.settings.name.clone(),
        periods: Vec::new(),
        chips: chips(asked, &labels, &[], visit.zone(), "/", false),
        clear: "/".to_owned(),
        empty: Some(if filtered { no_match("/") } else { no_data(visit) }),
        kpis: Vec::new(),
        trend: None,
        places: None,
        newest: Vec::new(),
        newest_all: String::new(),
        as_of,
    };
    Ok(Page(page).into_response())
}

fn no_match(clear: &str) -> Empty {
    Empty {
        title: "Nothing matches these filters".to_owned(),
        text: "There is feedback, but none that fits all filters at once. Take one away, or all of them.".to_owned(),
        actions: vec![Action { text: "Clear all filters".to_owned(), href: clear.to_owned() }],
    }
}

/// The first page that somebody sees after setting up.
pub(super) fn no_data(visit: &Visit) -> Empty {
    let may_import = visit.may(Permission::ImportFiles);
    Empty {
        title: "No feedback yet".to_owned(),
        text: if may_import {
            "Hand in a spreadsheet of comments or ratings that you have already, or connect a web form by the API. The first counts appear within a second."
        } else {
            "Nobody has handed anything in yet. A manager of your body can import a spreadsheet or connect a web form."
        }
        .to_owned(),
        actions: if may_import {
            vec![Action { text: "Import a file".to_owned(), href: "/imports/new".to_owned() }]
        } else {
            Vec::new()
        },
    }
}
