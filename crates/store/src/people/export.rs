//! All that is kept of a person, table by table, in the form in which it is given to them.

use std::collections::HashMap;

use commonweal_domain::{ErasedCounts, PersonId};
use sea_orm::EntityTrait;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::held::{By, Holds, Rows, places};
use super::keys::Keys;
use crate::connect::{Store, corrupt};
use crate::dialect::tables::{Kind, Table};
use crate::dialect::{self, Val};
use crate::entity::{form, import, instant, service, theme, touchpoint};
use crate::error::Result;

/// What one table holds of a person.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldRows {
    /// Which.
    pub table: &'static str,
    /// What stands there, in words for the person.
    pub what: &'static str,
    /// Each row with all its columns.
    pub rows: Vec<Map<String, Value>>,
}

/// All that is kept of a person.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonHeld {
    /// The tables, also those in which nothing of them stands: that nothing does is an answer too.
    pub tables: Vec<HeldRows>,
    /// Tables in which nothing of any person stands, and why.
    pub nothing_in: Vec<(&'static str, &'static str)>,
}

impl Store {
    /// All that is kept of a person; nothing when there is nobody.
    pub async fn person_held(&self, person: PersonId) -> Result<Option<PersonHeld>> {
        let db = self.read();
        let keys = Keys::of(db, person).await?;
        if keys.records.is_empty() {
            return Ok(None);
        }
        let names = self.names_of_things().await?;
        let (mut tables, mut nothing_in) = (Vec::new(), Vec::new());
        for place in places() {
            let Rows { what, by, .. } = match &place.holds {
                Holds::Rows(rows) => rows,
                Holds::Nothing(why) => {
                    nothing_in.push((place.table.name, *why));
                    continue;
                }
            };
            let found = match keys.by(by) {
                Some((columns, ids)) => dialect::rows_of(db, place.table, columns, ids).await?,
                None => {
                    let By::Subject(column) = by else { continue };
                    dialect::rows_saying(db, place.table, column, &keys.subjects()).await?
                }
            };
            let rows = found.into_iter().map(|row| told(place.table, row, &names)).collect::<Result<Vec<_>>>()?;
            tables.push(HeldRows { table: place.table.name, what, rows });
        }
        Ok(Some(PersonHeld { tables, nothing_in }))
    }

    /// How much is kept of a person; nothing when there is nobody.
    pub async fn person_counts(&self, person: PersonId) -> Result<Option<ErasedCounts>> {
        let db = self.read();
        let keys = Keys::of(db, person).await?;
        if keys.records.is_empty() {
            return Ok(None);
        }
        let handles = dialect::rows_of(db, &dialect::tables::HANDLES, &["record_id"], &keys.records).await?.len();
        Ok(Some(keys.counts(handles as u64)))
    }

    /// What the things are called that rows name by their ids.
    async fn names_of_things(&self) -> Result<HashMap<Uuid, String>> {
        let db = self.read();
        let mut names: HashMap<Uuid, String> = HashMap::new();
        names.extend(service::Entity::find().all(db).await?.into_iter().map(|row| (row.id, row.name)));
        names.extend(touchpoint::Entity::find().all(db).await?.into_iter().map(|row| (row.id, row.name)));
        names.extend(theme::Entity::find().all(db).await?.into_iter().map(|row| (row.id, row.name)));
        names.extend(form::Entity::find().all(db).await?.into_iter().map(|row| (row.id, row.key)));
        names.extend(import::Entity::find().all(db).await?.into_iter().map(|row| (row.id, row.file_name)));
        Ok(names)
    }
}

impl Keys {
    pub(super) fn counts(&self, handles: u64) -> ErasedCounts {
        ErasedCounts {
            records: self.records.len() as u64,
            handles,
            contacts: self.contacts.len() as u64,
            feedback: self.feedback.len() as u64,
            comments: self.comments.len() as u64,
        }
    }
}

/// A row as the person gets it: instants as dates, things by their names. Of whoever works here only that somebody did:
/// their names are not the person's to have.
fn told(table: &Table, row: Vec<Val<'static>>, names: &HashMap<Uuid, String>) -> Result<Map<String, Value>> {
    let mut told = Map::new();
    for ((column, kind), value) in table.columns.iter().zip(row) {
        let column = *column;
        let value = match (column, value) {
            ("user_id", Val::Id(_)) => json!("staff"),
            ("actor", Val::Text(actor)) => json!(by_whom(&actor)),
            ("service_id" | "touchpoint_id" | "theme_id" | "form_id" | "import_id", Val::Id(id)) => {
                json!(names.get(&id).cloned().unwrap_or_else(|| id.to_string()))
            }
            (_, Val::Int(at)) if column == "at" || column.ends_with("_at") => json!(instant(at)?.to_rfc3339()),
            (_, Val::Null) => Value::Null,
            (_, Val::Id(id)) => json!(id),
            (_, Val::Bytes(bytes)) => json!(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
            (_, Val::Text(text)) if *kind == Kind::Json => {
                serde_json::from_str(&text).map_err(|_| corrupt("a JSON value that can't be read"))?
            }
            (_, Val::Text(text)) => json!(text),
            (_, Val::Int(number)) => json!(number),
            (_, Val::Real(number)) => json!(number),
            (_, Val::Flag(flag)) => json!(flag),
        };
        told.insert(column.to_owned(), value);
    }
    Ok(told)
}

/// What kind of somebody did it.
fn by_whom(actor: &str) -> &'static str {
    match actor.split_once(':').map_or(actor, |(kind, _)| kind) {
        "user" => "staff",
        "key" => "another system",
        "anonymous" => "anonymous",
        _ => "the program, or whoever looks after it",
    }
}

#[cfg(test)]
mod tests {
    use super::by_whom;

    #[test]
    fn of_staff_only_the_kind_is_told() {
        assert_eq!(by_whom("user:00000000-0000-7000-8000-000000000001"), "staff");
        assert_eq!(by_whom("key:00000000-0000-7000-8000-000000000001"), "another system");
        assert_eq!(by_whom("operator"), "the program, or whoever looks after it");
    }
}
