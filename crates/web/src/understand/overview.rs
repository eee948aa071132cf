//! The Overview: what is going on, each number with the way to the words behind it.

mod changed;
mod highlights;
mod kpis;
mod strip;
mod top_themes;

use askama::Template;
use axum::response::{IntoResponse, Response};
use commonweal_app::{Changes, ChangesOptions, Question};
use commonweal_domain::question::{Compare, Grouping, ListQuery, Measure, Order};
use commonweal_domain::{Dimension, Instant, TimeRange, period};

use crate::http::error::{Failure, WebResult};
use crate::l10n::{Say, console};
use crate::ui::asked::Asked;
use crate::ui::chips::{Chip, chips};
use crate::ui::comments::CommentItem;
use crate::ui::empty::{Action, Empty, no_data, no_match};
use crate::ui::filter_url::Context;
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;
use crate::ui::periods::{PeriodChoice, Periods, few_of_late, span};
use crate::ui::scope::names_period;
use crate::understand::trend::{self, Drawing, Trend};

use changed::Changed;
use highlights::{Sentence, Shown};
use kpis::Kpi;
use strip::Strips;
use top_themes::Themes;

/// Comments shown.
const NEWEST: usize = 5;
/// Themes asked for: all that a codeframe has, as a rule.
const THEMES: usize = 200;
/// What is asked about every step; the count comes with each answer.
const MEASURES: [Measure; 4] = [Measure::Comments, Measure::Satisfied, Measure::Rating, Measure::Negative];

#[derive(Template)]
#[template(path = "understand/overview.html")]
struct OverviewPage {
    say: Say,
    frame: Frame,
    what: String,
    periods: Vec<PeriodChoice>,
    chips: Vec<Chip>,
    clear: String,
    empty: Option<Empty>,
    kpis: Vec<Kpi>,
    short: Vec<Sentence>,
    little: String,
    trend: Option<Trend>,
    changed: Option<Changed>,
    journey: Option<Strips>,
    themes: Option<Themes>,
    newest: Vec<CommentItem>,
    newest_all: String,
    as_of: String,
}

/// The page.
pub(crate) async fn show(visit: Visit) -> WebResult<Response> {
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
    let mut periods = Periods::of(span, &visit);
    if few_of_late(&visit, anywhen.filter()).await? {
        periods.all_is_usual();
    }
    if !names_period(visit.query()) {
        asked = periods.usual(&asked);
    }
    let page = fill(&visit, &asked, &periods, as_of).await?;
    Ok(Page(page).into_response())
}

async fn fill(visit: &Visit, asked: &Asked, periods: &Periods, as_of: String) -> WebResult<OverviewPage> {
    let (app, say) = (visit.app(), console());
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
    let by_theme = Question {
        filter: with_words.filter().clone(),
        group_by: vec![Grouping::Dimension(Dimension::Theme)],
        measures: vec![Measure::Satisfied, Measure::Negative],
        compare,
        limit: THEMES,
    };
    let newest = ListQuery { filter: with_words.filter().clone(), order: Order::Newest, after: None, limit: NEWEST };
    let (answer, ratings, themes, newest, journey, found) = tokio::try_join!(
        app.answer(&visit.actor, &over_time),
        app.answer(&visit.actor, &by_rating),
        app.answer(&visit.actor, &by_theme),
        app.list(&visit.actor, &newest),
        app.journey(&visit.actor, asked.filter()),
        unusual(visit, asked, periods),
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
        before_name: say.t("trend-before"),
    };
    let title = if rated {
        trend::satisfaction(answer.total.values[1], answer.total_before.as_ref().map(|b| b.values[1]))
    } else {
        say.with("overview-trend-count", &[("step", trend::step(interval).into())])
    };
    let some = answer.total.count != Some(0);
    let begin = periods.span.0;
    // Fewer because nobody counted yet is not fewer.
    let partly = before_range
        .and_then(|b| b.from)
        .is_some_and(|from| format::date(begin, visit.zone()) != format::date(from, visit.zone()) && begin > from);
    let short = highlights::sentences(Shown {
        asked,
        answer: &answer,
        journey: &journey,
        themes: &themes,
        names: &labels,
        partly,
        change: found.as_ref().and_then(|f| changed::sentence(visit, asked, f)),
    });
    Ok(OverviewPage {
        say,
        frame: visit.frame(say.t("overview-title")).await?,
        little: if short.is_empty() {
            say.count("overview-short-little", answer.total.count.unwrap_or(0))
        } else {
            String::new()
        },
        short,
        what: what(visit, range, before_range.filter(|_| some), begin),
        periods: periods.links(asked, "/"),
        chips: chips(asked, &labels, &[], visit.zone(), "/", false),
        clear: "/".to_owned(),
        empty: (!some).then(|| empty_period(asked, periods)),
        kpis: kpis::kpis(&answer, &ratings, asked, partly),
        trend: Some(drawing.draw(visit, title)),
        changed: found.as_ref().map(|f| changed::changed(visit, asked, f)),
        journey: strip::strips(&journey, asked, &labels),
        themes: top_themes::top(&themes, asked, &labels),
        newest: newest
            .items
            .iter()
            .map(|d| {
                let href = asked.filter_only().feedback(d.id);
                CommentItem::of(d, &asked.filter().words, &labels, visit.zone(), href)
            })
            .collect(),
        newest_all: with_words.explorer(),
        as_of,
    })
}

/// What is out of the usual at the end of the period; nothing where the filter singles out so few that it
/// may not be told.
async fn unusual(visit: &Visit, asked: &Asked, periods: &Periods) -> commonweal_app::Result<Option<Changes>> {
    let mut filter = asked.filter().clone();
    if !periods.fresh && filter.range.to.is_none_or(|to| to > periods.end) {
        // The data are older: what was usual ends with them.
        filter.range.to = Some(periods.end);
    }
    let options = ChangesOptions { quick: true, limit: 50, ..ChangesOptions::default() };
    match visit.app().changes(&visit.actor, &filter, &options).await {
        Ok(found) => Ok(Some(found)),
        Err(commonweal_app::Error::Invalid(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Body and period, and with when it is compared: with as much of the period before as there are
/// data for.
fn what(visit: &Visit, range: TimeRange, before: Option<TimeRange>, begin: Instant) -> String {
    let (zone, say) = (visit.zone(), console());
    let mut told = vec![("body", visit.settings.name.clone().into()), ("period", format::range(range, zone).into())];
    let id = match before {
        Some(b) if b.to.is_some_and(|to| begin >= to) => {
            told.push(("begin", format::date(begin, zone).into()));
            "overview-what-begin"
        }
        Some(b) if b.from.is_some_and(|from| begin > from) => {
            let seen = format::range(TimeRange { from: Some(begin), to: b.to }, zone);
            told.push(("before", seen.into()));
            "overview-what-partly"
        }
        Some(b) => {
            told.push(("before", format::range(b, zone).into()));
            "overview-what-compared"
        }
        None => "overview-what",
    };
    say.with(id, &told)
}

fn empty_period(asked: &Asked, periods: &Periods) -> Empty {
    let links = periods.links(asked, "/");
    Empty {
        title: console().t("overview-empty-period"),
        text: console().t("overview-empty-period-what"),
        actions: links.into_iter().filter(|l| !l.current).map(|l| Action { text: l.text, href: l.href }).collect(),
    }
}

/// No feedback at all, or none under the filter whenever it was.
async fn nothing(visit: &Visit, asked: &Asked, filtered: bool, as_of: String) -> WebResult<Response> {
    let page = OverviewPage {
        say: console(),
        frame: visit.frame(console().t("overview-title")).await?,
        what: visit.settings.name.clone(),
        periods: Vec::new(),
        chips: chips(asked, &visit.app().labels(), &[], visit.zone(), "/", false),
        clear: "/".to_owned(),
        empty: Some(if filtered { no_match("/") } else { no_data(visit) }),
        kpis: Vec::new(),
        short: Vec::new(),
        little: String::new(),
        trend: None,
        changed: None,
        journey: None,
        themes: None,
        newest: Vec::new(),
        newest_all: String::new(),
        as_of,
    };
    Ok(Page(page).into_response())
}
