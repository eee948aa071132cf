//! Seeded random numbers that are the same on every machine and with every version of anything.

/// SplitMix64 (Steele, Lea, Flood 2014): small, quick, good enough to make data with.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 (included) to `n` (excluded).
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// A number from 0 (included) to 1 (excluded).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether something of this probability happens.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of several.
    pub(crate) fn of<'a, T>(&mut self, several: &'a [T]) -> &'a T {
        &several[self.below(several.len())]
    }

    /// A number of the standard normal distribution (Box and Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        let (a, b) = (1.0 - self.unit(), self.unit());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }
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
    fn the_same_seed_gives_the_same_numbers() {
        let (mut a, mut b) = (Random::new(7), Random::new(7));
        assert!((0..100).all(|_| a.next() == b.next()));
    }

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
