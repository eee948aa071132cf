//! The Overview: what waits for whoever is signed in, and what is going on, each number with the way to the words behind it.

mod changed;
mod highlights;
mod kpis;
mod strip;
mod top_themes;

use askama::Template;
use axum::response::{IntoResponse, Response};
use commonweal_app::{Evidence, FeedbackPage, Periods};
use commonweal_domain::question::{ListQuery, Measure, Order};
use commonweal_domain::{Instant, PageRequest, Permission, TimeRange};

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
use crate::ui::periods::{self, PeriodLink};
use crate::ui::scope::names_period;
use crate::ui::waits::{Wait, waits};
use crate::understand::trend::{self, Drawing, Trend};

use changed::Changed;
use highlights::Sentence;
use kpis::Kpi;
use strip::Strips;
use top_themes::Themes;

/// Comments shown.
const NEWEST: usize = 5;

#[derive(Template)]
#[template(path = "understand/overview.html")]
struct OverviewPage {
    say: Say,
    frame: Frame,
    what: String,
    waits: Vec<Wait>,
    periods: Vec<PeriodLink>,
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
    let Some(periods) = visit.app().periods(&visit.actor, asked.filter()).await? else {
        return nothing(&visit, &asked, !anywhen.is_everything(), as_of).await;
    };
    if !names_period(visit.query()) {
        asked = periods::chosen(&asked, &periods.usual());
    }
    let page = fill(&visit, &asked, &periods, as_of).await?;
    Ok(Page(page).into_response())
}

async fn fill(visit: &Visit, asked: &Asked, periods: &Periods, as_of: String) -> WebResult<OverviewPage> {
    let (app, say) = (visit.app(), console());
    let range = asked.filter().range;
    let with_words = asked.behind(Measure::Comments);
    let newest =
        ListQuery { filter: with_words.filter().clone(), order: Order::Newest, page: PageRequest::first(NEWEST) };
    // Beside one another: what waits takes no time of its own. The navigation finds it counted.
    let (evidence, newest, waits) = tokio::try_join!(
        async { Ok::<_, Failure>(app.evidence(&visit.actor, asked.filter(), periods).await?) },
        async {
            if !visit.may(Permission::ReadFeedback) {
                return Ok::<_, Failure>(FeedbackPage::default());
            }
            Ok(app.list(&visit.actor, &newest).await?)
        },
        waits(visit),
    )?;
    let labels = app.labels();
    let some = evidence.over_time.total.count != Some(0);
    let before = evidence.before.map(|before| before.range).filter(|_| some);
    let short = highlights::sentences(&evidence.findings(), asked, &labels);
    Ok(OverviewPage {
        say,
        frame: visit.frame(say.t("overview-title")).await?,
        little: if short.is_empty() {
            say.count("overview-short-little", evidence.over_time.total.count.unwrap_or(0))
        } else {
            String::new()
        },
        short,
        what: what(visit, range, before, periods.begin),
        waits,
        periods: periods::links(periods, asked, "/"),
        chips: chips(asked, &labels, &[], visit.zone(), "/", false),
        clear: "/".to_owned(),
        empty: (!some).then(|| empty_period(asked, periods)),
        kpis: kpis::kpis(&evidence, asked),
        trend: Some(over_time(visit, asked, &evidence)),
        changed: evidence.changes.as_ref().map(|f| changed::changed(visit, asked, f)),
        journey: strip::strips(&evidence.journey, asked, &labels),
        themes: top_themes::top(&evidence.themes, asked, &labels),
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

/// Satisfaction over time or, where nobody rated, how much came in.
fn over_time(visit: &Visit, asked: &Asked, evidence: &Evidence) -> Trend {
    let (say, interval) = (console(), evidence.interval);
    let (satisfied, before) = evidence.total(Measure::Satisfied);
    let rated = satisfied.base.is_some_and(|base| base > 0);
    let drawing = Drawing {
        id: "trend",
        answer: &evidence.over_time,
        place: 1,
        measure: if rated { Measure::Satisfied } else { Measure::Count },
        interval,
        asked,
        before_name: say.t("trend-before"),
    };
    let title = if rated {
        trend::satisfaction(satisfied, before)
    } else {
        say.with("overview-trend-count", &[("step", trend::step(interval).into())])
    };
    drawing.draw(visit, title)
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
    let links = periods::links(periods, asked, "/");
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
        waits: waits(visit).await?,
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
