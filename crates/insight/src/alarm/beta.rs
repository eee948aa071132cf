//! The regularised incomplete beta function, given its leading factor.

/// Smallest denominator Lentz's method may divide by.
const TINY: f64 = 1e-300;

/// The iterations needed grow with the square root of the larger parameter; the callers keep
/// that below 10^7, which this covers.
const MAX_ROUNDS: u32 = 20_000;

/// `I_x(a, b)` where `front` is `x^a (1-x)^b / B(a, b)`, which the callers know already
/// because it is a multiple of a probability they need anyway.
///
/// Source: continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions,
/// evaluated by the modified Lentz method, with `I_x(a,b) = 1 - I_{1-x}(b,a)` where the
/// fraction for `x` would converge slowly.
pub(super) fn incomplete_beta(a: f64, b: f64, x: f64, complement: f64, front: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if complement <= 0.0 {
        return 1.0;
    }
    let value = if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, complement) / b
    };
    value.clamp(0.0, 1.0)
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for round in 1..=MAX_ROUNDS {
        let m = f64::from(round);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        let change = d * c;
        h *= change;
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    h
}

fn away_from_zero(value: f64) -> f64 {
    if value.abs() < TINY { TINY } else { value }
}
