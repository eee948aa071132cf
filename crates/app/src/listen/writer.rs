//! The one writer: groups what waits into one transaction and answers after it is durable.
//!
//! There is no artificial delay: whatever arrived while the transaction before was being committed
//! goes into the next one, so a lone request is quick and a thousand at once share one sync.

use std::sync::Arc;
use std::time::Duration;

use commonweal_domain::ContactId;
use commonweal_store::{NewRecord, Store, StoreError, WriteBatch, WriteOutcome, Written};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::Instant as Tick;
use tokio_util::sync::CancellationToken;

use super::handoff::Handoff;
use crate::events::Happened;
use crate::{App, Error, Result};

/// Requests that may wait. Beyond it callers are told to come again, so memory is bounded.
const QUEUE: usize = 4_096;
/// Feedback and contacts in one transaction.
const TOGETHER: usize = 2_000;

/// What became of what a caller asked to be written.
#[derive(Debug, Default)]
pub(crate) struct Acknowledged {
    /// One per record, in their order.
    pub(crate) records: Vec<Written>,
    /// One per contact without feedback, in their order.
    pub(crate) contacts: Vec<Written<ContactId>>,
}

/// What was asked to be written, and whom to tell.
struct Request {
    batch: WriteBatch,
    reply: oneshot::Sender<Result<Acknowledged>>,
}

impl Request {
    fn size(&self) -> usize {
        self.batch.records.len() + self.batch.contacts.len()
    }
}

/// What is said while nothing can be kept.
type Refusal = fn() -> Error;

/// Why what is sent in can't be kept at the moment, and since when that is known.
#[derive(Debug, Default)]
pub(crate) struct Standstill(parking_lot::Mutex<Option<(Refusal, Tick)>>);

impl Standstill {
    fn written(&self) {
        *self.0.lock() = None;
    }

    fn refused(&self, e: &StoreError) {
        let why: Refusal = match e {
            StoreError::DiskFull(_) => Error::disk_full,
            StoreError::Unavailable(_) => Error::store_unavailable,
            _ => return,
        };
        *self.0.lock() = Some((why, Tick::now()));
    }
}

/// After so long it is tried whether writing goes again, when nobody sends anything that would show it.
const TRY_AGAIN: Duration = Duration::from_secs(5);

impl App {
    /// Whether what is sent in can be kept. What went wrong last counts; whether it still does is tried now and then.
    pub async fn intake_open(&self) -> Result<()> {
        let standstill = &self.inner.writer.standstill;
        let known = *standstill.0.lock();
        let Some((why, since)) = known else { return Ok(()) };
        if since.elapsed() >= TRY_AGAIN {
            match self.inner.store.try_writing(self.now()).await {
                Ok(()) => {
                    standstill.written();
                    return Ok(());
                }
                Err(e) => {
                    standstill.refused(&e);
                    return Err(e.into());
                }
            }
        }
        Err(why())
    }
}

/// Hands batches to the task that writes them.
pub(crate) struct Writer {
    standstill: Arc<Standstill>,
    queue: mpsc::Sender<Request>,
    task: Mutex<Option<JoinHandle<()>>>,
    stop: CancellationToken,
}

impl Writer {
    /// Starts the task.
    pub(crate) fn start(store: Store, handoff: Arc<Handoff>, happened: Arc<Happened>) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let stop = CancellationToken::new();
        let standstill = Arc::new(Standstill::default());
        let output = Output { store, handoff, standstill: Arc::clone(&standstill) };
        let task = tokio::spawn(run(output, happened, receiver, stop.clone()));
        Self { standstill, queue: sender, task: Mutex::new(Some(task)), stop }
    }

    /// Writes a batch together with whatever else waits. When it answers, the batch is on the disk.
    /// A caller that can't wait (a request) gets [`Error::busy`] when the queue is full.
    pub(crate) async fn write(&self, batch: WriteBatch) -> Result<Acknowledged> {
        let (reply, answer) = oneshot::channel();
        self.queue.try_send(Request { batch, reply }).map_err(|_| Error::busy())?;
        answer.await.unwrap_or_else(|_| Err(Error::busy()))
    }

    /// The same for a caller that waits for its turn (an import).
    pub(crate) async fn write_in_turn(&self, batch: WriteBatch) -> Result<Acknowledged> {
        let (reply, answer) = oneshot::channel();
        self.queue.send(Request { batch, reply }).await.map_err(|_| Error::busy())?;
        answer.await.unwrap_or_else(|_| Err(Error::busy()))
    }

    /// Takes nothing more and waits until everything taken is written.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        if let Some(task) = self.task.lock().await.take()
            && let Err(e) = task.await
        {
            tracing::error!(error = %e, "the writer ended with a panic");
        }
    }
}

/// Where batches are written, and who is told.
struct Output {
    store: Store,
    handoff: Arc<Handoff>,
    standstill: Arc<Standstill>,
}

impl Output {
    async fn write(&self, batch: &WriteBatch) -> Result<WriteOutcome, StoreError> {
        let outcome = self.store.write(batch).await;
        match &outcome {
            Ok(_) => self.standstill.written(),
            Err(e) => self.standstill.refused(e),
        }
        outcome
    }
}

async fn run(output: Output, happened: Arc<Happened>, mut receiver: mpsc::Receiver<Request>, stop: CancellationToken) {
    let mut next: Option<Request> = None;
    loop {
        let first = match next.take() {
            Some(request) => request,
            None => tokio::select! {
                biased;
                request = receiver.recv() => match request { Some(r) => r, None => return },
                () = stop.cancelled() => {
                    receiver.close();
                    match receiver.recv().await { Some(r) => r, None => return }
                }
            },
        };
        let mut group = vec![first];
        let mut size = group[0].size();
        while size < TOGETHER && group.len() < TOGETHER {
            match receiver.try_recv() {
                Ok(request) if size + request.size() <= TOGETHER => {
                    size += request.size();
                    group.push(request);
                }
                Ok(too_much) => {
                    next = Some(too_much);
                    break;
                }
                Err(_) => break,
            }
        }
        write_group(&output, group).await;
        happened.tell();
    }
}

async fn write_group(output: &Output, group: Vec<Request>) {
    metrics::histogram!("commonweal_write_group_requests").record(group.len() as f64);
    if group.len() == 1 || group.iter().any(|r| r.batch.import.is_some()) {
        for request in group {
            write_one(output, request).await;
        }
        return;
    }
    let mut together = WriteBatch::default();
    let mut lengths = Vec::with_capacity(group.len());
    for request in &group {
        lengths.push((request.batch.records.len(), request.batch.contacts.len()));
        together.append(&request.batch);
    }
    match output.write(&together).await {
        Ok(outcome) => {
            offer(&output.handoff, together.records, &outcome.written);
            let (mut written, mut contacts) = (outcome.written.into_iter(), outcome.contacts.into_iter());
            for (request, (of_records, of_contacts)) in group.into_iter().zip(lengths) {
                let acknowledged = Acknowledged {
                    records: written.by_ref().take(of_records).collect(),
                    contacts: contacts.by_ref().take(of_contacts).collect(),
                };
                // A caller that went away does not matter: what it sent is kept.
                let _ = request.reply.send(Ok(acknowledged));
            }
        }
        Err(StoreError::DiskFull(source)) => {
            tracing::error!(error = %source, "no room on the disk for the store: intake is refused until there is");
            for request in group {
                let _ = request.reply.send(Err(Error::disk_full()));
            }
        }
        // One bad request must not take the others with it.
        Err(_) => {
            for request in group {
                write_one(output, request).await;
            }
        }
    }
}

async fn write_one(output: &Output, request: Request) {
    let answer = match output.write(&request.batch).await {
        Ok(outcome) => {
            offer(&output.handoff, request.batch.records, &outcome.written);
            Ok(Acknowledged { records: outcome.written, contacts: outcome.contacts })
        }
        Err(e) => Err(Error::from(e)),
    };
    let _ = request.reply.send(answer);
}

fn offer(handoff: &Handoff, records: Vec<NewRecord>, written: &[Written]) {
    handoff.offer(
        records
            .into_iter()
            .zip(written)
            .filter_map(|(record, w)| Some((w.position.filter(|_| !w.duplicate)?, record.doc))),
    );
}
