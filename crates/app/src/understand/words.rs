//! The public's words against the body's own: which words people use more than the body does, and the
//! other way round, each with examples; and, with word vectors, which of the body's words stands where.

use std::collections::HashMap;

use commonweal_domain::question::AsOf;
use commonweal_domain::{Actor, Budget, Cancelled, FeedbackDoc, FeedbackId, Filter, Permission, sentence};
use commonweal_insight::pairs::{PairError, PairOptions, Term, pair};
use commonweal_insight::words::{Corpus, CorpusOptions, Keyness, KeynessError, KeynessOptions, score};
use serde::Serialize;

use super::explore::invalid;
use super::function_words::only_function_words;
use super::stream::with_words;
use super::thresholds::{MIN_TEXT_WORDS, MIN_WORD_COMMENTS, MIN_WORD_IN_TEXT};
use crate::app::authorise;
use crate::compute::{Cost, compute};
use crate::{App, Error, Result};

/// Most feedback that is read, the newest first. What is beyond is said, not passed over.
pub const MAX_READ: usize = 200_000;
/// Most text of the body, in bytes.
pub const MAX_BODY_BYTES: usize = 2_000_000;
/// Most words on either side of an answer.
pub const MAX_WORDS: usize = 500;
/// Examples of each word of the public.
pub(super) const EXAMPLES: u32 = 3;
/// Characters of context on either side of a word.
const CONTEXT: usize = 60;

/// Vectors of words, by which words of the same meaning are found.
pub trait WordVectors: Send + Sync {
    /// The vector of a word, or of two words with one space; nothing for a word that is not known.
    fn vector(&self, term: &str) -> Option<Vec<f32>>;
}

impl WordVectors for commonweal_text::vectors::Vectors {
    fn vector(&self, term: &str) -> Option<Vec<f32>> {
        match term.contains(' ') {
            true => Some(self.embed(term).to_vec()),
            false => self.word(term).map(|v| v.to_vec()),
        }
    }
}

/// The word vectors that come with the program.
pub fn shipped_vectors() -> &'static dyn WordVectors {
    commonweal_text::vectors::Vectors::shared()
}

/// What to compare and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordsOptions {
    /// Most words on either side, 1 to [`MAX_WORDS`].
    pub limit: usize,
    /// Whether to compare phrases of two words as well.
    pub phrases: bool,
}

impl Default for WordsOptions {
    fn default() -> Self {
        Self { limit: 40, phrases: false }
    }
}

/// A word as it stands in a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = WordExample))]
pub struct Example {
    /// The feedback.
    #[cfg_attr(feature = "openapi", schema(value_type = uuid::Uuid))]
    pub feedback: FeedbackId,
    /// Redacted words before it.
    pub before: String,
    /// The word as it was written.
    pub word: String,
    /// Redacted words after it.
    pub after: String,
}

/// A word with its use on both sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WordUse {
    /// The word in small letters, or the two words of a phrase.
    pub word: String,
    /// Whether it is a phrase.
    pub phrase: bool,
    /// Occurrences in comments.
    pub public_count: u64,
    /// Occurrences in a thousand words of the comments.
    pub public_per_thousand: f64,
    /// Comments that have it.
    pub public_comments: u64,
    /// Occurrences in the body's text.
    pub body_count: u64,
    /// Occurrences in a thousand words of the body's text.
    pub body_per_thousand: f64,
    /// Paragraphs of the body's text that have it.
    pub body_paragraphs: u64,
    /// Weighted log-odds ratio (natural logarithm); positive when the public uses it more.
    pub log_odds: f64,
    /// The same in standard errors: by this the words are ranked.
    pub z: f64,
    /// p-value of the log-likelihood ratio, adjusted for all words compared.
    pub q: f64,
    /// How many doublings the rates are apart (log₂ of their ratio).
    pub log_ratio: f64,
    /// Places in comments; for words that the public uses more.
    pub examples: Vec<Example>,
}

/// They say – you say.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SayPair {
    /// The public's word.
    pub they: String,
    /// The body's nearest words, nearest first.
    pub you: Vec<YouSay>,
}

/// One of the body's words near a word of the public.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct YouSay {
    /// The body's word.
    pub word: String,
    /// Cosine of the two words' vectors, −1 to 1.
    pub cosine: f64,
    /// Whether each is the other's nearest.
    pub mutual: bool,
}

/// The public's words against the body's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WordsAnswer {
    /// Used more by the public, the clearest first.
    pub by_public: Vec<WordUse>,
    /// Used more by the body, the clearest first.
    pub by_body: Vec<WordUse>,
    /// They say – you say; absent without word vectors.
    pub pairs: Option<Vec<SayPair>>,
    /// Comments that were read.
    pub comments: u64,
    /// Words in them.
    pub public_words: u64,
    /// Words in the body's text.
    pub body_words: u64,
    /// How many words were compared: the family that q is adjusted for.
    pub tested: u64,
    /// Language of the body's text, when it can be told.
    pub body_language: Option<String>,
    /// Language of most comments, when it can be told.
    pub public_language: Option<String>,
    /// Whether there were more comments than are read, so that the oldest were left out.
    pub capped: bool,
    /// A word used more by the public stands in at least this many comments.
    pub minimum: u64,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

/// What people said, counted.
pub(super) struct Said {
    /// Which comment stands behind the number of a document: its feedback and place in it.
    pub(super) origins: Vec<(FeedbackId, usize)>,
    pub(super) words: Corpus,
    languages: HashMap<String, u64>,
}

impl Said {
    pub(super) fn new(options: CorpusOptions) -> Self {
        Self { origins: Vec::new(), words: Corpus::new(options), languages: HashMap::new() }
    }

    pub(super) fn take(&mut self, docs: Vec<FeedbackDoc>, budget: &Budget) -> Result<()> {
        for doc in docs {
            budget.check()?;
            for (place, comment) in doc.comments.iter().enumerate() {
                if let Some(language) = &comment.reading.language {
                    *self.languages.entry(language.clone()).or_default() += 1;
                }
                self.words.add(self.origins.len() as u64, &comment.text);
                self.origins.push((doc.id, place));
            }
        }
        Ok(())
    }
}

impl WordsAnswer {
    /// Whether the body's text is so short that with more of it more differences could be told from chance.
    pub fn text_is_short(&self) -> bool {
        self.body_words < MIN_TEXT_WORDS
    }
}

impl App {
    /// Compares the words of the comments that a filter means with the body's own text.
    ///
    /// Reads the newest [`MAX_READ`] feedback. A word that fewer comments hold than the smallest group
    /// that the body shows is never among the public's.
    ///
    /// # Errors
    /// [`Error::Invalid`] when either side has no words, the text is too long, or the filter singles out
    /// so few people that nothing may be shown.
    pub async fn words(
        &self,
        actor: &Actor,
        filter: &Filter,
        body: &[String],
        options: &WordsOptions,
        vectors: Option<&'static dyn WordVectors>,
    ) -> Result<WordsAnswer> {
        authorise(actor, Permission::ReadFeedback)?;
        self.bounded(actor, Cost::READING, |budget| self.words_within(budget, filter, body, options, vectors)).await
    }

    async fn words_within(
        &self,
        budget: Budget,
        filter: &Filter,
        body: &[String],
        options: &WordsOptions,
        vectors: Option<&'static dyn WordVectors>,
    ) -> Result<WordsAnswer> {
        if body.iter().map(String::len).sum::<usize>() > MAX_BODY_BYTES {
            let sentence = sentence!(
                "The text to compare with has more than {most} bytes. Give a part of it.",
                most = MAX_BODY_BYTES,
            );
            return Err(invalid("text", "too_long", sentence));
        }
        if !(1..=MAX_WORDS).contains(&options.limit) {
            return Err(invalid(
                "limit",
                "out_of_range",
                sentence!("Give a limit from 1 to {most}.", most = MAX_WORDS),
            ));
        }
        self.refuse_few(filter).await?;
        let minimum_group = self.settings().minimum_group;
        let keyness =
            KeynessOptions { minimum_documents: minimum_group.max(MIN_WORD_COMMENTS), ..KeynessOptions::default() };
        let few = filter.describes_people().then_some(minimum_group);

        let said = Said::new(CorpusOptions { phrases: options.phrases, places: EXAMPLES });
        let (said, reach) = self.stream(&budget, &with_words(filter), MAX_READ, said, Said::take).await?;
        let Said { origins, words: public, languages } = said;
        let body_language = commonweal_text::language(&body.join("\n")).map(str::to_owned);
        let most = languages.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
        let own = paragraphs(body);
        let phrases = options.phrases;
        let (public, own, rows) = compute(&budget, move |budget| {
            let mut corpus = Corpus::new(CorpusOptions { phrases, places: 0 });
            for (number, paragraph) in own.iter().enumerate() {
                budget.check()?;
                corpus.add(number as u64, paragraph);
            }
            let rows = score(&public, &corpus, &keyness, budget).map_err(refused)?;
            Ok((public, corpus, rows))
        })
        .await?;

        let tested = rows.len() as u64;
        let (mut by_public, mut by_body) = (Vec::new(), Vec::new());
        for row in rows.into_iter().filter(|row| row.q <= keyness.max_q && !only_function_words(&row.term)) {
            if row.g2 > 0.0 && row.public.documents >= keyness.minimum_documents {
                by_public.push(row);
            } else if row.g2 < 0.0 && row.body.count >= MIN_WORD_IN_TEXT {
                // Under a filter on what people are, a few comments with a word are a small group.
                let shown = few.is_none_or(|few| row.public.documents == 0 || row.public.documents >= few);
                if shown {
                    by_body.push(row);
                }
            }
        }
        by_body.reverse();
        let (pairs, mut by_public, mut by_body) = compute(&budget, move |budget| {
            let pairs = vectors.map(|vectors| say_pairs(&by_public, &by_body, vectors, budget)).transpose()?;
            Ok((pairs, by_public, by_body))
        })
        .await?;
        by_public.truncate(options.limit);
        by_body.truncate(options.limit);
        let examples = self.examples(&public, &by_public, &origins).await?;
        Ok(WordsAnswer {
            by_public: by_public.into_iter().zip(examples).map(|(row, examples)| word_use(row, examples)).collect(),
            by_body: by_body.into_iter().map(|row| word_use(row, Vec::new())).collect(),
            pairs,
            comments: origins.len() as u64,
            public_words: public.total_words(),
            body_words: own.total_words(),
            tested,
            body_language,
            public_language: most.map(|(language, _)| language),
            capped: reach.capped,
            minimum: keyness.minimum_documents,
            as_of: reach.as_of,
        })
    }

    /// Up to three places of each word, with what stands around them, read again from the store.
    pub(super) async fn examples(
        &self,
        corpus: &Corpus,
        rows: &[Keyness],
        origins: &[(FeedbackId, usize)],
    ) -> Result<Vec<Vec<Example>>> {
        let places: Vec<_> = rows.iter().map(|row| corpus.places(&row.term)).collect();
        let origin = |document: u64| usize::try_from(document).ok().and_then(|n| origins.get(n)).copied();
        let mut ids: Vec<FeedbackId> =
            places.iter().flatten().filter_map(|p| origin(p.document)).map(|(id, _)| id).collect();
        ids.sort_unstable();
        ids.dedup();
        let docs: HashMap<FeedbackId, FeedbackDoc> =
            self.inner.store.docs(&ids).await?.into_iter().map(|doc| (doc.id, doc)).collect();
        let example = |place: &commonweal_insight::words::Place| {
            let (id, n) = origin(place.document)?;
            let text = &docs.get(&id)?.comments.get(n)?.text;
            // A comment that was read again or corrected meanwhile may no longer have it there.
            let word = text.get(place.bytes.clone())?.to_owned();
            let (before, after) = context(text, &place.bytes);
            Some(Example { feedback: id, before, word, after })
        };
        Ok(places.iter().map(|places| places.iter().filter_map(example).collect()).collect())
    }
}

/// The body's text in paragraphs, which are to it what comments are to the public.
fn paragraphs(texts: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for text in texts {
        let mut paragraph = String::new();
        for line in text.lines() {
            if line.trim().is_empty() {
                found.push(std::mem::take(&mut paragraph));
            } else {
                paragraph.push_str(line);
                paragraph.push('\n');
            }
        }
        found.push(paragraph);
    }
    found.retain(|p| !p.is_empty());
    found
}

/// What stands before and after a place: up to [`CONTEXT`] characters, cut between words, in one line.
fn context(text: &str, at: &std::ops::Range<usize>) -> (String, String) {
    let (before, after) = (&text[..at.start], &text[at.end..]);
    let begin = before.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(n, _)| n);
    let end = after.char_indices().nth(CONTEXT).map_or(after.len(), |(n, _)| n);
    let whole = |c: char| if c.is_whitespace() { ' ' } else { c };
    let mut left: String = before[begin..].chars().map(whole).collect();
    if begin > 0 {
        let from = left.find(' ').map_or(0, |n| n + 1);
        left = format!("…{}", &left[from..]);
    }
    let mut right: String = after[..end].chars().map(whole).collect();
    if end < after.len() {
        right.truncate(right.rfind(' ').unwrap_or(right.len()));
        right.push('…');
    }
    (left, right)
}

pub(super) fn word_use(row: Keyness, examples: Vec<Example>) -> WordUse {
    WordUse {
        word: row.term,
        phrase: row.phrase,
        public_count: row.public.count,
        public_per_thousand: row.public.per_thousand,
        public_comments: row.public.documents,
        body_count: row.body.count,
        body_per_thousand: row.body.per_thousand,
        body_paragraphs: row.body.documents,
        log_odds: row.log_odds,
        z: row.z,
        q: row.q,
        log_ratio: row.log_ratio,
        examples,
    }
}

/// For each word of the public the body's words nearest in meaning.
fn say_pairs(
    by_public: &[Keyness],
    by_body: &[Keyness],
    vectors: &dyn WordVectors,
    budget: &Budget,
) -> Result<Vec<SayPair>> {
    let known = |rows: &[Keyness]| -> Result<Vec<(String, Vec<f32>)>> {
        let vector = |row: &Keyness| vectors.vector(&row.term).map(|vector| (row.term.clone(), vector));
        let all = rows.iter().map(|row| budget.check().map(|()| vector(row)));
        Ok(all.collect::<Result<Vec<_>, Cancelled>>()?.into_iter().flatten().collect())
    };
    let (they, you) = (known(by_public)?, known(by_body)?);
    let public: Vec<Term<'_>> = they.iter().map(|(text, vector)| Term { text, vector }).collect();
    let body: Vec<Term<'_>> = you.iter().map(|(text, vector)| Term { text, vector }).collect();
    let found = pair(&public, &body, &PairOptions::default(), budget).map_err(|e| match e {
        PairError::Cancelled(cancelled) => cancelled.into(),
        other => Error::internal(other),
    })?;
    let mut pairs: Vec<SayPair> = Vec::new();
    for one in found {
        let said = YouSay { word: you[one.body].0.clone(), cosine: f64::from(one.cosine), mutual: one.mutual };
        match pairs.last_mut() {
            Some(last) if last.they == they[one.public].0 => last.you.push(said),
            _ => pairs.push(SayPair { they: they[one.public].0.clone(), you: vec![said] }),
        }
    }
    Ok(pairs)
}

pub(super) fn refused(error: KeynessError) -> Error {
    match error {
        KeynessError::NoPublicWords => invalid(
            "filter",
            "no_words",
            "There are no words in the feedback that the filter means. Choose a wider one.",
        ),
        KeynessError::NoBodyWords => invalid(
            "body",
            "no_words",
            "There are no words in the text to compare with. Give a text of the body, such as a page.",
        ),
        KeynessError::Cancelled(cancelled) => cancelled.into(),
        other => Error::internal(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_is_cut_between_words_and_says_so() {
        let text = format!("{} the spinner never stops {}", "one two three ".repeat(8), "and so on ".repeat(9));
        let at = text.find("spinner").expect("it is there");
        let (before, after) = context(&text, &(at..at + 7));
        assert!(before.starts_with("…t") && before.ends_with("the "), "{before}");
        assert!(after.starts_with(" never stops") && after.ends_with('…'), "{after}");
        assert!(before.chars().count() <= CONTEXT + 1 && after.chars().count() <= CONTEXT + 1);
        assert_eq!(context("a ŷ b", &(2..4)), ("a ".to_owned(), " b".to_owned()));
    }

    #[test]
    fn paragraphs_end_at_blank_lines() {
        assert_eq!(paragraphs(&["one\ntwo\n\nthree".to_owned(), " \n".to_owned()]), ["one\ntwo\n", "three\n"]);
    }
}
