//! Weights that make a survey's respondents look like the population in each of several margins (raking),
//! and what the weights cost in precision.

/// A margin: something that the population's make-up is known of, and each respondent's category of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    /// Its name, such as "age".
    pub name: String,
    /// Each category and its target: people of the population, or a share.
    pub targets: Vec<(String, f64)>,
    /// For each respondent the number of their category in `targets`.
    pub members: Vec<usize>,
}

/// Why weights could not be made. Every sentence names the margin and the category at fault.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WeightingError {
    /// No respondents.
    #[error("there are no respondents to weight")]
    NoRespondents,
    /// No margins.
    #[error("there is no margin to weight by")]
    NoMargins,
    /// A margin has not one category for each respondent.
    #[error("\"{margin}\" is known of {found} respondents, but there are {expected}")]
    Length {
        /// The margin.
        margin: String,
        /// Respondents it is known of.
        found: usize,
        /// Respondents there are.
        expected: usize,
    },
    /// A respondent's category has no target.
    #[error("\"{category}\" of \"{margin}\" has respondents but no target")]
    UnknownCategory {
        /// The margin.
        margin: String,
        /// The category, or its number if it has no name.
        category: String,
    },
    /// A target is negative or not finite.
    #[error("the target of \"{category}\" of \"{margin}\" is {target}, which is no number of people")]
    BadTarget {
        /// The margin.
        margin: String,
        /// The category.
        category: String,
        /// The target.
        target: f64,
    },
    /// A category that should have people has no respondent to stand for them.
    #[error("\"{category}\" of \"{margin}\" has a target of {target} but no respondents; join it to another category")]
    NoRespondentsFor {
        /// The margin.
        margin: String,
        /// The category.
        category: String,
        /// The target.
        target: f64,
    },
    /// A category with respondents whose target is zero.
    #[error("\"{category}\" of \"{margin}\" has respondents but a target of 0; leave them out or correct the target")]
    ZeroTarget {
        /// The margin.
        margin: String,
        /// The category.
        category: String,
    },
    /// Two margins describe populations of different size.
    #[error("the targets of \"{margin}\" add up to {sum}, those of \"{first}\" to {first_sum}")]
    TotalsDiffer {
        /// The margin that differs.
        margin: String,
        /// Its sum.
        sum: f64,
        /// The first margin.
        first: String,
        /// The first margin's sum.
        first_sum: f64,
    },
    /// A base weight is not a positive number.
    #[error("the base weight of respondent {respondent} is {weight}; it must be a positive number")]
    BadBaseWeight {
        /// The respondent's number, from 0.
        respondent: usize,
        /// The weight.
        weight: f64,
    },
    /// There is not one base weight for each respondent.
    #[error("there are {found} base weights for {expected} respondents")]
    BaseWeights {
        /// Base weights given.
        found: usize,
        /// Respondents there are.
        expected: usize,
    },
    /// The limits of trimming leave no room.
    #[error("weights must be kept between a limit below 1 and one above 1, times their mean")]
    BadTrim,
    /// The targets contradict one another among these respondents.
    #[error("no weights meet all targets; after {rounds} rounds \"{category}\" of \"{margin}\" is furthest off")]
    NotConverged {
        /// The margin furthest off.
        margin: String,
        /// The category furthest off.
        category: String,
        /// Rounds made.
        rounds: usize,
    },
}

/// Limits that weights are kept within, as multiples of the targets' total divided by the respondents: the
/// mean of weights that meet all targets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trim {
    /// Least weight, such as 0.3 (0 for no limit).
    pub low: f64,
    /// Greatest weight, such as 3.
    pub high: f64,
}

/// How weights are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RakeOptions {
    /// Limits of the weights, if any. With limits the targets may be missed; by how much is reported.
    pub trim: Option<Trim>,
    /// A round that changes no weight by more than this share of it is the last (default 1e-10).
    pub tolerance: f64,
    /// Most rounds over all margins (default 10,000).
    pub most_rounds: usize,
}

impl Default for RakeOptions {
    fn default() -> Self {
        Self { trim: None, tolerance: 1e-10, most_rounds: 10_000 }
    }
}

/// Weights and what they cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Raked {
    /// One weight for each respondent; unless trimming misses targets, they add up to the targets' total.
    pub weights: Vec<f64>,
    /// Rounds made.
    pub rounds: usize,
    /// How far the category furthest off is from its target, as a share of the total (0.01 for 1 point).
    pub largest_gap: f64,
    /// Respondents whose weight stands at a limit of trimming.
    pub trimmed: usize,
    /// Kish's design effect, from 1.
    pub design_effect: f64,
    /// Respondents divided by the design effect.
    pub effective_size: f64,
}

impl Raked {
    /// The weights scaled to a mean of 1.
    #[must_use]
    pub fn normalised(&self) -> Vec<f64> {
        let mean = self.weights.iter().sum::<f64>() / self.weights.len() as f64;
        self.weights.iter().map(|weight| weight / mean).collect()
    }
}

impl Margin {
    /// A margin from each respondent's category by name.
    ///
    /// # Errors
    ///
    /// [`WeightingError::UnknownCategory`] if a respondent's category has no target.
    pub fn from_names(name: &str, targets: &[(&str, f64)], respondents: &[&str]) -> Result<Self, WeightingError> {
        let find = |category: &&str| {
            targets.iter().position(|(name, _)| name == category).ok_or_else(|| WeightingError::UnknownCategory {
                margin: name.to_owned(),
                category: (*category).to_owned(),
            })
        };
        Ok(Self {
            name: name.to_owned(),
            members: respondents.iter().map(find).collect::<Result<_, _>>()?,
            targets: targets.iter().map(|(name, target)| ((*name).to_owned(), *target)).collect(),
        })
    }

    fn total(&self) -> f64 {
        self.targets.iter().map(|(_, target)| target).sum()
    }

    fn check(&self, respondents: usize) -> Result<(), WeightingError> {
        let margin = || self.name.clone();
        if self.members.len() != respondents {
            return Err(WeightingError::Length { margin: margin(), found: self.members.len(), expected: respondents });
        }
        let mut counts = vec![0_usize; self.targets.len()];
        for &member in &self.members {
            let Some(count) = counts.get_mut(member) else {
                return Err(WeightingError::UnknownCategory { margin: margin(), category: member.to_string() });
            };
            *count += 1;
        }
        for ((category, target), count) in self.targets.iter().zip(counts) {
            let (category, target) = (category.clone(), *target);
            if !(target.is_finite() && target >= 0.0) {
                return Err(WeightingError::BadTarget { margin: margin(), category, target });
            }
            if count == 0 && target > 0.0 {
                return Err(WeightingError::NoRespondentsFor { margin: margin(), category, target });
            }
            if count > 0 && target == 0.0 {
                return Err(WeightingError::ZeroTarget { margin: margin(), category });
            }
        }
        Ok(())
    }

    fn sums(&self, weights: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.targets.len()];
        for (&member, weight) in self.members.iter().zip(weights) {
            sums[member] += weight;
        }
        sums
    }

    /// The targets as numbers of respondents.
    fn expected(&self, respondents: usize) -> Vec<f64> {
        let total = self.total();
        self.targets.iter().map(|(_, target)| target / total * respondents as f64).collect()
    }

    /// The category furthest from its target and by how much, as a share of the total.
    fn furthest(&self, weights: &[f64]) -> (usize, f64) {
        let total: f64 = weights.iter().sum();
        let shares = self.sums(weights).into_iter().map(|sum| sum / total);
        let gaps = shares.zip(self.expected(1)).map(|(share, expected)| (share - expected).abs());
        gaps.enumerate().fold((0, 0.0), |most, gap| if gap.1 > most.1 { gap } else { most })
    }
}

/// A target missed by less than this share of the total is met.
const MET: f64 = 1e-6;

/// Weights that meet the targets of all margins: iterative proportional fitting (Deming and Stephan 1940).
///
/// Each round scales the weights to each margin in turn; the last is the one that changes none of them by
/// more than the tolerance. Of all weights that meet the targets these are the closest to `base` (equal
/// ones if none are given) in relative entropy.
///
/// With [`Trim`], each round ends by moving weights to the limits; the weights returned respect them and
/// `largest_gap` says what that costs.
///
/// # Errors
///
/// [`WeightingError`], which names the margin and category at fault.
pub fn rake(margins: &[Margin], base: Option<&[f64]>, options: &RakeOptions) -> Result<Raked, WeightingError> {
    let first = margins.first().ok_or(WeightingError::NoMargins)?;
    let respondents = first.members.len();
    if respondents == 0 {
        return Err(WeightingError::NoRespondents);
    }
    let total = first.total();
    for margin in margins {
        margin.check(respondents)?;
        let sum = margin.total();
        if !sum.is_finite() || (sum - total).abs() > 1e-6 * total {
            let (margin, first) = (margin.name.clone(), first.name.clone());
            return Err(WeightingError::TotalsDiffer { margin, sum, first, first_sum: total });
        }
    }
    if options.trim.is_some_and(|trim| !((0.0..1.0).contains(&trim.low) && trim.high > 1.0)) {
        return Err(WeightingError::BadTrim);
    }
    // Worked out with a mean of 1, whatever the size of the population.
    let shares: Vec<Vec<f64>> = margins.iter().map(|margin| margin.expected(respondents)).collect();
    let mut weights = starting_weights(base, respondents)?;
    let mut before = weights.clone();
    let mut rounds = 0;
    for round in 1..=options.most_rounds {
        before.copy_from_slice(&weights);
        for (margin, expected) in margins.iter().zip(&shares) {
            let sums = margin.sums(&weights);
            let factors: Vec<f64> = expected.iter().zip(sums).map(|(expected, sum)| expected / sum).collect();
            for (weight, &member) in weights.iter_mut().zip(&margin.members) {
                *weight *= factors[member];
            }
        }
        let trimmed = options.trim.map_or(0, |trim| clip(&mut weights, trim));
        let changes = weights.iter().zip(&before).map(|(new, old)| ((new - old) / old).abs());
        // What is no number any more is a change without bound, not one that `max` may pass over.
        let change =
            changes.fold(0.0, |most, change| if change.is_finite() { change.max(most) } else { f64::INFINITY });
        rounds = round;
        if change < options.tolerance {
            let raked = finish(margins, &weights, round, trimmed, total);
            // Targets that contradict one another make the rounds repeat themselves, which is no agreement.
            if options.trim.is_some() || raked.largest_gap < MET {
                return Ok(raked);
            }
            break;
        }
        if change.is_infinite() {
            break;
        }
    }
    let worst = margins.iter().map(|margin| (margin, margin.furthest(&weights)));
    let (margin, (category, _)) =
        worst.fold((first, (0, -1.0)), |most, next| if next.1.1 > most.1.1 { next } else { most });
    let category = margin.targets.get(category).map_or_else(String::new, |(name, _)| name.clone());
    Err(WeightingError::NotConverged { margin: margin.name.clone(), category, rounds })
}

/// The base weights with a mean of 1, or equal ones.
fn starting_weights(base: Option<&[f64]>, respondents: usize) -> Result<Vec<f64>, WeightingError> {
    let Some(base) = base else { return Ok(vec![1.0; respondents]) };
    if base.len() != respondents {
        return Err(WeightingError::BaseWeights { found: base.len(), expected: respondents });
    }
    if let Some(respondent) = base.iter().position(|weight| !(weight.is_finite() && *weight > 0.0)) {
        return Err(WeightingError::BadBaseWeight { respondent, weight: base[respondent] });
    }
    let largest = base.iter().copied().fold(0.0, f64::max);
    let mean = base.iter().map(|weight| weight / largest).sum::<f64>() / respondents as f64;
    Ok(base.iter().map(|weight| weight / largest / mean).collect())
}

/// Moves weights beyond the limits to them; returns how many stand there.
fn clip(weights: &mut [f64], trim: Trim) -> usize {
    let mut trimmed = 0;
    for weight in weights {
        let within = weight.clamp(trim.low, trim.high);
        trimmed += usize::from(within != *weight);
        *weight = within;
    }
    trimmed
}

fn finish(margins: &[Margin], weights: &[f64], rounds: usize, trimmed: usize, total: f64) -> Raked {
    let design_effect = design_effect(weights);
    let respondents = weights.len() as f64;
    Raked {
        weights: weights.iter().map(|weight| weight * (total / respondents)).collect(),
        rounds,
        largest_gap: margins.iter().map(|margin| margin.furthest(weights).1).fold(0.0, f64::max),
        trimmed,
        design_effect,
        effective_size: respondents / design_effect,
    }
}

/// Kish's design effect of weights: n·Σw²/(Σw)² (Kish 1965), from 1; NaN without weights.
#[must_use]
pub fn design_effect(weights: &[f64]) -> f64 {
    let sum: f64 = weights.iter().sum();
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    weights.len() as f64 * squares / (sum * sum)
}

/// The number of unweighted answers that would be as precise: n divided by the design effect.
#[must_use]
pub fn effective_size(weights: &[f64]) -> f64 {
    weights.len() as f64 / design_effect(weights)
}

/// Weighted mean of the values that are numbers; none if there are none or their weights sum to zero.
///
/// Values beyond the weights, and weights beyond the values, are left out.
#[must_use]
pub fn weighted_mean(values: &[f64], weights: &[f64]) -> Option<f64> {
    let known = || values.iter().zip(weights).filter(|(value, _)| value.is_finite());
    let sum: f64 = known().map(|(_, weight)| weight).sum();
    let mean = known().map(|(value, weight)| value * weight).sum::<f64>() / sum;
    mean.is_finite().then_some(mean)
}
