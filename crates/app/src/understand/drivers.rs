//! What drives satisfaction: how much of the main rating other answers explain, or, where people gave
//! only one, the themes they speak of.

use std::collections::HashMap;

use commonweal_domain::question::AsOf;
use commonweal_domain::{Actor, Budget, Dimension, FeedbackDoc, Filter, Permission, Sentence, sentence};
use commonweal_insight::drivers::{Bootstrap, CASES_PER_PREDICTOR, DriversError, MAX_PREDICTORS, Predictor, drivers};
use serde::Serialize;

use super::explore::invalid;
use super::stream::{Reach, with_words};
use crate::app::authorise;
use crate::compute::{Cost, compute};
use crate::{App, Error, Result};

/// Most feedback that is read, the newest first: the intervals take 500 passes over all of it.
pub const MAX_READ: usize = 50_000;
/// Resamples for the intervals, and the seed, so that the same data give the same figures.
const BOOTSTRAP: Bootstrap = Bootstrap { resamples: 500, seed: 1, confidence: 0.95 };

/// One thing that may drive satisfaction.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Driver))]
pub struct DriverFigures {
    /// The rating's name, or the theme's key.
    pub name: String,
    /// Its share of what is explained, 0 to 1.
    pub share: f64,
    /// Lower end of the share's 95 % interval.
    pub share_low: Option<f64>,
    /// Upper end of the share's 95 % interval.
    pub share_high: Option<f64>,
    /// Its part of R² (LMG).
    pub lmg: f64,
    /// Johnson's relative weight, a part of R².
    pub johnson: f64,
    /// Standardised coefficient in the regression on all of them.
    pub beta: f64,
    /// Correlation with the main rating, −1 to 1: negative for a theme that goes with bad ratings.
    pub correlation: f64,
    /// For a rating: its mean, 1 to 5. For a theme: the mean main rating where it is mentioned.
    pub mean_rating: f64,
    /// For a theme: share of the feedback that mentions it, 0 to 1.
    pub mentioned: Option<f64>,
    /// Feedback that gave this rating, or mentions this theme, among the cases.
    pub base: u64,
}

/// What the kind of drivers may be, for the API's document.
#[cfg(feature = "openapi")]
fn kind() -> utoipa::openapi::schema::Object {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["ratings", "themes"])).build()
}

/// What drives satisfaction.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Drivers))]
pub struct DriversAnswer {
    /// What the drivers are: `ratings` or `themes`.
    #[cfg_attr(feature = "openapi", schema(schema_with = kind))]
    pub kind: &'static str,
    /// The drivers, the most important first.
    pub drivers: Vec<DriverFigures>,
    /// Share of the main rating's variance that they explain together, 0 to 1.
    pub r_squared: f64,
    /// The same, corrected for their number.
    pub adjusted_r_squared: f64,
    /// Feedback that all figures are from.
    pub cases: u64,
    /// Feedback left out because one of the answers is missing.
    pub dropped: u64,
    /// Feedback that was read.
    pub read: u64,
    /// Whether there was more than is read, so that the oldest was left out.
    pub capped: bool,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

/// What was read: one entry per feedback with a main rating.
#[derive(Default)]
struct Cases {
    outcome: Vec<f64>,
    names: Numbered,
    /// Other ratings by number of their name, 0 (worst) to 1 (best).
    ratings: Vec<Vec<(usize, f64)>>,
    themes: Numbered,
    /// Numbers of the themes mentioned; nothing for feedback without words.
    mentioned: Vec<Option<Vec<usize>>>,
}

/// Names in the order in which they came, with how many feedback have each.
#[derive(Default)]
struct Numbered {
    numbers: HashMap<String, usize>,
    counts: Vec<u64>,
}

impl Numbered {
    fn see(&mut self, name: String) -> usize {
        let next = self.counts.len();
        let number = *self.numbers.entry(name).or_insert(next);
        if number == next {
            self.counts.push(0);
        }
        self.counts[number] += 1;
        number
    }

    /// Those that enough feedback have, the most frequent first, at most twelve.
    fn frequent(&self, least: u64) -> Vec<(String, usize)> {
        let mut found: Vec<(String, usize)> = self.numbers.iter().map(|(name, n)| (name.clone(), *n)).collect();
        found.retain(|(_, n)| self.counts[*n] >= least);
        found.sort_unstable_by(|a, b| self.counts[b.1].cmp(&self.counts[a.1]).then(a.0.cmp(&b.0)));
        found.truncate(MAX_PREDICTORS);
        found
    }
}

impl Cases {
    fn take(&mut self, docs: Vec<FeedbackDoc>, budget: &Budget) -> Result<()> {
        for doc in docs {
            budget.check()?;
            self.see(doc);
        }
        Ok(())
    }

    fn see(&mut self, doc: FeedbackDoc) {
        let Some(score) = doc.score() else { return };
        self.outcome.push(score);
        let mut others: Vec<(usize, f64)> = Vec::new();
        let main = doc.ratings.first().map(|r| r.name.clone());
        for rating in doc.ratings.iter().skip(1).filter(|r| Some(&r.name) != main.as_ref()) {
            // The same question twice: the first answer counts.
            let known = self.names.numbers.get(&rating.name);
            if known.is_none_or(|known| others.iter().all(|(n, _)| n != known)) {
                others.push((self.names.see(rating.name.clone()), rating.score()));
            }
        }
        self.ratings.push(others);
        let words = !doc.comments.is_empty();
        let themes = Dimension::Theme.values(&doc).into_iter().map(|t| self.themes.see(t)).collect();
        self.mentioned.push(words.then_some(themes));
    }

    /// Other ratings as columns, when at least two are there often enough.
    fn by_ratings(&self, least: u64) -> Option<Columns> {
        let frequent = self.names.frequent(least);
        let most = frequent.first().map(|(_, n)| self.names.counts[*n])?;
        // A question that only some people were asked would throw out all the others.
        let asked: Vec<(String, usize)> =
            frequent.into_iter().filter(|(_, n)| self.names.counts[*n] * 2 >= most).collect();
        if asked.len() < 2 {
            return None;
        }
        let column = |n: usize| {
            let values = self.ratings.iter().map(|given| given.iter().find(|(m, _)| *m == n).map_or(f64::NAN, |g| g.1));
            values.collect()
        };
        Some(Columns {
            kind: "ratings",
            columns: asked.iter().map(|(_, n)| column(*n)).collect(),
            names: asked.into_iter().map(|(name, _)| name).collect(),
            outcome: self.outcome.clone(),
        })
    }

    /// Themes as columns of 0 and 1, among the feedback with words.
    fn by_themes(&self, least: u64) -> Columns {
        let frequent = self.themes.frequent(least);
        let spoken = || self.mentioned.iter().zip(&self.outcome).filter_map(|(m, o)| m.as_ref().map(|m| (m, *o)));
        let column = |n: usize| spoken().map(|(m, _)| if m.contains(&n) { 1.0 } else { 0.0 }).collect();
        Columns {
            kind: "themes",
            columns: frequent.iter().map(|(_, n)| column(*n)).collect(),
            names: frequent.into_iter().map(|(name, _)| name).collect(),
            outcome: spoken().map(|(_, outcome)| outcome).collect(),
        }
    }
}

struct Columns {
    kind: &'static str,
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
    outcome: Vec<f64>,
}

impl Columns {
    fn answer(&self, reach: Reach, budget: &Budget) -> Result<DriversAnswer> {
        let predictors: Vec<Predictor<'_>> = self
            .names
            .iter()
            .zip(&self.columns)
            .map(|(name, values)| Predictor { name, values, scale: Some((0.0, 1.0)) })
            .collect();
        let found = drivers(&predictors, &self.outcome, None, &BOOTSTRAP, budget).map_err(|e| match e {
            DriversError::Cancelled(cancelled) => cancelled.into(),
            other => invalid("filter", "no_drivers", why(&other.to_string())),
        })?;
        let themes = self.kind == "themes";
        let mut answer = DriversAnswer {
            kind: self.kind,
            drivers: Vec::with_capacity(found.drivers.len()),
            r_squared: found.r_squared,
            adjusted_r_squared: found.adjusted_r_squared,
            cases: found.cases as u64,
            dropped: found.dropped as u64,
            read: reach.read,
            capped: reach.capped,
            as_of: reach.as_of,
        };
        for (driver, column) in found.drivers.into_iter().zip(&self.columns) {
            let mentioned: Vec<f64> =
                column.iter().zip(&self.outcome).filter(|(m, _)| **m > 0.5).map(|(_, o)| *o).collect();
            let share =
                if themes { mentioned.iter().sum::<f64>() / mentioned.len() as f64 } else { driver.performance };
            answer.drivers.push(DriverFigures {
                name: driver.name,
                share: driver.share,
                share_low: driver.share_range.map(|r| r.low),
                share_high: driver.share_range.map(|r| r.high),
                lmg: driver.lmg,
                johnson: driver.johnson,
                beta: driver.beta,
                correlation: driver.correlation,
                mean_rating: 1.0 + 4.0 * share,
                mentioned: themes.then_some(mentioned.len() as f64 / found.cases as f64),
                base: if themes { mentioned.len() } else { found.cases } as u64,
            });
        }
        answer.drivers.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| a.name.cmp(&b.name)));
        Ok(answer)
    }
}

impl App {
    /// How much of the main rating other answers explain: other ratings when at least two were given
    /// often enough, else the twelve most frequent themes, mentioned or not, among feedback with words.
    ///
    /// Reads the newest [`MAX_READ`] feedback. Intervals come from 500 resamples with a fixed seed.
    ///
    /// # Errors
    /// [`Error::Invalid`], with the reason, when there is too little for the figures to bear any weight.
    pub async fn drivers(&self, actor: &Actor, filter: &Filter) -> Result<DriversAnswer> {
        authorise(actor, Permission::ReadFeedback)?;
        self.bounded(actor, Cost::READING, |budget| self.drivers_within(budget, filter)).await
    }

    async fn drivers_within(&self, budget: Budget, filter: &Filter) -> Result<DriversAnswer> {
        self.refuse_few(filter).await?;
        let minimum = self.settings().minimum_group;
        let enough = minimum.max(2 * CASES_PER_PREDICTOR as u64);
        let (mut cases, mut reach) = self.stream(&budget, filter, MAX_READ, Cases::default(), Cases::take).await?;
        if let Some(columns) = cases.by_ratings(enough) {
            return compute(&budget, move |budget| columns.answer(reach, budget)).await;
        }
        if reach.capped {
            // Only feedback with words counts here: read as much of that.
            let words = with_words(filter);
            (cases, reach) = self.stream(&budget, &words, MAX_READ, Cases::default(), Cases::take).await?;
        }
        let columns = cases.by_themes(minimum);
        if columns.names.len() < 2 {
            let sentence = sentence!(
                "What drives satisfaction can't be told: no two ratings besides the main one were given by at least {enough} people, and no two themes are mentioned by at least {minimum} who rated. Choose a wider filter.",
                enough,
                minimum,
            );
            return Err(Error::Invalid(commonweal_domain::FieldErrors::one("filter", "no_drivers", sentence)));
        }
        compute(&budget, move |budget| columns.answer(reach, budget)).await
    }
}

/// The reason as a sentence for people.
fn why(reason: &str) -> Sentence {
    sentence!("What drives satisfaction can't be told: {reason}. Choose a wider filter.", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_come_first_and_rare_ones_not_at_all() {
        let mut names = Numbered::default();
        for name in ["b", "a", "b", "c", "a", "b"] {
            names.see(name.to_owned());
        }
        assert_eq!(names.frequent(2), [("b".to_owned(), 0), ("a".to_owned(), 1)]);
    }
}
