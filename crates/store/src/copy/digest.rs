//! What a table contains, as one number that both engines agree on.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::connect::corrupt;
use crate::dialect::Val;
use crate::dialect::tables::{Kind, Table};
use crate::error::Result;

/// The number of rows and the sum of their SHA-256 modulo 2²⁵⁶.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Digest {
    rows: u64,
    sum: [u8; 32],
}

impl Digest {
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn hex(&self) -> String {
        self.sum.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// Adds one row.
    pub(super) fn add(&mut self, table: &Table, row: &[Val<'_>]) -> Result<()> {
        let mut hash = Sha256::new();
        for (value, (_, kind)) in row.iter().zip(&table.columns) {
            match value {
                Val::Null => hash.update([0]),
                Val::Id(id) => tagged(&mut hash, 1, id.as_bytes()),
                Val::Bytes(bytes) => tagged(&mut hash, 2, bytes),
                Val::Text(text) if *kind == Kind::Json => {
                    let value =
                        serde_json::from_str(text).map_err(|e| corrupt(format!("JSON in {}: {e}", table.name)))?;
                    json(&mut hash, &value);
                }
                Val::Text(text) => tagged(&mut hash, 3, text.as_bytes()),
                Val::Int(number) => tagged(&mut hash, 4, &number.to_be_bytes()),
                Val::Real(number) => real(&mut hash, *number),
                Val::Flag(flag) => tagged(&mut hash, 6, &[u8::from(*flag)]),
            }
        }
        let mut carry = 0_u16;
        for (sum, add) in self.sum.iter_mut().zip(hash.finalize()).rev() {
            carry += u16::from(*sum) + u16::from(add);
            *sum = carry.to_be_bytes()[1];
            carry >>= 8;
        }
        self.rows += 1;
        Ok(())
    }
}

fn tagged(hash: &mut Sha256, tag: u8, bytes: &[u8]) {
    hash.update([tag]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

/// SQLite keeps whole numbers without the sign of zero.
fn real(hash: &mut Sha256, number: f64) {
    let number = if number == 0.0 { 0.0 } else { number };
    tagged(hash, 5, &number.to_bits().to_be_bytes());
}

/// What a JSON value means, however it is written: PostgreSQL orders keys and writes numbers its way.
fn json(hash: &mut Sha256, value: &Value) {
    match value {
        Value::Null => hash.update([7]),
        Value::Bool(flag) => tagged(hash, 8, &[u8::from(*flag)]),
        Value::Number(number) => real(hash, number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => tagged(hash, 9, text.as_bytes()),
        Value::Array(items) => {
            tagged(hash, 10, &(items.len() as u64).to_be_bytes());
            items.iter().for_each(|item| json(hash, item));
        }
        Value::Object(fields) => {
            tagged(hash, 11, &(fields.len() as u64).to_be_bytes());
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort();
            for key in keys {
                tagged(hash, 12, key.as_bytes());
                json(hash, &fields[key]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::tables::{IMPORT_MAPPINGS, RATINGS};

    fn of(table: &Table, rows: &[Vec<Val<'_>>]) -> Digest {
        let mut digest = Digest::default();
        for row in rows {
            digest.add(table, row).expect("valid rows");
        }
        digest
    }

    fn rating(value: f64) -> Vec<Val<'static>> {
        vec![Val::Id(uuid::Uuid::nil()), Val::Int(0), "overall".into(), value.into(), Val::Real(1.0), Val::Real(5.0)]
    }

    #[test]
    fn the_order_of_rows_does_not_matter_but_each_value_does() {
        let (a, b) = (rating(1.0), rating(2.0));
        assert_eq!(of(&RATINGS, &[a.clone(), b.clone()]), of(&RATINGS, &[b.clone(), a.clone()]));
        assert_ne!(of(&RATINGS, &[a.clone(), a.clone()]), of(&RATINGS, &[b.clone(), b]));
        assert_ne!(of(&RATINGS, std::slice::from_ref(&a)), of(&RATINGS, &[rating(1.5)]));
        assert_eq!(of(&RATINGS, &[rating(0.0)]), of(&RATINGS, &[rating(-0.0)]));
    }

    #[test]
    fn json_is_compared_by_its_meaning() {
        let row = |json: &'static str| vec![vec![Val::from("s"), json.into(), Val::Int(1)]];
        let same = of(&IMPORT_MAPPINGS, &row(r#"{"a":1,"b":[1.0,null]}"#));
        assert_eq!(same, of(&IMPORT_MAPPINGS, &row(r#"{"b": [1, null], "a": 1}"#)));
        assert_ne!(same, of(&IMPORT_MAPPINGS, &row(r#"{"b": [1, null], "a": "1"}"#)));
    }
}
