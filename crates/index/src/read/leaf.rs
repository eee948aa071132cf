//! The parts of which a filter is made, each of which stands for a set of documents.

use commonweal_domain::filter::TimeRange;
use commonweal_domain::search::Atom;
use commonweal_domain::{Clause, Dimension, Filter, Instant};

/// One condition. All conditions of a filter must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Leaf {
    /// Happened in this time, in microseconds; open where absent.
    During { from: Option<i64>, to: Option<i64> },
    /// What the values along a dimension must and must not be.
    Values(Dimension, Clause),
    /// At least one of these in the words.
    AnyOf(Vec<Atom>),
    /// None of these in the words.
    NoneOf(Vec<Atom>),
}

impl Leaf {
    /// The conditions of a filter.
    pub(crate) fn of(filter: &Filter) -> Vec<Self> {
        let mut leaves = Vec::new();
        if filter.range != TimeRange::default() {
            leaves.push(Self::During { from: filter.range.from.map(micros), to: filter.range.to.map(micros) });
        }
        leaves.extend(filter.clauses.iter().map(|(d, c)| Self::Values(d.clone(), c.clone())));
        leaves.extend(filter.words.must.iter().map(|any| Self::AnyOf(any.clone())));
        if !filter.words.must_not.is_empty() {
            leaves.push(Self::NoneOf(filter.words.must_not.clone()));
        }
        leaves
    }

    /// The dimension that it narrows.
    pub(crate) fn dimension(&self) -> Option<&Dimension> {
        match self {
            Self::Values(dimension, _) => Some(dimension),
            _ => None,
        }
    }

    /// Whether it takes reading positions of words, which is slow for frequent words, so that it is
    /// worth looking only at documents that everything else leaves over.
    pub(crate) fn is_slow(&self) -> bool {
        let phrase = |atom: &Atom| matches!(atom, Atom::Phrase(words) if words.len() > 1);
        match self {
            Self::AnyOf(atoms) | Self::NoneOf(atoms) => atoms.iter().any(phrase),
            Self::During { .. } | Self::Values(..) => false,
        }
    }
}

/// Microseconds of an instant, rounded up: what is compared with it has whole microseconds, and so
/// is at or after the instant exactly when it is at or after this.
pub(crate) fn micros(at: Instant) -> i64 {
    let whole = at.timestamp_micros();
    if !at.timestamp_subsec_nanos().is_multiple_of(1000) { whole + 1 } else { whole }
}
