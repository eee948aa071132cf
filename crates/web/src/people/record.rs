//! What sources say of somebody: in a line, as facts, and as a form to say something oneself.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::people::{HandleTold, PersonFound, PersonTold};
use commonweal_domain::{BirthDate, Details, FieldError, FieldErrors, HandleKind, Need, Permission, PersonRecord};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::components::{Choice, Choices, Input, Textarea};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::{Page, invalid};

/// A person in a list.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) born: String,
    pub(super) place: String,
    pub(super) sources: String,
}

/// The record that says most of who somebody is now: the last one with a name.
pub(super) fn main_record(records: &[PersonRecord]) -> Option<&PersonRecord> {
    records.iter().rev().find(|r| r.details.name().is_some()).or_else(|| records.last())
}

/// What a person is called: as most of their records say, the last one where they are equally many.
pub(super) fn name(records: &[PersonRecord]) -> String {
    let names: Vec<String> = records.iter().filter_map(|r| r.details.name()).collect();
    let times = |name: &String| names.iter().filter(|other| *other == name).count();
    let named = names.iter().max_by_key(|name| times(name)).cloned();
    let handle = || records.iter().flat_map(|r| &r.handles).map(|h| h.shown.clone()).next();
    named.or_else(handle).unwrap_or_else(|| l10n::console().t("people-nameless"))
}

pub(super) fn line(person: &PersonFound) -> Line {
    let last = |of: fn(&PersonRecord) -> Option<String>| person.records.iter().rev().find_map(of).unwrap_or_default();
    let mut sources: Vec<&str> = person.records.iter().map(|r| r.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    Line {
        id: person.id.to_string(),
        name: name(&person.records),
        born: last(|r| r.details.birth_date.map(born)),
        place: last(|r| {
            let parts: Vec<&str> =
                [&r.details.town, &r.details.postcode].into_iter().flatten().map(String::as_str).collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }),
        sources: sources.join(", "),
    }
}

/// A date of birth in words.
pub(super) fn born(date: BirthDate) -> String {
    match date {
        BirthDate::Year(year) => year.to_string(),
        BirthDate::Day(day) => format::day(day),
    }
}

/// One thing that a record says, by the name that comparing has for it too.
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) value: String,
}

/// What a record says, in the order in which it is compared.
pub(super) fn facts(record: &PersonRecord, say: Say) -> Vec<Fact> {
    let d = &record.details;
    let of = |kind: HandleKind| -> Option<String> {
        let all: Vec<String> = record
            .handles
            .iter()
            .filter(|h| h.kind == kind)
            .map(|h| match h.verified_at {
                Some(_) => say.with("people-verified", &[("handle", h.shown.as_str().into())]),
                None => h.shown.clone(),
            })
            .collect();
        (!all.is_empty()).then(|| all.join(", "))
    };
    let joined = |parts: Vec<String>| (!parts.is_empty()).then(|| parts.join(", "));
    let all = [
        ("people-given-names", d.given_names.clone()),
        ("people-surname", d.surname.clone()),
        ("people-born", d.birth_date.map(born)),
        ("people-address", joined(d.address.iter().chain(&d.town).cloned().collect())),
        ("people-postcode", d.postcode.clone()),
        ("people-email", of(HandleKind::Email)),
        ("people-phone", of(HandleKind::Phone)),
        ("people-account", of(HandleKind::Account)),
        (
            "people-external-ids",
            joined(d.external_ids.iter().map(|id| format!("{} {}", id.scheme, id.value)).collect()),
        ),
        ("people-language", d.language.clone()),
        ("people-needs", joined(d.needs.iter().map(|need| need.label().to_owned()).collect())),
    ];
    let said = all.into_iter().filter_map(|(words, value)| Some(Fact { name: say.t(words), value: value? }));
    let others = d.attributes.iter().map(|(name, value)| Fact { name: name.clone(), value: value.clone() });
    said.chain(others).collect()
}

#[derive(Template)]
#[template(path = "people/add.html")]
struct AddPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    fields: Vec<Input>,
    /// The lines of the address, and what follows them.
    address: Textarea,
    after_address: Vec<Input>,
    needs: Choices,
}

/// The fields of one line: name, message, message of the hint or nothing.
const LINES: [(&str, &str, &str); 10] = [
    ("source", "people-source", "people-source-hint"),
    ("key", "people-key", "people-key-hint"),
    ("given_names", "people-given-names", ""),
    ("surname", "people-surname", ""),
    ("born", "people-born", "people-born-hint"),
    ("town", "people-town", ""),
    ("postcode", "people-postcode", ""),
    ("email", "people-email", ""),
    ("phone", "people-phone", ""),
    ("language", "people-language", "people-language-hint"),
];
/// Before which of them the lines of the address stand.
const ADDRESS_BEFORE: &str = "town";

async fn page(visit: &Visit, errors: Errors, sent: &Fields) -> WebResult<AddPage> {
    let say = l10n::console();
    let fields = LINES.iter().map(|(name, words, hint)| {
        let mut input = Input::new(*name, say.t(words).as_str())
            .value(sent.get(name))
            .autocomplete("off")
            .spellcheck(false)
            .error(errors.of(name));
        if !hint.is_empty() {
            input = input.hint(say.t(hint).as_str());
        }
        input
    });
    let mut fields: Vec<Input> = fields.collect();
    let place = LINES.iter().position(|(name, ..)| *name == ADDRESS_BEFORE).unwrap_or(LINES.len());
    let after_address = fields.split_off(place);
    let chosen: Vec<&str> = sent.all("needs").collect();
    let needs =
        Need::ALL.iter().map(|need| Choice::new(need.key(), need.label()).checked(chosen.contains(&need.key())));
    Ok(AddPage {
        frame: visit.frame(errors.headed(say.t("people-add-head"), say)).await?,
        fields,
        after_address,
        address: Textarea::new("address", say.t("people-address").as_str())
            .hint(say.t("people-address-hint").as_str())
            .rows(4_u32)
            .value(sent.get("address"))
            .error(errors.of("address")),
        needs: Choices::checkboxes("needs", say.t("people-needs").as_str()).items(needs),
        say,
        errors,
    })
}

/// A form to say what is known of somebody.
pub(crate) async fn form(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    Ok(Page(page(&visit, Errors::default(), &Fields::default()).await?).into_response())
}

/// Keeps it, and shows the person to whom it belongs.
pub(crate) async fn add(visit: Visit, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    let told = match read(&sent) {
        Ok(told) => told,
        Err(errors) => return Ok(invalid(page(&visit, errors.into(), &sent).await?)),
    };
    match visit.app().tell_of_people(&visit.actor, sent.get("source"), &[told]).await {
        Ok(kept) => {
            let to = format!("/people/{}", kept[0].person);
            Ok(Redirect::to(&with_done(&to, "person-told")).into_response())
        }
        Err(e) => {
            let mut errors = Errors::of_error(e)?;
            for item in &mut errors.items {
                // The form holds one person, and calls some things otherwise.
                let field = item.field.trim_start_matches("/0/");
                item.field = if field == "source_key" { "key".to_owned() } else { field.to_owned() };
            }
            Ok(invalid(page(&visit, errors, &sent).await?))
        }
    }
}

fn read(sent: &Fields) -> Result<PersonTold, FieldErrors> {
    let say = l10n::console();
    let text = |name: &str| Some(sent.get(name).to_owned()).filter(|t| !t.is_empty());
    let mut errors = FieldErrors::default();
    let birth_date = match sent.get("born") {
        "" => None,
        born => match commonweal_app::people::birth_date(born) {
            Some(date) => Some(date),
            None => {
                errors.add("born", "not_a_date", say.t("people-born-wrong"));
                None
            }
        },
    };
    let handles = [("email", HandleKind::Email), ("phone", HandleKind::Phone)]
        .into_iter()
        .filter_map(|(name, kind)| Some(HandleTold::new(kind, text(name)?)))
        .collect::<Vec<_>>();
    let needs = sent.all("needs").filter_map(Need::from_key).collect();
    let details = Details {
        given_names: text("given_names"),
        surname: text("surname"),
        birth_date,
        address: sent.get("address").lines().map(str::to_owned).collect(),
        town: text("town"),
        postcode: text("postcode"),
        language: text("language"),
        needs,
        ..Details::default()
    };
    if handles.is_empty() && details.name().is_none() {
        let message = say.t("people-nothing");
        errors.0.push(FieldError { field: "surname".into(), code: "required".into(), message, arguments: Vec::new() });
    }
    errors.into_result(PersonTold { key: sent.get("key").to_owned(), details, handles })
}
