//! The reading half: questions about the state of the index that was committed last.

mod answer;
mod bits;
mod blocks;
mod budget;
mod cache;
mod counts;
mod cube;
mod figures;
mod leaf;
mod list;
mod many;
mod phrase;
mod postings;
mod ranking;
mod segment;
mod select;
mod state;
mod steps;
mod vocabulary;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use async_trait::async_trait;
use chrono_tz::Tz;
use commonweal_domain::question::{Answer, AsOf, Facet, FacetOption, ListPage, ListQuery, Query};
use commonweal_domain::{Dimension, Filter};
use commonweal_ports::{FeedbackIndex, IndexError, IndexStanding, KeyedAnswer};
use tokio::sync::oneshot;

use budget::Budget;
use counts::{Counted, count_values};
use ranking::Ranking;
use select::Selection;
pub(crate) use state::Shared;
use state::State;
use vocabulary::Vocabulary;

use crate::stamp::Stamp;

/// Most groups along a dimension, and most items of a page.
pub(crate) const MAX_GROUPS: usize = 10_000;

/// Answers questions. Cheap to clone.
///
/// Questions run on threads of their own, never on those that poll; a question that nobody waits for
/// any more is stopped. Needs the time driver of tokio.
#[derive(Clone)]
pub struct Reader {
    shared: Arc<Shared>,
}

impl Reader {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// How many feedback the index holds and in how many segments.
    ///
    /// # Errors
    /// [`IndexError::Broken`] when the folder can't be read.
    pub fn size(&self) -> Result<(u64, usize), IndexError> {
        let state = self.shared.current()?;
        Ok((state.segments.iter().map(|s| u64::from(s.alive_count)).sum(), state.segments.len()))
    }

    /// What the last commit says of itself.
    fn stamp(&self) -> Stamp {
        match self.shared.current() {
            Ok(state) => state.stamp,
            Err(e) => {
                tracing::warn!(error = %e, "the index can't be read; the last state that was seen counts");
                self.shared.last().stamp
            }
        }
    }

    /// Forgets the sets of documents that are kept between questions, for benchmarks.
    pub fn forget(&self) {
        self.shared.cache.retain(|_| false);
    }

    /// Runs the work of a question on the threads for questions, within its limits.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Asked<'_>, AsOf) -> Result<T, IndexError> + Send + 'static,
    ) -> Result<T, IndexError> {
        let budget = self.shared.budget();
        let _stop = budget.guard();
        match tokio::time::timeout(self.shared.options.query_time, self.admitted(&budget, work)).await {
            Ok(done) => done,
            Err(_) => Err(budget.out_of_time()),
        }
    }

    /// Runs the work of a question when it is its turn.
    async fn admitted<T: Send + 'static>(
        &self,
        budget: &Budget,
        work: impl FnOnce(&Asked<'_>, AsOf) -> Result<T, IndexError> + Send + 'static,
    ) -> Result<T, IndexError> {
        let unexpected = || IndexError::Broken("a question stopped unexpectedly".to_owned());
        // As many questions at once as there are threads: a thread that waits for the others of its
        // question takes up another question meanwhile, and must not pile up many.
        let _turn = self.shared.turns.acquire().await.map_err(|_| unexpected())?;
        let (send, receive) = oneshot::channel();
        let (shared, given) = (Arc::clone(&self.shared), budget.clone());
        self.shared.threads.spawn(move || {
            let run = || {
                given.check()?;
                let state = shared.state()?;
                work(&Asked { shared: &shared, state: &state, budget: &given }, state.stamp.as_of())
            };
            // A fault in one question must not take the others with it. It may come from a file that is no longer
            // as it was written, so that the next question would be answered wrongly.
            let done = catch_unwind(AssertUnwindSafe(run));
            let suspicious = done.is_err();
            let done = done.unwrap_or_else(|_| Err(IndexError::Broken("a question stopped unexpectedly".to_owned())));
            // Nobody waits any more: then nobody needs it.
            drop(send.send(done));
            if suspicious {
                shared.check();
            }
        });
        receive.await.map_err(|_| unexpected())?
    }
}

/// What the work of one question sees.
pub(crate) struct Asked<'a> {
    shared: &'a Shared,
    state: &'a State,
    pub(crate) budget: &'a Budget,
}

impl Asked<'_> {
    pub(crate) fn select(&self, filter: &Filter) -> Result<Selection, IndexError> {
        Ok(select::select(&self.state.segments, filter, &[], &self.shared.cache, self.budget)?.0)
    }

    pub(crate) fn vocabulary(&self, dimension: &Dimension) -> Arc<Vocabulary> {
        self.state.vocabularies.of(dimension)
    }

    fn facets(&self, filter: &Filter, dimensions: &[Dimension], limit: usize) -> Result<Vec<Facet>, IndexError> {
        let narrowed: Vec<&Dimension> = dimensions.iter().filter(|d| filter.clauses.contains_key(d)).collect();
        let (all, without) = select::select(&self.state.segments, filter, &narrowed, &self.shared.cache, self.budget)?;
        let mut facets: Vec<Option<Facet>> = vec![None; dimensions.len()];
        // Dimensions with a clause of their own have their own selection; the rest share one pass.
        let mut passes: Vec<(&Selection, Vec<usize>)> = vec![(&all, Vec::new())];
        for (n, dimension) in dimensions.iter().enumerate() {
            match narrowed.iter().position(|d| *d == dimension) {
                Some(place) => passes.push((&without[place], vec![n])),
                None => passes[0].1.push(n),
            }
        }
        for (selection, places) in passes {
            let mut counted = Vec::with_capacity(places.len());
            let mut named = Vec::with_capacity(places.len());
            for place in places {
                let vocabulary = self.vocabulary(&dimensions[place]);
                match Counted::new(&dimensions[place], Arc::clone(&vocabulary), selection) {
                    Ok(one) => {
                        counted.push(one);
                        named.push((place, vocabulary));
                    }
                    // One dimension that is no use to choose from must not hide the others.
                    Err(IndexError::TooLarge(_)) => {
                        let options = Vec::new();
                        let others = vocabulary::MAX_VALUES as u64;
                        facets[place] = Some(Facet { dimension: dimensions[place].clone(), options, others });
                    }
                    Err(e) => return Err(e),
                }
            }
            let counts = count_values(selection, &counted, self.budget)?;
            for ((place, vocabulary), counts) in named.into_iter().zip(counts) {
                let ranking = Ranking::new(&counts, &vocabulary, limit);
                let option = |(_, name, count): (u32, Arc<str>, u64)| FacetOption {
                    value: name.to_string(),
                    count: Some(count),
                };
                facets[place] = Some(Facet {
                    dimension: dimensions[place].clone(),
                    others: ranking.others,
                    options: ranking.kept.into_iter().map(option).collect(),
                });
            }
        }
        Ok(facets.into_iter().flatten().collect())
    }
}

#[async_trait]
impl FeedbackIndex for Reader {
    async fn answer(&self, query: &Query, zone: Tz) -> Result<Answer, IndexError> {
        let query = query.clone();
        self.run(move |asked, as_of| answer::answer(asked, &query, zone, as_of)).await
    }

    async fn keyed(&self, query: &Query, zone: Tz, seed: u64) -> Result<KeyedAnswer, IndexError> {
        let query = query.clone();
        self.run(move |asked, as_of| answer::keyed(asked, &query, zone, as_of, seed)).await
    }

    async fn facets(&self, filter: &Filter, dimensions: &[Dimension], limit: usize) -> Result<Vec<Facet>, IndexError> {
        let (filter, dimensions) = (filter.clone(), dimensions.to_vec());
        self.run(move |asked, _| asked.facets(&filter, &dimensions, limit.min(MAX_GROUPS))).await
    }

    async fn list(&self, query: &ListQuery) -> Result<ListPage, IndexError> {
        let query = query.clone();
        self.run(move |asked, as_of| list::list(asked, &query, as_of)).await
    }

    async fn attributes(&self) -> Result<Vec<String>, IndexError> {
        self.run(move |asked, _| asked.state.attributes()).await
    }

    fn as_of(&self) -> AsOf {
        self.stamp().as_of()
    }

    fn standing(&self) -> IndexStanding {
        let damage = match self.shared.state() {
            Ok(_) | Err(IndexError::Building) => None,
            Err(e) => Some(e.to_string()),
        };
        IndexStanding { followed: self.stamp().followed, damage }
    }
}
