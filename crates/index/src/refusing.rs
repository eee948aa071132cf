//! An index that can't be used, in the place of one that can: every question is answered with why.

use async_trait::async_trait;
use chrono_tz::Tz;
use commonweal_domain::question::{Answer, AsOf, Facet, ListPage, ListQuery, Query};
use commonweal_domain::{Dimension, Filter, Followed};
use commonweal_ports::{FeedbackIndex, IndexError, IndexStanding, KeyedAnswer};

use crate::folder::Unusable;

/// Refuses every question, for commands that need no answers and must not touch the folder.
#[derive(Clone, Debug)]
pub struct Refusing(Unusable);

impl Refusing {
    /// In the place of an index that can't be used.
    pub fn because(why: Unusable) -> Self {
        Self(why)
    }

    fn refuse<T>(&self) -> Result<T, IndexError> {
        Err(IndexError::Damaged(self.0.to_string()))
    }
}

#[async_trait]
impl FeedbackIndex for Refusing {
    async fn answer(&self, _: &Query, _: Tz) -> Result<Answer, IndexError> {
        self.refuse()
    }

    async fn keyed(&self, _: &Query, _: Tz, _: u64) -> Result<KeyedAnswer, IndexError> {
        self.refuse()
    }

    async fn facets(&self, _: &Filter, _: &[Dimension], _: usize) -> Result<Vec<Facet>, IndexError> {
        self.refuse()
    }

    async fn list(&self, _: &ListQuery) -> Result<ListPage, IndexError> {
        self.refuse()
    }

    async fn attributes(&self) -> Result<Vec<String>, IndexError> {
        self.refuse()
    }

    fn as_of(&self) -> AsOf {
        AsOf { change: 0, at: None }
    }

    fn standing(&self) -> IndexStanding {
        IndexStanding { followed: Followed::default(), damage: Some(self.0.to_string()) }
    }
}
