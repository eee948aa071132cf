//! Who is hit: which groups of people meet an issue more often than everyone else, by how much, and
//! which of the differences can be told from chance.

use std::collections::HashMap;

use commonweal_domain::filter::NONE;
use commonweal_domain::question::{AsOf, Grouping, Measure};
use commonweal_domain::suppress::suppress_list;
use commonweal_domain::{Actor, Budget, Dimension, Filter, Permission, sentence};
use commonweal_insight::impact::{Counts, ImpactError, ImpactOptions, Test, who_is_hit};
use serde::Serialize;

use super::explore::invalid;
use super::thresholds::{MAX_Q, MIN_GROUP};
use crate::app::authorise;
use crate::compute::{Cost, compute};
use crate::{App, Error, Question, Result};

/// Most values of one attribute, and most themes.
const MAX_VALUES: usize = 500;

/// One group against everyone else.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hit {
    /// The issue: a theme's key, or empty for the one issue that was asked about.
    pub issue: String,
    /// The attribute: key of a dimension.
    pub attribute: String,
    /// Its name.
    pub attribute_label: String,
    /// The group: a value of the attribute.
    pub group: String,
    /// Its name.
    pub group_label: String,
    /// Feedback of the group that meets the issue.
    pub group_hit: u64,
    /// Feedback of the group.
    pub group_all: u64,
    /// Feedback of everyone else of whom the attribute is known that meets the issue.
    pub rest_hit: u64,
    /// Feedback of everyone else of whom the attribute is known.
    pub rest_all: u64,
    /// How many times as often the group meets the issue as everyone else.
    pub risk_ratio: f64,
    /// Lower end of the ratio's 95 % interval.
    pub ratio_low: f64,
    /// Upper end of the ratio's 95 % interval.
    pub ratio_high: f64,
    /// Difference of the two shares, −1 to 1.
    pub risk_difference: f64,
    /// Feedback of the group that meets the issue beyond everyone else's rate; negative if fewer.
    pub excess: f64,
    /// p-value of Fisher's exact test, two-sided.
    pub p: f64,
    /// p adjusted for all comparisons made.
    pub q: f64,
    /// Whether q is below 0.05.
    pub distinguishable: bool,
}

/// Who is hit.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhoIsHit {
    /// The comparisons: those that differ from chance first, the largest excess first.
    pub rows: Vec<Hit>,
    /// How many comparisons were made: the family that q is adjusted for.
    pub tested: u64,
    /// How many of them differ from chance.
    pub distinguishable: u64,
    /// How many groups were not compared because they, or those of them who meet the issue, are few.
    pub suppressed: u64,
    /// Keys of the attributes that were looked at.
    pub attributes: Vec<String>,
    /// Feedback that the filter means.
    pub asked: u64,
    /// Feedback of that which meets the issue; absent when every theme was tested.
    pub hit: Option<u64>,
    /// Least feedback that a group must have.
    pub minimum: u64,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

impl WhoIsHit {
    /// The comparison that tells most: the group with the largest excess among those that differ from
    /// chance; where none meets it more often, one that meets it less.
    pub fn headline(&self) -> Option<&Hit> {
        let clear = || self.rows.iter().filter(|row| row.distinguishable);
        clear().find(|row| row.excess > 0.0).or_else(|| clear().next())
    }
}

/// Feedback per group, and of all groups together.
struct Groups {
    counts: HashMap<String, u64>,
    known: u64,
    /// Whether the counts have noise, and small groups are missing.
    protected: bool,
}

impl App {
    /// Compares the groups of every attribute: how often each meets the issue, against everyone else.
    ///
    /// The issue is what the second filter asks besides the first; an empty one means each theme by
    /// itself. Attributes are area, device, language, channel and all free attributes, but for those on
    /// which either filter already decides. Everyone else are those of whom the attribute is known.
    ///
    /// # Errors
    /// [`Error::Invalid`] when filter and issue speak of the same dimension, period or words.
    pub async fn who_is_hit(&self, actor: &Actor, filter: &Filter, issue: &Filter) -> Result<WhoIsHit> {
        authorise(actor, Permission::ReadFigures)?;
        self.bounded(actor, Cost::READING, |budget| self.who_is_hit_within(actor, budget, filter, issue)).await
    }

    async fn who_is_hit_within(
        &self,
        actor: &Actor,
        budget: Budget,
        filter: &Filter,
        issue: &Filter,
    ) -> Result<WhoIsHit> {
        let both = joined(filter, issue)?;
        let each_theme = *issue == Filter::default();
        let minimum_group = self.settings().minimum_group;
        let mut answer = WhoIsHit {
            asked: self.counted_for(actor, filter, vec![]).await?.total.count.unwrap_or(0),
            minimum: minimum_group.max(MIN_GROUP),
            as_of: self.as_of(),
            ..WhoIsHit::default()
        };
        if !each_theme {
            answer.hit = self.counted_for(actor, &both, vec![]).await?.total.count;
        }

        let mut tests = Vec::new();
        for attribute in self.characteristics(&both).await? {
            let all = self.groups(actor, filter, &attribute).await?;
            answer.attributes.push(attribute.key().into_owned());
            // One group alone has nobody to be compared with: the themes need not be counted.
            if all.counts.len() < 2 {
                continue;
            }
            let hits = if each_theme {
                self.by_theme(actor, filter, &attribute).await?
            } else {
                vec![(String::new(), self.groups(actor, &both, &attribute).await?)]
            };
            for (issue, hits) in hits {
                answer.suppressed +=
                    collect(&mut tests, &issue, &attribute, &all, &hits, answer.minimum, minimum_group);
            }
        }
        let options = ImpactOptions { minimum: answer.minimum, max_q: MAX_Q, ..ImpactOptions::default() };
        let found = compute(&budget, move |budget| {
            who_is_hit(tests, &options, budget).map_err(|e| match e {
                ImpactError::Cancelled(cancelled) => cancelled.into(),
                other => Error::internal(other),
            })
        })
        .await?;
        answer.tested = found.tested as u64;
        answer.distinguishable = found.distinguishable as u64;
        let labels = self.labels();
        for row in found.rows {
            let Ok(effect) = row.outcome else {
                answer.suppressed += 1;
                continue;
            };
            let Some(dimension) = Dimension::from_key(&row.test.attribute) else { continue };
            answer.rows.push(Hit {
                issue: row.test.issue,
                attribute_label: dimension.label().into_owned(),
                group_label: labels.value(&dimension, &row.test.group),
                attribute: row.test.attribute,
                group: row.test.group,
                group_hit: row.test.counts.group_hit,
                group_all: row.test.counts.group_all,
                rest_hit: row.test.counts.rest_hit,
                rest_all: row.test.counts.rest_all,
                risk_ratio: effect.risk_ratio,
                ratio_low: effect.ratio_low,
                ratio_high: effect.ratio_high,
                risk_difference: effect.risk_difference,
                excess: effect.excess_people,
                p: effect.p,
                q: effect.q,
                distinguishable: effect.distinguishable,
            });
        }
        answer.rows.sort_by(|a, b| {
            b.distinguishable.cmp(&a.distinguishable).then(b.excess.total_cmp(&a.excess)).then(a.group.cmp(&b.group))
        });
        Ok(answer)
    }

    /// The attributes by which people are told apart and on which the filter does not decide already.
    async fn characteristics(&self, filter: &Filter) -> Result<Vec<Dimension>> {
        let free = self.inner.index.attributes().await?.into_iter().map(Dimension::Attribute);
        let fixed = [Dimension::Area, Dimension::Device, Dimension::Language, Dimension::Channel];
        Ok(fixed.into_iter().chain(free).filter(|d| !filter.clauses.contains_key(d)).collect())
    }

    /// Groups of people are counted as the Explorer shows them; those that may not be shown are missing.
    async fn groups(&self, actor: &Actor, filter: &Filter, attribute: &Dimension) -> Result<Groups> {
        let answer = self.counted_for(actor, filter, vec![Grouping::Dimension(attribute.clone())]).await?;
        let protected = answer.protection.is_some();
        let all = answer.total.count.unwrap_or(0);
        let counts = answer.groups.into_iter().filter_map(|g| Some((g.keys.into_iter().next()?, g.figures.count?)));
        let mut counts: HashMap<String, u64> = counts.collect();
        let known = all.saturating_sub(counts.remove(NONE).unwrap_or(0));
        Ok(Groups { counts, known, protected })
    }

    /// The groups among the feedback with each theme.
    async fn by_theme(&self, actor: &Actor, filter: &Filter, attribute: &Dimension) -> Result<Vec<(String, Groups)>> {
        let totals = self.counted_for(actor, filter, vec![Grouping::Dimension(Dimension::Theme)]).await?;
        let both = vec![Grouping::Dimension(Dimension::Theme), Grouping::Dimension(attribute.clone())];
        let answer = self.counted_for(actor, filter, both).await?;
        let protected = answer.protection.is_some();
        let mut of_themes: HashMap<String, HashMap<String, u64>> = HashMap::new();
        for group in answer.groups {
            let mut keys = group.keys.into_iter();
            if let (Some(theme), Some(value), Some(count)) = (keys.next(), keys.next(), group.figures.count) {
                of_themes.entry(theme).or_default().insert(value, count);
            }
        }
        let themes = totals.groups.into_iter().filter_map(|g| Some((g.keys.into_iter().next()?, g.figures.count?)));
        let groups = |(theme, all): (String, u64)| {
            let mut counts = of_themes.remove(&theme).unwrap_or_default();
            let known = all.saturating_sub(counts.remove(NONE).unwrap_or(0));
            (theme, Groups { counts, known, protected })
        };
        Ok(themes.filter(|(theme, _)| theme != NONE).map(groups).collect())
    }

    /// Counts as this actor may see them.
    async fn counted_for(
        &self,
        actor: &Actor,
        filter: &Filter,
        group_by: Vec<Grouping>,
    ) -> Result<commonweal_domain::question::Answer> {
        let measures = vec![Measure::Count];
        let question = Question { filter: filter.clone(), group_by, measures, compare: None, limit: MAX_VALUES };
        self.answer_within(actor, &question).await
    }
}

/// Filter and issue together. They may not speak of the same thing: what "theme A, hit by theme B" means
/// could be read in two ways.
fn joined(filter: &Filter, issue: &Filter) -> Result<Filter> {
    let mut both = filter.clone();
    if let Some(same) = issue.clauses.keys().find(|d| filter.clauses.contains_key(d)) {
        let sentence = sentence!(
            "Filter and issue both speak of `{same}`. Let the filter say whose feedback is compared, and the issue what they may have met.",
            same = same.to_string(),
        );
        return Err(invalid("issue", "twice", sentence));
    }
    if issue.range != Default::default() {
        return Err(invalid("issue", "period", "An issue has no period of its own; give the period with the filter."));
    }
    both.clauses.extend(issue.clauses.clone());
    if !issue.words.is_empty() {
        if !filter.words.is_empty() {
            return Err(invalid("issue", "twice", "Filter and issue both ask for words; only one of them can."));
        }
        both.words = issue.words.clone();
    }
    Ok(both)
}

/// Adds a comparison for each group of an attribute that may be shown, and tells how many may not.
///
/// Where counts are exact, the others could be worked out from one row and the totals in it, so that both lists, of all
/// and of those hit, are suppressed as lists with a known total.
fn collect(
    tests: &mut Vec<Test>,
    issue: &str,
    attribute: &Dimension,
    all: &Groups,
    hits: &Groups,
    least: u64,
    minimum_group: u64,
) -> u64 {
    let mut groups: Vec<(&String, u64)> = all.counts.iter().map(|(value, count)| (value, *count)).collect();
    groups.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let hit = |value: &String| hits.counts.get(value).copied().unwrap_or(0);
    let list =
        |of: &dyn Fn(&(&String, u64)) -> u64| suppress_list(&groups.iter().map(of).collect::<Vec<_>>(), minimum_group);
    let (hidden, hidden_hits) = match all.protected {
        // Small groups are missing already; of those that meet the issue, what is missing may be small.
        true => {
            (vec![false; groups.len()], groups.iter().map(|(value, _)| !hits.counts.contains_key(*value)).collect())
        }
        false => (list(&|(_, count)| *count), list(&|(value, _)| hit(value))),
    };
    let mut suppressed = 0;
    for (n, (value, count)) in groups.into_iter().enumerate() {
        // With noise, a part can come out larger than the whole.
        let rest_all = all.known.saturating_sub(count);
        let counts = Counts {
            group_hit: hit(value).min(count),
            group_all: count,
            rest_hit: hits.known.saturating_sub(hit(value)).min(rest_all),
            rest_all,
        };
        // All of one kind: there is nobody to compare with.
        if counts.rest_all == 0 {
            continue;
        }
        if hidden[n] || hidden_hits[n] || count < least || counts.rest_all < least {
            suppressed += 1;
            continue;
        }
        tests.push(Test {
            issue: issue.to_owned(),
            attribute: attribute.key().into_owned(),
            group: value.clone(),
            counts,
        });
    }
    suppressed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(counts: &[(&str, u64)]) -> Groups {
        Groups {
            counts: counts.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect(),
            known: counts.iter().map(|(_, count)| count).sum(),
            protected: false,
        }
    }

    #[test]
    fn a_small_hit_cell_is_hidden_with_the_one_that_would_give_it_away() {
        let mut tests = Vec::new();
        let all = groups(&[("a", 200), ("b", 100), ("c", 50)]);
        let hits = groups(&[("a", 40), ("b", 20), ("c", 4)]);
        let hidden = collect(&mut tests, "", &Dimension::Area, &all, &hits, 30, 10);
        assert_eq!(hidden, 2);
        assert_eq!(tests.len(), 1);
        assert_eq!(tests[0].counts, Counts { group_hit: 40, group_all: 200, rest_hit: 24, rest_all: 150 });
    }

    #[test]
    fn filter_and_issue_may_not_speak_of_the_same_dimension() {
        let mut filter = Filter::default();
        filter.add(Dimension::Theme, "waiting");
        let refused = joined(&filter, &filter).expect_err("both themes");
        assert!(refused.to_string().contains("`theme`"), "{refused}");
    }
}
