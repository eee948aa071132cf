//! Random numbers by weight, and those of the normal distribution.

use commonweal_random::Random;

/// A number of the standard normal distribution (Box and Muller 1958).
pub(crate) fn normal(random: &mut Random) -> f64 {
    let (a, b) = (1.0 - random.unit(), random.unit());
    (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
}

/// Draws numbers by weight in constant time, from a table of 4,096 shares.
#[derive(Clone, Debug)]
pub(crate) struct Weighted(Vec<u32>);

impl Weighted {
    pub(crate) fn new(weights: &[f64]) -> Self {
        const PLACES: usize = 4_096;
        let all: f64 = weights.iter().sum();
        let mut table = Vec::with_capacity(PLACES);
        let (mut reached, mut n) = (weights[0], 0);
        for place in 0..PLACES {
            while n + 1 < weights.len() && (place as f64 + 0.5) / PLACES as f64 > reached / all {
                n += 1;
                reached += weights[n];
            }
            table.push(n as u32);
        }
        Self(table)
    }

    /// Weights of Zipf's law: the n-th of `n` things is 1/n as frequent as the first.
    pub(crate) fn zipf(n: usize, exponent: f64) -> Vec<f64> {
        (1..=n).map(|rank| (rank as f64).powf(-exponent)).collect()
    }

    pub(crate) fn draw(&self, random: &mut Random) -> usize {
        self.0[random.below(self.0.len())] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_kept() {
        let weighted = Weighted::new(&[3.0, 0.0, 1.0]);
        let mut random = Random::new(1);
        let mut counts = [0; 3];
        for _ in 0..40_000 {
            counts[weighted.draw(&mut random)] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!((counts[0] as f64 / counts[2] as f64 - 3.0).abs() < 0.2, "{counts:?}");
    }
}
