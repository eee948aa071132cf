//! A measure over time: the chart, its table, and the sentences that say what it shows.

use commonweal_app::App;
use commonweal_app::understand::findings::{self, Share, Standing};
use commonweal_app::understand::thresholds::MIN_SHOWN;
use commonweal_domain::question::{Answer, Figures, Interval, Measure, Value};
use commonweal_domain::{TimeRange, period};
use commonweal_ports::{LineChart, Series};

use crate::l10n::console;
use crate::ui::asked::Asked;
use crate::ui::format;
use crate::ui::frame::Visit;

/// Widths for which charts are drawn, in CSS pixels: beside other things, and on a phone.
const WIDE: u32 = 520;
const NARROW: u32 = 250;

/// A chart with its table.
pub(crate) struct Trend {
    pub(crate) id: &'static str,
    pub(crate) title: String,
    pub(crate) what: String,
    pub(crate) wide: String,
    pub(crate) narrow: String,
    pub(crate) caption: String,
    pub(crate) step_name: String,
    pub(crate) value_name: &'static str,
    pub(crate) with_base: bool,
    pub(crate) base_name: String,
    pub(crate) compared: bool,
    pub(crate) before_name: String,
    pub(crate) rows: Vec<TrendRow>,
}

/// One step in the table.
pub(crate) struct TrendRow {
    pub(crate) label: String,
    pub(crate) href: String,
    pub(crate) value: String,
    /// What stands where there is no value.
    pub(crate) instead: String,
    pub(crate) base: String,
    pub(crate) before: String,
}

/// What is drawn.
pub(crate) struct Drawing<'a> {
    pub(crate) id: &'static str,
    pub(crate) answer: &'a Answer,
    /// Place of the measure in the answer; the count is in every answer.
    pub(crate) place: usize,
    pub(crate) measure: Measure,
    pub(crate) interval: Interval,
    pub(crate) asked: &'a Asked,
    pub(crate) before_name: String,
}

/// A step of time as a noun: `month`.
pub(crate) fn step(interval: Interval) -> String {
    console().t(&format!("step-{}", interval.key()))
}

/// What is measured, by which step.
fn named(measure: Measure, interval: Interval) -> String {
    let say = console();
    let measure = say.t(&format!("trend-noun-{}", measure.key()));
    say.with("trend-by", &[("measure", measure.into()), ("step", step(interval).into())])
}

/// What the base of a measure is.
pub(crate) fn base_name(measure: Measure) -> String {
    console().t(match measure {
        Measure::Rating | Measure::Satisfied => "trend-base-rated",
        Measure::Sentiment | Measure::Negative => "trend-base-sentiment",
        Measure::Count | Measure::Comments => "trend-base-feedback",
        Measure::Contacts => "trend-base-contacts",
    })
}

/// A value as people read it.
pub(crate) fn written(measure: Measure, value: f64) -> String {
    match measure {
        Measure::Count | Measure::Comments | Measure::Contacts => format::count(value.round().max(0.0) as u64),
        Measure::Rating | Measure::Sentiment => format::mean(value),
        Measure::Satisfied | Measure::Negative => format::percent(value),
    }
}

/// The value of a measure in these figures.
pub(crate) fn value(figures: &Figures, place: usize, measure: Measure) -> Value {
    match measure {
        Measure::Count => Value { value: figures.count.map(|n| n as f64), base: figures.count },
        _ => figures.values.get(place).copied().unwrap_or_default(),
    }
}

/// The value of a measure where it may be drawn: counts always, others where they rest on enough.
fn drawn(figures: &Figures, place: usize, measure: Measure) -> Option<f64> {
    let value = value(figures, place, measure);
    if measure.is_count() { value.value } else { findings::shown(value) }
}

impl Drawing<'_> {
    /// Draws chart and table. `title` tells the finding.
    pub(crate) fn draw(&self, visit: &Visit, title: String) -> Trend {
        let compared = self.answer.groups.iter().any(|g| g.before.is_some());
        let few = self.left_out();
        let mut what = format!("{}.", named(self.measure, self.interval));
        if few > 0 {
            let told = [("count", few.into()), ("base", MIN_SHOWN.into())];
            what.push_str(&format!(" {}.", console().with("trend-few", &told)));
        }
        let description = self.description();
        Trend {
            id: self.id,
            wide: self.chart(visit.app(), "wide", WIDE, compared, &description),
            narrow: self.chart(visit.app(), "narrow", NARROW, compared, &description),
            caption: named(self.measure, self.interval),
            step_name: format::capital(&step(self.interval)),
            value_name: self.measure.label(),
            with_base: !self.measure.is_count(),
            base_name: base_name(self.measure),
            compared,
            before_name: self.before_name.clone(),
            rows: self.rows(visit),
            title,
            what,
        }
    }

    /// Figures of a step, when they may be drawn: not those that rest on too few. The table has them with
    /// their base all the same.
    fn point(&self, figures: &Figures) -> Option<f64> {
        drawn(figures, self.place, self.measure).map(|v| if self.measure.is_share() { v * 100.0 } else { v })
    }

    fn left_out(&self) -> u64 {
        let few =
            |f: &Figures| value(f, self.place, self.measure).base.is_some_and(|b| b > 0) && self.point(f).is_none();
        self.answer.groups.iter().filter(|g| few(&g.figures)).count() as u64
    }

    fn chart(&self, app: &App, size: &str, width: u32, compared: bool, description: &str) -> String {
        let groups = &self.answer.groups;
        let mut series = vec![Series {
            // One line alone needs no name.
            label: if compared { console().t("trend-now") } else { String::new() },
            points: groups.iter().map(|g| self.point(&g.figures)).collect(),
            compared: false,
        }];
        if compared {
            series.push(Series {
                label: console().t("trend-before"),
                points: groups.iter().map(|g| g.before.as_ref().and_then(|b| self.point(b))).collect(),
                compared: true,
            });
        }
        let key = |g: &commonweal_domain::question::Group| g.keys.first().cloned().unwrap_or_default();
        app.charts().line(&LineChart {
            id: format!("{}-{size}", self.id),
            title: named(self.measure, self.interval),
            description: description.to_owned(),
            labels: groups.iter().map(|g| format::step_short(&key(g), self.interval)).collect(),
            series,
            range: match self.measure {
                Measure::Rating => Some((1.0, 5.0)),
                Measure::Satisfied | Measure::Negative => Some((0.0, 100.0)),
                Measure::Sentiment => Some((-1.0, 1.0)),
                Measure::Count | Measure::Comments | Measure::Contacts => None,
            },
            width,
        })
    }

    /// The finding in words: where the line begins and ends, and its lowest and highest point.
    fn description(&self) -> String {
        let named: Vec<(String, f64)> = self
            .answer
            .groups
            .iter()
            .filter_map(|g| {
                self.point(&g.figures)?;
                let v = value(&g.figures, self.place, self.measure).value?;
                Some((format::step_long(g.keys.first()?, self.interval), v))
            })
            .collect();
        let (Some(first), Some(last)) = (named.first(), named.last()) else {
            return console().t("trend-nothing");
        };
        let said = |p: &(String, f64)| format!("{} ({})", written(self.measure, p.1), p.0);
        if named.len() == 1 {
            return format!("{}.", said(first));
        }
        let lowest = named.iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(first);
        let highest = named.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(first);
        let told = [("first", first), ("last", last), ("lowest", lowest), ("highest", highest)];
        console().with("trend-described", &told.map(|(name, point)| (name, said(point).into())))
    }

    fn rows(&self, visit: &Visit) -> Vec<TrendRow> {
        let link = self.asked.behind(self.measure);
        let text = |figures: &Figures| {
            value(figures, self.place, self.measure).value.map(|v| written(self.measure, v)).unwrap_or_default()
        };
        let row = |group: &commonweal_domain::question::Group| {
            let key = group.keys.first().cloned().unwrap_or_default();
            let base = value(&group.figures, self.place, self.measure).base;
            let range = self.step(&key, visit);
            TrendRow {
                label: format::step_long(&key, self.interval),
                href: link.during(range, None).explorer(),
                value: text(&group.figures),
                instead: console().t(if base.is_none() { "trend-not-shown" } else { "trend-none" }),
                base: base.map(format::count).unwrap_or_default(),
                before: group.before.as_ref().map(text).unwrap_or_default(),
            }
        };
        self.answer.groups.iter().map(row).collect()
    }

    /// The part of the asked period that lies in a step.
    fn step(&self, key: &str, visit: &Visit) -> TimeRange {
        let zone = visit.zone();
        let start = match self.interval {
            // The key carries its offset: an hour that the clocks repeat is two steps.
            Interval::Hour => chrono::DateTime::parse_from_str(key, "%Y-%m-%dT%H:%M%:z").ok().map(|at| at.to_utc()),
            _ => format::step_date(key).map(|date| period::start_of(date, zone)),
        };
        let asked = self.asked.filter().range;
        let Some(start) = start else { return asked };
        let end = period::next_step(start, self.interval, zone);
        TimeRange {
            from: Some(asked.from.map_or(start, |from| from.max(start))),
            to: Some(asked.to.map_or(end, |to| to.min(end))),
        }
    }
}

/// The title of a chart of satisfaction: what is known, and no more.
pub(crate) fn satisfaction(now: Value, before: Option<Value>) -> String {
    let (now, before) = (findings::share(now), before.and_then(findings::share));
    let percent = |share: Option<Share>| share.map(|s| format::percent(s.value)).unwrap_or_default();
    let id = match Standing::of(now, before) {
        Standing::Nobody => "trend-nobody-rated",
        Standing::TooFew => return console().count("trend-few-ratings", now.map_or(0, |s| s.base)),
        Standing::Alone => "trend-satisfied",
        Standing::Rose => "trend-rose",
        Standing::Fell => "trend-fell",
        Standing::Steady => "trend-steady",
        Standing::NotClear => "trend-not-clear",
        Standing::TooFewBefore => "trend-few-before",
    };
    console().with(id, &[("now", percent(now).into()), ("was", percent(before).into())])
}

/// A small line beside a key figure, as the `d` of a path in a box of 120 by 32; empty when there
/// are too few points to make one. Gaps stay gaps.
pub(crate) fn spark(points: &[Option<f64>]) -> String {
    let drawn: Vec<f64> = points.iter().flatten().copied().collect();
    if drawn.len() < 3 {
        return String::new();
    }
    let low = drawn.iter().copied().fold(f64::INFINITY, f64::min);
    let high = drawn.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = if high > low { high - low } else { 1.0 };
    let step = 116.0 / (points.len().max(2) - 1) as f64;
    let mut path = String::new();
    let mut pen_up = true;
    for (place, point) in points.iter().enumerate() {
        let Some(value) = point else {
            pen_up = true;
            continue;
        };
        let y = if high > low { 28.0 - (value - low) / span * 24.0 } else { 16.0 };
        path.push_str(&format!("{}{:.1} {y:.1}", if pen_up { 'M' } else { 'L' }, 2.0 + step * place as f64));
        pen_up = false;
    }
    path
}

/// The points of a measure for [`spark`].
pub(crate) fn spark_of(answer: &Answer, place: usize, measure: Measure) -> String {
    spark(&answer.groups.iter().map(|g| drawn(&g.figures, place, measure)).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(percent: f64, base: u64) -> Value {
        Value { value: Some(percent / 100.0), base: Some(base) }
    }

    #[test]
    fn a_title_says_no_more_than_is_known() {
        assert_eq!(satisfaction(of(79.0, 5_000), Some(of(84.0, 5_000))), "Satisfaction fell from 84% to 79%");
        assert_eq!(satisfaction(of(84.0, 5_000), Some(of(79.0, 5_000))), "Satisfaction rose from 79% to 84%");
        assert_eq!(satisfaction(of(79.0, 50), Some(of(84.0, 50))), "No clear change in satisfaction: 79%, 84% before");
        assert_eq!(
            satisfaction(of(79.0, 12), Some(of(84.0, 50))),
            "Too few ratings (12) to tell how satisfied people are"
        );
        assert_eq!(
            satisfaction(of(79.0, 50), Some(of(84.0, 3))),
            "79% are satisfied; too few ratings before to compare"
        );
        assert_eq!(satisfaction(of(79.0, 50), None), "79% of those who rated are satisfied");
        assert_eq!(satisfaction(Value::default(), None), "Nobody gave a rating");
    }

    #[test]
    fn a_clear_change_that_rounding_hides_is_steady() {
        let title = satisfaction(of(79.4, 1_000_000), Some(of(78.6, 1_000_000)));
        assert_eq!(title, "Satisfaction is steady at 79%");
    }

    #[test]
    fn a_gap_in_a_small_line_stays_a_gap() {
        let line = spark(&[Some(1.0), Some(2.0), None, Some(3.0)]);
        assert_eq!(line.matches('M').count(), 2, "{line}");
        assert_eq!(spark(&[Some(1.0), None, Some(2.0)]), "");
        assert!(!spark(&[Some(2.0), Some(2.0), Some(2.0)]).contains("NaN"));
    }
}
