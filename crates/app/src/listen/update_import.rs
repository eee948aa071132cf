//! Rows of a file that are there already, read again another way.
//!
//! Under which key a row is there follows from how its file was read: the file is read as it was then beside as it is
//! read now, row by row, so that each row finds its feedback whatever was mended.

use std::collections::{HashMap, VecDeque};

use commonweal_domain::records::Import;
use commonweal_domain::{Actor, Permission};
use commonweal_ports::{Row, RowSource};
use commonweal_store::{NewRecord, Restated, Silent};

use super::dedupe;
use super::imports::scope_of;
use super::run_import::TOGETHER;
use crate::app::authorise;
use crate::{App, Result};

/// The keys of rows, as a file was read.
pub(super) struct Keys {
    scope: [u8; 16],
    seen: HashMap<u64, u32>,
}

impl Keys {
    pub(super) fn of(source: &dyn RowSource, named: Option<&str>) -> Self {
        Self { scope: scope_of(source.headings(), named), seen: HashMap::new() }
    }

    /// The key of the next row; none when it can't come in. Equal rows without ids are told apart by how many came before.
    pub(super) fn next(&mut self, row: &Row) -> Option<[u8; 16]> {
        let times = self.seen.entry(short(&row.content_hash)).or_default();
        *times += 1;
        let new = row.outcome.as_ref().ok()?;
        Some(match &new.source_id {
            Some(id) => dedupe::by_id(&self.scope, id),
            None => dedupe::by_content(&self.scope, &row.content_hash, *times),
        })
    }
}

/// Half of a hash is enough to count equal rows, and half the memory.
fn short(hash: &[u8; 16]) -> u64 {
    u64::from_be_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]])
}

/// A file as it was read before.
pub(super) struct Earlier {
    source: Box<dyn RowSource>,
    keys: Keys,
    ahead: VecDeque<(u64, Option<[u8; 16]>)>,
    over: bool,
}

impl Earlier {
    pub(super) fn new(source: Box<dyn RowSource>, import: &Import) -> Self {
        let keys = Keys::of(&*source, import.mapping.source.as_deref());
        Self { source, keys, ahead: VecDeque::new(), over: false }
    }

    /// The key that a row had then. Rows must be asked in order.
    pub(super) fn key_of(&mut self, row: u64) -> Result<Option<[u8; 16]>> {
        loop {
            match self.ahead.front() {
                Some((before, _)) if *before < row => drop(self.ahead.pop_front()),
                Some((this, key)) if *this == row => return Ok(*key),
                Some(_) => return Ok(None),
                None if self.over => return Ok(None),
                None => {
                    let rows = self.source.next_rows(TOGETHER)?;
                    self.over = rows.is_empty();
                    let keys = &mut self.keys;
                    self.ahead.extend(rows.iter().map(|row| (row.row, keys.next(row))));
                }
            }
        }
    }
}

/// A record with the key that its row had before, where the file was read before.
pub(super) type WithEarlier = (NewRecord, Option<[u8; 16]>);

impl App {
    /// The import by which the file of this one was taken in before, the last one.
    pub async fn taken_in_before(&self, actor: &Actor, import: &Import) -> Result<Option<Import>> {
        authorise(actor, Permission::ReadImports)?;
        self.earlier_import(import).await
    }

    pub(super) async fn earlier_import(&self, import: &Import) -> Result<Option<Import>> {
        Ok(self.inner.store.import_before(&import.file_hash, import.id).await?)
    }

    /// Changes feedback that is there into what its rows are read as now. Found by the key that its row had then, else by
    /// the one that it has now.
    pub(super) async fn restate(&self, records: Vec<WithEarlier>) -> Result<()> {
        let keys: Vec<[u8; 16]> =
            records.iter().flat_map(|(record, earlier)| [*earlier, record.dedupe]).flatten().collect();
        let there = self.inner.store.feedback_with_keys(&keys).await?;
        let known = |key: &Option<[u8; 16]>| key.as_ref().and_then(|key| there.get(key)).copied();
        let all: Vec<Restated> = records
            .into_iter()
            .filter_map(|(record, earlier)| {
                let feedback = known(&earlier).or_else(|| known(&record.dedupe))?;
                Some(Restated { feedback, record })
            })
            .collect();
        for some in all.chunks(STEP) {
            let done = self
                .change_silently(Silent::Step, move |w| Box::pin(async move { Ok(w.feedback().restate(some).await?) }));
            done.await?;
        }
        Ok(())
    }
}

/// Feedback in one transaction: what others write waits for it.
const STEP: usize = 200;
