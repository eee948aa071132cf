//! What can be chosen in a select.

/// An option of a select.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What is sent when it is chosen.
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

impl Choice {
    pub(crate) fn new(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> Self {
        Self { value: value.into(), label: label.into(), chosen }
    }

    /// The option that chooses nothing.
    pub(crate) fn none(label: impl Into<String>, chosen: bool) -> Self {
        Self::new("", label, chosen)
    }
}

/// The options of values that have keys, with the one that is chosen.
pub(crate) fn choices<'a, T: Copy + PartialEq + 'a, L: Into<String>>(
    all: impl IntoIterator<Item = &'a T>,
    chosen: Option<T>,
    key: impl Fn(T) -> &'static str,
    label: impl Fn(T) -> L,
) -> Vec<Choice> {
    all.into_iter().map(|one| Choice::new(key(*one), label(*one), chosen == Some(*one))).collect()
}
