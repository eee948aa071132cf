//! Questions about feedback and lists of it: what the console, the API and `query` all ask.

use commonweal_domain::question::{Answer, AsOf, Compare, Facet, Grouping, ListPage, ListQuery, Measure, Query};
use commonweal_domain::{
    Actor, AuditAction, CommentId, Dimension, FeedbackDoc, FeedbackId, FieldErrors, Filter, Instant, Page, Permission,
    Sentence, period,
};
pub use commonweal_store::{CommentIdentity, FeedbackDetail};

use super::small_groups;
use crate::app::authorise;
use crate::change::audited;
use crate::compute::Cost;
use crate::{App, Error, Result};

/// A question as somebody asks it; the comparison is resolved in the body's time zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Which feedback.
    pub filter: Filter,
    /// None, one or two groupings.
    pub group_by: Vec<Grouping>,
    /// What to measure; the count when empty.
    pub measures: Vec<Measure>,
    /// With which period to compare.
    pub compare: Option<Compare>,
    /// Most groups along each dimension; 0 for the usual 50.
    pub limit: usize,
}

/// A page of feedback.
#[derive(Clone, Debug, Default)]
pub struct FeedbackPage {
    /// The feedback, in order.
    pub items: Vec<FeedbackDoc>,
    /// By what the index found it. What has been deleted since is missing among the items.
    pub keys: Page<(Instant, FeedbackId)>,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

/// Most groups that one answer may have along a dimension.
pub(super) const MAX_GROUPS: usize = 10_000;

impl App {
    /// Answers a question.
    pub async fn answer(&self, actor: &Actor, question: &Question) -> Result<Answer> {
        authorise(actor, Permission::ReadFigures)?;
        self.bounded(actor, Cost::of(&question.filter), |_| self.answer_within(actor, question)).await
    }

    pub(super) async fn answer_within(&self, actor: &Actor, question: &Question) -> Result<Answer> {
        if question.group_by.len() > 2 {
            return Err(invalid("group_by", "too_many", "An answer can be broken down by at most two things."));
        }
        let settings = self.settings();
        let compare_range = match question.compare {
            None => None,
            Some(with) => Some(period::compared(question.filter.range, with, settings.time_zone).ok_or_else(|| {
                invalid(
                    "compare",
                    "no_period",
                    "A comparison needs a period with a beginning and an end, for example 2024-03.",
                )
            })?),
        };
        let query = Query {
            filter: question.filter.clone(),
            group_by: question.group_by.clone(),
            measures: if question.measures.is_empty() { vec![Measure::Count] } else { question.measures.clone() },
            compare_range,
            limit: match question.limit {
                0 => 50,
                n => n.min(MAX_GROUPS),
            },
        };
        if query.measures.contains(&Measure::Contacts) {
            // Nothing that tells of people is known of contacts.
            return self.answer_with_contacts(&query, settings.time_zone).await;
        }
        if small_groups::about_people(&query) && self.is_protected(actor) {
            return self.protected(&query, question.compare).await;
        }
        Ok(self.inner.index.answer(&query, settings.time_zone).await?)
    }

    /// The values of several dimensions with their counts under a filter, all in one call.
    pub async fn facets(
        &self,
        actor: &Actor,
        filter: &Filter,
        dimensions: &[Dimension],
        limit: usize,
    ) -> Result<Vec<Facet>> {
        authorise(actor, Permission::ReadFigures)?;
        let limit = limit.clamp(1, MAX_GROUPS);
        let about_people = filter.describes_people() || dimensions.iter().any(Dimension::describes_people);
        let asked = async {
            if about_people && self.is_protected(actor) {
                return self.protected_facets(filter, dimensions, limit).await;
            }
            Ok(self.inner.index.facets(filter, dimensions, limit).await?)
        };
        self.bounded(actor, Cost::of(filter), |_| asked).await
    }

    /// The free attributes that occur.
    pub async fn attributes(&self, actor: &Actor) -> Result<Vec<String>> {
        authorise(actor, Permission::ReadFigures)?;
        Ok(self.inner.index.attributes().await?)
    }

    /// How many feedback a filter means, exactly: for decisions, not for answers.
    pub(crate) async fn count(&self, filter: &Filter) -> Result<u64> {
        let query = Query { filter: filter.clone(), group_by: vec![], measures: vec![], compare_range: None, limit: 1 };
        Ok(self.inner.index.answer(&query, self.settings().time_zone).await?.total.count.unwrap_or(0))
    }

    /// One page of the feedback that a filter means, with redacted words.
    ///
    /// # Errors
    /// [`Error::Invalid`] where a filter on what people are singles out too few of them.
    pub async fn list(&self, actor: &Actor, query: &ListQuery) -> Result<FeedbackPage> {
        authorise(actor, Permission::ReadFeedback)?;
        if query.page.limit == 0 || query.page.limit > 10_000 {
            return Err(invalid("limit", "out_of_range", "A page has 1 to 10,000 items."));
        }
        self.bounded(actor, Cost::of(&query.filter), |_| async {
            if self.is_protected_under(actor, &query.filter) {
                self.refuse_few(&query.filter).await?;
            }
            self.page(query).await
        })
        .await
    }

    pub(crate) async fn page(&self, query: &ListQuery) -> Result<FeedbackPage> {
        let ListPage { keys, as_of } = self.inner.index.list(query).await?;
        let ids: Vec<FeedbackId> = keys.items.iter().map(|(_, id)| *id).collect();
        Ok(FeedbackPage { items: self.inner.store.docs(&ids).await?, keys, as_of })
    }

    /// One feedback.
    pub async fn feedback(&self, actor: &Actor, id: FeedbackId) -> Result<FeedbackDetail> {
        authorise(actor, Permission::ReadFeedback)?;
        Ok(self.inner.store.feedback_detail(id).await?)
    }

    /// A comment as it was before redaction. Each look is written to the audit trail.
    pub async fn original(&self, actor: &Actor, comment: CommentId) -> Result<String> {
        authorise(actor, Permission::ReadOriginals)?;
        let text = self.inner.store.original(comment).await?.ok_or(Error::NotFound("original"))?;
        self.note(actor, audited(AuditAction::OriginalRead, comment)).await?;
        Ok(text)
    }
}

pub(super) fn invalid(field: &str, code: &str, sentence: impl Into<Sentence>) -> Error {
    Error::Invalid(FieldErrors::one(field, code, sentence))
}
