//! Owns where units lie: a static word vector beside TF-IDF of the terms, in one space in which the inner
//! product is a similarity of at most 1.

use crate::vectors::{DIMENSIONS, Embedder, Vectors, cosine, normalise};

use super::corpus::Corpus;
use super::types::Centroid;
use super::words::Role;

/// Share of the word vectors in the similarity of a short text; the rest is TF-IDF. All four are measured,
/// see `training/vectors/README.md`.
const DENSE: f32 = 0.85;
/// The same of a long text, of which the mean of its words says little.
const DENSE_LONG: f32 = 0.2;
/// Words up to which a text is short, and from which it is long; the share falls evenly in between.
const SHORT: f32 = 20.0;
const LONG: f32 = 70.0;
/// Units that a term must be in to have a column.
const RAREST: u32 = 3;
/// Columns at most: the most frequent terms.
const COLUMNS: usize = 16_000;
/// Columns, the most frequent first, that count when two centres are compared.
const PAIRED: usize = 3_000;

/// Which terms have a column, and how much each counts.
pub(super) struct Columns {
    /// Column of each term, or `u32::MAX`.
    column: Vec<u32>,
    idf: Vec<f32>,
}

impl Columns {
    /// From the units in which terms occur. idf = ln((1 + n) / (1 + df)) + 1, smoothed as in scikit-learn.
    pub(super) fn new(corpus: &Corpus<'_>) -> Self {
        let mut df = vec![0u32; corpus.terms.len()];
        let mut last = vec![u32::MAX; corpus.terms.len()];
        for unit in 0..corpus.units.len() {
            for token in corpus.tokens(unit).iter().filter(|t| t.role() == Role::Content) {
                let term = token.term() as usize;
                if last[term] != unit as u32 {
                    last[term] = unit as u32;
                    df[term] += 1;
                }
            }
        }
        let mut kept: Vec<usize> = (0..df.len()).filter(|t| df[*t] >= RAREST).collect();
        kept.sort_by_key(|t| (std::cmp::Reverse(df[*t]), *t));
        kept.truncate(COLUMNS);
        let mut column = vec![u32::MAX; df.len()];
        let n = corpus.units.len() as f32;
        let mut idf = Vec::with_capacity(kept.len());
        for (c, term) in (0u32..).zip(kept) {
            column[term] = c;
            idf.push(((1.0 + n) / (1.0 + df[term] as f32)).ln() + 1.0);
        }
        Self { column, idf }
    }

    pub(super) fn len(&self) -> usize {
        self.idf.len()
    }

    /// Where a remembered centroid lies among these comments.
    pub(super) fn point_of(&self, corpus: &Corpus<'_>, centroid: &Centroid) -> Point {
        let mut dense = [0.0; DIMENSIONS];
        for (d, x) in dense.iter_mut().zip(&centroid.vector) {
            *d = x * DENSE.sqrt();
        }
        let column = |stem: &str| corpus.terms.find(stem).and_then(|t| self.column.get(t as usize)).copied();
        let mut sparse: Vec<(u32, f32)> = centroid
            .terms
            .iter()
            .filter_map(|(stem, w)| column(stem).map(|c| (c, *w)))
            .filter(|(c, _)| *c != u32::MAX)
            .collect();
        // A centre is a mean of many units, hence its words add up to less than those of one unit do.
        let length = sparse.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        for (_, w) in &mut sparse {
            *w *= (1.0 - DENSE).sqrt() / length * 0.5;
        }
        Point { dense, sparse }
    }
}

/// One unit in the space.
pub(super) struct Point {
    pub(super) dense: [f32; DIMENSIONS],
    pub(super) sparse: Vec<(u32, f32)>,
}

impl Point {
    /// Whether nothing in it is known.
    pub(super) fn is_blank(&self) -> bool {
        self.sparse.is_empty() && self.dense.iter().all(|x| *x == 0.0)
    }
}

/// Puts units in the space.
pub(super) struct Placer<'a> {
    corpus: &'a Corpus<'a>,
    columns: &'a Columns,
    embedder: Embedder<'static>,
}

impl<'a> Placer<'a> {
    pub(super) fn new(corpus: &'a Corpus<'a>, columns: &'a Columns) -> Self {
        Self { corpus, columns, embedder: Vectors::shared().embedder() }
    }

    pub(super) fn place(&mut self, unit: usize) -> Point {
        let words = self.corpus.tokens(unit).len() as f32;
        let long = ((words - SHORT) / (LONG - SHORT)).clamp(0.0, 1.0);
        let share = DENSE + (DENSE_LONG - DENSE) * long;
        let mut dense = self.embedder.embed(self.corpus.units[unit].text);
        let mut sparse: Vec<(u32, f32)> = self
            .corpus
            .tokens(unit)
            .iter()
            .filter(|t| t.role() == Role::Content)
            .filter_map(|t| self.columns.column.get(t.term() as usize).copied())
            .filter(|c| *c != u32::MAX)
            .map(|c| (c, 1.0))
            .collect();
        sparse.sort_unstable_by_key(|(c, _)| *c);
        sparse.dedup_by(|b, a| {
            a.0 == b.0 && {
                a.1 += b.1;
                true
            }
        });
        for (c, w) in &mut sparse {
            *w = (1.0 + w.ln()) * self.columns.idf[*c as usize];
        }
        let length = sparse.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        for (_, w) in &mut sparse {
            *w *= (1.0 - share).sqrt() / length;
        }
        for x in &mut dense {
            *x *= share.sqrt();
        }
        Point { dense, sparse }
    }
}

/// Centres of clusters, each of length 1.
pub(super) struct Centres {
    pub(super) k: usize,
    pub(super) dense: Vec<f32>,
    /// By column, then by centre, so that one term of a unit is one run of memory.
    sparse: Vec<f32>,
}

impl Centres {
    /// Mean of the points by the cluster each is in (`None`: in none), weighted.
    pub(super) fn of(points: &[Point], weights: &[f32], cluster: &[Option<u32>], k: usize, columns: usize) -> Self {
        let mut made = Self { k, dense: vec![0.0; k * DIMENSIONS], sparse: vec![0.0; k * columns] };
        for ((point, weight), cluster) in points.iter().zip(weights).zip(cluster) {
            let Some(c) = cluster.map(|c| c as usize) else { continue };
            for (sum, x) in made.dense[c * DIMENSIONS..(c + 1) * DIMENSIONS].iter_mut().zip(&point.dense) {
                *sum += x * weight;
            }
            // Without columns only the word vectors are wanted.
            for (column, x) in point.sparse.iter().filter(|_| columns > 0) {
                made.sparse[*column as usize * k + c] += x * weight;
            }
        }
        made.normalise();
        made
    }

    /// All of these centres as one.
    pub(super) fn together(of: &[Self], columns: usize) -> Self {
        let k = of.iter().map(|c| c.k).sum();
        let mut made = Self { k, dense: Vec::with_capacity(k * DIMENSIONS), sparse: vec![0.0; k * columns] };
        let mut at = 0;
        for part in of {
            made.dense.extend_from_slice(&part.dense);
            for column in 0..columns {
                made.sparse[column * k + at..column * k + at + part.k]
                    .copy_from_slice(&part.sparse[column * part.k..(column + 1) * part.k]);
            }
            at += part.k;
        }
        made
    }

    /// Inner product of every two centres, row by row.
    pub(super) fn products(&self) -> Vec<f32> {
        let k = self.k;
        let mut out = vec![0.0; k * k];
        let rows: Vec<&[f32]> = self.dense.chunks_exact(DIMENSIONS).collect();
        for (i, a) in rows.iter().enumerate() {
            for (j, b) in rows.iter().enumerate().take(i + 1) {
                out[i * k + j] = cosine(a, b);
            }
        }
        let mut held: Vec<(usize, f32)> = Vec::new();
        for row in self.sparse.chunks_exact(k.max(1)).take(PAIRED) {
            held.clear();
            // What is smaller changes no product that matters.
            held.extend(row.iter().copied().enumerate().filter(|(_, x)| *x > 0.003));
            for (at, (i, x)) in held.iter().enumerate() {
                for (j, y) in &held[..=at] {
                    out[i * k + j] += x * y;
                }
            }
        }
        for i in 0..k {
            for j in 0..i {
                out[j * k + i] = out[i * k + j];
            }
        }
        out
    }

    fn normalise(&mut self) {
        let mut squares: Vec<f32> =
            self.dense.chunks_exact(DIMENSIONS).map(|d| d.iter().map(|x| x * x).sum()).collect();
        if self.k == 0 {
            return;
        }
        for row in self.sparse.chunks_exact(self.k) {
            for (s, x) in squares.iter_mut().zip(row) {
                *s += x * x;
            }
        }
        let factors: Vec<f32> = squares.iter().map(|s| if *s > 0.0 { 1.0 / s.sqrt() } else { 0.0 }).collect();
        for (d, f) in self.dense.chunks_exact_mut(DIMENSIONS).zip(&factors) {
            for x in d {
                *x *= f;
            }
        }
        for row in self.sparse.chunks_exact_mut(self.k) {
            for (x, f) in row.iter_mut().zip(&factors) {
                *x *= f;
            }
        }
    }

    /// Similarity of a point to every centre.
    pub(super) fn similarities(&self, point: &Point, out: &mut Vec<f32>) {
        out.clear();
        out.extend(self.dense.chunks_exact(DIMENSIONS).map(|d| cosine(d, &point.dense)));
        for (column, w) in &point.sparse {
            let row = &self.sparse[*column as usize * self.k..(*column as usize + 1) * self.k];
            for (s, x) in out.iter_mut().zip(row) {
                *s += w * x;
            }
        }
    }

    /// These of the centres, and more made of one point each.
    pub(super) fn with(&self, kept: &[usize], more: &[Point], columns: usize) -> Self {
        let k = kept.len() + more.len();
        let mut made = Self { k, dense: Vec::with_capacity(k * DIMENSIONS), sparse: vec![0.0; k * columns] };
        for c in kept {
            made.dense.extend_from_slice(&self.dense[c * DIMENSIONS..(c + 1) * DIMENSIONS]);
        }
        for column in 0..columns {
            for (at, c) in kept.iter().enumerate() {
                made.sparse[column * k + at] = self.sparse[column * self.k + c];
            }
        }
        for (at, point) in (kept.len()..).zip(more) {
            made.dense.extend_from_slice(&point.dense);
            for (column, w) in &point.sparse {
                made.sparse[*column as usize * k + at] = *w;
            }
        }
        made.normalise();
        made
    }

    /// Mean word vector of some of the centres, of length 1.
    pub(super) fn mean(&self, of: &[usize]) -> Vec<f32> {
        let mut v = vec![0.0; DIMENSIONS];
        for c in of {
            for (sum, x) in v.iter_mut().zip(self.vector(*c)) {
                *sum += x;
            }
        }
        normalise(&mut v);
        v
    }

    /// Word vector of a centre, of length 1.
    pub(super) fn vector(&self, c: usize) -> Vec<f32> {
        let mut v = self.dense[c * DIMENSIONS..(c + 1) * DIMENSIONS].to_vec();
        normalise(&mut v);
        v
    }
}

/// Nearest centre and how similar; `None` if there is none or the similarities are no numbers.
pub(super) fn nearest(similarities: &[f32]) -> Option<(u32, f32)> {
    (0u32..).zip(similarities.iter().copied()).fold(None, |best, (c, s)| match best {
        Some((_, b)) if s <= b => best,
        _ => Some((c, s)),
    })
}
