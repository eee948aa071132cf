//! Findings: what the data show, decided once. Each says what it is about, the figure now and what it is
//! held against, how sure it is, and by which filter its feedback is listed. Pages, command line and API
//! only word them.
//!
//! Findings are made from answers in which small groups are suppressed already: what may not be shown
//! can't be found.

mod kinds;
mod places;
mod summary;
mod themes;

use commonweal_domain::question::{AsOf, Measure, Value};
use commonweal_domain::{Dimension, Filter, Instant, TimeRange};
use commonweal_insight::compare::standard_errors_apart;
pub use commonweal_insight::compare::{Outcome, Share};
use commonweal_insight::margin::wilson;
use serde::{Deserialize, Serialize};

pub use kinds::{Baseline, FigureKind, FindingKind, Scale};
pub use places::weakest_place;
pub use summary::{Evidence, Findings};
pub use themes::{ThemeFigures, ThemePlaces, ThemesAnswer, theme_places, theme_satisfaction};

use super::thresholds::{MIN_BASE, MIN_SHOWN, Rules};

/// Confidence of all intervals.
pub(super) const CONFIDENCE: f64 = 0.95;

/// A figure with what it rests on and how far it may be off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Estimate {
    /// The figure; absent without a base or when suppressed.
    pub value: Option<f64>,
    /// How many feedback it rests on; absent when suppressed.
    pub base: Option<u64>,
    /// Lower end of its 95 % interval; absent where none can be given.
    pub low: Option<f64>,
    /// Upper end of its 95 % interval.
    pub high: Option<f64>,
}

impl Estimate {
    /// A share with Wilson's interval.
    pub fn share(value: Value) -> Self {
        let interval = match (value.value, value.base) {
            (Some(share), Some(base)) => wilson((share * base as f64).round(), base as f64, CONFIDENCE).ok(),
            _ => None,
        };
        Self { value: value.value, base: value.base, low: interval.map(|i| i.low), high: interval.map(|i| i.high) }
    }

    /// The share as it is compared; nothing without a base or when suppressed.
    pub fn as_share(&self) -> Option<Share> {
        share(Value { value: self.value, base: self.base })
    }
}

impl From<Share> for Estimate {
    fn from(share: Share) -> Self {
        Self::share(Value { value: Some(share.value), base: Some(share.base) })
    }
}

/// A value of a dimension that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The dimension.
    pub dimension: Dimension,
    /// The value, by its stable key.
    pub value: String,
}

/// The figure that another is held against.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Against {
    /// What it is.
    pub baseline: Baseline,
    /// The figure.
    pub figure: Estimate,
    /// Of when it is, where that is another time.
    pub range: Option<TimeRange>,
}

/// How sure a finding is, and what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Strength {
    /// The scale.
    pub scale: Scale,
    /// How sure it is.
    pub value: f64,
    /// What had to be passed.
    pub threshold: f64,
}

/// What the data show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of thing.
    pub kind: FindingKind,
    /// What it is about: place, theme, group; nothing for all feedback.
    pub about: Vec<Subject>,
    /// What the figure is.
    pub figure: FigureKind,
    /// The figure, with its margin and base.
    pub now: Estimate,
    /// What it is held against.
    pub against: Option<Against>,
    /// What can be said of the one against the other.
    pub outcome: Outcome,
    /// How sure that is; nothing where nothing could be compared.
    pub strength: Option<Strength>,
    /// How many times the figure it is held against, with the interval.
    pub ratio: Option<Estimate>,
    /// Feedback that counts more (or fewer, below 0) than if the figure were the one it is held against.
    pub excess: Option<f64>,
    /// The feedback that the figure is one of: of those who rated, who wrote, of the group.
    pub of: Filter,
    /// The feedback in which it can be read, to list its comments by.
    pub filter: Filter,
    /// First instant of what is new; nothing for what is so anyway.
    pub since: Option<Instant>,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

impl Finding {
    /// Two shares compared; what is asked for is in `rule`.
    fn of_shares(
        kind: FindingKind,
        figure: FigureKind,
        now: Share,
        against: Option<(Share, Baseline)>,
        with: Framed,
    ) -> Self {
        let rule = with.rule;
        let outcome = against.map_or(Outcome::TooFew, |(other, _)| rule.shares(now, other));
        Self {
            kind,
            about: with.about,
            figure,
            now: now.into(),
            against: against.map(|(other, baseline)| Against { baseline, figure: other.into(), range: with.range }),
            outcome,
            strength: against.filter(|_| outcome != Outcome::TooFew).map(|(other, _)| Strength {
                scale: Scale::StandardErrors,
                value: standard_errors_apart(now, other),
                threshold: rule.z,
            }),
            ratio: None,
            excess: against.map(|(other, _)| excess(now, other)),
            of: with.of,
            filter: with.filter,
            since: with.since,
            as_of: with.as_of,
        }
    }

    /// What it is about along a dimension.
    pub fn subject(&self, dimension: &Dimension) -> Option<&str> {
        self.about.iter().find(|s| s.dimension == *dimension).map(|s| s.value.as_str())
    }

    /// The place that it is about, where it is about one.
    pub fn place(&self) -> Option<&Subject> {
        self.about.iter().find(|s| matches!(s.dimension, Dimension::Touchpoint | Dimension::Service))
    }

    /// The share that it tells.
    pub fn share(&self) -> Option<Share> {
        self.now.as_share()
    }

    /// The share that it is held against.
    pub fn other_share(&self) -> Option<Share> {
        self.against.and_then(|against| against.figure.as_share())
    }
}

/// What a finding of shares needs besides the shares.
struct Framed {
    rule: commonweal_insight::compare::Rule,
    about: Vec<Subject>,
    range: Option<TimeRange>,
    since: Option<Instant>,
    of: Filter,
    filter: Filter,
    as_of: AsOf,
}

/// How many more (or fewer) of them there are than if their share were the other one.
fn excess(own: Share, other: Share) -> f64 {
    (own.value - other.value) * own.base as f64
}

/// A share as it is compared; nothing without a base or when suppressed.
pub fn share(value: Value) -> Option<Share> {
    Some(Share { value: value.value?, base: value.base.filter(|base| *base > 0)? })
}

/// A share or mean that rests on enough to be shown in a list or a chart.
pub fn shown(value: Value) -> Option<f64> {
    value.value.filter(|_| value.base.is_some_and(|base| base >= MIN_SHOWN))
}

/// Whether two shares are still apart when they are written in whole per cent: what can't be seen is no
/// finding.
fn visibly_apart(one: f64, other: f64) -> bool {
    (one * 100.0).round() != (other * 100.0).round()
}

/// What can be said of a share (or of those who count in any measure that is one) in two periods.
pub fn share_change(now: Value, before: Option<Value>) -> Outcome {
    match (share(now), before.and_then(share)) {
        (Some(now), Some(before)) => Rules::default().single().shares(now, before),
        _ => Outcome::TooFew,
    }
}

/// What can be said of a share and of the same before: the choice of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody answered.
    Nobody,
    /// Too few answered to say how it stands.
    TooFew,
    /// It stands for itself: nothing is known of before.
    Alone,
    /// Too few answered before to compare.
    TooFewBefore,
    /// The difference may well be chance.
    NotClear,
    /// It differs beyond chance, but by less than can be seen in whole per cent.
    Steady,
    /// It went up.
    Rose,
    /// It went down.
    Fell,
}

impl Standing {
    /// Of a share now and before.
    pub fn of(now: Option<Share>, before: Option<Share>) -> Self {
        let Some(now) = now else { return Self::Nobody };
        if now.base < MIN_BASE {
            return Self::TooFew;
        }
        let Some(before) = before else { return Self::Alone };
        match Rules::default().single().shares(now, before) {
            Outcome::TooFew => Self::TooFewBefore,
            Outcome::NotClear => Self::NotClear,
            _ if !visibly_apart(now.value, before.value) => Self::Steady,
            Outcome::Higher => Self::Rose,
            Outcome::Lower => Self::Fell,
        }
    }
}

/// The same filter, of which only what has this value is meant; nothing where the filter asks for other
/// values of the dimension, of which one feedback may have several: no filter says "both of these".
fn only(filter: &Filter, dimension: &Dimension, value: &str) -> Option<Filter> {
    let asked = filter.clauses.get(dimension).map(|clause| clause.is.as_slice()).unwrap_or_default();
    if !asked.is_empty() && !asked.iter().any(|is| is == value) {
        return None;
    }
    let mut narrowed = filter.clone();
    narrowed.clauses.entry(dimension.clone()).or_default().is = vec![value.to_owned()];
    Some(narrowed)
}

/// The feedback with words.
fn with_words(filter: &Filter) -> Filter {
    Measure::Comments.filter(filter)
}

/// Those who rated, are not satisfied, and wrote why.
fn dissatisfied(filter: &Filter) -> Filter {
    with_words(&Measure::Satisfied.filter_others(filter))
}
