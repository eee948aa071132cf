//! How good a linking is, where the truth is known.

use std::collections::HashMap;

use crate::cluster::{Edge, Thresholds, cluster};
use crate::table::Table;

/// Precision and recall of pairs or of clusters.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quality {
    /// Right ones among those found.
    pub right: u64,
    /// Found.
    pub found: u64,
    /// There are.
    pub there: u64,
}

impl Quality {
    /// Share of those found that are right.
    pub fn precision(self) -> f64 {
        if self.found == 0 { 1.0 } else { self.right as f64 / self.found as f64 }
    }

    /// Share of those there that were found.
    pub fn recall(self) -> f64 {
        if self.there == 0 { 1.0 } else { self.right as f64 / self.there as f64 }
    }

    /// The harmonic mean of both.
    pub fn f1(self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
    }
}

fn pairs(n: u64) -> u64 {
    n * n.saturating_sub(1) / 2
}

/// Pairs of records that are in one cluster, against the truth: whose record each is.
pub fn pairs_of_clusters(groups: &[Vec<u32>], truth: &[u32]) -> Quality {
    let mut quality = Quality { there: true_pairs(truth), ..Quality::default() };
    for group in groups {
        quality.found += pairs(group.len() as u64);
        let mut of: HashMap<u32, u64> = HashMap::new();
        for record in group {
            *of.entry(truth[*record as usize]).or_default() += 1;
        }
        quality.right += of.values().copied().map(pairs).sum::<u64>();
    }
    quality
}

/// Pairs from a weight on, against the truth.
pub fn pairs_from(edges: &[Edge], weight: f64, truth: &[u32]) -> Quality {
    let mut quality = Quality { there: true_pairs(truth), ..Quality::default() };
    for edge in edges.iter().filter(|e| f64::from(e.weight) >= weight) {
        quality.found += 1;
        quality.right += u64::from(truth[edge.a as usize] == truth[edge.b as usize]);
    }
    quality
}

/// Persons of two records or more that came out exactly: all their records and no other.
pub fn whole_clusters(groups: &[Vec<u32>], truth: &[u32]) -> Quality {
    let mut sizes: HashMap<u32, usize> = HashMap::new();
    for person in truth {
        *sizes.entry(*person).or_default() += 1;
    }
    let right = groups.iter().filter(|group| {
        let person = truth[group[0] as usize];
        group.len() == sizes[&person] && group.iter().all(|record| truth[*record as usize] == person)
    });
    Quality {
        right: right.count() as u64,
        found: groups.len() as u64,
        there: sizes.values().filter(|size| **size > 1).count() as u64,
    }
}

/// What exact rules find, to compare with: the same email, or the same names and date of birth. No guard, no weights.
pub fn exact_rules(table: &Table) -> Vec<Vec<u32>> {
    let mut keyed: Vec<([u32; 4], u32)> = Vec::new();
    for (n, row) in (0..).zip(&table.rows) {
        keyed.extend(table.emails(row).iter().map(|email| ([*email, 0, 0, 0], n)));
        if row.given != 0 && row.surname != 0 && row.birth != 0 {
            keyed.push(([0, row.given, row.surname, row.birth], n));
        }
    }
    keyed.sort_unstable();
    let alike = keyed.windows(2).filter(|two| two[0].0 == two[1].0 && two[0].1 != two[1].1);
    let edges: Vec<Edge> = alike.map(|two| Edge { a: two[0].1, b: two[1].1, weight: 1.0 }).collect();
    let thresholds = Thresholds { join: 0.0, keep: 0.0 };
    cluster(table.len(), &edges, thresholds, &[], |_, _| false, |_, _| false).groups
}

fn true_pairs(truth: &[u32]) -> u64 {
    let mut sizes: HashMap<u32, u64> = HashMap::new();
    for person in truth {
        *sizes.entry(*person).or_default() += 1;
    }
    sizes.values().copied().map(pairs).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_counted_by_hand() {
        // Persons 7: 0 1 2; 8: 3 4; 9: 5.
        let truth = [7, 7, 7, 8, 8, 9];
        let groups = [vec![0, 1], vec![3, 4, 5]];
        let quality = pairs_of_clusters(&groups, &truth);
        assert_eq!(quality, Quality { right: 2, found: 4, there: 4 });
        assert!((quality.f1() - 0.5).abs() < 1e-9);
        assert_eq!(whole_clusters(&groups, &truth), Quality { right: 0, found: 2, there: 2 });
        let edges = [Edge { a: 0, b: 1, weight: 5.0 }, Edge { a: 0, b: 5, weight: 1.0 }];
        assert_eq!(pairs_from(&edges, 0.0, &truth), Quality { right: 1, found: 2, there: 4 });
        assert_eq!(pairs_from(&edges, 2.0, &truth).found, 1);
    }
}
