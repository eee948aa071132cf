//! Answers of people to messages: each is a contact, with the words as they are kept of all feedback, and knows which message it
//! answers.

use commonweal_domain::feedback::limits;
use commonweal_domain::person::BY_EMAIL;
use commonweal_domain::{
    Actor, Capacity, Channel, ContactId, Direction, DispatchId, Function, HandleKind, Instant, KnownAs, NewComment,
    NewFeedback, Permission, RecordId, Sentiment,
};
use commonweal_handles::email;
use commonweal_mail::Mail;
use commonweal_store::{NewContactRecord, WriteBatch};
use std::collections::BTreeMap;

use super::returned::About;
use crate::app::authorise;
use crate::hash::hash16;
use crate::listen::door::{Origin, admit};
use crate::listen::journey::Place;
use crate::{App, Result};

/// From where such feedback comes.
const SOURCE: &str = "mail";
/// Documents that are read together.
const TOGETHER: usize = 500;

/// What people answered to a send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DispatchReplies {
    /// How many answered.
    pub replies: u64,
    /// How many of them in which mood. Nothing where so few answered that it would say who said what.
    pub by_sentiment: Option<BTreeMap<Sentiment, u64>>,
    /// How many of them in no words, or in none that were read as a mood; counted where moods are.
    pub unread: u64,
}

impl App {
    /// How many people answered a send, and in which mood. For whoever may not see exact figures moods are told only where
    /// as many answered as the body's smallest group has.
    pub async fn replies_of_dispatch(&self, actor: &Actor, of: DispatchId) -> Result<DispatchReplies> {
        authorise(actor, Permission::ReadDispatches)?;
        // Whether there is one.
        self.inner.store.dispatch(of).await?;
        let answers = self.inner.store.replies_of_dispatch(of).await?;
        let replies = answers.len() as u64;
        if self.is_protected(actor) && replies < self.settings().minimum_group {
            return Ok(DispatchReplies { replies, ..DispatchReplies::default() });
        }
        let feedback: Vec<_> = answers.into_iter().flatten().collect();
        let mut by_sentiment: BTreeMap<Sentiment, u64> = BTreeMap::new();
        for some in feedback.chunks(TOGETHER) {
            for doc in self.inner.store.docs(some).await? {
                if let Some(mood) = doc.comments.iter().find_map(|comment| comment.reading.sentiment) {
                    *by_sentiment.entry(mood).or_default() += 1;
                }
            }
        }
        let unread = replies - by_sentiment.values().sum::<u64>();
        Ok(DispatchReplies { replies, by_sentiment: Some(by_sentiment), unread })
    }

    /// Keeps what a person answered. The same mail gives the same contact, however often it is kept.
    pub(super) async fn keep_reply(
        &self,
        mail: &Mail,
        about: &About,
        hash: [u8; 32],
        received: Option<Instant>,
    ) -> Result<ContactId> {
        let known_by = self.who_wrote(mail, about).await?;
        let function = about.went.function;
        let capacity = if function == Function::Engage { Capacity::Citizen } else { Capacity::Customer };
        // A clock of another server that runs ahead says nothing.
        let at = received.map_or(self.now(), |at| at.min(self.now()));
        let dedupe = hash16(&[&b"an answer by mail\0"[..], &hash].concat());
        let text = at_most(mail.text.trim(), limits::COMMENT_BYTES);
        if text.is_empty() {
            let contact = NewContactRecord {
                id: self.inner.ids.new_id().into(),
                at,
                service: None,
                touchpoint: None,
                channel: Channel::Email,
                direction: Direction::In,
                function,
                capacity,
                source: SOURCE.to_owned(),
                dedupe: Some(dedupe),
                known_by,
            };
            let fallback = contact.id;
            let batch = WriteBatch { contacts: vec![contact], ..WriteBatch::default() };
            let done = self.inner.writer.write_in_turn(batch).await?;
            return Ok(done.contacts.first().map_or(fallback, |written| written.id));
        }
        let new = NewFeedback {
            at: Some(at),
            channel: Channel::Email,
            direction: Direction::In,
            function,
            capacity,
            comments: vec![NewComment { question: None, text: text.to_owned() }],
            ..NewFeedback::default()
        };
        let admitted = admit(new, Origin::Sender, "", &self.inner.journeys.all())?;
        let (mut record, _) = self.record_one(SOURCE, admitted, Place::default(), dedupe);
        record.known_by = known_by;
        let fallback = record.contact;
        let batch = WriteBatch { records: vec![record], ..WriteBatch::default() };
        let done = self.inner.writer.write_in_turn(batch).await?;
        match done.records.first() {
            Some(written) if written.duplicate => Ok(self.inner.store.contact_of_feedback(written.id).await?),
            _ => Ok(fallback),
        }
    }

    /// By which record whoever wrote is known: the person to whom the message went, if it is their address; else whoever
    /// is called by this address, who need not be known yet.
    async fn who_wrote(&self, mail: &Mail, about: &About) -> Result<Option<RecordId>> {
        let Some(from) = mail.from.iter().find_map(|from| email(from).ok()) else { return Ok(None) };
        let hash = self.handle_hasher().await?.hash(HandleKind::Email.key(), from.normal());
        if let Some(record) = about.delivery.record.filter(|_| about.went.handle == Some(hash)) {
            return Ok(Some(record));
        }
        let called = KnownAs { source: BY_EMAIL.to_owned(), key: from.normal().to_owned() };
        let known = self.records_of_known(&Actor::Operator, std::iter::once(&called)).await?;
        Ok(known.get(&called).copied())
    }
}

/// The beginning of a text, of at most so many bytes.
fn at_most(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
