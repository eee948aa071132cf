//! What a document of the index holds, and how values are written down.

use std::borrow::Cow;

use commonweal_domain::Dimension;
use commonweal_domain::filter::NONE;
use tantivy::schema::{
    Field, IndexRecordOption, JsonObjectOptions, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{RAW_TOKENIZER_NAME, TokenizerManager};

use crate::words;

/// Number of the format. Raised with every change of schema, of tokens or of how values are
/// written: an index with another number is built anew.
pub(crate) const FORMAT: u32 = 3;

/// The term of a document that has no value along a dimension: with it every document has a value,
/// so columns need no index of gaps and "has none" is a term like any other.
const NO_VALUE: &str = "\0";

/// Numbers are kept as whole parts of one: sums are exact and the same in any order. The number
/// holds every share of a scale of up to 16 steps (720,720 is their least common multiple), and of
/// 100, without rounding; others are rounded to 1.4e-9.
pub(crate) const ONE: i64 = 720_720_000;
/// The columns of scores hold numbers without sign, which are read quickest, with zero for none: a
/// score is written with this much added. A multiple of the common steps, so that columns pack.
pub(crate) const SHIFT: i64 = 2 * ONE;

/// Ids fall into this many buckets. Deleting looks through one bucket, and the dictionary of
/// buckets stays small where one of ten million ids would be half the index.
pub(crate) const BUCKETS: u64 = 1 << 16;

/// Names of the columns that are not dimensions.
pub(crate) mod column {
    pub(crate) const ID_HIGH: &str = "id_high";
    pub(crate) const ID_LOW: &str = "id_low";
    pub(crate) const AT: &str = "at";
    pub(crate) const SCORE: &str = "score";
    pub(crate) const MOOD: &str = "mood";
    pub(crate) const ATTRIBUTES: &str = "attributes";
}

/// The fields of the index.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    pub(crate) bucket: Field,
    pub(crate) id_high: Field,
    pub(crate) id_low: Field,
    pub(crate) at: Field,
    pub(crate) score: Field,
    pub(crate) mood: Field,
    pub(crate) words: Field,
    pub(crate) attributes: Field,
    /// In the order of [`Dimension::FIXED`].
    pub(crate) fixed: Vec<Field>,
}

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let number = NumericOptions::default().set_fast();
    // Basic: which documents, no counts, no positions, no lengths: nothing is ranked.
    let exact = || {
        TextFieldIndexing::default()
            .set_tokenizer(RAW_TOKENIZER_NAME)
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic)
    };
    let value = TextOptions::default().set_indexing_options(exact()).set_fast(RAW_TOKENIZER_NAME);
    let words = TextFieldIndexing::default()
        .set_tokenizer(words::NAME)
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let fields = Fields {
        bucket: builder.add_u64_field("id_bucket", NumericOptions::default().set_indexed()),
        id_high: builder.add_u64_field(column::ID_HIGH, number.clone()),
        id_low: builder.add_u64_field(column::ID_LOW, number.clone()),
        at: builder.add_u64_field(column::AT, number.clone()),
        score: builder.add_u64_field(column::SCORE, number.clone()),
        mood: builder.add_u64_field(column::MOOD, number),
        words: builder.add_text_field("words", TextOptions::default().set_indexing_options(words)),
        attributes: builder.add_json_field(
            column::ATTRIBUTES,
            JsonObjectOptions::default().set_indexing_options(exact()).set_fast(RAW_TOKENIZER_NAME),
        ),
        fixed: Dimension::FIXED.iter().map(|d| builder.add_text_field(&d.key(), value.clone())).collect(),
    };
    (builder.build(), fields)
}

/// The tokenizers that the schema names.
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(words::NAME, words::WordTokenizer);
    manager
}

/// Place of a dimension in [`Dimension::FIXED`]; nothing for attributes.
pub(crate) fn place(dimension: &Dimension) -> Option<usize> {
    Dimension::FIXED.iter().position(|d| d == dimension)
}

/// How a value of a fixed dimension is written, or that there is none.
pub(crate) fn written(value: Option<&str>) -> Cow<'_, str> {
    match value {
        None => Cow::Borrowed(NO_VALUE),
        // A value that begins like the sign for none is told apart by doubling it.
        Some(v) if v.starts_with(NO_VALUE) => Cow::Owned(format!("{NO_VALUE}{v}")),
        Some(v) => Cow::Borrowed(v),
    }
}

/// The value that was written, as answers name it.
pub(crate) fn shown(term: &str) -> &str {
    if term == NO_VALUE { NONE } else { term.strip_prefix(NO_VALUE).unwrap_or(term) }
}

/// The beginning of all terms of an attribute: its name, the end of the path, the type (text).
pub(crate) fn attribute_prefix(name: &str) -> Vec<u8> {
    let mut prefix = Vec::with_capacity(name.len() + 2);
    prefix.extend_from_slice(name.as_bytes());
    prefix.extend_from_slice(b"\0s");
    prefix
}

/// A score from −1 to 1 as it is written; zero for none.
pub(crate) fn parts(score: Option<f64>) -> u64 {
    // Within one to three times ONE, so the casts are exact.
    score.map_or(0, |s| ((s.clamp(-1.0, 1.0) * ONE as f64).round() as i64 + SHIFT) as u64)
}

/// Microseconds of an instant as they are written: numbers without sign in the same order.
pub(crate) fn ordered(micros: i64) -> u64 {
    micros.cast_unsigned() ^ (1 << 63)
}

/// The microseconds that were written.
pub(crate) fn micros_of(ordered: u64) -> i64 {
    (ordered ^ (1 << 63)).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_none_can_be_told_apart() {
        for value in ["", "\0", "\0\0x", "(none)", "web"] {
            assert_ne!(written(Some(value)), written(None));
            assert_eq!(shown(&written(Some(value))), value);
        }
        assert_eq!(shown(&written(None)), NONE);
    }

    #[test]
    fn scores_on_common_scales_are_kept_exactly() {
        for steps in (1..=15).chain([20, 24, 50, 100]) {
            for step in 0..=steps {
                let exact = ONE * step / steps;
                assert_eq!(exact * steps, ONE * step, "{step} of {steps}");
                assert_eq!(parts(Some(step as f64 / steps as f64)), (exact + SHIFT) as u64);
            }
        }
    }
}
