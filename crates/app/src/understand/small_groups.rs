//! Small groups: what may be asked about groups of *people*, and what is answered. A question is about groups of
//! people where it filters or groups by an area or a free attribute. Then, for whoever may not see exact figures:
//!
//! - it is made of cells of a fixed lattice, each with the noise that its very set of feedback always has
//!   (`domain/lattice.rs`, `domain/protect.rs`);
//! - each value that a filter names, and everybody else beside it, has to reach the body's minimum;
//! - what does not reach it is not shown and not named.
//!
//! Everything else is exact at any size. Why: `docs/adr/011-small-groups-a-rule-about-questions.md`.

mod shown;
mod tally;

use std::sync::Arc;

use commonweal_domain::protect::{Noise, Protection, Sum};
use commonweal_domain::question::{
    Answer, Compare, Facet, FacetOption, Figures, Grouping, Interval, ListQuery, Measure, Order, Query,
};
use commonweal_domain::{
    Actor, Dimension, FieldErrors, Filter, Instant, PageRequest, Permission, TimeRange, lattice, period,
};

use super::explore::{MAX_GROUPS, invalid};
use super::remembered::Remembered;
use crate::hash::hmac;
use crate::{App, Error, Result};
use shown::{Period, Showing, is_rest_small};
use tally::{Counter, STEPS, Tally, moods};

/// Whether the answer to this question is about groups of people.
pub(super) fn about_people(query: &Query) -> bool {
    query.filter.describes_people() || query.group_by.iter().any(of_people)
}

fn of_people(grouping: &Grouping) -> bool {
    matches!(grouping, Grouping::Dimension(d) if d.describes_people())
}

/// The filter without what it asks of people.
pub(super) fn of_everybody(filter: &Filter) -> Filter {
    let mut other = filter.clone();
    other.clauses.retain(|dimension, _| !dimension.describes_people());
    other
}

/// What each question about people needs to know of everything there is.
#[derive(Default)]
pub(crate) struct Known {
    span: Remembered<(), Span>,
    choices: Remembered<Vec<Dimension>, Arc<Vec<Facet>>>,
    /// Filters that may be asked about, with the minimum of the body.
    allowed: Remembered<(u64, Filter), ()>,
    /// What steps and moods mean in numbers, among everybody whom a filter means.
    means: Remembered<(Filter, Dimension), [f64; 5]>,
}

/// When a body's feedback happened, oldest and newest.
#[derive(Clone, Copy)]
struct Span {
    begin: Instant,
    newest: Instant,
}

impl App {
    /// Whether what this actor is shown of groups of people is protected.
    pub fn is_protected(&self, actor: &Actor) -> bool {
        self.settings().minimum_group > 1 && !actor.may(Permission::ReadExactFigures)
    }

    /// Whether what is asked under this filter is protected from this actor.
    pub fn is_protected_under(&self, actor: &Actor, filter: &Filter) -> bool {
        filter.describes_people() && self.is_protected(actor)
    }

    /// The step by which a chart may be drawn, this one where nothing is against it: of groups of people there are figures by
    /// month alone.
    pub fn charted_by(&self, actor: &Actor, filter: &Filter, usual: Interval) -> Interval {
        if self.is_protected_under(actor, filter) { Interval::Month } else { usual }
    }

    /// The answer to a question about groups of people, protected.
    pub(super) async fn protected(&self, query: &Query, compare: Option<Compare>) -> Result<Answer> {
        if let Some(by) = query.group_by.iter().find_map(|g| match g {
            Grouping::Time(by) if *by != Interval::Month => Some(*by),
            _ => None,
        }) {
            let message = format!(
                "Where a question is about groups of people, it can't be broken down by {}: few people are behind each. \
                 Choose months.",
                by.label().to_lowercase()
            );
            return Err(invalid("group_by", "not_about_people", message));
        }
        let counter = self.counter().await?;
        let range = lattice::whole_months(query.filter.range, counter.zone);
        let filter = Filter { range, ..query.filter.clone() };
        let protection = Protection {
            minimum: counter.noise.minimum,
            rounded_to: counter.noise.step(),
            deviation: counter.noise.deviation(),
            from: range.from,
            to: range.to,
        };
        let span = self.span().await?;
        // First what can't be asked at all.
        counter.cells(&filter, span)?;
        let everybody = of_everybody(&filter);
        let means = |of: Dimension, names: [&'static str; 5], usual: [f64; 5], measure: Measure| {
            let (counter, everybody) = (&counter, &everybody);
            async move {
                if !query.measures.contains(&measure) {
                    return Ok(usual);
                }
                let key = (everybody.clone(), of.clone());
                let work = Box::pin(counter.means(everybody, of, names, usual));
                self.inner.small_groups.means.or(self.as_of(), key, work).await
            }
        };
        // Several questions to the index for one: all at once.
        let ((), now, ratings, moods) = tokio::try_join!(
            self.allowed(&counter, &filter, span),
            counter.period(query, &filter, span),
            means(Dimension::Rating, STEPS, [1.0, 2.0, 3.0, 4.0, 5.0], Measure::Rating),
            means(Dimension::Sentiment, moods(), [-1.0, -0.5, 0.0, 0.5, 1.0], Measure::Sentiment),
        )?;
        let showing = Showing { query, noise: &counter.noise, ratings, moods };
        let before = match compare.and_then(|with| period::compared(range, with, counter.zone)) {
            None => None,
            Some(range) => {
                let filter = Filter { range, ..filter.clone() };
                let (allowed, tally) =
                    tokio::join!(self.allowed(&counter, &filter, span), counter.period(query, &filter, span));
                Some((tally?, months(range, span, counter.zone), told(allowed)?.is_some()))
            }
        };
        let steps = months(range, span, counter.zone);
        let now = Period { tally: &now, steps: &steps, allowed: true };
        let before = before.as_ref().map(|(tally, steps, allowed)| Period { tally, steps, allowed: *allowed });
        let listed = showing.listed(&now, before.as_ref());
        let total = |period: &Period<'_>| {
            let figures = period.allowed.then(|| showing.figures(&period.tally.total)).flatten();
            figures.unwrap_or_else(|| showing.hidden())
        };
        let adds_up = matches!(&query.group_by[..], [Grouping::Dimension(d)] if !d.many());
        let rest = adds_up.then(|| {
            let keys: Vec<&[String]> = listed.groups.iter().map(|group| group.keys.as_slice()).collect();
            showing.count_alone(now.tally.rest(&keys, &counter.noise))
        });
        Ok(Answer {
            suppressed: listed.groups.iter().filter(|group| group.figures.count.is_none()).count() as u64,
            total: total(&now),
            total_before: before.as_ref().map(total),
            groups: listed.groups,
            others: listed.others,
            rest,
            protection: Some(protection),
            as_of: now.tally.as_of,
        })
    }

    /// Facets for whoever may not see exact figures. What can be chosen of people is what reaches the minimum among
    /// all feedback, and what else can be chosen under a filter on people is what could be without it; neither is
    /// counted. All else is.
    pub(super) async fn protected_facets(
        &self,
        filter: &Filter,
        dimensions: &[Dimension],
        limit: usize,
    ) -> Result<Vec<Facet>> {
        let (people, others): (Vec<Dimension>, Vec<Dimension>) =
            dimensions.iter().cloned().partition(Dimension::describes_people);
        let everybody = of_everybody(filter);
        let asked = async |filter: &Filter, of: &[Dimension], limit: usize| {
            if of.is_empty() {
                Ok(Vec::new())
            } else {
                Ok::<_, Error>(self.inner.index.facets(filter, of, limit).await?)
            }
        };
        let (mut found, of_people) =
            tokio::try_join!(asked(&everybody, &others, limit), self.choices_of_people(&people))?;
        if filter.describes_people() {
            found.iter_mut().flat_map(|facet| &mut facet.options).for_each(|option| option.count = None);
        }
        let minimum = self.settings().minimum_group;
        found.extend(of_people.iter().cloned().map(|mut facet| {
            facet.options.retain(|option| option.count.is_some_and(|count| count >= minimum));
            facet.others = facet.options.len().saturating_sub(limit) as u64;
            facet.options.truncate(limit);
            facet.options.sort_by(|a, b| a.value.cmp(&b.value));
            let named = |option: FacetOption| FacetOption { count: None, ..option };
            Facet { options: facet.options.into_iter().map(named).collect(), ..facet }
        }));
        let place = |facet: &Facet| dimensions.iter().position(|d| *d == facet.dimension);
        found.sort_by_key(place);
        Ok(found)
    }

    /// Refuses what reads comments where a filter on what people are names a group that does not reach the minimum
    /// within the rest of the question, or beside which everybody else does not.
    pub(super) async fn refuse_few(&self, filter: &Filter) -> Result<()> {
        let minimum = self.settings().minimum_group;
        for (dimension, clause) in filter.clauses.iter().filter(|(d, _)| d.describes_people()) {
            let query = Query {
                filter: filter.without(dimension),
                group_by: vec![Grouping::Dimension(dimension.clone())],
                measures: vec![Measure::Count],
                compare_range: None,
                limit: MAX_GROUPS,
            };
            let answer = self.inner.index.answer(&query, self.settings().time_zone).await?;
            let whole = answer.total.count.unwrap_or(0);
            let of = |value: &String| {
                let group = answer.groups.iter().find(|group| group.keys[0] == *value);
                group.and_then(|group| group.figures.count).unwrap_or(0)
            };
            let few = |n: u64| n < minimum || whole.saturating_sub(n) < minimum;
            if let Some(value) = clause.is.iter().chain(&clause.is_not).find(|value| few(of(value))) {
                return Err(too_few(dimension, Some(value.as_str()), minimum));
            }
            let part = self.count(filter).await?;
            if few(part) {
                return Err(too_few(dimension, None, minimum));
            }
        }
        Ok(())
    }

    /// An answer without a figure.
    pub(super) fn nothing_told(&self) -> Answer {
        Answer {
            groups: Vec::new(),
            total: Figures::default(),
            total_before: None,
            others: 0,
            suppressed: 0,
            rest: None,
            protection: None,
            as_of: self.as_of(),
        }
    }

    async fn counter(&self) -> Result<Counter<'_>> {
        let settings = self.settings();
        let secret = hmac(&self.form_secret().await?, b"noise of small groups");
        Ok(Counter { app: self, noise: Noise::new(settings.minimum_group, &secret), zone: settings.time_zone })
    }

    /// Whether a filter may be asked about.
    async fn allowed(&self, counter: &Counter<'_>, filter: &Filter, span: Span) -> Result<()> {
        let key = (counter.noise.minimum, filter.clone());
        self.inner.small_groups.allowed.or(self.as_of(), key, Box::pin(counter.allowed(filter, span))).await
    }

    /// What can be chosen of people at all, whatever else is asked.
    async fn choices_of_people(&self, people: &[Dimension]) -> Result<Arc<Vec<Facet>>> {
        if people.is_empty() {
            return Ok(Arc::default());
        }
        let all = Filter::default();
        let work = Box::pin(async { Ok(Arc::new(self.inner.index.facets(&all, people, MAX_GROUPS).await?)) });
        self.inner.small_groups.choices.or(self.as_of(), people.to_vec(), work).await
    }

    /// When the body's feedback happened; now, where there is none.
    async fn span(&self) -> Result<Span> {
        self.inner.small_groups.span.or(self.as_of(), (), Box::pin(self.asked_span())).await
    }

    async fn asked_span(&self) -> Result<Span> {
        let one = |order| ListQuery { filter: Filter::default(), order, page: PageRequest::first(1) };
        let (oldest, newest) = (one(Order::Oldest), one(Order::Newest));
        let (oldest, newest) = tokio::try_join!(self.inner.index.list(&oldest), self.inner.index.list(&newest))?;
        let at = |page: commonweal_domain::question::ListPage| {
            page.keys.items.first().map_or_else(|| self.now(), |(at, _)| *at)
        };
        Ok(Span { begin: at(oldest), newest: at(newest) })
    }
}

impl Counter<'_> {
    /// Counts a question in one period.
    async fn period(&self, query: &Query, filter: &Filter, span: Span) -> Result<Tally> {
        self.tally(query, &self.cells(filter, span)?).await
    }

    fn cells(&self, filter: &Filter, span: Span) -> Result<Vec<Filter>, FieldErrors> {
        lattice::cells(filter, &lattice::pieces(filter.range, span.begin, span.newest, self.zone))
    }

    /// Whether each value that the filter names of people, and all of them, reach the minimum within the rest of the
    /// question, and everybody else beside them does.
    async fn allowed(&self, filter: &Filter, span: Span) -> Result<()> {
        for (dimension, clause) in filter.clauses.iter().filter(|(d, _)| d.describes_people()) {
            let around = self.cells(&filter.without(dimension), span)?;
            let (values, whole) = self.values(&around, dimension).await?;
            let of = |value: &String| values.get(value).copied().unwrap_or_default();
            let few = |sum: Sum| self.noise.shown(sum).is_none() || is_rest_small(whole, sum, &self.noise);
            if let Some(value) = clause.is.iter().find(|value| few(of(value))) {
                return Err(too_few(dimension, Some(value.as_str()), self.noise.minimum));
            }
            let together = clause.is.iter().map(of).fold(Sum::default(), Sum::with);
            if few(together) {
                return Err(too_few(dimension, None, self.noise.minimum));
            }
        }
        Ok(())
    }
}

/// The months of a period, by their keys: those of the body's feedback where it is open.
fn months(range: TimeRange, span: Span, zone: chrono_tz::Tz) -> Vec<String> {
    let mut at = period::step_start(range.from.unwrap_or(span.begin), Interval::Month, zone);
    let end = range.to.unwrap_or_else(|| {
        period::next_step(period::step_start(span.newest, Interval::Month, zone), Interval::Month, zone)
    });
    let mut keys = Vec::new();
    while at < end {
        keys.push(period::step_key(at, Interval::Month, zone));
        at = period::next_step(at, Interval::Month, zone);
    }
    keys
}

/// What was answered, or nothing where it may not be asked.
fn told(answer: Result<()>) -> Result<Option<()>> {
    match answer {
        Ok(()) => Ok(Some(())),
        Err(Error::Invalid(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The refusal where a filter on what people are names too few, or leaves too few beside them.
fn too_few(dimension: &Dimension, value: Option<&str>, minimum: u64) -> Error {
    let what = match value {
        Some(value) => format!("“{}: {value}”", dimension.label()),
        None => format!("What is chosen of “{}”", dimension.label()),
    };
    let message = format!(
        "{what} can't be shown by itself here: it, or everything else beside it, is less than {minimum} pieces of \
         feedback, or so near to that that people could be told. Choose a longer period or larger groups, or take other \
         filters away."
    );
    invalid(dimension.key().as_ref(), "too_few", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_about_people_by_its_filter_or_its_groups() {
        let mut query = Query {
            filter: Filter::default(),
            group_by: vec![Grouping::Dimension(Dimension::Channel)],
            measures: vec![Measure::Count],
            compare_range: None,
            limit: 10,
        };
        assert!(!about_people(&query));
        query.group_by.push(Grouping::Dimension(Dimension::Attribute("age".into())));
        assert!(about_people(&query));
        query.group_by.clear();
        query.filter.add(Dimension::Area, "North");
        assert!(about_people(&query));
        assert!(!of_everybody(&query.filter).describes_people());
    }

    #[test]
    fn months_are_those_of_the_period_or_of_the_feedback() {
        let at = |text: &str| -> Instant { text.parse().expect("an instant") };
        let span = Span { begin: at("2024-01-20T10:00:00Z"), newest: at("2024-03-02T10:00:00Z") };
        let zone = chrono_tz::Tz::Europe__London;
        let all = months(TimeRange::default(), span, zone);
        assert_eq!(all, ["2024-01-01", "2024-02-01", "2024-03-01"]);
        let closed = period::parse("2023-12..2024-01", span.newest, zone).expect("a period");
        assert_eq!(months(closed, span, zone), ["2023-12-01", "2024-01-01"]);
    }
}
