//! Follows the feed of events and puts each on its way to the web hooks that want it.

use commonweal_domain::event::FollowedEvent;
use commonweal_domain::hook::{DeliveryState, Hook, HookDelivery};
use commonweal_domain::{Event, Instant};
use commonweal_store::Silent;
use serde_json::json;

use crate::{App, Result};

/// How the feed knows us.
pub(super) const FOLLOWER: &str = "hooks";
/// Events in one transaction.
const PAGE: u64 = 200;

impl App {
    /// Puts what has happened on its way to whoever wants it. Events, and how far the feed was followed, are
    /// kept together: a stop in between loses nothing, and whoever follows at the same time finds them there
    /// already. Tells whether there may be more.
    pub async fn follow_for_hooks(&self) -> Result<bool> {
        let store = &self.inner.store;
        let mut hooks = store.hooks().await?;
        hooks.retain(|hook| hook.enabled);
        // With nobody to tell, nothing is written: the feed is taken up where it is when somebody is added.
        if hooks.is_empty() {
            return Ok(false);
        }
        let Some(after) = store.follower(FOLLOWER).await? else { return Ok(false) };
        let events = store.events_after(after, PAGE).await?;
        let Some(last) = events.last().map(|event| event.position) else { return Ok(false) };
        let now = self.now();
        let on_their_way: Vec<HookDelivery> = events
            .iter()
            .flat_map(|event| hooks.iter().filter(move |hook| is_for(event, hook)).map(move |hook| (event, hook)))
            .map(|(event, hook)| self.on_its_way(event, hook, now))
            .collect();
        let new = &on_their_way;
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move {
                w.hooks().deliver(new).await?;
                Ok(w.events().follow(FOLLOWER, last).await?)
            })
        })
        .await?;
        Ok(events.len() as u64 == PAGE)
    }

    fn on_its_way(&self, event: &FollowedEvent, hook: &Hook, now: Instant) -> HookDelivery {
        HookDelivery {
            id: self.inner.ids.new_id().into(),
            hook: hook.id,
            event: event.position.number,
            kind: event.kind.clone(),
            body: body(event),
            attempts: 0,
            state: DeliveryState::Pending,
            next_at: now,
            created_at: now,
            last: None,
        }
    }
}

/// Whether a web hook gets an event. A test is for the one that is tested, whatever it wants.
fn is_for(event: &FollowedEvent, hook: &Hook) -> bool {
    match event.event() {
        Some(Event::HookTested { hook: tested }) => tested == hook.id,
        _ => hook.wants(&event.kind),
    }
}

/// What is sent: kind, instant and data as Standard Webhooks names them.
fn body(event: &FollowedEvent) -> String {
    let mut data = event.data.clone();
    if let Some(fields) = data.as_object_mut() {
        fields.insert("subject".to_owned(), event.subject.clone().into());
    }
    json!({"type": event.kind, "timestamp": event.at, "data": data}).to_string()
}
