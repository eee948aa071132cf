//! Many records in little memory: each different name, date, postcode, address and handle is kept once.

use std::collections::HashMap;

use commonweal_random::{hashed, mixed};

use crate::nicknames::{self, MAX_GROUPS};
use crate::normal;
use crate::record::{BirthDate, Record};

/// So many different people behind one handle, and it says nothing of who one of them is.
const SHARED_BY: usize = 3;

/// Texts, each once; number 0 is the empty text, which stands for what isn't known.
#[derive(Debug)]
pub(crate) struct Pool {
    text: String,
    ends: Vec<u32>,
    known: HashMap<u64, u32>,
}

impl Pool {
    fn new() -> Self {
        Self { text: String::new(), ends: vec![0], known: HashMap::new() }
    }

    /// The number of a text. Two texts whose 64 bits are equal would be one; among ten million that happens once in
    /// some hundred thousand tables.
    fn number(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        *self.known.entry(hashed(0, text)).or_insert_with(|| {
            self.text.push_str(text);
            self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
            u32::try_from(self.ends.len() - 1).unwrap_or(u32::MAX)
        })
    }

    pub(crate) fn get(&self, number: u32) -> &str {
        let number = number as usize;
        if number == 0 { "" } else { &self.text[self.ends[number - 1] as usize..self.ends[number] as usize] }
    }

    /// How many numbers there are, 0 included.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// What is asked of a name again and again.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameFacts {
    pub(crate) groups: [u16; MAX_GROUPS],
    pub(crate) soundex: [u8; 4],
    pub(crate) several: bool,
    pub(crate) initial: bool,
}

/// What is asked of an address again and again; its parts lie in common lists.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AddressFacts {
    pairs: (u32, u16),
    numbers: (u32, u8),
    /// The number of the words alone: the street.
    pub(crate) street: u32,
}

/// One record: numbers of what it holds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Row {
    pub(crate) given: u32,
    pub(crate) surname: u32,
    pub(crate) birth: u32,
    pub(crate) address: u32,
    pub(crate) town: u32,
    pub(crate) postcode: u32,
    handles: u32,
    emails: u8,
    phones: u8,
    ids: u8,
    /// How many people live there, as a power of two in eighths.
    residents: u8,
}

/// Records made ready for comparing.
///
/// What identifies a person is in it: keep it as short as the comparing takes.
#[derive(Debug)]
pub struct Table {
    pub(crate) rows: Vec<Row>,
    pub(crate) names: Pool,
    name_facts: Vec<NameFacts>,
    pub(crate) births: Vec<u32>,
    known_births: HashMap<u32, u32>,
    pub(crate) towns: Pool,
    pub(crate) postcodes: Pool,
    addresses: Pool,
    pub(crate) streets: Pool,
    address_facts: Vec<AddressFacts>,
    letter_pairs: Vec<u16>,
    numbers: Vec<u32>,
    house_numbers: Pool,
    pub(crate) handles: Pool,
    shared: Vec<bool>,
    handle_lists: Vec<u32>,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            names: Pool::new(),
            name_facts: vec![NameFacts::default()],
            births: vec![0],
            known_births: HashMap::new(),
            towns: Pool::new(),
            postcodes: Pool::new(),
            addresses: Pool::new(),
            streets: Pool::new(),
            address_facts: vec![AddressFacts::default()],
            letter_pairs: Vec::new(),
            numbers: Vec::new(),
            house_numbers: Pool::new(),
            handles: Pool::new(),
            shared: vec![false],
            handle_lists: Vec::new(),
        }
    }
}

impl Table {
    /// A table of these records, in their order, with what several people share found out.
    pub fn new<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut table = Self::default();
        for record in records {
            table.push(record);
        }
        table.find_shared();
        table
    }

    /// Adds a record.
    pub fn push(&mut self, record: &Record) {
        let given = record.given_names.as_deref().and_then(normal::name).unwrap_or_default();
        let surname = record.surname.as_deref().and_then(normal::name).unwrap_or_default();
        let postcode = record.postcode.as_deref().and_then(normal::postcode).unwrap_or_default();
        let town = record.town.as_deref().and_then(normal::town).unwrap_or_default();
        let mut row = Row {
            given: self.name(&given),
            surname: self.name(&surname),
            birth: record.birth_date.map_or(0, |date| self.birth(date)),
            address: self.address(&record.address),
            town: self.towns.number(&town),
            postcode: self.postcodes.number(&postcode),
            handles: u32::try_from(self.handle_lists.len()).unwrap_or(u32::MAX),
            residents: record.residents.map_or(0, |n| eighths(n as usize)),
            ..Row::default()
        };
        let shared: Vec<String> =
            record.shared_handles.iter().flat_map(|h| normal::email(h).into_iter().chain(normal::phone(h))).collect();
        row.emails = self.add_handles(record.emails.iter().filter_map(|e| normal::email(e)), &shared);
        row.phones = self.add_handles(record.phones.iter().filter_map(|p| normal::phone(p)), &shared);
        let ids = record.external_ids.iter().filter_map(|id| normal::external_id(&id.scheme, &id.value));
        row.ids = self.add_handles(ids, &[]);
        self.rows.push(row);
    }

    fn add_handles(&mut self, values: impl Iterator<Item = String>, shared: &[String]) -> u8 {
        let from = self.handle_lists.len();
        for value in values.take(200) {
            let number = self.handles.number(&value);
            self.shared.resize(self.handles.len(), false);
            if shared.contains(&value) {
                self.shared[number as usize] = true;
            }
            if !self.handle_lists[from..].contains(&number) {
                self.handle_lists.push(number);
            }
        }
        u8::try_from(self.handle_lists.len() - from).unwrap_or(u8::MAX)
    }

    fn name(&mut self, name: &str) -> u32 {
        let number = self.names.number(name);
        if number as usize == self.name_facts.len() {
            let first = name.split(' ').next().unwrap_or_default();
            let joined: String = name.split(' ').collect();
            let mut soundex = [0; 4];
            for (to, from) in soundex.iter_mut().zip(normal::soundex(&joined).bytes()) {
                *to = from;
            }
            self.name_facts.push(NameFacts {
                groups: nicknames::groups(first),
                soundex,
                several: name.contains(' '),
                initial: name.chars().nth(1).is_none(),
            });
        }
        number
    }

    fn birth(&mut self, date: BirthDate) -> u32 {
        *self.known_births.entry(date.digits()).or_insert_with(|| {
            self.births.push(date.digits());
            u32::try_from(self.births.len() - 1).unwrap_or(u32::MAX)
        })
    }

    fn address(&mut self, lines: &[String]) -> u32 {
        let normal::Address { numbers, words } = normal::address(lines);
        let street = words.join(" ");
        let number = self.addresses.number(format!("{} {street}", numbers.join("/")).trim());
        if number as usize == self.address_facts.len() {
            let mut pairs: Vec<u16> = words.iter().flat_map(|word| letter_pairs(word)).collect();
            pairs.sort_unstable();
            let from = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let facts = AddressFacts {
                pairs: (from(self.letter_pairs.len()), u16::try_from(pairs.len()).unwrap_or(u16::MAX)),
                numbers: (from(self.numbers.len()), u8::try_from(numbers.len()).unwrap_or(u8::MAX)),
                street: self.streets.number(&street),
            };
            self.letter_pairs.extend(pairs);
            for number in numbers {
                let number = self.house_numbers.number(&number);
                self.numbers.push(number);
            }
            self.address_facts.push(facts);
        }
        number
    }

    /// Finds the handles that several people use, and how many people live at each address. Records of one person
    /// count once, as well as that can be told before anything is compared: by initial and year of birth.
    pub fn find_shared(&mut self) {
        let mut users: Vec<(u64, u32)> = Vec::new();
        for row in &self.rows {
            let who = (self.initial(row.given) << 16) | (self.births[row.birth as usize] / 10_000);
            // Who has neither name nor year may be anybody.
            if who == 0 {
                continue;
            }
            users.extend(self.emails(row).iter().chain(self.phones(row)).map(|handle| (u64::from(*handle), who)));
            if let Some(home) = home(row) {
                users.push((home, who));
            }
        }
        users.sort_unstable();
        users.dedup();
        let mut homes: HashMap<u64, u8> = HashMap::new();
        for group in users.chunk_by(|a, b| a.0 == b.0) {
            if group.len() < SHARED_BY {
                continue;
            }
            match u32::try_from(group[0].0) {
                Ok(handle) => self.shared[handle as usize] = true,
                Err(_) => {
                    homes.insert(group[0].0, eighths(group.len()));
                }
            }
        }
        for row in &mut self.rows {
            if let Some(found) = home(row).and_then(|home| homes.get(&home)) {
                row.residents = row.residents.max(*found);
            }
        }
    }

    fn initial(&self, name: u32) -> u32 {
        self.names.get(name).chars().next().map_or(0, u32::from) & 0x7FFF
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn list(&self, row: &Row, from: u8, length: u8) -> &[u32] {
        let start = row.handles as usize + usize::from(from);
        &self.handle_lists[start..start + usize::from(length)]
    }

    pub(crate) fn emails(&self, row: &Row) -> &[u32] {
        self.list(row, 0, row.emails)
    }

    pub(crate) fn phones(&self, row: &Row) -> &[u32] {
        self.list(row, row.emails, row.phones)
    }

    pub(crate) fn ids(&self, row: &Row) -> &[u32] {
        self.list(row, row.emails + row.phones, row.ids)
    }

    pub(crate) fn is_shared(&self, handle: u32) -> bool {
        self.shared[handle as usize]
    }

    pub(crate) fn name_facts(&self, name: u32) -> &NameFacts {
        &self.name_facts[name as usize]
    }

    pub(crate) fn address_facts(&self, address: u32) -> AddressFacts {
        self.address_facts[address as usize]
    }

    /// Pairs of neighbouring letters in the words of an address, sorted.
    pub(crate) fn pairs_of(&self, facts: AddressFacts) -> &[u16] {
        &self.letter_pairs[facts.pairs.0 as usize..facts.pairs.0 as usize + usize::from(facts.pairs.1)]
    }

    pub(crate) fn numbers_of(&self, facts: AddressFacts) -> &[u32] {
        &self.numbers[facts.numbers.0 as usize..facts.numbers.0 as usize + usize::from(facts.numbers.1)]
    }

    pub(crate) fn house_number(&self, number: u32) -> &str {
        self.house_numbers.get(number)
    }

    /// Bits by which the people of a home are more than two.
    pub(crate) fn crowd(&self, row: &Row) -> f32 {
        (f32::from(row.residents) / 8.0 - 1.0).max(0.0)
    }
}

/// Where somebody lives, if it can be told: above all numbers of handles.
fn home(row: &Row) -> Option<u64> {
    let place = if row.postcode == 0 { u64::from(row.town) | 1 << 31 } else { u64::from(row.postcode) };
    (row.address != 0).then(|| mixed(u64::from(row.address) << 32 | place) | 1 << 63)
}

/// The logarithm of a count, in eighths of a bit.
fn eighths(count: usize) -> u8 {
    ((count.max(1) as f64).log2() * 8.0).round().min(255.0) as u8
}

fn letter_pairs(word: &str) -> Vec<u16> {
    let letters: Vec<u16> = word.chars().map(|c| (u32::from(c) & 0xFF) as u16).collect();
    match letters[..] {
        [only] => vec![only],
        _ => letters.windows(2).map(|two| two[0] << 8 | two[1]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resident(name: &str, year: u32) -> Record {
        Record {
            given_names: Some(name.to_owned()),
            birth_date: BirthDate::new(year, 5, 1),
            address: vec!["The Elms, 4 Mill Lane".to_owned()],
            postcode: Some("M1 1AE".to_owned()),
            emails: vec!["office@elms.example.org".to_owned()],
            ..Record::default()
        }
    }

    #[test]
    fn what_many_people_use_is_found_out_and_one_person_counts_once() {
        let home: Vec<Record> =
            (0..32).map(|n| resident(["Ada", "Bob", "Cyd", "Dot"][n % 4], 1930 + n as u32 / 4)).collect();
        let table = Table::new(&home);
        let row = &table.rows[0];
        assert!(table.is_shared(table.emails(row)[0]));
        assert!((table.crowd(row) - 4.0).abs() < 0.01, "32 people are 2⁴ times two");
        let one: Vec<Record> = (0..9).map(|_| resident("Ada", 1930)).collect();
        let table = Table::new(&one);
        assert!(!table.is_shared(table.emails(&table.rows[0])[0]));
        assert!(table.crowd(&table.rows[0]) < 0.01);
    }
}
