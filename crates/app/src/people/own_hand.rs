//! People see and change themselves what is kept of them, by a link for a handle that they have.
//!
//! Whoever has the link has shown no more than that what is sent to this handle reaches them. So it opens what is told
//! beside this handle; of what other sources say of the person it tells only that there is something, and colleagues,
//! who find out first who is asking, send the rest. Following the link changes nothing: programs that look at mail do so
//! too. The first button that is pressed proves the handle, and opens a visit of half an hour.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use commonweal_domain::link::MAX_REASON;
use commonweal_domain::{
    Actor, AuditAction, Consent, Event, FieldErrors, Handle, HandleState, Instant, PageRequest, Permission, PersonId,
    PersonRecord, PersonRequest, RecordId, RequestKind, RequestState, ServiceId, ToldBy, Topic, Wish, sentence,
    standing,
};
use commonweal_store::{PersonContact, PreferenceLink, Proof};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::holds::{found, same_handles};
use super::wishes::changed;
use crate::app::authorise;
use crate::change::audited;
use crate::hash::hash32;
use crate::listen::form_guard::{FormLimits, Standing};
use crate::system::random;
use crate::{App, Error, Result};

/// A link is good for so many days.
pub const LINK_DAYS: i64 = 14;
/// A visit lasts so many minutes.
pub const VISIT_MINUTES: i64 = 30;
/// Contacts that are shown one by one at most.
pub const MAX_CONTACTS: usize = 200;
/// For what the ticket of a visit is signed.
const VISIT: &str = "a visit to one's own preferences";
/// Whoever comes by a link is nobody that we know.
const SELF: Actor = Actor::Anonymous;

/// What a browser keeps during a visit.
#[derive(Serialize, Deserialize)]
struct Ticket {
    /// Which link it is for.
    link: String,
    until: Instant,
}

/// What somebody sees of themselves.
#[derive(Clone, Debug)]
pub struct OwnHand {
    link: PreferenceLink,
    /// Whose it is.
    person: PersonId,
    /// The handle that they proved.
    pub handle: Handle,
    /// The records that tell of this handle, oldest first.
    pub records: Vec<PersonRecord>,
    /// All of the person's.
    all: Vec<PersonRecord>,
    /// Names of other sources that tell of them.
    pub others: Vec<String>,
    /// What counts now.
    pub now: commonweal_domain::Standing,
    /// Topics to which they can agree, or did.
    pub topics: Vec<Topic>,
    /// Their contacts, the newest first.
    pub contacts: Vec<PersonContact>,
    /// How many contacts there are.
    pub contacts_count: u64,
    /// What they asked for, the newest first.
    pub requests: Vec<PersonRequest>,
}

/// What somebody agrees to by ticking: key of the topic, channel, and the words beside the box.
pub type Ticked = (String, commonweal_domain::Channel, bool, String);

impl App {
    /// Makes the link by which the holder of a handle sees and changes what is kept of them. The token, which is given
    /// this one time: whatever is to send it, by letter or by email, gets it from here. A link before for the same
    /// handle leads nowhere from then on.
    pub async fn make_preference_link(
        &self,
        actor: &Actor,
        person: PersonId,
        handle: (RecordId, u32),
    ) -> Result<String> {
        authorise(actor, Permission::ManagePeople)?;
        let records = self.inner.store.records_of(person).await?;
        let of = found(&records, handle)?;
        let same = &same_handles(&records, of);
        let known = self.inner.store.known_of(records.clone()).await?;
        let now = self.now();
        let is_this =
            |h: &&commonweal_domain::standing::HandleStanding| h.handle.kind == of.kind && h.handle.normal == of.normal;
        if standing(&known, now).handles.iter().find(is_this).is_some_and(|h| h.state == HandleState::NotTheirs) {
            return Err(Error::Conflict {
                code: "handle_not_theirs",
                message: "This is no longer theirs, so that somebody else would get the link. Choose another one."
                    .into(),
            });
        }
        let token = URL_SAFE_NO_PAD.encode(random::<32>()?);
        let (hash, by) = (&hash32(token.as_bytes()), &actor.audit_name());
        let link = &PreferenceLink {
            record: handle.0,
            position: handle.1,
            expires_at: now + TimeDelta::days(LINK_DAYS),
            made_at: now,
            proved_at: None,
        };
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people().forget_preference_links(same).await?;
                w.people().keep_preference_link(link, hash, by).await?;
                let line = audited(AuditAction::PreferenceLinkMade, person);
                Ok(((), line.with(json!({"record": link.record, "handle": link.position}))))
            })
        })
        .await?;
        Ok(token)
    }

    /// Makes the link for a handle worthless.
    pub async fn revoke_preference_link(&self, actor: &Actor, person: PersonId, handle: (RecordId, u32)) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        let records = self.inner.store.records_of(person).await?;
        let same = &same_handles(&records, found(&records, handle)?);
        self.change(actor, move |w| {
            Box::pin(async move {
                let gone = w.people().forget_preference_links(same).await?;
                let line = audited(AuditAction::PreferenceLinkRevoked, person);
                Ok(((), (gone > 0).then(|| line.with(json!({"record": handle.0, "handle": handle.1})))))
            })
        })
        .await
    }

    /// Counts what somebody at an address sends who comes by a link, and links that lead nowhere: by the measure of public
    /// forms.
    pub fn count_guest(&self, address: IpAddr, limits: &FormLimits) -> Result<()> {
        match self.inner.guests.count(address, self.now(), limits) {
            Standing::Flood(retry_after_s) => Err(Error::TooMany { retry_after_s }),
            Standing::Fine | Standing::Busy => Ok(()),
        }
    }

    /// For which handle a link is, masked, if it is good.
    pub async fn handle_of_link(&self, token: &str) -> Result<Option<String>> {
        let Some((link, records)) = self.link(token).await? else { return Ok(None) };
        Ok(found(&records, (link.record, link.position)).ok().map(Handle::masked))
    }

    /// The link of a token, with all records of the person.
    async fn link(&self, token: &str) -> Result<Option<(PreferenceLink, Vec<PersonRecord>)>> {
        let Some(link) = self.inner.store.preference_link(&hash32(token.as_bytes()), self.now()).await? else {
            return Ok(None);
        };
        let of = self.inner.store.persons_of(&[link.record]).await?;
        let Some(person) = of.get(&link.record) else { return Ok(None) };
        Ok(Some((link, self.inner.store.records_of(*person).await?)))
    }

    /// Somebody says that the handle of a link is theirs: that proves it. The ticket of their visit.
    pub async fn prove_by_link(&self, token: &str) -> Result<String> {
        let (link, records) = self.link(token).await?.ok_or(Error::NotFound("link"))?;
        let handle = found(&records, (link.record, link.position))?;
        let person = records.first().ok_or(Error::NotFound("link"))?.person;
        let (hash, now) = (&hash32(token.as_bytes()), self.now());
        let (record, position) = (link.record, link.position);
        let proof = Proof { kind: handle.kind, normal: &handle.normal, at: Some(now) };
        self.change(&SELF, move |w| {
            Box::pin(async move {
                if !w.people().use_preference_link(hash, now).await? {
                    return Ok(((), None));
                }
                w.people().set_proved(&[record], &proof).await?;
                w.events().emit(now, &[Event::PreferencesChanged { person }]).await?;
                let line = audited(AuditAction::HandleProved, person);
                Ok(((), Some(line.with(json!({"record": record, "handle": position})))))
            })
        })
        .await?;
        let ticket = Ticket { link: URL_SAFE_NO_PAD.encode(hash), until: now + TimeDelta::minutes(VISIT_MINUTES) };
        self.signed_ticket(VISIT, &ticket).await
    }

    /// Somebody says that the handle of a link is not the person's for whom it is meant, or no longer.
    pub async fn disown_by_link(&self, token: &str) -> Result<()> {
        let (link, records) = self.link(token).await?.ok_or(Error::NotFound("link"))?;
        let place = (link.record, link.position);
        let handle = found(&records, place)?;
        self.keep_handle_state(&SELF, &records, (place, handle), HandleState::NotTheirs, ToldBy::Person).await
    }

    /// What somebody sees of themselves, during a visit. `NotFound` when the link is not good any more,
    /// `Unauthenticated` when the visit is over.
    pub async fn own_hand(&self, token: &str, ticket: &str) -> Result<OwnHand> {
        let (link, all) = self.link(token).await?.ok_or(Error::NotFound("link"))?;
        let now = self.now();
        let this = URL_SAFE_NO_PAD.encode(hash32(token.as_bytes()));
        let good = self.opened_ticket::<Ticket>(VISIT, ticket).await?.is_some_and(|t| t.link == this && now < t.until);
        if !good {
            return Err(Error::Unauthenticated);
        }
        let handle = found(&all, (link.record, link.position))?.clone();
        let of_handle: Vec<RecordId> = same_handles(&all, &handle).into_iter().map(|(record, _)| record).collect();
        let records: Vec<PersonRecord> = all.iter().filter(|r| of_handle.contains(&r.id)).cloned().collect();
        let mut others: Vec<String> =
            all.iter().filter(|r| !of_handle.contains(&r.id)).map(|r| r.source.clone()).collect();
        others.sort_unstable();
        others.dedup();
        let store = &self.inner.store;
        let ids: Vec<RecordId> = all.iter().map(|r| r.id).collect();
        let newest = PageRequest::first(MAX_CONTACTS);
        let (known, topics, contacts, counts, requests) = tokio::try_join!(
            store.known_of(all.clone()),
            store.topics(),
            store.contacts_of_records(&of_handle, None, &newest),
            store.count_contacts_of_records(&of_handle),
            store.requests_of(&ids)
        )?;
        let (contacts, contacts_count) = (contacts.items, counts.iter().map(|(_, contacts)| contacts).sum());
        let now = standing(&known, now);
        let topics = topics.into_iter().filter(|t| t.open).collect();
        // What they asked for by another handle may say what is nobody else's.
        let requests = requests.into_iter().filter(|r| of_handle.contains(&r.record)).collect();
        let person = all.first().ok_or(Error::NotFound("link"))?.person;
        Ok(OwnHand { link, person, handle, records, all, others, now, topics, contacts, contacts_count, requests })
    }

    /// What a service is called, for whoever had to do with it.
    pub fn own_service(&self, id: ServiceId) -> Option<String> {
        self.inner.journeys.called(Some(id), None).0
    }

    /// Somebody says of each box whether it is ticked. What is so already stays as it was said. How many were changed.
    pub async fn tick_topics(&self, own: &OwnHand, ticked: Vec<Ticked>, how: &str) -> Result<usize> {
        let at = self.now();
        let differs = |(topic, channel, agreed, _): &Ticked| {
            own.topics.iter().any(|t| t.key == *topic) && own.now.agrees(topic, *channel) != *agreed
        };
        let consent = |(topic, channel, agreed, wording): Ticked| Consent {
            id: self.inner.ids.new_id().into(),
            record: own.link.record,
            version: own.topics.iter().find(|t| t.key == topic).map_or(0, |t| t.version),
            topic,
            channel,
            agreed,
            at,
            told_by: ToldBy::Person,
            how: how.to_owned(),
            wording,
        };
        let consents: Vec<Consent> = ticked.into_iter().filter(differs).map(consent).collect();
        self.keep_standing(&SELF, own.link.record, &consents, &[]).await?;
        Ok(consents.len())
    }

    /// Somebody says what they want. What is so already stays as it was said. How much was changed.
    pub async fn wish_oneself(&self, own: &OwnHand, wishes: Vec<Wish>) -> Result<usize> {
        let mut errors = FieldErrors::default();
        wishes.iter().for_each(|wish| self.check_wish(wish, &mut errors));
        errors.into_result(())?;
        let entries = self.wish_entries(changed(&own.now, wishes), own.link.record, &ToldBy::Person);
        self.keep_standing(&SELF, own.link.record, &[], &entries).await?;
        Ok(entries.len())
    }

    /// Somebody takes back everything to which they agreed, and wants nothing until they say otherwise.
    pub async fn stop_everything(&self, own: &OwnHand, how: &str, wording: &str) -> Result<()> {
        let at = self.now();
        let no = |agreed: &Consent| Consent {
            id: self.inner.ids.new_id().into(),
            record: own.link.record,
            agreed: false,
            at,
            told_by: ToldBy::Person,
            how: how.to_owned(),
            wording: wording.to_owned(),
            ..agreed.clone()
        };
        let consents: Vec<Consent> = own.now.consents.values().filter(|c| c.agreed).map(no).collect();
        let pause = Wish::Pause(Some(commonweal_domain::Pause { until: None }));
        let wishes = self.wish_entries(changed(&own.now, vec![pause]), own.link.record, &ToldBy::Person);
        self.keep_standing(&SELF, own.link.record, &consents, &wishes).await
    }

    /// Somebody says that the handle by which they came is no longer theirs. Their visit is over by it.
    pub async fn disown(&self, own: &OwnHand) -> Result<()> {
        let place = (own.link.record, own.link.position);
        self.keep_handle_state(&SELF, &own.all, (place, &own.handle), HandleState::NotTheirs, ToldBy::Person).await
    }

    /// Somebody asks for something of what is held about them, which colleagues decide.
    pub async fn request_oneself(&self, own: &OwnHand, kind: RequestKind, note: &str) -> Result<()> {
        let note = note.trim();
        if kind == RequestKind::Correct && note.is_empty() {
            return Err(FieldErrors::one("note", "required", "Say what is wrong.").into());
        }
        let length = note.chars().count();
        if length > MAX_REASON {
            let sentence = sentence!("This has {length} characters; {most} are allowed.", length, most = MAX_REASON);
            return Err(FieldErrors::one("note", "too_long", sentence).into());
        }
        // Sent twice, it waits once.
        if own.requests.iter().any(|r| r.kind == kind && r.state == RequestState::Open && r.note == note) {
            return Ok(());
        }
        let request = &PersonRequest {
            id: self.inner.ids.new_id().into(),
            record: own.link.record,
            kind,
            note: note.to_owned(),
            at: self.now(),
            told_by: ToldBy::Person,
            state: RequestState::Open,
            answer: String::new(),
            decided: None,
        };
        let person = own.person;
        self.change(&SELF, move |w| {
            Box::pin(async move {
                w.people().add_request(request).await?;
                let line = audited(AuditAction::RequestMade, request.id);
                Ok(((), line.with(json!({"person": person, "kind": request.kind.key()}))))
            })
        })
        .await
    }
}
