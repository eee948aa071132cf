//! Finding people and seeing one: who may, why, and what is known.

use chrono::TimeDelta;
use commonweal_domain::{
    Actor, AuditAction, BirthDate, FieldErrors, Instant, LinkEntry, Permission, PersonId, PersonRecord, RecordMark,
    Subject,
};
use commonweal_linkage::normal;
use commonweal_store::PeopleWanted;
use serde_json::json;

use super::checked_reason;
use super::compare::beginning_of_postcode;
use super::handles::{country_of, looked_for};
use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

/// People that a search shows at most.
pub const MAX_FOUND: usize = 50;
/// For how long a reason to see a person holds.
const OPEN_HOURS: i64 = 12;

/// A person, as a list shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFound {
    /// Who.
    pub id: PersonId,
    /// What the sources say of them, oldest first.
    pub records: Vec<PersonRecord>,
}

/// What is known of a person.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonSeen {
    /// Who.
    pub id: PersonId,
    /// What the sources say of them, oldest first.
    pub records: Vec<PersonRecord>,
    /// What was ever said of to whom these records belong, oldest first.
    pub history: Vec<LinkEntry>,
    /// What was noted beside it: that they died, that they were erased before.
    pub marks: Vec<RecordMark>,
}

/// What somebody gets to see who asks for a person.
#[derive(Clone, Debug, PartialEq)]
pub enum Seeing {
    /// A reason is needed first.
    Closed,
    /// All records of this person belong to another one now.
    Moved(PersonId),
    /// This.
    Open(Box<PersonSeen>),
}

impl App {
    /// Finds people by what somebody writes: names, a date or year of birth, a postcode, an email address, a phone number,
    /// the number of a source. At most [`MAX_FOUND`].
    pub async fn find_people(&self, actor: &Actor, text: &str) -> Result<Vec<PersonFound>> {
        authorise(actor, Permission::ReadPeople)?;
        let wanted = self.wanted(text);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let ids = self.inner.store.find_people(&wanted, MAX_FOUND).await?;
        let mut found: Vec<PersonFound> = ids.iter().map(|id| PersonFound { id: *id, records: Vec::new() }).collect();
        for record in self.inner.store.records_of_all(&ids).await? {
            if let Some(person) = found.iter_mut().find(|p| p.id == record.person) {
                person.records.push(record);
            }
        }
        let line = audited(AuditAction::PeopleSearched, Subject::all("people"));
        self.note(actor, line.with(json!({"found": found.len()}))).await?;
        Ok(found)
    }

    /// What a text means as something to look for. What it says may stand in any order.
    fn wanted(&self, text: &str) -> PeopleWanted {
        let country = country_of(self.settings().time_zone);
        if let Some(normal) = looked_for(text, country) {
            return PeopleWanted { handle: Some(normal), ..PeopleWanted::default() };
        }
        let mut wanted = PeopleWanted::default();
        let words: Vec<&str> = text.split([' ', ',', '\t', '\n']).filter(|word| !word.is_empty()).collect();
        let mut rest = words.iter().copied().peekable();
        while let Some(word) = rest.next() {
            if let Some(born) = date(word) {
                wanted.born = Some(born);
            } else if let Some(code) = outward(word) {
                let inward = rest.next_if(|next| is_inward(next)).unwrap_or_default();
                wanted.postcode = Some(beginning_of_postcode(&format!("{code}{inward}")));
            } else if word.chars().any(|c| c.is_ascii_digit()) {
                wanted.source_key = Some(word.to_owned());
            } else {
                wanted.names.extend(Some(normal::plain(word)).filter(|name| !name.is_empty()));
            }
        }
        // More than two names: the first and the last say most.
        if let [first, .., last] = wanted.names.as_slice() {
            wanted.names = vec![first.clone(), last.clone()];
        }
        wanted
    }

    /// Gives the reason for which somebody wants to see a person. It holds for a working day, and is kept.
    pub async fn open_person(&self, actor: &Actor, id: PersonId, reason: &str) -> Result<()> {
        authorise(actor, Permission::ReadPeople)?;
        let Actor::User { id: user, .. } = actor else {
            return Err(Error::Denied(Permission::ReadPeople));
        };
        let reason = checked_reason("reason", reason)?;
        if reason.is_empty() {
            let why = "Say why you need to see this person. It is kept.";
            return Err(FieldErrors::one("reason", "required", why).into());
        }
        if self.inner.store.records_of(id).await?.is_empty() {
            return Err(Error::NotFound("person"));
        }
        let (now, user) = (self.now(), *user);
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people().open(id, user, reason, now).await?;
                Ok(((), audited(AuditAction::PersonOpened, id)))
            })
        })
        .await
    }

    /// A person, for whoever has given a reason today. Other systems and the command line need none; each time they see
    /// one is written down.
    pub async fn person(&self, actor: &Actor, id: PersonId) -> Result<Seeing> {
        authorise(actor, Permission::ReadPeople)?;
        let records = self.inner.store.records_of(id).await?;
        if records.is_empty() {
            let moved = self.inner.store.where_records_went(id).await?;
            return moved.map(Seeing::Moved).ok_or(Error::NotFound("person"));
        }
        match actor {
            Actor::User { id: user, .. } => {
                let since: Instant = self.now() - TimeDelta::hours(OPEN_HOURS);
                if !self.inner.store.is_open(id, *user, since).await? {
                    return Ok(Seeing::Closed);
                }
            }
            _ => self.note(actor, audited(AuditAction::PersonOpened, id)).await?,
        }
        let ids: Vec<_> = records.iter().map(|r| r.id).collect();
        let history = self.inner.store.link_history(&ids).await?;
        let marks = self.inner.store.record_marks(&ids).await?;
        Ok(Seeing::Open(Box::new(PersonSeen { id, records, history, marks })))
    }
}

/// Refuses a user who has given no reason to see a person, or too long ago.
pub(super) async fn must_be_open(app: &App, actor: &Actor, id: PersonId) -> Result<()> {
    let Actor::User { id: user, .. } = actor else { return Ok(()) };
    let since: Instant = app.now() - TimeDelta::hours(OPEN_HOURS);
    if app.inner.store.is_open(id, *user, since).await? {
        return Ok(());
    }
    Err(Error::Conflict {
        code: "reason_needed",
        message: "Say why you need to see this person first: open the person’s page in the console.".into(),
    })
}

/// A date of birth as people write it: day first, or the year.
pub fn birth_date(text: &str) -> Option<BirthDate> {
    date(text.trim())
}

fn date(word: &str) -> Option<BirthDate> {
    let year = |text: &str| text.parse::<u16>().ok().filter(|year| (1880..=2100).contains(year));
    if word.len() == 4 {
        return year(word).map(BirthDate::Year);
    }
    let parts: Vec<&str> = word.split(['/', '.', '-']).collect();
    let [a, b, c] = parts[..] else { return None };
    let (y, m, d) = if a.len() == 4 { (a, b, c) } else { (c, b, a) };
    format!("{}-{:0>2}-{:0>2}", year(y)?, m, d).parse().ok()
}

/// The first part of a postcode, or a whole one without its space.
fn outward(word: &str) -> Option<&str> {
    let mixed = word.chars().any(|c| c.is_ascii_digit())
        && word.chars().next().is_some_and(|c| c.is_ascii_alphabetic())
        && word.chars().all(|c| c.is_ascii_alphanumeric());
    (mixed && (2..=7).contains(&word.len())).then_some(word)
}

fn is_inward(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() == 3 && bytes[0].is_ascii_digit() && bytes[1..].iter().all(u8::is_ascii_alphabetic)
}
