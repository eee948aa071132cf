//! Entry: staff key in what came by phone, letter, on paper or in person.
//!
//! Checked field by field, so that everything that is wrong is said at once; kept with who entered it
//! and when. Until the end of the day whoever entered it may change it or take it back.

use chrono::{NaiveDate, NaiveTime};
use commonweal_domain::feedback::limits;
use commonweal_domain::filter::valid_attribute_name;
use commonweal_domain::records::Entry;
use commonweal_domain::{
    Actor, Attributes, AuditAction, Capacity, Channel, FeedbackDoc, FeedbackId, FieldErrors, Instant, NewComment,
    NewFeedback, Page, PageRequest, Permission, Rating, UserId, period, sentence,
};
use serde::Serialize;
use serde_json::json;

use super::intake::{ByHand, IdempotencyKey, Receipt};
use super::validate::unclean;
use crate::app::authorise;
use crate::change::audited;
use crate::hash::hash16;
use crate::{App, Error, Result};

/// By which door it came: where an entry says it is from.
pub const SOURCE: &str = "console";

/// What is another's, of another day, or gone.
const NOT_YOURS: Error = Error::NotFound("entry of yours of today");

/// What somebody typed, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EntryInput {
    /// Key of the channel.
    pub channel: String,
    /// Day on which it was received: `2026-10-21` or `21/10/2026`.
    pub day: String,
    /// Time at which it was received, `14:05`; may be empty.
    pub time: String,
    /// Key of a service or, with its service's, of a touchpoint; may be empty.
    pub place: String,
    /// `1` (worst) to `5`, or empty.
    pub rating: String,
    /// Questions and answers; either may be empty.
    pub answers: Vec<(String, String)>,
    /// Code of the language; found from the words when empty.
    pub language: String,
    /// Area; may be empty.
    pub area: String,
    /// Key of the capacity; a customer when empty.
    pub capacity: String,
    /// Names and values of attributes; empty values are left out.
    pub attributes: Vec<(String, String)>,
}

/// One feedback that somebody entered today.
#[derive(Clone, Debug, PartialEq)]
pub struct Entered {
    /// The feedback.
    pub doc: FeedbackDoc,
    /// When it was entered.
    pub entered_at: Instant,
}

/// Who entered a feedback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnteredBy {
    /// The name of the user.
    pub name: String,
    /// When.
    pub at: Instant,
    /// Whether the one who asks may change it or take it back.
    pub may_change: bool,
}

impl App {
    /// Takes in what somebody typed. `key` is the form's own: sent twice it saves once. With
    /// `instead_of`, what was entered before goes in the transaction that brings the new one: at no
    /// moment are there both or neither, and of two who change one entry at once, one does.
    pub async fn enter(
        &self,
        actor: &Actor,
        input: &EntryInput,
        key: &str,
        instead_of: Option<FeedbackId>,
    ) -> Result<FeedbackId> {
        authorise(actor, Permission::SubmitFeedback)?;
        let user = person(actor)?;
        let mut new = self.checked(input)?;
        let body = hash16(json!([input, instead_of]).to_string().as_bytes());
        let key = IdempotencyKey { key: format!("entry {key}"), body };
        if let Some(before) = instead_of {
            let kept = match self.own_of_today(user, before).await {
                Ok(_) => self.keep_originals(before, &mut new).await,
                Err(e) => Err(e),
            };
            match kept {
                Ok(()) => {}
                // The same press a second time finds what was taken back by the first, also between the two looks.
                Err(Error::NotFound(_)) => {
                    let again: Option<Vec<Receipt>> = self.answered_before(key.of(actor), body).await?;
                    return again.and_then(|receipts| receipts.first().map(|r| r.id)).ok_or(NOT_YOURS);
                }
                Err(e) => return Err(e),
            }
        }
        let by_hand = ByHand { user, instead_of };
        let receipts = self.receive(actor, SOURCE, vec![new], Some(key), Some(by_hand)).await;
        let receipts = receipts.map_err(|e| match e {
            // It went between our look and the writing: changed or taken back elsewhere.
            Error::NotFound(_) if instead_of.is_some() => NOT_YOURS,
            Error::Conflict { code: code @ "idempotency_key_reused", .. } => Error::Conflict {
                code,
                message: "This form was saved already, with something else in it. To change what was saved, choose “Change” in the list below. To save this as another one, press the button again.".into(),
            },
            Error::Invalid(errors) => Error::Invalid(by_field(errors)),
            other => other,
        })?;
        receipts.first().map(|r| r.id).ok_or(Error::NotFound("entry"))
    }

    /// A page of what the actor entered today (in the body's zone), the newest first.
    pub async fn entries_today(&self, actor: &Actor, page: &PageRequest) -> Result<Page<Entered>> {
        authorise(actor, Permission::SubmitFeedback)?;
        let page = self.inner.store.entries_of(person(actor)?, self.today(), page).await?;
        let ids: Vec<FeedbackId> = page.items.iter().map(|e| e.feedback).collect();
        let docs = self.inner.store.docs(&ids).await?;
        Ok(page.with(|entries| {
            let entered_at = |id| entries.iter().find(|e| e.feedback == id).map(|e| e.entered_at);
            docs.into_iter().filter_map(|doc| Some(Entered { entered_at: entered_at(doc.id)?, doc })).collect()
        }))
    }

    /// How much the actor entered today.
    pub async fn entries_today_count(&self, actor: &Actor) -> Result<u64> {
        authorise(actor, Permission::SubmitFeedback)?;
        Ok(self.inner.store.entries_count(person(actor)?, self.today()).await?)
    }

    /// Who entered a feedback, if somebody did.
    pub async fn entered_by(&self, actor: &Actor, feedback: FeedbackId) -> Result<Option<EnteredBy>> {
        authorise(actor, Permission::ReadFeedback)?;
        let Some(entry) = self.inner.store.entry(feedback).await? else { return Ok(None) };
        let mine = matches!(actor, Actor::User { id, .. } if *id == entry.user);
        let may_change = mine && entry.entered_at >= self.today() && actor.may(Permission::SubmitFeedback);
        Ok(Some(EnteredBy { name: self.inner.store.user(entry.user).await?.name, at: entry.entered_at, may_change }))
    }

    /// What the actor entered today, to change it or take it back. `NotFound` for everything else.
    pub async fn own_entry(&self, actor: &Actor, feedback: FeedbackId) -> Result<FeedbackDoc> {
        authorise(actor, Permission::SubmitFeedback)?;
        self.own_of_today(person(actor)?, feedback).await?;
        self.inner.store.docs(&[feedback]).await?.pop().ok_or(Error::NotFound("entry"))
    }

    /// Takes back what the actor entered today: it is deleted with its words and originals.
    pub async fn take_back(&self, actor: &Actor, feedback: FeedbackId) -> Result<()> {
        authorise(actor, Permission::SubmitFeedback)?;
        self.own_of_today(person(actor)?, feedback).await?;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.feedback().delete(&[feedback]).await?;
                Ok(((), audited(AuditAction::EntryUndone, feedback)))
            })
        })
        .await
    }

    async fn own_of_today(&self, user: UserId, feedback: FeedbackId) -> Result<Entry> {
        let entry = self.inner.store.entry(feedback).await?;
        entry.filter(|e| e.user == user && e.entered_at >= self.today()).ok_or(NOT_YOURS)
    }

    /// The first instant of this day in the body's zone.
    fn today(&self) -> Instant {
        let zone = self.settings().time_zone;
        period::start_of(self.now().with_timezone(&zone).date_naive(), zone)
    }

    /// Answers that were left as they could be read keep the words behind them: who changes an entry
    /// sees no more of it than everybody.
    async fn keep_originals(&self, before: FeedbackId, new: &mut NewFeedback) -> Result<()> {
        let old = self.inner.store.feedback_detail(before).await?;
        for comment in &mut new.comments {
            let same = old.doc.comments.iter().zip(&old.comments).find(|(c, _)| c.text == comment.text);
            if let Some((_, identity)) = same.filter(|(_, identity)| identity.has_original)
                && let Some(original) = self.inner.store.original(identity.id).await?
            {
                comment.text = original;
            }
        }
        Ok(())
    }

    fn checked(&self, input: &EntryInput) -> Result<NewFeedback> {
        let mut errors = FieldErrors::default();
        let channel = Channel::from_key(&input.channel);
        if channel.is_none() {
            errors.add("channel", "required", "Choose how it reached you, for example Phone.");
        }
        let at = self.received(input, &mut errors);
        let (service, touchpoint) = match self.place_by_key(&input.place) {
            Some(place) => place,
            None => {
                errors.add("place", "unknown", "This service or touchpoint is not there any more. Choose another.");
                (None, None)
            }
        };
        let rating = match input.rating.as_str() {
            "" => None,
            step => {
                let value = step.parse::<u8>().ok().filter(|v| (1..=5).contains(v));
                if value.is_none() {
                    errors.add("rating", "out_of_range", "A rating is a number from 1 (very bad) to 5 (very good).");
                }
                value
            }
        };
        let capacity = match input.capacity.as_str() {
            "" => Capacity::Customer,
            key => Capacity::from_key(key).unwrap_or_else(|| {
                errors.add("capacity", "unknown", "Choose one of the capacities in the list.");
                Capacity::Customer
            }),
        };
        let language = Some(input.language.clone()).filter(|l| !l.is_empty());
        if language.as_ref().is_some_and(|l| !(2..=3).contains(&l.len()) || !l.bytes().all(|b| b.is_ascii_lowercase()))
        {
            errors.add("language", "unknown", "Choose one of the languages in the list.");
        }
        let comments = comments(&input.answers, &mut errors);
        if rating.is_none() && comments.is_empty() && errors.is_empty() {
            errors.add("words", "empty", "Give what was said, a rating, or both: there is nothing to keep yet.");
        }
        let new = NewFeedback {
            at: Some(at),
            service,
            touchpoint,
            channel: channel.unwrap_or(Channel::Other),
            capacity,
            ratings: rating
                .map(|v| Rating { name: "overall".to_owned(), value: f64::from(v), worst: 1.0, best: 5.0 })
                .into_iter()
                .collect(),
            comments,
            language,
            area: short("area", "The area", &input.area, &mut errors),
            attributes: attributes(&input.attributes, &mut errors),
            ..NewFeedback::default()
        };
        Ok(errors.into_result(new)?)
    }

    /// When it was received. Without a time it is the beginning of the day, which pages show as the
    /// day alone.
    fn received(&self, input: &EntryInput, errors: &mut FieldErrors) -> Instant {
        let (now, zone) = (self.now(), self.settings().time_zone);
        let today = now.with_timezone(&zone).date_naive();
        let day = match day_of(&input.day) {
            Some(day) => day,
            None => {
                if input.day.is_empty() {
                    errors.add("day", "required", "Give the day on which it was received.");
                } else {
                    let (day, example) = (&input.day, today.format("%d/%m/%Y").to_string());
                    let sentence = sentence!("“{day}” is not a date. Write it like {example}.", day, example);
                    errors.add("day", "not_a_date", sentence);
                }
                return now;
            }
        };
        let time = match input.time.as_str() {
            "" => None,
            text => {
                let time = ["%H:%M", "%H:%M:%S", "%H.%M"].iter().find_map(|f| NaiveTime::parse_from_str(text, f).ok());
                if time.is_none() {
                    errors.add(
                        "time",
                        "not_a_time",
                        sentence!("“{text}” is not a time. Write it like 14:05, or leave it empty.", text),
                    );
                }
                time
            }
        };
        if day > today {
            errors.add("day", "in_the_future", "The day lies in the future. Give the day on which it was received.");
        } else if chrono::Datelike::year(&day) < 1900 {
            errors.add("day", "too_early", "The day lies before the year 1900.");
        }
        let at = match time {
            None => period::start_of(day, zone),
            Some(time) => period::local(day.and_time(time), zone),
        };
        if day == today && at > now {
            errors.add("time", "in_the_future", "The time lies in the future. Give the time at which it was received.");
        }
        at
    }

    /// Service and touchpoint by the key of either; nothing when there is no such place.
    fn place_by_key(&self, key: &str) -> Option<(Option<String>, Option<String>)> {
        if key.is_empty() {
            return Some((None, None));
        }
        let services = self.inner.journeys.all();
        let service = services.iter().find(|s| s.key == key || s.touchpoints.iter().any(|t| t.key == key))?;
        Some((Some(service.key.clone()), (service.key != key).then(|| key.to_owned())))
    }
}

/// The fields of the form for what the door says by JSON pointers into the list of one.
fn by_field(mut errors: FieldErrors) -> FieldErrors {
    for error in &mut errors.0 {
        let field = error.field.strip_prefix("/0/").unwrap_or(&error.field);
        error.field = match field.strip_prefix("attributes/") {
            Some(name) => format!("attribute-{name}"),
            None => field.to_owned(),
        };
    }
    errors
}

/// Only people key in: they are named on the page of the feedback.
fn person(actor: &Actor) -> Result<UserId> {
    match actor {
        Actor::User { id, .. } => Ok(*id),
        _ => Err(Error::Denied(Permission::SubmitFeedback)),
    }
}

/// A day as a browser sends it, or as people write it.
fn day_of(text: &str) -> Option<NaiveDate> {
    ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y"]
        .iter()
        .find_map(|f| NaiveDate::parse_from_str(text, f).ok())
}

fn comments(answers: &[(String, String)], errors: &mut FieldErrors) -> Vec<NewComment> {
    let mut comments = Vec::new();
    for (place, (question, words)) in answers.iter().enumerate() {
        let field = |name: &str| if place == 0 { name.to_owned() } else { format!("{name}-{}", place + 1) };
        let question = short(&field("question"), "The question", question, errors);
        if words.len() > limits::COMMENT_BYTES {
            errors.add(
                field("words"),
                "too_long",
                sentence!(
                    "This is longer than {most} characters. Split it into several answers.",
                    most = limits::COMMENT_BYTES,
                ),
            );
        }
        // Line breaks belong to a letter; PostgreSQL can't keep NUL.
        let text = words.replace("\r\n", "\n").replace('\0', "");
        let text = text.trim();
        if !text.is_empty() {
            comments.push(NewComment { question, text: text.to_owned() });
        }
    }
    if answers.len() > limits::COMMENTS {
        errors.add("words", "too_many", sentence!("One entry has at most {most} answers.", most = limits::COMMENTS));
    }
    comments
}

fn attributes(given: &[(String, String)], errors: &mut FieldErrors) -> Attributes {
    let mut attributes = Attributes::new();
    for (name, value) in given {
        let field = format!("attribute-{name}");
        if !valid_attribute_name(name) {
            errors.add("", "bad_name", "The form names an attribute that can't be. Load the page again.");
        } else if let Some(value) = short(&field, "The value", value, errors) {
            if value.chars().count() > 200 {
                errors.add(field, "too_long", sentence!("A value has at most {most} characters.", most = 200_usize));
            }
            attributes.insert(name.clone(), value);
        }
    }
    if attributes.len() > limits::ATTRIBUTES {
        errors.add("", "too_many", sentence!("One entry has at most {most} attributes.", most = limits::ATTRIBUTES));
    }
    attributes
}

fn short(field: &str, what: &str, text: &str, errors: &mut FieldErrors) -> Option<String> {
    let text = text.trim();
    if unclean(text).is_some() {
        let sentence = sentence!("{what} holds a line break or a control character. Take it out.", what);
        errors.add(field, "not_clean", sentence);
    } else if text.chars().count() > limits::SHORT_CHARS {
        let sentence = sentence!("{what} has at most {most} characters.", what, most = limits::SHORT_CHARS);
        errors.add(field, "too_long", sentence);
    }
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_may_be_written_as_people_write_it() {
        let day = NaiveDate::from_ymd_opt(2026, 10, 5);
        for text in ["2026-10-05", "5/10/2026", "05/10/2026", "5.10.2026", "5 Oct 2026", "5 October 2026"] {
            assert_eq!(day_of(text), day, "{text}");
        }
        for text in ["", "2026-13-01", "31/02/2026", "yesterday"] {
            assert_eq!(day_of(text), None, "{text}");
        }
    }
}
