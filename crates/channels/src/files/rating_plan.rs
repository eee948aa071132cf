//! How the answers of one rating column, or of one question, become ratings.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use commonweal_domain::Rating;
use commonweal_domain::import::{Mapping, RatingColumn};

use super::column_names::attribute_name;
use super::families::is_no_answer;
use super::plan::SHOWN;
use super::ratings::{Answer, answer, known_word};
use super::record::{listed, shortened};
use super::values::{no_words, plain_words};

/// The ratings that questions ask for, in a file with one row for each answer.
pub(crate) fn questions(headings: &[String], mapping: &Mapping) -> HashMap<String, RatingPlan> {
    let asked = mapping.ratings.keys().filter(|q| !headings.contains(q));
    asked
        .filter_map(|q| Some((q.clone(), RatingPlan::new(&attribute_name(q, 0, &BTreeSet::new()), q, mapping)?)))
        .collect()
}

/// How the answers of one rating column are read.
pub(crate) struct RatingPlan {
    name: String,
    worst: f64,
    best: f64,
    words: HashMap<String, f64>,
    no_answer: HashSet<String>,
}

impl RatingPlan {
    pub(crate) fn new(name: &str, heading: &str, mapping: &Mapping) -> Option<Self> {
        let found = mapping.ratings.get(heading);
        let said_words: BTreeMap<String, f64> =
            mapping.rating_words.iter().map(|(w, v)| (w.trim().to_lowercase(), *v)).collect();
        let (worst, best) = mapping.scale.or(found.map(|f| (f.worst, f.best))).or_else(|| {
            let ends =
                said_words.values().copied().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
            (ends.0 < ends.1).then_some(ends)
        })?;
        if !worst.is_finite() || !best.is_finite() || worst == best {
            return None;
        }
        let none = RatingColumn::default();
        let found = found.unwrap_or(&none);
        let mut words = HashMap::new();
        for (word, value) in &found.words {
            // Words that were found on one scale keep their place on the scale that was said.
            let place =
                if found.best == found.worst { 0.5 } else { (value - found.worst) / (found.best - found.worst) };
            words.insert(word.clone(), worst + place * (best - worst));
        }
        words.extend(said_words);
        let on_scale =
            |code: &String| code.parse::<f64>().is_ok_and(|n| (worst.min(best)..=worst.max(best)).contains(&n));
        let no_answer = found.no_answer.iter().filter(|c| !on_scale(c)).cloned().collect();
        Some(Self { name: name.to_owned(), worst, best, words, no_answer })
    }

    /// What is rated.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The rating that an answer is; none when it is no answer.
    pub(crate) fn rating(&self, cell: &str) -> Result<Option<Rating>, String> {
        let value = self.value(cell)?;
        Ok(value.map(|value| Rating { name: self.name.clone(), value, worst: self.worst, best: self.best }))
    }

    /// The number that an answer stands for; none when it is no answer.
    fn value(&self, cell: &str) -> Result<Option<f64>, String> {
        if no_words(cell) {
            return Ok(None);
        }
        if let Ok(number) = cell.parse::<f64>() {
            let code = || if number.fract() == 0.0 { format!("{number:.0}") } else { cell.to_owned() };
            if !self.no_answer.is_empty() && self.no_answer.contains(&code()) {
                return Ok(None);
            }
            return self.on_scale(number, cell).map(Some);
        }
        let lower = cell.to_lowercase();
        if let Some(value) = self.words.get(&lower) {
            return Ok(Some(*value));
        }
        if self.no_answer.contains(&lower) {
            return Ok(None);
        }
        match answer(cell) {
            Answer::Number(n) | Answer::Stars(n) => self.on_scale(n, cell).map(Some),
            Answer::OutOf(n, of) if of == self.worst.max(self.best) => self.on_scale(n, cell).map(Some),
            Answer::OutOf(..) => Err(self.off(cell)),
            Answer::Labelled(_, words) if is_no_answer(&words) => Ok(None),
            Answer::Labelled(n, _) => self.on_scale(n, cell).map(Some),
            Answer::Words(words) if is_no_answer(&words) => Ok(None),
            Answer::Words(words) => {
                let by_plain =
                    || self.words.iter().find(|(w, _)| plain_words(w) == words || **w == words).map(|(_, v)| *v);
                by_plain().or_else(|| known_word(&words, self.worst, self.best)).map(Some).ok_or_else(|| self.off(cell))
            }
        }
    }

    fn on_scale(&self, number: f64, cell: &str) -> Result<f64, String> {
        if (self.worst.min(self.best)..=self.worst.max(self.best)).contains(&number) {
            Ok(number)
        } else {
            Err(self.off(cell))
        }
    }

    fn off(&self, cell: &str) -> String {
        let mut known: Vec<(&String, f64)> = self.words.iter().map(|(w, v)| (w, *v)).collect();
        known.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.len().cmp(&b.0.len())));
        known.dedup_by(|a, b| a.1 == b.1);
        let words = if known.is_empty() {
            String::new()
        } else {
            format!(" In words, {} are known.", listed(known.iter().map(|(w, _)| w.as_str()), 8))
        };
        format!(
            "“{}” is not on the scale, which goes from {} (worst) to {} (best).{words}",
            shortened(cell, SHOWN),
            self.worst,
            self.best
        )
    }
}
