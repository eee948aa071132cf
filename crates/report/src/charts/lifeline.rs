//! How somebody felt along their contacts: a line through what they said, and below it, under the same axis, a lane of
//! marks for each kind of contact.

use std::fmt::Write;

use commonweal_ports::{FeltPoint, LifelineChart};

use super::svg::{Anchor, begin, cut, rule, text, width_of};

const TOP: f64 = 12.0;
/// Height of the part in which the line runs.
const PLOT: f64 = 132.0;
const LANE: f64 = 24.0;
const FOOT: f64 = 26.0;
/// Room for names at the left, at most this share of the width.
const NAMES: f64 = 0.4;
/// Half the side of a mark.
const MARK: f64 = 5.0;

pub(super) fn draw(chart: &LifelineChart) -> String {
    let width = f64::from(chart.width.max(240));
    let lanes = chart.lanes.len() as f64 * LANE;
    let height = TOP + PLOT + 12.0 + lanes + FOOT;
    let mut out = begin(&chart.id, &chart.title, &chart.description, width, height);
    let names = chart.levels.iter().map(|(_, name)| name).chain(chart.lanes.iter().map(|lane| &lane.label));
    let left = (names.map(|name| width_of(name)).fold(0.0, f64::max) + 12.0).min(width * NAMES);
    let right = width - 10.0;
    let x = |at: f64| left + 8.0 + (right - left - 16.0) * at.clamp(0.0, 1.0);
    let y = |value: f64| TOP + PLOT * (1.0 - (value.clamp(1.0, 5.0) - 1.0) / 4.0);

    for (value, name) in &chart.levels {
        rule(&mut out, "cw-chart__grid", (left, y(*value)), (right, y(*value)));
        text(&mut out, left - 6.0, y(*value) + 4.0, Anchor::End, "cw-chart__axis", &cut(name, left - 8.0));
    }
    line(&mut out, &chart.points, x, y);
    let mut middle = TOP + PLOT + 12.0 + LANE / 2.0;
    for lane in &chart.lanes {
        rule(&mut out, "cw-chart__grid", (left, middle), (right, middle));
        text(&mut out, left - 6.0, middle + 4.0, Anchor::End, "cw-chart__axis", &cut(&lane.label, left - 8.0));
        for mark in &lane.marks {
            triangle(&mut out, x(mark.at), middle, mark.incoming);
        }
        middle += LANE;
    }
    let bottom = middle - LANE / 2.0;
    let mut free = f64::MIN;
    for (at, label) in &chart.labels {
        let half = width_of(label) / 2.0;
        let place = x(*at).clamp(half, (width - half).max(half));
        rule(&mut out, "cw-chart__tick", (x(*at), bottom), (x(*at), bottom + 4.0));
        // What would lie upon the label before has its tick alone.
        if place - half >= free {
            text(&mut out, place, bottom + 18.0, Anchor::Middle, "cw-chart__axis", label);
            free = place + half + 8.0;
        }
    }
    out.push_str("</svg>");
    out
}

/// What was said with a rating is filled, what was read from words is hollow.
fn line(out: &mut String, points: &[FeltPoint], x: impl Fn(f64) -> f64, y: impl Fn(f64) -> f64) {
    let mut path = String::new();
    for (n, point) in points.iter().enumerate() {
        let _ = write!(path, "{}{:.1} {:.1}", if n == 0 { "M" } else { "L" }, x(point.at), y(point.value));
    }
    if points.len() > 1 {
        let _ = write!(
            out,
            "<path class=\"cw-chart__line cw-chart__line--1\" d=\"{path}\" fill=\"none\" stroke=\"#12436d\" stroke-width=\"2\"/>"
        );
    }
    for point in points {
        let (class, fill) = if point.rated {
            ("cw-chart__felt", "#12436d")
        } else {
            ("cw-chart__felt cw-chart__felt--read", "#ffffff")
        };
        let _ = write!(
            out,
            "<circle class=\"{class}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{fill}\" stroke=\"#12436d\" stroke-width=\"2\"/>",
            x(point.at),
            y(point.value)
        );
    }
}

/// Points down and filled for what came in, up and hollow for what went out.
fn triangle(out: &mut String, x: f64, y: f64, incoming: bool) {
    let (base, tip) = if incoming { (y - MARK, y + MARK) } else { (y + MARK, y - MARK) };
    let (class, fill) =
        if incoming { ("cw-chart__mark", "#12436d") } else { ("cw-chart__mark cw-chart__mark--out", "#ffffff") };
    let _ = write!(
        out,
        "<path class=\"{class}\" d=\"M{:.1} {base:.1}L{:.1} {base:.1}L{x:.1} {tip:.1}Z\" fill=\"{fill}\" stroke=\"#12436d\" stroke-width=\"1.5\"/>",
        x - MARK,
        x + MARK
    );
}
