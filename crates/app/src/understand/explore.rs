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
        authorise(actor, Permission::ReadFeedback)?;
        self.bounded(actor, |_| self.answer_within(question)).await
    }

    pub(super) async fn answer_within(&self, question: &Question) -> Result<Answer> {
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
        let mut answer = if query.measures.contains(&Measure::Contacts) {
            self.answer_with_contacts(&query, settings.time_zone).await?
        } else {
            self.inner.index.answer(&query, settings.time_zone).await?
        };
        let small = self.singles_out_few(&query.filter).await?;
        small_groups::hide(&mut answer, &query, settings.minimum_group, small);
        Ok(answer)
    }

    /// The values of several dimensions with their counts under a filter, all in one call.
    pub async fn facets(
        &self,
        actor: &Actor,
        filter: &Filter,
        dimensions: &[Dimension],
        limit: usize,
    ) -> Result<Vec<Facet>> {
        authorise(actor, Permission::ReadFeedback)?;
        let limit = limit.clamp(1, MAX_GROUPS);
        let asked = async { Ok(self.inner.index.facets(filter, dimensions, limit).await?) };
        let mut facets = self.bounded(actor, |_| asked).await?;
        small_groups::hide_in_facets(&mut facets, filter.describes_people(), self.settings().minimum_group);
        Ok(facets)
    }

    /// The free attributes that occur.
    pub async fn attributes(&self, actor: &Actor) -> Result<Vec<String>> {
        authorise(actor, Permission::ReadFeedback)?;
        Ok(self.inner.index.attributes().await?)
    }

    /// Whether a filter on what people are leaves, or leaves out, fewer than the minimum: in either
    /// case the difference to the whole would show a small group.
    pub(super) async fn singles_out_few(&self, filter: &Filter) -> Result<bool> {
        if !filter.describes_people() {
            return Ok(false);
        }
        let mut whole = filter.clone();
        whole.clauses.retain(|d, _| !d.describes_people());
        let (part, whole) = (self.count(filter).await?, self.count(&whole).await?);
        let minimum = self.settings().minimum_group;
        let few = |n: u64| n > 0 && n < minimum;
        Ok(few(part) || few(whole.saturating_sub(part)))
    }

    /// How many feedback a filter means, not suppressed: for decisions, not for answers.
    pub(crate) async fn count(&self, filter: &Filter) -> Result<u64> {
        let query = Query { filter: filter.clone(), group_by: vec![], measures: vec![], compare_range: None, limit: 1 };
        Ok(self.inner.index.answer(&query, self.settings().time_zone).await?.total.count.unwrap_or(0))
    }

    /// One page of the feedback that a filter means, with redacted words.
    pub async fn list(&self, actor: &Actor, query: &ListQuery) -> Result<FeedbackPage> {
        authorise(actor, Permission::ReadFeedback)?;
        if query.page.limit == 0 || query.page.limit > 10_000 {
            return Err(invalid("limit", "out_of_range", "A page has 1 to 10,000 items."));
        }
        self.bounded(actor, |_| self.page(query)).await
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

/// The refusal where a filter leaves, or leaves out, so few people that nothing may be shown of them.
pub(super) fn too_few() -> Error {
    invalid(
        "filter",
        "too_few",
        "The filter singles out so few people that nothing may be shown of them. Choose a wider one.",
    )
}
