//! How far a survey's figure may be off: margins of error, Wilson's interval, the interval of a mean, and
//! the sample that the Regulator of Social Housing asks of a landlord.

use crate::distributions::{normal_critical, student_t_critical};

/// The critical value of 95 % confidence as regulators write it, rounded to two decimals.
pub const Z_95_ROUNDED: f64 = 1.96;

/// Who answered, out of how many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// People who answered.
    pub answered: f64,
    /// The same after weighting: `answered` divided by the design effect.
    pub effective: f64,
    /// People there are, if they are few enough to matter; none for a very large population.
    pub population: Option<f64>,
}

impl Sample {
    /// An unweighted sample.
    #[must_use]
    pub fn unweighted(answered: u64, population: Option<u64>) -> Self {
        let answered = answered as f64;
        Self { answered, effective: answered, population: population.map(|people| people as f64) }
    }
}

/// An interval about an estimate, in the estimate's units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Why no margin can be given.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum MarginError {
    /// Nobody answered.
    #[error("nobody answered, so no margin of error can be given")]
    NoAnswers,
    /// A share outside 0 to 1.
    #[error("a share must lie between 0 and 1, and {0} does not")]
    Share(f64),
    /// More answers than people.
    #[error("{answered} people answered, but the population is said to be {population}")]
    MoreAnswersThanPeople {
        /// People who answered.
        answered: f64,
        /// People there are.
        population: f64,
    },
    /// Confidence outside 0 to 1.
    #[error("a confidence must lie between 0 and 1, and {0} does not")]
    Confidence(f64),
    /// A mean's interval needs two answers and a spread.
    #[error("the interval of a mean needs at least two answers and a standard deviation that is not negative")]
    NoSpread,
}

/// Critical value for a confidence strictly between 0 and 1.
fn critical(confidence: f64) -> Result<f64, MarginError> {
    if confidence > 0.0 && confidence < 1.0 {
        Ok(normal_critical(confidence))
    } else {
        Err(MarginError::Confidence(confidence))
    }
}

/// Standard error of a share: √(p(1−p)/n_eff · (N−n)/(N−1)), 0 to 0.5.
///
/// The second factor, the finite population correction (Cochran 1977, section 2.7), is left out if the
/// population is not given; it is 0 when everybody answered.
///
/// # Errors
///
/// [`MarginError`] if nobody answered, `p` is no share, or more answered than there are.
pub fn standard_error(p: f64, sample: &Sample) -> Result<f64, MarginError> {
    if !(0.0..=1.0).contains(&p) {
        return Err(MarginError::Share(p));
    }
    let counts = sample.effective.is_finite() && sample.answered.is_finite();
    if !(counts && sample.effective > 0.0 && sample.answered > 0.0) {
        return Err(MarginError::NoAnswers);
    }
    Ok((p * (1.0 - p) / sample.effective * correction(sample)?).sqrt())
}

/// Finite population correction of a variance, 0 to 1.
fn correction(sample: &Sample) -> Result<f64, MarginError> {
    let Some(population) = sample.population else { return Ok(1.0) };
    if population.is_nan() || population < sample.answered {
        return Err(MarginError::MoreAnswersThanPeople { answered: sample.answered, population });
    }
    if population == sample.answered || population.is_infinite() {
        return Ok(if population.is_infinite() { 1.0 } else { 0.0 });
    }
    // A fraction of a person cannot be asked; the factor never exceeds 1.
    Ok(((population - sample.answered) / (population - 1.0)).clamp(0.0, 1.0))
}

/// Margin of error of a share, half the width of its normal interval: 0.03 for plus or minus 3 points.
///
/// # Errors
///
/// [`MarginError`] if nobody answered, `p` is no share, more answered than there are, or the confidence is
/// not between 0 and 1.
pub fn margin_of_error(p: f64, sample: &Sample, confidence: f64) -> Result<f64, MarginError> {
    Ok(critical(confidence)? * standard_error(p, sample)?)
}

/// Margin of error as the Regulator of Social Housing publishes it: p = 0.5 and 1.96, without weights.
///
/// # Errors
///
/// [`MarginError`] if nobody answered or more answered than there are.
pub fn regulator_margin_of_error(answered: u64, population: u64) -> Result<f64, MarginError> {
    Ok(Z_95_ROUNDED * standard_error(0.5, &Sample::unweighted(answered, Some(population)))?)
}

/// Margin of error that the Regulator of Social Housing asks for, by the homes a landlord lets.
///
/// Tenant Satisfaction Measures, tenant survey requirements: 2 points from 25,000 homes, 3 from 10,000, 4
/// from 2,500, otherwise 5.
#[must_use]
pub fn regulator_required_margin(population: u64) -> f64 {
    match population {
        25_000.. => 0.02,
        10_000.. => 0.03,
        2_500.. => 0.04,
        _ => 0.05,
    }
}

/// Answers needed for a margin of error `e` at p = 0.5: n0/(1 + n0/N) with n0 = z²·0.25/e².
///
/// Not rounded; a survey rounds up. Without a population n0 itself; 0 people need no answers.
#[must_use]
pub fn required_sample(margin: f64, population: Option<u64>, z: f64) -> f64 {
    let n0 = z * z * 0.25 / (margin * margin);
    match population {
        None => n0,
        Some(0) => 0.0,
        Some(people) => n0 / (1.0 + n0 / people as f64),
    }
}

/// Answers that the Regulator of Social Housing asks a landlord of so many homes to collect, not rounded.
#[must_use]
pub fn regulator_required_sample(population: u64) -> f64 {
    required_sample(regulator_required_margin(population), Some(population), Z_95_ROUNDED)
}

/// Wilson's interval of a share (Wilson 1927), which stays within 0 to 1 and holds for small numbers.
///
/// `hits` of `answered`; with weights give the weighted share times the effective number, and that number.
///
/// # Errors
///
/// [`MarginError`] if nobody answered, the share is none, or the confidence is not between 0 and 1.
pub fn wilson(hits: f64, answered: f64, confidence: f64) -> Result<Interval, MarginError> {
    let z = critical(confidence)?;
    if !(answered.is_finite() && answered > 0.0) {
        return Err(MarginError::NoAnswers);
    }
    let p = hits / answered;
    if !(0.0..=1.0).contains(&p) {
        return Err(MarginError::Share(p));
    }
    Ok(score_interval(p, answered, z))
}

/// Wilson's interval of a share of so many answers (more than 0), `z` standard errors to either side.
pub(crate) fn score_interval(p: f64, answered: f64, z: f64) -> Interval {
    let s = z * z / answered;
    let centre = (p + 0.5 * s) / (1.0 + s);
    let half = (s * (p * (1.0 - p) + 0.25 * s)).sqrt() / (1.0 + s);
    // At the ends the formula gives exactly 0 and 1, which rounding must not spoil.
    let low = if p == 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if p == 1.0 { 1.0 } else { (centre + half).min(1.0) };
    Interval { low, high }
}

/// Which distribution the interval of a mean is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Critical {
    /// Student's t with one less than the effective number of answers: right for any size.
    #[default]
    StudentT,
    /// Normal: for large samples, and to agree with published figures that use it.
    Normal,
}

/// Interval of a mean: mean ± critical · s/√n_eff · √((N−n)/(N−1)), in the units of the answers.
///
/// `deviation` is the standard deviation of the answers (with n−1).
///
/// # Errors
///
/// [`MarginError`] with fewer than two effective answers, a spread that is negative or not finite, more
/// answers than people, or a confidence not between 0 and 1.
pub fn mean_interval(
    mean: f64,
    deviation: f64,
    sample: &Sample,
    confidence: f64,
    distribution: Critical,
) -> Result<Interval, MarginError> {
    let z = critical(confidence)?;
    let spread = deviation.is_finite() && deviation >= 0.0 && mean.is_finite();
    if !(spread && sample.effective.is_finite() && sample.effective >= 2.0) {
        return Err(MarginError::NoSpread);
    }
    let factor = match distribution {
        Critical::Normal => z,
        Critical::StudentT => student_t_critical(confidence, sample.effective - 1.0),
    };
    let half = factor * deviation * (correction(sample)? / sample.effective).sqrt();
    Ok(Interval { low: mean - half, high: mean + half })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_answers_give_about_three_points() {
        let margin = margin_of_error(0.5, &Sample::unweighted(1_000, None), 0.95).expect("a thousand answered");
        assert!((margin - 0.030_990).abs() < 1e-6, "{margin}");
    }

    #[test]
    fn a_census_has_no_margin() {
        assert_eq!(regulator_margin_of_error(500, 500), Ok(0.0));
        assert_eq!(regulator_margin_of_error(1, 1), Ok(0.0));
    }

    #[test]
    fn larger_landlords_must_be_surer() {
        assert_eq!([2_499, 2_500, 10_000, 25_000].map(regulator_required_margin), [0.05, 0.04, 0.03, 0.02]);
        assert_eq!(regulator_required_sample(0), 0.0);
    }

    #[test]
    fn what_cannot_be_is_refused_with_a_sentence() {
        let none = Sample::unweighted(0, None);
        assert_eq!(margin_of_error(0.5, &none, 0.95), Err(MarginError::NoAnswers));
        let some = Sample::unweighted(10, Some(9));
        assert!(standard_error(0.5, &some).expect_err("ten of nine").to_string().contains("10"));
        assert!(wilson(3.0, 2.0, 0.95).is_err() && wilson(f64::NAN, 2.0, 0.95).is_err());
        assert!(margin_of_error(0.5, &Sample::unweighted(10, None), 1.0).is_err());
    }

    #[test]
    fn wilsons_interval_ends_at_none_and_all() {
        assert_eq!(wilson(0.0, 7.0, 0.95).expect("seven answered").low, 0.0);
        assert_eq!(wilson(7.0, 7.0, 0.95).expect("seven answered").high, 1.0);
    }

    #[test]
    fn wilsons_interval_is_that_of_statsmodels() {
        // statsmodels 0.15.0, proportion_confint(25, 33, method='wilson').
        let found = wilson(25.0, 33.0, 0.95).expect("33 answered");
        assert!((found.low - 0.589_753_801_704_426_4).abs() < 1e-12, "{found:?}");
        assert!((found.high - 0.871_682_866_228_249_9).abs() < 1e-12, "{found:?}");
    }
}
