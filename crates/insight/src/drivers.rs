//! What drives satisfaction: how much of an outcome each of several answers explains, with intervals, and
//! how each performs.

use commonweal_domain::{Budget, Cancelled};
use commonweal_random::Random;

use crate::linear::Correlations;

/// Least number of predictors among which importance can be shared out.
pub const FEWEST_PREDICTORS: usize = 2;
/// Most predictors: their subsets, 4,096 of 12, are all gone through.
pub const MAX_PREDICTORS: usize = 12;
/// Least number of complete cases for each predictor.
pub const CASES_PER_PREDICTOR: usize = 10;

/// An answer that may explain the outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Predictor<'a> {
    /// Its name, for errors and results.
    pub name: &'a str,
    /// One value for each case; what is no finite number is a missing answer.
    pub values: &'a [f64],
    /// Lowest and highest answer possible, such as (1, 5); the lowest and highest given if none.
    pub scale: Option<(f64, f64)>,
}

/// How intervals are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bootstrap {
    /// Resamples drawn (0 for no intervals).
    pub resamples: usize,
    /// Seed of the generator: the same seed gives the same intervals.
    pub seed: u64,
    /// Confidence of the intervals.
    pub confidence: f64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { resamples: 500, seed: 1, confidence: 0.95 }
    }
}

/// Why importance could not be worked out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DriversError {
    /// Fewer than two predictors.
    #[error("importance is shared out among at least {FEWEST_PREDICTORS} answers, and {0} was given")]
    TooFewPredictors(usize),
    /// More than twelve predictors.
    #[error("at most {MAX_PREDICTORS} answers can be compared at once, and {0} were given; leave out or join some")]
    TooManyPredictors(usize),
    /// A list is longer or shorter than the outcome.
    #[error("\"{name}\" has {found} values, but the outcome has {expected}")]
    Length {
        /// The predictor, or "weights".
        name: String,
        /// Its values.
        found: usize,
        /// The outcome's values.
        expected: usize,
    },
    /// Too few people answered everything.
    #[error(
        "only {complete} people answered all of these questions ({dropped} left one out); \
         {needed} are needed for {predictors} answers"
    )]
    TooFewCases {
        /// Complete cases.
        complete: usize,
        /// Cases left out because an answer is missing.
        dropped: usize,
        /// Complete cases needed.
        needed: usize,
        /// Predictors given.
        predictors: usize,
    },
    /// Everyone gave the same answer.
    #[error("everyone who answered all questions gave the same answer to \"{name}\", so it can explain nothing")]
    ConstantPredictor {
        /// The predictor.
        name: String,
    },
    /// The outcome is the same for everyone.
    #[error("the outcome is the same for everyone who answered all questions, so there is nothing to explain")]
    ConstantOutcome,
    /// A case weight is negative or no number.
    #[error("the weight of case {case} is {weight}; weights must be numbers from 0")]
    BadWeight {
        /// The case's number, from 0.
        case: usize,
        /// The weight.
        weight: f64,
    },
    /// Numbers too large to be squared and summed.
    #[error("the values of \"{name}\" are too large or too far apart to be worked with")]
    OutOfRange {
        /// The predictor, or "outcome".
        name: String,
    },
    /// Confidence outside 0 to 1.
    #[error("a confidence must lie between 0 and 1, and {0} does not")]
    Confidence(f64),
    /// Given up before it was done.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// An interval from resampling, by its percentiles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// What is known of one predictor.
#[derive(Debug, Clone, PartialEq)]
pub struct Driver {
    /// Its name.
    pub name: String,
    /// Part of R² that it explains, averaged over all orders of entering (LMG, the Shapley value).
    pub lmg: f64,
    /// Interval of `lmg`, if resamples were drawn.
    pub lmg_range: Option<Range>,
    /// `lmg` divided by R²: the share of what is explained, 0 to 1. The figure to show.
    pub share: f64,
    /// Interval of `share`, if resamples were drawn.
    pub share_range: Option<Range>,
    /// Johnson's relative weight, a part of R².
    pub johnson: f64,
    /// Standardised coefficient of the regression on all predictors: deviations of the outcome.
    pub beta: f64,
    /// Correlation with the outcome, −1 to 1.
    pub correlation: f64,
    /// Mean answer between the lowest (0) and the highest (1) of the scale; NaN for a scale without width.
    /// Where `share` is large and this is small, improvement counts most.
    pub performance: f64,
}

/// What drives an outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Drivers {
    /// The predictors, in the order given.
    pub drivers: Vec<Driver>,
    /// Share of the outcome's variance that they explain together, 0 to 1.
    pub r_squared: f64,
    /// The same, corrected for their number: 1 − (1−R²)(n−1)/(n−k−1).
    pub adjusted_r_squared: f64,
    /// Complete cases, which all figures are from.
    pub cases: usize,
    /// Cases left out because an answer, the outcome or the weight is missing or zero.
    pub dropped: usize,
    /// Resamples used; those in which the outcome does not vary are not.
    pub resamples: usize,
}

/// The share of the outcome's variance that each predictor explains.
///
/// Exact over all subsets of the predictors, weighted by `weights` if given (a case of weight 0 is left
/// out). Cases with a missing answer are dropped, and how many is reported. Predictors that repeat one
/// another share what they explain. Intervals are percentiles over resampled cases (Efron 1979), with the
/// interpolation of R's type 7.
///
/// # Errors
///
/// [`DriversError`], whose sentence says what is wrong, if the figures would not bear any weight, or that the budget was
/// cancelled.
pub fn drivers(
    predictors: &[Predictor],
    outcome: &[f64],
    weights: Option<&[f64]>,
    bootstrap: &Bootstrap,
    budget: &Budget,
) -> Result<Drivers, DriversError> {
    let cases = Cases::complete(predictors, outcome, weights)?;
    if bootstrap.resamples > 0 && !(bootstrap.confidence > 0.0 && bootstrap.confidence < 1.0) {
        return Err(DriversError::Confidence(bootstrap.confidence));
    }
    let k = predictors.len();
    let (moments, correlations) = cases.correlate(predictors)?;
    let lmg = correlations.lmg();
    let r_squared: f64 = lmg.iter().sum();
    let (johnson, beta) = correlations.johnson_and_beta();
    let drawn = resample(&cases, bootstrap, budget)?;
    let part = |lmg: f64, of: f64| if of > 0.0 { lmg / of } else { 0.0 };

    let mut list = Vec::with_capacity(k);
    for (j, predictor) in predictors.iter().enumerate() {
        let range = |of: &dyn Fn(&Vec<f64>) -> f64| percentiles(drawn.iter().map(of).collect(), bootstrap.confidence);
        let (low, high) = predictor.scale.unwrap_or_else(|| cases.extremes(j));
        list.push(Driver {
            name: predictor.name.to_owned(),
            lmg: lmg[j],
            lmg_range: range(&|lmg| lmg[j]),
            share: part(lmg[j], r_squared),
            share_range: range(&|lmg| part(lmg[j], lmg.iter().sum())),
            johnson: johnson[j],
            beta: beta[j],
            correlation: correlations.with_outcome[j],
            performance: if high > low { (moments.means[j] - low) / (high - low) } else { f64::NAN },
        });
    }
    let n = cases.count as f64;
    Ok(Drivers {
        drivers: list,
        r_squared,
        adjusted_r_squared: 1.0 - (1.0 - r_squared) * (n - 1.0) / (n - k as f64 - 1.0),
        cases: cases.count,
        dropped: outcome.len() - cases.count,
        resamples: drawn.len(),
    })
}

/// LMG shares of resampled cases.
fn resample(cases: &Cases, bootstrap: &Bootstrap, budget: &Budget) -> Result<Vec<Vec<f64>>, Cancelled> {
    let mut random = Random::new(bootstrap.seed);
    let mut drawn = Vec::new();
    let mut times = vec![0.0; cases.count];
    for _ in 0..bootstrap.resamples {
        budget.check()?;
        times.fill(0.0);
        for _ in 0..cases.count {
            times[random.below(cases.count)] += 1.0;
        }
        for (times, weight) in times.iter_mut().zip(&cases.weights) {
            *times *= weight;
        }
        let moments = cases.moments(&times);
        if moments.varies(cases.width - 1) {
            drawn.push(moments.correlations().lmg());
        }
    }
    Ok(drawn)
}

/// Percentile interval, interpolated as R's type 7; none without values.
fn percentiles(mut values: Vec<f64>, confidence: f64) -> Option<Range> {
    values.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * (values.len() - 1) as f64;
        let low = values[place.floor() as usize];
        low + (values[place.ceil() as usize] - low) * place.fract()
    };
    let tail = (1.0 - confidence) / 2.0;
    (!values.is_empty()).then(|| Range { low: at(tail), high: at(1.0 - tail) })
}

/// The complete cases: the predictors' values and, last, the outcome's, case by case.
struct Cases {
    width: usize,
    count: usize,
    values: Vec<f64>,
    weights: Vec<f64>,
}

/// Weighted means and sums of products about them.
struct Moments {
    width: usize,
    means: Vec<f64>,
    products: Vec<f64>,
    /// Largest value of each column by size: what counts as no variation is relative to it.
    sizes: Vec<f64>,
    total: f64,
}

impl Cases {
    fn complete(predictors: &[Predictor], outcome: &[f64], weights: Option<&[f64]>) -> Result<Self, DriversError> {
        let k = predictors.len();
        if k < FEWEST_PREDICTORS {
            return Err(DriversError::TooFewPredictors(k));
        }
        if k > MAX_PREDICTORS {
            return Err(DriversError::TooManyPredictors(k));
        }
        let columns = predictors.iter().map(|predictor| (predictor.name, predictor.values));
        for (name, values) in columns.chain(weights.map(|weights| ("weights", weights))) {
            if values.len() != outcome.len() {
                let name = name.to_owned();
                return Err(DriversError::Length { name, found: values.len(), expected: outcome.len() });
            }
        }
        let mut cases = Self { width: k + 1, count: 0, values: Vec::new(), weights: Vec::new() };
        for (case, &result) in outcome.iter().enumerate() {
            let weight = weights.map_or(1.0, |weights| weights[case]);
            if !(weight.is_finite() && weight >= 0.0) {
                return Err(DriversError::BadWeight { case, weight });
            }
            let known = result.is_finite() && predictors.iter().all(|predictor| predictor.values[case].is_finite());
            if known && weight > 0.0 {
                cases.values.extend(predictors.iter().map(|predictor| predictor.values[case]));
                cases.values.push(result);
                cases.weights.push(weight);
                cases.count += 1;
            }
        }
        let needed = k * CASES_PER_PREDICTOR;
        if cases.count < needed {
            let dropped = outcome.len() - cases.count;
            return Err(DriversError::TooFewCases { complete: cases.count, dropped, needed, predictors: k });
        }
        Ok(cases)
    }

    fn correlate(&self, predictors: &[Predictor]) -> Result<(Moments, Correlations), DriversError> {
        let moments = self.moments(&self.weights);
        let name = |j: usize| predictors.get(j).map_or("outcome", |predictor| predictor.name).to_owned();
        for j in 0..self.width {
            if !(moments.products[j * self.width + j].is_finite() && moments.total.is_finite()) {
                return Err(DriversError::OutOfRange { name: name(j) });
            }
            if !moments.varies(j) {
                return Err(match predictors.get(j) {
                    Some(predictor) => DriversError::ConstantPredictor { name: predictor.name.to_owned() },
                    None => DriversError::ConstantOutcome,
                });
            }
        }
        let correlations = moments.correlations();
        Ok((moments, correlations))
    }

    fn moments(&self, weights: &[f64]) -> Moments {
        let width = self.width;
        let total: f64 = weights.iter().sum();
        let (mut means, mut sizes) = (vec![0.0; width], vec![0.0_f64; width]);
        for (case, weight) in self.values.chunks_exact(width).zip(weights) {
            for (j, value) in case.iter().enumerate() {
                means[j] += weight / total * value;
                sizes[j] = sizes[j].max(value.abs());
            }
        }
        let mut products = vec![0.0; width * width];
        let mut apart = vec![0.0; width];
        for (case, weight) in self.values.chunks_exact(width).zip(weights) {
            if *weight == 0.0 {
                continue;
            }
            for j in 0..width {
                apart[j] = case[j] - means[j];
            }
            for i in 0..width {
                let weighted = weight / total * apart[i];
                for j in i..width {
                    products[i * width + j] += weighted * apart[j];
                }
            }
        }
        for i in 0..width {
            for j in 0..i {
                products[i * width + j] = products[j * width + i];
            }
        }
        Moments { width, means, products, sizes, total }
    }

    fn extremes(&self, j: usize) -> (f64, f64) {
        let column = self.values.chunks_exact(self.width).map(|case| case[j]);
        column.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (value.min(low), value.max(high)))
    }
}

impl Moments {
    /// Whether a column's deviation is more than rounding leaves of equal values.
    fn varies(&self, j: usize) -> bool {
        self.products[j * self.width + j].sqrt() > 1e-10 * self.sizes[j]
    }

    /// Correlations of the predictors; one that does not vary has none with anything.
    fn correlations(&self) -> Correlations {
        let size = self.width - 1;
        let correlation = |i: usize, j: usize| {
            if i == j {
                return 1.0;
            }
            if !(self.varies(i) && self.varies(j)) {
                return 0.0;
            }
            let deviation = |j: usize| self.products[j * self.width + j].sqrt();
            (self.products[i * self.width + j] / deviation(i) / deviation(j)).clamp(-1.0, 1.0)
        };
        Correlations {
            size,
            among: (0..size * size).map(|at| correlation(at / size, at % size)).collect(),
            with_outcome: (0..size).map(|j| correlation(j, size)).collect(),
        }
    }
}
