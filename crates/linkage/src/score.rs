//! What a pair weighs, and why.

use crate::compare::pattern;
use crate::levels::{COMPARISONS, Comparison, LEVELS, Pattern, address, area, birth, given, handle, surname};
use crate::model::{Model, TermWeights};
use crate::record::Record;
use crate::table::{Row, Table};

/// What a pair weighs at most once it is known to be two people who share a home: HMPPS's Core Person Record says
/// -5 for twins.
pub const GUARDED_WEIGHT: f64 = -5.0;

/// How often two people of one home have the same given name: fathers and sons.
const SAME_NAME_AT_HOME: f32 = 0.01;

/// Up to so many bits above two, people of one home are taken for a family: eight.
const FAMILY: f32 = 2.0;

/// A rule that overrides what fields weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The same surname, date of birth and home, clearly different given names, no number that says otherwise.
    Twins,
    /// Given names clearly differ and the dates of birth don't speak for one person: then what a household shares is
    /// no evidence.
    Household,
}

impl Guard {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Twins => "Twins: the same surname, date of birth and home, but different given names",
            Self::Household => "Different given names: what a household shares is no evidence",
        }
    }
}

/// What one comparison adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// What was compared.
    pub comparison: Comparison,
    /// On which level the two agree, in words.
    pub level: &'static str,
    /// Bits for (above 0) or against (below 0) one person.
    pub weight: f64,
}

/// Why a pair weighs what it weighs: the parts, the correction and the prior add up to the weight, unless a guard
/// has the last word.
#[derive(Clone, Debug, PartialEq)]
pub struct Waterfall {
    /// Before anything is compared.
    pub prior: f64,
    /// One for each field that both have.
    pub parts: Vec<Part>,
    /// What is taken off because a household shares it and it counts once (0 or below).
    pub household: f64,
    /// The rule that overrode the sum.
    pub guard: Option<Guard>,
    /// What all comes to, in bits.
    pub weight: f64,
    /// Probability that both are one person.
    pub probability: f64,
}

/// The probability that a weight stands for.
pub fn probability(weight: f64) -> f64 {
    // Both ways of writing it are exact where the other would overflow.
    if weight > 0.0 { 1.0 / (1.0 + (-weight).exp2()) } else { weight.exp2() / (1.0 + weight.exp2()) }
}

/// Compares two records.
pub fn compare(model: &Model, a: &Record, b: &Record) -> Waterfall {
    // No counting here of who shares what: two records of one home are no crowd.
    let mut table = Table::default();
    table.push(a);
    table.push(b);
    Scorer::new(model, &table).waterfall(0, 1)
}

/// Weighs the pairs of one table.
#[derive(Debug)]
pub struct Scorer<'a> {
    table: &'a Table,
    weights: [[f32; LEVELS]; COMPARISONS],
    terms: TermWeights,
    log_m_exact: [f32; COMPARISONS],
    prior: f32,
    household: f32,
    guards: bool,
}

/// What a pair came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scored {
    pub(crate) pattern: Pattern,
    pub(crate) weight: f32,
    pub(crate) guard: Option<Guard>,
}

impl Scored {
    /// Whether two records can't be of one person although others may stand between them: a guard says so, or nothing
    /// personal agrees and something does clearly differ.
    pub(crate) fn contradicts(&self) -> bool {
        if self.guard.is_some() {
            return true;
        }
        let id = self.pattern.level(Comparison::ExternalId);
        let born = self.pattern.level(Comparison::BirthDate);
        let named = self.pattern.level(Comparison::GivenNames);
        // Names are the same, but neither date nor number is: father and son.
        id == handle::DIFFERENT && born == birth::DIFFERENT && named != given::DIFFERENT && self.weight < 0.0
    }
}

impl<'a> Scorer<'a> {
    /// For the pairs of a table.
    pub fn new(model: &Model, table: &'a Table) -> Self {
        let mut weights = [[0.0; LEVELS]; COMPARISONS];
        let mut log_m_exact = [0.0; COMPARISONS];
        for (place, of) in weights.iter_mut().enumerate() {
            for (level, weight) in of.iter_mut().enumerate() {
                *weight = (model.m[place][level] / model.u[place][level]).log2() as f32;
            }
            log_m_exact[place] = model.m[place][0].log2() as f32;
        }
        Self {
            table,
            weights,
            terms: TermWeights::new(model, table),
            log_m_exact,
            prior: model.prior_weight() as f32,
            household: model.household_weight() as f32,
            guards: true,
        }
    }

    /// The same without guards, and with everything that a household shares counted in full: for measuring what they
    /// cost and save.
    pub(crate) fn without_guards(model: &Model, table: &'a Table) -> Self {
        Self { guards: false, household: f32::INFINITY, ..Self::new(model, table) }
    }

    pub(crate) fn table(&self) -> &'a Table {
        self.table
    }

    /// What a level weighs for this pair: where values are the same, by how frequent the value is.
    fn part(&self, comparison: Comparison, level: u8, a: &Row, b: &Row) -> f32 {
        let place = comparison.place();
        let level = if level == handle::SHARED && !self.guards { handle::EXACT } else { level };
        if usize::from(level) >= LEVELS {
            return 0.0;
        }
        let usual = self.weights[place][usize::from(level)];
        if level != 0 {
            return usual;
        }
        let frequency = match comparison {
            Comparison::GivenNames => self.terms.given[a.given as usize],
            Comparison::Surname => self.terms.surname[a.surname as usize],
            Comparison::BirthDate => self.terms.birth[b.birth as usize],
            Comparison::Area => self.terms.postcode[a.postcode as usize],
            _ => return usual,
        };
        // A model that has counted nothing knows no frequencies.
        if frequency.is_finite() { self.log_m_exact[place] - frequency } else { usual }
    }

    pub(crate) fn score(&self, a: u32, b: u32) -> Scored {
        self.weigh(a, b).0
    }

    /// What a pair comes to, what each comparison adds, and what is counted of what a household shares.
    fn weigh(&self, a: u32, b: u32) -> (Scored, [f32; COMPARISONS], f32) {
        let (x, y) = (&self.table.rows[a as usize], &self.table.rows[b as usize]);
        let pattern = pattern(self.table, x, y);
        let mut parts = [0.0; COMPARISONS];
        let mut household = 0.0;
        for comparison in Comparison::ALL {
            let weight = self.part(comparison, pattern.level(comparison), x, y);
            parts[comparison.place()] = weight;
            if comparison.is_of_household() {
                household += weight.max(0.0);
            }
        }
        let most = self.most_of_household(pattern, x, y);
        if household >= most && most + FAMILY >= self.household && pattern.level(Comparison::GivenNames) == given::EXACT
        {
            // It is known to be one home, and there the same name is rare however frequent it is elsewhere.
            let frequency = self.terms.given[x.given as usize];
            parts[Comparison::GivenNames.place()] += (frequency - SAME_NAME_AT_HOME.log2()).max(0.0);
        }
        let guard = if self.guards { guard(pattern) } else { None };
        let counted = match guard {
            None => household.min(most),
            Some(Guard::Household) => 0.0,
            Some(Guard::Twins) => household,
        };
        let weight = self.prior + parts.iter().sum::<f32>() - household + counted;
        let weight = if guard.is_some() { weight.min(GUARDED_WEIGHT as f32) } else { weight };
        (Scored { pattern, weight, guard }, parts, counted - household)
    }

    /// The most that what a household shares can weigh: less where many people live at one address.
    fn most_of_household(&self, pattern: Pattern, a: &Row, b: &Row) -> f32 {
        let one_home = pattern.level(Comparison::Address) == address::SAME;
        let crowd = if one_home && self.guards { self.table.crowd(a).max(self.table.crowd(b)) } else { 0.0 };
        (self.household - crowd).max(0.0)
    }

    /// What a pair weighs.
    pub fn weight(&self, a: u32, b: u32) -> f64 {
        f64::from(self.score(a, b).weight)
    }

    /// Why a pair weighs what it weighs.
    pub fn waterfall(&self, a: u32, b: u32) -> Waterfall {
        let (Scored { pattern, weight, guard }, weights, household) = self.weigh(a, b);
        let mut parts = Vec::new();
        for comparison in Comparison::ALL {
            let level = pattern.level(comparison);
            let words = match comparison.levels().get(usize::from(level)) {
                Some(of) => of.words,
                None if level == handle::SHARED => "the same, but several people use it",
                None => continue,
            };
            parts.push(Part { comparison, level: words, weight: f64::from(weights[comparison.place()]) });
        }
        let weight = f64::from(weight);
        Waterfall {
            prior: f64::from(self.prior),
            parts,
            household: f64::from(household),
            guard,
            weight,
            probability: probability(weight),
        }
    }
}

/// The guard that speaks for a pair.
fn guard(pattern: Pattern) -> Option<Guard> {
    let level = |comparison| pattern.level(comparison);
    let numbered = matches!(level(Comparison::ExternalId), handle::EXACT | handle::SLIP);
    if level(Comparison::GivenNames) != given::DIFFERENT || numbered {
        return None;
    }
    let born = level(Comparison::BirthDate);
    if !matches!(born, birth::EXACT | birth::SLIP | birth::SWAPPED) {
        return Some(Guard::Household);
    }
    let of_one_home = level(Comparison::Address) <= address::STREET
        || level(Comparison::Area) == area::POSTCODE
        || level(Comparison::Email) == handle::EXACT
        || level(Comparison::Phone) == handle::EXACT;
    let of_one_name = level(Comparison::Surname) < surname::DIFFERENT;
    (of_one_name && of_one_home && born == birth::EXACT).then_some(Guard::Twins)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BirthDate, ExternalId};

    fn person(given: &str, born: Option<u32>) -> Record {
        Record {
            given_names: Some(given.into()),
            surname: Some("Beazley".into()),
            birth_date: born.map(BirthDate::from_digits),
            address: vec!["12 Mill Lane".into()],
            postcode: Some("M1 1AE".into()),
            emails: vec!["family@example.org".into()],
            ..Record::default()
        }
    }

    fn weighed(a: &Record, b: &Record) -> Waterfall {
        compare(&Model::usual(1_000_000), a, b)
    }

    #[test]
    fn the_same_details_are_one_person_and_nothing_is_nobody() {
        let ann = person("Ann", Some(19_730_924));
        let why = weighed(&ann, &ann);
        assert!(why.weight > 10.0 && why.probability > 0.999, "{why:?}");
        let sum = why.prior + why.household + why.parts.iter().map(|p| p.weight).sum::<f64>();
        assert!((sum - why.weight).abs() < 1e-4);
        let nothing = weighed(&Record::default(), &ann);
        assert!(nothing.parts.is_empty());
        assert!((nothing.weight - Model::usual(1_000_000).prior_weight()).abs() < 1e-4);
    }

    #[test]
    fn twins_are_two_unless_a_number_says_that_they_are_one() {
        let (mut ann, mut zoe) = (person("Ann", Some(19_730_924)), person("Zoe", Some(19_730_924)));
        let why = weighed(&ann, &zoe);
        assert_eq!(why.guard, Some(Guard::Twins));
        assert!(why.weight <= GUARDED_WEIGHT);
        let id = |value: &str| vec![ExternalId { scheme: "NHS number".into(), value: value.into() }];
        (ann.external_ids, zoe.external_ids) = (id("9434765919"), id("9434765919"));
        let why = weighed(&ann, &zoe);
        assert_eq!(why.guard, None);
        assert!(why.weight > 6.0, "{why:?}");
        // A short form of the name is no other name.
        assert_eq!(weighed(&person("Ann", Some(19_730_924)), &person("Annie", Some(19_730_924))).guard, None);
    }

    #[test]
    fn what_a_family_shares_is_no_evidence_of_one_person() {
        for (a, b) in [(None, None), (Some(19_700_101), None), (Some(19_700_101), Some(20_010_203))] {
            let why = weighed(&person("Ann", a), &person("Rhys", b));
            assert_eq!(why.guard, Some(Guard::Household));
            assert!(why.weight <= GUARDED_WEIGHT, "{why:?}");
        }
        // Without a given name it can't be told which of the family it is.
        let nameless = Record { given_names: None, ..person("", None) };
        let why = weighed(&nameless, &person("Ann", Some(19_700_101)));
        assert!(why.weight < crate::DEFAULT_JOIN && why.household < 0.0, "{why:?}");
        // Father and son of one name.
        let why = weighed(&person("Rhys", Some(19_500_302)), &person("Rhys", Some(19_811_127)));
        assert!(why.weight < crate::DEFAULT_JOIN, "{why:?}");
    }

    #[test]
    fn where_many_live_the_address_says_less() {
        let mut one = person("Ann", None);
        let mut other = person("Ann", None);
        let at_home = weighed(&one, &other).weight;
        (one.residents, other.residents) = (Some(64), Some(64));
        (one.shared_handles, other.shared_handles) = (one.emails.clone(), other.emails.clone());
        let in_a_care_home = weighed(&one, &other).weight;
        assert!(in_a_care_home < at_home - 4.0, "{at_home} {in_a_care_home}");
    }

    #[test]
    fn weights_stand_for_probabilities() {
        for (weight, expected) in
            [(0.0, 0.5), (2.0, 0.8), (7.0, 0.992), (-7.0, 0.0078), (2_000.0, 1.0), (-2_000.0, 0.0)]
        {
            assert!((probability(weight) - expected).abs() < 1e-3, "{weight}");
        }
    }
}
