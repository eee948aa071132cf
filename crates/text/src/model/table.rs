//! A linear model in memory: one row of small integers per hashed feature, all outputs side by side,
//! so that a feature costs one visit to memory whatever the number of outputs.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

use super::file::Header;
use crate::features::{DENSE, Features, Spelling};

/// Outputs are padded to a multiple of this, which is what the processor adds at a time.
const LANES: usize = 16;

/// A linear model: scores for several labels at once.
#[derive(Clone, Debug)]
pub struct Linear {
    pub(crate) header: Header,
    /// Tells this model from others in what threads remember.
    pub(crate) id: u64,
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

    /// Sets how far scores are drawn together before they become probabilities.
    pub fn set_temperature(&mut self, temperature: f32) {
        self.header.temperature = temperature.max(0.05);
    }

    fn outputs(&self) -> usize {
        self.header.labels.len()
    }

    /// Scores of a comment. With `credit`, adds to each token what it contributes along `direction`
    /// (one number per output).
    pub(crate) fn score(&self, features: &Features, credit: Option<(&[f32], &mut [f32])>) -> Scores {
        let mut values = vec![0.0; self.outputs()];
        dense_part(&self.dense, &features.dense, 0..DENSE, &mut values);
        let (along, sums) = match credit {
            Some((direction, sums)) => {
                let along: Vec<f32> = direction.iter().zip(&self.header.units).map(|(d, u)| d * u).collect();
                (along, Some(sums))
            }
            None => (Vec::new(), None),
        };
        let mut parts = sums.as_ref().map(|sums| vec![0.0f32; sums.len()]);
        let mut total = vec![0.0f32; self.stride];
        let mut finish =
            |total: &mut [f32], weight: f32, parts: &mut Option<Vec<f32>>, sums: &mut Option<&mut [f32]>| {
                let norm = total[0].sqrt();
                if norm > 0.0 {
                    let scale = weight / norm;
                    for ((value, sum), unit) in values.iter_mut().zip(&total[1..]).zip(&self.header.units) {
                        *value += sum * unit * scale;
                    }
                    if let (Some(parts), Some(sums)) = (parts, sums) {
                        for (sum, part) in sums.iter_mut().zip(parts.iter_mut()) {
                            *sum += std::mem::take(part) * scale;
                        }
                    }
                }
                total.fill(0.0);
            };
        let mut sums = sums;
        for gram in &features.words {
            let at = (gram.hash >> (64 - self.header.word_bits)) as usize * self.stride;
            let row = &self.words[at..at + self.stride];
            if row[0] == 0 {
                continue;
            }
            let idf = add_row(&mut total, row);
            if let Some(parts) = &mut parts {
                let part: f32 = along.iter().zip(&row[1..]).map(|(a, &w)| a * f32::from(w)).sum::<f32>() * idf;
                let token = gram.token as usize;
                if gram.pair && token > 0 {
                    parts[token] += part / 2.0;
                    parts[token - 1] += part / 2.0;
                } else {
                    parts[token] += part;
                }
            }
        }
        finish(&mut total, 1.0, &mut parts, &mut sums);
        if self.header.piece_bits > 0 {
            for word in &features.spellings {
                self.with_pieces(features, word, |pieces| {
                    total.iter_mut().zip(pieces).for_each(|(t, p)| *t += p);
                    if let Some(parts) = &mut parts {
                        parts[word.token as usize] += along.iter().zip(&pieces[1..]).map(|(a, p)| a * p).sum::<f32>();
                    }
                });
            }
            finish(&mut total, self.header.piece_weight, &mut parts, &mut sums);
        }
        Scores { values }
    }

    /// What the pieces of a word come to: the square of their idf, then the sum per output. Most
    /// words are common, so each thread remembers the last ones it met.
    fn with_pieces(&self, features: &Features, word: &Spelling, then: impl FnOnce(&[f32])) {
        let compute = |out: &mut [f32]| {
            out.fill(0.0);
            features.pieces(word, |hash| {
                let at = (hash >> (64 - self.header.piece_bits)) as usize * self.stride;
                let row = &self.pieces[at..at + self.stride];
                if row[0] != 0 {
                    add_row(out, row);
                }
            });
        };
        if self.stride != LANES {
            let mut out = vec![0.0; self.stride];
            compute(&mut out);
            return then(&out);
        }
        MEMORY.with_borrow_mut(|memory| {
            if memory.is_empty() {
                memory.resize(REMEMBERED, (0, [0.0; LANES]));
            }
            let key = word.hash ^ self.id;
            let slot = &mut memory[(key >> 48) as usize % REMEMBERED];
            if slot.0 != key {
                compute(&mut slot.1);
                slot.0 = key;
            }
            then(&slot.1);
        });
    }
}

/// Words of which a thread remembers what their pieces come to; 1.2 MB.
const REMEMBERED: usize = 1 << 14;

thread_local! {
    static MEMORY: RefCell<Vec<(u64, [f32; LANES])>> = const { RefCell::new(Vec::new()) };
}

/// Numbers models, so that what is remembered of one is not taken for another's.
pub(crate) fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Adds a row, weighed by its idf, which it returns; the first place collects the idf's square.
fn add_row(total: &mut [f32], row: &[i8]) -> f32 {
    let idf = f32::from(row[0] as u8) * IDF_UNIT;
    let square = total[0] + idf * idf;
    for (sum, row) in total.chunks_exact_mut(LANES).zip(row.chunks_exact(LANES)) {
        for (s, &w) in sum.iter_mut().zip(row) {
            *s += idf * f32::from(w);
        }
    }
    total[0] = square;
    idf
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
