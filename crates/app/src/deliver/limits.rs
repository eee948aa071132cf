//! How fast a sender may send: as a whole, and to domains that take less. All servers count together, in the transaction that
//! begins messages.

use std::collections::{BTreeMap, BTreeSet};

use commonweal_domain::{Instant, Pace, Sender, SenderId};
use commonweal_store::Work;

use crate::Result;

/// The whole of a sender, in the place of a domain.
const WHOLE: &str = "";
/// The share of a rate that is left to what is urgent: a quarter.
const SPARE: u32 = 4;

/// The rates of a sender, held until the work ends.
pub(super) struct Limits {
    sender: SenderId,
    now: Instant,
    /// Domains that have a limit, in lower case, with how many a second.
    limited: BTreeMap<String, u32>,
    /// Rates that are held, with how many a second, by domain.
    held: BTreeMap<String, (u32, Pace)>,
}

impl Limits {
    /// Those of a sender. Where it has a rate as a whole, nobody else begins messages of it until the work ends.
    pub(super) async fn of(w: &Work<'_>, sender: &Sender, now: Instant) -> Result<Self> {
        let limited = sender.setup.domain_limits.iter().map(|l| (l.domain.clone(), l.per_second)).collect();
        let mut limits = Self { sender: sender.id, now, limited, held: BTreeMap::new() };
        if let Some(per_second) = sender.setup.per_second {
            limits.hold(w, WHOLE, per_second).await?;
        }
        Ok(limits)
    }

    async fn hold(&mut self, w: &Work<'_>, domain: &str, per_second: u32) -> Result<()> {
        let pace = w.senders().pace(self.sender, domain).await?;
        self.held.insert(domain.to_owned(), (per_second, pace));
        Ok(())
    }

    /// How many may be begun now.
    pub(super) fn available(&self, is_bulk: bool) -> u64 {
        self.held.get(WHOLE).map_or(u64::MAX, |(per_second, pace)| {
            let spare = if is_bulk { per_second / SPARE } else { 0 };
            pace.available(*per_second, spare, self.now)
        })
    }

    /// Holds the rates of the domains of these addresses, in one order, so that two who decide never wait in a circle.
    pub(super) async fn add_domains(&mut self, w: &Work<'_>, addresses: impl Iterator<Item = &str>) -> Result<()> {
        if self.limited.is_empty() {
            return Ok(());
        }
        let domains: BTreeSet<String> = addresses.filter_map(domain_of).collect();
        for domain in domains {
            if let Some(per_second) = self.limited.get(&domain).copied() {
                self.hold(w, &domain, per_second).await?;
            }
        }
        Ok(())
    }

    /// Takes the place of one message to an address; else tells when to look again.
    pub(super) fn take(&mut self, address: &str) -> std::result::Result<(), Instant> {
        if !self.limited.is_empty()
            && let Some((per_second, pace)) = domain_of(address).and_then(|domain| self.held.get_mut(&domain))
        {
            if pace.available(*per_second, 0, self.now) == 0 {
                return Err(pace.place(*per_second, self.now));
            }
            pace.take(*per_second, 1, self.now);
        }
        if let Some((per_second, pace)) = self.held.get_mut(WHOLE) {
            pace.take(*per_second, 1, self.now);
        }
        Ok(())
    }

    /// Keeps what was taken.
    pub(super) async fn keep(&self, w: &Work<'_>) -> Result<()> {
        for (domain, (_, pace)) in &self.held {
            w.senders().keep_pace(self.sender, domain, *pace).await?;
        }
        Ok(())
    }
}

fn domain_of(address: &str) -> Option<String> {
    address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase())
}
