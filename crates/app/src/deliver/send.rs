//! Some deliveries from the gate to the server: claimed and decided in one transaction, handed over, and settled in others.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;
use commonweal_domain::delivery::{Fault, Skip, Wait};
use commonweal_domain::gate::{Decision, Earlier};
use commonweal_domain::{
    ContactBudget, DeliveryId, Instant, Lane, MessageVersionId, PersonId, Sender, SuppressionReason,
};
use commonweal_messages::{Colours, Values};
use commonweal_ports::{Carried, Carrier, Parcel};
use commonweal_store::{Decided, Due, Settled, Silent, Source, Suppression, Work};
use tokio::task::JoinSet;

use super::letter::{Content, From, colours};
use super::person::{Reached, Recipient};
use crate::people::hashes::Hasher;
use crate::{App, Error, Result};

/// For how long a worker holds what it hands over without a sign of life, in seconds.
pub(super) const LEASE_S: i64 = 60;
/// Results that are written down together at most.
const SETTLED_TOGETHER: usize = 64;
/// First and longest wait before a server is tried again that refused for now, in seconds.
const RETRY_S: (i64, i64) = (60, 3_600);
/// For how many days nothing is sent to an address that its server did not know.
const INVALID_DAYS: i64 = 365;

/// A sender that is open.
pub(super) struct OpenSender {
    pub(super) sender: Sender,
    pub(super) carrier: Arc<dyn Carrier>,
    /// To whom alone it delivers, as they are normalised.
    pub(super) testers: Option<Vec<String>>,
}

/// What became of some deliveries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    /// How many were looked at.
    pub(super) taken: usize,
    /// Whether the server was not there.
    pub(super) not_reached: bool,
}

/// One that is handed over now.
struct Ready {
    due: Due,
    to: String,
    hash: [u8; 32],
    kind: &'static str,
    name: Option<String>,
    language: String,
    values: Values,
    content: Arc<Content>,
}

impl Ready {
    /// The topic to which whoever gets it subscribed.
    fn topic(&self) -> Option<&String> {
        self.due.topic.as_ref().filter(|_| self.due.lane.needs_consent())
    }
}

/// What all messages of one batch say of whom they are from.
struct Sending {
    body: String,
    colours: Colours,
    /// Names of topics, by their keys.
    topics: HashMap<String, String>,
}

/// What every decision of one batch needs.
struct Batch<'a> {
    source: Source,
    limit: u64,
    sender: &'a OpenSender,
    hasher: &'a Hasher,
    contents: &'a Contents,
    zone: chrono_tz::Tz,
    budget: ContactBudget,
    worker: &'a str,
}

/// Messages that were read, by version.
#[derive(Default)]
pub(crate) struct Contents(parking_lot::Mutex<HashMap<MessageVersionId, Arc<Content>>>);

/// So many messages are kept.
const KEPT_CONTENTS: usize = 64;

impl Contents {
    fn get(&self, id: MessageVersionId) -> Option<Arc<Content>> {
        self.0.lock().get(&id).cloned()
    }

    fn put(&self, id: MessageVersionId, content: Content) -> Arc<Content> {
        let mut kept = self.0.lock();
        if kept.len() >= KEPT_CONTENTS {
            kept.clear();
        }
        Arc::clone(kept.entry(id).or_insert_with(|| Arc::new(content)))
    }
}

impl App {
    /// Hands over some of what is due, at most so many.
    pub(super) async fn deliver_some(
        &self,
        source: Source,
        sender: &OpenSender,
        limit: u64,
        worker: &str,
    ) -> Result<Done> {
        let hasher = &self.handle_hasher().await?;
        let (zone, budget) = {
            let settings = self.settings();
            (settings.time_zone, settings.contact_budget)
        };
        let batch =
            Batch { source, limit, sender, hasher, contents: &self.inner.message_contents, zone, budget, worker };
        let (ready, unread, taken) = self.claim(&batch).await?;
        // A message that nobody has read yet: read now, and claimed the next time.
        for content in unread {
            let version = self.inner.store.message_version(content).await?;
            self.inner.message_contents.put(content, Content::read(&version.texts)?);
        }
        let not_reached = self.hand_over(ready, sender, worker).await?;
        Ok(Done { taken, not_reached })
    }

    async fn claim(&self, batch: &Batch<'_>) -> Result<(Vec<Ready>, Vec<MessageVersionId>, usize)> {
        let now = self.now();
        self.change_silently(Silent::Step, move |w| Box::pin(async move { claim(w, batch, now).await })).await
    }

    /// Hands over what was let through, and writes down what came of it as it comes. Whether the server was not there.
    async fn hand_over(&self, ready: Vec<Ready>, sender: &OpenSender, worker: &str) -> Result<bool> {
        let (body, colours) = {
            let settings = self.settings();
            (settings.name.clone(), colours(&settings.branding))
        };
        let from = Sending { body, colours, topics: self.topic_names(&ready).await };
        // Tasks of their own, so that connections go on while results are written. The carrier has as many connections as it
        // may have; whoever is beyond them waits there.
        let mut under_way = JoinSet::new();
        let mut handed = Vec::new();
        for one in ready {
            match self.parcel(&one, &from).await {
                Some(parcel) => {
                    let carrier = Arc::clone(&sender.carrier);
                    under_way.spawn(async move { (one, carrier.carry(&parcel).await) });
                }
                None => handed.push((one, Carried::Unsendable("The message could not be made.".into()))),
            }
        }
        let mut not_reached = false;
        loop {
            if handed.is_empty() {
                match under_way.join_next().await {
                    Some(done) => handed.push(done.map_err(Error::internal)?),
                    None => return Ok(not_reached),
                }
            }
            while handed.len() < SETTLED_TOGETHER
                && let Some(done) = under_way.try_join_next()
            {
                handed.push(done.map_err(Error::internal)?);
            }
            not_reached |= handed.iter().any(|(_, carried)| matches!(carried, Carried::NotTried(_)));
            self.settle(&handed, &sender.sender, worker).await?;
            handed.clear();
        }
    }

    async fn parcel(&self, one: &Ready, sending: &Sending) -> Option<Parcel> {
        let (list, unsubscribe) = match one.topic() {
            Some(topic) => {
                let name = sending.topics.get(topic).unwrap_or(topic).clone();
                (Some((topic.clone(), name)), self.unsubscribe_address(one.due.id).await)
            }
            None => (None, None),
        };
        let from = From {
            body: &sending.body,
            colours: sending.colours,
            why: list.as_ref().map(|(_, name)| name.as_str()),
            unsubscribe: unsubscribe.as_deref(),
        };
        let (language, written) = one.content.write(&one.language, &one.values, &from)?;
        Some(Parcel {
            delivery: one.due.id,
            date: planned_at(one.due.id),
            to: one.to.clone(),
            name: one.name.clone(),
            subject: written.subject,
            text: written.text,
            html: Some(written.html),
            language,
            list,
            unsubscribe,
        })
    }

    async fn settle(&self, some: &[(Ready, Carried)], sender: &Sender, worker: &str) -> Result<()> {
        let now = self.now();
        let mut settled: Vec<(DeliveryId, Settled)> = Vec::with_capacity(some.len());
        let mut suppressed: Vec<Suppression> = Vec::new();
        for (one, carried) in some {
            if let Carried::Unsendable(why) | Carried::NotTried(why) = carried {
                tracing::warn!(delivery = %one.due.id, sender = %sender.id, why, "a message was not handed over");
            }
            settled.push((one.due.id, outcome(&one.due, carried, now)));
            if let Carried::Refused { permanent: true, address: true, .. } = carried {
                suppressed.push(Suppression {
                    hash: one.hash,
                    kind: one.kind.to_owned(),
                    reason: SuppressionReason::Invalid,
                    at: now,
                    expires_at: Some(now + TimeDelta::days(INVALID_DAYS)),
                    delivery: Some(one.due.id),
                });
            }
        }
        let (settled, suppressed) = (&settled, &suppressed);
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move {
                for one in suppressed {
                    w.deliveries().suppress(one).await?;
                }
                Ok(w.deliveries().settle(settled, worker, now).await?)
            })
        })
        .await?;
        Ok(())
    }

    /// What the topics of these are called, by their keys.
    async fn topic_names(&self, ready: &[Ready]) -> HashMap<String, String> {
        let mut names = HashMap::new();
        for key in ready.iter().filter_map(Ready::topic) {
            if !names.contains_key(key)
                && let Ok(topic) = self.inner.store.topic(key).await
            {
                names.insert(key.clone(), topic.english.name);
            }
        }
        names
    }
}

/// When a delivery was written down: the time of its id, so that each attempt says the same.
fn planned_at(id: DeliveryId) -> Instant {
    let (seconds, nanos) = id.0.get_timestamp().map_or((0, 0), |t| t.to_unix());
    chrono::DateTime::from_timestamp(i64::try_from(seconds).unwrap_or(0), nanos).unwrap_or_default()
}

/// What is written down of what came of it.
fn outcome(due: &Due, carried: &Carried, now: Instant) -> Settled {
    let again = |wait: Instant| {
        if wait < due.ends_at { Settled::Again(wait, Wait::Retry) } else { Settled::Failed(Fault::GivenUp, None) }
    };
    match carried {
        Carried::Unsendable(_) => Settled::Failed(Fault::NotMade, None),
        Carried::HandedOver(code) => Settled::HandedOver(code.clone()),
        Carried::Refused { permanent: true, code, .. } => Settled::Failed(Fault::Refused, Some(code.clone())),
        Carried::Refused { permanent: false, .. } => again(now + backoff(due.attempts)),
        // The server is the trouble, and all that goes there waits for it: the delivery itself is due.
        Carried::NotTried(_) => again(now),
        Carried::Unknown if due.lane.is_sent_again() => again(now + backoff(due.attempts)),
        Carried::Unknown => Settled::Unknown,
    }
}

fn backoff(attempts: u32) -> TimeDelta {
    let (first, most) = RETRY_S;
    TimeDelta::seconds(first.saturating_mul(1_i64 << attempts.min(10)).min(most))
}

/// Takes what is due and decides of each. What is let through, which messages have to be read first, and how many were looked at.
async fn claim(w: &Work<'_>, batch: &Batch<'_>, now: Instant) -> Result<(Vec<Ready>, Vec<MessageVersionId>, usize)> {
    let limit = match batch.sender.sender.setup.per_day {
        Some(most) => batch.limit.min(w.senders().left_of_the_day(batch.sender.sender.id, most, now).await?),
        None => batch.limit,
    };
    if limit == 0 {
        return Ok((Vec::new(), Vec::new(), 0));
    }
    let mut due = w.deliveries().due(batch.source, limit, now).await?;
    if due.is_empty() {
        return Ok((Vec::new(), Vec::new(), 0));
    }
    let taken = due.len();
    let since = now - TimeDelta::days(i64::from(batch.budget.days.max(1)));
    let facts = w.deliveries().facts(&mut due, since).await?;
    let mut people: HashMap<PersonId, Recipient> =
        facts.into_iter().map(|(person, facts)| (person, Recipient::of(facts, now))).collect();
    let reached: Vec<Option<Reached>> = due
        .iter()
        .map(|d| d.person.and_then(|person| people.get(&person)).and_then(|who| who.reached(d, batch.hasher)))
        .collect();
    let hashes: Vec<[u8; 32]> = reached.iter().flatten().map(|r| r.hash).collect();
    let suppressed = w.deliveries().suppressed(&hashes, now).await?;
    let mut decided: Vec<(DeliveryId, Decided)> = Vec::with_capacity(due.len());
    let (mut ready, mut unread) = (Vec::new(), Vec::new());
    for (due, reached) in due.into_iter().zip(reached) {
        let Some(content) = batch.contents.get(due.content) else {
            unread.push(due.content);
            continue;
        };
        let what = match due.record {
            None => Decided::Skip(Skip::Erased),
            Some(_) if due.ends_at <= now && due.attempts > 0 => Decided::Fail(Fault::GivenUp),
            Some(_) if due.ends_at <= now => Decided::Skip(Skip::Expired),
            Some(_) => {
                // Whoever was merged just now is found the next time.
                let Some(who) = due.person.and_then(|person| people.get_mut(&person)) else { continue };
                match who.decide(&due, reached.as_ref(), &suppressed, (batch.zone, batch.budget), now) {
                    Decision::Send => let_through(batch, who, &due, reached, content, &mut ready, now),
                    Decision::Wait { until, why, .. } => Decided::Wait(until.min(due.ends_at), why),
                    Decision::Ask { until, .. } => Decided::Wait(until.min(due.ends_at), Wait::Owner),
                    Decision::Never(why) => Decided::Skip(why),
                }
            }
        };
        decided.push((due.id, what));
    }
    unread.sort_unstable();
    unread.dedup();
    w.deliveries().decide(&decided, batch.worker, now, now + TimeDelta::seconds(LEASE_S)).await?;
    Ok((ready, unread, taken))
}

fn let_through(
    batch: &Batch<'_>,
    who: &mut Recipient,
    due: &Due,
    reached: Option<Reached>,
    content: Arc<Content>,
    ready: &mut Vec<Ready>,
    now: Instant,
) -> Decided {
    let Some(reached) = reached else { return Decided::Skip(Skip::NoHandle) };
    let normal = &reached.handle.handle.normal;
    if batch.sender.testers.as_ref().is_some_and(|to| !to.contains(normal)) {
        return Decided::Skip(Skip::TestMode);
    }
    let Ok(values) = who.values(due) else { return Decided::Fail(Fault::NotMade) };
    let language = who.language().to_owned();
    if !content.lacks_nothing(&language, &values) {
        return Decided::Skip(Skip::MissingValue);
    }
    // Whatever else is due for the same person in this batch comes after it.
    who.earlier.push(Earlier { lane: due.lane, content: due.content, at: now, dispatch: due.dispatch });
    ready.push(Ready {
        to: reached.handle.handle.shown.clone(),
        hash: reached.hash,
        kind: reached.handle.handle.kind.key(),
        name: who.name(),
        language,
        values,
        content,
        due: due.clone(),
    });
    Decided::Begin(reached.hash, batch.sender.sender.setup.cost)
}

/// Whether a lane is served before what people asked to be told about, by workers of its own.
pub(super) const fn is_urgent(lane: Lane) -> bool {
    !lane.needs_consent()
}
