//! Limited-memory BFGS for smooth convex functions (Nocedal and Wright, "Numerical Optimization",
//! 2nd edition, algorithm 7.5, with a backtracking line search on the Armijo condition).

use std::collections::VecDeque;

/// Pairs of steps that are remembered.
const MEMORY: usize = 8;

/// Minimises a function from `x` on, in place. `value` gives the value and writes the gradient.
/// Ends after `rounds`, or when a round improves the value by less than `tolerance` of itself.
pub(super) fn minimise(
    x: &mut [f64],
    rounds: usize,
    tolerance: f64,
    mut value: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> f64 {
    let n = x.len();
    let mut gradient = vec![0.0; n];
    let mut now = value(x, &mut gradient);
    let mut memory: VecDeque<(Vec<f64>, Vec<f64>, f64)> = VecDeque::with_capacity(MEMORY);
    let (mut next, mut next_gradient) = (vec![0.0; n], vec![0.0; n]);
    for round in 0..rounds {
        let mut direction: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let mut alphas = Vec::with_capacity(memory.len());
        for (s, y, rho) in memory.iter().rev() {
            let alpha = rho * dot(s, &direction);
            add(&mut direction, -alpha, y);
            alphas.push(alpha);
        }
        if let Some((s, y, _)) = memory.back() {
            let scale = dot(s, y) / dot(y, y);
            direction.iter_mut().for_each(|d| *d *= scale);
        }
        for ((s, y, rho), alpha) in memory.iter().zip(alphas.iter().rev()) {
            let beta = rho * dot(y, &direction);
            add(&mut direction, alpha - beta, s);
        }
        let slope = dot(&gradient, &direction);
        if slope.is_nan() || slope >= 0.0 {
            break;
        }
        let mut step = if round == 0 { (1.0 / dot(&gradient, &gradient).sqrt()).min(1.0) } else { 1.0 };
        let mut found = None;
        for _ in 0..25 {
            for ((to, from), d) in next.iter_mut().zip(x.iter()).zip(&direction) {
                *to = from + step * d;
            }
            let then = value(&next, &mut next_gradient);
            if then <= now + 1e-4 * step * slope {
                found = Some(then);
                break;
            }
            step /= 2.0;
        }
        let Some(then) = found else { break };
        let s: Vec<f64> = next.iter().zip(x.iter()).map(|(a, b)| a - b).collect();
        let y: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let curvature = dot(&s, &y);
        if curvature > 1e-12 {
            if memory.len() == MEMORY {
                memory.pop_front();
            }
            memory.push_back((s, y, 1.0 / curvature));
        }
        x.copy_from_slice(&next);
        gradient.copy_from_slice(&next_gradient);
        let better = now - then;
        now = then;
        if better <= tolerance * now.abs().max(1.0) {
            break;
        }
    }
    now
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], times: f64, what: &[f64]) {
    to.iter_mut().zip(what).for_each(|(t, w)| *t += times * w);
}

#[cfg(test)]
mod tests {
    use super::minimise;

    #[test]
    fn the_least_of_a_bowl_is_found() {
        let mut x = [5.0, -3.0, 1.0];
        let least = minimise(&mut x, 100, 1e-14, |x, g| {
            let weights = [1.0, 10.0, 100.0];
            let mut value = 0.0;
            for i in 0..3 {
                let d = x[i] - i as f64;
                g[i] = 2.0 * weights[i] * d;
                value += weights[i] * d * d;
            }
            value
        });
        assert!(least < 1e-9 && x.iter().enumerate().all(|(i, x)| (x - i as f64).abs() < 1e-4), "{x:?}");
    }
}
