//! What others are told of single messages, in the transaction in which it happened. Of sends of many people only what happens to the
//! send is told: an event for each person would be a list of people in every system that listens.

use commonweal_domain::{Channel, DeliveryId, DeliveryState, DeliveryTold, Event, Instant};
use commonweal_store::{Decided, Settled, Work};

use crate::Result;

/// What a delivery became.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Became<'a> {
    pub(crate) delivery: DeliveryId,
    pub(crate) channel: Channel,
    pub(crate) state: DeliveryState,
    /// Key of the reason, where there is one.
    pub(crate) reason: Option<&'a str>,
}

impl Became<'_> {
    /// What was decided of it, if it is over by that.
    pub(super) fn decided(delivery: DeliveryId, channel: Channel, what: &Decided) -> Option<Self> {
        let (state, reason) = match what {
            Decided::Skip(why) => (DeliveryState::Skipped, Some(why.key())),
            Decided::Fail(why) => (DeliveryState::Failed, Some(why.key())),
            Decided::Begin(..) | Decided::Wait(..) => return None,
        };
        Some(Self { delivery, channel, state, reason })
    }

    /// What came of handing it over, if it does not wait again.
    pub(super) fn settled(delivery: DeliveryId, channel: Channel, what: &Settled) -> Option<Self> {
        let (state, reason) = match what {
            Settled::HandedOver(_) => (DeliveryState::HandedOver, None),
            Settled::Failed(why, _) => (DeliveryState::Failed, Some(why.key())),
            Settled::Unknown => (DeliveryState::Unknown, None),
            Settled::Again(..) => return None,
        };
        Some(Self { delivery, channel, state, reason })
    }
}

/// The event that tells of it, if anybody is told; `reference` is what whoever handed it in calls it.
pub(crate) fn event_of(became: Became<'_>, reference: Option<String>) -> Option<Event> {
    let told = DeliveryTold {
        delivery: became.delivery,
        reference,
        state: became.state.key().to_owned(),
        reason: became.reason.map(str::to_owned),
        channel: became.channel.key().to_owned(),
    };
    match became.state {
        DeliveryState::HandedOver => Some(Event::DeliveryHandedOver(told)),
        DeliveryState::Delivered => Some(Event::DeliveryDelivered(told)),
        DeliveryState::Bounced => Some(Event::DeliveryBounced(told)),
        DeliveryState::Complained => Some(Event::DeliveryComplained(told)),
        DeliveryState::Failed => Some(Event::DeliveryFailed(told)),
        DeliveryState::Skipped => Some(Event::DeliverySkipped(told)),
        // Of what waits nothing has become yet. What is not known is of lanes that have no single messages.
        DeliveryState::Planned | DeliveryState::Attempting | DeliveryState::Unknown => None,
    }
}

/// Tells what became of those of these that were handed in singly; the others are left out.
pub(crate) async fn tell(w: &Work<'_>, now: Instant, some: &[Became<'_>]) -> Result<()> {
    if some.is_empty() {
        return Ok(());
    }
    let ids: Vec<DeliveryId> = some.iter().map(|one| one.delivery).collect();
    let mut references = w.deliveries().references(&ids).await?;
    let events: Vec<Event> = some.iter().filter_map(|one| event_of(*one, references.remove(&one.delivery)?)).collect();
    Ok(w.events().emit(now, &events).await?)
}

/// Writes down what is known later of a delivery that went out, and tells of it where it says anything new; whether it does.
pub(super) async fn learnt(w: &Work<'_>, now: Instant, became: Became<'_>) -> Result<bool> {
    let is_new = w.deliveries().outcome(became.delivery, became.state, became.reason, now).await?;
    if is_new {
        tell(w, now, &[became]).await?;
    }
    Ok(is_new)
}
