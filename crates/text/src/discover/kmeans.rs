//! Owns spherical k-means (Dhillon and Modha 2001) begun by k-means++ (Arthur and Vassilvitskii 2007).

use commonweal_domain::{Budget, Cancelled};
use commonweal_random::Random;

use super::space::{Centres, Point, nearest};

/// Cluster of each point (`None` for one that is nothing), and the centres.
pub(super) struct Clustering {
    pub(super) cluster: Vec<Option<u32>>,
    pub(super) centres: Centres,
}

/// Begins with points far from one another, then `rounds` rounds of nearest centre and mean.
pub(super) fn kmeans(
    points: &[Point],
    weights: &[f32],
    k: usize,
    columns: usize,
    rounds: usize,
    random: &mut Random,
    budget: &Budget,
) -> Result<Clustering, Cancelled> {
    let centres = begin(points, weights, k, columns, random, budget)?;
    refine(points, weights, centres, columns, rounds, budget)
}

/// Rounds of nearest centre and mean, until nothing moves.
pub(super) fn refine(
    points: &[Point],
    weights: &[f32],
    mut centres: Centres,
    columns: usize,
    rounds: usize,
    budget: &Budget,
) -> Result<Clustering, Cancelled> {
    let mut cluster = assign(points, &centres);
    for _ in 0..rounds {
        budget.check()?;
        centres = Centres::of(points, weights, &cluster, centres.k, columns);
        let next = assign(points, &centres);
        let moved = next.iter().zip(&cluster).filter(|(a, b)| a != b).count();
        cluster = next;
        // The last few points that swing to and fro change no theme.
        if moved * 500 <= points.len() {
            break;
        }
    }
    Ok(Clustering { cluster, centres })
}

/// Nearest centre of each point.
pub(super) fn assign(points: &[Point], centres: &Centres) -> Vec<Option<u32>> {
    let mut room = Vec::new();
    points
        .iter()
        .map(|p| {
            if p.is_blank() {
                return None;
            }
            centres.similarities(p, &mut room);
            nearest(&room).map(|(c, _)| c)
        })
        .collect()
}

/// Picks each centre with a chance in proportion to its squared distance from those picked before.
fn begin(
    points: &[Point],
    weights: &[f32],
    k: usize,
    columns: usize,
    random: &mut Random,
    budget: &Budget,
) -> Result<Centres, Cancelled> {
    let mut distance: Vec<f32> = points.iter().map(|p| if p.is_blank() { 0.0 } else { 2.0 }).collect();
    let mut chosen: Vec<usize> = Vec::new();
    let mut dense_column = vec![0.0f32; columns];
    while chosen.len() < k {
        budget.check()?;
        let total: f64 = distance.iter().zip(weights).map(|(d, w)| f64::from(d * w)).sum();
        if total <= 1e-6 {
            break;
        }
        let mut left = f64::from(random.unit_f32()) * total;
        let pick = distance
            .iter()
            .zip(weights)
            .position(|(d, w)| {
                left -= f64::from(d * w);
                left < 0.0
            })
            .unwrap_or(0);
        chosen.push(pick);
        for (c, w) in &points[pick].sparse {
            dense_column[*c as usize] = *w;
        }
        for (p, d) in points.iter().zip(&mut distance).filter(|(_, d)| **d > 0.0) {
            let sparse: f32 = p.sparse.iter().map(|(c, w)| w * dense_column[*c as usize]).sum();
            let similar = crate::vectors::cosine(&p.dense, &points[pick].dense) + sparse;
            *d = d.min((2.0 - 2.0 * similar).max(0.0));
        }
        distance[pick] = 0.0;
        for (c, _) in &points[pick].sparse {
            dense_column[*c as usize] = 0.0;
        }
    }
    let mut cluster = vec![None; points.len()];
    for (c, pick) in (0u32..).zip(&chosen) {
        cluster[*pick] = Some(c);
    }
    Ok(Centres::of(points, weights, &cluster, chosen.len(), columns))
}
