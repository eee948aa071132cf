//! What the rules know about words: one table from a word to flags, built once from the lists
//! in `vocabulary.rs` and the gazetteer of given names.
//!
//! A word is looked up by its hash alone. The table holds some five thousand words and the hash
//! has 64 bits, so two words that share one are not to be expected; a wrong hit would at worst
//! redact a word too many.

use std::sync::LazyLock;

use commonweal_domain::search::fold_into;

use super::vocabulary::VOCABULARY;

/// Given name that is hardly ever an ordinary word or a place.
pub(crate) const GIVEN: u64 = 1;
/// Given name that is also a word, a month or a place: needs more than a capital.
pub(crate) const GIVEN_TOO: u64 = 1 << 1;
/// Family name.
pub(crate) const SURNAME: u64 = 1 << 2;
/// Function word, verb or unit: never part of a name, and ends an address.
pub(crate) const STOP: u64 = 1 << 3;
/// Not a person's name even with a capital: days, bodies, greetings to nobody in particular.
pub(crate) const NOT_NAME: u64 = 1 << 4;
/// What makes the words before it a place or a body, as in `King Street`, `James Cook Hospital`.
pub(crate) const PLACE: u64 = 1 << 5;
/// Kind of street at the end of its name.
pub(crate) const STREET: u64 = 1 << 6;
/// Kind of street at the beginning of its name, as in Welsh, French and Spanish.
pub(crate) const STREET_FIRST: u64 = 1 << 7;
/// Part of a building: flat, apartment, suite.
pub(crate) const FLAT: u64 = 1 << 8;
/// Courtesy title: the next word is a family name.
pub(crate) const TITLE: u64 = 1 << 9;
/// Kin and others who are somebody's.
pub(crate) const KIN: u64 = 1 << 10;
/// What people do: driver, nurse, manager.
pub(crate) const ROLE: u64 = 1 << 11;
/// Role that serves as a title before a family name when it has a capital.
pub(crate) const RANK: u64 = 1 << 12;
/// Somebody: man, lady, person.
pub(crate) const SOMEBODY: u64 = 1 << 13;
/// Phone, call, mobile and the like.
pub(crate) const PHONE: u64 = 1 << 14;
/// Reference, order, case: the digits after it are no phone number.
pub(crate) const REF: u64 = 1 << 15;
/// May stand between such a word and its number: number, no, is.
pub(crate) const NEUTRAL: u64 = 1 << 16;
/// NHS, CHI, patient: the ten digits after it are a patient's.
pub(crate) const NHS: u64 = 1 << 17;
/// National Insurance.
pub(crate) const NI: u64 = 1 << 18;
/// Social security.
pub(crate) const SSN: u64 = 1 << 19;
/// Payment card.
pub(crate) const CARD: u64 = 1 << 20;
/// Vehicles and their registration.
pub(crate) const PLATE: u64 = 1 << 21;
/// Internet address.
pub(crate) const IP: u64 = 1 << 22;
/// Somebody's: my, his, her.
pub(crate) const POSSESSIVE: u64 = 1 << 23;
/// End of a letter.
pub(crate) const SIGN_OFF: u64 = 1 << 24;
/// Beginning of a letter.
pub(crate) const GREETING: u64 = 1 << 25;
/// Words before a name: spoke to, thanks to, seen by.
pub(crate) const TOWARDS: u64 = 1 << 26;
/// The word "name" and its kin in other languages.
pub(crate) const NAME: u64 = 1 << 27;
/// Called, named, known as.
pub(crate) const CALLED: u64 = 1 << 28;
/// Saint, queen and others that make a given name a place's or a ruler's.
pub(crate) const HALLOWED: u64 = 1 << 29;
/// Month, day or season.
pub(crate) const CALENDAR: u64 = 1 << 30;
/// Words before an address: live, at, address.
pub(crate) const DWELL: u64 = 1 << 31;
/// Lower-case part of a family name: van, de, ap.
pub(crate) const PARTICLE: u64 = 1 << 32;
/// Write, email: an address with stray spaces may follow.
pub(crate) const EMAIL: u64 = 1 << 33;
/// Version, section: dotted numbers after it are no internet address.
pub(crate) const NUMBERED: u64 = 1 << 34;
/// State of the United States, in two letters.
pub(crate) const STATE: u64 = 1 << 35;
/// Postcode, for a house number that follows it.
pub(crate) const POSTCODE: u64 = 1 << 36;
/// Verb that a person's name is followed by.
pub(crate) const DOES: u64 = 1 << 37;
/// Stands for a digit, or says how often the next one comes: zero, oh, double.
pub(crate) const DIGIT_WORD: u64 = 1 << 38;

/// Set while reading, not in any list: the first word of what has been redacted, or of a kind in
/// brackets that an earlier redaction left.
pub(crate) const OPAQUE: u64 = 1 << 62;
/// Set while reading: a further word of what has been redacted.
pub(crate) const INSIDE: u64 = 1 << 63;

/// Words that say what a number near them is.
pub(crate) const CUES: u64 = PHONE | REF | NHS | NI | SSN | CARD | PLATE | IP;

const GIVEN_NAMES: &str = include_str!("words/given.txt");
const GIVEN_NAMES_TOO: &str = include_str!("words/given_ambiguous.txt");
const SURNAMES: &str = include_str!("words/surnames.txt");

const SLOTS: usize = 1 << 14;
const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// FNV-1a over lower-case bytes, a byte at a time so that it can run along with the scan.
#[derive(Clone, Copy)]
pub(crate) struct Hash(u64);

impl Hash {
    /// Hash of nothing.
    pub(crate) const fn new() -> Self {
        Self(SEED)
    }

    /// Takes one byte, which must be in lower case already if it is a letter.
    pub(crate) const fn take(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u64).wrapping_mul(PRIME))
    }

    /// The hash as a number.
    pub(crate) const fn value(self) -> u64 {
        self.0
    }

    /// Hash of a word in any case.
    pub(crate) fn of(word: &str) -> Self {
        if word.is_ascii() {
            word.bytes().fold(Self::new(), |h, b| h.take(b.to_ascii_lowercase()))
        } else {
            word.to_lowercase().bytes().fold(Self::new(), Self::take)
        }
    }

    /// Hash of a word in any case, without its accents.
    pub(crate) fn folded(word: &str) -> Self {
        let mut plain = String::with_capacity(word.len());
        word.chars().for_each(|c| {
            fold_into(&mut plain, c);
        });
        Self::of(&plain)
    }
}

/// From the hash of a word to its flags: open addressing, never more than half full.
pub(crate) struct Table {
    slots: Box<[(u64, u64)]>,
}

impl Table {
    fn with(lists: &[(u64, &str)]) -> Self {
        let mut table = Self { slots: vec![(0, 0); SLOTS].into_boxed_slice() };
        for (flags, words) in lists {
            for word in words.split_whitespace() {
                table.add(Hash::of(word), *flags);
            }
        }
        table
    }

    fn add(&mut self, hash: Hash, flags: u64) {
        let mut at = Self::first(hash);
        while self.slots[at].1 != 0 && self.slots[at].0 != hash.0 {
            at = (at + 1) % SLOTS;
        }
        self.slots[at].0 = hash.0;
        self.slots[at].1 |= flags;
    }

    /// Flags of the word with this hash; none if it is unknown.
    pub(crate) fn flags(&self, hash: Hash) -> u64 {
        let mut at = Self::first(hash);
        loop {
            let (known, flags) = self.slots[at];
            if flags == 0 || known == hash.0 {
                return flags;
            }
            at = (at + 1) % SLOTS;
        }
    }

    /// The high bits of FNV are its good ones.
    fn first(hash: Hash) -> usize {
        (hash.0 >> 40) as usize % SLOTS
    }
}

/// The table of all words.
pub(crate) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut lists = vec![(GIVEN, GIVEN_NAMES), (GIVEN_TOO, GIVEN_NAMES_TOO), (SURNAME, SURNAMES)];
    lists.extend_from_slice(VOCABULARY);
    Table::with(&lists)
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_any_case_with_all_its_flags() {
        assert_eq!(TABLE.flags(Hash::of("KAREN")) & GIVEN, GIVEN);
        assert_eq!(TABLE.flags(Hash::of("Zoë")), TABLE.flags(Hash::of("zoë")));
        assert_eq!(TABLE.flags(Hash::of("xyzzy")), 0);
    }

    #[test]
    fn the_table_stays_under_half_full() {
        assert!(TABLE.slots.iter().filter(|s| s.1 != 0).count() < SLOTS / 2);
    }
}
