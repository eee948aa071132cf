//! Questions as people ask them in the Explorer, made up with a seed, in two languages: the API's
//! and SQL (see [`crate::sql`]).

use chrono::{Days, Months, NaiveDate};
use commonweal_random::Random;
use serde::{Deserialize, Serialize};

use crate::data::{self, AGE_BANDS, AREAS, CHANNELS, DAYS, DEVICES, FIRST_DAY, PAGES, SERVICES, TOUCHPOINTS};
use crate::random::Weighted;
use crate::words::Vocabulary;

/// What kind of question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Count, mean rating and share of satisfied.
    Count,
    /// The same by day, week or month.
    Trend,
    /// All values of nine dimensions, each without its own clause.
    Facets,
    /// The same by two dimensions.
    CrossTable,
    /// A page of comments, newest first.
    List,
}

impl Kind {
    pub(crate) const ALL: [Self; 5] = [Self::Count, Self::Trend, Self::Facets, Self::CrossTable, Self::List];

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Trend => "trend",
            Self::Facets => "facet set",
            Self::CrossTable => "cross-table",
            Self::List => "list page",
        }
    }
}

/// Dimensions of a facet set.
pub(crate) const FACETS: [Dim; 9] = [
    Dim::Service,
    Dim::Touchpoint,
    Dim::Channel,
    Dim::Rating,
    Dim::Device,
    Dim::Page,
    Dim::Area,
    Dim::Source,
    Dim::AgeBand,
];

/// Values shown of each dimension of a facet set.
pub(crate) const FACET_VALUES: usize = 20;
/// Comments on a page of the list.
pub(crate) const PAGE: usize = 25;

/// A dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dim {
    Service,
    Touchpoint,
    Channel,
    Rating,
    Device,
    Page,
    Area,
    Source,
    AgeBand,
}

impl Dim {
    /// The name that the API knows.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Touchpoint => "touchpoint",
            Self::Channel => "channel",
            Self::Rating => "rating",
            Self::Device => "device",
            Self::Page => "page",
            Self::Area => "area",
            Self::Source => "source",
            Self::AgeBand => "attr.age_band",
        }
    }
}

/// Values that a dimension must or must not have.
#[derive(Clone, Debug)]
pub(crate) struct Clause {
    pub(crate) dim: Dim,
    pub(crate) values: Vec<String>,
    pub(crate) not: bool,
}

/// Words that must be there.
#[derive(Clone, Debug)]
pub(crate) enum Words {
    One(String),
    Both(String, String),
    Either(String, String),
    Without(String, String),
    Phrase(String),
    Prefix(String),
}

/// A question.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) kind: Kind,
    pub(crate) clauses: Vec<Clause>,
    pub(crate) words: Option<Words>,
    /// First and last day.
    pub(crate) period: Option<(NaiveDate, NaiveDate)>,
    /// `day`, `week` or `month` of a trend.
    pub(crate) interval: &'static str,
    /// Dimensions of a cross-table.
    pub(crate) by: [Dim; 2],
}

/// The key that the program makes of a name.
pub(crate) fn key_of(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

/// Makes questions of one kind. A fifth of them has no filter but perhaps a period; the others have
/// up to three clauses, and half of all search for words.
pub(crate) fn make(kind: Kind, number: usize, seed: u64, vocabulary: &Vocabulary) -> Vec<Ask> {
    let mut random = Random::new(seed ^ ((kind as u64 + 1) << 32));
    (0..number).map(|_| ask(kind, &mut random, vocabulary)).collect()
}

fn ask(kind: Kind, random: &mut Random, vocabulary: &Vocabulary) -> Ask {
    let mut clauses: Vec<Clause> = Vec::new();
    for _ in 0..[0, 1, 1, 2, 3][random.below(5)] {
        let clause = clause(random);
        if clauses.iter().all(|c| c.dim != clause.dim) {
            clauses.push(clause);
        }
    }
    let searches = kind == Kind::List || random.chance(0.5);
    let groups = [Dim::Service, Dim::Touchpoint, Dim::Channel, Dim::Rating, Dim::Area, Dim::AgeBand, Dim::Device];
    let first = random.below(groups.len());
    let second = (first + 1 + random.below(groups.len() - 1)) % groups.len();
    Ask {
        kind,
        clauses,
        words: searches.then(|| words(random, vocabulary)),
        period: random.chance(0.5).then(|| period(random)),
        interval: ["day", "week", "month"][random.below(3)],
        by: [groups[first], groups[second]],
    }
}

fn clause(random: &mut Random) -> Clause {
    let dims =
        [Dim::Service, Dim::Touchpoint, Dim::Channel, Dim::Rating, Dim::Device, Dim::Page, Dim::Area, Dim::AgeBand];
    let dim = dims[Weighted::new(&[3.0, 2.0, 3.0, 3.0, 1.0, 1.0, 2.0, 2.0]).draw(random)];
    let number = if random.chance(0.3) { 2 } else { 1 };
    let mut values: Vec<String> = (0..number).map(|_| value(dim, random)).collect();
    values.sort();
    values.dedup();
    Clause { dim, values, not: random.chance(0.12) }
}

fn value(dim: Dim, random: &mut Random) -> String {
    match dim {
        Dim::Service => key_of(SERVICES[random.below(SERVICES.len())]),
        Dim::Touchpoint => format!(
            "{}/{}",
            key_of(SERVICES[random.below(SERVICES.len())]),
            key_of(TOUCHPOINTS[random.below(TOUCHPOINTS.len())])
        ),
        Dim::Channel => random.one_of(&CHANNELS).0.to_owned(),
        Dim::Rating => (1 + random.below(5)).to_string(),
        Dim::Device => random.one_of(&DEVICES).0.to_owned(),
        // Pages that people look at are the much used ones.
        Dim::Page => data::page(random.below(PAGES / 10)),
        Dim::Area => data::area(random.below(AREAS)),
        Dim::AgeBand => random.one_of(&AGE_BANDS).0.to_owned(),
        Dim::Source => "api".to_owned(),
    }
}

/// Words from all over the vocabulary: frequent ones, because they cost most, and rare ones.
fn words(random: &mut Random, vocabulary: &Vocabulary) -> Words {
    let word = |random: &mut Random| {
        let all = vocabulary.words.len();
        let within = [60, 400, all][random.below(3)].min(all);
        vocabulary.words[random.below(within)].clone()
    };
    match random.below(10) {
        0..=3 => Words::One(word(random)),
        4 | 5 => Words::Both(word(random), word(random)),
        6 => Words::Either(word(random), word(random)),
        7 => Words::Without(word(random), word(random)),
        8 => Words::Phrase(vocabulary.phrases[random.below(300.min(vocabulary.phrases.len()))].clone()),
        _ => {
            let word = word(random);
            Words::Prefix(word.chars().take(4).collect())
        }
    }
}

fn period(random: &mut Random) -> (NaiveDate, NaiveDate) {
    let from = FIRST_DAY + Days::new(random.below(DAYS as usize - 1) as u64);
    let end = FIRST_DAY + Days::new(DAYS - 1);
    let until = match random.below(4) {
        0 => from + Days::new(6),
        1 => from + Months::new(1),
        2 => from + Months::new(3),
        _ => from + Months::new(12),
    };
    (from, until.min(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_repeatable_and_differ() {
        let vocabulary = Vocabulary { words: vec!["time".into(), "staff".into()], phrases: vec!["very good".into()] };
        let one = make(Kind::Trend, 50, 1, &vocabulary);
        let same = make(Kind::Trend, 50, 1, &vocabulary);
        assert_eq!(format!("{one:?}"), format!("{same:?}"));
        assert_ne!(format!("{one:?}"), format!("{:?}", make(Kind::Trend, 50, 2, &vocabulary)));
    }
}
