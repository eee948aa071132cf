//! What is left of a handle when its holder was erased: a keyed hash, by which it is known when a source tells of it again, and
//! from which it can't be read. The key is the body's own, sealed where its configuration has keys.

use commonweal_domain::erasure::SOURCE_KEY;
use commonweal_domain::{Actor, Handle, HandleKind, Instant, Mark, NewPersonRecord, Permission, RecordId, RecordMark};
use commonweal_handles::{Country, email, phone};
use commonweal_store::{ErasedHandle, Work};

use super::handles::{HandleTold, country_of, read};
use crate::app::authorise;
use crate::hash::hmac;
use crate::{App, Result};

/// For what the key is made.
const PURPOSE: &str = "erased handles";

/// Hashes handles with the key of the body.
#[derive(Clone)]
pub(crate) struct Hasher([u8; 32]);

impl Hasher {
    /// That of one handle.
    pub(crate) fn hash(&self, kind: &str, normal: &str) -> [u8; 32] {
        hmac(&self.0, format!("{kind}\0{normal}").as_bytes())
    }

    /// Those of a record: its handles, and what its source calls it.
    pub(super) fn of(&self, source: &str, key: &str, handles: &[Handle]) -> Vec<(&'static str, [u8; 32])> {
        let of_handle = |h: &Handle| (h.kind.key(), self.hash(h.kind.key(), &h.normal));
        let source_key = (SOURCE_KEY, self.hash(SOURCE_KEY, &format!("{source}\0{key}")));
        handles.iter().map(of_handle).chain([source_key]).collect()
    }

    /// Those of whatever a cell of a table may say: an address or a number, alone or among other words.
    pub(super) fn of_cell(&self, cell: &str, country: Country) -> Vec<[u8; 32]> {
        let around = |c: char| c.is_whitespace() || ",;<>()\"'".contains(c);
        let words = cell.split(around).filter(|word| word.contains('@'));
        let emails = words.filter_map(|word| email(word).ok()).map(|e| (HandleKind::Email, e.normal().to_owned()));
        let phones = phone(cell, country).ok().map(|p| (HandleKind::Phone, p.normal().to_owned()));
        let account = Some(cell.trim().to_lowercase()).filter(|text| !text.is_empty() && text.len() <= 100);
        let accounts = account.map(|text| (HandleKind::Account, text));
        emails.chain(phones).chain(accounts).map(|(kind, normal)| self.hash(kind.key(), &normal)).collect()
    }

    /// Marks a record that was just kept when somebody with the same handle, or the same reference of the same source, was
    /// erased: nobody writes to them without their agreement.
    pub(super) async fn mark_if_erased(&self, w: &Work<'_>, record: &NewPersonRecord, by: &str) -> Result<()> {
        let hashes: Vec<[u8; 32]> =
            self.of(&record.source, &record.source_key, &record.handles).into_iter().map(|(_, hash)| hash).collect();
        let found = w.people().erased_handles(&hashes).await?;
        let marks: Vec<RecordMark> = found.iter().map(|erased| mark(record.id, erased, by)).collect();
        Ok(w.people().mark(&marks).await?)
    }
}

fn mark(record: RecordId, erased: &ErasedHandle, by: &str) -> RecordMark {
    RecordMark {
        record,
        mark: Mark::ErasedBefore,
        about: erased.kind.clone(),
        at: erased.at,
        actor: by.to_owned(),
        day: None,
        note: None,
    }
}

impl App {
    pub(crate) async fn handle_hasher(&self) -> Result<Hasher> {
        Ok(Hasher(self.sealing_key(PURPOSE).await?))
    }

    /// When somebody who could be reached by this was erased, if anybody was: whoever writes to people asks before.
    pub async fn was_handle_erased(&self, actor: &Actor, handle: &HandleTold) -> Result<Option<Instant>> {
        authorise(actor, Permission::ReadPeople)?;
        let handle = read(handle, country_of(self.settings().time_zone))?;
        let hash = self.handle_hasher().await?.hash(handle.kind.key(), &handle.normal);
        Ok(self.inner.store.erased_handles(&[hash]).await?.first().map(|erased| erased.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_says_of_which_kind_and_by_whose_key_and_nothing_else() {
        let (ours, others) = (Hasher([1; 32]), Hasher([2; 32]));
        let hash = ours.hash("email", "ann@example.org");
        assert_eq!(hash, ours.hash("email", "ann@example.org"));
        for other in [others.hash("email", "ann@example.org"), ours.hash("account", "ann@example.org")] {
            assert_ne!(hash, other);
        }
        // What a source calls somebody is told apart from what another one does.
        assert_ne!(ours.of("a", "b", &[])[0].1, ours.of("ab", "", &[])[0].1);
    }

    #[test]
    fn an_address_is_found_in_a_cell_however_it_is_written() {
        let hasher = Hasher([1; 32]);
        let known = [hasher.hash("email", "ann@example.org"), hasher.hash("phone", "+447700900123")];
        for cell in ["Ann@Example.org", "write to <ann@example.org>, please", " 07700 900 123 "] {
            let found = hasher.of_cell(cell, Country::Gb);
            assert!(found.iter().any(|hash| known.contains(hash)), "{cell}");
        }
        for cell in ["", "ann at example.org", "bob@example.org", "900123"] {
            let found = hasher.of_cell(cell, Country::Gb);
            assert!(!found.iter().any(|hash| known.contains(hash)), "{cell}");
        }
    }
}
