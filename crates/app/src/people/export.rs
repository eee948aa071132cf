//! What is kept of a person, given to them: everything, in one document.

use commonweal_domain::{Actor, AuditAction, ErasureReason, Extent, Instant, Permission, PersonId, StaysKept};
use commonweal_store::HeldRows;
use serde_json::{Value, json};

use super::see::must_be_open;
use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

/// What the document is called in it.
pub const FORMAT: &str = "commonweal-person";
/// Its version: another one when what stands in it means something else.
pub const VERSION: u32 = 1;

/// What is kept of a person.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonExport {
    /// Who.
    pub person: PersonId,
    /// When it was put together.
    pub made_at: Instant,
    /// The body that keeps it.
    pub body: String,
    /// Table by table, with every column.
    pub kept: Vec<HeldRows>,
    /// Tables in which nothing of anybody stands, and why.
    pub nothing_in: Vec<(&'static str, &'static str)>,
    /// What would stay if the person were erased.
    pub stays: Vec<StaysKept>,
}

impl PersonExport {
    /// As one document.
    pub fn json(&self) -> Value {
        let kept = self.kept.iter().map(|t| json!({"table": t.table, "what": t.what, "rows": t.rows}));
        let nothing = self.nothing_in.iter().map(|(table, why)| json!({"table": table, "why": why}));
        json!({
            "format": FORMAT,
            "version": VERSION,
            "person": self.person,
            "made_at": self.made_at.to_rfc3339(),
            "body": self.body,
            "kept": kept.collect::<Vec<_>>(),
            "nothing_in": nothing.collect::<Vec<_>>(),
            "stays_when_erased": self.stays,
        })
    }
}

impl App {
    /// Everything that is kept of a person, for them: also their words as they wrote them. A user needs a reason to see them
    /// first, as for their page. That it was taken out is written down.
    pub async fn export_person(&self, actor: &Actor, id: PersonId) -> Result<PersonExport> {
        authorise(actor, Permission::ReadPeople)?;
        let held = self.inner.store.person_held(id).await?.ok_or(Error::NotFound("person"))?;
        must_be_open(self, actor, id).await?;
        let rows: usize = held.tables.iter().map(|table| table.rows.len()).sum();
        self.note(actor, audited(AuditAction::PersonExported, id).with(json!({"rows": rows}))).await?;
        Ok(PersonExport {
            person: id,
            made_at: self.now(),
            body: self.settings().name.clone(),
            kept: held.tables,
            nothing_in: held.nothing_in,
            stays: Extent::Words.stays(ErasureReason::Asked),
        })
    }
}
