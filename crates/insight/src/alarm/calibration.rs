//! From a nominal p-value to the rate at which untouched series reach it.
//!
//! On real counts a model's "one in a hundred" comes about more often than that: on monthly
//! council reports two to three times as often for this forecast and up to ninety times for
//! textbook limits. The remedy is to count how often past one-step-ahead p-values fell below
//! each of a few knots, over many series together, and to read new p-values off that curve
//! (recalibration of probability forecasts: Dawid 1984, JRSS A 147:278-292; Gneiting,
//! Balabdaoui and Raftery 2007, JRSS B 69:243-268).
//!
//! The past holds real incidents too, and no label says which. They make up most of the far
//! tail: read as false alarms they would make every small p-value ordinary and the alarm
//! would fall silent. So the curve follows the past down to rates of one in two hundred, and
//! from there goes on as a power of p (an exponential tail of `-ln p`, the generalised Pareto
//! tail of shape zero) with the slope it had between one in ten and one in two hundred. Rates
//! down to 1 % are therefore measured; smaller ones are extrapolated from ordinary steps.

use super::scan::PastP;
use super::shipped;

/// Number of knots; the knot `j` (from zero) is the nominal p-value `10^(-(j + 1) / 4)`.
pub const TAIL_KNOTS: usize = 24;

/// A knot must have been passed this often for its own rate to be believed.
const ENOUGH: f64 = 30.0;
/// The tail is extrapolated from here on: rarer steps are taken to be incidents in good part.
const TAIL_BELOW: f64 = 0.005;
/// The slope of the tail is measured from the knot with about this rate.
const SLOPE_FROM: f64 = 0.1;
const SMALLEST_P: f64 = 1e-300;

/// How often nominal p-values of one tail come about.
#[derive(Debug, Clone, PartialEq)]
pub struct TailTable {
    /// At each knot, the share of untouched steps with a nominal p-value this small.
    pub rates: [f64; TAIL_KNOTS],
    /// Beyond the last knot the rate falls as this power of the nominal p-value.
    pub slope: f64,
}

/// Calibration of both tails.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// For counts above what was expected.
    pub upper: TailTable,
    /// For counts below what was expected.
    pub lower: TailTable,
}

impl Default for Calibration {
    fn default() -> Self {
        Self::shipped()
    }
}

impl Calibration {
    /// Leaves p-values as they are.
    pub fn nominal() -> Self {
        let table = TailTable { rates: std::array::from_fn(knot), slope: 1.0 };
        Self { upper: table.clone(), lower: table }
    }

    /// The constants that come with the library, fitted on monthly FixMyStreet reports (see
    /// `examples/alarm_calibration`). A starting point for other steps and subjects.
    pub fn shipped() -> Self {
        Self { upper: shipped::UPPER, lower: shipped::LOWER }
    }

    /// Fits to the past of one's own series ([`super::past_p_values`]), starting from another
    /// calibration that counts as much as `prior_steps` steps (500 is sensible; zero takes the
    /// own past alone).
    #[must_use]
    pub fn refit(&self, past: &[PastP], prior_steps: f64) -> Self {
        let upper: Vec<f64> = past.iter().flat_map(|series| series.upper.iter().copied()).collect();
        let lower: Vec<f64> = past.iter().flat_map(|series| series.lower.iter().copied()).collect();
        Self { upper: self.upper.refit(&upper, prior_steps), lower: self.lower.refit(&lower, prior_steps) }
    }
}

/// The nominal p-value of a knot.
fn knot(index: usize) -> f64 {
    libm::exp10(-(index as f64 + 1.0) / 4.0)
}

impl TailTable {
    /// The rate at which untouched steps reach a nominal p-value: the honest p-value. Linear
    /// between knots on logarithmic scales; never falls as `p` rises.
    pub fn rate(&self, p: f64) -> f64 {
        let p = if p.is_nan() { 1.0 } else { p.clamp(SMALLEST_P, 1.0) };
        let place = -4.0 * p.log10();
        if place >= TAIL_KNOTS as f64 {
            let last = self.rates[TAIL_KNOTS - 1];
            return last * (p / knot(TAIL_KNOTS - 1)).powf(self.slope);
        }
        // Place 0 is p = 1, whose rate is 1; place j + 1 is the knot j.
        let below = place.floor();
        let index = below as usize;
        let from = if index == 0 { 1.0 } else { self.rates[index - 1] };
        let to = self.rates[index];
        (from.ln() + (place - below) * (to.ln() - from.ln())).exp().min(1.0)
    }

    fn refit(&self, p_values: &[f64], prior_steps: f64) -> Self {
        let mut sorted: Vec<f64> =
            p_values.iter().copied().filter(|p| p.is_finite()).map(|p| p.clamp(SMALLEST_P, 1.0)).collect();
        sorted.sort_by(f64::total_cmp);
        let prior_steps = prior_steps.max(0.0);
        let steps = sorted.len() as f64 + prior_steps;
        if sorted.is_empty() {
            return self.clone();
        }
        let passed = |index: usize| sorted.partition_point(|p| *p <= knot(index)) as f64;
        let mut rates: [f64; TAIL_KNOTS] =
            std::array::from_fn(|index| (passed(index) + prior_steps * self.rates[index]) / steps);
        let believed = |index: &usize| rates[*index] >= TAIL_BELOW && passed(*index) >= ENOUGH;
        let Some(deepest) = (0..TAIL_KNOTS).rev().find(believed) else {
            // Too little to say anything about the tail: only the prior knows.
            return self.clone();
        };
        let shallow = (0..deepest).rev().find(|&index| rates[index] >= SLOPE_FROM).unwrap_or(0);
        let slope = if shallow < deepest {
            (rates[shallow] / rates[deepest]).ln() / (knot(shallow) / knot(deepest)).ln()
        } else {
            self.slope
        };
        let slope = slope.clamp(0.1, 2.0);
        let last = rates[deepest];
        for (index, rate) in rates.iter_mut().enumerate().skip(deepest + 1) {
            *rate = last * (knot(index) / knot(deepest)).powf(slope);
        }
        Self { rates, slope }
    }
}
