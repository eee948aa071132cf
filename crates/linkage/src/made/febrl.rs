//! Files of the FEBRL generator.

use std::collections::HashMap;

use super::Made;
use crate::record::{BirthDate, ExternalId, Record};

/// Reads a file that the generator of the Freely Extensible Biomedical Record Linkage project made, for measuring; none
/// when it is another file. Such files have a line of headings and quote nothing.
pub fn febrl(text: &str) -> Option<Made> {
    let mut made = Made::default();
    let mut persons: HashMap<&str, u32> = HashMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let &[id, given_names, surname, number, street, more, town, postcode, _state, born, social] = &cells[..] else {
            return None;
        };
        // What a record is called (`rec-N-org`, `rec-N-dup-M`) says whose it is: for judging alone.
        let next = u32::try_from(persons.len()).ok()?;
        made.truth.push(*persons.entry(id.split('-').nth(1)?).or_insert(next));
        let some = |cell: &str| Some(cell.to_owned()).filter(|text| !text.is_empty());
        made.records.push(Record {
            given_names: some(given_names),
            surname: some(surname),
            address: [number, street, more].into_iter().filter_map(some).collect(),
            town: some(town),
            postcode: some(postcode),
            birth_date: BirthDate::parse(born, false),
            external_ids: some(social)
                .map(|value| ExternalId { scheme: "soc_sec_id".to_owned(), value })
                .into_iter()
                .collect(),
            ..Record::default()
        });
    }
    Some(made)
}
