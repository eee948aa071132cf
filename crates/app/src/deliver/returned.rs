//! Mail that came back: what it means for the delivery that it is about. Whatever it says is believed only where it came to an
//! address that we wrote for one message, or names a message of ours: anybody can write such a mail.
//!
//! The same mail read again changes nothing, so that whoever reads may stop at any moment and begin again.

use chrono::TimeDelta;
use commonweal_domain::delivery::Bounce;
use commonweal_domain::{
    Actor, AuditAction, Delivery, DeliveryId, DeliveryState, HandleKind, Instant, Page, PageRequest, Permission,
    Returned, ReturnedKind, ReturnedOutcome, SuppressionReason,
};
use commonweal_mail::verp::{AddressKey, Purpose, read_address};
use commonweal_mail::{Class, Kind, Mail, Problem, read};
use commonweal_store::{MailPlace, NewReturned, Silent, StoreError, Suppression, WentOut};
use serde_json::json;
use uuid::Uuid;

use super::told;
use crate::app::authorise;
use crate::change::audited;
use crate::hash::hash32;
use crate::{App, Result};

/// For how many days nothing is sent to an address that does not work: addresses are given to others, and mended.
const HARD_DAYS: i64 = 365;
/// So many deliveries in a row of days that could not be delivered for now make an address unreachable.
const SOFT: (u64, i64) = (5, 30);
/// For how many days nothing is sent to such an address.
const UNREACHABLE_DAYS: i64 = 30;
/// Ids of other messages that are looked up.
const MAX_IDS: usize = 50;
/// How it is written down beside what somebody said.
const BY_MAIL: &str = "By a mail";

/// What a mail that was read before or is read now became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What it is, and what became of it.
    pub returned: Returned,
    /// Whether it was read for the first time.
    pub is_new: bool,
}

/// How many mails came back, of one kind and outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReturnedCount {
    /// What they are.
    pub kind: ReturnedKind,
    /// What became of them.
    pub outcome: ReturnedOutcome,
    /// How many.
    pub mails: u64,
}

/// A mail with what is known around it.
pub(super) struct RawMail<'a> {
    /// Its bytes.
    pub(super) raw: &'a [u8],
    /// When the server got it.
    pub(super) received: Option<Instant>,
    /// Where it lies.
    pub(super) place: Option<MailPlace>,
}

/// The delivery that a mail is about, with what is needed to act on it.
pub(super) struct About {
    pub(super) delivery: Delivery,
    pub(super) went: WentOut,
    /// What the address was for at which it came.
    purpose: Option<Purpose>,
}

impl About {
    /// What the mail tells of the delivery.
    fn learnt<'a>(&self, state: DeliveryState, reason: Option<&'a str>) -> told::Became<'a> {
        told::Became { delivery: self.delivery.id, channel: self.delivery.channel, state, reason }
    }
}

/// What of a mail is written down.
struct Became {
    kind: ReturnedKind,
    outcome: ReturnedOutcome,
    delivery: Option<DeliveryId>,
    contact: Option<commonweal_domain::ContactId>,
}

impl App {
    /// A page of mails that came back, newest first.
    pub async fn returned_mails(&self, actor: &Actor, page: &PageRequest) -> Result<Page<Returned>> {
        authorise(actor, Permission::ReadDispatches)?;
        Ok(self.inner.store.returned_mails(page).await?)
    }

    /// How many mails came back, by what they are and what became of them.
    pub async fn returned_counts(&self, actor: &Actor) -> Result<Vec<ReturnedCount>> {
        authorise(actor, Permission::ReadDispatches)?;
        let counts = self.inner.store.returned_counts().await?;
        Ok(counts.into_iter().map(|(kind, outcome, mails)| ReturnedCount { kind, outcome, mails }).collect())
    }

    /// Takes in mails of a file, one after another; each is what it would be from a mailbox.
    pub async fn take_returned(&self, actor: &Actor, raw: &[u8]) -> Result<Taken> {
        authorise(actor, Permission::Administer)?;
        Box::pin(self.returned(RawMail { raw, received: None, place: None })).await
    }

    /// Writes down that mails of files were taken in.
    pub async fn note_returns_read(&self, actor: &Actor, mails: u64) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        let line = audited(AuditAction::ReturnsRead, commonweal_domain::Subject::of("returned_mail", "files"));
        self.note(actor, line.with(json!({"mails": mails}))).await
    }

    /// Takes in one mail.
    pub(super) async fn returned(&self, mail: RawMail<'_>) -> Result<Taken> {
        let hash = hash_of(mail.raw);
        if let Some(before) = self.inner.store.returned_before(&hash).await? {
            self.keep_mail(&before, hash, None, mail.place).await?;
            return Ok(Taken { returned: before, is_new: false });
        }
        match read(mail.raw) {
            Ok(found) => self.act_on(&found, hash, &mail).await,
            Err(problem) => {
                let outcome = match problem {
                    Problem::TooLarge => ReturnedOutcome::TooLarge,
                    _ => ReturnedOutcome::NoMail,
                };
                self.leave_mail(ReturnedKind::Other, outcome, hash, mail.place).await
            }
        }
    }

    /// Writes down a mail of which nothing can be made.
    pub(super) async fn leave_mail(
        &self,
        kind: ReturnedKind,
        outcome: ReturnedOutcome,
        hash: [u8; 32],
        place: Option<MailPlace>,
    ) -> Result<Taken> {
        let returned = self.row(Became { kind, outcome, delivery: None, contact: None }, place);
        let is_new = self.keep_mail(&returned, hash, None, place).await?;
        Ok(Taken { returned, is_new })
    }

    fn row(&self, became: Became, place: Option<MailPlace>) -> Returned {
        Returned {
            id: self.inner.ids.new_id().into(),
            at: self.now(),
            kind: became.kind,
            outcome: became.outcome,
            delivery: became.delivery,
            contact: became.contact,
            mailbox: place.map(|place| place.mailbox),
        }
    }

    /// Writes a mail down, and that its mailbox is read through it.
    async fn keep_mail(
        &self,
        returned: &Returned,
        hash: [u8; 32],
        handle: Option<[u8; 32]>,
        place: Option<MailPlace>,
    ) -> Result<bool> {
        let new = &NewReturned { returned: returned.clone(), hash, handle, place };
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move {
                let is_new = w.deliveries().keep_returned(new).await?;
                if let Some(place) = new.place {
                    w.mailboxes().read_through(place.mailbox, place.validity, place.uid).await?;
                }
                Ok(is_new)
            })
        })
        .await
    }

    async fn act_on(&self, mail: &Mail, hash: [u8; 32], raw: &RawMail<'_>) -> Result<Taken> {
        let kind = kind_of(mail.kind);
        let about = match self.about(mail).await? {
            Ok(about) => about,
            Err(why) => return self.leave_mail(kind, why, hash, raw.place).await,
        };
        // Writing to such an address says it, whatever the mail says; a machine that answers says nothing.
        let unsubscribes = match mail.kind {
            Kind::Unsubscribe => true,
            Kind::Reply | Kind::Other => about.purpose == Some(Purpose::Unsubscribe),
            _ => false,
        };
        let delivery = Some(about.delivery.id);
        let became = |kind, outcome| Became { kind, outcome, delivery, contact: None };
        if unsubscribes && about.delivery.topic.is_some() {
            self.unsubscribe_delivery(&about.delivery, BY_MAIL).await?;
            return self.end_mail(became(ReturnedKind::Unsubscribe, ReturnedOutcome::Unsubscribed), hash, raw).await;
        }
        match mail.kind {
            Kind::Bounce => return self.bounced(mail, &about, hash, raw).await,
            Kind::Complaint => return self.complained(mail, &about, hash, raw).await,
            Kind::AutoReply => {}
            Kind::Other if arrived(mail) => {
                let (now, arrived) = (self.now(), about.learnt(DeliveryState::Delivered, None));
                self.change_silently(Silent::Step, move |w| {
                    Box::pin(async move { told::learnt(w, now, arrived).await })
                })
                .await?;
                return self.end_mail(became(kind, ReturnedOutcome::Arrived), hash, raw).await;
            }
            // To a message that was no news there is nothing to unsubscribe from: somebody reads what they wrote.
            Kind::Reply | Kind::Unsubscribe => return self.answered(mail, &about, hash, raw).await,
            // Whoever writes to the address of one message writes about it, in whatever form.
            Kind::Other if about.purpose.is_some() && mail.recipients.is_empty() => {
                return self.answered(mail, &about, hash, raw).await;
            }
            _ => {}
        }
        self.end_mail(became(kind, ReturnedOutcome::Noted), hash, raw).await
    }

    async fn answered(&self, mail: &Mail, about: &About, hash: [u8; 32], raw: &RawMail<'_>) -> Result<Taken> {
        let contact = Box::pin(self.keep_reply(mail, about, hash, raw.received)).await?;
        let kept = Became {
            kind: ReturnedKind::Reply,
            outcome: ReturnedOutcome::Answered,
            delivery: Some(about.delivery.id),
            contact: Some(contact),
        };
        self.end_mail(kept, hash, raw).await
    }

    async fn end_mail(&self, became: Became, hash: [u8; 32], raw: &RawMail<'_>) -> Result<Taken> {
        let returned = self.row(became, raw.place);
        let is_new = self.keep_mail(&returned, hash, None, raw.place).await?;
        Ok(Taken { returned, is_new })
    }

    /// The delivery that a mail is about: by the address it came to, by the message that it names, by what is left of the message
    /// that came back. Else why there is none.
    async fn about(&self, mail: &Mail) -> Result<std::result::Result<About, ReturnedOutcome>> {
        let key = self.address_key().await?;
        let mut named = tokens(mail, &key);
        named.extend(ids(mail).map(|id| (None, id)));
        let names_any = !named.is_empty();
        for (purpose, id) in named.into_iter().take(MAX_IDS) {
            let id = DeliveryId(id);
            let delivery = match self.inner.store.delivery(id).await {
                Ok(delivery) => delivery,
                Err(StoreError::NotFound(_)) => continue,
                Err(e) => return Err(e.into()),
            };
            let went = self.inner.store.went_out(id).await?;
            return Ok(Ok(About { delivery, went, purpose }));
        }
        Ok(Err(if names_any { ReturnedOutcome::UnknownDelivery } else { ReturnedOutcome::NoDelivery }))
    }

    async fn bounced(&self, mail: &Mail, about: &About, hash: [u8; 32], raw: &RawMail<'_>) -> Result<Taken> {
        let (outcome, reason) = bounce_of(mail);
        let now = self.now();
        let soft = matches!(outcome, ReturnedOutcome::SoftBounce | ReturnedOutcome::Delayed);
        let counted = about.went.handle.filter(|_| soft);
        let id = about.delivery.id;
        let bounced = reason.map(|reason| about.learnt(DeliveryState::Bounced, Some(reason.key())));
        let (returned, is_new) = {
            let row = |outcome| {
                self.row(Became { kind: ReturnedKind::Bounce, outcome, delivery: Some(id), contact: None }, raw.place)
            };
            // Both, so that whatever the transaction finds is at hand when it is done again.
            let (usual, often) = &(row(outcome), row(ReturnedOutcome::Unreachable));
            let (place, handle) = (raw.place, about.went.handle);
            self.change_silently(Silent::Step, move |w| {
                Box::pin(async move {
                    let mut returned = usual;
                    if let Some(bounced) = bounced {
                        told::learnt(w, now, bounced).await?;
                    }
                    if let Some(hash) = counted {
                        let (most, days) = SOFT;
                        let before = w.deliveries().soft_bounces(&hash, now - TimeDelta::days(days), id).await?;
                        if before + 1 >= most {
                            returned = often;
                        }
                    }
                    let why = match returned.outcome {
                        ReturnedOutcome::HardBounce => Some((SuppressionReason::HardBounce, HARD_DAYS)),
                        ReturnedOutcome::Unreachable => Some((SuppressionReason::Unreachable, UNREACHABLE_DAYS)),
                        _ => None,
                    };
                    if let Some(((reason, days), hash)) = why.zip(handle) {
                        w.deliveries().suppress(&suppression(hash, reason, now, Some(days), id)).await?;
                    }
                    let new = NewReturned { returned: returned.clone(), hash, handle: counted, place };
                    let is_new = w.deliveries().keep_returned(&new).await?;
                    if let Some(place) = place {
                        w.mailboxes().read_through(place.mailbox, place.validity, place.uid).await?;
                    }
                    Ok((returned.clone(), is_new))
                })
            })
            .await?
        };
        Ok(Taken { returned, is_new })
    }

    async fn complained(&self, mail: &Mail, about: &About, hash: [u8; 32], raw: &RawMail<'_>) -> Result<Taken> {
        let id = about.delivery.id;
        let kind = mail.feedback.as_ref().map_or("abuse", |feedback| feedback.kind.as_str());
        let became = |outcome| Became { kind: ReturnedKind::Complaint, outcome, delivery: Some(id), contact: None };
        // The others are about how a message was signed, or that it is wanted after all.
        if !matches!(kind, "abuse" | "opt-out") {
            return self.end_mail(became(ReturnedOutcome::Noted), hash, raw).await;
        }
        let (now, handle) = (self.now(), about.went.handle);
        let complained = about.learnt(DeliveryState::Complained, None);
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move {
                told::learnt(w, now, complained).await?;
                if let Some(hash) = handle {
                    let complaint = suppression(hash, SuppressionReason::Complaint, now, None, id);
                    w.deliveries().suppress(&complaint).await?;
                }
                Ok(())
            })
        })
        .await?;
        self.end_mail(became(ReturnedOutcome::Complained), hash, raw).await
    }
}

fn suppression(
    hash: [u8; 32],
    reason: SuppressionReason,
    at: Instant,
    days: Option<i64>,
    delivery: DeliveryId,
) -> Suppression {
    Suppression {
        hash,
        kind: HandleKind::Email.key().to_owned(),
        reason,
        at,
        expires_at: days.map(|days| at + TimeDelta::days(days)),
        delivery: Some(delivery),
    }
}

fn kind_of(kind: Kind) -> ReturnedKind {
    match kind {
        Kind::Bounce => ReturnedKind::Bounce,
        Kind::Complaint => ReturnedKind::Complaint,
        Kind::Reply => ReturnedKind::Reply,
        Kind::AutoReply => ReturnedKind::AutoReply,
        Kind::Unsubscribe => ReturnedKind::Unsubscribe,
        _ => ReturnedKind::Other,
    }
}

/// Deliveries by the addresses that we wrote for them, wherever they stand.
fn tokens(mail: &Mail, key: &AddressKey) -> Vec<(Option<Purpose>, Uuid)> {
    let ours = |address: &str| read_address(address, key).map(|(purpose, id)| (Some(purpose), id));
    let mut found: Vec<_> = mail.sent_to.iter().filter_map(|to| ours(to)).collect();
    found.extend(mail.feedback.iter().filter_map(|feedback| ours(&feedback.mail_from)));
    // What came back may hold them still, where a mail system has given the message another id.
    let around = |c: char| c.is_whitespace() || "<>,;:?\"".contains(c);
    for name in ["return-path", "list-unsubscribe", "x-original-from"] {
        let said = mail.original.as_ref().and_then(|original| original.header(name)).unwrap_or_default();
        // That it stands there says nothing of why this mail was written.
        found.extend(said.split(around).filter_map(ours).map(|(_, id)| (None, id)));
    }
    found
}

/// Deliveries by the ids of messages: what came back, and what is answered, the nearest first.
fn ids(mail: &Mail) -> impl Iterator<Item = Uuid> + '_ {
    let original = mail.original.iter().flat_map(|original| original.message_id.iter().chain(&original.references));
    original.chain(&mail.references).filter_map(|id| {
        let (name, _) = id.trim_matches(['<', '>']).split_once('@')?;
        Uuid::try_parse(name).ok()
    })
}

/// What a report says of the one delivery that it is about, and how that is written down beside it.
fn bounce_of(mail: &Mail) -> (ReturnedOutcome, Option<Bounce>) {
    // Reports within the message that came back are about another message.
    let said: Vec<_> = mail.recipients.iter().filter(|one| !one.within).collect();
    let has = |class: Class| said.iter().any(|one| one.class == class);
    if !said.is_empty() && said.iter().all(|one| one.action == "delayed") {
        return (ReturnedOutcome::Delayed, None);
    }
    if has(Class::Hard) {
        (ReturnedOutcome::HardBounce, Some(Bounce::Hard))
    } else if has(Class::Policy) {
        (ReturnedOutcome::MessageRefused, Some(Bounce::Policy))
    } else if has(Class::Soft) {
        (ReturnedOutcome::SoftBounce, Some(Bounce::Soft))
    } else {
        (ReturnedOutcome::Unsaid, Some(Bounce::Unsaid))
    }
}

/// Whether a mail system says that the message arrived.
fn arrived(mail: &Mail) -> bool {
    !mail.recipients.is_empty() && mail.recipients.iter().all(|one| !one.within && one.action == "delivered")
}

/// By which a mail is known again, from whatever mailbox or file it comes: its id and what is below its headers. Headers are put on
/// top on the way, and lines end as whoever kept it likes.
fn hash_of(raw: &[u8]) -> [u8; 32] {
    let text: Vec<u8> = raw.iter().copied().filter(|byte| *byte != b'\r').collect();
    let end = text.windows(2).position(|two| two == b"\n\n");
    let (head, body) = match end {
        Some(end) => text.split_at(end),
        None => (&text[..], &[][..]),
    };
    let unfolded = String::from_utf8_lossy(head).replace("\n ", " ").replace("\n\t", " ");
    let id = unfolded.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("message-id").then(|| value.trim().to_owned()).filter(|id| !id.is_empty())
    });
    let mut known = match id {
        Some(id) => id.into_bytes(),
        None => head.to_vec(),
    };
    known.push(0);
    known.extend_from_slice(body.trim_ascii());
    hash32(&known)
}

#[cfg(test)]
mod tests {
    use super::hash_of;

    #[test]
    fn a_mail_is_known_again_by_its_id_and_what_it_says() {
        let of = |text: &str| hash_of(text.as_bytes());
        let one = of("Message-ID: <a@x>\nSubject: x\n\nHello\n");
        assert_eq!(one, of("Received: by y\r\nmessage-id:\r\n <a@x>\r\nSubject: x\r\n\r\nHello\r\n\r\n"));
        assert_ne!(one, of("Message-ID: <b@x>\nSubject: x\n\nHello\n"));
        assert_ne!(one, of("Message-ID: <a@x>\nSubject: x\n\nHello you\n"), "an id that somebody else took");
        assert_ne!(of("Subject: x\n\nHello\n"), of("Subject: y\n\nHello\n"));
    }
}
