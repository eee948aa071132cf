//! Records as they are compared, and the model that compares them.

use std::sync::Arc;

use commonweal_domain::{
    Actor, AuditAction, BirthDate, Details, Handle, HandleKind, Lookup, Permission, PersonRecord, Subject, sentence,
};
use commonweal_linkage::{Model, Record, Table, Thresholds, Training, Waterfall, blocking_keys, normal};
use parking_lot::RwLock;
use serde_json::{Value, json};

use crate::app::authorise;
use crate::change::audited;
use crate::listen::imports::blocking;
use crate::{App, Error, Result};

/// When records are of one person without anybody looking (999 in 1,000), and from when on somebody is asked (even odds).
pub(super) const THRESHOLDS: Thresholds = Thresholds { join: 10.0, keep: 0.0 };
/// A model that was learnt from fewer says less than the usual one.
const MIN_LEARNT: u64 = 1_000;
/// Records that a model is learnt from at most: more would need much memory and change little.
const MAX_LEARNT: u64 = 1_000_000;

/// The model that was last used, with its number.
#[derive(Debug, Default)]
pub(crate) struct KnownModel(pub(super) RwLock<Option<(u64, Arc<Model>)>>);

/// What is known of somebody as it is compared.
pub(super) fn comparable(details: &Details, handles: &[Handle]) -> Record {
    let of = |kind: HandleKind| handles.iter().filter(move |h| h.kind == kind).map(|h| h.shown.clone());
    let digits = |date: BirthDate| {
        let digits = date.digits();
        commonweal_linkage::BirthDate::new(digits / 10_000, digits / 100 % 100, digits % 100)
    };
    Record {
        given_names: details.given_names.clone(),
        surname: details.surname.clone(),
        birth_date: details.birth_date.and_then(digits),
        address: details.address.clone(),
        town: details.town.clone(),
        postcode: details.postcode.clone(),
        emails: of(HandleKind::Email).collect(),
        phones: of(HandleKind::Phone).collect(),
        external_ids: details
            .external_ids
            .iter()
            .filter(|id| id.is_of_one_person())
            .map(|id| commonweal_linkage::ExternalId { scheme: id.scheme.clone(), value: id.value.clone() })
            .collect(),
        ..Record::default()
    }
}

/// By what a record is found.
pub(super) fn lookup(details: &Details, handles: &[Handle]) -> Lookup {
    let plain = |name: &Option<String>| name.as_deref().and_then(normal::name).unwrap_or_default();
    let mut keys: Vec<u64> = blocking_keys(&comparable(details, handles)).into_iter().map(|key| key.key).collect();
    keys.sort_unstable();
    keys.dedup();
    Lookup {
        surname: plain(&details.surname),
        given_names: plain(&details.given_names),
        postcode: details.postcode.as_deref().map(beginning_of_postcode).unwrap_or_default(),
        keys,
    }
}

/// A postcode, or its beginning, as it is looked for.
pub(super) fn beginning_of_postcode(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Why two records weigh what they weigh, to be kept and shown: levels and weights, and nothing that a record says.
pub(super) fn evidence(why: &Waterfall, model: u64) -> Value {
    let parts: Vec<Value> = why
        .parts
        .iter()
        .map(|part| json!({"field": part.comparison.label(), "level": part.level, "weight": rounded(part.weight)}))
        .collect();
    json!({
        "model": model,
        "prior": rounded(why.prior),
        "parts": parts,
        "household": rounded(why.household),
        "guard": why.guard.map(|guard| guard.words()),
        "weight": rounded(why.weight),
        "probability": why.probability,
    })
}

fn rounded(weight: f64) -> f64 {
    (weight * 100.0).round() / 100.0
}

impl App {
    /// The model that counts, with its number; 0 is the usual one, before any was learnt.
    pub(super) async fn comparing(&self) -> Result<(u64, Arc<Model>)> {
        let known = &self.inner.linkage.0;
        let version = self.inner.store.linkage_model_version().await?;
        if let Some((of, model)) = known.read().as_ref()
            && *of == version
        {
            return Ok((version, Arc::clone(model)));
        }
        let model = match self.inner.store.linkage_model().await? {
            None => Model::usual(MAX_LEARNT),
            Some((_, _, json)) => {
                blocking(move || Model::from_json(&json.to_string()).map_err(Error::internal)).await?
            }
        };
        let model = Arc::new(model);
        *known.write() = Some((version, Arc::clone(&model)));
        Ok((version, model))
    }

    /// Learns from the records that are there how records are compared; from how many. Persons stay as they are.
    pub async fn learn_linkage(&self, actor: &Actor) -> Result<u64> {
        authorise(actor, Permission::ManagePeople)?;
        let all = self.inner.store.current_records(MAX_LEARNT).await?;
        let records = all.len() as u64;
        if records < MIN_LEARNT {
            return Err(Error::Conflict {
                code: "too_few_records",
                message: sentence!(
                    "There are {records} records. Comparing is learnt from {least} or more; until then the usual model is used.",
                    records = records,
                    least = MIN_LEARNT,
                ),
            });
        }
        let model = blocking(move || {
            let comparable: Vec<Record> =
                all.iter().map(|r: &PersonRecord| comparable(&r.details, &r.handles)).collect();
            let model = Model::train(&Table::new(&comparable), &Training::default());
            serde_json::from_str::<Value>(&model.to_json()).map_err(Error::internal)
        })
        .await?;
        let (model, now) = (&model, self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                let version = w.people().put_linkage_model(model, records, now).await?;
                let line = audited(AuditAction::LinkageLearnt, Subject::all("people"));
                Ok((records, line.with(json!({"model": version, "records": records}))))
            })
        })
        .await
    }
}
