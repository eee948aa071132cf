//! Bars, one below the other, with their values beside them.

use std::fmt::Write;

use commonweal_ports::BarChart;

use super::svg::{Anchor, begin, cut, text, width_of};

const ROW: f64 = 28.0;
/// A row whose name stands above its bar.
const TALL_ROW: f64 = 44.0;
const BAR: f64 = 18.0;
/// Names beside the bars may take this part of the width; longer ones stand above them.
const NAMES: f64 = 0.42;

pub(super) fn draw(chart: &BarChart) -> String {
    let width = f64::from(chart.width.max(240));
    let names = chart.bars.iter().map(|(name, ..)| width_of(name)).fold(0.0, f64::max) + 10.0;
    let above = names > width * NAMES;
    let (row, left) = if above { (TALL_ROW, 0.0) } else { (ROW, names) };
    let height = chart.bars.len().max(1) as f64 * row + 4.0;
    let mut out = begin(&chart.id, &chart.title, &chart.description, width, height);
    let values = chart.bars.iter().map(|(.., shown)| width_of(shown)).fold(0.0, f64::max) + 10.0;
    let right = (width - values).max(left + 40.0);
    let most = chart.bars.iter().filter_map(|(_, value, _)| *value).fold(0.0, f64::max);
    for (n, (name, value, shown)) in chart.bars.iter().enumerate() {
        let top = (n + 1) as f64 * row - (ROW + BAR) / 2.0;
        let base = top + BAR / 2.0 + 4.0;
        if above {
            text(&mut out, 0.0, top - 6.0, Anchor::Start, "cw-chart__axis", &cut(name, width));
        } else {
            text(&mut out, left - 8.0, base, Anchor::End, "cw-chart__axis", name);
        }
        let length = value.filter(|_| most > 0.0).map_or(0.0, |v| v.max(0.0) / most * (right - left));
        // Suppressed: no bar at all, which its words explain.
        if value.is_some() {
            let _ = write!(
                out,
                "<rect class=\"cw-chart__bar\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{BAR}\" fill=\"#12436d\"/>",
                length.max(1.0)
            );
        }
        text(&mut out, left + length + 6.0, base, Anchor::Start, "cw-chart__value", shown);
    }
    out.push_str("</svg>");
    out
}
