//! Erasing a person: from every table in one transaction, then from files, the index and free room by a job.

use commonweal_domain::records::Lane;
use commonweal_domain::{
    Actor, AuditAction, ErasedCounts, Erasure, ErasureReason, Event, Extent, FieldErrors, Instant, Permission,
    PersonId, RecordId, Subject,
};
use commonweal_store::{ErasedHandle, FilesOf, SentBack, Silent, StoreError, Work};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::handles::country_of;
use super::hashes::Hasher;
use super::see::must_be_open;
use crate::app::authorise;
use crate::change::audited;
use crate::govern::retention::interrupted;
use crate::jobs::{Job, Running};
use crate::{App, Error, Result};

/// Rows that were sent back, looked through together.
const STEP: u64 = 1_000;
/// Persons erased in one transaction because nothing was heard of them.
const TOGETHER: u64 = 25;

/// Clears what an erasure leaves outside of the tables.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FinishErasure {
    person: PersonId,
    /// Ids, by which contacts are found that came in meanwhile.
    records: Vec<RecordId>,
}

impl Job for FinishErasure {
    const KIND: &'static str = "person.clear";
    const LANE: Lane = Lane::Quick;
    const CANCELLABLE: bool = false;
    const MAX_ATTEMPTS: i32 = 20;

    async fn run(self, app: &App, running: &Running) -> Result<()> {
        app.finish_erasure(self.person, &self.records, running.stop()).await
    }
}

impl App {
    /// How much would be erased of a person.
    pub async fn would_erase(&self, actor: &Actor, id: PersonId) -> Result<ErasedCounts> {
        authorise(actor, Permission::ErasePeople)?;
        let counts = self.inner.store.person_counts(id).await?.ok_or(Error::NotFound("person"))?;
        must_be_open(self, actor, id).await?;
        Ok(counts)
    }

    /// Erases a person, for good: who they are, what they wrote and, if so wanted, that they were ever in touch. What is left
    /// is a keyed hash of each handle, and lines in the trail that hold ids.
    pub async fn erase_person(
        &self,
        actor: &Actor,
        id: PersonId,
        reason: ErasureReason,
        extent: Extent,
    ) -> Result<ErasedCounts> {
        authorise(actor, Permission::ErasePeople)?;
        let mut errors = FieldErrors::default();
        if !ErasureReason::GIVEN.contains(&reason) {
            errors.add("reason", "not_allowed", "Choose why this person is erased.");
        }
        if !Extent::GIVEN.contains(&extent) {
            errors.add("extent", "not_allowed", "Choose how much is erased.");
        }
        errors.into_result(())?;
        if self.inner.store.person_counts(id).await?.is_none() {
            return Err(Error::NotFound("person"));
        }
        must_be_open(self, actor, id).await?;
        let hasher = &self.handle_hasher().await?;
        let of = &Erasure { person: id, extent, reason, at: self.now(), actor: actor.audit_name() };
        self.change(actor, move |w| {
            Box::pin(async move {
                let (counts, records) = erase(w, of, hasher).await?;
                w.jobs().enqueue(&self.job(&FinishErasure { person: id, records })?).await?;
                let line = audited(AuditAction::PersonErased, id);
                let details = json!({"reason": reason.key(), "extent": extent.key(), "erased": counts});
                Ok((counts, line.with(details)))
            })
        })
        .await
    }

    /// Clears what is left outside of the tables: contacts that came in meanwhile and name a record that is gone, files that
    /// were read and may hold rows of the person, rows that were sent back, words in the files of the index and in free room.
    async fn finish_erasure(&self, person: PersonId, records: &[RecordId], stop: &CancellationToken) -> Result<()> {
        self.change_silently(Silent::Step, move |w| Box::pin(async move { Ok(w.people().let_go_of(records).await?) }))
            .await?;
        self.remove_read_files().await?;
        let sent_back = self.forget_rows_of_the_erased(stop).await?;
        self.inner.handoff.want_purge();
        self.clear_free_room().await;
        let now = self.now();
        self.change(&Actor::Operator, move |w| {
            Box::pin(async move {
                w.people().erasure_finished(person, now).await?;
                let line = audited(AuditAction::ErasureFinished, person);
                Ok(((), line.with(json!({"rejected_rows": sent_back}))))
            })
        })
        .await
    }

    /// Forgets rows of files that were sent back and tell of a handle that was erased; how many.
    async fn forget_rows_of_the_erased(&self, stop: &CancellationToken) -> Result<u64> {
        let store = &self.inner.store;
        if !store.has_erased_handles().await? {
            return Ok(0);
        }
        let hasher = self.handle_hasher().await?;
        let mut gone = 0;
        for of in [FilesOf::Feedback, FilesOf::People] {
            let mut after = None;
            loop {
                let rows = store.sent_back_after(of, after, STEP).await?;
                let Some(last) = rows.last() else { break };
                after = Some(last.place);
                let which = &self.of_the_erased(&hasher, &rows).await?;
                if !which.is_empty() {
                    gone += self
                        .change_silently(Silent::Step, move |w| {
                            Box::pin(async move { Ok(w.people().forget_sent_back(of, which).await?) })
                        })
                        .await?;
                }
                interrupted(stop)?;
            }
        }
        Ok(gone)
    }

    /// Which of these rows tell of a handle that was erased.
    async fn of_the_erased(&self, hasher: &Hasher, rows: &[SentBack]) -> Result<Vec<(Uuid, i64)>> {
        let country = country_of(self.settings().time_zone);
        let mut told: Vec<([u8; 32], (Uuid, i64))> = Vec::new();
        for row in rows {
            let hashes = row.cells.iter().flat_map(|cell| hasher.of_cell(cell, country));
            told.extend(hashes.map(|hash| (hash, row.place)));
        }
        let hashes: Vec<[u8; 32]> = told.iter().map(|(hash, _)| *hash).collect();
        let erased: Vec<[u8; 32]> = self.inner.store.erased_handles(&hashes).await?.iter().map(|e| e.hash).collect();
        let mut which: Vec<(Uuid, i64)> =
            told.into_iter().filter(|(hash, _)| erased.contains(hash)).map(|(_, place)| place).collect();
        which.sort_unstable();
        which.dedup();
        Ok(which)
    }

    /// Erases who people are of whom nothing was heard since an instant, some at a time; broken off, it goes on from who is
    /// left. Their feedback stays as everybody may read it, and nobody's.
    pub(crate) async fn erase_idle_people(&self, before: Instant, stop: &CancellationToken) -> Result<()> {
        let hasher = &self.handle_hasher().await?;
        let mut after = None;
        loop {
            let persons = &self.inner.store.idle_persons(before, after, TOGETHER).await?;
            let Some(last) = persons.last() else { return Ok(()) };
            after = Some(*last);
            let now = self.now();
            self.change(&Actor::Operator, move |w| {
                Box::pin(async move {
                    let mut gone = 0_u64;
                    for person in persons {
                        let of = Erasure {
                            person: *person,
                            extent: Extent::Identity,
                            reason: ErasureReason::Retention,
                            at: now,
                            actor: Actor::Operator.audit_name(),
                        };
                        match erase(w, &of, hasher).await {
                            Ok(_) => gone += 1,
                            // Another server was faster.
                            Err(Error::NotFound(_)) => {}
                            Err(e) => return Err(e),
                        }
                    }
                    let line = audited(AuditAction::RetentionApplied, Subject::all("people"));
                    Ok(((), (gone > 0).then(|| line.with(json!({"people": gone})))))
                })
            })
            .await?;
            interrupted(stop)?;
        }
    }
}

/// Erases within a change, and leaves the hashes. How much, and which records there were.
async fn erase(w: &Work<'_>, of: &Erasure, hasher: &Hasher) -> Result<(ErasedCounts, Vec<RecordId>)> {
    let records = w.people().records_of_all(&[of.person]).await?;
    let counts = w.people().erase(of).await.map_err(|e| match e {
        StoreError::NotFound(_) => Error::NotFound("person"),
        other => other.into(),
    })?;
    if of.reason.leaves_hashes() {
        let hashes = records.iter().flat_map(|r| hasher.of(&r.source, &r.source_key, &r.handles));
        let left = hashes.map(|(kind, hash)| ErasedHandle { hash, kind: kind.to_owned(), at: of.at });
        w.people().keep_erased_handles(&left.collect::<Vec<_>>()).await?;
    }
    w.events().emit(of.at, &[Event::PersonErased { person: of.person }]).await?;
    Ok((counts, records.iter().map(|r| r.id).collect()))
}
