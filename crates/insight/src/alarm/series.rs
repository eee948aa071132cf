//! What goes in: a series of counts at a regular step, and why one may be refused.

use std::fmt;

/// The length of one step of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// One hour; positions are hours of the week, 0 to 167.
    Hour,
    /// One day; positions are days of the week, 0 to 6.
    Day,
    /// One week; positions are weeks of the year, 0 to 51.
    Week,
    /// One month; positions are months of the year, 0 to 11.
    Month,
}

impl Step {
    /// Steps in the cycle the positions run through.
    pub fn cycle(self) -> usize {
        match self {
            Step::Hour => 168,
            Step::Day => 7,
            Step::Week => 52,
            Step::Month => 12,
        }
    }

    /// Steps in a week (a month is 12/365.25 of a year).
    pub fn per_week(self) -> f64 {
        match self {
            Step::Hour => 168.0,
            Step::Day => 7.0,
            Step::Week => 1.0,
            Step::Month => 12.0 * 7.0 / 365.25,
        }
    }

    /// Steps with a known count that must come before the step that is judged.
    pub fn shortest_history(self) -> usize {
        match self {
            Step::Hour => 72,
            Step::Day => 14,
            Step::Week => 8,
            Step::Month => 12,
        }
    }
}

/// Counts at a regular step, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    step: Step,
    start: usize,
    counts: Vec<f64>,
    exposure: Option<Vec<f64>>,
}

impl Series {
    /// A series whose first step stands at position `start` of its cycle (see [`Step`];
    /// larger values wrap round). Counts are rounded to whole numbers; one that is negative,
    /// not a number or beyond 2^53 means "nothing is known about this step".
    pub fn new<C: Into<f64>>(step: Step, start: usize, counts: impl IntoIterator<Item = C>) -> Self {
        let counts = counts.into_iter().map(|count| known(count.into().round())).collect();
        Self { step, start: start % step.cycle(), counts, exposure: None }
    }

    /// Gives each step a denominator, such as visits or answers, in any unit that stays the
    /// same: the alarm then watches the count per unit. A step whose denominator is missing,
    /// zero, negative or not finite is taken as unknown.
    #[must_use]
    pub fn with_exposure(mut self, exposure: impl IntoIterator<Item = f64>) -> Self {
        let mut given = exposure.into_iter();
        let mut clean = Vec::with_capacity(self.counts.len());
        for count in &mut self.counts {
            match given.next() {
                Some(units) if units.is_finite() && units > 0.0 => clean.push(units),
                _ => {
                    clean.push(1.0);
                    *count = f64::NAN;
                }
            }
        }
        // A common scale leaves the model unchanged but keeps its priors, which are meant for
        // an exposure of about one, in their place.
        let mean = clean.iter().sum::<f64>() / clean.len().max(1) as f64;
        clean.iter_mut().for_each(|units| *units /= mean);
        self.exposure = Some(clean);
        self
    }

    /// Takes a seasonal pattern (a factor per position of the cycle, such as
    /// [`super::shared_profile`] gives) as known beforehand. A factor that is missing or not
    /// above zero counts as one. Call it after [`Series::with_exposure`], which sets the
    /// denominators anew.
    #[must_use]
    pub fn with_profile(mut self, profile: &[f64]) -> Self {
        let factor = |index: usize| {
            let given = profile.get(self.position(index)).copied();
            given.filter(|factor| factor.is_finite() && *factor > 0.0).unwrap_or(1.0)
        };
        let exposure = (0..self.len()).map(|index| self.exposure(index) * factor(index)).collect();
        self.exposure = Some(exposure);
        self
    }

    /// The length of a step.
    pub fn step(&self) -> Step {
        self.step
    }

    /// Number of steps, known or not.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there is no step at all.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The count at a step; `None` where it is unknown or there is no such step.
    pub fn count(&self, index: usize) -> Option<f64> {
        self.counts.get(index).copied().filter(|count| !count.is_nan())
    }

    /// The denominator at a step, scaled to a mean of one; one where none was given.
    pub fn exposure(&self, index: usize) -> f64 {
        self.exposure.as_ref().and_then(|all| all.get(index)).copied().unwrap_or(1.0)
    }

    /// Position of a step in the cycle.
    pub fn position(&self, index: usize) -> usize {
        (self.start + index) % self.step.cycle()
    }

    /// Whether the last step can be judged.
    ///
    /// # Errors
    ///
    /// The reason, if there is too little history or no count at the last step.
    pub fn check(&self) -> Result<(), Refusal> {
        let Some(last) = self.counts.len().checked_sub(1) else {
            return Err(Refusal::Empty);
        };
        let have = (0..last).filter(|&index| self.count(index).is_some()).count();
        let need = self.step.shortest_history();
        if have < need {
            return Err(Refusal::TooShort { have, need, step: self.step });
        }
        if self.count(last).is_none() {
            return Err(Refusal::LastStepUnknown);
        }
        Ok(())
    }
}

/// Beyond this a floating-point number no longer tells neighbouring whole numbers apart.
const LARGEST_COUNT: f64 = 9_007_199_254_740_992.0;

fn known(count: f64) -> f64 {
    if (0.0..=LARGEST_COUNT).contains(&count) { count } else { f64::NAN }
}

/// Why a series was not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There are no steps.
    Empty,
    /// Fewer known steps came before the last one than a forecast needs.
    TooShort {
        /// Known steps before the last.
        have: usize,
        /// Known steps needed.
        need: usize,
        /// What one step is.
        step: Step,
    },
    /// The count of the last step is not known.
    LastStepUnknown,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Empty => write!(out, "the series is empty"),
            Refusal::TooShort { have, need, step } => {
                let unit = match step {
                    Step::Hour => "hours",
                    Step::Day => "days",
                    Step::Week => "weeks",
                    Step::Month => "months",
                };
                write!(out, "{need} {unit} of history are needed, there are {have}")
            }
            Refusal::LastStepUnknown => write!(out, "the count of the last step is not known"),
        }
    }
}

impl std::error::Error for Refusal {}
