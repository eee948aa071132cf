//! The words of some comments: which they use most, and which mark them against all other comments of the
//! same time.

use std::collections::HashSet;
use std::sync::Arc;

use commonweal_domain::question::AsOf;
use commonweal_domain::search::Words;
use commonweal_domain::{Actor, Budget, FeedbackDoc, FeedbackId, Filter, Permission};
use commonweal_insight::words::{Corpus, CorpusOptions, Keyness, KeynessOptions, score};
use serde::Serialize;

use super::function_words::{only_function_words, with_function_words};
use super::stream::with_words;
use super::thresholds::MIN_WORD_COMMENTS;
use super::words::{EXAMPLES, Example, Said, WordUse, refused, word_use};
use crate::app::authorise;
use crate::compute::{Cost, compute};
use crate::{App, Result};

/// Most feedback that is read of those asked about, and of all others, the newest first.
pub const MAX_READ: usize = 50_000;

/// A word or phrase with how often it occurs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Frequent {
    /// The word in small letters, or the two words of a phrase.
    pub word: String,
    /// Occurrences.
    pub count: u64,
    /// Comments that have it.
    pub comments: u64,
}

/// The words of the comments that a filter means.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MarkingWords {
    /// Used more here than in other comments, the clearest first; nothing when there are no others. The
    /// other comments stand where the body's text does in other answers.
    pub marking: Vec<WordUse>,
    /// The most frequent words that name something.
    pub words: Vec<Frequent>,
    /// The most frequent phrases of two such words.
    pub phrases: Vec<Frequent>,
    /// Comments that were read.
    pub comments: u64,
    /// Other comments that were read.
    pub others: u64,
    /// Whether there were more of either than are read, so that the oldest were left out.
    pub capped: bool,
    /// Every word stands in at least this many comments.
    pub minimum: u64,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

/// How much there is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ToRead {
    /// Feedback with words that the filter means.
    pub own: u64,
    /// All other feedback with words of the same time.
    pub others: u64,
}

impl ToRead {
    /// Feedback that is read in all.
    pub fn all(self) -> u64 {
        self.own.min(MAX_READ as u64) + self.others.min(MAX_READ as u64)
    }
}

/// What the comments under a filter are held against: all of the same time.
fn at_any_rate(filter: &Filter) -> Filter {
    with_words(&Filter { range: filter.range, words: Words::default(), ..Filter::default() })
}

impl App {
    /// How much feedback [`App::marking_words`] would read, as the index counts it.
    pub async fn marking_words_to_read(&self, actor: &Actor, filter: &Filter) -> Result<ToRead> {
        authorise(actor, Permission::ReadFeedback)?;
        self.refuse_few(filter).await?;
        let own = self.count(&with_words(filter)).await?;
        let all = self.count(&at_any_rate(filter)).await?;
        Ok(ToRead { own, others: all.saturating_sub(own) })
    }

    /// The most frequent words of the comments that a filter means, and those that mark them against all
    /// other comments of the same period. At most `limit` of each, and at most `most` feedback of either
    /// side is read.
    pub async fn marking_words(
        &self,
        actor: &Actor,
        filter: &Filter,
        limit: usize,
        most: usize,
    ) -> Result<MarkingWords> {
        authorise(actor, Permission::ReadFeedback)?;
        self.bounded(actor, Cost::READING, |budget| self.marking_words_within(budget, filter, limit, most)).await
    }

    async fn marking_words_within(
        &self,
        budget: Budget,
        filter: &Filter,
        limit: usize,
        most: usize,
    ) -> Result<MarkingWords> {
        self.refuse_few(filter).await?;
        let most = most.min(MAX_READ);
        let options = KeynessOptions {
            minimum_documents: self.settings().minimum_group.max(MIN_WORD_COMMENTS),
            ..Default::default()
        };
        let own_filter = with_words(filter);
        let said = Said::new(CorpusOptions { phrases: true, places: EXAMPLES });
        let (own, reach) = self.stream(&budget, &own_filter, most, said, Said::take).await?;
        let own_feedback: HashSet<FeedbackId> = own.origins.iter().map(|(id, _)| *id).collect();
        let mut others = Corpus::new(CorpusOptions { phrases: true, places: 0 });
        let mut capped = reach.capped;
        let everything = at_any_rate(filter);
        if own_filter != everything {
            let most = most.saturating_add(own_feedback.len());
            let (own_filter, own_feedback) = (own_filter.clone(), Arc::new(own_feedback));
            let take = move |(number, others): &mut (u64, Corpus), docs: Vec<FeedbackDoc>, budget: &Budget| {
                // What lies beyond the newest of the own side is own all the same.
                let other = |doc: &&FeedbackDoc| !own_feedback.contains(&doc.id) && !own_filter.matches(doc);
                for doc in docs.iter().filter(other) {
                    budget.check()?;
                    for comment in &doc.comments {
                        others.add(*number, &comment.text);
                        *number += 1;
                    }
                }
                Ok(())
            };
            let ((_, counted), rest) = self.stream(&budget, &everything, most, (0, others), take).await?;
            others = counted;
            capped |= rest.capped;
        }
        let minimum = options.minimum_documents;
        let Said { origins, words: own, .. } = own;
        let (comments, other_comments) = (origins.len() as u64, others.documents());
        let (own, rows) = compute(&budget, move |budget| {
            let rows = match own.total_words() == 0 || others.total_words() == 0 {
                true => Vec::new(),
                false => score(&own, &others, &options, budget).map_err(refused)?,
            };
            Ok((own, rows))
        })
        .await?;
        let marks = |row: &Keyness| {
            row.q <= options.max_q
                && row.g2 > 0.0
                && row.public.documents >= minimum
                && if row.phrase { !with_function_words(&row.term) } else { !only_function_words(&row.term) }
        };
        let marking: Vec<Keyness> = rows.into_iter().filter(marks).take(limit).collect();
        let examples = self.examples(&own, &marking, &origins).await?;
        let frequent = |phrase: bool| -> Vec<Frequent> {
            let named = own.terms(phrase).filter(|t| t.documents >= minimum && !with_function_words(&t.term));
            let mut all: Vec<Frequent> =
                named.map(|t| Frequent { word: t.term, count: t.count, comments: t.documents }).collect();
            all.sort_unstable_by(|a, b| b.comments.cmp(&a.comments).then_with(|| a.word.cmp(&b.word)));
            all.truncate(limit);
            all
        };
        let pairs: Vec<(Keyness, Vec<Example>)> = marking.into_iter().zip(examples).collect();
        Ok(MarkingWords {
            marking: pairs.into_iter().map(|(row, examples)| word_use(row, examples)).collect(),
            words: frequent(false),
            phrases: frequent(true),
            comments,
            others: other_comments,
            capped,
            minimum,
            as_of: reach.as_of,
        })
    }
}
