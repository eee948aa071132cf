//! One person: what is known, why these records are one person, and the way back.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::people::{PersonSeen, Seeing};
use commonweal_domain::{
    FieldErrors, LinkChangeId, LinkEntry, LinkReason, Permission, PersonId, PersonRecord, RecordId,
};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::people::care::{Care, care};
use crate::people::record::{Fact, born, facts, main_record, name};
use crate::people::standing::StandingCards;
use crate::people::timeline;
use crate::people::waterfall::{Step, steps};
use crate::ui::components::{Choice, Choices, Textarea};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::{Page, invalid};
use crate::ui::settled::settled;

#[derive(Template)]
#[template(path = "people/closed.html")]
struct ClosedPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    reason: Textarea,
}

#[derive(Template)]
#[template(path = "people/person.html")]
struct PersonPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    title: String,
    what: String,
    standing: StandingCards,
    line: timeline::Line,
    records: Vec<RecordCard>,
    history: Vec<Entry>,
    /// For whoever may say who is the same person.
    decide: Option<DecideFields>,
    care: Care,
}

struct RecordCard {
    title: String,
    facts: Vec<Fact>,
    why: String,
    steps: Vec<Step>,
}

struct Entry {
    text: String,
    when: String,
    note: String,
    /// The change, where it can be put back.
    change: Option<String>,
}

struct DecideFields {
    /// With one record alone there is nothing to split.
    split: Option<(Choices, Textarea)>,
}

/// Asks why somebody wants to see a person.
async fn closed(visit: &Visit, id: PersonId, errors: Errors) -> WebResult<ClosedPage> {
    let say = l10n::console();
    Ok(ClosedPage {
        frame: visit.frame(errors.headed(say.t("person-closed-head"), say)).await?,
        id: id.to_string(),
        reason: Textarea::new("reason", say.t("person-reason").as_str())
            .hint(say.t("person-reason-hint").as_str())
            .rows(3_u32)
            .error(errors.of("reason")),
        say,
        errors,
    })
}

fn why(entry: &LinkEntry, say: Say) -> String {
    match entry.reason {
        LinkReason::Weight => say.t("person-why-weight"),
        LinkReason::Handle => say.t("person-why-handle"),
        other => other.label().to_owned(),
    }
}

fn card(record: &PersonRecord, seen: &PersonSeen, visit: &Visit, say: Say) -> RecordCard {
    let last = seen.history.iter().rfind(|entry| entry.record == record.id);
    RecordCard {
        title: say.with(
            "person-record",
            &[
                ("source", record.source.as_str().into()),
                ("key", record.source_key.as_str().into()),
                ("at", format::date(record.at, visit.zone()).into()),
            ],
        ),
        facts: facts(record, say),
        why: last.map_or_else(String::new, |entry| why(entry, say)),
        steps: last.and_then(|entry| entry.evidence.as_ref()).map_or_else(Vec::new, |e| steps(e, say)),
    }
}

/// What was ever decided: one line for each change, the newest first.
fn history(seen: &PersonSeen, visit: &Visit) -> Vec<Entry> {
    let may = visit.may(Permission::ManagePeople);
    let mut entries: Vec<Entry> = Vec::new();
    let mut known: Vec<LinkChangeId> = Vec::new();
    for entry in seen.history.iter().rev() {
        if known.contains(&entry.change) {
            continue;
        }
        known.push(entry.change);
        let by_person =
            !matches!(entry.reason, LinkReason::New | LinkReason::Updated | LinkReason::KeptApart | LinkReason::Undone);
        let undone = seen.history.iter().any(|other| other.undoes == Some(entry.change));
        entries.push(Entry {
            text: entry.reason.label().to_owned(),
            when: format::date_time(entry.at, visit.zone()),
            note: entry.note.clone().unwrap_or_default(),
            change: (may && by_person && !undone).then(|| entry.change.to_string()),
        });
    }
    entries
}

async fn opened(visit: &Visit, seen: &PersonSeen, errors: Errors) -> WebResult<PersonPage> {
    let say = l10n::console();
    let title = name(&seen.records);
    let main = main_record(&seen.records);
    let parts = [
        main.and_then(|r| r.details.birth_date).map(|date| say.with("person-born", &[("date", born(date).into())])),
        main.and_then(|r| r.details.postcode.clone()),
        seen.records.first().map(|r| say.with("person-since", &[("at", format::date(r.at, visit.zone()).into())])),
    ];
    let standing = visit.app().standing_of(&visit.actor, seen).await?;
    let decide = visit.may(Permission::ManagePeople).then(|| DecideFields {
        split: (seen.records.len() > 1).then(|| {
            let records = seen.records.iter().map(|r| {
                let hint = name(std::slice::from_ref(r));
                let text = say.with(
                    "person-split-record",
                    &[("source", r.source.as_str().into()), ("name", hint.as_str().into())],
                );
                Choice::new(r.id.to_string(), text.as_str())
            });
            let note = Textarea::new("note", say.t("person-note").as_str()).rows(2_u32).error(errors.of("note"));
            let which = Choices::checkboxes("records", say.t("person-split-which").as_str())
                .items(records)
                .error(errors.of("records"));
            (which, note)
        }),
    });
    Ok(PersonPage {
        frame: visit.frame(errors.headed(say.with("person-head", &[("name", title.as_str().into())]), say)).await?,
        id: seen.id.to_string(),
        what: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        standing: StandingCards::of(visit, seen.id, &standing, say),
        line: timeline::line(visit, seen, say).await?,
        records: seen.records.iter().map(|r| card(r, seen, visit, say)).collect(),
        history: history(seen, visit),
        decide,
        care: care(seen, visit, say),
        title,
        say,
        errors,
    })
}

/// A person, or the question why somebody wants to see them.
pub(crate) async fn show(visit: Visit, Path(id): Path<PersonId>) -> WebResult<Response> {
    match visit.app().person(&visit.actor, id).await? {
        Seeing::Open(seen) => Ok(Page(opened(&visit, &seen, Errors::default()).await?).into_response()),
        Seeing::Moved(to) => {
            Ok(Redirect::to(&with_done(&format!("/people/{to}"), "person-merged-into")).into_response())
        }
        Seeing::Closed => Ok(Page(closed(&visit, id, Errors::default()).await?).into_response()),
    }
}

/// Keeps the reason.
pub(crate) async fn open(visit: Visit, Path(id): Path<PersonId>, sent: Fields) -> WebResult<Response> {
    let outcome = visit.app().open_person(&visit.actor, id, sent.get("reason")).await;
    let again = async |errors| closed(&visit, id, errors).await;
    settled(outcome, (&format!("/people/{id}"), "person-opened"), again).await
}

/// The page again with what is wrong, for whoever may see the person.
pub(super) async fn again(visit: &Visit, id: PersonId, errors: Errors) -> WebResult<Response> {
    match visit.app().person(&visit.actor, id).await? {
        Seeing::Open(seen) => Ok(invalid(opened(visit, &seen, errors).await?)),
        _ => Ok(invalid(closed(visit, id, errors).await?)),
    }
}

/// Takes records out of a person.
pub(crate) async fn split(visit: Visit, Path(id): Path<PersonId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    let records: Vec<RecordId> = sent.all("records").filter_map(|r| r.parse().ok()).collect();
    match visit.app().split_person(&visit.actor, id, &records, sent.get("note")).await {
        Ok(_) => Ok(Redirect::to(&with_done(&format!("/people/{id}"), "person-split")).into_response()),
        Err(e) => again(&visit, id, Errors::of_error(e)?).await,
    }
}

/// Puts a merge or a split back.
pub(crate) async fn undo(visit: Visit, Path(id): Path<PersonId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    let outcome = match sent.get("change").parse::<LinkChangeId>() {
        Ok(change) => visit.app().undo_link(&visit.actor, change).await,
        Err(_) => Err(FieldErrors::one("", "missing", l10n::console().t("person-undo-missing")).into()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&with_done(&format!("/people/{id}"), "person-undone")).into_response()),
        Err(e) => again(&visit, id, Errors::of_error(e)?).await,
    }
}
