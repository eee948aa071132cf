//! The public's words against the body's own: counting words of two bodies of text, and telling which are
//! over-used on either side, how strongly and how surely.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use commonweal_domain::{Budget, Cancelled};

use crate::distributions::{chi_squared_1_survival, deviance};
use crate::multiple::benjamini_hochberg;
use crate::tokens;

/// What a [`Corpus`] keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CorpusOptions {
    /// Whether to count two-word phrases as well (default no; takes several times the memory).
    pub phrases: bool,
    /// How many places to keep for each word, each in a document of its own (default 3).
    pub places: u32,
}

impl Default for CorpusOptions {
    fn default() -> Self {
        Self { phrases: false, places: 3 }
    }
}

/// Where a word stands: for showing it in context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The number under which the document was added.
    pub document: u64,
    /// Bytes of the text that was added.
    pub bytes: Range<usize>,
}

/// Words of a body of text with their counts.
///
/// ```
/// use commonweal_insight::words::{Corpus, CorpusOptions};
/// let mut public = Corpus::new(CorpusOptions::default());
/// public.add(17, "The bins! See https://example.org/bins");
/// public.add(18, "Bins again");
/// assert_eq!((public.count("bins"), public.documents_with("bins"), public.total_words()), (2, 2, 5));
/// assert_eq!(public.places("bins")[0].bytes, 4..8);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Corpus {
    options: CorpusOptions,
    index: HashMap<Box<str>, u32>,
    words: Vec<Tally>,
    phrase_index: HashMap<(u32, u32), u32>,
    phrases: Vec<Tally>,
    /// Places of all terms in one list, chained through `Tally::last_place`.
    places: Vec<ChainedPlace>,
    last_document: Option<u64>,
    documents: u64,
    total_words: u64,
    total_phrases: u64,
}

#[derive(Debug, Clone)]
struct Tally {
    count: u64,
    documents: u32,
    places: u32,
    /// How many documents had begun when this term was last seen; a document is counted once.
    seen_in: u64,
    last_place: u32,
}

#[derive(Debug, Clone)]
struct ChainedPlace {
    document: u64,
    start: u32,
    length: u32,
    before: u32,
}

impl Tally {
    const NEW: Self = Self { count: 0, documents: 0, places: 0, seen_in: 0, last_place: u32::MAX };

    fn see(&mut self, documents: u64, most: u32, places: &mut Vec<ChainedPlace>, document: u64, at: &Range<usize>) {
        self.count += 1;
        if self.seen_in == documents {
            return;
        }
        self.seen_in = documents;
        self.documents = self.documents.saturating_add(1);
        // A text of more than 4 GiB keeps its counts, and only the places beyond are not kept.
        let (Ok(start), Ok(length)) = (u32::try_from(at.start), u32::try_from(at.len())) else { return };
        let Ok(next) = u32::try_from(places.len()) else { return };
        if self.places < most && next != u32::MAX {
            places.push(ChainedPlace { document, start, length, before: self.last_place });
            self.last_place = next;
            self.places += 1;
        }
    }
}

/// Number of the tally of a key, a new one if the key is new.
fn new_tally(tallies: &mut Vec<Tally>) -> Option<u32> {
    let id = u32::try_from(tallies.len()).ok()?;
    tallies.push(Tally::NEW);
    Some(id)
}

impl Corpus {
    /// An empty corpus.
    #[must_use]
    pub fn new(options: CorpusOptions) -> Self {
        Self { options, ..Self::default() }
    }

    /// Counts the words of a document, or of a further part of the document added last.
    ///
    /// Documents are told apart by number: parts with the same number must follow one another. A word
    /// is letters of any script with apostrophes inside, lowercased. Addresses of the web and of e-mail and
    /// placeholders such as `[email]` are passed over; a script without spaces gives one word a run.
    pub fn add(&mut self, document: u64, text: &str) {
        if self.last_document != Some(document) {
            self.documents += 1;
            self.last_document = Some(document);
        }
        let most = self.options.places;
        let mut last: Option<(u32, usize)> = None;
        tokens::words(text, |word, at, joined| {
            let known = self.index.get(word).copied();
            let id = known.or_else(|| {
                let id = new_tally(&mut self.words)?;
                self.index.insert(word.into(), id);
                Some(id)
            });
            let Some(id) = id else { return };
            self.total_words += 1;
            self.words[id as usize].see(self.documents, most, &mut self.places, document, &at);
            if let (true, true, Some((before, start))) = (self.options.phrases, joined, last) {
                let phrase = match self.phrase_index.entry((before, id)) {
                    Entry::Occupied(known) => Some(*known.get()),
                    Entry::Vacant(new) => new_tally(&mut self.phrases).map(|phrase| *new.insert(phrase)),
                };
                if let Some(phrase) = phrase {
                    self.total_phrases += 1;
                    let at = start..at.end;
                    self.phrases[phrase as usize].see(self.documents, most, &mut self.places, document, &at);
                }
            }
            last = Some((id, at.start));
        });
    }

    /// How many documents were added.
    #[must_use]
    pub fn documents(&self) -> u64 {
        self.documents
    }

    /// How many words were counted, repetitions included.
    #[must_use]
    pub fn total_words(&self) -> u64 {
        self.total_words
    }

    /// How many phrases were counted, repetitions included.
    #[must_use]
    pub fn total_phrases(&self) -> u64 {
        self.total_phrases
    }

    /// How many different words there are.
    #[must_use]
    pub fn distinct_words(&self) -> usize {
        self.words.len()
    }

    /// How often a word or phrase occurs; lowercased, a phrase with one space.
    #[must_use]
    pub fn count(&self, term: &str) -> u64 {
        self.tally(term).map_or(0, |tally| tally.count)
    }

    /// In how many documents a word or phrase occurs.
    #[must_use]
    pub fn documents_with(&self, term: &str) -> u64 {
        self.tally(term).map_or(0, |tally| u64::from(tally.documents))
    }

    /// The places kept for a word or phrase: where it stands first in the first documents that have it.
    #[must_use]
    pub fn places(&self, term: &str) -> Vec<Place> {
        let mut found = Vec::new();
        let mut next = self.tally(term).map_or(u32::MAX, |tally| tally.last_place);
        while let Some(place) = self.places.get(next as usize) {
            let start = place.start as usize;
            found.push(Place { document: place.document, bytes: start..start + place.length as usize });
            next = place.before;
        }
        found.reverse();
        found
    }

    /// All words, or all phrases, with how often they occur; in no order.
    pub fn terms(&self, phrases: bool) -> impl Iterator<Item = Term> {
        let mut names: Vec<&str> = vec![""; self.words.len()];
        for (word, &id) in &self.index {
            names[id as usize] = word;
        }
        let of = |term: String, tally: &Tally| Term { term, count: tally.count, documents: tally.documents.into() };
        let all: Vec<Term> = if phrases {
            let pairs = self.phrase_index.iter().filter_map(|(pair, &id)| Some((pair, self.phrases.get(id as usize)?)));
            let named =
                |(first, second): &(u32, u32)| format!("{} {}", names[*first as usize], names[*second as usize]);
            pairs.map(|(pair, tally)| of(named(pair), tally)).collect()
        } else {
            names.iter().zip(&self.words).map(|(name, tally)| of((*name).to_owned(), tally)).collect()
        };
        all.into_iter()
    }

    fn tally(&self, term: &str) -> Option<&Tally> {
        if let Some((first, second)) = term.split_once(' ') {
            let pair = (*self.index.get(first)?, *self.index.get(second)?);
            return self.phrases.get(*self.phrase_index.get(&pair)? as usize);
        }
        self.words.get(*self.index.get(term)? as usize)
    }
}

/// A word or phrase of a corpus with how often it occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The word, or the two words of a phrase with one space.
    pub term: String,
    /// Occurrences.
    pub count: u64,
    /// Documents that have it.
    pub documents: u64,
}

/// What is believed of a word's frequency before any count: keeps rare words from looking certain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Prior {
    /// `alpha0` imagined words, shared out as both corpora together use them.
    Pooled {
        /// How many imagined words; more draws rare words closer to no difference.
        alpha0: f64,
    },
    /// The same number of imagined occurrences for every word.
    Uniform {
        /// Imagined occurrences of each word.
        alpha: f64,
    },
}

/// What a comparison is held to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeynessOptions {
    /// The prior of the log-odds (default pooled, 500 words).
    pub prior: Prior,
    /// Words that occur less often than this in both corpora together are not tested (default 1: all are).
    pub minimum_count: u64,
    /// The same for phrases, most of which occur once (default 5).
    pub minimum_phrase_count: u64,
    /// [`compare`] returns terms found in at least this many documents of the side over-using them (default 5).
    pub minimum_documents: u64,
    /// [`compare`] returns terms with q at most this (default 0.05).
    pub max_q: f64,
}

impl Default for KeynessOptions {
    fn default() -> Self {
        Self {
            prior: Prior::Pooled { alpha0: 500.0 },
            minimum_count: 1,
            minimum_phrase_count: 5,
            minimum_documents: 5,
            max_q: 0.05,
        }
    }
}

/// Why two corpora could not be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeynessError {
    /// The public's side has no words.
    #[error("there are no words of the public to compare")]
    NoPublicWords,
    /// The body's side has no words.
    #[error("there are no words of the body to compare with")]
    NoBodyWords,
    /// The prior is no positive number.
    #[error("the prior of the comparison must be a positive number")]
    Prior,
    /// Given up before it was done.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// How one side uses a term.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usage {
    /// Occurrences.
    pub count: u64,
    /// Occurrences in a thousand words (or phrases) of this side.
    pub per_thousand: f64,
    /// Documents that have it.
    pub documents: u64,
}

/// A term with its use on both sides. Positive figures mean: over-used by the public.
#[derive(Debug, Clone, PartialEq)]
pub struct Keyness {
    /// The word, or the two words of a phrase with one space.
    pub term: String,
    /// Whether it is a phrase.
    pub phrase: bool,
    /// Use by the public.
    pub public: Usage,
    /// Use by the body.
    pub body: Usage,
    /// Weighted log-odds ratio δ (Monroe, Colaresi and Quinn 2008), natural logarithm.
    pub log_odds: f64,
    /// δ in standard errors; rank by this.
    pub z: f64,
    /// Log-likelihood ratio G² (Dunning 1993), negative if over-used by the body.
    pub g2: f64,
    /// p-value of G² (chi-squared, one degree of freedom).
    pub p: f64,
    /// p adjusted for all terms tested (Benjamini and Hochberg).
    pub q: f64,
    /// How many doublings the rates are apart: log₂ of their ratio, a count of zero taken as one half.
    pub log_ratio: f64,
}

/// The terms that tell the two sides apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Over-used by the public, the clearest first.
    pub by_public: Vec<Keyness>,
    /// Over-used by the body, the clearest first.
    pub by_body: Vec<Keyness>,
    /// How many terms were tested: the family that q is adjusted for.
    pub tested: usize,
}

/// The terms over-used on either side: those of [`score`] with a small enough q in enough documents.
///
/// # Errors
///
/// [`KeynessError`] if a side has no words, the prior is not positive, or the budget was cancelled.
pub fn compare(
    public: &Corpus,
    body: &Corpus,
    options: &KeynessOptions,
    budget: &Budget,
) -> Result<Comparison, KeynessError> {
    let rows = score(public, body, options, budget)?;
    let tested = rows.len();
    let (mut by_public, mut by_body) = (Vec::new(), Vec::new());
    for row in rows.into_iter().filter(|row| row.q <= options.max_q) {
        if row.g2 > 0.0 && row.public.documents >= options.minimum_documents {
            by_public.push(row);
        } else if row.g2 < 0.0 && row.body.documents >= options.minimum_documents {
            by_body.push(row);
        }
    }
    by_body.reverse();
    Ok(Comparison { by_public, by_body, tested })
}

/// All terms tested, with their figures, from those most over-used by the public to the body's.
///
/// With counts a, b and sizes n1, n2: δ = ln((a+α)/(n1+α0−a−α)) − ln((b+α)/(n2+α0−b−α)), its variance
/// 1/(a+α) + 1/(b+α), z = δ/√variance (Monroe, Colaresi and Quinn 2008, "Fightin' words"); G² = 2ΣO ln(O/E)
/// over the four cells of the table (Dunning 1993).
///
/// # Errors
///
/// [`KeynessError`] if a side has no words, the prior is not positive, or the budget was cancelled.
pub fn score(
    public: &Corpus,
    body: &Corpus,
    options: &KeynessOptions,
    budget: &Budget,
) -> Result<Vec<Keyness>, KeynessError> {
    if public.total_words == 0 {
        return Err(KeynessError::NoPublicWords);
    }
    if body.total_words == 0 {
        return Err(KeynessError::NoBodyWords);
    }
    let (Prior::Pooled { alpha0: strength } | Prior::Uniform { alpha: strength }) = options.prior;
    if !(strength.is_finite() && strength > 0.0) {
        return Err(KeynessError::Prior);
    }

    // One numbering of words for both sides: the public's, continued with those only the body uses.
    let mut names: Vec<&str> = vec![""; public.words.len()];
    for (word, &id) in &public.index {
        names[id as usize] = word;
    }
    let mut shared = vec![0; body.words.len()];
    for (word, &id) in &body.index {
        shared[id as usize] = public.index.get(word).copied().unwrap_or_else(|| {
            names.push(word);
            (names.len() - 1) as u32
        });
    }
    let mut words: Vec<Sides> = vec![(None, None); names.len()];
    for (id, tally) in public.words.iter().enumerate() {
        words[id].0 = Some(tally);
    }
    for (id, tally) in body.words.iter().enumerate() {
        words[shared[id] as usize].1 = Some(tally);
    }
    let mut phrases: HashMap<(u32, u32), Sides> = HashMap::with_capacity(public.phrases.len());
    for (&pair, &id) in &public.phrase_index {
        phrases.entry(pair).or_default().0 = public.phrases.get(id as usize);
    }
    for (&(first, second), &id) in &body.phrase_index {
        let pair = (shared[first as usize], shared[second as usize]);
        phrases.entry(pair).or_default().1 = body.phrases.get(id as usize);
    }

    let mut rows = Vec::new();
    let table = Sizes::new(public.total_words, body.total_words, options.prior, words.len());
    for (n, (name, sides)) in names.iter().zip(&words).enumerate() {
        if n % TERMS_PER_CHECK == 0 {
            budget.check()?;
        }
        if count(sides.0) + count(sides.1) >= options.minimum_count {
            rows.push(table.row((*name).to_owned(), false, sides));
        }
    }
    let table = Sizes::new(public.total_phrases, body.total_phrases, options.prior, phrases.len());
    for (n, ((first, second), sides)) in phrases.iter().enumerate() {
        if n % TERMS_PER_CHECK == 0 {
            budget.check()?;
        }
        if count(sides.0) + count(sides.1) >= options.minimum_phrase_count {
            let name = format!("{} {}", names[*first as usize], names[*second as usize]);
            rows.push(table.row(name, true, sides));
        }
    }
    budget.check()?;
    let p: Vec<f64> = rows.iter().map(|row| row.p).collect();
    for (row, q) in rows.iter_mut().zip(benjamini_hochberg(&p)) {
        row.q = q;
    }
    rows.sort_unstable_by(|one, other| other.z.total_cmp(&one.z).then_with(|| one.term.cmp(&other.term)));
    Ok(rows)
}

/// Terms of which the figures take a moment (about a millisecond).
const TERMS_PER_CHECK: usize = 4_096;

/// A term's tallies on the public's and the body's side.
type Sides<'a> = (Option<&'a Tally>, Option<&'a Tally>);

fn count(tally: Option<&Tally>) -> u64 {
    tally.map_or(0, |tally| tally.count)
}

fn usage(tally: Option<&Tally>, total: f64) -> Usage {
    let count = count(tally);
    let per_thousand = if total > 0.0 { 1e3 * count as f64 / total } else { 0.0 };
    Usage { count, per_thousand, documents: tally.map_or(0, |tally| u64::from(tally.documents)) }
}

/// The sizes of both corpora and the prior, which are the same for all words.
struct Sizes {
    public: f64,
    body: f64,
    prior: Prior,
    alpha0: f64,
}

impl Sizes {
    fn new(public: u64, body: u64, prior: Prior, vocabulary: usize) -> Self {
        let alpha0 = match prior {
            Prior::Pooled { alpha0 } => alpha0,
            Prior::Uniform { alpha } => alpha * vocabulary as f64,
        };
        Self { public: public as f64, body: body as f64, prior, alpha0 }
    }

    fn row(&self, term: String, phrase: bool, sides: &Sides) -> Keyness {
        let public = usage(sides.0, self.public);
        let body = usage(sides.1, self.body);
        let (a, b) = (public.count as f64, body.count as f64);
        let (n1, n2) = (self.public, self.body);
        let share = (a + b) / (n1 + n2);
        let alpha = match self.prior {
            Prior::Pooled { alpha0 } => alpha0 * share,
            Prior::Uniform { alpha } => alpha,
        };
        let others = |count: f64, size: f64| (size - count) + (self.alpha0 - alpha);
        let odds = |count: f64, size: f64| (count + alpha).ln() - others(count, size).ln();
        // If this is the only word there is, both odds are infinite: no difference.
        let only = others(a, n1) <= 0.0 || others(b, n2) <= 0.0;
        let log_odds = if only { 0.0 } else { odds(a, n1) - odds(b, n2) };
        let z = log_odds / (1.0 / (a + alpha) + 1.0 / (b + alpha)).sqrt();

        // Σ O ln(O/E) equals Σ (O ln(O/E) + E − O), whose terms do not cancel one another.
        let cell = |observed: f64, expected: f64| if observed > 0.0 { deviance(observed, expected) } else { expected };
        let (e1, e2) = (n1 * share, n2 * share);
        let rest = cell(n1 - a, n1 * (1.0 - share)) + cell(n2 - b, n2 * (1.0 - share));
        let size = (2.0 * (cell(a, e1) + cell(b, e2) + rest)).max(0.0);
        let direction = a * n2 - b * n1;
        let g2 = if direction == 0.0 { 0.0 } else { size.copysign(direction) };

        let half_if_none = |count: f64| if count > 0.0 { count } else { 0.5 };
        // A side without any phrase has no rate; half a phrase of one stands in for it.
        let ratio = (half_if_none(a) / n1.max(1.0)) / (half_if_none(b) / n2.max(1.0));
        Keyness {
            term,
            phrase,
            public,
            body,
            log_odds,
            z,
            g2,
            p: chi_squared_1_survival(g2.abs()),
            q: f64::NAN,
            log_ratio: ratio.log2(),
        }
    }
}
