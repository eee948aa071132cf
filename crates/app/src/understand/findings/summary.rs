//! All findings under a filter, the weightiest first, and the answers from which they are made.

use commonweal_domain::question::{Answer, AsOf, Grouping, Interval, Measure, Value};
use commonweal_domain::{Actor, Dimension, Filter, Permission};
use commonweal_insight::compare::Rule;
use serde::{Deserialize, Serialize};

use super::super::changes::{self, Changes, ChangesOptions};
use super::super::impact::{Hit, WhoIsHit};
use super::super::journey::Journey;
use super::super::periods::{PeriodBefore, Periods};
use super::super::thresholds::{MAX_Q, Rules};
use super::themes::ThemesAnswer;
use super::{
    Against, Baseline, Estimate, FigureKind, Finding, FindingKind, Framed, Outcome, Scale, Strength, Subject, only,
    share, with_words,
};
use crate::{App, Error, Question, Result};

/// Most counts out of the usual that are looked at.
const MAX_CHANGES: usize = 50;
/// Groups that are findings of their own: more are a table.
const MAX_GROUPS: usize = 5;

/// What the data under a filter show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// What was asked.
    pub question: Filter,
    /// The findings, the weightiest first.
    pub findings: Vec<Finding>,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

/// The answers from which findings are made, for whoever draws them as well.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Which feedback.
    pub filter: Filter,
    /// The period before.
    pub before: Option<PeriodBefore>,
    /// The step of time.
    pub interval: Interval,
    /// All over time, by [`Evidence::MEASURES`].
    pub over_time: Answer,
    /// How many chose each rating.
    pub by_rating: Answer,
    /// The themes of the comments.
    pub themes: ThemesAnswer,
    /// Satisfaction at each touchpoint.
    pub journey: Journey,
    /// What is out of the usual at the end of the period; nothing where so few are behind it that it may
    /// not be told.
    pub changes: Option<Changes>,
    rules: Rules,
}

impl App {
    /// Everything that the data under a filter show, who is hit included.
    pub async fn findings(&self, actor: &Actor, filter: &Filter) -> Result<Findings> {
        let Some(periods) = self.periods(actor, filter).await? else {
            return Ok(Findings { question: filter.clone(), findings: Vec::new(), as_of: self.as_of() });
        };
        let each_theme = Filter::default();
        let (evidence, hit) = tokio::try_join!(self.evidence(actor, filter, &periods), async {
            told(self.who_is_hit(actor, filter, &each_theme).await)
        },)?;
        let mut findings = evidence.findings();
        findings.extend(hit.iter().flat_map(|hit| groups(hit, filter)));
        Ok(Findings { question: filter.clone(), findings, as_of: evidence.over_time.as_of })
    }

    /// The answers behind the findings, but for who is hit.
    pub async fn evidence(&self, actor: &Actor, filter: &Filter, periods: &Periods) -> Result<Evidence> {
        let before = periods.before(filter.range);
        let interval = self.charted_by(actor, filter, periods.default_interval(filter.range));
        let question = |by: Grouping, measures: &[Measure]| Question {
            filter: filter.clone(),
            group_by: vec![by],
            measures: measures.to_vec(),
            compare: before.map(|_| PeriodBefore::COMPARE),
            limit: 10_000,
        };
        let over_time = question(Grouping::Time(interval), &Evidence::MEASURES);
        let by_rating = question(Grouping::Dimension(Dimension::Rating), &[]);
        let judged = Filter { range: periods.judged(filter.range), ..filter.clone() };
        let options = ChangesOptions { quick: true, limit: MAX_CHANGES, ..ChangesOptions::default() };
        let (over_time, by_rating, themes, journey, changes) = tokio::try_join!(
            self.answer(actor, &over_time),
            self.answer(actor, &by_rating),
            self.themes(actor, filter, periods),
            self.journey(actor, filter),
            async {
                // It tells of single days, with the comments behind them.
                if !actor.may(Permission::ReadFeedback) {
                    return Ok(None);
                }
                told(self.changes(actor, &judged, &options).await)
            },
        )?;
        let rules = self.rules(filter);
        Ok(Evidence { filter: filter.clone(), before, interval, over_time, by_rating, themes, journey, changes, rules })
    }
}

/// An answer, or nothing where so few people are behind it that it may not be told.
fn told<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Error::Invalid(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

impl Evidence {
    /// The measures of [`Evidence::over_time`]; the count comes with each answer.
    pub const MEASURES: [Measure; 4] = [Measure::Comments, Measure::Satisfied, Measure::Rating, Measure::Negative];

    /// What was measured of all, and the same in the period before where there was any feedback.
    pub fn total(&self, measure: Measure) -> (Value, Option<Value>) {
        let place = Self::MEASURES.iter().position(|m| *m == measure);
        let value = |figures: &commonweal_domain::question::Figures| {
            place.and_then(|place| figures.values.get(place)).copied().unwrap_or_default()
        };
        let before = self.over_time.total_before.as_ref().filter(|before| before.count != Some(0));
        (value(&self.over_time.total), before.map(value))
    }

    /// What can be said of a measure of all against the period before.
    pub fn change(&self, measure: Measure) -> Outcome {
        match (measure, self.total(measure)) {
            (Measure::Rating, _) => rating_change(&self.by_rating, &self.rules.single()),
            (measure, (now, before)) if measure.is_share() => super::share_change(now, before),
            _ => Outcome::NotClear,
        }
    }

    /// Whether what is counted can't be held against the period before, because the data begin within it.
    pub fn partly(&self) -> bool {
        self.before.is_some_and(|before| before.partly)
    }

    /// The findings, the weightiest first: how satisfied people are, what is new, what is so anyway.
    pub fn findings(&self) -> Vec<Finding> {
        let unusual = self.changes.as_ref().and_then(|found| unusual(found, self.over_time.as_of));
        [
            self.satisfaction(),
            self.themes.most_changed(),
            unusual,
            self.journey.weakest.clone(),
            self.themes.costliest(),
            self.themes.praised(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// How satisfied people are, when enough rated.
    pub fn satisfaction(&self) -> Option<Finding> {
        let (now, before) = self.total(Measure::Satisfied);
        let now = share(now).filter(|now| now.base >= self.rules.min_base())?;
        let framed = Framed {
            rule: self.rules.single(),
            about: Vec::new(),
            range: self.before.map(|before| before.range),
            since: self.before.and(self.filter.range.from),
            filter: with_words(&self.filter),
            of: self.filter.clone(),
            as_of: self.over_time.as_of,
        };
        let against = before.and_then(share).map(|before| (before, Baseline::PeriodBefore));
        Some(Finding::of_shares(FindingKind::Satisfaction, FigureKind::Satisfied, now, against, framed))
    }
}

/// What can be said of the mean rating in two periods, from how many chose each step.
fn rating_change(by_rating: &Answer, rule: &Rule) -> Outcome {
    let steps = |before: bool| {
        let mut steps = [0_u64; 5];
        for group in &by_rating.groups {
            let figures = if before { group.before.as_ref() } else { Some(&group.figures) };
            let step = group.keys.first().and_then(|key| key.parse::<usize>().ok());
            let place = step.and_then(|step| step.checked_sub(1)).and_then(|place| steps.get_mut(place));
            if let (Some(figures), Some(place)) = (figures, place) {
                *place = figures.count.unwrap_or(0);
            }
        }
        steps
    };
    rule.ratings(&steps(false), &steps(true))
}

/// The count that is furthest out of the usual.
fn unusual(found: &Changes, as_of: AsOf) -> Option<Finding> {
    let change: &changes::Change = found.changes.first()?;
    let about = change.about.iter().filter_map(|about| {
        Some(Subject { dimension: Dimension::from_key(&about.dimension)?, value: about.value.clone() })
    });
    let figure = |value: f64| Estimate { value: Some(value), ..Estimate::default() };
    let expected = Against { baseline: Baseline::Expected, figure: figure(change.expected), range: None };
    Some(Finding {
        kind: FindingKind::UnusualCount,
        about: about.collect(),
        figure: if change.negative { FigureKind::NegativeCount } else { FigureKind::Count },
        now: figure(change.observed),
        against: Some(expected),
        outcome: if change.direction == "rose" { Outcome::Higher } else { Outcome::Lower },
        strength: Some(Strength { scale: Scale::FalseAlarmRate, value: change.evidence, threshold: found.threshold }),
        ratio: Some(figure(change.ratio)),
        excess: Some(change.excess),
        of: change.filter.clone(),
        filter: change.filter.clone(),
        since: Some(change.since),
        as_of,
    })
}

/// The groups that meet a theme more often than everyone else, the largest excess first.
fn groups(found: &WhoIsHit, filter: &Filter) -> Vec<Finding> {
    let hit = found.rows.iter().filter(|row| row.distinguishable && row.excess > 0.0);
    hit.filter_map(|row| group(row, found, filter)).take(MAX_GROUPS).collect()
}

fn group(row: &Hit, found: &WhoIsHit, filter: &Filter) -> Option<Finding> {
    let attribute = Dimension::from_key(&row.attribute)?;
    let of = only(filter, &attribute, &row.group)?;
    let part = |part: u64, base: u64| {
        Estimate::share(Value { value: (base > 0).then(|| part as f64 / base as f64), base: Some(base) })
    };
    let rest = part(row.rest_hit, row.rest_all);
    Some(Finding {
        kind: FindingKind::Impact,
        about: vec![
            Subject { dimension: attribute, value: row.group.clone() },
            Subject { dimension: Dimension::Theme, value: row.issue.clone() },
        ],
        figure: FigureKind::Met,
        now: part(row.group_hit, row.group_all),
        against: Some(Against { baseline: Baseline::Others, figure: rest, range: None }),
        outcome: if row.excess > 0.0 { Outcome::Higher } else { Outcome::Lower },
        strength: Some(Strength { scale: Scale::FalseDiscoveryRate, value: row.q, threshold: MAX_Q }),
        ratio: Some(Estimate {
            value: Some(row.risk_ratio),
            base: None,
            low: Some(row.ratio_low),
            high: Some(row.ratio_high),
        }),
        excess: Some(row.excess),
        filter: only(&of, &Dimension::Theme, &row.issue)?,
        of,
        since: None,
        as_of: found.as_of,
    })
}
