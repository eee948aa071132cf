//! A trend: one line per series, gaps where there is no figure, the name of each line at its end.

use std::fmt::Write;

use commonweal_ports::{LineChart, Series};

use super::svg::{Anchor, begin, cut, number, rule, text, ticks, width_of};

const HEIGHT: f64 = 240.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 34.0;
/// Room for the names at the ends of the lines, at most this share of the width.
const NAMES: f64 = 0.28;
/// Least distance between two names, in px.
const APART: f64 = 15.0;

pub(super) fn draw(chart: &LineChart) -> String {
    let width = f64::from(chart.width.max(240));
    let mut out = begin(&chart.id, &chart.title, &chart.description, width, HEIGHT);
    let points = || chart.series.iter().flat_map(|s| s.points.iter().flatten().copied());
    let (low, high) = chart.range.unwrap_or_else(|| (points().fold(0.0, f64::min), points().fold(0.0, f64::max)));
    let steps = ticks(low, high, 4);
    let (low, high) = (steps[0], steps[steps.len() - 1]);
    let left = steps.iter().map(|s| width_of(&number(*s))).fold(0.0, f64::max) + 10.0;
    let names = chart.series.iter().map(|s| width_of(&s.label)).fold(0.0, f64::max) + 14.0;
    let right = width - names.min(width * NAMES);
    let bottom = HEIGHT - BOTTOM;
    let count = chart.labels.len().max(1);
    let x = |n: usize| {
        if count == 1 { (left + right) / 2.0 } else { left + (right - left) * n as f64 / (count - 1) as f64 }
    };
    let y = |value: f64| bottom - (value - low) / (high - low) * (bottom - TOP);

    for step in &steps {
        rule(&mut out, "cw-chart__grid", (left, y(*step)), (right, y(*step)));
        text(&mut out, left - 6.0, y(*step) + 4.0, Anchor::End, "cw-chart__axis", &number(*step));
    }
    labels(&mut out, &chart.labels, x, left, width, bottom);
    // What is compared with lies beneath.
    let mut order: Vec<(usize, &Series)> = chart.series.iter().enumerate().collect();
    order.sort_by_key(|(n, s)| (!s.compared, *n));
    for (n, series) in &order {
        line(&mut out, *n, series, x, y);
    }
    ends(&mut out, &chart.series, y, right, width);
    out.push_str("</svg>");
    out
}

/// As many labels of steps as have room, the first and the last among them.
fn labels(out: &mut String, labels: &[String], x: impl Fn(usize) -> f64, left: f64, width: f64, bottom: f64) {
    let Some(last) = labels.len().checked_sub(1) else { return };
    let room = labels.iter().map(|l| width_of(l)).fold(0.0, f64::max) + 12.0;
    let fit = (((x(last) - left) / room).floor() as usize).max(1);
    let every = last.div_ceil(fit).max(1);
    for n in (0..=last).filter(|n| n.is_multiple_of(every)) {
        let half = width_of(&labels[n]) / 2.0;
        let at = x(n).clamp(half.min(width / 2.0), (width - half).max(width / 2.0));
        rule(out, "cw-chart__tick", (x(n), bottom), (x(n), bottom + 4.0));
        text(out, at, bottom + 19.0, Anchor::Middle, "cw-chart__axis", &labels[n]);
    }
}

fn line(out: &mut String, n: usize, series: &Series, x: impl Fn(usize) -> f64, y: impl Fn(f64) -> f64) {
    let (class, dash) = if series.compared {
        ("cw-chart__line cw-chart__line--before".to_owned(), " stroke-dasharray=\"5 4\"")
    } else {
        (format!("cw-chart__line cw-chart__line--{}", n + 1), "")
    };
    let colour = if series.compared { "#55616d" } else { COLOURS[n % COLOURS.len()] };
    let mut path = String::new();
    let mut alone = Vec::new();
    for (k, point) in series.points.iter().enumerate() {
        let Some(value) = point else { continue };
        let begins = k == 0 || series.points[k - 1].is_none();
        let ends = series.points.get(k + 1).is_none_or(Option::is_none);
        if begins && ends {
            alone.push((x(k), y(*value)));
        }
        let _ = write!(path, "{}{:.1} {:.1}", if begins { "M" } else { "L" }, x(k), y(*value));
    }
    if !path.is_empty() {
        let _ = write!(
            out,
            "<path class=\"{class}\" d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dash}/>"
        );
    }
    // A single figure between two gaps is a point: a line of no length would not be seen.
    for (cx, cy) in alone {
        let _ =
            write!(out, "<circle class=\"cw-chart__point\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"3\" fill=\"{colour}\"/>");
    }
}

/// Colours that differ in lightness too (UK Government Analysis Function palette; contrast on white
/// at least 3:1).
const COLOURS: &[&str] = &["#12436d", "#801650", "#28a197", "#f46a25"];

/// Names at the ends, pushed apart.
fn ends(out: &mut String, series: &[Series], y: impl Fn(f64) -> f64, right: f64, width: f64) {
    let mut names: Vec<(f64, &str)> = series
        .iter()
        .filter_map(|s| s.points.iter().rev().flatten().next().map(|value| (y(*value), s.label.as_str())))
        .collect();
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    for n in 1..names.len() {
        names[n].0 = names[n].0.max(names[n - 1].0 + APART);
    }
    // What was pushed below the foot comes back up.
    let foot = HEIGHT - BOTTOM;
    for n in (0..names.len()).rev() {
        let most = if n + 1 < names.len() { names[n + 1].0 - APART } else { foot };
        names[n].0 = names[n].0.min(most);
    }
    for (at, name) in names {
        text(out, right + 8.0, at + 4.0, Anchor::Start, "cw-chart__name", &cut(name, width - right - 8.0));
    }
}
