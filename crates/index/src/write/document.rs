//! A feedback as the index takes it, without copies of what is already there.

use commonweal_domain::{Attributes, Dimension, FeedbackDoc, FeedbackId};
use tantivy::schema::Field;
use tantivy::schema::document::{Document, ReferenceValue, ReferenceValueLeaf, Value};

use crate::schema::{BUCKETS, Fields, ordered, parts, written};

/// An id as two numbers whose order is the order of the id.
pub(crate) fn halves(id: FeedbackId) -> (u64, u64) {
    id.0.as_u64_pair()
}

/// Which bucket an id is in. The low half of a version 7 UUID is random.
pub(crate) fn bucket(id: FeedbackId) -> u64 {
    let (high, low) = halves(id);
    // Mixed, so that ids that are not random are spread as well (Fibonacci hashing, Knuth 6.4).
    (high ^ low).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BUCKETS.trailing_zeros())
}

/// One document: fields in order of their numbers, as the engine wants them.
#[derive(Debug)]
pub(crate) struct IndexDocument {
    fields: Vec<(Field, Held)>,
}

#[derive(Debug)]
enum Held {
    Text(String),
    Number(u64),
    Attributes(Attributes),
}

impl IndexDocument {
    pub(crate) fn new(names: &Fields, doc: FeedbackDoc) -> Self {
        let (high, low) = halves(doc.id);
        let mut fields = Vec::with_capacity(Dimension::FIXED.len() + doc.comments.len() + 12);
        fields.push((names.bucket, Held::Number(bucket(doc.id))));
        fields.push((names.id_high, Held::Number(high)));
        fields.push((names.id_low, Held::Number(low)));
        fields.push((names.at, Held::Number(ordered(doc.at.timestamp_micros()))));
        fields.push((names.score, Held::Number(parts(doc.score()))));
        fields.push((names.mood, Held::Number(parts(doc.sentiment_score()))));
        for (&field, dimension) in names.fixed.iter().zip(Dimension::FIXED) {
            let values = dimension.values(&doc);
            if values.is_empty() {
                fields.push((field, Held::Text(written(None).into_owned())));
            }
            fields.extend(values.into_iter().map(|v| (field, Held::Text(written(Some(&v)).into_owned()))));
        }
        fields.extend(doc.comments.into_iter().map(|c| (names.words, Held::Text(c.text))));
        if !doc.attributes.is_empty() {
            fields.push((names.attributes, Held::Attributes(doc.attributes)));
        }
        Self { fields }
    }
}

impl Document for IndexDocument {
    type Value<'a> = HeldRef<'a>;
    type FieldsValuesIter<'a> = FieldsIter<'a>;

    fn iter_fields_and_values(&self) -> FieldsIter<'_> {
        FieldsIter(self.fields.iter())
    }
}

pub(crate) struct FieldsIter<'a>(std::slice::Iter<'a, (Field, Held)>);

impl<'a> Iterator for FieldsIter<'a> {
    type Item = (Field, HeldRef<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (field, held) = self.0.next()?;
        Some((
            *field,
            match held {
                Held::Text(t) => HeldRef::Text(t),
                Held::Number(n) => HeldRef::Number(*n),
                Held::Attributes(a) => HeldRef::Attributes(a),
            },
        ))
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum HeldRef<'a> {
    Text(&'a str),
    Number(u64),
    Attributes(&'a Attributes),
}

impl<'a> Value<'a> for HeldRef<'a> {
    type ArrayIter = std::iter::Empty<Self>;
    type ObjectIter = AttributesIter<'a>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        match *self {
            Self::Text(t) => ReferenceValue::Leaf(ReferenceValueLeaf::Str(t)),
            Self::Number(n) => ReferenceValue::Leaf(ReferenceValueLeaf::U64(n)),
            Self::Attributes(a) => ReferenceValue::Object(AttributesIter(a.iter())),
        }
    }
}

pub(crate) struct AttributesIter<'a>(std::collections::btree_map::Iter<'a, String, String>);

impl<'a> Iterator for AttributesIter<'a> {
    type Item = (&'a str, HeldRef<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name.as_str(), HeldRef::Text(value)))
    }
}
