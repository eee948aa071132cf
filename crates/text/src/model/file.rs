//! The file of a linear model: a header that says what made it, then the rows that are not empty,
//! compressed.
//!
//! ```text
//! "CWLM1\n"  u32 length of header (little-endian)  header (JSON)  body (LZ4 block with its size)
//! body: for words, then pieces: u32 count, then per row: u32 place, u8 idf, i8 per output;
//!       then one f32 per figure and output
//! ```

use serde::{Deserialize, Serialize};

use super::table::{Linear, next_id, stride_for};
use crate::features::{DENSE, VERSION};

const MAGIC: &[u8] = b"CWLM1\n";
/// Largest table that a file may ask for.
const MAX_BITS: u32 = 20;
const MAX_LABELS: usize = 1000;

/// Data that a model was trained on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Which.
    pub name: String,
    /// Comments taken from it.
    pub rows: u64,
    /// Its licence.
    pub licence: String,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
}

/// What a model file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// What the model is for.
    pub name: String,
    /// Version of the features it goes with.
    pub features: u32,
    /// The code that made it, for example `commonweal-text 0.1.0`.
    pub made_by: String,
    /// The data that it was made from.
    pub sources: Vec<Source>,
    /// What the outputs stand for.
    pub labels: Vec<String>,
    /// Probability from which a label applies, one per label; empty when the largest wins.
    pub thresholds: Vec<f32>,
    /// Scores are divided by this before they become probabilities (calibration).
    pub temperature: f32,
    /// Size of one step of the weights of each output.
    pub units: Vec<f32>,
    /// 2 to this power rows for words and pairs of words.
    pub word_bits: u32,
    /// The same for pieces of words; 0 for none.
    pub piece_bits: u32,
    /// Weight of the pieces against the words.
    pub piece_weight: f32,
}

/// Why a model can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Not a model, or damaged.
    #[error("this is not a model file of Commonweal, or it is damaged: {0}")]
    Broken(&'static str),
    /// Made for other features.
    #[error(
        "this model was made for version {found} of the reading engine's features; this program has version {VERSION}. Train it again"
    )]
    OtherVersion {
        /// What it was made for.
        found: u32,
    },
}

impl Linear {
    /// Writes the model.
    pub fn to_bytes(&self) -> Vec<u8> {
        let header = serde_json::to_vec(&self.header).unwrap_or_default();
        let mut body = Vec::new();
        let outputs = self.header.labels.len();
        for table in [&self.words, &self.pieces] {
            let filled = || table.chunks_exact(self.stride).enumerate().filter(|(_, row)| row[0] != 0);
            body.extend((filled().count() as u32).to_le_bytes());
            for (place, row) in filled() {
                body.extend((place as u32).to_le_bytes());
                body.extend(row[..=outputs].iter().map(|b| *b as u8));
            }
        }
        body.extend(self.dense.iter().flat_map(|w| w.to_le_bytes()));
        let mut out = MAGIC.to_vec();
        out.extend((header.len() as u32).to_le_bytes());
        out.extend(header);
        out.extend(lz4_flex::compress_prepend_size(&body));
        out
    }

    /// Reads a model.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        use ModelError::Broken;
        let rest = bytes.strip_prefix(MAGIC).ok_or(Broken("it begins with something else"))?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(Broken("it ends too early"))?;
        let length = u32::from_le_bytes(*length) as usize;
        let (header, rest) = rest.split_at_checked(length).ok_or(Broken("it ends too early"))?;
        let header: Header = serde_json::from_slice(header).map_err(|_| Broken("its header can't be read"))?;
        if header.features != VERSION {
            return Err(ModelError::OtherVersion { found: header.features });
        }
        let outputs = header.labels.len();
        let sound = header.word_bits <= MAX_BITS
            && header.piece_bits <= MAX_BITS
            && header.word_bits > 0
            && (1..=MAX_LABELS).contains(&outputs)
            && header.units.len() == outputs
            && (header.thresholds.is_empty() || header.thresholds.len() == outputs)
            && header.temperature > 0.0;
        if !sound {
            return Err(Broken("its header contradicts itself"));
        }
        let size = rest.first_chunk::<4>().map_or(0, |n| u32::from_le_bytes(*n) as usize);
        if size > (2 << MAX_BITS) * (outputs + 5) + DENSE * outputs * 4 + 8 {
            return Err(Broken("its body is too large"));
        }
        let body = lz4_flex::decompress_size_prepended(rest).map_err(|_| Broken("its body can't be unpacked"))?;
        let mut body = body.as_slice();
        let stride = stride_for(outputs);
        let mut table = |bits: u32| -> Result<Vec<i8>, ModelError> {
            let rows = if bits == 0 { 0 } else { 1usize << bits };
            let mut table = vec![0i8; rows * stride];
            let (count, rest) = body.split_first_chunk::<4>().ok_or(Broken("its body ends too early"))?;
            body = rest;
            for _ in 0..u32::from_le_bytes(*count) {
                let (place, rest) = body.split_first_chunk::<4>().ok_or(Broken("its body ends too early"))?;
                let (row, rest) = rest.split_at_checked(outputs + 1).ok_or(Broken("its body ends too early"))?;
                let at = u32::from_le_bytes(*place) as usize;
                if at >= rows {
                    return Err(Broken("a row lies outside its table"));
                }
                for (to, from) in table[at * stride..].iter_mut().zip(row) {
                    *to = *from as i8;
                }
                body = rest;
            }
            Ok(table)
        };
        let (words, pieces) = (table(header.word_bits)?, table(header.piece_bits)?);
        let (dense, rest) = body.as_chunks::<4>();
        if dense.len() != DENSE * outputs || !rest.is_empty() {
            return Err(Broken("its figures are of another size"));
        }
        let dense = dense.iter().map(|w| f32::from_le_bytes(*w)).collect();
        Ok(Self { header, id: next_id(), stride, words, pieces, dense })
    }
}
