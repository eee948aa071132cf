//! Whom a contact is of: what hands it in names somebody as a source calls them, and it points at what that source has
//! told of them. An email address or a telephone number is a source of its own: what it calls somebody is the address.

use std::collections::{HashMap, HashSet};

use commonweal_domain::person::{BY_EMAIL, BY_PHONE};
use commonweal_domain::{Actor, Details, FieldError, FieldErrors, HandleKind, KnownAs, Permission, RecordId};
use commonweal_handles::Country;

use super::handles::{HandleTold, country_of, read};
use super::{MAX_TOLD, PersonTold};
use crate::app::authorise;
use crate::{App, Result};

/// Somebody in the one way in which a source calls them, and how they can be reached if that says so. What is wrong with an
/// address or a number is told without it.
pub(crate) fn canonical(person: &KnownAs, country: Country) -> Result<(KnownAs, Option<HandleTold>), FieldErrors> {
    let kind = match person.source.as_str() {
        BY_EMAIL => HandleKind::Email,
        BY_PHONE => HandleKind::Phone,
        _ => return Ok((person.clone(), None)),
    };
    let told = HandleTold::new(kind, person.key.as_str());
    let key = read(&told, country)?.normal;
    Ok((KnownAs { source: person.source.clone(), key }, Some(told)))
}

impl App {
    /// By which records these people are known, each with its place in what was handed in: what their source said last. Of
    /// whom it has told nothing yet there is a record without details from now on. Saying whose a contact is tells of people:
    /// it needs to be permitted.
    pub(crate) async fn known_as(
        &self,
        actor: &Actor,
        people: impl Iterator<Item = (usize, &KnownAs)>,
    ) -> Result<HashMap<KnownAs, RecordId>> {
        let mut places: HashMap<&KnownAs, usize> = HashMap::new();
        for (place, person) in people {
            places.entry(person).or_insert(place);
        }
        if places.is_empty() {
            return Ok(HashMap::new());
        }
        authorise(actor, Permission::ManagePeople)?;
        let country = country_of(self.settings().time_zone);
        let mut errors = FieldErrors::default();
        for (person, place) in &places {
            if let Err(wrong) = canonical(person, country) {
                let placed = |e: FieldError| FieldError { field: format!("/{place}/person/key"), ..e };
                errors.0.extend(wrong.0.into_iter().map(placed));
            }
        }
        errors.0.sort_by(|a, b| a.field.cmp(&b.field));
        errors.into_result(())?;
        self.records_of_known(actor, places.into_keys()).await
    }

    /// The same for what somebody who may has handed in before. Whom an address or number can't be read of is left out.
    pub(crate) async fn records_of_known(
        &self,
        by: &Actor,
        people: impl Iterator<Item = &KnownAs>,
    ) -> Result<HashMap<KnownAs, RecordId>> {
        let country = country_of(self.settings().time_zone);
        let asked: HashSet<&KnownAs> = people.collect();
        let mut wanted: HashMap<KnownAs, Option<HandleTold>> = HashMap::new();
        let mut called: Vec<(&KnownAs, KnownAs)> = Vec::with_capacity(asked.len());
        for person in asked {
            let Ok((one, handle)) = canonical(person, country) else { continue };
            wanted.insert(one.clone(), handle);
            called.push((person, one));
        }
        let keys: Vec<KnownAs> = wanted.keys().cloned().collect();
        let mut known = self.inner.store.last_records(&keys).await?;
        let mut new: HashMap<&str, Vec<(&KnownAs, Option<&HandleTold>)>> = HashMap::new();
        for (person, handle) in wanted.iter().filter(|(person, _)| !known.contains_key(*person)) {
            new.entry(&person.source).or_default().push((person, handle.as_ref()));
        }
        for (source, people) in new {
            for some in people.chunks(MAX_TOLD) {
                let told: Vec<PersonTold> = some
                    .iter()
                    .map(|(person, handle)| PersonTold {
                        key: person.key.clone(),
                        details: Details::default(),
                        handles: handle.iter().map(|handle| (*handle).clone()).collect(),
                    })
                    .collect();
                let kept = self.keep_told(by, source, &told).await?;
                known.extend(some.iter().map(|(p, _)| (*p).clone()).zip(kept.iter().map(|told| told.record)));
            }
        }
        Ok(called.into_iter().filter_map(|(person, one)| Some((person.clone(), *known.get(&one)?))).collect())
    }
}
