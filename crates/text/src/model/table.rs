//! A linear model in memory: one row of small integers per hashed feature, all outputs side by side,
//! so that a feature costs one visit to memory whatever the number of outputs.

use super::file::Header;
use crate::features::{DENSE, Features, Gram};

/// Outputs are padded to a multiple of this, which is what the processor adds at a time.
const LANES: usize = 16;

/// A linear model: scores for several labels at once.
#[derive(Clone, Debug)]
pub struct Linear {
    pub(crate) header: Header,
    /// Bytes per row: first the weight of the feature itself (idf, unsigned), then one signed byte per output.
    pub(crate) stride: usize,
    pub(crate) words: Vec<i8>,
    pub(crate) pieces: Vec<i8>,
    /// `DENSE` figures × outputs.
    pub(crate) dense: Vec<f32>,
}

/// Scores of all outputs before they become probabilities.
#[derive(Clone, Debug)]
pub(crate) struct Scores {
    pub(crate) values: Vec<f32>,
}

pub(crate) fn stride_for(outputs: usize) -> usize {
    (outputs + 1).div_ceil(LANES) * LANES
}

impl Linear {
    /// What the outputs stand for, in order.
    pub fn labels(&self) -> &[String] {
        &self.header.labels
    }

    /// Where the model comes from.
    pub fn header(&self) -> &Header {
        &self.header
    }

    fn outputs(&self) -> usize {
        self.header.labels.len()
    }

    /// Scores of a comment. With `credit`, adds to each token what it contributes along `direction`
    /// (one number per output).
    pub(crate) fn score(&self, features: &Features, credit: Option<(&[f32], &mut [f32])>) -> Scores {
        let k = self.outputs();
        let mut values = vec![0.0; k];
        dense_part(&self.dense, &features.dense, 0..DENSE, &mut values);
        let (direction, mut sums) = match credit {
            Some((direction, sums)) => (direction, Some(sums)),
            None => (&[][..], None),
        };
        let blocks: [(&[Gram], &[i8], u32, f32); 2] = [
            (&features.words, &self.words, self.header.word_bits, 1.0),
            (&features.pieces, &self.pieces, self.header.piece_bits, self.header.piece_weight),
        ];
        for (grams, table, bits, weight) in blocks {
            if bits == 0 || weight == 0.0 {
                continue;
            }
            let (sum, norm) = self.block(grams, table, bits);
            if norm == 0.0 {
                continue;
            }
            let scale = weight / norm;
            for ((value, sum), unit) in values.iter_mut().zip(&sum[1..]).zip(&self.header.units) {
                *value += sum * unit * scale;
            }
            if let Some(sums) = sums.as_deref_mut() {
                self.credit(grams, table, bits, scale, direction, sums);
            }
        }
        Scores { values }
    }

    /// Weighted sum of the rows of one kind of feature, and its Euclidean norm.
    fn block(&self, grams: &[Gram], table: &[i8], bits: u32) -> (Vec<f32>, f32) {
        let mut sum = vec![0.0f32; self.stride];
        let mut square = 0.0f32;
        for gram in grams {
            let at = (gram.hash >> (64 - bits)) as usize * self.stride;
            let row = &table[at..at + self.stride];
            if row[0] == 0 {
                continue;
            }
            let idf = f32::from(row[0] as u8) * IDF_UNIT;
            square += idf * idf;
            for (sum, row) in sum.chunks_exact_mut(LANES).zip(row.chunks_exact(LANES)) {
                for (s, &w) in sum.iter_mut().zip(row) {
                    *s += idf * f32::from(w);
                }
            }
        }
        (sum, square.sqrt())
    }

    fn credit(&self, grams: &[Gram], table: &[i8], bits: u32, scale: f32, direction: &[f32], sums: &mut [f32]) {
        for gram in grams {
            let at = (gram.hash >> (64 - bits)) as usize * self.stride;
            let row = &table[at..at + self.stride];
            if row[0] == 0 {
                continue;
            }
            let idf = f32::from(row[0] as u8) * IDF_UNIT;
            let along: f32 =
                direction.iter().zip(&self.header.units).zip(&row[1..]).map(|((d, u), &w)| d * u * f32::from(w)).sum();
            let (token, part) = (gram.token as usize, along * idf * scale);
            if gram.pair && token > 0 {
                sums[token] += part / 2.0;
                sums[token - 1] += part / 2.0;
            } else {
                sums[token] += part;
            }
        }
    }
}

/// Size of one step of an idf as it is stored in a byte: 255 steps reach to 15.9, more than any
/// corpus here gives.
pub(crate) const IDF_UNIT: f32 = 1.0 / 16.0;

/// Adds what some of the figures contribute.
pub(crate) fn dense_part(weights: &[f32], figures: &[f32; DENSE], which: std::ops::Range<usize>, values: &mut [f32]) {
    let k = values.len();
    for i in which {
        if figures[i] != 0.0 {
            for (value, w) in values.iter_mut().zip(&weights[i * k..(i + 1) * k]) {
                *value += figures[i] * w;
            }
        }
    }
}

impl Linear {
    /// Probabilities of labels of which exactly one holds.
    pub(crate) fn one_of(&self, scores: &Scores) -> Vec<f32> {
        let z = &scores.values;
        let largest = z.iter().fold(f32::MIN, |a, b| a.max(*b));
        let mut p: Vec<f32> = z.iter().map(|z| ((z - largest) / self.header.temperature).exp()).collect();
        let sum: f32 = p.iter().sum();
        p.iter_mut().for_each(|p| *p /= sum);
        p
    }

    /// Probabilities of labels of which any number holds.
    pub(crate) fn any_of(&self, features: &Features) -> Vec<f32> {
        let z = self.score(features, None).values;
        z.into_iter().map(|z| 1.0 / (1.0 + (-z).exp())).collect()
    }
}
