//! What was learnt: a prior, probabilities of each level, how frequent names are. Saved as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::levels::{COMPARISONS, Comparison, LEVELS};
use crate::table::{Pool, Table};

/// Version of the file and of what its levels mean. A model of another version is refused, because its weights were
/// learnt for other levels.
pub const MODEL_VERSION: u32 = 1;
/// What says that a file is a model.
const FORMAT: &str = "commonweal-linkage-model";
/// A value is kept by itself when so many records have it; rarer ones are counted together, so that a model holds
/// nothing that only few people have.
pub const MIN_TERM_RECORDS: u32 = 5;

/// A model for comparing records.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub(crate) prior: f64,
    pub(crate) records: u64,
    pub(crate) m: [[f64; LEVELS]; COMPARISONS],
    pub(crate) u: [[f64; LEVELS]; COMPARISONS],
    pub(crate) given_names: Terms,
    pub(crate) surnames: Terms,
    pub(crate) postcodes: Terms,
    pub(crate) birth_dates: Terms,
}

/// How often values occur: those of many records each by itself, all others together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Terms {
    /// Share of the records that have it.
    common: BTreeMap<String, f64>,
    /// Share of the records that have the rare value which a record with a rare value has, on average.
    rare: f64,
}

impl Terms {
    /// Counts values; 0 is none.
    pub(crate) fn count(values: impl Iterator<Item = u32>, different: usize, text: impl Fn(u32) -> String) -> Self {
        let mut counts = vec![0_u32; different];
        let mut all = 0_u32;
        for value in values.filter(|value| *value != 0) {
            counts[value as usize] += 1;
            all += 1;
        }
        if all == 0 {
            return Self::default();
        }
        let all = f64::from(all);
        let (mut common, mut squares, mut rare) = (BTreeMap::new(), 0.0, 0.0);
        for (value, count) in (0..).zip(counts) {
            if count >= MIN_TERM_RECORDS {
                common.insert(text(value), f64::from(count) / all);
            } else {
                squares += f64::from(count * count);
                rare += f64::from(count);
            }
        }
        Self { common, rare: if rare == 0.0 { 1.0 / all } else { squares / rare / all } }
    }

    /// The frequency of a value, 0 if nothing was counted.
    fn of(&self, text: &str) -> f64 {
        self.common.get(text).copied().unwrap_or(self.rare)
    }
}

/// Logarithms of the frequencies of a table's values.
#[derive(Debug)]
pub(crate) struct TermWeights {
    pub(crate) given: Vec<f32>,
    pub(crate) surname: Vec<f32>,
    pub(crate) postcode: Vec<f32>,
    pub(crate) birth: Vec<f32>,
}

impl TermWeights {
    pub(crate) fn new(model: &Model, table: &Table) -> Self {
        let pool = |pool: &Pool, terms: &Terms| {
            (0..pool.len()).map(|n| terms.of(pool.get(u32::try_from(n).unwrap_or(0))).log2() as f32).collect()
        };
        let births = table.births.iter().map(|d| model.birth_dates.of(&d.to_string()).log2() as f32).collect();
        Self {
            given: pool(&table.names, &model.given_names),
            surname: pool(&table.names, &model.surnames),
            postcode: pool(&table.postcodes, &model.postcodes),
            birth: births,
        }
    }
}

/// Why a file is no model that can be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is no JSON, or of another shape.
    #[error("This is not a model of record linkage: {0}.")]
    Shape(String),
    /// Another version.
    #[error(
        "This model has version {found}, but version {MODEL_VERSION} is needed. Let one be learnt anew, and save it."
    )]
    Version {
        /// Its version.
        found: u32,
    },
}

#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    version: u32,
    records: u64,
    prior: f64,
    comparisons: BTreeMap<Comparison, BTreeMap<String, Probabilities>>,
    terms: TermsFile,
}

#[derive(Serialize, Deserialize)]
struct Probabilities {
    m: f64,
    u: f64,
}

#[derive(Serialize, Deserialize)]
struct TermsFile {
    given_names: Terms,
    surnames: Terms,
    postcodes: Terms,
    birth_dates: Terms,
}

impl Model {
    /// A model that has learnt nothing: the usual probabilities of levels, for so many records.
    pub fn usual(records: u64) -> Self {
        let (mut m, mut u) = ([[1.0; LEVELS]; COMPARISONS], [[1.0; LEVELS]; COMPARISONS]);
        for comparison in Comparison::ALL {
            for (level, usual) in comparison.levels().iter().enumerate() {
                m[comparison.place()][level] = usual.m;
                u[comparison.place()][level] = usual.u;
            }
        }
        let terms = Terms::default();
        Self {
            prior: 1.0 / records.max(2) as f64,
            records,
            m,
            u,
            given_names: terms.clone(),
            surnames: terms.clone(),
            postcodes: terms.clone(),
            birth_dates: terms,
        }
    }

    /// Counts how often the values of a table occur.
    pub(crate) fn count_terms(&mut self, table: &Table) {
        let rows = || table.rows.iter();
        let names = |n: u32| table.names.get(n).to_owned();
        self.given_names = Terms::count(rows().map(|r| r.given), table.names.len(), names);
        self.surnames = Terms::count(rows().map(|r| r.surname), table.names.len(), names);
        self.postcodes =
            Terms::count(rows().map(|r| r.postcode), table.postcodes.len(), |n| table.postcodes.get(n).to_owned());
        self.birth_dates =
            Terms::count(rows().map(|r| r.birth), table.births.len(), |n| table.births[n as usize].to_string());
    }

    /// Probability that two records taken at random are of one person.
    pub const fn prior(&self) -> f64 {
        self.prior
    }

    /// The prior in bits.
    pub fn prior_weight(&self) -> f64 {
        (self.prior / (1.0 - self.prior)).log2()
    }

    /// How many records it has learnt from.
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// The most that everything which a household of two shares can weigh together: there are so many households
    /// among the records, so that agreeing in all of it can't do more than tell which one it is.
    pub fn household_weight(&self) -> f64 {
        (self.records.max(4) as f64 / 2.0).log2()
    }

    /// The levels of a comparison: key, words, m, u and weight in bits, in their order.
    pub fn levels(&self, comparison: Comparison) -> Vec<LevelFigures> {
        let place = comparison.place();
        let figures = comparison.levels().iter().enumerate().map(|(level, of)| LevelFigures {
            key: of.key,
            words: of.words,
            m: self.m[place][level],
            u: self.u[place][level],
            weight: (self.m[place][level] / self.u[place][level]).log2(),
        });
        figures.collect()
    }

    /// As JSON, to be kept. It holds names, postcodes and dates that at least [`MIN_TERM_RECORDS`] records have, and
    /// nothing of any one record.
    pub fn to_json(&self) -> String {
        let comparisons = Comparison::ALL.into_iter().map(|comparison| {
            let levels = self.levels(comparison).into_iter();
            (comparison, levels.map(|l| (l.key.to_owned(), Probabilities { m: l.m, u: l.u })).collect())
        });
        let file = File {
            format: FORMAT.to_owned(),
            version: MODEL_VERSION,
            records: self.records,
            prior: self.prior,
            comparisons: comparisons.collect(),
            terms: TermsFile {
                given_names: self.given_names.clone(),
                surnames: self.surnames.clone(),
                postcodes: self.postcodes.clone(),
                birth_dates: self.birth_dates.clone(),
            },
        };
        serde_json::to_string_pretty(&file).unwrap_or_default()
    }

    /// From JSON.
    ///
    /// # Errors
    ///
    /// When it is no model, one of another version, or one with impossible probabilities.
    pub fn from_json(text: &str) -> Result<Self, ModelError> {
        let shape = |why: &str| ModelError::Shape(why.to_owned());
        let value: serde_json::Value = serde_json::from_str(text).map_err(|e| shape(&e.to_string()))?;
        if value["format"] != FORMAT {
            return Err(shape("it does not say that it is one"));
        }
        let version = value["version"].as_u64().and_then(|v| u32::try_from(v).ok()).unwrap_or(0);
        if version != MODEL_VERSION {
            return Err(ModelError::Version { found: version });
        }
        let file: File = serde_json::from_value(value).map_err(|e| shape(&e.to_string()))?;
        let mut model = Self::usual(file.records);
        let possible = |p: f64| p > 0.0 && p < 1.0;
        if !possible(file.prior) {
            return Err(shape("its prior is not between 0 and 1"));
        }
        model.prior = file.prior;
        for comparison in Comparison::ALL {
            for (level, of) in comparison.levels().iter().enumerate() {
                let found = file.comparisons.get(&comparison).and_then(|levels| levels.get(of.key));
                let Some(Probabilities { m, u }) = found.filter(|p| possible(p.m) && possible(p.u)) else {
                    return Err(shape(&format!(
                        "the level “{}” of {} is missing, or its probabilities are not between 0 and 1",
                        of.key,
                        comparison.label().to_lowercase()
                    )));
                };
                (model.m[comparison.place()][level], model.u[comparison.place()][level]) = (*m, *u);
            }
        }
        let TermsFile { given_names, surnames, postcodes, birth_dates } = file.terms;
        for terms in [&given_names, &surnames, &postcodes, &birth_dates] {
            let frequencies = terms.common.values().chain(std::iter::once(&terms.rare));
            if frequencies.into_iter().any(|f| !(0.0..=1.0).contains(f)) {
                return Err(shape("a frequency is not between 0 and 1"));
            }
        }
        Ok(Self { given_names, surnames, postcodes, birth_dates, ..model })
    }
}

/// One level of a comparison as a model has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelFigures {
    /// Key.
    pub key: &'static str,
    /// In words.
    pub words: &'static str,
    /// Probability among pairs of one person.
    pub m: f64,
    /// Probability among pairs of two persons.
    pub u: f64,
    /// Bits for or against one person.
    pub weight: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_kept_and_read_back() {
        let mut model = Model::usual(1_000_000);
        model.surnames = Terms::count([1, 1, 1, 1, 1, 2, 0].into_iter(), 3, |n| format!("name{n}"));
        assert_eq!(model.surnames.common.len(), 1, "what few have is not kept by name");
        assert!((model.surnames.of("name1") - 5.0 / 6.0).abs() < 1e-9);
        assert!((model.surnames.of("anything") - 1.0 / 6.0).abs() < 1e-9);
        let again = Model::from_json(&model.to_json()).expect("a model");
        assert_eq!(again, model);
    }

    #[test]
    fn what_is_no_model_is_refused_in_words() {
        let said = |text: &str| Model::from_json(text).expect_err("no model").to_string();
        assert!(said("{").starts_with("This is not a model of record linkage"));
        assert!(said("{}").contains("does not say that it is one"));
        let json = Model::usual(9).to_json();
        assert_eq!(
            said(&json.replace("\"version\": 1", "\"version\": 7")),
            "This model has version 7, but version 1 is needed. Let one be learnt anew, and save it."
        );
        assert!(said(&json.replace("\"nickname\"", "\"nick\"")).contains("“nickname” of given names is missing"));
    }
}
