//! The one-step-ahead forecast of a series: predict a step, then learn from what came.

use super::level::Memory;
use super::negbin::NegBin;
use super::season::Season;
use super::series::Step;
use super::spread::Spread;
use super::tuning::{self, KEPT_AT_SHIFT, SURPRISE, Tuning};

/// What is expected of one step before it is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The predictive distribution of the count, uncertainty of the mean included.
    pub counts: NegBin,
}

impl Prediction {
    /// Nominal upper mid-p of an observed count: how rarely the model expects this or more.
    pub fn upper_p(&self, count: f64) -> f64 {
        self.counts.upper_mid_p(count)
    }

    /// Nominal lower mid-p of an observed count: how rarely the model expects this or fewer.
    pub fn lower_p(&self, count: f64) -> f64 {
        self.counts.lower_mid_p(count)
    }
}

/// Follows one series step by step, in constant time and memory per step.
///
/// The level is tracked by three memories of different length, weighted by how well each has
/// predicted lately (dynamic model averaging: Raftery, Karny and Ettler 2010, *Technometrics*
/// 52:52-66): a steady series is predicted by the long memory, a moving one by the short.
/// Counts far from what was expected are taken in with less weight, so that a spike does not
/// hide the next; several in a row one way are taken as a new level.
#[derive(Debug, Clone)]
pub struct Watcher {
    tuning: &'static Tuning,
    memories: [Memory; 3],
    /// Natural logarithm of the standing of each memory, the best at zero.
    standing: [f64; 3],
    season: Season,
    spread: Spread,
    steps_seen: usize,
    all_counts: f64,
    all_units: f64,
    /// Surprises in a row; positive above, negative below.
    surprises: f64,
}

/// What the memories say about a step, kept between predicting and learning.
struct Outlook {
    factor: f64,
    spread: f64,
    each: [NegBin; 3],
    mean: f64,
    mean_variance: f64,
    counts: NegBin,
}

impl Watcher {
    /// A watcher that has seen nothing yet.
    pub fn new(step: Step) -> Self {
        let tuning = tuning::of(step);
        Self {
            tuning,
            memories: tuning.memories.map(Memory::new),
            standing: [0.0; 3],
            season: Season::new(tuning.tables),
            spread: Spread::new(tuning.spread_prior, tuning.spread_memory),
            steps_seen: 0,
            all_counts: 0.0,
            all_units: 0.0,
            surprises: 0.0,
        }
    }

    /// Known steps taken in so far.
    pub fn steps_seen(&self) -> usize {
        self.steps_seen
    }

    /// What is expected at this position of the cycle and this exposure (one if there is
    /// none); `None` before the first known step.
    pub fn predict(&self, position: usize, exposure: f64) -> Option<Prediction> {
        self.outlook(position, exposure).map(|outlook| Prediction { counts: outlook.counts })
    }

    /// Takes in the next step: its position, exposure, and count (`None`: unknown). Gives
    /// what had been expected.
    pub fn observe(&mut self, position: usize, exposure: f64, count: Option<f64>) -> Option<Prediction> {
        let outlook = self.outlook(position, exposure);
        self.memories.iter_mut().for_each(Memory::pass);
        if let Some(count) = count {
            match &outlook {
                Some(outlook) => self.learn(position, exposure, count, outlook),
                None => self.learn_first(exposure, count),
            }
        }
        outlook.map(|outlook| Prediction { counts: outlook.counts })
    }

    fn outlook(&self, position: usize, exposure: f64) -> Option<Outlook> {
        if self.steps_seen == 0 {
            return None;
        }
        let spread = self.spread.value();
        let factor = self.season.factor(position);
        let long_run = (self.all_counts / self.all_units.max(1e-9)).max(0.02);
        let levels = self.memories.each_ref().map(|memory| memory.level(long_run, spread));
        let each =
            levels.map(|level| NegBin::new(level.value * factor * exposure, 1.0 / (spread + level.relative_variance)));
        let share = self.shares();
        let mean: f64 = (0..3).map(|i| share[i] * each[i].mean()).sum();
        let mean_variance: f64 = (0..3).map(|i| share[i] * levels[i].relative_variance).sum();
        // One distribution with the mean and variance of the mixture.
        let square: f64 = (0..3).map(|i| share[i] * each[i].mean().powi(2) * (1.0 + 1.0 / each[i].size())).sum();
        let over = (square / (mean * mean) - 1.0).max(1e-7);
        Some(Outlook { factor, spread, each, mean, mean_variance, counts: NegBin::new(mean, 1.0 / over) })
    }

    fn shares(&self) -> [f64; 3] {
        let raw = self.standing.map(f64::exp);
        let total: f64 = raw.iter().sum();
        raw.map(|share| share / total)
    }

    fn learn_first(&mut self, exposure: f64, count: f64) {
        for memory in &mut self.memories {
            memory.learn(count, exposure, 1.0);
        }
        self.count_in(exposure, count);
    }

    fn learn(&mut self, position: usize, exposure: f64, count: f64, outlook: &Outlook) {
        let mean = outlook.mean;
        let noise = 1.0 + outlook.spread * mean;
        // Anscombe's two-thirds power takes the skew out of small counts (Farrington et al.
        // 1996, section 3.6).
        let surprise = 1.5 * (count.powf(2.0 / 3.0) - mean.powf(2.0 / 3.0)) / (mean.powf(1.0 / 6.0) * noise.sqrt());
        let usual = surprise.abs() <= SURPRISE;
        self.note(surprise, usual);
        let shifted = self.surprises.abs() >= self.tuning.accept_after;
        let weight = if usual || shifted { 1.0 } else { SURPRISE / surprise.abs() };

        if shifted && !usual {
            self.memories.iter_mut().for_each(|memory| memory.shrink(KEPT_AT_SHIFT));
        }
        if usual {
            // A surprise says nothing about which memory is right in quiet times.
            self.judge(count, &outlook.each);
        }
        self.spread.learn(count, mean, outlook.mean_variance, weight);
        self.season.learn(self.steps_seen, position, count, mean, weight / noise);
        for memory in &mut self.memories {
            memory.learn(count, exposure * outlook.factor, weight);
        }
        self.count_in(exposure, count);
    }

    fn note(&mut self, surprise: f64, usual: bool) {
        if usual {
            // One quiet step in a stormy time does not make it calm.
            self.surprises -= self.surprises.clamp(-1.0, 1.0);
        } else if self.surprises * surprise < 0.0 {
            self.surprises = surprise.signum();
        } else {
            self.surprises += surprise.signum();
        }
    }

    fn judge(&mut self, count: f64, each: &[NegBin; 3]) {
        for (standing, counts) in self.standing.iter_mut().zip(each) {
            *standing = self.tuning.record * *standing + counts.ln_pmf(count);
        }
        let best = self.standing.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for standing in &mut self.standing {
            // Bounded, so that a memory long out of favour can come back.
            *standing = (*standing - best).max(-20.0);
        }
    }

    fn count_in(&mut self, exposure: f64, count: f64) {
        self.steps_seen += 1;
        self.all_counts += count;
        self.all_units += exposure;
    }
}
