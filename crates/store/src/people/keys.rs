//! The ids by which what is kept of a person is found.

use std::collections::BTreeSet;

use commonweal_domain::{PersonId, RecordId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::held::By;
use crate::dialect;
use crate::entity::handle;
use crate::error::Result;

/// All that leads to something of one person.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// The person, and those who were merged into them and are nobody besides.
    pub(super) persons: Vec<Uuid>,
    pub(super) records: Vec<Uuid>,
    pub(super) changes: Vec<Uuid>,
    pub(super) contacts: Vec<Uuid>,
    pub(super) feedback: Vec<Uuid>,
    /// Feedback that want an answer at an address of the person's, theirs or not.
    pub(super) wishes: Vec<Uuid>,
    pub(super) comments: Vec<Uuid>,
}

impl Keys {
    /// Nothing when there is nobody, or nobody any more.
    pub(super) async fn of(db: &impl ConnectionTrait, person: PersonId) -> Result<Self> {
        let records = dialect::ids_of(db, "records", "id", &["person_id"], &[person.0]).await?;
        if records.is_empty() {
            return Ok(Self::default());
        }
        let mut persons: BTreeSet<Uuid> = BTreeSet::from([person.0]);
        for column in ["from_person", "to_person"] {
            persons.extend(dialect::ids_of(db, "links", column, &["record_id"], &records).await?);
        }
        let named: Vec<Uuid> = persons.iter().copied().filter(|id| *id != person.0).collect();
        for others in dialect::ids_of(db, "records", "person_id", &["person_id"], &named).await? {
            persons.remove(&others);
        }
        let changes = dialect::ids_of(db, "links", "change_id", &["record_id"], &records).await?;
        let mut changes: BTreeSet<Uuid> = changes.into_iter().collect();
        // What others had to do with the person may say something of them too.
        let named: Vec<Uuid> = persons.iter().copied().collect();
        changes.extend(dialect::ids_of(db, "links", "change_id", &["from_person", "to_person"], &named).await?);
        let pair = &["a_record", "b_record"];
        changes.extend(dialect::ids_of(db, "link_decisions", "change_id", pair, &records).await?);
        let contacts = dialect::ids_of(db, "contacts", "id", &["record_id"], &records).await?;
        let feedback = dialect::ids_of(db, "feedback", "id", &["contact_id"], &contacts).await?;
        let comments = dialect::ids_of(db, "comments", "id", &["feedback_id"], &feedback).await?;
        let mut wishes: BTreeSet<Uuid> = feedback.iter().copied().collect();
        wishes.extend(dialect::wishes_at(db, &addresses(db, &records).await?).await?);
        Ok(Self {
            persons: persons.into_iter().collect(),
            records,
            changes: changes.into_iter().collect(),
            contacts,
            feedback,
            wishes: wishes.into_iter().collect(),
            comments,
        })
    }

    /// The columns and ids by which rows of a table are found; none of what is found by texts.
    pub(super) fn by<'k>(&'k self, by: &'k By) -> Option<(&'k [&'static str], &'k [Uuid])> {
        Some(match by {
            By::Person(column) => (std::slice::from_ref(column), &self.persons),
            By::Record(columns) => (*columns, &self.records),
            By::Change(column) => (std::slice::from_ref(column), &self.changes),
            By::Contact(column) => (std::slice::from_ref(column), &self.contacts),
            By::Feedback(column) => (std::slice::from_ref(column), &self.feedback),
            By::Wish(column) => (std::slice::from_ref(column), &self.wishes),
            By::Comment(column) => (std::slice::from_ref(column), &self.comments),
            By::Subject(_) => return None,
        })
    }

    /// How the audit trail names the person and their records.
    pub(super) fn subjects(&self) -> Vec<String> {
        let name = |kind: &str, id: &Uuid| format!("{kind}:{id}");
        let persons = self.persons.iter().map(|id| name(PersonId::KIND, id));
        persons.chain(self.records.iter().map(|id| name(RecordId::KIND, id))).collect()
    }
}

/// Addresses and numbers of records, in small letters, as they were told and as they are compared.
async fn addresses(db: &impl ConnectionTrait, records: &[Uuid]) -> Result<Vec<String>> {
    let mut all = BTreeSet::new();
    for some in records.chunks(1_000) {
        let ids = some.iter().copied();
        for row in handle::Entity::find().filter(handle::Column::RecordId.is_in(ids)).all(db).await? {
            all.extend([row.shown.trim().to_lowercase(), row.normal.to_lowercase()]);
        }
    }
    all.remove("");
    Ok(all.into_iter().collect())
}
