//! Owns putting many small clusters together into fewer: Ward's method (1963) by the formula of Lance and
//! Williams (1967).

use commonweal_domain::{Budget, Cancelled};

/// The order in which clusters were put together.
pub(super) struct Tree {
    leaves: usize,
    /// The two that became one (the second goes into the first) and the height at which they did.
    joins: Vec<(usize, usize, f32)>,
}

impl Tree {
    /// Builds the tree of centres, each as heavy as `sizes` says, from the inner product of every two (row by row).
    /// O(n²) but for ties, for a thousand centres or so.
    pub(super) fn new(products: &[f32], sizes: &[f32], budget: &Budget) -> Result<Self, Cancelled> {
        let n = sizes.len();
        let mut sizes = sizes.to_vec();
        let mut d = vec![0.0f32; n * n];
        for i in 0..n {
            for j in 0..i {
                let square = products[i * n + i] + products[j * n + j] - 2.0 * products[i * n + j];
                let ward = 2.0 * sizes[i] * sizes[j] / (sizes[i] + sizes[j]) * square.max(0.0);
                (d[i * n + j], d[j * n + i]) = (ward, ward);
            }
        }
        let mut alive: Vec<usize> = (0..n).collect();
        // Nearest of those after it, for each; looked for again only when that one changed.
        let find = |i: usize, alive: &[usize], d: &[f32]| {
            let after = alive.iter().copied().filter(|j| *j > i);
            after.map(|j| (j, d[i * n + j])).fold((i, f32::INFINITY), |b, c| if c.1 < b.1 { c } else { b })
        };
        let mut near: Vec<(usize, f32)> = (0..n).map(|i| find(i, &alive, &d)).collect();
        let mut joins = Vec::new();
        while alive.len() > 1 {
            budget.check()?;
            let first = alive.iter().copied().fold(alive[0], |b, i| if near[i].1 < near[b].1 { i } else { b });
            let (i, (j, height)) = (first, near[first]);
            if i == j {
                // Only distances that are no numbers leave nothing nearest.
                break;
            }
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
            for &c in &alive {
                if c == i || near[c].0 == i || near[c].0 == j {
                    near[c] = find(c, &alive, &d);
                } else if c < i && d[c * n + i] < near[c].1 {
                    near[c] = (i, d[c * n + i]);
                }
            }
        }
        Ok(Self { leaves: n, joins })
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
        let at = [0.0f32, 5.0, 0.1, 5.2];
        let products: Vec<f32> = at.iter().flat_map(|x| at.map(|y| x * y)).collect();
        let tree = Tree::new(&products, &[1.0; 4], &Budget::unlimited()).expect("not cancelled");
        assert_eq!(tree.cut(2), [0, 1, 0, 1]);
        assert_eq!(tree.cut(3), [0, 1, 0, 2]);
        assert_eq!(tree.cut(1), [0; 4]);
        assert_eq!(tree.cut(9), [0, 1, 2, 3]);
    }
}
