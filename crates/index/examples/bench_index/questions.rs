//! A fixed mix of different questions, as people ask them.

use chrono::{DateTime, TimeDelta, Utc};
use commonweal_domain::filter::TimeRange;
use commonweal_domain::question::{Grouping, Interval, ListQuery, Measure, Order, Query};
use commonweal_domain::{Channel, Dimension, Filter, PageRequest, search};
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use crate::feedback::{AGES, Maker, SERVICES, TOUCHPOINTS, skewed};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Count,
    Trend,
    Facets,
    Table,
    List,
}

impl Kind {
    pub(crate) const ALL: &'static [Self] = &[Self::Count, Self::Trend, Self::Facets, Self::Table, Self::List];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Count => "counts",
            Self::Trend => "trends",
            Self::Facets => "facet sets",
            Self::Table => "cross-tables",
            Self::List => "lists",
        }
    }
}

/// One question, and what it says.
pub(crate) struct Question {
    pub(crate) text: String,
    pub(crate) ask: Ask,
}

pub(crate) enum Ask {
    Answer(Query),
    Facets(Filter, Vec<Dimension>),
    List(ListQuery),
}

/// The questions of one kind, all different.
pub(crate) fn questions(kind: Kind, number: usize, maker: &Maker) -> Vec<Question> {
    let r = &mut SmallRng::seed_from_u64(0xc0de + kind as u64);
    let mut seen = std::collections::HashSet::new();
    let mut all = Vec::with_capacity(number);
    // The plainest question of each kind is always among them.
    all.push(question(kind, Filter::default(), "everything".to_owned(), r));
    while all.len() < number {
        let (filter, text) = filter(r, maker);
        let question = question(kind, filter, text, r);
        if seen.insert(question.text.clone()) {
            all.push(question);
        }
    }
    all
}

fn question(kind: Kind, filter: Filter, text: String, r: &mut SmallRng) -> Question {
    let (asked, ask) = match kind {
        Kind::Count => {
            let group_by = if r.random_bool(0.7) { vec![Grouping::Dimension(dimension(r))] } else { Vec::new() };
            answer(filter, group_by, r)
        }
        Kind::Trend => {
            let interval = *Interval::ALL.choose(r).expect("there are some");
            // Hours of three years are more steps than are shown.
            let coarse = filter.range == TimeRange::default() && interval == Interval::Hour;
            answer(filter, vec![Grouping::Time(if coarse { Interval::Day } else { interval })], r)
        }
        Kind::Table => {
            let second =
                if r.random_bool(0.3) { Grouping::Time(Interval::Month) } else { Grouping::Dimension(dimension(r)) };
            answer(filter, vec![second, Grouping::Dimension(dimension(r))], r)
        }
        Kind::Facets => {
            let attributes = ["age_band", "disability", "tenure"].map(|a| Dimension::Attribute(a.to_owned()));
            (String::new(), Ask::Facets(filter, Dimension::FIXED.iter().cloned().chain(attributes).collect()))
        }
        Kind::List => {
            let order = if r.random_bool(0.8) { Order::Newest } else { Order::Oldest };
            (format!("{} first", order.key()), Ask::List(ListQuery { filter, order, page: PageRequest::first(50) }))
        }
    };
    Question { text: format!("{asked} of {text}"), ask }
}

fn answer(filter: Filter, group_by: Vec<Grouping>, r: &mut SmallRng) -> (String, Ask) {
    let number = 1 + skewed(r, 4);
    let measures: Vec<Measure> = Measure::ALL.choose_multiple(r, number).copied().collect();
    let compare_range = match (filter.range.from, filter.range.to) {
        (Some(from), Some(to)) if r.random_bool(0.4) => {
            Some(TimeRange { from: Some(from - (to - from)), to: Some(from) })
        }
        _ => None,
    };
    let keys = |names: Vec<String>| names.join(", ");
    let text = format!(
        "{} by {}{}",
        keys(measures.iter().map(|m| m.key().to_owned()).collect()),
        keys(group_by.iter().map(Grouping::key).collect()),
        if compare_range.is_some() { ", compared" } else { "" }
    );
    (text, Ask::Answer(Query { filter, group_by, measures, compare_range, limit: 50 }))
}

fn dimension(r: &mut SmallRng) -> Dimension {
    let attributes = ["age_band", "disability", "tenure"];
    match r.random_range(0..Dimension::FIXED.len() + attributes.len()) {
        n if n < Dimension::FIXED.len() => Dimension::FIXED[n].clone(),
        n => Dimension::Attribute(attributes[n - Dimension::FIXED.len()].to_owned()),
    }
}

/// Up to three clauses, often words, often a period.
fn filter(r: &mut SmallRng, maker: &Maker) -> (Filter, String) {
    let mut filter = Filter::default();
    for _ in 0..r.random_range(0..4) {
        let dimension = dimension(r);
        for _ in 0..1 + skewed(r, 3) {
            let no = if r.random_bool(0.15) { "!" } else { "" };
            filter.add(dimension.clone(), &format!("{no}{}", value(&dimension, r)));
        }
    }
    if r.random_bool(0.5) {
        let typed = words(r, maker);
        search::parse(&typed, &mut filter).expect("words are always understood");
    }
    if r.random_bool(0.5) {
        filter.range = period(r);
    }
    let clauses: Vec<String> =
        filter.clauses.iter().map(|(d, c)| format!("{d}={}!{}", c.is.join("|"), c.is_not.join("|"))).collect();
    let during = match filter.range {
        TimeRange { from: Some(from), to: Some(to) } => format!("{}..{}", from.date_naive(), to.date_naive()),
        _ => String::new(),
    };
    let text = format!("[{}] {} {during}", filter.words, clauses.join(" "));
    (filter, text)
}

fn value(dimension: &Dimension, r: &mut SmallRng) -> String {
    let service = |r: &mut SmallRng| SERVICES[skewed(r, 12)].to_owned();
    match dimension {
        Dimension::Service => service(r),
        Dimension::Touchpoint => format!("{}/{}", service(r), TOUCHPOINTS[skewed(r, 5)]),
        Dimension::Channel => Channel::ALL[skewed(r, 14)].key().to_owned(),
        Dimension::Rating => r.random_range(1..=5).to_string(),
        Dimension::Sentiment => ["negative", "very_negative", "positive", "neutral"][skewed(r, 4)].to_owned(),
        Dimension::Emotion => ["anger", "joy", "(none)"][skewed(r, 3)].to_owned(),
        Dimension::Theme => format!("theme-{:02}", skewed(r, 30)),
        Dimension::Alert => ["violence", "fraud", "(none)"][skewed(r, 3)].to_owned(),
        Dimension::Question => "What could we do better?".to_owned(),
        Dimension::Language => ["en", "cy", "pl", "(none)"][skewed(r, 4)].to_owned(),
        Dimension::Device => ["phone", "desktop", "(none)"][skewed(r, 3)].to_owned(),
        Dimension::Page => format!("https://www.example.org/services/page-{}", skewed(r, 2_000)),
        Dimension::Area => format!("ward-{:02}", skewed(r, 40)),
        Dimension::Source => ["api".to_owned(), format!("import-{}", skewed(r, 200))][skewed(r, 2)].clone(),
        Dimension::Function => "serve".to_owned(),
        Dimension::Capacity => ["customer", "citizen"][skewed(r, 2)].to_owned(),
        Dimension::Direction => "in".to_owned(),
        Dimension::HasWords => "yes".to_owned(),
        Dimension::Attribute(name) if name == "age_band" => AGES[r.random_range(0..8)].to_owned(),
        Dimension::Attribute(name) if name == "tenure" => ["owner", "council", "(none)"][skewed(r, 3)].to_owned(),
        Dimension::Attribute(_) => "yes".to_owned(),
    }
}

/// What somebody types: a word, two, a phrase, the beginning of a word, a word to leave out; taken
/// from a real comment, so that frequent words are frequent here.
fn words(r: &mut SmallRng, maker: &Maker) -> String {
    loop {
        let words: Vec<String> = search::tokens(maker.comment(r)).map(|t| t.text).filter(|w| w.len() > 2).collect();
        if words.len() < 3 {
            continue;
        }
        let n = r.random_range(0..words.len() - 1);
        return match r.random_range(0..10) {
            0..4 => words[n].clone(),
            4..6 => format!("{} {}", words[n], words[words.len() - 1]),
            6..8 => format!("\"{} {}\"", words[n], words[n + 1]),
            8 => format!("{}*", words[n].chars().take(3).collect::<String>()),
            _ => format!("-{}", words[n]),
        };
    }
}

fn period(r: &mut SmallRng) -> TimeRange {
    let (begin, end): (DateTime<Utc>, DateTime<Utc>) = Maker::span();
    let days = *[7, 30, 90, 365].choose(r).expect("there are some");
    let to = if r.random_bool(0.5) { end } else { begin + TimeDelta::days(r.random_range(days..3 * 365)) };
    TimeRange { from: Some(to - TimeDelta::days(days)), to: Some(to) }
}
