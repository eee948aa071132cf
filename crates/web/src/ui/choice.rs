//! What can be chosen in a select.

/// A choice of a select: value, label, whether it is chosen.
pub(crate) type Choice = (String, String, bool);
