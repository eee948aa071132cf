//! Charts as SVG: pure functions from figures to a drawing.
//!
//! Every mark has a class *and* a presentation attribute: on a page the stylesheet wins (colours of
//! the body, forced colours, print), in an email or PDF, where there is none, the attribute does. No
//! inline style, so that a strict content policy holds. Text is at least 12 px at the width drawn
//! for. The page puts a table of the same figures beside each chart.

mod bars;
mod lifeline;
mod line;
mod ratios;
mod svg;

use commonweal_ports::{BarChart, ChartDrawer, LifelineChart, LineChart, RatioChart};

/// Draws charts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Charts;

impl ChartDrawer for Charts {
    fn line(&self, chart: &LineChart) -> String {
        line::draw(chart)
    }

    fn bars(&self, chart: &BarChart) -> String {
        bars::draw(chart)
    }

    fn ratios(&self, chart: &RatioChart) -> String {
        ratios::draw(chart)
    }

    fn lifeline(&self, chart: &LifelineChart) -> String {
        lifeline::draw(chart)
    }
}
