//! Owns finding the topics' centres: many small clusters by k-means on a sample, put together by Ward's
//! method, then evened out by a few rounds more.

use commonweal_domain::{Budget, Cancelled};
use commonweal_random::Random;

use super::corpus::Corpus;
use super::kmeans::{Clustering, kmeans, refine};
use super::space::{Centres, Columns, Placer, Point};
use super::ward::Tree;

/// Units that the final rounds look at.
const SAMPLE: usize = 12_000;
/// Draws.
const BAGS: usize = 4;
/// Small clusters for each topic, and at most.
const SMALL_PER_TOPIC: usize = 3;
const SMALL_MOST: usize = 200;
/// Units of a draw at most.
const BAG: usize = 5_000;
/// Rounds of k-means for the small clusters, which need not be perfect.
const MICRO_ROUNDS: usize = 6;
/// Rounds after the small ones are put together.
const ROUNDS: usize = 8;

/// Units looked at, where they lie and how much they count.
pub(super) struct Sample {
    pub(super) points: Vec<Point>,
    pub(super) weights: Vec<f32>,
}

impl Sample {
    /// All units, or as many as are looked at, drawn by chance.
    pub(super) fn draw(corpus: &Corpus<'_>, columns: &Columns, random: &mut Random) -> Self {
        let mut units: Vec<usize> = (0..corpus.units.len()).filter(|u| corpus.units[*u].clustered).collect();
        // A shuffle of the part that is kept (Fisher and Yates), also when all are: the first are a sample too.
        let kept = units.len().min(SAMPLE);
        for i in 0..kept {
            let other = i + random.below_by_remainder(units.len() - i);
            units.swap(i, other);
        }
        units.truncate(kept);
        let mut placer = Placer::new(corpus, columns);
        Self {
            points: units.iter().map(|u| placer.place(*u)).collect(),
            weights: units.iter().map(|u| corpus.weight(*u)).collect(),
        }
    }
}

/// Centres of `k` topics, or of as many as the comments ask for.
///
/// Bagged clustering (Leisch 1999): k-means on several draws, whose centres are put together, so that what
/// a single draw happens to find has little say.
pub(super) fn topics(
    sample: &Sample,
    k: Option<usize>,
    range: (usize, usize),
    columns: usize,
    random: &mut Random,
    budget: &Budget,
) -> Result<Centres, Cancelled> {
    let n = sample.points.len();
    if n == 0 {
        return Ok(Centres::of(&[], &[], &[], 0, columns));
    }
    let wanted = k.unwrap_or(range.1).max(1);
    let part = n.div_ceil(2).min(BAG).max(n.min(200));
    let small = (wanted * SMALL_PER_TOPIC).clamp(40, SMALL_MOST).max(wanted).min(part.div_ceil(3)).max(1);
    let micro: Vec<Centres> = (0..BAGS)
        .map(|bag| {
            // The sample is in an order by chance, so that any run of it is a draw.
            let from = (n - part) * bag / (BAGS - 1).max(1);
            let (points, weights) = (&sample.points[from..from + part], &sample.weights[from..from + part]);
            Ok(kmeans(points, weights, small, columns, MICRO_ROUNDS, random, budget)?.centres)
        })
        .collect::<Result<_, Cancelled>>()?;
    let centres = Centres::together(&micro, columns);
    let cluster = super::kmeans::assign(&sample.points, &centres);
    let micro = Clustering { cluster, centres };
    let sizes = sizes(&micro, &sample.weights);
    let weights: Vec<f32> = sizes.iter().map(|s| s.max(1.0).sqrt()).collect();
    let tree = Tree::new(&micro.centres.products(), &weights, budget)?;
    let k = match k {
        Some(k) => k,
        None => choose(&micro, &sample.points, &tree, range, columns, budget)?,
    };
    let centres = joined(&sample.points, &sample.weights, &micro, &tree, k, columns);
    Ok(refine(&sample.points, &sample.weights, centres, columns, ROUNDS, budget)?.centres)
}

fn sizes(clustering: &Clustering, weights: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; clustering.centres.k];
    for (c, w) in clustering.cluster.iter().zip(weights) {
        if let Some(c) = c {
            out[*c as usize] += w;
        }
    }
    out
}

fn joined(points: &[Point], weights: &[f32], micro: &Clustering, tree: &Tree, k: usize, columns: usize) -> Centres {
    let map = tree.cut(k);
    let cluster: Vec<Option<u32>> =
        micro.cluster.iter().map(|c| c.and_then(|c| map.get(c as usize).copied())).collect();
    let k = map.iter().max().map_or(0, |m| *m as usize + 1);
    Centres::of(points, weights, &cluster, k, columns)
}

/// The number of topics at which points lie nearest to their own centre as against the next (simplified
/// silhouette, Hruschka et al. 2004), of those that an analyst can take in.
fn choose(
    micro: &Clustering,
    points: &[Point],
    tree: &Tree,
    range: (usize, usize),
    columns: usize,
    budget: &Budget,
) -> Result<usize, Cancelled> {
    let mut best = (range.0, f32::MIN);
    let mut k = range.0;
    while k <= range.1 {
        budget.check()?;
        let score = silhouette(micro, points, tree, k, columns);
        if score > best.1 {
            best = (k, score);
        }
        k += (k / 8).max(1);
    }
    Ok(best.0)
}

fn silhouette(micro: &Clustering, points: &[Point], tree: &Tree, k: usize, columns: usize) -> f32 {
    let ones = vec![1.0; points.len()];
    let centres = joined(points, &ones, micro, tree, k, columns);
    let (mut sum, mut count, mut room) = (0.0, 0.0f32, Vec::new());
    for p in points.iter().filter(|p| !p.is_blank()) {
        centres.similarities(p, &mut room);
        let (mut first, mut second) = (f32::MIN, f32::MIN);
        for s in &room {
            if *s > first {
                (first, second) = (*s, first);
            } else if *s > second {
                second = *s;
            }
        }
        let (a, b) = (1.0 - first, 1.0 - second.max(-1.0));
        sum += (b - a) / a.max(b).max(f32::MIN_POSITIVE);
        count += 1.0;
    }
    sum / count.max(1.0)
}
