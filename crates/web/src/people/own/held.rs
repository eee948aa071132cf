//! What the body holds of somebody, in plain words; a copy to keep; and asking for more, for a correction, to be forgotten.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use commonweal_app::people::OwnHand;
use commonweal_domain::{Direction, HandleKind, PersonRecord, RequestKind};
use serde_json::{Value, json};

use super::change::{back, headed, mistakes, summary};
use super::frame::Guest;
use crate::http::error::WebResult;
use crate::people::wished::language_name;
use crate::ui::components::{BackLink, ErrorSummary, Textarea};
use crate::ui::form::{Errors, Fields};
use crate::ui::public::Frame;

#[derive(Template)]
#[template(path = "people/own/held.html")]
struct HeldPage {
    frame: Frame,
    back: BackLink,
    summary: Option<ErrorSummary>,
    records: Vec<RecordView>,
    /// That there is more, told by others.
    others: Option<String>,
    contacts_title: String,
    contacts: Vec<ContactView>,
    /// That only the newest are shown.
    more: Option<String>,
    requests: Vec<String>,
    copy: String,
    ask: String,
    correct: Textarea,
}

struct RecordView {
    title: String,
    facts: Vec<(String, String)>,
}

struct ContactView {
    day: String,
    direction: String,
    channel: String,
    service: String,
}

fn facts(guest: &Guest, record: &PersonRecord) -> Vec<(String, String)> {
    let say = guest.say();
    let d = &record.details;
    let joined = |parts: Vec<String>| (!parts.is_empty()).then(|| parts.join(", "));
    let of =
        |kind: HandleKind| joined(record.handles.iter().filter(|h| h.kind == kind).map(|h| h.shown.clone()).collect());
    let born = d.birth_date.map(|date| match date {
        commonweal_domain::BirthDate::Year(year) => year.to_string(),
        commonweal_domain::BirthDate::Day(day) => say.date(day),
    });
    let address = d.address.iter().chain(&d.town).chain(&d.postcode).cloned().collect();
    let numbers = d.external_ids.iter().map(|id| format!("{} {}", id.scheme, id.value)).collect();
    let all = [
        ("own-fact-name", d.name()),
        ("own-fact-born", born),
        ("own-fact-address", joined(address)),
        ("own-fact-email", of(HandleKind::Email)),
        ("own-fact-phone", of(HandleKind::Phone)),
        ("own-fact-account", of(HandleKind::Account)),
        ("own-fact-numbers", joined(numbers)),
        ("own-language", d.language.as_ref().map(|code| language_name(code, say))),
        ("own-needs", joined(d.needs.iter().map(|need| say.name(*need)).collect())),
    ];
    let said = all.into_iter().filter_map(|(words, value)| Some((say.t(words), value?)));
    said.chain(d.attributes.iter().map(|(name, value)| (name.clone(), value.clone()))).collect()
}

fn page(guest: &Guest, own: &OwnHand, errors: &Errors, note: &str) -> HeldPage {
    let say = guest.say();
    let day = |at: commonweal_domain::Instant| say.date(at.with_timezone(&guest.zone()).date_naive());
    let record = |r: &PersonRecord| RecordView {
        title: say.with("own-held-told", &[("source", r.source.as_str().into()), ("day", day(r.at).into())]),
        facts: facts(guest, r),
    };
    let contacts: Vec<ContactView> = own
        .contacts
        .iter()
        .map(|c| ContactView {
            day: day(c.at),
            direction: match c.direction {
                Direction::In => say.t("own-contact-in"),
                Direction::Out => say.t("own-contact-out"),
            },
            channel: say.name(c.channel),
            service: c.service.and_then(|id| guest.app().own_service(id)).unwrap_or_default(),
        })
        .collect();
    let shown = contacts.len() as u64;
    let request = |r: &commonweal_domain::PersonRequest| {
        let parts = [say.name(r.kind), day(r.at), say.name(r.state), r.answer.clone()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    };
    HeldPage {
        frame: guest.frame(headed(guest, say.t("own-held"), errors), "/held"),
        back: back(guest),
        summary: summary(guest, errors),
        records: own.records.iter().map(record).collect(),
        others: (!own.others.is_empty())
            .then(|| say.with("own-held-others", &[("sources", own.others.join(", ").into())])),
        contacts_title: say.count("own-contacts", own.contacts_count),
        more: (own.contacts_count > shown).then(|| say.count("own-contacts-newest", shown)),
        contacts,
        requests: own.requests.iter().map(request).collect(),
        copy: guest.address("/copy.json"),
        ask: guest.address("/ask"),
        correct: Textarea::new("note", say.t("own-correct-what").as_str())
            .rows(4_u32)
            .value(note)
            .autocomplete("off")
            .error(errors.of("note")),
    }
}

/// What is held.
pub(super) async fn show(guest: Guest) -> WebResult<Response> {
    Ok(match guest.own().await? {
        Ok(own) => guest.answer(StatusCode::OK, page(&guest, &own, &Errors::default(), "")),
        Err(elsewhere) => elsewhere,
    })
}

/// Asks for a correction, a copy of everything, or to be forgotten. Colleagues decide.
pub(super) async fn ask(guest: Guest, sent: Fields) -> WebResult<Response> {
    let own = match guest.own().await? {
        Ok(own) => own,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let Some(kind) = RequestKind::from_key(sent.get("kind")) else { return Ok(guest.done("nothing")) };
    match guest.app().request_oneself(&own, kind, sent.get("note")).await {
        Ok(()) => Ok(guest.done("asked")),
        Err(e) => {
            let errors = mistakes(&guest, e)?;
            let page = page(&guest, &own, &errors, sent.get("note"));
            Ok(guest.answer(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

/// The same as a file, for programs.
pub(super) async fn copy(guest: Guest) -> WebResult<Response> {
    let own = match guest.own().await? {
        Ok(own) => own,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let text = serde_json::to_string_pretty(&as_json(&guest, &own)).map_err(commonweal_app::Error::internal)?;
    let attached = HeaderValue::from_static("attachment; filename=\"what-we-hold.json\"");
    let kind = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, attached)], text).into_response())
}

fn as_json(guest: &Guest, own: &OwnHand) -> Value {
    let record = |r: &PersonRecord| {
        let handles: Vec<Value> = r
            .handles
            .iter()
            .map(|h| json!({"kind": h.kind.key(), "text": h.shown, "verified_at": h.verified_at}))
            .collect();
        json!({"source": r.source, "key": r.source_key, "at": r.at, "details": r.details, "handles": handles})
    };
    let contact = |c: &commonweal_app::people::PersonContact| {
        json!({
            "at": c.at,
            "channel": c.channel.key(),
            "direction": c.direction.key(),
            "service": c.service.and_then(|id| guest.app().own_service(id)),
        })
    };
    let consent = |c: &commonweal_domain::Consent| json!({"topic": c.topic, "channel": c.channel.key(), "agreed": c.agreed, "at": c.at, "wording": c.wording});
    let now = &own.now;
    let request = |r: &commonweal_domain::PersonRequest| json!({"kind": r.kind.key(), "at": r.at, "note": r.note, "state": r.state.key(), "answer": r.answer});
    json!({
        "body": guest.app().settings().name,
        "made_at": guest.app().now(),
        "records": own.records.iter().map(record).collect::<Vec<_>>(),
        "other_sources": own.others,
        "contacts_count": own.contacts_count,
        "contacts": own.contacts.iter().map(contact).collect::<Vec<_>>(),
        "consents": now.consents.values().map(consent).collect::<Vec<_>>(),
        "preferences": {
            "language": now.language.as_ref().map(|said| &said.value),
            "needs": now.needs,
            "channel": now.channel.as_ref().map(|said| said.value),
            "quiet": now.quiet.as_ref().map(|said| said.value),
            "pause": now.pause.as_ref().map(|said| said.value),
        },
        "requests": own.requests.iter().map(request).collect::<Vec<_>>(),
    })
}
