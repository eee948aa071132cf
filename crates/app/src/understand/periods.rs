//! The period that is meant when none is said, and those that can be chosen: they end today or, when the
//! data are older, with the data.

use chrono::{Datelike, Days, Months, NaiveDate};
use chrono_tz::Tz;
use commonweal_domain::question::{Compare, Interval, ListQuery, Order};
use commonweal_domain::{Actor, Filter, Instant, PageRequest, Permission, TimeRange, period};

use super::small_groups::of_everybody;
use super::thresholds::{FRESH_DAYS, MIN_RECENT};
use crate::app::authorise;
use crate::{App, Result};

/// Which period a choice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodKind {
    /// The last 30 days.
    LastDays,
    /// The last 12 months.
    LastMonths,
    /// The last 30 days of data that are older.
    DataDays,
    /// The last 12 months of data that are older.
    DataMonths,
    /// All time.
    All,
}

impl PeriodKind {
    /// The name of the period in addresses and at the command line, where it has one.
    pub fn key(self) -> Option<&'static str> {
        match self {
            Self::LastDays => Some("last-30-days"),
            Self::LastMonths => Some("last-12-months"),
            Self::DataDays | Self::DataMonths | Self::All => None,
        }
    }
}

/// A period that can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodChoice {
    /// Which.
    pub kind: PeriodKind,
    /// From when to when.
    pub range: TimeRange,
}

/// The period before, with which one is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodBefore {
    /// From when to when.
    pub range: TimeRange,
    /// Whether the data begin within it (or after it): fewer because nobody counted yet is not fewer, and
    /// what was counted may be another mix of services.
    pub partly: bool,
}

impl PeriodBefore {
    /// How the question asks for it.
    pub const COMPARE: Compare = Compare::PeriodBefore;
}

/// When the feedback under a filter happened, and which periods suit it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Periods {
    /// When the oldest happened.
    pub begin: Instant,
    /// When the newest happened.
    pub newest: Instant,
    /// What can be chosen.
    pub choices: Vec<PeriodChoice>,
    usual: usize,
    /// Whether feedback still comes in.
    fresh: bool,
    /// End of the day of the newest.
    end: Instant,
    zone: Tz,
}

impl App {
    /// The periods of the feedback under a filter, whatever its own period; nothing where there is none. Whoever may
    /// not see exact figures of people is told when everybody's feedback happened, not when a small group's did.
    pub async fn periods(&self, actor: &Actor, filter: &Filter) -> Result<Option<Periods>> {
        authorise(actor, Permission::ReadFigures)?;
        let told = if self.is_protected_under(actor, filter) { of_everybody(filter) } else { filter.clone() };
        let one = |order, limit| ListQuery {
            filter: Filter { range: TimeRange::default(), ..told.clone() },
            order,
            page: PageRequest::first(limit),
        };
        let (oldest, newest) = (one(Order::Oldest, 1), one(Order::Newest, MIN_RECENT));
        let (oldest, newest) = tokio::try_join!(self.inner.index.list(&oldest), self.inner.index.list(&newest))?;
        let newest: Vec<Instant> = newest.keys.items.into_iter().map(|(at, _)| at).collect();
        let edges = oldest.keys.items.first().map(|(at, _)| *at).zip(newest.first().copied());
        Ok(edges.map(|edges| {
            Periods::of(edges, newest.get(MIN_RECENT - 1).copied(), self.now(), self.settings().time_zone)
        }))
    }
}

impl Periods {
    /// `recent`: when the last of the newest [`MIN_RECENT`] happened, where there are so many.
    fn of((begin, newest): (Instant, Instant), recent: Option<Instant>, now: Instant, zone: Tz) -> Self {
        let fresh = (now - newest).num_days() <= FRESH_DAYS;
        let last = newest.with_timezone(&zone).date_naive();
        let mut choices = if fresh {
            [PeriodKind::LastDays, PeriodKind::LastMonths].map(|kind| named(kind, now, zone)).to_vec()
        } else {
            let month = last.with_day(1).unwrap_or(last);
            vec![
                dated(PeriodKind::DataDays, last - Days::new(29), last, zone),
                dated(PeriodKind::DataMonths, month - Months::new(11), month + Months::new(1) - Days::new(1), zone),
            ]
        };
        choices.push(PeriodChoice { kind: PeriodKind::All, range: TimeRange::default() });
        // A few stray pieces long after the rest.
        let few_of_late = recent.is_some_and(|recent| (newest - recent).num_days() > 365);
        let usual = if few_of_late { choices.len() - 1 } else { 1 };
        Self { begin, newest, choices, usual, fresh, end: period::start_of(last + Days::new(1), zone), zone }
    }

    /// The period that is meant when none is said.
    pub fn usual(&self) -> PeriodChoice {
        self.choices[self.usual]
    }

    /// How many days a range covers, where it is open with the data.
    pub fn days(&self, range: TimeRange) -> i64 {
        let (from, to) = (range.from.unwrap_or(self.begin), range.to.unwrap_or(self.newest));
        (to - from).num_days() + i64::from(range.to.is_none())
    }

    /// The step in which a range is shown when nobody chose one.
    pub fn default_interval(&self, range: TimeRange) -> Interval {
        period::default_interval(self.days(range))
    }

    /// The period before a range; nothing where the range is open.
    pub fn before(&self, range: TimeRange) -> Option<PeriodBefore> {
        let before = period::compared(range, PeriodBefore::COMPARE, self.zone)?;
        let date = |at: Instant| at.with_timezone(&self.zone).date_naive();
        let partly = before.from.is_some_and(|from| self.begin > from && date(self.begin) != date(from));
        Some(PeriodBefore { range: before, partly })
    }

    /// The range at the end of which changes are looked for: where the data are older, what was usual
    /// ends with them.
    pub fn judged(&self, range: TimeRange) -> TimeRange {
        let over = !self.fresh && range.to.is_none_or(|to| to > self.end);
        TimeRange { to: if over { Some(self.end) } else { range.to }, ..range }
    }
}

fn named(kind: PeriodKind, now: Instant, zone: Tz) -> PeriodChoice {
    let range = kind.key().and_then(|key| period::parse(key, now, zone).ok());
    PeriodChoice { kind, range: range.unwrap_or_default() }
}

fn dated(kind: PeriodKind, first: NaiveDate, last: NaiveDate, zone: Tz) -> PeriodChoice {
    let (from, to) = (period::start_of(first, zone), period::start_of(last + Days::new(1), zone));
    PeriodChoice { kind, range: TimeRange { from: Some(from), to: Some(to) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    fn periods(begin: &str, newest: &str, recent: Option<&str>) -> Periods {
        Periods::of((at(begin), at(newest)), recent.map(at), at("2024-04-10T12:00:00Z"), Tz::Europe__London)
    }

    #[test]
    fn fresh_data_are_shown_up_to_today() {
        let found = periods("2020-01-01T00:00:00Z", "2024-04-01T10:00:00Z", Some("2024-03-01T10:00:00Z"));
        assert_eq!(found.usual().kind, PeriodKind::LastMonths);
        assert_eq!(found.judged(TimeRange::default()).to, None);
    }

    #[test]
    fn older_data_are_shown_up_to_their_end() {
        let found = periods("2020-01-01T00:00:00Z", "2022-09-15T10:00:00Z", Some("2022-09-01T10:00:00Z"));
        let usual = found.usual();
        assert_eq!(usual.kind, PeriodKind::DataMonths);
        assert_eq!(usual.range.from, Some(at("2021-09-30T23:00:00Z")), "October, in summer time");
        assert_eq!(usual.range.to, Some(at("2022-09-30T23:00:00Z")));
        assert_eq!(found.judged(TimeRange::default()).to, Some(at("2022-09-15T23:00:00Z")));
        assert_eq!(found.days(usual.range), 365);
        assert_eq!(found.default_interval(usual.range), Interval::Month);
    }

    #[test]
    fn a_few_stray_pieces_long_after_the_rest_make_all_time_the_usual_period() {
        let found = periods("2018-01-01T00:00:00Z", "2024-04-01T10:00:00Z", Some("2019-03-01T10:00:00Z"));
        assert_eq!(found.usual().kind, PeriodKind::All);
        let few_in_all = periods("2024-01-01T00:00:00Z", "2024-04-01T10:00:00Z", None);
        assert_eq!(few_in_all.usual().kind, PeriodKind::LastMonths);
    }

    #[test]
    fn a_period_before_in_which_the_data_begin_is_one_in_part() {
        let range = TimeRange { from: Some(at("2024-03-01T00:00:00Z")), to: Some(at("2024-03-31T23:00:00Z")) };
        let before = |begin| periods(begin, "2024-04-01T10:00:00Z", None).before(range).expect("a period");
        assert!(before("2024-02-10T10:00:00Z").partly);
        assert!(!before("2024-02-01T10:00:00Z").partly, "on its first day");
        assert!(!before("2023-02-01T10:00:00Z").partly);
        assert_eq!(periods("2023-02-01T10:00:00Z", "2024-04-01T10:00:00Z", None).before(TimeRange::default()), None);
    }
}
