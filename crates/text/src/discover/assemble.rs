//! Owns what follows once centres are found: every comment goes to its themes, small topics are given up,
//! remembered themes are recognised, and all of it becomes a [`Discovery`].

use commonweal_domain::{Budget, Cancelled};

use crate::vectors::{DIMENSIONS, cosine};

use super::corpus::Corpus;
use super::count::{Counts, NONE};
use super::label::{Wording, word};
use super::names;
use super::simple::Kind;
use super::space::{Centres, Columns, Placer, nearest};
use super::types::{Assignment, Centroid, DiscoverInput, Discovery, NamedTheme, Options, Theme};

/// Similarity below which a unit belongs to nothing.
const FLOOR: f32 = 0.25;
/// Similarity from which a part of a comment says that it is about something else too.
const ELSE: f32 = 0.4;
/// Comments shown first.
const REPRESENTATIVES: usize = 5;
/// Units looked at to find them.
const LOOKED_AT: usize = 60;
/// Terms kept in a centroid.
const TERMS: usize = 40;

/// Where a unit went.
#[derive(Clone, Copy)]
struct Place {
    centre: u32,
    similarity: f32,
    /// Similarity of the word vectors alone.
    dense: f32,
}

/// Units by centre, and which theme each centre is of.
pub(super) struct Found<'a> {
    corpus: &'a Corpus<'a>,
    places: Vec<Option<Place>>,
    centres: Centres,
    /// Remembered theme of each centre, by its place in the options.
    remembered: Vec<Option<usize>>,
}

impl<'a> Found<'a> {
    pub(super) fn new(
        corpus: &'a Corpus<'a>,
        columns: &'a Columns,
        centres: Centres,
        options: &Options<'_>,
        budget: &Budget,
    ) -> Result<Self, Cancelled> {
        let remembered = vec![None; centres.k];
        let mut made = Self { corpus, places: place(corpus, columns, &centres, budget)?, centres, remembered };
        let kept = made.large_enough(options.min_size);
        if kept.len() < made.centres.k {
            made.centres = made.centres.with(&kept, &[], columns.len());
            made.places = place(corpus, columns, &made.centres, budget)?;
            made.remembered = vec![None; kept.len()];
        }
        made.recognise(columns, options.named, budget)?;
        Ok(made)
    }

    fn units(&self, of: impl Fn(u32) -> bool) -> Vec<usize> {
        let held = |p: &Option<Place>| p.is_some_and(|p| of(p.centre));
        (0..self.places.len()).filter(|u| self.corpus.units[*u].clustered && held(&self.places[*u])).collect()
    }

    /// Centres with at least `least` comments.
    fn large_enough(&self, least: usize) -> Vec<usize> {
        let mut sizes = vec![0usize; self.centres.k];
        let mut last = vec![usize::MAX; self.centres.k];
        for (unit, place) in self.corpus.units.iter().zip(&self.places) {
            let Some(place) = place else { continue };
            let c = place.centre as usize;
            if last[c] != unit.group {
                last[c] = unit.group;
                sizes[c] += self.corpus.groups[unit.group].count as usize;
            }
        }
        (0..self.centres.k).filter(|c| sizes[*c] >= least.max(1)).collect()
    }

    /// Gives centres to the remembered themes; those that no topic is come in with the centre they had, so
    /// that neither a name is lost nor what was dropped comes back.
    fn recognise(&mut self, columns: &Columns, named: &[NamedTheme], budget: &Budget) -> Result<(), Cancelled> {
        if named.is_empty() {
            return Ok(());
        }
        let units: Vec<Vec<usize>> = self.by_centre();
        let counts = Counts::new(self.corpus, &units);
        let now: Vec<Centroid> =
            (0..self.centres.k).map(|c| self.centroid(c, &units[c], &terms(self.corpus, &counts, c))).collect();
        let (of_topic, mut lost) = names::find(&now, named);
        self.remembered = of_topic;
        lost.retain(|(t, p)| named[*t].decided && named[*t].parts[*p].vector.len() == DIMENSIONS);
        if lost.is_empty() {
            return Ok(());
        }
        let points: Vec<_> = lost.iter().map(|(t, p)| columns.point_of(self.corpus, &named[*t].parts[*p])).collect();
        let all: Vec<usize> = (0..self.centres.k).collect();
        self.centres = self.centres.with(&all, &points, columns.len());
        self.remembered.extend(lost.iter().map(|(t, _)| Some(*t)));
        self.places = place(self.corpus, columns, &self.centres, budget)?;
        Ok(())
    }

    fn by_centre(&self) -> Vec<Vec<usize>> {
        let mut out = vec![Vec::new(); self.centres.k];
        for (unit, place) in self.places.iter().enumerate() {
            if let Some(place) = place.filter(|_| self.corpus.units[unit].clustered) {
                out[place.centre as usize].push(unit);
            }
        }
        out
    }

    fn centroid(&self, centre: usize, units: &[usize], terms: &[(String, f32)]) -> Centroid {
        let mut dense: Vec<f32> = units.iter().filter_map(|u| self.places[*u]).map(|p| p.dense).collect();
        dense.sort_by(f32::total_cmp);
        let at = |share: usize| dense.get(dense.len() / share).copied().unwrap_or(0.0);
        Centroid { vector: self.centres.vector(centre), terms: terms.to_vec(), low: at(6), usual: at(2) }
    }

    /// Turns what was found into what is shown.
    pub(super) fn into_discovery(self, comments: &[DiscoverInput<'_>], options: &Options<'_>) -> Discovery {
        // Centres of one remembered theme are one theme; every other centre is one of its own.
        let mut slots: Vec<(Option<usize>, Vec<usize>)> = Vec::new();
        for (centre, remembered) in self.remembered.iter().enumerate() {
            match slots.iter_mut().find(|s| remembered.is_some() && s.0 == *remembered) {
                Some(slot) => slot.1.push(centre),
                None => slots.push((*remembered, vec![centre])),
            }
        }
        let mut slot_of = vec![0; self.centres.k];
        for (slot, (_, centres)) in slots.iter().enumerate() {
            for c in centres {
                slot_of[*c] = slot;
            }
        }
        let units: Vec<Vec<usize>> = slots.iter().map(|(_, c)| self.units(|p| c.contains(&(p as usize)))).collect();
        let counts = Counts::new(self.corpus, &units);
        let vectors: Vec<Vec<f32>> = slots.iter().map(|(_, c)| self.centres.mean(c)).collect();
        let wordings = word(self.corpus, &counts, &vectors);
        let mut keys = Keys::new(options.named);
        let mut themes = Vec::new();
        let mut dropped: Vec<NamedTheme> = options.named.iter().filter(|n| n.dropped).cloned().collect();
        let mut theme_of_slot = vec![None; slots.len()];
        for (slot, ((remembered, centres), wording)) in slots.iter().zip(wordings).enumerate() {
            let named = remembered.and_then(|r| options.named.get(r));
            let decided = named.is_some_and(|n| n.decided);
            if named.is_some_and(|n| n.dropped) || (units[slot].is_empty() && !decided) {
                continue;
            }
            theme_of_slot[slot] = Some(themes.len());
            // From a handful of comments no better centre comes than the one remembered.
            let few = units[slot].len() < options.min_size;
            let kept = named.filter(|n| few && n.decided).map(|n| n.parts.clone());
            let of_now = || {
                centres.iter().map(|c| self.centroid(*c, &self.units(|p| p as usize == *c), &wording.terms)).collect()
            };
            let parts = kept.unwrap_or_else(of_now);
            themes.push(self.theme(wording, named, parts, &units[slot], &mut keys));
        }
        let mut kind_theme = Vec::new();
        for kind in SIMPLE {
            let named = options.named.iter().find(|n| n.key == simple_words(kind).0);
            if self.corpus.groups.iter().any(|g| g.kind == Some(kind)) && !named.is_some_and(|n| n.dropped) {
                kind_theme.push((kind, themes.len()));
                themes.push(self.simple_theme(kind, named));
            }
        }
        let by_group = self.by_group(&slot_of, &theme_of_slot, &kind_theme);
        let assignments: Vec<Vec<Assignment>> = self.corpus.group_of.iter().map(|g| by_group[*g].clone()).collect();
        let unassigned = assignments.iter().filter(|a| a.is_empty()).count();
        dropped.dedup_by(|a, b| a.key == b.key);
        let mut made = Discovery { themes, assignments, unassigned, dropped };
        made.measure(comments);
        made
    }

    /// What each group of equal comments is about: the theme that most of its words are in first.
    fn by_group(&self, slot_of: &[usize], theme_of: &[Option<usize>], kinds: &[(Kind, usize)]) -> Vec<Vec<Assignment>> {
        let mut out = Vec::with_capacity(self.corpus.groups.len());
        for group in &self.corpus.groups {
            if let Some(kind) = group.kind {
                out.push(
                    kinds.iter().filter(|k| k.0 == kind).map(|k| Assignment { theme: k.1, strength: 1.0 }).collect(),
                );
                continue;
            }
            let mut said: Vec<(Assignment, f32)> = Vec::new();
            for unit in group.units.clone() {
                let Some(place) = self.places[unit] else { continue };
                let Some(theme) = theme_of[slot_of[place.centre as usize]] else { continue };
                let strength = place.similarity.clamp(0.0, 1.0);
                let told = &self.corpus.units[unit];
                let mut share = strength * (self.corpus.tokens(unit).len() as f32).sqrt();
                // The whole of a comment says what it is about; its parts say what else, if they do so plainly.
                if told.whole {
                    share = f32::MAX;
                } else if !told.clustered && strength < ELSE {
                    continue;
                }
                match said.iter_mut().find(|s| s.0.theme == theme) {
                    Some(s) => {
                        s.0.strength = s.0.strength.max(strength);
                        s.1 += share;
                    }
                    None => said.push((Assignment { theme, strength }, share)),
                }
            }
            said.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.theme.cmp(&b.0.theme)));
            out.push(said.into_iter().map(|s| s.0).collect());
        }
        out
    }

    fn theme(
        &self,
        wording: Wording,
        named: Option<&NamedTheme>,
        parts: Vec<Centroid>,
        units: &[usize],
        keys: &mut Keys,
    ) -> Theme {
        let label = if wording.label.is_empty() { "Other comments".to_owned() } else { wording.label };
        Theme {
            key: named.map_or_else(|| keys.make(&label), |n| n.key.clone()),
            name: named.and_then(|n| n.name.clone()),
            label,
            kind: if parts.len() > 1 { Kind::Merged } else { Kind::Topic },
            keywords: wording.keywords,
            phrases: wording.phrases,
            representatives: self.representatives(units),
            size: 0,
            sentiment: None,
            rated: 0,
            decided: named.is_some_and(|n| n.decided),
            parts,
        }
    }

    fn simple_theme(&self, kind: Kind, named: Option<&NamedTheme>) -> Theme {
        let (key, label) = simple_words(kind);
        let mut groups: Vec<_> = self.corpus.groups.iter().filter(|g| g.kind == Some(kind)).collect();
        groups.sort_by_key(|g| (std::cmp::Reverse(g.count), g.first));
        Theme {
            key: key.to_owned(),
            name: named.and_then(|n| n.name.clone()),
            label: label.to_owned(),
            kind,
            keywords: Vec::new(),
            phrases: Vec::new(),
            representatives: groups.iter().take(REPRESENTATIVES).map(|g| g.first).collect(),
            size: 0,
            sentiment: None,
            rated: 0,
            decided: named.is_some_and(|n| n.decided),
            parts: Vec::new(),
        }
    }

    /// Comments near the centre, neither too short to say something nor too long to read, none like another.
    fn representatives(&self, units: &[usize]) -> Vec<usize> {
        let length = |u: usize| {
            self.corpus.groups[self.corpus.units[u].group]
                .units
                .clone()
                .map(|u| self.corpus.tokens(u).len())
                .sum::<usize>()
        };
        let fit = |u: &usize| {
            let near = self.places[*u].map_or(0.0, |p| p.similarity);
            near - match length(*u) {
                0..=3 => 0.3,
                4..=5 => 0.1,
                6..=40 => 0.0,
                41..=80 => 0.15,
                _ => 0.4,
            }
        };
        let mut ranked: Vec<(f32, usize)> = units.iter().map(|u| (fit(u), *u)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut chosen: Vec<usize> = Vec::new();
        for (_, unit) in ranked.into_iter().take(LOOKED_AT) {
            let words = self.words(unit);
            let alike = |other: &usize| {
                let theirs = self.words(*other);
                let shared = words.iter().filter(|w| theirs.contains(w)).count();
                shared * 2 > words.len() + theirs.len() - shared
            };
            if chosen.len() < REPRESENTATIVES && !chosen.iter().any(alike) {
                chosen.push(unit);
            }
        }
        let mut out: Vec<usize> = Vec::new();
        for first in chosen.iter().map(|u| self.corpus.groups[self.corpus.units[*u].group].first) {
            if !out.contains(&first) {
                out.push(first);
            }
        }
        out
    }

    fn words(&self, unit: usize) -> Vec<u32> {
        let mut out: Vec<u32> = self.corpus.tokens(unit).iter().map(|t| t.term()).collect();
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// Kinds that are told by their words alone.
const SIMPLE: [Kind; 4] = [Kind::NothingToSay, Kind::NoAnswer, Kind::GeneralPraise, Kind::GeneralBlame];

/// Key and label of simple answers.
fn simple_words(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::GeneralPraise => ("general-praise", "General praise"),
        Kind::GeneralBlame => ("general-criticism", "General criticism"),
        Kind::NothingToSay => ("nothing-to-say", "Nothing to say"),
        Kind::NoAnswer | Kind::Topic | Kind::Merged => ("no-answer", "No answer"),
    }
}

fn place(
    corpus: &Corpus<'_>,
    columns: &Columns,
    centres: &Centres,
    budget: &Budget,
) -> Result<Vec<Option<Place>>, Cancelled> {
    let mut placer = Placer::new(corpus, columns);
    let mut room = Vec::new();
    let vectors: Vec<Vec<f32>> = (0..centres.k).map(|c| centres.vector(c)).collect();
    (0..corpus.units.len())
        .map(|unit| {
            budget.check()?;
            let point = placer.place(unit);
            if point.is_blank() {
                return Ok(None);
            }
            centres.similarities(&point, &mut room);
            let Some((centre, similarity)) = nearest(&room) else { return Ok(None) };
            let length = cosine(&point.dense, &point.dense).sqrt().max(f32::MIN_POSITIVE);
            let dense = cosine(&vectors[centre as usize], &point.dense) / length;
            Ok((similarity >= FLOOR).then_some(Place { centre, similarity, dense }))
        })
        .collect()
}

fn terms(corpus: &Corpus<'_>, counts: &Counts, theme: usize) -> Vec<(String, f32)> {
    let single = counts.weighed(theme).into_iter().filter(|w| w.gram[1] == NONE);
    single.take(TERMS).map(|w| (corpus.terms.stem(w.gram[0]).to_owned(), w.weight)).collect()
}

/// Keys in use.
pub(super) struct Keys(Vec<String>);

impl Keys {
    pub(super) fn new(named: &[NamedTheme]) -> Self {
        let simple = SIMPLE.map(|k| simple_words(k).0.to_owned());
        Self(named.iter().map(|n| n.key.clone()).chain(simple).collect())
    }

    pub(super) fn of(discovery: &Discovery) -> Self {
        Self::new(&discovery.remember())
    }

    /// A key made of the label, with a number if it is in use.
    pub(super) fn make(&mut self, label: &str) -> String {
        let mut slug = String::new();
        for c in label.chars() {
            if c.is_alphanumeric() {
                crate::vectors::fold(c, &mut slug);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug = if slug.is_empty() { "theme".to_owned() } else { slug };
        let mut key = slug.clone();
        let mut number = 2;
        while self.0.contains(&key) {
            key = format!("{slug}-{number}");
            number += 1;
        }
        self.0.push(key.clone());
        key
    }
}
