//! Examples as rows of numbers: the vocabulary that is worth a weight, and sparse rows over it.

use crate::features::{DENSE, Features};
use crate::model::IDF_UNIT;

/// Which places of a table have a weight, and the idf of each.
pub(super) struct Places {
    pub(super) bits: u32,
    /// Number of the column per place; `u32::MAX` for none.
    pub(super) column: Vec<u32>,
    /// idf in steps of [`IDF_UNIT`], per place.
    pub(super) idf: Vec<u8>,
}

impl Places {
    fn place(&self, hash: u64) -> u32 {
        (hash >> (64 - self.bits)) as u32
    }

    /// Counts in how many examples each place occurs.
    pub(super) fn count(counts: &mut [u32], last: &mut [u32], hash: u64, bits: u32, example: u32) {
        let at = (hash >> (64 - bits)) as usize;
        if last[at] != example {
            last[at] = example;
            counts[at] += 1;
        }
    }

    /// Places that occur in `least` examples or more. idf = ln((1 + n) / (1 + df)) + 1.
    pub(super) fn keep(bits: u32, counts: &[u32], examples: usize, least: u32, first: &mut u32) -> Self {
        let mut column = vec![u32::MAX; counts.len()];
        let mut idf = vec![0u8; counts.len()];
        for (at, &df) in counts.iter().enumerate().filter(|(_, df)| **df >= least) {
            column[at] = *first;
            *first += 1;
            let value = ((1.0 + examples as f32) / (1.0 + df as f32)).ln() + 1.0;
            idf[at] = (value / IDF_UNIT).round().clamp(1.0, 255.0) as u8;
        }
        Self { bits, column, idf }
    }
}

/// Sparse rows.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) ends: Vec<usize>,
    pub(super) columns: Vec<u32>,
    pub(super) values: Vec<f32>,
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn row(&self, i: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let from = if i == 0 { 0 } else { self.ends[i - 1] };
        let range = from..self.ends[i];
        self.columns[range.clone()].iter().zip(&self.values[range]).map(|(c, v)| (*c as usize, f64::from(*v)))
    }

    /// Adds an example: figures first (columns from 0), then each block at unit length × its weight.
    pub(super) fn push(&mut self, features: &Features, blocks: &[(&Places, f32)], scratch: &mut Vec<u32>) {
        for (i, figure) in features.dense.iter().enumerate().take(DENSE) {
            if *figure != 0.0 {
                self.columns.push(i as u32);
                self.values.push(*figure);
            }
        }
        for (n, (places, weight)) in blocks.iter().enumerate() {
            scratch.clear();
            let mut put = |hash| {
                let place = places.place(hash);
                if places.idf[place as usize] > 0 {
                    scratch.push(place);
                }
            };
            match n {
                0 => features.words.iter().for_each(|g| put(g.hash)),
                _ if places.bits > 0 => features.spellings.iter().for_each(|w| features.pieces(w, &mut put)),
                _ => {}
            }
            scratch.sort_unstable();
            let idf = |place: u32| f32::from(places.idf[place as usize]) * IDF_UNIT;
            let norm = scratch.iter().map(|p| idf(*p) * idf(*p)).sum::<f32>().sqrt();
            for same in scratch.chunk_by(|a, b| a == b) {
                self.columns.push(places.column[same[0] as usize]);
                self.values.push(idf(same[0]) * same.len() as f32 / norm * weight);
            }
        }
        self.ends.push(self.columns.len());
    }
}
