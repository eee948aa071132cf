//! Shapes of what is told of people and of what is answered.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use commonweal_app::people::{HandleTold, PersonTold};
use commonweal_domain::{
    BirthDate, Details, FieldErrors, Handle, HandleKind, LinkEntry, LinkReason, Need, PersonRecord, SamePerson,
    Suggestion,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Schema;
use utoipa::openapi::schema::ArrayBuilder;
use uuid::Uuid;

use super::erasure::{Deceased, DoNotContact};
use crate::api::schema::one_of;

fn needs() -> Schema {
    ArrayBuilder::new().items(one_of(Need::ALL, Need::key)).build().into()
}

fn kind() -> Schema {
    one_of(HandleKind::ALL, HandleKind::key).into()
}

fn reason() -> Schema {
    one_of(LinkReason::ALL, LinkReason::key).into()
}

pub(super) fn decided() -> Schema {
    one_of(SamePerson::ALL, SamePerson::key).into()
}

/// Says which values there are where another one was sent.
pub(super) fn not_allowed<'a>(
    errors: &mut FieldErrors,
    field: impl Into<String>,
    all: impl IntoIterator<Item = &'a str>,
) {
    let all: Vec<&str> = all.into_iter().collect();
    errors.add(field, "not_allowed", format!("Allowed are {}.", all.join(", ")));
}

/// A number that somebody else has given to a person.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExternalId {
    /// Whose numbers these are.
    #[schema(max_length = 200, example = "NHS number")]
    pub scheme: String,
    /// The number.
    #[schema(max_length = 200)]
    pub value: String,
}

/// Who somebody is, as a source says it. What is not known is left out.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PersonDetails {
    /// Given names.
    #[schema(max_length = 200, example = "Ann")]
    pub given_names: Option<String>,
    /// Surname.
    #[schema(max_length = 200, example = "Example")]
    pub surname: Option<String>,
    /// Date of birth: a day, or a year alone.
    #[schema(example = "1950-03-07")]
    pub birth_date: Option<String>,
    /// Lines of the address, without town and postcode; at most 8.
    pub address: Vec<String>,
    /// Town.
    #[schema(max_length = 200)]
    pub town: Option<String>,
    /// Postcode.
    #[schema(max_length = 200, example = "ZX4 7QT")]
    pub postcode: Option<String>,
    /// Numbers that others have given; at most 20.
    pub external_ids: Vec<ExternalId>,
    /// Language in which they want to be written to, as its code.
    #[schema(max_length = 200, example = "cy")]
    pub language: Option<String>,
    /// How they need to be written or spoken to.
    #[schema(schema_with = needs)]
    pub needs: Vec<String>,
    /// What else the source says, by its names; at most 20.
    pub attributes: BTreeMap<String, String>,
}

/// A way to reach somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandleFields {
    /// Of which kind.
    #[schema(schema_with = kind)]
    pub kind: String,
    /// The address, number or account. A phone number without a country is one of the body's own.
    #[schema(max_length = 320, example = "ann@example.org")]
    pub text: String,
    /// When its holder proved that it is theirs. Who proved the same handle is one person.
    #[serde(default)]
    pub verified_at: Option<DateTime<Utc>>,
}

/// What a source says of somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonFields {
    /// What the source calls them. The same key of the same source is the same somebody.
    #[schema(min_length = 1, max_length = 100, example = "T-17")]
    pub key: String,
    /// Who they are.
    #[serde(default)]
    pub details: PersonDetails,
    /// How they can be reached; at most 20.
    #[serde(default)]
    pub handles: Vec<HandleFields>,
}

/// What a source says of people.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeopleFields {
    /// Which source: the name of another system.
    #[schema(min_length = 1, max_length = 100, example = "housing")]
    pub source: String,
    /// At most 500.
    #[schema(max_items = 500)]
    pub people: Vec<PersonFields>,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct PeopleTold {
    /// In the order in which they were sent.
    pub people: Vec<PersonOutcome>,
}

/// What became of one of them.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonOutcome {
    /// The record.
    pub record: Uuid,
    /// The person to whom it belongs.
    pub person: Uuid,
    /// `new`, `updated` (the source says something else than before) or `unchanged`.
    pub outcome: &'static str,
}

/// A way to reach somebody, as it is kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct HandleItem {
    /// Of which kind.
    #[schema(schema_with = kind)]
    pub kind: &'static str,
    /// As it was told.
    pub text: String,
    /// In the one way in which equal ones are equal.
    pub normal: String,
    /// When its holder proved that it is theirs.
    pub verified_at: Option<DateTime<Utc>>,
}

/// What one source says of somebody.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecordItem {
    /// Id.
    pub id: Uuid,
    /// To whom it belongs.
    pub person: Uuid,
    /// Which source.
    pub source: String,
    /// What the source calls them.
    pub key: String,
    /// Another one each time that the source says something else.
    pub version: u32,
    /// When it was told.
    pub at: DateTime<Utc>,
    /// Who they are.
    pub details: PersonDetails,
    /// How they can be reached.
    pub handles: Vec<HandleItem>,
}

/// A person in a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonItem {
    /// Id.
    pub id: Uuid,
    /// What the sources say, oldest first.
    pub records: Vec<RecordItem>,
}

/// People that were found.
#[derive(Serialize, ToSchema)]
pub(crate) struct PeopleFound {
    /// At most 50, by surname and given names.
    pub people: Vec<PersonItem>,
}

/// One entry of the history of a person.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkItem {
    /// The change that it is part of; by it a change can be undone.
    pub change: Uuid,
    /// Which record.
    pub record: Uuid,
    /// To whom it belonged before; null when it was new.
    pub from: Option<Uuid>,
    /// To whom it belongs from then on.
    pub to: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, as in the audit trail.
    pub actor: String,
    /// Why.
    #[schema(schema_with = reason)]
    pub reason: &'static str,
    /// What somebody wrote to it.
    pub note: Option<String>,
    /// What spoke for it: prior, what each field adds, what is taken off, all in bits.
    #[schema(value_type = Option<Object>)]
    pub evidence: Option<serde_json::Value>,
    /// The change that it put back.
    pub undoes: Option<Uuid>,
}

/// A person with their history.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonDetail {
    /// Id.
    pub id: Uuid,
    /// What the sources say, oldest first.
    pub records: Vec<RecordItem>,
    /// That they died; null when nobody said so.
    pub deceased: Option<Deceased>,
    /// Handles, and keys of sources, of somebody who was erased before: nobody writes to them without their agreement.
    pub do_not_contact: Vec<DoNotContact>,
    /// What was ever said of to whom these records belong, oldest first.
    pub history: Vec<LinkItem>,
}

/// Two records that may be of one person.
#[derive(Serialize, ToSchema)]
pub(crate) struct SuggestionItem {
    /// Id.
    pub id: Uuid,
    /// When it was found.
    pub at: DateTime<Utc>,
    /// One record.
    pub a: Uuid,
    /// The other.
    pub b: Uuid,
    /// What speaks for one person, in bits.
    pub weight: f64,
    /// The probability that this stands for.
    pub probability: f64,
    /// What each field adds.
    #[schema(value_type = Object)]
    pub evidence: serde_json::Value,
}

impl PersonFields {
    /// As it is told, or what is wrong with it below `place`.
    pub(super) fn told(self, place: &str, errors: &mut FieldErrors) -> PersonTold {
        let d = self.details;
        let birth_date = d.birth_date.and_then(|text| match text.parse::<BirthDate>() {
            Ok(date) => Some(date),
            Err(e) => {
                errors.add(format!("{place}/details/birth_date"), "not_a_date", capital(&e.to_string()));
                None
            }
        });
        let mut listed = Vec::new();
        for (n, need) in d.needs.iter().enumerate() {
            match Need::from_key(need) {
                Some(need) => listed.push(need),
                None => {
                    let all = Need::ALL.iter().map(|need| need.key());
                    not_allowed(errors, format!("{place}/details/needs/{n}"), all);
                }
            }
        }
        let mut handles = Vec::new();
        for (n, handle) in self.handles.into_iter().enumerate() {
            match HandleKind::from_key(&handle.kind) {
                Some(kind) => handles.push(HandleTold { kind, text: handle.text, verified_at: handle.verified_at }),
                None => {
                    let all = HandleKind::ALL.iter().map(|kind| kind.key());
                    not_allowed(errors, format!("{place}/handles/{n}/kind"), all);
                }
            }
        }
        let external_ids = d
            .external_ids
            .into_iter()
            .map(|id| commonweal_domain::ExternalId { scheme: id.scheme, value: id.value })
            .collect();
        let details = Details {
            given_names: d.given_names,
            surname: d.surname,
            birth_date,
            address: d.address,
            town: d.town,
            postcode: d.postcode,
            external_ids,
            language: d.language,
            needs: listed,
            attributes: d.attributes,
        };
        PersonTold { key: self.key, details, handles }
    }
}

fn capital(sentence: &str) -> String {
    format!("{}.", crate::ui::format::capital(sentence))
}

impl From<&Details> for PersonDetails {
    fn from(d: &Details) -> Self {
        Self {
            given_names: d.given_names.clone(),
            surname: d.surname.clone(),
            birth_date: d.birth_date.map(|date| date.to_string()),
            address: d.address.clone(),
            town: d.town.clone(),
            postcode: d.postcode.clone(),
            external_ids: d
                .external_ids
                .iter()
                .map(|id| ExternalId { scheme: id.scheme.clone(), value: id.value.clone() })
                .collect(),
            language: d.language.clone(),
            needs: d.needs.iter().map(|need| need.key().to_owned()).collect(),
            attributes: d.attributes.clone(),
        }
    }
}

impl From<&Handle> for HandleItem {
    fn from(h: &Handle) -> Self {
        Self { kind: h.kind.key(), text: h.shown.clone(), normal: h.normal.clone(), verified_at: h.verified_at }
    }
}

impl From<&PersonRecord> for RecordItem {
    fn from(r: &PersonRecord) -> Self {
        Self {
            id: r.id.0,
            person: r.person.0,
            source: r.source.clone(),
            key: r.source_key.clone(),
            version: r.version,
            at: r.at,
            details: (&r.details).into(),
            handles: r.handles.iter().map(Into::into).collect(),
        }
    }
}

impl From<LinkEntry> for LinkItem {
    fn from(e: LinkEntry) -> Self {
        Self {
            change: e.change.0,
            record: e.record.0,
            from: e.from.map(Into::into),
            to: e.to.0,
            at: e.at,
            actor: e.actor,
            reason: e.reason.key(),
            note: e.note,
            evidence: e.evidence,
            undoes: e.undoes.map(Into::into),
        }
    }
}

impl From<Suggestion> for SuggestionItem {
    fn from(s: Suggestion) -> Self {
        Self {
            id: s.id.0,
            at: s.at,
            a: s.a.0,
            b: s.b.0,
            weight: s.weight,
            probability: s.probability,
            evidence: s.evidence,
        }
    }
}
