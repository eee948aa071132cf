//! A dry run of the gate: what would become of everybody for whom a send is meant, if it went when it begins. Nothing is written.
//!
//! It asks what a claim asks, by the same steps. Of those who had enough messages it says by whose. Messages that other sends
//! still have for the same people are taken to go out when they are due, those of an earlier send first, as workers serve them.

use std::collections::{HashMap, HashSet};

use commonweal_domain::delivery::{Skip, Wait};
use commonweal_domain::dispatch::{HeldBy, Overlap};
use commonweal_domain::gate::{Decision, Earlier};
use commonweal_domain::ramp::least_seconds;
use commonweal_domain::{
    Actor, Channel, DispatchId, DispatchState, DryRun, Function, Instant, MessageVersionId, Permission, PersonId,
    RecordId, Sender,
};
use commonweal_store::{Decided, Due, Meant, Silent};

use super::dispatches::{DispatchDraft, Says};
use super::letter::Content;
use super::person::{Asked, Recipient};
use super::work::testers;
use crate::app::authorise;
use crate::{App, Result};

/// People who are looked at together.
const TOGETHER: usize = 500;
/// Sends that go out by themselves.
const GOING: [DispatchState; 2] = [DispatchState::Planning, DispatchState::Running];
/// Sends that wait for somebody: whether and when they go out nobody knows.
const WAITING: [DispatchState; 2] = [DispatchState::AwaitingApproval, DispatchState::Paused];

/// A send that is tried out.
struct Tried<'a> {
    draft: &'a DispatchDraft,
    sender: Sender,
    testers: Option<Vec<String>>,
    content: Content,
    version: MessageVersionId,
    /// It stands for the send that is not there yet.
    dispatch: DispatchId,
    at: Instant,
}

/// By whose messages people are held back: how many, from when the first may have another, and all of them.
type Held = HashMap<(Option<DispatchId>, bool), (u64, Instant, Instant)>;

/// What was found so far.
#[derive(Default)]
struct Found {
    run: DryRun,
    held: Held,
    overlaps: HashMap<DispatchId, u64>,
}

impl App {
    /// What the gate would say of everybody for whom a send is meant, when it begins.
    pub async fn dry_run(&self, actor: &Actor, draft: &DispatchDraft) -> Result<DryRun> {
        authorise(actor, Permission::ManageDispatches)?;
        authorise(actor, Permission::ReadAudiences)?;
        let sender = self.inner.store.sender(draft.sender).await?;
        let channel = sender.setup.kind.channel();
        let (content, version) = match &draft.says {
            Says::Texts(texts) => (Content::read_for(channel, texts)?, self.inner.ids.new_id().into()),
            Says::Version(id) => {
                (Content::read_for(channel, &self.inner.store.message_version(*id).await?.texts)?, *id)
            }
        };
        let now = self.now();
        let tried = Tried {
            draft,
            testers: testers(&sender, self.country()),
            sender,
            content,
            version,
            dispatch: self.inner.ids.new_id().into(),
            at: draft.starts_at.unwrap_or(now).max(now),
        };
        let people = self.members_of(&draft.audience, || Ok(())).await?;
        let mut found = Found::default();
        for some in people.chunks(TOGETHER) {
            Box::pin(self.try_some(some, &tried, &mut found)).await?;
        }
        self.summed_up(&tried, people.len() as u64, found).await
    }

    async fn try_some(&self, people: &[PersonId], tried: &Tried<'_>, found: &mut Found) -> Result<()> {
        let records = self.inner.store.newest_records_of(people).await?;
        let due: Vec<Due> = people
            .iter()
            .map(|person| tried.due(records.get(person).copied(), self.inner.ids.new_id().into()))
            .collect();
        let settings = self.settings();
        let gate = (settings.time_zone, settings.contact_budget);
        let hasher = &self.handle_hasher().await?;
        let (due, at) = (&due, tried.at);
        let (due, mut asked) = self
            .change_silently(Silent::NothingChanged, move |w| {
                Box::pin(async move {
                    let mut due = due.clone();
                    let asked = Asked::of(w, &mut due, hasher, gate.1, at).await?;
                    Ok((due, asked))
                })
            })
            .await?;
        let of: HashMap<RecordId, PersonId> =
            asked.people.iter().flat_map(|(person, who)| who.record_ids().map(|record| (record, *person))).collect();
        let mut meant = match tried.draft.lane.needs_consent() {
            true => self.meant_for(&of, &GOING).await?,
            false => HashMap::new(),
        };
        for (_, others) in self.meant_for(&of, &WAITING).await? {
            for send in others.iter().map(|one| one.dispatch).collect::<HashSet<_>>() {
                *found.overlaps.entry(send).or_default() += 1;
            }
        }
        let now = self.now();
        for (one, reached) in due.iter().zip(&asked.reached) {
            let Some(who) = one.person.and_then(|person| asked.people.get_mut(&person)) else {
                *found.run.never.entry(Skip::Erased.key().to_owned()).or_default() += 1;
                continue;
            };
            let mut ahead = HashSet::new();
            let mut others = one.person.and_then(|person| meant.remove(&person)).unwrap_or_default();
            others.retain(|other| tried.is_after(other, now));
            others.sort_by_key(|other| (other.due_at.max(now), other.lane, other.dispatch));
            for other in others {
                if tried.goes_before(who, &other, (hasher, &asked.suppressed), gate, now) {
                    ahead.insert(other.dispatch);
                }
            }
            let decision = who.decide(one, reached.as_ref(), &asked.suppressed, gate, tried.at);
            match (decision, reached) {
                (Decision::Send, Some(reached)) => {
                    match who.fits(one, reached, &tried.content, tried.testers.as_deref()) {
                        Ok(_) => found.run.now += 1,
                        Err(why) => *found.run.never.entry(key_of(&why).to_owned()).or_default() += 1,
                    }
                }
                (Decision::Send, None) => {
                    *found.run.never.entry(Skip::NoHandle.key().to_owned()).or_default() += 1;
                }
                (Decision::Wait { until, why: Wait::Budget, after }, _) => {
                    found.held_by(after, after.is_none_or(|send| !ahead.contains(&send)), until);
                    let to = if tried.draft.drop_held { &mut found.run.never } else { &mut found.run.later };
                    *to.entry(Wait::Budget.key().to_owned()).or_default() += 1;
                }
                (Decision::Wait { why, .. }, _) => {
                    *found.run.later.entry(why.key().to_owned()).or_default() += 1;
                }
                (Decision::Ask { .. }, _) => *found.run.later.entry(Wait::Owner.key().to_owned()).or_default() += 1,
                (Decision::Never(why), _) => *found.run.never.entry(why.key().to_owned()).or_default() += 1,
            }
        }
        Ok(())
    }

    /// What sends of these states have for the people of these records.
    async fn meant_for(
        &self,
        of: &HashMap<RecordId, PersonId>,
        states: &[DispatchState],
    ) -> Result<HashMap<PersonId, Vec<Meant>>> {
        let records: Vec<RecordId> = of.keys().copied().collect();
        let mut meant: HashMap<PersonId, Vec<Meant>> = HashMap::new();
        for one in self.inner.store.meant_for(&records, states).await? {
            if let Some(person) = of.get(&one.record) {
                meant.entry(*person).or_default().push(one);
            }
        }
        Ok(meant)
    }

    /// Names the sends, and says what it costs and how long it takes.
    async fn summed_up(&self, tried: &Tried<'_>, audience: u64, found: Found) -> Result<DryRun> {
        let Found { mut run, held, overlaps } = found;
        run.audience = audience;
        for ((dispatch, sent), (people, from, until)) in held {
            let (name, team) = match dispatch {
                Some(id) => {
                    let found = self.inner.store.dispatch(id).await?;
                    (found.name, found.team)
                }
                None => (String::new(), None),
            };
            run.held_by.push(HeldBy { dispatch, name, team, sent, people, from, until });
        }
        run.held_by.sort_by_key(|held| (std::cmp::Reverse(held.people), held.dispatch, held.sent));
        for (id, people) in overlaps {
            let found = self.inner.store.dispatch(id).await?;
            let (name, team, state) = (found.name, found.team, found.state);
            run.overlaps.push(Overlap { dispatch: id, name, team, state, people });
        }
        run.overlaps.sort_by_key(|other| (std::cmp::Reverse(other.people), other.dispatch));
        let (setup, rules) = (&tried.sender.setup, self.settings().large_sends);
        let messages = run.now + run.all_later();
        run.cost = messages.saturating_mul(setup.cost);
        run.first = rules.first(tried.draft.lane, audience);
        run.needs_approval = rules.needs_approval(audience);
        let pause = run.first.map_or(0, |_| u64::from(rules.ramp_minutes) * 60);
        run.seconds = least_seconds(messages, setup.per_second, setup.per_day) + pause;
        Ok(run)
    }
}

impl Tried<'_> {
    fn channel(&self) -> Channel {
        self.sender.setup.kind.channel()
    }

    fn due(&self, record: Option<RecordId>, id: commonweal_domain::DeliveryId) -> Due {
        Due {
            id,
            dispatch: Some(self.dispatch),
            record,
            person: None,
            content: self.version,
            topic: self.draft.topic.clone(),
            lane: self.draft.lane,
            function: self.draft.function,
            channel: self.channel(),
            requested: false,
            ends_at: Instant::MAX_UTC,
            attempts: 0,
            values: None,
        }
    }

    /// Whether what another send has for somebody comes first: it is due earlier, or at the same time and served before.
    fn is_after(&self, other: &Meant, now: Instant) -> bool {
        let at = other.due_at.max(now);
        at < self.at || (at == self.at && other.lane <= self.draft.lane)
    }

    /// Whether another send's message goes out to somebody before; then they have had it.
    fn goes_before(
        &self,
        who: &mut Recipient,
        other: &Meant,
        (hasher, suppressed): (&crate::people::hashes::Hasher, &HashMap<[u8; 32], commonweal_store::Suppression>),
        gate: (chrono_tz::Tz, commonweal_domain::ContactBudget),
        now: Instant,
    ) -> bool {
        let due = Due {
            dispatch: Some(other.dispatch),
            record: Some(other.record),
            content: other.content,
            topic: other.topic.clone(),
            lane: other.lane,
            function: Function::Inform,
            channel: other.channel,
            ..self.due(None, self.dispatch.0.into())
        };
        let reached = who.reached(&due, hasher);
        let mut at = other.due_at.max(now);
        // What waits for a while may go before it, too; what waits again and again is not followed for ever.
        for _ in 0..8 {
            match who.decide(&due, reached.as_ref(), suppressed, gate, at) {
                Decision::Send => {
                    let (lane, content, dispatch) = (other.lane, other.content, Some(other.dispatch));
                    who.earlier.push(Earlier { lane, content, at, dispatch });
                    return true;
                }
                Decision::Wait { until, .. } | Decision::Ask { until, .. } if until < self.at => at = until,
                _ => return false,
            }
        }
        false
    }
}

impl Found {
    fn held_by(&mut self, send: Option<DispatchId>, sent: bool, until: Instant) {
        let (people, from, to) = self.held.entry((send, sent)).or_insert((0, until, until));
        *people += 1;
        *from = until.min(*from);
        *to = until.max(*to);
    }
}

fn key_of(decided: &Decided) -> &'static str {
    match decided {
        Decided::Skip(why) => why.key(),
        Decided::Fail(why) => why.key(),
        Decided::Wait(_, why) => why.key(),
        Decided::Begin(..) => "",
    }
}
