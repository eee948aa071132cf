//! Ratios with their intervals around 1, one below the other, on a logarithmic axis.

use std::fmt::Write;

use commonweal_ports::{RatioChart, RatioRow};

use super::svg::{Anchor, begin, cut, number, rule, text, width_of};

/// Height of a row whose name stands beside it, and of one whose name stands above it.
const ROW: f64 = 28.0;
const TALL_ROW: f64 = 58.0;
/// Room for the axis and what its sides mean.
const FOOT: f64 = 44.0;
const TOP: f64 = 8.0;
/// Half the side of a mark.
const MARK: f64 = 5.0;
/// Below this width the name stands above its row.
const NARROW: f64 = 400.0;
/// Furthest ends of the axis: what is beyond is cut, with an arrow.
const FURTHEST: f64 = 32.0;

/// Where things stand across.
struct Across {
    left: f64,
    right: f64,
    low: f64,
    high: f64,
}

impl Across {
    fn at(&self, ratio: f64) -> f64 {
        let share = (ratio.max(f64::MIN_POSITIVE).ln() - self.low.ln()) / (self.high.ln() - self.low.ln());
        self.left + (self.right - self.left) * share.clamp(0.0, 1.0)
    }
}

pub(super) fn draw(chart: &RatioChart) -> String {
    let width = f64::from(chart.width.max(240));
    let narrow = width < NARROW;
    let row_height = if narrow { TALL_ROW } else { ROW };
    let bottom = TOP + chart.rows.len().max(1) as f64 * row_height;
    let mut out = begin(&chart.id, &chart.title, &chart.description, width, bottom + FOOT);
    let widest = |name: fn(&RatioRow) -> &str| chart.rows.iter().map(|r| width_of(name(r))).fold(0.0, f64::max);
    let ends = ends(&chart.rows);
    let across = if narrow {
        Across { left: 14.0, right: width - 14.0, low: ends.0, high: ends.1 }
    } else {
        let names = (widest(|r| &r.label) + 14.0).min(width * 0.4);
        let values = (widest(|r| &r.shown) + 14.0).min(width * 0.3);
        Across { left: names + 8.0, right: width - values - 8.0, low: ends.0, high: ends.1 }
    };

    // Below names that stand above their rows the lines would run through words.
    let stretches: Vec<(f64, f64)> = if narrow {
        (0..chart.rows.len()).map(|n| TOP + n as f64 * row_height + 44.0).map(|y| (y - 8.0, y + 8.0)).collect()
    } else {
        vec![(TOP, bottom)]
    };
    for tick in ticks(across.low, across.high) {
        let x = across.at(tick);
        for (from, to) in &stretches {
            rule(&mut out, "cw-chart__grid", (x, *from), (x, *to));
        }
        let written = if tick < 1.0 { tick.to_string() } else { number(tick) };
        text(&mut out, x, bottom + 16.0, Anchor::Middle, "cw-chart__axis", &written);
    }
    let one = across.at(1.0);
    for (from, to) in &stretches {
        rule(&mut out, "cw-chart__zero", (one, from - 4.0), (one, to + 4.0));
    }
    sides(&mut out, &chart.sides, one, width, bottom + 36.0);

    for (n, row) in chart.rows.iter().enumerate() {
        let top = TOP + n as f64 * row_height;
        let middle = if narrow { top + 44.0 } else { top + ROW / 2.0 };
        if narrow {
            text(&mut out, 0.0, top + 14.0, Anchor::Start, "cw-chart__axis", &cut(&row.label, width));
            text(&mut out, 0.0, top + 30.0, Anchor::Start, "cw-chart__value", &row.shown);
        } else {
            let room = across.left - 14.0;
            text(&mut out, room, middle + 4.0, Anchor::End, "cw-chart__axis", &cut(&row.label, room));
            text(&mut out, across.right + 14.0, middle + 4.0, Anchor::Start, "cw-chart__value", &row.shown);
        }
        mark(&mut out, row, &across, middle);
    }
    out.push_str("</svg>");
    out
}

/// The interval as a line, the ratio as a square on it: filled when it can be told from 1.
fn mark(out: &mut String, row: &RatioRow, across: &Across, y: f64) {
    let (low, high) = (across.at(row.low), across.at(row.high));
    let _ = write!(
        out,
        "<path class=\"cw-chart__interval\" d=\"M{low:.1} {y:.1}H{high:.1}{}{}\" fill=\"none\" stroke=\"#12436d\" stroke-width=\"2\"/>",
        end(low, y, row.low < across.low, -1.0),
        end(high, y, row.high > across.high, 1.0),
    );
    let x = across.at(row.ratio);
    let (class, fill) = if row.clear { ("cw-chart__mark", "#12436d") } else { ("cw-chart__mark--open", "#ffffff") };
    let _ = write!(
        out,
        "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{side}\" height=\"{side}\" fill=\"{fill}\" stroke=\"#12436d\" stroke-width=\"2\"/>",
        x - MARK,
        y - MARK,
        side = 2.0 * MARK
    );
}

/// A short bar at the end of an interval; an arrow where it goes on beyond the axis.
fn end(x: f64, y: f64, beyond: bool, direction: f64) -> String {
    if beyond {
        let back = x - direction * 5.0;
        format!("M{back:.1} {:.1}L{x:.1} {y:.1}L{back:.1} {:.1}", y - 4.0, y + 4.0)
    } else {
        format!("M{x:.1} {:.1}V{:.1}", y - 4.0, y + 4.0)
    }
}

/// What each side of 1 means, in two lines' worth of room, pushed apart from one another.
fn sides(out: &mut String, sides: &(String, String), one: f64, width: f64, y: f64) {
    let (left, right) = (one - 10.0, width - one - 10.0);
    if width_of(&sides.0) <= left {
        text(out, one - 8.0, y, Anchor::End, "cw-chart__axis", &format!("← {}", cut(&sides.0, left)));
    }
    if width_of(&sides.1) <= right {
        text(out, one + 8.0, y, Anchor::Start, "cw-chart__axis", &format!("{} →", cut(&sides.1, right)));
    }
}

/// Ends of the axis: doublings that hold every interval and reach at least a half and twice.
fn ends(rows: &[RatioRow]) -> (f64, f64) {
    let low = rows.iter().map(|r| r.low).filter(|v| v.is_finite()).fold(0.5, f64::min);
    let high = rows.iter().map(|r| r.high).filter(|v| v.is_finite()).fold(2.0, f64::max);
    let doublings = |value: f64| value.clamp(1.0 / FURTHEST, FURTHEST).log2();
    (2f64.powf(doublings(low).floor()), 2f64.powf(doublings(high).ceil()))
}

/// Powers of two, as many as can be read beside one another.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let (first, last) = (low.log2().round() as i32, high.log2().round() as i32);
    let every = if last - first > 6 { 2 } else { 1 };
    // 1 is always among them.
    (first..=last).filter(|power| power % every == 0).map(|power| 2f64.powi(power)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(low: f64, ratio: f64, high: f64) -> RatioRow {
        RatioRow { label: String::new(), ratio, low, high, shown: String::new(), clear: true }
    }

    #[test]
    fn the_axis_holds_every_interval_and_one() {
        assert_eq!(ends(&[row(0.9, 1.1, 1.3)]), (0.5, 2.0));
        assert_eq!(ends(&[row(0.2, 1.1, 5.0)]), (0.125, 8.0));
        assert_eq!(ends(&[row(0.0, 40.0, f64::INFINITY)]), (1.0 / 32.0, 2.0));
        assert!(ticks(0.125, 32.0).contains(&1.0));
    }

    #[test]
    fn a_ratio_stands_where_its_logarithm_is() {
        let across = Across { left: 0.0, right: 100.0, low: 0.25, high: 4.0 };
        assert!((across.at(1.0) - 50.0).abs() < 1e-9 && (across.at(2.0) - 75.0).abs() < 1e-9);
        assert!((across.at(0.0)).abs() < 1e-9 && (across.at(f64::INFINITY) - 100.0).abs() < 1e-9);
    }
}
