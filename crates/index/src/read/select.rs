//! From a filter to the documents that it means: the same as `Filter::matches`, for all at once.

use std::sync::Arc;

use commonweal_domain::filter::NONE;
use commonweal_domain::search::Atom;
use commonweal_domain::{Clause, Dimension, Filter};
use commonweal_ports::IndexError;
use rayon::prelude::*;

use super::bits::{Bits, Docs, WORD, set_range};
use super::budget::Budget;
use super::cache::Cache;
use super::leaf::Leaf;
use super::phrase::phrase;
use super::postings::Lists;
use super::segment::{SegmentView, ZONE};
use crate::schema::{ordered, place, written};

/// The documents that are meant, per segment.
#[derive(Clone)]
pub(crate) struct Selection {
    pub(crate) parts: Vec<Part>,
}

/// The documents that are meant in one segment. Deleted ones are not.
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) segment: Arc<SegmentView>,
    pub(crate) docs: Docs,
    pub(crate) count: u32,
}

impl Selection {
    /// How many feedback are meant.
    pub(crate) fn count(&self) -> u64 {
        self.parts.iter().map(|p| u64::from(p.count)).sum()
    }
}

/// The documents that a filter means, and those that it means without what it asks of each of some
/// dimensions.
pub(crate) fn select(
    segments: &[Arc<SegmentView>],
    filter: &Filter,
    without: &[&Dimension],
    cache: &Cache,
    budget: &Budget,
) -> Result<(Selection, Vec<Selection>), IndexError> {
    let leaves = Leaf::of(filter);
    let found: Vec<Vec<Docs>> = segments
        .par_iter()
        .map(|segment| Search { segment, cache, budget }.variants(&leaves, without))
        .collect::<Result<_, _>>()?;
    let mut selections = (0..=without.len()).map(|variant| Selection {
        parts: segments
            .iter()
            .zip(&found)
            .map(|(segment, docs)| {
                let docs = docs[variant].clone();
                Part { segment: Arc::clone(segment), count: docs.count(segment.core.len), docs }
            })
            .collect(),
    });
    let Some(all) = selections.next() else { return Err(IndexError::Broken("nothing was selected".to_owned())) };
    Ok((all, selections.collect()))
}

struct Search<'a> {
    segment: &'a SegmentView,
    cache: &'a Cache,
    budget: &'a Budget,
}

impl Search<'_> {
    /// The documents under all conditions, then under all but those on each of `without`.
    fn variants(&self, leaves: &[Leaf], without: &[&Dimension]) -> Result<Vec<Docs>, IndexError> {
        let mut variants = vec![self.segment.alive.clone(); 1 + without.len()];
        let narrow = |variants: &mut Vec<Docs>, leaf: &Leaf, docs: &Docs| {
            for (n, variant) in variants.iter_mut().enumerate() {
                if n == 0 || leaf.dimension() != Some(without[n - 1]) {
                    *variant = std::mem::replace(variant, Docs::None).and(docs);
                }
            }
        };
        let is_over = |variants: &[Docs]| variants.iter().all(|v| matches!(v, Docs::None));
        for leaf in leaves.iter().filter(|l| !l.is_slow()) {
            if is_over(&variants) {
                return Ok(variants);
            }
            let docs = self.kept(leaf, &Docs::All)?;
            narrow(&mut variants, leaf, &docs);
        }
        for leaf in leaves.iter().filter(|l| l.is_slow()) {
            if is_over(&variants) {
                return Ok(variants);
            }
            let within = variants.iter().fold(Docs::None, Docs::or);
            let docs = self.kept(leaf, &within)?;
            narrow(&mut variants, leaf, &docs);
        }
        Ok(variants)
    }

    /// The documents of a condition, found now or before. Right for the documents of `within`.
    fn kept(&self, leaf: &Leaf, within: &Docs) -> Result<Docs, IndexError> {
        let core = &*self.segment.core;
        if let Some(docs) = self.cache.get(core.id, leaf) {
            return Ok(docs);
        }
        // What was found among few documents only is no use to the next question.
        let few = within.count(core.len) < core.len / 4;
        let docs = self.documents(leaf, if few { within } else { &Docs::All })?;
        if !few || !leaf.is_slow() {
            self.cache.put(core.id, leaf, &docs);
        }
        Ok(docs)
    }

    fn documents(&self, leaf: &Leaf, within: &Docs) -> Result<Docs, IndexError> {
        let core = &*self.segment.core;
        match leaf {
            Leaf::During { from, to } => self.during(from.map_or(0, ordered), to.map(ordered)),
            Leaf::Values(dimension, clause) => self.clause(dimension, clause),
            Leaf::AnyOf(atoms) => self.any_of(atoms, within),
            Leaf::NoneOf(atoms) => Ok(self.any_of(atoms, within)?.not(core.len)),
        }
    }

    fn clause(&self, dimension: &Dimension, clause: &Clause) -> Result<Docs, IndexError> {
        let mut docs = Docs::All;
        if !clause.is.is_empty() {
            docs = self.with_values(dimension, &clause.is)?;
        }
        if !clause.is_not.is_empty() {
            docs = docs.and(&self.with_values(dimension, &clause.is_not)?.not(self.segment.core.len));
        }
        Ok(docs)
    }

    /// Documents that have at least one of the values.
    fn with_values(&self, dimension: &Dimension, values: &[String]) -> Result<Docs, IndexError> {
        let core = &*self.segment.core;
        let (index, prefix) = core.terms(dimension)?;
        let mut lists = Lists::new(index);
        let fixed = place(dimension).is_some();
        let mut none = false;
        for value in values {
            match (fixed, value == NONE) {
                (true, is_none) => lists.add(written((!is_none).then_some(value)).as_bytes()).map(drop)?,
                (false, true) => none = true,
                (false, false) => lists.add(&[&prefix, value.as_bytes()].concat()).map(drop)?,
            }
        }
        let mut docs = match lists.terms.is_empty() {
            true => Docs::None,
            false => Docs::from_bits(lists.bits(core.len, self.budget)?),
        };
        if none {
            docs = docs.or(&self.without_attribute(dimension)?);
        }
        Ok(docs)
    }

    /// Documents that don't have an attribute at all: those in none of the lists of its values.
    fn without_attribute(&self, dimension: &Dimension) -> Result<Docs, IndexError> {
        let core = &*self.segment.core;
        let (index, prefix) = core.terms(dimension)?;
        let mut lists = Lists::new(index);
        lists.add_prefix(&prefix)?;
        Ok(Docs::from_bits(lists.bits(core.len, self.budget)?).not(core.len))
    }

    /// Documents with at least one of the atoms in their words.
    fn any_of(&self, atoms: &[Atom], within: &Docs) -> Result<Docs, IndexError> {
        let len = self.segment.core.len;
        let index = self.segment.core.words()?;
        let mut lists = Lists::new(Arc::clone(&index));
        let mut docs = Docs::None;
        for atom in atoms {
            match atom {
                Atom::Word(word) => lists.add(word.as_bytes()).map(drop)?,
                Atom::Forms(word) => Atom::forms(word).iter().try_for_each(|f| lists.add(f.as_bytes()).map(drop))?,
                Atom::Prefix(prefix) => lists.add_prefix(prefix.as_bytes())?,
                Atom::Phrase(words) => match words.as_slice() {
                    // No window of no words is equal to it.
                    [] => {}
                    [word] => lists.add(word.as_bytes()).map(drop)?,
                    words => docs = docs.or(&phrase(&index, words, within, len, self.budget)?),
                },
            }
        }
        if !lists.terms.is_empty() {
            docs = docs.or(&Docs::from_bits(lists.bits(len, self.budget)?));
        }
        Ok(docs)
    }

    /// Documents from an instant to before another.
    fn during(&self, from: u64, to: Option<u64>) -> Result<Docs, IndexError> {
        let core = &*self.segment.core;
        // Inclusive, because the last instant there is may be meant when the end is open.
        let Some(last) = to.map_or(Some(u64::MAX), |t| t.checked_sub(1)) else { return Ok(Docs::None) };
        if from > last || core.at.max_value() < from || core.at.min_value() > last {
            return Ok(Docs::None);
        }
        if core.at.min_value() >= from && core.at.max_value() <= last {
            return Ok(Docs::All);
        }
        let zones = core.zones();
        let mut bits = vec![0u64; core.len.div_ceil(WORD) as usize];
        const PART: usize = 16 * (ZONE / WORD) as usize;
        bits.par_chunks_mut(PART).enumerate().try_for_each(|(n, part)| {
            self.budget.check()?;
            let mut times = vec![0u64; ZONE as usize];
            let words = (ZONE / WORD) as usize;
            for (m, zone) in part.chunks_mut(words).enumerate() {
                let place = n * (PART / words) + m;
                let (low, high) = zones[place];
                let start = place as u32 * ZONE;
                let len = ZONE.min(core.len - start);
                if low >= from && high <= last {
                    set_range(zone, 0, len);
                } else if high >= from && low <= last {
                    let times = &mut times[..len as usize];
                    core.at.get_range(u64::from(start), times);
                    for (word, times) in zone.iter_mut().zip(times.chunks(WORD as usize)) {
                        for (bit, at) in times.iter().enumerate() {
                            *word |= u64::from(*at >= from && *at <= last) << bit;
                        }
                    }
                }
            }
            Ok::<(), IndexError>(())
        })?;
        Ok(Docs::from_bits(Bits::from_words(bits, core.len)))
    }
}
