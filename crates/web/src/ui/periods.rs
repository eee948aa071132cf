//! Which period a page speaks of: those that can be chosen, and which is usual for the data there are.

use chrono::{Datelike, Days, Months, NaiveDate};
use commonweal_domain::question::{ListQuery, Order};
use commonweal_domain::{Filter, Instant, TimeRange, period};

use crate::l10n::console;
use crate::ui::asked::Asked;
use crate::ui::frame::Visit;

/// Data are fresh when the newest is at most so many days old.
const FRESH_DAYS: i64 = 30;

/// Fewer pieces of feedback than this in the last year of the data are strays.
const FEW: usize = 30;

/// A period that can be chosen by a link.
#[derive(Clone)]
pub(crate) struct PeriodChoice {
    pub(crate) text: String,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// Which period is meant, and which can be chosen.
pub(crate) struct Periods {
    /// The instants of the oldest and newest feedback under the filter.
    pub(crate) span: (Instant, Instant),
    choices: Vec<(String, Option<String>, TimeRange)>,
    usual: usize,
    /// Whether feedback still comes in.
    pub(crate) fresh: bool,
    /// End of the day of the newest.
    pub(crate) end: Instant,
}

impl Periods {
    /// Periods that end today or, when the data are older, with the data.
    pub(crate) fn of(span: (Instant, Instant), visit: &Visit) -> Self {
        let (zone, now) = (visit.zone(), visit.app().now());
        let fresh = (now - span.1).num_days() <= FRESH_DAYS;
        let say = console();
        let named = |id: &str, period: &str| {
            let range = period::parse(period, now, zone).unwrap_or_default();
            (say.t(id), Some(period.to_owned()), range)
        };
        let dated = |id: &str, first: NaiveDate, last: NaiveDate| {
            let range = TimeRange {
                from: Some(period::start_of(first, zone)),
                to: Some(period::start_of(last + Days::new(1), zone)),
            };
            (say.t(id), None, range)
        };
        let last = span.1.with_timezone(&zone).date_naive();
        let month = last.with_day(1).unwrap_or(last);
        let mut choices = if fresh {
            vec![named("period-days", "last-30-days"), named("period-months", "last-12-months")]
        } else {
            vec![
                dated("period-data-days", last - Days::new(29), last),
                dated("period-data-months", month - Months::new(11), month + Months::new(1) - Days::new(1)),
            ]
        };
        choices.push((say.t("period-all"), None, TimeRange::default()));
        Self { span, choices, usual: 1, fresh, end: period::start_of(last + Days::new(1), zone) }
    }

    /// Takes the whole time as the usual period.
    pub(crate) fn all_is_usual(&mut self) {
        self.usual = self.choices.len() - 1;
    }

    /// What was asked, in the usual period.
    pub(crate) fn usual(&self, asked: &Asked) -> Asked {
        let (_, named, range) = &self.choices[self.usual];
        asked.during(*range, named.as_deref())
    }

    /// How many days a range covers, where it is open with the data.
    pub(crate) fn days(&self, range: TimeRange) -> i64 {
        let (from, to) = (range.from.unwrap_or(self.span.0), range.to.unwrap_or(self.span.1));
        (to - from).num_days() + i64::from(range.to.is_none())
    }

    /// The choices as links to a page.
    pub(crate) fn links(&self, asked: &Asked, path: &str) -> Vec<PeriodChoice> {
        let link = |(text, named, range): &(String, Option<String>, TimeRange)| {
            let href = asked.during(*range, named.as_deref()).at(path);
            PeriodChoice { text: text.clone(), href, current: asked.filter().range == *range }
        };
        self.choices.iter().map(link).collect()
    }
}

/// When the oldest and the newest feedback under a filter happened.
pub(crate) async fn span(visit: &Visit, filter: &Filter) -> commonweal_app::Result<Option<(Instant, Instant)>> {
    let one = |order| ListQuery { filter: filter.clone(), order, after: None, limit: 1 };
    let (oldest, newest) = (one(Order::Oldest), one(Order::Newest));
    let (oldest, newest) =
        tokio::try_join!(visit.app().list(&visit.actor, &oldest), visit.app().list(&visit.actor, &newest))?;
    Ok(oldest.page.items.first().zip(newest.page.items.first()).map(|(o, n)| (o.0, n.0)))
}

/// Whether the last year of the data holds only a few stray pieces: an answer that somebody tried out long after a
/// file of earlier years. The usual period would then say next to nothing.
pub(crate) async fn few_of_late(visit: &Visit, filter: &Filter) -> commonweal_app::Result<bool> {
    let newest = ListQuery { filter: filter.clone(), order: Order::Newest, after: None, limit: FEW };
    let items = visit.app().list(&visit.actor, &newest).await?.page.items;
    let (first, last) = (items.first().map(|i| i.0), items.get(FEW - 1).map(|i| i.0));
    Ok(first.zip(last).is_some_and(|(newest, earlier)| (newest - earlier).num_days() > 365))
}
