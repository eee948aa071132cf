//! The distributions the other modules stand on: normal, Student's t, chi-squared with one degree of
//! freedom, and binomial and hypergeometric probabilities that stay exact with millions of people.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Chance that a standard normal variable is at most `x` (0 to 1; NaN for NaN).
///
/// Φ(x) = erfc(−x/√2)/2, which keeps its relative accuracy far out on the left.
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// The standard normal value below which the share `p` lies: the inverse of [`normal_cdf`].
///
/// Minus and plus infinity at 0 and 1, NaN outside. Starts from Abramowitz and Stegun 26.2.23 and
/// improves it by Newton's steps on the logarithm of the tail, which converge in any tail.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    // 1 − p is exact for p ≥ 1/2 (Sterbenz), so the upper half may borrow the lower one.
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    let t = (-2.0 * p.ln()).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut x = t - above / below;
    for _ in 0..8 {
        let tail = 0.5 * libm::erfc(x * FRAC_1_SQRT_2);
        let density = (-0.5 * x * x).exp() / (2.0 * PI).sqrt();
        if tail <= 0.0 || density <= 0.0 {
            break;
        }
        let step = (tail / p).ln() * tail / density;
        x += step;
        if step.abs() < 1e-16 * (1.0 + x.abs()) {
            break;
        }
    }
    -x
}

/// Two-sided critical value of the normal distribution: 1.959964 for a confidence of 0.95.
///
/// NaN unless the confidence lies in 0 to 1.
#[must_use]
pub fn normal_critical(confidence: f64) -> f64 {
    if !(0.0..=1.0).contains(&confidence) {
        return f64::NAN;
    }
    -normal_quantile((1.0 - confidence) / 2.0)
}

/// Chance that a chi-squared variable with one degree of freedom exceeds `x` (1 for x ≤ 0).
///
/// P(χ² > x) = erfc(√(x/2)); the relative accuracy holds until it underflows near x = 1,480.
#[must_use]
pub fn chi_squared_1_survival(x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    libm::erfc((0.5 * x).sqrt())
}

/// Natural logarithm of the beta function B(a, 1/2) = √π·Γ(a)/Γ(a + 1/2).
///
/// For large `a` by the expansion of the ratio (DLMF 5.11.13), as the two logarithms would cancel.
fn ln_beta_half(a: f64) -> f64 {
    let ln_root_pi = 0.5 * PI.ln();
    if a < 50.0 {
        return ln_root_pi + libm::lgamma(a) - libm::lgamma(a + 0.5);
    }
    let s = 1.0 / a;
    let fourth = 5.0 / 1024.0 - s * (21.0 / 32_768.0 + s * 399.0 / 262_144.0);
    ln_root_pi - 0.5 * a.ln() - libm::log1p(s * (-1.0 / 8.0 + s * (1.0 / 128.0 + s * fourth)))
}

/// The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..2_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / away(1.0 + term * d);
            c = away(1.0 + term / c);
            change = d * c;
            h *= change;
        }
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

/// Chance that Student's t with `df` degrees of freedom exceeds `t`.
///
/// From the regularised incomplete beta function (DLMF 8.17); NaN unless `df` is positive.
#[must_use]
pub fn student_t_survival(t: f64, df: f64) -> f64 {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if t < 0.0 {
        return 1.0 - student_t_survival(-t, df);
    }
    if t.is_infinite() {
        return 0.0;
    }
    if df > 1e6 {
        // Wallace's normal value (1959), right to the order of 1/df², where the fraction below loses digits.
        let near = (df * libm::log1p(t * t / df)).sqrt();
        return normal_cdf(-near * ((8.0 * df + 1.0) / (8.0 * df + 3.0)));
    }
    let (a, b) = (0.5 * df, 0.5);
    let x = df / (df + t * t);
    let y = t * t / (df + t * t);
    // Both shares of the unit interval are formed without a subtraction, so neither loses digits.
    let ln_front = -a * (t * t / df).ln_1p() + b * y.ln() - ln_beta_half(a);
    if y == 0.0 {
        return 0.5;
    }
    if x < (a + 1.0) / (a + b + 2.0) {
        0.5 * ln_front.exp() * beta_fraction(a, b, x) / a
    } else {
        0.5 * (1.0 - ln_front.exp() * beta_fraction(b, a, y) / b)
    }
}

/// Two-sided critical value of Student's t: 2.228139 for a confidence of 0.95 and 10 degrees of freedom.
///
/// NaN unless the confidence lies in 0 to 1 and `df` is positive. Above 10,000 degrees of freedom the
/// expansion about the normal value (Abramowitz and Stegun 26.7.5) is exact to the last digits.
#[must_use]
pub fn student_t_critical(confidence: f64, df: f64) -> f64 {
    let z = normal_critical(confidence);
    if df.is_nan() || df <= 0.0 || !z.is_finite() || z == 0.0 {
        return if df > 0.0 { z } else { f64::NAN };
    }
    if df > 1e4 {
        let s = z * z;
        let first = z * (s + 1.0) / 4.0;
        let second = z * (5.0 * s * s + 16.0 * s + 3.0) / 96.0;
        let third = z * (3.0 * s * s * s + 19.0 * s * s + 17.0 * s - 15.0) / 384.0;
        return z + (first + (second + third / df) / df) / df;
    }
    let tail = (1.0 - confidence) / 2.0;
    // The t value is never below the normal one; double until it is passed, then halve the gap.
    let (mut low, mut high) = (0.0, z.max(1.0));
    while student_t_survival(high, df) > tail && high < 1e300 {
        low = high;
        high *= 2.0;
    }
    for _ in 0..2_000 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if student_t_survival(middle, df) > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Error of Stirling's formula: ln n! − (n ln n − n + ½ ln 2πn), for whole n ≥ 1.
fn stirling_error(n: f64) -> f64 {
    if n <= 16.0 {
        let mut factorial = 1.0;
        let mut k = 2.0;
        while k <= n {
            factorial *= k;
            k += 1.0;
        }
        return factorial.ln() - (n * n.ln() - n + 0.5 * (2.0 * PI * n).ln());
    }
    let s = 1.0 / (n * n);
    let tail = 1.0 / 1260.0 - s * (1.0 / 1680.0 - s * (1.0 / 1188.0 - s * 691.0 / 360_360.0));
    (1.0 / 12.0 - s * (1.0 / 360.0 - s * tail)) / n
}

/// Deviance x ln(x/m) + m − x, without the cancellation when x is close to m (Loader 2000).
pub(crate) fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() >= 0.1 * (x + m) {
        return x * (x / m).ln() + m - x;
    }
    let v = (x - m) / (x + m);
    let mut sum = (x - m) * v;
    let mut term = 2.0 * x * v;
    for j in 1..1_000 {
        term *= v * v;
        let next = sum + term / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

/// ln n!, absolute accuracy of a few units in the last place of the result.
#[must_use]
pub fn ln_factorial(n: u64) -> f64 {
    if n < 2 {
        return 0.0;
    }
    let n = n as f64;
    n * n.ln() - n + 0.5 * (2.0 * PI * n).ln() + stirling_error(n)
}

/// Logarithm of the number of ways to choose `k` of `n` (minus infinity if k > n).
///
/// Through the saddle point (Loader 2000), so the digits that n! and k! have in common never cancel.
#[must_use]
pub fn ln_choose(n: u64, k: u64) -> f64 {
    if k > n {
        return f64::NEG_INFINITY;
    }
    let k = k.min(n - k);
    if k == 0 {
        return 0.0;
    }
    if k == 1 {
        return (n as f64).ln();
    }
    // With p = 1/2 the binomial probability is C(n, k) 2⁻ⁿ; the deviances are formed exactly for p = k/n.
    let (n, k) = (n as f64, k as f64);
    let rest = n - k;
    let errors = stirling_error(n) - stirling_error(k) - stirling_error(rest);
    let entropy = k * (n / k).ln() - rest * libm::log1p(-k / n);
    errors + entropy + 0.5 * (n / (2.0 * PI * k * rest)).ln()
}

/// Log probability of `x` hits among `n` with chance `p` = 1 − `q` each (Loader 2000).
fn ln_binomial(x: f64, n: f64, p: f64, q: f64) -> f64 {
    let ln_power = |p: f64, q: f64| if p < 0.1 { n * libm::log1p(-p) } else { n * q.ln() };
    if n == 0.0 {
        return 0.0;
    }
    if p == 0.0 || q == 0.0 {
        let certain = if p == 0.0 { 0.0 } else { n };
        return if x == certain { 0.0 } else { f64::NEG_INFINITY };
    }
    if x == 0.0 {
        return ln_power(p, q);
    }
    if x == n {
        return ln_power(q, p);
    }
    let errors = stirling_error(n) - stirling_error(x) - stirling_error(n - x);
    let size = (2.0 * PI * x).ln() + libm::log1p(-x / n);
    errors - deviance(x, n * p) - deviance(n - x, n * q) - 0.5 * size
}

/// Log probability that `a` of the `hits` fall in the first group, of `first` people, when the second
/// has `second` and all ways are equally likely (hypergeometric; minus infinity if impossible).
///
/// As the ratio of three binomial probabilities (Loader 2000), exact to about 1e-13 with ten million people.
#[must_use]
pub fn ln_hypergeometric(a: u64, first: u64, second: u64, hits: u64) -> f64 {
    let Some(all) = first.checked_add(second) else { return f64::NEG_INFINITY };
    if a > first || a > hits || hits > all || hits - a > second {
        return f64::NEG_INFINITY;
    }
    let (p, q) = (hits as f64 / all as f64, (all - hits) as f64 / all as f64);
    if all == 0 || p == 0.0 || q == 0.0 {
        return 0.0;
    }
    ln_binomial(a as f64, first as f64, p, q) + ln_binomial((hits - a) as f64, second as f64, p, q)
        - ln_binomial(hits as f64, all as f64, p, q)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantile_undoes_the_distribution_in_both_tails() {
        for x in [-37.0, -8.0, -1.5, -1e-3, 0.0, 0.3, 2.0, 6.0] {
            let back = normal_quantile(normal_cdf(x));
            assert!((back - x).abs() < 1e-7_f64.max(1e-14 * f64::abs(x)), "{x} became {back}");
        }
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert!(normal_quantile(1.5).is_nan() && normal_critical(-1.0).is_nan());
    }

    #[test]
    fn ways_to_choose_are_whole_numbers() {
        let mut row = vec![1.0_f64];
        for n in 1..60_u64 {
            let next: Vec<f64> =
                (0..=n as usize).map(|k| row.get(k).unwrap_or(&0.0) + if k > 0 { row[k - 1] } else { 0.0 }).collect();
            row = next;
            for (k, ways) in row.iter().enumerate() {
                assert!((ln_choose(n, k as u64).exp() / ways - 1.0).abs() < 1e-12, "{n} {k}");
            }
        }
        assert_eq!(ln_choose(3, 4), f64::NEG_INFINITY);
    }

    #[test]
    fn a_hypergeometric_distribution_sums_to_one() {
        for (first, second, hits) in [(10, 10, 5), (30, 1, 4), (2_000, 3_000, 700), (0, 5, 2), (5, 0, 2)] {
            let sum: f64 = (0..=hits).map(|a| ln_hypergeometric(a, first, second, hits).exp()).sum();
            assert!((sum - 1.0).abs() < 1e-11, "{first} {second} {hits}: {sum}");
        }
    }

    #[test]
    fn out_of_range_arguments_give_nan_and_no_panic() {
        assert!(student_t_survival(1.0, 0.0).is_nan());
        assert!(student_t_critical(0.95, -3.0).is_nan());
        assert!(student_t_critical(f64::NAN, 3.0).is_nan());
        assert_eq!(student_t_critical(1.0, 3.0), f64::INFINITY);
        assert!((student_t_survival(0.0, 3.0) - 0.5).abs() < 1e-15);
    }
}
