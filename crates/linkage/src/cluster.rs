//! From pairs to persons.
//!
//! Pairs are taken in the order of their weight, the surest first, and two groups are put together unless records in
//! them contradict each other. A chain can't join what its ends deny.

use std::collections::HashMap;

/// From which weights on records are one person's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// From this weight on, records that were not of one person before become so.
    pub join: f64,
    /// Records that were of one person before remain so down to this weight. Between the two nothing changes by itself,
    /// so that a small change of a record does not make and break persons in turn (hysteresis).
    pub keep: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { join: DEFAULT_JOIN, keep: DEFAULT_JOIN - 6.0 }
    }
}

/// The weight from which on records are joined unless something else is said: nine in ten at the threshold itself. Most
/// pairs lie far above it; on the made-up population it gives about one wrong pair in a hundred.
pub const DEFAULT_JOIN: f64 = 3.0;

/// What a person has decided of two records. It wins over every weight, and stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// One record, by its place.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Whether they are of one person.
    pub same: bool,
}

/// Two records with what they weigh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// One record, by its place.
    pub a: u32,
    /// The other, whose place is higher.
    pub b: u32,
    /// Bits for one person.
    pub weight: f32,
}

/// Records put together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clusters {
    /// Groups of two records or more, each sorted, in the order of their first ones.
    pub groups: Vec<Vec<u32>>,
    /// Pairs heavy enough that were not joined, because records in the two groups contradict each other. A person
    /// should look at them.
    pub refused: Vec<Edge>,
    /// Decisions that contradict each other: said to be the same, but a chain of other decisions says they are not.
    pub conflicts: Vec<Decision>,
}

/// Most pairs between two groups that are looked at for a contradiction; larger groups are joined by few.
const MAX_CHECKED: usize = 4_096;

/// Puts records together. `together_before` says whether two were of one person before; `contradict` whether two can't
/// be of one person whatever stands between them.
pub fn cluster(
    records: usize,
    edges: &[Edge],
    thresholds: Thresholds,
    decisions: &[Decision],
    together_before: impl Fn(u32, u32) -> bool,
    contradict: impl Fn(u32, u32) -> bool,
) -> Clusters {
    let mut joined = Joined::new(records);
    let mut out = Clusters::default();
    let decided: HashMap<(u32, u32), bool> = decisions.iter().map(|d| (ordered(d.a, d.b), d.same)).collect();
    let mut apart: Vec<(u32, u32)> = decided.iter().filter(|(_, same)| !**same).map(|(pair, _)| *pair).collect();
    apart.sort_unstable();
    // People first: what they said is the same is one group, whatever it weighs.
    for decision in decisions.iter().filter(|d| decided[&ordered(d.a, d.b)] && d.same) {
        let (a, b) = (joined.root(decision.a), joined.root(decision.b));
        if a != b {
            if joined.separated(a, b, &apart) {
                out.conflicts.push(*decision);
            } else {
                joined.merge(a, b);
            }
        }
    }
    let mut order: Vec<&Edge> = edges
        .iter()
        .filter(|e| {
            let needed = if together_before(e.a, e.b) { thresholds.keep } else { thresholds.join };
            f64::from(e.weight) >= needed && decided.get(&ordered(e.a, e.b)) != Some(&false)
        })
        .collect();
    // Equal weights in the order of records, so that every run comes to the same.
    order.sort_unstable_by(|x, y| y.weight.total_cmp(&x.weight).then((x.a, x.b).cmp(&(y.a, y.b))));
    for edge in order {
        let (a, b) = (joined.root(edge.a), joined.root(edge.b));
        if a == b {
            continue;
        }
        let denied = joined.separated(a, b, &apart)
            || joined.between(a, b).any(|(x, y)| decided.get(&ordered(x, y)) != Some(&true) && contradict(x, y));
        if denied {
            out.refused.push(*edge);
        } else {
            joined.merge(a, b);
        }
    }
    out.groups = joined.groups();
    // What was refused at first may have come together by another way.
    out.refused.retain(|edge| joined.root(edge.a) != joined.root(edge.b));
    out
}

const fn ordered(a: u32, b: u32) -> (u32, u32) {
    if a < b { (a, b) } else { (b, a) }
}

/// Groups that grow: each record points towards the root of its group, and the members of a group form a ring.
struct Joined {
    above: Vec<u32>,
    size: Vec<u32>,
    next: Vec<u32>,
}

impl Joined {
    fn new(records: usize) -> Self {
        let each: Vec<u32> = (0..u32::try_from(records).unwrap_or(u32::MAX)).collect();
        Self { above: each.clone(), size: vec![1; records], next: each }
    }

    fn root(&mut self, mut record: u32) -> u32 {
        while self.above[record as usize] != record {
            let further = self.above[self.above[record as usize] as usize];
            self.above[record as usize] = further;
            record = further;
        }
        record
    }

    fn merge(&mut self, a: u32, b: u32) {
        let (large, small) = if self.size[a as usize] >= self.size[b as usize] { (a, b) } else { (b, a) };
        self.above[small as usize] = large;
        self.size[large as usize] += self.size[small as usize];
        // Two rings become one by exchanging where one member of each points.
        self.next.swap(large as usize, small as usize);
    }

    fn members(&self, root: u32) -> impl Iterator<Item = u32> + '_ {
        let ring =
            std::iter::successors(Some(root), move |at| Some(self.next[*at as usize]).filter(|next| *next != root));
        ring.take(self.size.len())
    }

    fn between(&self, a: u32, b: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.members(a).flat_map(move |x| self.members(b).map(move |y| (x, y))).take(MAX_CHECKED)
    }

    /// Whether somebody has said that a record of one group and one of the other are not of one person.
    fn separated(&mut self, a: u32, b: u32, apart: &[(u32, u32)]) -> bool {
        apart.iter().any(|(x, y)| {
            let roots = ordered(self.root(*x), self.root(*y));
            roots == ordered(a, b)
        })
    }

    fn groups(&mut self) -> Vec<Vec<u32>> {
        let mut groups = Vec::new();
        for record in 0..u32::try_from(self.above.len()).unwrap_or(u32::MAX) {
            let root = self.root(record);
            // Each group once: when its lowest record comes by. Its root may be any.
            if self.size[root as usize] < 2 {
                continue;
            }
            let mut group: Vec<u32> = self.members(root).collect();
            self.size[root as usize] = 0;
            group.sort_unstable();
            groups.push(group);
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(a: u32, b: u32, weight: f32) -> Edge {
        Edge { a, b, weight }
    }

    fn plain(records: usize, edges: &[Edge], decisions: &[Decision]) -> Clusters {
        cluster(records, edges, Thresholds::default(), decisions, |_, _| false, |_, _| false)
    }

    #[test]
    fn heavy_pairs_join_and_light_ones_do_not() {
        let clusters = plain(6, &[edge(0, 1, 9.0), edge(1, 2, 7.0), edge(3, 4, 2.0)], &[]);
        assert_eq!(clusters.groups, [vec![0, 1, 2]]);
        assert!(clusters.refused.is_empty());
    }

    #[test]
    fn between_two_thresholds_things_stay_as_they_were() {
        let thresholds = Thresholds { join: 6.0, keep: 0.0 };
        let edges = [edge(0, 1, 3.0), edge(2, 3, 3.0), edge(4, 5, -1.0)];
        let before = |a: u32, _: u32| a != 2;
        let clusters = cluster(6, &edges, thresholds, &[], before, |_, _| false);
        assert_eq!(clusters.groups, [vec![0, 1]]);
    }

    #[test]
    fn a_chain_cannot_join_what_its_ends_deny() {
        // 0 and 2 are twins; 1 is a record without a given name that fits both, 0 better.
        let edges = [edge(0, 1, 9.0), edge(1, 2, 8.0), edge(2, 3, 12.0)];
        let clusters = cluster(4, &edges, Thresholds::default(), &[], |_, _| false, |a, b| ordered(a, b) == (0, 2));
        assert_eq!(clusters.groups, [vec![0, 1], vec![2, 3]]);
        assert_eq!(clusters.refused, [edges[1]]);
    }

    #[test]
    fn what_people_decided_wins() {
        let edges = [edge(0, 1, 30.0), edge(1, 2, 20.0)];
        let not = Decision { a: 1, b: 0, same: false };
        assert_eq!(plain(4, &edges, &[not]).groups, [vec![1, 2]]);
        // Not by a detour either.
        let detour = [edge(0, 1, 30.0), edge(1, 2, 20.0), edge(0, 2, 19.0)];
        let clusters = plain(4, &detour, &[not]);
        assert_eq!(clusters.groups, [vec![1, 2]]);
        assert_eq!(clusters.refused, [edge(0, 2, 19.0)]);
        // The same, though it weighs nothing and the machine would deny it.
        let same = Decision { a: 3, b: 0, same: true };
        let clusters = cluster(4, &edges, Thresholds::default(), &[same], |_, _| false, |a, b| a == 0 && b == 3);
        assert_eq!(clusters.groups, [vec![0, 1, 2, 3]]);
        // The later decision of two about the same records counts.
        let again = Decision { a: 0, b: 1, same: true };
        assert_eq!(plain(2, &[], &[not, again]).groups, [vec![0, 1]]);
        assert!(plain(2, &edges[..1], &[again, not]).groups.is_empty());
    }

    #[test]
    fn decisions_that_contradict_each_other_are_told() {
        let said = |a, b, same| Decision { a, b, same };
        let decisions = [said(0, 1, true), said(1, 2, true), said(0, 2, false)];
        let clusters = plain(3, &[], &decisions);
        assert_eq!(clusters.groups, [vec![0, 1]]);
        assert_eq!(clusters.conflicts, [decisions[1]]);
    }
}
