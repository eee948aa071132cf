//! What is wrong with something that was handed in, per field, as a full sentence.

use serde::{Deserialize, Serialize};

use crate::sentence::{Arguments, Sentence};

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Where: a field name, a JSON pointer (`/2/ratings/0/value`) or a column name.
    pub field: String,
    /// Stable code for programs, for example `required` or `out_of_range`. Together with the field it tells one
    /// sentence from every other, so that another language finds its own by it.
    pub code: String,
    /// A full sentence: what was found, what is allowed.
    pub message: String,
    /// The values in the sentence, for other languages. Programs get the sentence alone.
    #[serde(skip)]
    pub arguments: Arguments,
}

/// All things wrong with what was handed in. Empty means valid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(pub Vec<FieldError>);

impl FieldErrors {
    /// Adds one error. Where a value stands in the sentence, it is made by [`sentence!`](crate::sentence!).
    pub fn add(&mut self, field: impl Into<String>, code: &str, sentence: impl Into<Sentence>) {
        let Sentence { english: message, arguments } = sentence.into();
        self.0.push(FieldError { field: field.into(), code: code.to_owned(), message, arguments });
    }

    /// One error alone.
    pub fn one(field: impl Into<String>, code: &str, sentence: impl Into<Sentence>) -> Self {
        let mut all = Self::default();
        all.add(field, code, sentence);
        all
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok(value)` when nothing is wrong.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl std::fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, e) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{}: {}", e.field, e.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for FieldErrors {}
