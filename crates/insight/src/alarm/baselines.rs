//! The usual alarms, to hold the own one against: rolling z-score, EARS C1 and C2, seasonal
//! median and MAD, a Farrington-type limit.
//!
//! Each gives, for step `at` of a series of counts, a centre and a spread from the steps
//! before it.

/// The standard normal quantile at 0.999, the textbook limit of EARS.
pub const EARS_Z: f64 = 3.090_232_306_167_813;

/// Smallest spread a score is divided by, in counts: without it the first report after a
/// silent week would score without bound.
const SMALLEST_SPREAD: f64 = 0.5;

/// What a method expects of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Expected count.
    pub centre: f64,
    /// Standard deviation, in counts.
    pub spread: f64,
}

impl Band {
    /// The upper limit at `z` standard deviations, in counts.
    pub fn limit(&self, z: f64) -> f64 {
        self.centre + z * self.spread
    }

    /// How many standard deviations a count lies above the centre.
    pub fn score(&self, count: f64) -> f64 {
        (count - self.centre) / self.spread.max(SMALLEST_SPREAD)
    }
}

/// EARS C1 (`lag` 0) or C2 (`lag` 2): mean and standard deviation of seven steps, ending
/// `lag` steps before the one judged. `None` while there are fewer.
///
/// Source: Hutwagner, Thompson, Seeman and Treadwell (2003), *The bioterrorism preparedness
/// and response Early Aberration Reporting System (EARS)*, J. Urban Health 80:i89-i96.
pub fn ears(counts: &[f64], at: usize, lag: usize) -> Option<Band> {
    mean_band(counts, at, 7, lag)
}

/// Mean and standard deviation of the `window` steps before the one judged.
pub fn rolling(counts: &[f64], at: usize, window: usize) -> Option<Band> {
    mean_band(counts, at, window, 0)
}

fn mean_band(counts: &[f64], at: usize, window: usize, lag: usize) -> Option<Band> {
    let end = at.checked_sub(lag)?;
    let past = counts.get(end.checked_sub(window)?..end)?;
    let n = past.len() as f64;
    let centre = past.iter().sum::<f64>() / n;
    let squares: f64 = past.iter().map(|count| (count - centre).powi(2)).sum();
    Some(Band { centre, spread: (squares / (n - 1.0)).sqrt() })
}

/// Median of the past plus what the median of the same position of the cycle differs from it;
/// the spread is 1.4826 times the median absolute deviation after that. Needs two cycles.
pub fn seasonal_mad(counts: &[f64], at: usize, cycle: usize) -> Option<Band> {
    let past = counts.get(..at).filter(|past| past.len() >= 2 * cycle)?;
    let middle = median(past.to_vec())?;
    let mut effects = Vec::with_capacity(cycle);
    for position in 0..cycle {
        let same: Vec<f64> = past.iter().skip(position).step_by(cycle).copied().collect();
        effects.push(median(same)? - middle);
    }
    let left = past.iter().enumerate().map(|(index, count)| (count - middle - effects[index % cycle]).abs()).collect();
    Some(Band { centre: middle + effects[at % cycle], spread: 1.4826 * median(left)? })
}

/// A Farrington-type band: the steps within `half_window` of the same position in up to five
/// past cycles, those far above the rest counting less, variance a multiple of the mean. No
/// trend. Needs two cycles.
///
/// Source: Farrington, Andrews, Beale and Catchpole (1996), J. R. Stat. Soc. A 159:547-563,
/// sections 3.2 to 3.6.
pub fn farrington_type(counts: &[f64], at: usize, cycle: usize, half_window: usize) -> Option<Band> {
    let mut chosen = Vec::new();
    for back in 1..=5 {
        let Some(centre) = at.checked_sub(back * cycle) else { break };
        let from = centre.saturating_sub(half_window);
        let to = (centre + half_window + 1).min(at);
        chosen.extend_from_slice(counts.get(from..to)?);
    }
    if chosen.len() < 2 * (2 * half_window + 1) {
        return None;
    }
    let mut weights = vec![1.0; chosen.len()];
    let mut band = Band { centre: 0.0, spread: 0.0 };
    for _ in 0..2 {
        let total: f64 = weights.iter().sum();
        let mean = (chosen.iter().zip(&weights).map(|(y, w)| w * y).sum::<f64>() / total).max(0.1);
        let chi: f64 = chosen.iter().zip(&weights).map(|(y, w)| w * (y - mean).powi(2) / mean).sum();
        let dispersion = (chi / (total - 1.0).max(1.0)).max(1.0);
        band = Band { centre: mean, spread: (dispersion * mean * (1.0 + 1.0 / total)).sqrt() };
        for (weight, count) in weights.iter_mut().zip(&chosen) {
            let residual =
                1.5 * (count.powf(2.0 / 3.0) - mean.powf(2.0 / 3.0)) / (mean.powf(1.0 / 6.0) * dispersion.sqrt());
            *weight = if residual > 1.0 { residual.powi(-2) } else { 1.0 };
        }
    }
    Some(band)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    Some(0.5 * (values[middle - 1] + upper))
}
