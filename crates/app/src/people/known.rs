//! Whom a contact is of: what hands it in names somebody as a source calls them, and it points at what that source has
//! told of them.

use std::collections::{HashMap, HashSet};

use commonweal_domain::{Actor, Details, KnownAs, Permission, RecordId};

use super::{MAX_TOLD, PersonTold};
use crate::app::authorise;
use crate::{App, Result};

impl App {
    /// By which records these people are known: what their source said last. Of whom it has told nothing yet there is a
    /// record without details from now on. Saying whose a contact is tells of people: it needs to be permitted.
    pub(crate) async fn known_as(
        &self,
        actor: &Actor,
        people: impl Iterator<Item = &KnownAs>,
    ) -> Result<HashMap<KnownAs, RecordId>> {
        let wanted: HashSet<&KnownAs> = people.collect();
        if wanted.is_empty() {
            return Ok(HashMap::new());
        }
        authorise(actor, Permission::ManagePeople)?;
        let wanted: Vec<KnownAs> = wanted.into_iter().cloned().collect();
        let mut known = self.inner.store.last_records(&wanted).await?;
        let mut new: HashMap<&str, Vec<&KnownAs>> = HashMap::new();
        for person in wanted.iter().filter(|person| !known.contains_key(*person)) {
            new.entry(&person.source).or_default().push(person);
        }
        for (source, people) in new {
            for some in people.chunks(MAX_TOLD) {
                let told: Vec<PersonTold> = some
                    .iter()
                    .map(|p| PersonTold { key: p.key.clone(), details: Details::default(), handles: Vec::new() })
                    .collect();
                let kept = self.tell_of_people(actor, source, &told).await?;
                known.extend(some.iter().map(|p| (*p).clone()).zip(kept.iter().map(|told| told.record)));
            }
        }
        Ok(known)
    }
}
