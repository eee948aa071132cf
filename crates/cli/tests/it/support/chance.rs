//! Seeded chance, so that a failing run can be repeated as far as processes allow.

use std::time::Duration;

/// SplitMix64.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
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

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// One of several.
    pub(crate) fn of<'a>(&mut self, several: &[&'a str]) -> &'a str {
        several[self.below(several.len() as u64) as usize]
    }

    /// A time between two, every order of magnitude as likely as the next: crashes in the first
    /// microseconds of something are others than those in its middle.
    pub(crate) fn span(&mut self, least: Duration, most: Duration) -> Duration {
        let unit = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        let (least, most) = (least.as_secs_f64().ln(), most.as_secs_f64().ln());
        Duration::from_secs_f64((least + (most - least) * unit).exp())
    }
}

/// Lets this much time pass: the moment of a kill is what is varied, nothing is waited for.
pub(crate) fn let_pass(span: Duration) {
    let until = std::time::Instant::now() + span;
    loop {
        let left = until.saturating_duration_since(std::time::Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::park_timeout(left);
    }
}
