//! Some deliveries from the gate to the server: claimed and decided in one transaction, handed over, and settled in others.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::TimeDelta;
use commonweal_domain::delivery::{Fault, Skip, Wait};
use commonweal_domain::gate::{Decision, Earlier};
use commonweal_domain::{
    Channel, ContactBudget, DeliveryId, DispatchId, Instant, Lane, MessageVersionId, Sender, SuppressionReason,
};
use commonweal_mail::verp::Purpose;
use commonweal_messages::{Colours, Values};
use commonweal_ports::{Carried, Carrier, Parcel};
use commonweal_store::{Decided, Due, Pace, Settled, Silent, Source, Suppression, Work};
use tokio::task::JoinSet;

use super::addresses::ReturnsTo;
use super::letter::{Content, From, Stop, colours};
use super::limits::Limits;
use super::person::{Asked, Reached, Recipient};
use super::told::{self, Became};
use super::unsubscribe::UnsubscribeLinks;
use crate::people::hashes::Hasher;
use crate::{App, Error, Result};

/// For how long a worker holds what it hands over without a sign of life, in seconds.
pub(super) const LEASE_S: i64 = 60;
/// Results that are written down together at most.
const SETTLED_TOGETHER: usize = 64;
/// First and longest wait before a server is tried again that refused for now, in seconds.
const RETRY_S: (i64, i64) = (60, 3_600);
/// For how many days nothing is sent to an address that its server did not know, or to a number at which nothing arrives.
pub(super) const UNREACHABLE_DAYS: i64 = 365;

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
    /// A text message as it is sent, with its language: what it costs is known before it goes.
    sms: Option<(String, String)>,
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
    /// To where mail comes back.
    returns: Option<ReturnsTo>,
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
    /// For how long a large send pauses after its first messages.
    rest: TimeDelta,
    worker: &'a str,
    /// Whether some of the sender's rate is left to what is urgent.
    is_bulk: bool,
    /// Where people end text messages that they can't answer.
    links: Option<UnsubscribeLinks>,
}

impl Batch<'_> {
    /// How whoever gets a text message says that they want no more; where they have to be told.
    fn stop(&self, due: &Due) -> Option<Stop> {
        if !due.lane.needs_consent() {
            return None;
        }
        match self.sender.sender.setup.takes_answers() {
            true => Some(Stop::Reply),
            false => self.links.as_ref().map(|links| Stop::Link(links.of(due.id))),
        }
    }
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
        (limit, is_bulk): (u64, bool),
        worker: &str,
    ) -> Result<Done> {
        let hasher = &self.handle_hasher().await?;
        let (zone, budget, rest) = {
            let settings = self.settings();
            let rest = TimeDelta::minutes(settings.large_sends.ramp_minutes.into());
            (settings.time_zone, settings.contact_budget, rest)
        };
        let links = match sender.sender.setup.kind.channel() {
            Channel::Sms => self.unsubscribe_links().await?,
            _ => None,
        };
        let contents = &self.inner.message_contents;
        let batch = Batch { source, limit, sender, hasher, contents, zone, budget, rest, worker, is_bulk, links };
        let (ready, unread, taken) = self.claim(&batch).await?;
        // A message that nobody has read yet: read now, and claimed the next time.
        for content in unread {
            let version = self.inner.store.message_version(content).await?;
            let channel = sender.sender.setup.kind.channel();
            self.inner.message_contents.put(content, Content::read_for(channel, &version.texts)?);
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
        let returns = self.returns_to(&sender.sender.setup).await?;
        let from = Sending { body, returns, colours, topics: self.topic_names(&ready).await };
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
        let address = |purpose| sending.returns.as_ref().and_then(|to| to.address(purpose, one.due.id));
        let unsubscribe_mail = list.as_ref().and_then(|_| address(Purpose::Unsubscribe));
        let (language, subject, text, html) = match &one.sms {
            Some((language, text)) => (language.clone(), String::new(), text.clone(), None),
            None => {
                let (language, written) = one.content.write(&one.language, &one.values, &from)?;
                (language, written.subject, written.text, Some(written.html))
            }
        };
        Some(Parcel {
            delivery: one.due.id,
            date: planned_at(one.due.id),
            to: one.to.clone(),
            name: one.name.clone(),
            subject,
            text,
            html,
            language,
            list,
            unsubscribe,
            tried_before: one.due.attempts > 0,
            unsubscribe_mail,
            return_path: address(Purpose::Bounce),
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
            let why = match carried {
                Carried::Refused { permanent: true, address: true, .. } => {
                    Some((SuppressionReason::Invalid, Some(now + TimeDelta::days(UNREACHABLE_DAYS))))
                }
                Carried::OptedOut(_) => Some((SuppressionReason::Stopped, None)),
                _ => None,
            };
            suppressed.extend(why.map(|(reason, expires_at)| Suppression {
                hash: one.hash,
                kind: one.kind.to_owned(),
                reason,
                at: now,
                expires_at,
                delivery: Some(one.due.id),
            }));
        }
        // Of sends of many nobody is told one by one, and nothing is looked up for them.
        let singles = some.iter().filter(|(one, _)| one.due.dispatch.is_none()).map(|(one, _)| one.due.id);
        let singles: Vec<DeliveryId> = singles.collect();
        let channel = sender.setup.kind.channel();
        let (settled, suppressed, singles) = (&settled, &suppressed, &singles);
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move {
                for one in suppressed {
                    w.deliveries().suppress(one).await?;
                }
                let written = w.deliveries().settle(settled, worker, now).await?;
                let became = settled.iter().filter(|(id, _)| singles.contains(id) && written.contains(id));
                let became: Vec<Became<'_>> =
                    became.filter_map(|(id, what)| Became::settled(*id, channel, what)).collect();
                told::tell(w, now, &became).await?;
                Ok(())
            })
        })
        .await?;
        // What a server does not know as an address came back, as far as the limits of a send go.
        let unknown: BTreeSet<DispatchId> = some
            .iter()
            .filter(|(_, carried)| matches!(carried, Carried::Refused { permanent: true, address: true, .. }))
            .filter_map(|(one, _)| one.due.dispatch)
            .collect();
        for id in unknown {
            self.watch_dispatch(id).await?;
        }
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
        Carried::Refused { permanent: true, code, .. } | Carried::OptedOut(code) => {
            Settled::Failed(Fault::Refused, Some(code.clone()))
        }
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
    let sender = &batch.sender.sender;
    let mut limit = match sender.setup.per_day {
        Some(most) => batch.limit.min(w.senders().left_of_the_day(sender.id, most, now).await?),
        None => batch.limit,
    };
    let mut limits = Limits::of(w, sender, now).await?;
    let pace = match batch.source.dispatch() {
        Some(id) => w.dispatches().pace(id).await?,
        None => Pace::default(),
    };
    limit = limit.min(limits.available(batch.is_bulk)).min(pace.left.unwrap_or(limit));
    if limit == 0 {
        return Ok((Vec::new(), Vec::new(), 0));
    }
    let mut due = w.deliveries().due(batch.source, limit, now).await?;
    if due.is_empty() {
        return Ok((Vec::new(), Vec::new(), 0));
    }
    let taken = due.len();
    let asked = Asked::of(w, &mut due, batch.hasher, batch.budget, now).await?;
    let Asked { mut people, reached, suppressed } = asked;
    limits.add_domains(w, reached.iter().flatten().map(|r| r.handle.handle.normal.as_str())).await?;
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
                    Decision::Send => let_through(batch, who, &due, reached, content, (&mut ready, &mut limits), now),
                    Decision::Wait { why: Wait::Budget, .. } if pace.drop_held => Decided::Skip(Skip::Budget),
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
    limits.keep(w).await?;
    w.deliveries().decide(&decided, batch.worker, now, now + TimeDelta::seconds(LEASE_S)).await?;
    if let (Some(id), Some(left), false) = (batch.source.dispatch(), pace.left, ready.is_empty()) {
        w.dispatches().use_ramp(id, left.saturating_sub(ready.len() as u64), now + batch.rest).await?;
    }
    if batch.source.dispatch().is_none() {
        let channel = batch.sender.sender.setup.kind.channel();
        let became: Vec<Became<'_>> =
            decided.iter().filter_map(|(id, what)| Became::decided(*id, channel, what)).collect();
        told::tell(w, now, &became).await?;
    }
    Ok((ready, unread, taken))
}

fn let_through(
    batch: &Batch<'_>,
    who: &mut Recipient,
    due: &Due,
    reached: Option<Reached>,
    content: Arc<Content>,
    (ready, limits): (&mut Vec<Ready>, &mut Limits),
    now: Instant,
) -> Decided {
    let Some(reached) = reached else { return Decided::Skip(Skip::NoHandle) };
    let values = match who.fits(due, &reached, &content, batch.sender.testers.as_deref()) {
        Ok(values) => values,
        Err(decided) => return decided,
    };
    let language = who.language().to_owned();
    let normal = &reached.handle.handle.normal;
    let (is_sms, mut cost) = (due.channel == Channel::Sms, batch.sender.sender.setup.cost);
    let mut sms = None;
    if is_sms {
        let Some((language, written)) = content.write_sms(&language, &values, batch.stop(due).as_ref()) else {
            return Decided::Fail(Fault::NotMade);
        };
        cost = written.cost(cost);
        sms = Some((language, written.text));
    }
    if let Err(until) = limits.take(normal) {
        return Decided::Wait(until.min(due.ends_at), Wait::SenderLimit);
    }
    // Whatever else is due for the same person in this batch comes after it.
    who.earlier.push(Earlier { lane: due.lane, content: due.content, at: now, dispatch: due.dispatch });
    ready.push(Ready {
        // A machine dials it.
        to: if is_sms { normal.clone() } else { reached.handle.handle.shown.clone() },
        hash: reached.hash,
        kind: reached.handle.handle.kind.key(),
        name: who.name(),
        language,
        values,
        content,
        sms,
        due: due.clone(),
    });
    Decided::Begin(reached.hash, cost)
}

/// Whether a lane is served before what people asked to be told about, by workers of its own.
pub(super) const fn is_urgent(lane: Lane) -> bool {
    !lane.needs_consent()
}
