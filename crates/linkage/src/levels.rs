//! What is compared, and the levels on which two records can agree in it.

use serde::{Deserialize, Serialize};

/// Comparisons are few and each has few levels, so that a pair's agreement fits into 32 bits.
pub(crate) const COMPARISONS: usize = 8;
/// Most levels of a comparison.
pub(crate) const LEVELS: usize = 8;
/// Stands for a level where a side has nothing: it weighs nothing.
pub(crate) const MISSING: u8 = 15;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Given names.
    GivenNames,
    /// Surname.
    Surname,
    /// Date of birth.
    BirthDate,
    /// House number and street.
    Address,
    /// Postcode; the town only where postcodes say nothing or differ, because both say where the home is.
    Area,
    /// Email addresses: the best of all.
    Email,
    /// Telephone numbers: the best of all.
    Phone,
    /// Numbers that others have given, of one scheme: the best of all.
    ExternalId,
}

/// One level with what is usual for it before anything is learnt.
pub(crate) struct LevelOf {
    /// Its key in a model.
    pub(crate) key: &'static str,
    /// In words, for the waterfall.
    pub(crate) words: &'static str,
    /// Usual probability among records of one person, and of two.
    pub(crate) m: f64,
    pub(crate) u: f64,
}

const fn level(key: &'static str, words: &'static str, m: f64, u: f64) -> LevelOf {
    LevelOf { key, words, m, u }
}

/// Levels of given names.
pub(crate) mod given {
    pub(crate) const EXACT: u8 = 0;
    pub(crate) const NICKNAME: u8 = 1;
    pub(crate) const PART: u8 = 2;
    pub(crate) const SLIP: u8 = 3;
    pub(crate) const INITIAL: u8 = 4;
    pub(crate) const SWAPPED: u8 = 5;
    pub(crate) const SIMILAR: u8 = 6;
    pub(crate) const DIFFERENT: u8 = 7;
}

const GIVEN_NAMES: &[LevelOf] = &[
    level("exact", "the same", 0.85, 5e-3),
    level("nickname", "forms of one name", 0.03, 1e-3),
    level("part", "one of several names is the same", 0.02, 1e-3),
    level("slip", "nearly the same letters", 0.05, 4e-3),
    level("initial", "an initial that fits", 0.01, 5e-3),
    level("swapped", "given name and surname swapped", 0.01, 1e-6),
    level("similar", "similar letters", 0.01, 2e-2),
    level("different", "different", 0.02, 0.96),
];

/// Levels of surnames.
pub(crate) mod surname {
    pub(crate) const EXACT: u8 = 0;
    pub(crate) const PART: u8 = 1;
    pub(crate) const SLIP: u8 = 2;
    pub(crate) const SIMILAR: u8 = 3;
    pub(crate) const DIFFERENT: u8 = 4;
}

const SURNAME: &[LevelOf] = &[
    level("exact", "the same", 0.85, 1e-3),
    level("part", "one part of a double name is the same", 0.02, 1e-4),
    level("slip", "nearly the same letters", 0.06, 1e-3),
    level("similar", "similar letters or sound", 0.02, 1e-2),
    level("different", "different", 0.05, 0.98),
];

/// Levels of dates of birth.
pub(crate) mod birth {
    pub(crate) const EXACT: u8 = 0;
    pub(crate) const SLIP: u8 = 1;
    pub(crate) const SWAPPED: u8 = 2;
    pub(crate) const YEAR: u8 = 3;
    pub(crate) const TWO_PARTS: u8 = 4;
    pub(crate) const DIFFERENT: u8 = 5;
}

const BIRTH_DATE: &[LevelOf] = &[
    level("exact", "the same", 0.93, 5e-5),
    level("slip", "one digit different, or two swapped", 0.02, 1e-3),
    level("swapped", "day and month swapped", 0.01, 3e-5),
    level("year", "the same year; one side knows no more", 0.01, 1.2e-2),
    level("two_parts", "two of year, month and day are the same", 0.01, 4e-3),
    level("different", "different", 0.02, 0.98),
];

/// Levels of addresses.
pub(crate) mod address {
    pub(crate) const SAME: u8 = 0;
    pub(crate) const SIMILAR: u8 = 1;
    pub(crate) const STREET: u8 = 2;
    pub(crate) const PARTLY: u8 = 3;
    pub(crate) const DIFFERENT: u8 = 4;
}

const ADDRESS: &[LevelOf] = &[
    level("same", "the same number and street", 0.6, 5e-6),
    level("similar", "the same number, similar street", 0.15, 2e-5),
    level("street", "similar street, number missing or different", 0.08, 5e-4),
    level("partly", "partly similar", 0.05, 1e-2),
    level("different", "different", 0.12, 0.99),
];

/// Levels of areas.
pub(crate) mod area {
    pub(crate) const POSTCODE: u8 = 0;
    pub(crate) const SLIP: u8 = 1;
    pub(crate) const TOWN: u8 = 2;
    pub(crate) const OUTCODE: u8 = 3;
    pub(crate) const DIFFERENT: u8 = 4;
}

const AREA: &[LevelOf] = &[
    level("postcode", "the same postcode", 0.75, 1e-3),
    level("slip", "postcode one slip apart", 0.04, 4e-3),
    level("town", "the same town", 0.06, 5e-3),
    level("outcode", "the same larger area", 0.05, 4e-2),
    level("different", "different", 0.1, 0.95),
];

/// Levels of handles and external ids.
pub(crate) mod handle {
    pub(crate) const EXACT: u8 = 0;
    pub(crate) const SLIP: u8 = 1;
    pub(crate) const DIFFERENT: u8 = 2;
    /// Equal, but used by several people: weighs nothing, and is not learnt.
    pub(crate) const SHARED: u8 = 14;
}

const EMAIL: &[LevelOf] = &[
    level("exact", "the same", 0.7, 1e-6),
    level("slip", "one slip apart, or another provider", 0.08, 1e-5),
    level("different", "different", 0.22, 0.9999),
];

const PHONE: &[LevelOf] = &[
    level("exact", "the same", 0.7, 1e-6),
    level("slip", "one digit different, or two swapped", 0.05, 1e-6),
    level("different", "different", 0.25, 0.9999),
];

const EXTERNAL_ID: &[LevelOf] = &[
    level("exact", "the same", 0.93, 1e-7),
    level("slip", "one slip apart", 0.03, 1e-5),
    level("different", "different", 0.04, 0.9999),
];

impl Comparison {
    /// All, in the order of levels.
    pub const ALL: [Self; COMPARISONS] = [
        Self::GivenNames,
        Self::Surname,
        Self::BirthDate,
        Self::Address,
        Self::Area,
        Self::Email,
        Self::Phone,
        Self::ExternalId,
    ];

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::GivenNames => "Given names",
            Self::Surname => "Surname",
            Self::BirthDate => "Date of birth",
            Self::Address => "Address",
            Self::Area => "Postcode or town",
            Self::Email => "Email",
            Self::Phone => "Phone",
            Self::ExternalId => "External id",
        }
    }

    /// Whether people who live together share it, so that together it says no more than which home.
    pub const fn is_of_household(self) -> bool {
        matches!(self, Self::Surname | Self::Address | Self::Area | Self::Email | Self::Phone)
    }

    /// The levels, each at its number, with usual probabilities. Those of names, dates and postcodes lie near what the Ministry of Justice's
    /// Core Person Record uses in service (`docs/linkage.md`); the others are guesses that learning replaces.
    pub(crate) const fn levels(self) -> &'static [LevelOf] {
        match self {
            Self::GivenNames => GIVEN_NAMES,
            Self::Surname => SURNAME,
            Self::BirthDate => BIRTH_DATE,
            Self::Address => ADDRESS,
            Self::Area => AREA,
            Self::Email => EMAIL,
            Self::Phone => PHONE,
            Self::ExternalId => EXTERNAL_ID,
        }
    }

    pub(crate) const fn place(self) -> usize {
        self as usize
    }
}

/// On which level a pair agrees in each comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Pattern(pub(crate) u32);

impl Pattern {
    pub(crate) const NOTHING: Self = Self(u32::MAX);

    pub(crate) const fn level(self, comparison: Comparison) -> u8 {
        (self.0 >> (4 * comparison.place())) as u8 & 15
    }

    pub(crate) const fn with(self, comparison: Comparison, level: u8) -> Self {
        let shift = 4 * comparison.place();
        Self(self.0 & !(15 << shift) | (level as u32) << shift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_probabilities_add_up() {
        for comparison in Comparison::ALL {
            let levels = comparison.levels();
            assert!(levels.len() <= LEVELS);
            let m: f64 = levels.iter().map(|l| l.m).sum();
            assert!((m - 1.0).abs() < 1e-9, "{comparison:?} {m}");
        }
    }

    #[test]
    fn a_pattern_holds_each_level() {
        let pattern = Pattern::NOTHING.with(Comparison::ExternalId, 2).with(Comparison::GivenNames, 7);
        assert_eq!(pattern.level(Comparison::ExternalId), 2);
        assert_eq!(pattern.level(Comparison::GivenNames), 7);
        assert_eq!(pattern.level(Comparison::Phone), MISSING);
    }
}
