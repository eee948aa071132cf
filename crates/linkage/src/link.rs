//! The whole way for many records: keys, pairs, weights, persons.

use std::num::NonZeroUsize;

use crate::blocking::{Rule, Texts};
use crate::cluster::{Clusters, Decision, Edge, Thresholds, cluster};
use crate::model::Model;
use crate::score::{Guard, Scorer};
use crate::table::{Row, Table};

/// How records are linked.
#[derive(Clone, Debug)]
pub struct Linking {
    /// From which weights on records are one person's.
    pub thresholds: Thresholds,
    /// Pairs of less weight are forgotten once they are counted.
    pub least_weight: f64,
    /// Blocks of more records are left out, and said.
    pub largest_block: usize,
    /// What people have decided.
    pub decisions: Vec<Decision>,
    /// The person of each record as it was before, 0 for none; empty if nothing was. Such records stay together down to
    /// [`Thresholds::keep`].
    pub before: Vec<u32>,
    /// Whether guards speak and what a household shares counts once. To do without is for measuring what that costs.
    pub guards: bool,
    /// Threads; all cores if 0.
    pub threads: usize,
}

impl Default for Linking {
    fn default() -> Self {
        Self {
            thresholds: Thresholds::default(),
            least_weight: 0.0,
            largest_block: 300,
            decisions: Vec::new(),
            before: Vec::new(),
            guards: true,
            threads: 0,
        }
    }
}

/// Records of a rule that were not compared with each other, because too many share a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The rule.
    pub rule: Rule,
    /// Blocks of this rule that were left out.
    pub blocks: usize,
    /// Records in them.
    pub records: usize,
    /// Records in the largest.
    pub largest: usize,
}

/// How many pairs a rule brought that no rule before it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RulePairs {
    /// The rule.
    pub rule: Rule,
    /// New pairs.
    pub pairs: u64,
}

/// What came of linking.
#[derive(Clone, Debug, Default)]
pub struct Linked {
    /// Pairs of at least [`Linking::least_weight`], the heaviest first.
    pub edges: Vec<Edge>,
    /// Persons.
    pub clusters: Clusters,
    /// Pairs that were compared.
    pub compared: u64,
    /// By rule.
    pub by_rule: Vec<RulePairs>,
    /// Blocks that were left out.
    pub left_out: Vec<LeftOut>,
    /// Pairs for which the twins guard spoke, and for which the household guard did.
    pub guarded: (u64, u64),
}

/// Links the records of a table.
pub fn link(table: &Table, model: &Model, linking: &Linking) -> Linked {
    let scorer = if linking.guards { Scorer::new(model, table) } else { Scorer::without_guards(model, table) };
    let mut linked = Linked::default();
    find_pairs(&scorer, linking, &mut linked);
    linked.edges.sort_unstable_by(|x, y| y.weight.total_cmp(&x.weight).then((x.a, x.b).cmp(&(y.a, y.b))));
    let before = |record: u32| linking.before.get(record as usize).copied().unwrap_or(0);
    linked.clusters = cluster(
        table.len(),
        &linked.edges,
        linking.thresholds,
        &linking.decisions,
        |a, b| before(a) != 0 && before(a) == before(b),
        |a, b| linking.guards && scorer.score(a, b).contradicts(),
    );
    linked
}

/// The pairs inside of clusters that no rule found: their records came together through others.
pub fn pairs_within(table: &Table, model: &Model, clusters: &Clusters) -> Vec<Edge> {
    let scorer = Scorer::new(model, table);
    let mut edges = Vec::new();
    for group in &clusters.groups {
        for (n, a) in group.iter().enumerate() {
            edges.extend(group[n + 1..].iter().map(|b| Edge { a: *a, b: *b, weight: scorer.score(*a, *b).weight }));
        }
    }
    edges
}

/// Rules that make one key at most.
const SINGLE: usize = Rule::ALL.len() - HANDLES;
/// Rules of handles, of which a record may have several; they come first.
const HANDLES: usize = 3;

/// By which rules records were brought together already.
struct Earlier {
    /// The keys of each record by the rules that make one, those of one record side by side, folded to 32 bits: 0 for none, for
    /// one that was left out, and for rules that are yet to come. What is equal by chance is passed over in vain.
    keys: Vec<[u32; SINGLE]>,
    /// Handles that were left out, sorted, of the rules that were gone through.
    handles: Vec<(Handles, Vec<u32>)>,
}

impl Earlier {
    fn have(&self, table: &Table, a: u32, b: u32) -> bool {
        let (one, other) = (&self.keys[a as usize], &self.keys[b as usize]);
        if one.iter().zip(other).any(|(x, y)| x == y && *x != 0) {
            return true;
        }
        let (x, y) = (&table.rows[a as usize], &table.rows[b as usize]);
        self.handles.iter().any(|(of, left_out)| shares(of(table, x), of(table, y), left_out))
    }
}

/// Whether two lists of handles have one in common that is not left out.
fn shares(a: &[u32], b: &[u32], left_out: &[u32]) -> bool {
    a.iter().any(|handle| b.contains(handle) && left_out.binary_search(handle).is_err())
}

fn find_pairs(scorer: &Scorer<'_>, linking: &Linking, linked: &mut Linked) {
    let table = scorer.table();
    let texts = Texts::new(table);
    let mut earlier = Earlier { keys: vec![[0; SINGLE]; table.len()], handles: Vec::new() };
    for (place, rule) in Rule::ALL.into_iter().enumerate() {
        let mut keyed: Vec<(u64, u32)> = Vec::new();
        let handles = handles_of(rule);
        for (n, row) in (0..).zip(&table.rows) {
            match handles {
                Some(handles) => keyed.extend(handles(table, row).iter().map(|handle| (u64::from(*handle), n))),
                None => keyed.extend(Some((texts.single(rule, row), n)).filter(|(key, _)| *key != 0)),
            }
        }
        keyed.sort_unstable();
        let blocks: Vec<&[(u64, u32)]> = keyed.chunk_by(|a, b| a.0 == b.0).filter(|block| block.len() > 1).collect();
        let (fit, large): (Vec<_>, Vec<_>) = blocks.into_iter().partition(|b| b.len() <= linking.largest_block);
        if !large.is_empty() {
            linked.left_out.push(LeftOut {
                rule,
                blocks: large.len(),
                records: large.iter().map(|b| b.len()).sum(),
                largest: large.iter().map(|b| b.len()).max().unwrap_or(0),
            });
        }
        let new = score_blocks(scorer, &earlier, &fit, linking);
        linked.by_rule.push(RulePairs { rule, pairs: new.compared });
        linked.compared += new.compared;
        linked.guarded.0 += new.twins;
        linked.guarded.1 += new.households;
        linked.edges.extend(new.edges);
        // What was left out here may still be found by a later rule.
        match handles {
            Some(handles) => {
                let mut left_out: Vec<u32> = large.iter().filter_map(|block| u32::try_from(block[0].0).ok()).collect();
                left_out.sort_unstable();
                earlier.handles.push((handles, left_out));
            }
            None => {
                for (key, record) in fit.into_iter().flatten() {
                    earlier.keys[*record as usize][place - HANDLES] = folded(*key);
                }
            }
        }
    }
}

type Handles = for<'t> fn(&'t Table, &Row) -> &'t [u32];

fn handles_of(rule: Rule) -> Option<Handles> {
    match rule {
        Rule::ExternalId => Some(Table::ids),
        Rule::Email => Some(Table::emails),
        Rule::Phone => Some(Table::phones),
        _ => None,
    }
}

/// 32 bits of a key, never 0.
fn folded(key: u64) -> u32 {
    ((key >> 32) as u32).max(1)
}

#[derive(Default)]
struct NewPairs {
    edges: Vec<Edge>,
    compared: u64,
    twins: u64,
    households: u64,
}

/// Compares the pairs of blocks on several threads. The order of what comes out does not depend on them.
fn score_blocks(scorer: &Scorer<'_>, earlier: &Earlier, blocks: &[&[(u64, u32)]], linking: &Linking) -> NewPairs {
    let threads = match linking.threads {
        0 => std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
        threads => threads,
    };
    // Small portions, so that no thread waits long for another.
    let portions: Vec<&[&[(u64, u32)]]> = blocks.chunks(blocks.len().div_ceil(threads * 16).max(1)).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut parts: Vec<(usize, NewPairs)> = std::thread::scope(|scope| {
        let work = || {
            let mut done = Vec::new();
            loop {
                let n = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let Some(portion) = portions.get(n) else { return done };
                done.push((n, score_portion(scorer, earlier, portion, linking.least_weight)));
            }
        };
        let others: Vec<_> = (1..threads.min(portions.len())).map(|_| scope.spawn(work)).collect();
        let mut parts = work();
        for other in others {
            parts.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        parts
    });
    parts.sort_unstable_by_key(|(n, _)| *n);
    let mut all = NewPairs::default();
    for (_, part) in parts {
        all.edges.extend(part.edges);
        all.compared += part.compared;
        all.twins += part.twins;
        all.households += part.households;
    }
    all
}

fn score_portion(scorer: &Scorer<'_>, earlier: &Earlier, blocks: &[&[(u64, u32)]], least: f64) -> NewPairs {
    let mut new = NewPairs::default();
    for block in blocks {
        for (n, (_, a)) in block.iter().enumerate() {
            for (_, b) in &block[n + 1..] {
                let (a, b) = (*a.min(b), *a.max(b));
                if earlier.have(scorer.table(), a, b) {
                    continue;
                }
                let scored = scorer.score(a, b);
                new.compared += 1;
                new.twins += u64::from(scored.guard == Some(Guard::Twins));
                new.households += u64::from(scored.guard == Some(Guard::Household));
                if f64::from(scored.weight) >= least {
                    new.edges.push(Edge { a, b, weight: scored.weight });
                }
            }
        }
    }
    new
}
