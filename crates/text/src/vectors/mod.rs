//! Static word vectors: what a word means as [`DIMENSIONS`] numbers, looked up and never computed.
//!
//! Distilled from sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0); how, and what was measured, is in
//! `training/vectors/README.md`. They serve for grouping comments and pairing words, not for sentiment.

mod file;
mod wordpiece;

use std::sync::OnceLock;

pub use file::DIMENSIONS;
pub(crate) use wordpiece::{FnvMap, fold, is_mark};

use wordpiece::Pieces;

/// The table as shipped.
static FILE: &[u8] = include_bytes!("../../models/vectors.bin");

/// A vector; of length 1 when it comes from a function that says so.
pub type Vector = [f32; DIMENSIONS];

/// The table of words and the way to look them up. Cheap to share between threads.
pub struct Vectors {
    origin: String,
    pieces: Pieces,
    scales: Vec<f32>,
    values: Vec<i8>,
}

impl Vectors {
    /// The table that is part of this program; unpacked at the first call (about 20 ms).
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Vectors> = OnceLock::new();
        SHARED.get_or_init(|| {
            // A test holds the embedded file to its layout; were it broken all the same, no word has a vector.
            file::read(FILE).map_or_else(
                || Self { origin: String::new(), pieces: Pieces::new(&[]), scales: Vec::new(), values: Vec::new() },
                |t| Self { origin: t.origin, pieces: Pieces::new(&t.tokens), scales: t.scales, values: t.values },
            )
        })
    }

    /// Which model the vectors come from, and its licence.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Number of tokens in the table.
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    /// Whether the table is empty, which the shipped one never is.
    pub fn is_empty(&self) -> bool {
        self.scales.is_empty()
    }

    /// Meaning of a text: mean of the vectors of its pieces, of length 1. All zeros if no piece is known.
    ///
    /// Words that are frequent in English weigh less (SIF of Arora et al. 2017, built into the table).
    pub fn embed(&self, text: &str) -> Vector {
        self.embedder().embed(text)
    }

    /// Meaning of one word or of its pieces, of length 1; `None` if no piece of it is known.
    pub fn word(&self, word: &str) -> Option<Vector> {
        let v = self.embed(word);
        v.iter().any(|x| *x != 0.0).then_some(v)
    }

    /// For many texts in a row: keeps its room to work in between them.
    pub fn embedder(&self) -> Embedder<'_> {
        Embedder { vectors: self, word: String::new(), rows: Vec::new() }
    }

    fn add(&self, row: u32, to: &mut Vector) {
        let row = row as usize;
        let Some(values) = self.values.get(row * DIMENSIONS..(row + 1) * DIMENSIONS) else { return };
        let scale = self.scales[row];
        for (t, v) in to.iter_mut().zip(values) {
            *t += f32::from(*v) * scale;
        }
    }
}

/// See [`Vectors::embedder`].
pub struct Embedder<'a> {
    vectors: &'a Vectors,
    word: String,
    rows: Vec<u32>,
}

impl Embedder<'_> {
    /// As [`Vectors::embed`].
    pub fn embed(&mut self, text: &str) -> Vector {
        self.vectors.pieces.of_text(text, &mut self.word, &mut self.rows);
        let mut sum = [0.0; DIMENSIONS];
        for row in &self.rows {
            self.vectors.add(*row, &mut sum);
        }
        normalise(&mut sum);
        sum
    }
}

/// Makes `v` of length 1, unless it is all zeros.
pub fn normalise(v: &mut [f32]) {
    let length = v.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        for x in v {
            *x /= length;
        }
    }
}

/// Inner product: the cosine of two vectors of length 1.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    // Eight sums side by side, which the compiler turns into vector instructions; one sum it must not reorder.
    let (mut lanes, (a8, b8)) = ([0.0f32; 8], (a.chunks_exact(8), b.chunks_exact(8)));
    let tail: f32 = a8.remainder().iter().zip(b8.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a8.zip(b8) {
        for (lane, (x, y)) in lanes.iter_mut().zip(x.iter().zip(y)) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f32>() + tail
}
