//! The journey: what people feel at each touchpoint of each service, in the services' own order, and by
//! channel. Every figure is one that `answer` gives, so it equals the Explorer's; intervals are added.

use std::collections::HashMap;

use commonweal_domain::filter::NONE;
use commonweal_domain::question::{Answer, AsOf, Figures, Grouping, Measure, Query, Value};
use commonweal_domain::{Actor, Channel, Dimension, Filter, Permission};
use commonweal_insight::margin::{Critical, Sample, mean_interval};
use serde::Serialize;

use super::findings::{CONFIDENCE, Estimate, Finding, weakest_place};
use crate::app::authorise;
use crate::compute::Cost;
use crate::{App, Error, Question, Result};

/// What is measured at each place; the order of an answer's values.
const MEASURES: [Measure; 4] = [Measure::Satisfied, Measure::Rating, Measure::Sentiment, Measure::Negative];
/// Most services and touchpoints.
const MAX: usize = 10_000;

/// What people feel at one place.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JourneyFigures {
    /// How many feedback; absent when suppressed.
    pub count: Option<u64>,
    /// Share satisfied, 0 to 1, with Wilson's interval.
    pub satisfied: Estimate,
    /// Mean rating, 1 to 5, with Student's interval.
    pub rating: Estimate,
    /// Mean sentiment, −1 to 1; no interval is given.
    pub sentiment: Estimate,
    /// Share read as negative or very negative, 0 to 1, with Wilson's interval.
    pub negative: Estimate,
}

/// One channel at a touchpoint.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JourneyChannel {
    /// Key of the channel.
    pub channel: String,
    /// Its name.
    pub label: String,
    /// What people feel there.
    pub figures: JourneyFigures,
}

/// One touchpoint of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JourneyTouchpoint {
    /// Key with the service's, as in filters.
    pub key: String,
    /// Name.
    pub name: String,
    /// What people feel there; a touchpoint without feedback has a count of 0.
    pub figures: JourneyFigures,
    /// The same by channel, largest first.
    pub channels: Vec<JourneyChannel>,
}

/// The journey through one service.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JourneyService {
    /// Key.
    pub key: String,
    /// Name.
    pub name: String,
    /// All of the service.
    pub figures: JourneyFigures,
    /// Its touchpoints, in the order in which people go through them.
    pub touchpoints: Vec<JourneyTouchpoint>,
    /// Feedback about the service that names no touchpoint.
    pub elsewhere: JourneyFigures,
}

/// The journeys through all services with feedback.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Journey {
    /// The services, in their own order.
    pub services: Vec<JourneyService>,
    /// Feedback that names no service.
    pub without_service: JourneyFigures,
    /// All that the filter means, each feedback once.
    pub total: JourneyFigures,
    /// The place where people are least satisfied, when that is below the rest beyond chance.
    pub weakest: Option<Finding>,
    /// How many figures were suppressed because so few people are behind them.
    pub suppressed: u64,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

impl App {
    /// What people feel at each touchpoint of each service that the filter's feedback is about.
    pub async fn journey(&self, actor: &Actor, filter: &Filter) -> Result<Journey> {
        authorise(actor, Permission::ReadFigures)?;
        self.bounded(actor, Cost::of(filter), |_| self.journey_within(actor, filter)).await
    }

    async fn journey_within(&self, actor: &Actor, filter: &Filter) -> Result<Journey> {
        let by = |filter: &Filter, dimensions: &[Dimension]| Question {
            filter: filter.clone(),
            group_by: dimensions.iter().cloned().map(Grouping::Dimension).collect(),
            measures: MEASURES.to_vec(),
            compare: None,
            limit: MAX,
        };
        let protected = self.is_protected_under(actor, filter);
        let asked =
            [vec![Dimension::Service], vec![Dimension::Touchpoint], vec![Dimension::Touchpoint, Dimension::Channel]]
                .map(|dimensions| by(filter, &dimensions));
        // What names no touchpoint is told apart by service only when asked for by itself. A filter that
        // names touchpoints leaves nothing of that kind.
        let elsewhere = async {
            if filter.clauses.contains_key(&Dimension::Touchpoint) {
                return Ok(None);
            }
            let mut nowhere = filter.clone();
            nowhere.add(Dimension::Touchpoint, NONE);
            match self.answer_within(actor, &by(&nowhere, &[Dimension::Service])).await {
                // So few people of the group named no touchpoint that it may not be told how many.
                Err(Error::Invalid(_)) if protected => Ok(None),
                other => other.map(Some),
            }
        };
        // What is shown of groups of people knows no spread: it would tell more of them than their counts.
        let spread = |dimension| async move {
            if protected { Ok(HashMap::new()) } else { self.spread(filter, dimension).await }
        };
        let (by_service, by_touchpoint, by_channel, elsewhere, of_services, of_touchpoints) = tokio::try_join!(
            self.answer_within(actor, &asked[0]),
            self.answer_within(actor, &asked[1]),
            self.answer_within(actor, &asked[2]),
            elsewhere,
            spread(Dimension::Service),
            spread(Dimension::Touchpoint),
        )?;
        // There, what is missing may be small as well as nothing.
        let none = || if protected { JourneyFigures::default() } else { none() };
        let spread = Spread { services: of_services, touchpoints: of_touchpoints };

        let services = keyed(&by_service, |keys| keys[0].clone());
        let touchpoints = keyed(&by_touchpoint, |keys| keys[0].clone());
        let nowhere = elsewhere.as_ref().map(|a| keyed(a, |keys| keys[0].clone())).unwrap_or_default();
        let mut channels: HashMap<&str, Vec<JourneyChannel>> = HashMap::new();
        for group in &by_channel.groups {
            let label =
                Channel::from_key(&group.keys[1]).map_or_else(|| group.keys[1].clone(), |c| c.label().to_owned());
            channels.entry(&group.keys[0]).or_default().push(JourneyChannel {
                channel: group.keys[1].clone(),
                label,
                figures: figures(&group.figures, None),
            });
        }

        let mut journey = Journey {
            services: Vec::new(),
            without_service: services.get(NONE).map(|f| figures(f, spread.services.get(NONE))).unwrap_or_else(none),
            total: figures(&by_service.total, spread.services.get("")),
            weakest: None,
            suppressed: 0,
            as_of: by_service.as_of,
        };
        for service in self.services(actor)? {
            let Some(all) = services.get(&service.key) else { continue };
            let touchpoints = service.touchpoints.into_iter().map(|t| {
                let found = touchpoints.get(&t.key).map(|f| figures(f, spread.touchpoints.get(&t.key)));
                JourneyTouchpoint {
                    channels: channels.remove(t.key.as_str()).unwrap_or_default(),
                    figures: found.unwrap_or_else(none),
                    key: t.key,
                    name: t.name,
                }
            });
            let mut place = JourneyService {
                figures: figures(all, spread.services.get(&service.key)),
                touchpoints: touchpoints.collect(),
                elsewhere: nowhere.get(&service.key).map(|f| figures(f, None)).unwrap_or_else(none),
                key: service.key,
                name: service.name,
            };
            close(&mut place);
            journey.services.push(place);
        }
        journey.suppressed = journey.services.iter().map(hidden).sum();
        journey.weakest = weakest_place(&journey.services, &journey.total, filter, self.rules(filter), journey.as_of);
        Ok(journey)
    }

    /// Standard deviation of the main rating, 1 to 5, per value of a dimension and, under the empty
    /// name, of all. From the five steps: exact for scales of five points.
    async fn spread(&self, filter: &Filter, dimension: Dimension) -> Result<HashMap<String, f64>> {
        let query = Query {
            filter: filter.clone(),
            group_by: vec![Grouping::Dimension(dimension), Grouping::Dimension(Dimension::Rating)],
            measures: vec![Measure::Count],
            compare_range: None,
            limit: MAX,
        };
        let answer = self.inner.index.answer(&query, self.settings().time_zone).await?;
        let mut steps: HashMap<String, [f64; 5]> = HashMap::new();
        for group in &answer.groups {
            let Some(step) = group.keys[1].parse::<usize>().ok().filter(|s| (1..=5).contains(s)) else { continue };
            let count = group.figures.count.unwrap_or(0) as f64;
            steps.entry(group.keys[0].clone()).or_default()[step - 1] += count;
            // Service and touchpoint are one per feedback, so that the groups add up to all.
            steps.entry(String::new()).or_default()[step - 1] += count;
        }
        Ok(steps.into_iter().filter_map(|(key, counts)| Some((key, deviation(&counts)?))).collect())
    }
}

struct Spread {
    services: HashMap<String, f64>,
    touchpoints: HashMap<String, f64>,
}

/// Standard deviation (n−1) of so many ratings of 1 to 5; nothing for fewer than two.
fn deviation(counts: &[f64; 5]) -> Option<f64> {
    let n: f64 = counts.iter().sum();
    let rated = || counts.iter().enumerate().map(|(step, count)| (step as f64 + 1.0, *count));
    let mean = rated().map(|(value, count)| value * count).sum::<f64>() / n;
    let squares: f64 = rated().map(|(value, count)| count * (value - mean).powi(2)).sum();
    (n >= 2.0).then(|| (squares / (n - 1.0)).sqrt())
}

fn keyed(answer: &Answer, key: impl Fn(&[String]) -> String) -> HashMap<String, &Figures> {
    answer.groups.iter().map(|g| (key(&g.keys), &g.figures)).collect()
}

fn none() -> JourneyFigures {
    JourneyFigures { count: Some(0), ..JourneyFigures::default() }
}

fn figures(from: &Figures, deviation: Option<&f64>) -> JourneyFigures {
    let value = |n: usize| from.values.get(n).copied().unwrap_or_default();
    JourneyFigures {
        count: from.count,
        satisfied: Estimate::share(value(0)),
        rating: mean(value(1), deviation),
        sentiment: mean(value(2), None),
        negative: Estimate::share(value(3)),
    }
}

fn mean(value: Value, deviation: Option<&f64>) -> Estimate {
    let interval = match (value.value, value.base, deviation) {
        (Some(mean), Some(base), Some(deviation)) => {
            mean_interval(mean, *deviation, &Sample::unweighted(base, None), CONFIDENCE, Critical::StudentT).ok()
        }
        _ => None,
    };
    // A rating lies between 1 and 5, and so does what it may be.
    Estimate {
        value: value.value,
        base: value.base,
        low: interval.map(|i| i.low.max(1.0)),
        high: interval.map(|i| i.high.min(5.0)),
    }
}

/// Hides what could be worked out within a service: one hidden place among shown ones is the difference
/// to the service's total, so the smallest shown one is hidden too; channels of a hidden touchpoint add
/// up to it.
fn close(service: &mut JourneyService) {
    let mut parts: Vec<&mut JourneyFigures> = service.touchpoints.iter_mut().map(|t| &mut t.figures).collect();
    parts.push(&mut service.elsewhere);
    let hidden = parts.iter().filter(|f| f.count.is_none()).count();
    if hidden == 1
        && service.figures.count.is_some()
        && let Some(next) = parts.into_iter().filter(|f| f.count.is_some_and(|c| c > 0)).min_by_key(|f| f.count)
    {
        *next = JourneyFigures::default();
    }
    for touchpoint in service.touchpoints.iter_mut().filter(|t| t.figures.count.is_none()) {
        for channel in &mut touchpoint.channels {
            channel.figures = JourneyFigures::default();
        }
    }
}

/// How many figures of a service are hidden.
fn hidden(service: &JourneyService) -> u64 {
    let touchpoints = service.touchpoints.iter();
    let all = touchpoints.flat_map(|t| t.channels.iter().map(|c| &c.figures).chain([&t.figures]));
    all.chain([&service.elsewhere, &service.figures]).filter(|f| f.count.is_none()).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_of_two_and_four_deviate_by_the_root_of_two() {
        let found = deviation(&[0.0, 1.0, 0.0, 1.0, 0.0]).expect("two ratings");
        assert!((found - 2.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!(deviation(&[0.0, 1.0, 0.0, 0.0, 0.0]), None);
    }

    #[test]
    fn one_hidden_touchpoint_takes_the_next_smallest_with_it() {
        let shown = |count| JourneyFigures { count: Some(count), ..JourneyFigures::default() };
        let touchpoint = |key: &str, figures| JourneyTouchpoint {
            key: key.to_owned(),
            name: key.to_owned(),
            figures,
            channels: vec![JourneyChannel { channel: "web".into(), label: "Web".into(), figures: shown(3) }],
        };
        let mut service = JourneyService {
            key: "s".into(),
            name: "S".into(),
            figures: shown(60),
            touchpoints: vec![
                touchpoint("a", JourneyFigures::default()),
                touchpoint("b", shown(20)),
                touchpoint("c", shown(37)),
            ],
            elsewhere: shown(0),
        };
        close(&mut service);
        assert_eq!(service.touchpoints[1].figures.count, None);
        assert_eq!(service.touchpoints[2].figures.count, Some(37));
        assert_eq!(service.touchpoints[0].channels[0].figures.count, None);
        assert_eq!(hidden(&service), 4);
    }
}
