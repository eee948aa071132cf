//! What people agreed to and want, as colleagues and other systems write it down.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use commonweal_domain::consent::MAX_EVIDENCE;
use commonweal_domain::person::MAX_SOURCE;
use commonweal_domain::topic::CHANNELS;
use commonweal_domain::{
    Actor, AuditAction, Channel, Consent, Event, FieldErrors, Instant, Known, Permission, PersonId, PersonRequest,
    RecordId, Standing, ToldBy, Topic, UserId, Wish, WishEntry, standing,
};
use commonweal_store::PreferenceLink;
use serde_json::json;

use super::see::PersonSeen;
use crate::app::authorise;
use crate::change::{Audited, audited};
use crate::{App, Error, Result};

/// Most characters of the code of a language.
const MAX_LANGUAGE: usize = 20;
/// How far the clock of another system may be ahead.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// How a person stands, and all from which it follows.
#[derive(Clone, Debug, Default)]
pub struct PersonStanding {
    /// All that is kept.
    pub known: Known,
    /// What counts now.
    pub now: Standing,
    /// All topics.
    pub topics: Vec<Topic>,
    /// Links that are good now.
    pub links: Vec<PreferenceLink>,
    /// What they asked for, the newest first.
    pub requests: Vec<PersonRequest>,
    /// Names of those who see people, by their ids.
    pub users: BTreeMap<UserId, String>,
}

/// That somebody agreed to be told about a topic by a channel, or no longer does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentTold {
    /// Key of the topic.
    pub topic: String,
    /// By which channel.
    pub channel: Channel,
    /// Yes or no.
    pub agreed: bool,
    /// When they said it; now without it.
    pub at: Option<Instant>,
    /// How they said it.
    pub how: String,
    /// The words that they were shown, if they are known.
    pub wording: String,
}

/// What is written down of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandingTold {
    /// Of which of their records; of the last one without it.
    pub record: Option<RecordId>,
    /// Which source says so; it is the person's own word, told to a user, without it.
    pub source: Option<String>,
    /// What they agreed to.
    pub consents: Vec<ConsentTold>,
    /// What they want.
    pub wishes: Vec<Wish>,
}

impl App {
    /// How a person who was opened stands now.
    pub async fn standing_of(&self, actor: &Actor, seen: &PersonSeen) -> Result<PersonStanding> {
        authorise(actor, Permission::ReadPeople)?;
        let now = self.now();
        let records: Vec<RecordId> = seen.records.iter().map(|r| r.id).collect();
        let store = &self.inner.store;
        let (known, topics, links, requests) = tokio::try_join!(
            store.known_of(seen.records.clone()),
            store.topics(),
            store.preference_links_of(&records, now),
            store.requests_of(&records)
        )?;
        let users = self.who_sees_people().await?;
        Ok(PersonStanding { now: standing(&known, now), known, topics, links, requests, users })
    }

    /// Users who may sign in and see people, by their ids.
    pub(super) async fn who_sees_people(&self) -> Result<BTreeMap<UserId, String>> {
        let users = self.inner.store.users().await?;
        let seeing = users.into_iter().filter(|u| !u.disabled && u.grants.may(Permission::ReadPeople.into()));
        Ok(seeing.map(|u| (u.id, u.name)).collect())
    }

    /// Writes down what a person agreed to and wants: as they told it to a user, or as a source says it.
    pub async fn tell_standing(&self, actor: &Actor, person: PersonId, told: StandingTold) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        let records = self.inner.store.records_of(person).await?;
        let last = records.last().ok_or(Error::NotFound("person"))?.id;
        let record = told.record.unwrap_or(last);
        if !records.iter().any(|r| r.id == record) {
            let why = "This is not a record of this person.";
            return Err(FieldErrors::one("record", "not_theirs", why).into());
        }
        let told_by = whose_word(actor, told.source)?;
        let topics = self.inner.store.topics().await?;
        let mut errors = FieldErrors::default();
        let mut consents = Vec::with_capacity(told.consents.len());
        for (n, one) in told.consents.into_iter().enumerate() {
            consents.extend(self.consent(n, one, (record, &told_by), &topics, &mut errors));
        }
        for wish in &told.wishes {
            self.check_wish(wish, &mut errors);
        }
        let wishes = self.wish_entries(told.wishes, record, &told_by);
        errors.into_result(())?;
        self.keep_standing(actor, record, &consents, &wishes).await
    }

    /// An agreement as it is kept, or what is wrong with it.
    fn consent(
        &self,
        n: usize,
        told: ConsentTold,
        (record, told_by): (RecordId, &ToldBy),
        topics: &[Topic],
        errors: &mut FieldErrors,
    ) -> Option<Consent> {
        let before = errors.0.len();
        let now = self.now();
        let topic = topics.iter().find(|topic| topic.key == told.topic);
        match topic {
            None => errors.add(format!("consents/{n}/topic"), "unknown", "There is no topic of this key."),
            Some(topic) if told.agreed && !topic.open => {
                errors.add(format!("consents/{n}/topic"), "closed", "This topic is closed: nobody can agree to it.");
            }
            Some(_) => {}
        }
        if !CHANNELS.contains(&told.channel) {
            let why = "People are told about topics by email, sms, letter or phone.";
            errors.add(format!("consents/{n}/channel"), "not_allowed", why);
        }
        if told.at.is_some_and(|at| at > now + AHEAD) {
            errors.add(format!("consents/{n}/at"), "in_the_future", "This instant has not come yet.");
        }
        for (field, text) in [("how", &told.how), ("wording", &told.wording)] {
            let length = text.chars().count();
            if length > MAX_EVIDENCE {
                errors.add(format!("consents/{n}/{field}"), "too_long", too_long(length));
            }
        }
        (errors.0.len() == before).then(|| Consent {
            id: self.inner.ids.new_id().into(),
            record,
            topic: told.topic,
            channel: told.channel,
            agreed: told.agreed,
            at: told.at.unwrap_or(now).min(now),
            told_by: told_by.clone(),
            how: told.how.trim().to_owned(),
            version: if told.wording.is_empty() { 0 } else { topic.map_or(0, |t| t.version) },
            wording: told.wording,
        })
    }

    pub(super) fn check_wish(&self, wish: &Wish, errors: &mut FieldErrors) {
        match wish {
            Wish::Language(Some(code)) if code.trim().is_empty() || code.chars().count() > MAX_LANGUAGE => {
                errors.add("language", "not_a_language", "Say the language by its code: en, cy.");
            }
            Wish::Quiet(Some(quiet)) if quiet.from == quiet.to => {
                errors.add(
                    "quiet_from",
                    "whole_day",
                    "Quiet hours begin and end at the same time. Choose another one.",
                );
            }
            Wish::Pause(Some(pause)) if !pause.holds(self.now()) => {
                errors.add("pause_until", "over", "This day is over already. Choose a later one.");
            }
            Wish::Channel(Some(channel)) if !CHANNELS.contains(channel) => {
                errors.add("channel", "not_allowed", "Choose email, text message, letter or phone.");
            }
            _ => {}
        }
    }

    pub(super) fn wish_entries(&self, wishes: Vec<Wish>, record: RecordId, told_by: &ToldBy) -> Vec<WishEntry> {
        let at = self.now();
        let entry = |wish| WishEntry { id: self.inner.ids.new_id().into(), record, wish, at, told_by: told_by.clone() };
        wishes.into_iter().map(entry).collect()
    }

    /// Adds entries of one record, with their lines and events.
    pub(super) async fn keep_standing(
        &self,
        actor: &Actor,
        record: RecordId,
        consents: &[Consent],
        wishes: &[WishEntry],
    ) -> Result<()> {
        let now = self.now();
        self.change(actor, move |w| {
            Box::pin(async move {
                // Whose it is now: it may have been merged since it was looked up.
                let of = w.people().records(&[record]).await?;
                let person = of.first().ok_or(Error::NotFound("person"))?.person;
                w.people().add_consents(consents).await?;
                w.people().add_wishes(wishes).await?;
                let mut lines: Vec<Audited> = Vec::new();
                let mut events = Vec::new();
                if !consents.is_empty() {
                    events.push(Event::ConsentChanged { person });
                    let yes = consents.iter().filter(|c| c.agreed).count();
                    let details = json!({"record": record, "yes": yes, "no": consents.len() - yes});
                    lines.push(audited(AuditAction::ConsentsTold, person).with(details));
                }
                if !wishes.is_empty() {
                    events.push(Event::PreferencesChanged { person });
                    let about: Vec<&str> = wishes.iter().map(|entry| entry.wish.kind()).collect();
                    lines
                        .push(audited(AuditAction::WishesTold, person).with(json!({"record": record, "about": about})));
                }
                w.events().emit(now, &events).await?;
                Ok(((), lines))
            })
        })
        .await
    }
}

fn too_long(length: usize) -> commonweal_domain::Sentence {
    commonweal_domain::sentence!("This has {length} characters; {most} are allowed.", length, most = MAX_EVIDENCE)
}

/// Users write down what people told them; other systems say what they know.
fn whose_word(actor: &Actor, source: Option<String>) -> Result<ToldBy> {
    match (source.map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()), actor) {
        (Some(source), _) if source.chars().count() > MAX_SOURCE => {
            Err(FieldErrors::one("source", "too_long", "The name of a source has 100 characters at most.").into())
        }
        (Some(source), _) => Ok(ToldBy::Source(source)),
        (None, Actor::User { id, .. }) => Ok(ToldBy::User(*id)),
        (None, _) => Err(FieldErrors::one("source", "required", "Say which source this is from.").into()),
    }
}

/// Those of these wishes that are not so already.
pub(super) fn changed(now: &Standing, wishes: Vec<Wish>) -> Vec<Wish> {
    let is_so = |wish: &Wish| match wish {
        Wish::Language(code) => now.language.as_ref().map(|said| &said.value) == code.as_ref(),
        Wish::Needs(needs) => {
            let mut needs = needs.clone();
            needs.sort_unstable();
            needs.dedup();
            now.needs == needs
        }
        Wish::Quiet(quiet) => now.quiet.as_ref().map(|said| said.value) == *quiet,
        Wish::Pause(pause) => now.pause.as_ref().map(|said| said.value) == *pause,
        Wish::Channel(channel) => now.channel.as_ref().map(|said| said.value) == *channel,
    };
    wishes.into_iter().filter(|wish| !is_so(wish)).collect()
}

impl PersonStanding {
    /// Those of these agreements and wishes that are not so already: what a form that shows all of them changes.
    pub fn changed(&self, mut told: StandingTold) -> StandingTold {
        told.consents.retain(|c| self.now.agrees(&c.topic, c.channel) != c.agreed);
        told.wishes = changed(&self.now, told.wishes);
        told
    }

    /// The words of whoever told something, as colleagues see them: a name, or who else it was.
    pub fn user(&self, id: UserId) -> Option<&str> {
        self.users.get(&id).map(String::as_str)
    }
}
