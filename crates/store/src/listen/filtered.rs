//! Feedback by filter, from SQL: what the index does faster, exactly as `Filter::matches` says.

use commonweal_domain::question::Order;
use commonweal_domain::{FeedbackDoc, FeedbackId, Filter, Instant};

use crate::connect::Store;
use crate::error::Result;

impl Store {
    /// At most `limit` feedback that a filter means, after the last one of the page before.
    pub async fn filtered(
        &self,
        filter: &Filter,
        after: Option<(Instant, FeedbackId)>,
        order: Order,
        limit: u64,
    ) -> Result<Vec<FeedbackDoc>> {
        let _ = (filter, after, order, limit);
        todo!()
    }

    /// How many feedback a filter means.
    pub async fn count_filtered(&self, filter: &Filter) -> Result<u64> {
        let _ = filter;
        todo!()
    }
}
