//! All feedback that a filter means, newest first, page by page: for what has to look at each one.

use commonweal_domain::question::{AsOf, ListQuery, Order};
use commonweal_domain::{Budget, Dimension, FeedbackDoc, Filter, PageRequest, Start};

use crate::compute::compute;
use crate::{App, Result};

/// Feedback read at once.
const PAGE: usize = 10_000;

/// How far the reading went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// Feedback read.
    pub(super) read: u64,
    /// Whether there was more than may be read.
    pub(super) capped: bool,
    /// Up to when the index had followed the store.
    pub(super) as_of: AsOf,
}

impl App {
    /// Hands over the feedback that a filter means, newest first, at most `most`: `take` adds a page of it to
    /// `gathered`, on a thread that may take its time.
    pub(super) async fn stream<S: Send + 'static>(
        &self,
        budget: &Budget,
        filter: &Filter,
        most: usize,
        mut gathered: S,
        take: impl Fn(&mut S, Vec<FeedbackDoc>, &Budget) -> Result<()> + Clone + Send + 'static,
    ) -> Result<(S, Reach)> {
        let mut reach = Reach::default();
        let mut start = Start::First;
        loop {
            let left = most.saturating_sub(usize::try_from(reach.read).unwrap_or(usize::MAX));
            let limit = left.min(PAGE);
            if limit == 0 {
                reach.capped = true;
                return Ok((gathered, reach));
            }
            let page = PageRequest { start, limit };
            let page = self.page(&ListQuery { filter: filter.clone(), order: Order::Newest, page }).await?;
            reach.read += page.keys.items.len() as u64;
            reach.as_of = page.as_of;
            let next = page.keys.next;
            let take = take.clone();
            gathered = compute(budget, move |budget| {
                take(&mut gathered, page.items, budget)?;
                Ok(gathered)
            })
            .await?;
            match next {
                Some(cursor) => start = Start::After(cursor),
                None => return Ok((gathered, reach)),
            }
        }
    }
}

/// The same filter, narrowed down to feedback with words unless it speaks of that itself.
pub(super) fn with_words(filter: &Filter) -> Filter {
    let mut narrowed = filter.clone();
    if !narrowed.clauses.contains_key(&Dimension::HasWords) {
        narrowed.add(Dimension::HasWords, "yes");
    }
    narrowed
}
