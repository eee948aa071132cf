//! All feedback that a filter means, newest first, page by page: for what has to look at each one.

use commonweal_domain::question::{AsOf, ListQuery, Order};
use commonweal_domain::{Dimension, FeedbackDoc, Filter};

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
    /// Hands over the feedback that a filter means, newest first, at most `most`.
    pub(super) async fn stream(
        &self,
        filter: &Filter,
        most: usize,
        mut take: impl FnMut(Vec<FeedbackDoc>),
    ) -> Result<Reach> {
        let mut reach = Reach::default();
        let mut after = None;
        loop {
            let left = most.saturating_sub(usize::try_from(reach.read).unwrap_or(usize::MAX));
            let limit = left.min(PAGE);
            if limit == 0 {
                reach.capped = true;
                return Ok(reach);
            }
            let page = self.page(&ListQuery { filter: filter.clone(), order: Order::Newest, after, limit }).await?;
            reach.read += page.page.items.len() as u64;
            reach.as_of = page.page.as_of;
            after = page.page.items.last().copied();
            take(page.items);
            if !page.more || after.is_none() {
                return Ok(reach);
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
