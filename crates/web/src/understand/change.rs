//! Whether a figure changed, or only seems to: the test behind every "rose", "fell" and colour.

/// What can be said of two figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// It went up, beyond chance.
    Rose,
    /// It went down, beyond chance.
    Fell,
    /// The difference may well be chance.
    NotClear,
    /// Too few answers to say anything.
    TooFew,
}

/// Fewest answers on either side before a change is spoken of.
pub(crate) const LEAST_BASE: u64 = 30;

/// 97.5th percentile of the normal distribution: two-sided, 95 %.
const Z: f64 = 1.959_963_985;

/// A share with the number of answers it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Share {
    /// 0 to 1.
    pub(crate) value: f64,
    /// How many answered.
    pub(crate) base: u64,
}

/// Interval for the difference `now − before` of two independent shares, `z` standard errors wide to
/// either side: the hybrid score interval (Newcombe 1998, *Statistics in Medicine* 17:873–890,
/// method 10).
fn difference_interval(now: Share, before: Share, z: f64) -> (f64, f64) {
    let (l1, u1) = wilson(now, z);
    let (l2, u2) = wilson(before, z);
    let (p1, p2) = (now.value, before.value);
    let d = p1 - p2;
    (d - ((p1 - l1).powi(2) + (u2 - p2).powi(2)).sqrt(), d + ((u1 - p1).powi(2) + (p2 - l2).powi(2)).sqrt())
}

/// Score interval for one share (Wilson 1927).
fn wilson(share: Share, z: f64) -> (f64, f64) {
    let (p, n) = (share.value, share.base as f64);
    let centre = p + z * z / (2.0 * n);
    let spread = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let below = 1.0 + z * z / n;
    ((centre - spread) / below, (centre + spread) / below)
}

/// What can be said of two shares.
pub(crate) fn of_shares(now: Share, before: Share) -> Change {
    compare(now, before, Z)
}

/// What can be said of two shares that were picked from many, by so many standard errors.
pub(crate) fn beyond(now: Share, before: Share, z: f64) -> Change {
    compare(now, before, z)
}

/// Whether the lowest of several groups is below the rest together, beyond chance. Who picks the
/// lowest of many finds a low one by chance alone, so three standard errors are asked for.
pub(crate) fn stands_below(lowest: Share, rest: Share) -> bool {
    compare(lowest, rest, 3.0) == Change::Fell
}

/// What can be said of two shares when the most changed of many is looked at: some of many change by
/// chance alone, so three standard errors are asked for.
pub(crate) fn of_many(now: Share, before: Share) -> Change {
    compare(now, before, 3.0)
}

fn compare(now: Share, before: Share, z: f64) -> Change {
    if now.base < LEAST_BASE || before.base < LEAST_BASE {
        return Change::TooFew;
    }
    match difference_interval(now, before, z) {
        (lower, _) if lower > 0.0 => Change::Rose,
        (_, upper) if upper < 0.0 => Change::Fell,
        _ => Change::NotClear,
    }
}

/// What can be said of the means of two sets of ratings, each given as how many chose each of the
/// five steps: the difference over its standard error (Welch 1947), against 1.96.
pub(crate) fn of_ratings(now: &[u64; 5], before: &[u64; 5]) -> Change {
    let (n1, m1, v1) = moments(now);
    let (n2, m2, v2) = moments(before);
    if n1 < LEAST_BASE as f64 || n2 < LEAST_BASE as f64 {
        return Change::TooFew;
    }
    let error = (v1 / n1 + v2 / n2).sqrt();
    let difference = m1 - m2;
    if difference.abs() <= Z * error {
        return Change::NotClear;
    }
    if difference > 0.0 { Change::Rose } else { Change::Fell }
}

/// Number, mean and sample variance of ratings.
fn moments(steps: &[u64; 5]) -> (f64, f64, f64) {
    let n: u64 = steps.iter().sum();
    if n < 2 {
        return (n as f64, 0.0, 0.0);
    }
    let each = || steps.iter().enumerate().map(|(place, &count)| (place as f64 + 1.0, count as f64));
    let n = n as f64;
    let mean = each().map(|(step, count)| step * count).sum::<f64>() / n;
    let variance = each().map(|(step, count)| count * (step - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (n, mean, variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(part: u64, base: u64) -> Share {
        Share { value: part as f64 / base as f64, base }
    }

    #[test]
    fn the_interval_is_the_published_one() {
        // Newcombe 1998, table II, column (a): 56/70 − 48/80, method 10: 0.0524 to 0.3339.
        let (lower, upper) = difference_interval(share(56, 70), share(48, 80), Z);
        assert!((lower - 0.0524).abs() < 0.0001 && (upper - 0.3339).abs() < 0.0001, "{lower} {upper}");
    }

    #[test]
    fn the_same_difference_is_clear_with_many_and_not_with_few() {
        assert_eq!(of_shares(share(79, 100), share(84, 100)), Change::NotClear);
        assert_eq!(of_shares(share(7_900, 10_000), share(8_400, 10_000)), Change::Fell);
        assert_eq!(of_shares(share(20, 29), share(8_400, 10_000)), Change::TooFew);
    }

    #[test]
    fn nobody_and_everybody_are_no_trouble() {
        assert_eq!(of_shares(share(0, 50), share(50, 50)), Change::Fell);
        assert_eq!(of_shares(share(50, 50), share(50, 50)), Change::NotClear);
    }

    #[test]
    fn means_are_compared_with_their_spread() {
        assert_eq!(of_ratings(&[0, 0, 0, 50, 50], &[50, 50, 0, 0, 0]), Change::Rose);
        assert_eq!(of_ratings(&[10, 10, 10, 10, 10], &[11, 10, 10, 10, 9]), Change::NotClear);
        assert_eq!(of_ratings(&[0, 0, 0, 0, 9], &[50, 50, 0, 0, 0]), Change::TooFew);
    }
}
