//! Which pairs are worth comparing.
//!
//! Of a million records there are 500,000,000,000 pairs. A pair is compared if the two share a key of at least one
//! rule. Many tight rules are better than few loose ones: each makes few pairs, and whatever is wrong in a record, some
//! rule does not need it.

use commonweal_random::{hashed, mixed};

use crate::normal::outcode;
use crate::record::Record;
use crate::table::{Row, Table};

/// Version of the rules and of how keys are made of records. Keys of another version must be made anew.
pub const KEYS_VERSION: u32 = 1;

/// A rule by which pairs are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The same number that others have given.
    ExternalId,
    /// The same email address.
    Email,
    /// The same telephone number.
    Phone,
    /// Date of birth and the sound of the surname.
    BirthSurname,
    /// Date of birth and the sound of the given name.
    BirthGivenName,
    /// Date of birth and postcode.
    BirthPostcode,
    /// Date of birth, first letters of both names in either order.
    BirthInitials,
    /// Date of birth and street.
    BirthStreet,
    /// Both names in either order, and the year of birth.
    NamesYear,
    /// Both names in either order, day and month of birth in either order.
    NamesDay,
    /// Both names in either order, and the larger area of the postcode.
    NamesOutcode,
    /// How both names sound, and the postcode.
    SoundsPostcode,
    /// House number, street, and the first letter of the surname.
    AddressSurname,
    /// House number, street, and the first letter of the given name.
    AddressGivenName,
    /// Postcode, street, and the first letter of the given name.
    PostcodeStreetGivenName,
    /// Surname, town, and the given name's first letter, for records without a date of birth.
    SurnameTown,
}

impl Rule {
    /// All, in the order in which they are gone through.
    pub const ALL: [Self; 16] = [
        Self::ExternalId,
        Self::Email,
        Self::Phone,
        Self::BirthSurname,
        Self::BirthGivenName,
        Self::BirthPostcode,
        Self::BirthInitials,
        Self::BirthStreet,
        Self::NamesYear,
        Self::NamesDay,
        Self::NamesOutcode,
        Self::SoundsPostcode,
        Self::AddressSurname,
        Self::AddressGivenName,
        Self::PostcodeStreetGivenName,
        Self::SurnameTown,
    ];

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ExternalId => "external id",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::BirthSurname => "date of birth and sound of the surname",
            Self::BirthGivenName => "date of birth and sound of the given name",
            Self::BirthPostcode => "date of birth and postcode",
            Self::BirthInitials => "date of birth and first letters of the names",
            Self::BirthStreet => "date of birth and street",
            Self::NamesYear => "names and year of birth",
            Self::NamesDay => "names, day and month of birth",
            Self::NamesOutcode => "names and larger area",
            Self::SoundsPostcode => "sound of the names and postcode",
            Self::AddressSurname => "address and first letter of the surname",
            Self::AddressGivenName => "address and first letter of the given name",
            Self::PostcodeStreetGivenName => "postcode, street and first letter of the given name",
            Self::SurnameTown => "surname, town and first letter of the given name",
        }
    }

    const fn seed(self) -> u64 {
        ((KEYS_VERSION as u64) << 8) | self as u64
    }
}

/// A key under which a record is found. Records that may be of one person share at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockingKey {
    /// Which rule made it.
    pub rule: Rule,
    /// A number made of the values; the values can't be read out of it, but who knows them can make it again.
    pub key: u64,
}

/// The keys of a record: what has to be kept beside it so that it is found by others. Sorted, each once.
pub fn blocking_keys(record: &Record) -> Vec<BlockingKey> {
    let mut table = Table::default();
    table.push(record);
    let texts = Texts::new(&table);
    let row = &table.rows[0];
    let mut keys = Vec::new();
    for rule in Rule::ALL {
        texts.keys(rule, row, |key| keys.push(BlockingKey { rule, key }));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Numbers made of a table's texts, once for each text.
pub(crate) struct Texts<'a> {
    table: &'a Table,
    names: Vec<u64>,
    sounds: Vec<u64>,
    streets: Vec<u64>,
    postcodes: Vec<(u64, u64)>,
    towns: Vec<u64>,
    handles: Vec<u64>,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(table: &'a Table) -> Self {
        let numbers = |n: usize| 0..u32::try_from(n).unwrap_or(u32::MAX);
        let hash = |text: &str| if text.is_empty() { 0 } else { hashed(1, text) };
        // Spaces in names and streets come and go.
        let joined = |text: &str| hash(&text.chars().filter(|c| *c != ' ').collect::<String>());
        Self {
            table,
            names: numbers(table.names.len()).map(|n| joined(table.names.get(n))).collect(),
            sounds: numbers(table.names.len())
                .map(|n| match table.name_facts(n).soundex {
                    [0, ..] => joined(table.names.get(n)),
                    code => mixed(u64::from(u32::from_le_bytes(code))),
                })
                .collect(),
            streets: numbers(table.streets.len())
                .map(|n| joined(table.streets.get(n).split(' ').find(|w| w.len() > 3).unwrap_or_default()))
                .collect(),
            postcodes: numbers(table.postcodes.len())
                .map(|n| {
                    let code = table.postcodes.get(n);
                    (hash(code), if code.is_empty() { 0 } else { hash(outcode(code)) })
                })
                .collect(),
            towns: numbers(table.towns.len()).map(|n| joined(table.towns.get(n))).collect(),
            handles: numbers(table.handles.len()).map(|n| hash(table.handles.get(n))).collect(),
        }
    }

    fn initial(&self, name: u32) -> u64 {
        self.table.names.get(name).chars().next().map_or(0, |c| u64::from(u32::from(c)) + 1)
    }

    fn house(&self, row: &Row) -> u64 {
        let facts = self.table.address_facts(row.address);
        // The last of several numbers in order of text; both sides take the same one.
        self.table.numbers_of(facts).iter().map(|n| hashed(2, self.table.house_number(*n))).max().unwrap_or(0)
    }

    /// Gives each key of a record by one rule.
    pub(crate) fn keys(&self, rule: Rule, row: &Row, mut give: impl FnMut(u64)) {
        let handles: &[u32] = match rule {
            Rule::ExternalId => self.table.ids(row),
            Rule::Email => self.table.emails(row),
            Rule::Phone => self.table.phones(row),
            _ => &[],
        };
        for handle in handles {
            give(together(rule, &[self.handles[*handle as usize]]));
        }
        let single = self.single(rule, row);
        if single != 0 {
            give(single);
        }
    }

    /// The key by a rule that makes one at most; 0 for none.
    pub(crate) fn single(&self, rule: Rule, row: &Row) -> u64 {
        let birth = u64::from(self.table.births[row.birth as usize]);
        let day = if birth % 10_000 == 0 { 0 } else { birth };
        let given = self.names[row.given as usize];
        let surname = self.names[row.surname as usize];
        // The same in either order.
        let names = if given == 0 || surname == 0 { 0 } else { given.wrapping_add(surname) | 1 };
        let (postcode, outcode) = self.postcodes[row.postcode as usize];
        let street = self.streets[self.table.address_facts(row.address).street as usize];
        let (g, s) = (self.initial(row.given), self.initial(row.surname));
        match rule {
            Rule::ExternalId | Rule::Email | Rule::Phone => 0,
            Rule::BirthSurname => together(rule, &[day, self.sounds[row.surname as usize]]),
            Rule::BirthGivenName => together(rule, &[day, self.sounds[row.given as usize]]),
            Rule::BirthPostcode => together(rule, &[day, postcode]),
            Rule::BirthInitials if g == 0 || s == 0 => 0,
            Rule::BirthInitials => together(rule, &[day, g.min(s), g.max(s)]),
            Rule::BirthStreet => together(rule, &[day, street]),
            Rule::NamesYear => together(rule, &[names, birth / 10_000]),
            Rule::NamesDay => {
                let (month, of_month) = (birth / 100 % 100, birth % 100);
                together(rule, &[names, if day == 0 { 0 } else { month.min(of_month) * 100 + month.max(of_month) }])
            }
            Rule::NamesOutcode => together(rule, &[names, outcode]),
            Rule::SoundsPostcode => {
                together(rule, &[self.sounds[row.given as usize], self.sounds[row.surname as usize], postcode])
            }
            Rule::AddressSurname => together(rule, &[self.house(row), street, s]),
            Rule::AddressGivenName => together(rule, &[self.house(row), street, g]),
            Rule::PostcodeStreetGivenName => together(rule, &[postcode, street, g]),
            Rule::SurnameTown if birth != 0 => 0,
            Rule::SurnameTown => together(rule, &[surname, self.towns[row.town as usize], g]),
        }
    }
}

/// One number of several, 0 if one of them is missing.
fn together(rule: Rule, parts: &[u64]) -> u64 {
    if parts.contains(&0) {
        return 0;
    }
    parts.iter().fold(mixed(rule.seed()), |key, part| mixed(key.rotate_left(23) ^ part)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::BirthDate;

    fn person() -> Record {
        Record {
            given_names: Some("Anthony".into()),
            surname: Some("Beazley".into()),
            birth_date: BirthDate::new(1973, 9, 24),
            address: vec!["12 Birubi Place".into()],
            town: Some("Flemington".into()),
            postcode: Some("2477".into()),
            emails: vec!["ab@example.org".into()],
            ..Record::default()
        }
    }

    fn share(a: &Record, b: &Record) -> bool {
        let keys = blocking_keys(a);
        blocking_keys(b).iter().any(|key| keys.contains(key))
    }

    #[test]
    fn whatever_is_wrong_in_a_record_some_rule_does_not_need_it() {
        let right = person();
        let wrong: [fn(&mut Record); 9] = [
            |r| r.given_names = Some("Zoe".into()),
            |r| r.surname = Some("Jolly".into()),
            |r| std::mem::swap(&mut r.given_names, &mut r.surname),
            |r| r.birth_date = BirthDate::new(1937, 9, 24),
            |r| r.birth_date = None,
            |r| r.address = vec!["99 Elsewhere Road".into()],
            |r| r.postcode = Some("9999".into()),
            |r| r.emails.clear(),
            |r| r.town = None,
        ];
        for (n, one) in wrong.iter().enumerate() {
            for (k, other) in wrong.iter().enumerate() {
                let mut record = right.clone();
                record.emails.clear();
                one(&mut record);
                other(&mut record);
                // A wrong date and a wrong name and nothing else that ties: names with the larger area, or the address.
                assert!(share(&right, &record), "{n} and {k}");
            }
        }
    }

    #[test]
    fn keys_are_the_same_on_every_machine() {
        let key = blocking_keys(&Record { emails: vec!["a@example.org".into()], ..Record::default() });
        assert_eq!(key.len(), 1);
        assert_eq!(key[0].rule, Rule::Email);
        // Kept beside records for years: another number here means that KEYS_VERSION has to change.
        assert_eq!(key[0].key, 15_311_501_930_787_091_508);
    }
}
