//! Owns putting many small clusters together into fewer: Ward's method (1963) by the formula of Lance and
//! Williams (1967) on the centres.

use crate::vectors::DIMENSIONS;

/// The order in which clusters were put together.
pub(super) struct Tree {
    leaves: usize,
    /// The two that became one (the second goes into the first) and the height at which they did.
    joins: Vec<(usize, usize, f32)>,
}

impl Tree {
    /// Builds the tree of `centres` (dense, one after the other), each as heavy as `sizes` says. O(n³) at worst,
    /// for some hundred centres.
    pub(super) fn new(centres: &[f32], sizes: &[f32]) -> Self {
        let n = sizes.len();
        let mut sizes = sizes.to_vec();
        let centre = |i: usize| &centres[i * DIMENSIONS..(i + 1) * DIMENSIONS];
        let mut d = vec![0.0f32; n * n];
        for i in 0..n {
            for j in 0..i {
                let square: f32 = centre(i).iter().zip(centre(j)).map(|(a, b)| (a - b) * (a - b)).sum();
                let ward = 2.0 * sizes[i] * sizes[j] / (sizes[i] + sizes[j]) * square;
                (d[i * n + j], d[j * n + i]) = (ward, ward);
            }
        }
        let mut alive: Vec<usize> = (0..n).collect();
        let mut joins = Vec::new();
        while alive.len() > 1 {
            let mut best = (alive[0], alive[1], f32::INFINITY);
            for (at, &i) in alive.iter().enumerate() {
                for &j in &alive[at + 1..] {
                    if d[i * n + j] < best.2 {
                        best = (i, j, d[i * n + j]);
                    }
                }
            }
            let (i, j, height) = best;
            alive.retain(|c| *c != j);
            for &c in alive.iter().filter(|c| **c != i) {
                let all = sizes[i] + sizes[j] + sizes[c];
                let joined = ((sizes[i] + sizes[c]) * d[i * n + c] + (sizes[j] + sizes[c]) * d[j * n + c]
                    - sizes[c] * height)
                    / all;
                (d[i * n + c], d[c * n + i]) = (joined, joined);
            }
            sizes[i] += sizes[j];
            joins.push((i, j, height));
        }
        Self { leaves: n, joins }
    }

    /// Cluster (0 to below `k`) of each leaf when `k` are left.
    pub(super) fn cut(&self, k: usize) -> Vec<u32> {
        let mut parent: Vec<usize> = (0..self.leaves).collect();
        for (i, j, _) in self.joins.iter().take(self.leaves.saturating_sub(k.max(1))) {
            parent[*j] = *i;
        }
        let mut number = vec![u32::MAX; self.leaves];
        let mut next = 0;
        (0..self.leaves)
            .map(|leaf| {
                let mut root = leaf;
                while parent[root] != root {
                    root = parent[root];
                }
                if number[root] == u32::MAX {
                    number[root] = next;
                    next += 1;
                }
                number[root]
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_centres_are_joined_before_far_ones() {
        let mut centres = vec![0.0; 4 * DIMENSIONS];
        for (i, x) in [0.0, 5.0, 0.1, 5.2].into_iter().enumerate() {
            centres[i * DIMENSIONS] = x;
        }
        let tree = Tree::new(&centres, &[1.0; 4]);
        assert_eq!(tree.cut(2), [0, 1, 0, 1]);
        assert_eq!(tree.cut(3), [0, 1, 0, 2]);
        assert_eq!(tree.cut(1), [0; 4]);
        assert_eq!(tree.cut(9), [0, 1, 2, 3]);
    }
}
