//! A dry run of the gate: what would become of everybody for whom a send is meant, if it went now. Nothing is written.

use chrono::TimeDelta;
use commonweal_domain::delivery::{Skip, Wait};
use commonweal_domain::gate::Decision;
use commonweal_domain::{Actor, DryRun, Permission, PersonId};
use commonweal_store::{Due, Silent};

use super::dispatches::DispatchDraft;
use super::letter::Content;
use super::person::Recipient;
use crate::app::authorise;
use crate::{App, Result};

/// People who are looked at together.
const TOGETHER: usize = 500;

impl App {
    /// What the gate would say now of everybody for whom a send is meant.
    pub async fn dry_run(&self, actor: &Actor, draft: &DispatchDraft) -> Result<DryRun> {
        authorise(actor, Permission::ManageDispatches)?;
        authorise(actor, Permission::ReadAudiences)?;
        let sender = self.inner.store.sender(draft.sender).await?;
        let content = Content::read_for(sender.setup.kind.channel(), &draft.texts)?;
        let people = self.members_of(&draft.audience, || Ok(())).await?;
        let mut found = DryRun { audience: people.len() as u64, ..DryRun::default() };
        for some in people.chunks(TOGETHER) {
            self.dry_run_of(some, draft, sender.setup.kind.channel(), &content, &mut found).await?;
        }
        Ok(found)
    }

    async fn dry_run_of(
        &self,
        people: &[PersonId],
        draft: &DispatchDraft,
        channel: commonweal_domain::Channel,
        content: &Content,
        found: &mut DryRun,
    ) -> Result<()> {
        let records = self.inner.store.newest_records_of(people).await?;
        let now = self.now();
        let due: Vec<Due> = people
            .iter()
            .map(|person| Due {
                id: self.inner.ids.new_id().into(),
                dispatch: Some(self.inner.ids.new_id().into()),
                record: records.get(person).copied(),
                person: None,
                // Nobody has had it yet.
                content: self.inner.ids.new_id().into(),
                topic: draft.topic.clone(),
                lane: draft.lane,
                function: draft.function,
                channel,
                requested: false,
                ends_at: now + TimeDelta::days(1),
                attempts: 0,
                values: None,
            })
            .collect();
        let settings = self.settings();
        let (zone, budget) = (settings.time_zone, settings.contact_budget);
        let since = now - TimeDelta::days(i64::from(budget.days.max(1)));
        let hasher = &self.handle_hasher().await?;
        let due = &due;
        let (due, facts, suppressed) = self
            .change_silently(Silent::NothingChanged, move |w| {
                Box::pin(async move {
                    let mut due = due.clone();
                    let facts = w.deliveries().facts(&mut due, since).await?;
                    let people: std::collections::HashMap<PersonId, Recipient> =
                        facts.into_iter().map(|(person, facts)| (person, Recipient::of(facts, now))).collect();
                    let hashes: Vec<[u8; 32]> = due
                        .iter()
                        .filter_map(|d| people.get(&d.person?)?.reached(d, hasher))
                        .map(|reached| reached.hash)
                        .collect();
                    let suppressed = w.deliveries().suppressed(&hashes, now).await?;
                    Ok((due, people, suppressed))
                })
            })
            .await?;
        for one in &due {
            let Some(who) = one.person.and_then(|person| facts.get(&person)) else {
                *found.never.entry(Skip::Erased.key().to_owned()).or_default() += 1;
                continue;
            };
            let reached = who.reached(one, hasher);
            let lacks = || who.values(one).is_ok_and(|values| !content.lacks_nothing(who.language(), &values));
            match who.decide(one, reached.as_ref(), &suppressed, (zone, budget), now) {
                Decision::Send if lacks() => *found.never.entry(Skip::MissingValue.key().to_owned()).or_default() += 1,
                Decision::Send => found.now += 1,
                Decision::Wait { why, .. } => *found.later.entry(why.key().to_owned()).or_default() += 1,
                Decision::Ask { .. } => *found.later.entry(Wait::Owner.key().to_owned()).or_default() += 1,
                Decision::Never(why) => *found.never.entry(why.key().to_owned()).or_default() += 1,
            }
        }
        Ok(())
    }
}
